//! One line an exchange.

use super::super::conversation::cell::{push_duration, push_grouped};
use super::super::escape;
use super::super::name::push_endpoint;
use super::super::number::{push_decimal, push_right};
use super::super::style::{Palette, Role};
use super::super::time::Clock;
use super::{Subject, url, words};
use crate::conversation::body::sniff;
use crate::conversation::http1::{Exchange, Flag, Message, Tunnel, TunnelKind};

/// How many characters each column takes, where what stands in it does not need more.
const CLIENT: usize = 15;
const METHOD: usize = 4;
const STATUS: usize = 3;
const TYPE: usize = 24;
const SIZE: usize = 11;
const WAIT: usize = 10;

/// Writes exchanges, a line each: conversation, time, client, method, status, media type, size of the body, wait, URL, and in brackets what
/// is wrong or missing.
#[derive(Clone, Debug)]
pub struct HttpLine {
    clock: Clock,
    palette: Palette,
    sums: bool,
}

impl HttpLine {
    /// A line form with this clock and these colours; `sums` says whether bodies are shown with their SHA-256.
    #[must_use]
    pub fn new(clock: Clock, palette: Palette, sums: bool) -> Self {
        Self { clock, palette, sums }
    }

    /// The colours.
    #[must_use]
    pub fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Appends the line of an exchange.
    pub fn write(&mut self, out: &mut Vec<u8>, subject: &Subject<'_>) {
        let exchange = subject.exchange;
        push_right(out, exchange.id.conversation, 4);
        out.push(b' ');
        if self.clock.shows_time() {
            let clock = &mut self.clock;
            self.palette.paint(out, Role::Time, |out| clock.push(out, exchange.first().time));
            out.push(b' ');
        }
        column(out, CLIENT, |out| push_endpoint(out, subject.called(0), exchange.ends[0].address, None));
        let request = exchange.request.as_ref();
        column(out, METHOD, |out| push_or_dash(out, request.map(Message::method).unwrap_or_default()));
        self.push_status(out, exchange);
        let media_type = exchange.response.as_ref().and_then(|response| response.head.get("content-type")).map(sniff::essence);
        column(out, TYPE, |out| push_or_dash(out, media_type.unwrap_or_default()));
        push_size(out, exchange);
        push_wait(out, exchange);
        url::push(out, exchange);
        self.push_troubles(out, subject);
        out.push(b'\n');
    }

    fn push_status(&self, out: &mut Vec<u8>, exchange: &Exchange) {
        let status = exchange.response.as_ref().and_then(|response| response.head.status_line());
        let role = match status.and_then(|line| line.code()) {
            Some(500..) => Role::Error,
            Some(400..) => Role::Warning,
            Some(_) | None => Role::Address,
        };
        column(out, STATUS, |out| {
            self.palette.paint(out, role, |out| push_or_dash(out, status.map(|line| line.status).unwrap_or_default()));
        });
    }

    /// What is wrong: hazards, what is missing, what else there was.
    fn push_troubles(&self, out: &mut Vec<u8>, subject: &Subject<'_>) {
        let exchange = subject.exchange;
        let flags = exchange.all_flags();
        for flag in flags.iter().filter(|flag| flag.is_hazard() || words::is_loss(*flag)) {
            let role = if flag.is_hazard() { Role::Error } else { Role::Warning };
            self.push_bracket(out, role, |out| {
                out.extend_from_slice(if flag.is_hazard() { b"hazard: " } else { b"" });
                out.extend_from_slice(words::flag(flag).as_bytes());
            });
        }
        for interim in &exchange.informational {
            self.push_bracket(out, Role::Dim, |out| {
                out.extend_from_slice(b"before it ");
                let line = interim.head.status_line();
                push_or_dash(out, line.map(|line| line.status).unwrap_or_default());
                if let Some(reason) = line.map(|line| line.reason).filter(|reason| !reason.is_empty()) {
                    out.push(b' ');
                    escape::push_text(out, reason);
                }
            });
        }
        for message in exchange.request.iter().chain(&exchange.response) {
            let mut missing = Vec::new();
            let hidden = flags.contains(Flag::GapInFraming) && message.body.gaps.is_empty();
            if words::push_missing(&mut missing, message) && !hidden {
                self.push_bracket(out, Role::Warning, |out| out.extend_from_slice(&missing));
            }
        }
        for body in subject.bodies.request.iter().chain(&subject.bodies.response) {
            for trouble in words::body_troubles(body) {
                self.push_bracket(out, Role::Warning, |out| out.extend_from_slice(&trouble));
            }
            if let Some(sum) = body.sha256.filter(|_| self.sums) {
                self.push_bracket(out, Role::Dim, |out| push_sum(out, &sum));
            }
        }
        if let Some(stray) = exchange.stray {
            self.push_bracket(out, Role::Warning, |out| {
                words::push_stray(out, stray, stray.from == exchange.client, exchange.flags);
            });
        }
        if let Some(tunnel) = exchange.tunnel {
            self.push_bracket(out, Role::Dim, |out| push_tunnel(out, &tunnel));
        }
    }

    fn push_bracket(&self, out: &mut Vec<u8>, role: Role, text: impl FnOnce(&mut Vec<u8>)) {
        out.push(b' ');
        self.palette.paint(out, role, |out| {
            out.push(b'[');
            text(out);
            out.push(b']');
        });
    }
}

/// Appends what went through a tunnel.
pub(super) fn push_tunnel(out: &mut Vec<u8>, tunnel: &Tunnel) {
    out.extend_from_slice(match tunnel.kind {
        TunnelKind::Connect => b"then a tunnel",
        TunnelKind::Upgrade => b"then another protocol",
        TunnelKind::Http2 => b"then HTTP/2",
    });
    out.extend_from_slice(b": ");
    push_decimal(out, tunnel.bytes[0]);
    out.extend_from_slice(b" bytes from the client, ");
    push_decimal(out, tunnel.bytes[1]);
    out.extend_from_slice(b" from the server");
}

/// Appends a SHA-256.
pub(super) fn push_sum(out: &mut Vec<u8>, sum: &[u8; 32]) {
    out.extend_from_slice(b"sha256 ");
    sum.iter().for_each(|byte| super::super::number::push_hex_byte(out, *byte));
}

/// The size of the answer's body as it was sent.
fn push_size(out: &mut Vec<u8>, exchange: &Exchange) {
    match &exchange.response {
        Some(response) => right(out, SIZE, |out| {
            push_grouped(out, response.body.length);
            out.extend_from_slice(b" B");
        }),
        None => right(out, SIZE, |out| out.push(b'-')),
    }
}

fn push_wait(out: &mut Vec<u8>, exchange: &Exchange) {
    match exchange.wait_time() {
        Some(wait) => right(out, WAIT, |out| push_duration(out, wait)),
        None => right(out, WAIT, |out| out.push(b'-')),
    }
}

fn push_or_dash(out: &mut Vec<u8>, text: &[u8]) {
    if text.is_empty() { out.push(b'-') } else { escape::push_text(out, text) }
}

/// Appends a column, filled up with spaces; colours take no room.
fn column(out: &mut Vec<u8>, width: usize, text: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    text(out);
    let shown = printed_width(out.get(start..).unwrap_or_default());
    out.resize(out.len() + width.saturating_sub(shown) + 1, b' ');
}

/// Appends what stands at the right of a column.
fn right(out: &mut Vec<u8>, width: usize, text: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    text(out);
    let pad = width.saturating_sub(out.len() - start);
    out.resize(out.len() + pad, b' ');
    out.get_mut(start..).unwrap_or_default().rotate_right(pad);
    out.push(b' ');
}

/// How many characters stand there, without what sets a colour.
fn printed_width(text: &[u8]) -> usize {
    let mut colour = false;
    let mut width = 0;
    for byte in text {
        match byte {
            0x1b => colour = true,
            b'm' if colour => colour = false,
            _ if colour => {}
            // A character of UTF-8 has one byte that is none of these.
            0x80..=0xbf => {}
            _ => width += 1,
        }
    }
    width
}
