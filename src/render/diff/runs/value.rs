//! What a field holds, for people.

use super::words;
use crate::diff::runs::{Content, Cut, Field, Value};
use crate::dissect::application::dns::table::{RESPONSE_CODES, TYPES};
use crate::dissect::application::tls::{cipher_suite, table};
use crate::render::conversation::cell::{push_count, push_duration, push_grouped};
use crate::render::escape;
use crate::render::name::push_name_port;
use crate::render::number::{push_address, push_decimal, push_hex, push_hex_byte};
use crate::render::time::{Clock, Precision, TimeForm};

/// How many of several are shown in a line of its own, and how many in a sentence.
const SHOWN: [usize; 2] = [8, 3];
/// The most that a value in a sentence has, in characters.
const SENTENCE: usize = 100;

/// Appends a value; of text at most `limit` characters.
pub(super) fn push(out: &mut Vec<u8>, field: Field, value: &Value, limit: usize) {
    let shown = match limit {
        usize::MAX => usize::MAX,
        0..=SENTENCE => SHOWN[1],
        _ => SHOWN[0],
    };
    match value {
        Value::Absent => out.extend_from_slice(b"nothing"),
        Value::Text(text) if text.is_empty() => out.extend_from_slice(b"(empty)"),
        Value::Text(text) | Value::Line { said: text, .. } => {
            if !escape::push_text_cut(out, text, limit) {
                out.extend_from_slice(b"..");
            }
        }
        // Its backslashes are escapes already.
        Value::Json(text) => {
            if !escape::push_presented_cut(out, text, limit) {
                out.extend_from_slice(b"..");
            }
        }
        Value::Number(number) => push_decimal(out, *number),
        Value::Code(code) => push_code(out, field, *code),
        Value::Codes(codes) => push_several(out, codes, shown, |out, code| push_code(out, field, *code)),
        Value::Flag(flag) => out.extend_from_slice(if *flag { b"yes" } else { b"no" }),
        Value::Addresses(addresses) => push_several(out, addresses, shown, |out, address| push_address(out, *address)),
        Value::Endpoint(endpoint) => push_name_port(out, &crate::conversation::Names::default(), endpoint.address, endpoint.port),
        Value::Texts(texts) => push_several(out, texts, shown, |out, text| escape::push_text(out, text)),
        Value::Duration(time) => push_duration(out, *time),
        Value::Moment(moment) => {
            const FRACTION: usize = ".000000".len();
            Clock::new(TimeForm::DateAndTime, Precision::Microseconds).push(out, Some(*moment));
            // Certificates count in seconds.
            if moment.parts().1 == 0 {
                out.truncate(out.len().saturating_sub(FRACTION));
            }
        }
        Value::Outcome(outcome) => out.extend_from_slice(words::outcome(*outcome).as_bytes()),
        Value::State(state) => out.extend_from_slice(words::state(*state).as_bytes()),
        Value::Content(content) => push_content(out, content),
        Value::Part { length, cut: None } => {
            out.extend_from_slice(b"whole (");
            push_count(out, *length, "byte");
            out.push(b')');
        }
        Value::Part { length, cut: Some(Cut { arrived, announced }) } => {
            out.extend_from_slice(b"cut off behind ");
            if let Some(announced) = announced {
                push_grouped(out, *arrived);
                out.extend_from_slice(b" of ");
                push_count(out, *announced, "byte");
            } else {
                push_count(out, *arrived, "byte");
            }
            if length != arrived {
                out.extend_from_slice(b" (");
                push_count(out, *length, "byte");
                out.extend_from_slice(b" without its coding)");
            }
        }
        Value::Bytes { length, sha256 } => {
            push_count(out, *length, "byte");
            if let Some(hash) = sha256 {
                out.extend_from_slice(b", SHA-256 ");
                hash.iter().take(8).for_each(|byte| push_hex_byte(out, *byte));
                out.extend_from_slice(b"..");
            }
        }
    }
}

fn push_content(out: &mut Vec<u8>, content: &Content) {
    push_count(out, content.digest.length, "byte");
}

/// Appends the first `shown` of several, and how many more there are.
fn push_several<T>(out: &mut Vec<u8>, all: &[T], shown: usize, push: impl Fn(&mut Vec<u8>, &T)) {
    for (place, one) in all.iter().take(shown).enumerate() {
        out.extend_from_slice(if place == 0 { b"" } else { b", " });
        push(out, one);
    }
    if all.len() > shown {
        out.extend_from_slice(b" and ");
        push_grouped(out, (all.len() - shown) as u64);
        out.extend_from_slice(b" more");
    }
}

/// A number by its name, where the field has a table of them.
pub(super) fn code_name(field: Field, code: u16) -> Option<&'static str> {
    let tables: [(Field, &[(u64, &'static str)]); 10] = [
        (Field::Lookup, TYPES),
        (Field::ResponseCode, RESPONSE_CODES),
        (Field::TlsVersion, table::VERSIONS),
        (Field::OfferedVersion, table::VERSIONS),
        (Field::CipherSuite, cipher_suite::NAMES),
        (Field::OfferedSuites, cipher_suite::NAMES),
        (Field::SuiteOrder, cipher_suite::NAMES),
        (Field::OfferedGroups, table::GROUPS),
        (Field::GroupOrder, table::GROUPS),
        (Field::Alert, table::ALERTS),
    ];
    let names = tables.iter().find(|(of, _)| *of == field).map_or(&[][..], |(_, names)| names);
    names.iter().find(|(number, _)| *number == u64::from(code)).map(|(_, name)| *name)
}

fn push_code(out: &mut Vec<u8>, field: Field, code: u16) {
    match code_name(field, code) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None if field >= Field::OfferedVersion && field <= Field::CipherSuite => {
            out.extend_from_slice(b"0x");
            push_hex(out, code.into(), 4);
        }
        None => push_decimal(out, code.into()),
    }
}
