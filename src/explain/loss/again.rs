//! Segments that were sent again: was the first copy lost, or its acknowledgement, or neither? What comes later tells.

use super::UNPLACED;
use super::facts::{ACKNOWLEDGEMENT, Counts, LOST, LossFacts, Place, Proof, SPURIOUS, TIMEOUT};
use crate::conversation::{Conversation, Side};
use crate::explain::handshake::{GONE, HandshakeFacts};
use crate::explain::mtu::{BLACK_HOLE, BLACK_HOLE_POSSIBLE, MISMATCH};
use crate::explain::tcp_options::TcpOptions;
use crate::explain::{Note, Notes};
use crate::frame::Timestamp;
use crate::limits::Limits;
use std::ops::Range;

/// How many frames are named of what was sent again together.
const SHOWN: usize = 4;
/// How much longer than the way there and back a report of a second copy is waited for, in nanoseconds.
const REPORT: i64 = 50_000_000;
/// How long a receiver may keep an acknowledgement back that it owes, in nanoseconds (200 ms with most, 40 ms with Linux).
const DELAYED: i64 = 190_000_000;
/// How long is waited at least before the same is sent again to a receiver that is silent, in nanoseconds (RFC 6298 section 2).
const PATIENCE: i64 = 1_000_000_000;
/// The least time between two copies for the wait to be a timer's, in nanoseconds.
const TIMER: i64 = 100_000_000;
/// Under this, in nanoseconds, the way to the receiver and back is too short to tell what came too soon.
const MEASURABLE: i64 = 2_000_000;

/// A segment that was sent again.
#[derive(Clone, Debug)]
pub(super) struct Again {
    pub(super) frame: u64,
    pub(super) time: Timestamp,
    /// Where the first copy was captured, and when, where that is remembered.
    pub(super) first: Option<(u64, Timestamp)>,
    /// Where it stands in its stream.
    pub(super) start: u64,
    pub(super) end: u64,
    /// Its sequence number as on the wire.
    pub(super) raw: u32,
    /// Its timestamp.
    pub(super) clock: Option<u32>,
    /// Whether the first copy is in the capture.
    pub(super) is_captured: bool,
    /// Whether its side had sent nothing behind it: what comes behind would be acknowledged, and the segment with it.
    pub(super) is_last: bool,
    /// How long before it all of it was acknowledged, in nanoseconds, where it was.
    pub(super) acknowledged: Option<i64>,
    /// Frames in which the receiver said that it lacks something.
    pub(super) asked: Vec<u64>,
    /// How many bytes the receiver lacked from here on, where it said what it has behind them (SACK, RFC 2018); 0 where it did not.
    pub(super) hole: u64,
    /// Where what was sent again right behind it ends, of which the first copy is not in the capture either, and the frames of that.
    pub(super) with: (u64, Vec<u64>),
    /// The first frame behind it that acknowledges all of it.
    pub(super) answer: Option<(u64, Timestamp)>,
}

/// An acknowledgement, as it tells of what was sent again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) frame: u64,
    pub(super) time: Timestamp,
    pub(super) place: u64,
    pub(super) raw: u32,
    pub(super) options: TcpOptions,
}

/// The same segment again and again.
#[derive(Clone, Debug)]
struct Row {
    start: u64,
    bytes: u64,
    frames: Vec<u64>,
    times: Vec<Timestamp>,
    /// Whether the other side said anything since the first.
    is_heard: bool,
}

/// What one side sent again.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    waiting: Vec<Again>,
    row: Option<Row>,
    pub(super) counts: Counts,
    /// The bytes that were lost together last, and when the first of them were sent again.
    lost: Option<(Range<u64>, Timestamp)>,
    pub(super) frames: Vec<u64>,
}

/// How long the way takes: there and back, and from the point of capture to the receiver and back; in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    whole: i64,
    behind: i64,
}

impl Ways {
    /// Those of what a side of a conversation sends.
    pub(super) fn of(conversation: &Conversation, side: Side) -> Self {
        let shortest = |side: Side| i64::from(conversation.sent[side.index()].round_trip[0]) * 1000;
        let parts = shortest(side) + shortest(side.other());
        let whole = conversation.handshake().map_or(parts, |microseconds| i64::from(microseconds) * 1000);
        Self { whole: whole.max(parts), behind: shortest(side) }
    }
}

impl Repeated {
    /// Whether nothing waits to be told of.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.row.is_none()
    }

    /// Takes a segment that was sent again.
    pub(super) fn push(&mut self, again: Again) {
        self.counts.again += 1;
        if self.frames.len() < Limits::REPEATS_ROW {
            self.frames.push(again.frame);
        }
        match &mut self.row {
            Some(row) if row.start == again.start => {
                if row.frames.len() < Limits::REPEATS_ROW {
                    row.frames.push(again.frame);
                    row.times.push(again.time);
                }
            }
            // Behind the first that is missing others are repeated too; it is the first that the timer is for.
            Some(row) if row.start < again.start => {}
            _ => {
                let (mut frames, mut times) = (Vec::new(), Vec::new());
                if let Some((frame, time)) = again.first {
                    frames.push(frame);
                    times.push(time);
                }
                frames.push(again.frame);
                times.push(again.time);
                self.row = Some(Row { start: again.start, bytes: again.end - again.start, frames, times, is_heard: false });
            }
        }
        if !again.is_captured
            && let Some(before) = self.waiting.iter_mut().find(|before| !before.is_captured && before.with.0 == again.start)
        {
            before.with.0 = again.end;
            if before.with.1.len() < SHOWN {
                before.with.1.push(again.frame);
            }
        }
        if self.waiting.len() < Limits::REPEATS_WAITING {
            self.waiting.push(again);
        }
    }

    /// Takes what the receiver acknowledges, and says what is certain now.
    pub(super) fn hear(&mut self, conversation: &Conversation, from: Side, heard: &Heard, notes: &mut Notes) {
        if let Some(row) = &mut self.row {
            row.is_heard |= row.times.first().is_some_and(|first| heard.time > *first);
        }
        if self.row.as_ref().is_some_and(|row| heard.place > row.start) {
            self.end_row(conversation, from, true, notes);
        }
        let ways = Ways::of(conversation, from);
        let twice = heard.options.arrived_twice(heard.raw);
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain_mut(|again| {
            let length = u32::try_from(again.end - again.start).unwrap_or(u32::MAX);
            let is_reported = twice.is_some_and(|(first, end)| {
                let (behind, ahead) = (again.raw.wrapping_sub(first).cast_signed(), end.wrapping_sub(again.raw).cast_signed());
                behind >= 0 && ahead > 0 || behind < 0 && first.wrapping_sub(again.raw) < length
            });
            if is_reported && again.is_captured {
                // Whoever acknowledged the first copy before was heard late; who did not, was not heard at all.
                let waited = match (again.answer, again.acknowledged, again.first) {
                    (Some(_), None, _) => None,
                    (_, Some(age), _) => Some(age).filter(|age| *age > ways.whole * 2),
                    (None, None, first) => first.map(|(_, first)| again.time.since(first)),
                };
                if again.is_last && waited.is_some_and(|waited| waited > DELAYED) {
                    self.unheard(conversation, from, again, Some(heard.frame), notes);
                } else {
                    self.spurious(conversation, from, again, Proof::Reported, heard.frame, notes);
                }
                return false;
            }
            if is_reported {
                // Both copies arrived, and the capture has one.
                return false;
            }
            if heard.place >= again.end && again.answer.is_none() {
                again.answer = Some((heard.frame, heard.time));
                let echoes_first =
                    again.clock.zip(heard.options.clocks).is_some_and(|(own, (_, echo))| echo.wrapping_sub(own).cast_signed() < 0);
                let took = heard.time.since(again.time);
                let is_open = again.is_captured && again.acknowledged.is_none();
                if is_open && echoes_first {
                    self.spurious(conversation, from, again, Proof::Clock, heard.frame, notes);
                    return false;
                }
                if is_open && again.asked.is_empty() && ways.behind >= MEASURABLE && took < ways.behind / 2 {
                    self.spurious(conversation, from, again, Proof::TooSoon, heard.frame, notes);
                    return false;
                }
            }
            match again.answer {
                Some((_, answered)) if heard.time.since(answered) > ways.whole * 2 + REPORT => {
                    self.judge(conversation, from, again, notes);
                    false
                }
                _ => true,
            }
        });
        self.waiting = waiting;
    }

    /// Nothing more is heard of the conversation.
    pub(super) fn finish(&mut self, conversation: &Conversation, from: Side, notes: &mut Notes) {
        self.end_row(conversation, from, false, notes);
        for again in std::mem::take(&mut self.waiting) {
            if again.answer.is_some() || again.acknowledged.is_some() {
                self.judge(conversation, from, &again, notes);
            } else {
                self.counts.unanswered += 1;
            }
        }
    }

    /// What it was, where nobody reported a second copy.
    fn judge(&mut self, conversation: &Conversation, from: Side, again: &Again, notes: &mut Notes) {
        if let Some(age) = again.acknowledged {
            if !again.is_captured {
                return;
            }
            if again.is_last && age > DELAYED.max(Ways::of(conversation, from).whole * 2) {
                self.unheard(conversation, from, again, None, notes);
            } else {
                self.spurious(conversation, from, again, Proof::Crossed, again.frame, notes);
            }
            return;
        }
        self.counts.lost += 1;
        // The black hole is what took it, and is told; so is that it was sent again and again.
        let is_hole = [&BLACK_HOLE, &MISMATCH].into_iter().any(|rule| notes.has_said(rule, (conversation.id, from)));
        if is_hole || notes.has_said(&TIMEOUT, (conversation.id, from, again.start)) {
            return;
        }
        let place = match (again.is_captured, conversation.beginning_was_seen()) {
            (true, _) => Place::Behind,
            (false, true) => Place::Before,
            // The first copy may have passed before the capture began.
            (false, false) => Place::Unknown,
        };
        let [sender, receiver] = parties(conversation, from);
        let mut frames: Vec<u64> = again.first.iter().map(|first| first.0).collect();
        frames.extend(again.asked.iter().take(2));
        frames.push(again.frame);
        frames.extend(&again.with.1);
        frames.extend(again.answer.map(|answer| answer.0));
        frames.sort_unstable();
        let bytes = again.with.0 - again.start;
        self.count_place(again);
        let facts = LossFacts::Lost {
            sender,
            receiver,
            bytes,
            hole: Some(again.hole).filter(|hole| *hole > bytes),
            place,
            asked: !again.asked.is_empty(),
            wait: again.first.map(|(_, first)| again.time.since(first)),
        };
        notes.say(&LOST, (conversation.id, from, place), || Note::inferred(facts, &frames).of(conversation.id));
    }

    /// Counts a place where something was lost, unless it is beside the one before, and was under way with it.
    fn count_place(&mut self, again: &Again) {
        if let Some((lost, when)) = &mut self.lost {
            let is_beside = lost.start <= again.with.0 && again.start <= lost.end;
            let is_together = again.first.is_none_or(|(_, first)| when.since(first) > 0);
            if is_beside && is_together {
                *lost = lost.start.min(again.start)..lost.end.max(again.with.0);
                return;
            }
        }
        self.counts.places += 1;
        self.lost = Some((again.start..again.with.0, again.time));
    }

    fn unheard(&mut self, conversation: &Conversation, from: Side, again: &Again, report: Option<u64>, notes: &mut Notes) {
        self.counts.unheard += 1;
        let [sender, receiver] = parties(conversation, from);
        let facts = LossFacts::Unheard { sender, receiver, bytes: again.end - again.start, is_captured: again.acknowledged.is_some() };
        let frames: Vec<u64> = again.first.iter().map(|first| first.0).chain([again.frame]).chain(report).collect();
        notes.say(&ACKNOWLEDGEMENT, (conversation.id, from), || Note::inferred(facts, &frames).of(conversation.id));
    }

    fn spurious(&mut self, conversation: &Conversation, from: Side, again: &Again, proof: Proof, frame: u64, notes: &mut Notes) {
        self.counts.spurious += 1;
        let [sender, receiver] = parties(conversation, from);
        let facts = LossFacts::Spurious { sender, receiver, bytes: again.end - again.start, proof };
        let mut frames: Vec<u64> = again.first.iter().map(|first| first.0).chain([again.frame]).collect();
        if frame != again.frame {
            frames.push(frame);
        }
        notes.say(&SPURIOUS, (conversation.id, from, proof), || Note::inferred(facts, &frames).of(conversation.id));
    }

    /// A row of repetitions is over.
    fn end_row(&mut self, conversation: &Conversation, from: Side, answered: bool, notes: &mut Notes) {
        let Some(row) = self.row.take() else { return };
        let waits: Vec<i64> = row.times.iter().zip(row.times.iter().skip(1)).map(|(one, next)| next.since(*one)).collect();
        let hears = conversation.sent[from.other().index()].frames > 0;
        if hears && !answered && !row.is_heard && row.start < UNPLACED && is_abandoned(&waits) {
            silenced(conversation, from, &row, notes);
        }
        // A timer's waits grow; what was sent again for other reasons first does not count.
        let timers =
            waits.len() - waits.iter().rev().zip(waits.iter().rev().skip(1)).take_while(|(wait, before)| **wait * 2 > **before * 3).count();
        let begin = timers.saturating_sub(1);
        let (Some(grown), Some(frames)) = (waits.get(begin..).filter(|waits| waits.len() > 1), row.frames.get(begin..)) else { return };
        let is_told = [&BLACK_HOLE, &BLACK_HOLE_POSSIBLE, &MISMATCH].into_iter().any(|rule| notes.has_said(rule, (conversation.id, from)));
        if grown.last().is_none_or(|wait| *wait < TIMER) || is_told {
            return;
        }
        let [sender, receiver] = parties(conversation, from);
        let waits = grown.iter().map(|wait| u64::try_from((wait + 500_000) / 1_000_000).unwrap_or(0)).collect();
        if hears && row.start >= UNPLACED {
            // Whether an answer is one to these bytes cannot be told.
            return;
        }
        let answered = hears.then_some(answered);
        let facts = LossFacts::Timeout { sender, receiver, bytes: row.bytes, waits, answered };
        notes.say(&TIMEOUT, (conversation.id, from, row.start), || Note::seen(facts, frames).of(conversation.id));
    }
}

/// Whether the same was sent again often and long enough for silence to be one, though not with waits that grow: that is a timer, and told as such.
fn is_abandoned(waits: &[i64]) -> bool {
    let grows = |pair: &[i64]| matches!(pair, [before, wait] if wait * 2 > before * 3);
    waits.len() > 1 && waits.iter().all(|wait| *wait >= PATIENCE) && !waits.windows(2).any(grows)
}

/// The other side says nothing any more: it, its program or the way to it is gone.
fn silenced(conversation: &Conversation, from: Side, row: &Row, notes: &mut Notes) {
    let has_said = |rule| notes.has_said(rule, (conversation.id, from));
    if [&BLACK_HOLE, &BLACK_HOLE_POSSIBLE, &MISMATCH].into_iter().any(has_said) {
        return;
    }
    let [sender, silent] = parties(conversation, from);
    let over = row.times.first().zip(row.times.last()).map_or(0, |(first, last)| last.since(*first));
    let facts = HandshakeFacts::Silenced { sender, silent, bytes: row.bytes, times: row.frames.len() as u64, over };
    notes.say(&GONE, conversation.id, || Note::inferred(facts, &row.frames).of(conversation.id));
}

fn parties(conversation: &Conversation, from: Side) -> [std::net::IpAddr; 2] {
    [from, from.other()].map(|side| conversation.end(side).address)
}
