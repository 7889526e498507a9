//! Exchanges of HTTP as JSON.

use super::object::{Object, push_array};
use super::push_string;
use crate::conversation::body::{KeptBody, Reading};
use crate::conversation::http1::{Flag, Framing, Head, Message, TunnelKind};
use crate::frame::Timestamp;
use crate::render::http::{Subject, url, words};
use crate::render::note;
use crate::render::number::{push_decimal, push_hex_byte, push_padded};
use crate::render::time::Calendar;

/// Writes exchanges, one JSON object a line.
#[derive(Clone, Debug, Default)]
pub struct ExchangeJson {
    calendar: Calendar,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeSummary {
    /// Frames that were read.
    pub frames: u64,
    /// Exchanges that were found.
    pub exchanges: u64,
    /// Exchanges that were shown.
    pub shown: u64,
    /// Limits that did something, by name, and how often.
    pub limits: Vec<(&'static str, u64)>,
}

impl ExchangeJson {
    /// Appends the line of an exchange.
    pub fn write(&mut self, out: &mut Vec<u8>, subject: &Subject<'_>) {
        let exchange = subject.exchange;
        let mut object = Object::begin(out);
        object.string("type", "exchange");
        object.number("conversation", exchange.id.conversation);
        object.number("index", u64::from(exchange.id.index));
        if let Some(request) = &exchange.request {
            object.object("request", |object| {
                self.begin_message(object, request);
                // Programs want a target at hand; where it is not UTF-8 its bytes stand beside it.
                object.text_at_hand("method", request.method());
                object.text_at_hand("target", request.target());
                object.string("url", &url::encoded(exchange));
                self.end_message(object, request, subject.bodies.request.as_ref());
            });
        }
        if !exchange.informational.is_empty() {
            object.objects("informational", &exchange.informational, |object, interim| {
                self.begin_message(object, interim);
                push_status(object, interim);
                self.end_message(object, interim, None);
            });
        }
        if let Some(response) = &exchange.response {
            object.object("response", |object| {
                self.begin_message(object, response);
                push_status(object, response);
                self.end_message(object, response, subject.bodies.response.as_ref());
            });
        }
        self.push_rest(&mut object, subject);
        object.end();
        out.push(b'\n');
    }

    fn begin_message(&mut self, object: &mut Object<'_>, message: &Message) {
        object.number("frame", message.first.frame);
        if message.last.frame != message.first.frame {
            object.number("last_frame", message.last.frame);
        }
        if let Some(time) = message.first.time {
            self.push_time(object.name("time"), time);
        }
    }

    fn end_message(&mut self, object: &mut Object<'_>, message: &Message, kept: Option<&KeptBody>) {
        object.text("version", message.head.version());
        push_headers(object, "headers", &message.head);
        object.object("body", |object| push_body(object, message, kept));
        if !message.flags.is_empty() {
            push_flags(object, message.flags.iter());
        }
    }

    fn push_rest(&mut self, object: &mut Object<'_>, subject: &Subject<'_>) {
        let (exchange, kept) = (subject.exchange, subject.bodies.stray.as_ref());
        if let Some(stray) = exchange.stray {
            object.object("stray", |object| {
                object.string("from", if stray.from == exchange.client { "client" } else { "server" });
                object.number("frame", stray.first.frame);
                object.number("offset", stray.offset);
                object.number("length", stray.length);
                if let Some(kept) = kept {
                    object.objects("gaps", &kept.breaks, |object, hole| {
                        object.number("offset", hole.at);
                        object.number("length", hole.length);
                    });
                    push_kept(object, None, kept);
                }
            });
        }
        if let Some(tunnel) = exchange.tunnel {
            object.object("tunnel", |object| {
                object.string(
                    "kind",
                    match tunnel.kind {
                        TunnelKind::Connect => "connect",
                        TunnelKind::Upgrade => "upgrade",
                        TunnelKind::Http2 => "http2",
                    },
                );
                object.array("bytes", tunnel.bytes, push_decimal);
                object.array("missing", tunnel.missing, push_decimal);
            });
        }
        object.object("timing", |object| {
            let times = [("send_ms", exchange.send_time()), ("wait_ms", exchange.wait_time()), ("receive_ms", exchange.receive_time())];
            for (name, time) in times {
                if let Some(time) = time {
                    push_milliseconds(object.name(name), time);
                }
            }
        });
        push_flags(object, exchange.flags.iter());
        object.boolean("hazard", exchange.is_hazard());
        note::push_json_array(object.name("notes"), subject.notes, subject.names);
    }

    fn push_time(&mut self, out: &mut Vec<u8>, time: Timestamp) {
        out.push(b'"');
        self.calendar.push_rfc3339(out, time);
        out.push(b'"');
    }
}

impl Object<'_> {
    /// Text that is always there: where the bytes are not UTF-8, with U+FFFD in it, and the bytes beside it.
    fn text_at_hand(&mut self, name: &str, bytes: &[u8]) {
        self.string(name, &String::from_utf8_lossy(bytes));
        if str::from_utf8(bytes).is_err() {
            self.base64(&[name, "_base64"].concat(), bytes);
        }
    }
}

/// Appends the last line.
pub fn push_exchange_summary(out: &mut Vec<u8>, summary: &ExchangeSummary) {
    let mut object = Object::begin(out);
    object.string("type", "summary");
    object.number("frames", summary.frames);
    object.number("exchanges", summary.exchanges);
    object.number("shown", summary.shown);
    object.object("limits", |object| summary.limits.iter().for_each(|(name, count)| object.number(name, *count)));
    object.array("notes", [(); 0], |_, ()| {});
    object.end();
    out.push(b'\n');
}

/// Appends nanoseconds as milliseconds.
pub(in crate::render) fn push_milliseconds(out: &mut Vec<u8>, nanoseconds: i64) {
    if nanoseconds < 0 {
        out.push(b'-');
    }
    let size = nanoseconds.unsigned_abs();
    push_decimal(out, size / 1_000_000);
    let rest = size % 1_000_000;
    if rest > 0 {
        out.push(b'.');
        push_padded(out, rest, 6);
        while out.last() == Some(&b'0') {
            out.pop();
        }
    }
}

/// Appends a SHA-256 as a string.
pub(in crate::render) fn push_sum(out: &mut Vec<u8>, sum: &[u8; 32]) {
    out.push(b'"');
    sum.iter().for_each(|byte| push_hex_byte(out, *byte));
    out.push(b'"');
}

fn push_status(object: &mut Object<'_>, message: &Message) {
    match (message.status(), message.head.status_line()) {
        (Some(status), _) => object.number("status", u64::from(status)),
        (None, Some(line)) => object.text("status", line.status),
        // HTTP/0.9 has none.
        (None, None) => object.name("status").extend_from_slice(b"null"),
    }
    object.text("reason", message.head.status_line().map(|line| line.reason).unwrap_or_default());
}

fn push_flags(object: &mut Object<'_>, flags: impl Iterator<Item = Flag>) {
    object.array("flags", flags, |out, flag| push_string(out, flag.id()));
}

/// Appends the headers: pairs of name and value. What is not UTF-8 is an object of its own instead of a string.
pub(in crate::render) fn push_headers(object: &mut Object<'_>, name: &str, head: &Head) {
    object.array(name, head.headers(), |out, header| push_array(out, [header.name, header.value], push_bytes));
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    match str::from_utf8(bytes) {
        Ok(text) => push_string(out, text),
        Err(_) => {
            let mut object = Object::begin(out);
            object.base64("bytes_base64", bytes);
            object.end();
        }
    }
}

fn push_body(object: &mut Object<'_>, message: &Message, kept: Option<&KeptBody>) {
    let body = &message.body;
    object.number("length", body.length);
    if let Some(kept) = kept {
        object.number("decoded_length", kept.decoded.length);
    } else if body.length == 0 {
        object.number("decoded_length", 0);
    }
    push_list(object, "content_encoding", &message.head);
    push_list(object, "transfer_encoding", &message.head);
    if body.framing == Framing::Chunked {
        object.number("chunks", body.chunks);
    }
    object.boolean("complete", body.is_complete());
    if !body.is_complete() {
        let mut why = Vec::new();
        if words::push_missing(&mut why, message) {
            object.text("incomplete", &why);
        }
    }
    object.objects("gaps", &body.gaps, |object, (offset, length)| {
        object.number("offset", *offset);
        object.number("length", *length);
    });
    if let Some(trailers) = &body.trailers {
        push_headers(object, "trailers", trailers);
    }
    if let Some(kept) = kept {
        push_kept(object, message.head.get("content-type"), kept);
    }
}

/// Appends the codings that a list names, where it names any.
fn push_list(object: &mut Object<'_>, key: &'static str, head: &Head) {
    let header = if key == "content_encoding" { "content-encoding" } else { "transfer-encoding" };
    let mut members = head.list(header).peekable();
    if members.peek().is_some() {
        object.array(key, members, |out, member| push_string(out, &String::from_utf8_lossy(&member.to_ascii_lowercase())));
    }
}

fn push_kept(object: &mut Object<'_>, content_type: Option<&[u8]>, kept: &KeptBody) {
    if let Some(stop) = &kept.decoded.stop {
        object.object("decoding_stopped", |object| {
            object.string("coding", stop.coding.name());
            object.string("why", words::why_key(stop.why));
            object.number("coded_offset", stop.coded);
            object.number("decoded_offset", stop.decoded);
        });
    }
    if !kept.decoded.mislabelled.is_empty() {
        object.objects("mislabelled", &kept.decoded.mislabelled, |object, wrong| {
            object.string("label", wrong.label.name());
            object.string("found", wrong.found.map_or("identity", |coding| coding.name()));
        });
    }
    if let Some(unknown) = &kept.codings.unknown {
        object.text("unknown_coding", unknown);
    }
    if kept.codings.too_many {
        object.boolean("codings_limit", true);
    }
    if kept.left_out > 0 {
        object.number("left_out", kept.left_out);
    }
    if let Some(sum) = &kept.sha256 {
        push_sum(object.name("sha256"), sum);
    }
    if kept.bytes.is_empty() {
        return;
    }
    match kept.read(content_type) {
        Reading::Text { charset, text } => {
            object.string("charset", charset.name());
            object.string("charset_from", charset.source.name());
            if let Some(label) = &charset.unknown_label {
                object.text("unknown_charset", label);
            }
            if let Some(likely) = text.likely {
                object.string("likely_charset", likely);
            }
            if text.undecoded_count > 0 {
                object.number("undecoded_count", text.undecoded_count);
                object.objects("undecoded", &text.undecoded, |object, undecoded| {
                    object.number("offset", undecoded.offset);
                    object.number("length", u64::from(undecoded.length));
                });
            }
            object.string("text", &text.text);
        }
        Reading::Bytes(format) => {
            if let Some(format) = format {
                object.string("format", format.media_type);
            }
            object.base64("bytes_base64", &kept.bytes);
        }
    }
}
