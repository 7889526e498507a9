//! Lessons on what TCP sent again, and why it waited.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};
use crate::conversation::Listener;

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum LossFacts {}

impl Stated for LossFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct LossWatch;

impl Lessons for LossWatch {}

impl Listener for LossWatch {}
