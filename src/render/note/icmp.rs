//! Notes on ICMP: what routers and hosts report, in words.

use crate::explain::IcmpFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &IcmpFacts) {
    match *facts {}
}
