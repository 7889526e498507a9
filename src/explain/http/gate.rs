//! What lessons take of exchanges: heads always, bodies as far as a lesson needs them.

use crate::conversation::Side;
use crate::conversation::body::{Bodies, Keeper, Taker, Wanted, sniff};
use crate::conversation::http1::{Exchange, ExchangeId, Message, MessageKind, Sink};
use crate::reassembly::{Limits, Origin};
use std::fmt;

/// What is known of the conversation at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// Nanoseconds to the responder and back.
    pub(super) round_trip: Option<i64>,
    /// What has gone wrong so far.
    pub(super) troubles: Troubles,
    /// What of it had when the exchange before was over.
    pub(super) before: Troubles,
    /// The frame with which each side said that it has said everything, where HTTP goes on behind it.
    pub(super) finished: [Option<Origin>; 2],
    /// Whether it stays on one machine.
    pub(super) is_local: bool,
}

/// What has gone wrong in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Troubles {
    /// Segments that each side sent again.
    pub(super) retransmitted: [u32; 2],
    /// How often each side could take no more.
    pub(super) zero_windows: [u32; 2],
}

/// Exchanges that are over.
#[derive(Default)]
struct Over(Vec<(Exchange, Bodies)>);

impl Taker for Over {
    fn exchange(&mut self, exchange: Exchange, bodies: Bodies) {
        self.0.push((exchange, bodies));
    }
}

/// Lets those bodies pass of which a lesson may tell.
pub(super) struct Gate {
    keeper: Keeper<Over>,
    /// How many bodies were looked at.
    bodies: u32,
}

impl Default for Gate {
    fn default() -> Self {
        let limits = Limits {
            http_body_bytes: Limits::LESSON_TEXT,
            http_bodies_bytes: Limits::LESSON_BODIES_BYTES,
            decoded_bytes: Limits::LESSON_DECODED,
            ..Limits::default()
        };
        Self { keeper: Keeper::new(Wanted { bytes: true, sha256: false }, &limits, Over::default()), bodies: 0 }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// The exchanges that are over.
    pub(super) fn over(&self) -> &[(Exchange, Bodies)] {
        &self.keeper.taker.0
    }

    /// The same, to be taken.
    pub(super) fn over_mut(&mut self) -> &mut Vec<(Exchange, Bodies)> {
        &mut self.keeper.taker.0
    }
}

impl Sink for Gate {
    fn begin_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        let is_text = message.head.get("content-type").is_none_or(sniff::is_declared_text);
        if self.bodies < Limits::LESSON_BODIES && (is_text || message.head.get("content-encoding").is_some()) {
            self.bodies += 1;
            self.keeper.begin_body(exchange, kind, message);
        }
    }

    fn body(&mut self, exchange: ExchangeId, kind: MessageKind, bytes: &[u8], origin: Origin) {
        self.keeper.body(exchange, kind, bytes, origin);
    }

    fn body_gap(&mut self, exchange: ExchangeId, kind: MessageKind, offset: u64, length: u64) {
        self.keeper.body_gap(exchange, kind, offset, length);
    }

    fn end_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        self.keeper.end_body(exchange, kind, message);
    }

    fn stray(&mut self, _: ExchangeId, _: Side, _: &[u8], _: Origin) {}

    fn exchange(&mut self, exchange: Exchange) {
        self.keeper.exchange(exchange);
    }
}
