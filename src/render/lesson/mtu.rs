//! Lessons on packet sizes: what fits, what was cut, and what vanished because it did not fit.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
