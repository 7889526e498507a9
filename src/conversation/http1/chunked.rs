//! Chunks (RFC 9112 section 7.1), in whatever pieces they come.

use super::head_reader::{HeadReader, Line};
use super::{Flag, Flags};
use crate::reassembly::Limits;
use memchr::memchr;

/// Where in the chunks the next byte stands.
#[derive(Clone, Debug)]
enum State {
    /// In a size, or in the spaces around it.
    Size { size: u64, digits: u32, spaces: bool },
    /// Behind the semicolon of an extension.
    Extension { size: u64, after_return: bool },
    /// Behind the carriage return of a size.
    SizeReturn { size: u64 },
    /// In a chunk's bytes.
    Data { left: u64 },
    /// Behind a chunk's bytes.
    DataEnd { after_return: bool },
    /// Behind the last chunk.
    Trailers(Box<HeadReader>),
}

const BEGIN: State = State::Size { size: 0, digits: 0, spaces: false };

/// What some bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chunk<'a> {
    /// Bytes of the body.
    Data(&'a [u8]),
    /// So many bytes around it.
    Around(usize),
    /// So many bytes around it, and with them all is said.
    Last(usize),
    /// So many bytes around it; then something that cannot be read.
    Broken(usize),
}

/// Reads chunks.
#[derive(Clone, Debug)]
pub(super) struct ChunkReader {
    state: State,
    pub(super) chunks: u64,
    pub(super) extensions: u64,
    pub(super) flags: Flags,
}

impl Default for ChunkReader {
    fn default() -> Self {
        Self { state: BEGIN, chunks: 0, extensions: 0, flags: Flags::default() }
    }
}

impl ChunkReader {
    /// Takes some of the bytes, at least one unless they are broken or begin a chunk.
    pub(super) fn read<'a>(&mut self, bytes: &'a [u8], limits: &Limits) -> Chunk<'a> {
        match &mut self.state {
            State::Data { left } => {
                let data = bytes.get(..usize::try_from(*left).unwrap_or(usize::MAX)).unwrap_or(bytes);
                *left = left.saturating_sub(data.len() as u64);
                if *left == 0 {
                    self.state = State::DataEnd { after_return: false };
                }
                Chunk::Data(data)
            }
            State::Trailers(reader) => {
                let read = reader.read(bytes, limits);
                match read.line {
                    Line::Open | Line::Ended => Chunk::Around(read.used),
                    Line::Empty => Chunk::Last(read.used),
                }
            }
            State::Size { .. } | State::Extension { .. } | State::SizeReturn { .. } | State::DataEnd { .. } => self.around(bytes),
        }
    }

    /// Reads what stands between the bytes of two chunks.
    fn around<'a>(&mut self, bytes: &'a [u8]) -> Chunk<'a> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match (&mut self.state, *byte) {
                (State::DataEnd { after_return: after_return @ false }, b'\r') => *after_return = true,
                (State::DataEnd { after_return }, b'\n') => {
                    self.flags.insert_if(Flag::ChunkOdd, !*after_return);
                    self.state = BEGIN;
                }
                (State::Size { digits: 0, .. }, b' ' | b'\t') => self.flags.insert(Flag::ChunkOdd),
                // Lines that are empty too many, a sign, and the prefix of C: readers pass over them.
                (State::Size { digits: 0, .. }, b'\r' | b'\n' | b'+') => self.flags.insert(Flag::ChunkOdd),
                (State::Size { size: 0, digits, spaces: false }, b'x' | b'X') if *digits == 1 => {
                    *digits = 0;
                    self.flags.insert(Flag::ChunkOdd);
                }
                // Some servers fill the size up with spaces.
                (State::Size { spaces, .. }, b' ' | b'\t') => *spaces = true,
                (State::Size { size, digits, .. }, b'\r') if *digits > 0 => self.state = State::SizeReturn { size: *size },
                (State::Size { size, digits, .. }, b'\n') if *digits > 0 => {
                    let size = *size;
                    self.flags.insert(Flag::ChunkOdd);
                    self.begin(size);
                }
                (State::Size { size, digits, .. }, b';') if *digits > 0 => {
                    self.extensions = self.extensions.saturating_add(1);
                    self.flags.insert(Flag::ChunkExtensions);
                    self.state = State::Extension { size: *size, after_return: false };
                }
                (State::Size { size, digits, spaces: false }, digit) if digit.is_ascii_hexdigit() => {
                    let value = u64::from(char::from(digit).to_digit(16).unwrap_or_default());
                    let next = size.checked_mul(16).map(|size| size | value);
                    self.flags.insert_if(Flag::ChunkOverflow, next.is_none());
                    // More than any stream holds: the chunk takes all that follows.
                    *size = next.unwrap_or(u64::MAX);
                    *digits = digits.saturating_add(1);
                    self.flags.insert_if(Flag::ChunkOdd, *digits == 17);
                }
                (State::SizeReturn { size }, b'\n') => {
                    let size = *size;
                    self.begin(size);
                }
                (State::SizeReturn { .. }, b'\r') => self.flags.insert(Flag::ChunkOdd),
                // A line that ends with a carriage return alone.
                (State::SizeReturn { size }, _) => {
                    let size = *size;
                    self.flags.insert(Flag::ChunkOdd);
                    self.begin(size);
                    return Chunk::Around(at);
                }
                (State::DataEnd { after_return: true }, digit) if digit.is_ascii_hexdigit() => {
                    self.flags.insert(Flag::ChunkOdd);
                    self.state = BEGIN;
                    continue;
                }
                (State::DataEnd { after_return: true }, b'\r') => self.flags.insert(Flag::ChunkOdd),
                // Who reads digits up to the first other character does not see the rest. Where nothing was in chunks so far, words behind
                // the digits rather say that nothing will be.
                (State::Size { size, digits, .. }, byte) if *digits > 0 && (self.chunks > 0 || !byte.is_ascii_alphanumeric()) => {
                    self.flags.insert(Flag::ChunkOdd);
                    self.state = State::Extension { size: *size, after_return: false };
                }
                (State::Extension { size, after_return }, _) => {
                    let (size, rest) = (*size, bytes.get(at..).unwrap_or_default());
                    let line = memchr(b'\n', rest);
                    let before = line.unwrap_or(rest.len()).checked_sub(1).and_then(|last| rest.get(last));
                    let return_before = before.map_or(*after_return, |byte| *byte == b'\r');
                    *after_return = return_before;
                    let Some(line) = line else { return Chunk::Around(bytes.len()) };
                    self.flags.insert_if(Flag::ChunkOdd, !return_before);
                    self.begin(size);
                    at = at.saturating_add(line);
                }
                (State::Size { .. } | State::DataEnd { .. }, _) => {
                    self.flags.insert(Flag::ChunkInvalid);
                    return Chunk::Broken(at);
                }
                // What has bytes of its own is read by `read`.
                (State::Data { .. } | State::Trailers(_), _) => return Chunk::Around(at),
            }
            at = at.saturating_add(1);
        }
        Chunk::Around(at)
    }

    fn begin(&mut self, size: u64) {
        self.chunks = self.chunks.saturating_add(u64::from(size > 0));
        self.state = if size > 0 { State::Data { left: size } } else { State::Trailers(Box::default()) };
    }

    /// A hole of so many bytes. Says how many of them are the body's, and whether the chunks can be read on behind it.
    pub(super) fn gap(&mut self, length: u64) -> (u64, bool) {
        let State::Data { left } = &mut self.state else { return (0, false) };
        let of_body = length.min(*left);
        let readable = length <= *left;
        *left = left.saturating_sub(of_body);
        if *left == 0 {
            self.state = State::DataEnd { after_return: false };
        }
        (of_body, readable)
    }

    /// The bytes of the trailers, where there are any, and what is odd about them.
    pub(super) fn trailers(&mut self) -> Option<(Box<[u8]>, Flags)> {
        match &mut self.state {
            State::Trailers(reader) if reader.bytes.iter().any(|byte| !matches!(byte, b'\r' | b'\n')) => {
                Some((std::mem::take(&mut reader.bytes).into_boxed_slice(), reader.flags))
            }
            State::Trailers(_)
            | State::Size { .. }
            | State::Extension { .. }
            | State::SizeReturn { .. }
            | State::Data { .. }
            | State::DataEnd { .. } => None,
        }
    }

    /// How much memory is kept for trailers.
    pub(super) fn cost(&self) -> usize {
        match &self.state {
            State::Trailers(reader) => reader.bytes.capacity(),
            State::Size { .. } | State::Extension { .. } | State::SizeReturn { .. } | State::Data { .. } | State::DataEnd { .. } => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Flag::*;

    /// The body, how many bytes were read, whether they end, and the flags; fed in pieces of `size`.
    fn read(text: &[u8], size: usize) -> (String, usize, Option<bool>, Vec<Flag>) {
        let (mut reader, mut body, mut total) = (ChunkReader::default(), Vec::new(), 0);
        for piece in text.chunks(size) {
            let mut rest = piece;
            while !rest.is_empty() {
                let (used, end) = match reader.read(rest, &Limits::default()) {
                    Chunk::Data(data) => {
                        body.extend_from_slice(data);
                        (data.len(), None)
                    }
                    Chunk::Around(used) => (used, None),
                    Chunk::Last(used) => (used, Some(true)),
                    Chunk::Broken(used) => (used, Some(false)),
                };
                total += used;
                rest = &rest[used..];
                if end.is_some() {
                    return (String::from_utf8(body).expect("text"), total, end, reader.flags.iter().collect());
                }
            }
        }
        (String::from_utf8(body).expect("text"), total, None, reader.flags.iter().collect())
    }

    #[test]
    fn chunks_are_read_alike_in_all_pieces() {
        type Row = (&'static str, &'static str, usize, Option<bool>, &'static [Flag]);
        let rows: [Row; 28] = [
            ("5\r\nhello\r\n0\r\n\r\nX", "hello", 15, Some(true), &[]),
            ("5  \r\nhello\r\n0\r\n\r\n", "hello", 17, Some(true), &[]),
            ("5;a=b;c\r\nhello\r\n0;d\r\n\r\n", "hello", 23, Some(true), &[ChunkExtensions]),
            ("5;a=b\nhello\r\n0\r\n\r\n", "hello", 18, Some(true), &[ChunkOdd, ChunkExtensions]),
            ("5;\nhello\r\n0\r\n\r\n", "hello", 15, Some(true), &[ChunkOdd, ChunkExtensions]),
            ("5\nhello\n0\n\n", "hello", 11, Some(true), &[ChunkOdd]),
            (" 5\r\nhello\r\n0\r\n\r\n", "hello", 16, Some(true), &[ChunkOdd]),
            ("a\r\nhellohello\r\nA\r\nhellohello\r\n0\r\n\r\n", "hellohellohellohello", 35, Some(true), &[]),
            ("00000000000000005\r\nhello\r\n0\r\n\r\n", "hello", 31, Some(true), &[ChunkOdd]),
            ("0\r\nA: b\r\nC: d\r\n\r\nX", "", 17, Some(true), &[]),
            ("5\r\nhello\r\n0\r\n", "hello", 13, None, &[]),
            ("5\r\nhel", "hel", 6, None, &[]),
            ("10000000000000000\r\nhello", "hello", 24, None, &[ChunkOverflow, ChunkOdd]),
            ("0x5\r\nhello\r\n0\r\n\r\n", "hello", 17, Some(true), &[ChunkOdd]),
            ("+5\r\nhello\r\n0\r\n\r\n", "hello", 16, Some(true), &[ChunkOdd]),
            ("\r\n5\r\nhello\r\n\r\n0\r\n\r\n", "hello", 19, Some(true), &[ChunkOdd]),
            ("5\rhello\r3\rabc\r0\r\n\r\n", "helloabc", 19, Some(true), &[ChunkOdd]),
            ("5\r\r\nhello\r\r\n0\r\n\r\n", "hello", 17, Some(true), &[ChunkOdd]),
            ("5,1\r\nhello\r\n0\r\n\r\n", "hello", 17, Some(true), &[ChunkOdd]),
            ("5\0\r\nhello\r\n3 z\r\nabc\r\n0\r\n\r\n", "helloabc", 26, Some(true), &[ChunkOdd]),
            ("5 z\r\nhello", "", 2, Some(false), &[ChunkInvalid]),
            ("each of us", "", 3, Some(false), &[ChunkInvalid]),
            ("5xx\r\nhello", "", 1, Some(false), &[ChunkInvalid]),
            ("\"5\"\r\nhello", "", 0, Some(false), &[ChunkInvalid]),
            ("5\r\nhelloo\r\n0\r\n\r\n", "hello", 8, Some(false), &[ChunkInvalid]),
            ("5 5\r\nhello", "", 2, Some(false), &[ChunkInvalid]),
            ("5\rx\nhello", "x\nhel", 7, Some(false), &[ChunkInvalid, ChunkOdd]),
            ("-5\r\nhello", "", 0, Some(false), &[ChunkInvalid]),
        ];
        for (text, body, total, end, flags) in rows {
            for size in 1..=text.len() {
                assert_eq!(read(text.as_bytes(), size), (body.to_owned(), total, end, flags.to_vec()), "{text:?} in {size}s");
            }
        }
    }

    #[test]
    fn a_hole_in_a_chunk_is_passed_and_one_around_it_is_not() {
        let begun = || {
            let mut reader = ChunkReader::default();
            reader.read(b"5\r\n", &Limits::default());
            reader
        };
        assert_eq!((begun().gap(4), begun().gap(5), begun().gap(6)), ((4, true), (5, true), (5, false)));
        assert_eq!(ChunkReader::default().gap(1), (0, false));
        let mut reader = begun();
        reader.gap(5);
        assert_eq!(reader.read(b"\r\n0\r\n", &Limits::default()), Chunk::Around(5));
        assert_eq!(reader.read(b"\r\n", &Limits::default()), Chunk::Last(2));
    }
}
