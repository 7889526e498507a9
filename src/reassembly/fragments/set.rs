//! The fragments of one datagram that have come.

use super::fragment::{Conflict, Defect, GivenUp, Incomplete, Outcome, Ports};
use super::key::{Cut, DatagramKey};
use super::whole::Reassembled;
use crate::frame::Timestamp;
use crate::limits::Limits;
use crate::reassembly::{Origin, Overlap, RangeBuffer};
use std::ops::Range;

/// What a set costs beside its parts: its places in the tables, and the room for parts that the first one takes.
pub(super) const SET_COST: usize = 1_024;
/// How many fragments a datagram has room for at first.
const PIECES: usize = 4;
/// What is kept of a fragment beside its bytes.
const PIECE_COST: usize = 32;

/// A fragment that is used.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u32,
    end: u32,
    frame: u64,
}

/// What is waiting of a datagram.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) began: Option<Timestamp>,
    /// When its newest fragment came.
    last: Option<Timestamp>,
    pub(super) ports: Option<Ports>,
    pub(super) total: Option<u32>,
    /// The header before the whole, from the first fragment.
    pub(super) header: Option<Vec<u8>>,
    buffer: RangeBuffer,
    pieces: Vec<Piece>,
    /// One past the last byte that any fragment said to have.
    reach: u32,
    cut: usize,
    /// Its fragments overlap, and it is IPv6.
    pub(super) dropped: bool,
}

/// What became of a fragment that was offered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offered {
    pub(super) outcome: Outcome,
    pub(super) same: u32,
    pub(super) different: u32,
    pub(super) rival: Option<u64>,
}

impl Offered {
    pub(super) fn only(outcome: Outcome) -> Self {
        Self { outcome, same: 0, different: 0, rival: None }
    }
}

/// Which bytes a fragment has, where what it says of itself can be.
pub(super) fn range(cut: &Cut<'_>) -> Result<Range<u32>, Defect> {
    let length = cut.length.ok_or(Defect::LengthOpen)?;
    if length == 0 {
        return Err(Defect::Empty);
    }
    if cut.part.more && !length.is_multiple_of(8) {
        return Err(Defect::Odd);
    }
    let start = cut.part.offset;
    let end = (start as usize).saturating_add(length);
    // An IPv6 header is not counted by its length field.
    let before = cut.header.1.saturating_sub(cut.header.0).saturating_sub(if cut.key.source.is_ipv4() { 0 } else { 40 + 8 });
    if end.saturating_add(before) > Limits::PACKET {
        return Err(Defect::TooLong);
    }
    Ok(start..u32::try_from(end).map_err(|_| Defect::TooLong)?)
}

impl Set {
    pub(super) fn new(began: Option<Timestamp>) -> Self {
        let (buffer, pieces) = (RangeBuffer::default(), Vec::with_capacity(PIECES));
        Self { began, last: began, ports: None, total: None, header: None, buffer, pieces, reach: 0, cut: 0, dropped: false }
    }

    /// Takes a fragment in, or says why not.
    pub(super) fn offer(
        &mut self,
        cut: &Cut<'_>,
        range: &Range<u32>,
        origin: Origin,
        limit: usize,
        conflicts: &mut Vec<Conflict>,
    ) -> Offered {
        if self.dropped {
            return Offered::only(Outcome::Dropped);
        }
        if let Some(defect) = self.contradiction(cut.part.more, range) {
            return Offered::only(Outcome::Refused(defect));
        }
        if self.pieces.len() >= limit {
            return Offered::only(Outcome::Refused(Defect::TooMany));
        }
        let is_copy = self.buffer.part(range.start.into()).is_some_and(|part| *part.bytes == *cut.bytes);
        let before = self.buffer.bytes();
        let mut offered = Offered::only(Outcome::Waits);
        let mut met = false;
        self.buffer.insert(range.start.into(), cut.bytes, origin, &mut |overlap| {
            met = true;
            offered.meet(&overlap);
            if conflicts.len() < Limits::FRAGMENTS_TOLD && !overlap.is_same() {
                conflicts.extend(versions(cut.key, &overlap));
            }
        });
        if met && !is_copy && !cut.key.source.is_ipv4() {
            // RFC 5722 section 4: the whole datagram, and what has come of it and comes, is thrown away.
            self.dropped = true;
            self.buffer = RangeBuffer::default();
            offered.outcome = Outcome::Dropped;
            return offered;
        }
        if met && self.buffer.bytes() == before {
            offered.outcome = Outcome::Again;
            return offered;
        }
        self.pieces.push(Piece { start: range.start, end: range.end, frame: origin.frame });
        self.last = origin.time;
        self.reach = self.reach.max(range.end);
        self.cut = self.cut.saturating_add(usize::from(cut.bytes.len() < range.end.saturating_sub(range.start) as usize));
        if !cut.part.more {
            self.total = Some(range.end);
        }
        offered
    }

    fn contradiction(&self, more: bool, range: &Range<u32>) -> Option<Defect> {
        match self.total {
            Some(total) if !more && range.end != total => Some(Defect::OtherEnd),
            Some(total) if range.end > total => Some(Defect::BeyondEnd),
            None if !more && range.end < self.reach => Some(Defect::Shrinks),
            _ => None,
        }
    }

    /// Whether every byte is there.
    pub(super) fn is_whole(&self) -> bool {
        self.header.is_some() && self.total.is_some_and(|total| self.buffer.bytes() == total as usize)
    }

    /// Whether the missing bytes can still come: what the capture cut comes only with a copy.
    pub(super) fn is_hopeful(&self) -> bool {
        self.cut == 0 && !self.dropped
    }

    /// Puts the packet together in `whole`, which is empty; `None` where its first fragment is missing.
    pub(super) fn put_together(mut self, whole: &mut Reassembled) -> Option<()> {
        let header = self.header.take()?;
        whole.header_length = header.len();
        whole.bytes.reserve(header.len().saturating_add(self.buffer.bytes()));
        whole.bytes.extend_from_slice(&header);
        self.buffer.parts().for_each(|(_, part)| whole.bytes.extend_from_slice(&part.bytes));
        self.pieces.sort_by_key(|piece| (piece.start, piece.frame));
        whole.starts.extend(self.pieces.iter().map(|piece| piece.start));
        whole.frames.extend(self.pieces.iter().map(|piece| piece.frame));
        Some(())
    }

    pub(super) fn cost(&self) -> usize {
        let header = self.header.as_ref().map_or(0, Vec::len);
        self.buffer.cost().saturating_add(self.pieces.len().saturating_mul(PIECE_COST)).saturating_add(header).saturating_add(SET_COST)
    }

    /// Whether all of its fragments are there, though the capture may have cut them.
    pub(super) fn is_complete(&self) -> bool {
        let mut pieces: Vec<_> = self.pieces.iter().map(|piece| (piece.start, piece.end)).collect();
        pieces.sort_unstable();
        let reach = pieces.into_iter().fold(0, |reach, (start, end)| if start <= reach { end.max(reach) } else { reach });
        self.total.is_some_and(|total| reach >= total)
    }

    /// The frame of its newest fragment.
    pub(super) fn newest(&self) -> Option<u64> {
        self.pieces.iter().map(|piece| piece.frame).max()
    }

    pub(super) fn give_up(&self, key: DatagramKey, why: GivenUp, is_last: bool) -> Incomplete {
        // Where the last fragment has not come there is more behind what has.
        let mut gaps = self.buffer.gaps(self.total.unwrap_or(self.reach).into());
        let missing = gaps.by_ref().take(Limits::FRAGMENTS_TOLD);
        let missing = missing.map(|gap| u32::try_from(gap.start).unwrap_or(u32::MAX)..u32::try_from(gap.end).unwrap_or(u32::MAX)).collect();
        let frames = self.pieces.iter().take(Limits::FRAGMENTS_TOLD).map(|piece| piece.frame).collect();
        let (more_missing, fragments) = (gaps.count(), self.pieces.len());
        let (total, reach, cut, last) = (self.total, self.reach, self.cut, self.last.filter(|_| is_last));
        Incomplete { key, total, reach, missing, more_missing, frames, fragments, cut, is_complete: self.is_complete(), last, why }
    }
}

impl Offered {
    fn meet(&mut self, overlap: &Overlap<'_>) {
        let differ = overlap.kept.iter().zip(overlap.other).filter(|(kept, other)| kept != other).count();
        self.different = self.different.saturating_add(u32::try_from(differ).unwrap_or(u32::MAX));
        self.same = self.same.saturating_add(u32::try_from(overlap.kept.len().saturating_sub(differ)).unwrap_or(u32::MAX));
        if differ > 0 {
            self.rival.get_or_insert(overlap.kept_origin.frame);
        }
    }
}

/// Both versions of what differs in an overlap.
fn versions(key: DatagramKey, overlap: &Overlap<'_>) -> Option<Conflict> {
    let differs = |(kept, other): (&u8, &u8)| kept != other;
    let pairs = || overlap.kept.iter().zip(overlap.other);
    let (first, last) = (pairs().position(differs)?, pairs().rposition(differs)?);
    let start = u32::try_from(overlap.offset).ok()?.checked_add(u32::try_from(first).ok()?)?;
    let length = last.saturating_sub(first).saturating_add(1);
    let version = |bytes: &[u8]| bytes.get(first..first.saturating_add(length.min(Limits::CONFLICT_BYTES))).map(Box::from);
    Some(Conflict {
        key,
        range: start..start.checked_add(u32::try_from(length).ok()?)?,
        kept: version(overlap.kept)?,
        other: version(overlap.other)?,
        frames: [overlap.kept_origin.frame, overlap.other_origin.frame],
    })
}
