//! Frames that stay when their source goes on.

use super::held::Held;
use crate::frame::Frame;
use crate::limits::Limits;

/// Frames of a source, copied one behind the other. It is used again and again, so that copying allocates nothing once it has grown.
#[derive(Debug, Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    frames: Vec<Held>,
}

impl Batch {
    /// Copies a frame behind the others.
    pub(super) fn push(&mut self, frame: &Frame<'_>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(frame.data);
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(frame.annotations.options);
        self.frames.push(Held {
            number: frame.number,
            timestamp: frame.timestamp,
            interface: frame.interface,
            link_type: frame.link_type,
            length: frame.length,
            check_sequence_length: frame.check_sequence_length,
            data: start..middle,
            options: middle..self.bytes.len(),
            big_endian: frame.annotations.big_endian,
        });
    }

    /// One of the frames, the first being 0; an empty one where there are not so many.
    #[inline]
    pub(super) fn frame(&self, place: usize) -> Frame<'_> {
        self.frames.get(place).unwrap_or(&Held::NONE).lend(&self.bytes)
    }

    /// How many frames there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there is no frame.
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Whether there are as many frames or bytes as are gathered. There is room for one more nevertheless.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.frames.len() >= Limits::BATCH_FRAMES || self.bytes.len() >= Limits::BATCH_BYTES
    }

    /// Empties it. Its memory is kept, but not that of a frame of unusual size.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(2 * Limits::BATCH_BYTES);
        self.frames.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Annotations, InterfaceId, LinkType, Timestamp};

    #[test]
    fn frames_come_out_as_they_were_put_in_also_where_it_is_used_again() {
        let mut batch = Batch::default();
        for round in 0..3u64 {
            batch.clear();
            assert!(batch.is_empty() && !batch.is_full());
            let frames: Vec<(Vec<u8>, Vec<u8>)> = (0..5u8).map(|n| (vec![n; usize::from(n) * 7], vec![0xa0 | n; usize::from(n)])).collect();
            let lent = |place: usize| Frame {
                number: round * 5 + place as u64,
                timestamp: (place != 2).then(|| Timestamp::from_nanoseconds(place as i64)),
                interface: InterfaceId(place as u32),
                link_type: LinkType(place as u16),
                length: 1_000 + place as u32,
                check_sequence_length: 4,
                data: &frames[place].0,
                annotations: Annotations { options: &frames[place].1, big_endian: place == 3 },
            };
            (0..frames.len()).for_each(|place| batch.push(&lent(place)));
            assert_eq!(batch.len(), frames.len());
            (0..frames.len()).for_each(|place| assert_eq!(format!("{:?}", batch.frame(place)), format!("{:?}", lent(place))));
            assert_eq!(batch.frame(frames.len()).data, b"");
        }
    }

    #[test]
    fn it_is_full_of_frames_or_of_bytes_and_keeps_no_more_memory_than_that() {
        let mut batch = Batch::default();
        let large = vec![0; 5 * Limits::BATCH_BYTES];
        batch.push(&Frame { data: &large, ..Held::NONE.lend(&[]) });
        assert!(batch.is_full());
        batch.clear();
        assert!(batch.bytes.capacity() <= 2 * Limits::BATCH_BYTES);
        (0..Limits::BATCH_FRAMES).for_each(|_| batch.push(&Held::NONE.lend(&[])));
        assert!(batch.is_full());
    }
}
