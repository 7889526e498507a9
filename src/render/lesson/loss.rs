//! Lessons on what TCP sent again, and why it waited.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
