//! Payloads that differ: where they begin to, and a few bytes of both from there.

use super::Compared;
use crate::diff::{PacketField, Value};
use crate::render::escape;
use crate::render::number::push_hex_byte;
use crate::render::sentence::Sentence;
use std::collections::{BTreeMap, BTreeSet};

/// How many bytes of a payload are shown.
const SHOWN: usize = 16;
/// Of how many pairs of packets bytes are compared.
const PAIRS: usize = 64;

/// Where two payloads begin to differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// After how many bytes.
    pub offset: u64,
    /// A few bytes from there on, left and right.
    pub bytes: [Vec<u8>; 2],
}

impl Excerpt {
    /// Compares two payloads; `None` where they are the same.
    #[must_use]
    pub fn of(payloads: [&[u8]; 2]) -> Option<Self> {
        let [left, right] = payloads;
        let offset = left.iter().zip(right).position(|(left, right)| left != right);
        // One may be the beginning of the other.
        let offset = offset.or((left.len() != right.len()).then_some(left.len().min(right.len())))?;
        let from = |payload: &[u8]| payload.get(offset..).unwrap_or_default().iter().copied().take(SHOWN).collect();
        Some(Self { offset: offset as u64, bytes: [from(left), from(right)] })
    }
}

/// Excerpts, by the frames left and right that hold the payloads.
pub type Excerpts = BTreeMap<[u64; 2], Excerpt>;

/// The frames, left and right, whose payloads have to be read again to say where they differ.
#[must_use]
pub fn wanted(compared: &Compared<'_>) -> BTreeSet<[u64; 2]> {
    let changes = compared.hop.changes.iter().filter(|change| {
        change.field == PacketField::Payload
            && matches!(change.values, [Value::Bytes { .. }, Value::Bytes { .. }])
            && compared.selection.counts_field(change.field, change.cause)
    });
    changes.filter_map(|change| Some([*change.frames[0].first()?, *change.frames[1].first()?])).take(PAIRS).collect()
}

/// Appends a side of an excerpt: `from byte 17: 41 42 "AB"`.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, excerpt: &Excerpt, side: usize) {
    if excerpt.bytes[side].is_empty() {
        return out.extend_from_slice(b", which end there");
    }
    write!(Sentence::new(out, compared.names[side]), ", from byte {}:", excerpt.offset);
    for byte in &excerpt.bytes[side] {
        out.push(b' ');
        push_hex_byte(out, *byte);
    }
    out.extend_from_slice(b" \"");
    escape::push_text(out, &excerpt.bytes[side]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_begins_where_payloads_differ() {
        let excerpt = Excerpt::of([b"GET /a HTTP/1.1 and so on, for long", b"GET /b"]).unwrap();
        assert_eq!((excerpt.offset, &excerpt.bytes), (5, &[b"a HTTP/1.1 and s".to_vec(), b"b".to_vec()]));
        assert_eq!(Excerpt::of([b"GET", b"GET /"]), Some(Excerpt { offset: 3, bytes: [vec![], b" /".to_vec()] }));
        assert_eq!(Excerpt::of([b"GET", b"GET"]), None);
    }
}
