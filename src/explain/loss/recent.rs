//! Segments of the last moments, in a table of a fixed size: an entry that is overwritten is only a proof less.

use crate::frame::Timestamp;

/// How many segments are remembered.
const ENTRIES: usize = 4096;

/// Where and when segments were first sent, by their direction and sequence number.
#[derive(Debug, Default)]
pub(super) struct Recent {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    direction: u64,
    sequence: u64,
    frame: u64,
    time: Option<Timestamp>,
}

/// A direction that no conversation has.
const NONE: Entry = Entry { direction: u64::MAX, sequence: 0, frame: 0, time: None };

impl Recent {
    /// Remembers a segment.
    pub(super) fn push(&mut self, direction: u64, sequence: u64, frame: u64, time: Option<Timestamp>) {
        if self.entries.is_empty() {
            self.entries.resize(ENTRIES, NONE);
        }
        if let Some(entry) = self.entries.get_mut(place(direction, sequence)) {
            *entry = Entry { direction, sequence, frame, time };
        }
    }

    /// The frame that a segment was first sent in, and when.
    pub(super) fn find(&self, direction: u64, sequence: u64) -> Option<(u64, Timestamp)> {
        let entry = self.entries.get(place(direction, sequence))?;
        (entry.direction == direction && entry.sequence == sequence).then_some((entry.frame, entry.time?))
    }
}

fn place(direction: u64, sequence: u64) -> usize {
    let mixed = (direction.rotate_left(32) ^ sequence).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize % ENTRIES
}
