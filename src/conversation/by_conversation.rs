//! What is kept of conversations, found by their numbers.

use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The place of what is not kept.
const NOWHERE: u32 = u32::MAX;

/// A map by the number of a conversation. Where the same few are asked for again and again, as most frames do, nothing is hashed.
#[derive(Debug)]
pub(crate) struct ByConversation<T> {
    /// Numbers that were asked for last, each with its place, or [`NOWHERE`].
    near: [(u64, u32); Limits::CONVERSATIONS_NEAR],
    places: HashMap<u64, u32, RandomState>,
    entries: Vec<Option<T>>,
    /// Places of entries that are gone.
    free: Vec<u32>,
}

impl<T> Default for ByConversation<T> {
    fn default() -> Self {
        Self { near: [(u64::MAX, NOWHERE); Limits::CONVERSATIONS_NEAR], places: HashMap::default(), entries: Vec::new(), free: Vec::new() }
    }
}

impl<T> ByConversation<T> {
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(crate) fn contains(&self, conversation: u64) -> bool {
        self.get(conversation).is_some()
    }

    pub(crate) fn get(&self, conversation: u64) -> Option<&T> {
        let (number, place) = self.near[near(conversation)];
        let place = if number == conversation { place } else { *self.places.get(&conversation)? };
        self.entries.get(place as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, conversation: u64) -> Option<&mut T> {
        let place = self.place(conversation);
        self.entries.get_mut(place as usize)?.as_mut()
    }

    /// What is kept of a conversation; if nothing is, what this makes.
    pub(crate) fn get_or_insert_with(&mut self, conversation: u64, make: impl FnOnce() -> T) -> &mut T {
        let mut place = self.place(conversation);
        if place == NOWHERE {
            place = self.free.pop().unwrap_or_else(|| {
                self.entries.push(None);
                // Who keeps something limits how many there are, to far less.
                u32::try_from(self.entries.len() - 1).unwrap_or(NOWHERE)
            });
            self.places.insert(conversation, place);
            self.near[near(conversation)] = (conversation, place);
        }
        self.entries[place as usize].get_or_insert_with(make)
    }

    pub(crate) fn remove(&mut self, conversation: u64) -> Option<T> {
        let place = self.place(conversation);
        let removed = self.entries.get_mut(place as usize)?.take();
        self.near[near(conversation)] = (conversation, NOWHERE);
        self.places.remove(&conversation);
        self.free.push(place);
        removed
    }

    /// Keeps only those of which this is true.
    pub(crate) fn retain(&mut self, keeps: impl Fn(&T) -> bool) {
        let Self { near, places, entries, free } = self;
        *near = [(u64::MAX, NOWHERE); Limits::CONVERSATIONS_NEAR];
        places.retain(|_, place| {
            let Some(entry) = entries.get_mut(*place as usize) else { return false };
            let stays = entry.as_ref().is_some_and(&keeps);
            if !stays {
                *entry = None;
                free.push(*place);
            }
            stays
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of them, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.places.iter().filter_map(|(conversation, place)| Some((*conversation, self.entries.get(*place as usize)?.as_ref()?)))
    }

    /// Where something is kept of a conversation.
    fn place(&mut self, conversation: u64) -> u32 {
        let (number, place) = &mut self.near[near(conversation)];
        if *number != conversation {
            (*number, *place) = (conversation, self.places.get(&conversation).copied().unwrap_or(NOWHERE));
        }
        *place
    }
}

fn near(conversation: u64) -> usize {
    conversation as usize % Limits::CONVERSATIONS_NEAR
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_map(acts in proptest::collection::vec((0_u8..8, 0_u64..200), 0..400)) {
            let (mut map, mut other) = (ByConversation::default(), HashMap::new());
            for (act, number) in acts {
                match act {
                    0..3 => prop_assert_eq!(map.get_or_insert_with(number, || number), other.entry(number).or_insert(number)),
                    3 => prop_assert_eq!(map.remove(number), other.remove(&number)),
                    4 => prop_assert_eq!(map.get_mut(number).map(|kept| *kept += 1), other.get_mut(&number).map(|kept| *kept += 1)),
                    5 => prop_assert_eq!(map.get(number), other.get(&number)),
                    6 if number > 190 => {
                        map.retain(|kept| kept % 3 == 0);
                        other.retain(|_, kept| *kept % 3 == 0);
                    }
                    _ => prop_assert_eq!(map.contains(number), other.contains_key(&number)),
                }
                prop_assert_eq!((map.len(), map.is_empty()), (other.len(), other.is_empty()));
            }
            let mut all: Vec<(u64, u64)> = map.iter().map(|(number, kept)| (number, *kept)).collect();
            all.sort_unstable();
            let mut wanted: Vec<(u64, u64)> = other.into_iter().collect();
            wanted.sort_unstable();
            prop_assert_eq!(all, wanted);
            map.clear();
            prop_assert!(map.is_empty() && map.get(7).is_none());
        }

        #[test]
        fn places_are_used_again(numbers in proptest::collection::vec(0_u64..1_000_000, 1..300)) {
            let mut map = ByConversation::default();
            for number in numbers {
                map.get_or_insert_with(number, || ());
                map.remove(number);
            }
            prop_assert_eq!(map.entries.len(), 1);
        }
    }
}
