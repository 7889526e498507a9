//! BSD loopback: four bytes that say a protocol family (LINKTYPE_NULL, LINKTYPE_LOOP).

use super::ethernet::{ETHER_TYPES, FIRST_ETHER_TYPE};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// BSD loopback, in either byte order.
pub static PROTOCOL: Protocol = Protocol {
    name: "null",
    label: "loopback",
    title: "BSD loopback",
    reference: "LINKTYPE_NULL, LINKTYPE_LOOP",
    claims: &[Selector::LinkType(0), Selector::LinkType(108)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const IPV4: u32 = 2;
const ISO: u32 = 7;
/// IPv6 has a number of its own on every system: Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
const IPV6: [u32; 5] = [10, 23, 24, 28, 30];
const FAMILIES: &[(u64, &str)] = &[
    (IPV4 as u64, "IPv4"),
    (ISO as u64, "ISO network layer"),
    (10, "IPv6"),
    (16, "AppleTalk"),
    (23, "IPv6 or IPX"),
    (24, "IPv6"),
    (28, "IPv6"),
    (30, "IPv6"),
];

fields! {
    FAMILY = Field::number("null.family", "Family", "What the packet is, by a number of the system that captured it, in that system's byte order.").names(FAMILIES);
    TYPE = Field::hexadecimal("null.type", "Type", 4, "What the packet is, where the system put an EtherType there.").names(ETHER_TYPES);
}

/// The number that four bytes say: families are small, so a large one was written in the other byte order.
fn family(bytes: [u8; 4]) -> u32 {
    match u32::from_be_bytes(bytes) {
        big if big <= 0xffff => big,
        _ => u32::from_le_bytes(bytes),
    }
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let family = family(*walk.header_bytes()?);
    walk.header(4);
    let packet_version = walk.bytes().get(4).map_or(0, |first| first >> 4);
    Ok(match family {
        IPV4 => Next::Claimed(Selector::EtherType(0x0800)),
        ISO => Next::Claimed(Selector::LinkServiceAccessPoint(0xfe)),
        // 23 is IPX on BSD.
        23 if packet_version != 6 => Next::Payload,
        family if IPV6.contains(&family) => Next::Claimed(Selector::EtherType(0x86dd)),
        _ => match u16::try_from(family) {
            Ok(ether_type @ FIRST_ETHER_TYPE..) => Next::Claimed(Selector::EtherType(ether_type)),
            _ => Next::Payload,
        },
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let family = family(*d.slice(0, 4)?.first_chunk()?);
    let is_type = (u32::from(FIRST_ETHER_TYPE)..=0xffff).contains(&family);
    d.value(if is_type { &TYPE } else { &FAMILY }, 0, 4, Value::Number(u64::from(family)));
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 40110000 7f000001 7f000001";
    const PACKET_6: &str = "60000000 0000 3b 40 00000000000000000000000000000001 00000000000000000000000000000001";

    #[test]
    fn the_family_is_read_in_the_byte_order_that_makes_it_small() {
        for (link_type, family) in [(LinkType::NULL, "02000000"), (LinkType::NULL, "00000002"), (LinkType::LOOP, "00000002")] {
            let frame = dissect(link_type, &format!("{family} {PACKET}"));
            assert_eq!((frame.protocols(), frame.value("null.family")), ("null:ip".into(), "2".into()));
        }
    }

    #[test]
    fn every_systems_ipv6_is_known() {
        for family in ["0000000a", "17000000", "18000000", "1c000000", "1e000000", "0000001e"] {
            assert_eq!(dissect(LinkType::NULL, &format!("{family} {PACKET_6}")).protocols(), "null:ipv6", "{family}");
        }
        assert_eq!(dissect(LinkType::NULL, "17000000 ffff0012").protocols(), "null:data");
    }

    #[test]
    fn some_systems_write_an_ethernet_type() {
        let frame = dissect(LinkType::NULL, &format!("000086dd {PACKET_6}"));
        assert_eq!((frame.protocols(), frame.value("null.type")), ("null:ipv6".into(), "34525".into()));
        assert_eq!(dissect(LinkType::LOOP, &format!("12345678 {PACKET}")).protocols(), "null:data");
    }
}
