//! The keys of JSON's members: found by the field, copied as they are.

use crate::dissect::Field;
use crate::render::number::push_first;

/// Most keys are at most this long: a copy of a length that the compiler knows is a few instructions, one of any other is a call.
const COMMON: usize = 32;

/// A key as it is written.
#[derive(Debug)]
pub(super) struct KeyText {
    /// With spaces behind it, where it is shorter than [`COMMON`].
    text: Vec<u8>,
    length: usize,
}

impl KeyText {
    /// A key as it is written.
    pub(super) fn new(mut text: Vec<u8>) -> Self {
        let length = text.len();
        text.resize(length.max(COMMON), b' ');
        Self { text, length }
    }

    /// Appends it.
    #[inline]
    pub(super) fn push_to(&self, out: &mut Vec<u8>) {
        match self.text.first_chunk::<COMMON>() {
            Some(text) if self.length <= COMMON => push_first(out, text, self.length),
            _ => out.extend_from_slice(&self.text[..self.length]),
        }
    }
}

/// The places in `Members::keys` of the two keys that a field can have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub(super) plain: usize,
    pub(super) base64: usize,
}

/// What is known of each field, by its address: a field is a static, so that its address stands for it, and nobody can choose addresses that
/// collide. A general map takes twice as long to find one, which counts forty times a frame.
#[derive(Debug)]
pub(super) struct FieldTable {
    /// A power of two of slots, at most half of them taken: a field stands in the first free one from its own on.
    slots: Vec<Option<(&'static Field, Keys)>>,
    taken: usize,
}

impl Default for FieldTable {
    fn default() -> Self {
        Self { slots: vec![None; 512], taken: 0 }
    }
}

impl FieldTable {
    /// The keys of a field that was met.
    #[inline]
    pub(super) fn get(&self, field: &'static Field) -> Option<Keys> {
        let mut slot = self.first_slot(field);
        loop {
            let (known, keys) = self.slots[slot]?;
            if std::ptr::eq(known, field) {
                return Some(keys);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Takes in a field that was not met.
    pub(super) fn insert(&mut self, field: &'static Field, keys: Keys) {
        if 2 * (self.taken + 1) > self.slots.len() {
            let larger = vec![None; 2 * self.slots.len()];
            for (field, keys) in std::mem::replace(&mut self.slots, larger).into_iter().flatten() {
                self.place(field, keys);
            }
        }
        self.taken += 1;
        self.place(field, keys);
    }

    fn place(&mut self, field: &'static Field, keys: Keys) {
        let mut slot = self.first_slot(field);
        while self.slots[slot].is_some() {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = Some((field, keys));
    }

    fn first_slot(&self, field: &'static Field) -> usize {
        // Fibonacci hashing: the odd number nearest to 2^64 divided by the golden ratio spreads neighbours over the whole range.
        let hash = (std::ptr::from_ref(field).addr() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 40) as usize & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_and_no_other() {
        static FIELDS: [Field; 600] = [const { Field::number("a.number", "", "") }; 600];
        let mut table = FieldTable::default();
        for (place, field) in FIELDS.iter().enumerate() {
            assert!(table.get(field).is_none());
            table.insert(field, Keys { plain: place, base64: place + 1 });
        }
        for (place, field) in FIELDS.iter().enumerate() {
            assert!(table.get(field).is_some_and(|keys| (keys.plain, keys.base64) == (place, place + 1)));
        }
    }

    #[test]
    fn a_key_is_written_as_it_is_whatever_its_length() {
        for length in [1, COMMON - 1, COMMON, COMMON + 1, 3 * COMMON] {
            let (text, mut out) = ("k".repeat(length), b"{".to_vec());
            KeyText::new(text.clone().into_bytes()).push_to(&mut out);
            assert_eq!(out, format!("{{{text}").into_bytes());
        }
    }
}
