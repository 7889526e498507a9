//! Notes on hops: how many routers a packet passed, and which, in words.

use crate::explain::HopsFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &HopsFacts) {
    match *facts {}
}
