//! Notes on hops: how many routers a packet passed, and which, in words.

use crate::dissect::network::ip_protocol_name;
use crate::explain::HopsFacts;
use crate::render::sentence::{Counted, Sentence};
use std::net::IpAddr;

/// How many hops of a way are told.
const TOLD: usize = 32;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &HopsFacts) {
    match facts {
        HopsFacts::Distance { host, hop_limit, begun, routers } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "{host} is {} away: its packets come with a {name} of {hop_limit}; ", Counted((*routers).into(), "router"));
            write!(sentence, "hosts begin with {begun}, and each router takes 1 off: {begun} - {hop_limit} = {routers}");
        }
        HopsFacts::PathChanged { host, before, after } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "{host}'s packets take another way now: their {name} was {before} and is {after}, so they pass ");
            let routers = Counted(before.abs_diff(*after).into(), "router");
            write!(sentence, "{routers} {}", if after < before { "more" } else { "fewer" });
        }
        HopsFacts::OtherReset { host, hop_limit, others } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "a reset in {host}'s name came with a {name} of {hop_limit}, its other packets with {others}: ");
            sentence.say("another machine may have sent it, such as a firewall on the way");
        }
        HopsFacts::Expired { reporter, source, destination, hop_limit } => {
            let name = limit_name(*source);
            let (reporter, source, destination) = (sentence.host(*reporter), sentence.host(*source), sentence.host(*destination));
            write!(sentence, "{source} sent a packet to {destination} with a {name} of {hop_limit}: each router takes 1 off, ");
            write!(sentence, "and at {reporter} none was left");
        }
        HopsFacts::Exhausted { reporter, source, destination, hop_limit } => {
            let name = limit_name(*source);
            let (reporter, source, destination) = (sentence.host(*reporter), sentence.host(*source), sentence.host(*destination));
            write!(sentence, "{reporter} dropped a packet from {source} to {destination} that set out with a {name} of {hop_limit}, ");
            sentence.say("as nothing was left: routers pass it to each other in a circle");
        }
        HopsFacts::Traceroute { .. } => say_way(sentence, facts),
        HopsFacts::Loop { source, destination, hop_limits } => {
            let name = limit_name(*source);
            let (source, destination) = (sentence.host(*source), sentence.host(*destination));
            write!(sentence, "the same packet from {source} to {destination} passes here again and again, with a {name} of ");
            sentence.list(hop_limits);
            sentence.say(": routers pass it to each other in a circle");
        }
    }
}

fn say_way(sentence: &mut Sentence<'_>, facts: &HopsFacts) {
    let HopsFacts::Traceroute { source, destination, protocol, hops, places, silent, is_reached } = facts else { return };
    let (from, to) = (sentence.host(*source), sentence.host(*destination));
    let protocol = ip_protocol_name(u64::from(*protocol)).unwrap_or("IP");
    write!(sentence, "{from} traces the way to {to} (traceroute, {protocol}): ");
    let mut way: Vec<(u64, Option<IpAddr>)> = places.iter().copied().zip(hops.iter().copied().map(Some)).collect();
    way.extend(silent.iter().map(|place| (*place, None)));
    way.sort_unstable();
    for (place, (hop, who)) in way.iter().take(TOLD).enumerate() {
        sentence.say(if place == 0 { "" } else { ", " });
        match who {
            Some(who) => write!(sentence, "{hop} {}", sentence.host(*who)),
            None => write!(sentence, "{hop} no answer"),
        }
    }
    if !is_reached {
        write!(sentence, "; {to} itself does not answer");
    }
}

/// What the field is called.
fn limit_name(host: IpAddr) -> &'static str {
    if host.is_ipv4() { "time to live (TTL)" } else { "hop limit" }
}
