//! Exchanges of HTTP as a story keeps them.

use crate::conversation::http1::{Exchange, Sink};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Exchanges by their conversations.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    pub(super) of: HashMap<u64, (Vec<Exchange>, u64), RandomState>,
    count: usize,
    bytes: usize,
}

impl Sink for Exchanges {
    fn exchange(&mut self, exchange: Exchange) {
        let (kept, more) = self.of.entry(exchange.id.conversation).or_default();
        let bytes = size_of::<Exchange>() + exchange.messages().map(|message| 2 * message.head.bytes().len()).sum::<usize>();
        if kept.len() >= Limits::STORY_EXCHANGES_OF_ONE
            || self.count >= Limits::STORY_EXCHANGES
            || self.bytes + bytes > Limits::STORY_EXCHANGES_BYTES
        {
            *more += 1;
            return;
        }
        self.count += 1;
        self.bytes += bytes;
        kept.push(exchange);
    }
}
