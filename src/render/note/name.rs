//! Notes on names: where an address came from, in words.

use crate::explain::NameFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &NameFacts) {
    match *facts {}
}
