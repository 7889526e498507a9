//! Packets by their keys: what has one key is one packet, or one that was sent again.

use super::conversations::Votes;
use super::keys::{Keyed, Telling, are_alike, have_senders, is_counted, joined, keyed, sender_on_link, telling, telling_flags};
use super::times::{Alike, Direction, Usual, align, direction};
use super::{Pair, Pairing};
use crate::conversation::Endpoint;
use crate::diff::point::{LinkEnds, Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};

fn of(points: [&Point; 2], side: usize, place: u32) -> Option<&Sighting> {
    points.get(side)?.sightings.get(place as usize)
}

/// What keys tell: pairs that are what they seem, and packets that are alike and have to be told apart by other things.
#[derive(Debug, Default)]
pub(super) struct ByKeys {
    pub(super) sure: Vec<Pair>,
    pub(super) unsure: Vec<Alike>,
}

/// Finds what has one key. With `with_payload` false what a packet carries does not count.
pub(super) fn by_keys(points: [&Point; 2], pairing: &Pairing, with_payload: bool) -> ByKeys {
    let has_senders = have_senders(points);
    let lists = [0, 1].map(|side| keyed(points[side], pairing, side, with_payload, has_senders));
    let mut found = ByKeys::default();
    for [left, right] in joined(&lists[0], &lists[1]) {
        if let ([left], [right]) = (left, right) {
            found.single(points, Pair { left: left.place, right: right.place });
            continue;
        }
        let mut rest = Alike::default();
        for alike in exact_groups(points, [left, right]) {
            let first = [0, 1].map(|side| alike[side].first().and_then(|place| of(points, side, *place)));
            match first {
                [Some(one), Some(other)] if is_counted(one) && is_counted(other) && are_alike(one, other) => found.counted(points, alike),
                [Some(_), Some(_)] => found.uncounted(points, alike),
                [Some(_) | None, _] => rest.iter_mut().zip(alike).for_each(|(rest, list)| rest.extend(list)),
            }
        }
        if rest.iter().any(Vec::is_empty) {
            continue;
        }
        rest.iter_mut().for_each(|list| list.sort_unstable());
        found.uncounted(points, rest);
    }
    found
}

impl ByKeys {
    /// Takes a pair where what both packets have in common is more than chance.
    fn accept(&mut self, points: [&Point; 2], pair: Pair) -> bool {
        let (Some(left), Some(right)) = (of(points, 0, pair.left), of(points, 1, pair.right)) else { return false };
        let is_sure = telling(left, right) != Telling::Nothing || points[0].ends_of(left) == points[1].ends_of(right);
        let is_sure = is_sure && are_alike(left, right);
        if is_sure {
            self.sure.push(pair);
        }
        is_sure
    }

    /// Takes packets that are alone with their key, which most are.
    fn single(&mut self, points: [&Point; 2], pair: Pair) {
        let (Some(left), Some(right)) = (of(points, 0, pair.left), of(points, 1, pair.right)) else { return };
        if is_counted(left) && counted(left) == counted(right) && are_alike(left, right) {
            self.sure.push(pair);
        } else if !self.accept(points, pair) {
            self.unsure.push([vec![pair.left], vec![pair.right]]);
        }
    }

    /// Takes packets that nothing tells apart but who sent them and when.
    fn uncounted(&mut self, points: [&Point; 2], alike: Alike) {
        if let [[left], [right]] = alike.each_ref().map(Vec::as_slice)
            && self.accept(points, Pair { left: *left, right: *right })
        {
            return;
        }
        self.unsure.push(alike);
    }

    /// Takes packets whose senders count them, and that are counted the same: one packet, and what was doubled on its way or captured at
    /// several places of it.
    fn counted(&mut self, points: [&Point; 2], alike: Alike) {
        let link = |side: usize, sighting: &Sighting| (sighting.hop_limit, points[side].link_of(sighting));
        let mut rest = self.by(points, &alike, |side, place| {
            let sighting = of(points, side, place)?;
            Some((points[side].ends_of(sighting), link(side, sighting)))
        });
        rest = self.by(points, &rest, |side, place| Some(link(side, of(points, side, place)?)));
        // What was captured on one link at both points leaves nothing to be paired: the others are the same at further places.
        if rest.iter().map(Vec::len).sum::<usize>() < alike.iter().map(Vec::len).sum::<usize>() {
            return;
        }
        rest = self.by(points, &rest, |side, place| points[side].ends_of(of(points, side, place)?));
        nearest_places(points, &mut rest);
        self.in_order(points, &rest);
    }

    /// Pairs in order what has the same of something in equal number, where that tells packets apart. Gives back the rest.
    fn by<K: Ord>(&mut self, points: [&Point; 2], alike: &Alike, key: impl Fn(usize, u32) -> Option<K>) -> Alike {
        let mut groups: BTreeMap<Option<K>, Alike> = BTreeMap::new();
        for (side, list) in alike.iter().enumerate() {
            for place in list {
                groups.entry(key(side, *place)).or_default()[side].push(*place);
            }
        }
        if groups.len() < 2 {
            return alike.clone();
        }
        let mut rest = Alike::default();
        for (key, lists) in groups {
            if key.is_some() && lists.iter().all(|list| !list.is_empty()) {
                self.in_order(points, &lists);
            } else {
                rest.iter_mut().zip(lists).for_each(|(rest, list)| rest.extend(list));
            }
        }
        rest.iter_mut().for_each(|list| list.sort_unstable());
        rest
    }

    /// Pairs in order of time; what is only repeated in its file comes last.
    fn in_order(&mut self, points: [&Point; 2], alike: &Alike) {
        let is_repeated = |side: usize, place: u32| of(points, side, place).is_some_and(|one| one.is_repeated);
        let [left, right] = [0, 1].map(|side| {
            let mut list = alike[side].clone();
            list.sort_by_key(|place| is_repeated(side, *place));
            list
        });
        self.sure.extend(left.into_iter().zip(right).map(|(left, right)| Pair { left, right }));
    }
}

/// Of packets that one point has at several places of their way, leaves those that the fewest routers part from the other point.
fn nearest_places(points: [&Point; 2], alike: &mut Alike) {
    let [left, right] = alike.each_ref().map(Vec::len);
    let (longer, shorter) = if left > right { (0, 1) } else { (1, 0) };
    let Some(first) = alike[shorter].first().and_then(|place| of(points, shorter, *place)).filter(|_| left != right) else { return };
    let routers = |place: &u32| of(points, longer, *place).map_or(u8::MAX, |one| one.hop_limit.abs_diff(first.hop_limit));
    let count = alike[shorter].len();
    let is_repeated = |place: u32| of(points, longer, place).is_some_and(|one| one.is_repeated);
    alike[longer].sort_unstable_by_key(|place| (routers(place), is_repeated(*place), *place));
    alike[longer].truncate(count);
    alike[longer].sort_unstable();
}

/// What a sender counts up, and what else differs in packets that are alike: identification, timestamps, options, window, and the flags that
/// are not compared (what is sent again is seldom pushed again).
type Counted = (u32, [u32; 2], u32, [u16; 2]);

fn counted(one: &Sighting) -> Counted {
    // Selective acknowledgements tell those apart that acknowledge the same.
    let options = if one.is_syn() { 0 } else { one.options };
    (one.identification, [one.timestamp_value, one.timestamp_echo], options, [one.window, one.flags])
}

/// Those of one key, by what their sender counts up.
fn exact_groups(points: [&Point; 2], lists: [&[Keyed]; 2]) -> Vec<Alike> {
    let mut all: Vec<(Counted, usize, u32)> = Vec::new();
    for (side, list) in lists.into_iter().enumerate() {
        all.extend(list.iter().filter_map(|one| Some((counted(of(points, side, one.place)?), side, one.place))));
    }
    // Where a capture cut options, what is left of them tells.
    let cut = |(_, side, place): &&(Counted, usize, u32)| of(points, *side, *place).is_some_and(|one| !points[*side].knows_options(one));
    if let Some(has_timestamps) = all.iter().filter(cut).map(|(counted, ..)| counted.1 != [0; 2]).reduce(|one, other| one && other) {
        for ((_, timestamps, options, _), ..) in &mut all {
            *options = 0;
            *timestamps = if has_timestamps { *timestamps } else { [0; 2] };
        }
    }
    all.sort_unstable();
    all.chunk_by(|one, other| one.0 == other.0)
        .map(|group| [0, 1].map(|side| group.iter().filter(|one| one.1 == side).map(|one| one.2).collect()))
        .collect()
}

/// Pairs the conversations that pairs speak for, and puts opposite each other what agrees with that.
pub(super) fn commit(points: [&Point; 2], pairing: &mut Pairing, mut sure: Vec<Pair>) {
    // In the order of the points: what is looked at together lies together.
    sure.sort_unstable();
    let mut votes = Votes::new(points[0].conversations.len());
    for pair in &sure {
        let (Some(left), Some(right)) = (of(points, 0, pair.left), of(points, 1, pair.right)) else { continue };
        let weight = if telling(left, right) == Telling::Certain { 1_000 } else { 1 };
        votes.add(left.conversation, right.conversation, left.from() != right.from(), weight);
    }
    votes.pair_conversations(points, pairing);
    for pair in sure {
        let (Some(left), Some(right)) = (of(points, 0, pair.left), of(points, 1, pair.right)) else { continue };
        let agrees = direction(pairing, 0, left).0 == direction(pairing, 1, right).0 || telling(left, right) == Telling::Certain;
        if agrees && pairing.is_free(0, pair.left) && pairing.is_free(1, pair.right) {
            pairing.put(pair);
        }
    }
}

/// Packets that are alike speak for conversations that nothing else speaks for, where each point has them in one and one end is the same:
/// all else would be a guess among hosts that send the same.
pub(super) fn commit_unsure(points: [&Point; 2], pairing: &mut Pairing, unsure: &[Alike]) {
    let mut votes = Votes::new(points[0].conversations.len());
    for alike in unsure {
        let one_of = |side: usize| {
            let first = of(points, side, *alike.get(side)?.first()?)?;
            let is_free = pairing.conversation_of(side, first).is_none();
            let mut others = alike.get(side)?.iter().filter_map(|place| of(points, side, *place));
            let is_one = is_free && others.all(|other| other.conversation == first.conversation);
            is_one.then_some((first, points[side].ends_of(first)?))
        };
        if let (Some((left, left_ends)), Some((right, right_ends))) = (one_of(0), one_of(1)) {
            // A translator may give an echo another identifier.
            let is_same = |end: usize| {
                let (one, other) = (left_ends[end], right_ends[end]);
                one.address == other.address && (one.port == other.port || left.is_echo())
            };
            if is_same(0) || is_same(1) {
                votes.add(left.conversation, right.conversation, left.from() != right.from(), 1);
            }
        }
    }
    votes.pair_conversations(points, pairing);
}

/// Settles which of those that are alike belong together: those of one pair of conversations, and of them those whose times fit.
pub(super) fn settle(points: [&Point; 2], pairing: &mut Pairing, unsure: &[Alike]) {
    if unsure.is_empty() {
        return;
    }
    let usual = Usual::of(points, pairing);
    for alike in unsure {
        let mut within: BTreeMap<Direction, Alike> = BTreeMap::new();
        for (side, list) in alike.iter().enumerate() {
            for place in list.iter().filter(|place| pairing.is_free(side, **place)) {
                let Some(sighting) = of(points, side, *place) else { continue };
                // What belongs to no pair of conversations was not told apart; what is no IP packet has none.
                let direction = direction(pairing, side, sighting);
                if direction.0.is_some() || sighting.protocol == 0 {
                    within.entry(direction).or_default()[side].push(*place);
                }
            }
        }
        for (direction, lists) in within {
            let rest = on_one_link(points, pairing, lists);
            align(points, pairing, &rest, usual.later(direction));
        }
    }
}

/// Puts opposite each other what was captured on one link: with the same time to live and hardware addresses, in equal number.
fn on_one_link(points: [&Point; 2], pairing: &mut Pairing, alike: Alike) -> Alike {
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
    for [left, right] in by_link.into_values().filter(|[left, right]| left.len() == right.len()) {
        is_found = true;
        left.into_iter().zip(right).for_each(|(left, right)| pairing.put(Pair { left, right }));
    }
    if is_found { Alike::default() } else { alike }
}

/// What a packet that was changed on its way still has in common with what it was. Tried in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Common {
    /// All but what it carries.
    ButPayload,
    /// The place in its stream; of others the identification.
    Place,
}

/// Pairs what was changed on the way, or cut by a capture: within pairs of conversations, by what is left of it.
pub(super) fn pair_within(points: [&Point; 2], pairing: &mut Pairing) {
    let has_senders = have_senders(points);
    // What is usual takes a look at every pair: it is asked for where something is left over.
    let mut usual = None;
    for common in [Common::ButPayload, Common::Place] {
        let mut found: HashMap<(u32, bool, [u64; 2]), Alike, RandomState> = HashMap::default();
        for (side, point) in points.into_iter().enumerate() {
            for (place, sighting) in (0..).zip(&point.sightings) {
                if !pairing.is_free(side, place) || sighting.is_incomplete() {
                    continue;
                }
                let (Some(pair), reverse) = direction(pairing, side, sighting) else { continue };
                let Some([first, second]) = common_key(pairing, side, sighting, (pair, reverse), common) else { continue };
                let sender = has_senders.then(|| sender_on_link(point, sighting)).flatten();
                let key = [first ^ sender.unwrap_or_default(), second];
                found.entry((pair, reverse, key)).or_default()[side].push(place);
            }
        }
        let mut groups: Vec<_> = found.into_iter().filter(|(_, lists)| lists.iter().all(|list| !list.is_empty())).collect();
        groups.sort_unstable_by_key(|(key, _)| *key);
        for ((pair, reverse, _), lists) in groups {
            let usual = usual.get_or_insert_with(|| Usual::of(points, pairing));
            align(points, pairing, &lists, usual.later((Some(pair), reverse)));
        }
    }
    pair_incomplete(points, pairing);
}

fn common_key(pairing: &Pairing, side: usize, sighting: &Sighting, (pair, reverse): (u32, bool), common: Common) -> Option<[u64; 2]> {
    // Numbers of the left point are moved to where the right one has them.
    let moved = |number: u32, is_answer: bool| {
        if side == 0 { number.wrapping_add(pairing.shift_at(pair, is_answer, number)) } else { number }
    };
    let flags = u64::from(telling_flags(sighting));
    let length = u64::from(sighting.length);
    if sighting.is_tcp() {
        let sequence = u64::from(moved(sighting.sequence, reverse));
        let acknowledgement = if sighting.acknowledges() { moved(sighting.acknowledgement, !reverse) } else { 0 };
        return match common {
            Common::ButPayload => Some([sequence << 32 | u64::from(acknowledgement), length << 16 | flags]),
            Common::Place => (sighting.sequence_length() > 0 || sighting.is_reset()).then_some([sequence, length << 16 | flags & 0x007]),
        };
    }
    let labels = u64::from(sighting.sequence) << 32 | u64::from(sighting.acknowledgement);
    let has_labels = sighting.protocol != 17 || sighting.acknowledgement != 0;
    match common {
        Common::ButPayload if has_labels => Some([labels, flags << 8 | u64::from(sighting.protocol)]),
        Common::ButPayload => Some([labels, length << 32 | flags]),
        Common::Place => (sighting.identification != 0 && !sighting.is_version_6()).then_some([u64::from(sighting.identification), flags]),
    }
}

/// Finds datagrams at the other point that lack fragments at this one: by the identification that all fragments share, the hosts or the
/// conversation, and the time.
fn pair_incomplete(points: [&Point; 2], pairing: &mut Pairing) {
    /// How far they may come from when they are expected: one waits for its last fragment, the other for the end.
    const SECOND: u64 = 1_000_000_000;
    let mut usual = None;
    let known = |pairing: &Pairing, side: usize, one: &Sighting| pairing.conversation_of(side, one);
    for side in 0..2 {
        let other = 1 - side;
        let lacks = |(place, one): &(u32, &Sighting)| one.is_incomplete() && pairing.is_free(side, *place);
        let lacking: Vec<u32> = (0..).zip(&points[side].sightings).filter(lacks).map(|(place, _)| place).collect();
        if lacking.is_empty() {
            continue;
        }
        let mut free: HashMap<(u8, u32, bool), Vec<u32>, RandomState> = HashMap::default();
        for (place, one) in (0..).zip(&points[other].sightings) {
            if pairing.is_free(other, place) && one.identification != 0 && (!one.is_version_6() || one.pieces > 1 || one.is_incomplete()) {
                free.entry((one.protocol, one.identification, one.is_version_6())).or_default().push(place);
            }
        }
        for place in lacking {
            let Some(one) = of(points, side, place) else { continue };
            let candidates = free.get(&(one.protocol, one.identification, one.is_version_6())).map(Vec::as_slice).unwrap_or_default();
            let usual = usual.get_or_insert_with(|| Usual::of(points, pairing));
            let later = usual.later(direction(pairing, side, one)).map_or(0, |later| later.usual());
            let later = if side == 0 { later } else { later.saturating_neg() };
            let fits = |candidate: &Sighting| {
                let apart = candidate.timestamp().zip(one.timestamp()).map_or(0, |(there, here)| there.since(here).abs_diff(later));
                let (own, theirs) = (known(pairing, side, one), known(pairing, other, candidate));
                let ends: [Option<[Endpoint; 2]>; 2] = [points[side].ends_of(one), points[other].ends_of(candidate)];
                let same = own.is_some() && own == theirs || own.is_none() && (ends[0].is_none() || ends[0] == ends[1]);
                same && apart < SECOND
            };
            let near =
                candidates.iter().take(64).find(|place| pairing.is_free(other, **place) && of(points, other, **place).is_some_and(fits));
            let Some(opposite) = near.copied() else { continue };
            pairing.put(if side == 0 { Pair { left: place, right: opposite } } else { Pair { left: opposite, right: place } });
        }
    }
}
