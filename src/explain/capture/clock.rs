//! What the times of the frames tell of the clock that gave them.

use super::PROOF;
use super::facts::{BACKWARDS, COARSE, CaptureFacts};
use crate::explain::{Note, Notes};
use crate::frame::{Frame, Timestamp};

/// How many frames must agree before their clock is called coarse.
const ENOUGH: u64 = 32;
/// The steps that clocks have, in nanoseconds.
const STEPS: [i64; 3] = [1_000_000_000, 10_000_000, 1_000_000];

/// Watches the times.
#[derive(Debug)]
pub(super) struct Clock {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    is_same: bool,
    frames: u64,
    /// The place in [`STEPS`] of the largest step that all times so far are a multiple of.
    step: usize,
    backwards: u64,
    farthest: i64,
    proof: Vec<u64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { first: None, last: None, is_same: true, frames: 0, step: 0, backwards: 0, farthest: 0, proof: Vec::new() }
    }
}

impl Clock {
    /// Takes a frame's time.
    pub(super) fn tick(&mut self, frame: &Frame<'_>) {
        let Some(time) = frame.timestamp else { return };
        self.frames += 1;
        if let Some(last) = self.last {
            let apart = time.since(last);
            if apart < 0 {
                self.backwards += 1;
                self.farthest = self.farthest.max(-apart);
                if self.proof.len() < PROOF {
                    self.proof.push(frame.number);
                }
            }
        }
        self.last = Some(time);
        self.is_same &= *self.first.get_or_insert(time) == time;
        while STEPS.get(self.step).is_some_and(|step| time.nanoseconds() % step != 0) {
            self.step += 1;
        }
    }

    /// Says what is wrong with it, when the last frame has come.
    pub(super) fn judge(&self, notes: &mut Notes) {
        if self.backwards > 0 {
            let facts = CaptureFacts::Backwards { times: self.backwards, farthest: self.farthest };
            notes.say(&BACKWARDS, (), || Note::seen(facts, &self.proof).of_frames(self.backwards));
        }
        if self.frames < ENOUGH {
            return;
        }
        let step = if self.is_same { Some(&0) } else { STEPS.get(self.step) };
        if let Some(step) = step {
            let facts = CaptureFacts::Coarse { step: *step, frames: self.frames };
            notes.say(&COARSE, (), || Note::inferred(facts, &[]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Facts;
    use crate::frame::{Annotations, InterfaceId, LinkType};

    fn told(times: impl Iterator<Item = i64>) -> Vec<Facts> {
        let (mut clock, mut notes) = (Clock::default(), Notes::default());
        for (number, time) in (1..).zip(times) {
            clock.tick(&Frame {
                number,
                timestamp: Some(Timestamp::from_nanoseconds(time)),
                interface: InterfaceId(0),
                link_type: LinkType::ETHERNET,
                length: 0,
                check_sequence_length: 0,
                data: &[],
                annotations: Annotations::default(),
            });
        }
        clock.judge(&mut notes);
        notes.take().map(|note| note.facts).collect()
    }

    #[test]
    fn times_that_are_all_multiples_of_a_step_are_coarse_and_one_other_is_enough_against_it() {
        let coarse = |step| vec![Facts::from(CaptureFacts::Coarse { step, frames: 40 })];
        assert_eq!(told((0..40).map(|count| count * 1_000_000)), coarse(1_000_000));
        assert_eq!(told((0..40).map(|count| count / 4 * 10_000_000)), coarse(10_000_000));
        assert_eq!(told((0..40).map(|_| 7)), coarse(0));
        assert_eq!(told((0..40).map(|count| count * 1_000_000 + count / 39)), []);
        assert_eq!(told((0..9).map(|count| count * 1_000_000)), []);
    }

    #[test]
    fn a_clock_that_went_back_says_how_far() {
        let facts = CaptureFacts::Backwards { times: 2, farthest: 30 };
        assert_eq!(told([5, 90, 60, 70, 65].into_iter()), [Facts::from(facts)]);
    }
}
