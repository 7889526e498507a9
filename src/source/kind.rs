//! What an input is, told by its first bytes.

use super::Source;
use super::buffer::ReadBuffer;
use super::compression::Compression;
use super::error::SourceError;
use super::patient::Patient;
use super::pcap::{PcapSource, Variant};
use super::pcapng::{self, PcapngSource};
use std::io::Read;

/// How many of the first bytes tell.
const MAGIC: usize = 4;

/// How many of the first bytes a message quotes.
const QUOTED: usize = 16;

/// A source over any bytes, told by their content: pcap or pcapng, plain or compressed. `name` is what messages call it.
///
/// # Errors
/// The bytes are no capture, or reading them failed.
pub fn from_reader(reader: impl Read + Send + 'static, name: &str) -> Result<Box<dyn Source>, SourceError> {
    let failed = |source| SourceError::Io { name: name.to_owned(), source };
    let mut buffer = ReadBuffer::new(Box::new(Patient(reader)));
    buffer.fill(MAGIC).map_err(failed)?;
    if let Some(compression) = buffer.bytes().first_chunk().and_then(|magic| Compression::from_magic(*magic)) {
        buffer = ReadBuffer::new(compression.decoder(buffer.into_reader()));
        buffer.fill(MAGIC).map_err(failed)?;
    }
    let name = name.to_owned();
    match buffer.bytes().first_chunk().copied() {
        Some(pcapng::MAGIC) => Ok(Box::new(PcapngSource::new(name, buffer))),
        Some(magic) => match Variant::from_magic(magic) {
            Some(variant) => Ok(Box::new(PcapSource::new(name, buffer, variant)?)),
            None => Err(no_capture(name, buffer.bytes())),
        },
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
