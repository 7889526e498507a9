//! Who takes what was said.

use super::{Exchange, ExchangeId, Message};
use crate::conversation::Side;
use crate::reassembly::{Origin, Piece};

/// Which of the two final messages of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageKind {
    /// What was asked.
    Request,
    /// The final answer.
    Response,
}

/// Takes exchanges, and bodies as they come. Bytes are lent, never copied: whoever wants only the list pays nothing for them.
///
/// For each body that may have bytes: [`Self::begin_body`] once its head was read, then [`Self::body`] and [`Self::body_gap`] in
/// the order of its offsets, then [`Self::end_body`]; all of that before its [`Self::exchange`].
pub trait Sink {
    /// A body begins. `message` has its head; of its body only the framing is known.
    fn begin_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        let _ = (exchange, kind, message);
    }

    /// The next bytes of the body, without what chunks add.
    fn body(&mut self, exchange: ExchangeId, kind: MessageKind, bytes: &[u8], origin: Origin) {
        let _ = (exchange, kind, bytes, origin);
    }

    /// Bytes of the body that are missing in the capture, from this offset in the body.
    fn body_gap(&mut self, exchange: ExchangeId, kind: MessageKind, offset: u64, length: u64) {
        let _ = (exchange, kind, offset, length);
    }

    /// The body is over; `message.body` says how.
    fn end_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        let _ = (exchange, kind, message);
    }

    /// Bytes that belong to no message: of the exchange that will have them as its [`super::Stray`].
    fn stray(&mut self, exchange: ExchangeId, from: Side, bytes: &[u8], origin: Origin) {
        let _ = (exchange, from, bytes, origin);
    }

    /// Bytes that are missing in the capture between stray ones.
    fn stray_gap(&mut self, exchange: ExchangeId, length: u64) {
        let _ = (exchange, length);
    }

    /// What goes through the tunnel that this exchange opened: data, gaps and ends, with their offsets in the stream.
    fn tunnel(&mut self, exchange: ExchangeId, from: Side, piece: &Piece<'_>) {
        let _ = (exchange, from, piece);
    }

    /// An exchange is over: both messages are, or nothing more will be seen of it.
    fn exchange(&mut self, exchange: Exchange);
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn begin_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        (**self).begin_body(exchange, kind, message);
    }

    fn body(&mut self, exchange: ExchangeId, kind: MessageKind, bytes: &[u8], origin: Origin) {
        (**self).body(exchange, kind, bytes, origin);
    }

    fn body_gap(&mut self, exchange: ExchangeId, kind: MessageKind, offset: u64, length: u64) {
        (**self).body_gap(exchange, kind, offset, length);
    }

    fn end_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        (**self).end_body(exchange, kind, message);
    }

    fn stray(&mut self, exchange: ExchangeId, from: Side, bytes: &[u8], origin: Origin) {
        (**self).stray(exchange, from, bytes, origin);
    }

    fn stray_gap(&mut self, exchange: ExchangeId, length: u64) {
        (**self).stray_gap(exchange, length);
    }

    fn tunnel(&mut self, exchange: ExchangeId, from: Side, piece: &Piece<'_>) {
        (**self).tunnel(exchange, from, piece);
    }

    fn exchange(&mut self, exchange: Exchange) {
        (**self).exchange(exchange);
    }
}
