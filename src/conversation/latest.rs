//! What came in the last moments, found by a hash: an entry that is no longer there is only a finding less.

use crate::limits::Limits;

/// The bits of a place among the entries.
const PLACE_BITS: u32 = Limits::LATEST_PACKETS.ilog2();

/// The latest entries, one behind the other, and a small index of them. A table that is entered by hash alone would take a line of the cache
/// from everything else with each entry; this one takes them in a row, and only the index is read at random.
#[derive(Debug)]
pub(crate) struct Latest<T> {
    /// For each hash the place of its entry, and in the higher bits so much of the hash that nearly none is looked for in vain.
    index: Vec<u32>,
    entries: Vec<T>,
    next: usize,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { index: Vec::new(), entries: Vec::new(), next: 0 }
    }
}

impl<T> Latest<T> {
    /// The entry with a hash; seldom another one, and so who asks compares.
    pub(crate) fn get(&self, hash: u32) -> Option<&T> {
        let word = *self.index.get(hash as usize % Limits::LATEST_PACKETS)?;
        if (word ^ hash) >> PLACE_BITS != 0 {
            return None;
        }
        self.entries.get(word as usize % Limits::LATEST_PACKETS)
    }

    /// Takes an entry, and lets the oldest one go.
    pub(crate) fn push(&mut self, hash: u32, entry: T) {
        if self.index.is_empty() {
            self.index.resize(Limits::LATEST_PACKETS, 0);
            self.entries.reserve_exact(Limits::LATEST_PACKETS);
        }
        let place = self.next % Limits::LATEST_PACKETS;
        self.next = place + 1;
        match self.entries.get_mut(place) {
            Some(oldest) => *oldest = entry,
            None => self.entries.push(entry),
        }
        if let Some(word) = self.index.get_mut(hash as usize % Limits::LATEST_PACKETS) {
            *word = hash >> PLACE_BITS << PLACE_BITS | place as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_found_and_the_oldest_make_room() {
        let mut latest = Latest::default();
        assert_eq!(latest.get(7), None);
        let hash = |number: u32| number.wrapping_mul(0x9e37_79b1);
        for number in 0..3 * Limits::LATEST_PACKETS as u32 {
            latest.push(hash(number), number);
            assert_eq!(latest.get(hash(number)), Some(&number));
        }
        let found =
            |from: u32| (from..from + Limits::LATEST_PACKETS as u32).filter(|number| latest.get(hash(*number)) == Some(number)).count();
        assert_eq!((found(0), found(Limits::LATEST_PACKETS as u32)), (0, 0));
        assert_eq!(found(2 * Limits::LATEST_PACKETS as u32), Limits::LATEST_PACKETS);
        assert_eq!(latest.entries.len(), Limits::LATEST_PACKETS);
    }
}
