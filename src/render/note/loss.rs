//! Notes on what TCP sent again, and why it waited, in words.

use crate::explain::LossFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &LossFacts) {
    match *facts {}
}
