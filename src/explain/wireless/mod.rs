//! Lessons on wireless networks: who is not let in.
//!
//! Whoever joins a network with a passphrase never says it. Both ends make a key of it and prove to each other that they have the same one, with
//! four messages. Where the second does not prove it the access point says nothing to that: it waits, and begins anew.

mod facts;
mod heard;

use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub(super) use facts::RULES;
pub use facts::{Step, WirelessFacts};
pub(super) use heard::{Heard, What as Said};

use super::scene::{Ending, Lessons, Scene};
use super::surroundings::Surroundings;
use super::{Note, Notes};
use crate::frame::Timestamp;
use foldhash::fast::RandomState;
use heard::What;
use std::collections::HashMap;

/// How many frames of an attempt are named.
const NAMED: usize = 8;
/// How often a station must have answered in vain: once an answer may be lost.
const IN_VAIN: u64 = 2;
/// The same, where it is not seen that the station was sent away.
const IN_VAIN_AND_STAYS: u64 = 3;
/// Answers that are no refusal: yes, come back in a while, say the token, a hash of the password is meant (IEEE 802.11-2020 table 9-50).
const NO_REFUSAL: [u16; 5] = [0, 30, 76, 126, 127];
/// Why a station is sent away that did not agree on keys in time (IEEE 802.11-2020 table 9-49).
const TOOK_TOO_LONG: u16 = 15;

/// Numbers of statuses are lower: what is higher is no answer.
const HIGHEST: u16 = 256;

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct WirelessWatch {
    /// By the access point and the station.
    attempts: HashMap<([u8; 6], [u8; 6]), Attempt, RandomState>,
    forgotten: NoRoom,
}

/// What was said on keys since the station last proved that it has them.
#[derive(Debug, Default)]
struct Attempt {
    begun: u64,
    answered: u64,
    frames: Vec<u64>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Attempt {
    fn push(&mut self, scene: &Scene<'_>) {
        if self.frames.len() < NAMED {
            self.frames.push(scene.number());
        }
        self.first = self.first.or(scene.time());
        self.last = scene.time();
    }

    fn note(&self, access_point: [u8; 6], station: [u8; 6], farewell: Option<(u64, Option<u16>)>) -> Note {
        let facts = WirelessFacts::KeysFailed {
            station,
            access_point,
            begun: self.begun,
            answered: self.answered,
            reason: farewell.and_then(|(_, reason)| reason),
            over: self.first.zip(self.last).map_or(0, |(first, last)| last.since(first)),
        };
        let frames: Vec<u64> = self.frames.iter().copied().chain(farewell.map(|(frame, _)| frame)).collect();
        Note::inferred(facts, &frames).of_frames(self.begun + self.answered + u64::from(farewell.is_some()))
    }
}

/// Whether a status is a refusal.
fn is_refusal(status: u16) -> bool {
    !NO_REFUSAL.contains(&status) && status < HIGHEST
}

impl Lessons for WirelessWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    fn frame(&mut self, scene: &Scene<'_>, _: &Surroundings, notes: &mut Notes) {
        let Some(Heard { sender, receiver, what }) = Heard::of(scene) else { return };
        match what {
            What::Answer(step, status) => {
                if is_refusal(status) && sender != receiver {
                    let facts = WirelessFacts::Refused { station: receiver, access_point: sender, step, status };
                    notes.say(&facts::REFUSED, (sender, receiver, step, status), || Note::seen(facts, &[scene.number()]));
                }
            }
            What::Begin => {
                if self.forgotten.room(self.attempts.len() < Limits::STATIONS_WATCHED || self.attempts.contains_key(&(sender, receiver))) {
                    let attempt = self.attempts.entry((sender, receiver)).or_default();
                    attempt.begun += 1;
                    attempt.push(scene);
                }
            }
            What::Reply => {
                if let Some(attempt) = self.attempts.get_mut(&(receiver, sender)) {
                    attempt.answered += 1;
                    attempt.push(scene);
                }
            }
            What::Proof | What::Farewell(_) if self.attempts.is_empty() => {}
            What::Proof => {
                for pair in [(sender, receiver), (receiver, sender)] {
                    self.attempts.remove(&pair);
                }
            }
            What::Farewell(reason) => {
                for pair in [(sender, receiver), (receiver, sender)] {
                    let is_in_vain = |attempt: &Attempt| {
                        let is_unanswered = attempt.answered == 0 && reason == Some(TOOK_TOO_LONG);
                        attempt.begun >= IN_VAIN && (attempt.answered >= IN_VAIN || is_unanswered)
                    };
                    let attempt = self.attempts.remove(&pair).filter(is_in_vain);
                    if let Some(attempt) = attempt {
                        notes.say(&facts::KEYS_FAILED, pair, || attempt.note(pair.0, pair.1, Some((scene.number(), reason))));
                    }
                }
            }
        }
    }

    fn finish(&mut self, _: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        let mut left: Vec<_> = self.attempts.drain().filter(|(_, attempt)| attempt.answered >= IN_VAIN_AND_STAYS).collect();
        left.sort_unstable_by_key(|(pair, attempt)| (attempt.frames.first().copied(), *pair));
        for (pair, attempt) in left {
            notes.say(&facts::KEYS_FAILED, pair, || attempt.note(pair.0, pair.1, None));
        }
    }
}
