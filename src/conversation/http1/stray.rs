//! Bytes that belong to no message.

use super::machine::HttpConversation;
use super::{Flag, Sink, Stray};
use crate::conversation::Side;
use crate::reassembly::Origin;

impl HttpConversation {
    /// Bytes that belong to no message: `length` of them, of which `bytes` are there to be shown.
    pub(super) fn add_stray(&mut self, side: Side, offset: u64, length: u64, bytes: &[u8], origin: Origin, sink: &mut impl Sink) {
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

    /// A message begins, or the stream is over: tells the stray bytes before it.
    pub(super) fn end_stray(&mut self, side: Side, sink: &mut impl Sink) {
        if let Some(exchange) = self.stream(side).stray.take() {
            sink.exchange(*exchange);
        }
    }
}
