//! Lessons on hops: how many routers a packet passed, and which.

mod circle;
mod facts;
mod nearer;
mod trace;

use super::icmp::{IcmpError, PROBE_HOP_LIMIT};
use super::scene::{Ending, Lessons};
use super::{Note, Notes, Rule, Scene, Surroundings};
use crate::conversation::{Belongs, Remark, Side};
use crate::dissect::transport::tcp::{ACK, RST, SYN};
use crate::dissect::{Dissection, Network};
use crate::explain::room::NoRoom;
use crate::frame::Direction;
use crate::limits::Limits;
use circle::Circles;
pub use facts::HopsFacts;
use foldhash::fast::RandomState;
use nearer::{Answer, Answers};
use std::collections::HashMap;
use std::net::IpAddr;
use trace::Traces;

/// How many routers lie between.
static DISTANCE: Rule = Rule::lesson("hops.distance", "RFC 791 3.1, RFC 1812 5.3.1, RFC 8200 3");
/// The packets of a side take another way now.
static PATH_CHANGED: Rule = Rule::information("hops.path-changed", "RFC 1812 5.3.1");
/// A reset came from nearer, or from farther away, than all else.
static OTHER_RESET: Rule = Rule::information("hops.other-reset", "RFC 9293 3.5.2, RFC 3360, RFC 791 3.1");
/// TCP is answered from nearer than a ping of the same address.
static NEARER: Rule = Rule::information("hops.answered-nearer", "RFC 791 3.1, RFC 1919 5, RFC 9110 3.7");
/// A packet was meant to die on its way, and did.
static EXPIRED: Rule = Rule::lesson("hops.expired", "RFC 792, RFC 1812 5.2.7.3, RFC 4443 3.3");
/// A packet died that was not meant to.
static EXHAUSTED: Rule = Rule::warning("hops.exhausted", "RFC 1812 5.3.1, RFC 4443 3.3");
/// Somebody traces a way.
static TRACEROUTE: Rule = Rule::information("hops.traceroute", "RFC 2151 3.4");
/// Routers pass a packet to each other in a circle.
static LOOP: Rule = Rule::problem("hops.loop", "RFC 791 3.1, RFC 1812 5.3.1, RFC 8200 3");

/// The rules.
pub(super) static RULES: &[&Rule] = &[&DISTANCE, &PATH_CHANGED, &OTHER_RESET, &NEARER, &EXPIRED, &EXHAUSTED, &TRACEROUTE, &LOOP];

/// What hosts begin with in the time to live.
const BEGINNINGS: [u8; 4] = [32, 64, 128, 255];
/// More routers than that lie between no two hosts of today.
const FARTHEST: u8 = 30;
/// How many packets in a row have one time to live for it to be the way's and no accident.
const STABLE: u32 = 3;

/// What a packet's time to live began with, as it seems, and how many routers took 1 off.
fn beginning(hop_limit: u8) -> Option<(u8, u8)> {
    let begun = BEGINNINGS.into_iter().find(|begun| *begun >= hop_limit)?;
    let routers = begun - hop_limit;
    (routers <= FARTHEST).then_some((begun, routers))
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct HopsWatch {
    /// Whether only what goes wrong on the way is told, and nothing of how far away hosts are.
    is_of_conversations: bool,
    /// Sides of conversations whose time to live has changed.
    changes: HashMap<(u64, usize), Change, RandomState>,
    /// What the first packets of each host's conversations say of its distance.
    hosts: HashMap<IpAddr, Heard, RandomState>,
    circles: Circles,
    answers: Answers,
    traces: Traces,
    forgotten: NoRoom,
}

/// What is known of how far away a host is.
#[derive(Clone, Copy, Debug)]
struct Heard {
    hop_limit: u8,
    frame: u64,
    conversation: Option<u64>,
    /// Whether the first packet of another conversation, or another packet that was meant to arrive, says the same.
    is_confirmed: bool,
    /// Whether nothing but SYNs was heard: scanners make them up.
    is_opening: bool,
    /// Whether another packet says that it is nearer or farther away: then nothing is told.
    is_contradicted: bool,
}

impl Heard {
    /// Says how far away it is.
    fn tell(&self, host: IpAddr, notes: &mut Notes) {
        let Some((begun, routers @ 1..)) = beginning(self.hop_limit).filter(|_| !self.is_contradicted && !self.is_opening) else { return };
        let facts = HopsFacts::Distance { host, hop_limit: self.hop_limit, begun, routers };
        let conversation = self.conversation;
        notes.say(&DISTANCE, host, || Note { conversation, ..Note::inferred(facts, &[self.frame]) });
    }
}

/// A time to live that is another than before.
#[derive(Clone, Copy, Debug)]
struct Change {
    before: u8,
    after: u8,
    /// The frame that it came with first.
    frame: u64,
    /// How many packets in a row have the new one, and the last of them.
    run: u32,
    last: u64,
    /// Whether some of them carry data: other machines on the way send none in somebody's name.
    has_data: bool,
    host: IpAddr,
    /// It went back and forth: nothing is told.
    is_unstable: bool,
}

impl Change {
    fn tell(&self, (conversation, side): (u64, usize), notes: &mut Notes) {
        let Self { before, after, host, .. } = *self;
        if beginning(before).map(|(begun, _)| begun) == beginning(after).map(|(begun, _)| begun) {
            let note = || Note::inferred(HopsFacts::PathChanged { host, before, after }, &[self.frame, self.last]).of(conversation);
            notes.say(&PATH_CHANGED, (conversation, side), note);
        }
    }
}

impl HopsWatch {
    /// One that tells only of what goes wrong on the way of packets.
    pub(super) fn of_conversations() -> Self {
        Self { is_of_conversations: true, ..Self::default() }
    }

    /// Whether one more segment tells nothing.
    pub(super) fn is_calm(&self) -> bool {
        self.changes.is_empty() && self.traces.is_empty()
    }
}

impl Lessons for HopsWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count() + self.circles.forgotten() + self.answers.forgotten() + self.traces.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (_, dissection) = scene.own();
        let (Some(belongs), Some(network)) = (&scene.belongs, dissection.network()) else { return };
        let is_as_before = belongs.hop_limit_before == Some(network.hop_limit) && network.hop_limit >= PROBE_HOP_LIMIT;
        let goes_on = is_as_before && known.is_usual() && belongs.segment.as_ref().is_some_and(|segment| segment.highest > 1);
        if goes_on && self.changes.is_empty() && self.traces.is_empty() {
            return;
        }
        if dissection.networks.last().is_some_and(|last| last.quoted) {
            if let Some(error) = IcmpError::of(scene) {
                self.expire(&error, scene, notes);
                self.traces.report(&error, scene.number());
            }
            return;
        }
        if network.hop_limit < PROBE_HOP_LIMIT && !network.destination.is_multicast() {
            self.traces.probe(scene, network);
        } else if !self.traces.is_empty() {
            self.traces.answer(scene, network);
        }
        if self.is_of_conversations {
            if belongs.hop_limit_before.is_some_and(|before| network.hop_limit < before) {
                self.circles.pass(scene, belongs, network, notes);
            }
            return;
        }
        match belongs.hop_limit_before {
            None => self.first(scene, belongs, known, dissection, notes),
            Some(before) if before != network.hop_limit => self.change(scene, belongs, network, before, notes),
            Some(_) => {
                // A SYN alone may be made up, as scanners do with many times to live; who goes on with the same has them.
                let sent = || scene.conversation().map_or(0, |conversation| conversation.sent[belongs.from.index()].frames);
                if belongs.segment.as_ref().is_some_and(|segment| segment.flags & ACK != 0 && segment.highest <= 1) && sent() == 2 {
                    self.first(scene, belongs, known, dissection, notes);
                }
                if !self.changes.is_empty() {
                    self.go_on(scene, belongs, notes);
                }
            }
        }
    }

    fn finish(&mut self, _: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        self.traces.finish(notes);
        let mut heard: Vec<_> = self.hosts.iter().filter(|(_, heard)| !heard.is_confirmed).collect();
        heard.sort_unstable_by_key(|(_, heard)| heard.frame);
        for (host, heard) in heard {
            heard.tell(*host, notes);
        }
        // Where the conversation ended soon after it, two packets are enough if they carried something.
        let mut late: Vec<_> = self.changes.iter().filter(|(_, change)| change.run == STABLE - 1 && change.has_data).collect();
        late.sort_unstable_by_key(|(_, change)| change.frame);
        for (key, change) in late.into_iter().filter(|(_, change)| !change.is_unstable) {
            change.tell(*key, notes);
        }
    }
}

impl HopsWatch {
    /// The first packet of a side, or one more that is sure to be meant to arrive.
    fn first(&mut self, scene: &Scene<'_>, belongs: &Belongs, around: &Surroundings, dissection: &Dissection, notes: &mut Notes) {
        let Some(network) = dissection.network() else { return };
        let &Network { source, destination, hop_limit, .. } = network;
        let is_for_all = around.passage().and_then(|passage| passage.destination).is_some_and(|card| card[0] & 1 == 1);
        let is_far = !is_for_all && !destination.is_multicast() && !is_near(source) && !is_near(destination);
        let segment = belongs.segment.filter(|segment| segment.flags & ACK != 0);
        // With less than 32 it may be a probe; only who answers is sure to have meant it to arrive.
        if dissection.networks.len() > 1 || !is_far || hop_limit < PROBE_HOP_LIMIT && segment.is_none() {
            return;
        }
        let frame = scene.number();
        let is_reset = belongs.segment.is_some_and(|segment| segment.flags & RST != 0);
        let known = self.hosts.get(&source).copied();
        let Some((begun, routers)) = beginning(hop_limit) else {
            self.hosts.entry(source).and_modify(|heard| heard.is_contradicted |= !is_reset);
            return;
        };
        if is_reset {
            // Another beginning may be that of another protocol; fewer routers cannot.
            if let Some(Heard { hop_limit: others, frame: other_frame, is_contradicted: false, .. }) = known
                && beginning(others).is_some_and(|(other_begun, other_routers)| other_begun == begun && routers < other_routers)
            {
                let facts = HopsFacts::OtherReset { host: source, hop_limit, others };
                notes.say(&OTHER_RESET, belongs.conversation, || scene.note(Note::inferred(facts, &[other_frame, frame])));
            }
            return;
        }
        // Who is on the link itself, or is the machine that captured, only hands on what others sent: it translates addresses.
        let is_here =
            scene.direction() == Some(Direction::Outbound) || around.passage().is_some_and(|passage| around.is_on(passage.link, source));
        let is_answer_to_call = belongs.segment.is_some_and(|segment| segment.flags & (SYN | ACK) == SYN | ACK);
        let is_ping = belongs.segment.is_none() && matches!(network.protocol, 1 | 58);
        if belongs.from == Side::Responder
            && !is_here
            && (is_ping || is_answer_to_call)
            && let Some((card, _)) = around.passage().and_then(|passage| passage.cards())
            && let Some((facts, frames)) = self.answers.take(source, is_answer_to_call, Answer { hop_limit, frame, card })
        {
            notes.say(&NEARER, source, || scene.note(Note::inferred(facts, &frames)));
        }
        let is_traced = self.traces.routers_to(source).is_some_and(|traced| traced != routers);
        let is_opening = belongs.segment.is_some_and(|segment| segment.flags & (SYN | ACK) == SYN);
        let has_room = self.hosts.len() < Limits::HOPS_KEPT;
        let heard = match self.hosts.get_mut(&source) {
            Some(heard) => {
                heard.is_contradicted |= beginning(heard.hop_limit).is_none_or(|(_, others)| others != routers);
                heard.is_confirmed |= heard.frame != frame;
                heard
            }
            None if self.forgotten.room(has_room) => {
                let conversation = Some(belongs.conversation);
                let new = Heard { hop_limit, frame, conversation, is_confirmed: false, is_opening: true, is_contradicted: false };
                self.hosts.entry(source).or_insert(new)
            }
            None => return,
        };
        if heard.is_opening && !is_opening {
            (heard.is_opening, heard.frame, heard.hop_limit) = (false, frame, hop_limit);
        }
        heard.is_contradicted |= is_here || is_traced;
        // Who asks may try how far its packets come; who answers means them to arrive.
        if belongs.from == Side::Responder || heard.is_confirmed {
            heard.is_confirmed = true;
            heard.tell(source, notes);
        }
    }

    /// A packet whose time to live is another than that of the one before.
    fn change(&mut self, scene: &Scene<'_>, belongs: &Belongs, network: &Network, before: u8, notes: &mut Notes) {
        let (after, frame) = (network.hop_limit, scene.number());
        if after < before {
            self.circles.pass(scene, belongs, network, notes);
        }
        let segment = belongs.segment;
        if segment.is_some_and(|segment| segment.remark == Some(Remark::Copy)) {
            return;
        }
        let key = (belongs.conversation, belongs.from.index());
        let sent = scene.conversation().map_or(0, |conversation| conversation.sent[key.1].frames).saturating_sub(1);
        let is_reset = segment.is_some_and(|segment| segment.flags & RST != 0);
        if let Some(change) = self.changes.get_mut(&key) {
            change.is_unstable = true;
            return;
        }
        // A few packets are no rule yet, unless the reset passed clearly fewer routers than they did.
        let is_nearer =
            || matches!((beginning(before), beginning(after)), (Some((one, far)), Some((other, near))) if one == other && far >= near + 2);
        if is_reset && (sent >= STABLE || is_nearer()) {
            let facts = HopsFacts::OtherReset { host: network.source, hop_limit: after, others: before };
            notes.say(&OTHER_RESET, belongs.conversation, || scene.note(Note::inferred(facts, &[frame])));
        }
        if self.forgotten.room(self.changes.len() < Limits::HOPS_KEPT || self.changes.contains_key(&key)) {
            let is_unstable = sent < STABLE || is_reset || after < PROBE_HOP_LIMIT || before < PROBE_HOP_LIMIT;
            let has_data = segment.is_some_and(|segment| segment.length > 0);
            self.changes.insert(key, Change { before, after, frame, run: 1, last: frame, has_data, host: network.source, is_unstable });
        }
    }

    /// A packet of a side whose time to live may have changed for good.
    fn go_on(&mut self, scene: &Scene<'_>, belongs: &Belongs, notes: &mut Notes) {
        let key = (belongs.conversation, belongs.from.index());
        let Some(change) = self.changes.get_mut(&key).filter(|change| !change.is_unstable && change.run < STABLE) else { return };
        change.run += 1;
        change.last = scene.number();
        change.has_data |= belongs.segment.is_some_and(|segment| segment.length > 0);
        if change.run == STABLE {
            change.tell(key, notes);
        }
    }

    /// A router says that a packet's time to live was used up.
    fn expire(&mut self, error: &IcmpError, scene: &Scene<'_>, notes: &mut Notes) {
        if !error.is_expired() {
            return;
        }
        let Some((conversation, _)) = error.about else { return };
        let (reporter, quoted, frame) = (error.reporter, error.quoted, scene.number());
        let set_out = self.traces.set_out(&quoted).or(error.seen_hop_limit);
        let note = |note: Note| note.of(conversation);
        match set_out {
            Some(hop_limit) if hop_limit < PROBE_HOP_LIMIT => {
                let facts = HopsFacts::Expired { reporter, source: quoted.source, destination: quoted.destination, hop_limit };
                notes.say(&EXPIRED, (reporter, quoted.destination, hop_limit), || note(Note::seen(facts, &[frame])));
            }
            Some(hop_limit) => {
                let facts = HopsFacts::Exhausted { reporter, source: quoted.source, destination: quoted.destination, hop_limit };
                notes.say(&EXHAUSTED, (reporter, quoted.source, quoted.destination), || note(Note::inferred(facts, &[frame])));
            }
            None => {}
        }
    }
}

/// Whether an address has no meaning beyond its link.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_broadcast() || address.is_loopback() || address.is_unspecified(),
        IpAddr::V6(address) => address.is_unicast_link_local() || address.is_loopback() || address.is_unspecified(),
    }
}
