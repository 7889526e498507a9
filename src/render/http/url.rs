//! URLs as they were asked for.

use super::super::escape;
use super::super::number::{push_address, push_decimal, push_hex_byte};
use crate::conversation::http1::{Exchange, Host, Url};
use crate::explain::without_passwords;
use std::net::IpAddr;

/// Appends the URL of an exchange for people, whole; `-` where no request is there.
pub fn push(out: &mut Vec<u8>, exchange: &Exchange) {
    match exchange.url() {
        Some(url) => escape::push_text(out, &joined(&url)),
        None => out.push(b'-'),
    }
}

/// Appends the same without the passwords in it.
pub fn push_without_passwords(out: &mut Vec<u8>, exchange: &Exchange) {
    match exchange.url() {
        Some(url) => escape::push_text(out, &without_passwords(&joined(&url))),
        None => out.push(b'-'),
    }
}

/// The URL of an exchange as one, with bytes that no URL may have percent-encoded: what a program takes. Empty where no request is there.
#[must_use]
pub fn encoded(exchange: &Exchange) -> String {
    let mut out = Vec::new();
    for byte in exchange.url().map(|url| joined(&url)).unwrap_or_default() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'`' => push_encoded(&mut out, byte),
            b'!'..=b'~' => out.push(byte),
            _ => push_encoded(&mut out, byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn push_encoded(out: &mut Vec<u8>, byte: u8) {
    out.push(b'%');
    push_hex_byte(out, byte);
}

/// The parts put together, as they were sent (RFC 3986 section 5.3).
fn joined(url: &Url<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    if !url.scheme.is_empty() {
        out.extend_from_slice(url.scheme);
        out.extend_from_slice(b"://");
    }
    if let Some(user) = url.user {
        out.extend_from_slice(user);
        out.push(b'@');
    }
    push_host(&mut out, url);
    if let Some(port) = url.port {
        out.push(b':');
        out.extend_from_slice(port);
    } else if let Some(port) = url.sent_to_port {
        out.push(b':');
        push_decimal(&mut out, u64::from(port));
    }
    // The asterisk form asks for the server itself (RFC 9112 section 3.2.4).
    if url.path != b"*" {
        if !url.path.is_empty() && !url.path.starts_with(b"/") {
            out.push(b'/');
        }
        out.extend_from_slice(url.path);
    }
    for (mark, part) in [(b'?', url.query), (b'#', url.fragment)] {
        if let Some(part) = part {
            out.push(mark);
            out.extend_from_slice(part);
        }
    }
    out
}

/// Appends the host of a URL, as it was sent.
pub(super) fn push_host(out: &mut Vec<u8>, url: &Url<'_>) {
    match url.host {
        Host::Named(name) => out.extend_from_slice(name),
        Host::Address(address @ IpAddr::V4(_)) => push_address(out, address),
        Host::Address(address @ IpAddr::V6(_)) => {
            out.push(b'[');
            push_address(out, address);
            out.push(b']');
        }
    }
}
