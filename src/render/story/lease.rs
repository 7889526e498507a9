//! Leases of addresses, in words.

use super::words::say_frames;
use crate::explain::story::{Asks, Lease};
use crate::render::sentence::{Counted, Link, Sentence, Shown, Took};
use std::net::Ipv4Addr;

/// Says who asked for an address, and what it was given.
pub(super) fn say(sentence: &mut Sentence<'_>, lease: &Lease) {
    let [_, discover, offer, request, declined, acknowledged, refused, release, inform] = lease.messages;
    write!(sentence, "The host with the hardware address {}", Link(lease.client));
    if let Some(name) = &lease.name {
        write!(sentence, ", which calls itself {},", Shown(name));
    }
    let asked: Vec<u64> = [discover, request, inform].into_iter().flatten().collect();
    if let (Some(discover), Some((server, request)), None) = (discover, lease.asked, lease.relay) {
        write!(
            sentence,
            " asked everybody for an address by DHCP (frame {discover}), and {server} for the one that it has (frame {request})"
        );
    } else if asked.is_empty() {
        match (acknowledged, release, offer) {
            (Some(_), ..) => sentence.say(" has an address by DHCP"),
            (None, Some(_), _) => sentence.say(" had an address by DHCP"),
            (None, None, Some(_)) => sentence.say(" was offered an address by DHCP; that it asked for one is not in the capture"),
            (None, None, None) => sentence.say(" speaks DHCP"),
        }
    } else {
        sentence.say(if discover.is_some() && lease.relay.is_none() {
            " asked everybody for an address by DHCP"
        } else if discover.is_some() {
            " asked for an address by DHCP"
        } else if request.is_some() && refused.is_some() && lease.named.is_some() {
            " asked by DHCP to have the address "
        } else if request.is_some() {
            " asked by DHCP to have its address"
        } else {
            " asked by DHCP for what else it needs to know"
        });
        if let (None, Some(_), Some(_), Some(named)) = (discover, request, refused, lease.named) {
            write!(sentence, "{named}");
        }
        if discover.is_some() && offer.or(acknowledged).is_none() {
            say_asks(sentence, &lease.asks);
        }
        if let Some(relay) = lease.relay {
            write!(sentence, ", which the relay {relay} passed on");
        } else if let Some((server, _)) = lease.asked {
            write!(sentence, ", of {server} alone");
        }
        say_frames(sentence, &asked);
    }
    sentence.say(".");
    if let (Some(address), Some(frame)) = (lease.address, offer.or(acknowledged)) {
        match lease.server {
            Some(server) => write!(sentence, " The server {server} "),
            None => sentence.say(" A server "),
        }
        write!(sentence, "{} {address} (frame {frame})", if offer.is_some() { "offered" } else { "gave it" });
        if let Some(frame) = acknowledged.filter(|_| offer.is_some()) {
            write!(sentence, " and gave it (frame {frame})");
        }
        if let (Some(seconds), Some(_)) = (lease.seconds, acknowledged) {
            if seconds == u64::from(u32::MAX) {
                sentence.say(" for ever");
            } else {
                write!(sentence, " for {}", Took(i64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000_000)));
            }
        }
        if let Some(mask) = lease.mask {
            let bits = u32::from(mask).count_ones();
            write!(sentence, ", in a network whose first {bits} bits are the same (mask {mask})");
        }
        if let Some(router) = lease.router {
            write!(sentence, ", with the gateway {router}");
            // A network of one address has every gateway outside, and a route of its own to it.
            let is_outside = |mask: &Ipv4Addr| !mask.is_broadcast() && mask.to_bits() & (router.to_bits() ^ address.to_bits()) != 0;
            if lease.mask.as_ref().is_some_and(is_outside) {
                sentence.say(", which is not in that network, so that the host does not reach it,");
            }
        }
        if !lease.name_servers.is_empty() {
            sentence.say(if lease.name_servers.len() == 1 { " and the name server " } else { " and the name servers " });
            sentence.list(&lease.name_servers);
        }
        sentence.say(".");
    }
    let untaken: Vec<(Ipv4Addr, u64)> =
        lease.offers.iter().filter(|(server, _)| acknowledged.is_some() && lease.server != Some(*server)).copied().collect();
    for (server, frame) in untaken {
        write!(sentence, " Another server, {server}, had offered an address too (frame {frame}); the host did not take it.");
    }
    if let (None, Some(frame)) = (lease.address, acknowledged) {
        match lease.server {
            Some(server) => write!(sentence, " The server {server} answered (frame {frame})"),
            None => write!(sentence, " A server answered (frame {frame})"),
        }
        if !lease.name_servers.is_empty() {
            sentence.say(if lease.name_servers.len() == 1 { ": the name server is " } else { ": the name servers are " });
            sentence.list(&lease.name_servers);
        }
        sentence.say(".");
    }
    if let Some(frame) = declined {
        write!(sentence, " The host declined it, as another has it already (frame {frame}).");
    }
    if let Some(frame) = refused {
        match &lease.reason {
            Some(reason) => write!(sentence, " The server refused: {} (frame {frame}).", Shown(reason)),
            None => write!(sentence, " The server refused (frame {frame})."),
        }
    }
    if let Some(frame) = release {
        match lease.named.filter(|_| lease.address.is_none()) {
            Some(address) => write!(sentence, " The host gave {address} back (frame {frame})."),
            None => write!(sentence, " The host gave the address back (frame {frame})."),
        }
    }
    if offer.is_none() && acknowledged.is_none() && refused.is_none() && !asked.is_empty() {
        sentence.say(" The capture shows no answer.");
    }
}

/// Says how often somebody asked everybody in vain, where that was more than once.
pub(super) fn say_asks(sentence: &mut Sentence<'_>, asks: &Asks) {
    if let Some(over) = asks.over() {
        write!(sentence, ", {} in {}", Counted(asks.times, "time"), Took(over));
    }
}
