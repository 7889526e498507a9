//! Handshake messages (RFC 8446 section 4, RFC 5246 section 7.4).

use super::{certificate, extension, names};
use crate::dissect::{Describe, Field, Value};

const CLIENT_HELLO: u64 = 1;
const SERVER_HELLO: u64 = 2;
const CERTIFICATE: u64 = 11;

const TYPES: &[(u64, &str)] = &[
    (0, "Hello Request"),
    (CLIENT_HELLO, "Client Hello"),
    (SERVER_HELLO, "Server Hello"),
    (3, "Hello Verify Request"),
    (4, "New Session Ticket"),
    (5, "End of Early Data"),
    (8, "Encrypted Extensions"),
    (CERTIFICATE, "Certificate"),
    (12, "Server Key Exchange"),
    (13, "Certificate Request"),
    (14, "Server Hello Done"),
    (15, "Certificate Verify"),
    (16, "Client Key Exchange"),
    (20, "Finished"),
    (21, "Certificate URL"),
    (22, "Certificate Status"),
    (23, "Supplemental Data"),
    (24, "Key Update"),
    (25, "Compressed Certificate"),
    (67, "Next Protocol"),
];

/// No message is longer in practice: what says so is protected, and its first bytes are no header.
const LONGEST_MESSAGE: u64 = 1 << 18;

fields! {
    TYPE = Field::number("tls.handshake.type", "Handshake", "What the message is for.").names(TYPES);
    LENGTH = Field::number("tls.handshake.length", "Length", "How long the message is.").unit("bytes");
    VERSION = Field::hexadecimal("tls.handshake.version", "Version", 4, "The version up to TLS 1.2; since 1.3 an extension tells it, and this stays at 1.2.").names(names::VERSIONS);
    RANDOM = Field::bytes("tls.handshake.random", "Random", "Numbers that make this handshake unlike every other.");
    SESSION_ID = Field::bytes("tls.handshake.session_id", "Session id", "An earlier session that could be resumed; since 1.3 only for the sake of machines on the way.");
    CIPHER_SUITE = Field::hexadecimal("tls.handshake.ciphersuite", "Cipher suite", 4, "How keys are agreed on and data is protected: offered by the client, chosen by the server.").names(names::CIPHER_SUITES).named_by(names::grease);
    COMPRESSION = Field::number("tls.handshake.comp_method", "Compression", "0 for none: all else was found to leak.");
    CERTIFICATES_LENGTH = Field::number("tls.handshake.certificates_length", "Certificates length", "How long the chain of certificates is.").unit("bytes");
}

/// Whether the bytes of a record begin with a message that can be read.
pub(super) fn is_clear(bytes: &[u8]) -> bool {
    match *bytes {
        [kind, a, b, c, ..] => {
            let length = u64::from(a) << 16 | u64::from(b) << 8 | u64::from(c);
            length < LONGEST_MESSAGE && TYPES.iter().any(|(number, _)| *number == u64::from(kind))
        }
        _ => false,
    }
}

/// Gives the messages between `from` and `to`. A message may go on in the next record: then it is shown as far as it is here.
pub(super) fn describe(d: &mut Describe<'_, '_>, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at < to {
        if !is_clear(d.slice(at, to - at)?) {
            return None;
        }
        let kind = d.peek(at, 1)?;
        let length = usize::try_from(d.peek(at + 1, 3)?).ok()?;
        let end = (at + 4 + length).min(to);
        d.open(&TYPE, at, end - at, Value::Number(kind));
        let whole = describe_message(d, kind, at, end);
        d.close();
        whole?;
        at += 4 + length;
    }
    Some(())
}

fn describe_message(d: &mut Describe<'_, '_>, kind: u64, at: usize, end: usize) -> Option<()> {
    d.number(&LENGTH, at + 1, 3)?;
    let body = at + 4;
    match kind {
        CLIENT_HELLO | SERVER_HELLO => describe_hello(d, kind, body, end),
        CERTIFICATE => {
            d.number(&CERTIFICATES_LENGTH, body, 3)?;
            certificate::describe_chain(d, body + 3, end)
        }
        _ => Some(()),
    }
}

fn describe_hello(d: &mut Describe<'_, '_>, kind: u64, body: usize, end: usize) -> Option<()> {
    d.number(&VERSION, body, 2)?;
    d.bytes(&RANDOM, body + 2, 32)?;
    let session_length = usize::try_from(d.peek(body + 34, 1)?).ok()?;
    let mut at = body + 35;
    if session_length > 0 {
        d.bytes(&SESSION_ID, at, session_length)?;
    }
    at += session_length;
    if kind == CLIENT_HELLO {
        let suites = usize::try_from(d.peek(at, 2)?).ok()?;
        for suite in (at + 2..at + 2 + suites).step_by(2) {
            d.number(&CIPHER_SUITE, suite, 2)?;
        }
        at += 2 + suites;
        let methods = usize::try_from(d.peek(at, 1)?).ok()?;
        for method in at + 1..at + 1 + methods {
            d.number(&COMPRESSION, method, 1)?;
        }
        at += 1 + methods;
    } else {
        d.number(&CIPHER_SUITE, at, 2)?;
        d.number(&COMPRESSION, at + 2, 1)?;
        at += 3;
    }
    // Extensions may be missing altogether in a hello of old.
    if at + 2 > end {
        return Some(());
    }
    let length = usize::try_from(d.peek(at, 2)?).ok()?;
    extension::describe_list(d, kind == CLIENT_HELLO, at + 2, (at + 2 + length).min(end))
}
