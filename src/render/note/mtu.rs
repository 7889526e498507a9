//! Notes on packet sizes: what fits, what was cut, and what vanished because it did not fit, in words.

use crate::explain::MtuFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &MtuFacts) {
    match *facts {}
}
