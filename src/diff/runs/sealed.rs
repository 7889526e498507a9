//! Bodies of answers, gathered as they were sent.
//!
//! Most of what two runs say is the same, and coded the same way: that shows without taking the codings off. They are taken off where what
//! was sent differs.

use super::collect::Exchanges;
use crate::conversation::Side;
use crate::conversation::body::Keeper;
use crate::conversation::body::decode::{Coding, Codings};
use crate::conversation::http1::{Exchange, ExchangeId, Framing, Message, MessageKind, Sink};
use crate::reassembly::{Limits, Origin, Piece};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// A body as it was sent.
pub(super) struct Sealed {
    pub(super) codings: Vec<Coding>,
    pub(super) bytes: Vec<u8>,
}

/// Gathers what was sent of answers. What has holes, is not sent to its end or is too long to wait for is decoded as it comes.
pub(super) struct Sealer {
    keeper: Keeper<Exchanges>,
    layers: usize,
    open: HashMap<ExchangeId, Gathered, RandomState>,
    over: HashMap<ExchangeId, Sealed, RandomState>,
    /// The room that those in `open` and `over` take, in bytes.
    held: usize,
    /// Room of bodies that are over.
    spares: Vec<Vec<u8>>,
}

/// What was sent of a body by now.
struct Gathered {
    codings: Codings,
    bytes: Vec<u8>,
}

impl Sealer {
    /// Hands on to `keeper` what is not kept as it was sent.
    pub(super) fn new(keeper: Keeper<Exchanges>, limits: &Limits) -> Self {
        let layers = limits.decoding_layers;
        Self { keeper, layers, open: HashMap::default(), over: HashMap::default(), held: 0, spares: Vec::new() }
    }

    /// Who got the exchanges.
    pub(super) fn into_exchanges(self) -> Exchanges {
        self.keeper.taker
    }

    fn take(&mut self, exchange: ExchangeId, kind: MessageKind) -> Option<Gathered> {
        if kind != MessageKind::Response {
            return None;
        }
        let gathered = self.open.remove(&exchange)?;
        self.held -= gathered.bytes.capacity();
        Some(gathered)
    }

    /// Has decoded what was gathered of a body, and what will come of it.
    fn let_go(&mut self, exchange: ExchangeId, kind: MessageKind) {
        if let Some(Gathered { codings, bytes }) = self.take(exchange, kind) {
            self.keeper.begin(exchange, kind, codings);
            if !bytes.is_empty() {
                self.keeper.body(exchange, kind, &bytes, Origin::default());
            }
        }
    }
}

impl Sink for Sealer {
    fn begin_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        let codings = Codings::of(&message.head, self.layers);
        if kind == MessageKind::Request {
            self.keeper.begin(exchange, kind, codings);
            return;
        }
        let mut bytes = self.spares.pop().unwrap_or_default();
        bytes.clear();
        // What is announced is not moved as it grows: as far as there is room, for it may be a lie.
        if let Framing::Length(length) = message.body.framing
            && let Ok(length) = usize::try_from(length)
            && length <= Limits::CONTENT_OF_ONE.min(Limits::ANSWERS_GATHERED.saturating_sub(self.held))
        {
            bytes.reserve_exact(length);
        }
        self.held += bytes.capacity();
        if let Some(before) = self.open.insert(exchange, Gathered { codings, bytes }) {
            self.held -= before.bytes.capacity();
        }
    }

    fn body(&mut self, exchange: ExchangeId, kind: MessageKind, bytes: &[u8], origin: Origin) {
        if kind == MessageKind::Response
            && let Some(gathered) = self.open.get_mut(&exchange)
        {
            if gathered.bytes.len() + bytes.len() <= Limits::CONTENT_OF_ONE && self.held + bytes.len() <= Limits::ANSWERS_GATHERED {
                let before = gathered.bytes.capacity();
                gathered.bytes.extend_from_slice(bytes);
                self.held += gathered.bytes.capacity() - before;
                return;
            }
            self.let_go(exchange, kind);
        }
        self.keeper.body(exchange, kind, bytes, origin);
    }

    fn body_gap(&mut self, exchange: ExchangeId, kind: MessageKind, offset: u64, length: u64) {
        self.let_go(exchange, kind);
        self.keeper.body_gap(exchange, kind, offset, length);
    }

    fn end_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        if !message.body.is_complete() {
            self.let_go(exchange, kind);
        }
        let Some(Gathered { codings, bytes }) = self.take(exchange, kind) else {
            self.keeper.end_body(exchange, kind, message);
            return;
        };
        self.held += bytes.capacity();
        if let Some(before) = self.over.insert(exchange, Sealed { codings: codings.known, bytes }) {
            self.held -= before.bytes.capacity();
        }
    }

    fn stray(&mut self, exchange: ExchangeId, from: Side, bytes: &[u8], origin: Origin) {
        self.keeper.stray(exchange, from, bytes, origin);
    }

    fn stray_gap(&mut self, exchange: ExchangeId, length: u64) {
        self.keeper.stray_gap(exchange, length);
    }

    fn tunnel(&mut self, exchange: ExchangeId, from: Side, piece: &Piece<'_>) {
        self.keeper.tunnel(exchange, from, piece);
    }

    fn exchange(&mut self, exchange: Exchange) {
        let sealed = self.over.remove(&exchange.id);
        self.held -= sealed.as_ref().map_or(0, |sealed| sealed.bytes.capacity());
        self.keeper.taker.sealed = sealed;
        self.keeper.exchange(exchange);
        if let Some(Sealed { bytes, .. }) =
            self.keeper.taker.sealed.take().filter(|sealed| (1..=Limits::ANSWER_ROOM).contains(&sealed.bytes.capacity()))
            && self.spares.len() < Limits::ANSWER_ROOMS
        {
            self.spares.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests;
