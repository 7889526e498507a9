//! Look-ups of names, in words.

use super::event::{NAMED, named};
use super::words::{Measured, Who, say_frames};
use crate::conversation::dns::{Answer, Lookup, Service};
use crate::conversation::{Endpoint, Names};
use crate::dissect::application::dns::table::{RESPONSE_CODES, TYPES};
use crate::explain::story::{Clock, Event, Exchanged, Objection, What};
use crate::render::escape;
use crate::render::sentence::{Counted, Sentence};
use std::net::IpAddr;

/// The types of the records of addresses (RFC 1035 section 3.2.2, RFC 3596 section 2.1).
const ADDRESS: u16 = 1;
const ADDRESS_6: u16 = 28;

/// Says who asked whom for a name, what came of it, and what else was asked.
pub(super) fn say(sentence: &mut Sentence<'_>, names: &Names, clock: &Clock, lookup: &Exchanged<Lookup>, alike: &[&Event]) {
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
            write!(sentence, "{} was told by {}, ", Who(client.address, names), Who(server.address, names));
            match of.instead_of {
                Some((asked, frame)) => {
                    frames.push(frame);
                    write!(sentence, "which it had not asked, but {},", Who(asked, names));
                }
                None => sentence.say("and the question is not in the capture,"),
            }
            say_wanted(sentence, of);
        }
    }
    match &of.answer {
        None => not_answered(sentence, names, of.asked_again > 0, *objection, &mut frames),
        Some(answer) => {
            frames.push(answer.origin.frame);
            sentence.say(if of.question.is_some() { " and was told" } else { ":" });
            say_answer(sentence, of, answer);
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
    if let Some(Answer { contradicted: Some((frame, addresses)), .. }) = of.answer.as_deref() {
        sentence.say(" Another answer to the same question says otherwise: ");
        sentence.list(addresses);
        write!(sentence, " (frame {frame}). Who asked takes the first; one of the two may be made up.");
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
        _ if of.question.is_none() => write!(sentence, " {} came the same way.", Counted(alike.len() as u64, "more answer")),
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
            say_answer(sentence, lookup, answer);
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

fn say_answer(sentence: &mut Sentence<'_>, lookup: &Lookup, answer: &Answer) {
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
        return sentence.say(match (lookup.operation, answer.denies) {
            (0, true) => " that the name exists, but has none",
            (0, false) => " nothing of it",
            _ => " that it is well",
        });
    }
    if items.is_empty() {
        return write!(sentence, " {}", Counted(answer.others.into(), "record"));
    }
    if matches!(lookup.kind, ADDRESS | ADDRESS_6) && answer.addresses.is_empty() && answer.others == 0 {
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
