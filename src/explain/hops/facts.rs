//! What notes on hops state.

use super::{DISTANCE, EXHAUSTED, EXPIRED, LOOP, NEARER, OTHER_RESET, PATH_CHANGED, TRACEROUTE};
use crate::explain::{Fact, Rule, Stated, Tell};
use std::net::IpAddr;

/// What a note on hops states. `hop_limit` is the time to live of IPv4, the hop limit of IPv6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HopsFacts {
    /// How many routers lie between a host and the point of capture.
    Distance {
        /// The host.
        host: IpAddr,
        /// What its packets have left.
        hop_limit: u8,
        /// What they began with, as it seems.
        begun: u8,
        /// How many routers took 1 off.
        routers: u8,
    },
    /// The packets of a host take another way than before.
    PathChanged {
        /// The host.
        host: IpAddr,
        /// What its packets had left.
        before: u8,
        /// What they have left now.
        after: u8,
    },
    /// A reset has passed another number of routers than all else from the same address.
    OtherReset {
        /// The address.
        host: IpAddr,
        /// What the reset has left.
        hop_limit: u8,
        /// What the other packets have left.
        others: u8,
    },
    /// TCP is answered from before all routers, and a ping from behind some.
    AnsweredNearer {
        /// The address.
        host: IpAddr,
        /// What the answer to a SYN has left.
        hop_limit: u8,
        /// What the answer to a ping has left.
        others: u8,
        /// How many routers the answer to a ping has passed.
        routers: u8,
    },
    /// A packet that was to come so far and no farther.
    Expired {
        /// The router that dropped it.
        reporter: IpAddr,
        /// Who sent it.
        source: IpAddr,
        /// For whom it was.
        destination: IpAddr,
        /// What it set out with.
        hop_limit: u8,
    },
    /// A packet that was to arrive was dropped since it passed too many routers.
    Exhausted {
        /// The router that dropped it.
        reporter: IpAddr,
        /// Who sent it.
        source: IpAddr,
        /// For whom it was.
        destination: IpAddr,
        /// What it had when it was captured.
        hop_limit: u8,
    },
    /// Somebody traces a way.
    Traceroute {
        /// Who.
        source: IpAddr,
        /// The way to whom.
        destination: IpAddr,
        /// What is sent: an IP protocol number.
        protocol: u8,
        /// Who answered, nearest first.
        hops: Vec<IpAddr>,
        /// How many hops away each of them is.
        places: Vec<u64>,
        /// The hops that nobody answered for.
        silent: Vec<u64>,
        /// Whether the destination answered.
        is_reached: bool,
    },
    /// One packet passes one link again and again.
    Loop {
        /// Who sent it.
        source: IpAddr,
        /// For whom it is.
        destination: IpAddr,
        /// What it had left the first times.
        hop_limits: Vec<u64>,
        /// The cards of two routers of the circle, the one that sends it on this link first, where the link tells them.
        cards: Option<[[u8; 6]; 2]>,
    },
}

impl Stated for HopsFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Distance { .. } => &DISTANCE,
            Self::PathChanged { .. } => &PATH_CHANGED,
            Self::OtherReset { .. } => &OTHER_RESET,
            Self::AnsweredNearer { .. } => &NEARER,
            Self::Expired { .. } => &EXPIRED,
            Self::Exhausted { .. } => &EXHAUSTED,
            Self::Traceroute { .. } => &TRACEROUTE,
            Self::Loop { .. } => &LOOP,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        let number = |number: u8| Fact::Number(number.into());
        match self {
            Self::Distance { host, hop_limit, begun, routers } => {
                tell("host", Fact::Address(*host));
                tell("hop_limit", number(*hop_limit));
                tell("begun_with", number(*begun));
                tell("routers", number(*routers));
            }
            Self::PathChanged { host, before, after } => {
                tell("host", Fact::Address(*host));
                tell("hop_limit_before", number(*before));
                tell("hop_limit", number(*after));
            }
            Self::OtherReset { host, hop_limit, others } => {
                tell("host", Fact::Address(*host));
                tell("hop_limit", number(*hop_limit));
                tell("hop_limit_of_others", number(*others));
            }
            Self::AnsweredNearer { host, hop_limit, others, routers } => {
                tell("host", Fact::Address(*host));
                tell("hop_limit", number(*hop_limit));
                tell("hop_limit_of_ping", number(*others));
                tell("routers", number(*routers));
            }
            Self::Expired { reporter, source, destination, hop_limit } | Self::Exhausted { reporter, source, destination, hop_limit } => {
                tell("reporter", Fact::Address(*reporter));
                tell("source", Fact::Address(*source));
                tell("destination", Fact::Address(*destination));
                tell("hop_limit", number(*hop_limit));
            }
            Self::Traceroute { source, destination, protocol, hops, places, silent, is_reached } => {
                tell("source", Fact::Address(*source));
                tell("destination", Fact::Address(*destination));
                tell("protocol", number(*protocol));
                tell("hops", Fact::Addresses(hops));
                tell("places", Fact::Numbers(places));
                tell("silent", Fact::Numbers(silent));
                tell("reached", Fact::Flag(*is_reached));
            }
            Self::Loop { source, destination, hop_limits, cards } => {
                tell("source", Fact::Address(*source));
                tell("destination", Fact::Address(*destination));
                tell("hop_limits", Fact::Numbers(hop_limits));
                if let Some([from, to]) = cards {
                    tell("from", Fact::Link(*from));
                    tell("to", Fact::Link(*to));
                }
            }
        }
    }
}
