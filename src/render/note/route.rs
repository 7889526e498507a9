//! Notes on routes: which way a packet goes, and why, in words.

use crate::explain::{Origin, RouteFacts};
use crate::render::sentence::{Link, Sentence, Took};
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
            write!(sentence, "{to} sends to itself: the packet never leaves the machine");
        }
        RouteFacts::Itself { from, to } => {
            write!(sentence, "{from} and {to} are addresses of one machine: the packet never leaves it");
        }
        RouteFacts::Direct { from, to, .. } => write!(sentence, "{to} is in {from}'s subnet: the frame goes straight to it"),
        RouteFacts::Gateway { from, to, network, gateway, card, .. } => {
            match network {
                Some(network) => write!(sentence, "{to} is not in {network}: "),
                None => write!(sentence, "{to} is on no network of {from}: "),
            }
            match gateway {
                Some(gateway) => write!(sentence, "the gateway {gateway} gets the frame"),
                None => write!(sentence, "the gateway {} gets the frame", Link(*card)),
            }
        }
        RouteFacts::Recognized { gateway, card, origin, speaks_for } => say_recognized(sentence, *gateway, *card, *origin, speaks_for),
        RouteFacts::Asymmetric { host, peer, out, back } => {
            write!(sentence, "{host} sends to {peer} by {}, answers come by {}", Link(*out), Link(*back));
        }
        RouteFacts::GatewayChanged { host, peer, before, now, is_taken_over, called } => {
            write!(sentence, "{host} sends to {peer} by {} now, not {}", Link(*now), Link(*before));
            match (is_taken_over, called) {
                (Some(true), _) => sentence.say(": a takeover or ARP spoofing"),
                (Some(false), Some(called)) => write!(sentence, ": by another gateway, {called}"),
                (Some(false), None) => sentence.say(": by another router"),
                (None, _) => sentence.say(": takeover or another gateway"),
            }
        }
        RouteFacts::Redirect { router, host, target, better } if target == better => {
            write!(sentence, "{router} tells {host} that {target} is on this link itself and needs no gateway");
        }
        RouteFacts::Redirect { router, host, target, better } => {
            write!(sentence, "{router} tells {host} a shorter way to {target}: the gateway {better}");
        }
        RouteFacts::Followed { host, target, better, card } => {
            write!(sentence, "{host} takes the shorter way to {target}: {better} ({})", Link(*card));
        }
        RouteFacts::Ignored { host, target, card, after, .. } => {
            write!(sentence, "{host} still sends to {target} by {} {} after the redirect", Link(*card), Took(*after));
        }
        RouteFacts::AsksBeyond { host, target, network, .. } => {
            write!(sentence, "{host} asks its link for {target}, which is not in its subnet {network}");
        }
    }
}

fn say_recognized(sentence: &mut Sentence<'_>, gateway: Option<IpAddr>, card: Option<[u8; 6]>, origin: Origin, speaks_for: &[IpAddr]) {
    match (gateway, card) {
        (Some(gateway), Some(card)) => write!(sentence, "{gateway} ({}) is a gateway", Link(card)),
        (Some(gateway), None) => write!(sentence, "{gateway} is a gateway"),
        (None, Some(card)) => write!(sentence, "{} is a router", Link(card)),
        (None, None) => sentence.say("there is a gateway"),
    }
    match origin {
        Origin::Capture => sentence.say(": the capture says so"),
        Origin::Host => sentence.say(": the machine's own routes say so"),
        Origin::Dhcp => sentence.say(": the DHCP server names it to its clients"),
        Origin::RouterAdvertisement => sentence.say(": it advertises itself as a router"),
        Origin::Broadcast | Origin::Traffic | Origin::Custom => {}
        Origin::Forwarding if speaks_for.is_empty() => sentence.say(": packets for others are handed to it"),
        Origin::Forwarding => {
            sentence.say(": packets of ");
            sentence.list(speaks_for.iter().take(3));
            sentence.say(" come from it");
        }
    }
}
