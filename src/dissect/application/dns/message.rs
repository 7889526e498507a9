//! What every part of a message needs: its bytes, which names point into, and what is wrong with it.

use super::name::{Flaw, Name};
use crate::dissect::{Cursor, Field, Value};

fields! {
    PROBLEM = Field::text("dns.problem", "Problem", "What is wrong with the message; what could be read is shown all the same.").in_line();
}

/// A message, from its header on.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    /// Its bytes, as far as this frame has them.
    pub(super) bytes: &'a [u8],
    /// The offset in the layer of its first byte.
    pub(super) start: usize,
    /// Whether all of it is in this frame: then what ends early is wrong, and not just continued elsewhere.
    pub(super) complete: bool,
    /// Whether it is multicast DNS: the top bit of a class is a flag there (RFC 6762 sections 5.4 and 10.2).
    pub(super) multicast: bool,
}

impl<'a> Message<'a> {
    /// The name at the cursor. It may point back to anything before it, but does not reach beyond the part.
    pub(super) fn read_name(&self, cursor: &Cursor<'_, 'a, '_>) -> Name {
        let end = cursor.end().saturating_sub(self.start).min(self.bytes.len());
        Name::read(self.bytes.get(..end).unwrap_or_default(), cursor.at().saturating_sub(self.start))
    }

    /// Gives the name at the cursor.
    pub(super) fn name(&self, cursor: &mut Cursor<'_, 'a, '_>, field: &'static Field) -> Option<()> {
        let name = self.read_name(cursor);
        if name.length == 0 {
            return None;
        }
        cursor.value(field, name.length, Value::Text(name.text()))?;
        self.check(cursor, name.flaw)
    }

    /// Says what is wrong with a name, unless the rest of it is only elsewhere.
    pub(super) fn check(&self, cursor: &mut Cursor<'_, 'a, '_>, flaw: Option<Flaw>) -> Option<()> {
        let Some(flaw) = flaw else { return Some(()) };
        if flaw != Flaw::Ended || self.complete {
            problem(cursor, flaw.text());
        }
        None
    }
}

/// Says what is wrong with a message.
pub(super) fn problem(cursor: &mut Cursor<'_, '_, '_>, text: &'static str) {
    cursor.worked_out(&PROBLEM, Value::Text(text.as_bytes()));
}
