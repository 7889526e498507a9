//! Notes on subnets: who is on which network, and who disagrees, in words.

use crate::explain::SubnetFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &SubnetFacts) {
    match *facts {}
}
