//! In hexadecimal: where each byte stands in its side's stream, the byte, and the character that it would be.

use super::text::shows;
use super::words::{Whose, mark, push_conflict, push_ending, push_gap, push_opening, push_turn, role};
use crate::conversation::Side;
use crate::reassembly::{Origin, Overlap, Piece};
use crate::render::number::{hex_pair, push_first, push_hex};
use crate::render::style::Palette;
use crate::render::time::Clock;

/// Bytes in a row.
const ROW: usize = 16;
/// The columns before the characters: a space, two digits and a space each, a space in the middle and one behind.
const COLUMNS: usize = ROW * 3 + 3;

/// Writes one conversation in hexadecimal, frame by frame.
#[derive(Debug)]
pub struct HexForm {
    clock: Clock,
    palette: Palette,
    only: Option<Side>,
    opened: bool,
}

impl HexForm {
    /// A form with times of a clock, in colours, of both sides or only of one.
    #[must_use]
    pub fn new(clock: Clock, palette: Palette, only: Option<Side>) -> Self {
        Self { clock, palette, only, opened: false }
    }

    /// Appends a piece of a TCP stream.
    pub fn piece(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, piece: &Piece<'_>) {
        if !shows(self.only, from) {
            return;
        }
        self.open(out, whose);
        match *piece {
            Piece::Data { offset, bytes, origin } => {
                push_turn(out, &self.palette, &mut self.clock, whose, (from, origin));
                self.rows(out, from, offset, bytes);
            }
            Piece::Gap { length, origin, .. } => push_gap(out, &self.palette, from, length, origin),
            Piece::End { how, origin, .. } => push_ending(out, &self.palette, whose, from, how, origin),
        }
    }

    /// Appends that bytes came again, where they are others.
    pub fn overlap(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, overlap: &Overlap<'_>) {
        if !overlap.is_same() && shows(self.only, from) {
            self.open(out, whose);
            push_conflict(out, &self.palette, from, overlap);
        }
    }

    /// Appends a datagram.
    pub fn datagram(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, payload: &[u8], origin: Origin) {
        if shows(self.only, from) {
            self.open(out, whose);
            push_turn(out, &self.palette, &mut self.clock, whose, (from, origin));
            self.rows(out, from, 0, payload);
        }
    }

    /// Appends whose conversation it was, where nothing was said in it.
    pub fn finish(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        self.open(out, whose);
    }

    fn open(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        if !std::mem::replace(&mut self.opened, true) {
            push_opening(out, &self.palette, whose, None);
        }
    }

    fn rows(&self, out: &mut Vec<u8>, from: Side, offset: u64, bytes: &[u8]) {
        for (row, bytes) in bytes.chunks(ROW).enumerate() {
            self.palette.paint(out, role(from), |out| {
                out.extend_from_slice(mark(from));
                push_hex(out, offset.saturating_add((row * ROW) as u64), 8);
                let mut text = [b' '; COLUMNS + ROW];
                for (place, byte) in bytes.iter().enumerate() {
                    let at = 1 + place * 3 + place / (ROW / 2);
                    if let Some(digits) = text.get_mut(at..at + 2) {
                        digits.copy_from_slice(&hex_pair(*byte));
                    }
                    if let Some(character) = text.get_mut(COLUMNS + place) {
                        *character = if matches!(byte, b' '..=b'~') { *byte } else { b'.' };
                    }
                }
                out.push(b' ');
                push_first(out, &text, COLUMNS + bytes.len());
            });
            out.push(b'\n');
        }
    }
}
