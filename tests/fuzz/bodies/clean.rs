//! What must be true of everything that is written, whatever was read.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Text that a terminal may be given: UTF-8 without a character that it obeys, or that changes the order of others.
pub(super) fn text(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what} is not UTF-8: {error}"));
    let obeyed = |c: char| {
        let is_bidirectional = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        (c.is_control() && c != '\n' && c != '\t') || is_bidirectional
    };
    if let Some((at, found)) = text.char_indices().find(|(_, c)| obeyed(*c)) {
        let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
        panic!("{what} holds {found:?} behind {:?}", &text[line..at]);
    }
}

/// Lines of JSON, none of whose objects repeats a key, and which are text too.
pub(super) fn json_lines(what: &str, bytes: &[u8]) {
    text(what, bytes);
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        json(what, line);
    }
}

/// JSON, none of whose objects repeats a key.
pub(super) fn json(what: &str, bytes: &[u8]) {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = NoRepeats.deserialize(&mut reader).and_then(|()| reader.end());
    read.unwrap_or_else(|error| panic!("{what} is not JSON: {error}: {}", String::from_utf8_lossy(bytes)));
}

struct NoRepeats;

impl<'de> DeserializeSeed<'de> for NoRepeats {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NoRepeats {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if let Some(repeated) = keys.replace(key) {
                return Err(A::Error::custom(format!("{repeated} repeats")));
            }
            members.next_value_seed(Self)?;
        }
        Ok(())
    }
}
