//! HTTP/1: start line and headers, as far as one segment shows them (RFC 9112). What was cut over segments is put together by
//! reassembly, not here.

mod header;
mod start_line;

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};
use start_line::StartLine;

/// HTTP/1.
pub static PROTOCOL: Protocol = Protocol {
    name: "http",
    label: "HTTP",
    title: "Hypertext Transfer Protocol",
    reference: "RFC 9112",
    claims: &[Selector::TcpContent(start_line::begins_message)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, header::FIELDS],
};

const STATUS_NAMES: &[(u64, &str)] = &[
    (100, "Continue"),
    (101, "Switching Protocols"),
    (102, "Processing"),
    (103, "Early Hints"),
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi-Status"),
    (208, "Already Reported"),
    (226, "IM Used"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (305, "Use Proxy"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (421, "Misdirected Request"),
    (422, "Unprocessable Content"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (425, "Too Early"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (505, "HTTP Version Not Supported"),
    (506, "Variant Also Negotiates"),
    (507, "Insufficient Storage"),
    (508, "Loop Detected"),
    (511, "Network Authentication Required"),
];

fields! {
    REQUEST = Field::boolean("http.request", "Request", "A client asks.");
    METHOD = Field::text("http.request.method", "Method", "What the client wants: GET to have, POST to hand over, HEAD to know about.");
    TARGET = Field::text("http.request.uri", "Target", "What the client wants it of: path and query, or a whole URL towards a proxy.");
    REQUEST_VERSION = Field::text("http.request.version", "Version", "The version of HTTP that the client speaks.");
    RESPONSE = Field::boolean("http.response", "Response", "A server answers.");
    RESPONSE_VERSION = Field::text("http.response.version", "Version", "The version of HTTP that the server speaks.");
    STATUS = Field::number("http.response.code", "Status", "How it went: 1xx wait, 2xx done, 3xx look elsewhere, 4xx the request was wrong, 5xx the server failed.").names(STATUS_NAMES);
    PHRASE = Field::text("http.response.phrase", "Phrase", "The status in the server's words; programs must not rely on it.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header(head_length(walk.bytes()).unwrap_or(usize::MAX));
    Ok(Next::Payload)
}

/// How long start line and headers are, with the empty line that ends them; `None` where it is not in these bytes.
fn head_length(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        from += bytes.get(from..)?.iter().position(|byte| *byte == b'\n')? + 1;
        match bytes.get(from..)? {
            [b'\n', ..] => return Some(from + 1),
            [b'\r', b'\n', ..] => return Some(from + 2),
            _ => {}
        }
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let head = d.view.header();
    let mut lines = Lines { head, at: 0 };
    let (at, line) = lines.next()?;
    match StartLine::parse(line)? {
        StartLine::Request { method, target, version } => {
            d.value(&REQUEST, at, line.len(), Value::Boolean(true));
            d.text(&METHOD, at + method.start, method.len())?;
            d.text(&TARGET, at + target.start, target.len())?;
            if !version.is_empty() {
                d.text(&REQUEST_VERSION, at + version.start, version.len())?;
            }
        }
        StartLine::Response { version, status, phrase } => {
            d.value(&RESPONSE, at, line.len(), Value::Boolean(true));
            d.text(&RESPONSE_VERSION, at + version.start, version.len())?;
            if let Some(code) = line.get(status.clone()).and_then(start_line::number) {
                d.value(&STATUS, at + status.start, status.len(), Value::Number(code));
            }
            d.text(&PHRASE, at + phrase.start, phrase.len())?;
        }
    }
    for (at, line) in lines.take_while(|(_, line)| !line.is_empty()) {
        header::describe(d, at, line)?;
    }
    Some(())
}

/// The lines of a head, each with its place and without its end.
struct Lines<'a> {
    head: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.head.get(self.at..).filter(|rest| !rest.is_empty())?;
        let at = self.at;
        let line = match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                self.at += end + 1;
                rest.get(..end)?
            }
            None => {
                self.at += rest.len();
                rest
            }
        };
        Some((at, line.strip_suffix(b"\r").unwrap_or(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::{Dissection, FieldSink, Layer, Span, View};

    struct Seen(Vec<(&'static str, String)>);

    impl FieldSink for Seen {
        fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
            let text = match value {
                Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
                Value::Number(number) => number.to_string(),
                other => format!("{other:?}"),
            };
            self.0.push((field.id, text));
        }
    }

    fn fields(bytes: &[u8]) -> Vec<(&'static str, String)> {
        let length = head_length(bytes).unwrap_or(bytes.len());
        let layer = Layer { protocol: &PROTOCOL, start: 0, length, end: bytes.len(), wire_end: bytes.len(), quoted: false, network: None };
        let dissection = Dissection { layers: vec![layer], ..Dissection::default() };
        let mut seen = Seen(Vec::new());
        View::new(bytes, &dissection, 0).unwrap().describe(&mut seen);
        seen.0
    }

    fn owned(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        fields.iter().map(|(id, text)| (*id, (*text).to_owned())).collect()
    }

    #[test]
    fn a_request_shows_its_line_and_headers_and_leaves_the_body() {
        let bytes = b"POST /a?b=c HTTP/1.1\r\nhost:  www.example.com \r\nX-Odd: 1\r\nContent-Length: 4\r\n\r\nbody";
        assert_eq!(head_length(bytes), Some(bytes.len() - 4));
        assert_eq!(
            fields(bytes),
            owned(&[
                ("http.request", "Boolean(true)"),
                ("http.request.method", "POST"),
                ("http.request.uri", "/a?b=c"),
                ("http.request.version", "HTTP/1.1"),
                ("http.host", "www.example.com"),
                ("http.unknown_header", "X-Odd: 1"),
                ("http.content_length", "4"),
            ])
        );
    }

    #[test]
    fn a_response_with_bare_line_feeds_and_no_phrase_reads_the_same() {
        assert_eq!(
            fields(b"HTTP/1.0 404\nServer: x\n\n"),
            owned(&[
                ("http.response", "Boolean(true)"),
                ("http.response.version", "HTTP/1.0"),
                ("http.response.code", "404"),
                ("http.response.phrase", ""),
                ("http.server", "x"),
            ])
        );
    }

    #[test]
    fn a_head_that_the_segment_cuts_shows_what_is_there() {
        let seen = fields(b"GET /long HTTP/1.1\r\nHost: www.exam");
        assert_eq!(seen.last(), Some(&("http.host", "www.exam".to_owned())));
    }

    #[test]
    fn a_length_that_is_no_number_stays_text() {
        let seen = fields(b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\n");
        assert_eq!(seen.last(), Some(&("http.content_length_header", "4, 4".to_owned())));
    }
}
