//! Messages that exchange keys and tickets, as TLS up to 1.2 has them in clear (RFC 8422 section 5.4, RFC 5077 section 3.3).

use super::{extension, table};
use crate::dissect::{Cursor, Field};

/// Curves that have a name, the only kind in use.
const NAMED_CURVE: u64 = 3;

fields! {
    CURVE_TYPE = Field::number("tls.handshake.server_curve_type", "Curve type", "How the curve is told: by name.").names(&[(1, "explicit prime"), (2, "explicit binary"), (3, "named")]);
    CURVE = Field::hexadecimal("tls.handshake.server_named_curve", "Curve", 4, "The way to exchange keys that the server chose.").names(table::GROUPS);
    POINT_LENGTH = Field::number("tls.handshake.server_point_len", "Length", "How many bytes the server's half has.").unit("bytes");
    POINT = Field::bytes("tls.handshake.server_point", "Key exchange", "The server's half of the key exchange, which everybody may see.");
    SIGNATURE_LENGTH = Field::number("tls.handshake.sig_len", "Signature length", "How many bytes the signature has.").unit("bytes");
    SIGNATURE = Field::bytes("tls.handshake.sig", "Signature", "Proves that the half comes from whom the certificate names.");
    LIFETIME = Field::number("tls.handshake.session_ticket_lifetime_hint", "Lifetime", "How long the ticket may be used.").unit("seconds");
    TICKET_LENGTH = Field::number("tls.handshake.session_ticket_length", "Length", "How many bytes the ticket has.").unit("bytes");
    TICKET = Field::bytes("tls.handshake.session_ticket", "Ticket", "What the client shall give back next time, to save exchanging keys again; only the server can read it.");
}

/// Gives a server's half of a key exchange; of the kinds without named curves the bytes are left.
pub(super) fn describe_server_key(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    if cursor.peek(1)? != NAMED_CURVE {
        return Some(());
    }
    cursor.number(&CURVE_TYPE, 1)?;
    cursor.number(&CURVE, 2)?;
    let length = cursor.length(&POINT_LENGTH, 1)?;
    cursor.bytes(&POINT, length)?;
    // From TLS 1.2 on the signature says its algorithm; only its length tells whether it does.
    let says_algorithm = cursor.slice(4).and_then(|head| head.last_chunk::<2>()).map(|length| usize::from(u16::from_be_bytes(*length)));
    if says_algorithm.map(|length| length.saturating_add(4)) == Some(cursor.left()) {
        extension::describe_signature_algorithm(cursor)?;
    }
    let length = cursor.length(&SIGNATURE_LENGTH, 2)?;
    cursor.bytes(&SIGNATURE, length).map(drop)
}

/// Gives a ticket.
pub(super) fn describe_ticket(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&LIFETIME, 4)?;
    let length = cursor.length(&TICKET_LENGTH, 2)?;
    cursor.bytes(&TICKET, length).map(drop)
}
