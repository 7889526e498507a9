//! Things by their datagram, and by their age.

use super::key::DatagramKey;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};

/// Things by their datagram; the oldest is found at once.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    numbers: HashMap<DatagramKey, u64, RandomState>,
    /// By their numbers: in the order in which they came.
    things: BTreeMap<u64, (DatagramKey, T)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), things: BTreeMap::new() }
    }
}

impl<T> Shelf<T> {
    /// The number of what belongs to a datagram.
    pub(super) fn number(&self, key: &DatagramKey) -> Option<u64> {
        self.numbers.get(key).copied()
    }

    pub(super) fn get(&self, number: u64) -> Option<&T> {
        self.things.get(&number).map(|(_, thing)| thing)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.things.get_mut(&number).map(|(_, thing)| thing)
    }

    /// Puts something in, and takes out what the datagram had.
    pub(super) fn put(&mut self, number: u64, key: DatagramKey, thing: T) -> Option<T> {
        let before = self.numbers.insert(key, number).and_then(|number| self.things.remove(&number));
        self.things.insert(number, (key, thing));
        before.map(|(_, thing)| thing)
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<(DatagramKey, T)> {
        let (key, thing) = self.things.remove(&number)?;
        self.numbers.remove(&key);
        Some((key, thing))
    }

    pub(super) fn oldest(&self) -> Option<(u64, &T)> {
        self.things.first_key_value().map(|(number, (_, thing))| (*number, thing))
    }
}
