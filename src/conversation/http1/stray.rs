//! Bytes that belong to no message.

use super::machine::HttpConversation;
use super::stream::State;
use super::{Flag, Sink, Stray};
use crate::conversation::Side;
use crate::reassembly::{Origin, Overlap};

impl HttpConversation {
    /// Bytes that belong to no message: `length` of them, of which `bytes` are there to be shown.
    pub(super) fn add_stray(&mut self, side: Side, offset: u64, length: u64, bytes: &[u8], origin: Origin, sink: &mut impl Sink) {
        if self.client.is_none() {
            // Whether they are anything of HTTP is not known yet.
            let stream = self.stream(side);
            stream.passed = stream.passed.saturating_add(length);
            return;
        }
        let mut exchange = match self.stream(side).stray.take() {
            Some(exchange) => exchange,
            None => {
                let mut exchange = Box::new(self.new_exchange(side));
                let stream = self.stream(side);
                exchange.flags.insert(if stream.by_lines { Flag::Stray } else { Flag::Unread });
                exchange.flags.insert_if(Flag::AfterClose, stream.closing);
                exchange
            }
        };
        let stray = exchange.stray.get_or_insert(Stray { from: side, offset, length: 0, first: origin, last: origin });
        stray.length = stray.length.saturating_add(length);
        stray.last = origin;
        if !bytes.is_empty() {
            sink.stray(exchange.id, side, bytes, origin);
        }
        self.stream(side).stray = Some(exchange);
    }

    /// Bytes came again as others: another reader may have taken those. They are told once the stream is over.
    pub fn conflict(&mut self, side: Side, overlap: &Overlap<'_>, sink: &mut impl Sink) {
        if self.client.is_none() {
            return;
        }
        match &mut self.stream(side).state {
            State::Head(head) => head.flags.insert(Flag::Conflict),
            State::Body(_) => {
                if let Some((_, message)) = self.current(side) {
                    message.flags.insert(Flag::Conflict);
                }
            }
            State::Lost | State::Start | State::Tunnel | State::Over => {}
        }
        let mut exchange = match self.stream(side).conflict.take() {
            Some(exchange) => exchange,
            None => Box::new(self.new_exchange(side)),
        };
        exchange.flags.insert(Flag::Conflict);
        let origin = overlap.other_origin;
        let stray = exchange.stray.get_or_insert(Stray { from: side, offset: overlap.offset, length: 0, first: origin, last: origin });
        stray.offset = stray.offset.min(overlap.offset);
        stray.length = stray.length.saturating_add(overlap.other.len() as u64);
        stray.last = origin;
        sink.stray(exchange.id, side, overlap.other, origin);
        self.stream(side).conflict = Some(exchange);
    }

    /// The stream is over: tells what came again as others in it.
    pub(super) fn end_conflict(&mut self, side: Side, sink: &mut impl Sink) {
        if let Some(exchange) = self.stream(side).conflict.take() {
            sink.exchange(*exchange);
        }
    }

    /// HTTP was found: tells how many bytes a side had said before that.
    pub(super) fn tell_passed(&mut self, side: Side, origin: Origin, sink: &mut impl Sink) {
        let passed = std::mem::take(&mut self.stream(side).passed);
        if passed > 0 {
            self.add_stray(side, 0, passed, &[], origin, sink);
            self.end_stray(side, sink);
        }
    }

    /// A message begins, or the stream is over: tells the stray bytes before it.
    pub(super) fn end_stray(&mut self, side: Side, sink: &mut impl Sink) {
        if let Some(exchange) = self.stream(side).stray.take() {
            sink.exchange(*exchange);
        }
    }
}
