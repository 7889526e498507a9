//! How frames are learnt from.

use super::bits::{self, common_bits, is_host};
use super::lease;
use super::neighbour;
use super::network::Bounds;
use super::passage::is_card;
use super::tables::TOLD_BEFORE;
use super::{Arp, Carries, Discovery, Gateway, KnownNetwork, Lease, LinkId, NameServer, Origin, Passage, Surety, Surroundings};
use crate::dissect::link::ppp_control;
use crate::dissect::transport::tcp::SYN;
use crate::dissect::{Dissection, Network};
use crate::explain::Scene;
use crate::explain::step::Step;
use crate::host::{Host, LinkAddress, NextHop, Route};
use crate::limits::Limits;
use ipnet::IpNet;
use std::net::IpAddr;

/// What a DHCP message begins with that goes from a client to a server (RFC 2131 section 2).
const BOOT_REQUEST: u8 = 1;
/// The port of name servers.
const DOMAIN: u16 = 53;

impl Surroundings {
    /// Learns from a frame; called before any lesson looks at it.
    pub(in crate::explain) fn learn(&mut self, scene: &Scene<'_>) {
        if scene.interfaces.len() > self.interfaces {
            self.learn_interfaces(scene);
        }
        let passage = Passage::of(scene);
        (self.passage, self.is_first, self.is_usual) = (Some(passage), false, false);
        if self.discovery.is_some() {
            self.discovery = None;
        }
        match passage.carries {
            Carries::Arp(arp) => self.learn_arp(passage.link, &arp, scene.number()),
            Carries::Packet => self.learn_packet(&passage, scene),
            Carries::Other => self.learn_end(passage.link, scene),
        }
    }

    /// The address that PPP agrees on for one end of its link: the other end acknowledges it (RFC 1661 section 5.2, RFC 1332 section 3.3).
    fn learn_end(&mut self, link: LinkId, scene: &Scene<'_>) {
        const ACKNOWLEDGED: u8 = 2;
        const ADDRESS: u8 = 3;
        let (bytes, dissection) = scene.own();
        let Some(layer) = dissection.layers.last().filter(|layer| std::ptr::eq(layer.protocol, &ppp_control::IPV4)) else { return };
        let Some(&[ACKNOWLEDGED, _, _, _, ref options @ ..]) = bytes.get(layer.start..layer.end) else { return };
        let mut rest = options;
        while let &[kind, length, ref value @ ..] = rest {
            if let (ADDRESS, Some(address)) = (kind, value.first_chunk::<4>()) {
                self.tables.end(link, IpAddr::from(*address));
            }
            rest = rest.get(usize::from(length).max(2)..).unwrap_or_default();
        }
    }

    /// Whether there is nothing to learn from one more segment: it goes where one went a moment ago.
    pub(in crate::explain) fn knows(&self, scene: &Scene<'_>, step: &Step<'_>) -> bool {
        let is_answer = step.transport.source_port == DOMAIN;
        !is_answer && scene.interfaces.len() <= self.interfaces && self.recent.knows(scene, step.network)
    }

    /// What is known of the interfaces that the capture was made on: what the machine says, or else the capture (pcapng, if_IPv4addr and
    /// if_IPv6addr).
    fn learn_interfaces(&mut self, scene: &Scene<'_>) {
        for (interface, place) in scene.interfaces.iter().zip(0_u32..).skip(self.interfaces) {
            let link = LinkId { interface: place, ..LinkId::default() };
            if self.learn_host(link, interface.name.as_deref(), scene.interfaces.len() == 1) {
                continue;
            }
            for (code, value) in &interface.options {
                let network = match (code, value.as_slice()) {
                    (4, &[a, b, c, d, ref mask @ ..]) => {
                        let bits = mask.first_chunk().and_then(|mask| lease::mask_bits(*mask));
                        bits.and_then(|bits| bits::network_of([a, b, c, d].into(), bits))
                    }
                    (5, value) => {
                        value.split_first_chunk::<16>().and_then(|(address, bits)| bits::network_of((*address).into(), *bits.first()?))
                    }
                    _ => None,
                };
                if let Some(prefix) = network {
                    self.network(link, prefix, Origin::Capture, Vec::new());
                }
            }
        }
        self.interfaces = scene.interfaces.len();
    }

    /// What the machine that captured knows of its interface: the one of that name, or any where there is only one without a name that it knows.
    /// Whether it knows it.
    fn learn_host(&mut self, link: LinkId, name: Option<&[u8]>, is_only: bool) -> bool {
        let Some((host, origin)) = self.host.take() else { return false };
        let is_named = |other: &str| name.is_some_and(|name| name == other.as_bytes());
        let is_any = is_only && !host.interfaces.iter().any(|interface| is_named(&interface.name));
        let is_it = |other: &str| is_any || is_named(other);
        let mut knows = false;
        for interface in host.interfaces.iter().filter(|interface| is_it(&interface.name) && !interface.loopback) {
            let card = interface.link_address.as_ref().and_then(LinkAddress::mac).filter(is_card);
            for address in &interface.addresses {
                knows = true;
                self.network(link, address.network(), origin, Vec::new());
                if let Some(card) = card {
                    self.tables.claim(link, address.address(), card, TOLD_BEFORE);
                }
            }
        }
        for neighbour in host.neighbours.iter().filter(|neighbour| is_it(&neighbour.interface)) {
            if let Some(card) = neighbour.link_address.as_ref().and_then(LinkAddress::mac).filter(is_card) {
                self.tables.claim(link, neighbour.address, card, TOLD_BEFORE);
            }
        }
        for next_hop in host.routes.iter().flat_map(|route| &route.next_hops) {
            if let (Some(address), true) = (next_hop.gateway, next_hop.interface.as_deref().is_some_and(is_it))
                && is_reached(&host, next_hop, address)
            {
                let card = self.neighbour(link, address).map(|neighbour| neighbour.card);
                self.tables.gateway(Gateway { link, address: Some(address), card, origin, frames: Vec::new(), left: None });
            }
        }
        self.host = Some((host, origin));
        knows
    }

    fn learn_arp(&mut self, link: LinkId, arp: &Arp, frame: u64) {
        let (sender, target) = (IpAddr::V4(arp.sender_address), IpAddr::V4(arp.target_address));
        if is_card(&arp.sender) && is_host(sender) {
            self.tables.claim(link, sender, arp.sender, frame);
        }
        if arp.is_reply && !arp.is_gratuitous() && is_card(&arp.target) && is_host(target) && self.neighbour(link, target).is_none() {
            self.tables.claim(link, target, arp.target, frame);
        }
        let asks = !arp.is_reply && !arp.is_gratuitous() && is_host(sender) && is_host(target);
        if asks {
            self.bound(link, sender, |bounds| bounds.within(sender, target, frame));
        }
    }

    fn learn_packet(&mut self, passage: &Passage, scene: &Scene<'_>) {
        let (bytes, dissection) = scene.own();
        let Some(network) = passage.packet(dissection) else { return };
        if network.protocol == 58
            && let Some(discovery) = neighbour::read(bytes, dissection, network)
        {
            self.discovery = Some(discovery);
            self.learn_discovery(passage, network, scene.number());
        }
        if let Some(transport) = dissection.transports.first().filter(|transport| !transport.quoted) {
            match (network.protocol, transport.source_port) {
                (17, 67) => match bytes.get(transport.payload_start..).unwrap_or_default() {
                    // A relay hands on what a client asks.
                    [BOOT_REQUEST, ..] => self.client_asked = scene.time(),
                    message => self.learn_lease(passage.link, message, scene.number()),
                },
                (17, 68) => self.client_asked = scene.time(),
                (_, DOMAIN) if transport.payload_length > 0 => self.name_server(network.source, Origin::Traffic, scene.number()),
                _ => {}
            }
        }
        self.learn_report(passage, network, dissection, scene.number());
        if self.recent.has(passage, network) {
            let is_alone = dissection.networks.len() == 1 && scene.packet.fragment.is_none();
            let tcp = dissection.transports.first().and_then(|transport| transport.tcp).filter(|_| is_alone);
            self.is_usual = tcp.is_some_and(|tcp| tcp.flags & SYN == 0);
            return;
        }
        self.is_first = true;
        self.learn_way(passage, network, scene.number());
    }

    /// Who reports of a packet that it was handed for somebody else is a gateway, where the report has passed no router itself.
    fn learn_report(&mut self, passage: &Passage, network: &Network, dissection: &Dissection, frame: u64) {
        const LEAST: u8 = 64;
        let Some(quoted) = dissection.networks.last().filter(|quoted| quoted.quoted && matches!(network.protocol, 1 | 58)) else { return };
        let (link, reporter) = (passage.link, network.source);
        let is_near = network.hop_limit >= LEAST && is_initial(network.hop_limit);
        let Some((card, _)) = passage.cards().filter(|_| is_near && is_host(reporter) && reporter != quoted.destination) else { return };
        // A machine may answer from another of its addresses for what is its own.
        let is_beyond = self.is_other_network(link, quoted.source, quoted.destination);
        if let Some(handed) = self.tables.was_handed(link, card, quoted.destination)
            && quoted.source == network.destination
            && is_beyond
        {
            let frames = [frame, handed].into();
            self.tables.gateway(Gateway {
                link,
                address: Some(reporter),
                card: Some(card),
                origin: Origin::Forwarding,
                frames,
                left: None,
            });
        }
    }

    fn learn_discovery(&mut self, passage: &Passage, network: &Network, frame: u64) {
        let link = passage.link;
        match self.discovery.clone() {
            Some(Discovery::Solicitation { sender: Some(sender), target }) if is_card(&sender) && is_host(network.source) => {
                self.tables.claim(link, network.source, sender, frame);
                if target.is_unicast_link_local() == matches!(network.source, IpAddr::V6(source) if source.is_unicast_link_local()) {
                    self.bound(link, network.source, |bounds| bounds.within(network.source, target.into(), frame));
                }
            }
            Some(Discovery::Advertisement { target, owner, .. }) => {
                if let Some(owner) = owner.or(passage.source).filter(is_card) {
                    self.tables.claim(link, target.into(), owner, frame);
                }
            }
            Some(Discovery::Router(advertised)) => {
                let card = advertised.owner.or(passage.source).filter(is_card);
                if let Some(card) = card {
                    self.tables.claim(link, network.source, card, frame);
                }
                for prefix in advertised.on_link {
                    self.network(link, prefix.into(), Origin::RouterAdvertisement, [frame].into());
                }
                if advertised.lifetime > 0 {
                    let (address, frames) = (Some(network.source), [frame].into());
                    self.tables.gateway(Gateway { link, address, card, origin: Origin::RouterAdvertisement, frames, left: None });
                } else {
                    self.tables.leaves(link, network.source, frame);
                }
                for server in advertised.name_servers {
                    self.name_server(server.into(), Origin::RouterAdvertisement, frame);
                }
            }
            Some(Discovery::Solicitation { .. }) | None => {}
        }
    }

    fn learn_lease(&mut self, link: LinkId, message: &[u8], frame: u64) {
        let Some(lease) = Lease::read(message, frame) else { return };
        let known = self
            .leases
            .iter()
            .any(|known| Lease { frame, granted: lease.granted, ..known.clone() } == lease && known.granted >= lease.granted);
        // What a relay hands on is of another link.
        if !lease.relayed {
            if let Some(prefix) = lease.mask_bits.and_then(|bits| bits::network_of(lease.client.into(), bits)) {
                self.network(link, prefix, Origin::Dhcp, [frame].into());
            }
            // What is in no network that the host is on it does not reach. Alone in its network it is given its way there otherwise.
            let own = lease.mask_bits.filter(|bits| *bits < 31).and_then(|bits| bits::network_of(lease.client.into(), bits));
            for router in &lease.routers {
                let address = IpAddr::V4(*router);
                if own.is_some_and(|own| !own.contains(&address)) && self.neighbour(link, address).is_none() {
                    continue;
                }
                let card = self.neighbour(link, address).map(|neighbour| neighbour.card);
                self.tables.gateway(Gateway {
                    link,
                    address: Some(address),
                    card,
                    origin: Origin::Dhcp,
                    frames: [frame].into(),
                    left: None,
                });
            }
            if lease.granted && is_card(&lease.card) {
                self.tables.claim(link, lease.client.into(), lease.card, frame);
            }
        }
        for server in &lease.name_servers {
            self.name_server((*server).into(), Origin::Dhcp, frame);
        }
        if !known && self.forgotten.room(self.leases.len() < Limits::NETWORKS_LEARNED) {
            self.leases.push(lease);
        }
    }

    /// Which way a packet goes says who is a gateway, and what a host takes for its own network.
    fn learn_way(&mut self, passage: &Passage, network: &Network, frame: u64) {
        let (link, from, to) = (passage.link, network.source, network.destination);
        if !is_host(from) || network.quoted {
            return;
        }
        let is_from_afar = !is_initial(network.hop_limit);
        if let (IpAddr::V4(all), Some([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])) = (to, passage.destination)
            && !all.is_broadcast()
            && !is_from_afar
        {
            self.bound(link, from, |bounds| bounds.broadcast(from, to, frame));
        }
        let Some((source, destination)) = passage.cards().filter(|_| is_host(to)) else { return };
        let is_beyond = is_from_afar && self.is_other_network(link, to, from);
        self.tables.speaks(link, source, from, [is_from_afar, is_beyond], frame);
        self.tables.receives(link, destination, to, frame);
        self.tables.notice_forwarding(link, source);
        if let Some((gateway, frames)) = self.leads_beyond(link, [source, destination], [from, to]) {
            let frames = frames.into_iter().chain([frame]).collect();
            self.tables.gateway(Gateway {
                link,
                address: Some(gateway),
                card: Some(destination),
                origin: Origin::Forwarding,
                frames,
                left: None,
            });
            self.bound(link, from, |bounds| bounds.beyond(from, to, frame));
        }
    }

    /// Whether an address is in another network than a host of the link, as far as that can be told.
    fn is_other_network(&self, link: LinkId, host: IpAddr, other: IpAddr) -> bool {
        if self.is_on(link, other) || is_of_the_link(other) {
            return false;
        }
        match self.network_of(Some(link), host).filter(|known| known.origin.surety() > Surety::Assumed) {
            Some(known) => !known.prefix.contains(&other),
            None => common_bits(host, other).is_some_and(|bits| bits < least_common(host)),
        }
    }

    /// The gateway to which a host of the link hands a packet for another network, with the frames that tell who the two are.
    fn leads_beyond(&self, link: LinkId, [source, destination]: [[u8; 6]; 2], [from, to]: [IpAddr; 2]) -> Option<(IpAddr, [u64; 2])> {
        let sender = self.neighbour(link, from).filter(|known| known.card == source)?;
        let called = self.called(link, destination, from)?;
        // Who was told to have a gateway's address gets what is for it.
        let own = self.card(link, destination).map(|card| card.own.as_slice()).unwrap_or_default();
        let taken = own.iter().find(|(address, _)| {
            *address != called.0 && address.is_ipv4() == from.is_ipv4() && self.tables.is_gateway_address(link, *address)
        });
        let (gateway, told) = taken.copied().unwrap_or(called);
        let is_its_own = self.card(link, destination)?.own.iter().any(|(own, _)| *own == to);
        // No router passes on what looks for neighbours.
        if is_its_own || is_of_the_link(from) || is_of_the_link(to) || self.discovery.is_some() {
            return None;
        }
        let is_beyond = match self.network_of(Some(link), from).filter(|known| known.origin.surety() > Surety::Assumed) {
            Some(known) => !known.prefix.contains(&to),
            // What is nearer to the host than to its gateway, or as near as most networks are large, may be a second address of the gateway.
            None => {
                let (near, far) = (common_bits(from, gateway)?, common_bits(from, to)?);
                far < least_common(from) && (far < near || self.tables.is_gateway(link, destination))
            }
        };
        is_beyond.then_some((gateway, [sender.frame, told]))
    }

    fn network(&mut self, link: LinkId, prefix: IpNet, origin: Origin, frames: Vec<u64>) {
        let has_room = self.networks.len() < Limits::NETWORKS_LEARNED;
        let known = self.networks.iter_mut().find(|known| known.link == link && known.prefix == prefix);
        match known {
            Some(known) if known.origin.surety() < origin.surety() => (known.origin, known.frames) = (origin, frames),
            Some(_) => {}
            None if prefix.prefix_len() > 0 && self.forgotten.room(has_room) => {
                self.networks.push(KnownNetwork { link, prefix, origin, frames });
            }
            None => {}
        }
    }

    fn name_server(&mut self, address: IpAddr, origin: Origin, frame: u64) {
        let is_new = self.name_servers.iter().all(|known| known.address != address);
        if is_new && self.forgotten.room(self.name_servers.len() < Limits::NETWORKS_LEARNED) {
            self.name_servers.push(NameServer { address, origin, frame });
        }
    }

    /// Narrows a host's mask down; a network of which only one mask is left is known.
    fn bound(&mut self, link: LinkId, host: IpAddr, narrow: impl FnOnce(&mut Bounds)) {
        if !self.forgotten.room(self.bounds.len() < Limits::MASKS_LEARNED || self.bounds.contains_key(&(link, host))) {
            return;
        }
        let bounds = self.bounds.entry((link, host)).or_insert_with(|| Bounds::of(host));
        let before = bounds.network(host);
        narrow(bounds);
        let after = bounds.network(host);
        let frames = bounds.frames();
        if after != before
            && let Some((prefix, origin)) = after.filter(|(_, origin)| origin.surety() > Surety::Assumed)
        {
            self.network(link, prefix, origin, frames);
        }
    }
}

/// Whether a host reaches a gateway that it knows: on a link of its own, by what it knows of its addresses and routes.
fn is_reached(host: &Host, next_hop: &NextHop, gateway: IpAddr) -> bool {
    let addresses =
        || host.interfaces.iter().filter(|interface| next_hop.interface.as_deref() == Some(&interface.name)).flat_map(|own| &own.addresses);
    let is_direct = |route: &&Route| route.next_hops.iter().any(|hop| hop.gateway.is_none() && hop.interface == next_hop.interface);
    next_hop.on_link
        || is_of_the_link(gateway)
        || addresses().next().is_none()
        || addresses().any(|own| own.network().contains(&gateway))
        || host.routes.iter().filter(is_direct).any(|route| route.destination.contains(&gateway))
}

/// Whether no router passes on what comes from an address or goes to it (RFC 4291 section 2.5.6).
fn is_of_the_link(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

/// How many bits the addresses of one network have in common, mostly.
fn least_common(address: IpAddr) -> u8 {
    if address.is_ipv4() { 24 } else { 64 }
}

/// Whether packets leave their senders with such a hop limit: what differs has passed a router, mostly.
pub(in crate::explain) fn is_initial(hop_limit: u8) -> bool {
    matches!(hop_limit, 255 | 128 | 64 | 32 | 60 | 30 | 1)
}
