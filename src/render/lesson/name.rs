//! Lessons on names: where an address came from.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
