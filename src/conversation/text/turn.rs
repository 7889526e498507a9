//! What a language does with a line: tells it, and says how the next bytes are to be read.

use super::said::{Aside, Utterance};
use crate::conversation::Side;

/// How the next bytes of a side are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// As lines of the language.
    Lines,
    /// As lines of a body, to a dot alone.
    Body,
    /// So many bytes as they are, then lines again.
    Counted(u64),
    /// As Telnet.
    Telnet,
    /// As records of TLS.
    Records,
    /// As bytes of which nothing is known.
    Bytes,
}

/// A line that is being read: what it is told to be, and what follows from it.
pub(super) struct Turn<'t> {
    /// How each side is read on.
    pub(super) modes: &'t mut [Mode; 2],
    /// Tells what the line is.
    pub(super) tell: &'t mut dyn FnMut(Utterance<'_>),
}

impl Turn<'_> {
    /// Tells what the line is.
    pub(super) fn tell(&mut self, what: Utterance<'_>) {
        (self.tell)(what);
    }

    /// Tells what it comes to.
    pub(super) fn aside(&mut self, aside: Aside<'_>) {
        (self.tell)(Utterance::Aside(aside));
    }

    /// Reads a side otherwise from here on. One that encrypts goes on encrypting, whatever the other one says: a record of it may be begun.
    pub(super) fn read_as(&mut self, side: Side, mode: Mode) {
        if let Some(current) = self.modes.get_mut(side.index()).filter(|current| **current != Mode::Records) {
            *current = mode;
        }
    }

    /// Both sides compress from here on.
    pub(super) fn compressed(&mut self) {
        for side in Side::BOTH {
            self.read_as(side, Mode::Bytes);
        }
        self.aside(Aside::Compressed);
    }

    /// Both sides encrypt from here on.
    pub(super) fn encrypted(&mut self) {
        *self.modes = [Mode::Records; 2];
        self.aside(Aside::Encrypted);
    }
}

/// The first word of a line, and what stands behind the spaces after it.
pub(super) fn first_word(line: &[u8]) -> (&[u8], &[u8]) {
    let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word, rest.trim_ascii_start())
}

/// A number in decimal digits alone.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
