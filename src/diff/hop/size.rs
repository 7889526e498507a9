//! Packets that were lost for what they have in common: that they are large.

use super::{Fate, Stray, Travel};
use crate::diff::Toward;
use crate::diff::pairing::{Pair, Pairing};
use crate::diff::point::{Point, Sighting};

/// How many packets there are at least for it to be no chance, both of those that were lost and of those that arrived.
const FEWEST: usize = 3;

/// Packets that were lost each time, while whatever is smaller arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// How many.
    pub packets: u64,
    /// The least and the most that one of them carries over TCP or UDP, in bytes.
    pub carry: [u32; 2],
    /// The most that one carries which arrived.
    pub arrived: u32,
}

/// Whether all that was lost on its way from a side (0 for the left one) is larger than anything that arrived, and no answer says why.
pub(super) fn too_large(points: [&Point; 2], side: usize, pairing: &Pairing, travel: &Travel, strays: &[Stray]) -> Option<TooLarge> {
    let own = points[side];
    let lost: Vec<&Stray> = strays.iter().filter(|stray| stray.fate == Fate::Lost).collect();
    // Cut otherwise, lengths say nothing of what was on the wire.
    let is_told = lost.iter().any(|stray| stray.answer.is_some() || stray.part.is_some());
    if lost.len() < FEWEST || is_told || !pairing.recut.is_empty() {
        return None;
    }
    let carried = |stray: &&Stray| {
        let one = own.sightings.get(stray.place as usize).filter(|one| matches!(one.protocol, 6 | 17) && one.pieces == 1)?;
        Some(one.length)
    };
    let lengths = lost.iter().map(carried).collect::<Option<Vec<u32>>>()?;
    let carry = [lengths.iter().min().copied()?, lengths.iter().max().copied()?];
    let away = if side == 0 { Toward::Right } else { Toward::Left };
    let place = |pair: &Pair| if side == 0 { pair.left } else { pair.right };
    let arrived = pairing.pairs.iter().filter_map(|pair| own.sightings.get(place(pair) as usize));
    let went = |one: &&Sighting| matches!(one.protocol, 6 | 17) && travel.of(pairing, side, own, one) == away;
    let arrived: Vec<u32> = arrived.filter(went).map(|one| one.length).collect();
    let most = arrived.iter().max().copied()?;
    (arrived.len() >= FEWEST && most < carry[0]).then_some(TooLarge { packets: lost.len() as u64, carry, arrived: most })
}
