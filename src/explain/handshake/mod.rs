//! Lessons on how TCP conversations begin and end.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum HandshakeFacts {}

impl Stated for HandshakeFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct HandshakeWatch;

impl Lessons for HandshakeWatch {}
