//! Connections that something between took and began anew: found by what was said in them.

use super::{ConversationPair, Found, Opposite, Pairing, keys};
use crate::conversation::Kind;
use crate::diff::Digest;
use crate::diff::point::{Point, SeenConversation};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many bytes have to be the same for two connections to be taken for one.
const LEAST: u64 = 16;
/// How many where they are all that was said, and the connections have no address in common.
const MANY: u64 = 256;
/// How many where they are only what was said first, of both sides, and the connections have no address in common.
const VERY_MANY: u64 = 1_024;
/// How many connections that begin alike are all compared with each other; of more, each with those near its place in the order.
const ALIKE: usize = 64;
const NEAR: usize = 8;
/// How long after the end of one connection the other may begin, in nanoseconds.
const BETWEEN: i64 = 2_000_000_000;

/// What one direction of a connection carried.
#[derive(Debug, Default)]
struct Carried {
    /// From its beginning to borders of its segments, and the segments' places.
    beginnings: Vec<(Digest, u32)>,
    /// From its beginning to where something is missing, or to its end.
    all: Digest,
    /// Whether nothing is missing.
    is_whole: bool,
    /// The place of its FIN, and how many bytes were sent before that.
    end: Option<(u32, u32)>,
}

impl Carried {
    /// Whether everything is there, to the end.
    fn is_ended(&self) -> bool {
        self.is_whole && self.end.is_some_and(|(_, length)| u64::from(length) == self.all.length)
    }
}

type Connections = BTreeMap<u32, [Carried; 2]>;

/// Pairs connections of TCP that are left over: those that carried the same in the order of their times, then those that have the longest
/// beginning in common.
pub(super) fn pair_relayed(points: [&Point; 2], pairing: &mut Pairing) {
    let sides = [0, 1].map(|side| connections(points[side], pairing, side, |pair| pair.is_none()));
    if sides.iter().any(BTreeMap::is_empty) {
        return;
    }
    let bounds = Plausible { points, later: later(points, pairing) };
    let mut taken: [HashSet<u32, RandomState>; 2] = Default::default();
    let mut found = equal(&sides, &bounds);
    for (left, right) in &found {
        taken[0].insert(*left);
        taken[1].insert(*right);
    }
    for (left, right) in beginning_alike(&sides, &taken, &bounds) {
        if !taken[0].contains(&left) && !taken[1].contains(&right) {
            taken[0].insert(left);
            taken[1].insert(right);
            found.push((left, right));
        }
    }
    for (left, right) in found {
        pairing.join(ConversationPair::new(left, right, false, Found::Content));
    }
}

/// How much later packets come at the right point that cannot be at both by chance: half of them later than this.
fn later(points: [&Point; 2], pairing: &Pairing) -> Option<i64> {
    let telling = pairing.sightings(points[0], points[1]).filter(|[left, right]| keys::telling(left, right) != keys::Telling::Nothing);
    let mut later: Vec<i64> = telling.filter_map(|[left, right]| Some(right.timestamp()?.since(left.timestamp()?))).collect();
    later.sort_unstable();
    later.get(later.len() / 2).copied()
}

/// Whether one connection can be the other one.
struct Plausible<'a> {
    points: [&'a Point; 2],
    later: Option<i64>,
}

impl Plausible<'_> {
    fn seen(&self, left: u32, right: u32) -> Option<[&SeenConversation; 2]> {
        Some([self.points[0].conversations.get(left as usize)?, self.points[1].conversations.get(right as usize)?])
    }

    /// By how much the left one ends before the right one begins, and the other way round, in nanoseconds by one clock.
    fn apart(&self, left: u32, right: u32) -> Option<[i64; 2]> {
        let [one, other] = self.seen(left, right)?;
        let later = self.later?;
        let [[begin, end], [there, there_end]] = [[one.times[0]?, one.times[1]?], [other.times[0]?, other.times[1]?]];
        Some([there.since(end).saturating_sub(later), begin.since(there_end).saturating_add(later)])
    }

    fn meet(&self, left: u32, right: u32) -> bool {
        self.too_far_apart(left, right) == [false; 2]
    }

    /// Whether the left one ended too long before the right one began, and the other way round. Where one of them began while the other capture
    /// was not running they are one only if they were open together, or who was asked in one asks in the other: else that capture is not known
    /// to hold what the one was sent on in.
    fn too_far_apart(&self, left: u32, right: u32) -> [bool; 2] {
        let most = if self.goes_on(left, right) || self.were_both_running(left, right) { BETWEEN } else { 0 };
        self.apart(left, right).map_or([false; 2], |apart| apart.map(|apart| apart > most))
    }

    fn goes_on(&self, left: u32, right: u32) -> bool {
        let ends = self.seen(left, right).map(|two| two.map(|one| one.ends.map(|end| end.address)));
        ends.is_some_and(|[one, other]| one[1] == other[0] || other[1] == one[0])
    }

    /// Whether both captures were running when each of two connections began.
    fn were_both_running(&self, left: u32, right: u32) -> bool {
        let running = || {
            let later = self.later?;
            let [one, other] = self.seen(left, right)?;
            let [[begin, end], [there, there_end]] = [self.points[0].times()?, self.points[1].times()?];
            let (one, other) = (one.times[0]?, other.times[0]?);
            let is_left_seen = one.since(there).saturating_add(later) >= 0 && one.since(there_end).saturating_add(later) <= 0;
            let is_right_seen = other.since(begin).saturating_sub(later) >= 0 && other.since(end).saturating_sub(later) <= 0;
            Some(is_left_seen && is_right_seen)
        };
        running().unwrap_or(true)
    }

    /// Whether a client connected to one service twice: the same hosts and the same port, and nothing tells that both captures ran at once.
    fn is_again(&self, left: u32, right: u32) -> bool {
        let Some([one, other]) = self.seen(left, right).filter(|_| self.later.is_none()) else { return false };
        let is_same = one.ends[0].address == other.ends[0].address && one.ends[1] == other.ends[1];
        let times = |one: &SeenConversation| Some([one.times[0]?, one.times[1]?]);
        let are_apart = times(one)
            .zip(times(other))
            .is_none_or(|([begin, end], [there, there_end])| there.since(end) > 0 || begin.since(there_end) > 0);
        is_same && are_apart
    }

    /// Whether one was open while the other one was, by one clock.
    fn are_together(&self, left: u32, right: u32) -> bool {
        self.apart(left, right).is_some_and(|apart| apart.iter().all(|apart| *apart <= 0))
    }

    fn share_an_address(&self, left: u32, right: u32) -> bool {
        self.seen(left, right)
            .is_some_and(|[one, other]| one.ends.iter().any(|end| other.ends.iter().any(|there| there.address == end.address)))
    }

    /// How far apart they begin, in nanoseconds by one clock.
    fn begin_apart(&self, left: u32, right: u32) -> u64 {
        let times = self.seen(left, right).map(|two| two.map(|one| one.times[0]));
        match (times, self.later) {
            (Some([Some(one), Some(other)]), Some(later)) => other.since(one).saturating_sub(later).unsigned_abs(),
            (_, _) => 0,
        }
    }
}

/// Connections that carried the same in both directions, in the order of their times.
fn equal(sides: &[Connections; 2], bounds: &Plausible<'_>) -> Vec<(u32, u32)> {
    let mut groups: BTreeMap<[Digest; 2], [Vec<u32>; 2]> = BTreeMap::new();
    for (side, connections) in sides.iter().enumerate() {
        for (place, directions) in connections {
            let all = directions.each_ref().map(|direction| direction.all);
            if directions.iter().all(|direction| direction.is_whole) && all[0].length + all[1].length >= LEAST {
                groups.entry(all).or_default()[side].push(*place);
            }
        }
    }
    let mut found = Vec::new();
    for (all, [lefts, rights]) in groups {
        let are_many = all[0].length + all[1].length >= MANY;
        let (mut lefts, mut rights) = (lefts.into_iter().peekable(), rights.into_iter().peekable());
        while let (Some(left), Some(right)) = (lefts.peek().copied(), rights.peek().copied()) {
            let [is_before, is_behind] = bounds.too_far_apart(left, right);
            if !is_before && !is_behind && !bounds.is_again(left, right) && (are_many || bounds.share_an_address(left, right)) {
                found.push((left, right));
            }
            // One that ended before the other began waits for nothing more.
            lefts.next_if(|_| !is_behind);
            rights.next_if(|_| !is_before);
        }
    }
    found
}

/// Connections that have beginnings in common, those first that have the most.
fn beginning_alike(sides: &[Connections; 2], taken: &[HashSet<u32, RandomState>; 2], bounds: &Plausible<'_>) -> Vec<(u32, u32)> {
    // Who begins so, in each direction, in the order of the conversations.
    let mut alike: HashMap<(usize, Digest), [Vec<u32>; 2], RandomState> = HashMap::default();
    for (side, connections) in sides.iter().enumerate() {
        for (place, directions) in connections.iter().filter(|(place, _)| !taken[side].contains(*place)) {
            for (direction, carried) in directions.iter().enumerate() {
                for (digest, _) in &carried.beginnings {
                    alike.entry((direction, *digest)).or_default()[side].push(*place);
                }
            }
        }
    }
    let mut common: HashMap<(u32, u32), [u64; 2], RandomState> = HashMap::default();
    for ((direction, digest), [lefts, rights]) in &alike {
        let near = if lefts.len().max(rights.len()) > ALIKE { NEAR } else { ALIKE };
        for (rank, left) in lefts.iter().enumerate() {
            let around = rights.get(rank.saturating_sub(near)..rights.len().min(rank + near)).unwrap_or_default();
            for right in around {
                let longest = &mut common.entry((*left, *right)).or_default()[*direction];
                *longest = digest.length.max(*longest);
            }
        }
    }
    let is_plausible = |&(&(left, right), &[asked, answered]): &(&(u32, u32), &[u64; 2])| {
        let bytes = asked.saturating_add(answered);
        // What was asked may have been given another head on its way.
        let is_answer = answered >= VERY_MANY && bounds.are_together(left, right);
        let is_much = asked > 0 && answered > 0 && bytes >= VERY_MANY || is_answer;
        bytes >= LEAST && bounds.meet(left, right) && !bounds.is_again(left, right) && (is_much || bounds.share_an_address(left, right))
    };
    let mut candidates: Vec<(u64, u32, u32)> =
        common.iter().filter(is_plausible).map(|(&(left, right), [asked, answered])| (asked + answered, left, right)).collect();
    // Of those that have as much in common, the ones that begin together, or stand at the same place of the order.
    candidates.sort_by_cached_key(|&(bytes, left, right)| {
        (std::cmp::Reverse(bytes), bounds.begin_apart(left, right), left.abs_diff(right), left.min(right), left)
    });
    candidates.into_iter().map(|(_, left, right)| (left, right)).collect()
}

/// What connections of a point carried: those whose pair is wanted.
fn connections(point: &Point, pairing: &Pairing, side: usize, is_wanted: impl Fn(Option<u32>) -> bool) -> Connections {
    let mut found = Connections::new();
    let mut pieces: Vec<(u32, usize, u32, u32)> = Vec::new();
    for (place, sighting) in (0..).zip(&point.sightings) {
        let pair = pairing.of_conversation.get(side).and_then(|list| list.get(sighting.conversation as usize)).copied();
        let is_new = sighting.length > 0 || sighting.is_fin();
        if !sighting.is_tcp() || !is_new || !pair.is_some_and(&is_wanted) || pairing.opposite(side, place) != Opposite::Nothing {
            continue;
        }
        let Some(one) = point.conversations.get(sighting.conversation as usize).filter(|one| one.kind == Kind::Tcp) else { continue };
        let from = sighting.from().index();
        let Some(initial) = one.initial.get(from).copied().flatten() else { continue };
        let start = sighting.sequence.wrapping_sub(initial).wrapping_sub(1);
        if sighting.is_fin() {
            found.entry(sighting.conversation).or_default()[from].end = Some((place, start.wrapping_add(sighting.length)));
        }
        if sighting.length > 0 {
            pieces.push((sighting.conversation, from, start, place));
        }
    }
    pieces.sort_unstable();
    for direction in pieces.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some(&(conversation, from, ..)) = direction.first() else { continue };
        let carried = &mut found.entry(conversation).or_default()[from];
        carried.is_whole = true;
        for &(_, _, start, place) in direction {
            let payload = point.sightings.get(place as usize).and_then(|one| one.payload());
            let is_next = u64::from(start) == carried.all.length;
            carried.is_whole &= u64::from(start) <= carried.all.length && (!is_next || payload.is_some());
            if !carried.is_whole {
                break;
            }
            let Some(payload) = payload.filter(|_| is_next) else { continue };
            carried.all = point.digester.joined(carried.all, payload);
            if carried.beginnings.len() < Limits::CONTENT_BORDERS {
                carried.beginnings.push((carried.all, place));
            }
        }
    }
    // Who sends nothing leaves nothing out.
    for carried in found.values_mut().flatten().filter(|carried| carried.beginnings.is_empty() && carried.all.length == 0) {
        carried.is_whole = carried.end.is_none_or(|(_, length)| length == 0);
    }
    found
}

/// A direction of a connection that was sent on otherwise than it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diff) struct SentOn {
    /// The index of its pair in [`Pairing::conversations`].
    pub(in crate::diff) conversation: u32,
    /// Whether the responder sent it.
    pub(in crate::diff) is_answer: bool,
    /// All of it, left and right.
    pub(in crate::diff) all: [Digest; 2],
    /// How many bytes are the same, at least.
    pub(in crate::diff) same: u64,
    /// The places of the first segments that are not, left and right.
    pub(in crate::diff) places: [u32; 2],
}

/// What a relay changed, of connections that both points saw to their end.
pub(in crate::diff) fn sent_on_otherwise(points: [&Point; 2], pairing: &Pairing) -> Vec<SentOn> {
    let is_relayed = |pair: Option<u32>| {
        pair.and_then(|index| pairing.conversations.get(index as usize)).is_some_and(|pair| pair.found == Found::Content)
    };
    if !pairing.conversations.iter().any(|pair| pair.found == Found::Content) {
        return Vec::new();
    }
    let sides = [0, 1].map(|side| connections(points[side], pairing, side, is_relayed));
    let mut found = Vec::new();
    for (index, pair) in (0..).zip(&pairing.conversations).filter(|(_, pair)| pair.found == Found::Content) {
        let (Some(left), Some(right)) = (sides[0].get(&pair.left), sides[1].get(&pair.right)) else { continue };
        for (from, both) in left.iter().zip(right).map(|(left, right)| [left, right]).enumerate() {
            if both[0].all == both[1].all || !both.iter().all(|carried| carried.is_ended()) {
                continue;
            }
            let known = both.map(|carried| carried.beginnings.iter().map(|(digest, _)| *digest).collect::<HashSet<Digest>>());
            let same = known[0].intersection(&known[1]).map(|digest| digest.length).max().unwrap_or_default();
            let place = |side: usize| {
                let carried = both[side];
                let other = carried.beginnings.iter().find(|(digest, _)| digest.length > same).or(carried.beginnings.last());
                other.map(|(_, place)| *place).or(carried.end.map(|(place, _)| place))
            };
            let (Some(left), Some(right)) = (place(0), place(1)) else { continue };
            let all = both.map(|carried| carried.all);
            found.push(SentOn { conversation: index, is_answer: from == 1, all, same, places: [left, right] });
        }
    }
    found
}
