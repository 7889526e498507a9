//! Who speaks: turns, and what is said in them.

use super::stream::{Stream, push_line};
use super::words::{Whose, language_name, mark, push_address_port, push_count, push_of, push_opening, push_own, push_turn, role, said};
use crate::conversation::Side;
use crate::conversation::text::telnet::{Telnet, Verb, table};
use crate::conversation::text::{Aside, Language, Record, Said, Utterance};
use crate::dissect::application::tls;
use crate::frame::Timestamp;
use crate::reassembly::Origin;
use crate::render::escape;
use crate::render::number::{push_decimal, push_hex_byte, push_padded};
use crate::render::style::{Palette, Role};
use crate::render::time::Clock;

/// After such a silence it is said again who speaks, and when: a second.
const SILENCE: i64 = 1_000_000_000;
/// How many bytes of an option's details are shown.
const DETAILS_SHOWN: usize = 200;
/// The content type of what programs say over TLS.
const APPLICATION_DATA: u8 = 23;

/// Writes what is said.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) palette: Palette,
    clock: Clock,
    opened: bool,
    /// Who speaks, and when something of it was heard last.
    turn: Option<(Side, Option<Timestamp>)>,
    stream: Stream,
    stream_role: Role,
    /// Encrypted bytes of the turn that were not told yet: in how many records, or in none.
    encrypted: Option<(u64, u64)>,
}

impl Voice {
    pub(super) fn new(clock: Clock, palette: Palette) -> Self {
        let stream_role = Role::Payload;
        Self { palette, clock, opened: false, turn: None, stream: Stream::default(), stream_role, encrypted: None }
    }

    /// Says whose conversation it is, once.
    pub(super) fn open(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, language: Option<Language>) {
        if !std::mem::replace(&mut self.opened, true) {
            push_opening(out, &self.palette, whose, language);
        }
    }

    /// Ends what stands open, so that a line of ours can follow.
    pub(super) fn close(&mut self, out: &mut Vec<u8>) {
        let Some((side, _)) = self.turn else { return };
        self.stream.close(out, &self.palette, (side, self.stream_role));
        if let Some((records, bytes)) = self.encrypted.take() {
            push_of(out, &self.palette, Role::Dim, side, |out| {
                said(out, if records > 0 { "TLS application data, " } else { "encrypted, " });
                push_count(out, bytes, "byte", "bytes");
                if records > 1 {
                    said(out, " in ");
                    push_count(out, records, "record", "records");
                }
            });
        }
    }

    /// Says who speaks, where that changes or was silent.
    fn turn(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, side: Side, began: Origin) {
        let silent = |last: Option<Timestamp>| began.time.zip(last).is_some_and(|(now, last)| now.since(last) >= SILENCE);
        if self.turn.is_none_or(|(speaker, last)| speaker != side || silent(last)) {
            self.announce(out, whose, side, began);
        }
        self.turn = Some((side, began.time));
    }

    /// Says who speaks.
    pub(super) fn announce(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, side: Side, began: Origin) {
        self.close(out);
        self.open(out, whose, None);
        push_turn(out, &self.palette, &mut self.clock, whose, (side, began));
        self.turn = Some((side, began.time));
    }

    /// Bytes as they are, which need not end where they do.
    pub(super) fn bytes(&mut self, out: &mut Vec<u8>, side: Side, role: Role, bytes: &[u8]) {
        if self.stream_role != role {
            self.close(out);
        }
        self.stream_role = role;
        self.stream.push(out, &self.palette, (side, role), bytes);
    }

    /// A line of ours about a side.
    fn told(&mut self, out: &mut Vec<u8>, side: Side, words: impl FnOnce(&mut Vec<u8>)) {
        self.close(out);
        push_of(out, &self.palette, Role::Dim, side, words);
    }

    /// What a dialogue tells.
    pub(super) fn said(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, said: &Said<'_>) {
        let side = said.from;
        self.open(out, whose, Some(said.language).filter(|language| language_name(*language).is_some()));
        self.turn(out, whose, side, said.began);
        let role = role(side);
        match &said.what {
            Utterance::Command { .. } | Utterance::Message { .. } | Utterance::Line | Utterance::Response => {
                self.line(out, side, role, said.bytes);
            }
            Utterance::Reply { code, .. } => self.line(out, side, if refuses(code) { Role::Warning } else { role }, said.bytes),
            Utterance::Body { .. } | Utterance::BodyEnd => self.line(out, side, Role::Dim, said.bytes),
            Utterance::Counted { .. } => self.bytes(out, side, Role::Dim, said.bytes),
            Utterance::Bytes => self.bytes(out, side, role, said.bytes),
            Utterance::Encrypted => self.sum(out, 0, said.bytes.len() as u64),
            Utterance::Record(record) => self.record(out, side, record),
            Utterance::Telnet(telnet) => self.told(out, side, |out| push_telnet(out, telnet)),
            Utterance::Aside(aside) => self.aside(out, whose, side, aside),
        }
    }

    fn line(&mut self, out: &mut Vec<u8>, side: Side, role: Role, line: &[u8]) {
        self.close(out);
        self.palette.paint(out, role, |out| {
            out.extend_from_slice(mark(side));
            push_line(out, line);
        });
        out.push(b'\n');
    }

    fn sum(&mut self, out: &mut Vec<u8>, records: u64, bytes: u64) {
        if self.encrypted.is_some_and(|(sum, _)| (sum > 0) != (records > 0)) {
            self.close(out);
        }
        let (sum, total) = self.encrypted.unwrap_or_default();
        self.encrypted = Some((sum + records, total + bytes));
    }

    fn record(&mut self, out: &mut Vec<u8>, side: Side, record: &Record) {
        if record.content_type == APPLICATION_DATA && record.missing == 0 {
            return self.sum(out, 1, record.length);
        }
        self.told(out, side, |out| {
            said(out, "TLS ");
            push_known(out, tls::table::CONTENT_TYPES, record.content_type, "record of type ");
            if let Some(message) = record.handshake {
                said(out, ": ");
                push_known(out, tls::table::HANDSHAKE_TYPES, message, "message of type ");
            }
            said(out, ", ");
            push_count(out, record.length, "byte", "bytes");
            if record.missing > 0 {
                said(out, ", of which ");
                push_count(out, record.missing, "is missing", "are missing");
            }
        });
    }

    fn aside(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, side: Side, aside: &Aside<'_>) {
        let quoted = |out: &mut Vec<u8>, words: &str, bytes: &[u8]| {
            said(out, words);
            escape::push_text(out, bytes);
        };
        match *aside {
            Aside::Credentials { acting_as, user, password } => self.told(out, side, |out| {
                quoted(out, "decoded: user ", user);
                quoted(out, ", password ", password);
                if !acting_as.is_empty() {
                    quoted(out, ", acting as ", acting_as);
                }
            }),
            Aside::Decoded(bytes) => self.told(out, side, |out| quoted(out, "decoded: ", bytes)),
            Aside::DataConnection(end) => self.told(out, side, |out| {
                said(out, "the data connection goes to ");
                push_address_port(out, end.address, end.port);
            }),
            Aside::DataPort(port) => self.told(out, side, |out| {
                said(out, "the data connection goes to ");
                push_address_port(out, whose.conversation.end(side).address, port);
            }),
            Aside::Numeric { number, name } => self.told(out, side, |out| {
                push_padded(out, u64::from(number), 3);
                said(out, " is ");
                said(out, name);
            }),
            Aside::Encrypted => self.all(out, "from here on both sides encrypt"),
            Aside::Compressed => self.all(out, "from here on both sides compress"),
        }
    }

    fn all(&mut self, out: &mut Vec<u8>, words: &str) {
        self.close(out);
        push_own(out, &self.palette, Role::Dim, |out| said(out, words));
    }
}

/// Whether a reply says no.
fn refuses(code: &[u8]) -> bool {
    match code {
        [first, _, _] if code.iter().all(u8::is_ascii_digit) => matches!(first, b'4' | b'5'),
        b"-ERR" => true,
        _ => [&b"NO"[..], b"BAD", b"BYE"].iter().any(|word| code.eq_ignore_ascii_case(word)),
    }
}

fn push_known(out: &mut Vec<u8>, names: &[(u64, &'static str)], number: u8, otherwise: &str) {
    match names.iter().find(|(known, _)| *known == u64::from(number)) {
        Some((_, name)) => said(out, name),
        None => {
            said(out, otherwise);
            push_decimal(out, u64::from(number));
        }
    }
}

/// Appends Telnet's words: `DO terminal type`, `window size: 80 columns, 24 rows`.
fn push_telnet(out: &mut Vec<u8>, telnet: &Telnet<'_>) {
    match telnet {
        Telnet::Negotiation { verb, option } => {
            said(
                out,
                match verb {
                    Verb::Will => "WILL ",
                    Verb::Wont => "WONT ",
                    Verb::Do => "DO ",
                    Verb::Dont => "DONT ",
                },
            );
            push_option(out, *option);
        }
        Telnet::Details { option, parameters, left_out, ended } => {
            push_option(out, *option);
            push_details(out, *option, parameters);
            if *left_out > 0 {
                said(out, ", and ");
                push_count(out, *left_out, "more byte", "more bytes");
            }
            if !*ended {
                said(out, ", without an end");
            }
        }
        Telnet::Command(command) => match table::name(table::COMMANDS, *command) {
            Some(name) => said(out, name),
            None => {
                said(out, "command ");
                push_decimal(out, u64::from(*command));
            }
        },
    }
}

fn push_option(out: &mut Vec<u8>, option: u8) {
    match table::name(table::OPTIONS, option) {
        Some(name) => said(out, name),
        None => {
            said(out, "option ");
            push_decimal(out, u64::from(option));
        }
    }
}

fn push_details(out: &mut Vec<u8>, option: u8, parameters: &[u8]) {
    match (option, parameters) {
        (table::WINDOW_SIZE, &[a, b, c, d]) => {
            said(out, ": ");
            push_decimal(out, u64::from(u16::from_be_bytes([a, b])));
            said(out, " columns, ");
            push_decimal(out, u64::from(u16::from_be_bytes([c, d])));
            said(out, " rows");
        }
        (table::TERMINAL_TYPE | table::TERMINAL_SPEED | table::X_DISPLAY, [0, value @ ..]) => {
            said(out, " is ");
            push_shown(out, value);
        }
        (table::TERMINAL_TYPE | table::TERMINAL_SPEED | table::X_DISPLAY, [1]) => said(out, ": which?"),
        (table::ENVIRONMENT, [1]) => said(out, ": which?"),
        (table::ENVIRONMENT, [_]) => said(out, ": nothing"),
        (table::ENVIRONMENT, [kind, variables @ ..]) => {
            said(out, if *kind == 1 { ": which of" } else { ":" });
            push_variables(out, variables);
        }
        _ => {
            said(out, ":");
            for byte in parameters.iter().take(DETAILS_SHOWN) {
                out.push(b' ');
                push_hex_byte(out, *byte);
            }
            said(out, if parameters.len() > DETAILS_SHOWN { " .." } else { "" });
        }
    }
}

fn push_shown(out: &mut Vec<u8>, text: &[u8]) {
    if !escape::push_text_cut(out, text, DETAILS_SHOWN) {
        said(out, "..");
    }
}

/// Appends variables with their values: each begins with 0 or 3, its value with 1 (RFC 1572).
fn push_variables(out: &mut Vec<u8>, variables: &[u8]) {
    for variable in variables.split(|byte| matches!(byte, 0 | 3)).filter(|variable| !variable.is_empty()).take(DETAILS_SHOWN) {
        out.push(b' ');
        for (place, part) in variable.splitn(2, |byte| *byte == 1).enumerate() {
            said(out, if place > 0 { "=" } else { "" });
            push_shown(out, part);
        }
    }
}
