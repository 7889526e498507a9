//! Lessons on subnets: who is on which network, and who disagrees.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
