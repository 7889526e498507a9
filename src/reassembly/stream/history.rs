//! The last bytes that a stream gave: what is sent again is compared with them.

use super::super::{Origin, Overlap};
use crate::limits::Limits;
use std::mem;

/// What a history takes beside its bytes.
const COST: usize = 200;

/// The last bytes of a stream, and which frames they came in.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// What came before `newer`, with no hole between.
    older: Part,
    newer: Part,
}

/// Bytes that stand one behind the other.
#[derive(Clone, Debug, Default)]
struct Part {
    /// The offset of the first byte.
    start: u64,
    bytes: Vec<u8>,
    /// Where each frame's bytes begin.
    frames: Vec<(u64, u64)>,
}

impl Part {
    fn end(&self) -> u64 {
        self.start.saturating_add(self.bytes.len() as u64)
    }

    fn begin(&mut self, offset: u64) {
        self.bytes.clear();
        self.frames.clear();
        self.start = offset;
    }

    fn cost(&self) -> usize {
        self.bytes.capacity().saturating_add(self.frames.capacity().saturating_mul(16))
    }

    /// Compares bytes with those that were given at their place, as far as they are here: frame by frame, in order.
    fn compare(&self, offset: u64, bytes: &[u8], origin: Origin, overlap: &mut dyn FnMut(Overlap<'_>)) {
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
}

impl History {
    /// Remembers the next bytes.
    pub(super) fn push(&mut self, offset: u64, bytes: &[u8], frame: u64) {
        if self.newer.end() != offset {
            // A hole: what was before it is forgotten.
            self.older.begin(offset);
            self.newer.begin(offset);
        }
        if self.newer.bytes.len() >= Limits::HISTORY_OF_STREAM || self.newer.frames.len() >= Limits::HISTORY_SEGMENTS {
            // The older half is forgotten, and its room taken: nothing is moved.
            mem::swap(&mut self.older, &mut self.newer);
            self.newer.begin(offset);
        }
        self.newer.bytes.extend_from_slice(bytes);
        self.newer.frames.push((offset, frame));
    }

    /// Compares bytes with those that were given at their place, as far as they are remembered: frame by frame, in order.
    pub(super) fn compare(&self, offset: u64, bytes: &[u8], origin: Origin, overlap: &mut dyn FnMut(Overlap<'_>)) {
        self.older.compare(offset, bytes, origin, overlap);
        self.newer.compare(offset, bytes, origin, overlap);
    }

    /// Whether nothing is remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.newer.bytes.is_empty()
    }

    /// How much memory it takes.
    pub(super) fn cost(&self) -> usize {
        match self.older.cost().saturating_add(self.newer.cost()) {
            0 => 0,
            cost => cost.saturating_add(COST),
        }
    }
}

fn slice(bytes: &[u8], start: u64, from: u64, to: u64) -> Option<&[u8]> {
    let (from, to) = (usize::try_from(from.checked_sub(start)?).ok()?, usize::try_from(to.checked_sub(start)?).ok()?);
    bytes.get(from..to).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a stream has at an offset.
    fn byte(offset: u64) -> u8 {
        (offset % 251) as u8
    }

    fn bytes(from: u64, length: u64) -> Vec<u8> {
        (from..from + length).map(byte).collect()
    }

    /// A stream of segments of one length from the beginning, each in a frame of its own from 1.
    fn history(segments: u64, length: u64) -> History {
        let mut history = History::default();
        for number in 0..segments {
            history.push(number * length, &bytes(number * length, length), number + 1);
        }
        history
    }

    /// What is compared of bytes: the offset, length and frame of each part, once all of it is what was kept there.
    fn compared(history: &History, offset: u64, length: u64) -> Vec<(u64, u64, u64)> {
        let mut parts = Vec::new();
        history.compare(offset, &bytes(offset, length), Origin::default(), &mut |overlap| {
            assert_eq!(overlap.kept, bytes(overlap.offset, overlap.kept.len() as u64), "at {}", overlap.offset);
            assert_eq!(overlap.kept, overlap.other);
            parts.push((overlap.offset, overlap.kept.len() as u64, overlap.kept_origin.frame));
        });
        parts
    }

    #[test]
    fn what_came_last_is_remembered_whatever_was_before_it() {
        let least = Limits::HISTORY_OF_STREAM as u64;
        for segments in 1..200 {
            let end = segments * 1_448;
            let remembered: u64 = compared(&history(segments, 1_448), 0, end).iter().map(|(_, length, _)| length).sum();
            assert!(remembered >= least.min(end) && remembered <= 2 * (least + 1_448), "{remembered} of {end}");
            let parts = compared(&history(segments, 1_448), 0, end);
            assert_eq!(parts.last().map(|(offset, length, frame)| (offset + length, *frame)), Some((end, segments)));
        }
    }

    #[test]
    fn a_comparison_goes_across_both_halves_frame_by_frame() {
        // 65,536 bytes are 64 segments of 1,024: the 65th begins the newer half.
        let history = history(66, 1_024);
        assert_eq!((history.older.bytes.len(), history.newer.bytes.len()), (65_536, 2_048));
        let expected = [(64_512, 1_024, 64), (65_536, 1_024, 65), (66_560, 240, 66)];
        assert_eq!(compared(&history, 64_512, 2_288), expected);
        let expected = [(65_000, 536, 64), (65_536, 464, 65)];
        assert_eq!(compared(&history, 65_000, 1_000), expected);
    }

    #[test]
    fn behind_a_hole_nothing_of_before_is_remembered() {
        let mut history = history(66, 1_024);
        history.push(70_000, &bytes(70_000, 100), 90);
        assert_eq!(compared(&history, 0, 80_000), [(70_000, 100, 90)]);
        history.push(70_100, &bytes(70_100, 100), 91);
        assert_eq!(compared(&history, 0, 80_000), [(70_000, 100, 90), (70_100, 100, 91)]);
    }

    #[test]
    fn small_segments_are_bounded_by_how_many_they_are() {
        let many = 3 * Limits::HISTORY_SEGMENTS as u64;
        let history = history(many, 1);
        let parts = compared(&history, 0, many);
        assert!((Limits::HISTORY_SEGMENTS..=2 * Limits::HISTORY_SEGMENTS).contains(&parts.len()), "{}", parts.len());
        assert_eq!(parts.last(), Some(&(many - 1, 1, many)));
        assert!(history.cost() < 300_000, "{}", history.cost());
    }
}
