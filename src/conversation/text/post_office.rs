//! POP3 (RFC 1939).

use super::authentication::{Mechanism, challenge};
use super::said::Utterance;
use super::turn::{Mode, Turn, first_word};
use crate::conversation::Side;
use crate::limits::Limits;
use std::collections::VecDeque;

/// How a command is answered where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Line,
    /// Lines to a dot follow.
    Lines,
    Encryption,
}

/// How far the dialogue is.
#[derive(Debug)]
pub(super) struct PostOffice {
    server: Side,
    waiting: VecDeque<Answer>,
    mechanism: Option<Mechanism>,
    challenged: bool,
}

impl PostOffice {
    pub(super) fn new(server: Side) -> Self {
        Self { server, waiting: VecDeque::new(), mechanism: None, challenged: false }
    }

    /// Reads a line.
    pub(super) fn line(&mut self, from: Side, line: &[u8], turn: &mut Turn<'_>) {
        if from == self.server {
            self.reply(line, turn);
        } else {
            self.command(line, turn);
        }
    }

    fn command(&mut self, line: &[u8], turn: &mut Turn<'_>) {
        if let Some(mechanism) = self.mechanism.filter(|_| std::mem::take(&mut self.challenged)) {
            return mechanism.respond(line, turn);
        }
        let (verb, argument) = first_word(line);
        if verb.is_empty() || verb.len() > 8 || !verb.iter().all(u8::is_ascii_alphabetic) {
            return turn.tell(Utterance::Line);
        }
        turn.tell(Utterance::Command { tag: b"", verb, argument });
        let answer = match (verb.to_ascii_uppercase().as_slice(), argument.is_empty()) {
            (b"RETR" | b"TOP" | b"CAPA", _) | (b"LIST" | b"UIDL" | b"AUTH", true) => Answer::Lines,
            (b"STLS", _) => Answer::Encryption,
            (b"AUTH", false) => {
                self.mechanism = Some(Mechanism::begin(argument, turn));
                Answer::Line
            }
            _ => Answer::Line,
        };
        if self.waiting.len() < Limits::MAIL_COMMANDS_WAITING {
            self.waiting.push_back(answer);
        }
    }

    fn reply(&mut self, line: &[u8], turn: &mut Turn<'_>) {
        let (code, text) = first_word(line);
        match code {
            b"+OK" | b"-ERR" => {
                let answer = self.waiting.pop_front();
                let lines = code == b"+OK" && answer == Some(Answer::Lines);
                turn.tell(Utterance::Reply { tag: b"", code, text, more: lines });
                (self.mechanism, self.challenged) = (None, false);
                if lines {
                    turn.read_as(self.server, Mode::Body);
                } else if code == b"+OK" && answer == Some(Answer::Encryption) {
                    turn.encrypted();
                }
            }
            b"+" => {
                turn.tell(Utterance::Reply { tag: b"", code, text, more: false });
                self.challenged = true;
                challenge(text, turn);
            }
            _ => turn.tell(Utterance::Line),
        }
    }
}
