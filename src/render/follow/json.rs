//! As JSON lines: each piece as it came, gaps, overlaps and ends, and, of a dialogue, what was said.

use super::text::shows;
use super::words::Whose;
use crate::conversation::text::telnet::{Telnet, Verb, table};
use crate::conversation::text::{Aside, Dialogue, Language, Said, Utterance};
use crate::conversation::{Conversation, Endpoint, Kind, Names, Side};
use crate::reassembly::{End, Limits, Origin, Overlap, Piece};
use crate::render::json::{push_base64_string, push_string, push_text_member};
use crate::render::number::{push_address, push_decimal};
use crate::render::time::Calendar;

/// Writes one conversation as JSON lines.
#[derive(Debug)]
pub struct JsonForm {
    calendar: Calendar,
    dialogue: Dialogue,
    only: Option<Side>,
    opened: bool,
}

impl JsonForm {
    /// A form of both sides or only of one.
    #[must_use]
    pub fn new(only: Option<Side>, limits: &Limits) -> Self {
        Self { calendar: Calendar::default(), dialogue: Dialogue::new(limits), only, opened: false }
    }

    /// Appends a piece of a TCP stream, and what it makes whole of a dialogue.
    pub fn piece(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, piece: &Piece<'_>) {
        self.open(out, whose);
        let conversation = whose.conversation;
        if shows(self.only, from) {
            self.push_piece(out, conversation, from, piece);
        }
        let (only, calendar) = (self.only, &mut self.calendar);
        self.dialogue.piece(conversation, from, piece, &mut |said| {
            if shows(only, said.from) {
                push_said(out, calendar, conversation, &said);
            }
        });
    }

    fn push_piece(&mut self, out: &mut Vec<u8>, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        match *piece {
            Piece::Data { offset, bytes, origin } => {
                push_head(out, "piece", conversation, from);
                push_number(out, "offset", offset);
                push_number(out, "length", bytes.len() as u64);
                self.push_origin(out, origin);
                push_data(out, bytes);
            }
            Piece::Gap { offset, length, origin } => {
                push_head(out, "gap", conversation, from);
                push_number(out, "offset", offset);
                push_number(out, "length", length);
                self.push_origin(out, origin);
            }
            Piece::End { offset, how, origin } => {
                push_head(out, "end", conversation, from);
                push_number(out, "offset", offset);
                push_word(
                    out,
                    "how",
                    match how {
                        End::Finished => "finished",
                        End::Reset => "reset",
                        End::Unseen => "unseen",
                    },
                );
                self.push_origin(out, origin);
            }
        }
        out.extend_from_slice(b"}\n");
    }

    /// Appends that bytes came again, and where they are others which.
    pub fn overlap(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, overlap: &Overlap<'_>) {
        self.open(out, whose);
        let conversation = whose.conversation;
        if !shows(self.only, from) {
            return;
        }
        push_head(out, "overlap", conversation, from);
        push_number(out, "offset", overlap.offset);
        push_number(out, "length", overlap.kept.len() as u64);
        self.push_origin(out, overlap.other_origin);
        push_number(out, "kept_frame", overlap.kept_origin.frame);
        push_key(out, "same");
        out.extend_from_slice(if overlap.is_same() { b"true" } else { b"false" });
        if !overlap.is_same() {
            out.push(b',');
            push_text_member(out, "kept", overlap.kept);
            out.push(b',');
            push_text_member(out, "other", overlap.other);
        }
        out.extend_from_slice(b"}\n");
    }

    /// Appends a datagram.
    pub fn datagram(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, payload: &[u8], origin: Origin) {
        self.open(out, whose);
        let conversation = whose.conversation;
        if !shows(self.only, from) {
            return;
        }
        push_head(out, "piece", conversation, from);
        push_number(out, "length", payload.len() as u64);
        self.push_origin(out, origin);
        push_data(out, payload);
        out.extend_from_slice(b"}\n");
    }

    /// Appends what was begun: nothing more is heard.
    pub fn finish(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        self.open(out, whose);
        let conversation = whose.conversation;
        let (only, calendar) = (self.only, &mut self.calendar);
        self.dialogue.finish(conversation, &mut |said| {
            if shows(only, said.from) {
                push_said(out, calendar, conversation, &said);
            }
        });
    }

    fn open(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        let conversation = whose.conversation;
        if std::mem::replace(&mut self.opened, true) {
            return;
        }
        out.extend_from_slice(b"{\"type\":\"conversation\"");
        push_number(out, "id", conversation.id);
        push_word(
            out,
            "protocol",
            match conversation.kind {
                Kind::Tcp => "tcp",
                Kind::Udp => "udp",
                Kind::Echo => "icmp",
                Kind::Other(_) => "ip",
            },
        );
        for (key, side) in [("originator", Side::Originator), ("responder", Side::Responder)] {
            push_key(out, key);
            push_endpoint(out, conversation.end(side), whose.names);
        }
        out.extend_from_slice(b"}\n");
    }

    fn push_origin(&mut self, out: &mut Vec<u8>, origin: Origin) {
        push_origin(out, &mut self.calendar, origin);
    }
}

fn push_said(out: &mut Vec<u8>, calendar: &mut Calendar, conversation: &Conversation, said: &Said<'_>) {
    // What is in no language is in the pieces already.
    if said.language == Language::Bytes || matches!(said.what, Utterance::Bytes | Utterance::Encrypted) {
        return;
    }
    push_head(out, "said", conversation, said.from);
    push_number(out, "offset", said.range.start);
    push_number(out, "length", said.range.end.saturating_sub(said.range.start));
    push_origin(out, calendar, said.ended);
    if let Some(name) = application(said.language) {
        push_word(out, "application", name);
    }
    push_word(out, "kind", kind(&said.what));
    match &said.what {
        Utterance::Command { tag, verb, argument } => {
            push_if_any(out, "tag", tag);
            push_bytes(out, "verb", verb);
            push_if_any(out, "argument", argument);
        }
        Utterance::Reply { tag, code, text, more } => {
            push_if_any(out, "tag", tag);
            push_bytes(out, "code", code);
            push_if_any(out, "text", text);
            push_key(out, "more");
            out.extend_from_slice(if *more { b"true" } else { b"false" });
        }
        Utterance::Message { prefix, command, parameters } => {
            push_if_any(out, "prefix", prefix);
            push_bytes(out, "command", command);
            push_if_any(out, "parameters", parameters);
        }
        Utterance::Body { stuffed } => {
            let line = if *stuffed { said.bytes.get(1..).unwrap_or_default() } else { said.bytes };
            push_bytes(out, "text", line);
        }
        Utterance::Line | Utterance::Response | Utterance::Counted { .. } | Utterance::Bytes | Utterance::Encrypted => {
            push_bytes(out, "text", said.bytes);
        }
        Utterance::BodyEnd => {}
        Utterance::Telnet(telnet) => push_telnet(out, telnet),
        Utterance::Record(record) => {
            push_number(out, "content_type", u64::from(record.content_type));
            push_number(out, "record_length", record.length);
            push_number(out, "missing", record.missing);
            if let Some(message) = record.handshake {
                push_number(out, "handshake_type", u64::from(message));
            }
        }
        Utterance::Aside(aside) => push_aside(out, aside),
    }
    out.extend_from_slice(b"}\n");
}

/// What conversations are called by in JSON; nothing where it is not clear yet.
fn application(language: Language) -> Option<&'static str> {
    match language {
        Language::Smtp => Some("smtp"),
        Language::Ftp => Some("ftp"),
        Language::Pop3 => Some("pop"),
        Language::Imap => Some("imap"),
        Language::Irc => Some("irc"),
        Language::Telnet => Some("telnet"),
        Language::Tls => Some("tls"),
        Language::Numbered | Language::Bytes => None,
    }
}

fn kind(what: &Utterance<'_>) -> &'static str {
    match what {
        Utterance::Command { .. } => "command",
        Utterance::Reply { .. } => "reply",
        Utterance::Message { .. } => "message",
        Utterance::Line => "line",
        Utterance::Body { .. } => "body",
        Utterance::BodyEnd => "body_end",
        Utterance::Counted { .. } => "literal",
        Utterance::Response => "response",
        Utterance::Telnet(Telnet::Negotiation { .. }) => "negotiation",
        Utterance::Telnet(Telnet::Details { .. }) => "subnegotiation",
        Utterance::Telnet(Telnet::Command(_)) => "telnet_command",
        Utterance::Record(_) => "record",
        Utterance::Encrypted => "encrypted",
        Utterance::Bytes => "bytes",
        Utterance::Aside(Aside::Credentials { .. }) => "credentials",
        Utterance::Aside(Aside::Decoded(_)) => "decoded",
        Utterance::Aside(Aside::DataConnection(_) | Aside::DataPort(_)) => "data_connection",
        Utterance::Aside(Aside::Numeric { .. }) => "numeric",
        Utterance::Aside(Aside::Encrypted) => "encryption_begins",
        Utterance::Aside(Aside::Compressed) => "compression_begins",
    }
}

fn push_telnet(out: &mut Vec<u8>, telnet: &Telnet<'_>) {
    let option_of = |out: &mut Vec<u8>, option: u8| {
        push_number(out, "option", u64::from(option));
        if let Some(name) = table::name(table::OPTIONS, option) {
            push_word(out, "option_name", name);
        }
    };
    match telnet {
        Telnet::Negotiation { verb, option } => {
            push_word(
                out,
                "verb",
                match verb {
                    Verb::Will => "WILL",
                    Verb::Wont => "WONT",
                    Verb::Do => "DO",
                    Verb::Dont => "DONT",
                },
            );
            option_of(out, *option);
        }
        Telnet::Details { option, parameters, left_out, ended } => {
            option_of(out, *option);
            push_key(out, "data_base64");
            push_base64_string(out, parameters);
            push_number(out, "left_out", *left_out);
            push_key(out, "ended");
            out.extend_from_slice(if *ended { b"true" } else { b"false" });
        }
        Telnet::Command(command) => {
            push_number(out, "command", u64::from(*command));
            if let Some(name) = table::name(table::COMMANDS, *command) {
                push_word(out, "command_name", name);
            }
        }
    }
}

fn push_aside(out: &mut Vec<u8>, aside: &Aside<'_>) {
    match aside {
        Aside::Credentials { acting_as, user, password } => {
            push_if_any(out, "acting_as", acting_as);
            push_bytes(out, "user", user);
            push_bytes(out, "password", password);
        }
        Aside::Decoded(bytes) => push_data(out, bytes),
        Aside::DataConnection(end) => {
            push_key(out, "to");
            push_endpoint(out, end, &Names::default());
        }
        Aside::DataPort(port) => push_number(out, "port", u64::from(*port)),
        Aside::Numeric { number, name } => {
            push_number(out, "number", u64::from(*number));
            push_word(out, "name", name);
        }
        Aside::Encrypted | Aside::Compressed => {}
    }
}

fn push_head(out: &mut Vec<u8>, kind: &str, conversation: &Conversation, from: Side) {
    out.extend_from_slice(b"{\"type\":");
    push_string(out, kind);
    push_number(out, "conversation", conversation.id);
    push_word(
        out,
        "from",
        match from {
            Side::Originator => "originator",
            Side::Responder => "responder",
        },
    );
}

fn push_endpoint(out: &mut Vec<u8>, end: &Endpoint, names: &Names) {
    out.extend_from_slice(b"{\"address\":\"");
    push_address(out, end.address);
    out.extend_from_slice(b"\",\"port\":");
    push_decimal(out, u64::from(end.port));
    if let Some(called) = names.called(end.address) {
        push_word(out, "name", &called.evidence.name);
    }
    out.push(b'}');
}

fn push_origin(out: &mut Vec<u8>, calendar: &mut Calendar, origin: Origin) {
    push_number(out, "frame", origin.frame);
    if let Some(time) = origin.time {
        out.extend_from_slice(b",\"time\":\"");
        calendar.push_rfc3339(out, time);
        out.push(b'"');
    }
}

/// What was said, as text where it is UTF-8.
fn push_data(out: &mut Vec<u8>, bytes: &[u8]) {
    match str::from_utf8(bytes) {
        Ok(text) => push_word(out, "text", text),
        Err(_) => {
            push_key(out, "data_base64");
            push_base64_string(out, bytes);
        }
    }
}

fn push_key(out: &mut Vec<u8>, key: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

fn push_number(out: &mut Vec<u8>, key: &str, number: u64) {
    push_key(out, key);
    push_decimal(out, number);
}

fn push_word(out: &mut Vec<u8>, key: &str, word: &str) {
    push_key(out, key);
    push_string(out, word);
}

fn push_bytes(out: &mut Vec<u8>, key: &str, bytes: &[u8]) {
    out.push(b',');
    push_text_member(out, key, bytes);
}

fn push_if_any(out: &mut Vec<u8>, key: &str, bytes: &[u8]) {
    if !bytes.is_empty() {
        push_bytes(out, key, bytes);
    }
}
