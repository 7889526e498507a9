//! What happened, in words.

use super::air;
use super::held;
use super::lease;
use super::lease6;
use super::lookup;
use super::ping;
use super::report;
use super::words::{Vlan, Who, say_frames};
use crate::conversation::Names;
use crate::explain::Note;
use crate::explain::story::{Advertisement, Clock, Event, Fragmented, Group, Hop, Resolution, Trace, What};
use crate::render::note::{push_at_length, push_in_brief};
use crate::render::sentence::{Counted, Grouped, Link, Sentence, Shown};
use std::fmt;
use std::net::IpAddr;

/// How many of those that are alike are named.
pub(super) const NAMED: usize = 5;
/// How many routers of a way are named.
const HOPS: usize = 32;

/// Says what happened, and how much else was like it.
pub(super) fn say(sentence: &mut Sentence<'_>, clock: &Clock, group: &Group<'_>) {
    let names = sentence.names();
    let event = group.first;
    if let Some(tags) = group.tags {
        write!(sentence, "In VLAN {}, ", Vlan(tags));
    }
    match &event.what {
        What::Resolved(resolution) => resolved(sentence, event, resolution, &group.alike),
        What::Announced(announced) => {
            let Resolution { target, answer, asked, tags, .. } = announced;
            if let Some((link, frame)) = answer {
                write!(
                    sentence,
                    "{target} told everybody on its link{}, unasked, that its hardware address is {}",
                    InVlan(*tags),
                    Link(*link)
                );
                say_times(sentence, *asked);
                say_frames(sentence, &[*frame]);
                sentence.say(".");
            }
            for other in &group.alike {
                if let What::Announced(Resolution { answer: Some((link, frame)), .. }) = other.what {
                    write!(sentence, " Then it said that it is {} (frame {frame}).", Link(link));
                }
            }
        }
        What::Probed(probe) => probed(sentence, event, probe, &group.alike),
        What::Leased(lease) => {
            lease::say(sentence, lease);
            let mut clients = vec![lease.client];
            for other in &group.alike {
                let What::Leased(other) = &other.what else { continue };
                if other.client == lease.client {
                    sentence.say(" ");
                    lease::say(sentence, other);
                } else if !clients.contains(&other.client) {
                    clients.push(other.client);
                }
            }
            if clients.len() > 1 {
                write!(sentence, " {} asked likewise.", Counted(clients.len() as u64 - 1, "further host"));
            }
        }
        What::Leased6(lease) => {
            lease6::say(sentence, names, lease);
            if !group.alike.is_empty() {
                write!(sentence, " {} asked likewise.", Counted(group.alike.len() as u64, "further host"));
            }
        }
        What::Advertised { router, card, told } => {
            advertised(sentence, (*router, *card), told, event.frame);
            for other in &group.alike {
                if let What::Advertised { router, card, told } = &other.what {
                    sentence.say(" ");
                    advertised(sentence, (*router, *card), told, other.frame);
                }
            }
        }
        What::Beaconed(told) => air::say_access_point(sentence, told, event.frame),
        What::Joined(joining) => air::say_joining(sentence, joining),
        What::LookedUp(lookup) => lookup::say(sentence, names, clock, lookup, &group.alike),
        What::Held(held) => held::say(sentence, names, clock, held, &group.alike),
        What::Pinged(ping) => ping::say(sentence, names, clock, event, ping, &group.alike),
        What::Traced(trace) => traced(sentence, names, trace),
        What::Reported(report) => report::say(sentence, names, event, report, &group.alike),
        What::Fragmented(fragmented) => came_in_pieces(sentence, names, event, fragmented),
        What::Explained(note) => explained(sentence, note),
    }
}

/// Says what a router told everybody.
fn advertised(sentence: &mut Sentence<'_>, (router, card): (IpAddr, Option<[u8; 6]>), told: &Advertisement, frame: u64) {
    let names = sentence.names();
    let Advertisement { times, is_way_out, left, prefixes, mtu, name_servers, domains } = told;
    if matches!(router, IpAddr::V6(router) if !router.is_unicast_link_local()) {
        write!(sentence, "{router} told everybody on its link that it is a router");
        say_times(sentence, *times);
        say_frames(sentence, &[frame]);
        return sentence.say(". Hosts ignore that: it does not come from a link-local address (RFC 4861 6.1.2).");
    }
    write!(sentence, "The router {}", Who(router, names));
    if let Some(card) = card {
        write!(sentence, " with the hardware address {}", Link(card));
    }
    sentence.say(" told everybody on its link of itself");
    let mut things: Vec<String> = Vec::new();
    let mut thing = |one: &str, several: &str, named: &[String]| {
        if !named.is_empty() {
            let mut text = Vec::new();
            let sentence = &mut Sentence::new(&mut text, names);
            write!(sentence, "{} ", if named.len() == 1 { one } else { several });
            sentence.list(named);
            things.push(String::from_utf8_lossy(&text).into_owned());
        }
    };
    thing("the network", "the networks", &prefixes.iter().map(ToString::to_string).collect::<Vec<_>>());
    thing(
        "the name server",
        "the name servers",
        &name_servers.iter().map(|server| Who((*server).into(), names).to_string()).collect::<Vec<_>>(),
    );
    thing("the search domain", "the search domains", &domains.iter().map(|domain| Shown(domain).to_string()).collect::<Vec<_>>());
    if !things.is_empty() {
        sentence.say(if things.len() == 1 { " and of " } else { ", of " });
        sentence.list(&things);
    }
    say_times(sentence, *times);
    say_frames(sentence, &[frame]);
    if let Some(mtu) = mtu {
        let bytes = Counted((*mtu).into(), "byte");
        match mtu {
            ..1280 => write!(sentence, ": of packets up to {bytes}, which hosts ignore, as every link must take 1,280 in IPv6"),
            _ => write!(sentence, ": packets there may have up to {bytes}"),
        }
    }
    sentence.say(".");
    if let Some(left) = left {
        write!(sentence, " In frame {left} it said that it is no way to other networks any more.");
    }
    if !is_way_out {
        sentence.say(" It offers itself to nobody as the way to other networks.");
    }
}

/// Says what a note states.
pub(super) fn explained(sentence: &mut Sentence<'_>, note: &Note) {
    let (begin, names) = (sentence.out().len(), sentence.names());
    push_at_length(sentence.out(), note, names);
    let is_name = |first: &[u8]| names.iter().any(|known| known.all().any(|evidence| evidence.name.as_bytes() == first));
    let first = sentence.out().get(begin..).unwrap_or_default().split(|byte| *byte == b' ').next().unwrap_or_default();
    if !is_name(first) {
        capitalize(sentence.out(), begin);
    }
}

/// Says what a note states, and no more.
pub(super) fn briefly(sentence: &mut Sentence<'_>, note: &Note) {
    let names = sentence.names();
    push_in_brief(sentence.out(), note, names);
}

/// A statement begins with a capital, unless it begins with somebody's name.
fn capitalize(out: &mut [u8], begin: usize) {
    const WORDS: [&[u8]; 10] = [b"a ", b"all ", b"both ", b"bytes ", b"for ", b"no ", b"nobody ", b"the ", b"these ", b"what "];
    if let Some(statement) = out.get_mut(begin..)
        && WORDS.iter().any(|word| statement.starts_with(word))
        && let Some(first) = statement.first_mut()
    {
        first.make_ascii_uppercase();
    }
}

pub(super) fn say_times(sentence: &mut Sentence<'_>, times: u64) {
    if times > 1 {
        write!(sentence, ", {}", Counted(times, "time"));
    }
}

fn resolved(sentence: &mut Sentence<'_>, event: &Event, resolution: &Resolution, alike: &[&Event]) {
    let Resolution { asker, target, asked, last, answer, other, really, proxy, tags, .. } = *resolution;
    let link = InVlan(tags);
    match really {
        Some(really) => write!(sentence, "{really} asked on its link{link}, as if it were {asker}, who has {target}"),
        None => write!(sentence, "{asker} asked on its link{link} who has {target}"),
    }
    match answer {
        Some((link, frame)) => {
            say_times(sentence, asked);
            match proxy {
                Some(Some(own)) => {
                    write!(sentence, ", and {own} answered for it with its own hardware address, {} (proxy ARP)", Link(link))
                }
                Some(None) => write!(sentence, ", and a router answered for it with its own hardware address, {} (proxy ARP)", Link(link)),
                None => write!(sentence, ", and was told the hardware address {}", Link(link)),
            }
            say_frames(sentence, &[event.frame, frame]);
        }
        None => {
            say_times(sentence, asked);
            sentence.say(", and the capture shows no answer");
            if asked > 2 {
                write!(sentence, " (frames {} to {last})", event.frame);
            } else {
                say_frames(sentence, &[event.frame, last]);
            }
        }
    }
    sentence.say(".");
    if resolution.since > 1 {
        write!(sentence, " To the last {} questions the capture shows no answer.", resolution.since);
    }
    if let Some((link, frame)) = other {
        write!(sentence, " Another hardware address was told too: {} (frame {frame}).", Link(link));
    }
    let others: Vec<IpAddr> = alike.iter().filter_map(|event| target_of(event)).collect();
    if !others.is_empty() {
        sentence.say(" It asked likewise for ");
        named(sentence, &others, ["more", "more"]);
        sentence.say(".");
    }
}

fn target_of(event: &Event) -> Option<IpAddr> {
    match &event.what {
        What::Resolved(of) | What::Probed(of) => Some(of.target),
        What::Announced(_)
        | What::Leased(_)
        | What::Leased6(_)
        | What::Advertised { .. }
        | What::Beaconed(_)
        | What::Joined(_)
        | What::LookedUp(_)
        | What::Held(_)
        | What::Pinged(_)
        | What::Traced(_)
        | What::Reported(_)
        | What::Fragmented(_)
        | What::Explained(_) => None,
    }
}

/// The VLAN that a link is, where it is one: ` (VLAN 10)`.
#[derive(Clone, Copy)]
struct InVlan(u32);

impl fmt::Display for InVlan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { write!(formatter, " (VLAN {})", Vlan(self.0)) }
    }
}

/// Says the first few, and how many more there are.
pub(super) fn named<T: std::fmt::Display>(sentence: &mut Sentence<'_>, things: &[T], [one, several]: [&str; 2]) {
    let few = things.get(..NAMED).unwrap_or(things);
    if few.len() == things.len() {
        sentence.list(few);
    } else {
        for thing in few {
            write!(sentence, "{thing}, ");
        }
        let more = things.len() - few.len();
        write!(sentence, "and {} {}", Grouped(more as u64), if more == 1 { one } else { several });
    }
}

fn probed(sentence: &mut Sentence<'_>, event: &Event, probe: &Resolution, alike: &[&Event]) {
    write!(sentence, "Before taking the address {}, a host asked whether somebody has it", probe.target);
    say_times(sentence, probe.asked);
    match probe.answer {
        Some((link, frame)) => {
            write!(sentence, ", and {} has", Link(link));
            say_frames(sentence, &[event.frame, frame]);
        }
        None => {
            sentence.say("; nobody said so");
            say_frames(sentence, &[event.frame]);
        }
    }
    sentence.say(".");
    let others: Vec<IpAddr> = alike.iter().filter_map(|event| target_of(event)).collect();
    if !others.is_empty() {
        sentence.say(" The same was asked of ");
        named(sentence, &others, ["more", "more"]);
        sentence.say(".");
    }
}

fn traced(sentence: &mut Sentence<'_>, names: &Names, trace: &Trace) {
    write!(
        sentence,
        "{} traced the way to {}, as traceroute does: its packets were allowed to pass ever more routers, and ",
        Who(trace.source, names),
        Who(trace.destination, names)
    );
    let farthest = trace.hops.iter().filter_map(|hop| hop.distance).max().unwrap_or_default();
    let is_known = |distance: &u8| trace.hops.iter().any(|hop| hop.distance == Some(*distance));
    let silent: Vec<u8> = (1..farthest).filter(|distance| !is_known(distance)).collect();
    sentence.say(if silent.is_empty() { "each router " } else { "these routers " });
    sentence.say("at which a packet's time was up said so: ");
    let shown = || trace.hops.iter().take(HOPS);
    // Some with a number and some without would look like a mistake.
    let is_counted = shown().all(|hop| hop.distance.is_some());
    let hops: Vec<String> = shown().map(|hop| hop_words(hop, is_counted, names)).collect();
    sentence.list(&hops);
    if trace.hops.len() > HOPS {
        write!(sentence, " and {}", Counted((trace.hops.len() - HOPS) as u64, "more router"));
    }
    sentence.say(".");
    if !silent.is_empty() && is_counted {
        sentence.say(" Of number ");
        sentence.list(&silent);
        sentence.say(" the capture shows no answer.");
    }
    match trace.reached {
        Some(frame) => write!(sentence, " The destination itself answered (frame {frame})."),
        None => sentence.say(" The capture shows no answer of the destination itself."),
    }
}

fn hop_words(hop: &Hop, is_counted: bool, names: &Names) -> String {
    let mut text = Vec::new();
    let sentence = &mut Sentence::new(&mut text, names);
    match hop.distance.filter(|_| is_counted) {
        Some(distance) => write!(sentence, "{distance}. {} (frame {})", Who(hop.router, names), hop.frame),
        None => write!(sentence, "{} (frame {})", Who(hop.router, names), hop.frame),
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn came_in_pieces(sentence: &mut Sentence<'_>, names: &Names, event: &Event, fragmented: &Fragmented) {
    let Fragmented { source, destination, datagrams, fragments, length, completed } = *fragmented;
    write!(
        sentence,
        "{} sent {} a packet with {} in it, more than a frame may hold: it came in {}, which were put together",
        Who(source, names),
        Who(destination, names),
        Counted(length, "byte"),
        Counted(fragments, "fragment")
    );
    say_frames(sentence, &[event.frame, completed]);
    if datagrams > 1 {
        write!(sentence, "; so did {}", Counted(datagrams - 1, "more packet"));
    }
    sentence.say(".");
}
