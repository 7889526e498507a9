//! Side by side: the ladders of a conversation at both points beside each other, what belongs together in one row.

use super::{Compared, Telling, packet, role};
use crate::conversation::Side;
use crate::diff::pairing::{ConversationPair, Opposite};
use crate::diff::point::Sighting;
use crate::frame::Timestamp;
use crate::limits::Limits;
use crate::render::number::{push_padded, push_right};
use crate::render::sentence::{Counted, Grouped, Sentence};
use crate::render::style::Role;
use std::collections::{HashMap, HashSet};

/// How many rows of a conversation are shown, and how many conversations, unless all are.
const ROWS: usize = 200;
/// How wide the frame and the time of a cell are, with the spaces behind them.
const BEFORE: usize = 8 + 12 + 2;
/// How narrow an arrow may get.
const NARROWEST: usize = 14;
/// Between the two cells.
const BETWEEN: usize = 3;

/// What stands beside what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    places: [Option<u32>; 2],
    mark: Mark,
}

/// As `diff -y` marks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It is at both points.
    Both,
    /// The same bytes in other segments.
    Recut,
    /// It is left alone.
    Left,
    /// It is right alone.
    Right,
}

/// Appends the ladders of all conversations that both captures hold.
pub fn push_side_by_side(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    super::head::push(out, compared, telling);
    let pairs = &compared.hop.pairing.conversations;
    let shown = pairs.get(..telling.most()).unwrap_or(pairs);
    let lists = [0, 1].map(|side| packets(compared, side, shown));
    for (index, pair) in (0..).zip(shown) {
        let of = |side: usize| lists[side].get(&index).map(Vec::as_slice).unwrap_or_default();
        push_conversation(out, compared, telling, pair, [of(0), of(1)]);
    }
    if pairs.len() > shown.len() {
        let more = (pairs.len() - shown.len()) as u64;
        writeln!(Sentence::new(out, compared.names[0]), "\n.. and {} (-v shows all)", Counted(more, "more conversation"));
    }
    let told = [shown.iter().map(|pair| pair.left).collect(), shown.iter().map(|pair| pair.right).collect()];
    super::introduced::push_of(out, compared, telling, told);
    super::push_verdict(out, compared, telling);
}

/// The packets of each pair of conversations at a point, in order.
fn packets(compared: &Compared<'_>, side: usize, shown: &[ConversationPair]) -> HashMap<u32, Vec<u32>> {
    let mut lists: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut room = Limits::LADDER_PACKETS;
    for (place, sighting) in (0..).zip(&compared.points[side].sightings) {
        let index = compared.hop.pairing.conversation_of(side, sighting).filter(|index| (*index as usize) < shown.len());
        if let Some(index) = index.filter(|_| room > 0) {
            lists.entry(index).or_default().push(place);
            room -= 1;
        }
    }
    lists
}

fn push_conversation(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, pair: &ConversationPair, lists: [&[u32]; 2]) {
    let rows = rows(compared, lists);
    let cell = telling.width.saturating_sub(BETWEEN) / 2;
    let cell = cell.max(BEFORE + NARROWEST);
    out.push(b'\n');
    for (side, place) in [pair.left, pair.right].into_iter().enumerate() {
        let mut head = Vec::new();
        if let Some(one) = compared.points[side].conversations.get(place as usize) {
            write!(Sentence::new(&mut head, compared.names[side]), "{}: ", one.number);
        }
        compared.push_ends(&mut head, side, place);
        cut(&mut head, cell);
        let length = head.len();
        telling.palette.paint(out, role(side), |out| out.extend_from_slice(&head));
        if side == 0 {
            out.resize(out.len() + cell.saturating_sub(length) + BETWEEN, b' ');
        }
    }
    out.push(b'\n');
    let most = if telling.all { usize::MAX } else { ROWS };
    let first = [0, 1].map(|side| lists[side].first().and_then(|place| compared.sighting(side, *place)?.timestamp()));
    for row in rows.iter().take(most) {
        push_row(out, compared, telling, pair, row, first, cell);
    }
    if rows.len() > most {
        writeln!(Sentence::new(out, compared.names[0]), "  .. and {} more rows (-v shows all)", Grouped((rows.len() - most) as u64));
    }
}

/// Puts the packets of a conversation into rows: in the order of the left point, and what is right alone where it came.
fn rows(compared: &Compared<'_>, [left, right]: [&[u32]; 2]) -> Vec<Row> {
    let pairing = &compared.hop.pairing;
    let mut rows = Vec::with_capacity(left.len().max(right.len()));
    let mut alone =
        right.iter().copied().filter(|place| matches!(pairing.opposite(1, *place), Opposite::Nothing | Opposite::Twin)).peekable();
    let mut told_recut = HashSet::new();
    for &place in left {
        let sighting = compared.sighting(0, place);
        let there = sighting.and_then(Sighting::timestamp).map(|time| {
            let offset = compared.hop.clock.map_or(0, |clock| clock.at(time));
            Timestamp::from_nanoseconds(time.nanoseconds().saturating_add(offset))
        });
        let opposite = pairing.opposite(0, place);
        let right = match opposite {
            Opposite::One(index) => pairing.pairs.get(index as usize).map(|pair| pair.right),
            Opposite::Recut(index) => pairing.recut.get(index as usize).and_then(|recut| recut.places[1].first().copied()),
            Opposite::Nothing | Opposite::Copy | Opposite::Twin => None,
        };
        let earlier = |other: &u32| match right {
            Some(right) => *other < right,
            None => compared.sighting(1, *other).and_then(Sighting::timestamp).zip(there).is_some_and(|(other, there)| other < there),
        };
        while let Some(other) = alone.next_if(earlier) {
            rows.push(Row { places: [None, Some(other)], mark: Mark::Right });
        }
        match opposite {
            Opposite::One(_) => rows.push(Row { places: [Some(place), right], mark: Mark::Both }),
            Opposite::Recut(index) if told_recut.insert(index) => {
                let Some(recut) = pairing.recut.get(index as usize) else { continue };
                for row in 0..recut.places[0].len().max(recut.places[1].len()) {
                    rows.push(Row { places: recut.places.each_ref().map(|places| places.get(row).copied()), mark: Mark::Recut });
                }
            }
            Opposite::Nothing | Opposite::Twin => rows.push(Row { places: [Some(place), None], mark: Mark::Left }),
            Opposite::Recut(_) | Opposite::Copy => {}
        }
    }
    rows.extend(alone.map(|other| Row { places: [None, Some(other)], mark: Mark::Right }));
    rows
}

fn push_row(
    out: &mut Vec<u8>,
    compared: &Compared<'_>,
    telling: &Telling<'_>,
    pair: &ConversationPair,
    row: &Row,
    first: [Option<Timestamp>; 2],
    cell: usize,
) {
    let mark: &[u8] = match row.mark {
        Mark::Both => b"   ",
        Mark::Recut => b" | ",
        Mark::Left => b" < ",
        Mark::Right => b" > ",
    };
    let begins = out.len();
    for (side, place) in row.places.into_iter().enumerate() {
        if side == 1 {
            out.extend_from_slice(mark);
        }
        let mut text = Vec::new();
        if let Some(sighting) = place.and_then(|place| compared.sighting(side, place)) {
            push_cell(&mut text, compared, side, pair, sighting, first[side], cell, row.mark);
        }
        let length = text.len();
        let alone = matches!((row.mark, side), (Mark::Left, 0) | (Mark::Right, 1));
        let role = if alone { role(side) } else { Role::Address };
        telling.palette.paint(out, role, |out| out.extend_from_slice(&text));
        if side == 0 {
            out.resize(out.len() + cell.saturating_sub(length), b' ');
        }
    }
    while out.len() > begins && out.last() == Some(&b' ') {
        out.pop();
    }
    out.push(b'\n');
}

#[expect(clippy::too_many_arguments, reason = "a cell is where it stands, what it shows and how wide it is")]
fn push_cell(
    out: &mut Vec<u8>,
    compared: &Compared<'_>,
    side: usize,
    pair: &ConversationPair,
    sighting: &Sighting,
    first: Option<Timestamp>,
    cell: usize,
    mark: Mark,
) {
    push_right(out, sighting.frame, 7);
    out.push(b' ');
    push_since(out, sighting.timestamp().zip(first).map(|(time, first)| time.since(first)));
    out.extend_from_slice(b"  ");
    let room = cell.saturating_sub(BEFORE);
    let mut label = Vec::new();
    packet::push_words(&mut label, compared.points[side], sighting, compared.names[side]);
    cut(&mut label, room.saturating_sub(3));
    let line = room.saturating_sub(label.len() + 2);
    // Both ladders have the same end on the left.
    let crossed = side == 1 && pair.is_crossed;
    let is_alone = matches!(mark, Mark::Left | Mark::Right);
    let (towards, back): (&[u8], &[u8]) = if is_alone { (b"x", b"x") } else { (b">", b"<") };
    if (sighting.from() == Side::Originator) != crossed {
        out.extend_from_slice(&label);
        out.push(b' ');
        out.resize(out.len() + line, b'-');
        out.extend_from_slice(towards);
    } else {
        out.extend_from_slice(back);
        out.resize(out.len() + line, b'-');
        out.push(b' ');
        out.extend_from_slice(&label);
    }
}

/// Seconds since the first packet, in 12 columns.
fn push_since(out: &mut Vec<u8>, since: Option<i64>) {
    let mut text = Vec::new();
    match since {
        None => text.push(b'-'),
        Some(since) => {
            if since < 0 {
                text.push(b'-');
            }
            let size = since.unsigned_abs();
            push_padded(&mut text, size / 1_000_000_000, 1);
            text.push(b'.');
            push_padded(&mut text, size % 1_000_000_000 / 1_000, 6);
        }
    }
    out.resize(out.len() + 12_usize.saturating_sub(text.len()), b' ');
    out.extend_from_slice(&text);
}

/// Cuts text of ours that is too long, and says so.
fn cut(text: &mut Vec<u8>, room: usize) {
    if text.len() > room {
        text.truncate(room.saturating_sub(2));
        while std::str::from_utf8(text).is_err() && text.pop().is_some() {}
        text.extend_from_slice(b"..");
    }
}
