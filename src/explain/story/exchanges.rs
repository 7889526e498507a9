//! Exchanges of HTTP as a story keeps them.

use crate::conversation::http1::{Exchange, Sink};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// How many exchanges of one conversation are kept, how many of all, and how many bytes their heads may have.
const EXCHANGES_OF_ONE: usize = 256;
const EXCHANGES: usize = 20_000;
const EXCHANGES_BYTES: usize = 32 << 20;

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
        if kept.len() >= EXCHANGES_OF_ONE || self.count >= EXCHANGES || self.bytes + bytes > EXCHANGES_BYTES {
            *more += 1;
            return;
        }
        self.count += 1;
        self.bytes += bytes;
        kept.push(exchange);
    }
}
