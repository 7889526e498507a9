//! How long the way between two points takes.

use super::{Basis, ClockOffset, Travel};
use crate::diff::Toward;
use crate::diff::pairing::Pairing;
use crate::diff::point::Point;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// How long packets took one way, in nanoseconds. What the clocks are unsure by is in all of these but the jitter; nothing takes less than
/// no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delays {
    /// How many packets.
    pub packets: u64,
    /// The fastest.
    pub least: i64,
    /// Half of them took less.
    pub median: i64,
    /// 95 of 100 took less.
    pub most_of_them: i64,
    /// The slowest.
    pub most: i64,
    /// How much the delay changes from a packet to the next, in the mean (RFC 3550 section 6.4.1, without its smoothing).
    pub jitter: i64,
    /// Packets that arrived behind one of their conversation that was sent after them (RFC 4737 section 3.3).
    pub reordered: u64,
    /// The first of those: its frames left and right.
    pub reordered_frames: Option<[u64; 2]>,
    /// The frames of the slowest, left and right.
    pub slowest: [u64; 2],
}

/// One packet's way: when it was sent and where that was in the order, when it arrived and where that was.
struct Trip {
    sent: u32,
    arrived: u32,
    took: i64,
    frames: [u64; 2],
    flow: (u32, bool),
}

/// How long the way took: to the left, and to the right; and how much later than the earliest at the right those came of which nothing tells
/// which way they went.
pub(super) fn delays(left: &Point, right: &Point, pairing: &Pairing, travel: &Travel, clock: Option<&ClockOffset>) -> [Option<Delays>; 3] {
    let Some(clock) = clock.filter(|clock| clock.basis != Basis::Unsteady) else { return [None; 3] };
    let mut trips: [Vec<Trip>; 3] = Default::default();
    for (pair, [one, other]) in pairing.pairs.iter().zip(pairing.sightings(left, right)) {
        let Some((from, to)) = one.timestamp().zip(other.timestamp()) else { continue };
        let later = to.since(from).saturating_sub(clock.at(from));
        let flow = (one.conversation, one.from().index() == 1);
        let frames = [one.frame, other.frame];
        match travel.of_both(pairing, [left, right], [one, other]) {
            Toward::Right => trips[1].push(Trip { sent: pair.left, arrived: pair.right, took: later, frames, flow }),
            Toward::Left => trips[0].push(Trip { sent: pair.right, arrived: pair.left, took: later.saturating_neg(), frames, flow }),
            Toward::Unknown => trips[2].push(Trip { sent: pair.left, arrived: pair.right, took: later, frames, flow }),
        }
    }
    let earliest = trips[2].iter().map(|trip| trip.took).min().unwrap_or_default();
    trips[2].iter_mut().for_each(|trip| trip.took = trip.took.saturating_sub(earliest));
    trips.map(summed_up)
}

fn summed_up(mut trips: Vec<Trip>) -> Option<Delays> {
    trips.sort_unstable_by_key(|trip| trip.sent);
    let slowest = trips.iter().max_by_key(|trip| (trip.took, std::cmp::Reverse(trip.sent)))?;
    let (most, slowest) = (slowest.took, slowest.frames);
    let mut latest: HashMap<(u32, bool), u32, RandomState> = HashMap::default();
    let (mut reordered, mut reordered_frames) = (0, None);
    for trip in &trips {
        let last = latest.entry(trip.flow).or_insert(trip.arrived);
        if trip.arrived < *last {
            reordered += 1;
            reordered_frames = reordered_frames.or(Some(trip.frames));
        }
        *last = trip.arrived.max(*last);
    }
    let changes: i128 = trips.windows(2).map(|two| i128::from(two[1].took.abs_diff(two[0].took))).sum();
    let jitter = i64::try_from(changes / (trips.len() as i128 - 1).max(1)).unwrap_or(i64::MAX);
    let mut took: Vec<i64> = trips.iter().map(|trip| trip.took).collect();
    took.sort_unstable();
    let at = |share: usize| took.get((took.len() - 1) * share / 100).map(|took| (*took).max(0));
    Some(Delays {
        packets: took.len() as u64,
        least: at(0)?,
        median: at(50)?,
        most_of_them: at(95)?,
        most: most.max(0),
        jitter,
        reordered,
        reordered_frames,
        slowest,
    })
}
