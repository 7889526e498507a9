//! Several points along one way: a row a hop, and what became of one packet at each.

use super::translation::{push_rows, rows};
use super::{Compared, Tally, Telling, push_heading, time};
use crate::conversation::Names;
use crate::diff::path::{Path, Step};
use crate::diff::point::Point;
use crate::diff::question::Judgement;
use crate::diff::{Cause, Selection};
use crate::render::escape;
use crate::render::sentence::{Counted, Grouped, Sentence, Took};
use crate::render::style::Role;
use std::collections::BTreeMap;

/// Captures in order along one way.
#[derive(Clone, Copy, Debug)]
pub struct Along<'a> {
    /// What the captures are called.
    pub titles: &'a [String],
    /// What they hold.
    pub points: &'a [Point],
    /// What hosts are called in each.
    pub names: &'a [Names],
    /// What happened between each and the next.
    pub path: &'a Path,
    /// Which differences count.
    pub selection: &'a Selection,
    /// Bytes that differ, by the frames that hold them; of each hop.
    pub excerpts: &'a [super::Excerpts],
    /// Whether they were compared packet by packet because that was asked for.
    pub is_forced: bool,
}

impl<'a> Along<'a> {
    /// A hop, as two captures that were compared; the first is 0.
    #[must_use]
    pub fn hop(&self, at: usize) -> Option<Compared<'a>> {
        let (left, right) = (self.points.get(at)?, self.points.get(at + 1)?);
        let hop = self.path.hops.get(at)?;
        Some(Compared {
            titles: [self.titles.get(at)?, self.titles.get(at + 1)?],
            points: [left, right],
            names: [self.names.get(at)?, self.names.get(at + 1)?],
            hop,
            judgement: Judgement::of(left, right, &hop.pairing),
            is_forced: self.is_forced,
            selection: self.selection,
            excerpts: self.excerpts.get(at)?,
            number: (self.path.hops.len() > 1).then_some(at as u64 + 1),
        })
    }

    /// All hops.
    pub fn hops(&self) -> impl Iterator<Item = Compared<'a>> {
        (0..self.path.hops.len()).filter_map(|at| self.hop(at))
    }

    /// Whether anything differs that counts.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.hops().any(|hop| Tally::of(&hop).differs)
    }
}

const HEADS: [&str; 10] = ["hop", "in both", "lost >", "lost <", "added >", "added <", "routers", "delay >", "delay <", "what changed"];

/// Appends the points, a row a hop, and the tables of addresses.
pub fn push_along(out: &mut Vec<u8>, along: &Along<'_>, telling: &Telling<'_>) {
    let names = Names::default();
    writeln!(Sentence::new(out, &names), "points: the same traffic at {} along its way", Counted(along.points.len() as u64, "place"));
    for (place, (title, point)) in along.titles.iter().zip(along.points).enumerate() {
        let mut sentence = Sentence::new(out, &names);
        write!(sentence, "{} ", place + 1);
        escape::push_message(sentence.out(), title);
        super::head::push_counts(out, point, &names);
    }
    out.push(b'\n');
    let table: Vec<Vec<String>> = along.hops().map(|hop| cells(&hop)).collect();
    let width = |column: usize| {
        let of_rows = table.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        of_rows.chain(HEADS.get(column).map(|head| head.len())).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    telling.palette.paint(out, Role::Dim, |out| push_cells(out, &HEADS, &widths));
    for row in &table {
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        push_cells(out, &row, &widths);
    }
    for hop in along.hops() {
        if hop.hop.translations.is_empty() || !along.selection.counts(&super::translation::NAMES) {
            continue;
        }
        push_heading(out, telling, Role::Warning, |out| {
            write!(Sentence::new(out, &names), "hop {}, translated (nat)", hop_name(&hop));
        });
        push_rows(out, &hop, telling, &rows(&hop.hop.translations));
    }
    push_clocks(out, along, telling);
    if telling.all {
        for hop in along.hops() {
            push_heading(out, telling, Role::Address, |out| write!(Sentence::new(out, &names), "== hop {} ==", hop_name(&hop)));
            super::push(out, &hop, telling);
        }
    } else if along.differs() {
        out.extend_from_slice(b"\n-v tells each hop in full\n");
    }
    out.push(b'\n');
    let differing = along.hops().filter(|hop| Tally::of(hop).differs).count() as u64;
    let role = if differing > 0 { Role::Warning } else { Role::Application };
    telling.palette.paint(out, role, |out| match differing {
        0 => out.extend_from_slice(b"no difference"),
        count => {
            write!(Sentence::new(out, &names), "different: at {} of {}", Grouped(count), Counted(along.path.hops.len() as u64, "hop"));
        }
    });
    out.push(b'\n');
}

/// Appends what the clock of each point shows more than that of the one before, where they do not show the same.
fn push_clocks(out: &mut Vec<u8>, along: &Along<'_>, telling: &Telling<'_>) {
    let differ = |hop: &Compared<'_>| hop.hop.clock.filter(|clock| !time::is_alike(clock));
    let clocks: Vec<_> = along.hops().filter_map(|hop| differ(&hop).map(|clock| (hop, clock))).collect();
    if clocks.is_empty() || !along.selection.counts(&["time"]) {
        return;
    }
    push_heading(out, telling, Role::Address, |out| out.extend_from_slice(b"clocks (no difference by itself)"));
    for (hop, clock) in clocks {
        write!(Sentence::new(out, hop.names[0]), "  hop {}: ", hop_name(&hop));
        time::push_clock(out, &hop, &clock);
    }
}

/// Appends whether captures along a way differ, as one line.
pub fn push_brief_along(out: &mut Vec<u8>, along: &Along<'_>) {
    let parts = |hop: &Compared<'_>| {
        let tally = Tally::of(hop);
        let mut text = Vec::new();
        tally.push_parts(&mut text, hop);
        tally.differs.then(|| format!("hop {}: {}", hop_name(hop), String::from_utf8_lossy(&text)))
    };
    let differing: Vec<String> = along.hops().filter_map(|hop| parts(&hop)).collect();
    let names = Names::default();
    let mut sentence = Sentence::new(out, &names);
    write!(sentence, "points: {}: ", Counted(along.points.len() as u64, "capture"));
    if differing.is_empty() {
        sentence.say("no difference\n");
        return;
    }
    sentence.say("different at ");
    sentence.say(&differing.join("; "));
    sentence.say("\n");
}

/// A hop by the numbers of its points: `1 > 2`.
fn hop_name(hop: &Compared<'_>) -> String {
    let number = hop.number.unwrap_or(1);
    format!("{number} > {}", number + 1)
}

fn push_cells(out: &mut Vec<u8>, cells: &[&str], widths: &[usize]) {
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let spaces = width.saturating_sub(cell.chars().count());
        // Numbers end below each other, words begin there.
        let is_number = column > 0 && column + 1 < HEADS.len();
        if column > 0 {
            out.extend_from_slice(b"  ");
        }
        if is_number {
            out.resize(out.len() + spaces, b' ');
        }
        out.extend_from_slice(cell.as_bytes());
        if !is_number && column + 1 < HEADS.len() {
            out.resize(out.len() + spaces, b' ');
        }
    }
    while out.last() == Some(&b' ') {
        out.pop();
    }
    out.push(b'\n');
}

fn cells(hop: &Compared<'_>) -> Vec<String> {
    let tally = Tally::of(hop);
    let delay = |side: usize| hop.hop.delays[side].map_or_else(|| "-".to_owned(), |delays| Took(delays.median).to_string());
    let routers = hop.hop.routers.iter().map(|routers| routers.routers).max().unwrap_or_default();
    let mut changed: Vec<String> = Vec::new();
    if hop.is_unrelated() {
        changed.push("unrelated".to_owned());
    }
    let unexplained = tally.unexplained.iter().sum::<u64>() + tally.unexplained_changes;
    if unexplained > 0 {
        changed.push(format!("{unexplained} unexplained"));
    }
    let expired = tally.expired.iter().sum::<u64>();
    if expired > 0 {
        changed.push(format!("{} expired", Grouped(expired)));
    }
    let doubled = tally.doubled.iter().sum::<u64>();
    if doubled > 0 {
        changed.push(format!("{doubled} doubled"));
    }
    let number = hop.number.unwrap_or(1);
    for (count, at) in tally.only.into_iter().zip(number..).filter(|(count, _)| *count > 0) {
        changed.push(format!("{} only at {at}", Grouped(count)));
    }
    if tally.relayed > 0 {
        changed.push(format!("{} relayed", Grouped(tally.relayed)));
    }
    if tally.translations > 0 {
        changed.push("nat".to_owned());
    }
    let mut causes: BTreeMap<Cause, Vec<&str>> = BTreeMap::new();
    for change in hop.hop.changes.iter().filter(|change| hop.selection.counts_field(change.field, change.cause)) {
        let fields = causes.entry(change.cause).or_default();
        if change.cause != Cause::Unexplained && !fields.contains(&change.field.id()) {
            fields.push(change.field.id());
        }
    }
    causes.remove(&Cause::Unexplained);
    changed.extend(causes.into_iter().map(|(cause, fields)| format!("{} ({})", cause.word(), fields.join(", "))));
    let outside = [0, 1].map(|side| tally.before_the_beginning[side] + tally.after_the_end[side]);
    let lost = |side: usize| {
        let lost = Grouped(tally.lost[side] + tally.lost_in_part[side]).to_string();
        if outside[side] > 0 { format!("{lost}+{}", Grouped(outside[side])) } else { lost }
    };
    vec![
        hop_name(hop),
        Grouped(hop.hop.pairing.pairs.len() as u64).to_string(),
        lost(0),
        lost(1),
        Grouped(tally.added[1]).to_string(),
        Grouped(tally.added[0]).to_string(),
        routers.to_string(),
        delay(1),
        delay(0),
        changed.join(", "),
    ]
}

/// Whether a packet is at every point, and all of it.
#[must_use]
pub fn is_everywhere(steps: &[Step]) -> bool {
    steps.iter().all(|step| matches!(step, Step::Seen { missing: 0, .. }))
}
