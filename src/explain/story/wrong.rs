//! What is wrong, most serious first, with what follows from it under it.

use super::{Event, Story, What};
use crate::conversation::{Conversation, Kind, Side, State};
use crate::explain::{Facts, HandshakeFacts, MtuFacts, Note, RouteFacts, SubnetFacts};
use std::cmp::Reverse;

/// How many notes may sum others up.
const CAUSES: usize = 64;

/// Something that is wrong.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// What.
    pub note: Note,
    /// What follows from it, or is part of it.
    pub effects: Vec<Note>,
}

impl Wrong {
    /// All of it, the cause first.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        std::iter::once(&self.note).chain(&self.effects)
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
        self.wrong.iter().map(|wrong| &wrong.note).filter(is_scan).take(CAUSES).collect()
    }
}

/// Whether an event is a try of a scan that came to nothing, or what was reported of such tries.
pub(super) fn is_of_scan(event: &Event, scan: &Note) -> bool {
    let Facts::Handshake(facts) = &scan.facts else { return false };
    match &event.what {
        What::Held(held) => {
            let [caller, called] = held.conversation.ends;
            let tried = if let HandshakeFacts::PortScan { client, server, is_udp, .. } = facts {
                let kind = if *is_udp { Kind::Udp } else { Kind::Tcp };
                (*client, *server, kind) == (caller.address, called.address, held.conversation.kind)
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
    match conversation.state() {
        None => conversation.sent[1].frames == 0,
        Some(State::Unanswered | State::Refused | State::HalfOpen) => true,
        Some(State::Reset(Side::Originator)) => conversation.sent[0].frames <= 2 && conversation.sent.iter().all(|sent| sent.payload == 0),
        Some(State::Open | State::HalfClosed(_) | State::Closed(_) | State::Reset(Side::Responder)) => false,
    }
}

/// Puts effects under their causes, and the most serious first.
pub(super) fn sum_up(mut notes: Vec<Note>) -> Vec<Wrong> {
    let first = |note: &Note| note.evidence.frames.first().copied().unwrap_or_default();
    notes.sort_by_key(|note| (Reverse(note.rule().severity), first(note)));
    let (causes, others): (Vec<Note>, Vec<Note>) = notes.into_iter().partition(may_cause);
    let mut wrong: Vec<Wrong> = causes.into_iter().map(|note| Wrong { note, effects: Vec::new() }).collect();
    let causes = wrong.len().min(CAUSES);
    for note in others {
        match wrong.iter_mut().take(causes).find(|cause| causes_of(&cause.note, &note)) {
            Some(cause) => cause.effects.push(note),
            None => wrong.push(Wrong { note, effects: Vec::new() }),
        }
    }
    let severity = |wrong: &Wrong| wrong.notes().map(|note| note.rule().severity).max();
    wrong.sort_by_key(|wrong| (Reverse(severity(wrong)), wrong.notes().map(first).min()));
    wrong
}

/// Whether a note may sum others up.
fn may_cause(note: &Note) -> bool {
    matches!(
        note.facts,
        Facts::Handshake(HandshakeFacts::PortScan { .. } | HandshakeFacts::HostScan { .. })
            | Facts::Subnet(SubnetFacts::Spoofed { .. })
            | Facts::Route(RouteFacts::AsksBeyond { .. })
            | Facts::Mtu(MtuFacts::BlackHole { .. } | MtuFacts::Unanswered { .. })
    )
}

/// Whether what one note tells follows from what the other tells, or is part of it.
fn causes_of(cause: &Note, note: &Note) -> bool {
    match (&cause.facts, &note.facts) {
        (
            Facts::Handshake(HandshakeFacts::PortScan { client, server, .. }),
            Facts::Handshake(
                HandshakeFacts::Refused { client: caller, server: called } | HandshakeFacts::Silence { client: caller, server: called, .. },
            ),
        ) => client == caller && *server == called.ip(),
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
    use std::net::{IpAddr, SocketAddr};

    fn refused(frame: u64, client: u8, server: u8, port: u16) -> Note {
        let [client, server] = [client, server].map(|last| IpAddr::from([10, 0, 0, last]));
        Note::seen(HandshakeFacts::Refused { client, server: SocketAddr::new(server, port) }, &[frame])
    }

    #[test]
    fn what_a_scan_met_is_part_of_it_and_what_another_met_is_not() {
        let [client, server] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let scan =
            HandshakeFacts::PortScan { client, server, tried: 20, answered: 0, open: Box::new([]), refused: 20, over: 5, is_udp: false };
        let scan = Note::inferred(scan, &[3, 5]);
        let told = sum_up(vec![refused(1, 7, 2, 80), refused(3, 1, 2, 21), scan, refused(5, 1, 2, 22), refused(9, 1, 3, 22)]);
        let told: Vec<(&str, Vec<u64>)> =
            told.iter().map(|wrong| (wrong.note.rule().id, wrong.effects.iter().map(|note| note.evidence.frames[0]).collect())).collect();
        assert_eq!(told, [("handshake.refused", vec![]), ("handshake.port-scan", vec![3, 5]), ("handshake.refused", vec![])]);
    }

    #[test]
    fn a_warning_that_explains_a_problem_comes_as_soon_as_the_problem() {
        let address = IpAddr::from([10, 0, 0, 1]);
        let spoofed = SubnetFacts::Spoofed { card: [2; 6], address, own: [10, 0, 0, 9].into() };
        let twice = SubnetFacts::Duplicate { address, cards: [[1; 6], [2; 6]] };
        let told = sum_up(vec![refused(1, 7, 2, 80), Note::inferred(spoofed, &[8, 9]), Note::seen(twice, &[2, 8])]);
        assert_eq!(told.iter().map(|wrong| wrong.note.rule().id).collect::<Vec<_>>(), ["subnet.arp-spoofing", "handshake.refused"]);
        assert_eq!(told[0].effects[0].rule().id, "subnet.duplicate-address");
    }
}
