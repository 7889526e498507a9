//! Host files: what `wirelore host` writes, and what `ip -j` prints (`addr`, `link`, `route`, `rule`, `neigh`), one or several of them one
//! after another. Keys that are not known are passed over, host bits in prefixes too; a value that makes no sense is told with its line.

mod entry;
mod error;
mod listing;

#[cfg(test)]
mod tests;

use crate::limits::Limits;
pub use error::HostFileError;

use super::Host;
use listing::Listing;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the first member of our own files says.
const TYPE: &str = "host";

/// One of the JSON values in a file.
enum Document {
    Own(Box<Host>),
    Listing(Listing),
}

/// A host as it stands in a file: with a mark that it is one.
#[derive(Serialize)]
struct Marked<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    host: &'a Host,
}

/// Reads a host file. `name` is what errors call it.
///
/// # Errors
/// The file is too long, is not text, or something in it makes no sense.
pub fn parse_bytes(name: &str, bytes: &[u8]) -> Result<Host, HostFileError> {
    if bytes.len() > Limits::HOST_FILE {
        return Err(HostFileError::TooLong { name: name.to_owned(), limit: Limits::HOST_FILE });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => parse(name, text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
            Err(HostFileError::NotText { name: name.to_owned(), line, byte })
        }
    }
}

/// Reads the text of a host file. `name` is what errors call it.
///
/// # Errors
/// As [`parse_bytes`].
pub fn parse(name: &str, text: &str) -> Result<Host, HostFileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > Limits::HOST_FILE {
        return Err(HostFileError::TooLong { name: name.to_owned(), limit: Limits::HOST_FILE });
    }
    if text.trim().is_empty() {
        return Err(HostFileError::Empty { name: name.to_owned() });
    }
    let mut host = Host::default();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Document>() {
        match document.map_err(|error| nonsense(name, text, &error))? {
            Document::Own(own) => merge(&mut host, *own),
            Document::Listing(listing) => listing.add_to(&mut host),
        }
    }
    host.interfaces.sort_by_key(|interface| interface.index);
    Ok(host)
}

/// A host as a file: JSON in lines, for people too.
#[must_use]
pub fn to_json(host: &Host) -> String {
    let mut text = written(serde_json::to_string_pretty(&Marked { kind: TYPE, host }));
    text.push('\n');
    text
}

/// A host in one line, for a capture.
#[must_use]
pub fn to_compact_json(host: &Host) -> String {
    written(serde_json::to_string(&Marked { kind: TYPE, host }))
}

/// Nothing that a host holds has keys that are no text, which is all that cannot be written.
fn written(json: Result<String, serde_json::Error>) -> String {
    json.unwrap_or_default()
}

fn nonsense(name: &str, text: &str, error: &serde_json::Error) -> HostFileError {
    let said = error.to_string();
    let (line, column) = (error.line().max(1), error.column().max(1));
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = said.strip_suffix(&place).unwrap_or(&said);
    // What reads addresses does not say what it found.
    let problem = match said {
        "invalid IP address syntax" | "invalid IPv4 address syntax" => {
            format!("an address (or prefix) was expected, found {}", value_before(text, line, column))
        }
        said if error.is_eof() => format!("the file is cut short here ({said})"),
        "expected value" => "a value was expected; JSON was expected, as `wirelore host` or `ip -j addr` prints it".to_owned(),
        said if error.is_syntax() => format!("{said}; JSON was expected, as `wirelore host` or `ip -j addr` prints it"),
        said => words(said),
    };
    HostFileError::Nonsense { name: name.to_owned(), line, column, problem }
}

/// What does not fit, in words: `invalid type: integer `3`, expected a sequence` is `a list ([..]) was expected, found the number 3`.
fn words(said: &str) -> String {
    let mismatch = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    if let Some((found, expected)) = mismatch.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("{} was expected, found {}", expected_words(expected), found_words(found));
    }
    match said.strip_prefix("missing field ") {
        Some(field) => format!("{field} is missing before this place"),
        None => said.to_owned(),
    }
}

fn expected_words(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list ([..])",
        "a string" | "a borrowed string" => "text in quotes",
        "a boolean" => "true or false",
        "a map" => "an object ({..})",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "i8" | "i16" | "i32" | "i64" => "a number",
        expected if expected.starts_with("struct ") => "an object ({..})",
        expected => expected,
    }
}

fn found_words(found: &str) -> String {
    let plain = |text: &str| text.trim_matches('`').to_owned();
    match found.split_once(' ') {
        Some(("integer", number)) => format!("the number {}", plain(number)),
        Some(("string", text)) => format!("the text {text}"),
        Some(("boolean", flag)) => plain(flag),
        Some(("floating", rest)) => format!("the number {}", plain(rest.trim_start_matches("point "))),
        _ => match found {
            "sequence" => "a list".to_owned(),
            "map" => "an object".to_owned(),
            other => other.to_owned(),
        },
    }
}

/// The string that ends at a place of the text.
fn value_before(text: &str, line: usize, column: usize) -> &str {
    let line = text.lines().nth(line - 1).unwrap_or_default();
    let before = line.get(..column).unwrap_or(line).trim_end_matches(|c| c != '"').trim_end_matches('"');
    before.rsplit('"').next().unwrap_or_default()
}

/// Adds what another file knows of the same machine.
pub fn merge(host: &mut Host, other: Host) {
    host.name = other.name.or(host.name.take());
    host.system = other.system.or(host.system.take());
    for interface in other.interfaces {
        match host.interfaces.iter_mut().find(|known| known.name == interface.name) {
            Some(known) => listing::complete(known, interface),
            None => host.interfaces.push(interface),
        }
    }
    add_new(&mut host.routes, other.routes);
    add_new(&mut host.rules, other.rules);
    add_new(&mut host.neighbours, other.neighbours);
    add_new(&mut host.names, other.names);
}

/// Adds what is not there yet. Twice the same is the same table listed twice: it is compared by what it prints as, which is quick to look up.
fn add_new<T: PartialEq + fmt::Debug>(known: &mut Vec<T>, new: Vec<T>) {
    if known.is_empty() {
        *known = new;
        return;
    }
    let mut seen: std::collections::HashSet<String> = known.iter().map(|item| format!("{item:?}")).collect();
    known.extend(new.into_iter().filter(|item| seen.insert(format!("{item:?}"))));
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Document;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object as `wirelore host` prints it, or an array as `ip -j` prints it")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Document, A::Error> {
                let host = Host::deserialize(MapAccessDeserializer::new(map))?;
                if host == Host::default() {
                    return Err(serde::de::Error::custom("an object with interfaces, routes or names was expected, found one without"));
                }
                Ok(Document::Own(Box::new(host)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Document, A::Error> {
                Listing::read(seq).map(Document::Listing)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
