//! What is said of a pcapng file's damage: everything that stands off the way of a sound one.

use super::super::error::{Part, SourceError};
use super::PcapngSource;
use super::block::{self, Start, kind};
use crate::limits::Limits;

impl PcapngSource {
    pub(super) fn part(&self, kind: Option<u32>) -> Part {
        match kind {
            Some(kind::SECTION) if self.held.number == 0 && self.interfaces.is_empty() => Part::Header,
            Some(kind) if block::is_packet(kind) => Part::Frame(self.held.number.saturating_add(1)),
            _ => Part::Block(self.held.number),
        }
    }

    #[cold]
    pub(super) fn cut(&self, part: Part, needed: usize) -> SourceError {
        let left = self.buffer.bytes().len() as u64;
        let (frame, offset) = (self.held.number, self.buffer.offset());
        SourceError::Cut { name: self.name.clone(), part, frame, offset, needed: needed as u64, left }
    }

    #[cold]
    pub(super) fn reading(&self, source: std::io::Error) -> SourceError {
        let offset = self.buffer.offset().saturating_add(self.buffer.bytes().len() as u64);
        SourceError::Reading { name: self.name.clone(), frame: self.held.number, offset, source: source.into() }
    }

    #[cold]
    pub(super) fn no_byte_order(&self) -> SourceError {
        SourceError::ByteOrder { name: self.name.clone(), frame: self.held.number, offset: self.buffer.offset() }
    }

    #[cold]
    pub(super) fn impossible(&self, length: u32) -> SourceError {
        SourceError::BlockLength { name: self.name.clone(), frame: self.held.number, offset: self.buffer.offset(), length }
    }

    #[cold]
    pub(super) fn too_long(&self, start: Start) -> SourceError {
        let (frame, offset) = (self.held.number, self.buffer.offset());
        let (length, limit) = (start.length.into(), Limits::BLOCK.into());
        SourceError::TooLong { name: self.name.clone(), part: self.part(Some(start.kind)), frame, offset, length, limit }
    }

    #[cold]
    pub(super) fn unequal(&self, length: u32, trailer: u32, goes_on: bool) -> SourceError {
        let (frame, offset) = (self.held.number, self.buffer.offset());
        SourceError::BlockTrailer { name: self.name.clone(), frame, offset, length, trailer, goes_on }
    }

    #[cold]
    pub(super) fn short(&mut self) {
        let (part, offset) = (Part::Block(self.held.number), self.buffer.offset());
        self.damage.add(SourceError::Short { name: self.name.clone(), part, offset });
    }

    #[cold]
    pub(super) fn misfit(&mut self, part: Part) {
        self.damage.add(SourceError::Options { name: self.name.clone(), part, offset: self.buffer.offset() });
    }

    #[cold]
    pub(super) fn many_options(&mut self) {
        let part = Part::Block(self.held.number);
        self.damage.add(SourceError::ManyOptions { name: self.name.clone(), part, offset: self.buffer.offset(), limit: Limits::OPTIONS });
    }

    #[cold]
    pub(super) fn unknown_version(&mut self, (major, minor): (u16, u16)) {
        let (frame, offset) = (self.held.number, self.buffer.offset());
        self.damage.add(SourceError::Version { name: self.name.clone(), frame, offset, major, minor });
    }

    #[cold]
    pub(super) fn overstated(&mut self, captured: u32, held: usize) {
        let (frame, offset) = (self.held.number, self.buffer.offset());
        self.damage.add(SourceError::Overstated { name: self.name.clone(), frame, offset, captured, held });
    }

    #[cold]
    pub(super) fn too_many(&self, limit: usize, what: &'static str) -> SourceError {
        SourceError::TooMany { name: self.name.clone(), frame: self.held.number, offset: self.buffer.offset(), limit, what }
    }
}
