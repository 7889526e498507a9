//! Which addresses and ports stand for which (RFC 3022).

use crate::conversation::{Endpoint, Kind};
use crate::diff::pairing::{Found, Pairing};
use crate::diff::point::Point;
use std::collections::BTreeMap;

/// An end of conversations that has another address or port at the other point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translation {
    /// It, at the left point.
    pub left: Endpoint,
    /// It, at the right point.
    pub right: Endpoint,
    /// Whether it is who began the conversations.
    pub is_originator: bool,
    /// In how many conversations.
    pub conversations: u64,
    /// In how many packets that both points saw.
    pub packets: u64,
    /// The first of those packets: its frames left and right.
    pub frames: [u64; 2],
}

/// The table of them, in the order in which the left point saw the conversations.
pub(super) fn translations(left: &Point, right: &Point, pairing: &Pairing) -> Vec<Translation> {
    let mut first_frames: Vec<Option<[u64; 2]>> = vec![None; pairing.conversations.len()];
    for [one, other] in pairing.sightings(left, right) {
        // One conversation here may be two there, whichever side that is.
        for index in [pairing.conversation_of(0, one), pairing.conversation_of(1, other)].into_iter().flatten() {
            if let Some(slot) = first_frames.get_mut(index as usize) {
                slot.get_or_insert([one.frame, other.frame]);
            }
        }
    }
    let mut table: BTreeMap<(Endpoint, Endpoint, bool), (u32, Translation)> = BTreeMap::new();
    for (index, pair) in (0_u32..).zip(&pairing.conversations).filter(|(_, pair)| pair.found != Found::Content) {
        let seen = [left.conversations.get(pair.left as usize), right.conversations.get(pair.right as usize)];
        let ([Some(one), Some(other)], Some(frames)) = (seen, first_frames.get(index as usize).copied().flatten()) else { continue };
        for side in 0..2 {
            let (from, to) = (one.ends[side], other.ends[if pair.is_crossed { 1 - side } else { side }]);
            // The identifier of an echo is its originator's; it stands at the other end because answers carry it, too.
            let is_borrowed = one.kind == Kind::Echo && side == 1 && from.address == to.address;
            if from != to && !is_borrowed {
                let new = Translation { left: from, right: to, is_originator: side == 0, conversations: 0, packets: 0, frames };
                let (_, row) = table.entry((from, to, side == 0)).or_insert((index, new));
                row.conversations += 1;
                row.packets += pair.packets;
            }
        }
    }
    let mut rows: Vec<(u32, Translation)> = table.into_values().collect();
    rows.sort_by_key(|(index, row)| (*index, !row.is_originator));
    rows.into_iter().map(|(_, row)| row).collect()
}
