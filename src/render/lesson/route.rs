//! Lessons on routes: which way a packet goes, and why.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
