//! The extensions of a hello (RFC 8446 section 4.2 and the registry of extension types).

use super::names;
use crate::dissect::{Describe, Field, Value};

const SERVER_NAME: u64 = 0;
const GROUPS: u64 = 10;
const SIGNATURE_ALGORITHMS: u64 = 13;
const APPLICATION_PROTOCOLS: u64 = 16;
const SUPPORTED_VERSIONS: u64 = 43;
const KEY_SHARE: u64 = 51;

const TYPES: &[(u64, &str)] = &[
    (SERVER_NAME, "server name"),
    (1, "maximum fragment length"),
    (5, "status request"),
    (GROUPS, "supported groups"),
    (11, "point formats"),
    (SIGNATURE_ALGORITHMS, "signature algorithms"),
    (14, "DTLS-SRTP"),
    (15, "heartbeat"),
    (APPLICATION_PROTOCOLS, "application protocols (ALPN)"),
    (18, "signed certificate timestamps"),
    (21, "padding"),
    (22, "encrypt then MAC"),
    (23, "extended master secret"),
    (27, "certificate compression"),
    (28, "record size limit"),
    (34, "delegated credentials"),
    (35, "session ticket"),
    (41, "pre-shared key"),
    (42, "early data"),
    (SUPPORTED_VERSIONS, "supported versions"),
    (44, "cookie"),
    (45, "PSK exchange modes"),
    (47, "certificate authorities"),
    (49, "post-handshake authentication"),
    (50, "signature algorithms of certificates"),
    (KEY_SHARE, "key share"),
    (57, "QUIC transport parameters"),
    (13_172, "next protocol"),
    (17_513, "application settings"),
    (17_613, "application settings"),
    (65_037, "encrypted client hello"),
    (65_281, "renegotiation"),
];

fields! {
    TYPE = Field::number("tls.handshake.extension.type", "Extension", "Something that both sides must know to use it.").names(TYPES).named_by(names::grease);
    LENGTH = Field::number("tls.handshake.extension.len", "Length", "How long the extension is.").unit("bytes");
    NAME = Field::text("tls.handshake.extensions_server_name", "Server name", "The host that the client means, in clear for everybody on the way.");
    APPLICATION_PROTOCOL = Field::text("tls.handshake.extensions_alpn_str", "Application protocol", "What is to be spoken inside: offered by the client, chosen by the server.");
    GROUP = Field::hexadecimal("tls.handshake.extensions_supported_group", "Group", 4, "A curve or group to agree on a key with.").names(names::GROUPS).named_by(names::grease);
    SIGNATURE = Field::hexadecimal("tls.handshake.sig_hash_alg", "Signature", 4, "A way to sign that the client can check.").names(names::SIGNATURES).named_by(names::grease);
    VERSION = Field::hexadecimal("tls.handshake.extensions.supported_version", "Supported version", 4, "A version of TLS: offered by the client, chosen by the server.").names(names::VERSIONS).named_by(names::grease);
    SHARE_GROUP = Field::hexadecimal("tls.handshake.extensions_key_share_group", "Key share", 4, "The group that a key share is of.").names(names::GROUPS).named_by(names::grease);
}

/// Gives the extensions between `from` and `to`.
pub(super) fn describe_list(d: &mut Describe<'_, '_>, by_client: bool, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at < to {
        let kind = d.peek(at, 2)?;
        let length = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        let end = (at + 4 + length).min(to);
        d.open(&TYPE, at, end.saturating_sub(at), Value::Number(kind));
        let whole = describe_one(d, by_client, kind, at + 4, end);
        d.close();
        whole?;
        at += 4 + length;
    }
    Some(())
}

fn describe_one(d: &mut Describe<'_, '_>, by_client: bool, kind: u64, at: usize, end: usize) -> Option<()> {
    d.number(&LENGTH, at - 2, 2)?;
    let empty = at >= end;
    match kind {
        SERVER_NAME if !empty => {
            let length = usize::try_from(d.peek(at + 3, 2)?).ok()?;
            d.text(&NAME, at + 5, length.min(end.saturating_sub(at + 5)))?;
        }
        APPLICATION_PROTOCOLS => {
            let mut name = at + 2;
            while name < end {
                let length = usize::try_from(d.peek(name, 1)?).ok()?;
                d.text(&APPLICATION_PROTOCOL, name + 1, length.min(end.saturating_sub(name + 1)))?;
                name += 1 + length;
            }
        }
        GROUPS => describe_numbers(d, &GROUP, at + 2, end)?,
        SIGNATURE_ALGORITHMS => describe_numbers(d, &SIGNATURE, at + 2, end)?,
        SUPPORTED_VERSIONS if by_client => describe_numbers(d, &VERSION, at + 1, end)?,
        SUPPORTED_VERSIONS => describe_numbers(d, &VERSION, at, end)?,
        KEY_SHARE if by_client => {
            let mut share = at + 2;
            while share < end {
                d.number(&SHARE_GROUP, share, 2)?;
                share += 4 + usize::try_from(d.peek(share + 2, 2)?).ok()?;
            }
        }
        KEY_SHARE if !empty => {
            d.number(&SHARE_GROUP, at, 2)?;
        }
        _ => {}
    }
    Some(())
}

fn describe_numbers(d: &mut Describe<'_, '_>, field: &'static Field, from: usize, to: usize) -> Option<()> {
    for at in (from..to).step_by(2).take_while(|at| at + 2 <= to) {
        d.number(field, at, 2)?;
    }
    Some(())
}
