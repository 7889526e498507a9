//! What was said in lines of text, summed up: the commands and how each went.

use crate::conversation::text::{Aside, Language, Said, Utterance};
use crate::conversation::{Conversation, Side, text};
use crate::reassembly::{Limits, Piece};
use std::collections::VecDeque;

/// What was said in lines of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialogue {
    /// The language.
    pub language: Option<Language>,
    /// The first commands.
    pub lines: Vec<Line>,
    /// How many more there are.
    pub more: u64,
    /// Who logged in with a password that everybody on the way could read, and in which frame.
    pub login: Option<(Box<[u8]>, u64)>,
    /// The frame from which on everything is encrypted.
    pub encrypted: Option<u64>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it wants.
    pub verb: Box<[u8]>,
    /// What it is about.
    pub argument: Box<[u8]>,
    /// How it went, in the language's own words.
    pub code: Option<Box<[u8]>>,
    /// The frame that it ended in.
    pub frame: u64,
}

/// A dialogue that is being heard.
#[derive(Debug)]
pub(super) struct Hearing {
    reader: text::Dialogue,
    heard: Dialogue,
    /// Behind how many commands each body ended whose reply has not come: the end of a message takes a reply of its own (RFC 5321 section
    /// 4.1.1.4).
    ends: VecDeque<usize>,
}

impl Hearing {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { reader: text::Dialogue::new(limits), heard: Dialogue::default(), ends: VecDeque::new() }
    }

    pub(super) fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let Self { reader, heard, ends } = self;
        reader.piece(conversation, from, piece, &mut |said| heard.hear(&said, ends));
    }

    pub(super) fn finish(mut self, conversation: &Conversation) -> Dialogue {
        let Self { reader, heard, ends } = &mut self;
        reader.finish(conversation, &mut |said| heard.hear(&said, ends));
        heard.language = reader.language();
        self.heard
    }
}

impl Dialogue {
    fn hear(&mut self, said: &Said<'_>, ends: &mut VecDeque<usize>) {
        match &said.what {
            Utterance::Command { verb, argument, .. } => self.command(verb, argument, said.ended.frame),
            Utterance::Message { command, parameters, .. } if said.from == Side::Originator => {
                self.command(command, parameters, said.ended.frame);
            }
            Utterance::Reply { tag, code, more: false, .. } if *tag != b"*" => {
                let first = self.lines.len() - self.lines.iter().rev().take_while(|line| line.code.is_none()).count();
                if ends.front().is_some_and(|end| *end <= first) {
                    ends.pop_front();
                } else if let Some(line) = self.lines.get_mut(first).filter(|_| self.more == 0) {
                    line.code = Some((*code).into());
                }
            }
            Utterance::BodyEnd if said.from == Side::Originator && ends.len() < Limits::STORY_COMMANDS => ends.push_back(self.lines.len()),
            Utterance::Aside(Aside::Credentials { user, .. }) => {
                self.login.get_or_insert_with(|| (cut(user), said.ended.frame));
            }
            Utterance::Aside(Aside::Encrypted) => {
                self.encrypted.get_or_insert(said.ended.frame);
            }
            Utterance::Message { .. }
            | Utterance::Reply { .. }
            | Utterance::Line
            | Utterance::Body { .. }
            | Utterance::BodyEnd
            | Utterance::Counted { .. }
            | Utterance::Response
            | Utterance::Telnet(_)
            | Utterance::Record(_)
            | Utterance::Encrypted
            | Utterance::Bytes
            | Utterance::Aside(_) => {}
        }
    }

    fn command(&mut self, verb: &[u8], argument: &[u8], frame: u64) {
        if self.lines.len() >= Limits::STORY_COMMANDS {
            self.more += 1;
            return;
        }
        let is = |name: &[u8]| verb.eq_ignore_ascii_case(name);
        let is_password = is(b"PASS") || is(b"LOGIN");
        if is_password {
            let before = self.lines.iter().rev().find(|line| line.verb.eq_ignore_ascii_case(b"USER"));
            let user =
                before.map_or_else(|| cut(argument.split(|byte| *byte == b' ').next().unwrap_or_default()), |line| line.argument.clone());
            self.login.get_or_insert((user, frame));
        }
        // What proves who somebody is has no place in a story.
        let argument = if is_password || is(b"AUTH") || is(b"AUTHENTICATE") { Box::default() } else { cut(argument) };
        self.lines.push(Line { verb: cut(verb), argument, code: None, frame });
    }
}

fn cut(bytes: &[u8]) -> Box<[u8]> {
    bytes.get(..Limits::STORY_ARGUMENT).unwrap_or(bytes).into()
}
