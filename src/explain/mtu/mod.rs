//! Lessons on packet sizes: what fits, what was cut, and what vanished because it did not fit.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum MtuFacts {}

impl Stated for MtuFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct MtuWatch;

impl Lessons for MtuWatch {}
