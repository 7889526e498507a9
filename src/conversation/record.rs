//! What is known of one conversation.

use super::Side;
use crate::frame::Timestamp;
use std::net::IpAddr;

/// What a conversation is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// TCP segments between two ports.
    Tcp,
    /// UDP datagrams between two ports.
    Udp,
    /// ICMP or ICMPv6 echoes with one identifier.
    Echo,
    /// Packets of another IP protocol, by its number, between two addresses.
    Other(u8),
}

/// An end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// Its address.
    pub address: IpAddr,
    /// Its port; the identifier for echoes, 0 where there is none.
    pub port: u16,
}

/// What one side sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    /// Bytes of its frames on the wire.
    pub bytes: u64,
    /// Bytes of payload, each place of the stream counted once.
    pub payload: u64,
    /// Its frames.
    pub frames: u32,
    /// Segments that hold bytes which were sent before.
    pub retransmitted: u32,
}

/// How a TCP conversation stands at the end of the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A SYN that nobody answered.
    Unanswered,
    /// A SYN that was answered with a reset.
    Refused,
    /// SYN and SYN-ACK, and nothing after them.
    HalfOpen,
    /// Open: both ends may speak.
    Open,
    /// This side has said everything; the other may still speak.
    HalfClosed(Side),
    /// Both ends have said everything.
    Closed,
    /// This side reset it.
    Reset(Side),
}

/// What goes wrong now and then, and is not kept where it does not.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    /// Holes in each side's stream, and the bytes that are missing.
    pub gaps: [Count; 2],
    /// Bytes that came again, the same, and how often.
    pub overlaps: [Count; 2],
    /// Bytes that came again as others, and how often.
    pub conflicts: [Count; 2],
    /// Segments that came behind one that was sent after them.
    pub out_of_order: [u32; 2],
    /// Acknowledgements that say the same again because something is missing.
    pub duplicate_acknowledgements: [u32; 2],
    /// How often a side said that it can take no more.
    pub zero_windows: [u32; 2],
    /// Probes whether the other side still lives (RFC 9293 section 3.8.4).
    pub keep_alives: [u32; 2],
    /// Segments with urgent bytes.
    pub urgent: [u32; 2],
    /// Frames that are the same packet, captured at another place of its way or twice at one.
    pub copies: [u32; 2],
}

/// How often, and how many bytes in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub times: u32,
    /// Bytes in all.
    pub bytes: u64,
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Its number: the first conversation of the capture has 0.
    pub id: u64,
    /// What it is made of.
    pub kind: Kind,
    /// Both ends, the originator first.
    pub ends: [Endpoint; 2],
    /// What each sent, the originator first.
    pub sent: [Sent; 2],
    /// The frame that it begins with.
    pub first_frame: u64,
    /// When it began.
    pub first: Option<Timestamp>,
    /// When its last frame came.
    pub last: Option<Timestamp>,
    pub(super) incidents: Option<Box<Incidents>>,
}

impl Conversation {
    /// An end.
    #[must_use]
    pub fn end(&self, side: Side) -> &Endpoint {
        &self.ends[side.index()]
    }

    /// Nanoseconds from its first to its last frame.
    #[must_use]
    pub fn duration(&self) -> Option<i64> {
        Some(self.last?.since(self.first?))
    }

    /// What went wrong; nothing where nothing did.
    #[must_use]
    pub fn incidents(&self) -> &Incidents {
        static NONE: std::sync::LazyLock<Incidents> = std::sync::LazyLock::new(Incidents::default);
        self.incidents.as_deref().unwrap_or(&NONE)
    }
}
