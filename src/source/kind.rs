//! What an input is, told by its first bytes.

use super::Source;
use super::buffer::ReadBuffer;
use super::error::SourceError;
use super::pcap::{PcapSource, Variant};
use super::pcapng::{self, PcapngSource};
use std::io::Read;

/// How many of the first bytes a message quotes.
const QUOTED: usize = 16;

/// A source over any bytes, told by their content: pcap or pcapng. `name` is what messages call it.
///
/// # Errors
/// The bytes are no capture, or reading them failed.
pub fn from_reader(reader: impl Read + Send + 'static, name: &str) -> Result<Box<dyn Source>, SourceError> {
    let mut buffer = ReadBuffer::new(Box::new(reader));
    buffer.fill(4).map_err(|source| SourceError::Io { name: name.to_owned(), source })?;
    let name = name.to_owned();
    let Some(magic) = buffer.bytes().first_chunk::<4>().copied() else {
        return Err(no_capture(name, buffer.bytes()));
    };
    if magic == pcapng::MAGIC {
        return Ok(Box::new(PcapngSource::new(name, buffer)));
    }
    match Variant::from_magic(magic) {
        Some(variant) => Ok(Box::new(PcapSource::new(name, buffer, variant)?)),
        None => Err(no_capture(name, buffer.bytes())),
    }
}

fn no_capture(name: String, bytes: &[u8]) -> SourceError {
    if bytes.is_empty() {
        return SourceError::Empty { name };
    }
    let begins = bytes.get(..QUOTED).unwrap_or(bytes).escape_ascii().to_string();
    SourceError::NotACapture { name, begins }
}
