//! The fields of one layer as members of one JSON object, in which no key repeats: what occurs more than once becomes an array.

use super::string::{push_base64_string, push_string};
use crate::dissect::{Field, FieldSink, Kind, Span, Value};
use crate::render::number::{push_decimal, push_hex, push_ipv4, push_ipv6, push_mac};
use crate::render::time::Calendar;
use crate::render::value::status_word;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Collects the fields of a layer, then writes them. It keeps its memory and what it knows of each field from layer to layer.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The keys of a field, by its address: a field is a static, so that its address stands for it.
    keys_of: HashMap<usize, Keys, BuildHasherDefault<AddressHasher>>,
    /// The place of a key in `keys`, by its text.
    places: HashMap<String, usize>,
    keys: Vec<Key>,
    entries: Vec<Entry>,
    /// The values of all entries, as JSON, one behind the other.
    values: Vec<u8>,
    /// Counts the layers, so that what `keys` remembers of an earlier one is known to be old.
    layer: u64,
}

/// The places in `Members::keys` of the two keys that a field can have.
#[derive(Clone, Copy, Debug)]
struct Keys {
    plain: usize,
    base64: usize,
}

/// A key, and where it stands in the layer that was numbered `layer`.
#[derive(Debug)]
struct Key {
    /// `,"ip.src":`, as it is written.
    text: Vec<u8>,
    layer: u64,
    /// Its last entry there.
    last: usize,
}

/// A value of a field.
#[derive(Debug)]
struct Entry {
    key: usize,
    /// Whether it is the first of its key: the one in whose place all of them are written.
    first: bool,
    /// The next entry of the same key.
    next: Option<usize>,
    /// Where its value ends in `Members::values`; it begins where the one before ends.
    end: usize,
}

impl Members {
    /// Forgets the layer before.
    pub(super) fn begin(&mut self) {
        self.entries.clear();
        self.values.clear();
        self.layer += 1;
    }

    /// Appends the members, with commas between them.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        // A key brings its own comma; the first one goes without.
        let mut comma = 1;
        for (index, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.first) {
            out.extend_from_slice(&self.keys[entry.key].text[comma..]);
            comma = 0;
            if entry.next.is_none() {
                out.extend_from_slice(self.value(index));
                continue;
            }
            out.push(b'[');
            out.extend_from_slice(self.value(index));
            let mut next = entry.next;
            while let Some(index) = next {
                out.push(b',');
                out.extend_from_slice(self.value(index));
                next = self.entries[index].next;
            }
            out.push(b']');
        }
    }

    fn value(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.entries[before].end);
        &self.values[start..self.entries[index].end]
    }

    fn add(&mut self, field: &'static Field, value: Value<'_>) {
        let keys = match self.keys_of.get(&std::ptr::from_ref(field).addr()) {
            Some(keys) => *keys,
            None => self.meet(field),
        };
        let key = match push_value(&mut self.values, field, value) {
            Form::Plain => keys.plain,
            Form::Base64 => keys.base64,
        };
        let index = self.entries.len();
        let known = &mut self.keys[key];
        let first = known.layer != self.layer;
        if !first {
            self.entries[known.last].next = Some(index);
        }
        known.layer = self.layer;
        known.last = index;
        self.entries.push(Entry { key, first, next: None, end: self.values.len() });
    }

    /// Makes the keys of a field that is met for the first time. Two fields may share an id, and then share its keys.
    fn meet(&mut self, field: &'static Field) -> Keys {
        let keys = Keys { plain: self.place(field.id.to_owned()), base64: self.place(format!("{}_base64", field.id)) };
        self.keys_of.insert(std::ptr::from_ref(field).addr(), keys);
        keys
    }

    fn place(&mut self, id: String) -> usize {
        let keys = &mut self.keys;
        *self.places.entry(id).or_insert_with_key(|id| {
            let mut text = vec![b','];
            push_string(&mut text, id);
            text.push(b':');
            keys.push(Key { text, layer: 0, last: 0 });
            keys.len() - 1
        })
    }
}

impl FieldSink for Members {
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

/// Under which of its keys a value belongs.
enum Form {
    Plain,
    Base64,
}

fn push_value(out: &mut Vec<u8>, field: &Field, value: Value<'_>) -> Form {
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
            Err(_) => {
                push_base64_string(out, bytes);
                return Form::Base64;
            }
        },
        Value::Bytes(bytes) => {
            push_base64_string(out, bytes);
            return Form::Base64;
        }
    }
    Form::Plain
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

/// A hash for addresses of statics: they come from the program itself, so that nobody can choose them to collide.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        // Fibonacci hashing: the odd number nearest to 2^64 divided by the golden ratio spreads neighbours over the whole range.
        self.0 = (self.0 ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_right(32)
    }
}
