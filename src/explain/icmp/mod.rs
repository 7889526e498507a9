//! Lessons on ICMP: what routers and hosts report.

mod echo;
mod error;

use super::scene::{Ending, Lessons};
use super::{Fact, Note, Notes, Rule, Scene, Stated, Surroundings, Tell};
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use echo::Echoes;
pub(super) use error::IcmpError;
pub use error::Quoted;
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::net::IpAddr;

/// No router on the way knows one that is nearer.
static NO_ROUTE: Rule = Rule::problem("icmp.no-route", "RFC 792, RFC 1812 5.2.7.1, RFC 4443 3.1");
/// The last router does not find the host.
static NO_HOST: Rule = Rule::problem("icmp.no-host", "RFC 792, RFC 1812 5.2.7.1, RFC 4443 3.1");
/// A firewall forbids it.
static PROHIBITED: Rule = Rule::problem("icmp.prohibited", "RFC 1812 5.2.7.1, RFC 4443 3.1");
/// The host does not speak the protocol.
static NO_PROTOCOL: Rule = Rule::problem("icmp.no-protocol", "RFC 792, RFC 1122 3.2.2.1, RFC 4443 3.4");
/// Nobody listens at the port that was asked.
static PORT_CLOSED: Rule = Rule::warning("icmp.port-closed", "RFC 1122 3.2.2.1, RFC 4443 3.1");
/// Another machine says that a port cannot be reached.
static PORT_FILTERED: Rule = Rule::warning("icmp.port-filtered", "RFC 1122 3.2.2.1, RFC 1812 5.2.7.1, RFC 4443 3.1");
/// Who had asked no longer waits for the answer.
static PORT_LEFT: Rule = Rule::information("icmp.port-left", "RFC 1122 3.2.2.1, RFC 4443 3.1");
/// A probe of traceroute arrived.
static PORT_PROBED: Rule = Rule::information("icmp.port-probed", "RFC 1122 3.2.2.1, RFC 2151 3.4");
/// Another reason why a packet was not delivered.
static NOT_DELIVERED: Rule = Rule::warning("icmp.not-delivered", "RFC 792, RFC 1812 5.2.7.1, RFC 4443 3.1");
/// Fragments were thrown away, as others did not come.
static REASSEMBLY: Rule = Rule::warning("icmp.reassembly-timeout", "RFC 1122 3.3.2, RFC 8200 4.5");
/// A header makes no sense to who got it.
static PARAMETER: Rule = Rule::warning("icmp.parameter-problem", "RFC 792, RFC 4443 3.4");
/// Somebody asks to send less.
static QUENCH: Rule = Rule::information("icmp.source-quench", "RFC 6633");
/// An error about a packet that is not in the capture.
static ABOUT_UNSEEN: Rule = Rule::information("icmp.about-unseen", "RFC 1122 3.2.2, RFC 4443 2.4");
/// An echo is answered.
static ECHO: Rule = Rule::lesson("icmp.echo", "RFC 792, RFC 4443 4");
/// Some echoes are not answered.
static UNANSWERED: Rule = Rule::information("icmp.echo-unanswered", "RFC 1122 3.2.2.6, RFC 4443 4.2");
/// None of several echoes is answered.
static SILENT: Rule = Rule::warning("icmp.echo-silent", "RFC 1122 3.2.2.6, RFC 4443 4.2");
/// A message that is no error.
static MESSAGE: Rule = Rule::information("icmp.message", "RFC 792, RFC 4443 2.1");

/// The rules.
pub(super) static RULES: &[&Rule] = &[
    &NO_ROUTE,
    &NO_HOST,
    &PROHIBITED,
    &NO_PROTOCOL,
    &PORT_CLOSED,
    &PORT_FILTERED,
    &PORT_LEFT,
    &PORT_PROBED,
    &NOT_DELIVERED,
    &REASSEMBLY,
    &PARAMETER,
    &QUENCH,
    &ABOUT_UNSEEN,
    &ECHO,
    &UNANSWERED,
    &SILENT,
    &MESSAGE,
];

/// Below which time to live a packet was meant to die on its way.
pub(super) const PROBE_HOP_LIMIT: u8 = 32;
/// The ports that traceroute sends to, as no program listens there (RFC 2151 section 3.4): the first, and one past the last that it comes to.
pub(super) const PROBE_PORTS: std::ops::Range<u16> = 33_434..33_690;

/// What an ICMP error reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// No router on the way knows one that is nearer to the destination.
    NoRoute,
    /// The last router does not find the host.
    NoHost,
    /// A firewall forbids it.
    Prohibited,
    /// The host does not speak the protocol.
    NoProtocol,
    /// Nobody listens at the port that was asked.
    PortClosed,
    /// Another machine than the one that was asked says so: a firewall, mostly.
    PortFiltered,
    /// Who had asked no longer waits for the answer.
    PortLeft,
    /// A probe of traceroute arrived.
    PortProbed,
    /// Another reason why a packet was not delivered.
    NotDelivered,
    /// Fragments were thrown away, as others did not come.
    ReassemblyTimeout,
    /// A header makes no sense to who got it.
    ParameterProblem,
    /// Somebody asks to send less.
    SourceQuench,
    /// Something about a packet that is not in the capture.
    AboutUnseen,
}

/// What a note on ICMP states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IcmpFacts {
    /// An error.
    Error {
        /// What it reports.
        report: Report,
        /// Its type and its code.
        kind: (u8, u8),
        /// Who reports it.
        reporter: IpAddr,
        /// The packet that it is about.
        quoted: Quoted,
        /// Which byte of the packet is wrong, where it says so.
        pointer: Option<u32>,
    },
    /// An echo is answered.
    Echo {
        /// Who asked.
        asker: IpAddr,
        /// Who answered.
        host: IpAddr,
        /// Nanoseconds from the question to the answer, where the capture was made.
        took: Option<i64>,
    },
    /// Of the echoes to a host some, or all, are not answered.
    Unanswered {
        /// Who asked.
        asker: IpAddr,
        /// Who did not answer.
        host: IpAddr,
        /// How many were sent.
        sent: u64,
        /// How many were answered.
        answered: u64,
        /// Whether something else came from the host.
        is_heard: bool,
        /// The largest packet that the host answered and the smallest that it did not, in bytes, where nothing as large was answered.
        sizes: Option<[u32; 2]>,
        /// Whether no router lies between the two: both sides' echoes came with what systems begin with in the time to live.
        is_on_link: bool,
    },
    /// A message that is no error.
    Message {
        /// Its type and its code.
        kind: (u8, u8),
        /// Who sent it.
        sender: IpAddr,
        /// For whom it is.
        receiver: IpAddr,
    },
}

impl Report {
    fn rule(self) -> &'static Rule {
        match self {
            Self::NoRoute => &NO_ROUTE,
            Self::NoHost => &NO_HOST,
            Self::Prohibited => &PROHIBITED,
            Self::NoProtocol => &NO_PROTOCOL,
            Self::PortClosed => &PORT_CLOSED,
            Self::PortFiltered => &PORT_FILTERED,
            Self::PortLeft => &PORT_LEFT,
            Self::PortProbed => &PORT_PROBED,
            Self::NotDelivered => &NOT_DELIVERED,
            Self::ReassemblyTimeout => &REASSEMBLY,
            Self::ParameterProblem => &PARAMETER,
            Self::SourceQuench => &QUENCH,
            Self::AboutUnseen => &ABOUT_UNSEEN,
        }
    }

    /// What an error reports; `None` where another subject tells of it.
    fn of(error: &IcmpError) -> Option<Self> {
        if error.is_expired() || error.fitting().is_some() {
            return None;
        }
        let is_probe = error.seen_hop_limit.is_some_and(|limit| limit < PROBE_HOP_LIMIT)
            || error.quoted.protocol == 17 && error.quoted.ports.is_some_and(|[_, port]| PROBE_PORTS.contains(&port));
        // A closed port of TCP resets; where ICMP comes instead, or another machine says it, it is a firewall, or another address of the host.
        let is_filtered = error.quoted.protocol == 6 || error.reporter != error.quoted.destination;
        let report = match (error.is_ipv6(), error.kind) {
            (false, (3, 0 | 6 | 11)) | (true, (1, 0)) => Self::NoRoute,
            (false, (3, 1 | 7 | 12)) | (true, (1, 3)) => Self::NoHost,
            (false, (3, 9 | 10 | 13)) | (true, (1, 1 | 5 | 6)) => Self::Prohibited,
            (false, (3, 2)) | (true, (4, 1)) => Self::NoProtocol,
            (false, (3, 3)) | (true, (1, 4)) if is_probe => Self::PortProbed,
            (false, (3, 3)) | (true, (1, 4)) if error.was_answered || error.quoted.is_answer => Self::PortLeft,
            (false, (3, 3)) | (true, (1, 4)) if is_filtered => Self::PortFiltered,
            (false, (3, 3)) | (true, (1, 4)) => Self::PortClosed,
            (false, (3, _)) | (true, (1, _)) => Self::NotDelivered,
            (false, (4, _)) => Self::SourceQuench,
            (false, (11, 1)) | (true, (3, 1)) => Self::ReassemblyTimeout,
            (false, (12, _)) | (true, (4, _)) => Self::ParameterProblem,
            (false | true, _) => return None,
        };
        Some(if error.about.is_some() || report == Self::PortProbed { report } else { Self::AboutUnseen })
    }
}

impl Stated for IcmpFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Error { report, .. } => report.rule(),
            Self::Echo { .. } => &ECHO,
            Self::Unanswered { answered: 0, sent: echo::SEVERAL.., .. } | Self::Unanswered { answered: 0, sizes: Some(_), .. } => &SILENT,
            Self::Unanswered { .. } => &UNANSWERED,
            Self::Message { .. } => &MESSAGE,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Error { kind: (kind, code), reporter, quoted, pointer, .. } => {
                tell("type", Fact::Number((*kind).into()));
                tell("code", Fact::Number((*code).into()));
                tell("reporter", Fact::Address(*reporter));
                quoted.members(tell);
                if let Some(pointer) = pointer {
                    tell("pointer", Fact::Number((*pointer).into()));
                }
            }
            Self::Echo { asker, host, took } => {
                tell("asker", Fact::Address(*asker));
                tell("host", Fact::Address(*host));
                if let Some(took) = took {
                    tell("took", Fact::Took(*took));
                }
            }
            Self::Unanswered { asker, host, sent, answered, is_heard, sizes, is_on_link } => {
                tell("asker", Fact::Address(*asker));
                tell("host", Fact::Address(*host));
                tell("sent", Fact::Number(*sent));
                tell("answered", Fact::Number(*answered));
                if *is_heard {
                    tell("heard", Fact::Flag(true));
                }
                if let Some([fits, fails]) = sizes {
                    tell("answered_up_to", Fact::Number((*fits).into()));
                    tell("unanswered_from", Fact::Number((*fails).into()));
                    if *is_on_link {
                        tell("on_link", Fact::Flag(true));
                    }
                }
            }
            Self::Message { kind: (kind, code), sender, receiver } => {
                tell("type", Fact::Number((*kind).into()));
                tell("code", Fact::Number((*code).into()));
                tell("sender", Fact::Address(*sender));
                tell("receiver", Fact::Address(*receiver));
            }
        }
    }
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct IcmpWatch {
    echoes: Echoes,
    /// The addresses that a frame for all of its link was sent to.
    for_all: HashSet<IpAddr, RandomState>,
    forgotten: NoRoom,
}

impl Lessons for IcmpWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count() + self.echoes.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        if known.is_usual() {
            return;
        }
        let (_, dissection) = scene.own();
        let is_for_all = known.passage().and_then(|passage| passage.destination).is_some_and(|card| card[0] & 1 == 1);
        if let Some(network) = dissection.network().filter(|_| is_for_all)
            && self.forgotten.room(self.for_all.len() < Limits::GROUP_ADDRESSES || self.for_all.contains(&network.destination))
        {
            self.for_all.insert(network.destination);
        }
        let Some(network) = dissection.network().filter(|network| matches!(network.protocol, 1 | 58)) else { return };
        if dissection.networks.last().is_some_and(|last| last.quoted) {
            if let Some(error) = IcmpError::of(scene).filter(|error| !is_welcome(error, scene, known) && !self.is_of_a_group(error)) {
                tell_error(&error, scene, notes);
            }
            return;
        }
        let (bytes, dissection) = scene.whole();
        let layer = dissection.layers.iter().rev().find(|layer| matches!(layer.protocol.name, "icmp" | "icmpv6"));
        let Some(&[kind, code, _, _, ref rest @ ..]) = layer.and_then(|layer| bytes.get(layer.start..layer.end)) else { return };
        let is_ipv4 = network.source.is_ipv4();
        match (is_ipv4, kind) {
            (true, 0 | 8) | (false, 128 | 129) => {
                let number = rest.get(2..4).and_then(|number| number.first_chunk().copied()).map_or(0, u16::from_be_bytes);
                self.echoes.take(scene, network, matches!(kind, 8 | 128), number, notes);
            }
            // Redirects, neighbours and groups are other subjects'; so are errors, of which this one quotes nothing.
            (true, 3..=5 | 11 | 12) | (false, 0..=127 | 130..=137 | 143) => {}
            _ => {
                notes.say(&MESSAGE, (is_ipv4, kind, code), || {
                    let facts = IcmpFacts::Message { kind: (kind, code), sender: network.source, receiver: network.destination };
                    scene.note(Note::seen(facts, &[scene.number()]))
                });
            }
        }
    }

    fn finish(&mut self, ending: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        self.echoes.finish(ending, notes);
    }
}

impl IcmpWatch {
    /// Whether it refuses the port of a datagram for many. Nobody may (RFC 1122 section 3.2.2), and it tells of one host's port at most.
    fn is_of_a_group(&self, error: &IcmpError) -> bool {
        let to = error.quoted.destination;
        let is_port = error.kind == if error.is_ipv6() { (1, 4) } else { (3, 3) };
        is_port && (to.is_multicast() || echo::is_broadcast(to) || self.for_all.contains(&to))
    }
}

/// Whether it says what a DHCP server hopes for, which looks whether somebody has an address before it gives it away (RFC 2131 section 3.1).
fn is_welcome(error: &IcmpError, scene: &Scene<'_>, known: &Surroundings) -> bool {
    error.quoted.protocol == 1
        && Report::of(error) == Some(Report::NoHost)
        && scene.time().is_some_and(|time| known.gives_addresses_at(time))
}

fn tell_error(error: &IcmpError, scene: &Scene<'_>, notes: &mut Notes) {
    let Some(report) = Report::of(error) else { return };
    let quoted = error.quoted;
    // That a port is refused is said once, however many conversations went there.
    let is_port = matches!(report, Report::PortClosed | Report::PortFiltered);
    let conversation = error.about.filter(|_| !is_port);
    let about = (error.reporter, error.kind, conversation, quoted.source, quoted.destination, quoted.protocol);
    let port = quoted.ports.filter(|_| is_port).map(|[_, port]| port);
    let unseen = ((report == Report::AboutUnseen).then_some(quoted.ports), port);
    notes.say(report.rule(), (about, unseen), || {
        let pointer = (report == Report::ParameterProblem).then_some(if error.is_ipv6() { error.word } else { error.word >> 24 });
        let facts = IcmpFacts::Error { report, kind: error.kind, reporter: error.reporter, quoted, pointer };
        let note = Note::seen(facts, &[scene.number()]);
        Note { conversation: error.about.map(|(conversation, _)| conversation), ..note }
    });
}
