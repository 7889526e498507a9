//! Start lines: what looks like one, and where its parts stand (RFC 9112 sections 3 and 4), read as leniently as the most lenient reader.

use super::head::{Span, StartSpans};
use super::{Flag, Flags};
use crate::limits::Limits;

/// The registry of RFC 9110 section 16.1.1.
const METHODS: [&[u8]; 40] = [
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"CONNECT",
    b"PATCH",
    b"TRACE",
    b"ACL",
    b"BASELINE-CONTROL",
    b"BIND",
    b"CHECKIN",
    b"CHECKOUT",
    b"COPY",
    b"LABEL",
    b"LINK",
    b"LOCK",
    b"MERGE",
    b"MKACTIVITY",
    b"MKCALENDAR",
    b"MKCOL",
    b"MKREDIRECTREF",
    b"MKWORKSPACE",
    b"MOVE",
    b"ORDERPATCH",
    b"PRI",
    b"PROPFIND",
    b"PROPPATCH",
    b"QUERY",
    b"REBIND",
    b"REPORT",
    b"SEARCH",
    b"UNBIND",
    b"UNCHECKOUT",
    b"UNLINK",
    b"UNLOCK",
    b"UPDATE",
    b"UPDATEREDIRECTREF",
    b"VERSION-CONTROL",
];

/// What a start line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StartLine {
    /// A request with a version.
    Request,
    /// A request of HTTP/0.9: the line is all of it.
    Request09,
    /// An answer.
    Status,
}

/// Whether a byte may stand in a token (RFC 9110 section 5.6.2).
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~')
}

/// The spaces that some readers take for separators in a start line (RFC 9112 sections 3 and 4).
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b'\r')
}

fn begins_version(word: &[u8]) -> bool {
    word.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case(b"HTTP/"))
}

fn is_icy(line: &[u8]) -> bool {
    line.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case(b"ICY "))
}

/// A line without its spaces at the end.
fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last.saturating_add(1));
    line.get(..end).unwrap_or_default()
}

/// Where the last word of a line begins.
fn last_word(line: &[u8]) -> usize {
    line.iter().rposition(|byte| is_space(*byte)).map_or(0, |space| space.saturating_add(1))
}

/// What a line begins; `None` where it is none that HTTP/1 has.
pub(super) fn classify(line: &[u8]) -> Option<StartLine> {
    let line = trim_end(line);
    if begins_version(line) || is_icy(line) {
        return Some(StartLine::Status);
    }
    let method_end = line.iter().position(|byte| is_space(*byte)).filter(|end| *end > 0)?;
    let last = last_word(line);
    if last > method_end && begins_version(line.get(last..)?) {
        return Some(StartLine::Request);
    }
    let (method, target) = (line.get(..method_end)?, line.get(last..)?);
    let old = method == b"GET" && last == method_end.saturating_add(1) && (target.starts_with(b"/") || target.starts_with(b"http://"));
    old.then_some(StartLine::Request09)
}

/// How sure it is that a message begins here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    /// The last message of the stream ended here.
    Message,
    /// A stream begins here, of whatever protocol.
    Stream,
    /// A segment begins here, somewhere in a stream.
    Segment,
}

/// Who says it, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    Unknown,
    Client,
    Server,
}

/// How much of a line [`could_begin`] looks at for its first word.
const FIRST: usize = Limits::METHOD + 1;

/// Whether a line that begins so could be a start line. What is refused stays refused, however the line goes on.
pub(super) fn could_begin(line: &[u8], expectation: Expectation, speaker: Speaker) -> bool {
    let first = line.get(..FIRST).unwrap_or(line);
    let begins = |name: &[u8]| first.iter().zip(name).all(|(byte, of_name)| byte.eq_ignore_ascii_case(of_name));
    let status =
        begins(b"ICY 200") || begins(b"HTTP/") && (expectation == Expectation::Message || first.get(5).is_none_or(u8::is_ascii_digit));
    match speaker {
        Speaker::Server => return status,
        Speaker::Unknown if status => return true,
        Speaker::Unknown | Speaker::Client => {}
    }
    let word_end = first.iter().position(|byte| is_space(*byte));
    let word = first.get(..word_end.unwrap_or(first.len())).unwrap_or_default();
    let of_method = |byte: &u8| match expectation {
        Expectation::Message => byte.is_ascii_graphic(),
        Expectation::Stream => is_token(*byte),
        Expectation::Segment => matches!(byte, b'A'..=b'Z' | b'-' | b'_'),
    };
    word.len() < FIRST && (word_end.is_none() || !word.is_empty()) && word.iter().all(of_method)
}

/// Whether bytes may stand in a start line: no control characters but the spaces that some readers take.
pub(super) fn may_stand(part: &[u8]) -> bool {
    part.iter().all(|byte| *byte >= b' ' && *byte != 0x7f || is_space(*byte))
}

/// What a line begins that was cut at the limit, and with it its version.
pub(super) fn classify_cut(line: &[u8], of_reader: Flags) -> Option<StartLine> {
    let method = line.split(|byte| is_space(*byte)).next()?;
    (of_reader.contains(Flag::LineLimit) && METHODS.contains(&method)).then_some(StartLine::Request)
}

/// The parts of a line that [`classify`] knows, which begins at 0.
pub(super) fn parse(line: &[u8], flags: &mut Flags) -> StartSpans {
    match classify(line) {
        Some(StartLine::Status) => status(line, flags),
        Some(StartLine::Request) => {
            let trimmed = trim_end(line);
            let version = last_word(trimmed)..trimmed.len();
            let version_bytes = trimmed.get(version.clone()).unwrap_or_default();
            check_version(version_bytes, flags);
            let before = trimmed.get(..version.start).unwrap_or_default();
            request(before, trimmed.len() < line.len(), version, flags)
        }
        Some(StartLine::Request09) => {
            let trimmed = trim_end(line);
            let end = trimmed.len();
            request(trimmed, end < line.len(), end..end, flags)
        }
        // Cut at the limit: see `classify_cut`.
        None if METHODS.iter().any(|method| line.strip_prefix(*method).and_then(|rest| rest.first()) == Some(&b' ')) => {
            request(line, false, line.len()..line.len(), flags)
        }
        None => StartSpans::None,
    }
}

/// `before` is what stands before the version.
fn request(before: &[u8], odd: bool, version: std::ops::Range<usize>, flags: &mut Flags) -> StartSpans {
    let method_end = before.iter().position(|byte| is_space(*byte)).unwrap_or(before.len());
    let method = before.get(..method_end).unwrap_or_default();
    if !method.iter().copied().all(is_token) {
        flags.insert(Flag::MethodInvalid);
    } else if !METHODS.contains(&method) {
        flags.insert(Flag::MethodUnknown);
    }
    let target_end = trim_end(before).len().max(method_end);
    let target_start = skip_spaces(before, method_end).min(target_end);
    let target = before.get(target_start..target_end).unwrap_or_default();
    let one_space = |from: usize, to: usize| before.get(from..to) == Some(b" ");
    let behind = version.is_empty() || one_space(target_end, before.len());
    flags.insert_if(
        Flag::StartLineSpaces,
        odd || !one_space(method_end, target_start) || !behind || target.iter().any(|byte| is_space(*byte)),
    );
    StartSpans::Request { method: span(0, method_end), target: span(target_start, target_end), version: span(version.start, version.end) }
}

fn status(line: &[u8], flags: &mut Flags) -> StartSpans {
    let word_end = |from: usize| line.iter().skip(from).position(|byte| is_space(*byte)).map_or(line.len(), |at| from.saturating_add(at));
    let version_end = word_end(0);
    let version = line.get(..version_end).unwrap_or_default();
    if version.eq_ignore_ascii_case(b"ICY") {
        flags.insert(Flag::Icy);
    } else {
        check_version(version, flags);
    }
    let status_start = skip_spaces(line, version_end);
    let status_end = word_end(status_start);
    let status = line.get(status_start..status_end).unwrap_or_default();
    flags.insert_if(Flag::StatusInvalid, status.len() != 3 || !status.iter().all(u8::is_ascii_digit));
    flags.insert_if(
        Flag::StartLineSpaces,
        line.get(version_end..status_start) != Some(b" ") || line.get(status_end).is_some_and(|byte| *byte != b' '),
    );
    let reason_start = status_end.saturating_add(1).min(line.len());
    StartSpans::Status { version: span(0, version_end), status: span(status_start, status_end), reason: span(reason_start, line.len()) }
}

fn check_version(version: &[u8], flags: &mut Flags) {
    flags.insert_if(Flag::VersionOdd, version != b"HTTP/1.1" && version != b"HTTP/1.0");
}

fn skip_spaces(line: &[u8], from: usize) -> usize {
    line.iter().skip(from).position(|byte| !is_space(*byte)).map_or(line.len(), |at| from.saturating_add(at))
}

/// No head is longer than its limit, which is far below 4 GiB.
pub(super) fn span(start: usize, end: usize) -> Span {
    let [start, end] = [start, end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    Span { start, end }
}

#[cfg(test)]
mod tests {
    use super::super::Head;
    use super::*;

    fn parts(line: &str) -> (Vec<String>, Vec<Flag>) {
        let mut flags = Flags::default();
        let start = parse(line.as_bytes(), &mut flags);
        let head = Head { bytes: line.as_bytes().into(), start, headers: Box::default() };
        let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        let request = head.request_line().map(|line| vec![text(line.method), text(line.target), text(line.version)]);
        let status = head.status_line().map(|line| vec![text(line.version), text(line.status), text(line.reason)]);
        (request.or(status).unwrap_or_default(), flags.iter().collect())
    }

    #[test]
    fn lines_and_their_parts() {
        use Flag::*;
        let rows: &[(&str, [&str; 3], &[Flag])] = &[
            ("GET / HTTP/1.1", ["GET", "/", "HTTP/1.1"], &[]),
            ("M-SEARCH * HTTP/1.1", ["M-SEARCH", "*", "HTTP/1.1"], &[MethodUnknown]),
            ("get /a HTTP/1.0", ["get", "/a", "HTTP/1.0"], &[MethodUnknown]),
            ("GET /a b\tc HTTP/1.1", ["GET", "/a b\tc", "HTTP/1.1"], &[StartLineSpaces]),
            ("GET  /  HTTP/1.1 ", ["GET", "/", "HTTP/1.1"], &[StartLineSpaces]),
            ("GET / http/1.1", ["GET", "/", "http/1.1"], &[VersionOdd]),
            ("GE(T / HTTP/1.1", ["GE(T", "/", "HTTP/1.1"], &[MethodInvalid]),
            ("GET  HTTP/1.1", ["GET", "", "HTTP/1.1"], &[StartLineSpaces]),
            ("GET /old", ["GET", "/old", ""], &[]),
            ("HTTP/1.1 200 OK", ["HTTP/1.1", "200", "OK"], &[]),
            ("HTTP/1.1 200", ["HTTP/1.1", "200", ""], &[]),
            ("HTTP/1.1 200 ", ["HTTP/1.1", "200", ""], &[]),
            ("HTTP/1.0 404 Not  Found ", ["HTTP/1.0", "404", "Not  Found "], &[]),
            ("HTTP/2.0 200 OK", ["HTTP/2.0", "200", "OK"], &[VersionOdd]),
            ("ICY 200 OK", ["ICY", "200", "OK"], &[Icy]),
            ("HTTP/1.1\t200 OK", ["HTTP/1.1", "200", "OK"], &[StartLineSpaces]),
            ("HTTP/1.1  200\tOK", ["HTTP/1.1", "200", "OK"], &[StartLineSpaces]),
            ("HTTP/1.1 2x0 OK", ["HTTP/1.1", "2x0", "OK"], &[StatusInvalid]),
            ("HTTP/1.1 20", ["HTTP/1.1", "20", ""], &[StatusInvalid]),
            ("HTTP/1.1", ["HTTP/1.1", "", ""], &[StartLineSpaces, StatusInvalid]),
        ];
        for (line, want, flags) in rows {
            assert_eq!(parts(line), (want.iter().map(ToString::to_string).collect(), flags.to_vec()), "{line:?}");
        }
    }

    #[test]
    fn what_is_no_start_line() {
        for line in [
            "",
            " ",
            "GET",
            "220 mail ESMTP",
            "EHLO example",
            "GETX /path",
            "/path",
            "INVITE sip:a SIP/2.0",
            "RTSP/1.0 200 OK",
            " GET / HTTP/1.1",
        ] {
            assert_eq!(classify(line.as_bytes()), None, "{line:?}");
        }
    }
}
