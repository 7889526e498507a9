//! Things that happen again and again, each kept once, by what they are.

use super::{Event, What};
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;

/// Things of a kind.
#[derive(Debug)]
pub(super) struct Shelf<K, T> {
    places: HashMap<K, usize, RandomState>,
    items: Vec<(u64, Option<Timestamp>, T)>,
    left_out: u64,
}

impl<K, T> Default for Shelf<K, T> {
    fn default() -> Self {
        Self { places: HashMap::default(), items: Vec::new(), left_out: 0 }
    }
}

impl<K: Hash + Eq, T> Shelf<K, T> {
    /// The thing, where it is known.
    pub(super) fn known(&mut self, key: &K) -> Option<&mut T> {
        let place = self.places.get(key)?;
        self.items.get_mut(*place).map(|(_, _, item)| item)
    }

    /// The thing, and whether it is new; nothing where there are too many.
    pub(super) fn take(&mut self, key: K, at: (u64, Option<Timestamp>), new: impl FnOnce() -> T) -> Option<(&mut T, bool)> {
        if let Some(place) = self.places.get(&key) {
            return self.items.get_mut(*place).map(|(_, _, item)| (item, false));
        }
        if self.items.len() >= Limits::STORY_SHELF {
            self.left_out += 1;
            return None;
        }
        self.places.insert(key, self.items.len());
        self.items.push((at.0, at.1, new()));
        self.items.last_mut().map(|(_, _, item)| (item, true))
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.items.iter().map(|(frame, _, item)| (*frame, item))
    }

    /// When the thing that came with a frame came.
    pub(super) fn time_of(&self, frame: u64) -> Option<Timestamp> {
        self.items.iter().find(|(first, ..)| *first == frame)?.1
    }

    /// How often there were too many.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// All of them, as events; without those of which nothing is to be told.
    pub(super) fn into_events(self, what: impl Fn(K, T) -> Option<What>) -> Vec<Event> {
        let Self { places, items, .. } = self;
        let mut keys: Vec<(K, usize)> = places.into_iter().collect();
        keys.sort_unstable_by_key(|(_, place)| *place);
        let told =
            keys.into_iter().zip(items).filter_map(|((key, _), (frame, time, item))| Some(Event { what: what(key, item)?, frame, time }));
        told.collect()
    }
}
