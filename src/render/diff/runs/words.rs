//! What is compared, in words; where it stands.

use crate::conversation::application::Application;
use crate::conversation::{Kind, Side, State};
use crate::diff::runs::{Comparison, Difference, Field, HunkLine, Item, ItemKind, ItemPair, Outcome, Service, Talk, TalkPair};
use crate::dissect::network::ip_protocol_name;
use crate::render::escape;
use crate::render::name::push_name_port;
use crate::render::number::{push_address, push_decimal};

/// What a field is called in a sentence.
pub(super) const fn word(field: Field) -> &'static str {
    match field {
        Field::Conversation => "conversation",
        Field::Outcome => "outcome",
        Field::Server => "server",
        Field::ServerPort => "server's port",
        Field::ClientPort => "client's port",
        Field::Client => "client's address",
        Field::Exchange => "exchange",
        Field::Asked => "request",
        Field::Method => "method",
        Field::Host => "host",
        Field::Path => "path",
        Field::Query => "query parameter",
        Field::QueryOrder => "order of the query parameters",
        Field::Target => "way the target of the request is written",
        Field::RequestVersion => "request version",
        Field::RequestHeader => "request header",
        Field::Cookie => "cookie",
        Field::RequestHeaderOrder => "order of the request headers",
        Field::Form => "form parameter",
        Field::RequestBody => "request body",
        Field::Answered => "response",
        Field::Interim => "interim response",
        Field::Status => "status",
        Field::Phrase => "reason phrase",
        Field::ResponseVersion => "response version",
        Field::ResponseHeader => "response header",
        Field::SetCookie => "set cookie",
        Field::ResponseHeaderOrder => "order of the response headers",
        Field::ResponseBody => "response body",
        Field::Tunnel => "number of bytes behind the upgrade",
        Field::Sending => "time the request took to be sent",
        Field::Wait => "time to the response",
        Field::Receiving => "time the response took to come in",
        Field::Lookup => "question",
        Field::LookupAnswered => "answer",
        Field::ResponseCode => "response code",
        Field::Address => "answered address",
        Field::AddressOrder => "order of the answered addresses",
        Field::Lifetime => "time to live (TTL) of an answered record",
        Field::Alias => "answered name",
        Field::Records => "number of other records",
        Field::Truncated => "truncated answer",
        Field::AskedAgain => "number of questions asked again",
        Field::LookupTime => "time to the answer",
        Field::Handshake => "TLS handshake",
        Field::ServerName => "server name",
        Field::OfferedVersion => "highest version offered",
        Field::OfferedSuites => "cipher suite offered",
        Field::OfferedGroups => "group offered",
        Field::SuiteOrder => "order of the cipher suites offered",
        Field::GroupOrder => "order of the groups offered",
        Field::OfferedProtocols => "list of application protocols offered",
        Field::HandshakeAnswered => "server's hello",
        Field::TlsVersion => "TLS version",
        Field::CipherSuite => "cipher suite",
        Field::Protocol => "application protocol",
        Field::Resumption => "resumption",
        Field::Subject => "certificate's subject",
        Field::Issuer => "certificate's issuer",
        Field::CertificateHosts => "list of the certificate's hosts",
        Field::NotAfter => "certificate's end",
        Field::PublicKey => "certificate's key",
        Field::Alert => "TLS alert",
        Field::Line => "line",
        Field::Sent => "content sent",
        Field::Received => "content received",
        Field::EchoAnswered => "echo's answer",
        Field::EchoesLost => "number of echoes without an answer",
        Field::Echoes => "number of echoes",
        Field::Order => "place of",
        Field::Reuse => "connection used",
        Field::Reset => "connection",
        Field::Problem => "problem",
        Field::Close => "way of closing",
        Field::BytesSent => "number of bytes sent",
        Field::BytesReceived => "number of bytes received",
        Field::MaximumSegmentSize => "largest segment (MSS)",
        Field::RoundTrip => "handshake's round trip",
        Field::Retransmissions => "number of segments sent again",
        Field::Missing => "number of bytes missing in the capture",
        Field::Unread => "content with holes in the capture",
    }
}

/// The field that is called so in what is told.
#[must_use]
pub fn field_called(name: &str) -> Option<Field> {
    Field::ALL.iter().copied().find(|field| word(*field).eq_ignore_ascii_case(name))
}

/// The same, where it was set apart.
pub(super) const fn apart(field: Field) -> &'static str {
    match field {
        // What it says is compared.
        Field::RequestBody => "way the request body is written",
        Field::ResponseBody => "way the response body is written",
        field => word(field),
    }
}

/// Whether a conversation came about.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Opened => "answered",
        Outcome::Unanswered => "no answer",
        Outcome::Refused => "refused",
        Outcome::HalfOpen => "half open",
        Outcome::OnlyAnswers => "only answers seen",
    }
}

/// How a conversation stood at the end.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Unanswered => "no answer",
        State::Refused => "refused",
        State::HalfOpen => "half open",
        State::Open => "open",
        State::HalfClosed(Side::Originator) => "half closed by the originator",
        State::HalfClosed(Side::Responder) => "half closed by the responder",
        State::Closed(Side::Originator) => "closed by the originator",
        State::Closed(Side::Responder) => "closed by the responder",
        State::Reset(Side::Originator) => "reset by the originator",
        State::Reset(Side::Responder) => "reset by the responder",
    }
}

/// What something that was said is, one and many.
pub(super) const fn item_word(kind: ItemKind) -> (&'static str, &'static str) {
    match kind {
        ItemKind::Exchange => ("exchange", "exchanges"),
        ItemKind::Lookup => ("question", "questions"),
        ItemKind::Handshake => ("TLS handshake", "TLS handshakes"),
        ItemKind::Line(_) => ("line", "lines"),
        ItemKind::Stream => ("stream", "streams"),
        ItemKind::Echo => ("echo", "echoes"),
    }
}

/// What is spoken, in a word.
pub(super) fn service(service: Service) -> &'static str {
    match service {
        Service::Application(application) => application.name(),
        Service::Port(_) | Service::Unknown => "unknown",
    }
}

/// What of a conversation is not read.
pub(super) fn unread(of: Service) -> String {
    match of {
        // The heads are; an upgrade or CONNECT ends them.
        Service::Application(Application::Http) => "what follows HTTP over one connection (WebSocket, CONNECT)".to_owned(),
        // How they begin is read.
        of @ Service::Application(Application::Dhcp | Application::Quic | Application::Ssh | Application::Tls) => {
            ["what else is said in ", service(of)].concat()
        }
        of => ["what is said in ", service(of)].concat(),
    }
}

/// Appends what a conversation is: `http with www.example.com:80`.
pub(super) fn push_talk(out: &mut Vec<u8>, talk: &Talk, numeric: bool) {
    match (talk.service, talk.kind) {
        (Service::Application(_), _) => out.extend_from_slice(service(talk.service).as_bytes()),
        (Service::Port(_) | Service::Unknown, Kind::Tcp) => out.extend_from_slice(b"TCP"),
        (Service::Port(_) | Service::Unknown, Kind::Udp) => out.extend_from_slice(b"UDP"),
        (Service::Port(_) | Service::Unknown, Kind::Echo) => out.extend_from_slice(b"echoes"),
        (Service::Port(_) | Service::Unknown, Kind::Other(number)) => match ip_protocol_name(number.into()) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                out.extend_from_slice(b"IP protocol ");
                push_decimal(out, number.into());
            }
        },
    }
    out.extend_from_slice(b" with ");
    let server = talk.server();
    let has_port = matches!(talk.kind, Kind::Tcp | Kind::Udp);
    match &talk.name {
        Some(name) if !numeric => {
            escape::push_text_cut(out, name, 60);
            if has_port && !name.contains(&b':') {
                out.push(b':');
                push_decimal(out, server.port.into());
            }
        }
        Some(_) | None if has_port => push_name_port(out, &crate::conversation::Names::default(), server.address, server.port),
        Some(_) | None => push_address(out, server.address),
    }
}

/// Whether the ends of lines are to be seen, because some of those that differ end otherwise than others.
pub(super) fn shows_ends(difference: &Difference) -> bool {
    let mut lines = difference.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.is_in != [true; 2]);
    let has_return = |line: &HunkLine| line.text.ends_with(b"\r");
    lines.next().map(has_return).is_some_and(|first| lines.any(|line| has_return(line) != first))
}

/// Appends a line of a text, at most `limit` characters of it.
pub(super) fn push_hunk_line(out: &mut Vec<u8>, line: &HunkLine, shows_ends: bool, limit: usize) {
    if line.skipped > 0 {
        out.extend_from_slice(b"..");
    }
    let text = if shows_ends { &line.text } else { line.text.strip_suffix(b"\r").unwrap_or(&line.text) };
    if !escape::push_text_cut(out, text, limit) {
        out.extend_from_slice(b"..");
    }
}

/// Appends the numbers of a pair of conversations: `0 | 2`, `3 | -`.
pub(super) fn push_numbers(out: &mut Vec<u8>, comparison: &Comparison<'_>, pair: &TalkPair) {
    for side in 0..2 {
        out.extend_from_slice(if side == 0 { b"" } else { b" | " });
        match comparison.talk(pair, side) {
            Some(talk) => push_decimal(out, talk.id),
            None => out.push(b'-'),
        }
    }
}

/// Appends what a pair of items is, with the frames of both: `exchange 1: frames 4-6 | 7-9`.
pub(super) fn push_item_place(out: &mut Vec<u8>, comparison: &Comparison<'_>, pair: &ItemPair) {
    let items = [0, 1].map(|side| comparison.item(pair, side));
    if let Some(item) = items.iter().flatten().next() {
        out.extend_from_slice(item_word(item.kind).0.as_bytes());
    }
    if let Some((_, place)) = pair.places.iter().flatten().next() {
        out.push(b' ');
        push_decimal(out, *place as u64 + 1);
    }
    out.extend_from_slice(b": ");
    push_frames(out, items.map(|item| item.map(|item| item.frames)));
}

/// Appends the frames left and right: `frames 4-6 | 7-9`.
pub(super) fn push_frames(out: &mut Vec<u8>, frames: [Option<[u64; 2]>; 2]) {
    let is_one = frames.iter().flatten().all(|[first, last]| first == last);
    out.extend_from_slice(if is_one { b"frame " } else { b"frames " });
    push_spans(out, frames);
}

/// Appends the first and the last left and right: `4-6 | 7-9`.
pub(super) fn push_spans(out: &mut Vec<u8>, spans: [Option<[u64; 2]>; 2]) {
    for (side, span) in spans.into_iter().enumerate() {
        out.extend_from_slice(if side == 0 { b"" } else { b" | " });
        match span {
            None => out.push(b'-'),
            Some([first, last]) => {
                push_decimal(out, first);
                if last != first {
                    out.push(b'-');
                    push_decimal(out, last);
                }
            }
        }
    }
}

/// Appends what something that was said was, in a few words: `GET www.example.com/ 200`, `www.example.com A`.
pub(super) fn push_headline(out: &mut Vec<u8>, item: &Item, limit: usize) {
    let text = |field: Field| item.text(field).unwrap_or_default();
    let push = |out: &mut Vec<u8>, bytes: &[u8]| {
        if !escape::push_text_cut(out, bytes, limit) {
            out.extend_from_slice(b"..");
        }
    };
    match item.kind {
        ItemKind::Exchange => {
            push(out, text(Field::Method));
            out.push(b' ');
            push(out, &item.target());
            if let Some(status) = item.get(Field::Status) {
                out.push(b' ');
                super::value::push(out, Field::Status, status, limit);
            }
        }
        ItemKind::Lookup => {
            push(out, text(Field::Lookup));
            for aspect in &item.aspects {
                let is_kind = aspect.field == Field::Lookup && !aspect.name.is_empty();
                if is_kind || matches!(aspect.field, Field::Address | Field::ResponseCode) {
                    out.push(b' ');
                    super::value::push(out, aspect.field, &aspect.value, limit);
                }
            }
        }
        ItemKind::Handshake => {
            out.extend_from_slice(b"TLS ");
            push(out, text(Field::ServerName));
            for field in [Field::TlsVersion, Field::CipherSuite] {
                if let Some(value) = item.get(field) {
                    out.push(b' ');
                    super::value::push(out, field, value, limit);
                }
            }
        }
        ItemKind::Line(from) => {
            out.extend_from_slice(match from {
                Side::Originator => b"> ",
                Side::Responder => b"< ",
            });
            push(out, text(Field::Line));
        }
        ItemKind::Stream => {
            let said = [(Field::Sent, " sent"), (Field::Received, " received")];
            let said = said.into_iter().filter_map(|(field, word)| Some((field, item.get(field)?, word)));
            for (place, (field, value, word)) in said.enumerate() {
                out.extend_from_slice(if place == 0 { b"" } else { b", " });
                super::value::push(out, field, value, limit);
                out.extend_from_slice(word.as_bytes());
            }
        }
        ItemKind::Echo => {
            let is_answered = item.get(Field::EchoAnswered) == Some(&crate::diff::runs::Value::Flag(true));
            out.extend_from_slice(if is_answered { b"echoes are answered" } else { b"echoes are not answered" });
        }
    }
}
