//! Events that are alike, summed up: the first is told, the others are counted.

use super::wrong::is_of_scan;
use super::{Event, Held, Joining, Objection, What, is_always_told, is_turned_away};
use crate::conversation::dns::Lookup;
use crate::conversation::{Conversation, Kind, Side, State};
use crate::explain::{Note, Repeat};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// An event, with those that are like it.
#[derive(Debug)]
pub struct Group<'a> {
    /// The first of them.
    pub first: &'a Event,
    /// The others.
    pub alike: Vec<&'a Event>,
    /// What explains them.
    pub notes: Vec<&'a Note>,
    /// The tags of the VLAN that they are of, where the same hosts speak in others too: those may be others.
    pub tags: Option<u32>,
    /// The scan that they are of.
    pub scan: Option<&'a Note>,
}

/// Whether everything is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every event by itself, with all that explains it.
    All,
    /// Events that are alike together, with what is not as it always is.
    Chosen,
}

/// What makes events alike.
#[derive(PartialEq, Eq, Hash)]
enum Likeness {
    /// Questions of one host in one VLAN, answered or not, and by whom.
    Resolved(IpAddr, u32, bool, Option<Option<IpAddr>>),
    Announced(IpAddr, u32),
    Probed,
    Leased,
    Leased6,
    Advertised,
    /// What a scan met that was not open.
    Scanned(usize),
    /// Who asked whom, whether the question is there, and how it went; and the name, where they asked for few.
    LookedUp(IpAddr, IpAddr, bool, Answer, Option<Box<[u8]>>),
    /// Who spoke to whom in which VLAN on which port, and how it went.
    Held(IpAddr, IpAddr, u32, Kind, u16, Course),
    /// Nobody answered, or only from another port: who tried whom, and who said what of it.
    Silent(IpAddr, IpAddr, u32, Kind, u8, Option<Said>, bool),
    Pinged(IpAddr, IpAddr, u32, Option<Said>),
    Reported(IpAddr, u8, u8, bool),
    /// Each is told by itself.
    Alone(usize),
}

/// Who reported what by ICMP: an address, a type and a code.
type Said = (IpAddr, (u8, u8));

/// How a conversation went.
#[derive(PartialEq, Eq, Hash)]
struct Course {
    /// Whether its beginning is in the capture.
    begins: bool,
    /// Whether it begins as no program begins one.
    begins_oddly: bool,
    /// Whether its SYN or the answer to that was sent again.
    is_asked_again: bool,
    /// How it stood at the end, and who brought that about.
    ending: (u8, Option<bool>),
    /// Whether each side was told of all that it sent.
    is_heard: [bool; 2],
    /// Whether it was secured.
    is_secured: bool,
    /// The classes of the statuses that its requests were answered with, each once: 2 is success; 0 is no answer (RFC 9110 section 15).
    answers: Vec<u8>,
    said: Option<Said>,
}

/// Of how many names of one server it is told one by one what became of each.
const NAMES: usize = 3;

/// How a look-up went.
#[derive(PartialEq, Eq, Hash)]
enum Answer {
    None(Option<Said>),
    /// From a server that was not asked, or two that differ.
    Doubtful,
    Code(u8),
    Empty,
    Told,
}

/// Sums up events that are alike, in the order of the first of each. What explains one of them stands with it; by itself stands what explains
/// none of them.
#[must_use]
pub fn groups<'a>(events: &'a [Event], scans: &[&'a Note], detail: Detail) -> Vec<Group<'a>> {
    let mut places: HashMap<Likeness, usize, RandomState> = HashMap::default();
    let mut of: HashMap<About, usize, RandomState> = HashMap::default();
    let mut groups: Vec<Group<'a>> = Vec::new();
    let few = servers_of_few_names(events);
    let vlans = SeveralVlans::of(events);
    for (number, event) in events.iter().enumerate().filter(|(_, event)| !matches!(event.what, What::Explained(_))) {
        let scan = scans.iter().position(|scan| detail == Detail::Chosen && is_of_scan(event, scan));
        let like = match (detail, scan) {
            (Detail::All, _) => Likeness::Alone(number),
            (Detail::Chosen, Some(scan)) => Likeness::Scanned(scan),
            (Detail::Chosen, None) => likeness(event, number, &few),
        };
        let place = *places.entry(like).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.alike.push(event),
            None => {
                let scan = scan.and_then(|place| scans.get(place)).copied();
                groups.push(Group { first: event, alike: Vec::new(), notes: Vec::new(), tags: vlans.tags(event), scan });
            }
        }
        abouts(event, |about| {
            of.entry(about).or_insert(place);
        });
    }
    let mut told: HashSet<&'static str, RandomState> = HashSet::default();
    // Where a packet begins to go another way that is told with what made it go there.
    let mut turns: HashMap<u64, usize, RandomState> = HashMap::default();
    let (turning, others): (Vec<&Event>, Vec<&Event>) = events.iter().partition(|event| is_turn(event));
    for event in turning.into_iter().chain(others) {
        let What::Explained(note) = &event.what else { continue };
        let is_told = detail == Detail::All || is_always_told(note);
        // What is true of everything is said of the first that it is true of.
        if !is_told || note.rule().repeat == Repeat::Once && !told.insert(note.rule().id) {
            continue;
        }
        let place = if is_turn(event) {
            let reported = note.evidence.frames.first().filter(|first| **first < event.frame);
            let place = reported.and_then(|frame| of.get(&About::Frame(*frame))).copied().filter(|place| is_report(&groups, *place));
            turns.insert(event.frame, place.unwrap_or(groups.len()));
            place
        } else {
            let frames = std::iter::once(event.frame).chain(note.evidence.frames.iter().copied());
            let abouts = note.conversation.map(About::Conversation).into_iter().chain(frames.map(About::Frame));
            let turned = turns.get(&event.frame).filter(|_| note.rule().subject() == "route").copied();
            turned.or_else(|| abouts.filter_map(|about| of.get(&about)).next().copied())
        };
        match place.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.notes.push(note),
            None => groups.push(Group { first: event, alike: Vec::new(), notes: Vec::new(), tags: None, scan: None }),
        }
    }
    groups.sort_by_key(|group| group.first.frame);
    groups
}

/// Whether a note tells that packets take another way from then on.
fn is_turn(event: &Event) -> bool {
    matches!(&event.what, What::Explained(note) if matches!(note.rule().id, "route.gateway-changed" | "route.redirect-followed"))
}

/// Whether a group tells of what somebody reported.
fn is_report(groups: &[Group<'_>], place: usize) -> bool {
    groups.get(place).is_some_and(|group| matches!(group.first.what, What::Reported(_)))
}

/// Who asked whom for so few names that each can be told by itself.
fn servers_of_few_names(events: &[Event]) -> HashSet<(IpAddr, IpAddr), RandomState> {
    let mut names: HashMap<(IpAddr, IpAddr), HashSet<&[u8], RandomState>, RandomState> = HashMap::default();
    for event in events {
        if let What::LookedUp(lookup) = &event.what
            && answer(lookup.objection, &lookup.of) == Answer::Told
        {
            let asked = names.entry((lookup.client.address, lookup.server.address)).or_default();
            if asked.len() <= NAMES {
                asked.insert(&lookup.of.name);
            }
        }
    }
    names.into_iter().filter(|(_, asked)| asked.len() <= NAMES).map(|(pair, _)| pair).collect()
}

/// Pairs of addresses that speak in several VLANs.
struct SeveralVlans {
    pairs: HashMap<(IpAddr, IpAddr), (u32, bool), RandomState>,
}

impl SeveralVlans {
    fn of(events: &[Event]) -> Self {
        let mut pairs: HashMap<_, (u32, bool), RandomState> = HashMap::default();
        for (pair, tags) in events.iter().filter_map(pair) {
            let (first, are_several) = pairs.entry(pair).or_insert((tags, false));
            *are_several |= *first != tags;
        }
        Self { pairs }
    }

    /// The tags of the VLAN of an event, where its two speak in others too.
    fn tags(&self, event: &Event) -> Option<u32> {
        let (pair, tags) = pair(event)?;
        self.pairs.get(&pair).filter(|(_, are_several)| *are_several && tags > 0).map(|_| tags)
    }
}

/// Two that speak, the smaller address first, and the tags of their VLAN.
fn pair(event: &Event) -> Option<((IpAddr, IpAddr), u32)> {
    let (one, other, tags) = match &event.what {
        What::Held(held) => (held.conversation.ends[0].address, held.conversation.ends[1].address, held.tags),
        What::Pinged(ping) => (ping.asker, ping.target, ping.tags),
        _ => return None,
    };
    Some(((one.min(other), one.max(other)), tags))
}

/// What a note and an event have in common, where the note explains the event.
#[derive(PartialEq, Eq, Hash)]
enum About {
    Conversation(u64),
    Frame(u64),
}

/// By what the notes on an event are known.
fn abouts(event: &Event, mut is: impl FnMut(About)) {
    is(About::Frame(event.frame));
    match &event.what {
        What::Resolved(resolution) | What::Announced(resolution) | What::Probed(resolution) => {
            for (_, frame) in [resolution.answer, resolution.other].into_iter().flatten() {
                is(About::Frame(frame));
            }
        }
        What::LookedUp(lookup) => is(About::Conversation(lookup.of.conversation)),
        What::Held(held) => {
            is(About::Conversation(held.conversation.id));
            held.answered_in.iter().for_each(|answer| is(About::Conversation(answer.id)));
        }
        What::Pinged(ping) => is(About::Conversation(ping.conversation)),
        What::Leased(lease) => lease.messages.into_iter().flatten().for_each(|frame| is(About::Frame(frame))),
        What::Leased6(lease) => lease.messages.into_iter().flatten().for_each(|frame| is(About::Frame(frame))),
        What::Traced(trace) => trace.hops.iter().for_each(|hop| is(About::Frame(hop.frame))),
        What::Joined(joining) => {
            let Joining { known, asked, answers, agreed, farewell, .. } = &**joining;
            let answers = answers.iter().flatten().map(|(_, frame)| *frame);
            let ends = [known.map(|(frame, _)| frame), *asked, farewell.map(|(frame, ..)| frame)];
            ends.into_iter().chain(*agreed).flatten().chain(answers).for_each(|frame| is(About::Frame(frame)));
        }
        What::Advertised { .. } | What::Beaconed(_) | What::Reported(_) | What::Fragmented(_) | What::Explained(_) => {}
    }
}

fn likeness(event: &Event, number: usize, few: &HashSet<(IpAddr, IpAddr), RandomState>) -> Likeness {
    match &event.what {
        What::Resolved(of) => Likeness::Resolved(of.asker, of.tags, of.answer.is_some(), of.proxy),
        What::Announced(announced) => Likeness::Announced(announced.asker, announced.tags),
        What::Probed(_) => Likeness::Probed,
        What::Leased(_) => Likeness::Leased,
        What::Leased6(_) => Likeness::Leased6,
        What::Advertised { .. } => Likeness::Advertised,
        What::LookedUp(lookup) => {
            let (client, server) = (lookup.client.address, lookup.server.address);
            let answer = answer(lookup.objection, &lookup.of);
            let name = Some(lookup.of.name.clone()).filter(|_| answer == Answer::Told && few.contains(&(client, server)));
            Likeness::LookedUp(client, server, lookup.of.question.is_some(), answer, name)
        }
        What::Held(held) => {
            let [client, server] = held.conversation.ends;
            let ending = held.conversation.state().map_or(0, ending);
            let is_open = matches!(
                held.conversation.state(),
                Some(State::HalfOpen | State::Open | State::HalfClosed(_) | State::Closed(_) | State::Reset(_))
            );
            let is_turned_away = is_turned_away(&held.conversation);
            if held.conversation.sent[1].frames == 0 && !is_open || ending == REFUSED || is_turned_away {
                let (kind, said) = (held.conversation.kind, said(held.objection));
                // What begins as no program begins it is none of those that do.
                let ending = if held.conversation.begins_oddly() { ending + ODDLY } else { ending };
                Likeness::Silent(client.address, server.address, held.tags, kind, ending, said, held.answered_in.is_some())
            } else {
                Likeness::Held(client.address, server.address, held.tags, held.conversation.kind, server.port, course(held))
            }
        }
        What::Pinged(ping) => Likeness::Pinged(ping.asker, ping.target, ping.tags, said(ping.objection).filter(|_| ping.answered == 0)),
        What::Reported(report) => Likeness::Reported(report.reporter, report.kind, report.code, report.is_tcp),
        What::Beaconed(_) | What::Joined(_) | What::Traced(_) | What::Fragmented(_) | What::Explained(_) => Likeness::Alone(number),
    }
}

const REFUSED: u8 = 2;
const ODDLY: u8 = 100;

fn said(objection: Option<Objection>) -> Option<Said> {
    objection.map(|objection| (objection.reporter, objection.kind))
}

fn course(held: &Held) -> Course {
    let conversation = &held.conversation;
    let state = conversation.state();
    let by = match state {
        Some(State::HalfClosed(by) | State::Closed(by) | State::Reset(by)) => Some(by == Side::Originator),
        Some(State::Unanswered | State::Refused | State::HalfOpen | State::Open) | None => None,
    };
    let is_heard =
        |from: Side, conversation: &Conversation| conversation.progress(from).is_none_or(|(acknowledged, highest)| acknowledged >= highest);
    let status = |class: &u8| class.wrapping_sub(b'0');
    let mut answers: Vec<u8> = held
        .exchanges
        .iter()
        .map(|exchange| exchange.response.as_ref().and_then(|response| response.head.status_line()))
        .map(|line| line.and_then(|line| line.status.first().map(status)).unwrap_or(0))
        .collect();
    answers.sort_unstable();
    answers.dedup();
    Course {
        begins: matches!(held.opening.frames, [Some(_), Some(_), _]),
        begins_oddly: conversation.begins_oddly(),
        is_asked_again: held.opening.sent.iter().any(|sent| *sent > 1),
        ending: (state.map_or(0, ending), by),
        is_heard: Side::BOTH.map(|side| is_heard(side, conversation)),
        is_secured: held.tls.is_some(),
        answers,
        said: said(held.objection),
    }
}

/// A number for how a connection stood.
fn ending(state: State) -> u8 {
    match state {
        State::Unanswered => 1,
        State::Refused => REFUSED,
        State::HalfOpen => 3,
        State::Open => 4,
        State::HalfClosed(_) => 5,
        State::Closed(_) => 6,
        State::Reset(_) => 7,
    }
}

fn answer(objection: Option<Objection>, lookup: &Lookup) -> Answer {
    match &lookup.answer {
        None => Answer::None(said(objection)),
        Some(answer) if answer.contradicted.is_some() || lookup.instead_of.is_some() => Answer::Doubtful,
        Some(answer) if answer.code != 0 => Answer::Code(answer.code),
        Some(answer) if answer.addresses.is_empty() && answer.names.is_empty() && answer.others == 0 => Answer::Empty,
        Some(_) => Answer::Told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::SubnetFacts;
    use crate::explain::story::Resolution;
    use crate::explain::story::link::question;

    fn asked(frame: u64, asker: u8, target: u8, answered: bool) -> Event {
        let [asker, target] = [asker, target].map(|last| IpAddr::from([10, 0, 0, last]));
        let answer = answered.then_some(([2; 6], frame + 1));
        Event { what: What::Resolved(Resolution { answer, ..question(asker, target, frame, 0) }), frame, time: None }
    }

    #[test]
    fn what_one_host_did_with_the_same_success_is_told_once() {
        let events = [asked(1, 1, 2, true), asked(3, 1, 3, false), asked(4, 1, 4, true), asked(6, 2, 3, true), asked(8, 1, 5, false)];
        let told: Vec<(u64, usize)> =
            groups(&events, &[], Detail::Chosen).iter().map(|group| (group.first.frame, group.alike.len())).collect();
        assert_eq!(told, [(1, 1), (3, 1), (6, 0)]);
    }

    #[test]
    fn what_explains_an_event_stands_with_it_and_what_is_always_so_is_said_once() {
        let [here, there] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let note = |frame: u64| Note::seen(SubnetFacts::Proxy { address: there, card: [2; 6], own: here, hop_limit: 63 }, &[frame]);
        let probe = |frame: u64| Note::seen(SubnetFacts::Probe { address: there, card: None }, &[frame]);
        let explained = |note: Note| Event { frame: note.evidence.frames[0], time: None, what: What::Explained(Box::new(note)) };
        let events =
            [asked(1, 1, 2, true), asked(3, 2, 1, true), explained(note(2)), explained(probe(3)), explained(probe(4)), explained(note(9))];
        let told = |detail| {
            let groups = groups(&events, &[], detail);
            groups.iter().map(|group| (group.first.frame, group.notes.len())).collect::<Vec<_>>()
        };
        assert_eq!(told(Detail::Chosen), [(1, 1), (3, 0), (9, 0)]);
        assert_eq!(told(Detail::All), [(1, 1), (3, 1), (9, 0)]);
    }
}
