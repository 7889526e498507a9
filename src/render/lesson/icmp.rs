//! Lessons on ICMP: what routers and hosts report.

use super::Lesson;

/// The lessons.
pub(super) static LESSONS: &[Lesson] = &[];
