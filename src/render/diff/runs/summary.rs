//! A comparison in a line, and the sentences for its differences.

use super::{Telling, Told, value, words};
use crate::conversation::Names;
use crate::diff::runs::{Comparison, Difference, DifferenceKind, Field, Hunk, ItemPair, Relation, Run, TalkPair, Value};
use crate::render::name::push_name_port;
use crate::render::sentence::{Counted, Sentence};

/// How much of a value stands in a sentence.
const TEXT_SHOWN: usize = 60;

/// Appends a line: whether they differ, in how much, and where first.
pub fn push_brief(out: &mut Vec<u8>, comparison: &Comparison<'_>, telling: &Telling<'_>) {
    let told = Told { comparison, telling };
    told.push_verdict(out);
    for (place, (field, _)) in comparison.unread.iter().enumerate() {
        let lead = if place == 0 { "; not compared, for a capture lacks bytes: " } else { ", " };
        write!(Sentence::new(out, &Names::default()), "{lead}{}", words::word(*field));
    }
    if comparison.ignored > 0 {
        write!(Sentence::new(out, &Names::default()), "; {} ignored as you asked", Counted(comparison.ignored, "difference"));
    }
    out.push(b'\n');
}

impl Told<'_, '_> {
    /// Whether they differ, as a sentence, without a line feed.
    pub(super) fn push_verdict(&self, out: &mut Vec<u8>) {
        let names = Names::default();
        let sentence = &mut Sentence::new(out, &names);
        let [left, right] = self.telling.titles.map(|title| crate::render::escape::text(title.as_bytes()));
        match self.comparison.relation {
            Relation::Same if self.comparison.runs.iter().all(|run| run.talks.is_empty()) => {
                write!(sentence, "neither {left} nor {right} has a conversation, and their frames are the same: no difference");
            }
            Relation::Same => {
                write!(sentence, "{left} and {right} do the same: no difference");
                if !self.comparison.compares_all() {
                    sentence.say(" in what is compared");
                }
            }
            Relation::Uncompared => {
                write!(
                    sentence,
                    "neither {left} nor {right} has a conversation, so nothing is compared, and their frames are not the same"
                );
            }
            Relation::Different => {
                write!(sentence, "{left} and {right} differ: {}", Counted(self.comparison.count, "difference"));
                if let Some((pair, item, difference)) = self.comparison.first_difference() {
                    sentence.say("; the first: ");
                    push_difference(sentence.out(), difference);
                    sentence.say(" (");
                    push_where(sentence.out(), self.comparison, pair, item);
                    sentence.say(")");
                }
            }
            Relation::Unrelated => {
                write!(sentence, "{left} and {right} are unrelated: ");
                match self.comparison.common_server() {
                    None => sentence.say("no name, no server and nothing that was said is in both"),
                    Some(server) => {
                        sentence.say("the server ");
                        push_name_port(sentence.out(), &names, server.address, server.port);
                        sentence.say(" is in both, but no name and nothing that was said");
                    }
                }
            }
            Relation::Empty([true, true]) => write!(sentence, "neither {left} nor {right} has a conversation"),
            Relation::Empty([true, false]) => {
                write!(sentence, "{left} has no conversation, {right} has {}", conversations(self.comparison.runs[1]))
            }
            Relation::Empty([false, _]) => {
                write!(sentence, "{right} has no conversation, {left} has {}", conversations(self.comparison.runs[0]))
            }
        }
    }
}

fn conversations(run: &Run) -> Counted {
    Counted(run.talks.len() as u64, "conversation")
}

/// Appends what differs, as part of a sentence: `the query parameter id is 1 left and 2 right`.
pub(super) fn push_difference(out: &mut Vec<u8>, difference: &Difference) {
    let names = Names::default();
    let [left, right] = &difference.values;
    let field = difference.field;
    let sentence = &mut Sentence::new(out, &names);
    if let (Field::EchoAnswered, [Value::Flag(answered), Value::Absent] | [Value::Absent, Value::Flag(answered)]) =
        (field, &difference.values)
    {
        sentence.say("echoes are only ");
        sentence.say(if difference.kind == DifferenceKind::Removed { "left" } else { "right" });
        return sentence.say(if *answered { ", and are answered" } else { ", and are not answered" });
    }
    let is_line = field == Field::Line && difference.kind == DifferenceKind::Changed;
    sentence.say(if is_line { "another " } else { "the " });
    push_label(sentence.out(), difference);
    if let [Value::Flag(left), Value::Flag(_)] = difference.values
        && matches!(field, Field::Answered | Field::LookupAnswered | Field::HandshakeAnswered | Field::EchoAnswered)
    {
        return sentence.say(if left { " came left and not right" } else { " came right and not left" });
    }
    if field == Field::Problem {
        return sentence.say(if difference.kind == DifferenceKind::Removed { " is only left" } else { " is only right" });
    }
    let show = |out: &mut Vec<u8>, value| value::push(out, field, value, TEXT_SHOWN);
    match difference.kind {
        DifferenceKind::Changed if difference.hunks.is_empty() => {
            sentence.say(if is_line { ": " } else { " is " });
            show(sentence.out(), left);
            sentence.say(" left and ");
            show(sentence.out(), right);
            sentence.say(" right");
        }
        DifferenceKind::Changed => {
            sentence.say(" differs");
            if let Some(([left, right], lines)) = difference.hunks.first().map(Hunk::first) {
                if left == right {
                    write!(sentence, " in line {left}: ");
                } else {
                    write!(sentence, " in line {left} left, {right} right: ");
                }
                let shows_ends = words::shows_ends(difference);
                for (place, (line, side)) in
                    lines.into_iter().zip(["left", "right"]).filter_map(|(line, side)| Some((line?, side))).enumerate()
                {
                    sentence.say(if place == 0 { "" } else { " and " });
                    words::push_hunk_line(sentence.out(), line, shows_ends, TEXT_SHOWN);
                    sentence.say(if lines.contains(&None) { " is only " } else { " " });
                    sentence.say(side);
                }
            }
        }
        DifferenceKind::Removed => {
            sentence.say(" is only left: ");
            show(sentence.out(), left);
        }
        DifferenceKind::Added => {
            sentence.say(" is only right: ");
            show(sentence.out(), right);
        }
        DifferenceKind::Moved if field == Field::Order => {
            sentence.say(" is the ");
            show(sentence.out(), left);
            sentence.say(". left and the ");
            show(sentence.out(), right);
            sentence.say(". right");
        }
        DifferenceKind::Moved => {
            sentence.say(" stands at another place: ");
            show(sentence.out(), left);
        }
    }
}

/// Appends what it is that differs: `query parameter id`, `response body /items/0/name`.
pub(super) fn push_label(out: &mut Vec<u8>, difference: &Difference) {
    out.extend_from_slice(words::word(difference.field).as_bytes());
    if !difference.name.is_empty() && difference.field != Field::Unread {
        out.push(b' ');
        crate::render::escape::push_text_cut(out, &difference.name, TEXT_SHOWN);
    }
}

/// Appends where something stands: `exchange 1: frames 4-6 | 7-9, conversation 0 | 0`.
pub(super) fn push_where(out: &mut Vec<u8>, comparison: &Comparison<'_>, pair: &TalkPair, item: Option<&ItemPair>) {
    if let Some(item) = item {
        words::push_item_place(out, comparison, item);
        out.extend_from_slice(b", ");
    }
    out.extend_from_slice(b"conversation ");
    words::push_numbers(out, comparison, pair);
}
