//! Notes on routes: which way a packet goes, and why, in words.

use crate::explain::RouteFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &RouteFacts) {
    match *facts {}
}
