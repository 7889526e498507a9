//! Packets that one point captured at two places of their way: inside and outside of a translator, on a bridge and on its port.

use super::keys::{are_alike, are_exact, key_of};
use super::{Opposite, Pairing};
use crate::diff::point::{Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// How long a packet takes through a machine at most, in nanoseconds.
const MOMENT: u64 = 50_000_000;
/// How many packets that are alike are looked at before and behind one.
const NEAR: usize = 4;

/// Marks packets that stand opposite nothing and are another sighting of one that does.
pub(super) fn mark(points: [&Point; 2], pairing: &mut Pairing) {
    for (side, point) in points.into_iter().enumerate() {
        let free = |place: u32| pairing.opposite(side, place) == Opposite::Nothing;
        let mut by_key: HashMap<u64, Vec<u32>, RandomState> = HashMap::default();
        for (place, sighting) in (0..).zip(&point.sightings).filter(|(place, one)| free(*place) && !one.is_incomplete()) {
            by_key.entry(key_of(sighting)).or_default().push(place);
        }
        if by_key.is_empty() {
            continue;
        }
        let mut copies = Vec::new();
        for (place, sighting) in (0..).zip(&point.sightings).filter(|(place, one)| !free(*place) && !one.is_incomplete()) {
            let alike = by_key.get(&key_of(sighting)).map(Vec::as_slice).unwrap_or_default();
            // In the order of their times: those of a moment are near.
            let near = alike.partition_point(|other| *other < place);
            let near = alike.get(near.saturating_sub(NEAR)..alike.len().min(near + NEAR)).unwrap_or_default();
            copies.extend(near.iter().filter(|place| point.sightings.get(**place as usize).is_some_and(|one| is_copy(one, sighting))));
        }
        for place in copies {
            pairing.set(side, place, Opposite::Copy);
        }
    }
}

/// Packets that stand opposite nothing and are once more one that does: even what their sender counts up is the same.
pub(super) fn twins(point: &Point, pairing: &Pairing, side: usize) -> HashSet<u32, RandomState> {
    let exactly = |one: &Sighting| (key_of(one), one.identification, [one.timestamp_value, one.timestamp_echo], one.hop_limit);
    let is_counted = |one: &Sighting| one.identification != 0 || one.timestamp_value != 0;
    let free: Vec<_> = (0..)
        .zip(&point.sightings)
        .filter(|(place, one)| pairing.opposite(side, *place) == Opposite::Nothing && is_counted(one) && !one.is_incomplete())
        .collect();
    if free.is_empty() {
        return HashSet::default();
    }
    let mut is_there: HashMap<_, bool, RandomState> = free.iter().map(|(_, one)| (exactly(one), false)).collect();
    for (place, one) in (0..).zip(&point.sightings) {
        if !matches!(pairing.opposite(side, place), Opposite::Nothing | Opposite::Copy)
            && let Some(is_there) = is_there.get_mut(&exactly(one))
        {
            *is_there = true;
        }
    }
    free.iter().filter(|(_, one)| is_there.get(&exactly(one)) == Some(&true)).map(|(place, _)| *place).collect()
}

/// Whether two packets are one that was captured at two places: all that its sender counts up is the same, and it is a moment later.
fn is_copy(one: &Sighting, other: &Sighting) -> bool {
    let apart = one.timestamp().zip(other.timestamp()).map_or(u64::MAX, |(one, other)| one.since(other).unsigned_abs());
    let elsewhere = one.hop_limit != other.hop_limit || one.link != other.link;
    let counted = one.identification != 0 || one.timestamp_value != 0;
    are_alike(one, other) && are_exact(one, other) && counted && elsewhere && apart < MOMENT
}
