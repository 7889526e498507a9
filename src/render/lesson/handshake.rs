//! Lessons on how TCP conversations begin and end.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
