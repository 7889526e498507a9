//! When the other capture was not running.

use super::{ClockOffset, Delays, Travel};
use crate::diff::Toward;
use crate::diff::pairing::{Opposite, Pairing};
use crate::diff::point::{Point, Sighting};

/// When a packet passed the other point that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Perhaps before the moment when that capture says that it began.
    BeforeItsStart,
    /// Perhaps before it saw anything.
    BeforeItsFirst,
    /// Perhaps after the moment when it says that it ended.
    AfterItsEnd,
    /// Perhaps when it saw nothing any more.
    AfterItsLast,
}

/// What tells whether the other capture was running.
#[derive(Debug)]
pub(super) struct Borders<'a> {
    points: [&'a Point; 2],
    side: usize,
    clock: Option<&'a ClockOffset>,
    /// How long packets take from here to the other point and from there to here: the fastest, and nearly the slowest, in nanoseconds.
    ways: [[i64; 2]; 2],
    /// The first and the last packet that went there, or came from there, and is at both points: their places here. What was sent between
    /// them passed the other point between them.
    running: [Option<[u32; 2]>; 2],
}

/// Whether a packet went away from a side (0) or came to it (1).
fn course(side: usize, toward: Toward) -> Option<usize> {
    match toward {
        Toward::Right => Some(side),
        Toward::Left => Some(1 - side),
        Toward::Unknown => None,
    }
}

impl<'a> Borders<'a> {
    pub(super) fn of(
        points: [&'a Point; 2],
        side: usize,
        pairing: &Pairing,
        travel: &Travel,
        clock: Option<&'a ClockOffset>,
        delays: &[Option<Delays>; 2],
    ) -> Self {
        let way = |delays: Option<Delays>| delays.map_or([0; 2], |delays| [delays.least, delays.most_of_them].map(|took| took.max(0)));
        let mut running: [Option<[u32; 2]>; 2] = [None; 2];
        for (place, sighting) in (0..).zip(&points[side].sightings) {
            if !matches!(pairing.opposite(side, place), Opposite::One(_) | Opposite::Recut(_)) {
                continue;
            }
            if let Some(course) = course(side, travel.of(pairing, side, points[side], sighting)) {
                let [first, _] = running[course].unwrap_or([place; 2]);
                running[course] = Some([first, place]);
            }
        }
        Self { points, side, clock, ways: [way(delays[1 - side]), way(delays[side])], running }
    }

    /// Whether the other capture was perhaps not running when a packet passed that point.
    pub(super) fn is_outside(&self, place: u32, sighting: &Sighting, toward: Toward) -> Option<Outside> {
        let course = course(self.side, toward);
        let running = course.and_then(|course| self.running[course]);
        if running.is_some_and(|[first, last]| (first..=last).contains(&place)) {
            return None;
        }
        let other = self.points[1 - self.side];
        let [first, last] = other.times()?;
        let time = sighting.timestamp()?;
        let offset = self.clock.map_or(0, |clock| if self.side == 0 { clock.at(time) } else { clock.at(time).saturating_neg() });
        let there = time.nanoseconds().saturating_add(offset);
        let [away, back] = self.ways;
        // When it passed there, at the earliest and at the latest.
        let [earliest, latest] = match course {
            Some(0) => away.map(|took| there.saturating_add(took)),
            Some(_) => [back[1], back[0]].map(|took| there.saturating_sub(took)),
            None => [there.saturating_sub(back[1]), there.saturating_add(away[1])],
        };
        let [begun, ended] = other.captured.window;
        if earliest < begun.unwrap_or(first).nanoseconds() {
            return Some(if begun.is_some() { Outside::BeforeItsStart } else { Outside::BeforeItsFirst });
        }
        if latest > ended.unwrap_or(last).nanoseconds() {
            return Some(if ended.is_some() { Outside::AfterItsEnd } else { Outside::AfterItsLast });
        }
        None
    }
}
