//! Finding headers among the layers of a packet. Those that an ICMP error quotes are passed over: they are not under way.

use super::Packet;
use crate::dissect::registry::registry;
use crate::dissect::{Layer, Network, Protocol, Selector, network};
use crate::filter::expression::Family;
use crate::limits::Limits;
use std::net::IpAddr;

impl<'p> Packet<'p> {
    /// Bytes of the packet.
    pub(super) fn bytes<const N: usize>(self, at: usize) -> Option<&'p [u8; N]> {
        self.data.get(at..)?.first_chunk()
    }

    /// A 16 bit number of the packet.
    pub(super) fn number16(self, at: usize) -> Option<u16> {
        self.bytes::<2>(at).map(|bytes| u16::from_be_bytes(*bytes))
    }

    /// The layers that are under way, outermost first.
    pub(super) fn layers(self) -> impl Iterator<Item = &'p Layer> {
        self.dissection.layers.iter().skip(self.first_layer).filter(|layer| !layer.quoted)
    }

    /// Those of a protocol.
    pub(super) fn layers_of(self, protocol: &'static Protocol) -> impl Iterator<Item = &'p Layer> {
        self.layers().filter(move |layer| layer.protocol.is(protocol))
    }

    /// Those of a protocol's name.
    pub(super) fn layers_named(self, name: &'static str) -> impl Iterator<Item = &'p Layer> {
        self.layers().filter(move |layer| layer.protocol.name == name)
    }

    /// The packets that are under way, with their places among all of them.
    pub(super) fn networks(self, family: Family) -> impl Iterator<Item = (usize, &'p Network)> {
        self.dissection.networks.iter().enumerate().filter(move |(_, network)| !network.quoted && family.includes(network))
    }

    /// The layers that an EtherType announces: the type stands in the layer around them.
    pub(super) fn announced(self, ether_type: u16) -> impl Iterator<Item = &'p Layer> {
        let layers = &self.dissection.layers;
        let pairs = layers.iter().zip(layers.iter().skip(1)).enumerate();
        pairs
            .filter(move |(index, (around, layer))| {
                if layer.quoted || index + 1 < self.first_layer {
                    return false;
                }
                match self.ether_type(around) {
                    Some(found) => found == ether_type,
                    // A link without types of its own (PPP, raw IP) says in another way what it carries.
                    None => (*index == 0 || around.protocol.name == "ppp") && is_claimed(ether_type, layer),
                }
            })
            .map(|(_, (_, layer))| layer)
            .chain(layers.first().filter(move |first| self.first_layer == 0 && is_claimed(ether_type, first)))
    }

    /// The EtherType in a layer's header, where it has one.
    fn ether_type(self, layer: &Layer) -> Option<u16> {
        let at = match layer.protocol.name {
            "eth" => 12,
            "vlan" | "ieee8021ad" | "chdlc" | "gre" | "geneve" => 2,
            "sll" => 14,
            "sll2" => 0,
            "llc" => 6,
            _ => return None,
        };
        let number = self.number16(layer.start + at);
        // A subnetwork header: 0xaaaa03 and an organization before the type (RFC 1042).
        if layer.protocol.name == "llc" { number.filter(|_| self.number16(layer.start) == Some(0xaaaa)) } else { number }
    }

    /// Whether an EtherType stands in some layer, whether what it announces is decoded or not.
    pub(super) fn has_ether_type(self, ether_type: u16) -> bool {
        self.layers().any(|layer| self.ether_type(layer) == Some(ether_type)) || self.announced(ether_type).next().is_some()
    }

    /// Where what a packet carries begins; `None` for a fragment other than the first.
    pub(super) fn carried(self, index: usize, network: &Network) -> Option<usize> {
        if network.fragment.is_some_and(|part| part.offset != 0) {
            return None;
        }
        let behind = self.dissection.layers.get(network.layer + 1..)?;
        let mut same = behind.iter().filter(|layer| layer.network.map(usize::from) == Some(index));
        // A protocol that is not decoded is the last layer of its packet: bytes.
        same.find(|layer| layer.protocol.is(registry().payload()) || goes_by(layer.protocol, network.protocol)).map(|layer| layer.start)
    }

    /// The number in each packet's own header of what is directly behind it; a header that was cut off behind it has it all the same.
    pub(super) fn first_protocols(self, family: Family) -> impl Iterator<Item = u8> {
        self.layers().filter_map(move |layer| self.first_protocol(layer, family))
    }

    fn first_protocol(self, layer: &Layer, family: Family) -> Option<u8> {
        let at = if family != Family::Ipv6 && layer.protocol.is(&network::ipv4::PROTOCOL) {
            9
        } else if family != Family::Ipv4 && layer.protocol.is(&network::ipv6::PROTOCOL) {
            6
        } else {
            return None;
        };
        self.data.get(layer.start + at).copied()
    }

    /// The numbers of all headers in a packet's chain, its own first (RFC 8200 section 4, RFC 4302).
    pub(super) fn chain(self, network: &Network) -> impl Iterator<Item = u8> {
        let layer = self.dissection.layers.get(network.layer);
        let mut at = layer.map_or(0, Layer::payload_start);
        let mut number = layer.and_then(|layer| self.first_protocol(layer, Family::Any));
        let mut left = Limits::FILTER_HEADERS;
        let is_ipv6 = network.source.is_ipv6();
        std::iter::from_fn(move || {
            let current = number?;
            left -= 1;
            number = None;
            if left > 0
                && let Some(&[next, length, _, offset]) = self.bytes::<4>(at)
            {
                let header = match current {
                    0 | 43 | 60 | 135 | 139 | 140 if is_ipv6 => Some(usize::from(length) * 8 + 8),
                    // Behind a fragment other than the first there is no header.
                    44 if is_ipv6 && offset & 0xf8 == 0 && self.data.get(at + 2) == Some(&0) => Some(8),
                    51 => Some(usize::from(length) * 4 + 8),
                    _ => None,
                };
                if let Some(header) = header {
                    at += header;
                    number = Some(next);
                } else if current == 44 && is_ipv6 {
                    // Its number is known all the same: the fragment header keeps it.
                    number = Some(next);
                    left = 1;
                }
            }
            Some(current)
        })
    }
}

/// Whether a protocol goes by an IP protocol number.
fn goes_by(protocol: &Protocol, number: u8) -> bool {
    protocol.claims.iter().any(|claim| matches!(claim, Selector::IpProtocol(claimed) if *claimed == number))
}

/// Whether a layer's protocol goes by an EtherType.
fn is_claimed(ether_type: u16, layer: &Layer) -> bool {
    registry().find(Selector::EtherType(ether_type)).is_some_and(|protocol| layer.protocol.is(protocol))
}

impl Family {
    fn includes(self, network: &Network) -> bool {
        match (self, network.source) {
            (Self::Any, _) | (Self::Ipv4, IpAddr::V4(_)) | (Self::Ipv6, IpAddr::V6(_)) => true,
            (Self::Ipv4, IpAddr::V6(_)) | (Self::Ipv6, IpAddr::V4(_)) => false,
        }
    }
}
