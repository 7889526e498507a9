//! Lessons on HTTP: what was asked, what was answered, and what took the time.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
