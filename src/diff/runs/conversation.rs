//! Two conversations beside each other as wholes: with whom, how they went, and how the transport did.

use super::comparison::TalkPair;
use super::field::Field;
use super::item::{Comparing, changed};
use super::order::order;
use super::run::{ItemKind, Outcome, Run, Talk, Value, Weight};
use super::verdict::Verdict;
use crate::conversation::{Kind, State};
use crate::explain::{Note, Severity};
use crate::limits::Limits;

/// Lengths of what is not read differ by noise where they are not twice each other, or not this many bytes apart.
const BYTES: u64 = 4_096;

/// Compares two conversations as wholes.
pub(super) fn compare_talks(comparing: &mut Comparing<'_>, pair: &mut TalkPair, left: &Talk, right: &Talk) {
    let both = [left, right];
    // Of a question or an echo it is told whether it was answered.
    let says_so = |talk: &Talk| talk.items.iter().any(|item| matches!(item.kind, ItemKind::Lookup | ItemKind::Echo));
    if !both.iter().all(|talk| says_so(talk)) {
        field(comparing, pair, Field::Outcome, both.map(|talk| Value::Outcome(talk.outcome)));
    }
    if left.server().address != right.server().address {
        server(comparing, pair, both);
    }
    if matches!(left.kind, Kind::Tcp | Kind::Udp) {
        server_port(comparing, pair, both);
        // Every client takes another one every time: that is not even said to be set apart.
        if comparing.judge.verdict(Field::ClientPort, &[], Weight::Whole) == Verdict::Counts {
            field(comparing, pair, Field::ClientPort, both.map(|talk| Value::Number(talk.ends[0].port.into())));
        }
    }
    if left.ends[0].address != right.ends[0].address {
        field(comparing, pair, Field::Client, both.map(|talk| Value::Endpoint(talk.ends[0])));
    }
    if left.is_unread && right.is_unread {
        for (of, side) in [(Field::BytesSent, 0), (Field::BytesReceived, 1)] {
            let counts = both.map(|talk| talk.bytes.get(side).copied().unwrap_or_default());
            let (less, more) = (counts[0].min(counts[1]), counts[0].max(counts[1]));
            if more > less.saturating_mul(2) && more - less > BYTES || comparing.is_strict() {
                field(comparing, pair, of, counts.map(Value::Number));
            }
        }
    }
    if left.kind == Kind::Tcp {
        transport(comparing, pair, both);
    }
}

fn field(comparing: &mut Comparing<'_>, pair: &mut TalkPair, of: Field, values: [Value; 2]) {
    comparing.field((&mut pair.differences, &mut pair.told), of, values);
}

/// Compares how TCP did.
fn transport(comparing: &mut Comparing<'_>, pair: &mut TalkPair, both: [&Talk; 2]) {
    let size = |talk: &Talk| talk.facts.segment_sizes.iter().flatten().min().map_or(Value::Absent, |size| Value::Number((*size).into()));
    if both.iter().all(|talk| talk.outcome == Outcome::Opened) {
        field(comparing, pair, Field::MaximumSegmentSize, both.map(size));
        if let [Some(first), Some(second)] = both.map(|talk| talk.facts.round_trip) {
            field(comparing, pair, Field::RoundTrip, [Value::Duration(first), Value::Duration(second)]);
        }
    }
    for (of, count) in
        [(Field::Retransmissions, both.map(|talk| talk.facts.retransmissions)), (Field::Missing, both.map(|talk| talk.facts.missing))]
    {
        // That it happens now and then is no difference, that it happens is.
        if (count[0] == 0) != (count[1] == 0) || comparing.is_strict() {
            field(comparing, pair, of, count.map(Value::Number));
        }
    }
}

/// Another port of the server is told where it came to something else there: programs that listen there now and then choose any.
fn server_port(comparing: &mut Comparing<'_>, pair: &mut TalkPair, both: [&Talk; 2]) {
    let ports = both.map(|talk| talk.server().port);
    if ports[0] == ports[1] {
        return;
    }
    let verdict = match comparing.judge.verdict(Field::ServerPort, &[], Weight::Whole) {
        Verdict::Apart if both[0].outcome != both[1].outcome => Verdict::Told,
        verdict => verdict,
    };
    let difference = changed(Field::ServerPort, &[], ports.map(|port| Value::Number(port.into())));
    comparing.add((&mut pair.differences, &mut pair.told), verdict, difference);
}

/// The servers have other addresses: that follows from their names where they have the same one.
fn server(comparing: &mut Comparing<'_>, pair: &mut TalkPair, both: [&Talk; 2]) {
    let is_named = both[0].name.is_some() && both[0].name == both[1].name;
    let difference = changed(Field::Server, &[], both.map(|talk| Value::Endpoint(*talk.server())));
    let verdict = match comparing.set_apart(Field::Server, &[], Weight::Whole) {
        Verdict::Counts if is_named && !comparing.is_strict() => Verdict::Told,
        verdict => verdict,
    };
    match verdict {
        Verdict::Counts => pair.differences.push(difference),
        Verdict::Told => pair.told.push(difference),
        Verdict::Apart | Verdict::Ignored => {}
    }
}

/// What can be said only when everything in them was compared: a conversation that only one run has, a reset, another order.
pub(super) fn settle(comparing: &mut Comparing<'_>, pair: &mut TalkPair, runs: [&Run; 2]) {
    let talks = [0, 1].map(|side: usize| runs.get(side)?.talks.get((*pair.places.get(side)?)?));
    match talks {
        [Some(left), Some(right)] => {
            order(comparing, pair, [left, right]);
            close(comparing, pair, [left, right]);
            problems(comparing, pair, runs);
        }
        [one, other] => {
            let (Some(talk), side) = (one.or(other), usize::from(one.is_none())) else { return };
            only_one(comparing, pair, talk, side);
        }
    }
}

/// How they ended. A reset counts where something else came of it, too: some programs end every connection with one.
fn close(comparing: &mut Comparing<'_>, pair: &mut TalkPair, both: [&Talk; 2]) {
    let [Some(left), Some(right)] = both.map(|talk| talk.state) else { return };
    if both.iter().any(|talk| talk.outcome != Outcome::Opened) || left == right {
        return;
    }
    let is_reset = |state: State| matches!(state, State::Reset(_));
    let values = [left, right].map(Value::State);
    let of = if is_reset(left) != is_reset(right) && pair.differs() { Field::Reset } else { Field::Close };
    comparing.field((&mut pair.differences, &mut pair.told), of, values);
}

/// A problem that only one of them has counts where nothing else shows it: what was said came through in the end.
fn problems(comparing: &mut Comparing<'_>, pair: &mut TalkPair, runs: [&Run; 2]) {
    if pair.differs() {
        return;
    }
    for (side, places) in pair.notes.iter().enumerate() {
        let notes = places.iter().filter_map(|place| runs.get(side)?.notes.get(*place as usize));
        for rule in notes.map(Note::rule).filter(|rule| rule.severity == Severity::Problem) {
            let name = rule.id.as_bytes();
            let verdict = comparing.judge.verdict(Field::Problem, name, Weight::Whole);
            let said = Value::Flag(true);
            let values = if side == 0 { [said, Value::Absent] } else { [Value::Absent, said] };
            comparing.add((&mut pair.differences, &mut pair.told), verdict, changed(Field::Problem, name, values));
        }
    }
}

/// A conversation that only one run has. Where something was said in it, that is told; else that it did not come about.
fn only_one(comparing: &mut Comparing<'_>, pair: &mut TalkPair, talk: &Talk, side: usize) {
    let is_told = pair.items.iter().any(|item| !item.differences.is_empty());
    if is_told {
        return;
    }
    let has_failed = talk.outcome != Outcome::Opened && talk.outcome != Outcome::OnlyAnswers;
    let is_question = talk.items.iter().any(|item| matches!(item.kind, ItemKind::Lookup));
    let is_chatter = talk.is_chatter && !comparing.is_all_chatter;
    let weight = if is_chatter || talk.has_content() || is_question || !has_failed { Weight::Nothing } else { Weight::Whole };
    // What was said in it was said over other connections.
    let field = if talk.has_content() && !is_chatter { Field::Reuse } else { Field::Conversation };
    if comparing.set_apart(field, &[], weight) == Verdict::Counts {
        let said = Value::Outcome(talk.outcome);
        let values = if side == 0 { [said, Value::Absent] } else { [Value::Absent, said] };
        // There may be as many as there are conversations.
        pair.differences.reserve_exact(1);
        pair.differences.push(changed(Field::Conversation, &[], values));
    }
}

/// The notes of which only one of two conversations has the rule.
pub(super) fn one_sided(runs: [&Run; 2], talks: [&Talk; 2]) -> [Vec<u32>; 2] {
    let notes = |side: usize| -> Vec<(u32, &Note)> {
        let Some((run, talk)) = runs.get(side).zip(talks.get(side)) else { return Vec::new() };
        talk.notes.iter().filter_map(|place| Some((*place, run.notes.get(*place as usize)?))).collect()
    };
    let both = [notes(0), notes(1)];
    [0, 1].map(|side: usize| {
        let (Some(own), Some(other)) = (both.get(side), both.get(1 - side)) else { return Vec::new() };
        let mut told: Vec<&'static str> = Vec::new();
        let mut places = Vec::new();
        for (place, note) in own.iter().filter(|(_, note)| explains(note)) {
            let id = note.rule().id;
            if !told.contains(&id) && !other.iter().any(|(_, note)| note.rule().id == id) && places.len() < Limits::COMPARED_NOTES {
                told.push(id);
                places.push(*place);
            }
        }
        places
    })
}

/// Whether a note may explain why something went otherwise.
fn explains(note: &Note) -> bool {
    let rule = note.rule();
    let of_transport = ["handshake.reset", "handshake.syn-repeated", "name.no-such-name", "name.no-record", "name.slow", "icmp.port-left"];
    rule.severity > Severity::Information
        || rule.subject() == "mtu" && !matches!(rule.id, "mtu.df" | "mtu.mss")
        || of_transport.contains(&rule.id)
}
