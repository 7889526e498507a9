//! From the pieces of both streams to what was said.

use super::chat::Chat;
use super::mail_access::MailAccess;
use super::numbered::Numbered;
use super::post_office::PostOffice;
use super::recognize::{Verdict, recognize};
use super::records::{self, Records};
use super::said::{Language, Said, Utterance};
use super::telnet;
use super::turn::{Mode, Turn};
use crate::conversation::{Conversation, Side};
use crate::reassembly::{Limits, Origin, Piece};
use std::ops::Range;

/// The lines of a language.
#[derive(Debug)]
enum Lines {
    Numbered(Numbered),
    PostOffice(PostOffice),
    MailAccess(MailAccess),
    Chat(Box<Chat>),
    /// Not known yet, or no language of lines.
    None,
}

/// Bytes that wait for those that follow them: the beginning of a line, or of a conversation.
#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    range: Range<u64>,
    began: Origin,
    ended: Origin,
}

/// One side of it.
#[derive(Debug, Default)]
struct Speaker {
    waiting: Waiting,
    telnet: telnet::Parser,
    records: Records,
}

/// Reads a conversation. What it keeps of each side is a line at most.
#[derive(Debug)]
pub struct Dialogue {
    language: Option<Language>,
    lines: Lines,
    server: Side,
    modes: [Mode; 2],
    speakers: [Speaker; 2],
    line_limit: usize,
}

/// Bytes of a piece that are still to be read.
#[derive(Clone, Copy)]
struct Rest<'a> {
    offset: u64,
    bytes: &'a [u8],
    origin: Origin,
}

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Self {
        let (taken, rest) = self.bytes.split_at_checked(length).unwrap_or((self.bytes, &[]));
        let taken = Self { bytes: taken, ..*self };
        self.offset += taken.bytes.len() as u64;
        self.bytes = rest;
        taken
    }

    fn said(&self, from: Side, language: Language, what: Utterance<'a>) -> Said<'a> {
        let range = self.offset..self.offset + self.bytes.len() as u64;
        Said { from, language, what, bytes: self.bytes, range, began: self.origin, ended: self.origin }
    }
}

type Tell<'t> = &'t mut dyn FnMut(Said<'_>);

impl Dialogue {
    /// A conversation of which nothing has been heard yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            language: None,
            lines: Lines::None,
            server: Side::Responder,
            modes: [Mode::Bytes; 2],
            speakers: Default::default(),
            line_limit: limits.dialogue_line,
        }
    }

    /// The language, as far as it has become clear.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        match &self.lines {
            Lines::Numbered(numbered) => Some(numbered.language),
            Lines::PostOffice(_) | Lines::MailAccess(_) | Lines::Chat(_) | Lines::None => self.language,
        }
    }

    /// Reads a piece. Gaps and ends are not told, but what was begun before them is.
    pub fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>, tell: &mut dyn FnMut(Said<'_>)) {
        match *piece {
            Piece::Data { offset, bytes, origin } => self.data(conversation, from, Rest { offset, bytes, origin }, tell),
            Piece::Gap { length, .. } => {
                self.settle(conversation, tell);
                self.gap(from, length, tell);
            }
            Piece::End { .. } => {
                self.settle(conversation, tell);
                self.answered(from, tell);
                self.flush(from, tell);
                self.interrupt(from, tell);
            }
        }
    }

    /// Tells what was begun and not ended: nothing more is heard of the conversation.
    pub fn finish(&mut self, conversation: &Conversation, tell: &mut dyn FnMut(Said<'_>)) {
        self.settle(conversation, tell);
        for side in Side::BOTH {
            self.flush(side, tell);
            self.interrupt(side, tell);
        }
    }

    fn spoken(&self) -> Language {
        self.language().unwrap_or(Language::Bytes)
    }

    fn speaker(&mut self, side: Side) -> &mut Speaker {
        let [originator, responder] = &mut self.speakers;
        match side {
            Side::Originator => originator,
            Side::Responder => responder,
        }
    }

    fn mode(&mut self, side: Side) -> &mut Mode {
        let [originator, responder] = &mut self.modes;
        match side {
            Side::Originator => originator,
            Side::Responder => responder,
        }
    }

    fn data(&mut self, conversation: &Conversation, from: Side, mut rest: Rest<'_>, tell: Tell<'_>) {
        if self.language.is_none() {
            if !self.speaker(from.other()).waiting.bytes.is_empty() {
                self.settle(conversation, tell);
                return self.data(conversation, from, rest, tell);
            }
            let waiting = &mut self.speaker(from).waiting;
            let verdict = if waiting.bytes.is_empty() {
                recognize(conversation, from, rest.bytes)
            } else {
                waiting.push(rest);
                recognize(conversation, from, &waiting.bytes)
            };
            match (verdict, self.speaker(from).waiting.bytes.is_empty()) {
                (Verdict::Unclear, true) => return self.speaker(from).waiting.push(rest),
                (Verdict::Unclear, false) => return,
                (Verdict::Is(language, server), true) => self.speak(language, server),
                (Verdict::Is(language, server), false) => {
                    self.speak(language, server);
                    return self.replay(from, tell);
                }
            }
        }
        self.answered(from, tell);
        while !rest.bytes.is_empty() {
            self.step(from, &mut rest, tell);
        }
    }

    /// A prompt waits for its answer: once that begins the prompt is whole. An echo makes whole what is typed only behind a return.
    fn answered(&mut self, from: Side, tell: Tell<'_>) {
        let other = from.other();
        if *self.mode(from) != Mode::Telnet {
            return;
        }
        let is_prompt = other == self.server && self.speaker(from).waiting.bytes.is_empty();
        let is_typed = other != self.server && self.speaker(other).waiting.bytes.last() == Some(&b'\r');
        if is_prompt || is_typed {
            self.flush(other, tell);
        }
    }

    /// Reads all that waited for the language to become clear.
    fn replay(&mut self, from: Side, tell: Tell<'_>) {
        let waiting = std::mem::take(&mut self.speaker(from).waiting);
        let mut rest = Rest { offset: waiting.range.start, bytes: &waiting.bytes, origin: waiting.began };
        while !rest.bytes.is_empty() {
            self.step(from, &mut rest, tell);
        }
    }

    /// Takes what waits for no language that is known.
    fn settle(&mut self, conversation: &Conversation, tell: Tell<'_>) {
        if self.language.is_some() {
            return;
        }
        let Some(from) = Side::BOTH.into_iter().find(|side| !self.speaker(*side).waiting.bytes.is_empty()) else { return };
        // A line feed makes a notice clear; nothing else becomes clear by what cannot follow.
        let (language, server) = match recognize(conversation, from, &self.speaker(from).waiting.bytes) {
            Verdict::Is(language, server) => (language, server),
            Verdict::Unclear => (Language::Bytes, Side::Responder),
        };
        self.speak(language, server);
        self.replay(from, tell);
    }

    fn speak(&mut self, language: Language, server: Side) {
        self.language = Some(language);
        self.server = server;
        let mode;
        (self.lines, mode) = match language {
            Language::Smtp | Language::Ftp | Language::Numbered => (Lines::Numbered(Numbered::new(language, server)), Mode::Lines),
            Language::Pop3 => (Lines::PostOffice(PostOffice::new(server)), Mode::Lines),
            Language::Imap => (Lines::MailAccess(MailAccess::new(server)), Mode::Lines),
            Language::Irc => (Lines::Chat(Box::new(Chat::new(server))), Mode::Lines),
            Language::Telnet => (Lines::None, Mode::Telnet),
            Language::Tls => (Lines::None, Mode::Records),
            Language::Bytes => (Lines::None, Mode::Bytes),
        };
        self.modes = [mode; 2];
    }

    /// Reads something of the rest: at least a byte.
    fn step(&mut self, from: Side, rest: &mut Rest<'_>, tell: Tell<'_>) {
        let language = self.spoken();
        let at_start = self.speaker(from).waiting.bytes.is_empty();
        match *self.mode(from) {
            // A line that was begun before its language ended.
            Mode::Records | Mode::Bytes | Mode::Counted(_) if !at_start => self.flush(from, tell),
            // Where TLS begins that the other side was never seen to accept.
            Mode::Lines if at_start && matches!(rest.bytes, [22, 3, ..]) => *self.mode(from) = Mode::Records,
            Mode::Lines | Mode::Body => self.line(from, rest, tell),
            Mode::Counted(0) => *self.mode(from) = Mode::Lines,
            Mode::Counted(left) => {
                let taken = rest.take(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left.saturating_sub(taken.bytes.len() as u64);
                *self.mode(from) = if left == 0 { Mode::Lines } else { Mode::Counted(left) };
                tell(taken.said(from, language, Utterance::Counted { left }));
            }
            Mode::Telnet => self.telnet(from, rest, tell),
            Mode::Records => self.record(from, rest, tell),
            Mode::Bytes => {
                let taken = rest.take(rest.bytes.len());
                tell(taken.said(from, language, Utterance::Bytes));
            }
        }
    }

    /// Reads to the end of a line, or as far as there is something.
    fn line(&mut self, from: Side, rest: &mut Rest<'_>, tell: Tell<'_>) {
        let limit = self.line_limit;
        let speaker = self.speaker(from);
        let room = limit.saturating_sub(speaker.waiting.bytes.len()).max(1);
        let looked_at = rest.bytes.get(..room).unwrap_or(rest.bytes);
        let Some(end) = looked_at.iter().position(|byte| *byte == b'\n') else {
            let taken = rest.take(looked_at.len());
            speaker.waiting.push(taken);
            if speaker.waiting.bytes.len() >= limit {
                self.flush(from, tell);
            }
            return;
        };
        let taken = rest.take(end + 1);
        if speaker.waiting.bytes.is_empty() {
            let range = taken.offset..taken.offset + taken.bytes.len() as u64;
            self.whole_line(from, taken.bytes, &range, [taken.origin; 2], tell);
        } else {
            speaker.waiting.push(taken);
            let Waiting { mut bytes, range, began, ended } = std::mem::take(&mut speaker.waiting);
            self.whole_line(from, &bytes, &range, [began, ended], tell);
            bytes.clear();
            self.speaker(from).waiting.bytes = bytes;
        }
    }

    fn whole_line(&mut self, from: Side, line: &[u8], range: &Range<u64>, [began, ended]: [Origin; 2], tell: Tell<'_>) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Lines::Numbered(numbered) = &mut self.lines {
            numbered.make_out(from, line);
        }
        let language = self.spoken();
        let mut tell = |what: Utterance<'_>| {
            let aside = matches!(what, Utterance::Aside(_));
            let bytes = if aside { &[] } else { line };
            tell(Said { from, language, what, bytes, range: range.clone(), began, ended });
        };
        if *self.mode(from) == Mode::Body {
            if line == b"." {
                *self.mode(from) = Mode::Lines;
                return tell(Utterance::BodyEnd);
            }
            return tell(Utterance::Body { stuffed: line.starts_with(b".") });
        }
        let mut turn = Turn { modes: &mut self.modes, tell: &mut tell };
        match &mut self.lines {
            Lines::Numbered(language) => language.line(from, line, &mut turn),
            Lines::PostOffice(language) => language.line(from, line, &mut turn),
            Lines::MailAccess(language) => language.line(from, line, &mut turn),
            Lines::Chat(language) => language.line(from, line, &mut turn),
            Lines::None => turn.tell(Utterance::Line),
        }
    }

    fn telnet(&mut self, from: Side, rest: &mut Rest<'_>, tell: Tell<'_>) {
        let (limit, typed) = (self.line_limit, from != self.server);
        let [originator, responder] = &mut self.speakers;
        let speaker = match from {
            Side::Originator => originator,
            Side::Responder => responder,
        };
        let Speaker { waiting, telnet, .. } = speaker;
        let (read, element) = telnet.next(rest.bytes);
        let mut taken = *rest;
        taken.bytes = rest.take(read).bytes;
        match element {
            None => waiting.range.end = rest.offset,
            Some(telnet::Element::Begins) => {
                waiting.flush_as(from, Language::Telnet, Utterance::Line, tell);
                (waiting.range, waiting.began) = (taken.offset..rest.offset, taken.origin);
            }
            Some(telnet::Element::Doubled) => {
                // The one that was doubled stands where both do.
                let start = waiting.range.start;
                waiting.push(Rest { bytes: &[255], ..taken });
                waiting.range = start..rest.offset;
            }
            Some(telnet::Element::Characters(mut characters)) => {
                let mut at = taken.offset;
                while !characters.is_empty() {
                    let room = limit.saturating_sub(waiting.bytes.len()).max(1);
                    let looked_at = characters.get(..room).unwrap_or(characters);
                    let end = end_of_line(looked_at, waiting.bytes.last() == Some(&b'\r'), typed);
                    let (line, after) = characters.split_at(end.unwrap_or(looked_at.len()));
                    waiting.push(Rest { offset: at, bytes: line, origin: taken.origin });
                    at += line.len() as u64;
                    characters = after;
                    if end.is_some() || waiting.bytes.len() >= limit {
                        waiting.flush_as(from, Language::Telnet, Utterance::Line, tell);
                    }
                }
            }
            Some(telnet::Element::Unfinished(..)) => {}
            Some(telnet::Element::Telnet(telnet)) => {
                // Details that another command ends: its first byte was read and is of that one.
                let end = if read == 0 { rest.offset.saturating_sub(1) } else { rest.offset };
                let range = waiting.range.start..end.max(waiting.range.start);
                waiting.range = end..rest.offset;
                let (what, began) = (Utterance::Telnet(telnet), waiting.began);
                tell(Said { from, language: Language::Telnet, what, bytes: &[], range, began, ended: taken.origin });
            }
        }
    }

    fn record(&mut self, from: Side, rest: &mut Rest<'_>, tell: Tell<'_>) {
        let language = self.spoken();
        let speaker = self.speaker(from);
        let begins = speaker.records.is_at_start();
        let (read, element) = speaker.records.next(rest.bytes);
        let taken = rest.take(read);
        if begins {
            (speaker.waiting.range.start, speaker.waiting.began) = (taken.offset, taken.origin);
        }
        (speaker.waiting.range.end, speaker.waiting.ended) = (rest.offset, taken.origin);
        match element {
            None => {}
            Some(records::Element::Other) => tell(taken.said(from, language, Utterance::Encrypted)),
            Some(records::Element::Record(record)) => tell(speaker.waiting.said_record(from, language, record)),
        }
    }

    fn gap(&mut self, from: Side, length: u64, tell: Tell<'_>) {
        let language = self.spoken();
        self.flush(from, tell);
        if let Lines::Numbered(numbered) = &mut self.lines {
            numbered.gap(from);
        }
        match self.mode(from) {
            Mode::Lines | Mode::Body | Mode::Bytes => {}
            Mode::Counted(left) => *left = left.saturating_sub(length),
            Mode::Telnet => self.interrupt(from, tell),
            Mode::Records => {
                self.unfinished(from, tell);
                let speaker = self.speaker(from);
                speaker.waiting.range.end = speaker.waiting.range.end.saturating_add(length);
                if let Some(records::Element::Record(record)) = speaker.records.gap(length) {
                    tell(speaker.waiting.said_record(from, language, record));
                }
            }
        }
    }

    /// Tells the beginning of a record that will not become one.
    fn unfinished(&mut self, from: Side, tell: Tell<'_>) {
        let language = self.spoken();
        let Speaker { waiting, records, .. } = self.speaker(from);
        let bytes = records.unfinished();
        if !bytes.is_empty() {
            let (what, range) = (Utterance::Encrypted, waiting.range.clone());
            tell(Said { from, language, what, bytes, range, began: waiting.began, ended: waiting.ended });
        }
    }

    /// Tells what was begun and will not go on.
    fn interrupt(&mut self, from: Side, tell: Tell<'_>) {
        let (mode, language) = (*self.mode(from), self.spoken());
        if mode == Mode::Records {
            self.unfinished(from, tell);
        }
        let Speaker { waiting, telnet, records } = self.speaker(from);
        if mode == Mode::Telnet {
            let began = waiting.began;
            let mut tell = |what, bytes: &[u8]| {
                tell(Said { from, language: Language::Telnet, what, bytes, range: waiting.range.clone(), began, ended: began });
            };
            match telnet.interrupt() {
                Some(telnet::Element::Telnet(telnet)) => tell(Utterance::Telnet(telnet), &[]),
                Some(telnet::Element::Unfinished(bytes, length)) => tell(Utterance::Bytes, bytes.get(..length).unwrap_or_default()),
                Some(telnet::Element::Characters(_) | telnet::Element::Doubled | telnet::Element::Begins) | None => {}
            }
        } else if mode == Mode::Records
            && let Some(records::Element::Record(record)) = records.interrupt()
        {
            tell(waiting.said_record(from, language, record));
        }
    }

    /// Tells the line that waits for its end as it is.
    fn flush(&mut self, from: Side, tell: Tell<'_>) {
        let what = match *self.mode(from) {
            Mode::Body => Utterance::Body { stuffed: false },
            Mode::Lines | Mode::Counted(_) | Mode::Telnet | Mode::Records | Mode::Bytes => Utterance::Line,
        };
        let language = self.spoken();
        self.speaker(from).waiting.flush_as(from, language, what, tell);
    }
}

/// One past the end of the first line: behind its line feed, or the NUL that stands behind a bare carriage return (RFC 854). What is typed
/// ends with a return alone, too: so it is sent in binary (RFC 856).
fn end_of_line(characters: &[u8], behind_return: bool, typed: bool) -> Option<usize> {
    let mut behind_return = behind_return;
    for (place, byte) in characters.iter().enumerate() {
        match byte {
            b'\n' => return Some(place + 1),
            0 if behind_return => return Some(place + 1),
            _ if behind_return && typed => return Some(place),
            _ => behind_return = *byte == b'\r',
        }
    }
    None
}

impl Waiting {
    fn push(&mut self, rest: Rest<'_>) {
        if self.bytes.is_empty() {
            (self.range.start, self.began) = (rest.offset, rest.origin);
        }
        self.bytes.extend_from_slice(rest.bytes);
        (self.range.end, self.ended) = (rest.offset + rest.bytes.len() as u64, rest.origin);
    }

    fn flush_as(&mut self, from: Side, language: Language, what: Utterance<'_>, tell: Tell<'_>) {
        if self.bytes.is_empty() {
            return;
        }
        let whole = &self.bytes;
        let ends: &[&[u8]] = if language == Language::Telnet { &[b"\r\n", b"\r\0", b"\n", b"\r"] } else { &[b"\r\n", b"\n"] };
        let bytes = ends.iter().find_map(|end| whole.strip_suffix(*end)).unwrap_or(whole);
        tell(Said { from, language, what, bytes, range: self.range.clone(), began: self.began, ended: self.ended });
        self.bytes.clear();
    }

    fn said_record(&self, from: Side, language: Language, record: super::Record) -> Said<'static> {
        let (what, range) = (Utterance::Record(record), self.range.clone());
        Said { from, language, what, bytes: &[], range, began: self.began, ended: self.ended }
    }
}
