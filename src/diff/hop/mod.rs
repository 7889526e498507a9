//! What happened between two points of the way.

mod borders;
mod change;
mod clock;
mod delay;
mod loss;
mod one_way;
mod size;
#[cfg(test)]
mod tests;
mod told;
mod translation;
mod travel;
mod unsteady;

pub use clock::{Basis, ClockOffset, ClockStep};
pub use delay::Delays;
pub use loss::{Answer, Fate, Repair, Stray};
pub use size::TooLarge;
pub use translation::Translation;
pub use travel::Travel;

use super::pairing::Pairing;
use super::point::Point;
use super::{Change, Toward};

/// Routers between two points, by what they take from the time to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routers {
    /// Which way the packets went.
    pub toward: Toward,
    /// How many routers they passed.
    pub routers: u8,
    /// How many packets passed so many.
    pub packets: u64,
    /// The time to live left and right of most of them.
    pub hop_limits: [u8; 2],
    /// The frames of the first of those, left and right.
    pub frames: [u64; 2],
}

/// What happened between two points: the left one, and the right one.
#[derive(Debug)]
pub struct Hop {
    /// What stands opposite what.
    pub pairing: Pairing,
    /// What the right clock shows more than the left one.
    pub clock: Option<ClockOffset>,
    /// Which way packets went.
    pub travel: Travel,
    /// Packets of which nothing is at the other point, in the order of their times: the left ones and the right ones.
    pub strays: [Vec<Stray>; 2],
    /// Where all that was lost is larger than anything that arrived: of what the left point sent, and the right.
    pub too_large: [Option<TooLarge>; 2],
    /// What was changed on the way, what is unexplained first.
    pub changes: Vec<Change>,
    /// Which addresses and ports stand for which.
    pub translations: Vec<Translation>,
    /// Routers, each way.
    pub routers: Vec<Routers>,
    /// How long the way took, each way: to the left, and to the right. `None` where no packet went it or no clock is known.
    pub delays: [Option<Delays>; 2],
    /// Of packets of which nothing tells which way they went: how much later than the earliest of them they came to the right point.
    pub undirected: Option<Delays>,
}

impl Hop {
    /// Compares two points. Digests of both must come from one digester.
    #[must_use]
    pub fn between(left: &Point, right: &Point) -> Self {
        let pairing = Pairing::of(left, right);
        let mut travel = Travel::new(left, right, &pairing);
        let clock = ClockOffset::estimate(left, right, &pairing, &travel);
        if let Some(clock) = clock.as_ref().filter(|clock| clock.basis == Basis::BothWays) {
            travel.refine(left, right, &pairing, clock);
        }
        let (changes, routers) = change::changes(left, right, &pairing, &travel);
        let translations = translation::translations(left, right, &pairing);
        let [to_the_left, to_the_right, undirected] = delay::delays(left, right, &pairing, &travel, clock.as_ref());
        let delays = [to_the_left, to_the_right];
        let strays = loss::strays([left, right], &pairing, &travel, clock.as_ref(), &routers);
        let too_large = [0, 1].map(|side| size::too_large([left, right], side, &pairing, &travel, &strays[side]));
        Self {
            pairing,
            travel,
            clock,
            strays,
            too_large,
            changes,
            translations,
            routers,
            delays,
            undirected: undirected.filter(|delays| delays.packets > 1 && delays.most > 0),
        }
    }

    /// Why a packet of a point (0 for the left one) has nothing opposite; `None` where it has.
    #[must_use]
    pub fn fate(&self, side: usize, place: u32) -> Option<Fate> {
        let strays = self.strays.get(side)?;
        let found = strays.binary_search_by_key(&place, |stray| stray.place).ok()?;
        strays.get(found).map(|stray| stray.fate)
    }
}
