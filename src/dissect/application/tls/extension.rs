//! The extensions of hellos (RFC 8446 section 4.2, RFC 6066, RFC 7301).

use super::table;
use crate::dissect::{Cursor, Field, Value};

fields! {
    EXTENSIONS_LENGTH = Field::number("tls.handshake.extensions_length", "Extensions length", "How many bytes of extensions follow.").unit("bytes");
    TYPE = Field::number("tls.handshake.extension.type", "Extension", "Something more that the sender says or asks.").names(table::EXTENSIONS).named_by(table::grease);
    LENGTH = Field::number("tls.handshake.extension.len", "Length", "How many bytes the extension has.").unit("bytes");
    SERVER_NAME = Field::text("tls.handshake.extensions_server_name", "Server name", "The host that the client wants: one server may have many names; it is readable for everybody on the way.");
    APPLICATION = Field::text("tls.handshake.extensions_alpn_str", "Application protocol", "What is to be spoken inside: in a client's hello what it can, in a server's what it chose.");
    VERSION = Field::hexadecimal("tls.handshake.extensions.supported_version", "Version", 4, "In a client's hello a version that it speaks, in a server's the one that is spoken.").names(table::VERSIONS).named_by(table::draft_version);
    GROUP = Field::hexadecimal("tls.handshake.extensions_supported_group", "Group", 4, "A way to exchange keys that the sender knows.").names(table::GROUPS).named_by(table::grease);
    POINT_FORMAT = Field::number("tls.handshake.extensions_ec_point_format", "Point format", "How points of curves may be written.").names(&[(0, "uncompressed"), (1, "compressed, prime"), (2, "compressed, binary")]);
    SIGNATURE = Field::hexadecimal("tls.handshake.sig_hash_alg", "Signature algorithm", 4, "A kind of signature that the sender can verify.").names(table::SIGNATURES).named_by(table::grease);
    SHARE_GROUP = Field::hexadecimal("tls.handshake.extensions_key_share_group", "Key share", 4, "The sender's half of a key exchange.").names(table::GROUPS).named_by(table::grease);
    SHARE_LENGTH = Field::number("tls.handshake.extensions_key_share_key_exchange_length", "Length", "How many bytes the half has.").unit("bytes");
    SHARE = Field::bytes("tls.handshake.extensions_key_share_key_exchange", "Key exchange", "The half that everybody may see.");
    SHARE_SELECTED = Field::hexadecimal("tls.handshake.extensions_key_share_selected_group", "Selected group", 4, "The way to exchange keys that the server wants.").names(table::GROUPS);
    KEY_MODE = Field::number("tls.extension.psk_ke_mode", "Pre-shared key mode", "Whether a remembered key is used with a fresh exchange or without.").names(&[(0, "without a key exchange"), (1, "with a key exchange")]);
    IDENTITY = Field::bytes("tls.handshake.extensions.psk.identity.identity", "Identity", "Which remembered key the client would like to use: a ticket that the server gave it.");
    IDENTITY_AGE = Field::number("tls.handshake.extensions.psk.identity.obfuscated_ticket_age", "Obfuscated ticket age", "How old the ticket is, hidden from others by a number that both know.");
    IDENTITY_SELECTED = Field::number("tls.handshake.extensions.psk.identity.selected", "Selected identity", "Which of the client's remembered keys is used, from 0.");
    COMPRESSION = Field::number("tls.compress_certificate.algorithm", "Certificate compression", "A compression of certificates that the sender can undo.").names(table::COMPRESSIONS);
    SIZE_LIMIT = Field::number("tls.record_size_limit", "Record size limit", "The longest record that the sender takes.").unit("bytes");
    RENEGOTIATION = Field::bytes("tls.handshake.extensions_reneg_info", "Renegotiation information", "Ties a second handshake on a connection to the first; empty in the first.");
    COOKIE = Field::bytes("tls.handshake.extensions.cookie", "Cookie", "What the server had the client repeat.");
    STATUS_TYPE = Field::number("tls.handshake.extensions_status_request_type", "Status type", "How the server shall prove that its certificate is not revoked.").names(&[(1, "OCSP")]);
    FRAGMENT_LENGTH = Field::number("tls.handshake.max_fragment_length", "Maximum fragment length", "The longest record that the client wants.").names(&[(1, "512"), (2, "1,024"), (3, "2,048"), (4, "4,096")]);
    DATA = Field::bytes("tls.handshake.extension.data", "Data", "The extension's bytes.");
}

/// Whose extensions they are: some look different in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// A client's hello: lists of what it can.
    ClientHello,
    /// A server's hello: what it chose.
    ServerHello,
    /// A server's hello that asks for another client hello.
    HelloRetryRequest,
}

/// Gives a list of extensions with its length; there may be none at all.
pub(super) fn describe_list(cursor: &mut Cursor<'_, '_, '_>, message: Message) -> Option<()> {
    if cursor.is_done() {
        return Some(());
    }
    let length = cursor.length(&EXTENSIONS_LENGTH, 2)?;
    let mut list = cursor.part(length);
    while !list.is_done() {
        let kind = list.peek(2)?;
        let &[_, _, high, low] = list.slice(4)?.first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([high, low]));
        list.group(&TYPE, 4 + length, Value::Number(kind), |cursor| {
            cursor.skip(2)?;
            cursor.number(&LENGTH, 2)?;
            // Where the inside is not as it should be, what is left of it is shown as bytes.
            let _gave_up = describe_one(cursor, kind, message);
            cursor.remainder(&DATA)
        })?;
    }
    Some(())
}

fn describe_one(cursor: &mut Cursor<'_, '_, '_>, kind: u64, message: Message) -> Option<()> {
    let from_client = message == Message::ClientHello;
    match kind {
        0 if !cursor.is_done() => describe_names(cursor),
        1 => cursor.number(&FRAGMENT_LENGTH, 1).map(drop),
        5 if from_client => cursor.number(&STATUS_TYPE, 1).map(drop),
        10 => numbers(cursor, 2, &GROUP, 2),
        11 => numbers(cursor, 1, &POINT_FORMAT, 1),
        13 | 50 => numbers(cursor, 2, &SIGNATURE, 2),
        16 => {
            let mut list = list(cursor, 2)?;
            while !list.is_done() {
                let length = list.peek_length(1)?;
                list.skip(1)?;
                let there = length.min(list.rest().len());
                list.text(&APPLICATION, there)?;
            }
            Some(())
        }
        27 => numbers(cursor, 1, &COMPRESSION, 2),
        28 => cursor.number(&SIZE_LIMIT, 2).map(drop),
        41 if from_client => describe_identities(cursor),
        41 => cursor.number(&IDENTITY_SELECTED, 2).map(drop),
        43 if from_client => numbers(cursor, 1, &VERSION, 2),
        43 => cursor.number(&VERSION, 2).map(drop),
        44 => {
            let mut cookie = list(cursor, 2)?;
            cookie.remainder(&COOKIE)
        }
        45 => numbers(cursor, 1, &KEY_MODE, 1),
        51 if from_client => {
            let mut shares = list(cursor, 2)?;
            while !shares.is_done() {
                describe_share(&mut shares)?;
            }
            Some(())
        }
        51 if message == Message::HelloRetryRequest => cursor.number(&SHARE_SELECTED, 2).map(drop),
        51 => describe_share(cursor),
        0xff01 => {
            let length = cursor.peek_length(1)?;
            cursor.skip(1)?;
            cursor.bytes(&RENEGOTIATION, length).map(drop)
        }
        _ => Some(()),
    }
}

/// Gives the algorithm of a signature that follows.
pub(super) fn describe_signature_algorithm(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&SIGNATURE, 2).map(drop)
}

/// The list behind a length of so many bytes.
fn list<'c, 'a, 's>(cursor: &'c mut Cursor<'_, 'a, 's>, width: usize) -> Option<Cursor<'c, 'a, 's>> {
    let length = cursor.peek_length(width)?;
    cursor.skip(width)?;
    Some(cursor.part(length))
}

/// Gives each number of a list.
fn numbers(cursor: &mut Cursor<'_, '_, '_>, width: usize, field: &'static Field, size: usize) -> Option<()> {
    let mut list = list(cursor, width)?;
    while list.left() >= size {
        list.number(field, size)?;
    }
    Some(())
}

/// Server names (RFC 6066 section 3): only host names are of any kind.
fn describe_names(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let mut names = list(cursor, 2)?;
    while !names.is_done() {
        let kind = names.peek(1)?;
        names.skip(1)?;
        let mut name = list(&mut names, 2)?;
        let length = name.rest().len();
        if kind == 0 {
            name.text(&SERVER_NAME, length)?;
        } else {
            name.bytes(&DATA, length)?;
        }
    }
    Some(())
}

fn describe_share(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let group = cursor.peek(2)?;
    let &[_, _, high, low] = cursor.slice(4)?.first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    cursor.group(&SHARE_GROUP, 4 + length, Value::Number(group), |cursor| {
        cursor.skip(2)?;
        cursor.number(&SHARE_LENGTH, 2)?;
        cursor.remainder(&SHARE)
    })
}

/// Remembered keys (RFC 8446 section 4.2.11); the proofs behind them stay bytes.
fn describe_identities(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let mut identities = list(cursor, 2)?;
    while !identities.is_done() {
        let length = identities.peek_length(2)?;
        identities.skip(2)?;
        identities.bytes(&IDENTITY, length)?;
        identities.number(&IDENTITY_AGE, 4)?;
    }
    Some(())
}
