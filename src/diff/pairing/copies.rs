//! Packets that one point captured at two places of their way (inside and outside of a translator, on a bridge and on its port), and packets
//! that came twice.

use super::keys::{are_alike, are_exact, is_counted, key_of};
use super::{Opposite, Pairing};
use crate::diff::point::{LinkEnds, Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::HashSet;

/// How long a packet takes through a machine at most, in nanoseconds.
const MOMENT: u64 = 50_000_000;
/// Within what time two packets that nothing tells apart are one that was doubled, in nanoseconds: less than anybody waits before sending
/// again.
const TWINS: u64 = 3_000_000;
/// How many packets that are alike are looked at before and behind one.
const NEAR: usize = 32;

/// From which link to which another sighting of a packet was captured, and how many routers lie between.
type Pattern = (u32, u32, i16);

/// Marks packets that stand opposite nothing and are another sighting of one that does: those whose sender counts them, and from the links
/// that these show, the others.
pub(super) fn mark(points: [&Point; 2], pairing: &mut Pairing) {
    for (side, point) in points.into_iter().enumerate() {
        let by_key = free_by_key(point, pairing, side);
        if by_key.places.is_empty() {
            continue;
        }
        let mut patterns: HashSet<Pattern, RandomState> = HashSet::default();
        let (mut copies, mut possible) = (Vec::new(), Vec::new());
        for (place, sighting) in (0..).zip(&point.sightings) {
            let is_free = pairing.is_free(side, place);
            for other in near(&by_key, sighting, place) {
                let Some(one) = point.sightings.get(other as usize).filter(|one| other != place && are_alike(one, sighting)) else {
                    continue;
                };
                if is_elsewhere(one, sighting) && apart(one, sighting) < MOMENT {
                    if !is_counted(one) && are_exact(one, sighting) && one.is_version_6() == sighting.is_version_6() {
                        possible.push((other, pattern(one, sighting)));
                    } else if is_counted(one) && are_exact(one, sighting) && !is_free {
                        let found = pattern(one, sighting);
                        patterns.extend(std::iter::once(found).chain(turned(point, found)));
                        copies.push(other);
                    }
                }
            }
        }
        copies.extend(possible.into_iter().filter(|(_, pattern)| patterns.contains(pattern)).map(|(place, _)| place));
        for place in copies {
            pairing.set(side, place, Opposite::Copy);
        }
    }
}

/// Marks packets that stand opposite nothing and are another sighting of one that does not either: what is missing at the other point is
/// missing once. The one is kept whose conversation the other point has, else the first.
pub(super) fn mark_missing(points: [&Point; 2], pairing: &mut Pairing) {
    for (side, point) in points.into_iter().enumerate() {
        let by_key = free_by_key(point, pairing, side);
        let several = by_key.places.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1);
        let mut several: Vec<Vec<u32>> = several.map(|alike| alike.iter().map(|(_, place)| *place).collect()).collect();
        several.sort_unstable();
        let mut patterns = None;
        for places in several {
            let mut kept: Vec<u32> = Vec::new();
            for place in places {
                let Some(one) = point.sightings.get(place as usize) else { continue };
                let is_same = |other: &&mut u32| {
                    let Some(other) = point.sightings.get(**other as usize) else { return false };
                    let is_alike = are_alike(one, other) && are_exact(one, other) && one.is_version_6() == other.is_version_6();
                    let is_near = is_elsewhere(one, other) && apart(one, other) < MOMENT;
                    let found = [pattern(one, other), pattern(other, one)];
                    let mut is_usual = || {
                        let patterns = patterns.get_or_insert_with(|| patterns_of(point, pairing, side));
                        found.iter().any(|pattern| patterns.contains(pattern))
                    };
                    is_alike && is_near && (is_counted(one) || is_usual())
                };
                let Some(first) = kept.iter_mut().rev().take(NEAR).find(is_same) else {
                    kept.push(place);
                    continue;
                };
                let is_known =
                    |place: u32| point.sightings.get(place as usize).is_some_and(|one| pairing.conversation_of(side, one).is_some());
                let copy = if is_known(place) && !is_known(*first) { std::mem::replace(first, place) } else { place };
                pairing.set(side, copy, Opposite::Copy);
            }
        }
    }
}

/// From which links to which other sightings of packets were captured that stand opposite something.
fn patterns_of(point: &Point, pairing: &Pairing, side: usize) -> HashSet<Pattern, RandomState> {
    let copies = (0..).zip(&point.sightings).filter(|(place, _)| pairing.opposite(side, *place) == Opposite::Copy);
    let copies = ByKey::of(copies);
    let mut patterns: HashSet<Pattern, RandomState> = HashSet::default();
    for (place, sighting) in (0..).zip(&point.sightings).filter(|(place, _)| matches!(pairing.opposite(side, *place), Opposite::One(_))) {
        for other in near(&copies, sighting, place).filter_map(|other| point.sightings.get(other as usize)) {
            if are_alike(other, sighting) && are_exact(other, sighting) && is_elsewhere(other, sighting) && apart(other, sighting) < MOMENT
            {
                let found = pattern(other, sighting);
                patterns.extend(std::iter::once(found).chain(turned(point, found)));
            }
        }
    }
    patterns
}

impl Pairing {
    /// Where a packet is another one once more that stands opposite something: the place of that one, and of what stands opposite. The nearest,
    /// where there are several.
    #[must_use]
    pub(in crate::diff) fn copy_of(&self, side: usize, point: &Point, place: u32) -> Option<[u32; 2]> {
        let own = point.sightings.get(place as usize).filter(|_| matches!(self.opposite(side, place), Opposite::Copy | Opposite::Twin))?;
        let beyond = |other: u32| match self.opposite(side, other) {
            Opposite::One(index) => self.pairs.get(index as usize).map(|pair| if side == 0 { pair.right } else { pair.left }),
            Opposite::Recut(index) => self.recut.get(index as usize)?.places.get(1 - side)?.first().copied(),
            Opposite::Nothing | Opposite::Copy | Opposite::Twin => None,
        };
        let alike = (0..).zip(&point.sightings).filter(|(_, one)| are_alike(own, one) && are_exact(own, one));
        alike.filter_map(|(other, _)| Some([other, beyond(other)?])).min_by_key(|[other, _]| other.abs_diff(place))
    }
}

/// Marks what is repeated in its file and stands opposite nothing: it counts once.
pub(super) fn mark_repeated(points: [&Point; 2], pairing: &mut Pairing) {
    for (side, point) in points.into_iter().enumerate() {
        for (place, _) in (0..).zip(&point.sightings).filter(|(_, one)| one.is_repeated) {
            if matches!(pairing.opposite(side, place), Opposite::Nothing | Opposite::Twin) {
                pairing.set(side, place, Opposite::Copy);
            }
        }
    }
}

/// Marks packets that stand opposite nothing and came at the same place as one that does.
pub(super) fn mark_twins(points: [&Point; 2], pairing: &mut Pairing) {
    for (side, point) in points.into_iter().enumerate() {
        let by_key = free_by_key(point, pairing, side);
        let mut twins = Vec::new();
        for (place, sighting) in (0..).zip(&point.sightings).filter(|_| !by_key.places.is_empty()) {
            if !matches!(pairing.opposite(side, place), Opposite::One(_)) {
                continue;
            }
            let is_twin = |one: &Sighting| {
                let near = if is_counted(one) { 20 * MOMENT } else { TWINS };
                are_alike(one, sighting) && are_exact(one, sighting) && !is_elsewhere(one, sighting) && apart(one, sighting) < near
            };
            twins.extend(near(&by_key, sighting, place).filter(|other| point.sightings.get(*other as usize).is_some_and(is_twin)));
        }
        for place in twins {
            pairing.set(side, place, Opposite::Twin);
        }
    }
}

/// The places of packets by their keys, in order: a list for each key would take five times as much where there are as many keys as packets.
struct ByKey {
    places: Vec<(u64, u32)>,
    /// Where the keys begin that have the same first bits, and last where all end: keys are hashes, and so each is looked for among few.
    starts: Vec<u32>,
    /// How far a key is moved for its first bits.
    shift: u32,
}

impl ByKey {
    fn of<'a>(sightings: impl Iterator<Item = (u32, &'a Sighting)>) -> Self {
        let mut places: Vec<(u64, u32)> = sightings.map(|(place, sighting)| (key_of(sighting), place)).collect();
        places.sort_unstable();
        let bits = (places.len() / 4).max(1).ilog2().clamp(1, 24);
        let shift = u64::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for (key, _) in &places {
            starts[(key >> shift) as usize + 1] += 1;
        }
        let mut before = 0;
        for start in &mut starts {
            before += *start;
            *start = before;
        }
        Self { places, starts, shift }
    }

    /// How many stand before this key and place.
    fn before(&self, key: u64, place: u32) -> usize {
        let bits = (key >> self.shift) as usize;
        let [first, last] = [self.starts[bits], self.starts[bits + 1]].map(|start| start as usize);
        let among = self.places.get(first..last).unwrap_or_default();
        first + among.partition_point(|other| *other < (key, place))
    }
}

fn free_by_key(point: &Point, pairing: &Pairing, side: usize) -> ByKey {
    ByKey::of((0..).zip(&point.sightings).filter(|(place, one)| pairing.is_free(side, *place) && !one.is_incomplete()))
}

/// Those of the same key that came a moment before or behind one.
fn near<'a>(by_key: &'a ByKey, sighting: &Sighting, place: u32) -> impl Iterator<Item = u32> + use<'a> {
    let key = key_of(sighting);
    let at = by_key.before(key, place);
    let (before, behind) = by_key.places.split_at(at);
    let is_alike = |(other, _): &&(u64, u32)| *other == key;
    let first = at - before.iter().rev().take(NEAR).take_while(is_alike).count();
    let last = at + behind.iter().take(NEAR).take_while(is_alike).count();
    by_key.places.get(first..last).unwrap_or_default().iter().map(|(_, place)| *place)
}

fn is_elsewhere(one: &Sighting, other: &Sighting) -> bool {
    one.hop_limit != other.hop_limit || one.link != other.link
}

fn apart(one: &Sighting, other: &Sighting) -> u64 {
    one.timestamp().zip(other.timestamp()).map_or(u64::MAX, |(one, other)| one.since(other).unsigned_abs())
}

/// The same of packets that go the other way: what is the first place of these is the second of those.
fn turned(point: &Point, (free, other, routers): Pattern) -> Option<Pattern> {
    let turn = |link: u32| {
        let LinkEnds { source, destination, vlan } = *point.links.get(link as usize)?;
        let turned = LinkEnds { source: destination, destination: source, vlan };
        u32::try_from(point.links.iter().position(|link| *link == turned)?).ok()
    };
    Some((turn(free)?, turn(other)?, -routers))
}

fn pattern(free: &Sighting, other: &Sighting) -> Pattern {
    (free.link, other.link, i16::from(free.hop_limit) - i16::from(other.hop_limit))
}
