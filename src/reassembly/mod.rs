//! Reassembly: from pieces that came in any order to the bytes that were sent.
//!
//! [`RangeBuffer`] is the shared core: bytes by their offset, where what came first stays, and what overlaps it is compared and reported.
//! A hole is a hole: it has a place and a length, and is never filled. [`fragments`] puts IP datagrams together.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod fragments;
mod parts;
mod range_buffer;
pub mod stream;

pub use crate::limits::Limits;
pub use range_buffer::{Overlap, Part, RangeBuffer};

use crate::frame::Timestamp;

/// The frame that bytes came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Origin {
    /// The frame's number.
    pub frame: u64,
    /// When it was captured.
    pub time: Option<Timestamp>,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its sender said so (FIN).
    Finished,
    /// Either side reset the connection.
    Reset,
    /// The capture ends, the conversation was put away at a limit, or its ports were used anew: more may have been said.
    Unseen,
}

/// What a stream gives, in the order in which it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Its next bytes.
    Data {
        /// Where they stand in the stream, from 0.
        offset: u64,
        /// The bytes; never none.
        bytes: &'a [u8],
        /// The frame they came in.
        origin: Origin,
    },
    /// Bytes that were sent and are not in the capture.
    Gap {
        /// Where they stood.
        offset: u64,
        /// How many they were.
        length: u64,
        /// The frame that made it certain.
        origin: Origin,
    },
    /// The stream is over. It comes once, and nothing after it.
    End {
        /// How many bytes it had, gaps included.
        offset: u64,
        /// How it ended.
        how: End,
        /// The frame that ended it; the last one of the conversation where none did.
        origin: Origin,
    },
}
