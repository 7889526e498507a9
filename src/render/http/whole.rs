//! An exchange whole: what was asked for, both messages as they were sent, and their bodies as what they are.

use super::super::conversation::cell::push_duration;
use super::super::escape;
use super::super::name;
use super::super::note;
use super::super::number::{push_address, push_decimal, push_hex, push_hex_byte};
use super::super::style::{Palette, Role};
use super::super::time::Clock;
use super::line::{push_sum, push_tunnel};
use super::{Subject, url, words};
use crate::conversation::Endpoint;
use crate::conversation::body::charset::{Charset, Source, Text};
use crate::conversation::body::{Break, KeptBody, Reading};
use crate::conversation::http1::{Exchange, Flags, Framing, Message, Url};
use std::net::IpAddr;

/// How many bytes of a body that is no text are shown.
const PREVIEW: usize = 128;
const BYTES_OF_ROW: usize = 16;

/// Writes exchanges whole.
#[derive(Clone, Debug)]
pub struct HttpWhole {
    clock: Clock,
    palette: Palette,
}

/// Who speaks: the mark before each line of a message, so that colour is not needed to tell.
#[derive(Clone, Copy)]
struct Speaker {
    mark: &'static [u8],
    role: Role,
}

const CLIENT: Speaker = Speaker { mark: b"> ", role: Role::Network };
const SERVER: Speaker = Speaker { mark: b"< ", role: Role::Application };

impl HttpWhole {
    /// A form with this clock and these colours.
    #[must_use]
    pub fn new(clock: Clock, palette: Palette) -> Self {
        Self { clock, palette }
    }

    /// The colours.
    #[must_use]
    pub fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Appends an exchange.
    pub fn write(&mut self, out: &mut Vec<u8>, subject: &Subject<'_>) {
        let exchange = subject.exchange;
        push_title(out, exchange);
        self.push_ends(out, subject);
        self.push_url(out, exchange);
        self.push_flags(out, exchange.flags);
        if let Some(request) = &exchange.request {
            self.push_message(out, CLIENT, request, subject.bodies.request.as_ref());
        }
        for interim in &exchange.informational {
            self.push_message(out, SERVER, interim, None);
        }
        if let Some(response) = &exchange.response {
            self.push_message(out, SERVER, response, subject.bodies.response.as_ref());
        }
        if let Some(stray) = exchange.stray {
            self.push_warning(out, |out| {
                words::push_stray(out, stray, stray.from == exchange.client, exchange.flags);
            });
            if let Some(kept) = &subject.bodies.stray {
                let speaker = if stray.from == exchange.client { CLIENT } else { SERVER };
                self.push_kept(out, speaker, kept, &kept.read(None), " more bytes");
            }
        }
        if let Some(tunnel) = &exchange.tunnel {
            said(out, "  ");
            push_tunnel(out, tunnel);
            out.push(b'\n');
        }
        for note in subject.notes {
            said(out, "  ");
            note::push_line(out, note, subject.names, &self.palette);
        }
        out.push(b'\n');
    }

    fn push_ends(&mut self, out: &mut Vec<u8>, subject: &Subject<'_>) {
        let exchange = subject.exchange;
        said(out, "  ");
        if self.clock.shows_time() {
            let clock = &mut self.clock;
            self.palette.paint(out, Role::Time, |out| clock.push(out, exchange.first().time));
            said(out, ", ");
        }
        push_end(out, &exchange.ends[0]);
        name::push_known_behind(out, subject.names, exchange.ends[0].address, subject.called(0));
        said(out, " to ");
        push_end(out, &exchange.ends[1]);
        name::push_known_behind(out, subject.names, exchange.ends[1].address, subject.called(1));
        for (word, time) in [("sent in", exchange.send_time()), ("waited", exchange.wait_time()), ("received in", exchange.receive_time())]
        {
            if let Some(time) = time {
                said(out, "; ");
                said(out, word);
                out.push(b' ');
                push_duration(out, time);
            }
        }
        out.push(b'\n');
    }

    /// The URL taken apart.
    fn push_url(&self, out: &mut Vec<u8>, exchange: &Exchange) {
        let Some(url) = exchange.url() else { return };
        if !url.scheme.is_empty() {
            self.push_part(out, "scheme", url.scheme);
        }
        if let Some(user) = url.user {
            self.push_part(out, "user", user);
        }
        let mut host = Vec::new();
        url::push_host(&mut host, &url);
        self.push_part(out, "host", &host);
        let mut port = url.port.map(<[u8]>::to_vec).unwrap_or_default();
        if port.is_empty() {
            push_decimal(&mut port, u64::from(url.sent_to_port.unwrap_or(exchange.ends[1].port)));
        }
        self.push_part(out, "port", &port);
        if !url.path.is_empty() {
            self.push_part(out, "path", &url.decoded_path());
        }
        self.push_parameters(out, &url);
        if let Some(fragment) = url.fragment {
            self.push_part(out, "fragment", fragment);
        }
    }

    fn push_parameters(&self, out: &mut Vec<u8>, url: &Url<'_>) {
        for (name, value) in url.parameters() {
            self.push_label(out, "query");
            escape::push_text(out, &name);
            if let Some(value) = value {
                said(out, " = ");
                escape::push_text(out, &value);
            }
            out.push(b'\n');
        }
    }

    fn push_part(&self, out: &mut Vec<u8>, label: &str, value: &[u8]) {
        self.push_label(out, label);
        escape::push_text(out, value);
        out.push(b'\n');
    }

    fn push_label(&self, out: &mut Vec<u8>, label: &str) {
        self.palette.paint(out, Role::Dim, |out| {
            said(out, "  ");
            said(out, label);
            out.resize(out.len() + 9usize.saturating_sub(label.len()), b' ');
        });
    }

    fn push_flags(&self, out: &mut Vec<u8>, flags: Flags) {
        for flag in flags.iter() {
            let (word, role) = if flag.is_hazard() { ("hazard: ", Role::Error) } else { ("note: ", Role::Dim) };
            said(out, "  ");
            self.palette.paint(out, role, |out| {
                said(out, word);
                said(out, words::flag(flag));
            });
            out.push(b'\n');
        }
    }

    fn push_warning(&self, out: &mut Vec<u8>, text: impl FnOnce(&mut Vec<u8>)) {
        said(out, "  ");
        self.palette.paint(out, Role::Warning, |out| {
            said(out, "warning: ");
            text(out);
        });
        out.push(b'\n');
    }

    fn push_message(&self, out: &mut Vec<u8>, speaker: Speaker, message: &Message, kept: Option<&KeptBody>) {
        said(out, "  ");
        self.palette.paint(out, Role::Dim, |out| {
            said(out, if message.first.frame == message.last.frame { "frame " } else { "frames " });
            push_decimal(out, message.first.frame);
            if message.first.frame != message.last.frame {
                said(out, " to ");
                push_decimal(out, message.last.frame);
            }
        });
        out.push(b'\n');
        self.push_flags(out, message.flags);
        self.push_head(out, speaker, message.head.bytes());
        self.push_body(out, speaker, message, kept);
        if let Some(trailers) = &message.body.trailers {
            said(out, "  trailers\n");
            self.push_head(out, speaker, trailers.bytes());
        }
    }

    fn push_head(&self, out: &mut Vec<u8>, speaker: Speaker, head: &[u8]) {
        let head = head.strip_suffix(b"\n").unwrap_or(head);
        for line in head.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            self.push_line(out, speaker, |out| escape::push_text(out, line));
        }
    }

    fn push_line(&self, out: &mut Vec<u8>, speaker: Speaker, text: impl FnOnce(&mut Vec<u8>)) {
        said(out, "  ");
        self.palette.paint(out, speaker.role, |out| {
            out.extend_from_slice(speaker.mark);
            text(out);
        });
        while out.last() == Some(&b' ') {
            out.pop();
        }
        out.push(b'\n');
    }

    fn push_body(&self, out: &mut Vec<u8>, speaker: Speaker, message: &Message, kept: Option<&KeptBody>) {
        let mut missing = Vec::new();
        if words::push_missing(&mut missing, message) {
            self.push_warning(out, |out| out.extend_from_slice(&missing));
        }
        let Some(kept) = kept else { return };
        let content_type = message.head.get("content-type");
        let reading = kept.read(content_type);
        said(out, "  ");
        self.palette.paint(out, Role::Dim, |out| push_body_words(out, message, kept, &reading));
        out.push(b'\n');
        self.push_kept(out, speaker, kept, &reading, " more bytes; --save DIR writes them");
    }

    fn push_kept(&self, out: &mut Vec<u8>, speaker: Speaker, kept: &KeptBody, reading: &Reading<'_>, more: &str) {
        for trouble in words::body_troubles(kept) {
            self.push_warning(out, |out| out.extend_from_slice(&trouble));
        }
        match reading {
            Reading::Text { charset, text } => {
                self.push_charset_troubles(out, charset, text);
                self.push_text(out, speaker, text, &kept.breaks);
            }
            Reading::Bytes(_) => self.push_preview(out, speaker, &kept.bytes, more),
        }
    }

    fn push_charset_troubles(&self, out: &mut Vec<u8>, charset: &Charset, text: &Text<'_>) {
        if let Some(label) = &charset.unknown_label {
            self.push_warning(out, |out| {
                said(out, "no charset is known by the name ");
                escape::push_text(out, label);
            });
        }
        if let Some(overruled) = &charset.overruled {
            self.push_warning(out, |out| {
                said(out, "the header says ");
                escape::push_text(out, overruled);
                said(out, ", the byte order mark something else");
            });
        }
        if let Some(likely) = text.likely {
            self.push_warning(out, |out| {
                said(out, "the bytes do not fit ");
                said(out, charset.name());
                said(out, "; likely (a guess from them) they are ");
                said(out, likely);
            });
        }
        if text.undecoded_count > 0 {
            self.push_warning(out, |out| {
                push_decimal(out, text.undecoded_count);
                said(
                    out,
                    if text.undecoded_count == 1 { " place is no character, at byte" } else { " places are no characters, at bytes" },
                );
                for (place, undecoded) in text.undecoded.iter().enumerate() {
                    said(out, if place == 0 { " " } else { ", " });
                    push_decimal(out, undecoded.offset);
                }
                said(out, if text.undecoded_count > text.undecoded.len() as u64 { ", .." } else { "" });
            });
        }
    }

    fn push_text(&self, out: &mut Vec<u8>, speaker: Speaker, text: &Text<'_>, breaks: &[Break]) {
        let mut start = 0;
        for (mark, hole) in text.marks.iter().zip(breaks) {
            self.push_characters(out, speaker, text.text.get(start..*mark).unwrap_or_default());
            self.push_warning(out, |out| {
                push_decimal(out, hole.length);
                said(out, " bytes are missing here");
            });
            start = *mark;
        }
        self.push_characters(out, speaker, text.text.get(start..).unwrap_or_default());
    }

    fn push_characters(&self, out: &mut Vec<u8>, speaker: Speaker, text: &str) {
        let text = text.strip_suffix('\n').unwrap_or(text);
        if text.is_empty() {
            return;
        }
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            self.push_line(out, speaker, |out| {
                for (place, part) in line.split('\t').enumerate() {
                    if place > 0 {
                        out.push(b'\t');
                    }
                    escape::push_message(out, part);
                }
            });
        }
    }

    fn push_preview(&self, out: &mut Vec<u8>, speaker: Speaker, bytes: &[u8], more: &str) {
        let shown = bytes.get(..PREVIEW).unwrap_or(bytes);
        for (row, chunk) in shown.chunks(BYTES_OF_ROW).enumerate() {
            self.push_line(out, speaker, |out| push_row(out, row * BYTES_OF_ROW, chunk));
        }
        if shown.len() < bytes.len() {
            self.push_line(out, speaker, |out| {
                said(out, ".. ");
                push_decimal(out, (bytes.len() - shown.len()) as u64);
                said(out, more);
            });
        }
    }
}

/// Bytes in hexadecimal, and as characters where they are ASCII.
fn push_row(out: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    push_hex(out, offset as u64, 4);
    out.push(b' ');
    for place in 0..BYTES_OF_ROW {
        match bytes.get(place) {
            Some(byte) => {
                out.push(b' ');
                push_hex_byte(out, *byte);
            }
            None => said(out, "   "),
        }
    }
    said(out, "  ");
    out.extend(bytes.iter().map(|byte| if matches!(byte, b' '..=b'~') { *byte } else { b'.' }));
}

fn push_title(out: &mut Vec<u8>, exchange: &Exchange) {
    said(out, "Exchange ");
    push_decimal(out, u64::from(exchange.id.index));
    said(out, " of conversation ");
    push_decimal(out, exchange.id.conversation);
    said(out, ": ");
    if exchange.request.is_none() && exchange.response.is_none() {
        return said(out, "bytes of no message\n");
    }
    match &exchange.request {
        Some(request) => {
            escape::push_text(out, request.method());
            out.push(b' ');
            url::push(out, exchange);
        }
        None => said(out, "no request"),
    }
    match exchange.response.as_ref().map(|response| response.head.status_line()) {
        Some(Some(line)) => {
            said(out, ": ");
            escape::push_text(out, line.status);
            if !line.reason.is_empty() {
                out.push(b' ');
                escape::push_text(out, line.reason);
            }
        }
        Some(None) => said(out, ": answered without a head"),
        None => said(out, ": no answer"),
    }
    out.push(b'\n');
}

/// What a body is: how long, how it was sent, what it is read as.
fn push_body_words(out: &mut Vec<u8>, message: &Message, kept: &KeptBody, reading: &Reading<'_>) {
    said(out, "body: ");
    push_decimal(out, message.body.length);
    said(out, " bytes");
    match message.body.framing {
        Framing::Chunked => {
            said(out, " in ");
            push_decimal(out, message.body.chunks);
            said(out, if message.body.chunks == 1 { " chunk" } else { " chunks" });
        }
        Framing::Close => said(out, " to the end of the connection"),
        Framing::None | Framing::Length(_) | Framing::Tunnel => {}
    }
    for coding in &kept.codings.known {
        said(out, ", ");
        said(out, coding.name());
    }
    if !kept.codings.known.is_empty() {
        said(out, " of ");
        push_decimal(out, kept.decoded.length);
        said(out, " bytes");
    }
    match reading {
        Reading::Text { charset, .. } => {
            said(out, "; text in ");
            said(out, charset.name());
            said(
                out,
                match charset.source {
                    Source::Header => " (header)",
                    Source::Bom => " (byte order mark)",
                    Source::Meta => " (the document says so)",
                    Source::Default => " (default)",
                    Source::Detected => " (a guess from the bytes)",
                },
            );
        }
        Reading::Bytes(Some(format)) => {
            said(out, "; no text: ");
            said(out, format.media_type);
        }
        Reading::Bytes(None) if kept.bytes.is_empty() => {}
        Reading::Bytes(None) => said(out, "; no text"),
    }
    if let Some(sum) = &kept.sha256 {
        said(out, "; ");
        push_sum(out, sum);
    }
}

fn push_end(out: &mut Vec<u8>, end: &Endpoint) {
    match end.address {
        IpAddr::V4(_) => push_address(out, end.address),
        IpAddr::V6(_) => {
            out.push(b'[');
            push_address(out, end.address);
            out.push(b']');
        }
    }
    out.push(b':');
    push_decimal(out, u64::from(end.port));
}

fn said(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}
