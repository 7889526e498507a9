//! What notes on routes state, and the rules.

use crate::explain::surroundings::{Origin, Surety};
use crate::explain::{Fact, Rule, Stated, Tell};
use ipnet::IpNet;
use std::net::IpAddr;

/// A packet that does not leave its machine.
pub(super) static ITSELF: Rule = Rule::lesson("route.itself", "RFC 1122 3.2.1.3, 3.3.1.1, RFC 4291 2.5.3");
/// A packet that goes straight to its receiver.
pub(super) static DIRECT: Rule = Rule::lesson("route.direct", "RFC 1122 3.3.1.1, RFC 826, RFC 4861 5.2");
/// A packet that goes to a gateway.
pub(super) static GATEWAY: Rule = Rule::lesson("route.gateway", "RFC 1122 3.3.1.1, 3.3.1.2, RFC 4632 5.1, RFC 4861 5.2");
/// A gateway is recognized by what somebody says of it, or by what comes from its card.
pub(super) static RECOGNIZED: Rule = Rule::information("route.gateway-recognized", "RFC 2132 3.5, RFC 4861 6.3.4, RFC 1812 5.3.1");
/// Packets go one way and come back another.
pub(super) static ASYMMETRIC: Rule = Rule::information("route.asymmetric", "RFC 1812 5.2.4, 5.3.8");
/// Packets go to another gateway than before.
pub(super) static CHANGED: Rule = Rule::information("route.gateway-changed", "RFC 1122 3.3.1.4, 3.3.1.5, RFC 826");
/// A gateway tells a shorter way.
pub(super) static REDIRECT: Rule = Rule::information("route.redirect", "RFC 792, RFC 1122 3.2.2.2, RFC 4861 8");
/// A host takes the shorter way that it was told.
pub(super) static FOLLOWED: Rule = Rule::information("route.redirect-followed", "RFC 1122 3.3.1.2, RFC 4861 8.3");
/// A host does not take it.
pub(super) static IGNORED: Rule =
    Rule::information("route.redirect-ignored", "RFC 1122 3.2.2.2, 3.3.1.2, RFC 1812 5.2.7.2, RFC 4861 8.1, 8.2, 8.3");
/// A host asks its link for an address that is not on it.
pub(super) static ASKS_BEYOND: Rule = Rule::warning("route.asks-beyond", "RFC 1122 3.3.1.1, RFC 950 2.2");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] =
    &[&ITSELF, &DIRECT, &GATEWAY, &RECOGNIZED, &ASYMMETRIC, &CHANGED, &REDIRECT, &FOLLOWED, &IGNORED, &ASKS_BEYOND];

/// What a note on routes states.
#[derive(Clone, Debug, PartialEq)]
pub enum RouteFacts {
    /// A packet from a machine to itself.
    Itself {
        /// The sender's address.
        from: IpAddr,
        /// The receiver's.
        to: IpAddr,
    },
    /// A packet to a neighbour.
    Direct {
        /// The sender.
        from: IpAddr,
        /// The receiver.
        to: IpAddr,
        /// The subnet of both.
        network: IpNet,
        /// From where its mask is known.
        mask_from: Origin,
        /// The receiver's hardware address.
        card: [u8; 6],
    },
    /// A packet for another network, handed to a gateway.
    Gateway {
        /// The sender.
        from: IpAddr,
        /// The receiver.
        to: IpAddr,
        /// The sender's subnet, where it is known.
        network: Option<IpNet>,
        /// From where its mask is known; nothing where it is not.
        mask_from: Option<Origin>,
        /// The gateway, where its address is known.
        gateway: Option<IpAddr>,
        /// The gateway's hardware address.
        card: [u8; 6],
    },
    /// A gateway.
    Recognized {
        /// Its address, where it is known.
        gateway: Option<IpAddr>,
        /// Its hardware address, where it is known.
        card: Option<[u8; 6]>,
        /// From where it is known.
        origin: Origin,
        /// Addresses elsewhere from which packets came by it.
        speaks_for: Vec<IpAddr>,
    },
    /// Out by one card, back by another.
    Asymmetric {
        /// The host on this link.
        host: IpAddr,
        /// The one elsewhere.
        peer: IpAddr,
        /// To which card packets for the peer go.
        out: [u8; 6],
        /// From which card packets of the peer come.
        back: [u8; 6],
    },
    /// A host's packets go to another gateway than before.
    GatewayChanged {
        /// The host.
        host: IpAddr,
        /// For whom they are.
        peer: IpAddr,
        /// To which card they went.
        before: [u8; 6],
        /// To which they go.
        now: [u8; 6],
        /// Whether the one has said that it has an address that was the other's; not known where nobody said which address the other has.
        is_taken_over: Option<bool>,
        /// The address that the new card has, where it has one of its own.
        called: Option<IpAddr>,
    },
    /// A gateway tells a host a shorter way.
    Redirect {
        /// Who tells.
        router: IpAddr,
        /// Whom.
        host: IpAddr,
        /// The way to whom.
        target: IpAddr,
        /// By whom it goes; the target itself where it is a neighbour.
        better: IpAddr,
    },
    /// A host takes it.
    Followed {
        /// The host.
        host: IpAddr,
        /// The way to whom.
        target: IpAddr,
        /// By whom it goes now.
        better: IpAddr,
        /// The hardware address that packets go to.
        card: [u8; 6],
    },
    /// A host does not take it.
    Ignored {
        /// The host.
        host: IpAddr,
        /// The way to whom.
        target: IpAddr,
        /// By whom it should go.
        better: IpAddr,
        /// The hardware address of the router that packets still go to.
        card: [u8; 6],
        /// How many had gone there by then.
        packets: u64,
        /// The last of those so many nanoseconds after the redirect.
        after: i64,
    },
    /// A question for the hardware address of one that is not in the asker's subnet.
    AsksBeyond {
        /// Who asks.
        host: IpAddr,
        /// For whom.
        target: IpAddr,
        /// The asker's subnet, as it was told.
        network: IpNet,
        /// How many of their first bits are equal.
        equal_bits: u8,
    },
}

impl Stated for RouteFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Itself { .. } => &ITSELF,
            Self::Direct { .. } => &DIRECT,
            Self::Gateway { .. } => &GATEWAY,
            Self::Recognized { .. } => &RECOGNIZED,
            Self::Asymmetric { .. } => &ASYMMETRIC,
            Self::GatewayChanged { .. } => &CHANGED,
            Self::Redirect { .. } => &REDIRECT,
            Self::Followed { .. } => &FOLLOWED,
            Self::Ignored { .. } => &IGNORED,
            Self::AsksBeyond { .. } => &ASKS_BEYOND,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Itself { from, to } => {
                tell("from", Fact::Address(*from));
                tell("to", Fact::Address(*to));
            }
            Self::Direct { from, to, network, mask_from, card } => {
                tell("from", Fact::Address(*from));
                tell("to", Fact::Address(*to));
                tell("network", Fact::Prefix(*network));
                mask(*mask_from, tell);
                tell("hardware_address", Fact::Link(*card));
            }
            Self::Gateway { from, to, network, mask_from, gateway, card } => {
                tell("from", Fact::Address(*from));
                tell("to", Fact::Address(*to));
                if let Some(network) = network {
                    tell("network", Fact::Prefix(*network));
                }
                if let Some(mask_from) = mask_from {
                    mask(*mask_from, tell);
                }
                if let Some(gateway) = gateway {
                    tell("gateway", Fact::Address(*gateway));
                }
                tell("hardware_address", Fact::Link(*card));
            }
            Self::Recognized { gateway, card, origin, speaks_for } => {
                if let Some(gateway) = gateway {
                    tell("gateway", Fact::Address(*gateway));
                }
                if let Some(card) = card {
                    tell("hardware_address", Fact::Link(*card));
                }
                tell("known_from", Fact::Word(origin.word()));
                if !speaks_for.is_empty() {
                    tell("speaks_for", Fact::Addresses(speaks_for));
                }
            }
            Self::Asymmetric { host, peer, out, back } => {
                tell("host", Fact::Address(*host));
                tell("peer", Fact::Address(*peer));
                tell("out", Fact::Link(*out));
                tell("back", Fact::Link(*back));
            }
            Self::GatewayChanged { host, peer, before, now, is_taken_over, called } => {
                tell("host", Fact::Address(*host));
                tell("peer", Fact::Address(*peer));
                tell("before", Fact::Link(*before));
                tell("now", Fact::Link(*now));
                if *is_taken_over == Some(true) {
                    tell("taken_over", Fact::Flag(true));
                }
                if let Some(called) = called {
                    tell("gateway", Fact::Address(*called));
                }
            }
            Self::Redirect { router, host, target, better } => {
                tell("router", Fact::Address(*router));
                tell("host", Fact::Address(*host));
                tell("target", Fact::Address(*target));
                tell("better", Fact::Address(*better));
            }
            Self::Followed { host, target, better, card } => {
                tell("host", Fact::Address(*host));
                tell("target", Fact::Address(*target));
                tell("better", Fact::Address(*better));
                tell("hardware_address", Fact::Link(*card));
            }
            Self::Ignored { host, target, better, card, packets, after } => {
                tell("host", Fact::Address(*host));
                tell("target", Fact::Address(*target));
                tell("better", Fact::Address(*better));
                tell("hardware_address", Fact::Link(*card));
                tell("packets", Fact::Number(*packets));
                tell("after_ms", Fact::Took(*after));
            }
            Self::AsksBeyond { host, target, network, equal_bits } => {
                tell("host", Fact::Address(*host));
                tell("target", Fact::Address(*target));
                tell("network", Fact::Prefix(*network));
                tell("equal_bits", Fact::Number((*equal_bits).into()));
            }
        }
    }
}

/// Tells from where a mask is known.
pub(in crate::explain) fn mask(known_from: Origin, tell: &mut Tell<'_>) {
    tell("mask_assumed", Fact::Flag(known_from.surety() == Surety::Assumed));
    tell("mask_from", Fact::Word(known_from.word()));
}
