//! JSON strings (RFC 8259 section 7).

use super::base64::push_base64;
use crate::render::escape::is_treacherous;
use crate::render::number::push_hex;

/// Appends a string with its quotes. Beside what JSON demands, everything that a terminal would obey is escaped, so that a line of JSON
/// can be looked at as it is.
pub(in crate::render) fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        let mut characters = special.chars();
        if let Some(character) = characters.next() {
            push_character(out, character);
        }
        rest = characters.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

/// Appends a member: bytes under `name` where they are UTF-8, else as base64 under `name_base64`. `name` needs no escapes.
pub(in crate::render) fn push_text_member(out: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    match str::from_utf8(bytes) {
        Ok(text) => {
            out.extend_from_slice(b"\":");
            push_string(out, text);
        }
        Err(_) => {
            out.extend_from_slice(b"_base64\":");
            push_base64_string(out, bytes);
        }
    }
}

/// Appends bytes as a string of base64.
pub(in crate::render) fn push_base64_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    push_base64(out, bytes);
    out.push(b'"');
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

fn push_character(out: &mut Vec<u8>, character: char) {
    match character {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        _ if character.is_ascii_control() || is_treacherous(character) => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(b"\\u");
                push_hex(out, u64::from(*unit), 4);
            }
        }
        _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn string(text: &str) -> String {
        let mut out = Vec::new();
        push_string(&mut out, text);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn what_must_be_escaped_and_what_a_terminal_would_obey() {
        assert_eq!(string("plain"), r#""plain""#);
        assert_eq!(string("\"\\\n\r\t\x1b\x7f"), r#""\"\\\n\r\t\u001b\u007f""#);
        assert_eq!(string("é\u{9b}\u{2028}\u{202e}\u{e0041}"), r#""é\u009b\u2028\u202e\udb40\udc41""#);
    }

    #[test]
    fn what_is_not_text_is_base64_under_a_name_that_says_so() {
        let member = |bytes: &[u8]| {
            let mut out = Vec::new();
            push_text_member(&mut out, "name", bytes);
            String::from_utf8(out).expect("text")
        };
        assert_eq!(member(b"eth0"), r#""name":"eth0""#);
        assert_eq!(member(b"\xff\x00"), r#""name_base64":"/wA=""#);
    }

    proptest! {
        #[test]
        fn a_reader_of_json_gets_back_what_was_written(text: String) {
            prop_assert_eq!(serde_json::from_str::<String>(&string(&text)).expect("JSON"), text);
        }
    }
}
