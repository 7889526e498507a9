//! Zstandard, RFC 8878: frames, one after another, and frames to skip.
//!
//! The decoder below reads whole blocks. A block is at most 128 KiB, so that no more than one is ever gathered here.

use super::coding::Why;
use super::engine::{Engine, Halt, Input, Taker};
use crate::limits::Limits;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::Read;

/// The first bytes of a frame.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Where the decoder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before a frame; nothing need follow.
    Between,
    Header,
    Block,
    Skipped(u32),
}

pub(super) struct Zstd {
    frame: FrameDecoder,
    place: Place,
    checked: bool,
    /// What is not yet whole: a header, or a block.
    held: Vec<u8>,
}

impl Zstd {
    pub(super) fn new() -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(Limits::ZSTD_WINDOW);
        Self { frame, place: Place::Between, checked: false, held: Vec::new() }
    }

    /// Whether the bytes begin a frame, or one to skip.
    pub(super) fn begins(head: &[u8]) -> bool {
        head.starts_with(&MAGIC) || is_skippable(head)
    }

    /// Gathers until so many are held; `false` where more bytes are needed.
    fn hold(&mut self, input: &mut Input<'_>, count: usize) -> bool {
        let missing = count.saturating_sub(self.held.len());
        self.held.extend_from_slice(input.take(missing));
        self.held.len() >= count
    }

    /// One step; `false` where more bytes are needed for it.
    fn step(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<bool, Halt> {
        match self.place {
            Place::Between => {
                if self.held.is_empty() && input.rest.is_empty() {
                    return Ok(false);
                }
                if !self.hold(input, 4) {
                    return Ok(false);
                }
                if is_skippable(&self.held) {
                    if !self.hold(input, 8) {
                        return Ok(false);
                    }
                    let length = self.held.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
                    self.held.clear();
                    self.place = Place::Skipped(length);
                } else if self.held == MAGIC {
                    self.place = Place::Header;
                } else {
                    return Err(Why::Followed.into());
                }
            }
            Place::Skipped(0) => self.place = Place::Between,
            Place::Skipped(left) => {
                let taken = input.take(usize::try_from(left).unwrap_or(usize::MAX)).len();
                if taken == 0 {
                    return Ok(false);
                }
                self.place = Place::Skipped(left.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX)));
            }
            Place::Header => {
                if !self.hold(input, 5) {
                    return Ok(false);
                }
                let descriptor = self.held.get(4).copied().unwrap_or_default();
                if !self.hold(input, header_length(descriptor)) {
                    return Ok(false);
                }
                self.checked = descriptor & 4 != 0;
                self.frame.init(self.held.as_slice()).map_err(|error| match error {
                    FrameDecoderError::WindowSizeTooBig { .. } => Why::Window,
                    FrameDecoderError::DictNotProvided { .. } => Why::Dictionary,
                    _ => Why::Damaged,
                })?;
                self.held.clear();
                self.place = Place::Block;
            }
            Place::Block => {
                if !self.hold(input, 3) {
                    return Ok(false);
                }
                let [a, b, c] = self.held.first_chunk().copied().unwrap_or_default();
                let header = u32::from_le_bytes([a, b, c, 0]);
                let (last, kind, size) = (header & 1 != 0, header >> 1 & 3, usize::try_from(header >> 3).unwrap_or(usize::MAX));
                if kind == 3 || size > Limits::ZSTD_BLOCK {
                    self.give_up(room, out)?;
                    return Err(Why::Damaged.into());
                }
                const RUN_LENGTH: u32 = 1;
                let size = if kind == RUN_LENGTH { 1 } else { size };
                if !self.hold(input, size.saturating_add(if last && self.checked { 3 + 4 } else { 3 })) {
                    return Ok(false);
                }
                if self.frame.decode_blocks(self.held.as_slice(), BlockDecodingStrategy::UptoBlocks(1)).is_err() {
                    self.give_up(room, out)?;
                    return Err(Why::Damaged.into());
                }
                self.held.clear();
                self.collect(room, out)?;
                if last {
                    self.place = Place::Between;
                    let sum = self.frame.get_checksum_from_data();
                    if sum.is_some() && sum != self.frame.get_calculated_checksum() {
                        return Err(Why::Checksum.into());
                    }
                }
            }
        }
        Ok(true)
    }

    fn collect(&mut self, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        while self.frame.can_collect() > 0 {
            let count = self.frame.read(room).map_err(|_| Why::Damaged)?;
            match room.get(..count) {
                Some(decoded) if count > 0 => out(decoded)?,
                Some(_) | None => break,
            }
        }
        Ok(())
    }

    /// The decoder keeps a window's length back until the last block: an empty one makes it give up what it had decoded.
    fn give_up(&mut self, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        const LAST: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];
        if self.place == Place::Block && self.frame.decode_blocks(LAST.as_slice(), BlockDecodingStrategy::UptoBlocks(1)).is_ok() {
            self.collect(room, out)?;
        }
        Ok(())
    }
}

impl Engine for Zstd {
    fn push(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        while self.step(input, room, out)? {}
        Ok(())
    }

    fn finish(&mut self, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt> {
        if self.place == Place::Between && self.held.is_empty() {
            return Ok(());
        }
        self.give_up(room, out)?;
        Err(if self.place == Place::Between { Why::Followed } else { Why::Cut }.into())
    }
}

fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// The length of a frame's header with its magic number, by the descriptor in it (RFC 8878 section 3.1.1.1).
fn header_length(descriptor: u8) -> usize {
    let single_segment = descriptor & 0x20 != 0;
    let dictionary = match descriptor & 3 {
        3 => 4,
        length => usize::from(length),
    };
    let content = match descriptor >> 6 {
        0 => usize::from(single_segment),
        power => 1 << power,
    };
    usize::from(!single_segment).saturating_add(5).saturating_add(dictionary).saturating_add(content)
}
