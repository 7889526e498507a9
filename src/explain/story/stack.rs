//! The stack of one exchange, as data: its parts, and what each added.

use crate::conversation::application::Application;
use crate::conversation::http1::{Exchange, ExchangeId};
use crate::conversation::{Endpoint, Kind};
use crate::dissect::Protocol;
use std::mem::discriminant;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An exchange, and the frames that are its own: the first of a connection pays for the handshake, the last for the end.
    Exchange(ExchangeId, u64, u64),
    /// All of a conversation.
    Conversation(u64),
    /// A frame that belongs to none.
    Frame(u64),
}

/// A part of the stack.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// What was to be handed over: the body of a message.
    Body,
    /// What the body was wrapped in on its way: sizes and ends of chunks.
    Chunks,
    /// The first line of a message.
    StartLine,
    /// The header fields, with the empty line behind them.
    Headers,
    /// An interim answer, such as 100 Continue.
    Interim,
    /// Payload that was sent once more.
    Again,
    /// Payload that belongs to other exchanges in the same frames.
    Others,
    /// Payload that is not taken apart, of an application where it is known.
    Payload(Option<Application>),
    /// Headers of a protocol.
    Header(&'static Protocol),
    /// Bytes behind the packet, which fill a frame that would be too short, and trailers.
    Padding,
    /// The frame check sequence, where the capture kept it.
    CheckSequence,
}

impl Part {
    /// The protocol, where it is headers.
    #[must_use]
    pub fn header(self) -> Option<&'static Protocol> {
        match self {
            Self::Header(protocol) => Some(protocol),
            Self::Body
            | Self::Chunks
            | Self::StartLine
            | Self::Headers
            | Self::Interim
            | Self::Again
            | Self::Others
            | Self::Payload(_)
            | Self::Padding
            | Self::CheckSequence => None,
        }
    }

    /// Whether both are headers of one protocol, or the same otherwise.
    pub(super) fn is(self, other: Self) -> bool {
        match (self.header(), other.header()) {
            (Some(own), Some(other)) => own.is(other),
            (None, None) => discriminant(&self) == discriminant(&other),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// A part, with what each side spent on it; the client first.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Which.
    pub part: Part,
    /// Bytes on the wire.
    pub bytes: [u64; 2],
    /// How many times: headers, or segments.
    pub times: [u64; 2],
    /// How deep it stands in the frames; 0 is outermost.
    pub(super) depth: usize,
}

/// What a frame is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It carries something.
    Payload,
    /// It opens the connection (SYN).
    Opening,
    /// It only acknowledges.
    Acknowledgement,
    /// It ends the connection (FIN, RST).
    Closing,
}

/// All purposes, in the order of [`Stack::purposes`].
pub const PURPOSES: [Purpose; 4] = [Purpose::Payload, Purpose::Opening, Purpose::Acknowledgement, Purpose::Closing];

/// Frames and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Frames.
    pub frames: u64,
    /// Bytes on the wire.
    pub bytes: u64,
}

/// The stack.
#[derive(Debug)]
pub struct Stack {
    /// What was looked at.
    pub target: Target,
    /// The exchange, where it is one.
    pub exchange: Option<Box<Exchange>>,
    /// The ends, the client first; nothing for a frame that belongs to no conversation.
    pub ends: Option<[Endpoint; 2]>,
    /// What the conversation is made of.
    pub kind: Option<Kind>,
    /// What the conversation is held in.
    pub application: Option<Application>,
    /// The numbers of the frames, the first few of them.
    pub frames: Vec<u64>,
    /// Frames and bytes that each side sent.
    pub sent: [Amount; 2],
    /// Its parts, what was to be handed over first, and then from the inside out.
    pub rows: Vec<Row>,
    /// What the frames of each side are there for, in the order of [`PURPOSES`].
    pub purposes: [[Amount; 2]; 4],
    /// Whether every frame is one of Ethernet, which adds to it what no capture shows.
    pub is_ethernet: bool,
}
