//! Notes on subnets: who is on which network, and who disagrees, in words.

use super::route::told;
use crate::explain::SubnetFacts;
use crate::render::sentence::{Counted, Link, Sentence, Took};
use ipnet::IpNet;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &SubnetFacts) {
    match facts {
        SubnetFacts::Compared { host, other, network, mask_from, .. } => {
            let is_same = network.contains(other);
            write!(sentence, "{host} and {other} are in {}: ", if is_same { "the same subnet" } else { "different subnets" });
            say_mask(sentence, network);
            if is_same {
                write!(sentence, " both are {}", network.network());
            } else {
                let of_other = IpNet::new(*other, network.prefix_len()).map_or(*other, |network| network.network());
                write!(sentence, " they are {} and {of_other}", network.network());
            }
            sentence.say(told(*mask_from));
        }
        SubnetFacts::NoHostAddress { address, network, card, is_broadcast: true } => {
            write!(
                sentence,
                "{} uses {address} as its own, but this stands for all hosts of {network}: the bits after the first ",
                Link(*card)
            );
            write!(sentence, "{} are all 1", network.prefix_len());
        }
        SubnetFacts::NoHostAddress { address, network, card, is_broadcast: false } => {
            write!(
                sentence,
                "{} uses {address} as its own, but this names the subnet {network} itself: the bits after the first ",
                Link(*card)
            );
            write!(sentence, "{} are all 0", network.prefix_len());
        }
        SubnetFacts::MasksDisagree { near, far, gateway, equal_bits } => {
            write!(sentence, "{near} takes {far} for a neighbour, but {far} sends to it through the gateway {gateway}: ");
            write!(sentence, "their masks differ, {far}'s has more than {equal_bits} bits");
        }
        SubnetFacts::Duplicate { address, cards: [first, second] } => {
            write!(sentence, "{} and {} both answer for {address}: ", Link(*first), Link(*second));
            sentence.say("which of them gets a packet for it is chance");
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
            write!(sentence, "whether anybody has {address}, before using it: an answer would mean that it is taken");
        }
        SubnetFacts::Announced { address, card, before: None } => {
            write!(sentence, "{address} tells everybody on its link, unasked, that its hardware address is {}", Link(*card));
        }
        SubnetFacts::Announced { address, card, before: Some(before) } => {
            write!(sentence, "{address} says that its hardware address is {} now, no longer {}: ", Link(*card), Link(*before));
            sentence.say("it has another card, or another machine has it");
        }
        SubnetFacts::Proxy { address, card, own, hop_limit } => {
            write!(sentence, "{own} answers with its own hardware address {} for {address}, which is elsewhere: ", Link(*card));
            write!(sentence, "a router passed its packets on, as {hop_limit} hops are left");
        }
        SubnetFacts::Unanswered { asker, target, times, over } => {
            write!(sentence, "nobody answers {asker}, which asked {} in {} who has {target}: ", Counted(*times, "time"), Took(*over));
            sentence.say("it is off, or not on this link");
        }
    }
}

/// Says under which mask: by its bytes for IPv4, by its bits for IPv6.
fn say_mask(sentence: &mut Sentence<'_>, network: &IpNet) {
    match network {
        IpNet::V4(network) => write!(sentence, "under the mask {}", network.netmask()),
        IpNet::V6(network) => write!(sentence, "with the first {} bits kept", network.prefix_len()),
    }
}
