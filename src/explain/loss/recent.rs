//! Segments of the last moments: an entry that is no longer there is only a proof less.

use crate::conversation::Latest;
use crate::frame::Timestamp;

/// Where and when segments were first sent, by their direction and sequence number.
#[derive(Debug, Default)]
pub(super) struct Recent {
    latest: Latest<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    direction: u64,
    sequence: u64,
    frame: u64,
    time: Timestamp,
}

impl Recent {
    /// Remembers a segment.
    pub(super) fn push(&mut self, direction: u64, sequence: u64, frame: u64, time: Timestamp) {
        self.latest.push(hash(direction, sequence), Entry { direction, sequence, frame, time });
    }

    /// The frame that a segment was first sent in, and when.
    pub(super) fn find(&self, direction: u64, sequence: u64) -> Option<(u64, Timestamp)> {
        let entry = self.latest.get(hash(direction, sequence))?;
        (entry.direction == direction && entry.sequence == sequence).then_some((entry.frame, entry.time))
    }
}

fn hash(direction: u64, sequence: u64) -> u32 {
    ((direction.rotate_left(32) ^ sequence).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}
