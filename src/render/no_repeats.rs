//! For tests: JSON that is refused where a key repeats, which `serde_json` itself lets pass.

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Reads any JSON and refuses a key that repeats in its object.
struct NoRepeats;

impl<'de> serde::de::DeserializeSeed<'de> for NoRepeats {
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
                return Err(serde::de::Error::custom(format!("{repeated} repeats")));
            }
            members.next_value_seed(Self)?;
        }
        Ok(())
    }
}

/// Whether a line is JSON of which no object repeats a key.
pub(crate) fn check(line: &str) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(line);
    serde::de::DeserializeSeed::deserialize(NoRepeats, &mut reader)?;
    reader.end()
}

#[test]
fn the_check_itself_finds_a_repeated_key() {
    assert!(check(r#"{"a":[{"b":1,"b":2}]}"#).is_err());
    assert!(check(r#"{"a":[{"b":1},{"b":2}]}"#).is_ok());
}
