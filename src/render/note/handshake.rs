//! Notes on how TCP conversations begin and end, in words.

use crate::explain::HandshakeFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &HandshakeFacts) {
    match *facts {}
}
