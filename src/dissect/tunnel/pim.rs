//! Protocol independent multicast (RFC 7761): what routers say to each other, and the packets that they send to a rendezvous point.

use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, View, Walk, checksum, network};

/// Protocol independent multicast. A register message carries a packet; the others are shown by type.
pub static PROTOCOL: Protocol = Protocol {
    name: "pim",
    label: "PIM",
    title: "Protocol independent multicast",
    reference: "RFC 7761 section 4.9",
    claims: &[Selector::IpProtocol(PROTOCOL_NUMBER)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const PROTOCOL_NUMBER: u8 = 103;
const REGISTER: u8 = 0x21;
const REGISTER_LENGTH: usize = 8;
const CHECKSUM_AT: usize = 2;
const TYPES: &[(u64, &str)] = &[
    (0, "hello"),
    (1, "register"),
    (2, "register stop"),
    (3, "join or prune"),
    (4, "bootstrap"),
    (5, "assert"),
    (6, "graft"),
    (7, "graft confirmed"),
    (8, "candidate rendezvous point"),
    (9, "state refresh"),
    (10, "designated forwarder election"),
];

fields! {
    VERSION = Field::number("pim.version", "Version", "Which version of the protocol this is: 2.");
    TYPE = Field::number("pim.type", "Type", "What the router says.").names(TYPES).in_line();
    CHECKSUM = Field::checksum("pim.cksum", "Checksum", "Guards the message, but not the packet in a register.");
    CHECKSUM_STATUS = Field::status("pim.cksum.status", "Checksum status", "Whether the message adds up.");
    BORDER = Field::boolean("pim.register_flag.border", "Border", "The packet comes from another domain.");
    NULL = Field::boolean("pim.register_flag.null_register", "Null register", "No packet is carried: its source is only said to be still there.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[first, ..] = walk.header_bytes::<4>()?;
    if first != REGISTER {
        return Ok(Next::Nothing);
    }
    walk.need(REGISTER_LENGTH, "register")?;
    walk.header(REGISTER_LENGTH);
    Ok(network::by_version(walk.bytes().get(REGISTER_LENGTH..).unwrap_or_default()))
}

fn verify(view: &View<'_>) -> Checksum {
    let bytes = view.bytes();
    let is_register = bytes.first() == Some(&REGISTER);
    let whole = if is_register { REGISTER_LENGTH } else { view.wire_length() };
    let found = bytes.get(CHECKSUM_AT..).and_then(|bytes| bytes.first_chunk()).map_or(0, |found| u16::from_be_bytes(*found));
    match view.network() {
        Some(network) if network.fragment.is_some() || network.quoted => Checksum::without(Status::Unverified, found),
        Some(network) if network.source.is_ipv6() => checksum::verify_with_pseudo_header(view, PROTOCOL_NUMBER, whole, CHECKSUM_AT),
        _ => match bytes.get(..whole) {
            Some(covered) => checksum::verify(0, covered, CHECKSUM_AT),
            None => Checksum::without(Status::Unverified, found),
        },
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 1, 0xf0)?;
    d.bits(&TYPE, 0, 1, 0x0f)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, CHECKSUM_AT)?;
    if d.peek(0, 1)? == u64::from(REGISTER) {
        d.flag(&BORDER, 4, 4, 0x8000_0000)?;
        d.flag(&NULL, 4, 4, 0x4000_0000)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_register_carries_a_packet_that_its_checksum_leaves_out() {
        let packet = "45000014 00000000 403b0000 0a000001 0a000002";
        let frame = dissect(LinkType::IPV4, &format!("45000030 00000000 40670000 c0000201 c0000202 2100deff 00000000 {packet}"));
        assert_eq!((frame.protocols(), frame.value("pim.cksum.status")), ("ip:pim:ip".into(), "good".into()));
        assert_eq!((frame.value("pim.type"), frame.value("pim.register_flag.null_register")), ("1".into(), "false".into()));
    }

    #[test]
    fn other_messages_are_covered_whole() {
        let frame = dissect(LinkType::IPV4, "4500001e 00000000 40670000 c0000201 e000000d 2000 ddfa 00010002 0003");
        assert_eq!((frame.protocols(), frame.value("pim.cksum.status")), ("ip:pim".into(), "bad".into()));
        let frame = dissect(LinkType::IPV4, "4500001e 00000000 40670000 c0000201 e000000d 2000 dff9 00010002 0003");
        assert_eq!((frame.value("pim.cksum.status"), frame.value("pim.type")), ("good".into(), "0".into()));
        let ipv6 = "60000000 00046740 fe800000000000000000000000000001 ff02000000000000000000000000000d";
        // Four bytes; the pseudo-header adds fe80 + 1 + ff02 + d + 4 + 67.
        let frame = dissect(LinkType::IPV6, &format!("{ipv6} 2000 e202"));
        assert_eq!((frame.protocols(), frame.value("pim.cksum.status")), ("ipv6:pim".into(), "good".into()));
    }
}
