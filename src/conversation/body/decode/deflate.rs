//! gzip (RFC 1952), zlib (RFC 1950) and what both are made of (RFC 1951).

use super::coding::Why;
use super::engine::{Engine, Halt, Input, Taker};
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Decompresses what is there; `true` where the compressed data ends.
fn inflate(body: &mut Decompress, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<bool, Halt> {
    loop {
        let (before_in, before_out) = (body.total_in(), body.total_out());
        let result = body.decompress(input.rest, room, FlushDecompress::None);
        // Also where it failed: what came before the damage is given.
        let took = usize::try_from(body.total_in().saturating_sub(before_in)).unwrap_or(usize::MAX);
        let gave = usize::try_from(body.total_out().saturating_sub(before_out)).unwrap_or(usize::MAX);
        input.take(took);
        if let Some(decoded) = room.get(..gave).filter(|decoded| !decoded.is_empty()) {
            out(decoded)?;
        }
        match result {
            Err(error) if error.needs_dictionary().is_some() => return Err(Why::Dictionary.into()),
            Err(_) => return Err(Why::Damaged.into()),
            Ok(Status::StreamEnd) => return Ok(true),
            Ok(Status::Ok | Status::BufError) if (took, gave) == (0, 0) || (input.rest.is_empty() && gave < room.len()) => {
                return Ok(false);
            }
            Ok(Status::Ok | Status::BufError) => {}
        }
    }
}

/// zlib, or deflate data alone.
pub(super) struct Deflate {
    body: Decompress,
    ended: bool,
}

impl Deflate {
    pub(super) fn new(zlib: bool) -> Self {
        Self { body: Decompress::new(zlib), ended: false }
    }

    /// Whether the bytes begin as zlib does: the method, a window that there is, and a sum that comes out.
    pub(super) fn is_zlib(head: &[u8]) -> bool {
        matches!(head, [method, flags, ..] if method & 0x0f == 8 && method >> 4 <= 7 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31))
    }
}

impl Engine for Deflate {
    fn push(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        if !self.ended {
            self.ended = inflate(&mut self.body, input, room, out)?;
        }
        if input.rest.is_empty() { Ok(()) } else { Err(Why::Followed.into()) }
    }

    fn finish(&mut self, _room: &mut [u8], _out: &mut Taker<'_>) -> Result<(), Halt> {
        if self.ended { Ok(()) } else { Err(Why::Cut.into()) }
    }
}

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
    Fixed,
    ExtraLength,
    Extra(u16),
    Name,
    Comment,
    HeaderChecksum,
    Body,
    Trailer,
    /// Behind a member: another may follow, or padding.
    Between,
}

/// gzip: members, one after another.
pub(super) struct Gzip {
    place: Place,
    flags: u8,
    /// Bytes of a part of fixed length, until it is whole.
    part: [u8; 10],
    gathered: usize,
    body: Decompress,
    checksum: Crc,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self { place: Place::Fixed, flags: 0, part: [0; 10], gathered: 0, body: Decompress::new(false), checksum: Crc::new() }
    }

    /// Whether the bytes begin a member.
    pub(super) fn begins(head: &[u8]) -> bool {
        head.starts_with(&[0x1f, 0x8b, 8]) || head == [0x1f, 0x8b]
    }

    /// The next `COUNT` bytes, once they are all there.
    fn gather<const COUNT: usize>(&mut self, input: &mut Input<'_>) -> Option<[u8; COUNT]> {
        while self.gathered < COUNT {
            let byte = input.byte()?;
            if let Some(place) = self.part.get_mut(self.gathered) {
                *place = byte;
            }
            self.gathered = self.gathered.saturating_add(1);
        }
        self.gathered = 0;
        self.part.first_chunk::<COUNT>().copied()
    }

    /// Goes to what the flags say comes next.
    fn next_of_header(&mut self) {
        const PARTS: [(u8, Place); 4] = [
            (flag::EXTRA, Place::ExtraLength),
            (flag::NAME, Place::Name),
            (flag::COMMENT, Place::Comment),
            (flag::HEADER_CHECKSUM, Place::HeaderChecksum),
        ];
        match PARTS.iter().find(|(flag, _)| self.flags & flag != 0) {
            Some((flag, place)) => {
                self.flags &= !flag;
                self.place = *place;
            }
            None => {
                self.body.reset(false);
                self.checksum.reset();
                self.place = Place::Body;
            }
        }
    }

    /// One step; `false` where more bytes are needed for it.
    fn step(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<bool, Halt> {
        match self.place {
            Place::Fixed => {
                let Some([0x1f, 0x8b, 8, flags, ..]) = self.gather::<10>(input) else {
                    return if self.gathered > 0 || input.rest.is_empty() { Ok(false) } else { Err(Why::Damaged.into()) };
                };
                self.flags = flags;
                self.next_of_header();
            }
            Place::ExtraLength => match self.gather::<2>(input) {
                Some(length) => self.place = Place::Extra(u16::from_le_bytes(length)),
                None => return Ok(false),
            },
            Place::Extra(0) => self.next_of_header(),
            Place::Extra(left) => {
                let taken = input.take(usize::from(left)).len();
                if taken == 0 {
                    return Ok(false);
                }
                self.place = Place::Extra(left.saturating_sub(u16::try_from(taken).unwrap_or(u16::MAX)));
            }
            Place::Name | Place::Comment => match input.rest.iter().position(|byte| *byte == 0) {
                Some(end) => {
                    input.take(end.saturating_add(1));
                    self.next_of_header();
                }
                None => {
                    input.take(input.rest.len());
                    return Ok(false);
                }
            },
            Place::HeaderChecksum => match self.gather::<2>(input) {
                Some(_) => self.next_of_header(),
                None => return Ok(false),
            },
            Place::Body => {
                let checksum = &mut self.checksum;
                let ended = inflate(&mut self.body, input, room, &mut |decoded| {
                    checksum.update(decoded);
                    out(decoded)
                })?;
                if !ended {
                    return Ok(false);
                }
                self.place = Place::Trailer;
            }
            Place::Trailer => {
                let Some([a, b, c, d, e, f, g, h]) = self.gather::<8>(input) else { return Ok(false) };
                let sound =
                    u32::from_le_bytes([a, b, c, d]) == self.checksum.sum() && u32::from_le_bytes([e, f, g, h]) == self.checksum.amount();
                self.place = Place::Between;
                if !sound {
                    return Err(Why::Checksum.into());
                }
            }
            Place::Between => match input.rest.first() {
                None => return Ok(false),
                Some(0) => drop(input.byte()),
                Some(0x1f) => self.place = Place::Fixed,
                Some(_) => return Err(Why::Followed.into()),
            },
        }
        Ok(true)
    }
}

impl Engine for Gzip {
    fn push(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        while self.step(input, room, out)? {}
        Ok(())
    }

    fn finish(&mut self, _room: &mut [u8], _out: &mut Taker<'_>) -> Result<(), Halt> {
        if self.place == Place::Between { Ok(()) } else { Err(Why::Cut.into()) }
    }
}
