//! Things by their datagram, and by their age.

use super::key::DatagramKey;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};

/// Things by their datagram; the oldest is found at once.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    by_key: HashMap<DatagramKey, (u64, T), RandomState>,
    /// By the numbers that they were given: in the order in which they came.
    by_age: BTreeMap<u64, DatagramKey>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { by_key: HashMap::default(), by_age: BTreeMap::new() }
    }
}

impl<T> Shelf<T> {
    pub(super) fn get_mut(&mut self, key: &DatagramKey) -> Option<&mut T> {
        self.by_key.get_mut(key).map(|(_, thing)| thing)
    }

    pub(super) fn numbered(&self, id: u64) -> Option<&T> {
        self.by_key.get(self.by_age.get(&id)?).map(|(_, thing)| thing)
    }

    pub(super) fn put(&mut self, id: u64, key: DatagramKey, thing: T) -> Option<T> {
        let before = self.by_key.insert(key, (id, thing));
        if let Some((id, _)) = &before {
            self.by_age.remove(id);
        }
        self.by_age.insert(id, key);
        before.map(|(_, thing)| thing)
    }

    pub(super) fn remove(&mut self, key: &DatagramKey) -> Option<T> {
        let (id, thing) = self.by_key.remove(key)?;
        self.by_age.remove(&id);
        Some(thing)
    }

    pub(super) fn oldest(&self) -> Option<(DatagramKey, &T)> {
        let (_, key) = self.by_age.first_key_value()?;
        self.by_key.get(key).map(|(_, thing)| (*key, thing))
    }
}
