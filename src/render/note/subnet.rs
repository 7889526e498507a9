//! Notes on subnets: who is on which network, and who disagrees, in words.

use super::route::told;
use crate::explain::{Pretence, SubnetFacts};
use crate::render::sentence::{Link, Sentence, Took};
use std::net::IpAddr;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &SubnetFacts) {
    match facts {
        SubnetFacts::Compared { host, other, network, mask_from, .. } => {
            if network.contains(other) {
                write!(sentence, "{host} and {other} are both in {network}{}", told(*mask_from));
            } else {
                write!(sentence, "{host} is in {network}{}, {other} is not", told(*mask_from));
            }
        }
        SubnetFacts::NoHostAddress { address, network, card, is_broadcast: true } => {
            write!(sentence, "{} uses {address} as its own, which stands for all hosts of {network}", Link(*card));
        }
        SubnetFacts::NoHostAddress { address, network, card, is_broadcast: false } => {
            write!(sentence, "{} uses {address} as its own, which names the subnet {network} itself", Link(*card));
        }
        SubnetFacts::MasksDisagree { near, far, gateway, .. } => {
            write!(sentence, "the masks of {near} and {far} differ: one sends directly, one by {gateway}");
        }
        SubnetFacts::Duplicate { address, cards: [first, second] } => {
            write!(sentence, "{} and {} both claim {address}, and chance decides which gets a packet", Link(*first), Link(*second));
        }
        SubnetFacts::TwoCards { cards: [first, second], addresses: [one, other] } => {
            write!(sentence, "{} and {} answer for {one} and {other}: ", Link(*first), Link(*second));
            sentence.say("one host, or clones");
        }
        SubnetFacts::Taken { address, wanted_by, owner } => {
            if let Some(card) = wanted_by {
                write!(sentence, "{} wants ", Link(*card));
            } else {
                sentence.say("somebody wants ");
            }
            write!(sentence, "{address} and may not use it: {} has it already", Link(*owner));
        }
        SubnetFacts::Probe { address, card } => {
            if let Some(card) = card {
                write!(sentence, "{} asks ", Link(*card));
            } else {
                sentence.say("somebody asks ");
            }
            write!(sentence, "whether {address} is free, before using it");
        }
        SubnetFacts::Announced { address, card, before: None } => {
            write!(sentence, "{address} tells everybody on its link, unasked, that its hardware address is {}", Link(*card));
        }
        SubnetFacts::Announced { address, card, before: Some(before) } => {
            write!(sentence, "{address} has the hardware address {} now, no longer {}: ", Link(*card), Link(*before));
            sentence.say("another card or machine");
        }
        SubnetFacts::Proxy { address, card, own, .. } => {
            write!(sentence, "{own} answers with its own {} for {address}, which is behind a router", Link(*card));
        }
        SubnetFacts::Hidden { address, card, .. } => {
            write!(sentence, "{} answers for {address}, which is behind a router: proxy ARP", Link(*card));
        }
        SubnetFacts::Spoofed { card, address, own } => {
            write!(sentence, "{} claims {address}, and asks for it as {own}: ARP spoofing", Link(*card));
        }
        SubnetFacts::Pretended { card, address, owner, how, .. } => {
            match (how, owner) {
                (Pretence::Unasked { told, .. }, _) => {
                    write!(sentence, "{} tells {told}, unasked, that it has {address}", Link(*card));
                }
                (Pretence::ToBoth { other }, _) => {
                    write!(sentence, "{} tells {other} and {address} that it is the other", Link(*card));
                }
                (Pretence::Beside { other }, _) => {
                    return write!(
                        sentence,
                        "{} answers for {address} and {other}, beside the owner of each: proxy ARP or spoofing",
                        Link(*card)
                    );
                }
                (Pretence::InTurn, Some(owner)) => write!(sentence, "{} and {} claim {address} in turn", Link(*card), Link(*owner)),
                (Pretence::InTurn, None) => write!(sentence, "{} and another claim {address} in turn", Link(*card)),
            }
            write!(sentence, ": {}", spoofing(*address));
        }
        SubnetFacts::Unanswered { asker, target, over, .. } => {
            write!(sentence, "nobody answers {asker}, which has asked for {} who has {target}", Took(*over));
        }
    }
}

/// What it is called to claim an address that is another's.
fn spoofing(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "ARP spoofing" } else { "neighbour discovery spoofing" }
}
