//! Bytes as lines, in whatever pieces they come.

use super::words::mark;
use crate::conversation::Side;
use crate::render::escape;
use crate::render::style::{Palette, Role};

/// What stands open of a side's bytes.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// Whether a line was begun and not ended.
    in_line: bool,
    /// The beginning of what the next bytes may complete: a character, or a carriage return before a line feed.
    held: Vec<u8>,
}

impl Stream {
    /// Appends bytes: each line behind the mark of its side, line ends (CR LF or LF) as such, anything else that is no text escaped.
    pub(super) fn push(&mut self, out: &mut Vec<u8>, palette: &Palette, (side, role): (Side, Role), bytes: &[u8]) {
        let joined;
        let mut rest = if self.held.is_empty() {
            bytes
        } else {
            self.held.extend_from_slice(bytes);
            joined = std::mem::take(&mut self.held);
            &joined
        };
        let whole = rest.len() - unfinished(rest);
        if let Some((now, later)) = rest.split_at_checked(whole) {
            self.held.extend_from_slice(later);
            rest = now;
        }
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
            let line = if end.is_some() { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
            self.part(out, palette, (side, role), line);
            if end.is_some() {
                out.push(b'\n');
                self.in_line = false;
            }
            rest = after.get(1..).unwrap_or_default();
        }
    }

    /// Ends the line that was begun, where one was: somebody else speaks.
    pub(super) fn close(&mut self, out: &mut Vec<u8>, palette: &Palette, (side, role): (Side, Role)) {
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            self.part(out, palette, (side, role), &held);
        }
        if std::mem::take(&mut self.in_line) {
            out.push(b'\n');
        }
    }

    fn part(&mut self, out: &mut Vec<u8>, palette: &Palette, (side, role): (Side, Role), text: &[u8]) {
        palette.paint(out, role, |out| {
            if !self.in_line {
                out.extend_from_slice(mark(side));
            }
            push_line(out, text);
        });
        self.in_line = true;
    }
}

/// Appends the text of a line: tabs as they are, anything else that is no text escaped.
pub(super) fn push_line(out: &mut Vec<u8>, line: &[u8]) {
    for (place, part) in line.split(|byte| *byte == b'\t').enumerate() {
        if place > 0 {
            out.push(b'\t');
        }
        escape::push_text(out, part);
    }
}

/// How many bytes at the end begin something that the next ones may complete.
fn unfinished(bytes: &[u8]) -> usize {
    if bytes.last() == Some(&b'\r') {
        return 1;
    }
    // A character of UTF-8 has at most four bytes: the first says how many.
    for (behind, byte) in bytes.iter().rev().take(3).enumerate() {
        let length = match byte {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        return if length > behind + 1 { behind + 1 } else { 0 };
    }
    0
}
