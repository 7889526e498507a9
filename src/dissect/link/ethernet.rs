//! Ethernet II and IEEE 802.3 (IEEE 802.3-2022 section 3.2).

use super::isl;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Ethernet.
pub static PROTOCOL: Protocol = Protocol {
    name: "eth",
    label: "Ethernet",
    title: "Ethernet",
    reference: "IEEE 802.3-2022 section 3.2",
    claims: &[Selector::LinkType(1), Selector::EtherType(0x6558), Selector::IpProtocol(143)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// What a type field may mean: below this it is a length (IEEE 802.3-2022 section 3.2.6).
pub const FIRST_ETHER_TYPE: u16 = 0x0600;

/// The names of the EtherTypes that wirelore meets.
pub const ETHER_TYPES: &[(u64, &str)] = &[
    (0x0800, "IPv4"),
    (0x0806, "ARP"),
    (0x0842, "Wake-on-LAN"),
    (0x22eb, "ERSPAN type III"),
    (0x22f0, "Audio video transport"),
    (0x22f3, "TRILL"),
    (0x6003, "DECnet routing"),
    (0x6558, "Transparent Ethernet bridging"),
    (0x8035, "RARP"),
    (0x809b, "AppleTalk"),
    (0x80f3, "AppleTalk ARP"),
    (0x8100, "802.1Q tag"),
    (0x8137, "IPX"),
    (0x86dd, "IPv6"),
    (0x8808, "Flow control"),
    (0x8809, "Slow protocols"),
    (0x880b, "PPP"),
    (0x8847, "MPLS"),
    (0x8848, "MPLS, multicast"),
    (0x8863, "PPPoE discovery"),
    (0x8864, "PPPoE session"),
    (0x887b, "HomePlug"),
    (0x888e, "802.1X authentication"),
    (0x8892, "PROFINET"),
    (0x88a2, "ATA over Ethernet"),
    (0x88a4, "EtherCAT"),
    (0x88a8, "802.1ad tag"),
    (0x88b8, "GOOSE"),
    (0x88be, "ERSPAN"),
    (0x88ca, "TIPC"),
    (0x88cc, "LLDP"),
    (0x88e1, "HomePlug AV"),
    (0x88e5, "MACsec"),
    (0x88e7, "802.1ah backbone tag"),
    (0x88f5, "MVRP"),
    (0x88f7, "PTP"),
    (0x8902, "CFM"),
    (0x8909, "Cisco metadata"),
    (0x8906, "FCoE"),
    (0x8914, "FCoE initialization"),
    (0x8915, "RoCE"),
    (0x8926, "Cisco VN-Tag"),
    (0x892f, "HSR tag"),
    (0x893f, "802.1BR tag"),
    (0x894f, "NSH"),
    (0x9000, "Loopback test"),
    (0x9100, "Q-in-Q tag"),
    (0x9200, "Q-in-Q tag"),
    (0xd28b, "Arista vendor-specific"),
    (0xf1c1, "802.1CB tag"),
];

fields! {
    DESTINATION = Field::mac("eth.dst", "Destination", "The link address that the frame is for: a card, a group, or ff:ff:ff:ff:ff:ff for everybody on this link.").aliases(&["eth.addr"]);
    SOURCE = Field::mac("eth.src", "Source", "The link address of the card that sent the frame on this link; a router puts its own here.").aliases(&["eth.addr"]);
    TYPE = Field::hexadecimal("eth.type", "Type", 4, "What the frame carries.").names(ETHER_TYPES);
    LENGTH = Field::number("eth.len", "Length", "How many bytes of 802.2 data follow; the rest is padding.").unit("bytes");
    TRAILER = Field::bytes("eth.trailer", "Trailer", "Bytes behind the packet: padding up to the least length of a frame, or what a switch added.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if isl::is(walk.bytes()) {
        walk.header(0);
        return Ok(Next::Protocol(&isl::PROTOCOL));
    }
    let &[.., high, low] = walk.header_bytes::<14>()?;
    walk.header(14);
    Ok(type_or_length(walk, u16::from_be_bytes([high, low])))
}

/// What a number that is a type or a length says about the payload.
pub(super) fn type_or_length(walk: &mut Walk<'_>, number: u16) -> Next {
    if number < FIRST_ETHER_TYPE {
        walk.limit_payload(usize::from(number));
        Next::Claimed(Selector::LinkLength)
    } else {
        Next::Claimed(Selector::EtherType(number))
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    if isl::is(d.view.bytes()) {
        return Some(());
    }
    describe_addresses(d)?;
    describe_type(d, 12)
}

/// Gives the addresses that a frame begins with.
pub(super) fn describe_addresses(d: &mut Describe<'_, '_>) -> Option<()> {
    d.mac(&DESTINATION, 0)?;
    d.mac(&SOURCE, 6)?;
    Some(())
}

/// Gives the type or the length that a header ends with, and what stands behind the layer inside.
pub(super) fn describe_type(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    let is_type = d.peek(at, 2)? >= u64::from(FIRST_ETHER_TYPE);
    d.number(if is_type { &TYPE } else { &LENGTH }, at, 2)?;
    describe_trailer(d, &TRAILER)
}

/// Gives what stands behind the layer inside.
pub(super) fn describe_trailer(d: &mut Describe<'_, '_>, trailer: &'static Field) -> Option<()> {
    let layer = d.view.layer();
    let used = d.view.child().map_or(layer.end, |child| child.end).saturating_sub(layer.start);
    let behind = layer.end.saturating_sub(layer.start).saturating_sub(used);
    if behind > 0 {
        d.bytes(trailer, used, behind)?;
    }
    Some(())
}
