//! From the bytes of a head to its parts (RFC 9112 sections 2.2 and 5).

use super::head::Span;
use super::start_line::{self, is_token, span};
use super::{Flag, Flags, Head};
use memchr::{memchr, memchr_iter, memrchr};

impl Head {
    /// Reads a head that begins with its start line. Nothing is an error: what is odd is a flag, and the bytes stay as they are.
    /// More than `limit` headers are not told apart.
    #[must_use]
    pub fn parse(bytes: Box<[u8]>, limit: usize) -> (Self, Flags) {
        let mut flags = Flags::default();
        let end = memchr(b'\n', &bytes).unwrap_or(bytes.len());
        let start = start_line::parse(without_return(bytes.get(..end).unwrap_or_default()), &mut flags);
        let headers = headers(&bytes, end.saturating_add(1), limit, &mut flags);
        check_bytes(&bytes, &mut flags);
        let head = Self { bytes, start, headers };
        head.check_host(&mut flags);
        (head, flags)
    }

    /// Reads a head that was cut: of the line in which it was nothing is said, and nothing of what may have stood behind it.
    pub(super) fn parse_cut(bytes: Vec<u8>, limit: usize) -> (Self, Flags) {
        let lines = memrchr(b'\n', &bytes).map_or(0, |last| last.saturating_add(1));
        let (head, mut flags) = Self::parse(bytes.get(..lines).unwrap_or_default().into(), limit);
        if head.get("host").is_none() {
            flags.remove(Flag::HostOdd);
        }
        (Self { bytes: bytes.into(), ..head }, flags)
    }

    /// Reads the fields behind the last chunk (RFC 9112 section 7.1.2).
    #[must_use]
    pub fn parse_trailers(bytes: Box<[u8]>, limit: usize) -> (Self, Flags) {
        let mut flags = Flags::default();
        let headers = headers(&bytes, 0, limit, &mut flags);
        check_bytes(&bytes, &mut flags);
        (Self { bytes, headers, ..Self::default() }, flags)
    }

    /// RFC 9112 section 3.2: a request of HTTP/1.1 has exactly one Host.
    fn check_host(&self, flags: &mut Flags) {
        if let Some(line) = self.request_line() {
            let hosts = self.all("host").count();
            flags.insert_if(Flag::HostOdd, hosts > 1 || hosts == 0 && line.version == b"HTTP/1.1");
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A part of `bytes` without the blanks around it.
fn trimmed(bytes: &[u8], start: usize, end: usize) -> Span {
    let part = bytes.get(start..end).unwrap_or_default();
    let Some(first) = part.iter().position(|byte| !is_blank(*byte)) else { return span(end, end) };
    let last = part.iter().rposition(|byte| !is_blank(*byte)).unwrap_or(first);
    span(start.saturating_add(first), start.saturating_add(last).saturating_add(1))
}

fn headers(bytes: &[u8], from: usize, limit: usize, flags: &mut Flags) -> Box<[[Span; 2]]> {
    let mut found: Vec<[Span; 2]> = Vec::with_capacity(16.min(limit));
    let mut at = from;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = without_return(rest.get(..length).unwrap_or(rest));
        let (start, end) = (at, at.saturating_add(line.len()));
        at = at.saturating_add(length).saturating_add(1);
        match (line.first(), found.last_mut()) {
            (None, _) => break,
            (Some(first), Some([_, value])) if is_blank(*first) => {
                flags.insert(Flag::Folded);
                let more = trimmed(bytes, start, end);
                *value = Span { start: if value.start == value.end { more.start } else { value.start }, end: more.end };
                continue;
            }
            (Some(first), None) if is_blank(*first) => flags.insert(Flag::FoldedFirst),
            (Some(_), _) => {}
        }
        if found.len() == limit {
            flags.insert(Flag::HeadLimit);
            break;
        }
        found.push(header(bytes, line, start, end, flags));
    }
    found.into_boxed_slice()
}

fn header(bytes: &[u8], line: &[u8], start: usize, end: usize, flags: &mut Flags) -> [Span; 2] {
    let Some(colon) = memchr(b':', line) else {
        flags.insert(Flag::NoColon);
        return [trimmed(bytes, start, end), span(end, end)];
    };
    let name = line.get(..colon).unwrap_or_default();
    let spaced = name.last().is_some_and(|byte| is_blank(*byte));
    flags.insert_if(Flag::SpaceBeforeColon, spaced);
    let name_span = trimmed(bytes, start, start.saturating_add(colon));
    let name = bytes.get(name_span.start as usize..name_span.end as usize).unwrap_or_default();
    flags.insert_if(Flag::HeaderNameInvalid, name.is_empty() || !name.iter().copied().all(is_token));
    [name_span, trimmed(bytes, start.saturating_add(colon).saturating_add(1), end)]
}

/// What may stand nowhere in a head, or only before a line feed.
fn check_bytes(bytes: &[u8], flags: &mut Flags) {
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n') || *byte == 0x7f;
    // Without an early end, so that many bytes are looked at in one step.
    flags.insert_if(Flag::ControlCharacter, bytes.iter().fold(false, |found, byte| found | is_control(byte)));
    let line_feeds = memchr_iter(b'\n', bytes).count();
    let pairs = memchr_iter(b'\n', bytes).filter(|at| at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r')).count();
    flags.insert_if(Flag::BareLineFeed, pairs < line_feeds);
    flags.insert_if(Flag::BareCarriageReturn, pairs < memchr_iter(b'\r', bytes).count());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(head: &str) -> Vec<Flag> {
        Head::parse(head.as_bytes().into(), 1_000).1.iter().collect()
    }

    #[test]
    fn order_case_repeats_and_bytes_stay() {
        let (head, flags) = Head::parse(b"HTTP/1.1 200 OK\r\nB: 1\r\na:\t2 \r\nb: \xff\r\nEmpty:\r\n\r\n".as_slice().into(), 1_000);
        let got: Vec<(&[u8], &[u8])> = head.headers().map(|header| (header.name, header.value)).collect();
        assert_eq!(got, [(&b"B"[..], &b"1"[..]), (b"a", b"2"), (b"b", b"\xff"), (b"Empty", b"")]);
        assert_eq!((head.get("EMPTY"), head.get("b"), head.all("b").count(), head.get("c")), (Some(&b""[..]), Some(&b"1"[..]), 2, None));
        assert!(flags.is_empty());
    }

    #[test]
    fn lists_are_joined_over_headers() {
        let (head, _) = Head::parse(b"HTTP/1.1 200 OK\r\nVia: a, b\r\nX: y\r\nvia: ,c,\r\n\r\n".as_slice().into(), 1_000);
        assert_eq!(head.list("Via").collect::<Vec<_>>(), [b"a", b"b", b"c"]);
    }

    #[test]
    fn a_folded_value_keeps_its_bytes() {
        let (head, flags) = Head::parse(b"HTTP/1.1 200 OK\r\nA: x\r\n  y\r\nB:\r\n\tz\r\n\r\n".as_slice().into(), 1_000);
        assert_eq!((head.get("a"), head.get("b")), (Some(&b"x\r\n  y"[..]), Some(&b"z"[..])));
        assert_eq!(flags.iter().collect::<Vec<_>>(), [Flag::Folded]);
    }

    #[test]
    fn what_is_odd_is_flagged() {
        use Flag::*;
        let rows: &[(&str, &[Flag])] = &[
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &[]),
            ("GET / HTTP/1.0\r\n\r\n", &[]),
            ("GET / HTTP/1.1\r\n\r\n", &[HostOdd]),
            ("GET / HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n", &[HostOdd]),
            ("GET / HTTP/1.1\nHost: a\n\n", &[BareLineFeed]),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", &[SpaceBeforeColon]),
            ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", &[FoldedFirst]),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", &[NoColon]),
            ("GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", &[HeaderNameInvalid]),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\0Y: x\r\n\r\n", &[HeaderNameInvalid, ControlCharacter]),
            ("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", &[BareCarriageReturn]),
        ];
        for (head, want) in rows {
            assert_eq!(flags(head), *want, "{head:?}");
        }
    }

    #[test]
    fn headers_beyond_the_limit_stay_bytes() {
        let (head, flags) = Head::parse(b"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n".as_slice().into(), 2);
        assert_eq!((head.headers().len(), head.bytes().len(), flags.contains(Flag::HeadLimit)), (2, 37, true));
    }
}
