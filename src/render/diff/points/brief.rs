//! The one line.

use super::{Compared, Tally};
use crate::render::escape;

/// Appends whether two captures differ, and in what, as one line.
pub fn push_brief(out: &mut Vec<u8>, compared: &Compared<'_>) {
    out.extend_from_slice(b"points: ");
    for (side, title) in compared.titles.into_iter().enumerate() {
        if side == 1 {
            out.extend_from_slice(b" and ");
        }
        escape::push_message(out, title);
    }
    let tally = Tally::of(compared);
    out.extend_from_slice(if tally.differs { b" differ: " } else { b": " });
    tally.push_parts(out, compared);
    tally.push_ignored(out, compared);
    Tally::push_not_compared(out, compared);
    out.push(b'\n');
}
