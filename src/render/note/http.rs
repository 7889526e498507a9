//! Notes on HTTP: what was asked, what was answered, and what took the time, in words.

use crate::explain::HttpFacts;
use crate::render::sentence::Sentence;

/// Says what a note on this subject states.
pub(super) fn say(_: &mut Sentence<'_>, facts: &HttpFacts) {
    match *facts {}
}
