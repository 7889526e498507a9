//! Lessons on routes: which way a packet goes, and why.

mod facts;
mod redirect;

use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub use facts::RouteFacts;
pub(super) use facts::{RULES, mask};

use super::scene::Lessons;
use super::surroundings::{
    Carries, Gateway, LinkId, Origin, Passage, Surety, Surroundings, common_bits, is_host, is_link_local, is_shared_by_routers,
};
use super::{Certainty, Note, Notes, Scene};
use crate::dissect::Network;
use foldhash::fast::RandomState;
use redirect::{Redirect, Told};
use std::collections::HashMap;
use std::net::IpAddr;

/// The way from one address to another: by which cards, since which frame.
#[derive(Clone, Copy, Debug)]
struct Way {
    source: [u8; 6],
    destination: [u8; 6],
    frame: u64,
    /// Whether it went by other cards too: then it changed, or the capture sees it at two places.
    is_ambiguous: bool,
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct RouteWatch {
    ways: HashMap<(LinkId, IpAddr, IpAddr), Way, RandomState>,
    /// What hosts were told: by host and target.
    redirects: HashMap<(LinkId, IpAddr, IpAddr), Told, RandomState>,
    /// How many gateways were told.
    gateways: usize,
    forgotten: NoRoom,
}

impl RouteWatch {
    /// Whether one more segment tells nothing.
    pub(super) fn is_calm(&self, known: &Surroundings) -> bool {
        self.redirects.is_empty() && known.gateways().len() == self.gateways
    }
}

impl Lessons for RouteWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let Some(passage) = known.passage() else { return };
        if known.gateways().len() > self.gateways {
            self.recognize(scene, known, notes);
        }
        if known.is_usual() && self.redirects.is_empty() {
            return;
        }
        if let Carries::Arp(arp) = &passage.carries {
            let asks_all = !arp.is_reply && !arp.is_gratuitous() && passage.destination == Some([0xff; 6]);
            if asks_all {
                let ends = [arp.sender_address.into(), arp.target_address.into()];
                asks_beyond(known, passage.link, ends, scene.number(), notes);
            }
            return;
        }
        let (bytes, dissection) = scene.own();
        let Some(network) = passage.packet(dissection) else { return };
        if let 1 | 58 = network.protocol
            && let Some(redirect) = Redirect::read(bytes, dissection, network)
        {
            self.redirected(passage, network, redirect, scene, notes);
        }
        if !self.redirects.is_empty() {
            self.check_heed(passage, network, scene, known, notes);
        }
        if known.is_first() {
            self.follow(passage, network, scene, known, notes);
        }
    }
}

impl RouteWatch {
    /// Tells gateways that somebody names, or that only their cards give away; the others are told with the packets that go to them.
    fn recognize(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        for Gateway { link, address, card, origin, frames, .. } in known.gateways().iter().skip(self.gateways) {
            if *origin == Origin::Forwarding && address.is_some() {
                continue;
            }
            let spoken = card.map(|card| known.speaks_for(*link, card)).unwrap_or_default();
            let speaks_for = if *origin == Origin::Forwarding { spoken.iter().map(|(host, _)| *host).collect() } else { Vec::new() };
            let facts = RouteFacts::Recognized { gateway: *address, card: *card, origin: *origin, speaks_for };
            let certainty = if origin.surety() == Surety::Told { Certainty::Seen } else { Certainty::Inferred };
            notes.say(&facts::RECOGNIZED, (link, address, card), || scene.note(Note { certainty, ..Note::seen(facts, frames) }));
        }
        self.gateways = known.gateways().len();
    }

    fn redirected(&mut self, passage: &Passage, network: &Network, redirect: Redirect, scene: &Scene<'_>, notes: &mut Notes) {
        let (router, host, Redirect { target, better }) = (network.source, network.destination, redirect);
        let (link, frame) = (passage.link, scene.number());
        if self.forgotten.room(self.redirects.len() < Limits::WAYS_REMEMBERED || self.redirects.contains_key(&(link, host, target))) {
            let time = scene.time().map_or(0, |time| time.nanoseconds());
            let told = Told { redirect, frame, time, router: passage.source, old_way: 0, is_settled: false };
            self.redirects.entry((link, host, target)).or_insert(told);
        }
        let facts = RouteFacts::Redirect { router, host, target, better };
        notes.say(&facts::REDIRECT, (link, host, target, better), || Note::seen(facts, &[frame]));
    }

    /// A packet goes a way that is new.
    fn follow(&mut self, passage: &Passage, network: &Network, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (link, frame, from, to) = (passage.link, scene.number(), network.source, network.destination);
        if passage.is_loopback {
            let facts = RouteFacts::Itself { from, to };
            notes.say(&facts::ITSELF, (link, from, to), || scene.note(Note::seen(facts, &[frame])));
            return;
        }
        let Some((source, destination)) = passage.cards().filter(|_| is_host(from) && is_host(to)) else { return };
        self.check_symmetry((link, [source, destination]), [from, to], frame, known, notes);
        let Some(sender) = known.neighbour(link, from).filter(|sender| sender.card == source) else { return };
        self.check_redirect((link, destination), [from, to], scene, known, notes);
        let network = known.network_of(Some(link), from);
        let surety = network.as_ref().map(|network| network.origin.surety());
        let told: Vec<u64> = network.iter().flat_map(|network| network.frames.iter().copied()).collect();
        let receiver = known.neighbour(link, to);
        let mask_from = network.as_ref().map(|network| network.origin);
        let prefix = network.map(|network| network.prefix);
        match (prefix.zip(mask_from), receiver) {
            (Some((network, mask_from)), Some(receiver)) if receiver.card == destination && network.contains(&to) => {
                let facts = RouteFacts::Direct { from, to, network, mask_from, card: destination };
                let note = proved(facts, surety, told, [receiver.frame, frame]);
                notes.say(&facts::DIRECT, (link, from, to), || scene.note(note));
            }
            (_, receiver) if receiver.is_none_or(|receiver| receiver.card != destination) => {
                let Some(gateway) = known.gateway_by_card(link, destination) else { return };
                if prefix.is_some_and(|prefix| prefix.contains(&to)) || is_link_local(to) || is_link_local(from) {
                    return;
                }
                // Of several addresses that a gateway has the one that the sender may have asked for.
                let called = known.called(link, destination, from);
                let address = called.map(|(address, _)| address).or(gateway.address);
                let facts = RouteFacts::Gateway { from, to, network: prefix, mask_from, gateway: address, card: destination };
                let note = proved(facts, surety, told, [called.map_or(sender.frame, |(_, told)| told), frame]);
                notes.say(&facts::GATEWAY, (link, from, to), || scene.note(note));
            }
            _ => {}
        }
    }

    fn check_redirect(
        &self,
        (link, card): (LinkId, [u8; 6]),
        [host, target]: [IpAddr; 2],
        scene: &Scene<'_>,
        known: &Surroundings,
        notes: &mut Notes,
    ) {
        let Some(Told { redirect: Redirect { better, .. }, frame: told, .. }) = self.redirects.get(&(link, host, target)).copied() else {
            return;
        };
        if known.mac_of(Some(link), better) == Some(card) {
            let facts = RouteFacts::Followed { host, target, better, card };
            let note = || scene.note(Note::seen(facts, &[told, scene.number()]));
            notes.say(&facts::FOLLOWED, (link, host, target, better), note);
        }
    }

    /// Whether a host's packets still take the way that it was told to leave.
    fn check_heed(&mut self, passage: &Passage, network: &Network, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (link, host, target) = (passage.link, network.source, network.destination);
        let Some(told) = self.redirects.get_mut(&(link, host, target)).filter(|told| !told.is_settled) else { return };
        let (Some((source, card)), Some(now)) = (passage.cards(), scene.time()) else { return };
        // Not as a router passes it on.
        if known.neighbour(link, host).is_none_or(|host| host.card != source) {
            return;
        }
        if known.mac_of(Some(link), told.redirect.better) == Some(card) {
            told.is_settled = true;
            return;
        }
        if let Some(after) = told.went(card, now.nanoseconds()) {
            let facts = RouteFacts::Ignored { host, target, better: told.redirect.better, card, packets: told.old_way, after };
            notes.say(&facts::IGNORED, (link, host, target), || scene.note(Note::inferred(facts, &[told.frame, scene.number()])));
        }
    }

    /// A host's packets go to another card than before.
    fn gateway_changed(&self, link: LinkId, [host, peer]: [IpAddr; 2], before: Way, now: Way, known: &Surroundings, notes: &mut Notes) {
        let is_own = known.neighbour(link, host).is_some_and(|host| host.card == now.source);
        let is_elsewhere = known.neighbour(link, peer).is_none() && !is_link_local(peer);
        let (before_card, now_card) = (before.destination, now.destination);
        // Whoever was told a shorter way takes it, and that is said.
        let was_told = self.redirects.contains_key(&(link, host, peer));
        if !is_own || !is_elsewhere || was_told || [before_card, now_card].into_iter().any(is_shared_by_routers) {
            return;
        }
        let own = |card: [u8; 6]| known.card(link, card).map(|card| card.own.as_slice()).unwrap_or_default();
        let is_same = own(before_card).iter().any(|(one, _)| own(now_card).iter().any(|(other, _)| one == other));
        let called = known.called(link, now_card, host).map(|(address, _)| address).filter(|_| !is_same);
        let is_taken_over = if own(before_card).is_empty() && called.is_some() { None } else { Some(is_same) };
        let facts = RouteFacts::GatewayChanged { host, peer, before: before_card, now: now_card, is_taken_over, called };
        notes.say(&facts::CHANGED, (link, host, before_card, now_card), || Note::seen(facts, &[before.frame, now.frame]));
    }

    /// Whether what a host elsewhere answers comes by another card than what it is asked goes to.
    fn check_symmetry(
        &mut self,
        (link, [source, destination]): (LinkId, [[u8; 6]; 2]),
        [from, to]: [IpAddr; 2],
        frame: u64,
        known: &Surroundings,
        notes: &mut Notes,
    ) {
        if self.ways.len() >= Limits::WAYS_REMEMBERED {
            self.forgotten.put_away(self.ways.len());
            self.ways.clear();
        }
        let new = Way { source, destination, frame, is_ambiguous: false };
        let way = self.ways.entry((link, from, to)).or_insert(new);
        let before = *way;
        way.is_ambiguous |= way.source != source || way.destination != destination;
        let way = *way;
        if !before.is_ambiguous && before.source == source && before.destination != destination {
            self.gateway_changed(link, [from, to], before, new, known, notes);
        }
        let Some(other) = self.ways.get(&(link, to, from)).copied().filter(|other| !other.is_ambiguous && !way.is_ambiguous) else {
            return;
        };
        // The host here is the end whose card is the same in both directions; the other end's cards are routers'.
        let (host, peer, out, back) = if way.source == other.destination && way.destination != other.source {
            (from, to, way.destination, other.source)
        } else if way.destination == other.source && way.source != other.destination {
            (to, from, other.destination, way.source)
        } else {
            return;
        };
        let is_here = known.neighbour(link, host).is_some() && known.neighbour(link, peer).is_none();
        let is_of_routers = [out, back].into_iter().any(is_shared_by_routers);
        if !is_here || is_of_routers || is_link_local(peer) {
            return;
        }
        let frames = [way.frame.min(other.frame), way.frame.max(other.frame)];
        let facts = RouteFacts::Asymmetric { host, peer, out, back };
        notes.say(&facts::ASYMMETRIC, (link, host, out, back), || Note::inferred(facts, &frames));
    }
}

/// Whether a host asks its link for an address that cannot be on it, by the mask that it was itself given.
fn asks_beyond(known: &Surroundings, link: LinkId, [host, target]: [IpAddr; 2], frame: u64, notes: &mut Notes) -> Option<()> {
    let lease = known.leases().iter().rfind(|lease| lease.granted && !lease.relayed && IpAddr::V4(lease.client) == host)?;
    let network = ipnet::IpNet::new(host, lease.mask_bits?).ok()?.trunc();
    if network.contains(&target) || !is_host(target) || is_link_local(target) || is_link_local(host) {
        return None;
    }
    let facts = RouteFacts::AsksBeyond { host, target, network, equal_bits: common_bits(host, target)? };
    notes.say(&facts::ASKS_BEYOND, (link, host, target), || Note::inferred(facts, &[lease.frame, frame]));
    Some(())
}

/// A note with the frames that tell the network, and those that show the way.
fn proved(facts: RouteFacts, surety: Option<Surety>, mut frames: Vec<u64>, shown: [u64; 2]) -> Note {
    frames.extend(shown);
    frames.sort_unstable();
    frames.dedup();
    let certainty = if surety == Some(Surety::Told) { Certainty::Seen } else { Certainty::Inferred };
    Note { certainty, ..Note::seen(facts, &frames) }
}
