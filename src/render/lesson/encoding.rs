//! Lessons on characters: what bytes stand for, and where that goes wrong.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
