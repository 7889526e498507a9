//! The Host Identity Protocol (RFC 7401): hosts named by their keys, not by their addresses.

use super::super::ip_protocol_name;
use super::{follow, length_in_eights, within_limit};
use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Stop, Value, View, Walk, checksum};

/// The Host Identity Protocol.
pub static PROTOCOL: Protocol = Protocol {
    name: "hip",
    label: "HIP",
    title: "Host Identity Protocol",
    reference: "RFC 7401",
    claims: &[Selector::IpProtocol(139)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] = &[
    (1, "initiator (I1)"),
    (2, "responder with a puzzle (R1)"),
    (3, "solution (I2)"),
    (4, "acceptance (R2)"),
    (16, "update"),
    (17, "notify"),
    (18, "close"),
    (19, "close acknowledgement"),
    (20, "distributed hash table"),
    (32, "data"),
];
const PARAMETERS: &[(u64, &str)] = &[
    (65, "ESP info"),
    (128, "R1 counter"),
    (129, "R1 counter"),
    (193, "Locator set"),
    (257, "Puzzle"),
    (321, "Solution"),
    (385, "Sequence"),
    (449, "Acknowledgement"),
    (511, "Diffie-Hellman groups"),
    (513, "Diffie-Hellman"),
    (577, "HIP transform"),
    (579, "Cipher"),
    (608, "NAT traversal mode"),
    (641, "Encrypted"),
    (705, "Host identity"),
    (715, "Host identity suites"),
    (768, "Certificate"),
    (832, "Notification"),
    (897, "Echo request, signed"),
    (930, "Registration info"),
    (932, "Registration request"),
    (934, "Registration response"),
    (936, "Registration failed"),
    (961, "Echo response, signed"),
    (2049, "Transport formats"),
    (4095, "ESP transform"),
    (61505, "HMAC"),
    (61569, "HMAC"),
    (61633, "Signature of R1"),
    (61697, "Signature"),
    (63661, "Echo request"),
    (63425, "Echo response"),
    (65498, "From"),
    (65500, "RVS HMAC"),
    (65502, "Via rendezvous server"),
];
const FIXED_LENGTH: usize = 40;

fields! {
    NEXT_HEADER = Field::number("hip.proto", "Next header", "What follows this header.").named_by(ip_protocol_name);
    LENGTH = Field::number("hip.hdr_len", "Length", "How long this header is, in units of 8 bytes, the first 8 not counted.");
    TYPE = Field::number("hip.packet_type", "Type", "Which step of the exchange this is.").names(TYPES).in_line();
    VERSION = Field::number("hip.version", "Version", "Which version of the protocol this is.");
    CHECKSUM = Field::checksum("hip.checksum", "Checksum", "Guards the message and the addresses of the packet.");
    CHECKSUM_STATUS = Field::status("hip.checksum.status", "Checksum status", "Whether the message adds up.");
    CONTROLS = Field::hexadecimal("hip.controls", "Controls", 4, "What the sender can do.").bits(&[(1, "anonymous")]);
    SENDER = Field::bytes("hip.hit_sndr", "Sender's identity", "A digest of the sender's public key: the sender's name.");
    RECEIVER = Field::bytes("hip.hit_rcvr", "Receiver's identity", "A digest of the receiver's public key; zeros where it is not known yet.");
    PARAMETER = Field::number("hip.type", "Parameter", "What the message carries.").names(PARAMETERS);
    PARAMETER_LENGTH = Field::number("hip.tlv.length", "Length", "How long the parameter's data is.").unit("bytes");
    PARAMETER_DATA = Field::bytes("hip.tlv.data", "Data", "The parameter's bytes.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, length, ..] = walk.header_bytes::<FIXED_LENGTH>()?;
    if length_in_eights(length) < FIXED_LENGTH {
        return Err(walk.invalid("length", FIXED_LENGTH / 8 - 1, usize::from(length)));
    }
    follow(walk, next, length_in_eights(length))
}

fn verify(view: &View<'_>) -> Checksum {
    let length = view.bytes().get(1).copied().map_or(FIXED_LENGTH, length_in_eights);
    checksum::verify_with_pseudo_header(view, 139, length, 4)
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&NEXT_HEADER, 0, 1)?;
    let end = length_in_eights(u8::try_from(d.number(&LENGTH, 1, 1)?).ok()?);
    d.bits(&TYPE, 2, 1, 0x7f)?;
    d.bits(&VERSION, 3, 1, 0xf0)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 4)?;
    d.number(&CONTROLS, 6, 2)?;
    d.bytes(&SENDER, 8, 16)?;
    d.bytes(&RECEIVER, 24, 16)?;
    let mut at = FIXED_LENGTH;
    while at < end {
        let kind = d.peek(at, 2)?;
        let length = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        let room = length.min(end.saturating_sub(at + 4));
        d.under(&PARAMETER, at, 4 + room, Value::Number(kind), |d| {
            d.number(&PARAMETER_LENGTH, at + 2, 2)?;
            if room > 0 {
                d.bytes(&PARAMETER_DATA, at + 4, room)?;
            }
            Some(())
        })?;
        at += (4 + length).next_multiple_of(8);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn parameters_are_padded_to_8_bytes() {
        let identity = "20010010000000000000000000000001";
        let got = dissect(
            LinkType::IPV4,
            &format!(
                "45000054 00000000 408b 0000 0a000001 0a000002 3b07 03 21 2d31 0000 {identity} {identity} 0040 0001 aa000000 0080 0008 0102030405060708 00000000"
            ),
        );
        assert_eq!(got.protocols(), "ip:hip");
        assert_eq!([got.value("hip.packet_type"), got.value("hip.version"), got.value("hip.hit_sndr")], ["3", "2", identity]);
        assert_eq!(got.values("hip.tlv.data"), ["aa", "0102030405060708"]);
    }
}
