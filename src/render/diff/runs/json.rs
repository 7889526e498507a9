//! A comparison as JSON: a line a difference, and a summary.

use super::summary::push_difference;
use super::{Telling, Told, value};
use crate::diff::runs::{Comparison, Difference, ItemPair, Relation, TalkPair, Value};
use crate::render::json::object::Object;
use crate::render::json::push_string;
use crate::render::number::{push_address, push_decimal, push_hex_byte};
use crate::render::time::Calendar;
use crate::render::{note, number};

/// Appends a line for each difference, for what is told beside them, and a summary.
pub fn push_json(out: &mut Vec<u8>, comparison: &Comparison<'_>, telling: &Telling<'_>) {
    let told = Told { comparison, telling };
    for pair in &comparison.pairs {
        for (differences, counts) in [(&pair.differences, true), (&pair.told, false)] {
            differences.iter().for_each(|difference| told.push_change(out, pair, None, difference, counts));
        }
        for item in &pair.items {
            for (differences, counts) in [(&item.differences, true), (&item.told, false)] {
                differences.iter().for_each(|difference| told.push_change(out, pair, Some(item), difference, counts));
            }
        }
        if pair.differs() {
            told.push_notes(out, pair);
        }
    }
    told.push_summary(out);
}

impl Told<'_, '_> {
    fn push_change(&self, out: &mut Vec<u8>, pair: &TalkPair, item: Option<&ItemPair>, difference: &Difference, counts: bool) {
        let mut object = Object::begin(out);
        object.string("type", "change");
        object.string("kind", difference.kind.word());
        let frames = [0, 1].map(|side| match item {
            Some(item) => self.comparison.item(item, side).map(|item| item.frames),
            None => self.comparison.talk(pair, side).map(|talk| [talk.first_frame; 2]),
        });
        object.object("where", |place| {
            for (name, frames) in ["left", "right"].into_iter().zip(frames) {
                let mut all: Vec<u64> = frames.into_iter().flatten().collect();
                all.dedup();
                place.array(name, all, push_decimal);
            }
        });
        self.push_conversations(&mut object, pair);
        object.string("cause", difference.field.cause().word());
        object.boolean("counts", counts);
        object.string("field", difference.field.id());
        if !difference.name.is_empty() {
            object.text("name", &difference.name);
        }
        for (name, value) in ["left", "right"].into_iter().zip(&difference.values) {
            push_value(&mut object, name, difference, value);
        }
        if !difference.hunks.is_empty() {
            object.objects("hunks", &difference.hunks, |object, hunk| {
                object.number("left_line", hunk.start[0] as u64);
                object.number("right_line", hunk.start[1] as u64);
                object.array("lines", &hunk.lines, |out, line| {
                    let mark = match line.is_in {
                        [true, false] => "-",
                        [false, true] => "+",
                        [_, _] => " ",
                    };
                    let skipped = if line.skipped > 0 { ".." } else { "" };
                    push_string(out, &[mark, skipped, &String::from_utf8_lossy(&line.text)].concat());
                });
            });
        }
        let mut text = Vec::new();
        push_difference(&mut text, difference);
        object.string("text", &String::from_utf8_lossy(&text));
        object.end();
        out.push(b'\n');
    }

    fn push_conversations(&self, object: &mut Object<'_>, pair: &TalkPair) {
        object.object("conversation", |object| {
            for (side, name) in ["left", "right"].into_iter().enumerate() {
                match self.comparison.talk(pair, side) {
                    Some(talk) => object.number(name, talk.id),
                    None => object.name(name).extend_from_slice(b"null"),
                }
            }
        });
    }

    fn push_notes(&self, out: &mut Vec<u8>, pair: &TalkPair) {
        for (side, name) in ["left", "right"].into_iter().enumerate() {
            let (Some(run), Some(places)) = (self.comparison.runs.get(side), pair.notes.get(side)) else { continue };
            for note in places.iter().filter_map(|place| run.notes.get(*place as usize)) {
                let mut object = Object::begin(out);
                object.string("type", "note");
                object.string("side", name);
                self.push_conversations(&mut object, pair);
                note::push_json(object.name("note"), note, self.names(&run.names));
                object.end();
                out.push(b'\n');
            }
        }
    }

    fn push_summary(&self, out: &mut Vec<u8>) {
        let comparison = self.comparison;
        let mut object = Object::begin(out);
        object.string("type", "summary");
        object.string("question", "runs");
        object.string(
            "relation",
            match comparison.relation {
                Relation::Same => "same",
                Relation::Different => "different",
                Relation::Unrelated => "unrelated",
                Relation::Empty(_) => "empty",
                Relation::Uncompared => "uncompared",
            },
        );
        object.number("differences", comparison.count);
        object.number("not_listed", comparison.more);
        object.number("ignored", comparison.ignored);
        object.objects("set_apart", &comparison.apart, |object, ((field, name), count)| {
            object.string("field", field.id());
            if !name.is_empty() {
                object.text("name", name);
            }
            object.number("count", *count);
        });
        object.objects("lacking", &self.comparison.unread, |object, (field, count)| {
            object.string("field", field.id());
            object.number("count", *count);
        });
        object.objects("not_compared", self.not_compared(), |object, (what, counts)| {
            object.string("what", &what);
            for (name, count) in ["left", "right"].into_iter().zip(counts) {
                object.number(name, count);
            }
        });
        for ((name, run), title) in ["left", "right"].into_iter().zip(comparison.runs).zip(self.telling.titles) {
            object.object(name, |object| {
                object.string("capture", title);
                object.number("frames", run.frames);
                object.number("repeated", run.repeated);
                object.number("conversations", run.conversations);
                object.object("left_out", |object| {
                    object.number("conversations", run.left_out.conversations);
                    object.number("items", run.left_out.items);
                    object.number("contents", run.left_out.contents);
                });
            });
        }
        let mut text = Vec::new();
        self.push_verdict(&mut text);
        object.string("text", &String::from_utf8_lossy(&text));
        object.end();
        out.push(b'\n');
    }
}

fn push_value(object: &mut Object<'_>, name: &str, difference: &Difference, value: &Value) {
    match value {
        Value::Absent => object.name(name).extend_from_slice(b"null"),
        Value::Text(text) | Value::Json(text) | Value::Line { said: text, .. } => object.text(name, text),
        Value::Number(number) => object.number(name, *number),
        Value::Code(code) => match value::code_name(difference.field, *code) {
            Some(word) => object.string(name, word),
            None => object.number(name, (*code).into()),
        },
        Value::Codes(codes) => object.array(name, codes, |out, code| match value::code_name(difference.field, *code) {
            Some(word) => push_string(out, word),
            None => number::push_decimal(out, (*code).into()),
        }),
        Value::Flag(flag) => object.boolean(name, *flag),
        Value::Addresses(addresses) => object.array(name, addresses, |out, address| {
            out.push(b'"');
            push_address(out, *address);
            out.push(b'"');
        }),
        Value::Texts(texts) => object.array(name, texts, |out, text| push_string(out, &String::from_utf8_lossy(text))),
        Value::Duration(time) => {
            // Milliseconds, as everywhere.
            let out = object.name(name);
            let time = time.unsigned_abs() / 1_000;
            number::push_decimal(out, time / 1_000);
            out.push(b'.');
            number::push_padded(out, time % 1_000, 3);
        }
        Value::Moment(moment) => {
            let out = object.name(name);
            out.push(b'"');
            Calendar::default().push_rfc3339(out, *moment);
            out.push(b'"');
        }
        Value::Content(content) => object.object(name, |object| object.number("length", content.digest.length)),
        Value::Part { length, cut } => object.object(name, |object| {
            object.number("length", *length);
            object.boolean("whole", cut.is_none());
            if let Some(cut) = cut {
                object.number("arrived", cut.arrived);
                if let Some(announced) = cut.announced {
                    object.number("announced", announced);
                }
            }
        }),
        Value::Bytes { length, sha256 } => object.object(name, |object| {
            object.number("length", *length);
            if let Some(hash) = sha256 {
                let out = object.name("sha256");
                out.push(b'"');
                hash.iter().for_each(|byte| push_hex_byte(out, *byte));
                out.push(b'"');
            }
        }),
        Value::Endpoint(_) | Value::Outcome(_) | Value::State(_) => {
            let mut text = Vec::new();
            value::push(&mut text, difference.field, value, usize::MAX);
            object.string(name, &String::from_utf8_lossy(&text));
        }
    }
}
