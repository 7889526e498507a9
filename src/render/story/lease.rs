//! Leases of addresses, in words.

use super::words::say_frames;
use crate::explain::story::Lease;
use crate::render::sentence::{Link, Sentence, Shown, Took};

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
        sentence.say(" has an address by DHCP");
    } else {
        sentence.say(if discover.is_some() && lease.relay.is_none() {
            " asked everybody for an address by DHCP"
        } else if discover.is_some() {
            " asked for an address by DHCP"
        } else if request.is_some() {
            " asked by DHCP to have its address"
        } else {
            " asked by DHCP for what else it needs to know"
        });
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
        }
        if let Some(server) = lease.name_server {
            write!(sentence, " and the name server {server}");
        }
        sentence.say(".");
    }
    if let Some(frame) = declined {
        write!(sentence, " The host declined it, as another has it already (frame {frame}).");
    }
    if let Some(frame) = refused {
        write!(sentence, " The server refused (frame {frame}).");
    }
    if let Some(frame) = release {
        write!(sentence, " The host gave the address back (frame {frame}).");
    }
    if offer.is_none() && acknowledged.is_none() && refused.is_none() && !asked.is_empty() {
        sentence.say(" The capture shows no answer.");
    }
}
