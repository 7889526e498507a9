//! The report: like `diff -u`, with the frames of both.

use super::summary::{push_difference, push_label, push_where};
use super::{Telling, Told, value, words};
use crate::conversation::Names;
use crate::diff::runs::{Comparison, Difference, DifferenceKind, Field, ItemPair, Relation, Run, TalkPair};
use crate::render::escape;
use crate::render::note;
use crate::render::sentence::{Counted, Grouped, Sentence};
use crate::render::style::Role;
use crate::render::wrap;
use std::collections::BTreeMap;

/// How many characters of a value stand in a line.
pub(super) const TEXT_SHOWN: usize = 400;
/// How many things that only one run has are listed of one conversation.
const ALONE: usize = 200;
/// How many lines of a text that differs.
const LINES: usize = 40;

/// Appends the report.
pub fn push(out: &mut Vec<u8>, comparison: &Comparison<'_>, telling: &Telling<'_>) {
    let told = Told { comparison, telling };
    told.push_head(out);
    for pair in &comparison.pairs {
        let has_told = told.tells_more(pair);
        let is_told = has_told && (telling.all || Told::tells_time(pair));
        if pair.differs() || is_told {
            told.push_talk(out, pair);
        }
    }
    told.push_foot(out);
    told.push_close(out);
}

impl Told<'_, '_> {
    /// Whether something is told beside what differs in a conversation.
    pub(super) fn tells_more(&self, pair: &TalkPair) -> bool {
        !pair.told.is_empty() || pair.items.iter().any(|item| !item.told.is_empty())
    }

    /// Whether one of that is a time.
    pub(super) fn tells_time(pair: &TalkPair) -> bool {
        pair.told.iter().chain(pair.items.iter().flat_map(|item| &item.told)).any(Self::is_time)
    }

    /// How many of something are shown, or how much of it: all where that was asked for.
    pub(super) fn limit(&self, usual: usize) -> usize {
        if self.telling.all { usize::MAX } else { usual }
    }

    pub(super) fn is_time(difference: &Difference) -> bool {
        difference.field.cause() == crate::diff::Cause::Time
    }

    /// What both captures are, and whether they differ.
    pub(super) fn push_head(&self, out: &mut Vec<u8>) {
        let palette = self.telling.palette;
        for ((side, run), title) in ["--- ", "+++ "].into_iter().zip(self.comparison.runs).zip(self.telling.titles) {
            let role = if side == "--- " { Role::Error } else { Role::Application };
            palette.paint(out, role, |out| {
                out.extend_from_slice(side.as_bytes());
                escape::push_text(out, title.as_bytes());
            });
            out.extend_from_slice(b": ");
            push_run(out, run);
            out.push(b'\n');
        }
        let mut text = Vec::new();
        match (self.comparison.relation, self.comparison.first_difference()) {
            (Relation::Different, Some((pair, item, difference))) => {
                text.extend_from_slice(b"First difference: ");
                push_difference(&mut text, difference);
                text.extend_from_slice(b" (");
                push_where(&mut text, self.comparison, pair, item);
                text.extend_from_slice(b").");
            }
            (_, _) => {
                self.push_verdict(&mut text);
                text.push(b'.');
            }
        }
        wrap::push(out, &String::from_utf8_lossy(&text), 0, self.telling.width);
    }

    fn push_talk(&self, out: &mut Vec<u8>, pair: &TalkPair) {
        let palette = self.telling.palette;
        out.push(b'\n');
        palette.paint(out, Role::Transport, |out| {
            out.extend_from_slice(b"=== conversation ");
            words::push_numbers(out, self.comparison, pair);
            out.extend_from_slice(b": ");
            let talks = [0, 1].map(|side| self.comparison.talk(pair, side));
            let texts = talks.map(|talk| {
                let mut text = Vec::new();
                talk.into_iter().for_each(|talk| words::push_talk(&mut text, talk, self.telling.numeric));
                text
            });
            match &texts {
                [left, right] if right.is_empty() || left == right => out.extend_from_slice(left),
                [left, right] if left.is_empty() => out.extend_from_slice(right),
                [left, right] => {
                    out.extend_from_slice(left);
                    out.extend_from_slice(b" | ");
                    out.extend_from_slice(right);
                }
            }
            out.extend_from_slice(match pair.places {
                [Some(_), None] => b", only left",
                [None, Some(_)] => b", only right",
                [_, _] => b"",
            });
            if !pair.differences.is_empty() {
                out.extend_from_slice(b", from ");
                words::push_frames(out, talks.map(|talk| talk.map(|talk| [talk.first_frame; 2])));
                out.extend_from_slice(b" on");
                self.push_talk_times(out, pair);
            }
        });
        out.push(b'\n');
        pair.differences.iter().for_each(|difference| self.push_changes(out, difference));
        self.push_lines(out, pair);
        let mut alone = 0;
        for item in pair.items.iter().filter(|item| !self.is_line(item)) {
            let has_time = item.told.iter().any(Self::is_time);
            if item.differences.is_empty() && !has_time && (item.told.is_empty() || !self.telling.all) {
                continue;
            }
            alone += usize::from(item.places.contains(&None));
            if alone <= self.limit(ALONE) {
                self.push_item(out, item);
            }
        }
        if alone > self.limit(ALONE) {
            let names = Names::default();
            let sentence = &mut Sentence::new(out, &names);
            writeln!(sentence, ".. and {} more that only one of them has", alone - ALONE);
        }
        pair.told.iter().for_each(|told| self.push_note(out, told));
        for (side, word) in ["left", "right"].into_iter().enumerate() {
            let (Some(run), Some(places)) = (self.comparison.runs.get(side), pair.notes.get(side)) else { continue };
            for note in places.iter().filter_map(|place| run.notes.get(*place as usize)) {
                out.extend_from_slice(b"  only ");
                out.extend_from_slice(word.as_bytes());
                out.extend_from_slice(b": ");
                note::push_line(out, note, self.names(&run.names), palette);
            }
        }
    }

    fn push_item(&self, out: &mut Vec<u8>, pair: &ItemPair) {
        let palette = self.telling.palette;
        let items = [0, 1].map(|side| self.comparison.item(pair, side));
        palette.paint(out, Role::Network, |out| {
            out.extend_from_slice(b"@@ ");
            words::push_item_place(out, self.comparison, pair);
            self.push_item_times(out, pair);
            out.extend_from_slice(b" @@");
        });
        if let [Some(item), Some(_)] = &items {
            out.push(b' ');
            words::push_headline(out, item, 80);
        }
        out.push(b'\n');
        match items {
            [Some(_), Some(_)] => pair.differences.iter().for_each(|difference| self.push_changes(out, difference)),
            [left, right] => {
                left.into_iter().for_each(|item| self.push_marked(out, b'-', item));
                right.into_iter().for_each(|item| self.push_marked(out, b'+', item));
            }
        }
        pair.told
            .iter()
            .filter(|told| Self::is_time(told) || !pair.differences.is_empty() || self.telling.all)
            .for_each(|told| self.push_note(out, told));
    }

    /// Lines for a difference: `-` as it is left, `+` as it is right.
    fn push_changes(&self, out: &mut Vec<u8>, difference: &Difference) {
        let palette = self.telling.palette;
        if !difference.hunks.is_empty() {
            return self.push_hunks(out, difference);
        }
        if difference.kind == DifferenceKind::Moved {
            out.extend_from_slice(b" ");
            push_difference(out, difference);
            out.push(b'\n');
            return;
        }
        for (value, (mark, role)) in difference.values.iter().zip([("-", Role::Error), ("+", Role::Application)]) {
            if matches!(value, crate::diff::runs::Value::Absent) {
                continue;
            }
            palette.paint(out, role, |out| {
                out.extend_from_slice(mark.as_bytes());
                push_label(out, difference);
                if difference.field != Field::Problem {
                    out.extend_from_slice(b": ");
                    value::push(out, difference.field, value, self.limit(TEXT_SHOWN));
                }
            });
            out.push(b'\n');
        }
    }

    fn push_hunks(&self, out: &mut Vec<u8>, difference: &Difference) {
        let palette = self.telling.palette;
        let shows_ends = words::shows_ends(difference);
        let mut room = self.limit(LINES);
        for (place, hunk) in difference.hunks.iter().enumerate() {
            if room == 0 {
                let lines = difference.hunks.iter().skip(place).map(|hunk| hunk.lines.len() as u64).sum::<u64>();
                return Self::push_more_lines(out, lines);
            }
            palette.paint(out, Role::Network, |out| {
                let names = Names::default();
                let sentence = &mut Sentence::new(out, &names);
                sentence.say(" ");
                push_label(sentence.out(), difference);
                write!(sentence, ", line {} | {}", hunk.start[0], hunk.start[1]);
            });
            out.push(b'\n');
            let shown = hunk.lines.len().min(room);
            room -= shown;
            for line in hunk.lines.iter().take(shown) {
                let (mark, role) = match line.is_in {
                    [true, false] => (b'-', Some(Role::Error)),
                    [false, true] => (b'+', Some(Role::Application)),
                    [_, _] => (b' ', None),
                };
                let write = |out: &mut Vec<u8>| {
                    out.push(mark);
                    words::push_hunk_line(out, line, shows_ends, self.limit(TEXT_SHOWN));
                };
                match role {
                    Some(role) => palette.paint(out, role, write),
                    None => write(out),
                }
                out.push(b'\n');
            }
            if shown < hunk.lines.len() {
                let lines = difference.hunks.iter().skip(place).map(|hunk| hunk.lines.len() as u64).sum::<u64>();
                return Self::push_more_lines(out, lines - shown as u64);
            }
        }
    }

    fn push_more_lines(out: &mut Vec<u8>, lines: u64) {
        writeln!(Sentence::new(out, &Names::default()), " .. and {} (-v shows all)", Counted(lines, "more line"));
    }

    /// What is told beside the differences.
    fn push_note(&self, out: &mut Vec<u8>, told: &Difference) {
        self.telling.palette.paint(out, Role::Dim, |out| {
            out.extend_from_slice(b"  beside that, ");
            push_difference(out, told);
        });
        out.push(b'\n');
    }
}

/// A run in numbers.
fn push_run(out: &mut Vec<u8>, run: &Run) {
    let names = Names::default();
    let sentence = &mut Sentence::new(out, &names);
    write!(sentence, "{}, {}", Counted(run.frames, "frame"), Counted(run.conversations, "conversation"));
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for item in run.talks.iter().flat_map(|talk| &talk.items) {
        *counts.entry(words::item_word(item.kind)).or_default() += 1;
    }
    for ((one, many), count) in counts {
        write!(sentence, ", {count} {}", if count == 1 { one } else { many });
    }
    match run.repeated {
        0 => {}
        1 => sentence.say("; 1 frame is there twice and counts once"),
        repeated => write!(sentence, "; {} frames are there twice and count once", Grouped(repeated)),
    }
}
