//! Transport Layer Security: what of it is in clear (RFC 8446, RFC 5246).
//!
//! A segment's records are groups of one layer. What is said of a record holds for this segment alone: nothing is remembered of earlier ones.

mod certificate;
pub mod cipher_suite;
mod der;
mod distinguished_name;
mod exchange;
mod extension;
mod handshake;
mod hello;
pub mod table;
#[cfg(test)]
mod tests;

use crate::dissect::{Cursor, Describe, Field, FieldSink, Next, Protocol, Selector, Stop, Value, Walk, describe_bytes};
use crate::limits::Limits;

/// TLS.
pub static PROTOCOL: Protocol = Protocol {
    name: "tls",
    label: "TLS",
    title: "Transport Layer Security",
    reference: "RFC 8446",
    claims: &[Selector::TcpContent(begins_with_record)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, handshake::FIELDS, hello::FIELDS, extension::FIELDS, exchange::FIELDS, certificate::FIELDS],
};

/// A record with which a side begins to encrypt.
pub const CHANGE_CIPHER_SPEC: u8 = 20;
/// A record that says what went wrong.
pub const ALERT: u8 = 21;
/// A record of the handshake.
pub const HANDSHAKE: u8 = 22;
/// A record of what programs say, encrypted.
pub const APPLICATION_DATA: u8 = 23;
/// A record that asks whether the other side still lives (RFC 6520).
pub const HEARTBEAT: u8 = 24;
/// The type, the version and the length of a record.
pub const RECORD_HEADER: usize = 5;

fields! {
    CONTENT_TYPE = Field::number("tls.record.content_type", "Record", "What the record carries.").names(table::CONTENT_TYPES);
    VERSION = Field::hexadecimal("tls.record.version", "Version", 4, "A version for old equipment on the way; which one is really spoken is agreed on in the hellos.").names(table::VERSIONS);
    LENGTH = Field::number("tls.record.length", "Length", "How many bytes the record carries.").unit("bytes");
    CONTINUES = Field::boolean("tls.record.continues", "Continues", "The record ends in a later segment: only its beginning is here.");
    MESSAGE = Field::number("tls.handshake.type", "Message", "Which step of the handshake this is.").names(table::HANDSHAKE_TYPES);
    CIPHER_CHANGE = Field::group("tls.change_cipher_spec", "Change cipher spec", "From here on the sender encrypts.");
    ALERT_LEVEL = Field::number("tls.alert_message.level", "Level", "Whether the connection can go on.").names(table::ALERT_LEVELS);
    ALERT_DESCRIPTION = Field::number("tls.alert_message.desc", "Alert", "What the sender has to say.").names(table::ALERTS);
    APPLICATION = Field::bytes("tls.app_data", "Encrypted data", "What the programs say, encrypted; from TLS 1.3 on the end of the handshake too.");
    ENCRYPTED = Field::bytes("tls.record.encrypted", "Encrypted", "Bytes that only the two ends can read.");
    BEHIND = Field::bytes("tls.segment.data", "Other bytes", "Bytes behind the records that are none.");
}

/// Gives the fields of a whole message of the handshake, from its type and length on, that need not stand in one record or segment.
pub fn describe_handshake(message: &[u8], sink: &mut dyn FieldSink) {
    describe_bytes(&PROTOCOL, message, sink, |d| {
        let mut cursor = Cursor::new(d, 0, message.len());
        handshake::describe(&mut cursor, false, &mut State::default())
    });
}

/// Whether a type of message is one of the handshake's.
#[must_use]
pub fn is_handshake_type(kind: u8) -> bool {
    table::HANDSHAKE_TYPES.iter().any(|(known, _)| *known == u64::from(kind))
}

/// Whether a segment begins with a record: asked of every segment, so the first bytes decide.
fn begins_with_record(bytes: &[u8]) -> bool {
    let &[kind, 3, 0..=4, high, low, ref content @ ..] = bytes else { return hello::begins_version_2(bytes) };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length == 0 || length > Limits::TLS_RECORD {
        return false;
    }
    match kind {
        CHANGE_CIPHER_SPEC => length == 1 && content.first().is_none_or(|byte| *byte == 1),
        // In clear it is two bytes; encrypted, at least an authentication code longer.
        ALERT => (length == 2 && content.first().is_none_or(|level| matches!(level, 1 | 2))) || length >= 18,
        HANDSHAKE => length >= 4,
        APPLICATION_DATA => length >= 16,
        HEARTBEAT => length >= 3,
        _ => false,
    }
}

fn dissect(_: &mut Walk<'_>) -> Result<Next, Stop> {
    Ok(Next::Nothing)
}

/// What one record's description leaves for the next one in the same segment.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Whether the sender encrypts: it has changed its cipher.
    encrypted: bool,
    /// How many bytes of the last handshake message are still to come.
    unfinished: usize,
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let wire_length = d.view.wire_length();
    let mut cursor = Cursor::new(d, 0, wire_length);
    if hello::begins_version_2(cursor.rest()) {
        hello::describe_version_2(&mut cursor)?;
    }
    let mut state = State::default();
    while !cursor.is_done() {
        if !continues_with_record(cursor.rest()) {
            return cursor.remainder(&BEHIND);
        }
        let &[kind, _, _, high, low, ..] = cursor.rest() else { return cursor.remainder(&BEHIND) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let end = cursor.at().saturating_add(RECORD_HEADER).saturating_add(length);
        // What the capture cut is not said to continue: it may well have been here.
        let continues = end > wire_length;
        cursor.group(&CONTENT_TYPE, RECORD_HEADER + length, Value::Number(u64::from(kind)), |cursor| {
            cursor.skip(1)?;
            cursor.number(&VERSION, 2)?;
            cursor.number(&LENGTH, 2)?;
            if continues {
                cursor.worked_out(&CONTINUES, Value::Boolean(true));
            }
            describe_content(cursor, kind, length, continues, &mut state)
        })?;
    }
    Some(())
}

/// Whether what follows a record is another one, as far as it goes.
fn continues_with_record(bytes: &[u8]) -> bool {
    match *bytes {
        [kind, major, minor, ..] => (CHANGE_CIPHER_SPEC..=HEARTBEAT).contains(&kind) && major == 3 && minor <= 4,
        [kind, ..] => (CHANGE_CIPHER_SPEC..=HEARTBEAT).contains(&kind),
        [] => false,
    }
}

fn describe_content(cursor: &mut Cursor<'_, '_, '_>, kind: u8, length: usize, continues: bool, state: &mut State) -> Option<()> {
    match kind {
        CHANGE_CIPHER_SPEC if length == 1 => {
            state.encrypted = true;
            cursor.value(&CIPHER_CHANGE, 1, Value::Present)
        }
        ALERT if length == 2 => {
            cursor.number(&ALERT_LEVEL, 1)?;
            cursor.number(&ALERT_DESCRIPTION, 1)?;
            Some(())
        }
        HANDSHAKE if !state.encrypted => handshake::describe(cursor, continues, state),
        APPLICATION_DATA => cursor.remainder(&APPLICATION),
        _ => cursor.remainder(&ENCRYPTED),
    }
}
