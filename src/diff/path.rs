//! Several points along one way: a hop between each and the next.

use super::hop::{Fate, Hop};
use super::pairing::{Opposite, Recut};
use super::point::{Point, Sighting};

/// What became of a packet at one of the points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is there.
    Seen {
        /// Its places among the sightings; several where its bytes are cut into other segments.
        places: Vec<u32>,
        /// How many of its bytes that the point before has are not there.
        missing: u64,
        /// Why.
        fate: Option<Fate>,
    },
    /// It is not there.
    Missing {
        /// Why.
        fate: Option<Fate>,
        /// Where another copy of it is there: its frame at the point before, and here.
        copy: Option<[u64; 2]>,
    },
}

/// The hops between points that stand in order along one way.
#[derive(Debug)]
pub struct Path {
    /// One fewer than there are points.
    pub hops: Vec<Hop>,
}

impl Path {
    /// Compares each point with the next. Digests of all must come from one digester.
    #[must_use]
    pub fn along(points: &[Point]) -> Self {
        Self { hops: points.windows(2).filter_map(|two| Some(Hop::between(two.first()?, two.get(1)?))).collect() }
    }

    /// Follows a packet from one of the points in both directions: what became of it at each. `place` is its place among the sightings of
    /// the point `from`.
    #[must_use]
    pub fn follow(&self, points: &[Point], from: usize, place: u32) -> Vec<Step> {
        let mut steps = vec![Step::Missing { fate: None, copy: None }; points.len()];
        let mut places = vec![place];
        if let Some(step) = steps.get_mut(from) {
            *step = Step::Seen { places: places.clone(), missing: 0, fate: None };
        }
        for (at, hop) in self.hops.iter().enumerate().skip(from) {
            places = Self::step(hop, 0, &places, [points.get(at), points.get(at + 1)], steps.get_mut(at + 1));
        }
        places = vec![place];
        for (at, hop) in self.hops.iter().enumerate().take(from).rev() {
            places = Self::step(hop, 1, &places, [points.get(at + 1), points.get(at)], steps.get_mut(at));
        }
        steps
    }

    /// Goes over a hop, from its left point (0) or its right one (1).
    fn step(hop: &Hop, side: usize, places: &[u32], [own, other]: [Option<&Point>; 2], into: Option<&mut Step>) -> Vec<u32> {
        let mut beyond = Vec::new();
        let (mut missing, mut fate) = (0_u64, None);
        for place in places {
            let lacking = match hop.pairing.opposite(side, *place) {
                Opposite::One(index) => {
                    beyond.extend(hop.pairing.pairs.get(index as usize).map(|pair| if side == 0 { pair.right } else { pair.left }));
                    0
                }
                Opposite::Recut(index) => {
                    let recut = hop.pairing.recut.get(index as usize);
                    beyond.extend(recut.and_then(|recut| recut.places.get(1 - side)).into_iter().flatten());
                    let is_whole = |recut: &&Recut| recut.places.get(side).is_some_and(|places| places.len() == 1);
                    recut.filter(is_whole).map_or(0, |recut| recut.holes.iter().map(|[_, length]| u64::from(*length)).sum())
                }
                Opposite::Nothing => own.and_then(|point| point.sightings.get(*place as usize)).map_or(0, |one| one.length.into()),
                Opposite::Copy | Opposite::Twin => 0,
            };
            missing += lacking;
            fate = fate.or_else(|| hop.fate(side, *place).filter(|_| lacking > 0));
        }
        beyond.sort_unstable();
        beyond.dedup();
        if let Some(step) = into {
            let of_first = || {
                let place = places.first().copied();
                let copy = place.zip(own).and_then(|(place, own)| hop.pairing.copy_of(side, own, place));
                let frame = |point: Option<&Point>, place: u32| Some(point?.sightings.get(place as usize)?.frame);
                Step::Missing {
                    fate: place.and_then(|place| hop.fate(side, place)),
                    copy: copy.and_then(|[here, there]| Some([frame(own, here)?, frame(other, there)?])),
                }
            };
            *step = if beyond.is_empty() { of_first() } else { Step::Seen { places: beyond.clone(), missing, fate } };
        }
        beyond
    }
}

impl Point {
    /// The place of a frame among the sightings.
    #[must_use]
    pub fn place_of_frame(&self, frame: u64) -> Option<u32> {
        let found = self.sightings.iter().position(|one: &Sighting| one.frame == frame)?;
        u32::try_from(found).ok()
    }
}
