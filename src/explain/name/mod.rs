//! Lessons on names: where an address came from, how long it may be kept, and what became of questions.

mod asked;
mod awaited;
mod learned;
mod race;
mod silent;
mod watch;

pub(super) use watch::NameWatch;

use super::{Fact, Rule, Stated, Tell};
use crate::conversation::dns::Service;
use std::net::IpAddr;

/// A conversation goes to an address that an answer gave.
static FROM_LOOKUP: Rule = Rule::lesson("name.from-lookup", "RFC 1034 5.1, RFC 1035 3.2.1");
/// An address is used after its time to live.
static EXPIRED: Rule = Rule::information("name.expired", "RFC 1035 3.2.1, RFC 2181 8");
/// There is no such name.
static NO_SUCH_NAME: Rule = Rule::information("name.no-such-name", "RFC 1035 4.1.1, RFC 2308 2.1");
/// The name has no record of the type that was asked for.
static NO_RECORD: Rule = Rule::information("name.no-record", "RFC 2308 2.2");
/// A name server did not answer the question.
static FAILED: Rule = Rule::warning("name.server-failed", "RFC 1035 4.1.1");
/// A question was repeated.
static ASKED_AGAIN: Rule = Rule::information("name.asked-again", "RFC 1035 4.2.1, RFC 1034 5.3.1");
/// Nobody answered.
static NO_ANSWER: Rule = Rule::warning("name.no-answer", "RFC 1035 4.2.1, RFC 1034 5.3.1");
/// The same with or without a search domain.
static SEARCH_DOMAIN: Rule = Rule::information("name.search-domain", "RFC 1034 3.1, RFC 1123 6.1.4.3, RFC 1535");
/// IPv6 and IPv4 were tried, one behind the other.
static RACE: Rule = Rule::information("name.ipv6-first", "RFC 8305 5");
/// The answer does not fit.
static TRUNCATED: Rule = Rule::information("name.truncated", "RFC 1035 4.2.1, 4.2.2, RFC 6891 6.2.3, RFC 7766 5");
/// The name is an alias.
static ALIAS: Rule = Rule::lesson("name.alias", "RFC 1034 3.6.2");
/// An address is asked for its name.
static REVERSE: Rule = Rule::lesson("name.reverse", "RFC 1035 3.5, RFC 3596 2.5");
/// The hosts of the link are asked, and no name server.
static LOCAL: Rule = Rule::information("name.local", "RFC 6762 3, RFC 4795 2, RFC 1002 4.2");
/// An answer took long.
static SLOW: Rule = Rule::information("name.slow", "RFC 1034 5.3.3");

/// The rules.
pub(super) static RULES: &[&Rule] = &[
    &FROM_LOOKUP,
    &EXPIRED,
    &NO_SUCH_NAME,
    &NO_RECORD,
    &FAILED,
    &ASKED_AGAIN,
    &NO_ANSWER,
    &SEARCH_DOMAIN,
    &RACE,
    &TRUNCATED,
    &ALIAS,
    &REVERSE,
    &LOCAL,
    &SLOW,
];

/// A question: who asks whom for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who asks.
    pub asker: IpAddr,
    /// Who is asked.
    pub server: IpAddr,
    /// The name, in the written form of DNS.
    pub name: Box<[u8]>,
    /// The type of record (IANA, DNS parameters).
    pub kind: u16,
}

/// Where an address came from, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// Who goes to the address.
    pub client: IpAddr,
    /// The address.
    pub address: IpAddr,
    /// The name server that gave it.
    pub server: IpAddr,
    /// The name that was asked for.
    pub name: Box<[u8]>,
    /// Whether another name was answered with the same address.
    pub shared: bool,
    /// How many seconds it may be kept: the least of the address and of the aliases on the way to it.
    pub seconds: u32,
    /// Nanoseconds from the answer to its use.
    pub age: i64,
}

/// What a note on names states.
#[derive(Clone, Debug, PartialEq)]
pub enum NameFacts {
    /// A conversation goes to an address that an answer gave.
    FromLookup(Learned),
    /// The same, when the address could be kept no longer.
    Expired(Learned),
    /// There is no such name.
    NoSuchName(Question),
    /// The name has no record of that type.
    NoRecord(Question),
    /// The server answers that it cannot or will not.
    Failed {
        /// The question.
        question: Question,
        /// Why (IANA, DNS response codes).
        code: u8,
    },
    /// No answer came, and the same was asked again.
    AskedAgain {
        /// The question, with the server that is asked now.
        question: Question,
        /// The server that was asked before, where it is another.
        before: Option<IpAddr>,
        /// Nanoseconds that were waited.
        waited: i64,
    },
    /// No answer came at all.
    NoAnswer {
        /// The question, with the server that was asked first.
        question: Question,
        /// Everybody who was asked.
        servers: Vec<IpAddr>,
        /// How often.
        times: u64,
        /// Nanoseconds from the first question to the last.
        over: i64,
    },
    /// A name does not exist, and is asked for with another search domain behind it, or without one.
    SearchDomain {
        /// Who asks.
        asker: IpAddr,
        /// The name that does not exist.
        failed: Box<[u8]>,
        /// The name that is asked for now.
        name: Box<[u8]>,
        /// The domain that is behind it no more; empty where none was.
        before: Box<[u8]>,
        /// The domain that is behind it now; empty where none is.
        after: Box<[u8]>,
    },
    /// A host with both addresses of a name tried one and, soon, the other.
    Race {
        /// The name.
        name: Box<[u8]>,
        /// The address that was tried first.
        first: IpAddr,
        /// The other.
        second: IpAddr,
        /// Nanoseconds between them.
        delay: i64,
        /// Whether the first was refused.
        refused: bool,
        /// Whether the second answered, and not the first.
        second_won: bool,
    },
    /// The answer did not fit into a datagram.
    Truncated {
        /// The question.
        question: Question,
        /// Bytes that came.
        length: u64,
    },
    /// The name is an alias of others.
    Alias {
        /// The names: first the one that was asked for, last the one that has the records.
        names: Vec<Box<[u8]>>,
        /// The addresses that it has.
        addresses: Vec<IpAddr>,
    },
    /// An address is asked for its name.
    Reverse {
        /// Who asks.
        asker: IpAddr,
        /// The address.
        address: IpAddr,
        /// The name that stands for it.
        name: Box<[u8]>,
    },
    /// The hosts of the link are asked for a name.
    Local {
        /// Who asks.
        asker: IpAddr,
        /// In which way.
        service: Service,
        /// The name.
        name: Box<[u8]>,
    },
    /// The answer took long.
    Slow {
        /// The question.
        question: Question,
        /// Nanoseconds.
        took: i64,
    },
}

impl Stated for NameFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::FromLookup(_) => &FROM_LOOKUP,
            Self::Expired(_) => &EXPIRED,
            Self::NoSuchName(_) => &NO_SUCH_NAME,
            Self::NoRecord(_) => &NO_RECORD,
            Self::Failed { .. } => &FAILED,
            Self::AskedAgain { .. } => &ASKED_AGAIN,
            Self::NoAnswer { .. } => &NO_ANSWER,
            Self::SearchDomain { .. } => &SEARCH_DOMAIN,
            Self::Race { .. } => &RACE,
            Self::Truncated { .. } => &TRUNCATED,
            Self::Alias { .. } => &ALIAS,
            Self::Reverse { .. } => &REVERSE,
            Self::Local { .. } => &LOCAL,
            Self::Slow { .. } => &SLOW,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::FromLookup(learned) | Self::Expired(learned) => {
                tell("client", Fact::Address(learned.client));
                tell("address", Fact::Address(learned.address));
                tell("server", Fact::Address(learned.server));
                tell("name", Fact::Text(&learned.name));
                tell("shared", Fact::Flag(learned.shared));
                tell("ttl_seconds", Fact::Number(learned.seconds.into()));
                tell("age_ms", Fact::Took(learned.age));
            }
            Self::NoSuchName(question) | Self::NoRecord(question) => tell_question(tell, question),
            Self::Failed { question, code } => {
                tell_question(tell, question);
                tell("code", Fact::Number((*code).into()));
            }
            Self::AskedAgain { question, before, waited } => {
                tell_question(tell, question);
                if let Some(before) = before {
                    tell("before", Fact::Address(*before));
                }
                tell("waited_ms", Fact::Took(*waited));
            }
            Self::NoAnswer { question, servers, times, over } => {
                tell_question(tell, question);
                tell("servers", Fact::Addresses(servers));
                tell("times", Fact::Number(*times));
                tell("over_ms", Fact::Took(*over));
            }
            Self::SearchDomain { asker, failed, name, before, after } => {
                tell("asker", Fact::Address(*asker));
                tell("failed", Fact::Text(failed));
                tell("name", Fact::Text(name));
                tell("before", Fact::Text(before));
                tell("after", Fact::Text(after));
            }
            Self::Race { name, first, second, delay, refused, second_won } => {
                tell("name", Fact::Text(name));
                tell("first", Fact::Address(*first));
                tell("second", Fact::Address(*second));
                tell("delay_ms", Fact::Took(*delay));
                tell("refused", Fact::Flag(*refused));
                tell("second_won", Fact::Flag(*second_won));
            }
            Self::Truncated { question, length } => {
                tell_question(tell, question);
                tell("length", Fact::Number(*length));
            }
            Self::Alias { names, addresses } => {
                tell("names", Fact::Texts(names));
                tell("addresses", Fact::Addresses(addresses));
            }
            Self::Reverse { asker, address, name } => {
                tell("asker", Fact::Address(*asker));
                tell("address", Fact::Address(*address));
                tell("name", Fact::Text(name));
            }
            Self::Local { asker, service, name } => {
                tell("asker", Fact::Address(*asker));
                tell("service", Fact::Word(service_word(*service)));
                tell("name", Fact::Text(name));
            }
            Self::Slow { question, took } => {
                tell_question(tell, question);
                tell("took_ms", Fact::Took(*took));
            }
        }
    }
}

fn tell_question(tell: &mut Tell<'_>, question: &Question) {
    tell("asker", Fact::Address(question.asker));
    tell("server", Fact::Address(question.server));
    tell("name", Fact::Text(&question.name));
    tell("type", Fact::Number(question.kind.into()));
}

fn service_word(service: Service) -> &'static str {
    match service {
        Service::Dns => "dns",
        Service::Multicast => "mdns",
        Service::LinkLocal => "llmnr",
        Service::NetBios => "netbios",
    }
}
