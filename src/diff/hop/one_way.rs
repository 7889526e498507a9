//! A capture of one way only: a tap on one of the two fibres, a mirror port that shows what comes in.

use super::{Fate, Stray, Travel};
use crate::diff::Toward;
use crate::diff::pairing::Pairing;
use crate::diff::point::{Point, Sighting};

/// How many packets there are at least of a way that the other capture knows nothing of.
const FEWEST: usize = 3;

/// Marks what comes from the direction of the other point, where that holds nothing at all that goes this way, though what it holds of the
/// other way answers it: acknowledgements of TCP, or echoes whose answers came.
pub(super) fn mark(points: [&Point; 2], side: usize, pairing: &Pairing, travel: &Travel, strays: &mut [Stray]) {
    let other = 1 - side;
    let coming = if side == 0 { Toward::Left } else { Toward::Right };
    let is_it = |stray: &Stray| {
        let fits = matches!(stray.fate, Fate::Added | Fate::OutsideOfCapture | Fate::BeforeTheBeginning | Fate::AfterTheEnd);
        fits && stray.toward == coming && stray.conversation.is_some()
    };
    if strays.iter().filter(|stray| is_it(stray)).count() < FEWEST {
        return;
    }
    let sees = |one: &&Sighting| one.protocol != 0 && !one.is_of_the_link();
    let way = |one: &Sighting| travel.of(pairing, other, points[other], one);
    let mut there = points[other].sightings.iter().filter(sees);
    if there.any(|one| way(one) != coming.mirrored()) {
        return;
    }
    let has_echo = |stray: &Stray| points[side].sightings.get(stray.place as usize).is_some_and(Sighting::is_echo);
    let acknowledges = |one: &Sighting| one.acknowledges() && !one.is_syn() && !one.is_reset();
    if points[other].sightings.iter().any(acknowledges) || strays.iter().any(|stray| is_it(stray) && has_echo(stray)) {
        strays.iter_mut().filter(|stray| is_it(stray)).for_each(|stray| stray.fate = Fate::OneWay);
    }
}
