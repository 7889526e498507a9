//! Notes on characters: what bytes stand for, and where that goes wrong, in words.

use crate::explain::EncodingFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &EncodingFacts) {
    match *facts {}
}
