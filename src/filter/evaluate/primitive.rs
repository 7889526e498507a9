//! tcpdump's words, asked of a packet. Any layer that is under way may answer: that is how they see through tags and tunnels.

use super::Packet;
use crate::dissect::{link, transport};
use crate::filter::expression::{AddressRange, AddressScope, Family, PortProtocol, Primitive, Side, Tag};
use crate::frame::{Direction, LinkType};
use std::net::IpAddr;

const BROADCAST: [u8; 6] = [0xff; 6];

pub(super) fn matches(primitive: &Primitive, packet: Packet<'_>) -> bool {
    match *primitive {
        Primitive::Address { scope, side, range } => address(scope, side, range, packet),
        Primitive::LinkAddress { side, address } => {
            link_addresses(packet).any(|(destination, source)| side.choose(*source == address, *destination == address))
        }
        Primitive::Port { protocol, side, low, high } => port(protocol, side, low, high, packet),
        Primitive::Layer(protocol) => packet.layers_of(protocol).next().is_some(),
        Primitive::EtherType(number) => packet.has_ether_type(number),
        Primitive::ServiceAccessPoint(number) => packet.layers_named("llc").any(|layer| packet.data.get(layer.start) == Some(&number)),
        Primitive::IpProtocol(family, number) => {
            packet.networks(family).any(|(_, network)| network.protocol == number)
                || packet.first_protocols(family).any(|found| found == number)
        }
        Primitive::ProtocolChain(family, number) => {
            packet.networks(family).any(|(_, network)| packet.chain(network).any(|found| found == number))
        }
        Primitive::LinkBroadcast => link_addresses(packet).any(|(destination, _)| *destination == BROADCAST),
        Primitive::LinkMulticast => link_addresses(packet).any(|([first, ..], _)| first & 1 == 1),
        Primitive::Ipv4Broadcast => ipv4_broadcast(packet),
        Primitive::Ipv4Multicast => {
            destinations(packet).any(|destination| matches!(destination, IpAddr::V4(address) if address.octets() >= [224, 0, 0, 0]))
        }
        Primitive::Ipv6Multicast => {
            destinations(packet).any(|destination| matches!(destination, IpAddr::V6(address) if address.is_multicast()))
        }
        Primitive::Tag { tag, wanted, behind } => has_tag(tag, wanted, behind, packet),
        Primitive::Length(relation, length) => relation.holds(&packet.frame.length, &length),
        Primitive::Direction(wanted) => direction(packet) == Some(wanted),
    }
}

impl AddressRange {
    fn contains(self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::Ipv4 { address, mask }, IpAddr::V4(found)) => found.to_bits() & mask == address,
            (Self::Ipv6 { address, mask }, IpAddr::V6(found)) => found.to_bits() & mask == address,
            (Self::Ipv4 { .. }, IpAddr::V6(_)) | (Self::Ipv6 { .. }, IpAddr::V4(_)) => false,
        }
    }
}

fn address(scope: AddressScope, side: Side, range: AddressRange, packet: Packet<'_>) -> bool {
    let in_packets = || {
        packet.networks(Family::Any).any(|(_, network)| side.choose(range.contains(network.source), range.contains(network.destination)))
    };
    let in_messages = |ether_type: Option<u16>| {
        let is_asked = |at: usize| match ether_type {
            None => true,
            Some(number) => packet.announced(number).any(|layer| layer.start == at),
        };
        packet.layers_named("arp").any(|layer| {
            let addresses = resolution_addresses(packet, layer.start);
            addresses.is_some_and(|(sender, target)| side.choose(range.contains(sender), range.contains(target)) && is_asked(layer.start))
        })
    };
    match scope {
        AddressScope::Any => in_packets() || in_messages(None),
        AddressScope::Packets => in_packets(),
        AddressScope::Arp => in_messages(Some(0x0806)),
        AddressScope::Rarp => in_messages(Some(0x8035)),
    }
}

/// Sender and target of an ARP message about IPv4 (RFC 826).
fn resolution_addresses(packet: Packet<'_>, start: usize) -> Option<(IpAddr, IpAddr)> {
    let &[_, _, 0x08, 0x00, link_length, 4, _, _] = packet.bytes::<8>(start)? else { return None };
    let sender = start + 8 + usize::from(link_length);
    let target = sender + 4 + usize::from(link_length);
    Some((IpAddr::from(*packet.bytes::<4>(sender)?), IpAddr::from(*packet.bytes::<4>(target)?)))
}

/// Destination and source of every Ethernet header.
fn link_addresses<'p>(packet: Packet<'p>) -> impl Iterator<Item = (&'p [u8; 6], &'p [u8; 6])> {
    packet
        .layers_of(&link::ethernet::PROTOCOL)
        .filter_map(move |layer| Some((packet.bytes::<6>(layer.start)?, packet.bytes::<6>(layer.start + 6)?)))
}

fn port(protocol: PortProtocol, side: Side, low: u16, high: u16, packet: Packet<'_>) -> bool {
    let range = low..=high;
    let asked = |start: usize| {
        let ports = packet.number16(start).zip(packet.number16(start + 2));
        ports.is_some_and(|(source, destination)| side.choose(range.contains(&source), range.contains(&destination)))
    };
    // The ports are read where the header begins, not from the summary: a header that was cut off behind them has them all the same.
    let decoded = |protocol| packet.layers_of(protocol).any(|layer| asked(layer.start));
    let tcp = || decoded(&transport::tcp::PROTOCOL);
    let udp = || decoded(&transport::udp::PROTOCOL);
    let sctp = || {
        let mut networks = packet.networks(Family::Any).filter(|(_, network)| network.protocol == 132);
        networks.any(|(index, network)| packet.carried(index, network).is_some_and(asked))
    };
    match protocol {
        PortProtocol::Tcp => tcp(),
        PortProtocol::Udp => udp(),
        PortProtocol::Sctp => sctp(),
        PortProtocol::Any => tcp() || udp() || sctp(),
    }
}

/// Whether a primitive asks for ports that a fragment has from the first one of its datagram.
pub(super) fn has_port(primitive: &Primitive, (number, source, destination): (u8, u16, u16)) -> bool {
    let Primitive::Port { protocol, side, low, high } = *primitive else { return false };
    let is_asked = match protocol {
        PortProtocol::Tcp => number == 6,
        PortProtocol::Udp => number == 17,
        PortProtocol::Sctp => number == 132,
        PortProtocol::Any => true,
    };
    is_asked && side.choose((low..=high).contains(&source), (low..=high).contains(&destination))
}

fn destinations<'p>(packet: Packet<'p>) -> impl Iterator<Item = IpAddr> {
    packet.networks(Family::Any).map(|(_, network)| network.destination)
}

/// All ones or all zeros. The broadcast address of a subnet cannot be told without its mask, but a packet to it travels in a frame for all.
fn ipv4_broadcast(packet: Packet<'_>) -> bool {
    packet.networks(Family::Ipv4).any(|(_, network)| {
        let IpAddr::V4(destination) = network.destination else { return false };
        destination.is_broadcast() || destination.is_unspecified() || {
            let around = packet.dissection.layers.get(..network.layer).unwrap_or_default();
            let frame =
                around.iter().rev().take_while(|layer| layer.network.is_none()).find(|layer| layer.protocol.is(&link::ethernet::PROTOCOL));
            frame.is_some_and(|frame| packet.bytes::<6>(frame.start) == Some(&BROADCAST))
        }
    })
}

fn has_tag(tag: &Tag, wanted: Option<u32>, behind: usize, packet: Packet<'_>) -> bool {
    let mut layers = packet.layers().filter(|layer| tag.protocols.contains(&layer.protocol.name)).skip(behind);
    let Some(wanted) = wanted else { return layers.next().is_some() };
    layers.any(|layer| {
        let at = layer.start + tag.place.0;
        let bytes = packet.data.get(at..at + tag.place.1).unwrap_or_default();
        let number = bytes.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        bytes.len() == tag.place.1 && (number & tag.mask) >> tag.mask.trailing_zeros() == wanted
    })
}

/// Which way the frame went: as the capture says, or as a cooked header does (4 in its packet type: sent by us).
fn direction(packet: Packet<'_>) -> Option<Direction> {
    let cooked = match packet.frame.link_type {
        LinkType::LINUX_SLL => packet.frame.data.get(1).copied(),
        LinkType::LINUX_SLL2 => packet.frame.data.get(10).copied(),
        _ => return packet.frame.annotations.direction(),
    };
    cooked.map(|kind| if kind == 4 { Direction::Outbound } else { Direction::Inbound })
}
