//! What notes on packet sizes state.

use super::{BLACK_HOLE, BLACK_HOLE_POSSIBLE, CUT, DF, IGNORED, LEARNED, MISMATCH, MSS, MSS_CLAMPED, MSS_SMALL, PROBED, TOO_BIG, TUNNEL};
use crate::explain::icmp::Quoted;
use crate::explain::{Fact, Rule, Stated, Tell};
use std::net::IpAddr;

/// What an Ethernet takes: the most bytes of a packet.
pub(super) const ETHERNET: u32 = 1500;

/// Who cut a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cutter {
    /// Its sender.
    Sender,
    /// A router: the datagram is in the capture as a whole too, in this frame.
    Router(u64),
    /// A router cut what had been cut before: its pieces have different sizes.
    Again,
    /// That cannot be told.
    Unknown,
}

/// What a note on packet sizes states. Sizes are those of packets, IP header and all, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MtuFacts {
    /// A sender forbids routers to cut its packets.
    Forbidden {
        /// The sender.
        sender: IpAddr,
        /// How long the packet is.
        size: u32,
    },
    /// What a SYN says of its sender's link.
    SegmentSize {
        /// Who sent the SYN.
        host: IpAddr,
        /// The largest segment that it takes: payload alone.
        mss: u32,
        /// The largest packet that follows from it.
        mtu: u32,
        /// Whether a router of its link said before that the link takes no more.
        is_advertised: bool,
    },
    /// A router wrote another size into a SYN.
    Clamped {
        /// Who sent the SYN.
        host: IpAddr,
        /// What it said.
        before: u32,
        /// What it says behind the router.
        after: u32,
    },
    /// What a tunnel takes of each packet.
    Tunnel {
        /// Its protocol, as it is called.
        protocol: &'static str,
        /// From the outer packet's first byte to the inner one's.
        overhead: u32,
    },
    /// A datagram was cut.
    Cut {
        /// Who sent it.
        source: IpAddr,
        /// For whom it is.
        destination: IpAddr,
        /// How long it is as a whole.
        length: u32,
        /// How long its pieces are, in the order of their bytes.
        pieces: Vec<u64>,
        /// Who cut it.
        cutter: Cutter,
    },
    /// A router could not pass on a packet that is too big.
    TooBig {
        /// The router.
        reporter: IpAddr,
        /// The packet.
        quoted: Quoted,
        /// What the next link takes; 0 where the router does not say so.
        mtu: u32,
    },
    /// A sender that was told what fits sends as much.
    Learned {
        /// The sender.
        sender: IpAddr,
        /// To whom it sends.
        receiver: IpAddr,
        /// What fits.
        mtu: u32,
        /// What it had sent.
        before: u32,
        /// What it sends now.
        now: u32,
    },
    /// A sender that was told what fits sends the same again.
    Ignored {
        /// The sender.
        sender: IpAddr,
        /// To whom it sends.
        receiver: IpAddr,
        /// What fits.
        mtu: u32,
        /// What it sends.
        size: u32,
    },
    /// Large packets vanish and nobody says so.
    BlackHole {
        /// The sender.
        sender: IpAddr,
        /// To whom it sends.
        receiver: IpAddr,
        /// The largest packet that arrived.
        passed: u32,
        /// The smallest that did not.
        failed: u32,
        /// How long the headers of IP and TCP are, without TCP's options.
        headers: u32,
        /// How long the sender waited before each repetition, in nanoseconds; none where the capture is at the receiver.
        waits: Vec<u64>,
        /// How often the packet had been sent by then.
        sent: u32,
        /// How many bytes never came, where the capture is at the receiver.
        missing: u32,
        /// Whether both are on one link, with no router between them.
        is_on_link: bool,
    },
    /// Large packets get no answer, and nothing more is heard of the receiver.
    Unanswered {
        /// The sender.
        sender: IpAddr,
        /// To whom it sends.
        receiver: IpAddr,
        /// The largest packet that arrived.
        passed: u32,
        /// The smallest that was not answered.
        failed: u32,
        /// How long the headers of IP and TCP are, without TCP's options.
        headers: u32,
        /// How often it had been sent by then.
        sent: u32,
        /// How many bytes never came, where the capture is at the receiver.
        missing: u32,
        /// Whether both are on one link, with no router between them.
        is_on_link: bool,
    },
    /// A sender found out by itself what fits.
    Probed {
        /// The sender.
        sender: IpAddr,
        /// To whom it sends.
        receiver: IpAddr,
        /// The size that got through.
        passed: u32,
        /// The size that did not.
        failed: u32,
    },
}

impl Stated for MtuFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Forbidden { .. } => &DF,
            Self::SegmentSize { mtu: ETHERNET.., .. } => &MSS,
            Self::SegmentSize { .. } => &MSS_SMALL,
            Self::Clamped { .. } => &MSS_CLAMPED,
            Self::Tunnel { .. } => &TUNNEL,
            Self::Cut { .. } => &CUT,
            Self::TooBig { .. } => &TOO_BIG,
            Self::Learned { .. } => &LEARNED,
            Self::Ignored { .. } => &IGNORED,
            Self::BlackHole { is_on_link: true, .. } => &MISMATCH,
            Self::BlackHole { .. } => &BLACK_HOLE,
            Self::Unanswered { .. } => &BLACK_HOLE_POSSIBLE,
            Self::Probed { .. } => &PROBED,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        let mut number = |key: &'static str, number: u32| tell(key, Fact::Number(number.into()));
        match self {
            Self::Forbidden { sender, size } => {
                number("size", *size);
                tell("sender", Fact::Address(*sender));
            }
            Self::SegmentSize { host, mss, mtu, is_advertised } => {
                number("mss", *mss);
                number("mtu", *mtu);
                tell("host", Fact::Address(*host));
                if *is_advertised {
                    tell("advertised", Fact::Flag(true));
                }
            }
            Self::Clamped { host, before, after } => {
                number("mss_before", *before);
                number("mss_after", *after);
                tell("host", Fact::Address(*host));
            }
            Self::Tunnel { protocol, overhead } => {
                number("overhead", *overhead);
                tell("protocol", Fact::Word(protocol));
            }
            Self::Cut { source, destination, length, pieces, cutter } => {
                number("length", *length);
                tell("source", Fact::Address(*source));
                tell("destination", Fact::Address(*destination));
                tell("pieces", Fact::Numbers(pieces));
                let word = match cutter {
                    Cutter::Sender => "sender",
                    Cutter::Router(_) | Cutter::Again => "router",
                    Cutter::Unknown => "unknown",
                };
                tell("cut_by", Fact::Word(word));
            }
            Self::TooBig { reporter, quoted, mtu } => {
                number("mtu", *mtu);
                tell("reporter", Fact::Address(*reporter));
                quoted.members(tell);
            }
            Self::Learned { sender, receiver, mtu, before, now } => {
                number("mtu", *mtu);
                number("before", *before);
                number("now", *now);
                tell_ends(tell, *sender, *receiver);
            }
            Self::Ignored { sender, receiver, mtu, size } => {
                number("mtu", *mtu);
                number("size", *size);
                tell_ends(tell, *sender, *receiver);
            }
            Self::BlackHole { sender, receiver, passed, failed, headers, waits, sent, missing, is_on_link: _ } => {
                number("passed", *passed);
                number("failed", *failed);
                number("mss_below", failed.saturating_sub(*headers));
                number("sent", *sent);
                number("missing", *missing);
                tell("waits", Fact::Numbers(waits));
                tell_ends(tell, *sender, *receiver);
            }
            Self::Unanswered { sender, receiver, passed, failed, headers, sent, missing, is_on_link } => {
                if *is_on_link {
                    tell("on_link", Fact::Flag(true));
                }
                let mut number = |key: &'static str, number: u32| tell(key, Fact::Number(number.into()));
                number("missing", *missing);
                number("passed", *passed);
                number("failed", *failed);
                number("mss_below", failed.saturating_sub(*headers));
                number("sent", *sent);
                tell_ends(tell, *sender, *receiver);
            }
            Self::Probed { sender, receiver, passed, failed } => {
                number("passed", *passed);
                number("failed", *failed);
                tell_ends(tell, *sender, *receiver);
            }
        }
    }
}

fn tell_ends(tell: &mut Tell<'_>, sender: IpAddr, receiver: IpAddr) {
    tell("sender", Fact::Address(sender));
    tell("receiver", Fact::Address(receiver));
}
