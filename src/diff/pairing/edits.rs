//! Streams that something between made longer or shorter: it wrote an address, a command or a header anew, and moves every number behind it
//! (RFC 3022 section 4.4 asks that of translators for FTP).
//!
//! Behind such a place nothing has its number, and everything is there: the same segments, all of them moved by as much.

use super::times::direction;
use super::{Edit, Pair, Pairing, Recut};
use crate::diff::Digest;
use crate::diff::point::Point;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// How many segments behind such a place are looked at for the first that is the same again.
const SEARCHED: usize = 16;

/// A segment that carries something, or the end, and stands opposite nothing.
#[derive(Clone, Copy, Debug)]
struct Piece {
    place: u32,
    /// Where it begins and ends in the stream, by the right point's numbers before anything was moved; 2^31 is where the first of them begins.
    start: u32,
    end: u32,
    /// Its sequence number.
    sequence: u32,
    payload: Option<Digest>,
    is_fin: bool,
    /// What its sender counts up; 0 where it counts nothing.
    identification: u32,
}

impl Piece {
    fn is_same(&self, other: &Self) -> bool {
        self.is_fin == other.is_fin && self.payload.is_some() && self.payload == other.payload
    }

    /// Whether its sender says that it is another packet.
    fn is_another(&self, other: &Self) -> bool {
        self.identification != other.identification && self.identification != 0 && other.identification != 0
    }

    fn length(&self) -> u32 {
        self.end - self.start
    }
}

/// What is known of one direction of a pair of conversations.
#[derive(Debug, Default)]
struct Stream {
    /// How much greater the right point's numbers are in the beginning.
    shift: u32,
    /// The number that is 2^31 among the places.
    base: u32,
    pieces: [Vec<Piece>; 2],
    /// Up to where both points have the same numbers.
    settled: u32,
    /// What is acknowledged at each point.
    acknowledged: [HashSet<u32, RandomState>; 2],
}

impl Stream {
    /// The place of a number in the stream.
    fn at(&self, side: usize, number: u32) -> u32 {
        number.wrapping_add(if side == 0 { self.shift } else { 0 }).wrapping_sub(self.base) ^ 1 << 31
    }
}

type Streams = HashMap<(u32, bool), Stream, RandomState>;

/// Finds where streams were made longer or shorter, and pairs what was. Gives whether there is such a place.
pub(super) fn pair_edited(points: [&Point; 2], pairing: &mut Pairing) -> bool {
    let mut streams = streams(points, pairing);
    if streams.is_empty() {
        return false;
    }
    settle(points, pairing, &mut streams);
    let mut directions: Vec<(u32, bool)> = streams.keys().copied().collect();
    directions.sort_unstable();
    let before = pairing.edits.len();
    for (conversation, is_answer) in directions {
        let Some(stream) = streams.get_mut(&(conversation, is_answer)) else { continue };
        for found in places(stream) {
            let behind = found.behind;
            pairing.edits.push(Edit { conversation, is_answer, behind });
            match found.places {
                [left, right] if left.len() == 1 && right.len() == 1 => {
                    left.into_iter().zip(right).for_each(|(left, right)| pairing.put(Pair { left, right }));
                }
                places if places.iter().all(|places| !places.is_empty()) => {
                    pairing.put_recut(Recut { places, is_same: Some(false), holes: Vec::new() });
                }
                // What was only put in, or only taken out, stands opposite nothing.
                _ => {}
            }
        }
    }
    pairing.edits.len() > before
}

/// The directions in which both points have segments that stand opposite nothing.
fn streams(points: [&Point; 2], pairing: &Pairing) -> Streams {
    let mut free: Vec<(u32, bool, usize, u32)> = Vec::new();
    for (side, point) in points.into_iter().enumerate() {
        for (place, sighting) in (0..).zip(&point.sightings) {
            if pairing.is_free(side, place) && sighting.is_tcp() && !sighting.is_syn() && sighting.sequence_length() > 0 {
                let (Some(index), reverse) = direction(pairing, side, sighting) else { continue };
                free.push((index, reverse, side, place));
            }
        }
    }
    free.sort_unstable();
    let mut streams = Streams::default();
    for group in free.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        if first.2 == last.2 {
            continue;
        }
        let sighting = |side: usize, place: u32| points[side].sightings.get(place as usize);
        let shift = pairing.conversations.get(first.0 as usize).map_or(0, |pair| pair.shift[usize::from(first.1)]);
        let Some(base) = sighting(0, first.3).map(|one| one.sequence.wrapping_add(shift)) else { continue };
        let mut stream = Stream { shift, base, ..Stream::default() };
        for (_, _, side, place) in group {
            let Some(one) = sighting(*side, *place) else { continue };
            let start = stream.at(*side, one.sequence);
            let Some(end) = start.checked_add(one.sequence_length()) else { continue };
            let identification = if one.is_version_6() { 0 } else { one.identification };
            let piece =
                Piece { place: *place, start, end, sequence: one.sequence, payload: one.payload(), is_fin: one.is_fin(), identification };
            stream.pieces[*side].push(piece);
        }
        streams.insert((first.0, first.1), stream);
    }
    streams
}

/// Sees up to where both points have the same numbers, and what they acknowledge.
fn settle(points: [&Point; 2], pairing: &Pairing, streams: &mut Streams) {
    for [left, right] in pairing.sightings(points[0], points[1]).filter(|[left, right]| left.is_tcp() && right.is_tcp()) {
        let (Some(index), reverse) = direction(pairing, 0, left) else { continue };
        if let Some(stream) = streams.get_mut(&(index, reverse)).filter(|_| left.sequence_length() > 0) {
            let at = [stream.at(0, left.sequence), stream.at(1, right.sequence)];
            if at[0] == at[1] && left.sequence_length() == right.sequence_length() {
                stream.settled = stream.settled.max(at[0].saturating_add(left.sequence_length()));
            }
        }
        if let Some(stream) = streams.get_mut(&(index, !reverse)).filter(|_| left.acknowledges() && right.acknowledges()) {
            let at = [stream.at(0, left.acknowledgement), stream.at(1, right.acknowledgement)];
            if at[0] == at[1] {
                stream.settled = stream.settled.max(at[0]);
            }
        }
    }
    for (side, point) in points.into_iter().enumerate() {
        for sighting in point.sightings.iter().filter(|one| one.acknowledges()) {
            let (Some(index), reverse) = direction(pairing, side, sighting) else { continue };
            if let Some(stream) = streams.get_mut(&(index, !reverse)) {
                let at = stream.at(side, sighting.acknowledgement);
                stream.acknowledged[side].insert(at);
            }
        }
    }
}

/// A place where a stream was made longer or shorter.
struct Place {
    /// The segments that it is in, left and right.
    places: [Vec<u32>; 2],
    /// The sequence numbers behind it, left and right.
    behind: [u32; 2],
}

/// Goes along what both points have that stands opposite nothing, and sees where it is the same but moved.
fn places(stream: &mut Stream) -> Vec<Place> {
    let settled = stream.settled;
    let [left, right] = std::mem::take(&mut stream.pieces).map(|pieces| in_order(pieces, settled));
    let (mut from, mut moved, mut found) = ([0, 0], 0_u32, Vec::new());
    while let (Some(one), Some(other)) = (left.get(from[0]), right.get(from[1])) {
        let is_level = one.start.wrapping_add(moved) == other.start;
        if is_level && one.length() == other.length() {
            from = from.map(|at| at + 1);
            continue;
        }
        let Some(to) = next_same([&left, &right], from) else {
            if is_level {
                found.extend(last(stream, [&left, &right], from));
            }
            break;
        };
        let (Some(one), Some(other)) = (left.get(to[0]), right.get(to[1])) else { break };
        let then = other.start.wrapping_sub(one.start);
        if then != moved {
            let parts = [left.get(from[0]..to[0]), right.get(from[1]..to[1])].map(Option::unwrap_or_default);
            if !is_level || !parts.iter().zip([one, other]).all(|(part, next)| is_unbroken(part, next.start)) {
                break;
            }
            found.extend(of_parts(parts, [one.sequence, other.sequence]));
        }
        (from, moved) = (to, then);
    }
    found
}

/// In the order of the stream, from where numbers are not known to be the same. What was sent again is there once.
fn in_order(mut pieces: Vec<Piece>, settled: u32) -> Vec<Piece> {
    pieces.sort_unstable_by_key(|piece| (piece.start, piece.end, piece.place));
    let mut kept: Vec<Piece> = Vec::new();
    for piece in pieces {
        if piece.start >= settled && kept.last().is_none_or(|last| piece.start >= last.end) {
            kept.push(piece);
        }
    }
    kept
}

/// The next segments that are the same: those that the fewest others lie before, and of these the ones that their sender counts the same.
fn next_same(lists: [&[Piece]; 2], from: [usize; 2]) -> Option<[usize; 2]> {
    let near =
        |side: usize| (from[side]..lists[side].len().min(from[side] + SEARCHED)).filter_map(move |at| Some((at, lists[side].get(at)?)));
    let same = near(0).flat_map(|(left, one)| near(1).map(move |(right, other)| ([left, right], one, other)));
    let same = same.filter(|(_, one, other)| one.is_same(other));
    let nearest = same.min_by_key(|([left, right], one, other)| {
        let [first, second] = [left - from[0], right - from[1]];
        (one.is_another(other), first + second, first.abs_diff(second), first)
    });
    nearest.map(|(at, ..)| at)
}

/// Whether pieces follow each other without a hole, up to a place.
fn is_unbroken(pieces: &[Piece], end: u32) -> bool {
    let ends = pieces.iter().map(|piece| piece.end);
    let begins = pieces.iter().skip(1).map(|piece| piece.start).chain([end]);
    ends.zip(begins).all(|(end, begin)| end == begin)
}

/// What is left where nothing comes behind it: each point's receiver acknowledges as much as the point has, and not what the other has.
fn last(stream: &Stream, lists: [&[Piece]; 2], from: [usize; 2]) -> Vec<Place> {
    let parts = [0, 1].map(|side| lists[side].get(from[side]..).unwrap_or_default());
    let [Some(end), Some(other_end)] = parts.map(<[Piece]>::last) else { return Vec::new() };
    let ends = [end, other_end];
    let is_whole = |side: usize| is_unbroken(parts[side], ends[side].end) && stream.acknowledged[side].contains(&ends[side].end);
    let is_moved = !stream.acknowledged[0].contains(&ends[1].end) && !stream.acknowledged[1].contains(&ends[0].end);
    let behind = ends.map(|piece| piece.sequence.wrapping_add(piece.length()));
    if is_whole(0) && is_whole(1) && is_moved { of_parts(parts, behind) } else { Vec::new() }
}

/// What stands between two places: segment by segment where both points have as many and their senders count them the same.
fn of_parts(parts: [&[Piece]; 2], behind: [u32; 2]) -> Vec<Place> {
    let are_one_by_one = parts[0].len() == parts[1].len() && parts[0].iter().zip(parts[1]).all(|(one, other)| !one.is_another(other));
    if !are_one_by_one {
        return vec![Place { places: parts.map(|part| part.iter().map(|piece| piece.place).collect()), behind }];
    }
    let next = parts[0].iter().zip(parts[1]).skip(1).map(|(one, other)| [one.sequence, other.sequence]).chain([behind]);
    let pieces = parts[0].iter().zip(parts[1]).map(|(one, other)| [vec![one.place], vec![other.place]]);
    pieces.zip(next).map(|(places, behind)| Place { places, behind }).collect()
}
