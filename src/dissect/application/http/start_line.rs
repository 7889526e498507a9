//! The first line of a message: a request line or a status line (RFC 9112 sections 3 and 4).

use crate::limits::Limits;
use std::ops::Range;

/// The methods of RFC 9110 section 9, RFC 5789, WebDAV (RFC 4918, 3253) and UPnP: known without looking for a version.
const METHODS: &[&[u8]] = &[
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"CONNECT",
    b"TRACE",
    b"PATCH",
    b"PROPFIND",
    b"PROPPATCH",
    b"MKCOL",
    b"COPY",
    b"MOVE",
    b"LOCK",
    b"UNLOCK",
    b"REPORT",
    b"SEARCH",
    b"SUBSCRIBE",
    b"UNSUBSCRIBE",
    b"NOTIFY",
    b"M-SEARCH",
];

/// The parts of a start line, as places in it.
pub(super) enum StartLine {
    /// What a client begins with; an empty version where the segment ends before it.
    Request { method: Range<usize>, target: Range<usize>, version: Range<usize> },
    /// What a server begins with.
    Response { version: Range<usize>, status: Range<usize>, phrase: Range<usize> },
}

/// Whether a segment begins a message: asked of every segment, so the first bytes decide.
pub(super) fn begins_message(bytes: &[u8]) -> bool {
    match bytes {
        [b'H', b'T', b'T', b'P', b'/', digit, ..] => digit.is_ascii_digit(),
        [b'I', b'C', b'Y', b' ', digit, ..] => digit.is_ascii_digit(),
        [first, ..] if first.is_ascii_uppercase() => begins_request(bytes),
        _ => false,
    }
}

fn begins_request(bytes: &[u8]) -> bool {
    let start = bytes.get(..Limits::METHOD_LOOKED_FOR).unwrap_or(bytes);
    let Some(space) = start.iter().position(|byte| *byte == b' ') else { return false };
    let method = start.get(..space).unwrap_or_default();
    if METHODS.contains(&method) {
        // A sentence may begin with one of these words; a target begins in few ways.
        return bytes.get(space.saturating_add(1)).is_none_or(|byte| matches!(byte, b'/' | b'*' | b'h' | b'H') || method == b"CONNECT");
    }
    if !method.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return false;
    }
    let line = bytes.get(..Limits::REQUEST_LINE_LOOKED_FOR).unwrap_or(bytes);
    let Some(end) = line.iter().position(|byte| *byte == b'\n') else { return false };
    let line = line.get(..end).unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    matches!(line, [.., b' ', b'H', b'T', b'T', b'P', b'/', major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit())
}

impl StartLine {
    /// Takes a line apart; `None` where it is neither kind.
    #[expect(clippy::arithmetic_side_effects, reason = "places in the bytes, and one or two more")]
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let space = line.iter().position(|byte| *byte == b' ');
        let end = line.len();
        if line.starts_with(b"HTTP/") || line.starts_with(b"ICY") {
            let version = 0..space.unwrap_or(end);
            let rest = line.get(version.end..)?;
            let status = version.end + rest.iter().take_while(|byte| **byte == b' ').count();
            let status_end = status + line.get(status..)?.iter().take_while(|byte| **byte != b' ').count();
            return Some(Self::Response { version, status: status..status_end, phrase: (status_end + 1).min(end)..end });
        }
        let method = 0..space?;
        let target = method.end + 1;
        // The version is behind the last space: a target with spaces in it is wrong, but it happens.
        let last = line.get(target..)?.iter().rposition(|byte| *byte == b' ').map(|place| target + place);
        let (target, version) = match last {
            Some(last) if line.get(last + 1..)?.starts_with(b"HTTP/") => (target..last, last + 1..end),
            _ => (target..end, end..end),
        };
        Some(Self::Request { method, target, version })
    }
}

/// A number of digits alone.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit & 15)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_by_their_first_line() {
        for line in
            [&b"GET / HTTP/1.1\r\n"[..], b"GET /a", b"BREW /pot HTTP/1.0\n", b"HTTP/1.1 200 OK", b"ICY 200 OK", b"CONNECT a:1 HTTP/1.1"]
        {
            assert!(begins_message(line), "{}", line.escape_ascii());
        }
        for line in
            [&b"GET the book\r\n"[..], b"EHLO mail.example.com\r\n", b"USER a\r\n", b"HTTP", b"\x16\x03\x01", b"Hello / HTTP\r\n", b""]
        {
            assert!(!begins_message(line), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn a_number_is_digits_and_fits() {
        assert_eq!(number(b"404"), Some(404));
        assert_eq!(number(b"-1"), None);
        assert_eq!(number(b"99999999999999999999999"), None);
    }
}
