//! Bytes of a stream that were cut into other segments: found by their place, compared by digests.

use super::{Edit, Pair, Pairing, Recut};
use crate::diff::Digest;
use crate::diff::point::Point;
use std::collections::HashSet;

/// How many longer segments are looked at for the one that a segment was cut from.
const SEARCHED: usize = 64;

/// A segment that is not found at the other point as it is.
#[derive(Clone, Copy, Debug)]
struct Segment {
    place: u32,
    /// Where it begins in the stream; 2^31 is the first place that was looked at.
    start: u32,
    end: u32,
    time: i64,
}

/// Pairs in each direction of each pair of conversations what was cut from one segment or joined in one, and what lies between common
/// borders. Gives whether numbers between such borders are others.
pub(super) fn pair_recut(points: [&Point; 2], pairing: &mut Pairing) -> bool {
    let mut free: Vec<(u32, bool, usize, u32)> = Vec::new();
    for (side, point) in points.into_iter().enumerate() {
        for (place, sighting) in (0..).zip(&point.sightings) {
            if sighting.is_tcp() && sighting.length > 0 && pairing.is_free(side, place) {
                let (Some(index), reverse) = super::times::direction(pairing, side, sighting) else { continue };
                free.push((index, reverse, side, place));
            }
        }
    }
    free.sort_unstable();
    let before = pairing.edits.len();
    for group in free.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some(&(index, reverse, first_side, first_place)) = group.first() else { continue };
        // Where the right point has it.
        let moved = |side: usize, number: u32| {
            if side == 0 { number.wrapping_add(pairing.shift_at(index, reverse, number)) } else { number }
        };
        let Some(base) = points[first_side].sightings.get(first_place as usize).map(|one| moved(first_side, one.sequence)) else {
            continue;
        };
        let mut lists: [Vec<Segment>; 2] = Default::default();
        for (_, _, side, place) in group {
            let Some(sighting) = points[*side].sightings.get(*place as usize) else { continue };
            // Half of the numbers lie before the first of them.
            let start = moved(*side, sighting.sequence).wrapping_sub(base) ^ 1 << 31;
            let Some(end) = start.checked_add(sighting.length) else { continue };
            let time = sighting.timestamp().map_or(0, |time| time.nanoseconds());
            lists[*side].push(Segment { place: *place, start, end, time });
        }
        let mut found = cut_or_joined(points, &mut lists);
        found.extend(common(points, lists));
        for recut in found {
            if were_rewritten(points, &recut) {
                put_rewritten(points, pairing, (index, reverse), &recut);
            } else {
                pairing.put_recut(recut);
            }
        }
    }
    pairing.edits.len() > before
}

/// Whether something between wrote segments anew one by one, which only together are as long as they were: their sender counts them the same.
fn were_rewritten(points: [&Point; 2], recut: &Recut) -> bool {
    let [left, right] = &recut.places;
    let counts = |side: usize, place: u32| {
        let one = points[side].sightings.get(place as usize)?;
        (!one.is_version_6() && one.identification != 0).then_some(one.identification)
    };
    let is_one = |(left, right): (&u32, &u32)| counts(0, *left).is_some_and(|count| counts(1, *right) == Some(count));
    recut.is_same == Some(false) && left.len() == right.len() && left.iter().zip(right).all(is_one)
}

/// Pairs such segments, and says where the numbers between them are others.
fn put_rewritten(points: [&Point; 2], pairing: &mut Pairing, (conversation, is_answer): (u32, bool), recut: &Recut) {
    let [left, right] = &recut.places;
    for (left, right) in left.iter().zip(right).map(|(left, right)| (*left, *right)) {
        pairing.put(Pair { left, right });
        let packets = [points[0].sightings.get(left as usize), points[1].sightings.get(right as usize)];
        if let [Some(one), Some(other)] = packets {
            let behind = [one, other].map(|one| one.sequence.wrapping_add(one.sequence_length()));
            pairing.insert_edit(Edit { conversation, is_answer, behind });
        }
    }
}

/// The segments of one side that lie in a longer one of the other: each belongs to the one whose time is nearest, for what was sent again may
/// have been cut again. What is found is taken from the lists.
fn cut_or_joined(points: [&Point; 2], lists: &mut [Vec<Segment>; 2]) -> Vec<Recut> {
    lists.iter_mut().for_each(|list| list.sort_unstable_by_key(|one| (one.start, std::cmp::Reverse(one.end), one.time, one.place)));
    let usual = usual_difference(lists);
    let mut found = Vec::new();
    for whole in 0..2 {
        let part = 1 - whole;
        let mut parts: Vec<(usize, Segment)> = Vec::new();
        for segment in &lists[part] {
            let behind = lists[whole].partition_point(|one| one.start <= segment.start);
            let candidates = (behind.saturating_sub(SEARCHED)..behind).filter_map(|at| Some((at, lists[whole].get(at)?)));
            let holding = candidates.filter(|(_, one)| one.end >= segment.end && one.end - one.start > segment.end - segment.start);
            let later = if whole == 0 { usual } else { usual.saturating_neg() };
            let nearest = holding.min_by_key(|(_, one)| segment.time.saturating_sub(one.time).abs_diff(later));
            parts.extend(nearest.map(|(at, _)| (at, *segment)));
        }
        parts.sort_unstable_by_key(|(at, one)| (*at, one.start, one.time, one.place));
        let inside: HashSet<u32> = parts.iter().map(|(_, one)| one.place).collect();
        let across: Vec<Segment> = lists[part].iter().filter(|one| !inside.contains(&one.place)).copied().collect();
        let mut taken: [HashSet<u32>; 2] = Default::default();
        for group in parts.chunk_by(|one, other| one.0 == other.0) {
            let Some(one) = group.first().and_then(|(at, _)| lists[whole].get(*at)).copied() else { continue };
            let segments: Vec<Segment> = group.iter().map(|(_, segment)| *segment).collect();
            let recut = recut_of(points, whole, one, &segments);
            // What lies across the border of a longer segment has its bytes: none of them is missing.
            if recut.holes.iter().any(|[begin, length]| is_covered(&across, one.start + begin, one.start + begin + length)) {
                continue;
            }
            taken[whole].insert(one.place);
            taken[part].extend(segments.iter().map(|segment| segment.place));
            found.push(recut);
        }
        for (list, taken) in lists.iter_mut().zip(&taken) {
            list.retain(|one| !taken.contains(&one.place));
        }
    }
    found
}

/// Whether any of these segments, in the order of the stream, has some of the bytes.
fn is_covered(segments: &[Segment], start: u32, end: u32) -> bool {
    let before = segments.partition_point(|one| one.start < end);
    segments.get(before.saturating_sub(SEARCHED)..before).unwrap_or_default().iter().any(|one| one.end > start)
}

/// How much later the right side's segments come that begin where one of the left does: the middle of it.
fn usual_difference(lists: &[Vec<Segment>; 2]) -> i64 {
    let mut differences: Vec<i64> = Vec::new();
    let mut right = lists[1].iter().peekable();
    for one in &lists[0] {
        while right.next_if(|other| other.start < one.start).is_some() {}
        differences.extend(right.peek().filter(|other| other.start == one.start).map(|other| other.time.saturating_sub(one.time)));
    }
    differences.sort_unstable();
    differences.get(differences.len() / 2).copied().unwrap_or_default()
}

/// One segment opposite those that it was cut into, with what is missing among them.
fn recut_of(points: [&Point; 2], whole: usize, one: Segment, segments: &[Segment]) -> Recut {
    let mut holes = Vec::new();
    let (mut reached, mut is_single) = (one.start, true);
    for segment in segments {
        if segment.start > reached {
            holes.push([reached - one.start, segment.start - reached]);
        }
        is_single &= segment.start == reached;
        reached = reached.max(segment.end);
    }
    if reached < one.end {
        holes.push([reached - one.start, one.end - reached]);
    }
    let is_same = (holes.is_empty() && is_single).then(|| digest_of(points[whole], &[one]).zip(digest_of(points[1 - whole], segments)));
    let mut places = [vec![one.place], segments.iter().map(|segment| segment.place).collect()];
    if whole == 1 {
        places.swap(0, 1);
    }
    Recut { places, is_same: is_same.flatten().map(|(left, right)| left == right), holes }
}

/// The shortest stretches that begin and end together in both lists and have no hole in either.
fn common(points: [&Point; 2], lists: [Vec<Segment>; 2]) -> Vec<Recut> {
    let [left, right] = lists.map(in_order);
    let mut found = Vec::new();
    let (mut from_left, mut from_right) = (0, 0);
    while let (Some(first), Some(second)) = (left.get(from_left), right.get(from_right)) {
        if first.start != second.start {
            if first.start < second.start {
                from_left += 1;
            } else {
                from_right += 1;
            }
            continue;
        }
        let (mut to_left, mut to_right) = (from_left, from_right);
        let (mut end_left, mut end_right) = (first.end, second.end);
        let whole = loop {
            if end_left == end_right {
                break true;
            }
            let (list, to, end) =
                if end_left < end_right { (&left, &mut to_left, &mut end_left) } else { (&right, &mut to_right, &mut end_right) };
            match list.get(*to + 1).filter(|next| next.start == *end) {
                Some(next) => {
                    *to += 1;
                    *end = next.end;
                }
                None => break false,
            }
        };
        if whole {
            let parts = [left.get(from_left..=to_left), right.get(from_right..=to_right)].map(Option::unwrap_or_default);
            let digests = [0, 1].map(|side| digest_of(points[side], parts[side]));
            let is_same = digests[0].zip(digests[1]).map(|(left, right)| left == right);
            found.push(Recut { places: parts.map(|part| part.iter().map(|one| one.place).collect()), is_same, holes: Vec::new() });
        }
        from_left = to_left + 1;
        from_right = to_right + 1;
    }
    found
}

/// In the order of the stream. Of segments that begin at the same place the last one counts, as those before it were lost or came to
/// nothing; one that lies in another is left out.
fn in_order(mut list: Vec<Segment>) -> Vec<Segment> {
    list.sort_unstable_by_key(|one| (one.start, std::cmp::Reverse(one.end), std::cmp::Reverse(one.time), one.place));
    let mut kept: Vec<Segment> = Vec::with_capacity(list.len());
    for segment in list {
        if kept.last().is_none_or(|last| segment.start >= last.end) {
            kept.push(segment);
        }
    }
    kept
}

fn digest_of(point: &Point, segments: &[Segment]) -> Option<Digest> {
    segments.iter().try_fold(Digest::default(), |before, one| {
        let payload = point.sightings.get(one.place as usize)?.payload()?;
        Some(point.digester.joined(before, payload))
    })
}
