//! The hellos, in which both sides agree on what to speak (RFC 8446 sections 4.1.2 and 4.1.3).

use super::{CONTENT_TYPE, HANDSHAKE, LENGTH, MESSAGE, cipher_suite, extension, table};
use crate::dissect::{Cursor, Field, Value};

/// The random of a server hello that only asks for another client hello (RFC 8446 section 4.1.3): the SHA-256 of "HelloRetryRequest".
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
    0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

fields! {
    VERSION = Field::hexadecimal("tls.handshake.version", "Version", 4, "The highest version that the sender speaks, or the one that the server chose; from TLS 1.3 on an extension says it instead.").names(table::VERSIONS).named_by(table::draft_version);
    RANDOM = Field::bytes("tls.handshake.random", "Random", "Random bytes from which, with others, the keys are made.");
    RETRY_REQUEST = Field::boolean("tls.handshake.hello_retry", "Asks for another hello", "The server would go on, but with another key exchange than the client guessed.");
    SESSION_LENGTH = Field::number("tls.handshake.session_id_length", "Session ID length", "How many bytes the session's ID has.").unit("bytes");
    SESSION = Field::bytes("tls.handshake.session_id", "Session ID", "A session that both sides may remember, to save exchanging keys again.");
    CIPHER_SUITES_LENGTH = Field::number("tls.handshake.cipher_suites_length", "Cipher suites length", "How many bytes of cipher suites follow.").unit("bytes");
    CIPHER_SUITE = Field::hexadecimal("tls.handshake.ciphersuite", "Cipher suite", 4, "A way to encrypt: in a client's hello what it offers, in a server's what it chose.").names(cipher_suite::NAMES).named_by(table::grease);
    COMPRESSIONS_LENGTH = Field::number("tls.handshake.comp_methods_length", "Compression methods length", "How many compression methods follow.").unit("bytes");
    COMPRESSION = Field::number("tls.handshake.comp_method", "Compression method", "How data are compressed: not at all, since that betrays what is encrypted.").names(&[(0, "none"), (1, "deflate"), (64, "LZS")]);
    CIPHER_SPECS_LENGTH = Field::number("tls.handshake.cipher_spec_len", "Cipher specs length", "How many bytes of cipher specs follow.").unit("bytes");
    CIPHER_SPEC = Field::hexadecimal("tls.handshake.cipherspec", "Cipher spec", 6, "A way to encrypt that the client offers, in the notation of SSL 2.0.").names(cipher_suite::NAMES);
    CHALLENGE_LENGTH = Field::number("tls.handshake.challenge_length", "Challenge length", "How many bytes of challenge follow.").unit("bytes");
    CHALLENGE = Field::bytes("tls.handshake.challenge", "Challenge", "Random bytes from which, with others, the keys are made.");
}

/// Gives a client's hello.
pub(super) fn describe_client(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&VERSION, 2)?;
    cursor.bytes(&RANDOM, 32)?;
    describe_session(cursor)?;
    let length = cursor.length(&CIPHER_SUITES_LENGTH, 2)?;
    let mut suites = cursor.part(length);
    while suites.left() >= 2 {
        suites.number(&CIPHER_SUITE, 2)?;
    }
    let length = cursor.length(&COMPRESSIONS_LENGTH, 1)?;
    for _ in 0..length {
        cursor.number(&COMPRESSION, 1)?;
    }
    extension::describe_list(cursor, extension::Message::ClientHello)
}

/// Gives a server's hello.
pub(super) fn describe_server(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&VERSION, 2)?;
    let random = cursor.bytes(&RANDOM, 32)?;
    let message = if *random == RETRY {
        cursor.worked_out(&RETRY_REQUEST, Value::Boolean(true));
        extension::Message::HelloRetryRequest
    } else {
        extension::Message::ServerHello
    };
    describe_session(cursor)?;
    cursor.number(&CIPHER_SUITE, 2)?;
    cursor.number(&COMPRESSION, 1)?;
    extension::describe_list(cursor, message)
}

fn describe_session(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let length = cursor.length(&SESSION_LENGTH, 1)?;
    cursor.bytes(&SESSION, length)?;
    Some(())
}

/// Whether a segment is a client's hello in the form of SSL 2.0, which old programs send to speak to servers of any age: all of its
/// lengths must agree (RFC 5246 appendix E.2).
#[expect(clippy::arithmetic_side_effects, reason = "sums of a few fields of 8 and 16 bits")]
pub(super) fn begins_version_2(bytes: &[u8]) -> bool {
    let &[high @ 0x80..=0xff, low, 1, major, _, c0, c1, s0, s1, h0, h1, ..] = bytes else { return false };
    let length = usize::from(u16::from_be_bytes([high & 0x7f, low]));
    let ciphers = usize::from(u16::from_be_bytes([c0, c1]));
    let session = usize::from(u16::from_be_bytes([s0, s1]));
    let challenge = usize::from(u16::from_be_bytes([h0, h1]));
    matches!(major, 0 | 3)
        && ciphers > 0
        && ciphers % 3 == 0
        && matches!(session, 0 | 16)
        && (16..=32).contains(&challenge)
        && length == 9 + ciphers + session + challenge
}

/// Gives a client's hello in the form of SSL 2.0.
pub(super) fn describe_version_2(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let length = cursor.peek_length(2)? & 0x7fff;
    cursor.group(&CONTENT_TYPE, length.saturating_add(2), Value::Number(u64::from(HANDSHAKE)), |cursor| {
        let stated = cursor.peek(2)? & 0x7fff;
        cursor.value(&LENGTH, 2, Value::Number(stated))?;
        cursor.number(&MESSAGE, 1)?;
        cursor.number(&VERSION, 2)?;
        let ciphers = cursor.length(&CIPHER_SPECS_LENGTH, 2)?;
        let session = cursor.length(&SESSION_LENGTH, 2)?;
        let challenge = cursor.length(&CHALLENGE_LENGTH, 2)?;
        let mut specs = cursor.part(ciphers);
        while specs.left() >= 3 {
            specs.number(&CIPHER_SPEC, 3)?;
        }
        cursor.bytes(&SESSION, session)?;
        cursor.bytes(&CHALLENGE, challenge)?;
        Some(())
    })
}
