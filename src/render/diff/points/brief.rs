//! The one line.

use super::{Compared, Tally};
use crate::render::escape;

/// Appends whether two captures differ, and in what, as one line.
pub fn push_brief(out: &mut Vec<u8>, compared: &Compared<'_>) {
    for (side, title) in compared.titles.into_iter().enumerate() {
        if side == 1 {
            out.extend_from_slice(b" and ");
        }
        escape::push_message(out, title);
    }
    out.extend_from_slice(b", points: ");
    Tally::of(compared).push_verdict(out, compared);
    out.push(b'\n');
}
