//! Heads as they come: where one begins, what it begins, and where it ends.

use super::head_reader::{HeadReader, Line};
use super::machine::{HttpConversation, empty_lines, looks_like_message};
use super::start_line::{self, Expectation, Speaker, StartLine};
use super::stream::{HeadState, Rest, State};
use super::{Flag, Flags, Head, Message, Sink};
use crate::conversation::Side;
use crate::reassembly::{End, Limits, Origin};

/// How a head ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeadEnding {
    Whole,
    Gap,
    Stream(End),
}

impl HttpConversation {
    pub(super) fn start(&mut self, side: Side, rest: &mut Rest<'_>) {
        // RFC 9112 section 2.2: empty lines before a message are passed over.
        let empty = empty_lines(rest.bytes);
        if empty > 0 {
            let stream = self.stream(side);
            stream.state = State::Start;
            stream.empty_lines = true;
            rest.take(empty);
        } else if self.client == Some(side)
            && self.awaits_tunnel()
            && !looks_like_message(rest.bytes, Expectation::Segment, Speaker::Client)
        {
            self.assume_tunnel(side);
        } else {
            self.stream(side).state = State::Head(new_head(rest, Expectation::Message));
        }
    }

    pub(super) fn head(&mut self, side: Side, mut head: Box<HeadState>, rest: &mut Rest<'_>, limits: &Limits, sink: &mut impl Sink) {
        let read = head.reader.read(rest.bytes, limits);
        let part = rest.take(read.used);
        head.last = rest.origin;
        if head.kind.is_none() {
            let line = head.reader.bytes.strip_suffix(b"\n").unwrap_or(&head.reader.bytes);
            let plausible = start_line::could_begin(line, head.expectation, self.speaker(side))
                && start_line::may_stand(part.strip_suffix(b"\n").unwrap_or(part));
            let ended = read.line != Line::Open;
            if ended && plausible {
                let kind = start_line::classify_cut(line, head.reader.flags).or_else(|| start_line::classify(line));
                head.kind = kind.filter(|kind| self.is_expected(side, *kind, head.expectation));
            }
            if !plausible || ended && head.kind.is_none() {
                rest.begins = ended;
                return self.refuse(side, *head, rest, sink);
            }
            if let Some(kind) = head.kind {
                self.recognise(side, kind, head.first, sink);
            }
        } else if read.line == Line::Empty {
            return self.head_over(side, *head, HeadEnding::Whole, limits, sink);
        }
        self.stream(side).state = State::Head(head);
    }

    /// Whether this side may begin such a message now.
    pub(super) fn is_expected(&self, side: Side, kind: StartLine, expectation: Expectation) -> bool {
        let of_client = self.client.is_none_or(|client| client == side);
        let of_server = self.client.is_none_or(|client| client != side);
        match kind {
            StartLine::Request => of_client,
            StartLine::Request09 => of_client && expectation != Expectation::Segment,
            StartLine::Status => of_server,
        }
    }

    /// A start line was read: here HTTP is spoken, and this side's part in it is known.
    pub(super) fn recognise(&mut self, side: Side, kind: StartLine, origin: Origin, sink: &mut impl Sink) {
        if self.client.is_none() {
            self.client = Some(match kind {
                StartLine::Request | StartLine::Request09 => side,
                StartLine::Status => side.other(),
            });
            self.tell_passed(side, origin, sink);
            self.tell_passed(side.other(), origin, sink);
        }
        self.end_stray(side, sink);
        let stream = self.stream(side);
        (stream.synchronized, stream.by_lines) = (true, false);
    }

    /// What was taken for a start line is none.
    pub(super) fn refuse(&mut self, side: Side, head: HeadState, rest: &mut Rest<'_>, sink: &mut impl Sink) {
        let length = rest.offset.saturating_sub(head.offset);
        if head.expectation == Expectation::Message {
            if self.client == Some(side.other()) && self.begin_old_answer(side, &head, sink) {
                let begins = rest.begins;
                self.body_bytes(side, &head.reader.bytes, head.first, sink);
                rest.begins = begins;
                return;
            }
            self.stream(side).by_lines = true;
        }
        self.stream(side).state = State::Lost;
        // Behind a line that goes on nothing begins.
        rest.begins = rest.begins && self.stream(side).by_lines;
        self.add_stray(side, head.offset, length, &head.reader.bytes, head.first, sink);
    }

    /// A head that ends before its empty line.
    pub(super) fn head_cut(&mut self, side: Side, head: HeadState, ending: HeadEnding, limits: &Limits, sink: &mut impl Sink) {
        if head.kind.is_some() {
            self.head_over(side, head, ending, limits, sink);
        } else if self.client.is_some() {
            let length = head.reader.bytes.len() as u64;
            self.add_stray(side, head.offset, length, &head.reader.bytes, head.first, sink);
        }
    }

    /// A request of HTTP/0.9 is one line: it is over when nothing follows it before the answer.
    pub(super) fn settle_old_request(&mut self, side: Side, limits: &Limits, sink: &mut impl Sink) {
        let State::Head(head) = &self.stream(side).state else { return };
        if head.kind != Some(StartLine::Request09) || head.reader.lines != 1 || !head.reader.bytes.ends_with(b"\n") {
            return;
        }
        if let State::Head(head) = std::mem::take(&mut self.stream(side).state) {
            self.head_over(side, *head, HeadEnding::Whole, limits, sink);
        }
    }

    pub(super) fn head_over(&mut self, side: Side, head: HeadState, ending: HeadEnding, limits: &Limits, sink: &mut impl Sink) {
        let HeadState { reader, kind, offset, first, last, flags, .. } = head;
        let HeadReader { bytes, flags: of_reader, .. } = reader;
        let (head, of_head) = match ending {
            HeadEnding::Whole => Head::parse(bytes.into(), limits.http_headers),
            HeadEnding::Gap | HeadEnding::Stream(_) => Head::parse_cut(bytes, limits.http_headers),
        };
        let mut message = Message { head, offset, first, head_end: last, last, ..Message::default() };
        message.flags = flags.union(of_reader).union(of_head);
        message.flags.insert_if(Flag::Http09, kind == Some(StartLine::Request09));
        message.flags.insert_if(Flag::GapInHead, ending == HeadEnding::Gap);
        message.flags.insert_if(Flag::HeadCut, matches!(ending, HeadEnding::Stream(_)));
        let stream = self.stream(side);
        message.flags.insert_if(Flag::EmptyLinesBefore, std::mem::take(&mut stream.empty_lines));
        message.flags.insert_if(Flag::AfterClose, std::mem::take(&mut stream.closing));
        stream.state = State::Start;
        match kind {
            Some(StartLine::Request | StartLine::Request09) => self.request(side, message, ending, limits, sink),
            Some(StartLine::Status) => self.answer(side, message, ending, limits, sink),
            None => {}
        }
    }
}

/// A head of which nothing was read.
pub(super) fn new_head(rest: &Rest<'_>, expectation: Expectation) -> Box<HeadState> {
    Box::new(HeadState {
        reader: HeadReader::default(),
        kind: None,
        expectation,
        offset: rest.offset,
        first: rest.origin,
        last: rest.origin,
        flags: Flags::default(),
    })
}
