//! Gathers the lines of a head, in whatever pieces they come.

use super::{Flag, Flags};
use crate::reassembly::Limits;
use memchr::memchr;

/// What came of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// How many of them belong to the line; never 0 where there were any.
    pub(super) used: usize,
    /// Whether the line ended with them.
    pub(super) line: Line,
}

/// How far a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It goes on.
    Open,
    /// It ended.
    Ended,
    /// It ended, and it was empty: so did the head.
    Empty,
}

/// Gathers lines up to an empty one, within the limits: what passes them is read over, and flagged.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadReader {
    pub(super) bytes: Vec<u8>,
    pub(super) flags: Flags,
    /// Bytes of the line that began last.
    line: usize,
    /// Whether all of them are carriage returns.
    blank: bool,
    /// Whether its last byte is one.
    after_return: bool,
    pub(super) lines: usize,
}

impl HeadReader {
    /// Takes bytes up to the end of the line.
    pub(super) fn read(&mut self, bytes: &[u8], limits: &Limits) -> Read {
        let end = memchr(b'\n', bytes);
        let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
        let is_empty =
            self.line.saturating_add(part.len()) <= 1 && part.iter().all(|byte| *byte == b'\r') && (self.line == 0 || self.blank);
        self.blank = is_empty;
        let room = limits.http_line.saturating_sub(self.line);
        self.flags.insert_if(Flag::LineLimit, part.len() > room);
        self.keep(part.get(..room).unwrap_or(part), limits);
        self.line = self.line.saturating_add(part.len());
        self.after_return = part.last().map_or(self.after_return, |last| *last == b'\r');
        if end.is_none() {
            return Read { used: bytes.len(), line: Line::Open };
        }
        // A line that was cut ends as it did.
        let ending: &[u8] = if self.line > limits.http_line && self.after_return { b"\r\n" } else { b"\n" };
        self.keep(ending, limits);
        self.after_return = false;
        self.line = 0;
        self.lines = self.lines.saturating_add(1);
        Read { used: part.len().saturating_add(1), line: if is_empty { Line::Empty } else { Line::Ended } }
    }

    fn keep(&mut self, part: &[u8], limits: &Limits) {
        let room = limits.http_head_bytes.saturating_sub(self.bytes.len());
        self.flags.insert_if(Flag::HeadLimit, part.len() > room);
        self.bytes.extend_from_slice(part.get(..room).unwrap_or(part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: fn() -> Limits = || Limits { http_line: 6, http_head_bytes: 16, ..Limits::default() };

    /// The bytes kept, how many were read, and the flags; fed in pieces of `size`.
    fn read(text: &[u8], size: usize, limits: &Limits) -> (Vec<u8>, usize, Flags) {
        let (mut reader, mut total) = (HeadReader::default(), 0);
        for piece in text.chunks(size) {
            let mut rest = piece;
            while !rest.is_empty() {
                let Read { used, line } = reader.read(rest, limits);
                total += used;
                rest = &rest[used..];
                if line == Line::Empty {
                    return (reader.bytes, total, reader.flags);
                }
            }
        }
        (reader.bytes, 0, reader.flags)
    }

    #[test]
    fn a_head_ends_with_an_empty_line_whatever_the_pieces() {
        let rows: [(&[u8], usize); 6] = [
            (b"a\r\nb\r\n\r\nrest", 8),
            (b"a\nb\n\nrest", 5),
            (b"a\n\r\nrest", 4),
            (b"\nrest", 1),
            (b"a\r\n\r\r\n\r\nrest", 8),
            (b"a\r\n \r\n\r\nx", 8),
        ];
        for (text, end) in rows {
            for size in 1..=text.len() {
                assert_eq!(read(text, size, &Limits::default()), (text[..end].to_vec(), end, Flags::default()), "{text:?} in {size}s");
            }
        }
    }

    #[test]
    fn limits_cut_and_are_flagged_whatever_the_pieces() {
        for size in 1..40 {
            let line = read(b"abcdefgh\r\nb\n\nrest", size, &SMALL());
            assert_eq!(line, (b"abcdef\r\nb\n\n".to_vec(), 13, [Flag::LineLimit].into_iter().collect()));
            let head = read(b"abcd\nefgh\nijkl\nmnop\nqrst\n\nrest", size, &SMALL());
            assert_eq!(head, (b"abcd\nefgh\nijkl\nm".to_vec(), 26, [Flag::HeadLimit].into_iter().collect()));
        }
    }
}
