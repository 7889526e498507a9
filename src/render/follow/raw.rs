//! The bytes alone. What is missing is left out, and told beside them.

use super::text::shows;
use super::words::{Whose, push_end, push_missing, push_versions, said};
use crate::conversation::Side;
use crate::reassembly::{Overlap, Piece};
use crate::render::number::push_decimal;

/// Writes the bytes of both sides in the order in which they were said, or of one side.
#[derive(Clone, Copy, Debug)]
pub struct RawForm {
    only: Option<Side>,
}

impl RawForm {
    /// A form of both sides or only of one.
    #[must_use]
    pub const fn new(only: Option<Side>) -> Self {
        Self { only }
    }

    /// Appends the bytes of a piece; of a gap, what is to be said about it is returned.
    pub fn piece(&self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, piece: &Piece<'_>) -> Option<String> {
        if !shows(self.only, from) {
            return None;
        }
        match *piece {
            Piece::Data { bytes, .. } => out.extend_from_slice(bytes),
            Piece::Gap { offset, length, origin } => {
                let mut message = Vec::new();
                push_end(&mut message, whose, from);
                said(&mut message, ", at byte ");
                push_decimal(&mut message, offset);
                said(&mut message, ": ");
                push_missing(&mut message, length, origin);
                said(&mut message, "; nothing stands in their place");
                return Some(String::from_utf8_lossy(&message).into_owned());
            }
            Piece::End { .. } => {}
        }
        None
    }

    /// What is to be said about bytes that came again as others.
    #[must_use]
    pub fn overlap(&self, whose: Whose<'_>, from: Side, overlap: &Overlap<'_>) -> Option<String> {
        (!overlap.is_same() && shows(self.only, from)).then(|| {
            let mut message = Vec::new();
            push_end(&mut message, whose, from);
            said(&mut message, ": ");
            push_versions(&mut message, overlap);
            String::from_utf8_lossy(&message).into_owned()
        })
    }

    /// Appends the bytes of a datagram.
    pub fn datagram(&self, out: &mut Vec<u8>, from: Side, payload: &[u8]) {
        if shows(self.only, from) {
            out.extend_from_slice(payload);
        }
    }
}
