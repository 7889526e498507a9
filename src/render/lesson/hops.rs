//! Lessons on hops: how many routers a packet passed, and which.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
