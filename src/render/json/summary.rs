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
    /// Notes that were never made, for there were too many of their rules.
    pub notes_left_out: u64,
    /// How often explanations had no room for something new.
    pub forgotten: u64,
    /// The first frame that does not say its conversation, for there were too many of them.
    pub unnumbered_from: Option<u64>,
}

/// Appends what the limits cut off, as a member `limits`: each with its number. Nothing where they cut off nothing.
pub(in crate::render) fn push_limits(out: &mut Vec<u8>, limits: &[(&str, u64)]) {
    let mut before: &[u8] = b",\"limits\":{\"";
    for (name, number) in limits.iter().filter(|(_, number)| *number > 0) {
        out.extend_from_slice(before);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        push_decimal(out, *number);
        before = b",\"";
    }
    if limits.iter().any(|(_, number)| *number > 0) {
        out.push(b'}');
    }
}

/// Appends the summary of a run: how many frames were read, how many passed the filter, what a live source counted, what the limits cut off,
/// and what is to be said of all of them.
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
    let unnumbered_from = totals.unnumbered_from.unwrap_or_default();
    push_limits(out, &[("notes", totals.notes_left_out), ("forgotten", totals.forgotten), ("unnumbered_from", unnumbered_from)]);
    out.extend_from_slice(b",\"notes\":");
    note::push_json_array(out, notes, names);
    out.extend_from_slice(b"}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_limits_cut_off_is_told_and_nothing_where_they_did_not() {
        let told = |totals: Totals| {
            let mut out = Vec::new();
            push_summary(&mut out, &totals, &[], &Names::default());
            String::from_utf8(out).expect("text")
        };
        let totals = Totals { read: 9, shown: 8, ..Totals::default() };
        assert_eq!(told(totals), "{\"type\":\"summary\",\"frames\":9,\"shown\":8,\"notes\":[]}\n");
        let cut = Totals { notes_left_out: 3, unnumbered_from: Some(7), ..totals };
        let limits = "\"limits\":{\"notes\":3,\"unnumbered_from\":7}";
        assert_eq!(told(cut), format!("{{\"type\":\"summary\",\"frames\":9,\"shown\":8,{limits},\"notes\":[]}}\n"));
    }
}
