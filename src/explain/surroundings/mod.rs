//! What is known of the networks around: what the capture says of its interfaces, or what follows from what the frames show.
//!
//! [`Surroundings`] learns from each frame before any lesson looks at it, and is shared by all of them to read. A lesson asks first about the
//! frame at hand ([`Surroundings::passage`], [`Surroundings::discovery`], [`Surroundings::is_first`]), then about networks, gateways and hosts. Every
//! answer names its frames and from where it is known ([`Origin`]), and so how sure it is ([`Surety`]).

mod arp;
mod bits;
mod learn;
mod lease;
mod neighbour;
mod network;
mod passage;
mod recent;
mod tables;
#[cfg(test)]
mod tests;

pub use arp::Arp;
pub use bits::common_bits;
pub use lease::Lease;
pub use neighbour::{Advertised, Discovery};
pub use network::{KnownNetwork, Origin, Surety};
pub use passage::{Carries, LinkId, Passage};
pub use tables::{Card, Neighbour};

pub(super) use bits::{is_host, is_link_local};
pub(super) use learn::is_initial;
pub(super) use passage::{is_card, is_shared_by_routers};

use crate::explain::room::NoRoom;
use crate::frame::Timestamp;
use crate::host::Host;
use foldhash::fast::RandomState;
use ipnet::IpNet;
use network::Bounds;
use recent::Recent;
use std::collections::HashMap;
use std::net::IpAddr;
use tables::Tables;

/// A gateway: what hosts hand packets to that are for other networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The link.
    pub link: LinkId,
    /// Its address on the link, where it is known.
    pub address: Option<IpAddr>,
    /// Its hardware address, where it is known.
    pub card: Option<[u8; 6]>,
    /// From where it is known.
    pub origin: Origin,
    /// The frames that show it. Where its packets do ([`Origin::Forwarding`]), the last is one between two networks that it sent or was handed.
    pub frames: Vec<u64>,
    /// The frame in which it said that it is one no longer: its lifetime as a default router is 0 (RFC 4861 section 6.2.5).
    pub left: Option<u64>,
}

/// A name server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameServer {
    /// Its address.
    pub address: IpAddr,
    /// From where it is known; [`Origin::Traffic`] where it answered.
    pub origin: Origin,
    /// The frame that shows it.
    pub frame: u64,
}

/// What a host is to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Others hand it packets for other networks.
    pub gateway: bool,
    /// It answers questions for names, or others are told to ask it.
    pub name_server: bool,
    /// It gives out addresses.
    pub address_server: bool,
}

/// What is known so far.
#[derive(Debug, Default)]
pub struct Surroundings {
    passage: Option<Passage>,
    discovery: Option<Discovery>,
    is_first: bool,
    is_usual: bool,
    recent: Recent,
    tables: Tables,
    networks: Vec<KnownNetwork>,
    bounds: HashMap<(LinkId, IpAddr), Bounds, RandomState>,
    name_servers: Vec<NameServer>,
    leases: Vec<Lease>,
    /// When a client last asked for an address.
    client_asked: Option<Timestamp>,
    /// What the machine that captured knows, and from where that is known.
    host: Option<(Host, Origin)>,
    /// How many interfaces of the capture were looked at.
    interfaces: usize,
    forgotten: NoRoom,
}

/// The frame at hand.
impl Surroundings {
    /// How often there was no room for something new.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count() + self.tables.forgotten()
    }

    /// Takes over what the machine knows that captured: before the first frame, and where nobody said it better.
    pub(in crate::explain) fn know_host(&mut self, host: Host, origin: Origin) {
        self.host.get_or_insert((host, origin));
    }

    /// The frame on its link: from which card to which, and what it carries.
    #[must_use]
    pub fn passage(&self) -> Option<&Passage> {
        self.passage.as_ref()
    }

    /// What the frame says as a message of neighbour discovery.
    #[must_use]
    pub fn discovery(&self) -> Option<&Discovery> {
        self.discovery.as_ref()
    }

    /// Whether it carries an IP packet between two (cards and addresses) of which none is remembered: only then is there something new to say about its way.
    /// Now and then it is true of a pair that spoke before.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    /// Whether it carries one packet, a TCP segment without SYN, between two of whom nothing new is to be said: what nearly every frame is.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.is_usual
    }
}

/// The networks around.
impl Surroundings {
    /// Every network that is known by name of its prefix, in the order they were learnt: what was told and what follows, nothing that is only assumed.
    #[must_use]
    pub fn networks(&self) -> &[KnownNetwork] {
        &self.networks
    }

    /// The network that a host of a link is on (of any link for `None`): the longest that somebody told, or the one that follows from what hosts did, or
    /// else what is customary. Look at its [`Origin::surety`].
    #[must_use]
    pub fn network_of(&self, link: Option<LinkId>, host: IpAddr) -> Option<KnownNetwork> {
        let is_here = |other: LinkId| link.is_none_or(|link| link == other);
        let known = self.networks.iter().filter(|known| is_here(known.link) && known.prefix.contains(&host));
        if let Some(best) = known.max_by_key(|known| (known.origin.surety(), known.prefix.prefix_len())) {
            return Some(best.clone());
        }
        let (link, bounds) = match link {
            Some(link) => (link, self.bounds.get(&(link, host))?),
            None => self.bounds.iter().find(|((_, address), _)| *address == host).map(|((link, _), bounds)| (*link, bounds))?,
        };
        let (prefix, origin) = bounds.network(host)?;
        Some(KnownNetwork { link, prefix, origin, frames: bounds.frames() })
    }

    /// The prefix of [`Surroundings::network_of`].
    #[must_use]
    pub fn prefix_of(&self, link: Option<LinkId>, host: IpAddr) -> Option<IpNet> {
        self.network_of(link, host).map(|network| network.prefix)
    }

    /// Every gateway, in the order they were met.
    #[must_use]
    pub fn gateways(&self) -> &[Gateway] {
        &self.tables.gateways
    }

    /// The gateway with that card.
    #[must_use]
    pub fn gateway_by_card(&self, link: LinkId, card: [u8; 6]) -> Option<&Gateway> {
        self.tables.gateways.iter().find(|known| known.link == link && known.card == Some(card))
    }

    /// Every name server, in the order they were met.
    #[must_use]
    pub fn name_servers(&self) -> &[NameServer] {
        &self.name_servers
    }

    /// What DHCP servers offered and granted.
    #[must_use]
    pub fn leases(&self) -> &[Lease] {
        &self.leases
    }

    /// Whether a DHCP client asked for an address up to ten seconds before: a server may be looking whether the one it would give is free.
    #[must_use]
    pub fn gives_addresses_at(&self, now: Timestamp) -> bool {
        const LOOKS: i64 = 10_000_000_000;
        self.client_asked.is_some_and(|asked| now.since(asked) < LOOKS)
    }

    /// What a host is to others.
    #[must_use]
    pub fn roles(&self, host: IpAddr) -> Roles {
        Roles {
            gateway: self.tables.gateways.iter().any(|known| known.address == Some(host)),
            name_server: self.name_servers.iter().any(|known| known.address == host),
            address_server: self.leases.iter().any(|lease| lease.server.is_some_and(|server| IpAddr::V4(server) == host)),
        }
    }
}

/// Hosts and cards.
impl Surroundings {
    /// A host that is on the link itself: somebody told its hardware address there.
    #[must_use]
    pub fn neighbour(&self, link: LinkId, host: IpAddr) -> Option<Neighbour> {
        self.tables.hosts.get(&(link, host)).copied()
    }

    /// Whether an address is on a link itself: somebody told its hardware address there, or it is an end of a link that has but two.
    #[must_use]
    pub fn is_on(&self, link: LinkId, address: IpAddr) -> bool {
        self.tables.hosts.contains_key(&(link, address)) || self.tables.ends.contains(&(link, address))
    }

    /// The addresses that are on any link themselves, in no order; one may come twice.
    pub fn on_links(&self) -> impl Iterator<Item = IpAddr> {
        self.tables.hosts.keys().chain(&self.tables.ends).map(|(_, address)| *address)
    }

    /// The hosts that are on links themselves, in no order.
    pub fn neighbours(&self) -> impl Iterator<Item = (LinkId, IpAddr, Neighbour)> {
        self.tables.hosts.iter().map(|((link, host), neighbour)| (*link, *host, *neighbour))
    }

    /// The hardware address of a host, on a link or (`None`) on any.
    #[must_use]
    pub fn mac_of(&self, link: Option<LinkId>, host: IpAddr) -> Option<[u8; 6]> {
        match link {
            Some(link) => self.neighbour(link, host).map(|neighbour| neighbour.card),
            None => self
                .tables
                .hosts
                .iter()
                .filter(|((_, address), _)| *address == host)
                .min_by_key(|(key, _)| key.0)
                .map(|(_, known)| known.card),
        }
    }

    /// What is known of a card.
    #[must_use]
    pub fn card(&self, link: LinkId, card: [u8; 6]) -> Option<&Card> {
        self.tables.cards.get(&(link, card))
    }

    /// The addresses from which a card sent packets, with the first frame of each: the first few.
    #[must_use]
    pub fn speaks_for(&self, link: LinkId, card: [u8; 6]) -> &[(IpAddr, u64)] {
        self.card(link, card).map_or(&[], |known| &known.speaks_for)
    }

    /// The address that a card was told to have and the frame that told it: of several the one nearest to an address.
    #[must_use]
    pub fn called(&self, link: LinkId, card: [u8; 6], by: IpAddr) -> Option<(IpAddr, u64)> {
        self.tables.called(link, card, by)
    }
}
