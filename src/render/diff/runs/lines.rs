//! Lines of dialogues that differ, as `diff -u` shows them.

use super::{Told, words};
use crate::conversation::Names;
use crate::diff::runs::{Item, ItemKind, ItemPair, TalkPair};
use crate::render::sentence::Sentence;
use crate::render::style::Role;

/// How many lines stand around those that differ.
const CONTEXT: usize = 2;
/// How many lines of one conversation are shown.
const SHOWN: usize = 1_000;
/// How many characters of a line.
const TEXT_SHOWN: usize = 400;

impl Told<'_, '_> {
    /// Whether it is a line of a dialogue.
    pub(super) fn is_line(&self, pair: &ItemPair) -> bool {
        [0, 1].into_iter().any(|side| self.comparison.item(pair, side).is_some_and(|item| matches!(item.kind, ItemKind::Line(_))))
    }

    /// The lines of a conversation that differ, with some around them.
    pub(super) fn push_lines(&self, out: &mut Vec<u8>, pair: &TalkPair) {
        let lines: Vec<&ItemPair> = pair.items.iter().filter(|item| self.is_line(item)).collect();
        let differing: Vec<usize> =
            (0..lines.len()).filter(|place| lines.get(*place).is_some_and(|line| !line.differences.is_empty())).collect();
        let mut shown = 0;
        let mut rest = differing.as_slice();
        while let Some(first) = rest.first() {
            let more = rest.iter().zip(rest.iter().skip(1)).take_while(|(one, next)| *next - *one <= 2 * CONTEXT + 1).count();
            let (own, others) = rest.split_at(more + 1);
            rest = others;
            if shown >= SHOWN {
                let names = Names::default();
                let sentence = &mut Sentence::new(out, &names);
                writeln!(sentence, ".. and {} more lines that differ", own.len() + others.len());
                return;
            }
            shown += own.len();
            let last = own.last().unwrap_or(first);
            let around = lines.get(first.saturating_sub(CONTEXT)..(last + CONTEXT + 1).min(lines.len())).unwrap_or_default();
            self.push_hunk(out, around);
        }
    }

    fn push_hunk(&self, out: &mut Vec<u8>, around: &[&ItemPair]) {
        let palette = self.telling.palette;
        palette.paint(out, Role::Network, |out| {
            out.extend_from_slice(b"@@ ");
            let span = |of: &dyn Fn(&ItemPair, usize) -> Option<[u64; 2]>| {
                [0, 1].map(|side| {
                    let all: Vec<[u64; 2]> = around.iter().filter_map(|line| of(line, side)).collect();
                    Some([all.first()?[0], all.last()?[1]])
                })
            };
            let places = span(&|line, side| line.places.get(side).copied().flatten().map(|(_, place)| [place as u64 + 1; 2]));
            out.extend_from_slice(b"lines ");
            words::push_spans(out, places);
            out.extend_from_slice(b": ");
            words::push_frames(out, span(&|line, side| self.comparison.item(line, side).map(|item| item.frames)));
            if let Some(first) = around.first() {
                self.push_item_times(out, first);
            }
            out.extend_from_slice(b" @@");
        });
        out.push(b'\n');
        let mut rest = around;
        while let Some(first) = rest.first() {
            if first.differences.is_empty() {
                if let Some(item) = self.comparison.item(first, 0).or_else(|| self.comparison.item(first, 1)) {
                    self.push_marked(out, b' ', item);
                }
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            // What was said instead stands behind all of what was said.
            let length = rest.iter().take_while(|line| !line.differences.is_empty()).count();
            let (block, others) = rest.split_at(length);
            rest = others;
            for (side, mark) in [(0, b'-'), (1, b'+')] {
                block.iter().filter_map(|line| self.comparison.item(line, side)).for_each(|item| self.push_marked(out, mark, item));
            }
        }
    }

    /// What was said, behind a mark.
    pub(super) fn push_marked(&self, out: &mut Vec<u8>, mark: u8, item: &Item) {
        let write = |out: &mut Vec<u8>| {
            out.push(mark);
            words::push_headline(out, item, TEXT_SHOWN);
        };
        match mark {
            b'-' => self.telling.palette.paint(out, Role::Error, write),
            b'+' => self.telling.palette.paint(out, Role::Application, write),
            _around => write(out),
        }
        out.push(b'\n');
    }
}
