//! The times of frames, and whether they can be compared.

use crate::frame::Timestamp;
use crate::limits::Limits;

/// What several queues of a card bring out of order, and no clock that was set: in nanoseconds.
const JITTER: i64 = 1_000_000;

/// The clock that gave the frames their times.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// The times of the first frames.
    times: Vec<Option<Timestamp>>,
    last: Option<Timestamp>,
    /// The frames that came, by their times, before the one before them: the first few.
    pub set_back: Vec<u64>,
    /// The step that all times are a multiple of, in nanoseconds, where it is a large one; 0 where all times are the same.
    pub step: Option<i64>,
}

impl Clock {
    /// Takes a frame's time.
    pub(super) fn tick(&mut self, frame: u64, time: Option<Timestamp>) {
        if self.times.len() < Limits::STORY_TIMES && self.times.len() as u64 + 1 == frame {
            self.times.push(time);
        }
        let Some(now) = time else { return };
        if self.last.is_some_and(|last| now.since(last) < -JITTER) && self.set_back.len() < Limits::STORY_SET_BACK {
            self.set_back.push(frame);
        }
        self.last = Some(now);
    }

    /// When a frame came, where that is kept.
    pub(super) fn time_of(&self, frame: u64) -> Option<Timestamp> {
        *self.times.get(usize::try_from(frame.checked_sub(1)?).ok()?)?
    }

    /// Whether the difference of the times of two frames says how long it took from one to the other.
    #[must_use]
    pub fn measures(&self, from: u64, to: u64) -> bool {
        self.step != Some(0) && self.is_steady(from, to)
    }

    /// Whether the clock went on from one frame to another, and was not set back.
    #[must_use]
    pub fn is_steady(&self, from: u64, to: u64) -> bool {
        !self.set_back.iter().any(|frame| (from + 1..=to).contains(frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_measures_nothing_across_that() {
        let mut clock = Clock::default();
        for (frame, time) in (1..).zip([5, 9, 8, 4_000_000, 1_000, 2_000]) {
            clock.tick(frame, Some(Timestamp::from_nanoseconds(time)));
        }
        assert_eq!(clock.set_back, [5]);
        assert!(clock.is_steady(1, 4) && clock.is_steady(5, 6) && !clock.is_steady(4, 5) && !clock.is_steady(1, 6));
        assert_eq!(clock.time_of(3), Some(Timestamp::from_nanoseconds(8)));
        assert_eq!((clock.time_of(0), clock.time_of(7)), (None, None));
    }
}
