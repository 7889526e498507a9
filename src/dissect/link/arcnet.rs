//! ARCNET, with the header that RFC 1201 splits packets with or the shorter one of RFC 1051.

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// ARCNET as Linux captures it: with an offset between addresses and protocol.
pub static LINUX: Protocol = Protocol {
    name: "arcnet",
    label: "ARCNET",
    title: "ARCNET",
    reference: "RFC 1201, LINKTYPE_ARCNET_LINUX",
    claims: &[Selector::LinkType(129)],
    dissect: |walk| dissect(walk, LINUX_PROTOCOL),
    describe: |d| describe(d, LINUX_PROTOCOL),
    verify: None,
    fields: &[FIELDS],
};

/// ARCNET as BSD captures it.
pub static BSD: Protocol = Protocol {
    name: "arcnet_bsd",
    label: "ARCNET",
    title: "ARCNET",
    reference: "RFC 1201, LINKTYPE_ARCNET_BSD",
    claims: &[Selector::LinkType(7)],
    dissect: |walk| dissect(walk, BSD_PROTOCOL),
    describe: |d| describe(d, BSD_PROTOCOL),
    verify: None,
    fields: &[FIELDS],
};

/// Where the protocol number stands.
const LINUX_PROTOCOL: usize = 4;
const BSD_PROTOCOL: usize = 2;
/// A split flag that says: three bytes of padding, then the real one. So packets of a forbidden length become longer.
const EXCEPTION: u8 = 0xff;

const PROTOCOLS: &[(u64, &str)] = &[
    (0x80, "diagnostics"),
    (0xc4, "IPv6"),
    (0xd4, "IPv4 (RFC 1201)"),
    (0xd5, "ARP (RFC 1201)"),
    (0xd6, "RARP (RFC 1201)"),
    (0xdd, "AppleTalk"),
    (0xf0, "IPv4 (RFC 1051)"),
    (0xf1, "ARP (RFC 1051)"),
    (0xfa, "NetWare"),
];

fields! {
    SOURCE = Field::hexadecimal("arcnet.src", "Source", 2, "The station that sent the frame.").in_line();
    DESTINATION = Field::hexadecimal("arcnet.dst", "Destination", 2, "The station that the frame is for; 0 for all.").in_line();
    OFFSET = Field::bytes("arcnet.offset", "Offset", "Where the frame stood in the card's memory.");
    PROTOCOL_ID = Field::hexadecimal("arcnet.protID", "Protocol", 2, "What the frame carries.").names(PROTOCOLS);
    EXCEPTION_FLAG = Field::hexadecimal("arcnet.exception_flag", "Exception", 2, "Says that padding makes a packet longer whose length the card cannot send.");
    SPLIT_FLAG = Field::number("arcnet.split_flag", "Split flag", "0 for a whole packet; an odd number begins one of several frames.");
    SEQUENCE = Field::number("arcnet.sequence", "Sequence", "The same for all frames of one packet.");
}

/// Where the split flag stands; `None` where the protocol has none.
#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn split_flag(bytes: &[u8], protocol: usize) -> Option<usize> {
    match bytes.get(protocol..)? {
        [0x80 | 0xf0 | 0xf1, ..] => None,
        [_, EXCEPTION, ..] => Some(protocol + 4),
        _ => Some(protocol + 1),
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn dissect(walk: &mut Walk<'_>, protocol: usize) -> Result<Next, Stop> {
    let bytes = walk.need(protocol + 1, "header")?;
    let number = bytes.last().copied().unwrap_or_default();
    let mut split = 0;
    if let Some(at) = split_flag(walk.bytes(), protocol) {
        let bytes = walk.need(at + 3, "sequence")?;
        split = bytes.get(at).copied().unwrap_or_default();
        walk.header(at + 3);
    } else {
        walk.header(protocol + 1);
    }
    let is_later_part = split != 0 && split & 1 == 0;
    Ok(match number {
        _ if is_later_part => Next::Payload,
        0xd4 | 0xf0 => Next::Claimed(Selector::EtherType(0x0800)),
        0xd5 | 0xf1 => Next::Claimed(Selector::EtherType(0x0806)),
        0xd6 => Next::Claimed(Selector::EtherType(0x8035)),
        0xc4 => Next::Claimed(Selector::EtherType(0x86dd)),
        0xfa => Next::Claimed(Selector::EtherType(0x8137)),
        _ => Next::Payload,
    })
}

#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn describe(d: &mut Describe<'_, '_>, protocol: usize) -> Option<()> {
    d.number(&SOURCE, 0, 1)?;
    d.number(&DESTINATION, 1, 1)?;
    if protocol > 2 {
        d.bytes(&OFFSET, 2, protocol - 2)?;
    }
    d.number(&PROTOCOL_ID, protocol, 1)?;
    if let Some(at) = split_flag(d.view.bytes(), protocol) {
        if at > protocol + 1 {
            d.number(&EXCEPTION_FLAG, protocol + 1, 1)?;
        }
        d.number(&SPLIT_FLAG, at, 1)?;
        d.number(&SEQUENCE, at + 1, 2)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ARP: &str = "0007 0800 01 04 0001 be 0a508301 00 0a5083fe";
    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn the_short_header_and_the_one_that_splits() {
        let short = dissect(LinkType(129), &format!("be00 ed08 f1 {ARP}"));
        assert_eq!((short.protocols(), short.value("arcnet.src")), ("arcnet:arp".into(), "190".into()));
        let long = dissect(LinkType(129), &format!("be00 ea08 d5 00 0165 {ARP}"));
        assert_eq!((long.protocols(), long.value("arcnet.sequence")), ("arcnet:arp".into(), "357".into()));
        let exception = dissect(LinkType(7), &format!("be00 d4 ff ffff 00 0166 {PACKET}"));
        assert_eq!((exception.protocols(), exception.value("arcnet.sequence")), ("arcnet_bsd:ip".into(), "358".into()));
    }

    #[test]
    fn a_later_part_of_a_packet_is_bytes() {
        assert_eq!(dissect(LinkType(7), &format!("be00 d4 01 0166 {PACKET}")).protocols(), "arcnet_bsd:ip");
        assert_eq!(dissect(LinkType(7), &format!("be00 d4 02 0166 {PACKET}")).protocols(), "arcnet_bsd:data");
        assert!(dissect(LinkType(7), "be00 d4 02 01").dissection.stop.is_some());
    }
}
