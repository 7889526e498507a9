//! A field's value as text, the same in every form that a person reads.

use super::time::Calendar;
use super::{escape, number};
use crate::dissect::{Field, Kind, Status, Value};

/// How many characters or bytes of a value a line shows.
const SHORT_LIMIT: usize = 80;

/// The word for what verifying a checksum gave: what JSON, the tree and scripts all say.
#[must_use]
pub const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Good => "good",
        Status::Bad => "bad",
        Status::Unverified => "unverified",
        Status::NotPresent => "not present",
        Status::Illegal => "illegal",
    }
}

/// Appends a value as a line has room for it: the name of a number where it has one, text and bytes up to a limit.
pub fn push_short(out: &mut Vec<u8>, field: &Field, value: Value<'_>) {
    match value {
        Value::Present => out.extend_from_slice(field.label.as_bytes()),
        Value::Number(number) => match field.name_of(number) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                out.extend_from_slice(field.label.as_bytes());
                out.push(b' ');
                push_number(out, field, number);
                if !field.unit.is_empty() {
                    out.push(b' ');
                    out.extend_from_slice(field.unit.as_bytes());
                }
            }
        },
        Value::Boolean(set) => {
            out.extend_from_slice(if set { b"" } else { b"not " });
            out.extend_from_slice(field.label.as_bytes());
        }
        Value::Mac(address) => number::push_mac(out, address),
        Value::Ipv4(address) => number::push_ipv4(out, address),
        Value::Ipv6(address) => number::push_ipv6(out, address),
        Value::Text(text) => {
            escape::push_text_cut(out, text, SHORT_LIMIT);
        }
        Value::Bytes(bytes) => {
            for byte in bytes.iter().take(SHORT_LIMIT / 4) {
                number::push_hex_byte(out, *byte);
            }
            if bytes.len() > SHORT_LIMIT / 4 {
                out.extend_from_slice(b"..");
            }
        }
        Value::Time(moment) => Calendar::default().push_rfc3339(out, moment),
        Value::Status(checksum) => out.extend_from_slice(status_word(checksum.status).as_bytes()),
    }
}

/// Appends a number in the notation of its field, without its name.
pub fn push_number(out: &mut Vec<u8>, field: &Field, number: u64) {
    match field.kind {
        Kind::Hexadecimal(digits) => {
            out.extend_from_slice(b"0x");
            number::push_hex(out, number, usize::from(digits));
        }
        Kind::Checksum => {
            out.extend_from_slice(b"0x");
            number::push_hex(out, number, 4);
        }
        Kind::Group
        | Kind::Decimal
        | Kind::Boolean
        | Kind::Mac
        | Kind::Ipv4
        | Kind::Ipv6
        | Kind::Text
        | Kind::Bytes
        | Kind::Time
        | Kind::Status => number::push_decimal(out, number),
    }
}
