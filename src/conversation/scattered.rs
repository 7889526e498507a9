//! Fragments whose conversation only another fragment of the same datagram tells.

use super::Side;
use super::key::Key;
use crate::limits::Limits;
use crate::reassembly::Origin;
use std::collections::HashMap;

/// A conversation's slot, who of it sent the datagram, and its number.
pub(super) type Place = (u32, Side, u64);

/// Fragments that wait to be counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// What they are without their first.
    pub(super) key: Key,
    /// The first of them that came.
    pub(super) origin: Origin,
    pub(super) frames: u32,
    pub(super) bytes: u64,
}

/// Datagrams that are under way in fragments.
#[derive(Debug, Default)]
pub(super) struct Scattered {
    places: HashMap<u64, Place, foldhash::fast::RandomState>,
    waiting: HashMap<u64, Waiting, foldhash::fast::RandomState>,
}

impl Scattered {
    /// Where a datagram belongs, as far as that is known.
    pub(super) fn place(&self, datagram: u64) -> Option<Place> {
        self.places.get(&datagram).copied()
    }

    /// A fragment waits for the one that tells whose it is. `Err` gives it back where too many do.
    pub(super) fn wait(&mut self, datagram: u64, waiting: Waiting) -> Result<(), Waiting> {
        if self.waiting.len() >= Limits::SCATTERED_DATAGRAMS && !self.waiting.contains_key(&datagram) {
            return Err(waiting);
        }
        let known = self.waiting.entry(datagram).or_insert(Waiting { frames: 0, bytes: 0, ..waiting });
        known.frames = known.frames.saturating_add(waiting.frames);
        known.bytes += waiting.bytes;
        Ok(())
    }

    /// A datagram belongs here: what waited for that.
    pub(super) fn found(&mut self, datagram: u64, place: Place) -> Option<Waiting> {
        if self.places.len() >= Limits::SCATTERED_DATAGRAMS {
            self.places.clear();
        }
        self.places.insert(datagram, place);
        self.waiting.remove(&datagram)
    }

    /// What still waits, in the order in which it came.
    pub(super) fn rest(&mut self) -> Vec<Waiting> {
        let mut rest: Vec<Waiting> = self.waiting.drain().map(|(_, waiting)| waiting).collect();
        rest.sort_unstable_by_key(|waiting| waiting.origin.frame);
        rest
    }
}
