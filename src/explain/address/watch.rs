//! Looks at the addresses of packets: each kind is told of at the first frame that shows it, and what cannot be, wherever it is.

use super::embedded::{Embedded, embedded};
use super::facts::{self, AddressFacts, Misplaced, Pointless};
use super::multicast::group_link_address;
use super::special::Purpose;
use super::translated::Openings;
use super::{Kind, common_bits, kind};
use crate::dissect::Network;
use crate::explain::room::NoRoom;
use crate::explain::scene::Lessons;
use crate::explain::surroundings::{LinkId, Passage, Surety};
use crate::explain::{Ending, Note, Notes, Scene, Surroundings};
use crate::limits::Limits;
use std::net::{IpAddr, Ipv4Addr};

/// The hop limits that hosts begin with: another one says that a router was passed.
const BEGINNINGS: [u8; 4] = [32, 64, 128, 255];
/// The port of UDP for echoes of bidirectional forwarding detection (RFC 5881 section 4).
const BFD_ECHO: u16 = 3785;
/// The broadcast link address.
const EVERYBODY: [u8; 6] = [0xff; 6];

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(in crate::explain) struct AddressWatch {
    /// Private sources that came in on a link of public addresses.
    strangers: Vec<Stranger>,
    openings: Openings,
    forgotten: NoRoom,
}

/// A private source that came to a public address.
#[derive(Debug)]
struct Stranger {
    source: IpAddr,
    destination: IpAddr,
    router: IpAddr,
    frames: Vec<u64>,
    packets: u64,
    answered: bool,
}

impl Lessons for AddressWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        if known.is_usual() && self.strangers.is_empty() {
            return;
        }
        let (_, dissection) = scene.own();
        let networks = dissection.networks.as_slice();
        let Some(first) = networks.first() else { return };
        if !self.strangers.is_empty() {
            self.answer(first);
        }
        if let Some(transport) = dissection.transport().filter(|transport| networks.len() == 1 && Openings::is_opening(scene, transport)) {
            self.openings.look_at(scene, first, transport, notes);
        }
        // What was said of a pair of addresses need not be said again; in tunnels there are many pairs in one.
        if networks.len() == 1 && !known.is_first() {
            return;
        }
        for network in networks.iter().filter(|network| !network.quoted) {
            look_at(scene, network, notes);
        }
        if let Some(passage) = known.passage().filter(|_| !first.quoted) {
            on_link(scene, first, passage, known, notes);
            self.stranger(scene, first, passage, known);
        }
    }

    fn finish(&mut self, _: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        for stranger in self.strangers.drain(..).filter(|stranger| !stranger.answered) {
            let Stranger { source, destination, router, frames, packets, .. } = stranger;
            let Kind::Special(row) = kind(source) else { continue };
            let facts = AddressFacts::PrivateOutside { source, row, destination, router, packets };
            notes.say(&facts::PRIVATE_OUTSIDE, source, || Note::inferred(facts, &frames).of_frames(packets));
        }
    }
}

/// What a packet's addresses are, wherever it travels.
fn look_at(scene: &Scene<'_>, network: &Network, notes: &mut Notes) {
    let Network { source, destination, .. } = *network;
    let frame = [scene.number()];
    for (address, is_source) in [(source, true), (destination, false)] {
        let misplaced = match address {
            address if is_source && address.is_multicast() => Some(Misplaced::GroupAsSource),
            IpAddr::V4(Ipv4Addr::BROADCAST) if is_source => Some(Misplaced::BroadcastAsSource),
            address if !is_source && address.is_unspecified() => Some(Misplaced::UnspecifiedAsDestination),
            IpAddr::V4(address) if !address.is_unspecified() && address.octets()[0] == 0 => Some(Misplaced::OfNoNetwork),
            _ => None,
        };
        if let Some(why) = misplaced {
            let other = if is_source { destination } else { source };
            notes.say(&facts::MARTIAN, (why, address), || scene.note(Note::seen(AddressFacts::Misplaced { address, why, other }, &frame)));
            continue;
        }
        if let Some(why) = pointless(address) {
            let other = if is_source { destination } else { source };
            out_of_place(scene, address, why, other, notes);
            if matches!(why, Pointless::SixToFour(_) | Pointless::Translated(_)) {
                continue;
            }
        }
        match kind(address) {
            Kind::Special(row) => {
                let Some(rule) = facts::rule_of(row.purpose) else { continue };
                if let Some((address, from)) = made(address) {
                    notes.say(rule, address, || scene.note(Note::seen(AddressFacts::Made { rule, address, from }, &frame)));
                } else if row.purpose == Purpose::LimitedBroadcast {
                    notes.say(rule, (), || scene.note(Note::seen(AddressFacts::LimitedBroadcast, &frame)));
                } else {
                    notes.say(rule, row.prefix, || scene.note(Note::seen(AddressFacts::Special { rule, address, row }, &frame)));
                }
            }
            Kind::Global => {
                notes.say(&facts::GLOBAL, address.is_ipv4(), || scene.note(Note::seen(AddressFacts::Global { address }, &frame)));
            }
            Kind::Multicast | Kind::Ipv4Compatible | Kind::SiteLocal | Kind::Unassigned => {}
        }
    }
}

/// Why an address has no meaning in any packet.
fn pointless(address: IpAddr) -> Option<Pointless> {
    let kind = kind(address);
    if kind == Kind::SiteLocal {
        return Some(Pointless::SiteLocal);
    }
    let purpose = kind.purpose()?;
    if purpose == Purpose::Reserved {
        return Some(Pointless::Reserved);
    }
    if purpose == Purpose::DiscardOnly {
        return Some(Pointless::Discarded);
    }
    let (_, from) = made(address)?;
    if let Embedded::SixToFour { router, .. } = from {
        return is_of_no_internet(router).then_some(Pointless::SixToFour(router));
    }
    // Networks choose other prefixes for their own translators, and may translate what they like.
    if let (Purpose::Translation, Embedded::Translated { address, certain: true, .. }) = (purpose, from) {
        return is_of_no_internet(address).then_some(Pointless::Translated(address));
    }
    None
}

/// Whether the internet cannot have a route to an address; what examples are written with counts as one of it.
fn is_of_no_internet(address: Ipv4Addr) -> bool {
    let none = [Purpose::Private, Purpose::Loopback, Purpose::LinkLocal, Purpose::Shared, Purpose::ThisHost, Purpose::ThisNetwork];
    address.is_multicast() || kind(address.into()).purpose().is_some_and(|purpose| none.contains(&purpose))
}

fn out_of_place(scene: &Scene<'_>, address: IpAddr, why: Pointless, other: IpAddr, notes: &mut Notes) {
    let facts = AddressFacts::OutOfPlace { address, why, other };
    notes.say(&facts::OUT_OF_PLACE, (why, address), || scene.note(Note::seen(facts, &[scene.number()])));
}

/// What an address was made from, where that is its kind.
fn made(address: IpAddr) -> Option<(std::net::Ipv6Addr, Embedded)> {
    let IpAddr::V6(address) = address else { return None };
    let is_kind = |from: &Embedded| match from {
        Embedded::Ipv4Mapped(_) | Embedded::SixToFour { .. } | Embedded::Teredo { .. } | Embedded::Translated { .. } => true,
        Embedded::Ipv4Compatible(_)
        | Embedded::Ipv4Translated(_)
        | Embedded::Isatap { .. }
        | Embedded::LinkAddress(_)
        | Embedded::GroupPrefix(_)
        | Embedded::RendezvousPoint(_) => false,
    };
    embedded(address).into_iter().find(is_kind).map(|from| (address, from))
}

/// What a packet's addresses are to the link that its frame is on.
fn on_link(scene: &Scene<'_>, network: &Network, passage: &Passage, known: &Surroundings, notes: &mut Notes) {
    let Network { source, destination, .. } = *network;
    let frame = [scene.number()];
    if let (Some(from), Some(to)) = (passage.source, passage.destination)
        && is_on_cable(scene, network)
        && from != [0; 6]
        && to != [0; 6]
    {
        // Whoever looks whether a path works sends to itself, by way of the neighbour (BFD echo, RFC 5881 section 4).
        let is_probe = scene.own().1.transport().is_some_and(|transport| transport.destination_port == BFD_ECHO);
        if source == destination && from != to && !source.is_loopback() && !source.is_unspecified() && !source.is_multicast() && !is_probe {
            out_of_place(scene, source, Pointless::ToItself, destination, notes);
        }
        if matches!(destination, IpAddr::V6(group) if matches!(group.octets(), [0xff, scope, ..] if scope & 15 == 1)) {
            let facts = AddressFacts::Misplaced { address: destination, why: Misplaced::GroupOfTheHost, other: source };
            notes.say(&facts::MARTIAN, (Misplaced::GroupOfTheHost, destination), || scene.note(Note::seen(facts, &frame)));
        }
        let is_of_link = source.is_ipv4() && kind(source).purpose() == Some(Purpose::LinkLocal);
        // A host without another address asks its own link for every address (RFC 3927 section 2.6.2).
        if is_of_link && kind(destination) == Kind::Global && known.mac_of(Some(passage.link), destination) != Some(to) {
            out_of_place(scene, source, Pointless::BeyondTheLink, destination, notes);
        }
        for address in [source, destination].into_iter().filter(IpAddr::is_loopback) {
            notes.say(&facts::LOOPBACK, (address.is_ipv4(), from), || {
                scene.note(Note::seen(AddressFacts::Loopback { address, from, to }, &frame))
            });
        }
    }
    if destination.is_multicast()
        && let Some(maps_to) = group_link_address(destination)
    {
        let found = passage.destination.filter(|found| *found != [0; 6]);
        notes.say(&facts::MULTICAST, destination, || {
            let fits = found.map(|found| found == maps_to);
            scene.note(Note::seen(AddressFacts::Group { address: destination, maps_to, fits }, &frame))
        });
        // A frame to one station, or to all, may carry a group's packet (RFC 6085, RFC 1112 6.4); one to another group must not.
        let misdirected = found.filter(|found| *found != maps_to && is_of_groups(*found, destination));
        if let Some(found) = misdirected {
            notes.say(&facts::MULTICAST_MAPPING, (destination, found), || {
                scene.note(Note::seen(AddressFacts::GroupMisdirected { address: destination, maps_to, found }, &frame))
            });
        }
    }
    if let (IpAddr::V4(to), IpAddr::V4(from)) = (destination, source)
        && !to.is_broadcast()
        && !to.is_multicast()
        && !from.is_unspecified()
    {
        directed_broadcast(scene, from, to, passage, known, notes);
    }
}

/// Whether a packet is in a frame of Ethernet itself, tags aside: on others a loopback address has its uses (RFC 8029 section 2.1, RFC 5884
/// section 7).
fn is_on_cable(scene: &Scene<'_>, network: &Network) -> bool {
    let (_, dissection) = scene.own();
    let around = dissection.layers.get(..network.layer).unwrap_or_default();
    let is_plain = |name: &str| ["eth", "vlan", "ieee8021ad"].contains(&name);
    !around.is_empty() && around.iter().all(|layer| is_plain(layer.protocol.name))
}

/// Whether a link address is that of groups of the address's version.
fn is_of_groups(link: [u8; 6], address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => matches!(link, [0x01, 0x00, 0x5e, 0..0x80, ..]),
        IpAddr::V6(_) => matches!(link, [0x33, 0x33, ..]),
    }
}

/// A packet for all hosts of a subnet: by the subnet that is known; else by the frame, which goes to all, and an address that ends in ones.
fn directed_broadcast(
    scene: &Scene<'_>,
    source: Ipv4Addr,
    destination: Ipv4Addr,
    passage: &Passage,
    known: &Surroundings,
    notes: &mut Notes,
) {
    let address = IpAddr::V4(destination);
    let told = known.network_of(Some(passage.link), address).filter(|network| network.origin.surety() != Surety::Assumed);
    let network = told.map(|network| network.prefix);
    let ends = |length: u8| length <= 30 && u32::from(destination).trailing_ones() >= 32 - u32::from(length);
    let is_told = network.is_some_and(|network| network.broadcast() == address && network.prefix_len() <= 30);
    let shared = common_bits(source.into(), address).unwrap_or_default();
    let is_likely = network.is_none() && passage.destination == Some(EVERYBODY) && shared <= 30 && ends(shared);
    if !is_told && !is_likely {
        return;
    }
    let facts = AddressFacts::DirectedBroadcast { address: destination, source, network };
    let frame = [scene.number()];
    notes.say(&facts::BROADCAST_DIRECTED, address, || {
        scene.note(if is_told && passage.destination == Some(EVERYBODY) {
            Note::seen(facts, &frame)
        } else {
            Note::inferred(facts, &frame)
        })
    });
}

impl AddressWatch {
    /// Whether one more segment tells nothing.
    pub(in crate::explain) fn is_calm(&self) -> bool {
        self.strangers.is_empty()
    }

    /// A packet that goes back to a stranger: the address means something here.
    fn answer(&mut self, network: &Network) {
        for stranger in &mut self.strangers {
            stranger.answered |= stranger.source == network.destination;
        }
    }

    /// A private source on a link of public addresses: its packet was routed here, by somebody with a public address, to a public address
    /// of this link.
    fn stranger(&mut self, scene: &Scene<'_>, network: &Network, passage: &Passage, known: &Surroundings) {
        let Network { source, destination, hop_limit, .. } = *network;
        if !is_private(source) || kind(destination) != Kind::Global || BEGINNINGS.contains(&hop_limit) || reports(scene) {
            return;
        }
        let (Some(from), Some(to)) = (passage.source, passage.destination) else { return };
        if known.mac_of(Some(passage.link), destination) != Some(to) {
            return;
        }
        let Some(router) = public_address(known, passage.link, from) else { return };
        let has_private = known.neighbours().any(|(link, host, _)| link == passage.link && is_private(host));
        let is_routed = known.mac_of(Some(passage.link), source).is_none();
        if has_private || !is_routed {
            return;
        }
        if let Some(stranger) = self.strangers.iter_mut().find(|stranger| stranger.source == source) {
            stranger.packets += 1;
            stranger.frames.push(scene.number());
            stranger.frames.truncate(8);
        } else if self.forgotten.room(self.strangers.len() < Limits::STRANGERS) {
            let frames = vec![scene.number()];
            self.strangers.push(Stranger { source, destination, router, frames, packets: 1, answered: false });
        }
    }
}

/// Whether it is private, whatever the version.
fn is_private(address: IpAddr) -> bool {
    matches!(kind(address).purpose(), Some(Purpose::Private | Purpose::UniqueLocal))
}

/// Whether it is an ICMP error: routers report from whatever address they have.
fn reports(scene: &Scene<'_>) -> bool {
    scene.own().1.networks.iter().any(|network| network.quoted)
}

/// The public address of a card on its link.
fn public_address(known: &Surroundings, link: LinkId, card: [u8; 6]) -> Option<IpAddr> {
    let mut own = known.neighbours().filter(|(other, _, neighbour)| *other == link && neighbour.card == card);
    own.find(|(_, host, _)| kind(*host) == Kind::Global).map(|(_, host, _)| host)
}
