//! Bodies as files: names that nothing from a packet can make harmful, and the index that says what each file is.

use super::http::{url, words};
use super::json::object::Object;
use super::json::{push_headers, push_sum};
use super::number::push_decimal;
use crate::conversation::body::{KeptBody, sniff};
use crate::conversation::http1::{Exchange, Message, MessageKind};
use crate::limits::Limits;

/// The name of the index.
pub const INDEX: &str = "index.jsonl";

/// A body that becomes a file.
#[derive(Clone, Copy)]
pub struct Export<'a> {
    /// Its exchange.
    pub exchange: &'a Exchange,
    /// Which of the two messages it is of.
    pub kind: MessageKind,
    /// That message.
    pub message: &'a Message,
    /// Its bytes.
    pub body: &'a KeptBody,
}

impl Export<'_> {
    /// The name of its file: conversation, exchange and message, so that no two are alike, then what the URL ends with, then an ending by its
    /// type. It is made of letters, digits, dots, underscores and dashes, begins with a digit, and is at most [`Limits::EXPORTED_NAME`] long.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = Vec::new();
        push_decimal(&mut name, self.exchange.id.conversation);
        name.push(b'-');
        push_decimal(&mut name, u64::from(self.exchange.id.index));
        name.extend_from_slice(match self.kind {
            MessageKind::Request => b"-request",
            MessageKind::Response => b"-response",
        });
        let ending = self.ending();
        let last = self.exchange.url().map(|url| url.decoded_path().rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec());
        let last: Vec<u8> = last.unwrap_or_default().iter().map(|byte| if is_safe(*byte) { *byte } else { b'_' }).collect();
        let (stem, own) = match self.kind {
            // The ending in a URL is that of the answer.
            MessageKind::Response => parts(&last),
            MessageKind::Request => (parts(&last).0, None),
        };
        let ending = own.or(ending.map(str::as_bytes)).unwrap_or_default();
        let room = Limits::EXPORTED_NAME.saturating_sub(name.len() + ending.len() + 2);
        let stem = stem.get(..room).unwrap_or(stem);
        if !stem.is_empty() {
            name.push(b'-');
            name.extend_from_slice(stem);
        }
        if !ending.is_empty() {
            name.push(b'.');
            name.extend_from_slice(ending);
        }
        String::from_utf8_lossy(&name).into_owned()
    }

    /// The ending that its type has: by the bytes where they tell, else by what it is called.
    fn ending(&self) -> Option<&'static str> {
        const ENDINGS: [(&[u8], &str); 13] = [
            (b"text/html", "html"),
            (b"text/css", "css"),
            (b"text/csv", "csv"),
            (b"text/plain", "txt"),
            (b"text/javascript", "js"),
            (b"application/javascript", "js"),
            (b"application/json", "json"),
            (b"application/xml", "xml"),
            (b"text/xml", "xml"),
            (b"image/svg+xml", "svg"),
            (b"application/x-www-form-urlencoded", "txt"),
            (b"video/mp4", "mp4"),
            (b"application/octet-stream", "bin"),
        ];
        if let Some(format) = sniff::format(&self.body.bytes) {
            return Some(format.ending);
        }
        let essence = sniff::essence(self.message.head.get("content-type")?);
        ENDINGS.iter().find(|(known, _)| essence.eq_ignore_ascii_case(known)).map(|(_, ending)| *ending)
    }

    /// Appends its line of the index, with its newline.
    pub fn push_index(&self, out: &mut Vec<u8>, file: &str) {
        let (body, kept) = (&self.message.body, self.body);
        let mut object = Object::begin(out);
        object.string("file", file);
        object.number("conversation", self.exchange.id.conversation);
        object.number("index", u64::from(self.exchange.id.index));
        object.string(
            "message",
            match self.kind {
                MessageKind::Request => "request",
                MessageKind::Response => "response",
            },
        );
        object.number("frame", self.message.first.frame);
        if let Some(request) = &self.exchange.request {
            object.text("method", request.method());
            object.string("url", &url::encoded(self.exchange));
        }
        if let Some(status) = self.message.status() {
            object.number("status", u64::from(status));
        }
        push_headers(&mut object, "headers", &self.message.head);
        object.number("length", body.length);
        object.number("decoded_length", kept.decoded.length);
        object.number("written", kept.bytes.len() as u64);
        object.boolean("complete", body.is_complete() && kept.is_whole());
        object.objects("holes", &kept.breaks, |object, hole| {
            object.number("at", hole.at);
            object.number("missing", hole.length);
        });
        let mut troubles = words::body_troubles(kept);
        let mut missing = Vec::new();
        if words::push_missing(&mut missing, self.message) {
            troubles.push(missing);
        }
        object.array("troubles", troubles, |out, words| super::json::push_string(out, &String::from_utf8_lossy(&words)));
        if let Some(sum) = &kept.sha256 {
            push_sum(object.name("sha256"), sum);
        }
        object.end();
        out.push(b'\n');
    }
}

fn is_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// A name without its ending, and the ending, where it is one.
fn parts(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    match name.iter().rposition(|byte| *byte == b'.').and_then(|dot| name.split_at_checked(dot)) {
        Some((stem, [_, ending @ ..]))
            if (1..=Limits::EXPORTED_ENDING).contains(&ending.len()) && ending.iter().all(u8::is_ascii_alphanumeric) =>
        {
            (stem, Some(ending))
        }
        Some(_) | None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::http1::{ExchangeId, Flags, Head};
    use crate::conversation::{Endpoint, Side};
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    fn exchange(target: &[u8]) -> Exchange {
        let end = Endpoint { address: Ipv4Addr::LOCALHOST.into(), port: 80 };
        let head = [b"GET ", target, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
        let request = Message { head: Head::parse(head.into(), 100).0, ..Message::default() };
        Exchange {
            id: ExchangeId { conversation: 7, index: 3 },
            ends: [end; 2],
            client: Side::Originator,
            request: Some(request),
            informational: Vec::new(),
            response: None,
            tunnel: None,
            stray: None,
            flags: Flags::default(),
        }
    }

    fn name(target: &[u8], content_type: &str, bytes: &[u8]) -> String {
        let exchange = exchange(target);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n").into_bytes();
        let message = Message { head: Head::parse(head.into(), 100).0, ..Message::default() };
        let body = KeptBody { bytes: bytes.to_vec(), ..KeptBody::default() };
        Export { exchange: &exchange, kind: MessageKind::Response, message: &message, body: &body }.name()
    }

    #[test]
    fn a_name_says_what_it_is_and_cannot_be_harmful() {
        assert_eq!(name(b"/a/page.html?x", "text/html", b"<"), "7-3-response-page.html");
        assert_eq!(name(b"/a/geocode", "application/json; charset=UTF-8", b"{}"), "7-3-response-geocode.json");
        assert_eq!(name(b"/logo", "text/plain", b"\x89PNG\r\n\x1a\n"), "7-3-response-logo.png");
        assert_eq!(name(b"/", "", b""), "7-3-response");
        assert_eq!(name(b"/../../etc/passwd", "", b"x"), "7-3-response-passwd");
        assert_eq!(name(b"/%2e%2e%2f%2e%2e%2fx%00y", "", b"x"), "7-3-response-x_y");
        assert_eq!(name(b"/CON", "text/plain", b"x"), "7-3-response-CON.txt");
        assert_eq!(name(b"/-rf", "", b"x"), "7-3-response--rf");
        assert_eq!(name(&[b"/", &[b'a'; 300][..], b".html"].concat(), "", b"x").len(), Limits::EXPORTED_NAME);
    }

    proptest! {
        #[test]
        fn any_target_gives_a_safe_name(target: Vec<u8>, content_type: String, bytes: Vec<u8>) {
            let name = name(&target, &content_type, &bytes);
            prop_assert!(name.len() <= Limits::EXPORTED_NAME && name.starts_with("7-3-response"));
            prop_assert!(name.bytes().all(is_safe));
        }
    }
}
