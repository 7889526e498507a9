//! Bodies as they come: counted, told, and over where their framing says.

use super::chunked::{Chunk, ChunkReader};
use super::machine::HttpConversation;
use super::start_line::{self, Expectation};
use super::stream::{BodyState, Rest, State};
use super::waiting::Answer;
use super::{Ending, Flag, Framing, Head, MessageKind, Sink};
use crate::conversation::Side;
use crate::reassembly::{Limits, Origin};
use memchr::memchr;

impl HttpConversation {
    pub(super) fn body(&mut self, side: Side, mut body: BodyState, rest: &mut Rest<'_>, limits: &Limits, sink: &mut impl Sink) {
        if rest.begins && self.is_withheld(side, rest.bytes) {
            return self.finish_message(side, Some(body), Ending::Withheld, limits, sink);
        }
        match &mut body {
            BodyState::Length { left } => {
                let data = rest.take(usize::try_from(*left).unwrap_or(usize::MAX));
                *left = left.saturating_sub(data.len() as u64);
                let over = *left == 0;
                self.body_bytes(side, data, rest.origin, sink);
                if over {
                    return self.finish_message(side, Some(body), Ending::Framing, limits, sink);
                }
            }
            BodyState::Close => {
                let data = rest.take(usize::MAX);
                self.body_bytes(side, data, rest.origin, sink);
            }
            BodyState::Chunked(chunks) => match chunks.read(rest.bytes, limits) {
                Chunk::Data(data) => {
                    rest.take(data.len());
                    self.body_bytes(side, data, rest.origin, sink);
                }
                Chunk::Around(used) => self.around_body(side, rest, used),
                Chunk::Last(used) => {
                    self.around_body(side, rest, used);
                    return self.finish_message(side, Some(body), Ending::Framing, limits, sink);
                }
                Chunk::Broken(used) => {
                    self.around_body(side, rest, used);
                    self.finish_message(side, Some(body), Ending::Broken, limits, sink);
                    let stream = self.stream(side);
                    (stream.state, stream.by_lines) = (State::Lost, true);
                    return;
                }
            },
        }
        self.stream(side).state = State::Body(body);
    }

    /// Takes what nearly every piece is: more of a body that began before it and ends behind it. `false` where it is another.
    pub(super) fn goes_on(&mut self, side: Side, bytes: &[u8], origin: Origin, sink: &mut impl Sink) -> bool {
        // A request that may be one of HTTP/0.9 is over when the other side speaks.
        if matches!(side.other().of(&self.streams).state, State::Head(_)) {
            return false;
        }
        let &State::Body(BodyState::Length { left }) = &side.of(&self.streams).state else { return false };
        let length = bytes.len() as u64;
        let kind = self.kind(side);
        let Some((id, message)) = self.current(side).filter(|(_, message)| message.body.length > 0 && length < left) else { return false };
        message.body.length = message.body.length.saturating_add(length);
        message.body.transferred = message.body.transferred.saturating_add(length);
        message.last = origin;
        sink.body(id, kind, bytes, origin);
        self.stream(side).state = State::Body(BodyState::Length { left: left.saturating_sub(length) });
        true
    }

    /// A body of which nothing was sent, and in its place the next message begins: see [`Ending::Withheld`].
    pub(super) fn is_withheld(&self, side: Side, bytes: &[u8]) -> bool {
        let (entry, message) = if self.client == Some(side) {
            let Some(entry) = self.waiting.last() else { return false };
            (entry, entry.exchange.request.as_ref())
        } else {
            let Some(entry) = self.waiting.first() else { return false };
            (entry, entry.exchange.response.as_ref())
        };
        let Some(message) = message.filter(|message| message.body.transferred == 0 && message.body.length == 0) else { return false };
        let may = match self.kind(side) {
            MessageKind::Request => entry.answer == Answer::Over && message.head.get("expect").is_some(),
            MessageKind::Response => entry.exchange.request.is_none(),
        };
        let Some(line) = may.then(|| memchr(b'\n', bytes)).flatten().and_then(|end| bytes.get(..end)) else { return false };
        start_line::could_begin(line, Expectation::Segment, self.speaker(side))
            && start_line::classify(line).is_some_and(|kind| self.is_expected(side, kind, Expectation::Segment))
    }

    /// Bytes of a body.
    pub(super) fn body_bytes(&mut self, side: Side, data: &[u8], origin: Origin, sink: &mut impl Sink) {
        let kind = self.kind(side);
        let Some((id, message)) = self.current(side) else { return };
        message.body.length = message.body.length.saturating_add(data.len() as u64);
        message.body.transferred = message.body.transferred.saturating_add(data.len() as u64);
        message.last = origin;
        sink.body(id, kind, data, origin);
    }

    /// Bytes of a body that chunks add.
    pub(super) fn around_body(&mut self, side: Side, rest: &mut Rest<'_>, used: usize) {
        rest.take(used);
        if let Some((_, message)) = self.current(side).filter(|_| used > 0) {
            message.body.transferred = message.body.transferred.saturating_add(used as u64);
            message.last = rest.origin;
        }
    }

    /// A hole that begins in a body; says whether the thread is lost behind it.
    pub(super) fn body_gap(
        &mut self,
        side: Side,
        mut body: BodyState,
        length: u64,
        origin: Origin,
        limits: &Limits,
        sink: &mut impl Sink,
    ) -> bool {
        let (of_body, ending, lost) = match &mut body {
            BodyState::Length { left } => {
                let of_body = length.min(*left);
                let beyond = length > *left;
                *left = left.saturating_sub(of_body);
                (of_body, (*left == 0).then_some(Ending::Framing), beyond)
            }
            BodyState::Close => (length, None, false),
            BodyState::Chunked(chunks) => {
                let (of_body, readable) = chunks.gap(length);
                (of_body, (!readable).then_some(Ending::Gap), !readable)
            }
        };
        let kind = self.kind(side);
        if let Some((id, message)) = self.current(side) {
            message.flags.insert_if(Flag::GapInFraming, ending == Some(Ending::Gap));
            message.last = origin;
            if of_body > 0 {
                sink.body_gap(id, kind, message.body.length, of_body);
                message.body.add_gap(of_body);
            }
        }
        match ending {
            Some(ending) => self.finish_message(side, Some(body), ending, limits, sink),
            None => self.stream(side).state = State::Body(body),
        }
        lost
    }

    /// Begins a body, where the framing says that there is one.
    pub(super) fn begin_body(&mut self, side: Side, limits: &Limits, sink: &mut impl Sink) {
        let kind = self.kind(side);
        let Some((id, message)) = self.current(side) else { return };
        let body = match message.body.framing {
            Framing::None | Framing::Length(0) | Framing::Tunnel => return self.finish_message(side, None, Ending::Framing, limits, sink),
            Framing::Length(left) => BodyState::Length { left },
            Framing::Chunked => BodyState::Chunked(Box::<ChunkReader>::default()),
            Framing::Close => BodyState::Close,
        };
        sink.begin_body(id, kind, message);
        self.stream(side).state = State::Body(body);
    }

    /// A message is over. `body` is what was being read.
    pub(super) fn finish_message(&mut self, side: Side, body: Option<BodyState>, ending: Ending, limits: &Limits, sink: &mut impl Sink) {
        self.stream(side).state = State::Start;
        let kind = self.kind(side);
        if let Some((id, message)) = self.current(side) {
            message.body.ending = ending;
            if let Some(BodyState::Chunked(chunks)) = body.as_ref() {
                message.body.chunks = chunks.chunks;
                message.body.chunk_extensions = chunks.extensions;
                message.flags = message.flags.union(chunks.flags);
            }
            if let Some(BodyState::Chunked(mut chunks)) = body
                && let Some((bytes, flags)) = chunks.trailers()
            {
                let (trailers, of_trailers) = Head::parse_trailers(bytes, limits.http_headers);
                message.flags = message.flags.union(flags).union(of_trailers);
                message.flags.insert(Flag::Trailers);
                message.body.trailers = Some(Box::new(trailers));
                sink.end_body(id, kind, message);
            } else if !matches!(message.body.framing, Framing::None | Framing::Length(0) | Framing::Tunnel) {
                sink.end_body(id, kind, message);
            }
        }
        self.message_over(side, sink);
    }
}
