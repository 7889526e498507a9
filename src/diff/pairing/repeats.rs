//! What says the same and is not one packet: the first was lost, and of what was sent in its place a capture holds only one side, as it
//! ended before, or began behind it.

use super::times::{Direction, direction};
use super::{Opposite, Pair, Pairing};
use crate::diff::point::{Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// How many times as many packets must have the identification that they had, for one that has not to be another packet.
const TIMES: u32 = 8;

/// Parts pairs whose identifications (RFC 791 section 3.1) or timestamps are not the same, where nearly all others have kept theirs, and most
/// of their own direction have: what is sent again is another datagram and has its own.
pub(super) fn part(points: [&Point; 2], pairing: &mut Pairing) {
    let mut of_directions: HashMap<Direction, [u32; 2], RandomState> = HashMap::default();
    for [left, right] in pairing.sightings(points[0], points[1]) {
        if let Some(is_kept) = keeps_its_number(left, right) {
            let [kept, others] = of_directions.entry(direction(pairing, 0, left)).or_default();
            *(if is_kept { kept } else { others }) += 1;
        }
    }
    let [kept, others] = of_directions.values().fold([0_u32; 2], |all, one| [all[0] + one[0], all[1] + one[1]]);
    if others == 0 || kept < others.saturating_mul(TIMES) {
        return;
    }
    of_directions.retain(|_, [kept, others]| *others > 0 && *kept > *others);
    let is_parted = |pair: &Pair| {
        let [left, right] = [(0, pair.left), (1, pair.right)].map(|(side, place): (usize, u32)| points[side].sightings.get(place as usize));
        let (Some(left), Some(right)) = (left, right) else { return false };
        keeps_its_number(left, right) == Some(false) && of_directions.contains_key(&direction(pairing, 0, left))
    };
    let (parted, stay): (Vec<Pair>, Vec<Pair>) = pairing.pairs.iter().partition(|pair| is_parted(pair));
    pairing.pairs = stay;
    for pair in parted {
        pairing.set(0, pair.left, Opposite::Nothing);
        pairing.set(1, pair.right, Opposite::Nothing);
    }
}

/// Whether a segment has the number that its sender gave it, or in IPv6, which has none, the time (RFC 7323 section 3.2); `None` where that
/// tells nothing.
fn keeps_its_number(left: &Sighting, right: &Sighting) -> Option<bool> {
    let number = |one: &Sighting| if one.is_version_6() { one.timestamp_value } else { one.identification };
    let is_numbered = |one: &Sighting| one.is_tcp() && number(one) != 0;
    let is_one_version = left.is_version_6() == right.is_version_6();
    (is_one_version && is_numbered(left) && is_numbered(right)).then(|| number(left) == number(right))
}
