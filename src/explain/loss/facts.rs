//! What is stated of what TCP sent again, and why it waited.

use crate::explain::{Fact, Rule, Stated, Tell};
use std::net::IpAddr;

/// A segment did not arrive.
pub(super) static LOST: Rule = Rule::warning("loss.lost", "RFC 9293 3.8.1, RFC 5681 3.2, RFC 6298 5");
/// A segment arrived and its acknowledgement did not.
pub(super) static ACKNOWLEDGEMENT: Rule = Rule::information("loss.acknowledgement-lost", "RFC 9293 3.4, RFC 2883 4");
/// A segment was sent again though nothing was lost.
pub(super) static SPURIOUS: Rule = Rule::information("loss.spurious", "RFC 2883 4, RFC 3522 3, RFC 5682");
/// A segment was sent again because the receiver asked for it.
pub(super) static FAST: Rule = Rule::lesson("loss.fast-retransmit", "RFC 5681 3.2, RFC 2018 3, 4");
/// A segment was sent again and again, with growing waits.
pub(super) static TIMEOUT: Rule = Rule::warning("loss.timeout", "RFC 6298 5, RFC 9293 3.8.1, 3.8.3");
/// The last segment was sent again to learn what arrived.
pub(super) static PROBE: Rule = Rule::lesson("loss.tail-probe", "RFC 8985 7");
/// A segment was overtaken.
pub(super) static ORDER: Rule = Rule::information("loss.out-of-order", "RFC 9293 3.4, RFC 4737 3");
/// A receiver could take no more.
pub(super) static FULL: Rule = Rule::warning("loss.zero-window", "RFC 9293 3.8.6, 3.8.6.1");
/// Two waits for each other.
pub(super) static NAGLE: Rule = Rule::warning("loss.nagle-delayed-ack", "RFC 9293 3.7.4, 3.8.6.3, RFC 1122 4.2.3.2, 4.2.3.4");
/// A side asks whether the other still lives.
pub(super) static ALIVE: Rule = Rule::lesson("loss.keep-alive", "RFC 9293 3.8.4, RFC 1122 4.2.3.6");
/// What was sent again in a conversation.
pub(super) static SUMMARY: Rule = Rule::information("loss.summary", "RFC 9293 3.8.1");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] =
    &[&LOST, &ACKNOWLEDGEMENT, &SPURIOUS, &FAST, &TIMEOUT, &PROBE, &ORDER, &FULL, &NAGLE, &ALIVE, &SUMMARY];

/// Where a segment was lost, seen from where it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Between the sender and the point of capture: the first copy is not in the capture.
    Before,
    /// Between the point of capture and the receiver: the first copy is in the capture.
    Behind,
    /// The capture may have begun behind the first copy.
    Unknown,
}

/// Why nothing was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// The receiver reports that it came twice (D-SACK).
    Reported,
    /// The acknowledgement echoes a time before the second copy was sent.
    Clock,
    /// The acknowledgement came sooner than the second copy could have been answered.
    TooSoon,
    /// The acknowledgement was on its way when it was sent again.
    Crossed,
}

/// What was sent again in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Segments that were sent again.
    pub again: u64,
    /// Of them: lost.
    pub lost: u64,
    /// At how many places of the stream something was lost, what was lost together as one, and but for what is told as silence or as too large.
    pub places: u64,
    /// Of them: arrived, and their acknowledgement lost.
    pub unheard: u64,
    /// Of them: not needed.
    pub spurious: u64,
    /// Of them: never acknowledged.
    pub unanswered: u64,
}

/// What a note on this subject states. Waits in a row are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum LossFacts {
    /// A segment did not arrive.
    Lost {
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
        /// Its payload in bytes, with that of what was sent again with it.
        bytes: u64,
        /// How much the receiver lacked there, by what it said that it has behind it, where that is more.
        hole: Option<u64>,
        /// Where it was lost.
        place: Place,
        /// Whether the receiver said that it lacks something.
        asked: bool,
        /// Nanoseconds until it was sent again, where the first copy was seen.
        wait: Option<i64>,
    },
    /// A segment arrived, and its acknowledgement did not.
    Unheard {
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
        /// Its payload in bytes.
        bytes: u64,
        /// Whether the acknowledgement was lost behind the point of capture, seen from the receiver: it is in the capture.
        is_captured: bool,
    },
    /// A segment was sent again for nothing.
    Spurious {
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
        /// Its payload in bytes.
        bytes: u64,
        /// What proves it.
        proof: Proof,
    },
    /// The receiver asked.
    Fast {
        /// Who sent again.
        sender: IpAddr,
        /// Who asked.
        receiver: IpAddr,
        /// How often.
        duplicates: u64,
    },
    /// A segment was sent again and again.
    Timeout {
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
        /// Its payload in bytes.
        bytes: u64,
        /// How long was waited before each repetition.
        waits: Box<[u64]>,
        /// Whether it was acknowledged in the end; nothing where the capture has only one direction.
        answered: Option<bool>,
    },
    /// The last segment was sent again.
    Probe {
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
    },
    /// A segment was overtaken.
    Order {
        /// Who sent it.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
    },
    /// A receiver could take no more.
    Full {
        /// The receiver.
        receiver: IpAddr,
        /// Who might not send meanwhile.
        sender: IpAddr,
        /// For how many nanoseconds, all times together; `None` where it did not end.
        took: Option<i64>,
        /// How often.
        times: u64,
        /// The longest of them, in nanoseconds.
        longest: i64,
    },
    /// A small segment waited for an acknowledgement that was delayed.
    Nagle {
        /// Who waited.
        sender: IpAddr,
        /// Who delayed its acknowledgement.
        receiver: IpAddr,
        /// For how many nanoseconds.
        wait: i64,
    },
    /// A side asks whether the other still lives.
    Alive {
        /// Who asks.
        asking: IpAddr,
        /// Who is asked.
        asked: IpAddr,
    },
    /// What was sent again.
    Summary {
        /// Who sent.
        sender: IpAddr,
        /// To whom.
        receiver: IpAddr,
        /// All its frames.
        frames: u64,
        /// How many segments for which reason.
        counts: Counts,
    },
}

impl Stated for LossFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Lost { .. } => &LOST,
            Self::Unheard { .. } => &ACKNOWLEDGEMENT,
            Self::Spurious { .. } => &SPURIOUS,
            Self::Fast { .. } => &FAST,
            Self::Timeout { .. } => &TIMEOUT,
            Self::Probe { .. } => &PROBE,
            Self::Order { .. } => &ORDER,
            Self::Full { .. } => &FULL,
            Self::Nagle { .. } => &NAGLE,
            Self::Alive { .. } => &ALIVE,
            Self::Summary { .. } => &SUMMARY,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Lost { sender, receiver, bytes, hole, place, asked, wait } => {
                tell_way(tell, *sender, *receiver);
                tell("bytes", Fact::Number(*bytes));
                if let Some(hole) = hole {
                    tell("lacked", Fact::Number(*hole));
                }
                let place = match place {
                    Place::Before => "before-capture",
                    Place::Behind => "behind-capture",
                    Place::Unknown => "unknown",
                };
                tell("where", Fact::Word(place));
                tell("receiver_asked", Fact::Flag(*asked));
                if let Some(wait) = wait {
                    tell("wait_ms", Fact::Took(*wait));
                }
            }
            Self::Unheard { sender, receiver, bytes, is_captured } => {
                tell_way(tell, *sender, *receiver);
                tell("bytes", Fact::Number(*bytes));
                tell("acknowledgement_captured", Fact::Flag(*is_captured));
            }
            Self::Spurious { sender, receiver, bytes, proof } => {
                tell_way(tell, *sender, *receiver);
                tell("bytes", Fact::Number(*bytes));
                tell("proof", Fact::Word(proof.word()));
            }
            Self::Fast { sender, receiver, duplicates } => {
                tell_way(tell, *sender, *receiver);
                tell("duplicate_acknowledgements", Fact::Number(*duplicates));
            }
            Self::Timeout { sender, receiver, bytes, waits, answered } => {
                tell_way(tell, *sender, *receiver);
                tell("bytes", Fact::Number(*bytes));
                tell("waits_ms", Fact::Numbers(waits));
                if let Some(answered) = answered {
                    tell("answered", Fact::Flag(*answered));
                }
            }
            Self::Probe { sender, receiver } | Self::Order { sender, receiver } => tell_way(tell, *sender, *receiver),
            Self::Full { receiver, sender, took, times, longest } => {
                tell_way(tell, *sender, *receiver);
                if let Some(took) = took {
                    tell("took_ms", Fact::Took(*took));
                }
                if *times > 1 {
                    tell("times", Fact::Number(*times));
                    tell("longest_ms", Fact::Took(*longest));
                }
            }
            Self::Nagle { sender, receiver, wait } => {
                tell_way(tell, *sender, *receiver);
                tell("wait_ms", Fact::Took(*wait));
            }
            Self::Alive { asking, asked } => {
                tell("asking", Fact::Address(*asking));
                tell("asked", Fact::Address(*asked));
            }
            Self::Summary { sender, receiver, frames, counts } => {
                tell_way(tell, *sender, *receiver);
                tell("frames", Fact::Number(*frames));
                tell("sent_again", Fact::Number(counts.again));
                tell("lost", Fact::Number(counts.lost));
                tell("lost_places", Fact::Number(counts.places));
                tell("acknowledgement_lost", Fact::Number(counts.unheard));
                tell("spurious", Fact::Number(counts.spurious));
                tell("unanswered", Fact::Number(counts.unanswered));
            }
        }
    }
}

impl Proof {
    fn word(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Clock => "timestamp",
            Self::TooSoon => "too-soon",
            Self::Crossed => "crossed",
        }
    }
}

fn tell_way(tell: &mut Tell<'_>, sender: IpAddr, receiver: IpAddr) {
    tell("sender", Fact::Address(sender));
    tell("receiver", Fact::Address(receiver));
}
