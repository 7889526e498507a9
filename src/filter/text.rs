//! Strings and bytes as expressions write them.

use std::ops::Range;

/// What stands between the quotes of a string, raw or not.
pub(super) fn inner(written: &str) -> &str {
    written.trim_start_matches('r').strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default()
}

/// The bytes of a string with its escapes undone.
///
/// # Errors
/// The place of an escape that is none.
pub(super) fn unescape(inner: &str) -> Result<Vec<u8>, Range<usize>> {
    let mut bytes = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('\\').unwrap_or(rest.len());
        bytes.extend_from_slice(rest.get(..plain).unwrap_or_default().as_bytes());
        at += plain;
        if let Some(escape) = inner.get(at..).filter(|rest| !rest.is_empty()) {
            let wrong = at..at + 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            at += undo(escape, &mut bytes).ok_or(wrong)?;
        }
    }
    Ok(bytes)
}

/// Undoes the escape at the start of `escape` and says how long it is.
fn undo(escape: &str, bytes: &mut Vec<u8>) -> Option<usize> {
    let digits = |from: usize, most: usize, radix: u32| {
        let rest = escape.get(from..)?;
        let length = rest.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        Some((u32::from_str_radix(rest.get(..length)?, radix).ok()?, from + length))
    };
    let simple = match escape.as_bytes().get(1)? {
        quote @ (b'\'' | b'"' | b'\\') => *quote,
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'x' => {
            let (number, length) = digits(2, 2, 16)?;
            bytes.push(u8::try_from(number).ok()?);
            return Some(length);
        }
        letter @ (b'u' | b'U') => {
            let wanted = if *letter == b'u' { 4 } else { 8 };
            let (number, length) = digits(2, wanted, 16).filter(|(_, length)| *length == 2 + wanted)?;
            bytes.extend_from_slice(char::from_u32(number)?.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(length);
        }
        b'0'..=b'7' => {
            let (number, length) = digits(1, 3, 8)?;
            bytes.push(u8::try_from(number).ok()?);
            return Some(length);
        }
        _ => return None,
    };
    bytes.push(simple);
    Some(2)
}

/// Bytes in hexadecimal: `47:45:54`, `47-45-54`, `47.45.54`, `474554`, one byte `7`.
pub(super) fn hexadecimal(word: &str) -> Option<Vec<u8>> {
    let word = word.strip_prefix("0x").unwrap_or(word);
    if !word.is_ascii() {
        return None;
    }
    let byte = |digits: &str| if digits.starts_with('+') { None } else { u8::from_str_radix(digits, 16).ok() };
    if word.contains([':', '-', '.']) {
        return word.split([':', '-', '.']).map(|part| if part.len() <= 2 { byte(part) } else { None }).collect();
    }
    if word.len() == 1 {
        return byte(word).map(|byte| vec![byte]);
    }
    let (pairs, rest) = word.as_bytes().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|pair| byte(str::from_utf8(pair).ok()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape(r#"a\"\\\n\x48\110\u00e9é"#).unwrap(), "a\"\\\nHH\u{e9}\u{e9}".as_bytes());
        assert_eq!(unescape(r"\xff\377").unwrap(), [255, 255]);
        assert_eq!(unescape(r"ab\dc").unwrap_err(), 2..4);
        assert_eq!(unescape(r"\é").unwrap_err(), 0..3);
        assert_eq!(unescape(r"\400").unwrap_err(), 0..2);
    }

    #[test]
    fn bytes_are_read_in_every_form() {
        for form in ["47:45:54", "47-45-54", "47.45.54", "474554", "0x474554"] {
            assert_eq!(hexadecimal(form).unwrap(), b"GET", "{form}");
        }
        assert_eq!(hexadecimal("a").unwrap(), [10]);
        for form in ["", "GET", "474", "47:", "47:455", "+1"] {
            assert_eq!(hexadecimal(form), None, "{form}");
        }
    }
}
