//! Lessons on names: where an address came from.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};
use crate::conversation::Listener;

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum NameFacts {}

impl Stated for NameFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct NameWatch;

impl Lessons for NameWatch {}

impl Listener for NameWatch {}
