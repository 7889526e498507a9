//! What every decoder of one coding is made of.

use super::coding::{Stop, Why};

/// Why a decoder goes no further.
pub(super) enum Halt {
    /// For a reason of its own.
    Own(Why),
    /// Because what it gave was not taken.
    Downstream(Stop),
}

impl From<Why> for Halt {
    fn from(why: Why) -> Self {
        Self::Own(why)
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Downstream(stop)
    }
}

/// Takes what was decoded.
pub(super) type Taker<'a> = dyn FnMut(&[u8]) -> Result<(), Stop> + 'a;

/// Coded bytes, and how many of them were taken.
pub(super) struct Input<'a> {
    pub(super) rest: &'a [u8],
    pub(super) taken: u64,
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, taken: 0 }
    }

    /// Takes up to so many.
    pub(super) fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        self.taken = self.taken.saturating_add(taken.len() as u64);
        taken
    }

    /// Takes one.
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).first().copied()
    }
}

/// A decoder of one coding: bytes in, as they come; decoded bytes out, as soon as they are certain.
pub(super) trait Engine {
    /// The next coded bytes; all of them are taken unless it halts.
    fn push(&mut self, input: &mut Input<'_>, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt>;

    /// No more come: what is still held back is given, and whether that may be the end is said.
    fn finish(&mut self, room: &mut [u8], out: &mut Taker<'_>) -> Result<(), Halt>;
}
