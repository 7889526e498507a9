//! Connections that a translator passes on with other ends, and whose sequence numbers a firewall draws anew: nothing of them has its number,
//! but their packets are the ones that their sender counted, as far apart in the stream as they were.

use super::conversations::{ConversationPair, Found, shift_of};
use super::keys::{is_counted, telling_flags};
use super::{Opposite, Pairing};
use crate::conversation::Kind;
use crate::diff::point::{Point, Sighting, SynOptions};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// How many packets have to be the same, where nothing that is longer than 16 bits is.
const LEAST: usize = 3;

/// What a SYN has but its number.
type Begins = (u32, u32, Option<SynOptions>, u16, bool);
/// A packet by its place in what both sides say, and by what its sender counts.
type Counted = (usize, [u32; 2], u32, u16, [u32; 3]);

/// Pairs connections of TCP that are left over and began with the same SYN but for its number, where the other packets agree.
pub(super) fn pair_drawn(points: [&Point; 2], pairing: &mut Pairing) {
    let mut begun: HashMap<Begins, [Vec<u32>; 2], RandomState> = HashMap::default();
    for (side, point) in points.into_iter().enumerate() {
        for one in left_over(points, pairing, side).filter(|one| one.is_syn() && !one.acknowledges() && is_counted(one)) {
            let begins = (one.identification, one.timestamp_value, point.options_of(one).copied(), one.window, one.is_version_6());
            let list = &mut begun.entry(begins).or_default()[side];
            if list.last() != Some(&one.conversation) {
                list.push(one.conversation);
            }
        }
    }
    let mut candidates: Vec<[u32; 2]> = Vec::new();
    for lists in begun.values() {
        if let [[left], [right]] = lists.each_ref().map(Vec::as_slice) {
            candidates.push([*left, *right]);
        }
    }
    if candidates.is_empty() {
        return;
    }
    candidates.sort_unstable();
    candidates.dedup();
    let counted = [0, 1].map(|side| counted(points, pairing, side, candidates.iter().map(|both| both[side]).collect()));
    let mut taken: [HashSet<u32, RandomState>; 2] = Default::default();
    for [left, right] in candidates {
        let (Some(here), Some(there)) = (counted[0].get(&left), counted[1].get(&right)) else { continue };
        let common = here.intersection(there).count();
        let has_timestamps = here.iter().any(|(.., [_, value, _])| *value != 0);
        let is_same = common >= LEAST || has_timestamps && common == here.len().min(there.len());
        if !is_same || taken[0].contains(&left) || taken[1].contains(&right) {
            continue;
        }
        let ends = [points[0].conversations.get(left as usize), points[1].conversations.get(right as usize)];
        let [Some(one), Some(other)] = ends else { continue };
        let mut pair = ConversationPair::new(left, right, false, Found::Packets);
        pair.shift = shift_of(one, other, false);
        taken[0].insert(left);
        taken[1].insert(right);
        pairing.join(pair);
    }
}

/// The segments of connections that belong to nothing yet.
fn left_over<'a>(points: [&'a Point; 2], pairing: &'a Pairing, side: usize) -> impl Iterator<Item = &'a Sighting> {
    let point = points[side];
    (0..).zip(&point.sightings).filter_map(move |(place, one)| {
        let is_free = pairing.opposite(side, place) == Opposite::Nothing && one.is_tcp();
        let seen = point.conversation_of(one).filter(|_| is_free)?;
        (seen.kind == Kind::Tcp && pairing.conversation_of(side, one).is_none()).then_some(one)
    })
}

/// The packets of some connections that their sender counts, by their places behind the initial numbers.
fn counted(
    points: [&Point; 2],
    pairing: &Pairing,
    side: usize,
    wanted: HashSet<u32, RandomState>,
) -> HashMap<u32, HashSet<Counted, RandomState>, RandomState> {
    let mut found: HashMap<u32, HashSet<Counted, RandomState>, RandomState> = HashMap::default();
    for one in left_over(points, pairing, side).filter(|one| wanted.contains(&one.conversation) && is_counted(one)) {
        let Some([Some(asked), Some(answered)]) = points[side].conversation_of(one).map(|seen| seen.initial) else { continue };
        let from = one.from().index();
        let [own, other] = if from == 0 { [asked, answered] } else { [answered, asked] };
        let acknowledged = if one.acknowledges() { one.acknowledgement.wrapping_sub(other) } else { 0 };
        let numbers = [one.sequence.wrapping_sub(own), acknowledged];
        let counts = [if one.is_version_6() { 0 } else { one.identification }, one.timestamp_value, one.timestamp_echo];
        found.entry(one.conversation).or_default().insert((from, numbers, one.length, telling_flags(one), counts));
    }
    found
}
