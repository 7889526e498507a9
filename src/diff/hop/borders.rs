//! When the other capture was not running.

use super::{ClockOffset, Travel};
use crate::diff::Toward;
use crate::diff::pairing::{Opposite, Pairing};
use crate::diff::point::{Point, Sighting};
use crate::frame::Timestamp;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// How much later one packet of a flow must have been sent than another to arrive behind it beyond doubt, in nanoseconds: a machine with many
/// queues writes down the packets of a moment in any order.
const OVERTAKEN: i64 = 200_000;

/// When a packet passed the other point that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Before the moment when that capture says that it began.
    BeforeItsStart,
    /// Perhaps before it saw anything, or before it began.
    BeforeItsFirst,
    /// After the moment when it says that it ended.
    AfterItsEnd,
    /// Perhaps when it saw nothing any more, or had ended.
    AfterItsLast,
}

/// A conversation, and whether its responder sent it.
type Flow = (u32, bool);

fn flow(sighting: &Sighting) -> Flow {
    (sighting.conversation, sighting.from().index() == 1)
}

/// Whether a sequence number comes before another (RFC 9293 section 3.4).
fn is_before(number: u32, other: u32) -> bool {
    number.wrapping_sub(other).cast_signed() < 0
}

/// From the least to the most.
type Range = [i64; 2];

fn join(range: Option<Range>, value: i64) -> Option<Range> {
    Some(range.map_or([value; 2], |[least, most]| [least.min(value), most.max(value)]))
}

/// What tells whether the other capture was running.
#[derive(Debug)]
pub(super) struct Borders<'a> {
    points: [&'a Point; 2],
    side: usize,
    clock: Option<&'a ClockOffset>,
    /// By how much packets come later at the other point than the clocks differ, in nanoseconds: those that go there, those that come from
    /// there, and those of which nothing tells that. Less than 0 where they passed it before.
    later: [Option<Range>; 3],
    /// When the first and the last packet of a flow came that are at both points, and the sequence number of the last: what was sent between
    /// them passed the other point between them.
    running: HashMap<Flow, (Range, u32), RandomState>,
}

/// Whether a packet goes away from a side (0) or comes to it (1); 2 where that is not known.
fn course(side: usize, toward: Toward) -> usize {
    match toward {
        Toward::Right => side,
        Toward::Left => 1 - side,
        Toward::Unknown => 2,
    }
}

impl<'a> Borders<'a> {
    /// What tells that of packets of a side that are not at the other point: those of these places.
    pub(super) fn of(
        points: [&'a Point; 2],
        side: usize,
        pairing: &Pairing,
        travel: &Travel,
        clock: Option<&'a ClockOffset>,
        missing: impl Iterator<Item = u32>,
    ) -> Self {
        let own = &points[side].sightings;
        let missing = missing.filter_map(|place| own.get(place as usize));
        let flows = missing.flat_map(|one| [(flow(one), None), ((one.conversation, false), None)]);
        let mut running: HashMap<Flow, Option<(Range, u32)>, RandomState> = flows.collect();
        for (place, sighting) in (0..).zip(own) {
            if let Some(slot) = running.get_mut(&flow(sighting))
                && matches!(pairing.opposite(side, place), Opposite::One(_) | Opposite::Recut(_))
                && let Some(time) = sighting.timestamp()
            {
                // What was sent again may stand opposite the first that was sent.
                let is_behind = slot.is_none_or(|(_, last)| !sighting.is_tcp() || !is_before(sighting.sequence, last));
                let time = time.nanoseconds();
                *slot = slot.map(|([from, to], last)| if is_behind { ([from, time], sighting.sequence) } else { ([from, to], last) });
                slot.get_or_insert(([time; 2], sighting.sequence));
            }
        }
        let running = running.into_iter().filter_map(|(flow, known)| Some((flow, known?))).collect();
        let mut borders = Self { points, side, clock, later: [None; 3], running };
        // What waited to be put together is late.
        let pairs = pairing.sightings(points[0], points[1]).filter(|[left, right]| left.pieces == right.pieces);
        pairs.for_each(|both| borders.see(pairing, travel, both));
        let [left, right] = points.map(|point| |place: Option<&u32>| point.sightings.get(*place? as usize));
        for recut in &pairing.recut {
            let [lefts, rights] = &recut.places;
            let ends = [[left(lefts.first()), right(rights.last())], [left(lefts.last()), right(rights.first())]];
            ends.into_iter().filter_map(|[left, right]| Some([left?, right?])).for_each(|both| borders.see(pairing, travel, both));
        }
        borders
    }

    /// Takes how long one packet took, or how long it was until the last of others had its bytes.
    fn see(&mut self, pairing: &Pairing, travel: &Travel, both: [&Sighting; 2]) {
        let Some((here, there)) = both[self.side].timestamp().zip(both[1 - self.side].timestamp()) else { return };
        let slot = &mut self.later[course(self.side, travel.of_both(pairing, self.points, both))];
        let expected = here.nanoseconds().saturating_add(offset(self.clock, self.side, here));
        *slot = join(*slot, there.nanoseconds().saturating_sub(expected));
    }

    /// Whether the other capture was perhaps not running when a packet passed that point.
    pub(super) fn is_outside(&self, sighting: &Sighting, toward: Toward) -> Option<Outside> {
        let other = self.points[1 - self.side];
        let [first, last] = other.times()?.map(Timestamp::nanoseconds);
        let time = sighting.timestamp()?;
        let [earliest, latest] = self.passed(time, toward);
        let [begun, ended] = other.captured.window.map(|moment| moment.map(Timestamp::nanoseconds));
        let time = time.nanoseconds();
        let running = self.running.get(&flow(sighting));
        // Those of its flow that were sent before it, or behind it, were there.
        let is_behind_one = running.is_some_and(|([from, _], _)| time.saturating_sub(*from) > OVERTAKEN);
        // What it answers passed the other point on its way here.
        let called = self.running.get(&(sighting.conversation, false)).filter(|_| flow(sighting).1 && course(self.side, toward) == 0);
        let is_answer = called.is_some_and(|([from, _], _)| time.saturating_sub(*from) > if sighting.is_tcp() { OVERTAKEN } else { -1 });
        if !is_behind_one && !is_answer && earliest <= begun.unwrap_or(first) {
            return Some(if begun.is_some_and(|begun| latest < begun) { Outside::BeforeItsStart } else { Outside::BeforeItsFirst });
        }
        let is_in_order = |last: u32| !sighting.is_tcp() || !is_before(last, sighting.sequence);
        let is_before_one = running.is_some_and(|([_, to], last)| to.saturating_sub(time) > OVERTAKEN && is_in_order(*last));
        if !is_before_one && latest >= ended.unwrap_or(last) {
            return Some(if ended.is_some_and(|ended| earliest > ended) { Outside::AfterItsEnd } else { Outside::AfterItsLast });
        }
        None
    }

    /// When a packet passed the other point by its clock, at the earliest and at the latest: a packet may be faster and slower than all others
    /// were, by as much as those differ, or by as long as it takes to the other point and back, which is what the clocks are unsure by twice.
    fn passed(&self, time: Timestamp, toward: Toward) -> Range {
        let [away, back, unknown] = self.later;
        let later = match course(self.side, toward) {
            0 => away,
            1 => back,
            _ => [away, back, unknown].into_iter().flatten().flatten().fold(None, join),
        };
        let [least, most] = later.unwrap_or_default();
        let margin = most.saturating_sub(least).max(self.clock.map_or(0, |clock| clock.uncertainty.saturating_mul(2)));
        let there = time.nanoseconds().saturating_add(offset(self.clock, self.side, time));
        [there.saturating_add(least).saturating_sub(margin), there.saturating_add(most).saturating_add(margin)]
    }
}

/// What the other clock shows more at a moment of a side.
fn offset(clock: Option<&ClockOffset>, side: usize, time: Timestamp) -> i64 {
    clock.map_or(0, |clock| if side == 0 { clock.at(time) } else { clock.at(time).saturating_neg() })
}
