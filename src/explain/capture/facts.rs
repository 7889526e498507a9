//! What is stated of artefacts of the capture.

use crate::explain::{Fact, Rule, Stated, Tell};
use std::net::IpAddr;

/// A segment is larger than what its receiver takes: a network card cuts it, or has joined several.
pub(super) static OFFLOAD: Rule = Rule::information("capture.segmentation-offload", "RFC 9293 3.7.1");
/// The capture kept the first bytes of each frame only.
pub(super) static CUT: Rule = Rule::information("capture.cut-short", "draft-ietf-opsawg-pcapng 4.2, 4.3");
/// The capture says that it dropped frames.
pub(super) static DROPPED: Rule = Rule::warning("capture.dropped", "draft-ietf-opsawg-pcapng 4.6");
/// Bytes were acknowledged that are not in the capture.
pub(super) static MISSED: Rule = Rule::warning("capture.missed", "RFC 9293 3.4");
/// A connection was open before the capture began.
pub(super) static BEGINS: Rule = Rule::lesson("capture.begins-in-middle", "RFC 9293 3.5, RFC 7323 2.2");
/// Connections were open when the capture ended.
pub(super) static ENDS: Rule = Rule::lesson("capture.ends-in-middle", "RFC 9293 3.6");
/// Of a connection one direction alone is in the capture.
pub(super) static ONE_WAY: Rule = Rule::information("capture.one-way", "RFC 9293 3.5");
/// A packet was captured twice.
pub(super) static COPIES: Rule = Rule::information("capture.copies", "RFC 791 3.1, 3.2, RFC 8200 3");
/// Frames have earlier times than frames before them.
pub(super) static BACKWARDS: Rule = Rule::information("capture.time-backwards", "draft-ietf-opsawg-pcapng 4.3");
/// The clock of the capture has large steps.
pub(super) static COARSE: Rule = Rule::information("capture.coarse-times", "draft-ietf-opsawg-pcapng 4.2");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] =
    &[&OFFLOAD, &CUT, &DROPPED, &MISSED, &BEGINS, &ENDS, &ONE_WAY, &COPIES, &BACKWARDS, &COARSE];

/// Which end has a card that cuts or joins segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Offload {
    /// The sender's cuts them, behind the point of capture.
    Sender,
    /// The receiver's has joined them, before the point of capture.
    Receiver,
    /// One of the two.
    Either,
}

/// How a packet came to be captured twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Twice {
    /// On both sides of a router: its time to live is one or more less.
    Routed,
    /// On two interfaces.
    Interfaces,
    /// At two places of one network: its link addresses differ, or its VLAN.
    Link,
    /// Twice at one place: nothing differs.
    Mirrored,
}

/// What a note on this subject states.
#[derive(Clone, Debug, PartialEq)]
pub enum CaptureFacts {
    /// A segment that is larger than its receiver takes.
    Segmentation {
        /// Who sent it.
        sender: IpAddr,
        /// Whom it is for.
        receiver: IpAddr,
        /// Its payload in bytes.
        length: u64,
        /// The most payload that travels in a segment, in bytes.
        limit: u64,
        /// Who cuts or joins.
        offload: Offload,
    },
    /// Frames are kept in part.
    Cut {
        /// The interface's limit in bytes; 0 where the capture says none.
        limit: u64,
        /// Bytes kept of the first such frame.
        captured: u64,
        /// Its bytes on the wire.
        length: u64,
    },
    /// Frames that the capture counted and does not have.
    Dropped {
        /// The interface's name.
        interface: Box<[u8]>,
        /// Frames that the interface dropped.
        by_interface: u64,
        /// Frames that the operating system dropped.
        by_system: u64,
        /// Frames that came; 0 where the capture does not say.
        received: u64,
    },
    /// Bytes that arrived and are not in the capture.
    Missed {
        /// In how many conversations.
        conversations: u64,
        /// How many bytes in all.
        bytes: u64,
    },
    /// A connection whose beginning is not in the capture.
    Begins {
        /// Who sent its first frame.
        sender: IpAddr,
        /// Whom that is for.
        receiver: IpAddr,
    },
    /// Connections that were open at the end.
    Ends {
        /// How many.
        open: u64,
        /// Of so many.
        conversations: u64,
    },
    /// Connections of which one direction alone is there.
    OneWay {
        /// How many.
        conversations: u64,
        /// How many have both.
        both: u64,
        /// Who speaks in the first of them.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
    },
    /// A packet that was captured twice.
    Copies {
        /// How.
        twice: Twice,
        /// The time to live in both frames.
        hop_limits: [u8; 2],
    },
    /// Times that go backwards.
    Backwards {
        /// How often.
        times: u64,
        /// By how much at most, in nanoseconds.
        farthest: i64,
    },
    /// Times with large steps.
    Coarse {
        /// The step, in nanoseconds; 0 where all times are the same.
        step: i64,
        /// How many frames there are.
        frames: u64,
    },
}

impl Stated for CaptureFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Segmentation { .. } => &OFFLOAD,
            Self::Cut { .. } => &CUT,
            Self::Dropped { .. } => &DROPPED,
            Self::Missed { .. } => &MISSED,
            Self::Begins { .. } => &BEGINS,
            Self::Ends { .. } => &ENDS,
            Self::OneWay { .. } => &ONE_WAY,
            Self::Copies { .. } => &COPIES,
            Self::Backwards { .. } => &BACKWARDS,
            Self::Coarse { .. } => &COARSE,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Segmentation { sender, receiver, length, limit, offload } => {
                tell("sender", Fact::Address(*sender));
                tell("receiver", Fact::Address(*receiver));
                tell("length", Fact::Number(*length));
                tell("limit", Fact::Number(*limit));
                tell("where", Fact::Word(offload.word()));
            }
            Self::Cut { limit, captured, length } => {
                tell("limit", Fact::Number(*limit));
                tell("captured", Fact::Number(*captured));
                tell("length", Fact::Number(*length));
            }
            Self::Dropped { interface, by_interface, by_system, received } => {
                tell("interface", Fact::Text(interface));
                tell("by_interface", Fact::Number(*by_interface));
                tell("by_system", Fact::Number(*by_system));
                tell("received", Fact::Number(*received));
            }
            Self::Missed { conversations, bytes } => {
                tell("conversations", Fact::Number(*conversations));
                tell("bytes", Fact::Number(*bytes));
            }
            Self::Begins { sender, receiver } => {
                tell("sender", Fact::Address(*sender));
                tell("receiver", Fact::Address(*receiver));
            }
            Self::Ends { open, conversations } => {
                tell("open", Fact::Number(*open));
                tell("conversations", Fact::Number(*conversations));
            }
            Self::OneWay { conversations, both, sender, receiver } => {
                tell("conversations", Fact::Number(*conversations));
                tell("both_ways", Fact::Number(*both));
                tell("sender", Fact::Address(*sender));
                tell("receiver", Fact::Address(*receiver));
            }
            Self::Copies { twice, hop_limits: [first, second] } => {
                tell("how", Fact::Word(twice.word()));
                tell("hop_limits", Fact::Numbers(&[u64::from(*first), u64::from(*second)]));
            }
            Self::Backwards { times, farthest } => {
                tell("times", Fact::Number(*times));
                tell("farthest_ms", Fact::Took(*farthest));
            }
            Self::Coarse { step, frames } => {
                tell("step_ms", Fact::Took(*step));
                tell("frames", Fact::Number(*frames));
            }
        }
    }
}

impl Offload {
    fn word(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Receiver => "receiver",
            Self::Either => "either",
        }
    }
}

impl Twice {
    fn word(self) -> &'static str {
        match self {
            Self::Routed => "router",
            Self::Interfaces => "interfaces",
            Self::Link => "link",
            Self::Mirrored => "mirror",
        }
    }
}
