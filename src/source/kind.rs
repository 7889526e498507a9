//! What an input is, told by its first bytes.

use super::Source;
use super::buffer::ReadBuffer;
use super::compression::Compression;
use super::error::SourceError;
use super::other::{self, Other};
use super::patient::Patient;
use super::pcap::{PcapSource, Variant};
use super::pcapng::{self, PcapngSource};
use std::io::{self, Read};

/// How many of the first bytes tell.
const MAGIC: usize = 4;

/// How many of the first bytes a message quotes.
const QUOTED: usize = 16;

/// A source over any bytes, told by their content: pcap or pcapng, plain or compressed. `name` is what messages call it.
///
/// # Errors
/// The bytes are no capture, or reading them failed.
pub fn from_reader(reader: impl Read + Send + 'static, name: &str) -> Result<Box<dyn Source>, SourceError> {
    let failed = |source: io::Error| SourceError::Io { name: name.to_owned(), source: source.into() };
    let mut buffer = ReadBuffer::new(Box::new(Patient(reader)));
    buffer.fill(MAGIC).map_err(failed)?;
    if let Some(compression) = buffer.bytes().first_chunk().and_then(|magic| Compression::from_magic(*magic)) {
        buffer = ReadBuffer::new(compression.decoder(buffer.into_reader()));
        buffer.fill(MAGIC).map_err(failed)?;
    }
    let name = name.to_owned();
    match buffer.bytes().first_chunk().copied() {
        Some(pcapng::MAGIC) => Ok(Box::new(PcapngSource::new(name, buffer)?)),
        Some(magic) => match Variant::from_magic(magic) {
            Some(variant) => Ok(Box::new(PcapSource::new(name, buffer, variant)?)),
            None => Err(no_capture(name, buffer)),
        },
        None => Err(no_capture(name, buffer)),
    }
}

fn no_capture(name: String, mut buffer: ReadBuffer) -> SourceError {
    if let Err(source) = buffer.fill(QUOTED) {
        return SourceError::Io { name, source: source.into() };
    }
    let begin = buffer.bytes().get(..QUOTED).unwrap_or(buffer.bytes());
    if begin.is_empty() {
        return SourceError::Empty { name };
    }
    match other::from_magic(begin) {
        Some(Other { format, remedy }) => SourceError::OtherFormat { name, format, remedy },
        None => SourceError::NotACapture { name, begins: begin.escape_ascii().to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn refusal(bytes: &'static [u8]) -> String {
        from_reader(Cursor::new(bytes), "notes.txt").err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_no_capture_is_quoted() {
        assert_eq!(
            refusal(b"Dear \x1b[31mreader, this goes on"),
            "notes.txt: not a capture (it begins with \"Dear \\x1b[31mreader\"); wirelore reads pcap and pcapng, also gzip or zstd compressed"
        );
        assert_eq!(refusal(b""), "notes.txt: is empty; a capture has at least a header of 24 bytes");
        assert!(refusal(b"ab").contains("begins with \"ab\""));
    }

    #[test]
    fn what_another_program_converts_is_told_by_name() {
        assert!(refusal(b"snoop\0\0\0\0\0\0\x02").contains("a snoop capture"));
        assert!(refusal(b"\xfd7zXZ\0\0\0").ends_with("try: xz -dc FILE | wirelore read -"));
    }

    #[test]
    fn a_header_cut_short_says_so() {
        assert_eq!(
            refusal(b"\xd4\xc3\xb2\xa1\x02\0"),
            "notes.txt: the capture is cut: it ends in the middle of its header (at byte 0: it needs 24 bytes, 6 are left); no frame was before it"
        );
    }
}
