//! QUIC: what is in clear of packets with a long header, which begin a connection (RFC 8999, RFC 9000 section 17.2).

use crate::dissect::{Cursor, Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};
use crate::limits::Limits;

/// QUIC.
pub static PROTOCOL: Protocol = Protocol {
    name: "quic",
    label: "QUIC",
    title: "QUIC",
    reference: "RFC 9000",
    claims: &[Selector::UdpPort(443)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const LONG_HEADER: u8 = 0x80;
const VERSIONS: &[(u64, &str)] = &[(0, "negotiation"), (1, "1"), (0x6b33_43cf, "2")];
const TYPES: &[(u64, &str)] = &[(0, "initial"), (1, "0-RTT"), (2, "handshake"), (3, "retry")];
const TYPES_2: &[(u64, &str)] = &[(0, "retry"), (1, "initial"), (2, "0-RTT"), (3, "handshake")];

fields! {
    FORM = Field::number("quic.header_form", "Header", "Long headers begin a connection, short ones go on with it.").names(&[(0, "short"), (1, "long")]);
    TYPE = Field::number("quic.long.packet_type", "Packet", "Which step of the beginning this is.").names(TYPES).in_line();
    TYPE_2 = Field::number("quic.long.packet_type_v2", "Packet", "Which step of the beginning this is.").names(TYPES_2).in_line();
    VERSION = Field::hexadecimal("quic.version", "Version", 8, "The version of QUIC; 0 where a server tells which ones it speaks.").names(VERSIONS).named_by(draft);
    DESTINATION_LENGTH = Field::number("quic.dcil", "Destination connection length", "How many bytes the receiver's identifier has.").unit("bytes");
    DESTINATION = Field::bytes("quic.dcid", "Destination connection", "By it the receiver knows the connection, whichever address it comes from.");
    SOURCE_LENGTH = Field::number("quic.scil", "Source connection length", "How many bytes the sender's identifier has.").unit("bytes");
    SOURCE = Field::bytes("quic.scid", "Source connection", "By it the sender wants to be spoken to.");
    SUPPORTED = Field::hexadecimal("quic.supported_version", "Speaks version", 8, "A version that the server speaks.").names(VERSIONS).named_by(draft);
    TOKEN_LENGTH = Field::number("quic.token_length", "Token length", "How many bytes the token has.").unit("bytes");
    TOKEN = Field::bytes("quic.token", "Token", "Proves to the server that the client's address is its own.");
    LENGTH = Field::number("quic.length", "Length", "How many bytes of this packet follow; other packets may stand behind them.").unit("bytes");
    PROTECTED = Field::bytes("quic.remaining_payload", "Protected", "Bytes that only the two ends can read.");
}

fn draft(version: u64) -> Option<&'static str> {
    match version >> 8 {
        0x00ff_0000 => Some("draft"),
        // Q043, Q046, Q050: Google's own, before there was a standard.
        high if high >> 16 == u64::from(b'Q') || high >> 16 == u64::from(b'T') => Some("Google's"),
        _ => (version & 0x0f0f_0f0f == 0x0a0a_0a0a).then_some("reserved, to have versions negotiated"),
    }
}

/// Whether a datagram begins with a long header whose identifiers fit.
fn has_long_header(bytes: &[u8]) -> bool {
    let &[first, v0, v1, v2, v3, length, ref rest @ ..] = bytes else { return false };
    let version = u32::from_be_bytes([v0, v1, v2, v3]);
    let version = u64::from(version);
    let known = VERSIONS.iter().any(|(number, _)| *number == version) || draft(version).is_some();
    let fixed = known && (first & 0x40 != 0 || version == 0);
    let source = rest.get(usize::from(length)).copied().map_or(0, usize::from);
    first & LONG_HEADER != 0 && fixed && usize::from(length) <= Limits::QUIC_IDENTIFIER && source <= Limits::QUIC_IDENTIFIER
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    // Of a short header nothing but its first bits is in clear, and any bytes could be one.
    Ok(if has_long_header(walk.bytes()) { Next::Nothing } else { Next::Foreign })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let length = d.view.bytes().len();
    let mut cursor = Cursor::new(d, 0, length);
    while has_long_header(cursor.rest()) {
        describe_packet(&mut cursor)?;
    }
    cursor.remainder(&PROTECTED)
}

/// Gives a packet of a datagram: several may stand behind one another (RFC 9000 section 12.2).
fn describe_packet(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let &[_, v0, v1, v2, v3, ..] = cursor.rest() else { return None };
    let version = u32::from_be_bytes([v0, v1, v2, v3]);
    cursor.bits(&FORM, 1, 0x80)?;
    let second = version == 0x6b33_43cf;
    let kind = if version == 0 { None } else { cursor.bits(if second { &TYPE_2 } else { &TYPE }, 1, 0x30) };
    cursor.skip(1)?;
    cursor.number(&VERSION, 4)?;
    for (length, identifier) in [(&DESTINATION_LENGTH, &DESTINATION), (&SOURCE_LENGTH, &SOURCE)] {
        let length = cursor.length(length, 1)?;
        cursor.bytes(identifier, length)?;
    }
    let Some(kind) = kind else {
        while cursor.left() >= 4 {
            cursor.number(&SUPPORTED, 4)?;
        }
        return Some(());
    };
    // The steps of version 2 have other numbers (RFC 9369 section 3.2).
    match if second { kind.wrapping_add(3) & 3 } else { kind } {
        3 => return cursor.remainder(&TOKEN),
        0 => {
            let length = variable(cursor, &TOKEN_LENGTH)?;
            cursor.bytes(&TOKEN, length)?;
        }
        _ => {}
    }
    let length = variable(cursor, &LENGTH)?;
    let mut part = cursor.part(length);
    part.remainder(&PROTECTED)
}

/// Gives a number that says its own length in its first two bits (RFC 9000 section 16).
#[expect(clippy::arithmetic_side_effects, reason = "the size is 1, 2, 4 or 8")]
fn variable(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field) -> Option<usize> {
    let size = 1 << (cursor.peek(1)? >> 6);
    let number = cursor.peek(size)? & (u64::MAX >> (66 - 8 * size));
    cursor.value(field, size, Value::Number(number))?;
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{bytes, cut_everywhere, damage_everywhere, look, udp};

    const INITIAL: &str = "c3 00000001 08 8394c8f03e515708 04 01020304 02 aabb 4005 1122334455 e3 00000001 00 00 03 aabbcc";

    #[test]
    fn an_initial_packet_tells_version_and_connections_and_more_may_follow() {
        let outcome = look(udp(443, &bytes(INITIAL)));
        assert_eq!(outcome.protocols(), "ip:udp:quic");
        assert_eq!(outcome.values("quic.version"), ["1", "1"]);
        assert_eq!(outcome.values("quic.long.packet_type"), ["0", "2"]);
        assert_eq!(outcome.values("quic.dcid"), ["8394c8f03e515708"]);
        assert_eq!(outcome.values("quic.scid"), ["01020304"]);
        assert_eq!(outcome.values("quic.token"), ["aabb"]);
        assert_eq!(outcome.values("quic.length"), ["5", "3"]);
        assert_eq!(outcome.values("quic.remaining_payload"), ["1122334455", "aabbcc"]);
    }

    #[test]
    fn a_server_tells_its_versions() {
        let outcome = look(udp(443, &bytes("80 00000000 00 01 07 00000001 6b3343cf 0a1a2a3a")));
        assert_eq!(outcome.values("quic.supported_version"), ["1", "1798521807", "169486906"]);
        assert_eq!(super::draft(0x0a1a_2a3a), Some("reserved, to have versions negotiated"));
        assert_eq!(super::draft(0xff00_001d), Some("draft"));
        assert_eq!(super::draft(0x5130_3530), Some("Google's"));
    }

    #[test]
    fn version_2_has_other_numbers_for_the_same_steps() {
        let outcome = look(udp(443, &bytes("d0 6b3343cf 00 00 01 aa 01 bb")));
        assert_eq!(outcome.values("quic.long.packet_type_v2"), ["1"]);
        assert_eq!([outcome.value("quic.token"), outcome.value("quic.remaining_payload")], ["aa", "bb"]);
    }

    #[test]
    fn short_headers_and_other_bytes_are_left_alone() {
        for other in ["40 010203040506", "80 00000001 00 00 00", "c0 b2a1b800 00 00 00", "c0 00000001 15 00", "c0"] {
            assert_eq!(look(udp(443, &bytes(other))).protocols(), "ip:udp:data", "{other}");
        }
    }

    #[test]
    fn damaged_packets_are_described_as_far_as_they_go() {
        let packet = udp(443, &bytes(INITIAL));
        cut_everywhere(&packet);
        damage_everywhere(&packet, 28);
    }
}
