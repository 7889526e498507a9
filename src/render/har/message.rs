//! Requests and responses of a HAR.

use super::super::json::object::Object;
use super::{cookie, url_of};
use crate::conversation::body::sniff;
use crate::conversation::body::{KeptBody, Reading};
use crate::conversation::http1::{Exchange, Head, Message, form_decoded};

/// Writes the members of `request`.
pub(super) fn push_request(object: &mut Object<'_>, exchange: &Exchange, kept: Option<&KeptBody>) {
    let request = exchange.request.as_ref();
    let absent = Message::default();
    let message = request.unwrap_or(&absent);
    object.string("method", &characters(message.method()));
    object.string("url", &url_of(exchange));
    object.string("httpVersion", &characters(message.head.version()));
    object.objects("cookies", message.head.all("cookie").flat_map(cookie::sent), |object, (name, value)| {
        object.string("name", &characters(name));
        object.string("value", &characters(value));
    });
    push_headers(object, &message.head);
    let parameters = exchange.url().into_iter().flat_map(|url| url.parameters());
    object.objects("queryString", parameters, |object, (name, value)| push_pair(object, &name, &value.unwrap_or_default()));
    if request.is_some_and(|request| request.body.length > 0) {
        object.object("postData", |object| push_post_data(object, message, kept));
    }
    push_sizes(object, request);
}

/// Writes the members of `response`.
pub(super) fn push_response(object: &mut Object<'_>, exchange: &Exchange, kept: Option<&KeptBody>) {
    let response = exchange.response.as_ref();
    let absent = Message::default();
    let message = response.unwrap_or(&absent);
    // 0 is how browsers write that there was no answer.
    object.number("status", u64::from(message.status().unwrap_or_default()));
    object.string("statusText", &characters(message.head.status_line().map(|line| line.reason).unwrap_or_default()));
    object.string("httpVersion", &characters(message.head.version()));
    object.objects("cookies", message.head.all("set-cookie").map(cookie::Given::parse), |object, cookie| {
        object.string("name", &characters(cookie.name));
        object.string("value", &characters(cookie.value));
        for (key, value) in [("path", cookie.path), ("domain", cookie.domain)] {
            if let Some(value) = value {
                object.string(key, &characters(value));
            }
        }
        object.boolean("httpOnly", cookie.http_only);
        object.boolean("secure", cookie.secure);
    });
    push_headers(object, &message.head);
    object.object("content", |object| push_content(object, message, kept));
    object.string("redirectURL", &characters(message.head.get("location").unwrap_or_default()));
    push_sizes(object, response);
}

fn push_headers(object: &mut Object<'_>, head: &Head) {
    object.objects("headers", head.headers(), |object, header| {
        object.string("name", &characters(header.name));
        object.string("value", &characters(header.value));
    });
}

/// Sizes as they were sent; -1 where there is nothing to have one.
fn push_sizes(object: &mut Object<'_>, message: Option<&Message>) {
    match message {
        Some(message) => {
            object.number("headersSize", message.head.bytes().len() as u64);
            object.number("bodySize", message.body.length);
        }
        None => {
            object.name("headersSize").extend_from_slice(b"-1");
            object.name("bodySize").extend_from_slice(b"-1");
        }
    }
}

fn push_pair(object: &mut Object<'_>, name: &[u8], value: &[u8]) {
    object.string("name", &String::from_utf8_lossy(name));
    object.string("value", &String::from_utf8_lossy(value));
}

fn push_post_data(object: &mut Object<'_>, message: &Message, kept: Option<&KeptBody>) {
    let content_type = message.head.get("content-type");
    object.string("mimeType", &characters(content_type.unwrap_or_default()));
    let bytes = kept.map(|kept| kept.bytes.as_slice()).unwrap_or_default();
    if content_type.map(sniff::essence).is_some_and(|essence| essence.eq_ignore_ascii_case(b"application/x-www-form-urlencoded")) {
        let fields = bytes.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
        object.objects("params", fields, |object, field| {
            let mut parts = field.splitn(2, |byte| *byte == b'=');
            let [name, value] = [parts.next(), parts.next()].map(|part| form_decoded(part.unwrap_or_default()));
            push_pair(object, &name, &value);
        });
    } else {
        object.array("params", [(); 0], |_, ()| {});
    }
    match kept.map(|kept| kept.read(content_type)) {
        Some(Reading::Text { text, .. }) => object.string("text", &text.text),
        Some(Reading::Bytes(_)) => {
            // The format has no place for bytes here; what browsers write is read back by them.
            object.base64("text", bytes);
            object.string("encoding", "base64");
            object.string("comment", "base64");
        }
        None => object.string("text", ""),
    }
}

fn push_content(object: &mut Object<'_>, message: &Message, kept: Option<&KeptBody>) {
    let content_type = message.head.get("content-type");
    let size = kept.map_or(message.body.length, |kept| kept.decoded.length);
    object.number("size", size);
    if let Some(saved) = size.checked_sub(message.body.length).filter(|_| kept.is_some_and(|kept| !kept.codings.known.is_empty())) {
        object.number("compression", saved);
    }
    object.string("mimeType", &characters(content_type.filter(|value| !value.is_empty()).unwrap_or(b"x-unknown")));
    let Some(kept) = kept.filter(|kept| !kept.bytes.is_empty()) else { return };
    match kept.read(content_type) {
        Reading::Text { charset, text } => {
            object.string("text", &text.text);
            let mut comment = [charset.name(), " (", charset.source.name(), ")"].concat();
            if let Some(likely) = text.likely {
                comment = [comment.as_str(), "; the bytes are likely ", likely].concat();
            }
            object.string("comment", &comment);
        }
        Reading::Bytes(_) => {
            object.base64("text", &kept.bytes);
            object.string("encoding", "base64");
        }
    }
}

/// Bytes of a head as characters: UTF-8, or as browsers have it each byte a character.
fn characters(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
