//! Notes on what is an artefact of where and how the capture was made, in words.

use crate::explain::CaptureFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &CaptureFacts) {
    match *facts {}
}
