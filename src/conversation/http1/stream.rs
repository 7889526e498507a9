//! Where one direction stands.

use super::chunked::ChunkReader;
use super::head_reader::HeadReader;
use super::start_line::{Expectation, StartLine};
use super::{Exchange, Flags};
use crate::reassembly::Origin;

/// What the next byte of a direction belongs to.
#[derive(Debug, Default)]
pub(super) enum State {
    /// Nobody knows: HTTP was not found yet, or its thread was lost. A message that begins a segment is looked for.
    #[default]
    Lost,
    /// The next message.
    Start,
    /// A head.
    Head(Box<HeadState>),
    /// A body.
    Body(BodyState),
    /// What goes on after HTTP.
    Tunnel,
    /// Nothing: the stream is over.
    Over,
}

/// A head that is being read.
#[derive(Debug)]
pub(super) struct HeadState {
    pub(super) reader: HeadReader,
    /// What it begins, once its first line is there.
    pub(super) kind: Option<StartLine>,
    pub(super) expectation: Expectation,
    pub(super) offset: u64,
    pub(super) first: Origin,
    pub(super) last: Origin,
    pub(super) flags: Flags,
}

/// A body that is being read.
#[derive(Debug)]
pub(super) enum BodyState {
    Length { left: u64 },
    Chunked(Box<ChunkReader>),
    Close,
}

/// One direction.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) state: State,
    /// Bytes that belong to no message and are being counted.
    pub(super) stray: Option<Box<Exchange>>,
    /// Bytes that came again as others, and are being counted.
    pub(super) conflict: Option<Box<Exchange>>,
    /// A message was read here.
    pub(super) synchronized: bool,
    /// What is lost here are not bytes of the capture: a message may begin behind every line end.
    pub(super) by_lines: bool,
    /// Its sender has said `Connection: close`.
    pub(super) closing: bool,
    /// Its first bytes are not in the capture: what is heard first may stand anywhere.
    pub(super) begins_unseen: bool,
    /// How many bytes were passed over before HTTP was found.
    pub(super) passed: u64,
    /// Its FIN.
    pub(super) finished: Option<Origin>,
    /// Empty lines stood before what comes next.
    pub(super) empty_lines: bool,
}

impl Stream {
    /// How much memory is kept for what is being read.
    pub(super) fn cost(&self) -> usize {
        match &self.state {
            State::Head(head) => size_of::<HeadState>().saturating_add(head.reader.bytes.capacity()),
            State::Body(BodyState::Chunked(chunks)) => size_of::<ChunkReader>().saturating_add(chunks.cost()),
            State::Body(BodyState::Length { .. } | BodyState::Close) | State::Lost | State::Start | State::Tunnel | State::Over => 0,
        }
    }
}

/// What is left of a piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rest<'a> {
    pub(super) offset: u64,
    pub(super) bytes: &'a [u8],
    pub(super) origin: Origin,
    /// A message may begin here although nothing says so: a segment begins, or a line.
    pub(super) begins: bool,
}

impl<'a> Rest<'a> {
    pub(super) fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.bytes.split_at_checked(length).unwrap_or((self.bytes, &[]));
        self.bytes = rest;
        self.offset = self.offset.saturating_add(taken.len() as u64);
        self.begins &= taken.is_empty();
        taken
    }
}
