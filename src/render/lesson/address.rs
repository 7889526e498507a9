//! Lessons on addresses: what kind each is, and where it has no meaning.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
