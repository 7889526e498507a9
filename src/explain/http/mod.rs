//! Lessons on HTTP: what was asked, what was answered, and what took the time.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};
use crate::conversation::Listener;

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum HttpFacts {}

impl Stated for HttpFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct HttpWatch;

impl Lessons for HttpWatch {}

impl Listener for HttpWatch {}
