//! Compressed captures, told by their first bytes and read as a stream: what is decoded is handed on at once.

mod gzip;
mod zstd;

use crate::limits::Limits;
use std::io::{self, BufRead, BufReader, Read};

/// A compression that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// What the first four bytes of an input say.
    pub(super) fn from_magic(magic: [u8; 4]) -> Option<Self> {
        match magic {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            magic if zstd::is_frame(magic) => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What the compressed bytes stand for.
    pub(super) fn decoder(self, compressed: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        let compressed = BufReader::with_capacity(Limits::COMPRESSED_AT_ONCE, compressed);
        match self {
            Self::Gzip => Box::new(gzip::Decoder::new(compressed)),
            Self::Zstd => Box::new(zstd::Decoder::new(compressed)),
        }
    }
}

/// What can be wrong with compressed bytes.
#[derive(Debug, thiserror::Error)]
enum CompressionError {
    #[error("the {0} data ends too early")]
    Cut(&'static str),
    #[error("the {0} data is damaged")]
    Damaged(&'static str),
    #[error("the {0} data is damaged: its checksum is wrong")]
    Checksum(&'static str),
    #[error("something else follows the {0} data")]
    Followed(&'static str),
    #[error(
        "its zstd window has {0} bytes, more than the 8 MiB that are accepted: unpack it first, `zstd -dc --long=31 FILE | wirelore read -`"
    )]
    Window(u64),
    #[error("it was compressed with a zstd dictionary: unpack it first, `zstd -dc -D DICTIONARY FILE | wirelore read -`")]
    Dictionary,
}

impl From<CompressionError> for io::Error {
    fn from(error: CompressionError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// Why decoding failed: for want of bytes, or for wrong ones. A failure to read the compressed bytes stays what it is.
fn failure(name: &'static str, error: &(dyn std::error::Error + 'static)) -> io::Error {
    match std::iter::successors(Some(error), |error| error.source()).find_map(|error| error.downcast_ref::<io::Error>()) {
        Some(error) if error.kind() == io::ErrorKind::UnexpectedEof => CompressionError::Cut(name).into(),
        Some(error) if error.kind() != io::ErrorKind::InvalidInput => io::Error::new(error.kind(), error.to_string()),
        Some(_) | None => CompressionError::Damaged(name).into(),
    }
}

/// Goes behind padding to what comes next: `false` where nothing does.
fn skip_zeros(compressed: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = compressed.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if zeros < bytes.len() {
            compressed.consume(zeros);
            return Ok(true);
        }
        compressed.consume(zeros);
    }
}

#[cfg(test)]
mod tests;
