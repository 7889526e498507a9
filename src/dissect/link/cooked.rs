//! Linux cooked capture, versions 1 and 2: what the kernel says in place of a link header (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2).

use super::{ethernet, llc};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Version 1: 16 bytes, no interface.
pub static VERSION_1: Protocol = Protocol {
    name: "sll",
    label: "cooked",
    title: "Linux cooked capture",
    reference: "LINKTYPE_LINUX_SLL",
    claims: &[Selector::LinkType(113)],
    dissect: dissect_version_1,
    describe: describe_version_1,
    verify: None,
    fields: &[FIELDS],
};

/// Version 2: 20 bytes, what `-i any` gives today.
pub static VERSION_2: Protocol = Protocol {
    name: "sll2",
    label: "cooked",
    title: "Linux cooked capture, version 2",
    reference: "LINKTYPE_LINUX_SLL2",
    claims: &[Selector::LinkType(276)],
    dissect: dissect_version_2,
    describe: describe_version_2,
    verify: None,
    fields: &[FIELDS],
};

const PACKET_TYPES: &[(u64, &str)] =
    &[(0, "to this host"), (1, "broadcast"), (2, "multicast"), (3, "to another host"), (4, "sent by this host")];

/// Kinds of interface by their ARP hardware numbers, where the protocol field means something else than usual.
const ETHERNET: u16 = 1;
const FRAME_RELAY: u16 = 770;
const LOOPBACK: u16 = 772;
const IPV4_TUNNEL: u16 = 768;
const GRE: u16 = 778;
const WIRELESS: u16 = 801;
const RADIOTAP: u16 = 803;
const NETLINK: u16 = 824;
const INTERFACE_TYPES: &[(u64, &str)] = &[
    (ETHERNET as u64, "Ethernet"),
    (24, "IEEE 1394"),
    (32, "InfiniBand"),
    (280, "CAN"),
    (512, "PPP"),
    (513, "Cisco HDLC"),
    (519, "raw IP"),
    (IPV4_TUNNEL as u64, "IPv4 tunnel"),
    (769, "IPv6 tunnel"),
    (FRAME_RELAY as u64, "frame relay"),
    (LOOPBACK as u64, "loopback"),
    (776, "IPv6 in IPv4"),
    (GRE as u64, "GRE"),
    (783, "IrDA"),
    (WIRELESS as u64, "802.11"),
    (RADIOTAP as u64, "802.11 with radiotap"),
    (823, "IPv6 GRE"),
    (NETLINK as u64, "netlink"),
    (0xfffe, "none"),
];

/// Numbers below the EtherTypes, by which Linux names frames that have none (linux/if_ether.h).
const RAW_802_3: u16 = 0x0001;
const LOGICAL_LINK_CONTROL: u16 = 0x0004;
const LINUX_TYPES: &[(u64, &str)] = &[
    (RAW_802_3 as u64, "802.3 without 802.2"),
    (LOGICAL_LINK_CONTROL as u64, "802.2"),
    (0x0007, "PPP, PPPoE"),
    (0x0008, "PPP"),
    (0x000c, "CAN"),
    (0x000d, "CAN FD"),
    (0x0017, "IrDA"),
    (0x00f6, "802.15.4"),
];

fields! {
    PACKET_TYPE = Field::number("sll.pkttype", "Packet type", "Which way the frame went, and whom it was for.").names(PACKET_TYPES).in_line();
    INTERFACE_TYPE = Field::number("sll.hatype", "Interface type", "What kind of interface it went through, as an ARP hardware number.").names(INTERFACE_TYPES);
    INTERFACE = Field::number("sll.ifindex", "Interface index", "Which interface of that host it went through: the number that `ip link` shows first.");
    ADDRESS_LENGTH = Field::number("sll.halen", "Address length", "How many bytes of the sender's link address follow.").unit("bytes");
    SOURCE = Field::mac("sll.src.eth", "Source", "The link address of the sender; the receiver's is not kept.");
    SOURCE_IPV4 = Field::ipv4("sll.src.ipv4", "Source", "The address of the tunnel's other end.");
    SOURCE_OTHER = Field::bytes("sll.src.other", "Source", "The link address of the sender.");
    UNUSED = Field::bytes("sll.unused", "Unused", "What fills the address to eight bytes.");
    TYPE = Field::hexadecimal("sll.etype", "Protocol", 4, "What the frame carries.").names(ethernet::ETHER_TYPES);
    GRE_TYPE = Field::hexadecimal("sll.gretype", "Protocol", 4, "What the tunnel carries.").names(ethernet::ETHER_TYPES);
    LINUX_TYPE = Field::hexadecimal("sll.ltype", "Protocol", 4, "What the frame carries, by Linux's own number.").names(LINUX_TYPES);
}

fn dissect_version_1(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, t0, t1, .., p0, p1] = walk.header_bytes::<16>()?;
    walk.header(16);
    Ok(next(u16::from_be_bytes([t0, t1]), u16::from_be_bytes([p0, p1])))
}

fn dissect_version_2(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[p0, p1, _, _, _, _, _, _, t0, t1, ..] = walk.header_bytes::<20>()?;
    walk.header(20);
    Ok(next(u16::from_be_bytes([t0, t1]), u16::from_be_bytes([p0, p1])))
}

fn next(interface_type: u16, protocol: u16) -> Next {
    match (interface_type, protocol) {
        (NETLINK | RADIOTAP | WIRELESS, _) => Next::Payload,
        (FRAME_RELAY, _) => Next::Claimed(Selector::LinkType(107)),
        (_, ethernet::FIRST_ETHER_TYPE..) => Next::Claimed(Selector::EtherType(protocol)),
        // Novell's frames begin with the checksum that IPX never computes; 802.2 knows them by that.
        (_, RAW_802_3 | LOGICAL_LINK_CONTROL) => Next::Protocol(&llc::PROTOCOL),
        _ => Next::Payload,
    }
}

fn describe_version_1(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&PACKET_TYPE, 0, 2)?;
    let interface_type = d.number(&INTERFACE_TYPE, 2, 2)?;
    let length = d.number(&ADDRESS_LENGTH, 4, 2)?;
    describe_address(d, interface_type, length, 6)?;
    describe_protocol(d, interface_type, 14)
}

fn describe_version_2(d: &mut Describe<'_, '_>) -> Option<()> {
    let interface_type = d.peek(8, 2)?;
    describe_protocol(d, interface_type, 0)?;
    d.number(&INTERFACE, 4, 4)?;
    d.number(&INTERFACE_TYPE, 8, 2)?;
    d.number(&PACKET_TYPE, 10, 1)?;
    let length = d.number(&ADDRESS_LENGTH, 11, 1)?;
    describe_address(d, interface_type, length, 12)
}

fn describe_protocol(d: &mut Describe<'_, '_>, interface_type: u64, at: usize) -> Option<()> {
    let is_type = d.peek(at, 2)? >= u64::from(ethernet::FIRST_ETHER_TYPE);
    let field = match (is_type, interface_type == u64::from(GRE)) {
        (false, _) => &LINUX_TYPE,
        (true, false) => &TYPE,
        (true, true) => &GRE_TYPE,
    };
    d.number(field, at, 2)?;
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "at most 8 bytes of an address are used")]
fn describe_address(d: &mut Describe<'_, '_>, interface_type: u64, length: u64, at: usize) -> Option<()> {
    let used = usize::try_from(length).map_or(8, |length| length.min(8));
    match used {
        0 => {}
        4 if interface_type != u64::from(ETHERNET) => {
            d.ipv4(&SOURCE_IPV4, at)?;
        }
        6 => {
            d.mac(&SOURCE, at)?;
        }
        _ => {
            d.bytes(&SOURCE_OTHER, at, used)?;
        }
    }
    if used < 8 {
        d.bytes(&UNUSED, at + used, 8 - used)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 40110000 0a000001 0a000002";

    #[test]
    fn version_1_keeps_the_senders_address() {
        let frame = dissect(LinkType::LINUX_SLL, &format!("0004 0001 0006 00155d47f011 0000 0800 {PACKET}"));
        assert_eq!(frame.protocols(), "sll:ip");
        assert_eq!((frame.value("sll.pkttype"), frame.value("sll.hatype")), ("4".into(), "1".into()));
        assert_eq!((frame.value("sll.src.eth"), frame.value("sll.unused")), ("00:15:5d:47:f0:11".into(), "0000".into()));
        assert_eq!(frame.value("sll.etype"), "2048");
    }

    #[test]
    fn version_2_knows_the_interface() {
        let frame = dissect(LinkType::LINUX_SLL2, &format!("0800 0000 00000001 0304 00 06 000000000000 0000 {PACKET}"));
        assert_eq!(frame.protocols(), "sll2:ip");
        assert_eq!((frame.value("sll.ifindex"), frame.value("sll.hatype")), ("1".into(), "772".into()));
        assert_eq!((frame.value("sll.pkttype"), frame.value("sll.src.eth")), ("0".into(), "00:00:00:00:00:00".into()));
    }

    #[test]
    fn numbers_below_the_ethernet_types_are_linuxs_own() {
        let frame = dissect(LinkType::LINUX_SLL, "0002 0001 0006 001906eab88c 0000 0004 424203 0000 00 80");
        assert_eq!(frame.protocols(), "sll:llc:stp");
        assert_eq!((frame.value("sll.ltype"), frame.value("sll.etype")), ("4".into(), String::new()));
    }

    #[test]
    fn the_kind_of_interface_decides_before_the_protocol() {
        let netlink = dissect(LinkType::LINUX_SLL, "0004 0338 0000 0000000000000000 0800 24000000 1200");
        assert_eq!(netlink.protocols(), "sll:data");
        let tunnel = dissect(LinkType::LINUX_SLL, &format!("0004 030a 0004 0a000009 00000000 0800 {PACKET}"));
        assert_eq!((tunnel.protocols(), tunnel.value("sll.src.ipv4")), ("sll:ip".into(), "10.0.0.9".into()));
        assert_eq!((tunnel.value("sll.gretype"), tunnel.value("sll.unused")), ("2048".into(), "00000000".into()));
    }

    #[test]
    fn an_address_longer_than_its_room_is_cut() {
        let frame = dissect(LinkType::LINUX_SLL, &format!("0000 0020 0014 0102030405060708 0800 {PACKET}"));
        assert_eq!((frame.value("sll.src.other"), frame.value("sll.halen")), ("0102030405060708".into(), "20".into()));
        assert_eq!(frame.protocols(), "sll:ip");
    }
}
