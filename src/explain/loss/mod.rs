//! Lessons on what TCP sent again, and why it waited.

mod again;
mod facts;
mod nagle;
mod recent;

use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub(super) use facts::RULES;
pub use facts::{Counts, LossFacts, Place, Proof};

use super::reported::Reported;
use super::scene::{Lessons, Scene};
use super::step::Step;
use super::surroundings::Surroundings;
use super::tcp_options::TcpOptions;
use super::{Note, Notes};
use crate::conversation::{Belongs, ByConversation, Conversation, Listener, Remark, Segment, Side};
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::frame::Timestamp;
use again::{Again, Heard, Repeated};
use facts::{ALIVE, FAST, FULL, ORDER, PROBE, SUMMARY};
use nagle::Halves;
use recent::Recent;
use std::net::{IpAddr, SocketAddr};

/// How many duplicate acknowledgements make a sender send again at once (RFC 5681 section 3.2).
const ASKED: u64 = 3;
/// How many frames prove that a receiver asked.
const PROOF: usize = 4;
/// How long a receiver is full for that to be told, in nanoseconds: to be full for a moment is how it slows its sender down.
const NOTICEABLE: i64 = 50_000_000;
/// How many segments sent again are worth a sum.
const SEVERAL: u64 = 2;

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct LossWatch {
    recent: Recent,
    /// Where acknowledgements came first, by their direction and place.
    acknowledgements: Recent,
    halves: Halves,
    troubles: ByConversation<Trouble>,
    reported: Reported,
    forgotten: NoRoom,
}

/// The least place of bytes whose stream has not shown where it begins.
const UNPLACED: u64 = 1 << 62;

/// What went wrong in a conversation, by side: the originator first.
#[derive(Debug, Default)]
struct Trouble {
    /// Apart, where something was sent again at all: most have only gaps.
    repeated: [Option<Box<Repeated>>; 2],
    /// Frames in which this side said that it lacks something, since it last acknowledged more; and how many there were.
    /// And how many bytes it said so to lack before what it has behind them; 0 where it did not say.
    asking: [(Vec<u64>, u32, u32); 2],
    /// Since when this side can take no more: the frame, and when.
    full: [Option<(u64, Timestamp)>; 2],
    /// How often each side was so before, for how long: apart, as few ever are.
    stalls: Option<Box<[Stalls; 2]>>,
    /// When this side last acknowledged more, and how far.
    heard: [Option<(u64, Timestamp)>; 2],
    /// Whether the capture lacks what this side sent and the other acknowledged.
    is_lacking: [bool; 2],
}

/// How often a side could take no more, and for how long.
#[derive(Debug, Default)]
struct Stalls {
    times: u64,
    /// Nanoseconds, of all of them and of the longest.
    sum: i64,
    longest: i64,
    /// Where the first few began and ended.
    frames: Vec<u64>,
}

impl Stalls {
    fn add(&mut self, took: i64, frames: [u64; 2]) {
        self.times += 1;
        self.sum = self.sum.saturating_add(took);
        self.longest = self.longest.max(took);
        if self.frames.len() < PROOF {
            self.frames.extend(frames);
        }
    }
}

impl Lessons for LossWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count() + self.reported.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, _: &Surroundings, notes: &mut Notes) {
        let Some(belongs) = &scene.belongs else { return };
        let Some(segment) = &belongs.segment else {
            self.reported.observe(scene);
            return;
        };
        if segment.original.is_some() || segment.is(SYN | RST) {
            return;
        }
        let (Some(conversation), Some(time)) = (scene.conversation(), scene.time()) else { return };
        if segment.length > 0 && !matches!(segment.remark, Some(Remark::Retransmission | Remark::Conflict | Remark::KeepAlive)) {
            let start = segment.sequence.unwrap_or_else(|| unplaced(raw_sequence(scene)));
            self.remember(scene, belongs, start, time);
        }
        self.remember_acknowledgement(scene, belongs, segment, time);
        if segment.remark.is_none() && !segment.is(FIN) {
            self.halves.observe(scene, conversation, belongs, segment, notes);
        }
        let is_remarkable = segment.remark.is_some() || segment.window == 0;
        if !is_remarkable && self.troubles.is_empty() {
            return;
        }
        if is_remarkable {
            self.remarkable(scene, conversation, belongs, segment, time, notes);
        }
        if let Some(trouble) = self.troubles.get_mut(belongs.conversation) {
            trouble.go_on(scene, conversation, belongs, segment, time, notes);
        }
    }

    fn over(&mut self, conversation: &Conversation, notes: &mut Notes) {
        let Some(mut trouble) = self.troubles.remove(conversation.id) else { return };
        for side in Side::BOTH {
            let [sender, receiver] = parties(conversation, side);
            if let Some(repeated) = &mut trouble.repeated[side.index()] {
                repeated.finish(conversation, side, notes);
                if repeated.counts.again >= SEVERAL {
                    let frames = u64::from(conversation.sent[side.index()].frames);
                    let facts = LossFacts::Summary { sender, receiver, frames, counts: repeated.counts };
                    let all = repeated.counts.again;
                    notes.say(&SUMMARY, (conversation.id, side), || Note::seen(facts, &repeated.frames).of_frames(all).of(conversation.id));
                }
            }
            // The first was told when it was over.
            if let Some(stalls) = &trouble.stalls
                && let Stalls { times: stalled @ 2.., sum, longest, frames } = &stalls[side.index()]
            {
                let facts = LossFacts::Full { receiver: sender, sender: receiver, took: Some(*sum), times: *stalled, longest: *longest };
                let all = 2 * stalled;
                notes.say(&FULL, (conversation.id, side, *stalled), || Note::seen(facts, frames).of_frames(all).of(conversation.id));
            }
            // Whoever said once that it is full, and then nothing more, may have ended.
            let times = conversation.incidents().zero_windows[side.index()];
            if let Some((frame, _)) = trouble.full[side.index()].filter(|_| times > 1 && !conversation.is_finished(side)) {
                let facts = LossFacts::Full { receiver: sender, sender: receiver, took: None, times: 1, longest: 0 };
                notes.say(&FULL, (conversation.id, side, frame), || Note::seen(facts, &[frame]).of(conversation.id));
            }
        }
    }
}

impl LossWatch {
    /// Takes one more segment of a connection that goes on.
    pub(super) fn go_on(&mut self, scene: &Scene<'_>, step: &Step<'_>, notes: &mut Notes) {
        let Step { conversation, belongs, segment, tcp, .. } = *step;
        let Some(time) = scene.time() else { return };
        if segment.length > 0 {
            self.remember(scene, belongs, segment.sequence.unwrap_or_else(|| unplaced(tcp.sequence)), time);
        }
        self.remember_acknowledgement(scene, belongs, segment, time);
        self.halves.observe(scene, conversation, belongs, segment, notes);
        if !self.troubles.is_empty()
            && let Some(trouble) = self.troubles.get_mut(belongs.conversation)
        {
            trouble.go_on(scene, conversation, belongs, segment, time, notes);
        }
    }

    /// Remembers when and where bytes came first.
    fn remember(&mut self, scene: &Scene<'_>, belongs: &Belongs, start: u64, time: Timestamp) {
        self.recent.push(belongs.conversation << 1 | belongs.from.index() as u64, start, scene.number(), time);
    }

    /// Remembers when so much was acknowledged first.
    fn remember_acknowledgement(&mut self, scene: &Scene<'_>, belongs: &Belongs, segment: &Segment, time: Timestamp) {
        let Some(place) = segment.acknowledgement.filter(|_| segment.is(ACK)) else { return };
        let direction = belongs.conversation << 1 | belongs.from.index() as u64;
        if self.acknowledgements.find(direction, place).is_none() {
            self.acknowledgements.push(direction, place, scene.number(), time);
        }
    }

    /// Takes a segment that is not as most are.
    fn remarkable(
        &mut self,
        scene: &Scene<'_>,
        conversation: &Conversation,
        belongs: &Belongs,
        segment: &Segment,
        time: Timestamp,
        notes: &mut Notes,
    ) {
        let is_new = !self.troubles.contains(belongs.conversation);
        if is_new && !self.forgotten.room(self.troubles.len() < Limits::TROUBLES_REMEMBERED) {
            return;
        }
        let [sender, receiver] = parties(conversation, belongs.from);
        let number = scene.number();
        let own = belongs.from.index();
        let trouble = self.troubles.get_or_insert_with(belongs.conversation, Trouble::default);
        if segment.window == 0 && !segment.is(FIN) && trouble.full[own].is_none() {
            trouble.full[own] = Some((number, time));
        }
        match segment.remark {
            // Where the beginning is not in the capture, what the receiver lacks may have been lost before.
            Some(Remark::OutOfOrder) if conversation.beginning_was_seen() => {
                let facts = LossFacts::Order { sender, receiver };
                notes.say(&ORDER, (belongs.conversation, belongs.from), || scene.note(Note::inferred(facts, &[number])));
            }
            Some(Remark::KeepAlive) if trouble.full[belongs.from.other().index()].is_none() => {
                notes.say(&ALIVE, (), || scene.note(Note::seen(LossFacts::Alive { asking: sender, asked: receiver }, &[number])));
            }
            Some(Remark::DuplicateAcknowledgement) => {
                let acknowledged = scene.whole().1.transport().and_then(|transport| transport.tcp).map_or(0, |tcp| tcp.acknowledgement);
                let (frames, count, lacks) = &mut trouble.asking[own];
                *lacks = TcpOptions::of(scene).hole(acknowledged).unwrap_or(0);
                *count = count.saturating_add(1);
                if frames.len() < PROOF {
                    frames.push(number);
                }
            }
            Some(Remark::Retransmission | Remark::Conflict) if segment.length > 0 => {
                let ends = [belongs.from, belongs.from.other()].map(|side| conversation.end(side));
                let [source, destination] = ends.map(|end| SocketAddr::new(end.address, end.port));
                // What a router refused and said so was not lost: it is told there.
                if !self.reported.contains(source, destination) {
                    self.again(scene, conversation, belongs, segment, time, notes);
                }
            }
            _ => {}
        }
    }

    /// Takes a segment that was sent again.
    fn again(
        &mut self,
        scene: &Scene<'_>,
        conversation: &Conversation,
        belongs: &Belongs,
        segment: &Segment,
        time: Timestamp,
        notes: &mut Notes,
    ) {
        let Some(trouble) = self.troubles.get_mut(belongs.conversation) else { return };
        let raw = raw_sequence(scene);
        let start = segment.sequence.unwrap_or_else(|| unplaced(raw));
        let end = start + u64::from(segment.length);
        let [sender, receiver] = parties(conversation, belongs.from);
        let [own, other] = [belongs.from.index(), belongs.from.other().index()];
        if trouble.is_lacking[own] {
            return;
        }
        let first = self.recent.find(belongs.conversation << 1 | own as u64, start);
        let (frames, count, lacks) = &trouble.asking[other];
        let count = u64::from(*count);
        if count >= ASKED && start == segment.acknowledged {
            let facts = LossFacts::Fast { sender, receiver, duplicates: count };
            let mut proof: Vec<u64> = frames.clone();
            proof.push(scene.number());
            notes.say(&FAST, (), || scene.note(Note::inferred(facts, &proof)));
        }
        // A timer repeats what is missing first; only a probe repeats the last.
        let is_last = end == segment.highest && start > segment.acknowledged;
        if is_last
            && count == 0
            && trouble.repeated[own].as_ref().is_none_or(|repeated| repeated.is_idle())
            && segment.repeated == u64::from(segment.length)
        {
            notes.say(&PROBE, (), || scene.note(Note::inferred(LossFacts::Probe { sender, receiver }, &[scene.number()])));
        }
        let heard = trouble.heard[other].filter(|(place, _)| *place >= end).map(|(_, when)| when);
        let first_heard = self.acknowledgements.find(belongs.conversation << 1 | other as u64, end).map(|(_, when)| when);
        // Where it is not known when it was acknowledged, nothing speaks for an acknowledgement that was lost.
        let acknowledged = (segment.acknowledged >= end).then(|| first_heard.or(heard).map_or(0, |when| time.since(when)));
        trouble.repeated[own].get_or_insert_default().push(Again {
            frame: scene.number(),
            time,
            first,
            start,
            end,
            raw,
            clock: TcpOptions::of(scene).clocks.map(|clocks| clocks.0),
            is_captured: segment.repeated > 0,
            is_last: end >= segment.highest,
            acknowledged,
            asked: if start <= segment.acknowledged { frames.clone() } else { Vec::new() },
            hole: if start == segment.acknowledged { u64::from(*lacks) } else { 0 },
            with: (end, Vec::new()),
            answer: None,
        });
    }
}

impl Trouble {
    /// Takes any segment of a conversation in which something went wrong.
    fn go_on(
        &mut self,
        scene: &Scene<'_>,
        conversation: &Conversation,
        belongs: &Belongs,
        segment: &Segment,
        time: Timestamp,
        notes: &mut Notes,
    ) {
        let (from, other) = (belongs.from, belongs.from.other());
        let [own, peer] = [from.index(), other.index()];
        if segment.window > 0
            && let Some((frame, since)) = self.full[own].take()
            && time.since(since) >= NOTICEABLE
        {
            let (took, frames) = (time.since(since), [frame, scene.number()]);
            self.stalls.get_or_insert_default()[own].add(took, frames);
            let [receiver, sender] = parties(conversation, from);
            let facts = LossFacts::Full { receiver, sender, took: Some(took), times: 1, longest: took };
            notes.say(&FULL, (conversation.id, from), || scene.note(Note::seen(facts, &frames)));
        }
        let Some(place) = segment.acknowledgement.filter(|_| segment.is(ACK)) else { return };
        if conversation.progress(other).is_some_and(|(acknowledged, highest)| acknowledged > highest + 1) {
            self.is_lacking[peer] = true;
        }
        if let Some(repeated) = self.repeated[peer].as_mut().filter(|repeated| !repeated.is_idle()) {
            let raw = scene.whole().1.transport().and_then(|transport| transport.tcp).map_or(0, |tcp| tcp.acknowledgement);
            let heard = Heard { frame: scene.number(), time, place, raw, options: TcpOptions::of(scene) };
            repeated.hear(conversation, other, &heard, notes);
        }
        if self.heard[own].is_none_or(|(before, _)| place > before) {
            self.heard[own] = Some((place, time));
            self.asking[own] = (Vec::new(), 0, 0);
        }
    }
}

impl Listener for LossWatch {}

/// The sequence number of a segment, as on the wire.
fn raw_sequence(scene: &Scene<'_>) -> u32 {
    scene.whole().1.transport().and_then(|transport| transport.tcp).map_or(0, |tcp| tcp.sequence)
}

/// Where bytes are taken to stand whose stream has not shown where it begins: behind all that any stream can hold, so that nothing seems to
/// acknowledge them.
fn unplaced(sequence: u32) -> u64 {
    UNPLACED | u64::from(sequence)
}

/// A side's address, and the other's.
fn parties(conversation: &Conversation, from: Side) -> [IpAddr; 2] {
    [from, from.other()].map(|side| conversation.end(side).address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_conversations_with_a_hole_each_is_remembered_in_little_room() {
        assert!(size_of::<Trouble>() <= 192, "{} bytes for each of {}", size_of::<Trouble>(), Limits::TROUBLES_REMEMBERED);
    }
}
