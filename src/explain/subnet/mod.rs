//! Lessons on subnets: who is on which network, who asks for whom, and who disagrees.

mod conflict;
mod facts;
mod questions;
mod said;
mod spoof;
mod unasked;

use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub(super) use facts::RULES;
pub use facts::{Pretence, SubnetFacts};

use super::scene::{Ending, Lessons};
use super::surroundings::{
    Carries, KnownNetwork, LinkId, Passage, Surety, Surroundings, common_bits, is_host, is_initial, is_link_local, is_shared_by_routers,
};
use super::{Certainty, Note, Notes, Scene};
use crate::dissect::{Dissection, Network};
use crate::frame::Direction;
use conflict::{Conflict, Conflicts};
use foldhash::fast::RandomState;
use ipnet::IpNet;
use questions::Questions;
use said::Said;
use spoof::Spoofs;
use std::collections::HashMap;
use std::net::IpAddr;
use unasked::{Claim, Claims};

/// How long after a probe an answer is one to it, in nanoseconds. Whoever probes waits a few seconds (RFC 5227 1.1).
const PROBE_LASTS: i64 = 5_000_000_000;

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct SubnetWatch {
    questions: Questions,
    conflicts: Conflicts,
    spoofs: Spoofs,
    unasked: Claims,
    /// Who said last that it has an address.
    claims: HashMap<(LinkId, IpAddr), [u8; 6], RandomState>,
    /// Who looked whether an address is free.
    probes: HashMap<(LinkId, IpAddr), Probe, RandomState>,
    /// Which card sent what a router had passed on, from an address that it says to have.
    passed_on: HashMap<(LinkId, [u8; 6]), PassedOn, RandomState>,
    /// Who answered a ping through a router, though it is said to have the card that brought it: by that card and its address.
    hidden: HashMap<(LinkId, [u8; 6], IpAddr), Hidden, RandomState>,
    /// How hosts with addresses that are alike send to each other, until one asks for the other.
    ways: HashMap<(LinkId, IpAddr, IpAddr), Way, RandomState>,
    forgotten: NoRoom,
}

/// A look whether an address is free.
#[derive(Clone, Copy, Debug)]
struct Probe {
    /// Who looks.
    card: Option<[u8; 6]>,
    frame: u64,
    /// When, in nanoseconds.
    when: i64,
}

/// A packet that has passed a router.
#[derive(Clone, Copy, Debug)]
struct PassedOn {
    from: IpAddr,
    hop_limit: u8,
    frame: u64,
}

/// An answer to a ping that has passed a router.
#[derive(Clone, Copy, Debug)]
struct Hidden {
    /// The frame that told the card, and the answer.
    frames: [u64; 2],
    hop_limit: u8,
}

/// A packet on its way between two cards of a link.
#[derive(Clone, Copy, Debug)]
struct Way {
    from: IpAddr,
    to: IpAddr,
    cards: [[u8; 6]; 2],
    hop_limit: u8,
    frame: u64,
}

impl Lessons for SubnetWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
            + self.questions.forgotten()
            + self.conflicts.forgotten()
            + self.spoofs.forgotten()
            + self.unasked.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let Some(passage) = known.passage().filter(|_| !known.is_usual()) else { return };
        let now = scene.time().map_or(0, |time| time.nanoseconds());
        for conflict in self.conflicts.due(now) {
            tell_conflict(&self.conflicts, &conflict, notes);
        }
        let is_arp = matches!(passage.carries, Carries::Arp(_));
        if !is_arp && !known.is_first() && known.discovery().is_none() {
            return;
        }
        let network = passage.packet(scene.own().1);
        if let Some(said) = Said::of(passage, network, known) {
            self.hear(said, passage, scene, known, notes);
        } else if let Some(network) = network.filter(|_| known.is_first()) {
            self.follow(passage, network, scene, known, notes);
        }
    }

    fn finish(&mut self, _: &Ending<'_>, known: &Surroundings, notes: &mut Notes) {
        for conflict in self.conflicts.rest() {
            tell_conflict(&self.conflicts, &conflict, notes);
        }
        let mut hidden: Vec<_> = self.hidden.drain().collect();
        hidden.sort_unstable_by_key(|(_, hidden)| hidden.frames);
        for (key, Hidden { frames, hop_limit }) in hidden {
            let facts = SubnetFacts::Hidden { address: key.2, card: key.1, hop_limit };
            notes.say(&facts::PROXY, key, || Note::inferred(facts, &frames));
        }
        for (key, facts, frames) in self.questions.late(known) {
            let facts = self.answered_before(key.0, facts);
            notes.say(&facts::UNANSWERED, key, || Note::seen(facts, &frames));
        }
    }
}

/// Two cards have one address.
fn tell_conflict(conflicts: &Conflicts, conflict: &Conflict, notes: &mut Notes) {
    let (link, cards) = (conflict.link, conflict.cards);
    let (facts, frames) = conflicts.judge(conflict);
    if let SubnetFacts::Pretended { card, .. } = facts {
        notes.say(&facts::SPOOFED, (link, card), || Note::inferred(facts, &frames));
        return;
    }
    if let SubnetFacts::Duplicate { address, .. } = facts {
        notes.say(&facts::DUPLICATE, (link, address), || Note::seen(facts, &frames));
        return;
    }
    // Who pretends to be others does so for more than one.
    if !cards.iter().any(|card| notes.has_said(&facts::SPOOFED, (link, *card))) {
        notes.say(&facts::TWO_CARDS, (link, cards.iter().min(), cards.iter().max()), || Note::inferred(facts, &frames));
    }
}

impl SubnetWatch {
    /// Something about hardware addresses was said.
    fn hear(&mut self, said: Said, passage: &Passage, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (link, frame) = (passage.link, scene.number());
        let now = scene.time().map_or(0, |time| time.nanoseconds());
        self.questions.reaches(link, passage);
        match said {
            Said::Question { asker, target } => {
                let receives = passage.source.and_then(|card| known.card(link, card)).is_some_and(|card| card.receives_for > 0);
                // What the machine itself asks that captured, it would be answered.
                let is_own = scene.direction() == Some(Direction::Outbound);
                let may_be_free = scene.time().is_some_and(|now| known.gives_addresses_at(now));
                let visible = (receives || is_own) && !may_be_free;
                if let Some(facts) = self.questions.asked(link, (asker, target), (frame, now), visible, may_be_free) {
                    let frames = self.questions.frames(link, asker, target);
                    let facts = self.answered_before(link, facts);
                    notes.say(&facts::UNANSWERED, (link, asker, target), || Note::seen(facts, &frames));
                }
                self.questions.reached(link, (asker, target), passage.destination.is_none_or(|to| to[0] & 1 == 1));
                compare(known, (link, asker, target), false, frame, notes);
                if let Some(card) = passage.source {
                    if let Some((facts, frames)) = self.spoofs.asked((link, target, card), asker, (frame, now), known) {
                        notes.say(&facts::SPOOFED, (link, card), || Note::inferred(facts, &frames));
                    }
                    self.spoofs.claimed((link, asker, card), (frame, now));
                    self.unasked.asks(Claim { link, address: asker, card, told: None, frame, now }, target);
                    check_host_address(known, (link, asker, card), frame, notes);
                }
                self.check_way(known, link, [target, asker], notes);
            }
            Said::Probe { target } => {
                let card = passage.source;
                notes.say(&facts::PROBE, (link, target, card), || Note::seen(SubnetFacts::Probe { address: target, card }, &[frame]));
                if self.probes.len() >= Limits::CLAIMS_REMEMBERED {
                    self.forgotten.put_away(self.probes.len());
                    self.probes.clear();
                }
                // Who asks one card alone knows that it has the address, and looks whether it is still there.
                if passage.destination.is_none_or(|to| to[0] & 1 == 1) {
                    self.probes.insert((link, target), Probe { card, frame, when: now });
                }
            }
            Said::Answer { address, card, asker, overrides } => {
                self.check_probe((link, address, card), (frame, now), notes);
                let asking_card = asker.and_then(|asker| known.neighbour(link, asker)).map(|asker| asker.card);
                if overrides && asker.is_some_and(|asker| self.questions.was_for_all(link, asker, address)) {
                    self.conflicts.answered(link, address, card);
                }
                let is_to_asker = asking_card.is_some() && asking_card == passage.destination;
                if let Some(asker) = asker
                    && let Some((first, frames)) =
                        self.questions.answered(link, (asker, address), (card, overrides), (frame, now), is_to_asker)
                    && ![first, card].into_iter().any(is_shared_by_routers)
                {
                    self.conflicts.meet(Conflict { link, address, cards: [first, card], frames, now });
                }
                check_host_address(known, (link, address, card), frame, notes);
                self.spoofs.claimed((link, address, card), (frame, now));
                self.check_unasked(Claim { link, address, card, told: asker, frame, now }, known, notes);
                let before = self.claims.get(&(link, address)).copied().filter(|before| *before != card && overrides);
                let is_routers = before.is_some_and(is_shared_by_routers) || is_shared_by_routers(card);
                let is_disputed = notes.has_said(&facts::DUPLICATE, (link, address)) || self.conflicts.is_waiting(link, address);
                if before.is_some() && !is_routers && !is_disputed {
                    let facts = SubnetFacts::Announced { address, card, before };
                    notes.say(&facts::MOVED, (link, address, card, before), || Note::seen(facts, &[frame]));
                }
                self.claim(link, address, card);
                self.check_proxy(known, link, card, notes);
                if let Some(asker) = asker {
                    self.check_way(known, link, [address, asker], notes);
                }
            }
            Said::Announcement { address, card } => {
                self.check_probe((link, address, card), (frame, now), notes);
                let before = self.claims.get(&(link, address)).copied().filter(|before| *before != card);
                let rule = if before.is_some() { &facts::MOVED } else { &facts::GRATUITOUS };
                let facts = SubnetFacts::Announced { address, card, before };
                // Of two that both have it none took it over from the other.
                let is_disputed = notes.has_said(&facts::DUPLICATE, (link, address)) || self.conflicts.is_waiting(link, address);
                if before.is_none() || !is_disputed {
                    notes.say(rule, (link, address, card, before), || Note::seen(facts, &[frame]));
                }
                self.questions.heard_from(link, address);
                self.spoofs.claimed((link, address, card), (frame, now));
                self.check_unasked(Claim { link, address, card, told: None, frame, now }, known, notes);
                self.claim(link, address, card);
            }
        }
    }

    /// With the card that answered for the same address before.
    fn answered_before(&self, link: LinkId, mut facts: SubnetFacts) -> SubnetFacts {
        if let SubnetFacts::Unanswered { target, before, .. } = &mut facts {
            *before = self.claims.get(&(link, *target)).copied();
        }
        facts
    }

    /// Whether a card only pretends to have an address.
    fn check_unasked(&mut self, claim: Claim, known: &Surroundings, notes: &mut Notes) {
        if let Some((facts, frames, all)) = self.unasked.says(claim, known) {
            notes.say(&facts::SPOOFED, (claim.link, claim.card), || Note::inferred(facts, &frames).of_frames(all));
        }
    }

    fn claim(&mut self, link: LinkId, address: IpAddr, card: [u8; 6]) {
        if self.forgotten.room(self.claims.len() < Limits::CLAIMS_REMEMBERED || self.claims.contains_key(&(link, address))) {
            self.claims.insert((link, address), card);
        }
    }

    /// Whether somebody else looked a moment ago whether the address is free.
    fn check_probe(&mut self, (link, address, owner): (LinkId, IpAddr, [u8; 6]), (frame, now): (u64, i64), notes: &mut Notes) {
        let Some(Probe { card: wanted_by, frame: probe, when }) = self.probes.get(&(link, address)).copied() else { return };
        if wanted_by == Some(owner) || now - when > PROBE_LASTS || is_shared_by_routers(owner) {
            return;
        }
        let facts = SubnetFacts::Taken { address, wanted_by, owner };
        notes.say(&facts::TAKEN, (link, address, wanted_by, owner), || Note::seen(facts, &[probe, frame]));
    }

    /// A packet goes a way that is new.
    fn follow(&mut self, passage: &Passage, network: &Network, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (link, frame, from, to) = (passage.link, scene.number(), network.source, network.destination);
        if !is_host(from) {
            return;
        }
        self.questions.heard_from(link, from);
        let Some((source, destination)) = passage.cards() else { return };
        let sender = known.neighbour(link, from);
        let is_own_card = sender.is_some_and(|sender| sender.card == source);
        if is_initial(network.hop_limit) {
            check_host_address(known, (link, from, source), frame, notes);
        } else if is_own_card {
            if self.forgotten.room(self.passed_on.len() < Limits::CLAIMS_REMEMBERED || self.passed_on.contains_key(&(link, source))) {
                self.passed_on.entry((link, source)).or_insert(PassedOn { from, hop_limit: network.hop_limit, frame });
            }
            if self.check_proxy(known, link, source, notes).is_none() && is_echo_answer(scene.own(), network) {
                // The card may still say what it is called itself: then that is told.
                if self.forgotten.room(self.hidden.len() < Limits::CLAIMS_REMEMBERED || self.hidden.contains_key(&(link, source, from))) {
                    let told = sender.map_or(0, |sender| sender.frame);
                    self.hidden.entry((link, source, from)).or_insert(Hidden { frames: [told, frame], hop_limit: network.hop_limit });
                }
            }
        }
        if !is_host(to) {
            return;
        }
        if is_own_card {
            let is_to_gateway = known.gateway_by_card(link, destination).is_some()
                && known.neighbour(link, to).is_none_or(|receiver| receiver.card != destination);
            compare(known, (link, from, to), is_to_gateway, frame, notes);
        }
        let way = Way { from, to, cards: [source, destination], hop_limit: network.hop_limit, frame };
        self.check_masks(known, link, &way, notes);
        // Hosts of one link most often have half of their bits in common; whatever their masks are, they are what is in question here.
        let half = if from.is_ipv4() { 16 } else { 64 };
        if common_bits(from, to) >= Some(half)
            && self.forgotten.room(self.ways.len() < Limits::CLAIMS_REMEMBERED || self.ways.contains_key(&(link, from, to)))
        {
            self.ways.insert((link, from, to), way);
        }
    }

    /// Whether what comes from an address was passed on by the card that says that the address is its own, beside one that really is.
    fn check_proxy(&self, known: &Surroundings, link: LinkId, card: [u8; 6], notes: &mut Notes) -> Option<()> {
        let PassedOn { from: address, hop_limit, frame } = *self.passed_on.get(&(link, card))?;
        let own = &known.card(link, card)?.own;
        let is_alike = |other: IpAddr| other != address && other.is_ipv4() == address.is_ipv4() && !is_link_local(other);
        let (other, _) = own.iter().find(|(other, _)| is_alike(*other))?;
        let (_, told) = own.iter().find(|(own, _)| *own == address)?;
        let facts = SubnetFacts::Proxy { address, card, own: *other, hop_limit };
        notes.say(&facts::PROXY, (link, card, address), || Note::inferred(facts, &[*told, frame]));
        Some(())
    }

    /// Whether the way that a host's packets took to another is known already when the other asks for it, or is told.
    fn check_way(&self, known: &Surroundings, link: LinkId, [far, near]: [IpAddr; 2], notes: &mut Notes) {
        if let Some(way) = self.ways.get(&(link, far, near)) {
            self.check_masks(known, link, way, notes);
        }
    }

    /// Whether a host sends through a gateway to one that takes it for a neighbour.
    fn check_masks(&self, known: &Surroundings, link: LinkId, way: &Way, notes: &mut Notes) -> Option<()> {
        let Way { from: far, to: near, cards: [source, destination], hop_limit, frame } = *way;
        let (far_card, near_card) = (known.neighbour(link, far)?.card, known.neighbour(link, near)?.card);
        let question = self.questions.asked_for(link, near, far)?;
        if far_card == near_card || self.questions.asked_for(link, far, near).is_some() {
            return None;
        }
        // On its way to the gateway, or as the gateway passes it on.
        let gateway_card = if source == far_card && destination != near_card && is_initial(hop_limit) {
            destination
        } else if destination == near_card && source != far_card && !is_initial(hop_limit) {
            source
        } else {
            return None;
        };
        let (gateway, _) = known.called(link, gateway_card, far).filter(|(gateway, _)| ![far, near].contains(gateway))?;
        let facts = SubnetFacts::MasksDisagree { near, far, gateway, equal_bits: common_bits(near, far)? };
        notes.say(&facts::MASKS, (link, near, far), || Note::inferred(facts, &[question.min(frame), question.max(frame)]));
        Some(())
    }
}

/// Whether a packet is the answer to a ping. A machine gives it itself with a whole hop limit; what programs of it send may come from a machine
/// inside of it (a container), which a router inside of it passes on under its own address.
fn is_echo_answer((bytes, dissection): (&[u8], &Dissection), network: &Network) -> bool {
    let kind = dissection.layers.get(network.layer + 1).and_then(|layer| bytes.get(layer.start));
    dissection.networks.len() == 1 && matches!((network.protocol, kind), (1, Some(0)) | (58, Some(129)))
}

/// Two hosts of which one asks for the other or sends to it, under its mask. That a packet goes to a gateway says why as well
/// (`route.gateway`): then it is not said twice that they are in different subnets.
fn compare(
    known: &Surroundings,
    (link, host, other): (LinkId, IpAddr, IpAddr),
    is_to_gateway: bool,
    frame: u64,
    notes: &mut Notes,
) -> Option<()> {
    let KnownNetwork { prefix, origin, mut frames, .. } = known.network_of(Some(link), host)?;
    // Addresses that are only meant for one link are no lesson on masks.
    if [host, other].into_iter().any(is_link_local) || host == other || is_to_gateway && !prefix.contains(&other) {
        return None;
    }
    let surety = origin.surety();
    let equal_bits = common_bits(host, other)?;
    let facts = SubnetFacts::Compared { host, other, network: prefix, equal_bits, mask_from: origin };
    let rule = if prefix.contains(&other) { &facts::SAME } else { &facts::OTHER };
    notes.say(rule, (link, host, other), || {
        frames.retain(|known| *known != frame);
        frames.push(frame);
        let certainty = if surety == Surety::Told { Certainty::Seen } else { Certainty::Inferred };
        Note { certainty, ..Note::seen(facts, &frames) }
    });
    Some(())
}

/// Whether a host's address is one that no host of its subnet can have. Only where somebody told the mask: what is inferred is no proof here.
fn check_host_address(known: &Surroundings, (link, address, card): (LinkId, IpAddr, [u8; 6]), frame: u64, notes: &mut Notes) {
    // In a subnet of two both addresses are hosts' (RFC 3021).
    const LONGEST: u8 = 30;
    let network = known.networks().iter().find(|known| {
        known.link == link
            && known.origin.surety() == Surety::Told
            && known.prefix.prefix_len() <= LONGEST
            && known.prefix.contains(&address)
    });
    let Some(KnownNetwork { prefix: IpNet::V4(prefix), frames, .. }) = network else { return };
    let is_broadcast = IpAddr::V4(prefix.broadcast()) == address;
    if !is_broadcast && IpAddr::V4(prefix.network()) != address {
        return;
    }
    let rule = if is_broadcast { &facts::BROADCAST_ADDRESS } else { &facts::NETWORK_ADDRESS };
    notes.say(rule, (link, address), || {
        let facts = SubnetFacts::NoHostAddress { address, network: IpNet::V4(*prefix), card, is_broadcast };
        Note::seen(facts, &frames.iter().copied().chain([frame]).collect::<Vec<_>>())
    });
}
