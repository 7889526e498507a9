//! Where a sender waits for an acknowledgement and the receiver for something to acknowledge with: Nagle's algorithm against the delayed
//! acknowledgement. A program writes the halves of a message one by one, then reads; the second half waits for nothing but a timer.

use super::facts::{LossFacts, NAGLE};
use crate::conversation::{Belongs, Conversation, Segment, Side};
use crate::explain::{Note, Notes, Scene};
use crate::frame::Timestamp;
use crate::limits::Limits;
use std::ops::Range;

/// What a segment may have at most to be a small one, in bytes: less than any segment that is full.
const SMALL: u32 = 500;
/// How long acknowledgements are delayed, in nanoseconds: 40 ms with Linux, 200 ms with others.
const TIMERS: [Range<i64>; 2] = [36_000_000..60_000_000, 180_000_000..230_000_000];
/// How soon the second half follows the acknowledgement, beside the way there and back, in nanoseconds.
const AT_ONCE: i64 = 2_000_000;

/// A direction that no conversation has.
const NONE: u64 = u64::MAX;

#[derive(Clone, Copy, Debug)]
struct Half {
    frame: u64,
    time: Timestamp,
    end: u64,
    /// The acknowledgement of it alone.
    acknowledged: Option<(u64, Timestamp)>,
    /// That the second half followed that at once: the frames, and how long it waited.
    suspected: Option<([u64; 3], i64)>,
    /// Whether small segments of this direction were sent without waiting.
    is_hasty: bool,
}

/// Watches small segments.
#[derive(Debug, Default)]
pub(super) struct Halves {
    /// The direction of each entry, so that nothing else is looked at in vain.
    directions: Vec<u64>,
    entries: Vec<Option<Half>>,
}

impl Halves {
    /// Takes a segment that is nothing but data or an acknowledgement.
    pub(super) fn observe(
        &mut self,
        scene: &Scene<'_>,
        conversation: &Conversation,
        belongs: &Belongs,
        segment: &Segment,
        notes: &mut Notes,
    ) {
        let Some(time) = scene.time() else { return };
        let directions = [belongs.from, belongs.from.other()].map(|side| belongs.conversation << 1 | side.index() as u64);
        if let Some(half) = self.entry(directions[1]) {
            if segment.length > 0 {
                half.acknowledged = None;
                if let Some((frames, wait)) = half.suspected.take() {
                    say(scene, conversation, belongs.from.other(), frames, wait, notes);
                }
            } else if half.acknowledged.is_none() && segment.acknowledgement == Some(half.end) {
                half.acknowledged = Some((scene.number(), time));
            }
        }
        if segment.length == 0 {
            return;
        }
        let (Some(sequence), Some(end)) = (segment.sequence, segment.end()) else { return };
        let frame = scene.number();
        let mut half = Half { frame, time, end, acknowledged: None, suspected: None, is_hasty: false };
        if let Some(before) = self.entry(directions[0]).filter(|before| before.end == sequence) {
            let waits = before.acknowledged.is_none() && segment.acknowledged < before.end;
            half.is_hasty = before.is_hasty || waits && segment.length < SMALL;
            if let Some((acknowledgement, answered)) = before.acknowledged.filter(|_| !half.is_hasty && segment.length < SMALL) {
                let wait = answered.since(before.time);
                if is_delayed(conversation, belongs.from, wait, time.since(answered)) {
                    half.suspected = Some(([before.frame, acknowledgement, frame], wait));
                }
            }
        }
        if segment.length < SMALL || half.is_hasty {
            self.put(directions[0], half);
        } else {
            self.forget(directions[0]);
        }
    }

    fn entry(&mut self, direction: u64) -> Option<&mut Half> {
        let place = direction as usize % Limits::HALVES_WATCHED;
        if *self.directions.get(place)? != direction {
            return None;
        }
        self.entries.get_mut(place)?.as_mut()
    }

    fn forget(&mut self, direction: u64) {
        if let Some(known) = self.directions.get_mut(direction as usize % Limits::HALVES_WATCHED).filter(|known| **known == direction) {
            *known = NONE;
        }
    }

    fn put(&mut self, direction: u64, half: Half) {
        if self.entries.is_empty() {
            self.directions.resize(Limits::HALVES_WATCHED, NONE);
            self.entries.resize(Limits::HALVES_WATCHED, None);
        }
        let place = direction as usize % Limits::HALVES_WATCHED;
        if let (Some(known), Some(entry)) = (self.directions.get_mut(place), self.entries.get_mut(place)) {
            (*known, *entry) = (direction, Some(half));
        }
    }
}

/// Whether an acknowledgement that took this long was delayed, and not under way, and what came next followed it at once.
fn is_delayed(conversation: &Conversation, from: Side, wait: i64, after: i64) -> bool {
    let shortest = i64::from(conversation.sent[from.index()].round_trip[0]) * 1000;
    let way = conversation.handshake().map_or(shortest, |microseconds| i64::from(microseconds) * 1000);
    TIMERS.iter().any(|timer| timer.contains(&wait)) && way > 0 && way < wait / 4 && (0..=AT_ONCE + way).contains(&after)
}

fn say(scene: &Scene<'_>, conversation: &Conversation, from: Side, frames: [u64; 3], wait: i64, notes: &mut Notes) {
    let [sender, receiver] = [from, from.other()].map(|side| conversation.end(side).address);
    let facts = LossFacts::Nagle { sender, receiver, wait };
    notes.say(&NAGLE, (conversation.id, from), || scene.note(Note::inferred(facts, &frames)));
}
