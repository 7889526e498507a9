//! Lessons on characters: what bytes stand for, and where that goes wrong.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};
use crate::conversation::Listener;

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum EncodingFacts {}

impl Stated for EncodingFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct EncodingWatch;

impl Lessons for EncodingWatch {}

impl Listener for EncodingWatch {}
