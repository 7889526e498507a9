//! The messages of a handshake (RFC 8446 section 4), one or several in a record, or one over several records.

use super::{ENCRYPTED, MESSAGE, State, certificate, exchange, hello, table};
use crate::dissect::{Cursor, Field, Value};
use crate::limits::Limits;

fields! {
    LENGTH = Field::number("tls.handshake.length", "Length", "How many bytes the message has.").unit("bytes");
    CONTINUES = Field::boolean("tls.handshake.continues", "Continues", "The message ends in a later record: only its beginning is here.");
    BODY = Field::bytes("tls.handshake.body", "Body", "The message's bytes.");
    REST = Field::bytes("tls.handshake.rest", "Rest of the message", "The message began in an earlier record.");
}

/// The type and the length of a message.
const HEADER: usize = 4;

/// Gives the messages of a record; `record_continues` where the rest of the record is in a later segment.
#[expect(clippy::arithmetic_side_effects, reason = "a header was read from what is left, and what is taken away was compared before")]
pub(super) fn describe(cursor: &mut Cursor<'_, '_, '_>, record_continues: bool, state: &mut State) -> Option<()> {
    if state.unfinished > 0 {
        let rest = state.unfinished.min(cursor.left());
        state.unfinished -= rest;
        cursor.part(rest).remainder(&REST)?;
    }
    while !cursor.is_done() {
        let (Some(kind), Some(length)) = (cursor.peek(1), cursor.slice(HEADER).and_then(message_length)) else {
            return cursor.remainder(&BODY);
        };
        let fits = length <= cursor.left() - HEADER;
        let known = table::HANDSHAKE_TYPES.iter().any(|(number, _)| *number == kind);
        // A message that fits nowhere is an encrypted one: the end of a handshake is, and this segment does not show where that began.
        if !known || !fits && length > Limits::HANDSHAKE_BELIEVED {
            state.encrypted = true;
            return cursor.remainder(&ENCRYPTED);
        }
        if !fits {
            state.unfinished = length - (cursor.left() - HEADER);
        }
        cursor.group(&MESSAGE, HEADER + length.min(cursor.left() - HEADER), Value::Number(kind), |cursor| {
            cursor.skip(1)?;
            cursor.number(&LENGTH, 3)?;
            if !fits && !record_continues {
                cursor.worked_out(&CONTINUES, Value::Boolean(true));
            }
            describe_body(cursor, kind)?;
            cursor.remainder(&BODY)
        })?;
    }
    Some(())
}

fn message_length(header: &[u8]) -> Option<usize> {
    let &[_, high, middle, low] = header.first_chunk::<HEADER>()?;
    usize::try_from(u32::from_be_bytes([0, high, middle, low])).ok()
}

fn describe_body(cursor: &mut Cursor<'_, '_, '_>, kind: u64) -> Option<()> {
    match kind {
        1 => hello::describe_client(cursor),
        2 => hello::describe_server(cursor),
        4 => exchange::describe_ticket(cursor),
        11 => certificate::describe(cursor),
        12 => exchange::describe_server_key(cursor),
        _ => Some(()),
    }
}
