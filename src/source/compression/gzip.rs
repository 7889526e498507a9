//! gzip, RFC 1952: members, one after another.
//!
//! flate2's own gzip reader gives nothing of the piece in which it meets damage; here everything before the damage comes out.

use super::{CompressionError, failure, skip_zeros};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufRead, Read};

const NAME: &str = "gzip";

/// Bits of a member's flags: what stands between its fixed header and its data.
mod flag {
    pub(super) const HEADER_CHECKSUM: u8 = 1 << 1;
    pub(super) const EXTRA: u8 = 1 << 2;
    pub(super) const NAME: u8 = 1 << 3;
    pub(super) const COMMENT: u8 = 1 << 4;
}

/// Where in a member the decoder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Body,
    Between,
    End,
}

/// What a gzip stream stands for.
pub(super) struct Decoder<R> {
    body: DeflateDecoder<R>,
    checksum: Crc,
    place: Place,
    /// What went wrong, until all that was before it is out.
    failed: Option<io::Error>,
}

impl<R: BufRead> Decoder<R> {
    pub(super) fn new(compressed: R) -> Self {
        Self { body: DeflateDecoder::new(compressed), checksum: Crc::new(), place: Place::First, failed: None }
    }

    fn begin_member(&mut self) -> io::Result<()> {
        if self.place == Place::Between && !skip_zeros(self.body.get_mut())? {
            self.place = Place::End;
            return Ok(());
        }
        let source = self.body.get_mut();
        let fixed: [u8; 10] = bytes(source)?;
        let [0x1f, 0x8b, 8, flags, ..] = fixed else {
            return Err(
                if self.place == Place::Between { CompressionError::Followed(NAME) } else { CompressionError::Damaged(NAME) }.into()
            );
        };
        if flags & flag::EXTRA != 0 {
            let length = u16::from_le_bytes(bytes(source)?);
            for _ in 0..length {
                bytes::<1>(source)?;
            }
        }
        for text in [flag::NAME, flag::COMMENT] {
            while flags & text != 0 && bytes(source)? != [0] {}
        }
        if flags & flag::HEADER_CHECKSUM != 0 {
            bytes::<2>(source)?;
        }
        self.body.reset_data();
        self.checksum.reset();
        self.place = Place::Body;
        Ok(())
    }

    fn read_body(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let before = self.body.total_out();
        let result = self.body.read(room);
        let count = usize::try_from(self.body.total_out().saturating_sub(before)).unwrap_or(usize::MAX).min(room.len());
        self.checksum.update(room.get(..count).unwrap_or_default());
        match result {
            Err(error) => self.failed = Some(failure(NAME, &error)),
            Ok(0) => self.end_member()?,
            Ok(_) => {}
        }
        Ok(count)
    }

    fn end_member(&mut self) -> io::Result<()> {
        let [a, b, c, d, e, f, g, h] = bytes(self.body.get_mut())?;
        self.place = Place::Between;
        let sound = u32::from_le_bytes([a, b, c, d]) == self.checksum.sum() && u32::from_le_bytes([e, f, g, h]) == self.checksum.amount();
        if sound { Ok(()) } else { Err(CompressionError::Checksum(NAME).into()) }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if room.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(error) = self.failed.take() {
                self.place = Place::End;
                return Err(error);
            }
            match self.place {
                Place::First | Place::Between => self.begin_member()?,
                Place::End => return Ok(0),
                Place::Body => match self.read_body(room)? {
                    0 => {}
                    count => return Ok(count),
                },
            }
        }
    }
}

/// The next bytes of a header or a trailer.
fn bytes<const COUNT: usize>(source: &mut impl Read) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    match source.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(CompressionError::Cut(NAME).into()),
        Err(error) => Err(error),
    }
}
