//! Notes on hops: how many routers a packet passed, and which, in words.

use crate::explain::HopsFacts;
use crate::render::sentence::{Counted, Sentence};
use std::net::IpAddr;

/// How many hops of a way are told.
const TOLD: usize = 3;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &HopsFacts) {
    match facts {
        HopsFacts::Distance { host, hop_limit, begun, routers } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "{host} is {} away: its {name} is {hop_limit}, ", Counted((*routers).into(), "router"));
            write!(sentence, "and hosts begin with {begun}");
        }
        HopsFacts::PathChanged { host, before, after } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "{host}'s packets take another way: their {name} was {before} and is {after}, ");
            let routers = Counted(before.abs_diff(*after).into(), "router");
            write!(sentence, "{routers} {}", if after < before { "more" } else { "less" });
        }
        HopsFacts::OtherReset { host, hop_limit, others } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "a reset in {host}'s name has {name} {hop_limit}, its other packets {others}: ");
            sentence.say("perhaps a firewall sent it");
        }
        HopsFacts::AnsweredNearer { host, hop_limit, others, routers } => {
            let (name, host) = (limit_name(*host), sentence.host(*host));
            write!(sentence, "TCP from {host} passed no router ({name} {hop_limit}), its ping {routers} ({others}): ");
            sentence.say("something nearer answers for it");
        }
        HopsFacts::Expired { reporter, source, destination, hop_limit } => {
            let name = limit_name(*source);
            let (reporter, source, destination) = (sentence.host(*reporter), sentence.host(*source), sentence.host(*destination));
            write!(sentence, "{source} sent a packet to {destination} with {name} {hop_limit}: at {reporter} none was left");
        }
        HopsFacts::Exhausted { reporter, source, destination, hop_limit } => {
            let name = limit_name(*source);
            let (reporter, source, destination) = (sentence.host(*reporter), sentence.host(*source), sentence.host(*destination));
            write!(sentence, "{reporter} dropped a packet from {source} to {destination}, whose {name} of {hop_limit} was used up: ");
            sentence.say("a routing loop");
        }
        HopsFacts::Traceroute { .. } => say_way(sentence, facts),
        HopsFacts::Loop { source, destination, hop_limits, .. } => {
            let name = limit_name(*source);
            let (source, destination) = (sentence.host(*source), sentence.host(*destination));
            write!(sentence, "the same packet from {source} to {destination} passes again and again, with {name} ");
            hop_limits.iter().for_each(|limit| write!(sentence, "{limit}, "));
            sentence.say("..: a routing loop");
        }
    }
}

fn say_way(sentence: &mut Sentence<'_>, facts: &HopsFacts) {
    let HopsFacts::Traceroute { source, destination, hops, places, silent, is_reached, .. } = facts else { return };
    let (from, to) = (sentence.host(*source), sentence.host(*destination));
    write!(sentence, "{from} traces the way to {to}: ");
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
    match way.last() {
        Some((last, _)) if way.len() > TOLD => write!(sentence, " .. {last}"),
        Some(_) | None => {}
    }
    if !is_reached {
        sentence.say("; it does not answer itself");
    }
}

/// What the field is called.
fn limit_name(host: IpAddr) -> &'static str {
    if host.is_ipv4() { "TTL" } else { "hop limit" }
}
