//! One direction of a TCP conversation: whatever segments say, its pieces follow each other, and each byte is the one that came first.

use super::super::operations::Operations;
use std::collections::BTreeMap;
use wirelore::frame::Timestamp;
use wirelore::reassembly::stream::{Pieces, Segment, Stream, Used};
use wirelore::reassembly::{End, Origin, Overlap, Piece};

/// What was told.
#[derive(Default)]
struct Told {
    next: u64,
    ended: bool,
    /// What came first for each place; `None` where places are not known from the beginning.
    first: Option<BTreeMap<u64, u8>>,
}

impl Pieces for Told {
    fn piece(&mut self, piece: Piece<'_>) {
        assert!(!self.ended, "nothing comes after the end");
        match piece {
            Piece::Data { offset, bytes, .. } => {
                assert!(offset == self.next && !bytes.is_empty(), "data follows what was told");
                self.next += bytes.len() as u64;
                if let Some(first) = &self.first {
                    let kept: Vec<u8> = first.range(offset..self.next).map(|(_, byte)| *byte).collect();
                    assert_eq!(kept, bytes, "what came first stays");
                }
            }
            Piece::Gap { offset, length, .. } => {
                assert!(offset == self.next && length > 0, "a gap follows what was told");
                self.next += length;
            }
            Piece::End { offset, .. } => {
                assert_eq!(offset, self.next, "the end follows what was told");
                self.ended = true;
            }
        }
    }

    fn overlap(&mut self, overlap: Overlap<'_>) {
        assert_eq!(overlap.kept.len(), overlap.other.len());
    }
}

pub(super) fn run(mut input: Operations<'_>) {
    let (mut stream, mut used, mut told) = (Stream::default(), Used::default(), Told::default());
    let options = input.byte();
    used.forgets = options & 2 != 0;
    let base = input.word();
    if options & 1 != 0 {
        stream.begin(base, &mut used);
        told.first = Some(BTreeMap::new());
    }
    let mut frame = 0;
    while !input.is_over() {
        let (what, near) = (input.byte(), input.short());
        // Mostly near to where it began, so that segments meet.
        let sequence = if what & 0x80 == 0 { base.wrapping_add(near.into()) } else { u32::from(near) << 16 };
        frame += 1;
        let origin = Origin { frame, time: Some(Timestamp::from_nanoseconds(frame as i64)) };
        match what & 0xf {
            0 => stream.begin(sequence, &mut used),
            1 => stream.finish(sequence, origin, &mut used, &mut told),
            2 => {
                let _reach = stream.acknowledge(sequence);
            }
            3 => stream.pass_gap(origin, &mut used, &mut told),
            4 => stream.give_waiting(near.into(), &mut used, &mut told),
            5 => stream.begin_with_what_came(&mut used),
            6 => stream.forget(&mut used),
            more => {
                let cut = if more == 15 { 7 } else { 0 };
                let bytes = usize::from(input.byte() & 0x3f);
                let bytes = input.bytes(bytes);
                let length = bytes.len() as u32 + cut;
                let after = if more == 14 { u64::from(near) } else { 0 };
                let offset = stream.place(sequence);
                if let (Some(first), Some(offset)) = (&mut told.first, offset) {
                    // What stands beyond reach is not taken: another may come for its place later.
                    let is_taken = !stream.is_ended() && offset <= stream.next() + (1 << 30);
                    for (place, byte) in (offset..).zip(bytes).filter(|_| is_taken) {
                        first.entry(place).or_insert(*byte);
                    }
                }
                let arrival = stream.segment(&Segment { sequence, bytes, length, origin, after, reach: near.into() }, &mut used, &mut told);
                let counted = arrival.same + arrival.conflicting + arrival.forgotten + arrival.beyond;
                assert!(counted <= u64::from(length) * 2, "{arrival:?} of {length} bytes");
            }
        }
        assert_eq!(stream.is_ended(), told.ended);
        if stream.is_begun() {
            assert_eq!(stream.next(), told.next, "the stream stands where its pieces end");
        }
    }
    stream.end(End::Unseen, Origin::default(), &mut used, &mut told);
    assert_eq!((used.waiting, used.history), (0, 0), "what is over takes no memory");
}
