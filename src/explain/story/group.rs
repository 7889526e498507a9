//! Events that are alike, summed up: the first is told, the others are counted.

use super::{Event, What};
use crate::conversation::dns::Lookup;
use crate::conversation::{Kind, State};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// An event, with those that are like it.
#[derive(Debug)]
pub struct Group<'a> {
    /// The first of them.
    pub first: &'a Event,
    /// The others.
    pub alike: Vec<&'a Event>,
}

/// What makes events alike.
#[derive(PartialEq, Eq, Hash)]
enum Likeness {
    /// Questions of one host, answered or not.
    Resolved(IpAddr, bool),
    Announced(IpAddr),
    Probed,
    Leased,
    Advertised,
    /// Who asked whom, and how it went.
    LookedUp(IpAddr, IpAddr, Answer),
    /// Who spoke to whom in what, and how it ended.
    Held(IpAddr, IpAddr, Kind, u16, u8),
    /// Nobody answered: who tried whom.
    Silent(IpAddr, IpAddr, Kind, u8),
    Pinged(IpAddr, IpAddr),
    Reported(IpAddr, u8, u8),
    /// Each is told by itself.
    Alone(usize),
}

/// How a look-up went.
#[derive(PartialEq, Eq, Hash)]
enum Answer {
    None,
    Code(u8),
    Empty,
    Told,
}

/// Sums up events that are alike, in the order of the first of each.
#[must_use]
pub fn groups(events: &[Event]) -> Vec<Group<'_>> {
    let mut places: HashMap<Likeness, usize, RandomState> = HashMap::default();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let place = *places.entry(likeness(event, number)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.alike.push(event),
            None => groups.push(Group { first: event, alike: Vec::new() }),
        }
    }
    groups
}

fn likeness(event: &Event, number: usize) -> Likeness {
    match &event.what {
        What::Resolved(resolution) => Likeness::Resolved(resolution.asker, resolution.answer.is_some()),
        What::Announced(announced) => Likeness::Announced(announced.asker),
        What::Probed(_) => Likeness::Probed,
        What::Leased(_) => Likeness::Leased,
        What::Advertised { .. } => Likeness::Advertised,
        What::LookedUp(lookup) => Likeness::LookedUp(lookup.client.address, lookup.server.address, answer(&lookup.of)),
        What::Held(held) => {
            let [client, server] = held.conversation.ends;
            let ending = held.conversation.state().map_or(0, ending);
            if held.conversation.sent[1].frames == 0 || ending == REFUSED {
                Likeness::Silent(client.address, server.address, held.conversation.kind, ending)
            } else {
                Likeness::Held(client.address, server.address, held.conversation.kind, server.port, ending)
            }
        }
        What::Pinged(ping) => Likeness::Pinged(ping.asker, ping.target),
        What::Reported(report) => Likeness::Reported(report.reporter, report.kind, report.code),
        What::Traced(_) | What::Fragmented(_) | What::Explained(_) => Likeness::Alone(number),
    }
}

const REFUSED: u8 = 2;

/// A class for how a connection stood: those that were open are alike.
fn ending(state: State) -> u8 {
    match state {
        State::Unanswered => 1,
        State::Refused => REFUSED,
        State::HalfOpen => 3,
        State::Open | State::HalfClosed(_) | State::Closed(_) => 4,
        State::Reset(_) => 5,
    }
}

fn answer(lookup: &Lookup) -> Answer {
    match &lookup.answer {
        None => Answer::None,
        Some(answer) if answer.code != 0 => Answer::Code(answer.code),
        Some(answer) if answer.addresses.is_empty() && answer.names.is_empty() && answer.others == 0 => Answer::Empty,
        Some(_) => Answer::Told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::story::Resolution;

    fn asked(frame: u64, asker: u8, target: u8, answered: bool) -> Event {
        let [asker, target] = [asker, target].map(|last| IpAddr::from([10, 0, 0, last]));
        let answer = answered.then_some(([2; 6], frame + 1));
        Event { what: What::Resolved(Resolution { asker, target, asked: 1, last: frame, answer, other: None }), frame, time: None }
    }

    #[test]
    fn what_one_host_did_with_the_same_success_is_told_once() {
        let events = [asked(1, 1, 2, true), asked(3, 1, 3, false), asked(4, 1, 4, true), asked(6, 2, 3, true), asked(8, 1, 5, false)];
        let told: Vec<(u64, usize)> = groups(&events).iter().map(|group| (group.first.frame, group.alike.len())).collect();
        assert_eq!(told, [(1, 1), (3, 1), (6, 0)]);
    }
}
