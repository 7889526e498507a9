//! Zstandard, RFC 8878: frames, one after another, and frames to skip.

use super::{CompressionError, failure, skip_zeros};
use crate::limits::Limits;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Read};

const NAME: &str = "zstd";

/// The first bytes of a frame.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Whether the bytes begin a frame, or one to skip.
pub(super) fn is_frame(magic: [u8; 4]) -> bool {
    magic == MAGIC || is_skippable(magic)
}

fn is_skippable(magic: [u8; 4]) -> bool {
    matches!(magic, [0x50..=0x5f, 0x2a, 0x4d, 0x18])
}

/// Where the decoder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Frame,
    Between,
    End,
}

/// What a zstd stream stands for.
pub(super) struct Decoder<R> {
    compressed: R,
    frame: FrameDecoder,
    place: Place,
    /// What went wrong, until all that was before it is out.
    failed: Option<io::Error>,
}

impl<R: BufRead> Decoder<R> {
    pub(super) fn new(compressed: R) -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(Limits::ZSTD_WINDOW);
        Self { compressed, frame, place: Place::First, failed: None }
    }

    fn begin_frame(&mut self) -> io::Result<()> {
        if self.place == Place::Between && !skip_zeros(&mut self.compressed)? {
            self.place = Place::End;
            return Ok(());
        }
        let mut magic = [0; 4];
        self.take(&mut magic)?;
        if is_skippable(magic) {
            let mut length = [0; 4];
            self.take(&mut length)?;
            let length = u64::from(u32::from_le_bytes(length));
            let skipped = io::copy(&mut (&mut self.compressed).take(length), &mut io::sink())?;
            self.place = Place::Between;
            return if skipped == length { Ok(()) } else { Err(CompressionError::Cut(NAME).into()) };
        }
        if magic != MAGIC {
            return Err(CompressionError::Followed(NAME).into());
        }
        match self.frame.init(magic.chain(&mut self.compressed)) {
            Ok(()) => {
                self.place = Place::Frame;
                Ok(())
            }
            Err(FrameDecoderError::WindowSizeTooBig { requested, .. }) => Err(CompressionError::Window(requested).into()),
            Err(FrameDecoderError::DictNotProvided { .. }) => Err(CompressionError::Dictionary.into()),
            Err(error) => Err(failure(NAME, &error)),
        }
    }

    fn take(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.compressed.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => CompressionError::Cut(NAME).into(),
            _ => error,
        })
    }

    fn read_frame(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.frame.can_collect() == 0 && !self.frame.is_finished() {
            if let Err(error) = self.frame.decode_blocks(&mut self.compressed, BlockDecodingStrategy::UptoBlocks(1)) {
                self.failed = Some(failure(NAME, &error));
                // The decoder keeps a window's length back until the last block: an empty one makes it give up what it had decoded.
                let last: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
                if self.frame.decode_blocks(last, BlockDecodingStrategy::UptoBlocks(1)).is_err() {
                    return Ok(0);
                }
            }
        }
        let count = self.frame.read(room)?;
        if count == 0 && self.failed.is_none() {
            self.end_frame()?;
        }
        Ok(count)
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.place = Place::Between;
        match self.frame.get_checksum_from_data() {
            Some(checksum) if self.frame.get_calculated_checksum() != Some(checksum) => Err(CompressionError::Checksum(NAME).into()),
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if room.is_empty() {
            return Ok(0);
        }
        loop {
            match self.place {
                Place::First | Place::Between => self.begin_frame()?,
                Place::End => return Ok(0),
                Place::Frame => match self.read_frame(room)? {
                    0 => {
                        if let Some(error) = self.failed.take() {
                            self.place = Place::End;
                            return Err(error);
                        }
                    }
                    count => return Ok(count),
                },
            }
        }
    }
}
