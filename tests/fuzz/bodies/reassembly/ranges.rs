//! Ranges of bytes that overlap, held against a map with a byte for each offset.

use super::super::operations::Operations;
use std::collections::BTreeMap;
use wirelore::reassembly::{Origin, RangeBuffer};

/// Offsets begin here: near to the last one there is, every other time.
const FAR: u64 = u64::MAX - 70_000;

pub(super) fn run(mut input: Operations<'_>) {
    let base = if input.byte() & 1 == 0 { 0 } else { FAR };
    let (mut buffer, mut model) = (RangeBuffer::default(), BTreeMap::<u64, u8>::new());
    let mut frame = 0;
    while !input.is_over() {
        frame += 1;
        match input.byte() {
            255 => {
                let popped = buffer.pop();
                assert_eq!(popped.is_none(), model.is_empty(), "what is held can be taken out");
                if let Some((start, part)) = popped {
                    for (offset, byte) in (start..).zip(&*part.bytes) {
                        assert_eq!(model.pop_first(), Some((offset, *byte)), "the first bytes come first");
                    }
                }
            }
            length => {
                let offset = base + u64::from(input.short());
                let bytes = input.bytes(length.into());
                let mut met = Vec::new();
                buffer.insert(offset, bytes, Origin { frame, time: None }, &mut |overlap| {
                    assert_eq!(overlap.kept.len(), overlap.other.len(), "an overlap has as many bytes of both");
                    met.extend((overlap.offset..).zip(overlap.kept.iter().copied().zip(overlap.other.iter().copied())));
                });
                let expected: Vec<(u64, (u8, u8))> =
                    (offset..).zip(bytes).filter_map(|(place, other)| Some((place, (*model.get(&place)?, *other)))).collect();
                assert_eq!(met, expected, "what came twice is told, once, in order");
                for (place, byte) in (offset..).zip(bytes) {
                    model.entry(place).or_insert(*byte);
                }
            }
        }
        assert_eq!(buffer.bytes(), model.len());
        assert_eq!(buffer.start(), model.keys().next().copied());
        assert_eq!(buffer.end(), model.keys().next_back().map_or(0, |last| last + 1));
    }
}
