//! What is known of a message's body beside its bytes.

use super::Head;
use crate::limits::Limits;
use crate::reassembly::End;

/// How the length of a body is known (RFC 9112 section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Framing {
    /// There is none.
    #[default]
    None,
    /// Content-Length.
    Length(u64),
    /// In chunks (RFC 9112 section 7.1).
    Chunked,
    /// To the end of the connection.
    Close,
    /// What follows is no HTTP any more: CONNECT was granted, or the protocol was changed.
    Tunnel,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ending {
    /// It is not over yet; after [`super::Sink::exchange`] no body is.
    #[default]
    Open,
    /// Where its framing says: after its length, with its last chunk; at once where there is none.
    Framing,
    /// With the stream. That is as it should be only for [`Framing::Close`] and [`End::Finished`].
    Stream(End),
    /// In a hole of the capture that hides where it ended, or its whole rest.
    Gap,
    /// Its chunks cannot be read on from here.
    Broken,
    /// It was announced and never sent: its sender went on with the next message (RFC 9110 section 10.1.1 allows that of a client that was
    /// answered instead of told to continue). So is the body of an answer to a HEAD that is not in the capture.
    Withheld,
}

/// A message's body.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Body {
    /// How its length is known.
    pub framing: Framing,
    /// Bytes of the body itself, without what chunks add, with its gaps: one past the offset of its last byte.
    pub length: u64,
    /// Bytes that were sent for it, with sizes and ends of chunks and trailers, without gaps.
    pub transferred: u64,
    /// How it ended.
    pub ending: Ending,
    /// What is missing in the capture: offset in the body and length, in order; the first [`Limits::BODY_GAPS`] holes.
    pub gaps: Vec<(u64, u64)>,
    /// Bytes that are missing in all holes.
    pub missing: u64,
    /// Chunks, without the last, empty one.
    pub chunks: u64,
    /// Chunk sizes that had an extension.
    pub chunk_extensions: u64,
    /// The fields behind the last chunk: a head without a start line.
    pub trailers: Option<Box<Head>>,
}

impl Body {
    /// The next bytes of the body are missing.
    pub(super) fn add_gap(&mut self, length: u64) {
        if self.gaps.len() < Limits::BODY_GAPS {
            self.gaps.push((self.length, length));
        }
        self.missing = self.missing.saturating_add(length);
        self.length = self.length.saturating_add(length);
    }

    /// Whether all of it was sent and is in the capture. A body that ends with its connection is whole only after a FIN.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let ended = match self.ending {
            Ending::Framing => true,
            Ending::Stream(End::Finished) => self.framing == Framing::Close,
            Ending::Stream(End::Reset | End::Unseen) | Ending::Open | Ending::Gap | Ending::Broken | Ending::Withheld => false,
        };
        ended && self.missing == 0
    }
}
