//! SMTP and FTP: commands, and replies that begin with a number of three digits.

use super::authentication::{Mechanism, challenge};
use super::said::{Aside, Language, Utterance};
use super::turn::{Mode, Turn, first_word, number};
use crate::conversation::{Endpoint, Side};
use std::net::{IpAddr, Ipv4Addr};

/// Commands that only mail transfer has, and those that only file transfer has.
const MAIL: &[&str] =
    &["HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "VRFY", "EXPN", "STARTTLS", "ETRN", "RSET", "XCLIENT", "XFORWARD"];
const FILES: &[&str] = &[
    "USER", "PASS", "ACCT", "CWD", "CDUP", "SMNT", "REIN", "PORT", "PASV", "EPRT", "EPSV", "TYPE", "STRU", "MODE", "RETR", "STOR", "STOU",
    "APPE", "ALLO", "REST", "RNFR", "RNTO", "ABOR", "DELE", "RMD", "MKD", "PWD", "LIST", "NLST", "MLSD", "MLST", "SITE", "SYST", "STAT",
    "FEAT", "OPTS", "SIZE", "MDTM", "PBSZ", "PROT", "CCC", "CLNT", "HOST", "LANG", "ADAT", "MIC", "CONF", "ENC", "XPWD", "XCWD", "XMKD",
    "XRMD",
];
const BOTH: &[&str] = &["AUTH", "HELP", "NOOP", "QUIT"];

fn is_one_of(verb: &[u8], commands: &[&str]) -> bool {
    commands.iter().any(|command| command.as_bytes().eq_ignore_ascii_case(verb))
}

/// How far the dialogue is.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) language: Language,
    server: Side,
    /// The code of the reply that goes on.
    replying: Option<[u8; 3]>,
    /// Whether the server was heard at all.
    answered: bool,
    /// Whether the last command asked for encryption.
    wants_encryption: bool,
    /// Whether an answer to it is awaited.
    mechanism: Option<Mechanism>,
    challenged: bool,
}

impl Numbered {
    pub(super) fn new(language: Language, server: Side) -> Self {
        Self { language, server, replying: None, answered: false, wants_encryption: false, mechanism: None, challenged: false }
    }

    /// Makes out which of the two it is, as far as a line shows it: a greeting that names it, a command that only one of them has.
    pub(super) fn make_out(&mut self, from: Side, line: &[u8]) {
        if self.language != Language::Numbered {
            return;
        }
        if from == self.server {
            self.language = if line.starts_with(b"220") { greeted(line) } else { self.language };
            return;
        }
        let (verb, _) = first_word(line);
        if is_one_of(verb, MAIL) {
            self.language = Language::Smtp;
        } else if is_one_of(verb, FILES) {
            self.language = Language::Ftp;
        }
    }

    /// Reads a line.
    pub(super) fn line(&mut self, from: Side, line: &[u8], turn: &mut Turn<'_>) {
        if from == self.server {
            self.reply(line, turn);
        } else {
            self.command(line, turn);
        }
    }

    /// Something is missing: perhaps the end of a reply.
    pub(super) fn gap(&mut self, from: Side) {
        if from == self.server {
            self.replying = None;
        }
    }

    fn command(&mut self, line: &[u8], turn: &mut Turn<'_>) {
        if let Some(mechanism) = self.mechanism.filter(|_| std::mem::take(&mut self.challenged)) {
            return mechanism.respond(line, turn);
        }
        // Before a command that shall interrupt stand bytes of Telnet (RFC 959 section 4.1.3).
        let interrupts = line.iter().take_while(|byte| **byte >= 0xf0).count();
        let (verb, argument) = first_word(line.get(interrupts..).unwrap_or_default());
        if !is_one_of(verb, MAIL) && !is_one_of(verb, FILES) && !is_one_of(verb, BOTH) {
            return turn.tell(Utterance::Line);
        }
        turn.tell(Utterance::Command { tag: b"", verb, argument });
        self.wants_encryption = false;
        let is = |name: &[u8]| verb.eq_ignore_ascii_case(name);
        if is(b"STARTTLS") {
            self.wants_encryption = true;
        } else if is(b"AUTH") && self.language != Language::Ftp {
            self.mechanism = Some(Mechanism::begin(argument, turn));
        } else if is(b"DATA") && !self.answered {
            turn.read_as(self.server.other(), Mode::Body);
        } else if is(b"BDAT") {
            if let Some(length) = number(first_word(argument).0) {
                turn.read_as(self.server.other(), Mode::Counted(length));
            }
        } else if is(b"PORT") {
            self.data_connection(ports_of_six_numbers(argument), turn);
        } else if is(b"EPRT") {
            self.data_connection(extended_port(argument), turn);
        }
    }

    fn reply(&mut self, line: &[u8], turn: &mut Turn<'_>) {
        self.answered = true;
        let Some((code, rest)) = code(line).filter(|(code, _)| self.replying.is_none_or(|begun| begun == *code)) else {
            return turn.tell(Utterance::Line);
        };
        let more = rest.first() == Some(&b'-');
        let text = rest.get(1..).unwrap_or_default();
        self.replying = more.then_some(code);
        turn.tell(Utterance::Reply { tag: b"", code: &code, text, more });
        if more {
            return;
        }
        match &code {
            b"220" if self.wants_encryption => turn.encrypted(),
            b"234" if self.language != Language::Smtp => turn.encrypted(),
            b"354" if self.language != Language::Ftp => turn.read_as(self.server.other(), Mode::Body),
            b"334" => {
                self.challenged = true;
                challenge(text, turn);
            }
            b"227" => self.data_connection(passive(text), turn),
            b"229" => {
                if let Some(port) = extended_passive(text) {
                    turn.aside(Aside::DataPort(port));
                }
            }
            _ => {}
        }
        if !code.starts_with(b"3") {
            (self.mechanism, self.challenged) = (None, false);
        }
    }

    fn data_connection(&self, end: Option<Endpoint>, turn: &mut Turn<'_>) {
        if let Some(end) = end.filter(|_| self.language != Language::Smtp) {
            turn.aside(Aside::DataConnection(end));
        }
    }
}

/// The language that a greeting names.
fn greeted(text: &[u8]) -> Language {
    let names = |name: &[u8]| text.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name));
    if names(b"SMTP") {
        Language::Smtp
    } else if names(b"FTP") {
        Language::Ftp
    } else {
        Language::Numbered
    }
}

/// The code that a line begins with, and what stands behind it.
fn code(line: &[u8]) -> Option<([u8; 3], &[u8])> {
    let (code, rest) = line.split_first_chunk::<3>()?;
    let ends = matches!(rest.first(), None | Some(b' ' | b'-'));
    (ends && code.iter().all(u8::is_ascii_digit)).then_some((*code, rest))
}

/// `10,0,0,1,4,1`: four numbers of an address, two of a port (RFC 959 section 4.1.2).
fn ports_of_six_numbers(text: &[u8]) -> Option<Endpoint> {
    let mut numbers = text.split(|byte| *byte == b',').map(|digits| number(digits).and_then(|number| u8::try_from(number).ok()));
    let mut next = || numbers.next().flatten();
    let address = Ipv4Addr::new(next()?, next()?, next()?, next()?);
    let port = u16::from_be_bytes([next()?, next()?]);
    numbers.next().is_none().then_some(Endpoint { address: IpAddr::V4(address), port })
}

/// The six numbers in the words of a reply: `Entering Passive Mode (10,0,0,1,4,1)`.
fn passive(text: &[u8]) -> Option<Endpoint> {
    let start = text.iter().position(u8::is_ascii_digit)?;
    let rest = text.get(start..)?;
    let end = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b',').unwrap_or(rest.len());
    ports_of_six_numbers(rest.get(..end)?)
}

/// `|1|10.0.0.1|1025|` (RFC 2428 section 2).
fn extended_port(text: &[u8]) -> Option<Endpoint> {
    let (mark, rest) = text.split_first()?;
    let mut parts = rest.split(|byte| byte == mark);
    let (_, address, port) = (parts.next()?, parts.next()?, parts.next()?);
    let address = str::from_utf8(address).ok()?.parse().ok()?;
    Some(Endpoint { address, port: u16::try_from(number(port)?).ok()? })
}

/// `Entering Extended Passive Mode (|||1025|)` (RFC 2428 section 3).
fn extended_passive(text: &[u8]) -> Option<u16> {
    let start = text.iter().position(|byte| *byte == b'(')?;
    let (mark, rest) = text.get(start + 1..)?.split_first()?;
    let port = rest.split(|byte| byte == mark).nth(2)?;
    u16::try_from(number(port)?).ok()
}
