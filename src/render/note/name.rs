//! Notes on names: where an address came from, in words.

use crate::conversation::dns::Service;
use crate::dissect::application::dns::table::{RESPONSE_CODES, TYPES};
use crate::explain::{Learned, NameFacts};
use crate::render::sentence::{Counted, Grouped, Sentence, Shown, Took};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &NameFacts) {
    match facts {
        NameFacts::FromLookup(learned) => {
            push_learned(sentence, learned);
            write!(sentence, ", good for {} (TTL)", Counted(learned.seconds.into(), "second"));
        }
        NameFacts::Expired(learned) => {
            push_learned(sentence, learned);
            let late = learned.age.saturating_sub(i64::from(learned.seconds) * 1_000_000_000);
            write!(sentence, ", good for {} (TTL): it is used {} too late", Counted(learned.seconds.into(), "second"), Took(late));
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
                Some(before) => write!(sentence, "{} now, for {} had not answered", question.server, before),
                None => write!(sentence, "{} again, which had not answered", question.server),
            }
            write!(sentence, " within {}: {} for {}", Took(*waited), kind_word(question.kind), Shown(&question.name));
        }
        NameFacts::NoAnswer { question, servers, times, over } => {
            write!(sentence, "{} asked ", question.asker);
            sentence.list(servers);
            write!(sentence, " {} in {} for {} and got no answer", Counted(*times, "time"), Took(*over), Shown(&question.name));
        }
        NameFacts::SearchDomain { asker, failed, name, before, after } => {
            let (name, failed, before, after) = (Shown(name), Shown(failed), Shown(before), Shown(after));
            write!(sentence, "{failed} does not exist: {asker} ");
            match (before.0, after.0) {
                ([], _) => write!(sentence, "now adds its search domain {after}, and asks for {name}"),
                (_, []) => write!(sentence, "had added its search domain {before}, and now asks for {name} alone"),
                _ => write!(sentence, "tries its search domain {after} after {before}, and asks for {name}"),
            }
        }
        NameFacts::Race { name, first, second, delay, refused, second_won } => {
            let (version, other) = if first.is_ipv6() { ("IPv6", "IPv4") } else { ("IPv4", "IPv6") };
            write!(sentence, "{} has addresses of both kinds: {version} was tried first ({first})", Shown(name));
            if *refused {
                write!(sentence, " and refused, {other} {} after it ({second})", Took(*delay));
            } else {
                write!(sentence, ", and {other} when no answer had come for {} ({second})", Took(*delay));
            }
            write!(sentence, "; {} answered", if *second_won { other } else { version });
        }
        NameFacts::Truncated { question, length } => {
            write!(
                sentence,
                "the answer for {} does not fit into a datagram ({} came): {} has to ask again over TCP",
                Shown(&question.name),
                Counted(*length, "byte"),
                question.asker
            );
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
            write!(sentence, "{asker} asks which name {address} has: it reverses the address, and asks for {}", Shown(name));
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

fn push_learned(sentence: &mut Sentence<'_>, learned: &Learned) {
    let Learned { client, address, server, name, shared, age, .. } = learned;
    write!(sentence, "{client} has {address} from a look-up: {server} gave it for {}", Shown(name));
    if *shared {
        sentence.say(" (and for other names before)");
    }
    write!(sentence, " {} ago", Took(*age));
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
