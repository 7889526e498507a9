//! What is the same every time, and what is another one: dates, counters, names that are made up anew.

use super::run::Weight;
use crate::conversation::Side;
use crate::conversation::text::Language;

/// Headers that are another every time, or are counted by somebody else.
const FLEETING: [&str; 52] = [
    "age",
    "alt-svc",
    "cf-ray",
    "content-length",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "nel",
    "ratelimit-remaining",
    "ratelimit-reset",
    "report-to",
    "request-id",
    "retry-after",
    "sec-websocket-accept",
    "sec-websocket-key",
    "server-timing",
    "traceparent",
    "tracestate",
    "via-request-id",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
    "x-cache",
    "x-cache-hits",
    "x-correlation-id",
    "x-csrf-token",
    "x-fastly-request-id",
    "x-github-request-id",
    "x-ms-request-id",
    "x-process-time",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-used",
    "x-request-id",
    "x-request-start",
    "x-response-time",
    "x-runtime",
    "x-served-by",
    "x-timer",
    "x-trace-id",
    "x-varnish",
    "x-xsrf-token",
    "cf-cache-status",
    "content-md5",
];
/// Headers that mean something by being there, and hold another value every time.
const PRESENT: [&str; 5] = ["if-modified-since", "if-none-match", "if-match", "if-range", "if-unmodified-since"];

/// How much of a header counts.
pub(super) fn header_weight(name: &[u8], value: &[u8]) -> Weight {
    let is = |other: &&str| name.eq_ignore_ascii_case(other.as_bytes());
    let is_digest = || value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"digest "));
    let proves = ["authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate", "authentication-info"];
    if FLEETING.iter().any(is) {
        Weight::Nothing
    } else if PRESENT.iter().any(is) || proves.iter().any(is) && is_digest() {
        Weight::Presence
    } else {
        Weight::Whole
    }
}

/// The boundary of a multipart media type (RFC 2046 section 5.1.1).
pub(super) fn boundary(media_type: &[u8]) -> Option<&[u8]> {
    let (_, start) = find_boundary(media_type)?;
    let rest = media_type.get(start..)?;
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b';' | b' ')).unwrap_or(rest.len());
    rest.get(..end).filter(|boundary| !boundary.is_empty())
}

/// Where the parameter begins, and where its value.
fn find_boundary(media_type: &[u8]) -> Option<(usize, usize)> {
    const NAME: &[u8] = b"boundary=";
    let at = media_type.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME))?;
    let is_multipart = media_type.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/"));
    is_multipart.then_some((at, at + NAME.len()))
}

/// A media type without the boundary, which is made up anew each time.
pub(super) fn without_boundary(media_type: &[u8]) -> Box<[u8]> {
    match find_boundary(media_type) {
        Some((at, _)) => media_type.get(..at).unwrap_or_default().trim_ascii_end().into(),
        None => media_type.into(),
    }
}

/// Puts a word, and dashes to the same length, in the place of every `boundary`.
pub(super) fn blank(bytes: &mut [u8], boundary: &[u8]) {
    const WORD: &[u8] = b"(boundary)";
    let places: Vec<usize> = memchr::memmem::find_iter(bytes, boundary).collect();
    for place in places {
        if let Some(found) = bytes.get_mut(place..place + boundary.len()) {
            found.fill(b'-');
            found.iter_mut().zip(WORD).for_each(|(byte, letter)| *byte = *letter);
        }
    }
}

/// What of a line is the same every time; `None` where that is all of it.
pub(super) fn of_line(line: &[u8], from: Side, language: Language, is_reply: bool) -> Option<Box<[u8]>> {
    let begins = |start: &[u8]| line.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let names_ports = language == Language::Ftp
        && (from == Side::Responder && (begins(b"227") || begins(b"229"))
            || from == Side::Originator && (begins(b"PORT ") || begins(b"EPRT ")));
    if names_ports {
        let (code, rest) = line.split_at_checked(3).unwrap_or((line, &[]));
        let rest = rest.iter().map(|byte| if byte.is_ascii_digit() { b'#' } else { *byte });
        return Some(code.iter().copied().chain(rest).collect());
    }
    let has_time = line.split(|byte| byte.is_ascii_whitespace() || *byte == b';').any(is_time);
    let is_id_field = begins(b"Message-ID:")
        || begins(b"X-UIDL:")
        || begins(b"Content-Type: multipart/")
        || begins(b"\tboundary=")
        || begins(b" boundary=");
    if is_id_field {
        let end = line.iter().position(|byte| matches!(byte, b':' | b'=')).map_or(line.len(), |at| at + 1);
        return Some(line.get(..end).unwrap_or(line).into());
    }
    let mut changed = false;
    let mut kept = Vec::with_capacity(line.len());
    for token in line.split_inclusive(|byte| byte.is_ascii_whitespace()) {
        let word = token.trim_ascii_end();
        if is_reply && is_made_up(word) || has_time && is_of_date(word) {
            changed = true;
            kept.push(b'#');
            kept.extend_from_slice(token.get(word.len()..).unwrap_or_default());
        } else {
            kept.extend_from_slice(token);
        }
    }
    changed.then(|| kept.into())
}

/// `04:31:38`.
fn is_time(word: &[u8]) -> bool {
    let digits = |part: &[u8]| matches!(part.len(), 1 | 2) && part.iter().all(u8::is_ascii_digit);
    let word = word.split(|byte| matches!(byte, b'.' | b'Z')).next().unwrap_or_default();
    let word = word.rsplit(|byte| *byte == b'T').next().unwrap_or_default();
    let mut parts = word.split(|byte| *byte == b':');
    parts.clone().count() >= 2 && parts.all(digits)
}

/// Something that dates are made of.
fn is_of_date(word: &[u8]) -> bool {
    const NAMES: [&[u8]; 21] = [
        b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun", b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep",
        b"oct", b"nov", b"dec", b"am", b"pm",
    ];
    let word = word.strip_suffix(b",").unwrap_or(word);
    let number = word.strip_prefix(b"+").or_else(|| word.strip_prefix(b"-")).unwrap_or(word);
    is_time(word)
        || NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
        || matches!(number.len(), 1 | 2 | 4) && number.iter().all(u8::is_ascii_digit)
        || word.len() >= 8
            && word.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.' | b':' | b'T' | b'Z' | b'+'))
}

/// A name that somebody made up: long, of letters and digits, as queues and challenges have them.
fn is_made_up(word: &[u8]) -> bool {
    let bare: Vec<u8> = word.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    let inner = word.strip_prefix(b"<").and_then(|word| word.strip_suffix(b">"));
    if inner.is_some_and(|inner| inner.contains(&b'@') && inner.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4) {
        return true;
    }
    let digits = bare.iter().filter(|byte| byte.is_ascii_digit()).count();
    let has_dot = word.contains(&b'.') || word.contains(&b'/') || word.contains(&b'=');
    bare.len() >= 8 && digits >= 2 && bare.len() - digits >= 2 && !has_dot
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(line: &str) -> Option<String> {
        let kept = of_line(line.as_bytes(), Side::Responder, Language::Smtp, true);
        kept.map(|kept| String::from_utf8_lossy(&kept).into_owned())
    }

    #[test]
    fn what_is_made_up_is_taken_out_and_what_means_something_stays() {
        assert_eq!(reply("250 2.0.0 Ok: queued as 4Fq8sH1Zb9z").as_deref(), Some("250 2.0.0 Ok: queued as #"));
        assert_eq!(reply("220 mail ESMTP Mon, 23 Nov 2026 04:31:38 +0000").as_deref(), Some("220 mail ESMTP # # # # # #"));
        assert_eq!(reply("+OK POP3 ready <1896.697170952@dbc.mtview.ca.us>").as_deref(), Some("+OK POP3 ready #"));
        for lasting in ["250-SIZE 10240000", "550 5.1.1 no such user here", "250-mail.example.com", "354 go on", "250 AUTH=LOGIN PLAIN"] {
            assert_eq!(reply(lasting), None, "{lasting}");
        }
    }

    #[test]
    fn ports_of_file_transfer_are_taken_out() {
        let kept = of_line(b"227 Entering Passive Mode (10,0,0,1,200,17)", Side::Responder, Language::Ftp, true);
        assert_eq!(kept.as_deref(), Some(&b"227 Entering Passive Mode (##,#,#,#,###,##)"[..]));
        assert_eq!(of_line(b"213 1024", Side::Responder, Language::Ftp, true), None);
    }

    #[test]
    fn boundaries() {
        assert_eq!(boundary(b"multipart/form-data; boundary=\"abc\"; x=y"), Some(&b"abc"[..]));
        assert_eq!(boundary(b"text/plain; boundary=abc"), None);
        assert_eq!(&*without_boundary(b"multipart/form-data; boundary=abc"), b"multipart/form-data;");
        let mut bytes = b"--abcdefghijklm\r\nx\r\n--abcdefghijklm--".to_vec();
        blank(&mut bytes, b"abcdefghijklm");
        assert_eq!(bytes, b"--(boundary)---\r\nx\r\n--(boundary)-----");
    }

    #[test]
    fn headers_by_how_much_of_them_counts() {
        assert_eq!(header_weight(b"DATE", b"x"), Weight::Nothing);
        assert_eq!(header_weight(b"If-None-Match", b"x"), Weight::Presence);
        assert_eq!(header_weight(b"Authorization", b"Digest nonce=1"), Weight::Presence);
        assert_eq!(header_weight(b"Authorization", b"Basic eA=="), Weight::Whole);
        assert_eq!(header_weight(b"User-Agent", b"x"), Weight::Whole);
    }
}
