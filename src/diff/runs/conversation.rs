//! Two conversations beside each other as wholes: with whom, how they went, and how the transport did.

use super::comparison::{Difference, TalkPair};
use super::field::Field;
use super::item::{Comparing, changed};
use super::run::{ItemKind, Outcome, Run, Talk, Value, Weight};
use super::verdict::Verdict;
use crate::conversation::{Kind, State};
use crate::explain::{Note, Severity};

/// How many notes of one side are named with a pair.
const NOTES: usize = 16;

/// Compares two conversations as wholes.
pub(super) fn compare_talks(comparing: &mut Comparing<'_>, pair: &mut TalkPair, left: &Talk, right: &Talk) {
    let both = [left, right];
    let TalkPair { differences, told, .. } = pair;
    let mut field = |field: Field, values: [Value; 2]| comparing.field((&mut *differences, &mut *told), field, values);
    // Of a question or an echo it is told whether it was answered.
    let says_so = |talk: &Talk| talk.items.iter().any(|item| matches!(item.kind, ItemKind::Lookup | ItemKind::Echo));
    if !both.iter().all(|talk| says_so(talk)) {
        field(Field::Outcome, both.map(|talk| Value::Outcome(talk.outcome)));
    }
    if left.server().address != right.server().address {
        server(comparing, pair, both);
    }
    let TalkPair { differences, told, .. } = pair;
    let mut field = |field: Field, values: [Value; 2]| comparing.field((&mut *differences, &mut *told), field, values);
    let is_transport = matches!(left.kind, Kind::Tcp | Kind::Udp);
    if is_transport {
        field(Field::ServerPort, both.map(|talk| Value::Number(talk.server().port.into())));
    }
    if left.ends[0].address != right.ends[0].address {
        field(Field::Client, both.map(|talk| Value::Endpoint(talk.ends[0])));
    }
    if left.kind != Kind::Tcp {
        return;
    }
    let size = |talk: &Talk| talk.facts.segment_sizes.iter().flatten().min().map_or(Value::Absent, |size| Value::Number((*size).into()));
    let known = both.map(|talk| talk.outcome == Outcome::Opened);
    if known == [true; 2] {
        field(Field::MaximumSegmentSize, both.map(size));
        if let [Some(first), Some(second)] = both.map(|talk| talk.facts.round_trip) {
            field(Field::RoundTrip, [Value::Duration(first), Value::Duration(second)]);
        }
    }
    for (of, count) in
        [(Field::Retransmissions, both.map(|talk| talk.facts.retransmissions)), (Field::Missing, both.map(|talk| talk.facts.missing))]
    {
        // That it happens now and then is no difference, that it happens is.
        if (count[0] == 0) != (count[1] == 0) {
            field(of, count.map(Value::Number));
        }
    }
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
            order(comparing, pair, left);
            close(comparing, pair, [left, right]);
        }
        [one, other] => {
            let (Some(talk), side) = (one.or(other), usize::from(one.is_none())) else { return };
            only_one(comparing, pair, talk, side);
        }
    }
}

/// The same said in another order, over one connection.
fn order(comparing: &mut Comparing<'_>, pair: &mut TalkPair, left: &Talk) {
    if left.kind != Kind::Tcp {
        return;
    }
    let [own, other] = pair.places;
    let mut both: Vec<[usize; 2]> = Vec::new();
    for item in &pair.items {
        if let [Some((left, first)), Some((right, second))] = item.places
            && (Some(left), Some(right)) == (own, other)
        {
            both.push([first, second]);
        }
    }
    both.sort_unstable();
    let is_exchange = left.items.first().is_some_and(|item| item.kind == ItemKind::Exchange);
    let is_sorted = both.iter().zip(both.iter().skip(1)).all(|(one, next)| one[1] < next[1]);
    if !is_exchange || is_sorted {
        return;
    }
    let mut verdict = comparing.set_apart(Field::Order, &[], Weight::Whole);
    if verdict == Verdict::Told {
        verdict = Verdict::Counts;
    }
    if verdict == Verdict::Counts {
        pair.differences.push(Difference {
            kind: super::DifferenceKind::Moved,
            ..changed(Field::Order, &[], [Value::Number(both.len() as u64), Value::Number(both.len() as u64)])
        });
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
            if !told.contains(&id) && !other.iter().any(|(_, note)| note.rule().id == id) && places.len() < NOTES {
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
