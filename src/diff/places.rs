//! Where things stand that belong to conversations, by their numbers.

use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The place of nothing.
const NOWHERE: u32 = u32::MAX;

/// Places by the number of a conversation. Numbers follow each other, and nearly all conversations have a place: nothing is hashed.
#[derive(Debug, Default)]
pub(super) struct Places {
    dense: Vec<u32>,
    /// Those of conversations with greater numbers.
    others: HashMap<u64, u32, RandomState>,
}

impl Places {
    /// The place of a conversation, where it has one.
    pub(super) fn get(&self, conversation: u64) -> Option<u32> {
        let place = match index(conversation) {
            Some(index) => self.dense.get(index).copied(),
            None => self.others.get(&conversation).copied(),
        };
        place.filter(|place| *place != NOWHERE)
    }

    /// Gives a conversation a place.
    pub(super) fn set(&mut self, conversation: u64, place: u32) {
        let Some(index) = index(conversation) else {
            self.others.insert(conversation, place);
            return;
        };
        if self.dense.len() <= index {
            self.dense.resize(index + 1, NOWHERE);
        }
        if let Some(known) = self.dense.get_mut(index) {
            *known = place;
        }
    }

    /// Takes a conversation's place from it.
    pub(super) fn take(&mut self, conversation: u64) -> Option<u32> {
        let place = self.get(conversation)?;
        match index(conversation).and_then(|index| self.dense.get_mut(index)) {
            Some(known) => *known = NOWHERE,
            None => _ = self.others.remove(&conversation),
        }
        Some(place)
    }
}

fn index(conversation: u64) -> Option<usize> {
    usize::try_from(conversation).ok().filter(|index| *index < Limits::PLACES_DENSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_conversation_has_its_own_place_whatever_its_number() {
        let mut places = Places::default();
        let numbers = [0, 7, Limits::PLACES_DENSE as u64 - 1, Limits::PLACES_DENSE as u64, u64::MAX];
        for (place, number) in (0..).zip(numbers) {
            assert_eq!(places.get(number), None);
            places.set(number, place);
        }
        assert_eq!(numbers.map(|number| places.get(number)), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!([places.get(1), places.get(Limits::PLACES_DENSE as u64 + 1)], [None, None]);
        assert_eq!(numbers.map(|number| places.take(number)), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert!(numbers.into_iter().all(|number| places.get(number).is_none() && places.take(number).is_none()));
    }
}
