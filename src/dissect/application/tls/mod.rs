//! TLS records and what of the handshake is in clear (RFC 8446, RFC 5246), as far as one segment shows it.

mod certificate;
mod extension;
mod handshake;
mod names;

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// TLS.
pub static PROTOCOL: Protocol = Protocol {
    name: "tls",
    label: "TLS",
    title: "Transport Layer Security",
    reference: "RFC 8446",
    claims: &[Selector::TcpContent(begins_record)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, handshake::FIELDS, extension::FIELDS, certificate::FIELDS],
};

const CHANGE_CIPHER_SPEC: u64 = 20;
const ALERT: u64 = 21;
const HANDSHAKE: u64 = 22;
const APPLICATION_DATA: u64 = 23;

const CONTENT_TYPES: &[(u64, &str)] = &[
    (CHANGE_CIPHER_SPEC, "Change Cipher Spec"),
    (ALERT, "Alert"),
    (HANDSHAKE, "Handshake"),
    (APPLICATION_DATA, "Application Data"),
    (24, "Heartbeat"),
];
const ALERT_LEVELS: &[(u64, &str)] = &[(1, "warning"), (2, "fatal")];
/// RFC 8446 section 6 and the registry of alerts.
const ALERTS: &[(u64, &str)] = &[
    (0, "close notify"),
    (10, "unexpected message"),
    (20, "bad record MAC"),
    (21, "decryption failed"),
    (22, "record overflow"),
    (30, "decompression failure"),
    (40, "handshake failure"),
    (41, "no certificate"),
    (42, "bad certificate"),
    (43, "unsupported certificate"),
    (44, "certificate revoked"),
    (45, "certificate expired"),
    (46, "certificate unknown"),
    (47, "illegal parameter"),
    (48, "unknown certificate authority"),
    (49, "access denied"),
    (50, "decode error"),
    (51, "decrypt error"),
    (70, "protocol version"),
    (71, "insufficient security"),
    (80, "internal error"),
    (86, "inappropriate fallback"),
    (90, "user canceled"),
    (100, "no renegotiation"),
    (109, "missing extension"),
    (110, "unsupported extension"),
    (112, "unrecognized name"),
    (113, "bad certificate status response"),
    (115, "unknown PSK identity"),
    (116, "certificate required"),
    (120, "no application protocol"),
    (121, "ECH required"),
];

/// The most a record may hold: 2^14 bytes, and 2048 for what protects them (RFC 5246 section 6.2.3).
const LONGEST_RECORD: u16 = 16_384 + 2_048;

fields! {
    RECORD = Field::group("tls.record", "Record", "A piece of the stream, as TLS cuts it.");
    CONTENT_TYPE = Field::number("tls.record.content_type", "Content type", "What the record holds; once both sides have keys, all looks like application data.").names(CONTENT_TYPES);
    VERSION = Field::hexadecimal("tls.record.version", "Version", 4, "Kept at TLS 1.2 or older for the sake of machines on the way; the handshake tells the version in use.").names(names::VERSIONS);
    LENGTH = Field::number("tls.record.length", "Length", "How many bytes the record holds.").unit("bytes");
    CONTINUES = Field::boolean("tls.record.continues", "Continues", "The record ends in a later segment: only its beginning is here.");
    ALERT_LEVEL = Field::number("tls.alert_message.level", "Level", "How serious the alert is; a fatal one ends the connection.").names(ALERT_LEVELS);
    ALERT_DESCRIPTION = Field::number("tls.alert_message.desc", "Alert", "What its sender has to complain of.").names(ALERTS);
    ENCRYPTED = Field::number("tls.record.protected_length", "Protected", "Bytes that only the two ends can read.").unit("bytes");
}

/// Whether a segment begins with a record.
fn begins_record(bytes: &[u8]) -> bool {
    match bytes {
        &[20..=24, 3, 0..=4, high, low, ..] => (1..=LONGEST_RECORD).contains(&u16::from_be_bytes([high, low])),
        _ => false,
    }
}

fn dissect(_: &mut Walk<'_>) -> Result<Next, Stop> {
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let mut at = 0;
    // Once one side has changed to keys, its handshake records are no longer in clear.
    let mut protected = false;
    while begins_record(d.view.bytes().get(at..)?) {
        let kind = d.peek(at, 1)?;
        let length = usize::try_from(d.peek(at + 3, 2)?).ok()?;
        let there = length.min(d.view.bytes().len().saturating_sub(at + 5));
        d.open(&RECORD, at, 5 + there, Value::Present);
        let whole = describe_record(d, at, kind, length, there, protected);
        d.close();
        whole?;
        protected |= kind == CHANGE_CIPHER_SPEC;
        at += 5 + length;
    }
    Some(())
}

fn describe_record(d: &mut Describe<'_, '_>, at: usize, kind: u64, length: usize, there: usize, protected: bool) -> Option<()> {
    d.number(&CONTENT_TYPE, at, 1)?;
    d.number(&VERSION, at + 1, 2)?;
    d.number(&LENGTH, at + 3, 2)?;
    let (from, to) = (at + 5, at + 5 + there);
    if kind == HANDSHAKE && !protected && handshake::is_clear(d.slice(from, there)?) {
        // What a message lacks is in a later segment: its beginning stands, and so do the records behind it.
        let _cut_here = handshake::describe(d, from, to);
    } else if kind == ALERT && length == 2 && there == 2 {
        d.number(&ALERT_LEVEL, from, 1)?;
        d.number(&ALERT_DESCRIPTION, from + 1, 1)?;
    } else if kind != CHANGE_CIPHER_SPEC {
        d.value(&ENCRYPTED, from, there, Value::Number(length as u64));
    }
    if there < length {
        d.value(&CONTINUES, from, there, Value::Boolean(true));
    }
    Some(())
}

#[cfg(test)]
mod tests;
