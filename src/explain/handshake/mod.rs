//! Lessons on how TCP conversations begin and end.

mod ending;
mod facts;
mod flood;
mod opening;
mod ports;
mod probe;
mod scan;
mod traced;

use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub use facts::{Broken, Forgotten, HandshakeFacts, Offer};
pub(super) use facts::{GONE, RULES};

use super::reported::Reported;
use super::scene::{Ending, Lessons, Scene};
use super::step::Step;
use super::surroundings::Surroundings;
use super::{Certainty, Note, Notes, Stated};
use crate::conversation::{Belongs, ByConversation, Conversation, Endpoint, Segment, Side, State};
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::frame::Timestamp;
use flood::Floods;
use opening::{Candidate, Silent};
use ports::Ports;
use probe::Probes;
use scan::Scans;
use std::net::SocketAddr;
use traced::Traced;

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct HandshakeWatch {
    /// The handshake that the lesson may be told of, until it is.
    candidate: Candidate,
    remarkable: ByConversation<Remarkable>,
    ports: Ports,
    reported: Reported,
    silent: Vec<Silent>,
    scans: Scans,
    floods: Floods,
    probes: Probes,
    traced: Traced,
    /// Whether connections are told of alone, and nothing of what their hosts do with many.
    is_of_conversations: bool,
    forgotten: NoRoom,
}

/// What is remarkable about a conversation.
#[derive(Debug, Default)]
struct Remarkable {
    /// The first SYN and those that repeat it.
    calls: Row,
    /// The first answer to it and those that repeat it.
    answers: Row,
    /// A segment after a silence: its frame, who sent it, and how long nothing was said.
    after_silence: Option<(u64, Side, i64)>,
    /// Keep-alives that were not answered so far, and who sent them.
    alive: Option<(Row, Side)>,
    /// A SYN that does not belong to the connection: its frame and who sent it.
    call: Option<(u64, Side)>,
    /// Whether its reset was told of.
    is_reset: bool,
}

/// Frames that repeat one another.
#[derive(Clone, Debug, Default)]
struct Row {
    frames: Vec<u64>,
    times: Vec<Timestamp>,
    count: u64,
    /// How many frames were the one before once more, and when the last came.
    copies: u64,
    last: Option<Timestamp>,
}

impl Row {
    /// No timer sends a SYN again so soon, in nanoseconds (RFC 6298 section 2.1: a second, where nothing is known of the way).
    const COPY: i64 = 100_000_000;

    /// Takes a frame, unless it is the one before once more.
    fn push_new(&mut self, frame: u64, time: Option<Timestamp>) {
        if self.last.zip(time).is_some_and(|(before, now)| (0..Self::COPY).contains(&now.since(before))) {
            self.copies += 1;
            self.last = time;
        } else {
            self.push(frame, time);
        }
    }

    fn push(&mut self, frame: u64, time: Option<Timestamp>) {
        self.count += 1;
        self.last = time;
        if self.frames.len() < Limits::HANDSHAKE_ROW {
            self.frames.push(frame);
            self.times.extend(time);
        }
    }

    /// Milliseconds from each to the next, rounded.
    fn waits(&self) -> Box<[u64]> {
        let pairs = self.times.iter().zip(self.times.iter().skip(1));
        pairs.map(|(one, next)| u64::try_from((next.since(*one) + 500_000) / 1_000_000).unwrap_or(0)).collect()
    }
}

impl Lessons for HandshakeWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
            + self.ports.forgotten()
            + self.reported.forgotten()
            + self.scans.forgotten()
            + self.floods.forgotten()
            + self.probes.forgotten()
            + self.traced.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, _: &Surroundings, notes: &mut Notes) {
        let Some(belongs) = &scene.belongs else { return };
        let Some(segment) = &belongs.segment else {
            self.reported.observe(scene);
            return;
        };
        if segment.original.is_some() {
            return;
        }
        let Some(conversation) = scene.conversation() else { return };
        if !self.is_of_conversations {
            self.count_ports(scene, conversation, belongs, segment, notes);
        }
        if is_call(segment) {
            self.traced.call(conversation, belongs.from);
        }
        if segment.is(SYN) {
            self.open(scene, conversation, belongs, segment, notes);
        } else if self.candidate.is_waiting() && segment.is(ACK) {
            self.candidate.acknowledge(scene, conversation, belongs, notes);
        }
        if segment.is(RST) {
            self.reset(scene, conversation, belongs, segment, notes);
        } else {
            self.go_on(scene, conversation, belongs, segment, notes);
        }
    }

    fn over(&mut self, conversation: &Conversation, notes: &mut Notes) {
        if !self.is_of_conversations {
            self.scans.tried(conversation, &self.reported);
            self.floods.called(conversation);
        }
        if let Some(remarkable) = self.remarkable.remove(conversation.id) {
            self.judge_opening(conversation, &remarkable, notes);
            ending::judge_keep_alives(conversation, &remarkable, notes);
        }
    }

    fn finish(&mut self, ending: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        self.judge_silence(ending, notes);
        ending::judge_half_closed(ending, notes);
        let mut shown = self.floods.shown(ending.last);
        shown.extend(self.scans.shown());
        let mut probes = self.probes.shown();
        probes.retain(|(probed, ..)| !shown.iter().any(|(scan, ..)| probe::is_part_of(probed, scan)));
        shown.extend(probes);
        for (facts, frames, all) in shown {
            let certainty = if matches!(facts, HandshakeFacts::Probed { .. }) { Certainty::Seen } else { Certainty::Inferred };
            notes.say(facts.rule(), (frames.first(), all), || Note { certainty, ..Note::seen(facts.clone(), &frames) }.of_frames(all));
        }
    }
}

impl HandshakeWatch {
    /// One that tells of connections alone.
    pub(super) fn of_conversations() -> Self {
        Self { is_of_conversations: true, ..Self::default() }
    }

    /// Whether one more segment tells nothing.
    pub(super) fn is_calm(&self, step: &Step<'_>) -> bool {
        !self.candidate.is_waiting() && (self.remarkable.is_empty() || !self.remarkable.contains(step.belongs.conversation))
    }

    /// Takes note of the ports of connections that open and close.
    fn count_ports(&mut self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, segment: &Segment, notes: &mut Notes) {
        let is_end = segment.is(FIN | RST);
        let is_begun = conversation.sent[0].frames == 2 && belongs.from == Side::Originator && conversation.sent[1].frames > 0;
        if !is_end && (!is_begun || segment.is(SYN) || !conversation.beginning_was_seen()) {
            return;
        }
        let Some(now) = scene.time().map(Timestamp::nanoseconds) else { return };
        let [client, server] = Side::BOTH.map(|side| socket(conversation.end(side)));
        if is_end {
            let keeps = matches!(conversation.state(), Some(State::HalfClosed(Side::Originator) | State::Closed(Side::Originator)));
            // The server's end alone leaves the connection open.
            if keeps || conversation.state() != Some(State::HalfClosed(Side::Responder)) {
                self.ports.closed(client, server, now, keeps);
            }
        } else if let Some((facts, frames)) = self.ports.opened(client, server, (scene.number(), now)) {
            notes.say(&facts::PORTS_EXHAUSTED, (client.ip(), server), || Note::inferred(facts, &frames));
        }
    }

    /// What is kept of a conversation; nothing where too many are remarkable.
    fn remarkable(&mut self, conversation: u64) -> Option<&mut Remarkable> {
        if !self.forgotten.room(self.remarkable.len() < Limits::REMARKABLE_HANDSHAKES || self.remarkable.contains(conversation)) {
            return None;
        }
        Some(self.remarkable.get_or_insert_with(conversation, Remarkable::default))
    }
}

fn socket(end: &Endpoint) -> SocketAddr {
    SocketAddr::new(end.address, end.port)
}

/// The addresses of a frame's sender and of its receiver.
fn parties(conversation: &Conversation, belongs: &Belongs) -> (std::net::IpAddr, std::net::IpAddr) {
    (conversation.end(belongs.from).address, conversation.end(belongs.from.other()).address)
}

/// Whether a segment is a SYN of its own, and no answer to one.
fn is_call(segment: &Segment) -> bool {
    segment.is(SYN) && !segment.is(ACK | RST | FIN)
}
