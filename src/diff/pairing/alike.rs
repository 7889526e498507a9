//! Packets by their keys, and those that are alike by what else is known of them.

use super::conversations::Votes;
use super::keys::{Keyed, are_alike, joined, keyed, telling_flags};
use super::{Pair, Pairing};
use crate::diff::point::{LinkEnds, Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};

/// Packets that are alike, at both points.
pub(super) type Alike = [Vec<u32>; 2];

/// How many packets of a conversation tell how much later they come at the other point.
const SAMPLES: usize = 63;
/// How many packets that are alike are looked at for the one whose time fits best.
const SEARCHED: usize = 64;

fn of(points: [&Point; 2], side: usize, place: u32) -> Option<&Sighting> {
    points.get(side)?.sightings.get(place as usize)
}

/// Puts opposite each other what has one key and is alone with it, or is told from the rest by what its sender counts up. What is left of
/// the others is given back.
pub(super) fn pair_by_keys(points: [&Point; 2], pairing: &mut Pairing, votes: &mut Votes) -> Vec<Alike> {
    let lists = points.map(keyed);
    let mut unsure = Vec::new();
    for [left, right] in joined(&lists[0], &lists[1]) {
        if let ([one], [other]) = (left, right) {
            let (Some(first), Some(second)) = (of(points, 0, one.place), of(points, 1, other.place)) else { continue };
            if are_alike(first, second) {
                put(points, pairing, votes, Pair { left: one.place, right: other.place });
            }
            continue;
        }
        let exact = exact_groups(points, [left, right]);
        let mut rest: Alike = Default::default();
        for alike in exact {
            let [left, right] = on_one_link(points, pairing, votes, alike);
            if left.len() == right.len() {
                for (left, right) in left.into_iter().zip(right) {
                    put(points, pairing, votes, Pair { left, right });
                }
            } else if !left.is_empty() && !right.is_empty() {
                // What senders count up is as it was: no other packet is one of these.
                let group = [left, right];
                vote_for(points, votes, &group);
                unsure.push(group);
            } else {
                rest[0].extend(left);
                rest[1].extend(right);
            }
        }
        if rest.iter().all(|list| !list.is_empty()) {
            rest.iter_mut().for_each(|list| list.sort_unstable());
            vote_for(points, votes, &rest);
            unsure.push(rest);
        }
    }
    unsure
}

fn put(points: [&Point; 2], pairing: &mut Pairing, votes: &mut Votes, pair: Pair) {
    let (Some(left), Some(right)) = (of(points, 0, pair.left), of(points, 1, pair.right)) else { return };
    votes.add(left.conversation, right.conversation, left.from() != right.from());
    pairing.put(pair);
}

/// Puts opposite each other what was captured on one link: the same packet with the same time to live and hardware addresses. What is left
/// of them was captured at further places of its way, unless it is none of theirs.
fn on_one_link(points: [&Point; 2], pairing: &mut Pairing, votes: &mut Votes, alike: Alike) -> Alike {
    let mut by_link: BTreeMap<(u8, LinkEnds), Alike> = BTreeMap::new();
    for (side, list) in alike.iter().enumerate() {
        for place in list {
            let Some(sighting) = of(points, side, *place) else { continue };
            by_link.entry((sighting.hop_limit, points[side].link_of(sighting))).or_default()[side].push(*place);
        }
    }
    if by_link.len() < 2 {
        return alike;
    }
    let mut is_found = false;
    for lists in by_link.values_mut().filter(|[left, right]| left.len() == right.len()) {
        is_found = true;
        let [left, right] = std::mem::take(lists);
        left.into_iter().zip(right).for_each(|(left, right)| put(points, pairing, votes, Pair { left, right }));
    }
    if is_found { Alike::default() } else { alike }
}

/// What a sender counts up, and what else differs in packets that are alike: identification, timestamps, options, window.
type Counted = (u32, [u32; 2], u32, u16);

/// Those of one key, by what their sender counts up.
fn exact_groups(points: [&Point; 2], lists: [&[Keyed]; 2]) -> Vec<Alike> {
    let mut all: Vec<(Counted, usize, u32)> = Vec::new();
    for (side, list) in lists.into_iter().enumerate() {
        let counted = list.iter().filter_map(|one| Some((of(points, side, one.place)?, one.place)));
        all.extend(counted.map(|(one, place)| {
            // Selective acknowledgements tell those apart that acknowledge the same.
            let options = if one.is_syn() { 0 } else { one.options };
            ((one.identification, [one.timestamp_value, one.timestamp_echo], options, one.window), side, place)
        }));
    }
    all.sort_unstable();
    all.chunk_by(|one, other| one.0 == other.0)
        .map(|group| [0, 1].map(|side| group.iter().filter(|one| one.1 == side).map(|one| one.2).collect()))
        .collect()
}

/// Packets that are alike speak for their conversations where each point has them in one.
fn vote_for(points: [&Point; 2], votes: &mut Votes, alike: &Alike) {
    let one_of = |side: usize| {
        let list = alike.get(side)?;
        let first = of(points, side, *list.first()?)?;
        let is_one = list.iter().all(|place| of(points, side, *place).is_some_and(|other| other.conversation == first.conversation));
        is_one.then_some((first.conversation, first.from()))
    };
    if let (Some(left), Some(right)) = (one_of(0), one_of(1)) {
        votes.add(left.0, right.0, left.1 != right.1);
    }
}

/// Settles which of those that are alike belong together: those of one pair of conversations, and of them those whose times fit.
pub(super) fn settle(points: [&Point; 2], pairing: &mut Pairing, unsure: &[Alike]) {
    let usual = Usual::of(points, pairing);
    for alike in unsure {
        let mut within: HashMap<(Option<u32>, bool), Alike, RandomState> = HashMap::default();
        for (side, list) in alike.iter().enumerate() {
            for place in list {
                let Some(sighting) = of(points, side, *place) else { continue };
                if let Some(list) = within.entry(direction(pairing, side, sighting)).or_default().get_mut(side) {
                    list.push(*place);
                }
            }
        }
        let mut groups: Vec<((Option<u32>, bool), Alike)> = within.into_iter().collect();
        groups.sort_unstable_by_key(|(direction, _)| *direction);
        for (direction, lists) in groups {
            align(points, pairing, lists, usual.later(direction));
        }
    }
}

/// The pair of conversations and the direction in it that a packet belongs to; `true` for what the left responder sends.
fn direction(pairing: &Pairing, side: usize, sighting: &Sighting) -> (Option<u32>, bool) {
    match pairing.direction(side, sighting) {
        Some((pair, is_reverse)) => (Some(pair), is_reverse),
        None => (None, sighting.from().index() == 1),
    }
}

/// How much later packets usually come at the right point, by pair of conversations and direction.
struct Usual {
    of: HashMap<(Option<u32>, bool), i64, RandomState>,
    all: i64,
}

impl Usual {
    fn of(points: [&Point; 2], pairing: &Pairing) -> Self {
        let mut samples: HashMap<(Option<u32>, bool), Vec<i64>, RandomState> = HashMap::default();
        let mut all = Vec::new();
        for [left, right] in pairing.sightings(points[0], points[1]) {
            let Some(later) = right.timestamp().zip(left.timestamp()).map(|(right, left)| right.since(left)) else { continue };
            let list = samples.entry(direction(pairing, 0, left)).or_default();
            if list.len() < SAMPLES {
                list.push(later);
                all.push(later);
            }
        }
        // The mean of the two in the middle, so that it is the same from both sides.
        let middle = |mut list: Vec<i64>| {
            list.sort_unstable();
            let at = |place: usize| list.get(place).copied().unwrap_or_default();
            (at(list.len().saturating_sub(1) / 2) / 2).saturating_add(at(list.len() / 2) / 2)
        };
        Self { of: samples.into_iter().map(|(direction, list)| (direction, middle(list))).collect(), all: middle(all) }
    }

    fn later(&self, direction: (Option<u32>, bool)) -> i64 {
        self.of.get(&direction).copied().unwrap_or(self.all)
    }
}

/// Puts the shorter list's packets opposite those of the longer one whose times fit best, in order. `later` is how much later packets come
/// at the right point.
fn align(points: [&Point; 2], pairing: &mut Pairing, lists: Alike, later: i64) {
    let time = |side: usize, place: u32| of(points, side, place).and_then(Sighting::timestamp).map_or(0, |time| time.nanoseconds());
    let [left, right] = &lists;
    if left.len() == right.len() {
        left.iter().zip(right).for_each(|(left, right)| pairing.put(Pair { left: *left, right: *right }));
        return;
    }
    let longer = usize::from(right.len() > left.len());
    let shorter = 1 - longer;
    // How much later packets come at the point with the longer list.
    let later = if longer == 1 { later } else { later.saturating_neg() };
    let mut next = 0;
    for (done, place) in lists[shorter].iter().enumerate() {
        let expected = time(shorter, *place).saturating_add(later);
        let left_over = lists[shorter].len() - done - 1;
        let last = lists[longer].len() - left_over - 1;
        let off = |at: usize| lists[longer].get(at).map_or(u64::MAX, |place| time(longer, *place).abs_diff(expected));
        // A long list of packets that are alike is searched near its front alone, or it would take the square of its length.
        let best = (next..=last.min(next + SEARCHED)).min_by_key(|at| off(*at)).unwrap_or(next);
        let Some(opposite) = lists[longer].get(best) else { return };
        next = best + 1;
        let pair = if longer == 1 { Pair { left: *place, right: *opposite } } else { Pair { left: *opposite, right: *place } };
        pairing.put(pair);
    }
}

/// What a packet that was changed on its way still has in common with what it was. Tried in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Common {
    /// All but what it carries.
    ButPayload,
    /// The place in its stream; of an echo all but the identifier; of others the identification.
    Place,
}

/// Pairs what was changed on the way, or cut by a capture: within pairs of conversations, by what is left of it.
pub(super) fn pair_within(points: [&Point; 2], pairing: &mut Pairing) {
    let usual = Usual::of(points, pairing);
    for common in [Common::ButPayload, Common::Place] {
        let mut found: HashMap<(u32, bool, [u64; 2]), Alike, RandomState> = HashMap::default();
        for (side, point) in points.into_iter().enumerate() {
            for (place, sighting) in (0..).zip(&point.sightings) {
                if !pairing.is_free(side, place) || sighting.is_incomplete() {
                    continue;
                }
                let (Some(pair), reverse) = direction(pairing, side, sighting) else { continue };
                let Some(key) = common_key(pairing, side, sighting, (pair, reverse), common) else { continue };
                found.entry((pair, reverse, key)).or_default()[side].push(place);
            }
        }
        let mut groups: Vec<_> = found.into_iter().filter(|(_, lists)| lists.iter().all(|list| !list.is_empty())).collect();
        groups.sort_unstable_by_key(|(key, _)| *key);
        for ((pair, reverse, _), lists) in groups {
            align(points, pairing, lists, usual.later((Some(pair), reverse)));
        }
    }
    pair_incomplete(points, pairing);
}

fn common_key(pairing: &Pairing, side: usize, sighting: &Sighting, (pair, reverse): (u32, bool), common: Common) -> Option<[u64; 2]> {
    let shift = pairing.conversations.get(pair as usize)?.shift;
    // Numbers of the left point are moved to where the right one has them.
    let [own, others] = if reverse { [shift[1], shift[0]] } else { shift };
    let moved = |number: u32, by: u32| if side == 0 { number.wrapping_add(by) } else { number };
    let flags = u64::from(telling_flags(sighting));
    let length = u64::from(sighting.length);
    if sighting.is_tcp() {
        let sequence = u64::from(moved(sighting.sequence, own));
        let acknowledgement = if sighting.acknowledges() { moved(sighting.acknowledgement, others) } else { 0 };
        return match common {
            Common::ButPayload => Some([sequence << 32 | u64::from(acknowledgement), length << 16 | flags]),
            Common::Place => (sighting.sequence_length() > 0 || sighting.is_reset()).then_some([sequence, length << 16 | flags & 0x007]),
        };
    }
    let labels = u64::from(sighting.sequence) << 32 | u64::from(sighting.acknowledgement);
    let has_labels = sighting.protocol != 17 || sighting.flags != 0;
    match common {
        Common::ButPayload if has_labels => Some([labels, flags << 8 | u64::from(sighting.protocol)]),
        Common::ButPayload => Some([labels, length << 32 | flags]),
        Common::Place if matches!(sighting.protocol, 1 | 58) => Some([u64::from(sighting.sequence), length << 16 | flags]),
        Common::Place => (sighting.identification != 0 && !sighting.is_version_6()).then_some([u64::from(sighting.identification), flags]),
    }
}

/// Finds datagrams at the other point that lack fragments at this one, by the identification that all fragments share.
fn pair_incomplete(points: [&Point; 2], pairing: &mut Pairing) {
    for side in 0..2 {
        let other = 1 - side;
        let lacking: Vec<u32> = (0..)
            .zip(&points[side].sightings)
            .filter(|(place, one)| one.is_incomplete() && pairing.is_free(side, *place))
            .map(|(place, _)| place)
            .collect();
        if lacking.is_empty() {
            continue;
        }
        let mut free: HashMap<(u8, u32), Vec<u32>, RandomState> = HashMap::default();
        for (place, one) in points[other].sightings.iter().enumerate().rev() {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            if pairing.is_free(other, place) && one.identification != 0 {
                free.entry((one.protocol, one.identification)).or_default().push(place);
            }
        }
        for place in lacking {
            let Some(one) = of(points, side, place) else { continue };
            let Some(opposite) = free.get_mut(&(one.protocol, one.identification)).and_then(Vec::pop) else { continue };
            pairing.put(if side == 0 { Pair { left: place, right: opposite } } else { Pair { left: opposite, right: place } });
        }
    }
}
