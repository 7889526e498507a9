//! How connections open, or do not.

use super::facts::{ANSWER_REPEATED, Forgotten, HALF_OPEN, HandshakeFacts, Offer, REUSED, SILENCE, SIMULTANEOUS, SYN_REPEATED, THREE_WAY};
use super::{ACK, HandshakeWatch, Remarkable, Row, is_call, parties, socket};
use crate::conversation::{Belongs, Conversation, Kind, Remark, Segment, Side, State};
use crate::explain::scene::Ending;
use crate::explain::tcp_options::TcpOptions;
use crate::explain::{Note, Notes, Scene};
use crate::limits::Limits;
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

/// How long nobody waits less for the acknowledgement of an answer, in nanoseconds.
const SHORTEST: i64 = 100_000_000;
/// How long SYNs must have been repeated for silence to be one, in milliseconds.
const PATIENCE: u64 = 900;

/// A handshake under way, of which the lesson may be told.
#[derive(Debug, Default)]
pub(super) struct Candidate {
    conversation: u64,
    offers: [Option<(u64, Offer)>; 2],
    is_told: bool,
}

impl Candidate {
    pub(super) fn is_waiting(&self) -> bool {
        !self.is_told && self.offers[1].is_some()
    }

    /// Takes a SYN or the answer to it.
    fn offer(&mut self, scene: &Scene<'_>, belongs: &Belongs, is_answer: bool) {
        if self.is_told || is_answer && self.conversation != belongs.conversation {
            return;
        }
        let options = TcpOptions::of(scene);
        let offer = Offer {
            segment_size: options.segment_size,
            window_shift: options.window_shift,
            selective: options.selective,
            timestamps: options.clocks.is_some(),
        };
        if is_answer {
            self.offers[1] = Some((scene.number(), offer));
        } else if belongs.from == Side::Originator && !self.is_waiting() {
            self.conversation = belongs.conversation;
            self.offers = [Some((scene.number(), offer)), None];
        }
    }

    /// Takes a segment behind the answer: is it the acknowledgement?
    pub(super) fn acknowledge(&mut self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, notes: &mut Notes) {
        let [Some((call, client)), Some((answer, server))] = self.offers else { return };
        if belongs.conversation != self.conversation || belongs.from != Side::Originator {
            return;
        }
        // Where the SYN was repeated nobody knows which of them was answered.
        let is_sure = conversation.sent[0].retransmitted == 0;
        let round_trip = conversation.handshake().filter(|_| is_sure).map(|microseconds| i64::from(microseconds) * 1000);
        let (caller, called) = (conversation.end(Side::Originator).address, socket(conversation.end(Side::Responder)));
        let facts = HandshakeFacts::ThreeWay { client: caller, server: called, offers: [client, server], round_trip };
        self.is_told = true;
        notes.say(&THREE_WAY, (), || scene.note(Note::seen(facts, &[call, answer, scene.number()])));
    }
}

/// A server that did not answer.
#[derive(Debug)]
pub(super) struct Silent {
    conversation: u64,
    client: SocketAddr,
    server: SocketAddr,
    calls: Row,
}

impl HandshakeWatch {
    /// Takes a segment with SYN.
    pub(super) fn open(&mut self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, segment: &Segment, notes: &mut Notes) {
        let is_answer = segment.is(ACK);
        self.candidate.offer(scene, belongs, is_answer);
        match segment.remark {
            Some(Remark::Retransmission) => self.repeat(scene, conversation, belongs, is_answer, notes),
            Some(Remark::PortsReused) => {
                let (client, server) = (socket(conversation.end(belongs.from)), socket(conversation.end(belongs.from.other())));
                let facts = HandshakeFacts::Reused { client, server, after: segment.idle };
                notes.say(&REUSED, belongs.conversation, || scene.note(Note::seen(facts, &[scene.number()])));
            }
            None if is_call(segment) && conversation.first_frame != scene.number() => {
                if belongs.from == Side::Responder && conversation.frames() == 2 && conversation.state() != Some(State::Open) {
                    let ends = [Side::Originator, Side::Responder].map(|side| conversation.end(side).address);
                    let frames = [conversation.first_frame, scene.number()];
                    notes.say(&SIMULTANEOUS, (), || scene.note(Note::seen(HandshakeFacts::Simultaneous { ends }, &frames)));
                } else if let Some(remarkable) = self.remarkable(belongs.conversation) {
                    remarkable.call = Some((scene.number(), belongs.from));
                }
            }
            _ => {}
        }
        if is_answer && segment.remark.is_none() {
            self.answer(scene, conversation, belongs, notes);
        }
    }

    /// A SYN or an answer to one came again.
    fn repeat(&mut self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, is_answer: bool, notes: &mut Notes) {
        let (first_frame, first) = (conversation.first_frame, conversation.first());
        let took = conversation.syn_to_syn_ack();
        let Some(remarkable) = self.remarkable(belongs.conversation) else { return };
        if !is_answer {
            if remarkable.calls.frames.is_empty() {
                remarkable.calls.push(first_frame, first);
            }
            remarkable.calls.push_new(scene.number(), scene.time());
            return;
        }
        remarkable.answers.push(scene.number(), scene.time());
        let Some(took) = took.filter(|_| remarkable.answers.count == 1) else { return };
        let answered = first.map(|first| first.nanoseconds().saturating_add(i64::from(took) * 1000));
        let wait = scene.time().zip(answered).map_or(0, |(now, answered)| now.nanoseconds().saturating_sub(answered));
        if wait < SHORTEST {
            return;
        }
        let (sender, receiver) = parties(conversation, belongs);
        let facts = HandshakeFacts::Repeated {
            answer: true,
            sender,
            receiver,
            waits: [u64::try_from((wait + 500_000) / 1_000_000).unwrap_or(0)].into(),
            acknowledged: conversation.handshake().is_some(),
        };
        notes.say(&ANSWER_REPEATED, belongs.conversation, || scene.note(Note::inferred(facts, &[scene.number()])));
    }

    /// The first answer to a SYN: was that repeated before?
    fn answer(&mut self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, notes: &mut Notes) {
        let Some(remarkable) = self.remarkable.get(belongs.conversation).filter(|remarkable| remarkable.calls.count > 1) else { return };
        let (receiver, sender) = parties(conversation, belongs);
        let waits = remarkable.calls.waits();
        let facts = HandshakeFacts::Repeated { answer: false, sender, receiver, waits, acknowledged: false };
        let mut frames = remarkable.calls.frames.clone();
        frames.push(scene.number());
        notes.say(&SYN_REPEATED, belongs.conversation, || scene.note(Note::inferred(facts, &frames)));
    }

    /// The answer to a SYN that does not belong to the connection that one end still has.
    pub(super) fn challenge(&mut self, scene: &Scene<'_>, conversation: &Conversation, belongs: &Belongs, idle: i64, notes: &mut Notes) {
        let Some(remarkable) = self.remarkable.get_mut(belongs.conversation) else { return };
        let Some((call, caller)) = remarkable.call.take() else { return };
        if caller == belongs.from {
            return;
        }
        remarkable.is_reset = true;
        let (other, forgetful) = parties(conversation, belongs);
        let facts = HandshakeFacts::HalfOpen { forgetful, other, how: Forgotten::Called, idle };
        notes.say(&HALF_OPEN, belongs.conversation, || scene.note(Note::inferred(facts, &[call, scene.number()])));
    }

    /// A conversation is over: was its SYN repeated, and never answered?
    pub(super) fn judge_opening(&mut self, conversation: &Conversation, remarkable: &Remarkable, _: &mut Notes) {
        let calls = &remarkable.calls;
        let [originator, responder] = &conversation.sent;
        let only_calls = u64::from(originator.frames) == calls.count + calls.copies && responder.frames == 0;
        if calls.count < 2 || !only_calls || conversation.state() != Some(State::Unanswered) {
            return;
        }
        if calls.waits().iter().sum::<u64>() >= PATIENCE {
            let [client, server] = Side::BOTH.map(|side| socket(conversation.end(side)));
            if self.forgotten.room(self.silent.len() < Limits::SILENT_SERVERS) {
                self.silent.push(Silent { conversation: conversation.id, client, server, calls: calls.clone() });
            }
        }
    }

    /// The capture is over: who was called in vain, as far as answers could be seen.
    pub(super) fn judge_silence(&mut self, ending: &Ending<'_>, notes: &mut Notes) {
        if self.silent.is_empty() {
            return;
        }
        // Whose answers went another way: who sends data was answered.
        let deaf: HashSet<_> = ending
            .conversations
            .iter()
            .filter(|conversation| conversation.kind == Kind::Tcp && conversation.sent[1].frames == 0 && conversation.sent[0].payload > 0)
            .map(|conversation| conversation.end(Side::Originator).address)
            .collect();
        let spoke = |conversation: &Conversation, side: Side| conversation.sent[side.index()].frames > 0;
        let alive: HashSet<_> = ending
            .conversations
            .iter()
            .flat_map(|one| Side::BOTH.into_iter().filter(|side| spoke(one, *side)).map(|side| one.end(side).address))
            .collect();
        // What a client asked of one port in vain is told once, with all its tries.
        let mut tries: HashMap<_, (u64, u64)> = HashMap::new();
        for Silent { client, server, calls, .. } in &self.silent {
            let (times, connections) = tries.entry((client.ip(), *server)).or_default();
            (*times, *connections) = (*times + calls.count, *connections + 1);
        }
        for Silent { conversation, client, server, calls } in self.silent.drain(..) {
            let is_reported = self.reported.contains(client, server);
            if is_reported || deaf.contains(&client.ip()) {
                continue;
            }
            let is_up = alive.contains(&server.ip());
            let waits = calls.waits();
            let has_more_waits = calls.count > waits.len() as u64 + 1;
            let client = client.ip();
            let (times, connections) = tries.get(&(client, server)).copied().unwrap_or((calls.count, 1));
            let facts = HandshakeFacts::Silence { client, server, times, connections, waits, has_more_waits, is_up };
            notes.say(&SILENCE, (client, server), || Note::inferred(facts, &calls.frames).of_frames(times).of(conversation));
        }
    }
}
