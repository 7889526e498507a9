//! What happened, in words.

use super::air;
use super::held;
use super::lease;
use super::lease6;
use super::ping;
use super::report;
use super::words::{Measured, Who, say_frames};
use crate::conversation::dns::{Answer, Lookup, Service};
use crate::conversation::{Endpoint, Names};
use crate::dissect::application::dns::table::{RESPONSE_CODES, TYPES};
use crate::explain::Note;
use crate::explain::story::{Advertisement, Clock, Event, Exchanged, Fragmented, Group, Hop, Objection, Resolution, Trace, What};
use crate::render::escape;
use crate::render::note::{push_at_length, push_in_brief};
use crate::render::sentence::{Counted, Grouped, Link, Sentence, Shown};
use std::net::IpAddr;

/// How many of those that are alike are named.
const NAMED: usize = 5;
/// The types of the records of addresses (RFC 1035 section 3.2.2, RFC 3596 section 2.1).
const ADDRESS: u16 = 1;
const ADDRESS_6: u16 = 28;
/// How many routers of a way are named.
const HOPS: usize = 32;

/// Says what happened, and how much else was like it.
pub(super) fn say(sentence: &mut Sentence<'_>, clock: &Clock, group: &Group<'_>) {
    let names = sentence.names();
    let event = group.first;
    match &event.what {
        What::Resolved(resolution) => resolved(sentence, event, resolution, &group.alike),
        What::Announced(announced) => {
            let Resolution { target, answer, asked, .. } = announced;
            if let Some((link, frame)) = answer {
                write!(sentence, "{target} told everybody on its link, unasked, that its hardware address is {}", Link(*link));
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
        What::Advertised { router, told } => {
            advertised(sentence, *router, told, event.frame);
            for other in &group.alike {
                if let What::Advertised { router, told } = &other.what {
                    sentence.say(" ");
                    advertised(sentence, *router, told, other.frame);
                }
            }
        }
        What::Beaconed(told) => air::say_access_point(sentence, told, event.frame),
        What::Joined(joining) => air::say_joining(sentence, joining),
        What::LookedUp(lookup) => looked_up(sentence, names, clock, lookup, &group.alike),
        What::Held(held) => held::say(sentence, names, clock, held, &group.alike),
        What::Pinged(ping) => ping::say(sentence, names, clock, event, ping, &group.alike),
        What::Traced(trace) => traced(sentence, names, trace),
        What::Reported(report) => report::say(sentence, names, event, report, &group.alike),
        What::Fragmented(fragmented) => came_in_pieces(sentence, names, event, fragmented),
        What::Explained(note) => explained(sentence, note),
    }
}

/// Says what a router told everybody.
fn advertised(sentence: &mut Sentence<'_>, router: IpAddr, told: &Advertisement, frame: u64) {
    let names = sentence.names();
    let Advertisement { times, is_way_out, prefixes, mtu, name_servers, domains } = told;
    write!(sentence, "The router {} told everybody on its link of itself", Who(router, names));
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
        write!(sentence, ": packets there may have up to {}", Counted((*mtu).into(), "byte"));
    }
    sentence.say(".");
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
    let Resolution { asker, target, asked, last, answer, other, really, .. } = *resolution;
    match really {
        Some(really) => write!(sentence, "{really} asked on its link, as if it were {asker}, who has {target}"),
        None => write!(sentence, "{asker} asked on its link who has {target}"),
    }
    match answer {
        Some((link, frame)) => {
            say_times(sentence, asked);
            write!(sentence, ", and was told the hardware address {}", Link(link));
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

/// Says the first few, and how many more there are.
fn named<T: std::fmt::Display>(sentence: &mut Sentence<'_>, things: &[T], [one, several]: [&str; 2]) {
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

fn looked_up(sentence: &mut Sentence<'_>, names: &Names, clock: &Clock, lookup: &Exchanged<Lookup>, alike: &[&Event]) {
    let Exchanged { client, server, of, objection } = lookup;
    let mut frames: Vec<u64> = Vec::new();
    match &of.question {
        Some(question) => {
            frames.push(question.frame);
            write!(sentence, "{} asked {}", Who(client.address, names), whom(of.service, server, names));
            if of.operation == 0 {
                say_wanted(sentence, of);
            } else {
                sentence.say(" to change what it knows of ");
                say_name(sentence, &of.name);
            }
            if of.asked_again > 0 {
                write!(sentence, ", {},", Counted(u64::from(of.asked_again) + 1, "time"));
            }
        }
        None => {
            write!(
                sentence,
                "{} was told by {}, and the question is not in the capture,",
                Who(client.address, names),
                Who(server.address, names)
            );
            say_wanted(sentence, of);
        }
    }
    match &of.answer {
        None => not_answered(sentence, names, of.asked_again > 0, *objection, &mut frames),
        Some(answer) => {
            frames.push(answer.origin.frame);
            sentence.say(if of.question.is_some() { " and was told" } else { ":" });
            say_answer(sentence, of.kind, answer);
            if let Some(took) = of.took().filter(|_| clock.measures(frames.first().copied().unwrap_or_default(), answer.origin.frame)) {
                if of.asked_again > 0 {
                    write!(sentence, ", {} after the first question", Measured(took, clock));
                } else {
                    write!(sentence, ", after {}", Measured(took, clock));
                }
            }
        }
    }
    say_frames(sentence, &frames);
    sentence.say(".");
    if of.answer.as_ref().is_some_and(|answer| answer.truncated) {
        sentence.say(" The answer did not fit into a datagram and was cut");
        match of.repeated_in {
            Some(conversation) => write!(sentence, ": the same was asked again over TCP (conversation {conversation})."),
            None => sentence.say("."),
        }
    }
    let mut others: Vec<(String, Vec<IpAddr>)> = Vec::new();
    for event in alike {
        if let What::LookedUp(other) = &event.what {
            let mut name = Vec::new();
            escape::push_presented_cut(&mut name, &other.of.name, 60);
            let name = String::from_utf8_lossy(&name).into_owned();
            let place = others.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                others.push((name, Vec::new()));
                others.len() - 1
            });
            let Some((_, addresses)) = others.get_mut(place) else { continue };
            for address in other.of.answer.iter().flat_map(|answer| &answer.addresses) {
                if addresses.len() < NAMED && !addresses.contains(address) {
                    addresses.push(*address);
                }
            }
        }
    }
    match alike {
        [] => {}
        _ if is_about(of, alike) => {
            let mut kinds = vec![of.kind];
            let (mut again, mut more): (Vec<&Exchanged<Lookup>>, u64) = (Vec::new(), 0);
            for other in looked_up_alike(alike) {
                if !kinds.contains(&other.of.kind) && kinds.len() < NAMED {
                    asked_too(sentence, names, other, None);
                    kinds.push(other.of.kind);
                } else if again.len() < kinds.len() {
                    again.push(other);
                } else {
                    more += 1;
                }
            }
            if more == 0 {
                again.iter().for_each(|other| asked_too(sentence, names, other, Some(kinds.len() > 1)));
            } else {
                write!(sentence, " It asked the same {} more.", Counted(again.len() as u64 + more, "time"));
            }
        }
        _ => {
            write!(sentence, " {} went the same way, for ", Counted(alike.len() as u64, "more question"));
            let others: Vec<String> = others.into_iter().map(|(name, addresses)| name + &in_brackets(&addresses)).collect();
            named(sentence, &others, ["other name", "other names"]);
            sentence.say(".");
        }
    }
}

/// Says that no answer came, or who reported why.
fn not_answered(sentence: &mut Sentence<'_>, names: &Names, is_aside: bool, objection: Option<Objection>, frames: &mut Vec<u64>) {
    sentence.say(if is_aside { " and " } else { ", and " });
    match objection {
        Some(Objection { reporter, frame, .. }) => {
            frames.push(frame);
            write!(sentence, "got no answer but an ICMP error from {}", Who(reporter, names));
        }
        None => sentence.say("the capture shows no answer"),
    }
}

fn looked_up_alike<'a>(alike: &'a [&'a Event]) -> impl Iterator<Item = &'a Exchanged<Lookup>> {
    alike.iter().filter_map(|event| if let What::LookedUp(other) = &event.what { Some(&**other) } else { None })
}

/// Whether all of them ask about the same name.
fn is_about(lookup: &Lookup, alike: &[&Event]) -> bool {
    looked_up_alike(alike).all(|other| other.of.name == lookup.name && other.of.operation == 0)
}

/// Addresses behind a name: ` (10.0.0.1 and 10.0.0.2)`.
fn in_brackets(addresses: &[IpAddr]) -> String {
    match addresses {
        [] => String::new(),
        [rest @ .., last] if !rest.is_empty() => {
            let rest: Vec<String> = rest.iter().map(IpAddr::to_string).collect();
            format!(" ({} and {last})", rest.join(", "))
        }
        [only, ..] => format!(" ({only})"),
    }
}

/// Says what else was asked about the same name: its other address, mostly, or the same once more, where that may be one of several.
fn asked_too(sentence: &mut Sentence<'_>, names: &Names, other: &Exchanged<Lookup>, again: Option<bool>) {
    let lookup = &other.of;
    if again == Some(false) {
        sentence.say(" It asked the same again");
    } else {
        sentence.say(" It asked");
        say_wanted(sentence, lookup);
        sentence.say(if again.is_some() { " again" } else { " too" });
    }
    let mut frames: Vec<u64> =
        [lookup.question, lookup.answer.as_ref().map(|answer| answer.origin)].into_iter().flatten().map(|at| at.frame).collect();
    match &lookup.answer {
        Some(answer) => {
            sentence.say(" and was told");
            say_answer(sentence, lookup.kind, answer);
        }
        None => not_answered(sentence, names, false, other.objection, &mut frames),
    }
    say_frames(sentence, &frames);
    sentence.say(".");
}

fn whom(service: Service, server: &Endpoint, names: &Names) -> String {
    let who = Who(server.address, names);
    let mut text = Vec::new();
    let sentence = &mut Sentence::new(&mut text, names);
    match service {
        Service::Dns => write!(sentence, "the name server {who}"),
        Service::Multicast if server.address.is_multicast() => sentence.say("everybody on its link (multicast DNS)"),
        Service::LinkLocal if server.address.is_multicast() => sentence.say("everybody on its link (LLMNR)"),
        Service::NetBios => write!(sentence, "{who} (NetBIOS names)"),
        Service::Multicast | Service::LinkLocal => write!(sentence, "{who}"),
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn say_name(sentence: &mut Sentence<'_>, name: &[u8]) {
    let out = sentence.out();
    let before = out.len();
    if !escape::push_presented_cut(out, name, 100) {
        out.extend_from_slice(b"..");
    }
    if out.len() == before {
        out.push(b'.');
    }
}

fn say_wanted(sentence: &mut Sentence<'_>, lookup: &Lookup) {
    let is_netbios = lookup.service == Service::NetBios;
    match lookup.kind {
        ADDRESS if !is_netbios => sentence.say(" for the IPv4 address of "),
        252 if !is_netbios => sentence.say(" for all records of the zone "),
        255 if !is_netbios => sentence.say(" for all records of "),
        ADDRESS_6 if !is_netbios => sentence.say(" for the IPv6 address of "),
        12 if !is_netbios => sentence.say(" for the name behind "),
        15 if !is_netbios => sentence.say(" where mail goes for "),
        32 if is_netbios => sentence.say(" for the address of "),
        kind => match TYPES.iter().find(|(number, _)| *number == u64::from(kind)) {
            Some((_, name)) if !is_netbios => write!(sentence, " for the {name} record of "),
            Some(_) | None => write!(sentence, " for the record of type {kind} of "),
        },
    }
    say_name(sentence, &lookup.name);
}

fn say_answer(sentence: &mut Sentence<'_>, kind: u16, answer: &Answer) {
    match answer.code {
        0 => {}
        3 => return sentence.say(" that there is no such name"),
        code => {
            return match RESPONSE_CODES.iter().find(|(number, _)| *number == u64::from(code)) {
                Some((_, name)) => write!(sentence, " that it cannot be answered: {name}"),
                None => write!(sentence, " that it cannot be answered (code {code})"),
            };
        }
    }
    let mut items: Vec<String> = Vec::new();
    for name in &answer.names {
        let mut text = Vec::new();
        escape::push_presented_cut(&mut text, name, 80);
        items.push(String::from_utf8_lossy(&text).into_owned());
    }
    items.extend(answer.addresses.iter().map(IpAddr::to_string));
    items.dedup();
    if items.is_empty() && answer.others == 0 {
        return sentence.say(" that the name exists, but has none");
    }
    if items.is_empty() {
        return write!(sentence, " {}", Counted(answer.others.into(), "record"));
    }
    if matches!(kind, ADDRESS | ADDRESS_6) && answer.addresses.is_empty() && answer.others == 0 {
        sentence.say(" only that it is another name of ");
        return sentence.list(items.iter().take(NAMED));
    }
    sentence.say(" ");
    let more = items.len().saturating_sub(NAMED) as u64 + u64::from(answer.others);
    items.truncate(NAMED);
    if more == 0 {
        sentence.list(&items);
    } else {
        for item in &items {
            write!(sentence, "{item}, ");
        }
        write!(sentence, "and {}", Counted(more, "more record"));
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
