//! HAR 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>): what the network panels of browsers import.
//!
//! Entries are written one by one as exchanges are over. What the format has no place for (holes, flags) stands in `comment`. A `<` is always
//! escaped, so that nothing in the file is live where it is put into a page.

mod cookie;
mod message;

use super::http::{Subject, url, words};
use super::json::object::Object;
use super::json::push_milliseconds;
use super::time::Calendar;
use super::{escape, number};
use crate::conversation::body::Bodies;
use crate::conversation::http1::Exchange;
use crate::limits::Limits;

/// Writes a HAR.
#[derive(Clone, Debug, Default)]
pub struct Har {
    calendar: Calendar,
    entries: u64,
    /// The entry that is being written.
    entry: Vec<u8>,
}

impl Har {
    /// Appends what stands before the first entry.
    pub fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"wirelore\",\"version\":\"");
        out.extend_from_slice(env!("CARGO_PKG_VERSION").as_bytes());
        out.extend_from_slice(b"\"},\"entries\":[");
    }

    /// Appends an exchange; says whether it is one that a HAR has a place for: something was asked or answered.
    pub fn write(&mut self, out: &mut Vec<u8>, subject: &Subject<'_>) -> bool {
        let exchange = subject.exchange;
        if exchange.request.is_none() && exchange.response.is_none() {
            return false;
        }
        out.extend_from_slice(if self.entries == 0 { b"\n" } else { b",\n" });
        self.entries += 1;
        let mut entry = std::mem::take(&mut self.entry);
        entry.clear();
        self.push_entry(&mut entry, exchange, subject.bodies);
        // Outside of strings JSON has no such character.
        for (place, part) in entry.split(|byte| *byte == b'<').enumerate() {
            if place > 0 {
                out.extend_from_slice(b"\\u003c");
            }
            out.extend_from_slice(part);
        }
        entry.clear();
        entry.shrink_to(Limits::HAR_ENTRY_KEPT);
        self.entry = entry;
        true
    }

    /// Appends what stands behind the last entry. `comment` says what is missing of the whole.
    pub fn finish(&self, out: &mut Vec<u8>, comment: &str) {
        out.extend_from_slice(b"\n]");
        if !comment.is_empty() {
            out.extend_from_slice(b",\"comment\":");
            super::json::push_string(out, comment);
        }
        out.extend_from_slice(b"}}\n");
    }

    fn push_entry(&mut self, out: &mut Vec<u8>, exchange: &Exchange, bodies: &Bodies) {
        let times = [("send", exchange.send_time()), ("wait", exchange.wait_time()), ("receive", exchange.receive_time())];
        let mut object = Object::begin(out);
        let time = object.name("startedDateTime");
        time.push(b'"');
        // A capture without times still needs one here.
        self.calendar.push_rfc3339(time, exchange.first().time.unwrap_or_default());
        time.push(b'"');
        let all = times.iter().filter_map(|(_, time)| *time).map(|time| time.max(0)).fold(0i64, i64::saturating_add);
        push_milliseconds(object.name("time"), all);
        object.object("request", |object| message::push_request(object, exchange, bodies.request.as_ref()));
        object.object("response", |object| message::push_response(object, exchange, bodies.response.as_ref()));
        object.object("cache", |_| {});
        object.object("timings", |object| {
            for (name, time) in times {
                // The three are not optional: 0 where they are unknown, as Chrome has it for `send`.
                push_milliseconds(object.name(name), time.unwrap_or_default().max(0));
            }
        });
        let mut address = Vec::new();
        number::push_address(&mut address, exchange.ends[1].address);
        object.text("serverIPAddress", &address);
        let mut connection = Vec::new();
        number::push_decimal(&mut connection, exchange.id.conversation);
        object.text("connection", &connection);
        let comment = comment(exchange, bodies);
        if !comment.is_empty() {
            object.text("comment", &comment);
        }
        object.end();
    }
}

/// What there is to say of an exchange for which the format has no place.
fn comment(exchange: &Exchange, bodies: &Bodies) -> Vec<u8> {
    let mut sentences: Vec<Vec<u8>> = Vec::new();
    for flag in exchange.all_flags().iter() {
        let mark: &[u8] = if flag.is_hazard() { b"hazard: " } else { b"" };
        sentences.push([mark, words::flag(flag).as_bytes()].concat());
    }
    for (what, message) in [("request: ", &exchange.request), ("response: ", &exchange.response)] {
        let mut missing = what.as_bytes().to_vec();
        if let Some(message) = message
            && words::push_missing(&mut missing, message)
        {
            sentences.push(missing);
        }
    }
    for (what, body) in [("request: ", &bodies.request), ("response: ", &bodies.response)] {
        for trouble in body.iter().flat_map(words::body_troubles) {
            sentences.push([what.as_bytes(), &trouble].concat());
        }
        for hole in body.iter().flat_map(|body| &body.breaks) {
            let mut sentence = what.as_bytes().to_vec();
            number::push_decimal(&mut sentence, hole.length);
            sentence.extend_from_slice(b" bytes are missing behind byte ");
            number::push_decimal(&mut sentence, hole.at);
            sentences.push(sentence);
        }
    }
    for interim in &exchange.informational {
        let mut sentence = b"first answered ".to_vec();
        escape::push_text(&mut sentence, interim.head.status_line().map(|line| line.status).unwrap_or_default());
        sentences.push(sentence);
    }
    sentences.join(&b"; "[..])
}

/// The URL that an entry needs also where no request is there: that of the server.
fn url_of(exchange: &Exchange) -> String {
    if exchange.request.is_some() {
        return url::encoded(exchange);
    }
    let end = &exchange.ends[1];
    let mut text = b"http://".to_vec();
    let brackets = end.address.is_ipv6();
    if brackets {
        text.push(b'[');
    }
    number::push_address(&mut text, end.address);
    if brackets {
        text.push(b']');
    }
    text.push(b':');
    number::push_decimal(&mut text, u64::from(end.port));
    text.push(b'/');
    String::from_utf8_lossy(&text).into_owned()
}
