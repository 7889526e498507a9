//! The fields of one layer as members of one JSON object, in which no key repeats: what occurs more than once becomes an array.

use super::keys::{FieldTable, KeyText, Keys};
use super::string::{push_base64_string, push_string};
use crate::dissect::{Field, FieldSink, Kind, Span, Value};
use crate::render::number::{push_decimal, push_hex, push_ipv4, push_ipv6, push_mac};
use crate::render::time::Calendar;
use crate::render::value::status_word;
use std::collections::HashMap;
use std::ops::Range;

/// Writes the fields of a layer as they come; one that comes again is kept aside until the layer ends. It keeps its memory and what it knows of
/// each field from layer to layer.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The keys of each field.
    keys_of: FieldTable,
    /// The place of a key in `keys`, by its text.
    places: HashMap<String, usize>,
    keys: Vec<Key>,
    /// The values that a key has beside its first, in the order in which they came.
    others: Vec<Other>,
    /// Those values as JSON, one behind the other.
    values: Vec<u8>,
    /// The keys that have others, each once.
    repeated: Vec<usize>,
    /// What stands behind the first value that gets others, while it is moved.
    tail: Vec<u8>,
    /// Counts the layers, so that what `keys` remembers of an earlier one is known to be old.
    layer: u64,
}

/// A key, and where it stands in the layer that was numbered `layer`.
#[derive(Debug)]
struct Key {
    /// `,"ip.src":`, as it is written.
    text: KeyText,
    layer: u64,
    /// Where its first value was written.
    value: Range<usize>,
    /// The first and the last of its other values.
    others: Option<(usize, usize)>,
}

/// A value of a key that has one already.
#[derive(Debug)]
struct Other {
    /// Where it is in `Members::values`.
    value: Range<usize>,
    /// The next one of the same key.
    next: Option<usize>,
}

impl Members {
    /// Appends the members of a layer as an object, as `describe` tells of them.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, describe: impl FnOnce(&mut Writer<'_>)) {
        self.others.clear();
        self.values.clear();
        self.repeated.clear();
        self.layer += 1;
        let start = out.len();
        describe(&mut Writer { members: self, out });
        // A key brings its own comma: that of the first is the brace.
        match out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => out.push(b'{'),
        }
        if !self.repeated.is_empty() {
            self.gather(out);
        }
        out.push(b'}');
    }

    /// Makes an array of each value that has others.
    fn gather(&mut self, out: &mut Vec<u8>) {
        let Self { repeated, keys, others, values, tail, .. } = self;
        repeated.sort_unstable_by_key(|key| keys[*key].value.start);
        let base = keys[repeated[0]].value.start;
        tail.clear();
        tail.extend_from_slice(&out[base..]);
        out.truncate(base);
        let mut at = 0;
        for key in &*repeated {
            let key = &keys[*key];
            let value = key.value.start - base..key.value.end - base;
            out.extend_from_slice(&tail[at..value.start]);
            out.push(b'[');
            at = value.end;
            out.extend_from_slice(&tail[value]);
            let mut next = key.others.map(|(first, _)| first);
            while let Some(other) = next.map(|index| &others[index]) {
                out.push(b',');
                out.extend_from_slice(&values[other.value.clone()]);
                next = other.next;
            }
            out.push(b']');
        }
        out.extend_from_slice(&tail[at..]);
    }

    fn keys_of(&mut self, field: &'static Field) -> Keys {
        match self.keys_of.get(field) {
            Some(keys) => keys,
            None => {
                // Two fields may share an id, and then share its keys.
                let keys = Keys { plain: self.place(field.id.to_owned()), base64: self.place(format!("{}_base64", field.id)) };
                self.keys_of.insert(field, keys);
                keys
            }
        }
    }

    fn place(&mut self, id: String) -> usize {
        let keys = &mut self.keys;
        *self.places.entry(id).or_insert_with_key(|id| {
            let mut text = vec![b','];
            push_string(&mut text, id);
            text.push(b':');
            keys.push(Key { text: KeyText::new(text), layer: 0, value: 0..0, others: None });
            keys.len() - 1
        })
    }

    /// Puts a value to the others of a key that has one.
    fn add_other(&mut self, key: usize, field: &Field, value: Value<'_>) {
        let (index, start) = (self.others.len(), self.values.len());
        push_value(&mut self.values, field, value);
        self.others.push(Other { value: start..self.values.len(), next: None });
        let known = &mut self.keys[key];
        match &mut known.others {
            Some((_, last)) => self.others[std::mem::replace(last, index)].next = Some(index),
            None => {
                known.others = Some((index, index));
                self.repeated.push(key);
            }
        }
    }
}

/// Writes the members of one layer.
pub(super) struct Writer<'m> {
    members: &'m mut Members,
    out: &'m mut Vec<u8>,
}

impl Writer<'_> {
    fn add(&mut self, field: &'static Field, value: Value<'_>) {
        let Self { members, out } = self;
        let keys = members.keys_of(field);
        let key = if is_base64(&value) { keys.base64 } else { keys.plain };
        let known = &mut members.keys[key];
        if known.layer == members.layer {
            return members.add_other(key, field, value);
        }
        known.text.push_to(out);
        let begin = out.len();
        push_value(out, field, value);
        (known.layer, known.value, known.others) = (members.layer, begin..out.len(), None);
    }
}

impl FieldSink for Writer<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        self.add(field, value);
    }

    fn open(&mut self, group: &'static Field, _: Span, value: Value<'_>) {
        // A heading without a value only holds others together; an object has no place for it.
        if group.kind != Kind::Group || value != Value::Present {
            self.add(group, value);
        }
    }
}

/// Whether a value is written as base64, and under a key that says so.
fn is_base64(value: &Value<'_>) -> bool {
    match value {
        Value::Text(bytes) => str::from_utf8(bytes).is_err(),
        Value::Bytes(_) => true,
        _ => false,
    }
}

fn push_value(out: &mut Vec<u8>, field: &Field, value: Value<'_>) {
    match value {
        Value::Present => out.extend_from_slice(b"true"),
        Value::Boolean(set) => out.extend_from_slice(if set { b"true" } else { b"false" }),
        Value::Number(number) if field.kind == Kind::Checksum => {
            out.extend_from_slice(b"\"0x");
            push_hex(out, number, 4);
            out.push(b'"');
        }
        Value::Number(number) => push_decimal(out, number),
        Value::Mac(address) => quoted(out, |out| push_mac(out, address)),
        Value::Ipv4(address) => quoted(out, |out| push_ipv4(out, address)),
        Value::Ipv6(address) => quoted(out, |out| push_ipv6(out, address)),
        Value::Time(moment) => quoted(out, |out| Calendar::default().push_rfc3339(out, moment)),
        Value::Status(checksum) => quoted(out, |out| out.extend_from_slice(status_word(checksum.status).as_bytes())),
        Value::Text(bytes) => match str::from_utf8(bytes) {
            Ok(text) => push_string(out, text),
            Err(_) => push_base64_string(out, bytes),
        },
        Value::Bytes(bytes) => push_base64_string(out, bytes),
    }
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}
