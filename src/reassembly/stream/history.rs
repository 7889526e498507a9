//! The last bytes that a stream gave: what is sent again is compared with them.

use super::super::{Origin, Overlap};
use crate::limits::Limits;

/// What a history takes beside its bytes.
const COST: usize = 160;

/// The last bytes of a stream, and which frames they came in.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// The offset of the first byte.
    start: u64,
    bytes: Vec<u8>,
    /// Where each frame's bytes begin.
    frames: Vec<(u64, u64)>,
}

impl History {
    /// Remembers the next bytes.
    pub(super) fn push(&mut self, offset: u64, bytes: &[u8], frame: u64) {
        if self.end() != offset {
            // A hole: what was before it is forgotten.
            self.bytes.clear();
            self.frames.clear();
            self.start = offset;
        }
        if self.bytes.len().saturating_add(bytes.len()) > 2 * Limits::HISTORY_OF_STREAM || self.frames.len() >= 2 * Limits::HISTORY_SEGMENTS
        {
            self.forget_half();
        }
        self.bytes.extend_from_slice(bytes);
        self.frames.push((offset, frame));
    }

    /// Compares bytes with those that were given at their place, as far as they are remembered: frame by frame, in order.
    pub(super) fn compare(&self, offset: u64, bytes: &[u8], origin: Origin, overlap: &mut dyn FnMut(Overlap<'_>)) {
        let end = self.end().min(offset.saturating_add(bytes.len() as u64));
        let mut at = offset.max(self.start);
        let first = self.frames.partition_point(|(begins, _)| *begins <= at).saturating_sub(1);
        for (place, (_, frame)) in self.frames.iter().enumerate().skip(first) {
            let until = self.frames.get(place.saturating_add(1)).map_or(end, |(begins, _)| end.min(*begins));
            if at >= end {
                return;
            }
            let kept = slice(&self.bytes, self.start, at, until);
            let other = slice(bytes, offset, at, until);
            if let (Some(kept), Some(other)) = (kept, other) {
                overlap(Overlap { offset: at, kept, kept_origin: Origin { frame: *frame, time: None }, other, other_origin: origin });
            }
            at = until;
        }
    }

    /// Whether nothing is remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How much memory it takes.
    pub(super) fn cost(&self) -> usize {
        if self.bytes.capacity() == 0 {
            0
        } else {
            self.bytes.capacity().saturating_add(self.frames.capacity().saturating_mul(16)).saturating_add(COST)
        }
    }

    fn end(&self) -> u64 {
        self.start.saturating_add(self.bytes.len() as u64)
    }

    fn forget_half(&mut self) {
        let by_bytes = self.bytes.len().saturating_sub(Limits::HISTORY_OF_STREAM);
        let by_frames = self
            .frames
            .len()
            .checked_sub(Limits::HISTORY_SEGMENTS)
            .and_then(|place| self.frames.get(place))
            .map_or(0, |(begins, _)| begins.saturating_sub(self.start));
        let forgotten = by_bytes.max(usize::try_from(by_frames).unwrap_or(usize::MAX)).min(self.bytes.len());
        self.bytes.drain(..forgotten);
        self.start = self.start.saturating_add(forgotten as u64);
        let gone = self.frames.partition_point(|(begins, _)| *begins <= self.start).saturating_sub(1);
        self.frames.drain(..gone);
    }
}

fn slice(bytes: &[u8], start: u64, from: u64, to: u64) -> Option<&[u8]> {
    let (from, to) = (usize::try_from(from.checked_sub(start)?).ok()?, usize::try_from(to.checked_sub(start)?).ok()?);
    bytes.get(from..to).filter(|part| !part.is_empty())
}
