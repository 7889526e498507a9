//! A frame as its link sees it: from which card to which, and what it carries right behind its header.

use super::arp::Arp;
use crate::dissect::link::{cooked, ethernet, loopback, vlan};
use crate::dissect::network::{arp, ipv4, ipv6};
use crate::dissect::{Dissection, Network, Protocol};
use crate::explain::Scene;

/// A link of the capture: what one card hears. Each interface is one, and each VLAN of it another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId {
    /// The interface of the capture.
    pub interface: u32,
    /// The number of the device, where one interface of the capture stands for several (`any`).
    pub device: u32,
    /// The VLAN tags, twelve bits each, the outer one in the higher bits; 0 without any.
    pub tags: u32,
}

/// The kind of interface that cooked captures give to the loopback interface (linux/if_arp.h).
const COOKED_LOOPBACK: [u8; 2] = 772_u16.to_be_bytes();

/// What a frame carries, as far as its link is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// An IP packet: the first of the frame's networks.
    Packet,
    /// A question or an answer about hardware addresses.
    Arp(Arp),
    /// Something else.
    Other,
}

/// A frame on its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The link.
    pub link: LinkId,
    /// The card that sent it on this link, where the link has hardware addresses and the capture kept this one.
    pub source: Option<[u8; 6]>,
    /// The card that it is for; a cooked capture does not keep it.
    pub destination: Option<[u8; 6]>,
    /// What it carries.
    pub carries: Carries,
    /// Whether the link leads back to the machine itself.
    pub is_loopback: bool,
}

impl Passage {
    /// The frame of a scene on its link.
    pub(in crate::explain) fn of(scene: &Scene<'_>) -> Self {
        let (bytes, dissection) = scene.own();
        let mut passage = Self {
            link: LinkId { interface: scene.packet.frame.interface.0, ..LinkId::default() },
            source: None,
            destination: None,
            carries: Carries::Other,
            is_loopback: false,
        };
        if let Some(header) = plain_header(scene) {
            let &[a, b, c, d, e, f, ref source @ ..] = header;
            (passage.destination, passage.source) = (Some([a, b, c, d, e, f]), Some(*source));
            // Linux shows its loopback interface as an Ethernet without addresses.
            passage.is_loopback = *header == [0; 12];
            passage.carries = Carries::Packet;
            return passage;
        }
        let mut layers = dissection.layers.iter();
        let Some(first) = layers.next() else { return passage };
        let at = |place: usize| bytes.get(place..).and_then(|rest| rest.first_chunk::<6>()).copied();
        if is(first.protocol, &ethernet::PROTOCOL) {
            (passage.destination, passage.source) = (at(0), at(6));
            passage.is_loopback = bytes.get(..12) == Some(&[0; 12]);
        } else if is(first.protocol, &cooked::VERSION_1) {
            passage.is_loopback = bytes.get(2..4) == Some(&COOKED_LOOPBACK);
            passage.source = at(6).filter(|_| matches!(bytes.get(2..6), Some([0, 1, 0, 6])));
        } else if is(first.protocol, &cooked::VERSION_2) {
            passage.is_loopback = bytes.get(8..10) == Some(&COOKED_LOOPBACK);
            passage.source = at(12).filter(|_| matches!(bytes.get(8..12), Some([0, 1, _, 6])));
            passage.link.device = bytes.get(4..8).and_then(|index| index.first_chunk()).map_or(0, |index| u32::from_be_bytes(*index));
        }
        // This kind of link stands for tunnels too: the addresses tell.
        passage.is_loopback |= is(first.protocol, &loopback::PROTOCOL)
            && dissection.networks.first().is_some_and(|packet| packet.source.is_loopback() || packet.source == packet.destination);
        for layer in layers {
            if is(layer.protocol, &vlan::PROTOCOL) || is(layer.protocol, &vlan::SERVICE_TAG) {
                let tag = bytes.get(layer.start..).and_then(|rest| rest.first_chunk()).map_or(0, |tag| u16::from_be_bytes(*tag));
                passage.link.tags = passage.link.tags << 12 | u32::from(tag & 0x0fff);
                continue;
            }
            if is(layer.protocol, &ipv4::PROTOCOL) || is(layer.protocol, &ipv6::PROTOCOL) {
                passage.carries = Carries::Packet;
            } else if is(layer.protocol, &arp::PROTOCOL)
                && let Some(arp) = Arp::read(bytes.get(layer.start..layer.end).unwrap_or_default())
            {
                passage.carries = Carries::Arp(arp);
            }
            break;
        }
        passage
    }

    /// Both cards, where the frame goes from one to one other.
    #[must_use]
    pub fn cards(&self) -> Option<([u8; 6], [u8; 6])> {
        let (source, destination) = (self.source.filter(is_card)?, self.destination.filter(is_card)?);
        (source != destination).then_some((source, destination))
    }

    /// The packet that it carries.
    #[must_use]
    pub fn packet<'d>(&self, dissection: &'d Dissection) -> Option<&'d Network> {
        dissection.networks.first().filter(|_| self.carries == Carries::Packet)
    }
}

/// The hardware addresses of what nearly every frame is: Ethernet with an IP packet right behind its header.
pub(super) fn plain_header<'a>(scene: &Scene<'a>) -> Option<&'a [u8; 12]> {
    let (bytes, dissection) = scene.own();
    match (dissection.layers.as_slice(), dissection.networks.as_slice()) {
        ([first, ..], [Network { layer: 1, .. }, ..]) if is(first.protocol, &ethernet::PROTOCOL) => bytes.first_chunk(),
        _ => None,
    }
}

/// Whether a hardware address is one card's: neither a group's nor empty.
#[must_use]
pub(in crate::explain) fn is_card(address: &[u8; 6]) -> bool {
    address[0] & 1 == 0 && *address != [0; 6]
}

/// Whether several routers share a hardware address, so that what comes from them may come from another: VRRP and CARP (RFC 9568 7.3), HSRP, GLBP.
#[must_use]
pub(in crate::explain) fn is_shared_by_routers(address: [u8; 6]) -> bool {
    matches!(
        address,
        [0, 0, 0x5e, 0, 1 | 2, _]
            | [0, 0, 0x0c, 7, 0xac, _]
            | [0, 0, 0x0c, 0x9f, 0xf0..=0xff, _]
            | [0, 5, 0x73, 0xa0..=0xff, _, _]
            | [0, 7, 0xb4, ..]
    )
}

fn is(protocol: &'static Protocol, other: &'static Protocol) -> bool {
    std::ptr::eq(protocol, other)
}
