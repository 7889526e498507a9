//! Connections that something between took and began anew: found by what was said in them.

use super::{ConversationPair, Found, Opposite, Pairing};
use crate::conversation::Kind;
use crate::diff::Digest;
use crate::diff::point::Point;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// How many bytes have to be the same for two connections to be taken for one.
const LEAST: u64 = 16;
/// At how many borders of segments the beginning of a direction is compared.
const BORDERS: usize = 256;

/// What one direction of a connection carried from its beginning to borders of its segments.
type Beginnings = Vec<Digest>;

/// Pairs connections of TCP that are left over, by the longest beginning that they have in common, in either direction.
pub(super) fn pair_relayed(points: [&Point; 2], pairing: &mut Pairing) {
    let sides = [0, 1].map(|side| beginnings(points[side], pairing, side));
    if sides.iter().any(HashMap::is_empty) {
        return;
    }
    // Where each beginning stands at the right point: its direction, and the conversations in their order.
    let mut known: HashMap<(usize, Digest), Vec<u32>, RandomState> = HashMap::default();
    let mut order: Vec<&u32> = sides[1].keys().collect();
    order.sort_unstable();
    for place in order {
        for (direction, digests) in sides[1].get(place).into_iter().flatten().enumerate() {
            for digest in digests {
                known.entry((direction, *digest)).or_default().push(*place);
            }
        }
    }
    let mut candidates: Vec<(u64, u32, u32)> = Vec::new();
    for (left, directions) in &sides[0] {
        let mut common: HashMap<u32, [u64; 2], RandomState> = HashMap::default();
        for (direction, digests) in directions.iter().enumerate() {
            for digest in digests {
                // What very many connections begin with tells none of them.
                for right in known.get(&(direction, *digest)).into_iter().flatten().take(64) {
                    let longest = &mut common.entry(*right).or_default()[direction];
                    *longest = digest.length.max(*longest);
                }
            }
        }
        candidates.extend(common.into_iter().map(|(right, [asked, answered])| (asked.saturating_add(answered), *left, right)));
    }
    candidates.retain(|(bytes, ..)| *bytes >= LEAST);
    // Of those that have as much in common, the ones that stand at the same place of the order.
    candidates.sort_unstable_by_key(|&(bytes, left, right)| (std::cmp::Reverse(bytes), left.abs_diff(right), left.min(right), left));
    let mut taken: [HashSet<u32, RandomState>; 2] = Default::default();
    for (_, left, right) in candidates {
        if !taken[0].contains(&left) && !taken[1].contains(&right) {
            taken[0].insert(left);
            taken[1].insert(right);
            pairing.conversations.push(ConversationPair::new(left, right, false, Found::Content));
        }
    }
    pairing.index_conversations();
}

/// What the connections of a point that are left over carried, each direction of it from the beginning to borders of its segments.
fn beginnings(point: &Point, pairing: &Pairing, side: usize) -> HashMap<u32, [Beginnings; 2], RandomState> {
    let mut pieces: Vec<(u32, usize, u32, u32)> = Vec::new();
    for (place, sighting) in (0..).zip(&point.sightings) {
        let is_left_over =
            pairing.of_conversation.get(side).and_then(|list| list.get(sighting.conversation as usize)).is_some_and(Option::is_none);
        if !is_left_over || !sighting.is_tcp() || sighting.length == 0 || pairing.opposite(side, place) != Opposite::Nothing {
            continue;
        }
        let Some(one) = point.conversations.get(sighting.conversation as usize).filter(|one| one.kind == Kind::Tcp) else { continue };
        let from = sighting.from().index();
        let Some(initial) = one.initial.get(from).copied().flatten() else { continue };
        pieces.push((sighting.conversation, from, sighting.sequence.wrapping_sub(initial).wrapping_sub(1), place));
    }
    pieces.sort_unstable();
    let mut found: HashMap<u32, [Beginnings; 2], RandomState> = HashMap::default();
    for direction in pieces.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some(&(conversation, from, ..)) = direction.first() else { continue };
        let mut so_far = Digest::default();
        let list = &mut found.entry(conversation).or_default()[from];
        for &(_, _, start, place) in direction {
            if list.len() >= BORDERS || u64::from(start) > so_far.length {
                break;
            }
            let Some(payload) =
                point.sightings.get(place as usize).filter(|_| u64::from(start) == so_far.length).and_then(|one| one.payload())
            else {
                continue;
            };
            so_far = point.digester.joined(so_far, payload);
            list.push(so_far);
        }
    }
    found
}
