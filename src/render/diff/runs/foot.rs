//! What stands below a comparison: what was set apart, what is not compared, what the limits cut off.

use super::summary::push_difference;
use super::{Told, words};
use crate::conversation::Names;
use crate::diff::runs::{Difference, Field, Relation};
use crate::render::escape;
use crate::render::sentence::{Counted, Grouped, Sentence};
use crate::render::style::Role;
use crate::render::wrap;
use std::collections::BTreeMap;

impl Told<'_, '_> {
    /// What was set apart, what is not compared, and what the limits cut off: a paragraph each.
    pub(super) fn push_foot(&self, out: &mut Vec<u8>) {
        for text in [self.beside(), self.apart(), self.unread(), self.limits()] {
            if !text.is_empty() {
                out.push(b'\n');
                let text = String::from_utf8_lossy(&text);
                self.telling.palette.paint(out, Role::Dim, |out| wrap::push(out, &text, 0, self.telling.width));
            }
        }
    }

    /// What differs, in numbers: a line.
    pub(super) fn push_close(&self, out: &mut Vec<u8>) {
        if self.comparison.relation != Relation::Different {
            return;
        }
        let mut counts: BTreeMap<Field, u64> = BTreeMap::new();
        let pairs = &self.comparison.pairs;
        for difference in pairs.iter().flat_map(|pair| pair.differences.iter().chain(pair.items.iter().flat_map(|item| &item.differences)))
        {
            *counts.entry(difference.field).or_default() += 1;
        }
        let names = Names::default();
        let mut text = Vec::new();
        let sentence = &mut Sentence::new(&mut text, &names);
        write!(sentence, "different: {}", Counted(self.comparison.count, "difference"));
        for (place, (field, count)) in counts.iter().enumerate() {
            sentence.say(if place == 0 { ", of " } else { ", " });
            sentence.say(words::word(*field));
            if *count > 1 {
                write!(sentence, " ({})", Grouped(*count));
            }
        }
        out.push(b'\n');
        wrap::push(out, &String::from_utf8_lossy(&text), 0, self.telling.width);
    }

    /// What is told beside differences in conversations that are not shown.
    fn beside(&self) -> Vec<u8> {
        let names = Names::default();
        let mut text = Vec::new();
        let mut counts: BTreeMap<Field, (u64, &Difference)> = BTreeMap::new();
        let hidden = self.comparison.pairs.iter().filter(|pair| !self.telling.all && !pair.differs() && !Self::tells_time(pair));
        for told in hidden.flat_map(|pair| pair.told.iter().chain(pair.items.iter().flat_map(|item| &item.told))) {
            counts.entry(told.field).or_insert((0, told)).0 += 1;
        }
        let sentence = &mut Sentence::new(&mut text, &names);
        for (place, (field, (count, told))) in counts.iter().enumerate() {
            sentence.say(if place == 0 { "Beside that, and counted for nothing: " } else { ", " });
            if *count > 1 {
                sentence.say(words::word(*field));
                write!(sentence, " ({count} times)");
            } else {
                push_difference(sentence.out(), told);
            }
        }
        sentence.say(if counts.is_empty() { "" } else { ". -v shows it." });
        text
    }

    fn apart(&self) -> Vec<u8> {
        let comparison = self.comparison;
        let names = Names::default();
        let mut text = Vec::new();
        let sentence = &mut Sentence::new(&mut text, &names);
        if !comparison.apart.is_empty() {
            sentence.say("Set apart, for it may differ from run to run: ");
            for (place, ((field, name), count)) in comparison.apart.iter().enumerate() {
                sentence.say(if place == 0 { "" } else { ", " });
                sentence.say(words::apart(*field));
                if !name.is_empty() {
                    sentence.say(" ");
                    escape::push_text_cut(sentence.out(), name, 40);
                }
                if *count > 1 {
                    write!(sentence, " ({count} times)");
                }
            }
            sentence.say(". --strict compares it.");
        }
        if comparison.ignored > 0 {
            sentence.say(if comparison.apart.is_empty() { "" } else { " " });
            write!(sentence, "{} ignored as you asked.", Counted(comparison.ignored, "difference"));
        }
        text
    }

    /// What is not compared, and how often it is left and right; what lacks bytes is counted once for both.
    pub(super) fn not_compared(&self) -> Vec<(String, [u64; 2])> {
        let comparison = self.comparison;
        let mut all = Vec::new();
        for (service, counts) in comparison.unread_services() {
            all.push((words::unread(service), counts));
        }
        let hidden = comparison.runs.map(|run| run.talks.iter().filter(|talk| talk.hides_its_certificate()).count() as u64);
        if hidden != [0; 2] {
            all.push(("certificates, which TLS 1.3 encrypts".to_owned(), hidden));
        }
        let outside = comparison.runs.map(|run| run.outside.frames);
        if outside != [0; 2] {
            all.push(("frames that are in no conversation".to_owned(), outside));
        }
        all
    }

    fn unread(&self) -> Vec<u8> {
        let names = Names::default();
        let mut text = Vec::new();
        let sentence = &mut Sentence::new(&mut text, &names);
        for (place, (what, [left, right])) in self.not_compared().into_iter().enumerate() {
            sentence.say(if place == 0 { "Not compared: " } else { ", " });
            write!(sentence, "{what} ({left} | {right})");
        }
        if !text.is_empty() {
            text.push(b'.');
        }
        let lead = if text.is_empty() { "" } else { " " };
        let sentence = &mut Sentence::new(&mut text, &names);
        for (place, (field, count)) in self.comparison.unread.iter().enumerate() {
            write!(
                sentence,
                "{}{}",
                if place == 0 { lead } else { ", " },
                if place == 0 { "A capture lacks bytes, so this is not compared: " } else { "" }
            );
            sentence.say(words::word(*field));
            if *count > 1 {
                write!(sentence, " ({count} times)");
            }
        }
        sentence.say(if self.comparison.unread.is_empty() { "" } else { "." });
        text
    }

    fn limits(&self) -> Vec<u8> {
        let comparison = self.comparison;
        let names = Names::default();
        let mut text = Vec::new();
        let sentence = &mut Sentence::new(&mut text, &names);
        let mut all = Vec::new();
        if comparison.more > 0 {
            all.push(format!("{} not listed: there are too many.", Counted(comparison.more, "difference")));
        }
        for (run, side) in comparison.runs.into_iter().zip(["left", "right"]) {
            let left_out = run.left_out;
            let limits = [
                (left_out.conversations, "conversation"),
                (left_out.items, "exchange, question or line"),
                (left_out.contents, "long content"),
            ];
            for (count, what) in limits.into_iter().filter(|(count, _)| *count > 0) {
                all.push(format!("{} of the {side} capture not compared, to stay within the limits.", Counted(count, what)));
            }
        }
        sentence.say(&all.join(" "));
        text
    }
}
