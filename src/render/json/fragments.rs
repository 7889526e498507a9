//! A fragment's place in its datagram, as JSON.

use super::push_array;
use crate::explain::defect_word;
use crate::reassembly::fragments::{Fragment, Outcome, Reassembled};
use crate::render::number::push_decimal;

/// Appends `"fragment":{..}`: which bytes of which datagram, and what became of it.
pub(super) fn push(out: &mut Vec<u8>, frame: u64, fragment: &Fragment) {
    out.extend_from_slice(b"\"fragment\":{\"datagram\":");
    push_decimal(out, fragment.datagram);
    let member = |out: &mut Vec<u8>, name: &str, number: u64| {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        push_decimal(out, number);
    };
    member(out, "offset", fragment.range.start.into());
    member(out, "length", u64::from(fragment.range.end.saturating_sub(fragment.range.start)));
    if let Some(total) = fragment.total {
        member(out, "of", total.into());
    }
    if let Some((number, fragments)) = fragment.place(frame) {
        member(out, "number", number as u64);
        member(out, "fragments", fragments as u64);
    }
    if let Some(whole) = &fragment.whole {
        member(out, "whole_in", whole.completed_in);
    }
    out.extend_from_slice(b",\"outcome\":\"");
    out.extend_from_slice(match fragment.outcome {
        Outcome::Waits if fragment.whole.is_some() => b"used",
        Outcome::Waits => b"waits",
        Outcome::Completes => b"completes",
        Outcome::Again => b"again",
        Outcome::Dropped => b"dropped",
        Outcome::Refused(_) => b"refused",
    });
    out.push(b'"');
    if let Outcome::Refused(defect) = fragment.outcome {
        out.extend_from_slice(b",\"why\":\"");
        out.extend_from_slice(defect_word(defect).as_bytes());
        out.push(b'"');
    }
    if fragment.same > 0 {
        member(out, "same", fragment.same.into());
    }
    if fragment.different > 0 {
        member(out, "different", fragment.different.into());
    }
    if let Some(rival) = fragment.rival {
        member(out, "rival", rival);
    }
    out.push(b'}');
}

/// Appends the beginning of `,"reassembled":{..}`, up to its layers.
pub(super) fn push_opening(out: &mut Vec<u8>, whole: &Reassembled) {
    out.extend_from_slice(b",\"reassembled\":{\"kind\":\"fragments\"");
    push_array(out, b",\"frames\":[", &mut whole.frames.iter().copied(), push_decimal);
    out.extend_from_slice(b",\"length\":");
    push_decimal(out, whole.length() as u64);
}
