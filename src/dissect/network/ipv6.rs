//! Internet Protocol, version 6 (RFC 8200).

use super::ip_protocol_name;
use super::ipv4::{DSCP_NAMES, ECN_NAMES};
use crate::dissect::{Describe, Field, Network, Next, Protocol, Selector, Stop, Walk};
use std::net::{IpAddr, Ipv6Addr};

/// IPv6.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipv6",
    label: "IPv6",
    title: "Internet Protocol version 6",
    reference: "RFC 8200",
    claims: &[Selector::LinkType(229), Selector::EtherType(0x86dd), Selector::PppProtocol(0x0057), Selector::IpProtocol(41)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// How long the fixed header is.
pub(super) const HEADER_LENGTH: usize = 40;
const HOP_BY_HOP: u8 = 0;
const NO_NEXT_HEADER: u8 = 59;
const JUMBO_PAYLOAD: u8 = 0xc2;

fields! {
    VERSION = Field::number("ipv6.version", "Version", "Which version of the Internet Protocol this is: 6.");
    DSCP = Field::number("ipv6.tclass.dscp", "Differentiated services", "How routers should treat the packet among others: a code point, 0 for nothing special.").names(DSCP_NAMES);
    ECN = Field::number("ipv6.tclass.ecn", "Congestion notification", "Whether both ends understand congestion marks, and whether a router set one instead of dropping the packet.").names(ECN_NAMES);
    FLOW_LABEL = Field::hexadecimal("ipv6.flow", "Flow label", 5, "The same for all packets of one flow, so that routers can keep them on one path; 0 where the sender set none.");
    PAYLOAD_LENGTH = Field::number("ipv6.plen", "Payload length", "Everything behind this header, extension headers included; 0 where a jumbo payload option or segmentation offload tells it.").unit("bytes");
    NEXT_HEADER = Field::number("ipv6.nxt", "Next header", "What follows this header: an extension header, or what the packet carries.").named_by(ip_protocol_name);
    HOP_LIMIT = Field::number("ipv6.hlim", "Hop limit", "How many more routers may pass the packet on: each takes 1 off, and the one that reaches 0 drops it.");
    SOURCE = Field::ipv6("ipv6.src", "Source", "The address of the host that sent the packet.").aliases(&["ipv6.addr"]);
    DESTINATION = Field::ipv6("ipv6.dst", "Destination", "The address of the host that the packet is for, or of the next stop where a routing header names more.").aliases(&["ipv6.addr"]);
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.bytes().first().is_some_and(|first| first >> 4 == 4) {
        return Ok(Next::Instead(&super::ipv4::PROTOCOL));
    }
    let &[first, _, _, _, length_high, length_low, next, hop_limit, ref addresses @ ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    if first >> 4 != 6 {
        return Err(walk.invalid("version", 6, usize::from(first >> 4)));
    }
    let [source, destination] = addresses.as_chunks::<16>().0 else { return Err(walk.short(HEADER_LENGTH, "header")) };
    let (source, destination) = (IpAddr::V6(Ipv6Addr::from(*source)), IpAddr::V6(Ipv6Addr::from(*destination)));
    walk.set_network(Network {
        layer: 0,
        source,
        destination,
        final_destination: destination,
        home_source: source,
        protocol: next,
        hop_limit,
        fragment: None,
        quoted: false,
    })?;
    let stated = usize::from(u16::from_be_bytes([length_high, length_low]));
    let payload = match next {
        _ if stated != 0 => Some(stated),
        NO_NEXT_HEADER => Some(0),
        HOP_BY_HOP => walk.bytes().get(HEADER_LENGTH..).and_then(jumbo_payload),
        // Segmentation offload leaves 0 for the network card to fill in: then the frame tells the length.
        _ => None,
    };
    if let Some(payload) = payload {
        walk.limit(HEADER_LENGTH.saturating_add(payload));
    }
    walk.header(HEADER_LENGTH);
    Ok(Next::Claimed(Selector::NextHeader(next)))
}

/// The payload length that a jumbo payload option says, in a hop-by-hop options header at the start of `bytes` (RFC 2675 section 2).
#[expect(clippy::arithmetic_side_effects, reason = "at most 256 times 8")]
fn jumbo_payload(bytes: &[u8]) -> Option<usize> {
    let length = (usize::from(*bytes.get(1)?) + 1) * 8;
    let mut rest = bytes.get(2..length.min(bytes.len()))?;
    loop {
        match *rest {
            [0, ..] => rest = rest.get(1..)?,
            [JUMBO_PAYLOAD, 4, a, b, c, d, ..] => return usize::try_from(u32::from_be_bytes([a, b, c, d])).ok(),
            [_, length, ..] => rest = rest.get(2 + usize::from(length)..)?,
            [_] | [] => return None,
        }
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 4, 0xf000_0000)?;
    d.bits(&DSCP, 0, 4, 0x0fc0_0000)?;
    d.bits(&ECN, 0, 4, 0x0030_0000)?;
    d.bits(&FLOW_LABEL, 0, 4, 0x000f_ffff)?;
    d.number(&PAYLOAD_LENGTH, 4, 2)?;
    d.number(&NEXT_HEADER, 6, 1)?;
    d.number(&HOP_LIMIT, 7, 1)?;
    d.ipv6(&SOURCE, 8)?;
    d.ipv6(&DESTINATION, 24)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{dissect, dissect_cut};
    use crate::dissect::{StopReason, testing::bytes};
    use crate::frame::LinkType;

    const ADDRESSES: &str = "20010db8000000000000000000000001 20010db8000000000000000000000002";

    #[test]
    fn the_fixed_header_and_its_fields() {
        let got = dissect(LinkType::IPV6, &format!("6b812345 0004 fd 40 {ADDRESSES} 01020304 ffff"));
        assert_eq!(got.protocols(), "ipv6:data");
        assert_eq!(
            [got.value("ipv6.tclass.dscp"), got.value("ipv6.tclass.ecn"), got.value("ipv6.flow")],
            ["46", "0", &0x12345.to_string()]
        );
        assert_eq!([got.value("ipv6.plen"), got.value("ipv6.nxt"), got.value("ipv6.hlim")], ["4", "253", "64"]);
        assert_eq!([got.value("ipv6.src"), got.value("ipv6.dst")], ["2001:db8::1", "2001:db8::2"]);
        assert_eq!(got.dissection.layers[1].end, 44, "what is behind the payload is no packet's");
    }

    #[test]
    fn a_payload_length_of_0_means_the_frame_unless_nothing_follows() {
        let offloaded = dissect(LinkType::IPV6, &format!("60000000 0000 11 40 {ADDRESSES} 0035 0035 0009 0000 aa"));
        assert_eq!(offloaded.dissection.layers[0].end, 49);
        let empty = dissect(LinkType::IPV6, &format!("60000000 0000 3b 40 {ADDRESSES} 000000000000"));
        assert_eq!((empty.protocols().as_str(), empty.dissection.layers[0].end), ("ipv6", 40));
    }

    #[test]
    fn the_version_in_a_packet_counts_whatever_is_said_before_it() {
        let got = dissect(LinkType::IPV4, &format!("60000000 0008 11 40 {ADDRESSES} 03e903e9 0008 0000"));
        assert_eq!((got.protocols().as_str(), got.dissection.networks.len()), ("ipv6:udp", 1));
        let got = dissect(LinkType::IPV6, "4500001c 00000000 40110000 0a000001 0a000002 03e903e9 0008 0000");
        assert_eq!((got.protocols().as_str(), got.dissection.networks.len()), ("ip:udp", 1));
    }

    #[test]
    fn another_version_and_a_cut_header_are_said() {
        let got = dissect(LinkType::IPV6, &format!("50000000 0000 3b 40 {ADDRESSES}"));
        assert_eq!(got.dissection.stop.map(|stop| (stop.reason, stop.had)), Some((StopReason::Invalid, 5)));
        let got = dissect_cut(LinkType::IPV6, bytes("60000000 0010 3b 40 2001"), 56);
        assert_eq!(got.dissection.stop.map(|stop| (stop.reason, stop.had)), Some((StopReason::Cut, 10)));
        assert_eq!(got.value("ipv6.hlim"), "64");
    }
}
