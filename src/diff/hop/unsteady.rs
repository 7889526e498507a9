//! Clocks whose difference changed while both captures ran: one runs faster by much, or was set.
//!
//! The fastest packet that goes right bounds the difference from above, the fastest that goes left from below. Where the bounds cross, no
//! one difference fits all packets: a line may, or two differences, one before a moment and one behind it.

use super::clock::{Basis, ClockOffset, ClockStep, SECOND, middle};
use crate::diff::Toward;
use crate::diff::point::Point;
use crate::frame::Timestamp;

/// In how many stretches of time the fastest packets are looked for.
const STRETCHES: usize = 64;
/// How much faster than the other a clock may run, in nanoseconds each second: they are wrong by some millionths.
const MOST_GAINS: i64 = 1_000_000;
/// The same of clocks that nothing else explains: of a virtual machine that was starved, of times that a program made.
const MOST_GAINS_OF_ALL: i64 = 100_000_000;
/// How often a line is laid: what is fastest depends on the line.
const ROUNDS: usize = 4;
/// How many packets each way there are at least where some may be wrong.
const MANY: usize = 40;
/// Of how many packets one may be wrong.
const WRONG: usize = 200;

/// A packet that both points saw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// When it came to the left point, in nanoseconds since the first.
    pub(super) time: i64,
    pub(super) toward: Toward,
    /// How much later it came to the right point by its clock.
    pub(super) later: i64,
}

/// The fastest packets: the least `later` of those that went right, and the most of those that went left.
#[derive(Clone, Copy, Debug, Default)]
struct Fastest {
    right: Option<i64>,
    left: Option<i64>,
}

impl Fastest {
    fn take(&mut self, toward: Toward, later: i64) {
        match toward {
            Toward::Right => self.right = Some(self.right.map_or(later, |least| least.min(later))),
            Toward::Left => self.left = Some(self.left.map_or(later, |most| most.max(later))),
            Toward::Unknown => {}
        }
    }

    /// By how much the bounds cross; less than 0 where they do not.
    fn crossing(&self) -> Option<i64> {
        self.right.zip(self.left).map(|(right, left)| left.saturating_sub(right))
    }

    fn fits(&self, tolerance: i64) -> bool {
        self.crossing().is_none_or(|crossing| crossing <= tolerance)
    }

    fn middle(&self) -> Option<(i64, i64)> {
        self.right.zip(self.left).map(|(right, left)| middle([right, left]))
    }
}

/// How finely a point's clock counts, in nanoseconds: what all its times are multiples of, behind the first.
pub(super) fn tick(point: &Point) -> i64 {
    let mut times = point.sightings.iter().filter_map(|one| one.timestamp());
    let Some(first) = times.next() else { return 0 };
    let mut tick = 0_u64;
    for time in times {
        let mut other = time.since(first).unsigned_abs();
        while other != 0 {
            (tick, other) = (other, tick % other);
        }
        if tick == 1 {
            break;
        }
    }
    i64::try_from(tick).unwrap_or(SECOND).min(SECOND)
}

/// What the clocks differ by where no one difference fits. `tolerance` is how far off times are that both clocks show.
pub(super) fn estimate(mut samples: Vec<Sample>, begin: Timestamp, tolerance: i64) -> Option<ClockOffset> {
    samples.retain(|sample| sample.toward != Toward::Unknown);
    samples.sort_by_key(|sample| sample.time);
    let of = |(nanoseconds, uncertainty): (i64, i64), gains: i64, step: Option<ClockStep>| {
        let uncertainty = uncertainty.max(tolerance);
        ClockOffset { nanoseconds, uncertainty, basis: Basis::BothWays, gains, since: begin, step }
    };
    if let Some((gains, bounds)) = drifting(&samples, tolerance, MOST_GAINS) {
        return Some(of(bounds.middle()?, gains, None));
    }
    if let Some(bounds) = without_wrong(&samples).filter(|bounds| bounds.fits(tolerance)) {
        return Some(of(bounds.middle()?, 0, None));
    }
    if let Some((at, before, behind, unsure)) = set_once(&samples, tolerance) {
        let step =
            ClockStep { at: Timestamp::from_nanoseconds(begin.nanoseconds().saturating_add(at)), more: behind.saturating_sub(before) };
        return Some(of((before, unsure), 0, Some(step)));
    }
    if samples.len() >= MANY
        && let Some((gains, bounds)) = drifting(&samples, tolerance, MOST_GAINS_OF_ALL)
    {
        return Some(of(bounds.middle()?, gains, None));
    }
    let mut all = Fastest::default();
    samples.iter().for_each(|sample| all.take(sample.toward, sample.later));
    let (nanoseconds, uncertainty) = all.middle()?;
    Some(ClockOffset { nanoseconds, uncertainty, basis: Basis::Unsteady, gains: 0, since: begin, step: None })
}

/// The bounds without the few that are fastest of all, for those may stand opposite others than themselves.
fn without_wrong(samples: &[Sample]) -> Option<Fastest> {
    let [mut right, mut left] = [Toward::Right, Toward::Left]
        .map(|toward| samples.iter().filter(|sample| sample.toward == toward).map(|sample| sample.later).collect::<Vec<i64>>());
    if right.len().min(left.len()) < MANY {
        return None;
    }
    right.sort_unstable();
    left.sort_unstable_by_key(|later| std::cmp::Reverse(*later));
    let bound = |list: &[i64]| list.get(1 + list.len() / WRONG).copied();
    Some(Fastest { right: bound(&right), left: bound(&left) })
}

/// What a sample shows when a clock that gains is put right.
fn put_right(sample: &Sample, gains: i64) -> i64 {
    let gained = i128::from(gains) * i128::from(sample.time) / i128::from(SECOND);
    sample.later.saturating_sub(i64::try_from(gained).unwrap_or_default())
}

fn bounds(samples: &[Sample], gains: i64) -> Fastest {
    let mut bounds = Fastest::default();
    samples.iter().for_each(|sample| bounds.take(sample.toward, put_right(sample, gains)));
    bounds
}

/// A clock that runs faster or slower: how much it gains, and the bounds when that is taken off.
fn drifting(samples: &[Sample], tolerance: i64, most: i64) -> Option<(i64, Fastest)> {
    let mut gains = 0;
    for _ in 0..ROUNDS {
        gains = steepness(&fastest(samples, gains), most);
    }
    let bounds = bounds(samples, gains);
    (gains.abs() < most && bounds.fits(tolerance)).then_some((gains, bounds))
}

/// The fastest packets of each stretch of time.
fn fastest(samples: &[Sample], gains: i64) -> Vec<Sample> {
    let length = samples.last().map_or(1, |last| last.time.max(1));
    let mut found: Vec<[Option<Sample>; 2]> = vec![[None; 2]; STRETCHES];
    for sample in samples {
        let at = (i128::from(sample.time) * (STRETCHES as i128 - 1) / i128::from(length)) as usize;
        let goes_left = sample.toward == Toward::Left;
        let Some(slot) = found.get_mut(at).map(|both| &mut both[usize::from(goes_left)]) else { continue };
        let is_faster = slot.as_ref().is_none_or(|other| {
            let more = put_right(sample, gains).cmp(&put_right(other, gains));
            if goes_left { more.is_gt() } else { more.is_lt() }
        });
        if is_faster {
            *slot = Some(*sample);
        }
    }
    found.into_iter().flatten().flatten().collect()
}

/// How much a clock gains for the bounds to be as far apart as they can be. How far they cross is a convex function of that.
fn steepness(samples: &[Sample], most: i64) -> i64 {
    let crossing = |gains: i64| bounds(samples, gains).crossing().unwrap_or_default();
    let (mut low, mut high) = (-most, most);
    while low < high {
        let half = low + (high - low).div_euclid(2);
        if crossing(half) <= crossing(half + 1) {
            high = half;
        } else {
            low = half + 1;
        }
    }
    low
}

/// A clock that was set once: when, what the difference was before and behind, and how unsure those are.
fn set_once(samples: &[Sample], tolerance: i64) -> Option<(i64, i64, i64, i64)> {
    let fitting = |samples: &mut dyn Iterator<Item = &Sample>| {
        let mut bounds = Fastest::default();
        let count = samples
            .take_while(|sample| {
                let mut with = bounds;
                with.take(sample.toward, sample.later);
                let fits = with.fits(tolerance);
                bounds = if fits { with } else { bounds };
                fits
            })
            .count();
        (count, bounds)
    };
    let (first_misfit, before) = fitting(&mut samples.iter());
    let (behind_count, behind) = fitting(&mut samples.iter().rev());
    let earliest = samples.len().checked_sub(behind_count)?;
    if earliest > first_misfit {
        return None;
    }
    // A part of which packets go one way only is as wide as the other.
    let widths = [before, behind].map(|bounds| bounds.middle());
    let half = widths.iter().flatten().map(|(_, half)| *half).max().unwrap_or_default();
    let nearest = |bounds: Fastest, middle: Option<(i64, i64)>| match (middle, bounds.right, bounds.left) {
        (Some((middle, _)), ..) => Some(middle),
        (None, Some(right), _) => Some(right.saturating_sub(half)),
        (None, None, Some(left)) => Some(left.saturating_add(half)),
        (None, None, None) => None,
    };
    let (from, to) = (nearest(before, widths[0])?, nearest(behind, widths[1])?);
    let between = samples.get(earliest..=first_misfit.min(samples.len() - 1))?;
    let step = between.iter().find(|sample| sample.later.abs_diff(to) < sample.later.abs_diff(from)).or(between.last())?;
    Some((step.time, from, to, half))
}
