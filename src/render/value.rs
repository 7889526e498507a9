//! A field's value as text, the same in every form that a person reads.

use super::time::Calendar;
use super::{escape, number};
use crate::dissect::{Field, Kind, Status, Value};

/// How many characters or bytes of a value a line shows.
const SHORT_SHOWN: usize = 80;
/// How many characters of a text a tree shows.
const TEXT_SHOWN: usize = 512;
/// How many bytes a tree shows of a value: the dump has all of them.
const BYTES_SHOWN: usize = 20;
/// How many characters a tree quotes of bytes that read as text.
const QUOTATION_SHOWN: usize = 60;

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
        Value::Present => push_label(out, field),
        Value::Number(number) => match field.name_of(number) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                push_label(out, field);
                out.push(b' ');
                push_quantity(out, field, number);
            }
        },
        Value::Boolean(set) => {
            out.extend_from_slice(if set { b"" } else { b"not " });
            push_label(out, field);
        }
        Value::Mac(address) => number::push_mac(out, address),
        Value::Ipv4(address) => number::push_ipv4(out, address),
        Value::Ipv6(address) => number::push_ipv6(out, address),
        Value::Text(text) => {
            push_text(out, field, text, SHORT_SHOWN);
        }
        Value::Bytes(bytes) => {
            for byte in bytes.iter().take(SHORT_SHOWN / 4) {
                number::push_hex_byte(out, *byte);
            }
            if bytes.len() > SHORT_SHOWN / 4 {
                out.extend_from_slice(b"..");
            }
        }
        Value::Time(moment) => Calendar::default().push_rfc3339(out, moment),
        Value::Status(checksum) => out.extend_from_slice(status_word(checksum.status).as_bytes()),
    }
}

/// Appends at most `limit` characters of a field's text, and says whether that was all.
pub fn push_text(out: &mut Vec<u8>, field: &Field, text: &[u8], limit: usize) -> bool {
    if field.presented { escape::push_presented_cut(out, text, limit) } else { escape::push_text_cut(out, text, limit) }
}

/// Appends a field's label as it stands among other words: `session`, but `VLAN`.
pub fn push_label(out: &mut Vec<u8>, field: &Field) {
    match field.label.as_bytes() {
        [first, second, rest @ ..] if second.is_ascii_lowercase() => {
            out.extend([first.to_ascii_lowercase(), *second]);
            out.extend_from_slice(rest);
        }
        label => out.extend_from_slice(label),
    }
}

/// Appends a value as a tree has room for it, without its label: a number with its unit and its name or the names of its bits, all of a
/// text that is not endless, the first bytes of many. A heading has none.
pub fn push_long(out: &mut Vec<u8>, field: &Field, value: Value<'_>) {
    match value {
        Value::Present => {}
        Value::Number(number) => {
            push_quantity(out, field, number);
            if let Some(name) = field.name_of(number) {
                out.extend_from_slice(b" (");
                out.extend_from_slice(name.as_bytes());
                out.push(b')');
            }
            push_bits(out, field, number);
        }
        Value::Boolean(set) => out.extend_from_slice(if set { b"yes" } else { b"no" }),
        Value::Text(b"") => out.extend_from_slice(b"\"\""),
        Value::Text(text) => {
            if !push_text(out, field, text, TEXT_SHOWN) {
                push_rest(out, text.len());
            }
        }
        Value::Bytes(b"") => out.extend_from_slice(b"none"),
        Value::Bytes(bytes) if reads_as_text(bytes) => {
            out.push(b'"');
            let whole = escape::push_text_cut(out, bytes, QUOTATION_SHOWN);
            out.push(b'"');
            if !whole {
                push_rest(out, bytes.len());
            }
        }
        Value::Bytes(bytes) => {
            for (place, byte) in bytes.iter().take(BYTES_SHOWN).enumerate() {
                if place > 0 {
                    out.push(b' ');
                }
                number::push_hex_byte(out, *byte);
            }
            if bytes.len() > BYTES_SHOWN {
                push_rest(out, bytes.len());
            }
        }
        Value::Mac(_) | Value::Ipv4(_) | Value::Ipv6(_) | Value::Time(_) | Value::Status(_) => push_short(out, field, value),
    }
}

/// Whether bytes begin as characters do: then a person reads them more easily than digits. A few may look so by chance.
fn reads_as_text(bytes: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    bytes.len() >= 8 && bytes.iter().take(QUOTATION_SHOWN).all(is_text)
}

/// Appends how long a value is of which only the beginning is shown.
fn push_rest(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(b" .. (");
    number::push_decimal(out, length as u64);
    out.extend_from_slice(b" bytes)");
}

/// Appends ` (SYN, ACK)` where the field's bits have names.
fn push_bits(out: &mut Vec<u8>, field: &Field, number: u64) {
    if field.bits.is_empty() {
        return;
    }
    let mut separator: &[u8] = b" (";
    for (_, name) in field.bits.iter().filter(|(mask, _)| number & mask != 0) {
        out.extend_from_slice(separator);
        out.extend_from_slice(name.as_bytes());
        separator = b", ";
    }
    if separator != b" (" {
        out.push(b')');
    } else if number == 0 {
        out.extend_from_slice(b" (none)");
    }
}

/// Appends a number with its unit, in the singular where there is one of it.
fn push_quantity(out: &mut Vec<u8>, field: &Field, number: u64) {
    push_number(out, field, number);
    if !field.unit.is_empty() {
        out.push(b' ');
        let unit = if number == 1 { field.unit.strip_suffix('s').unwrap_or(field.unit) } else { field.unit };
        out.extend_from_slice(unit.as_bytes());
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

#[cfg(test)]
mod tests {
    use super::*;

    static TEXT: Field = Field::text("a.text", "Text", "");
    static BYTES: Field = Field::bytes("a.bytes", "Bytes", "");
    static LENGTH: Field = Field::number("a.length", "Length", "").unit("bytes");
    static KIND: Field = Field::hexadecimal("a.kind", "Kind", 2, "").names(&[(1, "one")]);
    static FLAGS: Field = Field::hexadecimal("a.flags", "Flags", 3, "").bits(&[(2, "SYN"), (16, "ACK")]);

    fn long(field: &Field, value: Value<'_>) -> String {
        let mut out = Vec::new();
        push_long(&mut out, field, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_have_units_names_and_the_names_of_their_bits() {
        assert_eq!(long(&LENGTH, Value::Number(0)), "0 bytes");
        assert_eq!(long(&LENGTH, Value::Number(1)), "1 byte");
        assert_eq!(long(&KIND, Value::Number(1)), "0x01 (one)");
        assert_eq!(long(&KIND, Value::Number(0x7f)), "0x7f");
        assert_eq!(long(&FLAGS, Value::Number(0x12)), "0x012 (SYN, ACK)");
        assert_eq!(long(&FLAGS, Value::Number(0)), "0x000 (none)");
        assert_eq!(long(&FLAGS, Value::Number(0x400)), "0x400");
    }

    #[test]
    fn long_values_are_cut_and_say_how_long_they_are() {
        assert_eq!(long(&TEXT, Value::Text(b"")), "\"\"");
        assert_eq!(long(&TEXT, Value::Text(&[b'a'; 600])), format!("{} .. (600 bytes)", "a".repeat(512)));
        assert_eq!(long(&BYTES, Value::Bytes(b"")), "none");
        assert_eq!(long(&BYTES, Value::Bytes(&[0xab; 3])), "ab ab ab");
        assert_eq!(long(&BYTES, Value::Bytes(&[0; 21])), format!("{} .. (21 bytes)", ["00"; 20].join(" ")));
    }

    #[test]
    fn bytes_that_read_as_text_are_quoted() {
        assert_eq!(long(&BYTES, Value::Bytes(b"GET / HTTP/1.1\r\n")), "\"GET / HTTP/1.1\\r\\n\"");
        assert_eq!(long(&BYTES, Value::Bytes(b"short")), "73 68 6f 72 74");
        assert_eq!(long(&BYTES, Value::Bytes(&[b'a'; 90])), format!("\"{}\" .. (90 bytes)", "a".repeat(60)));
    }
}
