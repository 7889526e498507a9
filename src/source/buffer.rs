//! The buffer that an input is read into and that frames are lent from.

use std::io::{self, Read};

/// Room at the beginning: four times as much is no faster, and many files may be open at once.
const FIRST_ROOM: usize = 1 << 18;

/// Bytes of an input, from the first that is still needed.
pub(super) struct ReadBuffer {
    reader: Box<dyn Read + Send>,
    room: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
}

impl ReadBuffer {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Self {
        Self { reader, room: vec![0; FIRST_ROOM], start: 0, end: 0, offset: 0 }
    }

    /// What has been read and not passed.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(self.start..self.end).unwrap_or_default()
    }

    /// The place of the first of [`Self::bytes`] in the input.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Passes bytes that are not needed any more.
    #[inline]
    pub(super) fn pass(&mut self, count: usize) {
        let count = count.min(self.end.saturating_sub(self.start));
        self.start = self.start.saturating_add(count);
        self.offset = self.offset.saturating_add(count as u64);
    }

    /// Reads until so many bytes are there, and no further than what one reading gives; `false` where the input ends before.
    #[inline]
    pub(super) fn fill(&mut self, needed: usize) -> io::Result<bool> {
        if self.end.saturating_sub(self.start) >= needed { Ok(true) } else { self.read_on(needed) }
    }

    /// The input from the first byte that has not been passed.
    pub(super) fn into_reader(self) -> impl Read + Send + use<> {
        let unread = self.bytes().to_vec();
        io::Cursor::new(unread).chain(self.reader)
    }

    #[cold]
    fn read_on(&mut self, needed: usize) -> io::Result<bool> {
        self.room.copy_within(self.start..self.end, 0);
        self.end = self.end.saturating_sub(self.start);
        self.start = 0;
        while self.end < needed {
            if self.end == self.room.len() {
                // It grows with what has come, never with what a length claims.
                self.room.resize(self.room.len().saturating_mul(2), 0);
            }
            let count = self.reader.read(self.room.get_mut(self.end..).unwrap_or_default())?;
            if count == 0 {
                return Ok(false);
            }
            self.end = self.end.saturating_add(count).min(self.room.len());
        }
        Ok(true)
    }
}
