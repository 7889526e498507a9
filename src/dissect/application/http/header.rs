//! The header fields of a message (RFC 9112 section 5): those that many ask for have fields of their own.

use super::start_line::number;
use crate::dissect::{Describe, Field, Value};

fields! {
    HOST = Field::text("http.host", "Host", "The host that the client means: one server may serve many names.");
    USER_AGENT = Field::text("http.user_agent", "User-Agent", "The program that asks.");
    ACCEPT = Field::text("http.accept", "Accept", "The kinds of content that the client can use.");
    ACCEPT_LANGUAGE = Field::text("http.accept_language", "Accept-Language", "The languages that the client's user reads.");
    ACCEPT_ENCODING = Field::text("http.accept_encoding", "Accept-Encoding", "The compressions that the client can undo.");
    REFERER = Field::text("http.referer", "Referer", "The page that the client came from.");
    COOKIE = Field::text("http.cookie", "Cookie", "What the server had the client remember, given back.");
    AUTHORIZATION = Field::text("http.authorization", "Authorization", "The client's credentials: readable for everybody on the way.");
    PROXY_AUTHORIZATION = Field::text("http.proxy_authorization", "Proxy-Authorization", "The client's credentials for a proxy.");
    CONNECTION = Field::text("http.connection", "Connection", "Whether the connection stays open for more (keep-alive) or not (close).");
    UPGRADE = Field::text("http.upgrade", "Upgrade", "Another protocol to go on with on this connection.");
    FORWARDED_FOR = Field::text("http.x_forwarded_for", "X-Forwarded-For", "The client's address, as proxies on the way say.");
    CONTENT_TYPE = Field::text("http.content_type", "Content-Type", "What the body is, and for text in which characters.");
    CONTENT_LENGTH_TEXT = Field::text("http.content_length_header", "Content-Length", "How long the body is said to be, where that is not a number.");
    CONTENT_LENGTH = Field::number("http.content_length", "Content-Length", "How long the body is.").unit("bytes");
    CONTENT_ENCODING = Field::text("http.content_encoding", "Content-Encoding", "How the body is compressed.");
    TRANSFER_ENCODING = Field::text("http.transfer_encoding", "Transfer-Encoding", "How the body is wrapped for the way: chunked, where its length was not known when it began.");
    CACHE_CONTROL = Field::text("http.cache_control", "Cache-Control", "Who may keep the answer, and for how long.");
    DATE = Field::text("http.date", "Date", "When the message was made, by its sender's clock.");
    LAST_MODIFIED = Field::text("http.last_modified", "Last-Modified", "When the content was last changed.");
    SERVER = Field::text("http.server", "Server", "The program that answers.");
    LOCATION = Field::text("http.location", "Location", "Where to look instead, or where something new was put.");
    SET_COOKIE = Field::text("http.set_cookie", "Set-Cookie", "What the client shall remember and give back.");
    WWW_AUTHENTICATE = Field::text("http.www_authenticate", "WWW-Authenticate", "How the client can prove who it is.");
    PROXY_AUTHENTICATE = Field::text("http.proxy_authenticate", "Proxy-Authenticate", "How the client can prove to the proxy who it is.");
    UNKNOWN = Field::text("http.unknown_header", "Header", "A header without a field of its own here, whole.");
}

/// The fields of headers, by the header's name, which has no case.
const KNOWN: &[&Field] = &[
    &HOST,
    &USER_AGENT,
    &ACCEPT,
    &ACCEPT_LANGUAGE,
    &ACCEPT_ENCODING,
    &REFERER,
    &COOKIE,
    &AUTHORIZATION,
    &PROXY_AUTHORIZATION,
    &CONNECTION,
    &UPGRADE,
    &FORWARDED_FOR,
    &CONTENT_TYPE,
    &CONTENT_ENCODING,
    &TRANSFER_ENCODING,
    &CACHE_CONTROL,
    &DATE,
    &LAST_MODIFIED,
    &SERVER,
    &LOCATION,
    &SET_COOKIE,
    &WWW_AUTHENTICATE,
    &PROXY_AUTHENTICATE,
];

/// Whether a head says that a body follows it.
pub(super) fn announces_body(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').any(|line| {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        name.eq_ignore_ascii_case(b"transfer-encoding") || (name.eq_ignore_ascii_case(b"content-length") && value != b"0")
    })
}

/// Shows one header line, which stands at `at`; one that is cut before its value has nothing to show.
#[expect(clippy::arithmetic_side_effects, reason = "places in the line, and where it stands in the layer")]
pub(super) fn describe(d: &mut Describe<'_, '_>, at: usize, line: &[u8], is_cut: bool) -> Option<()> {
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    let name = line.get(..colon)?;
    let value = line.get(colon + 1..).unwrap_or_default();
    let start = colon + 1 + (value.len() - value.trim_ascii_start().len());
    let value = value.trim_ascii();
    if is_cut && value.is_empty() {
        return None;
    }
    if name.eq_ignore_ascii_case(b"content-length") {
        match number(value) {
            Some(length) => d.value(&CONTENT_LENGTH, at + start, value.len(), Value::Number(length)),
            None => d.value(&CONTENT_LENGTH_TEXT, at + start, value.len(), Value::Text(value)),
        }
        return Some(());
    }
    match KNOWN.iter().find(|field| field.label.as_bytes().eq_ignore_ascii_case(name)) {
        Some(field) => d.value(field, at + start, value.len(), Value::Text(value)),
        None => d.value(&UNKNOWN, at, line.len(), Value::Text(line)),
    }
    Some(())
}
