//! Exchanges of HTTP, as what is compared of them.

use super::collect::Room;
use super::field::Field;
use super::lasting::{header_weight, without_boundary};
use super::opener::Opened;
use super::run::{Content, Cut, Item, ItemKind, Value, Weight};
use super::sealed::Sealed;
use super::shelf::Shelf;
use crate::conversation::body::{Bodies, KeptBody, sniff};
use crate::conversation::http1::{Ending, Exchange, Flag, Framing, Host, Message, form_decoded};
use crate::limits::Limits;

/// What is compared of an exchange; `None` where it is only bytes that belong to no message.
/// `sealed` is the body of its answer where that is there as it was sent.
pub(super) fn item(exchange: &Exchange, bodies: Bodies, sealed: Option<&mut Sealed>, shelf: &mut Shelf, room: &mut Room) -> Option<Item> {
    exchange.messages().next()?;
    let last = exchange.messages().map(|message| message.last.frame).max().unwrap_or_default();
    let mut item = Item::new(ItemKind::Exchange, exchange.first(), last);
    item.lacks = [exchange.request.as_ref().is_some_and(is_cut), lacks_answer(exchange)];
    if let Some(request) = &exchange.request {
        push_request(&mut item, exchange, request);
        push_headers(&mut item, request, true);
        push_body(&mut item, request, bodies.request, true, shelf, room);
        item.push(Field::Answered, Value::Flag(exchange.response.is_some()));
    }
    let interim: Box<[u16]> = exchange.informational.iter().filter_map(Message::status).collect();
    if !interim.is_empty() {
        item.push(Field::Interim, Value::Codes(interim));
    }
    if let Some(response) = &exchange.response {
        if let Some(line) = response.head.status_line() {
            item.push(Field::Status, line.code().map_or_else(|| Value::Text(line.status.into()), Value::Code));
            item.push(Field::Phrase, Value::Text(line.reason.into()));
            item.push(Field::ResponseVersion, Value::Text(line.version.into()));
        }
        push_headers(&mut item, response, false);
        push_length(&mut item, response);
        match sealed {
            Some(sealed) => {
                let content = shelf.sealed(sealed, response.head.get("content-type"), room);
                if let Some(content) = content {
                    item.push(Field::ResponseBody, Value::Content(Box::new(content)));
                }
            }
            None => push_body(&mut item, response, bodies.response, false, shelf, room),
        }
    }
    if let Some(tunnel) = &exchange.tunnel {
        item.push(Field::Tunnel, Value::Number(tunnel.bytes.iter().sum()));
    }
    // What came in one frame took no time.
    let took = |time: Option<i64>| time.filter(|time| *time > 0);
    let times = [
        (Field::Sending, took(exchange.send_time())),
        (Field::Wait, exchange.wait_time()),
        (Field::Receiving, took(exchange.receive_time())),
    ];
    for (field, time) in times {
        if let Some(time) = time {
            item.push(field, Value::Duration(time));
        }
    }
    Some(item)
}

/// Whether the capture does not hold all of a message's head.
fn is_cut(message: &Message) -> bool {
    [Flag::GapInHead, Flag::HeadCut, Flag::HeadLimit, Flag::LineLimit].into_iter().any(|flag| message.flags.contains(flag))
}

fn lacks_answer(exchange: &Exchange) -> bool {
    exchange.response.as_ref().map_or_else(|| exchange.all_flags().contains(Flag::AnswerInGap), is_cut)
}

/// The length counts where there is no body to be compared: that of an answer to HEAD, of one with holes.
fn push_length(item: &mut Item, response: &Message) {
    let is_to_be_compared = response.body.missing == 0 && response.body.length > 0;
    for aspect in item.aspects.iter_mut().filter(|aspect| aspect.field == Field::ResponseHeader) {
        if !is_to_be_compared && aspect.name.eq_ignore_ascii_case(b"content-length") {
            aspect.weight = Weight::Whole;
        }
    }
}

fn push_request(item: &mut Item, exchange: &Exchange, request: &Message) {
    item.push(Field::Method, Value::Text(request.method().into()));
    if let Some(url) = exchange.url() {
        let own_port = exchange.ends[1].port;
        match url.host {
            Host::Named(name) => {
                // The port that it was sent to anyway says nothing.
                let port = url.port.filter(|port| str::from_utf8(port).ok().and_then(|port| port.parse().ok()) != Some(own_port));
                let mut host = name.to_ascii_lowercase();
                if let Some(port) = port {
                    host.push(b':');
                    host.extend_from_slice(port);
                }
                item.push(Field::Host, Value::Text(host.into()));
            }
            // It is compared as the server's address.
            Host::Address(_) => {}
        }
        item.push(Field::Path, Value::Text(url.path.into()));
        if request.target() != url.path {
            item.push(Field::Target, Value::Text(request.target().into()));
        }
        for (name, value) in url.parameters().take(Limits::PARAMETERS_COMPARED) {
            item.push_named(Field::Query, &name, &value.unwrap_or_default(), Weight::Whole);
        }
    } else {
        item.push(Field::Path, Value::Text(request.target().into()));
    }
    item.push(Field::RequestVersion, Value::Text(request.head.version().into()));
}

fn push_headers(item: &mut Item, message: &Message, is_request: bool) {
    let (header, cookie) = if is_request { (Field::RequestHeader, Field::Cookie) } else { (Field::ResponseHeader, Field::SetCookie) };
    for field in message.head.headers() {
        let is = |name: &str| field.name.eq_ignore_ascii_case(name.as_bytes());
        if is_request && is("host") {
            continue;
        }
        let cookies = if is_request { is("cookie") } else { is("set-cookie") };
        if cookies {
            let mut parts = field.value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()).map(|part| {
                let end = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
                let (name, value) = part.split_at(end);
                (name, value.strip_prefix(b"=").unwrap_or(value))
            });
            // Of Set-Cookie only the first part is the cookie; what browsers are told of it are the others (RFC 6265 section 4.1).
            let own = if is_request { usize::MAX } else { 1 };
            let mut of: &[u8] = &[];
            for (name, value) in parts.by_ref().take(own) {
                item.push_named(cookie, name, value, Weight::Presence);
                of = name;
            }
            for (name, value) in parts {
                let weight = if name.eq_ignore_ascii_case(b"expires") { Weight::Presence } else { Weight::Whole };
                item.push_named(cookie, &[of, b"; ", &name.to_ascii_lowercase()].concat(), value, weight);
            }
            continue;
        }
        let value = if is("content-type") { without_boundary(field.value) } else { field.value.into() };
        item.push_named(header, field.name, &value, header_weight(field.name, field.value));
    }
}

/// Whether bytes can be a form: text without control characters, but for the ends of lines.
fn is_text(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|letter| letter.is_control() && !letter.is_ascii_whitespace()))
}

fn push_body(item: &mut Item, message: &Message, body: Option<KeptBody>, is_request: bool, shelf: &mut Shelf, room: &mut Room) {
    let Some(body) = body else { return };
    let announced = if let Framing::Length(length) = message.body.framing { Some(length) } else { None };
    let is_ended = matches!(message.body.ending, Ending::Stream(_)) && !message.body.is_complete();
    let cut = is_ended.then_some(Cut { arrived: message.body.length, announced });
    if body.bytes.is_empty() && body.breaks.is_empty() && cut.is_none() {
        return;
    }
    let media_type = message.head.get("content-type");
    let is_form = media_type.is_some_and(|kind| sniff::essence(kind).eq_ignore_ascii_case(b"application/x-www-form-urlencoded"));
    // Some say that it is a form whatever they send, and what is cut off may be cut in a name.
    let is_form = is_form && message.body.is_complete() && is_text(&body.bytes);
    if is_request && is_form && body.is_whole() && body.bytes.split(|byte| *byte == b'&').count() <= Limits::PARAMETERS_COMPARED {
        for part in body.bytes.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
            let end = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
            let (name, value) = part.split_at(end);
            let value = form_decoded(value.strip_prefix(b"=").unwrap_or(value));
            item.push_named(Field::Form, &form_decoded(name), value.trim_ascii_end(), Weight::Whole);
        }
        return;
    }
    // A coding cannot be taken off behind a hole: how many bytes that makes of what is compared nobody knows.
    let missing = message.body.missing;
    let KeptBody { bytes, left_out, .. } = body;
    let (content, _) = shelf.opened(Opened { bytes, left_out }, media_type, room);
    let content = Content { missing, cut, ..content };
    item.push(if is_request { Field::RequestBody } else { Field::ResponseBody }, Value::Content(Box::new(content)));
}
