//! Notes on addresses: what kind each is, and where it has no meaning, in words.

use crate::explain::AddressFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &AddressFacts) {
    match *facts {}
}
