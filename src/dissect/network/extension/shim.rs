//! Shim6: several addresses for one conversation (RFC 5533).

use super::super::ip_protocol_name;
use super::{follow, length_in_eights, within_limit};
use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, Value, View, Walk, checksum};

/// Shim6.
pub static PROTOCOL: Protocol = Protocol {
    name: "shim6",
    label: "Shim6",
    title: "Shim6",
    reference: "RFC 5533 section 5",
    claims: &[Selector::IpProtocol(140)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] = &[
    (1, "initiator (I1)"),
    (2, "responder (R1)"),
    (3, "initiator (I2)"),
    (4, "responder (R2)"),
    (5, "new context (R1bis)"),
    (6, "new context (I2bis)"),
    (64, "update request"),
    (65, "update acknowledgement"),
    (66, "keepalive"),
    (67, "probe"),
    (68, "error"),
];
/// Set where the header stands before a payload; otherwise it is a message of its own.
const PAYLOAD: u8 = 0x80;

fields! {
    NEXT_HEADER = Field::number("shim6.nxt", "Next header", "What follows this header.").named_by(ip_protocol_name);
    LENGTH = Field::number("shim6.len", "Length", "How long this header is, in units of 8 bytes, the first 8 not counted.");
    LENGTH_IN_BYTES = Field::number("shim6.len_oct", "Length in bytes", "How long this header is; worked out from its length field.").unit("bytes");
    IS_PAYLOAD = Field::boolean("shim6.p", "Before a payload", "Whether a payload follows, or this is a message of its own.");
    CONTEXT_TAG = Field::bytes("shim6.ct", "Context tag", "Which conversation the packet belongs to, whatever its addresses are.");
    TYPE = Field::number("shim6.type", "Type", "What the message does.").names(TYPES).in_line();
    CHECKSUM = Field::checksum("shim6.checksum", "Checksum", "Guards the message.");
    CHECKSUM_STATUS = Field::status("shim6.checksum.status", "Checksum status", "Whether the message adds up.");
    DATA = Field::bytes("shim6.data", "Data", "What the message says.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, length, ..] = walk.header_bytes::<8>()?;
    follow(walk, next, length_in_eights(length))
}

fn verify(view: &View<'_>) -> Checksum {
    let Some(&[_, length, flags, _, high, low, _, _]) = view.bytes().first_chunk() else {
        return Checksum::without(Status::Unverified, 0);
    };
    match view.bytes().get(..length_in_eights(length)) {
        _ if flags & PAYLOAD != 0 => Checksum::without(Status::NotPresent, 0),
        Some(message) if !view.layer().quoted => checksum::verify(0, message, 4),
        _ => Checksum::without(Status::Unverified, u16::from_be_bytes([high, low])),
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&NEXT_HEADER, 0, 1)?;
    let end = length_in_eights(u8::try_from(d.number(&LENGTH, 1, 1)?).ok()?);
    d.value(&LENGTH_IN_BYTES, 1, 1, Value::Number(end as u64));
    if d.flag(&IS_PAYLOAD, 2, 1, u64::from(PAYLOAD))? {
        d.bytes(&CONTEXT_TAG, 2, 6)?;
        return Some(());
    }
    d.bits(&TYPE, 2, 1, 0x7f)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 4)?;
    d.bytes(&DATA, 6, end.saturating_sub(6))?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn packet(header: &str) -> Dissected {
        let length = header.replace(' ', "").len() / 2;
        let addresses = "20010db8000000000000000000000001 20010db8000000000000000000000002";
        dissect(LinkType::IPV6, &format!("60000000 {length:04x} 8c 40 {addresses} {header}"))
    }

    #[test]
    fn a_message_and_what_stands_before_a_payload() {
        let got = packet("3b01 43 00 81fb 0000 0000000100010001");
        assert_eq!([got.protocols(), got.value("shim6.type"), got.value("shim6.checksum.status")], ["ipv6:shim6", "67", "good"]);
        let got = packet("1100 80 0102030405 00350035 0008 0000");
        assert_eq!([got.protocols(), got.value("shim6.ct"), got.value("shim6.checksum.status")], ["ipv6:shim6:udp", "800102030405", ""]);
    }
}
