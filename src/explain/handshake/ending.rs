//! How connections end: closed, reset, or not at all.

use super::facts::{Broken, CLOSED, Forgotten, GONE, HALF_CLOSED, HALF_OPEN, HandshakeFacts, REFUSED};
use super::probe::is_probe;
use super::{ACK, FIN, HandshakeWatch, Remarkable, Row, SYN, parties, socket};
use crate::conversation::{Belongs, Conversation, Remark, Segment, Side, State};
use crate::explain::scene::Ending;
use crate::explain::step::{SILENCE, Step};
use crate::explain::{Note, Notes, Scene};

/// How long one direction stays open for that to be told, in nanoseconds.
const LONG: i64 = 60_000_000_000;
/// From here on a connection rests, in nanoseconds.
const RESTS: i64 = 2_000_000_000;
/// How many keep-alives without an answer are told of.
const UNANSWERED: u64 = 2;

impl HandshakeWatch {
    /// Takes a segment that is no reset.
    pub(super) fn go_on(
        &mut self,
        scene: &Scene<'_>,
        conversation: &Conversation,
        belongs: &Belongs,
        segment: &Segment,
        notes: &mut Notes,
    ) {
        if segment.is(FIN)
            && segment.remark.is_none()
            && let Some(State::Closed(side)) = conversation.state()
        {
            let [first, second] = [side, side.other()].map(|side| conversation.end(side).address);
            if side != belongs.from {
                notes.say(&CLOSED, (), || scene.note(Note::seen(HandshakeFacts::Closed { first, second }, &[scene.number()])));
            }
        }
        if segment.idle >= SILENCE
            && !segment.is(SYN)
            && let Some(remarkable) = self.remarkable(belongs.conversation)
        {
            remarkable.after_silence = Some((scene.number(), belongs.from, segment.idle));
        }
        if segment.remark == Some(Remark::KeepAlive) {
            if let Some(remarkable) = self.remarkable(belongs.conversation) {
                let (row, _) = remarkable.alive.get_or_insert_with(|| (Row::default(), belongs.from));
                row.push(scene.number(), scene.time());
            }
        } else if !self.remarkable.is_empty() && !segment.is(SYN) {
            self.challenge(scene, conversation, belongs, segment.idle, notes);
            if let Some(remarkable) = self.remarkable.get_mut(belongs.conversation) {
                remarkable.alive = None;
            }
        }
    }

    /// Takes a reset.
    pub(super) fn reset(
        &mut self,
        scene: &Scene<'_>,
        conversation: &Conversation,
        belongs: &Belongs,
        segment: &Segment,
        notes: &mut Notes,
    ) {
        if segment.remark.is_some() {
            return;
        }
        let (sender, receiver) = parties(conversation, belongs);
        let frame = scene.number();
        // What traceroute sends with few hops to live is answered as it wants: no program is missed.
        let is_traced = self.traced.has(conversation);
        if conversation.state() == Some(State::Refused) {
            if is_traced {
                return;
            }
            let (client, server) = (conversation.end(Side::Originator).address, socket(conversation.end(Side::Responder)));
            let frames = [conversation.first_frame, frame];
            notes.say(&REFUSED, (client, server), || scene.note(Note::seen(HandshakeFacts::Refused { client, server }, &frames)));
            return;
        }
        if is_probe(conversation, belongs) {
            // The answer to another SYN must be reset, whatever the caller wanted (RFC 9293 section 3.10.7.3): the reset has the number that it acknowledged.
            if segment.sequence == Some(0) && !is_traced {
                self.probes.reset(conversation, frame);
            }
            return;
        }
        // Who called and takes the answer back has not opened anything.
        if conversation.progress(belongs.from.other()).is_none() && conversation.frames() < 4 || conversation.frames() < 3 {
            return;
        }
        let Some(remarkable) = self.remarkable(belongs.conversation).filter(|remarkable| !remarkable.is_reset) else { return };
        remarkable.is_reset = true;
        let finished = [belongs.from, belongs.from.other()].map(|side| conversation.is_finished(side));
        if let Some((row, asking)) = remarkable.alive.take()
            && asking == belongs.from
            && row.count >= UNANSWERED
        {
            let facts = HandshakeFacts::Gone { asking: sender, silent: receiver, times: row.count, given_up: true };
            let mut frames = row.frames;
            frames.push(frame);
            notes.say(&GONE, belongs.conversation, || scene.note(Note::inferred(facts, &frames)));
            return;
        }
        if let Some((asked, side, idle)) = remarkable.after_silence
            && side != belongs.from
            && !segment.is(ACK)
            && finished == [false, false]
            && segment.idle < SILENCE
        {
            let facts = HandshakeFacts::HalfOpen { forgetful: sender, other: receiver, how: Forgotten::Reset, idle };
            notes.say(&HALF_OPEN, belongs.conversation, || scene.note(Note::inferred(facts, &[asked, frame])));
            return;
        }
        let unread = conversation.progress(belongs.from.other()).map_or(0, |(acknowledged, highest)| highest.saturating_sub(acknowledged));
        // Who was called and breaks off what rests may only be tidying up.
        let is_by_server = belongs.from == Side::Responder
            && conversation.beginning_was_seen()
            && segment.idle < RESTS
            && !is_of_several_ways(scene)
            && conversation.sent.iter().any(|sent| sent.payload > 0);
        let broken = match (unread, finished) {
            (1.., [false, _]) => Broken::Sending,
            (1.., [true, _]) => Broken::Late,
            (0, [false, false]) if is_by_server => Broken::ByServer,
            (0, [false, false]) => Broken::Middle,
            (0, _) => Broken::Closing,
        };
        let facts = HandshakeFacts::Reset { sender, receiver, broken, unread };
        notes.say(broken.rule(), belongs.conversation, || scene.note(Note::seen(facts, &[frame])));
    }
}

/// Whether a segment belongs to one way of several that make one connection (Multipath TCP, RFC 8684 section 3): its reset ends the way alone.
fn is_of_several_ways(scene: &Scene<'_>) -> bool {
    const MULTIPATH: u8 = 30;
    let mut options = Step::of(scene).map(|step| step.options(scene)).unwrap_or_default();
    while let [kind, rest @ ..] = options {
        options = match (*kind, rest) {
            (MULTIPATH, _) => return true,
            (0, _) | (_, []) => return false,
            (1, rest) => rest,
            (_, [length, ..]) => options.get(usize::from(*length).max(2)..).unwrap_or_default(),
        };
    }
    false
}

/// A conversation is over: did somebody ask in vain whether the other still lives?
pub(super) fn judge_keep_alives(conversation: &Conversation, remarkable: &Remarkable, notes: &mut Notes) {
    let Some((row, from)) = remarkable.alive.as_ref().filter(|(row, _)| row.count > UNANSWERED) else { return };
    let [asking, silent] = [*from, from.other()].map(|side| conversation.end(side).address);
    // Of a connection with one direction in the capture nobody knows what was answered.
    if conversation.sent[from.other().index()].frames == 0 {
        return;
    }
    let facts = HandshakeFacts::Gone { asking, silent, times: row.count, given_up: false };
    notes.say(&GONE, conversation.id, || Note::inferred(facts, &row.frames).of_frames(row.count).of(conversation.id));
}

/// The capture is over: where one direction has been open for long.
pub(super) fn judge_half_closed(ending: &Ending<'_>, notes: &mut Notes) {
    let Some(last) = ending.last else { return };
    for conversation in ending.conversations.iter() {
        let Some(State::HalfClosed(side)) = conversation.state() else { continue };
        let since = conversation.last().map_or(0, |heard| last.since(heard));
        let heard_both = conversation.sent.iter().all(|sent| sent.frames > 0);
        if since >= LONG && heard_both {
            let [finished, open] = [side, side.other()].map(|side| conversation.end(side).address);
            let facts = HandshakeFacts::HalfClosed { finished, open, since };
            notes.say(&HALF_CLOSED, conversation.id, || Note::inferred(facts, &[conversation.first_frame]).of(conversation.id));
        }
    }
}
