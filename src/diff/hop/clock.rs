//! What one clock shows more than another, from packets that both saw.
//!
//! A packet that goes right comes there later by its way and by what the right clock shows more; one that goes left, earlier by its way
//! and later by the same. The fastest of each way bound the difference from both sides: it lies between them, in the middle if the fastest
//! took as long one way as the other (RFC 5905 section 8 rests on the same).

use super::{Travel, unsteady};
use crate::diff::Toward;
use crate::diff::pairing::Pairing;
use crate::diff::point::Point;
use crate::frame::Timestamp;

/// What an estimate of clocks rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// On packets of both ways: the difference is bounded from both sides.
    BothWays,
    /// On packets of one way: how long the fastest took is in it.
    OneWay,
    /// On packets of which nothing tells which way they went.
    Unknown,
    /// On packets of both ways that contradict each other: a clock was set again and again. What the difference is nothing tells.
    Unsteady,
}

/// A clock that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStep {
    /// When, by the left clock: the first packet that shows it.
    pub at: Timestamp,
    /// Nanoseconds that the right clock shows more from then on than before.
    pub more: i64,
}

/// What the right clock shows more than the left one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOffset {
    /// Nanoseconds that the right clock shows more, at the moment `since`.
    pub nanoseconds: i64,
    /// How far off that may be either way, in nanoseconds; of [`Basis::OneWay`] and [`Basis::Unknown`] nothing is known, and this is 0.
    pub uncertainty: i64,
    /// What it rests on.
    pub basis: Basis,
    /// Nanoseconds that the right clock gains in a second; 0 where none are seen.
    pub gains: i64,
    /// The moment that `nanoseconds` is true of, by the left clock.
    pub since: Timestamp,
    /// Where one of the clocks was set.
    pub step: Option<ClockStep>,
}

/// In how many stretches of time clocks are looked at, to see whether one is faster.
const STRETCHES: usize = 16;
/// How far both bounds must have gone for clocks to be the cause, in nanoseconds.
const SHIFTED: i64 = 200_000;
/// A second.
pub(super) const SECOND: i64 = 1_000_000_000;

/// The fastest packets of a stretch of time: how much later they came at the right point.
#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    /// The least of those that went right.
    right: Option<i64>,
    /// The most of those that went left.
    left: Option<i64>,
    /// Any of those of which nothing is known: the one nearest to 0.
    any: Option<i64>,
}

impl Bounds {
    fn take(&mut self, toward: Toward, later: i64) {
        match toward {
            Toward::Right => self.right = Some(self.right.map_or(later, |least| least.min(later))),
            Toward::Left => self.left = Some(self.left.map_or(later, |most| most.max(later))),
            Toward::Unknown => {
                self.any = Some(self.any.map_or(later, |any| if later.unsigned_abs() < any.unsigned_abs() { later } else { any }))
            }
        }
    }

    /// The middle, and half of the width.
    fn middle(&self) -> Option<(i64, i64)> {
        self.right.zip(self.left).map(|(right, left)| middle([right, left]))
    }
}

/// The middle between two bounds, and half of what lies between them.
pub(super) fn middle([right, left]: [i64; 2]) -> (i64, i64) {
    let half = right.saturating_sub(left) / 2;
    (left.saturating_add(half), half.abs())
}

impl ClockOffset {
    /// Estimates it from the packets that stand opposite each other.
    pub(super) fn estimate(left: &Point, right: &Point, pairing: &Pairing, travel: &Travel) -> Option<Self> {
        // Clocks are compared by what arrived as it was sent: bytes that waited to be put together are late.
        let packets = pairing.sightings(left, right).filter(|[one, other]| one.pieces == other.pieces);
        let packets = packets.filter_map(|[one, other]| Some((one.timestamp()?, other.timestamp()?, [one, other])));
        let times = packets.clone().map(|(from, ..)| from);
        let [begin, end] = [times.clone().min()?, times.max()?];
        let samples = packets.map(|(from, to, packet)| (from, travel.of_both(pairing, [left, right], packet), to.since(from)));
        let samples_again = samples.clone();
        let length = end.since(begin).max(1);
        let mut stretches = [Bounds::default(); STRETCHES];
        let mut all = Bounds::default();
        for (time, toward, later) in samples {
            let at = (i128::from(time.since(begin)) * (STRETCHES as i128 - 1) / i128::from(length)) as usize;
            if let Some(stretch) = stretches.get_mut(at) {
                stretch.take(toward, later);
            }
            all.take(toward, later);
        }
        let Some((nanoseconds, uncertainty)) = all.middle() else {
            let (nanoseconds, basis) = match (all.right.or(all.left), all.any) {
                (Some(one_way), _) => (one_way, Basis::OneWay),
                (None, any) => (any?, Basis::Unknown),
            };
            return Some(Self { nanoseconds, uncertainty: 0, basis, gains: 0, since: begin, step: None });
        };
        // What goes right and what comes back bound one difference; where the bounds cross there is more than one.
        let crossing = all.right.zip(all.left).map_or(0, |(right, left)| left.saturating_sub(right));
        let tolerance = if crossing > 0 { unsteady::tick(left).saturating_add(unsteady::tick(right)) } else { 0 };
        if crossing > tolerance {
            let samples = samples_again.map(|(time, toward, later)| unsteady::Sample { time: time.since(begin), toward, later });
            return unsteady::estimate(samples.collect(), begin, tolerance);
        }
        let uncertainty = if crossing > 0 { uncertainty.max(tolerance) } else { uncertainty };
        let steady = Self { nanoseconds, uncertainty, basis: Basis::BothWays, gains: 0, since: begin, step: None };
        let bounded: Vec<(usize, [i64; 2])> =
            (0..).zip(&stretches).filter_map(|(at, stretch)| Some((at, [stretch.right?, stretch.left?]))).collect();
        Some(drifting(&bounded, begin, length).unwrap_or(steady))
    }

    /// What the right clock shows more at a moment of the left one, in nanoseconds.
    #[must_use]
    pub fn at(&self, time: Timestamp) -> i64 {
        let gained = i128::from(self.gains) * i128::from(time.since(self.since)) / i128::from(SECOND);
        let set = self.step.filter(|step| time >= step.at).map_or(0, |step| step.more);
        self.nanoseconds.saturating_add(i64::try_from(gained).unwrap_or_default()).saturating_add(set)
    }
}

/// A clock that runs faster than the other: where the difference at the end is another than at the beginning, by far more than either is
/// unsure; or where both bounds went the same way. What takes longer moves them apart, and what goes faster together: only clocks shift them.
fn drifting(bounded: &[(usize, [i64; 2])], begin: Timestamp, length: i64) -> Option<ClockOffset> {
    let (&(first, before), &(last, behind)) = (bounded.first()?, bounded.last()?);
    let stretches = i64::try_from(last.checked_sub(first)?).ok().filter(|count| *count > 0)?;
    let apart = length / (STRETCHES as i64 - 1) * stretches;
    let ((from, unsure_from), (to, unsure_to)) = (middle(before), middle(behind));
    let changed = to.saturating_sub(from);
    let unsure = unsure_from.saturating_add(unsure_to);
    let is_beyond_doubt = changed.abs() >= unsure.saturating_mul(4).saturating_add(50_000);
    let [right, left] = [0, 1].map(|bound| behind[bound].saturating_sub(before[bound]));
    let is_common = changed.abs() >= SHIFTED && right.saturating_sub(left).abs() <= changed.abs() / 4;
    if apart < 5 * SECOND || !is_beyond_doubt && !is_common {
        return None;
    }
    let gains = i64::try_from(i128::from(changed) * i128::from(SECOND) / i128::from(apart)).ok()?;
    // Clocks are wrong by some millionths; what changes faster was set.
    (gains.abs() < 1_000_000).then_some(())?;
    let middle_of_first = length / (STRETCHES as i64 - 1) * i64::try_from(first).ok()? + length / (2 * (STRETCHES as i64 - 1));
    let gained = i64::try_from(i128::from(gains) * i128::from(middle_of_first) / i128::from(SECOND)).ok()?;
    Some(ClockOffset {
        nanoseconds: from.saturating_sub(gained),
        uncertainty: unsure_from.max(unsure_to),
        basis: Basis::BothWays,
        gains,
        since: begin,
        step: None,
    })
}
