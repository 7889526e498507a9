//! Notes on routes: which way a packet goes, and why, in words.

use crate::explain::{Origin, RouteFacts};
use crate::render::sentence::{Link, Sentence, Took};
use ipnet::IpNet;
use std::net::IpAddr;

/// What is said of a network's mask: who tells it.
pub(super) fn told(mask_from: Origin) -> &'static str {
    match mask_from {
        Origin::Host => " (mask from the machine)",
        Origin::Capture => " (mask from the capture)",
        Origin::Dhcp => " (mask from DHCP)",
        Origin::RouterAdvertisement => " (mask from a router)",
        Origin::Broadcast | Origin::Traffic | Origin::Forwarding => "",
        Origin::Custom => " (mask assumed)",
    }
}

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &RouteFacts) {
    match facts {
        RouteFacts::Itself { from, to } if from == to => {
            write!(sentence, "{to} sends to itself: the packet never leaves the machine, and no route or hardware address is needed");
        }
        RouteFacts::Itself { from, to } => {
            write!(sentence, "{from} and {to} are addresses of one machine: the packet never leaves it, and no hardware address is needed");
        }
        RouteFacts::Direct { from, to, network, mask_from, card } => {
            write!(sentence, "{to} is in {network}{}, like {from}: ", told(*mask_from));
            write!(sentence, "the frame goes straight to it ({})", Link(*card));
        }
        RouteFacts::Gateway { from, to, network, mask_from, gateway, card } => {
            say_gateway(sentence, [*from, *to], network.zip(*mask_from));
            if let Some(gateway) = gateway {
                write!(sentence, "{gateway} ({})", Link(*card));
            } else {
                write!(sentence, "with the hardware address {}", Link(*card));
            }
        }
        RouteFacts::Recognized { gateway, card, origin, speaks_for } => say_recognized(sentence, *gateway, *card, *origin, speaks_for),
        RouteFacts::Asymmetric { host, peer, out, back } => {
            write!(sentence, "what {host} sends to {peer} goes to {}, and what comes back is from {}: ", Link(*out), Link(*back));
            sentence.say("two ways, which is allowed");
        }
        RouteFacts::GatewayChanged { host, peer, before, now } => {
            write!(sentence, "what {host} sends to {peer} goes to {} now, and went to {} before: ", Link(*now), Link(*before));
            sentence.say("another machine took over, or pretends to (ARP spoofing)");
        }
        RouteFacts::Redirect { router, host, target, better } if target == better => {
            write!(sentence, "{router} tells {host} that {target} is on this link itself and needs no gateway");
        }
        RouteFacts::Redirect { router, host, target, better } => {
            write!(
                sentence,
                "{router} tells {host} a shorter way: what is for {target} should go to the gateway {better}, on the same link"
            );
        }
        RouteFacts::Followed { host, target, better, card } => {
            write!(sentence, "{host} takes the shorter way that it was told: what is for {target} goes to {better} ({})", Link(*card));
        }
        RouteFacts::Ignored { host, target, card, packets, after, .. } => {
            write!(sentence, "{host} was told a shorter way to {target}, and {} later still sends to {} ", Took(*after), Link(*card));
            write!(sentence, "({packets} since): it follows no redirects, or not this one");
        }
        RouteFacts::AsksBeyond { host, target, network, .. } => {
            write!(sentence, "{host} asks its link for {target}, which is not in its subnet {network}: ");
            sentence.say("it uses another mask than it was given, or has no gateway");
        }
    }
}

/// Says why a packet goes to a gateway, up to the gateway's name.
fn say_gateway(sentence: &mut Sentence<'_>, [from, to]: [IpAddr; 2], network: Option<(IpNet, Origin)>) {
    match network {
        Some((network, mask_from)) => {
            write!(sentence, "{to} is not in {network}{}: ", told(mask_from));
            write!(sentence, "the first {} bits differ, so {from} sends to the gateway ", network.prefix_len());
        }
        None => write!(sentence, "{to} is on no network that {from} is on: {from} sends to the gateway "),
    }
}

fn say_recognized(sentence: &mut Sentence<'_>, gateway: Option<IpAddr>, card: Option<[u8; 6]>, origin: Origin, speaks_for: &[IpAddr]) {
    match (gateway, card) {
        (Some(gateway), Some(card)) => write!(sentence, "{gateway}, hardware address {}, is a gateway", Link(card)),
        (Some(gateway), None) => write!(sentence, "{gateway} is a gateway"),
        (None, Some(card)) => write!(sentence, "{} is the hardware address of a router", Link(card)),
        (None, None) => sentence.say("there is a gateway"),
    }
    match origin {
        Origin::Capture => sentence.say(": the capture says so"),
        Origin::Host => sentence.say(": the machine's own routes say so"),
        Origin::Dhcp => sentence.say(": the DHCP server names it to its clients"),
        Origin::RouterAdvertisement => sentence.say(": it advertises itself as a router to the whole link"),
        Origin::Broadcast | Origin::Traffic | Origin::Custom => {}
        Origin::Forwarding if speaks_for.is_empty() => sentence.say(": packets for others are handed to it"),
        Origin::Forwarding => {
            sentence.say(": packets of ");
            sentence.list(speaks_for.iter().take(3));
            sentence.say(" come from it, with some hops used up");
        }
    }
}
