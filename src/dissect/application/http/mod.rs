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

/// The discovery of UPnP devices: HTTP's messages, each in a datagram.
pub static DISCOVERY: Protocol = Protocol {
    name: "ssdp",
    label: "SSDP",
    title: "Simple Service Discovery Protocol",
    reference: "UPnP Device Architecture 2.0 section 1",
    claims: &[Selector::UdpPort(1900)],
    dissect: dissect_discovery,
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
    let bytes = walk.bytes();
    let length = head_length(bytes).unwrap_or(bytes.len());
    walk.header(length);
    // A client may send several requests at once, and a server answers before the answer (100 Continue).
    let (head, rest) = bytes.split_at_checked(length).unwrap_or_default();
    Ok(if start_line::begins_message(rest) && !header::announces_body(head) { Next::Protocol(&PROTOCOL) } else { Next::Payload })
}

fn dissect_discovery(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if !start_line::begins_message(walk.bytes()) {
        return Ok(Next::Foreign);
    }
    walk.header(head_length(walk.bytes()).unwrap_or(usize::MAX));
    Ok(Next::Payload)
}

/// How long start line and headers are, with the empty line that ends them; `None` where it is not in these bytes.
#[expect(clippy::arithmetic_side_effects, reason = "places in the bytes, and one or two more")]
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

#[expect(clippy::arithmetic_side_effects, reason = "places in the line, and where it stands in the layer")]
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
        let is_cut = at + line.len() == head.len();
        header::describe(d, at, line, is_cut)?;
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

    #[expect(clippy::arithmetic_side_effects, reason = "places in the bytes, and one or two more")]
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
    fn requests_that_come_together_are_layers_of_their_own_unless_they_are_a_body() {
        use crate::dissect::testing::{look, tcp};
        let both = look(tcp(80, b"GET /a HTTP/1.1\r\nHost: b\r\n\r\nGET /c HTTP/1.1\r\nHost: d\r\n\r\n"));
        assert_eq!(both.protocols(), "ip:tcp:http:http");
        assert_eq!(both.values("http.request.uri"), ["/a", "/c"]);
        let body = look(tcp(80, b"HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
        assert_eq!(body.protocols(), "ip:tcp:http:data");
        let interim = look(tcp(80, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"));
        assert_eq!(interim.values("http.response.code"), ["100", "200"]);
    }

    #[test]
    fn devices_announce_themselves_in_datagrams() {
        use crate::dissect::testing::{look, udp};
        let outcome = look(udp(1900, b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n\r\n"));
        assert_eq!(outcome.protocols(), "ip:udp:ssdp");
        assert_eq!([outcome.value("http.request.method"), outcome.value("http.unknown_header")], ["NOTIFY", "NTS: ssdp:alive"]);
        assert_eq!(look(udp(1900, b"notify")).protocols(), "ip:udp:data");
    }

    #[test]
    fn many_messages_in_a_segment_end_at_the_limit_of_layers() {
        use crate::dissect::StopReason;
        use crate::dissect::testing::{look, tcp};
        use crate::limits::Limits;
        let many = look(tcp(80, &b"GET / HTTP/1.1\n\n".repeat(500)));
        assert_eq!(many.dissection.layers.len(), Limits::LAYERS);
        assert_eq!(many.dissection.stop.map(|stop| stop.reason), Some(StopReason::Nesting));
    }

    #[test]
    fn a_header_that_is_cut_before_its_value_has_none() {
        assert_eq!(fields(b"GET / HTTP/1.1\r\nHost: ").last().map(|(id, _)| *id), Some("http.request.version"));
        assert_eq!(fields(b"GET / HTTP/1.1\r\nHost: \r\n").last().map(|(id, _)| *id), Some("http.host"));
    }

    #[test]
    fn damaged_heads_are_described_as_far_as_they_go() {
        use crate::dissect::testing::{cut_everywhere, damage_everywhere, tcp};
        let packet = tcp(80, b"POST /a?b HTTP/1.1\r\nHost: c\r\nX-Odd : 1\r\nContent-Length: 3\r\n\r\nabc");
        cut_everywhere(&packet);
        damage_everywhere(&packet, 40);
    }

    #[test]
    fn a_length_that_is_no_number_stays_text() {
        let seen = fields(b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\n");
        assert_eq!(seen.last(), Some(&("http.content_length_header", "4, 4".to_owned())));
    }
}
