//! Two runs side by side, as `sdiff` does it.

use super::{Telling, Told, summary, value, words};
use crate::diff::runs::{Comparison, HunkLine, ItemPair, TalkPair, Value};
use crate::render::style::Role;

/// What stands between the two columns.
const BETWEEN: usize = 3;
/// The least that a column has.
const LEAST: usize = 16;

/// Appends both runs beside each other: what is the same, `|` between what differs, `<` and `>` where only one has something.
pub fn push_side_by_side(out: &mut Vec<u8>, comparison: &Comparison<'_>, telling: &Telling<'_>) {
    let told = Told { comparison, telling };
    told.push_head(out);
    for pair in &comparison.pairs {
        if pair.items.is_empty() && pair.differences.is_empty() {
            continue;
        }
        out.push(b'\n');
        told.push_talk_row(out, pair);
        pair.items.iter().for_each(|item| told.push_item_rows(out, item));
    }
    told.push_foot(out);
    told.push_close(out);
}

impl Told<'_, '_> {
    fn push_talk_row(&self, out: &mut Vec<u8>, pair: &TalkPair) {
        let cells = [0, 1].map(|side| {
            let mut cell = Vec::new();
            if let Some(talk) = self.comparison.talk(pair, side) {
                cell.extend_from_slice(b"conversation ");
                crate::render::number::push_decimal(&mut cell, talk.id);
                cell.extend_from_slice(b": ");
                words::push_talk(&mut cell, talk, self.telling.numeric);
            }
            cell
        });
        self.push_row(out, &cells, mark(pair.places.map(|place| place.is_some()), pair.differences.is_empty()), Some(Role::Transport));
        for difference in &pair.differences {
            self.push_difference_row(out, difference);
        }
    }

    fn push_item_rows(&self, out: &mut Vec<u8>, pair: &ItemPair) {
        let cells = [0, 1].map(|side| {
            let mut cell = Vec::new();
            if let Some(item) = self.comparison.item(pair, side) {
                crate::render::number::push_decimal(&mut cell, item.frames[0]);
                cell.push(b' ');
                self.push_item_time(&mut cell, pair, side);
                words::push_headline(&mut cell, item, self.telling.width);
            }
            cell
        });
        let is_in = pair.places.map(|place| place.is_some());
        self.push_row(out, &cells, mark(is_in, pair.differences.is_empty()), None);
        if is_in == [true; 2] {
            let is_line = |difference: &&crate::diff::runs::Difference| difference.field == crate::diff::runs::Field::Line;
            pair.differences
                .iter()
                .filter(|difference| !is_line(difference))
                .for_each(|difference| self.push_difference_row(out, difference));
        }
    }

    fn push_difference_row(&self, out: &mut Vec<u8>, difference: &crate::diff::runs::Difference) {
        let shows_ends = words::shows_ends(difference);
        for hunk in &difference.hunks {
            let lines = |side: usize| hunk.lines.iter().filter(move |line| line.is_in != [true; 2] && line.is_in.get(side) == Some(&true));
            let [left, right] = [0, 1].map(|side| lines(side).collect::<Vec<&HunkLine>>());
            for place in 0..left.len().max(right.len()) {
                let both = [left.get(place), right.get(place)];
                let cells = both.map(|line| {
                    let mut cell = Vec::new();
                    if let Some(line) = line {
                        cell.extend_from_slice(b"  ");
                        words::push_hunk_line(&mut cell, line, shows_ends, self.telling.width);
                    }
                    cell
                });
                self.push_row(out, &cells, mark(both.map(|line| line.is_some()), false), None);
            }
        }
        if !difference.hunks.is_empty() {
            return;
        }
        let cells = difference.values.each_ref().map(|value| {
            let mut cell = Vec::new();
            if !matches!(value, Value::Absent) {
                cell.extend_from_slice(b"  ");
                summary::push_label(&mut cell, difference);
                cell.extend_from_slice(b": ");
                value::push(&mut cell, difference.field, value, self.telling.width);
            }
            cell
        });
        let is_in = difference.values.each_ref().map(|value| !matches!(value, Value::Absent));
        self.push_row(out, &cells, mark(is_in, false), None);
    }

    fn push_row(&self, out: &mut Vec<u8>, cells: &[Vec<u8>; 2], mark: u8, role: Option<Role>) {
        let column = (self.telling.width.saturating_sub(BETWEEN) / 2).max(LEAST);
        let palette = self.telling.palette;
        let [left, right] = cells;
        let roles = match mark {
            b'|' => [Some(Role::Error), Some(Role::Application)],
            b'<' => [Some(Role::Error), None],
            b'>' => [None, Some(Role::Application)],
            _same => [role; 2],
        };
        let paint = |out: &mut Vec<u8>, role: Option<Role>, text: &str| match role {
            Some(role) => palette.paint(out, role, |out| out.extend_from_slice(text.as_bytes())),
            None => out.extend_from_slice(text.as_bytes()),
        };
        let [left, right] = [left, right].map(|cell| cut(cell, column));
        let used = left.chars().count();
        paint(out, roles[0], &left);
        if mark == b' ' && right.is_empty() {
            out.push(b'\n');
            return;
        }
        out.resize(out.len() + column - used + 1, b' ');
        out.push(mark);
        if !right.is_empty() {
            out.push(b' ');
            paint(out, roles[1], &right);
        }
        out.push(b'\n');
    }
}

fn mark(is_in: [bool; 2], is_same: bool) -> u8 {
    match is_in {
        [true, false] => b'<',
        [false, true] => b'>',
        [_, _] if is_same => b' ',
        [_, _] => b'|',
    }
}

/// A cell's text, cut to a column. What is in it was escaped before.
fn cut(cell: &[u8], column: usize) -> String {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim_end();
    if text.chars().count() <= column {
        return text.to_owned();
    }
    let kept: String = text.chars().take(column.saturating_sub(2)).collect();
    kept + ".."
}
