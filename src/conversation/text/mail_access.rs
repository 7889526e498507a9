//! IMAP (RFC 9051).

use super::authentication::{Mechanism, challenge};
use super::said::Utterance;
use super::turn::{Mode, Turn, first_word, number};
use crate::conversation::Side;
use crate::limits::Limits;

/// What a command changes when it is answered with OK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Encryption,
    /// RFC 4978.
    Compression,
}

/// How far the dialogue is.
#[derive(Debug)]
pub(super) struct MailAccess {
    server: Side,
    /// The command that changes how both speak, by its tag.
    change: Option<(Box<[u8]>, Change)>,
    /// Whether the next line of a side goes on behind a literal.
    continues: [bool; 2],
    mechanism: Option<Mechanism>,
    challenged: bool,
}

impl MailAccess {
    pub(super) fn new(server: Side) -> Self {
        Self { server, change: None, continues: [false; 2], mechanism: None, challenged: false }
    }

    /// Reads a line.
    pub(super) fn line(&mut self, from: Side, line: &[u8], turn: &mut Turn<'_>) {
        let continues = self.continues.get_mut(from.index()).is_some_and(std::mem::take);
        if continues {
            turn.tell(Utterance::Line);
        } else if from == self.server {
            self.reply(line, turn);
        } else {
            self.command(line, turn);
        }
        if let Some(length) = literal(line) {
            turn.read_as(from, Mode::Counted(length));
            if let Some(continues) = self.continues.get_mut(from.index()) {
                *continues = true;
            }
        }
    }

    fn command(&mut self, line: &[u8], turn: &mut Turn<'_>) {
        if let Some(mechanism) = self.mechanism.filter(|_| std::mem::take(&mut self.challenged)) {
            return mechanism.respond(line, turn);
        }
        let (tag, rest) = first_word(line);
        let (verb, argument) = first_word(rest);
        let is_tag = !tag.is_empty() && tag.iter().all(|byte| byte.is_ascii_graphic() && !b"(){%*\"\\+".contains(byte));
        if !is_tag || verb.is_empty() || !verb.iter().all(u8::is_ascii_alphabetic) {
            // `DONE` ends IDLE and stands alone.
            return turn.tell(Utterance::Line);
        }
        turn.tell(Utterance::Command { tag, verb, argument });
        let is = |name: &[u8]| verb.eq_ignore_ascii_case(name);
        let change = if is(b"STARTTLS") {
            Some(Change::Encryption)
        } else if is(b"COMPRESS") {
            Some(Change::Compression)
        } else {
            None
        };
        if let Some(change) = change.filter(|_| tag.len() <= Limits::MAIL_TAG) {
            self.change = Some((tag.into(), change));
        }
        if is(b"AUTHENTICATE") {
            self.mechanism = Some(Mechanism::begin(argument, turn));
        }
    }

    fn reply(&mut self, line: &[u8], turn: &mut Turn<'_>) {
        let (tag, rest) = first_word(line);
        if tag == b"+" {
            turn.tell(Utterance::Reply { tag: b"", code: tag, text: rest, more: false });
            self.challenged = self.mechanism.is_some();
            if self.challenged {
                challenge(rest, turn);
            }
            return;
        }
        let (code, text) = first_word(rest);
        if tag.is_empty() || code.is_empty() {
            return turn.tell(Utterance::Line);
        }
        turn.tell(Utterance::Reply { tag, code, text, more: false });
        if tag == b"*" {
            return;
        }
        (self.mechanism, self.challenged) = (None, false);
        let accepted = code.eq_ignore_ascii_case(b"OK");
        match self.change.take_if(|(asked, _)| **asked == *tag) {
            Some((_, Change::Encryption)) if accepted => turn.encrypted(),
            Some((_, Change::Compression)) if accepted => turn.compressed(),
            _ => {}
        }
        let client = self.server.other();
        if !accepted && matches!(turn.modes.get(client.index()), Some(Mode::Counted(_))) {
            // The literal was refused before it was sent (RFC 9051 section 7.6): it does not come.
            turn.read_as(client, Mode::Lines);
            self.continues = [false; 2];
        }
    }
}

/// How long the literal is that a line announces at its end: `{12}`, `{12+}` (RFC 7888), `~{12}` (RFC 3516).
fn literal(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"}")?;
    let start = line.iter().rposition(|byte| *byte == b'{')?;
    let digits = line.get(start + 1..)?;
    number(digits.strip_suffix(b"+").unwrap_or(digits))
}
