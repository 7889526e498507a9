//! Lessons on what is an artefact of where and how the capture was made.

mod clock;
mod facts;

use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub(super) use facts::RULES;
pub use facts::{CaptureFacts, Offload, Twice};

use super::scene::{Ending, Lessons, Scene};
use super::step::Step;
use super::surroundings::Surroundings;
use super::tcp_options::TcpOptions;
use super::{Note, Notes};
use crate::conversation::{Belongs, Conversation, Kind, Segment, Side, State};
use crate::dissect::transport::tcp::{ACK, RST, SYN};
use crate::frame::Direction;
use clock::Clock;
use facts::{BEGINS, COPIES, CUT, DROPPED, ENDS, MISSED, OFFLOAD, ONE_WAY};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The most payload in a segment where an Ethernet frame of 1500 bytes holds it.
const ETHERNET: u64 = 1460;
/// How much longer the header of IPv6 is than that of IPv4.
const LONGER: u64 = 20;
/// The most payload in a segment on the largest frames that networks are given; only loopback has larger ones.
const JUMBO: u64 = 9216;
/// How many frames prove what is told at the end.
const PROOF: usize = 3;

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct CaptureWatch {
    clock: Clock,
    /// The most payload that each side takes in a segment, where one of them takes more or less than an Ethernet frame holds.
    sizes: HashMap<u64, [u64; 2], RandomState>,
    /// The first frame of each conversation that acknowledges what has not come, and who sent what is missing.
    lacking: HashMap<u64, (u64, Side), RandomState>,
    missed: Missed,
    /// Whether frames were cut: what is acknowledged and lacks may be what was cut off.
    is_cut: bool,
    forgotten: NoRoom,
}

/// What arrived and was not captured.
#[derive(Debug, Default)]
struct Missed {
    conversations: u64,
    bytes: u64,
    frames: Vec<u64>,
}

impl Lessons for CaptureWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    fn frame(&mut self, scene: &Scene<'_>, _: &Surroundings, notes: &mut Notes) {
        let frame = scene.packet.frame;
        self.clock.tick(frame);
        if frame.is_cut() {
            self.is_cut = true;
            let limit = u64::from(scene.interface().map_or(0, |interface| interface.snap_length));
            let facts = CaptureFacts::Cut { limit, captured: frame.captured().into(), length: frame.length.into() };
            notes.say(&CUT, frame.interface, || scene.note(Note::seen(facts, &[frame.number])));
        }
        if let Some((belongs, segment)) = scene.belongs.as_ref().and_then(|belongs| Some((belongs, belongs.segment.as_ref()?))) {
            self.segment(scene, belongs, segment, notes);
        }
    }

    fn over(&mut self, conversation: &Conversation, _: &mut Notes) {
        if self.sizes.is_empty() && self.lacking.is_empty() {
            return;
        }
        self.sizes.remove(&conversation.id);
        if let Some((frame, side)) = self.lacking.remove(&conversation.id) {
            let gaps = conversation.incidents().gaps[side.index()];
            if gaps.times > 0 {
                self.missed.conversations += 1;
                self.missed.bytes += gaps.bytes;
                if self.missed.frames.len() < PROOF {
                    self.missed.frames.push(frame);
                }
            }
        }
    }

    fn finish(&mut self, ending: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        for (place, interface) in ending.interfaces.iter().enumerate() {
            let counted = interface.statistics;
            let (by_interface, by_system) =
                (counted.dropped_by_interface.unwrap_or_default(), counted.dropped_by_system.unwrap_or_default());
            if by_interface > 0 || by_system > 0 {
                let name = interface.name.as_deref().unwrap_or_default().into();
                let received = counted.received.unwrap_or_default();
                let facts = CaptureFacts::Dropped { interface: name, by_interface, by_system, received };
                notes.say(&DROPPED, place, || Note::seen(facts, &[]));
            }
        }
        let Missed { conversations, bytes, frames } = &self.missed;
        if *conversations > 0 && !self.is_cut {
            let facts = CaptureFacts::Missed { conversations: *conversations, bytes: *bytes };
            notes.say(&MISSED, (), || Note::inferred(facts, frames).of_frames(*conversations));
        }
        self.clock.judge(notes);
        if ending.conversations.put_away().conversations == 0 {
            judge_conversations(ending, notes);
        }
    }
}

impl CaptureWatch {
    /// Takes one more segment of a connection that goes on.
    pub(super) fn go_on(&mut self, scene: &Scene<'_>, step: &Step<'_>, notes: &mut Notes) {
        let Step { conversation, belongs, segment, .. } = *step;
        self.clock.tick(scene.packet.frame);
        self.look_for_large(scene, conversation, belongs, segment, notes);
        self.acknowledgement(scene, conversation, belongs.from);
    }

    fn look_for_large(&self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, segment: &Segment, notes: &mut Notes) {
        if u64::from(segment.length) > ETHERNET {
            self.large_segment(scene, conversation, belongs, segment, notes);
        }
    }

    fn segment(&mut self, scene: &Scene<'_>, belongs: &Belongs, segment: &Segment, notes: &mut Notes) {
        if let Some(original) = segment.original {
            let hop_limit = scene.whole().1.network().map_or(0, |network| network.hop_limit);
            let twice = if hop_limit != original.hop_limit {
                Twice::Routed
            } else if scene.packet.frame.interface != original.interface {
                Twice::Interfaces
            } else if original.is_same_place {
                Twice::Mirrored
            } else {
                Twice::Link
            };
            let facts = CaptureFacts::Copies { twice, hop_limits: [original.hop_limit, hop_limit] };
            notes.say(&COPIES, twice, || scene.note(Note::seen(facts, &[original.frame, scene.number()])));
            return;
        }
        if segment.is(SYN) {
            self.offer(scene, belongs);
            return;
        }
        let Some(conversation) = scene.conversation() else { return };
        self.look_for_large(scene, conversation, belongs, segment, notes);
        if segment.is(ACK) && !segment.is(RST) {
            self.acknowledgement(scene, conversation, belongs.from);
        }
        let begins = conversation.first_frame == scene.number() && !conversation.beginning_was_seen();
        if begins && !segment.is(RST) && scene.conversations.put_away().conversations == 0 {
            let (sender, receiver) = (conversation.end(belongs.from).address, conversation.end(belongs.from.other()).address);
            notes.say(&BEGINS, (), || scene.note(Note::seen(CaptureFacts::Begins { sender, receiver }, &[scene.number()])));
        }
    }

    /// Remembers how large segments may be, where that is not the usual.
    fn offer(&mut self, scene: &Scene<'_>, belongs: &Belongs) {
        let size = TcpOptions::of(scene).segment_size.map_or(0, u64::from);
        if size > 0
            && size != ETHERNET
            && self.forgotten.room(self.sizes.len() < Limits::REMARKABLE_CAPTURED || self.sizes.contains_key(&belongs.conversation))
        {
            self.sizes.entry(belongs.conversation).or_default()[belongs.from.index()] = size;
        }
    }

    fn large_segment(&self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, segment: &Segment, notes: &mut Notes) {
        let [sender, receiver] = [belongs.from, belongs.from.other()].map(|side| conversation.end(side).address);
        let told = self.sizes.get(&belongs.conversation).map_or(0, |sizes| sizes[belongs.from.other().index()]);
        let usual = if sender.is_ipv4() { ETHERNET } else { ETHERNET - LONGER };
        let limit = if told > 0 { told } else { usual };
        // Where no SYN said what the receiver takes it may be more than usual, and loopback has no limit worth the name.
        let known = conversation.beginning_was_seen() || u64::from(segment.length) > JUMBO;
        let whole = scene.packet.fragment.is_none();
        if u64::from(segment.length) <= limit || !known || !whole || sender.is_loopback() || sender == receiver {
            return;
        }
        let offload = where_it_is(scene);
        // The options take their room from the payload (RFC 6691 section 2).
        let limit = limit.saturating_sub(TcpOptions::length(scene));
        let facts = CaptureFacts::Segmentation { sender, receiver, length: segment.length.into(), limit, offload };
        notes.say(&OFFLOAD, (sender, offload), || scene.note(Note::inferred(facts, &[scene.number()])));
    }

    /// What is acknowledged and has not come.
    fn acknowledgement(&mut self, scene: &Scene<'_>, conversation: &Conversation, from: Side) {
        let missing = from.other();
        // One byte more may be a FIN that the capture lacks.
        let is_behind = conversation.progress(missing).is_some_and(|(acknowledged, highest)| acknowledged > highest + 1);
        // Or there is a hole in the middle, and what is behind it is acknowledged too.
        let lacks =
            is_behind || conversation.lacks_acknowledged(missing) && conversation.progress(missing).is_some_and(|(_, highest)| highest > 0);
        if lacks
            && conversation.sent[missing.index()].frames > 0
            && self.forgotten.room(self.lacking.len() < Limits::REMARKABLE_CAPTURED || self.lacking.contains_key(&conversation.id))
        {
            self.lacking.entry(conversation.id).or_insert((scene.number(), missing));
        }
    }
}

/// Whether the sender's card cuts or the receiver's joins, as far as the frame tells.
fn where_it_is(scene: &Scene<'_>) -> Offload {
    const FIRST: [u8; 4] = [32, 64, 128, 255];
    let hop_limit = scene.whole().1.network().map_or(0, |network| network.hop_limit);
    match scene.packet.frame.annotations.direction() {
        Some(Direction::Outbound) => Offload::Sender,
        Some(Direction::Inbound) => Offload::Receiver,
        // A packet that routers passed on was cut long before.
        None if !FIRST.contains(&hop_limit) => Offload::Receiver,
        None => Offload::Either,
    }
}

/// What the conversations of the whole capture tell.
fn judge_conversations(ending: &Ending<'_>, notes: &mut Notes) {
    let (mut open, mut open_frames, mut all) = (0, Vec::new(), 0);
    let (mut one_way, mut both, mut one_way_frames, mut speaks) = (0, 0, Vec::new(), None);
    for conversation in ending.conversations.iter().filter(|conversation| conversation.kind == Kind::Tcp) {
        all += 1;
        let [originator, responder] = &conversation.sent;
        let silent = Side::BOTH.into_iter().find(|side| conversation.sent[side.index()].frames == 0);
        match silent {
            None => both += 1,
            // Whoever sends data was answered, in the capture or not; not who sends the same again and again.
            Some(silent)
                if originator.payload + responder.payload > 0
                    && conversation.frames() > 2
                    && u64::from(originator.retransmitted.max(responder.retransmitted)) * 2 < conversation.frames() =>
            {
                one_way += 1;
                one_way_frames.push(conversation.first_frame);
                if one_way_frames.iter().min() == Some(&conversation.first_frame) {
                    speaks = Some((conversation.end(silent.other()).address, conversation.end(silent).address));
                }
            }
            Some(_) => {}
        }
        if conversation.state() == Some(State::Open) && conversation.frames() > 3 && silent.is_none() {
            open += 1;
            open_frames.push(conversation.first_frame);
        }
    }
    if let Some((sender, receiver)) = speaks {
        one_way_frames.sort_unstable();
        one_way_frames.truncate(PROOF);
        let facts = CaptureFacts::OneWay { conversations: one_way, both, sender, receiver };
        notes.say(&ONE_WAY, (), || Note::inferred(facts, &one_way_frames).of_frames(one_way));
    }
    if open > 0 && ending.is_end {
        open_frames.sort_unstable();
        open_frames.truncate(PROOF);
        let facts = CaptureFacts::Ends { open, conversations: all };
        notes.say(&ENDS, (), || Note::seen(facts, &open_frames).of_frames(open));
    }
}
