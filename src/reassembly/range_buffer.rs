//! Bytes by their offset: the core of every reassembly.

use super::Origin;
use super::parts::Parts;

/// Bytes that stand together and came in one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The bytes; never none.
    pub bytes: Box<[u8]>,
    /// The frame they came in.
    pub origin: Origin,
    /// Where another stream must stand before they may be given; 0 where nothing has to be waited for.
    pub after: u64,
}

/// Bytes that came twice for the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap<'a> {
    /// Where they stand.
    pub offset: u64,
    /// What came first, and stays.
    pub kept: &'a [u8],
    /// The frame it came in.
    pub kept_origin: Origin,
    /// What came later; as many bytes.
    pub other: &'a [u8],
    /// The frame it came in.
    pub other_origin: Origin,
}

impl Overlap<'_> {
    /// Whether both are the same bytes; if not they are in conflict.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.kept == self.other
    }
}

/// Bytes by their offset. What came first stays; what overlaps it is compared.
///
/// ```
/// use wirelore::reassembly::{Origin, RangeBuffer};
/// let mut buffer = RangeBuffer::default();
/// buffer.insert(4, b"o wor", Origin::default(), &mut |_| {});
/// let mut conflicts = 0;
/// buffer.insert(0, b"hellO", Origin::default(), &mut |overlap| conflicts += usize::from(!overlap.is_same()));
/// assert_eq!((buffer.end(), buffer.bytes(), conflicts), (9, 9, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct RangeBuffer {
    /// By the offset of the first byte; they never overlap, and neighbours are not joined: each knows its frame.
    parts: Parts,
    bytes: usize,
}

/// What keeping a part costs beside its bytes: its place in the tree and the allocator's own.
const PART_COST: usize = 96;

impl RangeBuffer {
    /// Keeps of `bytes` what was not there; for what was there `overlap` is called, once for each part it meets, in order.
    ///
    /// What would pass the last offset is left out.
    pub fn insert(&mut self, offset: u64, bytes: &[u8], origin: Origin, overlap: &mut dyn FnMut(Overlap<'_>)) {
        self.insert_after(offset, bytes, origin, 0, overlap);
    }

    /// The same, for bytes that have to wait until another stream stands at `after`.
    pub fn insert_after(&mut self, offset: u64, bytes: &[u8], origin: Origin, after: u64, overlap: &mut dyn FnMut(Overlap<'_>)) {
        let bytes = bytes.get(..usize::try_from(u64::MAX.saturating_sub(offset)).unwrap_or(usize::MAX)).unwrap_or(bytes);
        let end = offset.saturating_add(bytes.len() as u64);
        // The one part that begins before `offset` may reach into it; the others begin inside.
        let before = self.parts.last_before(offset).filter(|(start, part)| start.saturating_add(part.bytes.len() as u64) > offset);
        if before.is_none() && self.parts.between(offset, end).next().is_none() {
            self.keep(offset, bytes, origin, after);
            return;
        }
        let mut at = offset;
        let mut free = Vec::new();
        for (start, part) in before.into_iter().chain(self.parts.between(offset, end)) {
            if at < start {
                free.push(at..start);
            }
            let shared = at.max(start)..end.min(start.saturating_add(part.bytes.len() as u64));
            if let (Some(kept), Some(other)) = (part_of(&part.bytes, start, &shared), part_of(bytes, offset, &shared)) {
                overlap(Overlap { offset: shared.start, kept, kept_origin: part.origin, other, other_origin: origin });
            }
            at = shared.end;
        }
        if at < end {
            free.push(at..end);
        }
        for range in free {
            if let Some(new) = part_of(bytes, offset, &range) {
                self.keep(range.start, new, origin, after);
            }
        }
    }

    fn keep(&mut self, offset: u64, bytes: &[u8], origin: Origin, after: u64) {
        if !bytes.is_empty() {
            self.bytes = self.bytes.saturating_add(bytes.len());
            self.parts.insert(offset, Part { bytes: bytes.into(), origin, after });
        }
    }

    /// The offset of the first byte that is held.
    #[must_use]
    pub fn start(&self) -> Option<u64> {
        self.parts.first().map(|(start, _)| start)
    }

    /// The first part, with its offset.
    #[must_use]
    pub fn first(&self) -> Option<(u64, &Part)> {
        self.parts.first()
    }

    /// One past the last byte that is held; 0 where there is none.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.parts.last().map_or(0, |(start, part)| start.saturating_add(part.bytes.len() as u64))
    }

    /// Takes out the first part, with its offset.
    pub fn pop(&mut self) -> Option<(u64, Part)> {
        let (start, part) = self.parts.pop()?;
        self.bytes = self.bytes.saturating_sub(part.bytes.len());
        Some((start, part))
    }

    /// The parts in their order, each with its offset.
    pub fn parts(&self) -> impl Iterator<Item = (u64, &Part)> {
        self.parts.iter()
    }

    /// The part that begins at an offset.
    #[must_use]
    pub fn part(&self, offset: u64) -> Option<&Part> {
        self.parts.at(offset)
    }

    /// The holes before `end`, in order: ranges of offsets.
    pub fn gaps(&self, end: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
        let mut at = 0;
        let parts = self.parts.iter().map(|(start, part)| (start, start.saturating_add(part.bytes.len() as u64)));
        parts.chain([(end, end)]).filter_map(move |(start, after)| {
            let gap = at..start.min(end);
            at = at.max(after);
            (gap.start < gap.end).then_some(gap)
        })
    }

    /// Counts offsets from `beginning` on; parts before it go.
    pub fn shift_down(&mut self, beginning: u64) {
        let mut parts = std::mem::take(&mut self.parts);
        self.bytes = 0;
        while let Some((start, part)) = parts.pop() {
            if let Some(start) = start.checked_sub(beginning) {
                self.bytes = self.bytes.saturating_add(part.bytes.len());
                self.parts.insert(start, part);
            }
        }
    }

    /// How many bytes are held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many parts they are in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.len() == 0
    }

    /// How much memory it takes, as nearly as that is known.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.bytes.saturating_add(self.parts.len().saturating_mul(PART_COST))
    }
}

/// The bytes of `range`, from bytes that begin at `start`; `None` where it is empty or not in them.
fn part_of<'a>(bytes: &'a [u8], start: u64, range: &std::ops::Range<u64>) -> Option<&'a [u8]> {
    let from = usize::try_from(range.start.checked_sub(start)?).ok()?;
    let to = usize::try_from(range.end.checked_sub(start)?).ok()?;
    bytes.get(from..to).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn from(frame: u64) -> Origin {
        Origin { frame, time: None }
    }

    proptest! {
        /// Held against the obviously correct model: an array with a byte and a frame for each offset.
        #[test]
        fn holds_what_the_model_holds(inserts in vec((0u64..60, vec(0u8..3, 0..30)), 0..30), end in 0u64..100) {
            let mut model: Vec<Option<(u8, u64)>> = vec![None; 100];
            let mut buffer = RangeBuffer::default();
            for (frame, (offset, bytes)) in inserts.iter().enumerate() {
                let frame = frame as u64;
                let mut met: Vec<Option<(u8, u64)>> = vec![None; 100];
                let mut others: Vec<Option<u8>> = vec![None; 100];
                buffer.insert(*offset, bytes, from(frame), &mut |overlap| {
                    assert_eq!((overlap.kept.len(), overlap.other_origin), (overlap.other.len(), from(frame)));
                    for (place, (kept, other)) in overlap.kept.iter().zip(overlap.other).enumerate() {
                        let place = overlap.offset as usize + place;
                        assert!(met[place].is_none(), "reported twice");
                        met[place] = Some((*kept, overlap.kept_origin.frame));
                        others[place] = Some(*other);
                    }
                });
                for (place, byte) in bytes.iter().enumerate() {
                    let place = *offset as usize + place;
                    prop_assert_eq!(met[place], model[place]);
                    prop_assert_eq!(others[place], model[place].map(|_| *byte));
                    model[place].get_or_insert((*byte, frame));
                }
            }
            let mut got: Vec<Option<(u8, u64)>> = vec![None; 100];
            for (start, part) in buffer.parts() {
                prop_assert!(!part.bytes.is_empty());
                for (place, byte) in part.bytes.iter().enumerate() {
                    prop_assert!(got[start as usize + place].replace((*byte, part.origin.frame)).is_none());
                }
            }
            prop_assert_eq!(&got, &model);
            prop_assert_eq!(buffer.bytes(), model.iter().flatten().count());
            prop_assert_eq!(buffer.start(), model.iter().position(Option::is_some).map(|place| place as u64));
            prop_assert_eq!(buffer.end(), model.iter().rposition(Option::is_some).map_or(0, |place| place as u64 + 1));
            let missing: Vec<u64> = (0..end).filter(|place| model[*place as usize].is_none()).collect();
            prop_assert_eq!(buffer.gaps(end).flatten().collect::<Vec<_>>(), missing);
            prop_assert!(buffer.gaps(end).all(|gap| !gap.is_empty()));
            let mut taken = 0;
            while let Some((start, part)) = buffer.pop() {
                prop_assert!(start >= taken);
                taken = start + part.bytes.len() as u64;
            }
            prop_assert_eq!((buffer.bytes(), buffer.cost()), (0, 0));
        }
    }

    #[test]
    fn nothing_passes_the_last_offset() {
        let mut buffer = RangeBuffer::default();
        buffer.insert(u64::MAX - 2, b"abcd", from(1), &mut |_| {});
        assert_eq!((buffer.bytes(), buffer.end()), (2, u64::MAX));
    }
}
