//! What notes on subnets state, and the rules.

use crate::explain::route::mask;
use crate::explain::surroundings::Origin;
use crate::explain::{Fact, Rule, Stated, Tell};
use ipnet::IpNet;
use std::net::IpAddr;

/// Two hosts are in the same subnet.
pub(super) static SAME: Rule = Rule::lesson("subnet.same", "RFC 950 2.2, RFC 1122 3.3.1.1");
/// Two hosts are in different subnets.
pub(super) static OTHER: Rule = Rule::lesson("subnet.other", "RFC 950 2.2, RFC 1122 3.3.1.1");
/// A subnet's own address is used as a host's.
pub(super) static NETWORK_ADDRESS: Rule = Rule::warning("subnet.network-address", "RFC 1122 3.2.1.3");
/// The address of all of a subnet is used as a host's.
pub(super) static BROADCAST_ADDRESS: Rule = Rule::warning("subnet.broadcast-address", "RFC 1122 3.2.1.3");
/// Two hosts disagree about the mask.
pub(super) static MASKS: Rule = Rule::warning("subnet.masks-disagree", "RFC 950 2.2, RFC 1122 3.3.1.1");
/// Two cards answer for one address.
pub(super) static DUPLICATE: Rule = Rule::problem("subnet.duplicate-address", "RFC 5227 2.4, RFC 4862 5.4");
/// A machine with two cards on a link answers on both.
pub(super) static TWO_CARDS: Rule = Rule::information("subnet.two-cards", "RFC 826, RFC 1122 3.3.4.2");
/// An address that a host wants is another's.
pub(super) static TAKEN: Rule = Rule::warning("subnet.address-taken", "RFC 5227 2.1.1, RFC 4862 5.4.4");
/// A host looks whether an address is free.
pub(super) static PROBE: Rule = Rule::lesson("subnet.address-probe", "RFC 5227 2.1, RFC 4862 5.4.2");
/// A host tells everybody its hardware address.
pub(super) static GRATUITOUS: Rule = Rule::lesson("subnet.gratuitous-arp", "RFC 5227 2.3, RFC 5944 4.6, RFC 4861 7.2.6");
/// A host tells everybody that its hardware address is another now.
pub(super) static MOVED: Rule = Rule::information("subnet.address-moved", "RFC 5227 2.3, RFC 5944 4.6, RFC 4861 7.2.6");
/// A router answers for a host behind it.
pub(super) static PROXY: Rule = Rule::information("subnet.proxy-arp", "RFC 1027, RFC 4861 7.2.8");
/// A card claims an address that is another's.
pub(super) static SPOOFED: Rule = Rule::warning("subnet.arp-spoofing", "RFC 826, RFC 5227 5, RFC 4861 11.1");
/// Nobody answers who has an address.
pub(super) static UNANSWERED: Rule = Rule::warning("subnet.unanswered", "RFC 826, RFC 1122 2.3.2, RFC 4861 7.2.2");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] = &[
    &SAME,
    &OTHER,
    &NETWORK_ADDRESS,
    &BROADCAST_ADDRESS,
    &MASKS,
    &DUPLICATE,
    &TWO_CARDS,
    &TAKEN,
    &PROBE,
    &GRATUITOUS,
    &MOVED,
    &PROXY,
    &SPOOFED,
    &UNANSWERED,
];

/// What shows that a card only pretends to have an address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pretence {
    /// It tells somebody again and again, who did not ask.
    Unasked {
        /// Whom.
        told: IpAddr,
        /// How often.
        times: u64,
        /// Nanoseconds from the first time to the last.
        over: i64,
    },
    /// It tells the owner of the address in turn that it is who it tells of the address.
    ToBoth {
        /// Who that is.
        other: IpAddr,
    },
    /// It and the owner say in turn that they have it.
    InTurn,
    /// It answers for it and for another address, beside an owner of each.
    Beside {
        /// The other address.
        other: IpAddr,
    },
}

/// What a note on subnets states.
#[derive(Clone, Debug, PartialEq)]
pub enum SubnetFacts {
    /// Two hosts compared under the first one's mask.
    Compared {
        /// The host whose mask it is.
        host: IpAddr,
        /// The other.
        other: IpAddr,
        /// The first one's subnet.
        network: IpNet,
        /// How many of their first bits are equal.
        equal_bits: u8,
        /// From where the mask is known.
        mask_from: Origin,
    },
    /// A host uses an address that stands for all of its subnet, or for none of it.
    NoHostAddress {
        /// The address.
        address: IpAddr,
        /// The subnet.
        network: IpNet,
        /// The card that uses it.
        card: [u8; 6],
        /// Whether it is the one for all, not the subnet's own.
        is_broadcast: bool,
    },
    /// One host takes the other for a neighbour, and the other does not.
    MasksDisagree {
        /// The host that asks for the other's hardware address.
        near: IpAddr,
        /// The host that sends to the first through a gateway.
        far: IpAddr,
        /// The gateway.
        gateway: IpAddr,
        /// How many of their first bits are equal.
        equal_bits: u8,
    },
    /// Two cards answered one question.
    Duplicate {
        /// The address that was asked for.
        address: IpAddr,
        /// Who answered, first and then.
        cards: [[u8; 6]; 2],
    },
    /// The same two cards answer for two addresses.
    TwoCards {
        /// The cards.
        cards: [[u8; 6]; 2],
        /// The addresses.
        addresses: [IpAddr; 2],
    },
    /// A card looked whether an address is free, and another has it.
    Taken {
        /// The address.
        address: IpAddr,
        /// Who would have it.
        wanted_by: Option<[u8; 6]>,
        /// Who has it.
        owner: [u8; 6],
    },
    /// A card looks whether an address is free.
    Probe {
        /// The address.
        address: IpAddr,
        /// Who would have it.
        card: Option<[u8; 6]>,
    },
    /// A host tells its hardware address, unasked.
    Announced {
        /// The host.
        address: IpAddr,
        /// Its hardware address.
        card: [u8; 6],
        /// The one it had before, where that was another.
        before: Option<[u8; 6]>,
    },
    /// A card answers for a host behind it.
    Proxy {
        /// The address that it answered for.
        address: IpAddr,
        /// The card.
        card: [u8; 6],
        /// What the card is called itself.
        own: IpAddr,
        /// The hop limit of what comes from that address.
        hop_limit: u8,
    },
    /// A card answers for a host behind it, and does not show an address of its own.
    Hidden {
        /// The address that it answered for.
        address: IpAddr,
        /// The card.
        card: [u8; 6],
        /// The hop limit of what comes from that address.
        hop_limit: u8,
    },
    /// A card claims what others have.
    Spoofed {
        /// The card.
        card: [u8; 6],
        /// The gateway's address, which it claims.
        address: IpAddr,
        /// Under which address of its own it asks for it.
        own: IpAddr,
    },
    /// A card says again and again that it has what others have.
    Pretended {
        /// The card.
        card: [u8; 6],
        /// The address that it claims.
        address: IpAddr,
        /// Another card that claims it, and is taken for the owner's.
        owner: Option<[u8; 6]>,
        /// The address that the card has itself, where nobody else claims that.
        own: Option<IpAddr>,
        /// What shows it.
        how: Pretence,
    },
    /// Questions without an answer.
    Unanswered {
        /// Who asks.
        asker: IpAddr,
        /// Whom it asks for.
        target: IpAddr,
        /// How often it had asked by then.
        times: u64,
        /// Over which time by then, in nanoseconds.
        over: i64,
        /// The card that was the answer earlier in the capture.
        before: Option<[u8; 6]>,
    },
}

impl Stated for SubnetFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Compared { network, other, .. } if network.contains(other) => &SAME,
            Self::Compared { .. } => &OTHER,
            Self::NoHostAddress { is_broadcast: true, .. } => &BROADCAST_ADDRESS,
            Self::NoHostAddress { .. } => &NETWORK_ADDRESS,
            Self::MasksDisagree { .. } => &MASKS,
            Self::Duplicate { .. } => &DUPLICATE,
            Self::TwoCards { .. } => &TWO_CARDS,
            Self::Taken { .. } => &TAKEN,
            Self::Probe { .. } => &PROBE,
            Self::Announced { before: None, .. } => &GRATUITOUS,
            Self::Announced { .. } => &MOVED,
            Self::Proxy { .. } | Self::Hidden { .. } => &PROXY,
            Self::Spoofed { .. } | Self::Pretended { .. } => &SPOOFED,
            Self::Unanswered { .. } => &UNANSWERED,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        let link = |tell: &mut Tell<'_>, name, card: &Option<[u8; 6]>| {
            if let Some(card) = card {
                tell(name, Fact::Link(*card));
            }
        };
        match self {
            Self::Compared { host, other, network, equal_bits, mask_from } => {
                tell("host", Fact::Address(*host));
                tell("other", Fact::Address(*other));
                tell("network", Fact::Prefix(*network));
                tell("equal_bits", Fact::Number((*equal_bits).into()));
                mask(*mask_from, tell);
            }
            Self::NoHostAddress { address, network, card, is_broadcast: _ } => {
                tell("address", Fact::Address(*address));
                tell("network", Fact::Prefix(*network));
                tell("hardware_address", Fact::Link(*card));
            }
            Self::MasksDisagree { near, far, gateway, equal_bits } => {
                tell("near", Fact::Address(*near));
                tell("far", Fact::Address(*far));
                tell("gateway", Fact::Address(*gateway));
                tell("equal_bits", Fact::Number((*equal_bits).into()));
            }
            Self::Duplicate { address, cards: [first, second] } => {
                tell("address", Fact::Address(*address));
                tell("first", Fact::Link(*first));
                tell("second", Fact::Link(*second));
            }
            Self::TwoCards { cards: [first, second], addresses } => {
                tell("addresses", Fact::Addresses(addresses));
                tell("first", Fact::Link(*first));
                tell("second", Fact::Link(*second));
            }
            Self::Taken { address, wanted_by, owner } => {
                tell("address", Fact::Address(*address));
                link(tell, "wanted_by", wanted_by);
                tell("owner", Fact::Link(*owner));
            }
            Self::Probe { address, card } => {
                tell("address", Fact::Address(*address));
                link(tell, "hardware_address", card);
            }
            Self::Announced { address, card, before } => {
                tell("address", Fact::Address(*address));
                tell("hardware_address", Fact::Link(*card));
                link(tell, "before", before);
            }
            Self::Proxy { address, card, own, hop_limit } => {
                tell("address", Fact::Address(*address));
                tell("hardware_address", Fact::Link(*card));
                tell("proxy", Fact::Address(*own));
                tell("hop_limit", Fact::Number((*hop_limit).into()));
            }
            Self::Hidden { address, card, hop_limit } => {
                tell("address", Fact::Address(*address));
                tell("hardware_address", Fact::Link(*card));
                tell("hop_limit", Fact::Number((*hop_limit).into()));
            }
            Self::Spoofed { card, address, own } => {
                tell("hardware_address", Fact::Link(*card));
                tell("address", Fact::Address(*address));
                tell("own", Fact::Address(*own));
            }
            Self::Pretended { card, address, owner, own, how } => {
                tell("hardware_address", Fact::Link(*card));
                tell("address", Fact::Address(*address));
                link(tell, "owner", owner);
                match how {
                    Pretence::Unasked { told, times, over } => {
                        tell("told", Fact::Address(*told));
                        tell("times", Fact::Number(*times));
                        tell("over_ms", Fact::Took(*over));
                    }
                    Pretence::ToBoth { other } | Pretence::Beside { other } => tell("other", Fact::Address(*other)),
                    Pretence::InTurn => {}
                }
                if let Some(own) = own {
                    tell("own", Fact::Address(*own));
                }
            }
            Self::Unanswered { asker, target, times, over, before } => {
                link(tell, "before", before);
                tell("asker", Fact::Address(*asker));
                tell("target", Fact::Address(*target));
                tell("times", Fact::Number(*times));
                tell("over_ms", Fact::Took(*over));
            }
        }
    }
}
