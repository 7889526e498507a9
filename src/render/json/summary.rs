//! The last line: what the whole capture came to.

use super::super::note;
use super::super::number::push_decimal;
use crate::conversation::Names;
use crate::explain::Note;

/// Appends the summary of a run: how many frames were read, how many passed the filter, and what is to be said of all of them.
pub fn push_summary(out: &mut Vec<u8>, read: u64, shown: u64, notes: &[Note], names: &Names) {
    out.extend_from_slice(b"{\"type\":\"summary\",\"frames\":");
    push_decimal(out, read);
    out.extend_from_slice(b",\"shown\":");
    push_decimal(out, shown);
    out.extend_from_slice(b",\"notes\":");
    note::push_json_array(out, notes, names);
    out.extend_from_slice(b"}\n");
}
