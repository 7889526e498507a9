//! Lessons on what is an artefact of where and how the capture was made.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum CaptureFacts {}

impl Stated for CaptureFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct CaptureWatch;

impl Lessons for CaptureWatch {}
