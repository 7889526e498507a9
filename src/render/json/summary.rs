//! The last line: what the whole capture came to.

use super::super::note;
use super::super::number::push_decimal;
use crate::conversation::Names;
use crate::explain::Note;
use crate::source::live::Counters;

/// How many frames a run had.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Frames that were read.
    pub read: u64,
    /// Those of them that passed the filter.
    pub shown: u64,
    /// What was counted, where frames came from live interfaces: of those received some were dropped, and the others were read.
    pub counted: Option<Counters>,
}

/// Appends the summary of a run: how many frames were read, how many passed the filter, what a live source counted, and what is to be said of
/// all of them.
pub fn push_summary(out: &mut Vec<u8>, totals: &Totals, notes: &[Note], names: &Names) {
    let mut number = |key: &[u8], number| {
        out.extend_from_slice(key);
        push_decimal(out, number);
    };
    number(b"{\"type\":\"summary\",\"frames\":", totals.read);
    number(b",\"shown\":", totals.shown);
    if let Some(counted) = &totals.counted {
        number(b",\"captured\":", totals.shown);
        number(b",\"received\":", counted.received);
        number(b",\"dropped\":", counted.dropped);
    }
    out.extend_from_slice(b",\"notes\":");
    note::push_json_array(out, notes, names);
    out.extend_from_slice(b"}\n");
}
