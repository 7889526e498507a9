//! Lessons on ICMP: what routers and hosts report.

use super::scene::Lessons;
use super::{Rule, Stated, Tell};

/// The rules.
pub(super) static RULES: &[&Rule] = &[];

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum IcmpFacts {}

impl Stated for IcmpFacts {
    fn rule(&self) -> &'static Rule {
        match *self {}
    }

    fn members(&self, _: &mut Tell<'_>) {
        match *self {}
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct IcmpWatch;

impl Lessons for IcmpWatch {}
