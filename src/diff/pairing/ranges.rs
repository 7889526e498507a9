//! Bytes of a stream that were cut into other segments: found by their place, compared by digests of what lies between common borders.

use super::{Pairing, Recut};
use crate::diff::Digest;
use crate::diff::point::{Point, Sighting};

/// A segment that is not found at the other point as it is.
#[derive(Clone, Copy, Debug)]
struct Segment {
    place: u32,
    /// Where it begins in the stream, counted from the lowest place of both points.
    start: u32,
    end: u32,
    time: i64,
}

/// Pairs what lies between common borders in each direction of each pair of conversations.
pub(super) fn pair_recut(points: [&Point; 2], pairing: &mut Pairing) {
    let mut free: Vec<(u32, bool, usize, u32)> = Vec::new();
    for (side, point) in points.into_iter().enumerate() {
        for (place, sighting) in (0..).zip(&point.sightings) {
            if sighting.is_tcp() && sighting.length > 0 && pairing.is_free(side, place) {
                let Some((index, is_reverse)) = pairing.direction(side, sighting) else { continue };
                free.push((index, is_reverse, side, place));
            }
        }
    }
    free.sort_unstable();
    for group in free.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some(&(index, reverse, ..)) = group.first() else { continue };
        let shift = pairing.conversations.get(index as usize).map_or(0, |pair| pair.shift[usize::from(reverse)]);
        let mut lists: [Vec<Segment>; 2] = Default::default();
        let base =
            group.first().and_then(|(.., side, place)| points[*side].sightings.get(*place as usize).map(|one| moved(one, *side, shift)));
        let Some(base) = base else { continue };
        for (_, _, side, place) in group {
            let Some(sighting) = points[*side].sightings.get(*place as usize) else { continue };
            // Half of the numbers lie before the first of them.
            let start = moved(sighting, *side, shift).wrapping_sub(base) ^ 1 << 31;
            let Some(end) = start.checked_add(sighting.length) else { continue };
            let time = sighting.timestamp().map_or(0, |time| time.nanoseconds());
            lists[*side].push(Segment { place: *place, start, end, time });
        }
        for recut in common(points, lists) {
            pairing.put_recut(recut);
        }
    }
}

fn moved(sighting: &Sighting, side: usize, shift: u32) -> u32 {
    if side == 0 { sighting.sequence.wrapping_add(shift) } else { sighting.sequence }
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
            found.push(Recut { places: parts.map(|part| part.iter().map(|one| one.place).collect()), is_same });
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
