//! Notes on names: where an address came from, in words.

use crate::conversation::dns::Service;
use crate::dissect::application::dns::table::{RESPONSE_CODES, TYPES};
use crate::explain::{Learned, NameFacts};
use crate::render::sentence::{Counted, Grouped, Sentence, Shown, Took};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &NameFacts) {
    match facts {
        NameFacts::FromLookup(learned) => {
            let Learned { address, name, seconds, .. } = learned;
            write!(sentence, "{address} is from the look-up of {}, good for {seconds} s", Shown(name));
        }
        NameFacts::Expired(learned) => {
            let Learned { client, address, name, seconds, age, .. } = learned;
            let late = age.saturating_sub(i64::from(*seconds) * 1_000_000_000);
            write!(sentence, "{client} uses {address} {} too late: the look-up of {} ", Took(late), Shown(name));
            write!(sentence, "was good for {}", Counted((*seconds).into(), "second"));
        }
        NameFacts::NoSuchName(question) => {
            write!(sentence, "{} says that there is no name {} (NXDOMAIN)", question.server, Shown(&question.name));
        }
        NameFacts::NoRecord(question) => {
            write!(sentence, "{} exists, but has no ", Shown(&question.name));
            push_kind(sentence, question.kind);
            sentence.say(": the answer is empty");
        }
        NameFacts::Failed { question, code } => {
            write!(sentence, "{} ", question.server);
            push_code(sentence, *code, Shown(&question.name));
        }
        NameFacts::AskedAgain { question, before, waited } => {
            write!(sentence, "{} asks ", question.asker);
            match before {
                Some(before) => write!(sentence, "{} now, as {} had not answered", question.server, before),
                None => write!(sentence, "{} again, which had not answered", question.server),
            }
            write!(sentence, " within {}: {} for {}", Took(*waited), kind_word(question.kind), Shown(&question.name));
        }
        NameFacts::NoAnswer { question, times: 1, over, .. } => {
            write!(sentence, "{} asked {} for {} ", question.asker, question.server, Shown(&question.name));
            write!(sentence, "and got no answer in {}", Took(*over));
        }
        NameFacts::NoAnswer { question, servers, times, over } => {
            write!(sentence, "{} asked ", question.asker);
            sentence.list(servers);
            let in_all = if servers.len() > 1 { " in all" } else { "" };
            write!(sentence, " {}{in_all} in {} for {} and got no answer", Counted(*times, "time"), Took(*over), Shown(&question.name));
        }
        NameFacts::SearchDomain { asker, before, after, .. } => {
            let (before, after) = (Shown(before), Shown(after));
            match (before.0, after.0) {
                (_, []) => write!(sentence, "no such name: {asker} now asks without its search domain {before}"),
                _ => write!(sentence, "no such name: {asker} now adds its search domain {after}"),
            }
        }
        NameFacts::Race { name, first, delay, refused, second_won, .. } => {
            let (version, other) = if first.is_ipv6() { ("IPv6", "IPv4") } else { ("IPv4", "IPv6") };
            write!(sentence, "{} was tried over {version} first", Shown(name));
            sentence.say(if *refused { ", which refused, " } else { ", " });
            write!(sentence, "over {other} {} later: {} answered", Took(*delay), if *second_won { other } else { version });
        }
        NameFacts::Truncated { question, .. } => {
            write!(sentence, "the answer for {} does not fit into a datagram: ", Shown(&question.name));
            write!(sentence, "{} has to ask over TCP", question.asker);
        }
        NameFacts::Alias { names, addresses } => {
            let mut names = names.iter();
            if let Some(first) = names.next() {
                write!(sentence, "{}", Shown(first));
            }
            for (place, name) in names.enumerate() {
                write!(sentence, "{} an alias of {}", if place == 0 { " is" } else { ", which is" }, Shown(name));
            }
            if !addresses.is_empty() {
                sentence.say(", which has ");
                sentence.list(addresses);
            }
        }
        NameFacts::Reverse { asker, address, name } => {
            write!(sentence, "{asker} asks for the name of {address}, as {}", Shown(name));
        }
        NameFacts::Local { asker, service, name } => {
            let (whom, service) = match service {
                Service::Multicast => ("every host on its link", "multicast DNS"),
                Service::LinkLocal => ("every host on its link", "LLMNR"),
                Service::NetBios => ("its link", "the NetBIOS name service"),
                Service::Dns => ("a name server", "DNS"),
            };
            write!(sentence, "{asker} asks {whom} for {}, and no name server: this is {service}", Shown(name));
        }
        NameFacts::Slow { question, took } => {
            write!(sentence, "{} took {} to answer for {}", question.server, Took(*took), Shown(&question.name));
        }
    }
}

fn kind_word(kind: u16) -> &'static str {
    TYPES.iter().find(|(number, _)| *number == u64::from(kind)).map_or("a record", |(_, name)| name)
}

fn push_kind(sentence: &mut Sentence<'_>, kind: u16) {
    match kind {
        1 => sentence.say("IPv4 address (A)"),
        28 => sentence.say("IPv6 address (AAAA)"),
        _ => match TYPES.iter().find(|(number, _)| *number == u64::from(kind)) {
            Some((_, name)) => write!(sentence, "{name} record"),
            None => write!(sentence, "record of type {}", Grouped(kind.into())),
        },
    }
}

fn push_code(sentence: &mut Sentence<'_>, code: u8, name: Shown<'_>) {
    match code {
        1 => write!(sentence, "does not understand the question for {name} (FORMERR)"),
        2 => write!(sentence, "could not find out about {name} (SERVFAIL)"),
        4 => write!(sentence, "does not know how to answer the question for {name} (NOTIMP)"),
        5 => write!(sentence, "refuses to look up {name} (REFUSED)"),
        _ => match RESPONSE_CODES.iter().find(|(number, _)| *number == u64::from(code)) {
            Some((_, word)) => write!(sentence, "answers the question for {name} with the error \"{word}\""),
            None => write!(sentence, "answers the question for {name} with the error {code}"),
        },
    }
}
