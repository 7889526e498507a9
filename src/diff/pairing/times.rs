//! Packets that are alike, told apart by when they came.

use super::{Pair, Pairing};
use crate::diff::point::{Point, Sighting};

/// Packets that are alike, at both points, in the order of their times.
pub(super) type Alike = [Vec<u32>; 2];
/// A pair of conversations and a direction in it; `true` for what the left responder sends.
pub(super) type Direction = (Option<u32>, bool);

/// How many packets that are alike are looked at for the one whose time fits best.
const SEARCHED: usize = 64;
/// How far packets that are the same may come from when they are expected, at least: 20 ms.
const LEAST_TOLERANCE: i64 = 20_000_000;
/// How far one may come that is left over when all others are paired: half a second, less than most repeat anything.
const LEFT_OVER_TOLERANCE: i64 = 500_000_000;

fn time(points: [&Point; 2], side: usize, place: u32) -> i64 {
    let sighting = points.get(side).and_then(|point| point.sightings.get(place as usize));
    sighting.and_then(Sighting::timestamp).map_or(0, |time| time.nanoseconds())
}

/// The pair of conversations and the direction in it that a packet belongs to.
pub(super) fn direction(pairing: &Pairing, side: usize, sighting: &Sighting) -> Direction {
    match pairing.direction(side, sighting) {
        Some((pair, is_reverse)) => (Some(pair), is_reverse),
        None => (None, sighting.from().index() == 1),
    }
}

/// How much later packets come at the right point: usually, and how far from that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Later {
    usual: i64,
    tolerance: i64,
}

impl Later {
    /// How much later they usually come.
    pub(super) fn usual(self) -> i64 {
        self.usual
    }
}

/// How much later packets usually come at the right point, by pair of conversations and direction.
pub(super) struct Usual {
    /// How much later each packet came, those of one direction together in order.
    samples: Vec<(Direction, i64)>,
    all: Option<Later>,
}

impl Usual {
    /// What the packets tell that stand opposite each other already.
    pub(super) fn of(points: [&Point; 2], pairing: &Pairing) -> Self {
        let later = |[left, right]: [&Sighting; 2]| {
            let later = right.timestamp()?.since(left.timestamp()?);
            Some((direction(pairing, 0, left), later))
        };
        let mut samples: Vec<(Direction, i64)> = pairing.sightings(points[0], points[1]).filter_map(later).collect();
        let mut all: Vec<i64> = samples.iter().map(|(_, later)| *later).collect();
        all.sort_unstable();
        samples.sort_unstable();
        Self { samples, all: summed_up(&all) }
    }

    pub(super) fn later(&self, direction: Direction) -> Option<Later> {
        let begin = self.samples.partition_point(|(other, _)| *other < direction);
        let of_this = self.samples.get(begin..).unwrap_or_default();
        let of_this = of_this.get(..of_this.partition_point(|(other, _)| *other == direction)).unwrap_or_default();
        summed_up_by(of_this.len(), |at| of_this.get(at).map(|(_, later)| *later)).or(self.all)
    }
}

/// The middle of what is in order, which is the same from both sides, and twice the width.
fn summed_up(list: &[i64]) -> Option<Later> {
    summed_up_by(list.len(), |at| list.get(at).copied())
}

fn summed_up_by(length: usize, at: impl Fn(usize) -> Option<i64>) -> Option<Later> {
    let (least, most) = (at(0)?, at(length.checked_sub(1)?)?);
    let usual = (at((length - 1) / 2)? / 2).saturating_add(at(length / 2)? / 2);
    Some(Later { usual, tolerance: most.saturating_sub(least).saturating_mul(2).max(LEAST_TOLERANCE) })
}

/// Puts packets opposite each other that are alike, in order and where their times fit. Without any evidence of how much later packets
/// come the lists are laid beside each other so that this varies least.
pub(super) fn align(points: [&Point; 2], pairing: &mut Pairing, lists: &Alike, later: Option<Later>) {
    // What is repeated in its file counts only where the other file has as many.
    let fresh = [0, 1].map(|side| {
        let is_fresh = |place: &u32| points[side].sightings.get(*place as usize).is_some_and(|one| !one.is_repeated);
        lists[side].iter().copied().filter(is_fresh).collect::<Vec<u32>>()
    });
    let lists = if fresh[0].len() == fresh[1].len() { &fresh } else { lists };
    let [left, right] = lists.each_ref().map(Vec::as_slice);
    if left.is_empty() || right.is_empty() {
        return;
    }
    let Some(later) = later.or_else(|| laid_beside(points, left, right)) else { return };
    let mut rest = Alike::default();
    clusters(points, pairing, [left, right], later, &mut rest);
    if rest.iter().all(|list| !list.is_empty()) {
        let wider = Later { tolerance: later.tolerance.max(LEFT_OVER_TOLERANCE), ..later };
        let [left, right] = rest.each_ref().map(Vec::as_slice);
        clusters(points, pairing, [left, right], wider, &mut Alike::default());
    }
}

/// How much later the right list's packets come where that varies least.
fn laid_beside(points: [&Point; 2], left: &[u32], right: &[u32]) -> Option<Later> {
    let longer = left.len().max(right.len()) - left.len().min(right.len());
    let beside = |by: usize| {
        let (skip_left, skip_right) = if left.len() > right.len() { (by, 0) } else { (0, by) };
        let differences = left.iter().skip(skip_left).zip(right.iter().skip(skip_right));
        let mut differences: Vec<i64> =
            differences.map(|(left, right)| time(points, 1, *right).saturating_sub(time(points, 0, *left))).collect();
        differences.sort_unstable();
        summed_up(&differences)
    };
    (0..=longer.min(SEARCHED)).filter_map(beside).min_by_key(|later| (later.tolerance, later.usual.abs()))
}

/// Pairs what came together: stretches of both lists without a pause that is longer than packets may be late.
fn clusters(points: [&Point; 2], pairing: &mut Pairing, lists: [&[u32]; 2], later: Later, rest: &mut Alike) {
    // Half of the difference on either side, so that it is the same from both.
    let shifted = |side: usize, place: u32| time(points, side, place).saturating_add(if side == 0 { later.usual } else { 0 });
    let mut next = [0_usize, 0];
    loop {
        let begin = next;
        let mut latest: Option<i64> = None;
        loop {
            let upcoming = [0, 1].map(|side| lists[side].get(next[side]).map(|place| shifted(side, *place)));
            let (side, time) = match upcoming {
                [Some(left), Some(right)] => (usize::from(right < left), left.min(right)),
                [Some(left), None] => (0, left),
                [None, Some(right)] => (1, right),
                [None, None] => break,
            };
            if latest.is_some_and(|latest| time.saturating_sub(latest) > later.tolerance) {
                break;
            }
            latest = Some(latest.map_or(time, |latest| latest.max(time)));
            next[side] += 1;
        }
        if begin == next {
            return;
        }
        let parts = [0, 1].map(|side| lists[side].get(begin[side]..next[side]).unwrap_or_default());
        nearest(points, pairing, parts, later, rest);
    }
}

/// Puts the shorter list's packets opposite those of the longer one whose times fit best, in order.
fn nearest(points: [&Point; 2], pairing: &mut Pairing, lists: [&[u32]; 2], later: Later, rest: &mut Alike) {
    let longer = usize::from(lists[1].len() > lists[0].len());
    let shorter = 1 - longer;
    // How much later packets come at the point with the longer list.
    let usual = if longer == 1 { later.usual } else { later.usual.saturating_neg() };
    let mut next = 0;
    for (done, place) in lists[shorter].iter().enumerate() {
        let expected = time(points, shorter, *place).saturating_add(usual);
        let left_over = lists[shorter].len() - done - 1;
        let last = (lists[longer].len() - left_over).saturating_sub(1).max(next);
        let off = |at: usize| lists[longer].get(at).map_or(u64::MAX, |place| time(points, longer, *place).abs_diff(expected));
        // In order of time: what is expected lies near where it would stand.
        let range = lists[longer].get(next..=last).unwrap_or_default();
        let near = next + range.partition_point(|other| time(points, longer, *other) < expected);
        let best = (near.saturating_sub(1).max(next)..=near.min(last)).min_by_key(|at| off(*at)).unwrap_or(next);
        rest[longer].extend(lists[longer].get(next..best).unwrap_or_default());
        let Some(opposite) = lists[longer].get(best) else {
            rest[shorter].push(*place);
            continue;
        };
        next = best + 1;
        pairing.put(if longer == 1 { Pair { left: *place, right: *opposite } } else { Pair { left: *opposite, right: *place } });
    }
    rest[longer].extend(lists[longer].get(next..).unwrap_or_default());
}
