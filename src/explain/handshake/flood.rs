//! SYN floods: many calls that nobody goes on with, so that the server keeps room for each of them.
//!
//! Who really calls goes on when it is answered, and calls again when it is not. Of a flood each call comes once and nothing follows.

use super::facts::HandshakeFacts;
use super::socket;
use crate::conversation::{Conversation, Kind, Side, State};
use crate::explain::room::NoRoom;
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};

/// How many calls must have been left, and how many in a second.
const FEWEST: u64 = 100;
const IN_A_SECOND: u64 = 10;
/// From so many callers; a single one may be a program that tries again and again, unless it is faster than any.
const FEWEST_CALLERS: usize = 10;
/// So many in a second are no program's, whatever else the capture lacks.
const SURELY: u64 = 1_000;
/// Of four calls three must have been left.
const LEFT: u64 = 3;
const OF: u64 = 4;
/// What follows a call takes its time: of calls that go on to the end of the capture, and come in less than this, nobody knows whether it would have
/// followed, in nanoseconds.
const TIME_TO_GO_ON: i64 = 300_000_000;
/// The same where nobody answers, and nobody else goes on: who really calls does so again after a second (RFC 6298 section 2).
const TIME_TO_CALL_AGAIN: i64 = 1_000_000_000;
/// How many frames are named.
const FRAMES: usize = 6;

/// What servers were called.
#[derive(Debug, Default)]
pub(super) struct Floods {
    servers: HashMap<SocketAddr, Called, RandomState>,
    /// Whether the capture shows that calls are gone on with: one that keeps SYNs alone shows none.
    goes_on: bool,
    /// Whether it shows that anybody answers.
    shows_answers: bool,
    forgotten: NoRoom,
}

/// The calls of a server.
#[derive(Debug, Default)]
struct Called {
    left: u64,
    others: u64,
    /// Of those that were left: how many were answered, and how many of the answers came again.
    answered: u64,
    answered_again: u64,
    callers: HashSet<IpAddr, RandomState>,
    frames: Vec<u64>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Floods {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A conversation is over: was it gone on with?
    pub(super) fn called(&mut self, conversation: &Conversation) {
        if conversation.kind != Kind::Tcp {
            return;
        }
        self.goes_on |= conversation.handshake().is_some() || conversation.sent.iter().any(|sent| sent.payload > 0);
        self.shows_answers |= conversation.sent[1].frames > 0;
        if !conversation.beginning_was_seen() {
            return;
        }
        let server = socket(conversation.end(Side::Responder));
        if self.servers.len() >= Limits::FLOODED_SERVERS && !self.servers.contains_key(&server) {
            // Who was called now and then makes room.
            self.servers.retain(|_, called| called.left >= FEWEST);
            if !self.forgotten.room(self.servers.len() < Limits::FLOODED_SERVERS) {
                return;
            }
        }
        let called = self.servers.entry(server).or_default();
        let is_left = matches!(conversation.state(), Some(State::Unanswered | State::HalfOpen)) && conversation.sent[0].frames == 1;
        if !is_left {
            called.others += 1;
            return;
        }
        called.left += 1;
        called.answered += u64::from(conversation.sent[1].frames > 0);
        called.answered_again += u64::from(conversation.sent[1].frames > 1);
        if called.callers.len() < Limits::FLOOD_CALLERS {
            called.callers.insert(conversation.end(Side::Originator).address);
        }
        called.first = called.first.into_iter().chain(conversation.first()).min();
        called.last = called.last.into_iter().chain(conversation.first()).max();
        let place = called.frames.partition_point(|frame| *frame < conversation.first_frame);
        called.frames.insert(place, conversation.first_frame);
        called.frames.truncate(FRAMES);
    }

    /// The floods that there were until the end of the capture, by their first frames, with these and how many there are.
    pub(super) fn shown(&mut self, end: Option<Timestamp>) -> Vec<(HandshakeFacts, Vec<u64>, u64)> {
        let (goes_on, shows_answers) = (self.goes_on, self.shows_answers);
        let had_time = |called: &Called| called.had_time(end, goes_on, shows_answers);
        let floods = self.servers.drain().filter(|(_, called)| called.is_flood(goes_on) && had_time(called));
        let mut shown: Vec<_> = floods.map(|(server, called)| called.told(server)).collect();
        shown.sort_by_key(|(_, frames, _)| frames.first().copied());
        shown
    }
}

impl Called {
    fn over(&self) -> i64 {
        self.first.zip(self.last).map_or(0, |(first, last)| last.since(first))
    }

    fn in_a_second(&self) -> u64 {
        let milliseconds = u64::try_from(self.over() / 1_000_000).unwrap_or(0).max(1);
        self.left.saturating_mul(1_000) / milliseconds
    }

    fn is_flood(&self, goes_on: bool) -> bool {
        let in_a_second = self.in_a_second();
        // Where others go on, or answers are repeated, it is seen that these do not.
        let is_seen = goes_on || self.answered_again * OF >= self.left;
        self.left >= FEWEST
            && self.left * OF >= (self.left + self.others) * LEFT
            && (in_a_second >= SURELY || in_a_second >= IN_A_SECOND && is_seen && self.callers.len() >= FEWEST_CALLERS)
    }

    /// Whether who called had time to go on before the capture ended. Where the capture shows answers and these had none, they were to call again,
    /// unless they are more than any program makes.
    fn had_time(&self, end: Option<Timestamp>, goes_on: bool, shows_answers: bool) -> bool {
        let behind = end.zip(self.last).map_or(0, |(end, last)| end.since(last));
        let is_answered = self.answered * OF >= self.left * LEFT;
        let goes_on_at_once = is_answered || goes_on && !shows_answers || self.in_a_second() >= SURELY;
        self.over().max(behind) >= if goes_on_at_once { TIME_TO_GO_ON } else { TIME_TO_CALL_AGAIN }
    }

    fn told(self, server: SocketAddr) -> (HandshakeFacts, Vec<u64>, u64) {
        let over = self.over();
        let facts =
            HandshakeFacts::SynFlood { server, calls: self.left, callers: self.callers.len() as u64, answered: self.answered, over };
        (facts, self.frames, self.left)
    }
}
