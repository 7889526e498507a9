//! From block to block of a pcapng file.

use super::super::error::SourceError;
use super::PcapngSource;
use super::block::{self, SHORTEST, Start};
use crate::limits::Limits;

impl PcapngSource {
    /// Goes to the next block and has the whole of it in the buffer.
    #[inline]
    pub(super) fn next_block(&mut self) -> Result<Option<Start>, SourceError> {
        self.buffer.pass(std::mem::take(&mut self.block));
        match self.buffer.fill(SHORTEST) {
            Ok(true) => {}
            Ok(false) if self.buffer.bytes().is_empty() => return Ok(None),
            Ok(false) => return Err(self.cut(self.part(None), SHORTEST)),
            Err(source) => return Err(self.reading(source)),
        }
        let Some(start) = self.buffer.bytes().first_chunk().and_then(|bytes| block::start(bytes, self.order)) else {
            return Err(self.no_byte_order());
        };
        if start.length < SHORTEST as u32 {
            return Err(self.impossible(start.length));
        }
        if start.length > Limits::BLOCK {
            return Err(self.too_long(start));
        }
        let length = start.length as usize;
        match self.buffer.fill(length) {
            Ok(true) => {}
            Ok(false) => return Err(self.cut(self.part(Some(start.kind)), length)),
            Err(source) => return Err(self.reading(source)),
        }
        let sound = block::is_sound(self.buffer.bytes().get(..length).unwrap_or_default(), start.order);
        self.block = if sound { length } else { self.mend(start)? };
        Ok(Some(start))
    }

    /// The length of a block that is not aligned, or whose two lengths differ, where it can be told.
    ///
    /// Some programs leave the padding out of the length, or out of the block: the second length then tells where it ends. Otherwise the first
    /// one is taken where the end of the input or another block follows.
    #[cold]
    fn mend(&mut self, start: Start) -> Result<usize, SourceError> {
        let length = start.length as usize;
        let padded = length.next_multiple_of(4);
        self.buffer.fill(padded).map_err(|source| self.reading(source))?;
        let ends_at = |end: usize| start.order.u32_at(self.buffer.bytes(), end.saturating_sub(4)) == Some(start.length);
        if let Some(end) = [padded, length].into_iter().find(|end| ends_at(*end)) {
            return Ok(end);
        }
        self.buffer.fill(length.saturating_add(SHORTEST)).map_err(|source| self.reading(source))?;
        let bytes = self.buffer.bytes();
        let rest = bytes.get(length..).unwrap_or_default();
        let followed = rest.first_chunk().and_then(|bytes| block::start(bytes, self.order)).is_some_and(Start::is_likely);
        let trailer = start.order.u32_at(bytes, length.saturating_sub(4)).unwrap_or_default();
        let end = length == padded && (rest.is_empty() || followed);
        let error = self.unequal(start.length, trailer, end);
        if end {
            self.damage.add(error);
            return Ok(length);
        }
        Err(error)
    }

    /// What stands between the block's beginning and its end.
    #[inline]
    pub(super) fn body(&self) -> &[u8] {
        self.buffer.bytes().get(8..self.block.saturating_sub(4)).unwrap_or_default()
    }
}
