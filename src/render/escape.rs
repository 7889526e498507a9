//! Bytes from outside as text: the only way by which what a packet, a file name, an interface name or a comment holds reaches a terminal.
//!
//! What a terminal would obey, or an eye could not see, is shown instead: `\x1b` for a byte, `\u{202e}` for a character, `\t`, `\n`, `\r`.
//! A backslash is doubled, so that no packet can pretend that something was escaped.

use super::number::{push_hex, push_hex_byte};

/// Appends bytes that are meant to be characters: UTF-8 as far as they are.
pub fn push_text(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.iter().all(is_plain) {
        return out.extend_from_slice(bytes);
    }
    for chunk in bytes.utf8_chunks() {
        push_characters(out, chunk.valid());
        for byte in chunk.invalid() {
            push_byte(out, *byte);
        }
    }
}

/// Appends at most `limit` characters of what [`push_text`] would append, and says whether that was all. An escape is never cut in two.
pub fn push_text_cut(out: &mut Vec<u8>, bytes: &[u8], limit: usize) -> bool {
    push_cut(out, bytes, limit, push_character)
}

/// The same of text in which backslashes are escapes already (a name of DNS): they are left as they are.
pub fn push_presented_cut(out: &mut Vec<u8>, bytes: &[u8], limit: usize) -> bool {
    push_cut(out, bytes, limit, |out, character| match character {
        '\\' => out.push(b'\\'),
        _ => push_character(out, character),
    })
}

fn push_cut(out: &mut Vec<u8>, bytes: &[u8], limit: usize, push_character: impl Fn(&mut Vec<u8>, char)) -> bool {
    // Four bytes are the most of a character.
    let some = bytes.get(..limit.saturating_mul(4)).unwrap_or(bytes);
    let mut left = limit;
    for chunk in some.utf8_chunks() {
        for character in chunk.valid().chars() {
            if left == 0 {
                return false;
            }
            push_character(out, character);
            left -= 1;
        }
        for byte in chunk.invalid() {
            if left == 0 {
                return false;
            }
            push_byte(out, *byte);
            left -= 1;
        }
    }
    some.len() == bytes.len()
}

/// Appends a message of ours in which something from outside may stand: as [`push_text`], but a backslash is left as it is.
pub fn push_message(out: &mut Vec<u8>, message: &str) {
    for (place, part) in message.split('\\').enumerate() {
        if place > 0 {
            out.push(b'\\');
        }
        push_characters(out, part);
    }
}

/// Bytes as text of their own, for messages: as [`push_text`] appends them.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    push_text(&mut out, bytes);
    String::from_utf8_lossy(&out).into_owned()
}

fn is_plain(byte: &u8) -> bool {
    matches!(byte, b' '..=b'~') && *byte != b'\\'
}

fn push_characters(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(&byte)) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain.as_bytes());
        let mut characters = special.chars();
        if let Some(character) = characters.next() {
            push_character(out, character);
        }
        rest = characters.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
}

fn push_character(out: &mut Vec<u8>, character: char) {
    match character {
        '\t' => out.extend_from_slice(b"\\t"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\0'..='\x1f' | '\x7f' => push_byte(out, character as u8),
        _ if is_treacherous(character) => {
            out.extend_from_slice(b"\\u{");
            push_hex(out, u64::from(u32::from(character)), 1);
            out.push(b'}');
        }
        _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn push_byte(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(b"\\x");
    push_hex_byte(out, byte);
}

/// Whether a character beyond ASCII is one that a terminal obeys or that hides what is there: C1 controls, bidirectional controls, line
/// separators, characters without any width or shape (the joiners of Persian and Indic scripts are let through), tags, noncharacters.
pub(super) fn is_treacherous(character: char) -> bool {
    matches!(
        character,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    ) || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(text(b"plain ~ text"), "plain ~ text");
        assert_eq!(text(b"a\x1b[31mred\x07\x7f"), "a\\x1b[31mred\\x07\\x7f");
        assert_eq!(text(b"tab\tline\r\n"), "tab\\tline\\r\\n");
        assert_eq!(text("C1 \u{9b}31m, \u{202e}txt.exe\u{2066}".as_bytes()), "C1 \\u{9b}31m, \\u{202e}txt.exe\\u{2066}");
        assert_eq!(text(b"\x9b31m caf\xe9"), "\\x9b31m caf\\xe9");
        assert_eq!(text("café 地址 \u{e0041}".as_bytes()), "café 地址 \\u{e0041}");
    }

    #[test]
    fn a_packet_cannot_pretend_an_escape() {
        assert_eq!(text(b"\\x1b"), "\\\\x1b");
        assert_ne!(text(b"\\n"), text(b"\n"));
    }

    #[test]
    fn escapes_of_a_written_form_are_not_escaped_again() {
        let mut out = Vec::new();
        assert!(push_presented_cut(&mut out, b"a\\027\\.b\x1b", 100));
        assert_eq!(out, b"a\\027\\.b\\x1b");
    }

    #[test]
    fn cutting_counts_characters_and_tells() {
        let cut = |bytes: &[u8], limit| {
            let mut out = Vec::new();
            let whole = push_text_cut(&mut out, bytes, limit);
            (String::from_utf8(out).expect("text"), whole)
        };
        assert_eq!(cut(b"four", 4), ("four".into(), true));
        assert_eq!(cut(b"fives", 4), ("five".into(), false));
        assert_eq!(cut("地址\x1b!".as_bytes(), 3), ("地址\\x1b".into(), false));
        assert_eq!(cut(b"\xff\xff\xff", 2), ("\\xff\\xff".into(), false));
        assert_eq!(cut(b"", 0), (String::new(), true));
    }

    proptest! {
        #[test]
        fn nothing_that_is_obeyed_comes_through(bytes: Vec<u8>, characters: String) {
            for input in [bytes.as_slice(), characters.as_bytes()] {
                let shown = text(input);
                prop_assert!(!shown.chars().any(|c| c.is_control() || is_treacherous(c)), "{shown:?}");
                let mut out = Vec::new();
                prop_assert!(push_text_cut(&mut out, input, input.len()));
                prop_assert_eq!(out, shown.as_bytes());
            }
        }

        #[test]
        fn different_bytes_are_shown_differently(a: Vec<u8>, b: Vec<u8>) {
            prop_assert_eq!(a == b, text(&a) == text(&b));
        }
    }
}
