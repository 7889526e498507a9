//! A conversation that speaks HTTP/1: from the pieces of both streams to exchanges. Nothing is read twice, and of a body nothing is kept.

use super::message_head::{HeadEnding, new_head};
use super::start_line::{self, Expectation, Speaker, StartLine};
use super::stream::{BodyState, Rest, State, Stream};
use super::waiting::{Answer, Waiting};
use super::{Ending, Exchange, MessageKind, Sink};
use crate::conversation::{Endpoint, Side};
use crate::reassembly::{End, Limits, Origin, Piece};
use memchr::memchr;

/// Reads HTTP/1 from both streams of a conversation and pairs what it finds (RFC 9112).
///
/// Nothing needs to be known: HTTP is recognised by what is said, at the begin of a stream or, later, of a segment.
#[derive(Debug)]
pub struct HttpConversation {
    pub(super) id: u64,
    pub(super) ends: [Endpoint; 2],
    pub(super) next_index: u32,
    /// Answers that will come to requests which could not wait for them.
    pub(super) given_up: u64,
    /// The frame that made a hole certain in which answers may have been.
    pub(super) answers_lost: Option<u64>,
    /// Who asks; known from the first start line on.
    pub(super) client: Option<Side>,
    pub(super) streams: [Stream; 2],
    pub(super) waiting: Waiting,
    /// The exchange that ended HTTP here.
    pub(super) tunnel: Option<Box<Exchange>>,
}

impl HttpConversation {
    /// A conversation of which nothing was heard; `ends` has the originator first.
    #[must_use]
    pub fn new(id: u64, ends: [Endpoint; 2]) -> Self {
        Self {
            id,
            ends,
            next_index: 0,
            given_up: 0,
            answers_lost: None,
            client: None,
            streams: Default::default(),
            waiting: Waiting::default(),
            tunnel: None,
        }
    }

    /// Says of a side that its first bytes are not in the capture.
    pub fn begins_unseen(&mut self, side: Side) {
        self.stream(side).begins_unseen = true;
    }

    /// Says of a side how many of its bytes were passed over, because they did not look like HTTP.
    pub fn passed_over(&mut self, side: Side, bytes: u64) {
        self.stream(side).passed = bytes;
    }

    /// Whether a stream that says this may be about to say HTTP: worth a conversation. A cheap look at the first word.
    #[must_use]
    pub fn may_begin(piece: &Piece<'_>) -> bool {
        match piece {
            Piece::Data { offset, bytes, .. } => {
                let rest = bytes.get(empty_lines(bytes)..).unwrap_or_default();
                looks_like_message(rest, expectation_at(*offset), Speaker::Unknown)
            }
            Piece::Gap { .. } | Piece::End { .. } => false,
        }
    }

    /// The oldest exchange that is not over, where its request was sent whole and nothing of its answers has come.
    #[must_use]
    pub fn awaited(&self) -> Option<&Exchange> {
        let entry = self.waiting.first().filter(|entry| entry.request_over && entry.answer == Answer::Awaited)?;
        Some(&entry.exchange).filter(|exchange| exchange.informational.is_empty() && exchange.request.is_some())
    }

    /// The frame with which each side said that it has said everything.
    #[must_use]
    pub fn finished(&self) -> [Option<Origin>; 2] {
        self.streams.each_ref().map(|stream| stream.finished)
    }

    /// Whether nothing was recognised so far, and nothing is about to be.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.client.is_none() && self.streams.iter().all(|stream| matches!(stream.state, State::Lost | State::Over))
    }

    /// Whether both streams are over, and everything was told.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.streams.iter().all(|stream| matches!(stream.state, State::Over))
    }

    /// How much memory is kept for heads that wait: for their rest, or for their answers.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.waiting.cost().saturating_add(self.streams.iter().map(Stream::cost).sum::<usize>())
    }

    /// The next piece of what one side says.
    pub fn piece(&mut self, side: Side, piece: &Piece<'_>, limits: &Limits, sink: &mut impl Sink) {
        match *piece {
            Piece::Data { offset, bytes, origin } => {
                if self.goes_on(side, bytes, origin, sink) {
                    return;
                }
                self.settle_old_request(side.other(), limits, sink);
                self.data(side, Rest { offset, bytes, origin, begins: true }, limits, sink);
            }
            Piece::Gap { offset, length, origin } => self.gap(side, offset, length, origin, limits, sink),
            Piece::End { offset, how, origin } => self.end(side, offset, how, origin, limits, sink),
        }
    }

    /// Nothing more will be heard: tells what is left.
    pub fn finish(&mut self, limits: &Limits, sink: &mut impl Sink) {
        for side in Side::BOTH {
            self.end_conflict(side, sink);
            self.end(side, 0, End::Unseen, Origin::default(), limits, sink);
        }
    }

    pub(super) fn stream(&mut self, side: Side) -> &mut Stream {
        side.of_mut(&mut self.streams)
    }

    fn data(&mut self, side: Side, mut rest: Rest<'_>, limits: &Limits, sink: &mut impl Sink) {
        while !rest.bytes.is_empty() {
            match std::mem::take(&mut self.stream(side).state) {
                State::Lost => self.search(side, &mut rest, sink),
                State::Start => self.start(side, &mut rest),
                State::Head(head) => self.head(side, head, &mut rest, limits, sink),
                State::Body(body) => self.body(side, body, &mut rest, limits, sink),
                State::Tunnel => {
                    self.stream(side).state = State::Tunnel;
                    self.tunnel_piece(side, &Piece::Data { offset: rest.offset, bytes: rest.bytes, origin: rest.origin }, sink);
                    return;
                }
                State::Over => {
                    self.stream(side).state = State::Over;
                    return;
                }
            }
        }
    }

    /// Looks for a message that begins a segment or, where no bytes of the capture are missing, a line.
    fn search(&mut self, side: Side, rest: &mut Rest<'_>, sink: &mut impl Sink) {
        if rest.offset == 0 && self.client.is_some() && !self.stream(side).begins_unseen {
            self.stream(side).state = State::Start;
            return;
        }
        // Only a few: this is done for every line.
        let empty = empty_lines(rest.bytes.get(..8).unwrap_or(rest.bytes));
        if rest.begins
            && empty > 0
            && looks_like_message(rest.bytes.get(empty..).unwrap_or_default(), Expectation::Segment, self.speaker(side))
        {
            rest.take(empty);
            rest.begins = true;
            self.stream(side).empty_lines = true;
        }
        let expectation = expectation_at(rest.offset);
        if rest.begins && looks_like_message(rest.bytes, expectation, self.speaker(side)) {
            self.stream(side).state = State::Head(new_head(rest, expectation));
            return;
        }
        let stream = self.stream(side);
        let line = if stream.by_lines { memchr(b'\n', rest.bytes) } else { None };
        let offset = rest.offset;
        let part = rest.take(line.map_or(usize::MAX, |end| end.saturating_add(1)));
        rest.begins = line.is_some();
        self.add_stray(side, offset, part.len() as u64, part, rest.origin, sink);
    }

    fn gap(&mut self, side: Side, offset: u64, length: u64, origin: Origin, limits: &Limits, sink: &mut impl Sink) {
        let lost = match std::mem::take(&mut self.stream(side).state) {
            State::Lost | State::Start => true,
            State::Head(head) => {
                self.head_cut(side, *head, HeadEnding::Gap, limits, sink);
                let tunnel = matches!(self.stream(side).state, State::Tunnel);
                if tunnel {
                    self.tunnel_piece(side, &Piece::Gap { offset, length, origin }, sink);
                }
                !tunnel
            }
            State::Body(body) => self.body_gap(side, body, length, origin, limits, sink),
            State::Tunnel => {
                self.tunnel_piece(side, &Piece::Gap { offset, length, origin }, sink);
                self.stream(side).state = State::Tunnel;
                false
            }
            State::Over => {
                self.stream(side).state = State::Over;
                false
            }
        };
        if lost {
            if let Some(exchange) = &self.stream(side).stray {
                sink.stray_gap(exchange.id, length);
            }
            let stream = self.stream(side);
            (stream.state, stream.by_lines, stream.empty_lines) = (State::Lost, false, false);
            if self.client != Some(side) {
                self.answers_lost = Some(origin.frame);
            }
        }
    }

    fn end(&mut self, side: Side, offset: u64, how: End, origin: Origin, limits: &Limits, sink: &mut impl Sink) {
        if how == End::Finished {
            self.stream(side).finished = Some(origin);
        }
        match std::mem::take(&mut self.stream(side).state) {
            State::Lost | State::Start => {}
            State::Head(head) => {
                let old = head.kind == Some(StartLine::Request09) && head.reader.lines == 1 && head.reader.bytes.ends_with(b"\n");
                self.head_cut(side, *head, if old { HeadEnding::Whole } else { HeadEnding::Stream(how) }, limits, sink);
            }
            State::Body(body) => {
                let closes = how == End::Finished && matches!(body, BodyState::Close);
                if let Some((_, message)) = self.current(side).filter(|_| closes) {
                    message.last = origin;
                }
                self.finish_message(side, Some(body), Ending::Stream(how), limits, sink);
            }
            State::Tunnel => self.tunnel_piece(side, &Piece::End { offset, how, origin }, sink),
            State::Over => {
                self.stream(side).state = State::Over;
                return;
            }
        }
        self.end_stray(side, sink);
        self.end_conflict(side, sink);
        self.stream(side).state = State::Over;
        self.stream_over(side, sink);
    }

    /// What this side is known to be.
    pub(super) fn speaker(&self, side: Side) -> Speaker {
        match self.client {
            None => Speaker::Unknown,
            Some(client) if client == side => Speaker::Client,
            Some(_) => Speaker::Server,
        }
    }

    /// Which of its two final messages this side sends.
    pub(super) fn kind(&self, side: Side) -> MessageKind {
        if self.client == Some(side) { MessageKind::Request } else { MessageKind::Response }
    }
}

/// At the begin of a stream anything may begin; later only what cannot be mistaken.
fn expectation_at(offset: u64) -> Expectation {
    if offset == 0 { Expectation::Stream } else { Expectation::Segment }
}

/// How many bytes of empty lines stand before anything else.
pub(super) fn empty_lines(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

/// Whether bytes begin like a message, as far as they go: their first word, and their first line where it ends in them.
pub(super) fn looks_like_message(bytes: &[u8], expectation: Expectation, speaker: Speaker) -> bool {
    if bytes.is_empty() {
        return false;
    }
    let end = memchr(b'\n', bytes);
    let line = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
    start_line::could_begin(line, expectation, speaker)
        && match end {
            Some(_) => start_line::may_stand(line) && start_line::classify(line).is_some(),
            None => start_line::may_stand(line.get(..256).unwrap_or(line)),
        }
}
