//! What is wrong, most serious first, with what follows from it under it.

use super::{Event, Story, What};
use crate::conversation::{Conversation, Kind, Side, State};
use crate::explain::{Facts, HandshakeFacts, IcmpFacts, LossFacts, MtuFacts, Note, Quoted, Report, RouteFacts, SubnetFacts};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;

/// The numbers of TCP and UDP among IP protocols (IANA, protocol numbers).
const TCP: u8 = 6;
const UDP: u8 = 17;

/// Something that is wrong.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// What.
    pub note: Note,
    /// What follows from it, or is part of it.
    pub effects: Vec<Note>,
    /// The same of the same two hosts at other ports.
    pub at_other_ports: Vec<Note>,
    /// At how many more places of the same stream it is so.
    pub more_places: u64,
}

impl Wrong {
    fn new(note: Note) -> Self {
        Self { note, effects: Vec::new(), at_other_ports: Vec::new(), more_places: 0 }
    }

    /// All of it, the cause first.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        std::iter::once(&self.note).chain(&self.effects).chain(&self.at_other_ports)
    }

    /// The other ports at which it is so, in ascending order.
    #[must_use]
    pub fn other_ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.at_other_ports.iter().filter_map(tried).map(|tried| tried.port).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

impl Story {
    /// The scans of ports and of hosts, and the floods of calls: many tries that are one event.
    #[must_use]
    pub fn scans(&self) -> Vec<&Note> {
        let is_scan = |note: &&Note| {
            matches!(
                note.facts,
                Facts::Handshake(HandshakeFacts::PortScan { .. } | HandshakeFacts::HostScan { .. } | HandshakeFacts::SynFlood { .. })
            )
        };
        self.wrong.iter().map(|wrong| &wrong.note).filter(is_scan).take(Limits::STORY_CAUSES).collect()
    }
}

/// Whether an event is a try of a scan that came to nothing, or what was reported of such tries.
pub(super) fn is_of_scan(event: &Event, scan: &Note) -> bool {
    let Facts::Handshake(facts) = &scan.facts else { return false };
    match &event.what {
        What::Held(held) => {
            let [caller, called] = held.conversation.ends;
            let tried = if let HandshakeFacts::PortScan { client, server, is_udp, is_odd, .. } = facts {
                let kind = if *is_udp { Kind::Udp } else { Kind::Tcp };
                (*client, *server, kind, *is_odd)
                    == (caller.address, called.address, held.conversation.kind, held.conversation.begins_oddly())
            } else if let HandshakeFacts::HostScan { client, network, port, .. } = facts {
                *client == caller.address
                    && *port == called.port
                    && network.contains(&called.address)
                    && held.conversation.kind == Kind::Tcp
            } else if let HandshakeFacts::SynFlood { server, .. } = facts {
                (server.ip(), server.port()) == (called.address, called.port) && held.conversation.kind == Kind::Tcp
            } else {
                false
            };
            tried && came_to_nothing(&held.conversation)
        }
        What::Resolved(asked) => {
            let HandshakeFacts::HostScan { client, network, .. } = facts else { return false };
            asked.answer.is_none() && *client == asked.asker && network.contains(&asked.target)
        }
        What::Reported(report) => {
            if let HandshakeFacts::PortScan { client, server, is_udp, .. } = facts {
                (*client, *server, !*is_udp) == (report.source, report.destination, report.is_tcp)
            } else if let HandshakeFacts::HostScan { client, network, .. } = facts {
                *client == report.source && network.contains(&report.destination) && report.is_tcp
            } else {
                false
            }
        }
        What::Announced(_)
        | What::Probed(_)
        | What::Leased(_)
        | What::Leased6(_)
        | What::Advertised { .. }
        | What::Beaconed(_)
        | What::Joined(_)
        | What::LookedUp(_)
        | What::Pinged(_)
        | What::Traced(_)
        | What::Fragmented(_)
        | What::Explained(_) => false,
    }
}

/// Whether nothing was said over it: not answered, refused, or left before it stood.
fn came_to_nothing(conversation: &Conversation) -> bool {
    if conversation.begins_oddly() {
        return conversation.sent.iter().all(|sent| sent.payload == 0);
    }
    match conversation.state() {
        None => conversation.sent[1].frames == 0,
        Some(State::Unanswered | State::Refused | State::HalfOpen) => true,
        Some(State::Reset(Side::Originator)) => conversation.sent[0].frames <= 2 && conversation.sent.iter().all(|sent| sent.payload == 0),
        Some(State::Open | State::HalfClosed(_) | State::Closed(_) | State::Reset(Side::Responder)) => false,
    }
}

/// Puts effects under their causes, and the most serious first; `beside` tells how often more it was so.
pub(super) fn sum_up(mut notes: Vec<Note>, beside: &[Note]) -> Vec<Wrong> {
    let first = |note: &Note| note.evidence.frames.first().copied().unwrap_or_default();
    notes.sort_by_key(|note| (Reverse(note.rule().severity), first(note)));
    let (causes, others): (Vec<Note>, Vec<Note>) = notes.into_iter().partition(may_cause);
    let mut wrong: Vec<Wrong> = causes.into_iter().map(Wrong::new).collect();
    let causes = wrong.len().min(Limits::STORY_CAUSES);
    let mut of_hosts: HashMap<_, usize, RandomState> = HashMap::default();
    for note in others {
        if let Some(cause) = wrong.iter_mut().take(causes).find(|cause| causes_of(&cause.note, &note)) {
            cause.effects.push(note);
            continue;
        }
        let place = match tried(&note) {
            Some(Tried { reporter, client, server, protocol, .. }) => {
                *of_hosts.entry((note.rule().id, reporter, client, server, protocol)).or_insert(wrong.len())
            }
            None => wrong.len(),
        };
        match wrong.get_mut(place) {
            Some(first) => first.at_other_ports.push(note),
            None => wrong.push(Wrong::new(note)),
        }
    }
    count_places(&mut wrong, beside);
    let severity = |wrong: &Wrong| wrong.notes().map(|note| note.rule().severity).max();
    wrong.sort_by_key(|wrong| (Reverse(severity(wrong)), wrong.notes().map(first).min()));
    wrong
}

/// Of a loss, which is told once in each stream: at how many more places something was lost there.
fn count_places(wrong: &mut [Wrong], beside: &[Note]) {
    let mut places: HashMap<(Option<u64>, IpAddr), u64, RandomState> = HashMap::default();
    for note in beside {
        if let Facts::Loss(LossFacts::Summary { sender, counts, .. }) = &note.facts {
            places.insert((note.conversation, *sender), counts.places);
        }
    }
    let stream = |note: &Note| match &note.facts {
        Facts::Loss(LossFacts::Lost { sender, .. }) => Some((note.conversation, *sender)),
        _ => None,
    };
    for told in wrong.iter().flat_map(Wrong::notes).filter_map(stream) {
        if let Some(left) = places.get_mut(&told) {
            *left = left.saturating_sub(1);
        }
    }
    for one in wrong {
        one.more_places = stream(&one.note).and_then(|stream| places.remove(&stream)).unwrap_or_default();
    }
}

/// Whether a note may sum others up.
fn may_cause(note: &Note) -> bool {
    matches!(
        note.facts,
        Facts::Handshake(HandshakeFacts::PortScan { .. } | HandshakeFacts::HostScan { .. })
            | Facts::Subnet(SubnetFacts::Spoofed { .. })
            | Facts::Route(RouteFacts::AsksBeyond { .. })
            | Facts::Loss(LossFacts::Full { times: 2.., .. })
            | Facts::Mtu(MtuFacts::BlackHole { .. } | MtuFacts::Unanswered { .. })
    )
}

/// A port that was tried in vain.
#[derive(Clone, Copy)]
struct Tried {
    /// Who says so by ICMP, where it is not the server itself by TCP.
    reporter: Option<IpAddr>,
    client: IpAddr,
    server: IpAddr,
    protocol: u8,
    port: u16,
}

/// The port of which a note tells that it does not answer, or refuses.
fn tried(note: &Note) -> Option<Tried> {
    match &note.facts {
        Facts::Handshake(HandshakeFacts::Refused { client, server } | HandshakeFacts::Silence { client, server, .. }) => {
            Some(Tried { reporter: None, client: *client, server: server.ip(), protocol: TCP, port: server.port() })
        }
        Facts::Icmp(IcmpFacts::Error {
            report: Report::PortClosed | Report::PortFiltered | Report::Prohibited, reporter, quoted, ..
        }) => refused_at(quoted).map(|tried| Tried { reporter: Some(*reporter), ..tried }),
        _ => None,
    }
}

/// The port that the packet was for which an ICMP error quotes.
fn refused_at(quoted: &Quoted) -> Option<Tried> {
    let [_, port] = quoted.ports.filter(|_| matches!(quoted.protocol, TCP | UDP))?;
    Some(Tried { reporter: None, client: quoted.source, server: quoted.destination, protocol: quoted.protocol, port })
}

/// Whether what one note tells follows from what the other tells, or is part of it.
fn causes_of(cause: &Note, note: &Note) -> bool {
    match (&cause.facts, &note.facts) {
        (
            Facts::Handshake(HandshakeFacts::PortScan { client, server, is_udp, .. }),
            Facts::Handshake(HandshakeFacts::Refused { .. } | HandshakeFacts::Silence { .. }),
        ) => tried(note).is_some_and(|tried| !*is_udp && (*client, *server) == (tried.client, tried.server)),
        (Facts::Handshake(HandshakeFacts::PortScan { client, server, is_udp, .. }), Facts::Icmp(IcmpFacts::Error { quoted, .. })) => {
            let protocol = if *is_udp { UDP } else { TCP };
            refused_at(quoted).is_some_and(|tried| (*client, *server, protocol) == (tried.client, tried.server, tried.protocol))
        }
        (Facts::Handshake(HandshakeFacts::HostScan { client, network, port, .. }), Facts::Icmp(IcmpFacts::Error { quoted, .. })) => {
            refused_at(quoted)
                .is_some_and(|tried| (*client, *port, TCP) == (tried.client, tried.port, tried.protocol) && network.contains(&tried.server))
        }
        (
            Facts::Handshake(HandshakeFacts::HostScan { client, network, port, .. }),
            Facts::Handshake(
                HandshakeFacts::Refused { client: caller, server: called } | HandshakeFacts::Silence { client: caller, server: called, .. },
            ),
        ) => client == caller && *port == called.port() && network.contains(&called.ip()),
        (
            Facts::Handshake(HandshakeFacts::HostScan { client, network, .. }),
            Facts::Subnet(SubnetFacts::Unanswered { asker, target, .. }),
        ) => client == asker && network.contains(target),
        (Facts::Subnet(SubnetFacts::Spoofed { address, .. }), Facts::Subnet(SubnetFacts::Duplicate { address: claimed, .. })) => {
            address == claimed
        }
        (
            Facts::Route(RouteFacts::AsksBeyond { host, target, .. }),
            Facts::Subnet(SubnetFacts::Unanswered { asker, target: wanted, .. }),
        ) => host == asker && target == wanted,
        (Facts::Loss(LossFacts::Full { receiver, .. }), Facts::Loss(LossFacts::Full { receiver: full, .. })) => {
            receiver == full && cause.conversation == note.conversation
        }
        (Facts::Mtu(_), _) => {
            let follows = matches!(
                note.rule().id,
                "loss.lost" | "loss.timeout" | "http.unanswered" | "http.closed-unanswered" | "http.incomplete" | "handshake.peer-gone"
            );
            follows && cause.conversation.is_some() && cause.conversation == note.conversation
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;

    fn refused(frame: u64, client: u8, server: u8, port: u16) -> Note {
        let [client, server] = [client, server].map(|last| IpAddr::from([10, 0, 0, last]));
        Note::seen(HandshakeFacts::Refused { client, server: SocketAddr::new(server, port) }, &[frame])
    }

    #[test]
    fn what_a_scan_met_is_part_of_it_and_what_another_met_is_not() {
        let [client, server] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let scan = HandshakeFacts::PortScan {
            client,
            server,
            tried: 20,
            answered: 0,
            open: Box::new([]),
            refused: 20,
            over: 5,
            is_udp: false,
            is_odd: false,
        };
        let scan = Note::inferred(scan, &[3, 5]);
        let told = sum_up(vec![refused(1, 7, 2, 80), refused(3, 1, 2, 21), scan, refused(5, 1, 2, 22), refused(9, 1, 3, 22)], &[]);
        assert!(told.iter().all(|wrong| wrong.at_other_ports.is_empty()));
        let told: Vec<(&str, Vec<u64>)> =
            told.iter().map(|wrong| (wrong.note.rule().id, wrong.effects.iter().map(|note| note.evidence.frames[0]).collect())).collect();
        assert_eq!(told, [("handshake.refused", vec![]), ("handshake.port-scan", vec![3, 5]), ("handshake.refused", vec![])]);
    }

    #[test]
    fn ports_of_one_host_that_refuse_the_same_client_are_one_thing() {
        let told = sum_up(
            vec![refused(1, 1, 2, 80), refused(3, 1, 2, 443), refused(5, 7, 2, 80), refused(7, 1, 3, 80), refused(9, 1, 2, 22)],
            &[],
        );
        let told: Vec<(u64, Vec<u16>)> = told.iter().map(|wrong| (wrong.note.evidence.frames[0], wrong.other_ports())).collect();
        assert_eq!(told, [(1, vec![22, 443]), (5, vec![]), (7, vec![])]);
    }

    #[test]
    fn a_warning_that_explains_a_problem_comes_as_soon_as_the_problem() {
        let address = IpAddr::from([10, 0, 0, 1]);
        let spoofed = SubnetFacts::Spoofed { card: [2; 6], address, own: [10, 0, 0, 9].into() };
        let twice = SubnetFacts::Duplicate { address, cards: [[1; 6], [2; 6]] };
        let told = sum_up(vec![refused(1, 7, 2, 80), Note::inferred(spoofed, &[8, 9]), Note::seen(twice, &[2, 8])], &[]);
        assert_eq!(told.iter().map(|wrong| wrong.note.rule().id).collect::<Vec<_>>(), ["subnet.arp-spoofing", "handshake.refused"]);
        assert_eq!(told[0].effects[0].rule().id, "subnet.duplicate-address");
    }
}
