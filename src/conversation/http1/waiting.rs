//! Exchanges that are not over, in the order of their requests.

use super::head::{Head, Span};
use super::{Exchange, Flag, Message, Sink};
use std::collections::VecDeque;

/// How far the final answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Awaited,
    Begun,
    Over,
}

/// An exchange that is not over.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) exchange: Exchange,
    pub(super) request_over: bool,
    pub(super) answer: Answer,
    cost: usize,
}

/// Exchanges that are not over. Of those with a request, the last one is that of the request which is being read; the first one is that of
/// the answer which is being read.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    entries: VecDeque<Box<Entry>>,
    cost: usize,
}

impl Waiting {
    pub(super) fn push_request(&mut self, exchange: Exchange) {
        let entry = self.entry(exchange, false);
        self.entries.push_back(entry);
    }

    /// An exchange without a request, for an answer that comes now.
    pub(super) fn push_answer(&mut self, mut exchange: Exchange) {
        exchange.flags.insert(Flag::NoRequest);
        let entry = self.entry(exchange, true);
        self.entries.push_front(entry);
    }

    fn entry(&mut self, exchange: Exchange, request_over: bool) -> Box<Entry> {
        let cost = size_of::<Entry>().saturating_add(exchange.messages().map(|message| head_cost(&message.head)).sum::<usize>());
        self.cost = self.cost.saturating_add(cost);
        Box::new(Entry { exchange, request_over, answer: Answer::Awaited, cost })
    }

    /// What keeping an answer's head with the first one costs.
    pub(super) fn charge_first(&mut self, message: &Message) {
        let cost = head_cost(&message.head).saturating_add(size_of::<Message>());
        if let Some(entry) = self.entries.front_mut() {
            entry.cost = entry.cost.saturating_add(cost);
            self.cost = self.cost.saturating_add(cost);
        }
    }

    pub(super) fn first(&self) -> Option<&Entry> {
        self.entries.front().map(|entry| &**entry)
    }

    pub(super) fn first_mut(&mut self) -> Option<&mut Entry> {
        self.entries.front_mut().map(|entry| &mut **entry)
    }

    pub(super) fn last(&self) -> Option<&Entry> {
        self.entries.back().map(|entry| &**entry)
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut Entry> {
        self.entries.back_mut().map(|entry| &mut **entry)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn cost(&self) -> usize {
        self.cost
    }

    /// Takes out the first one.
    pub(super) fn pop(&mut self) -> Option<Exchange> {
        let entry = self.entries.pop_front()?;
        self.cost = self.cost.saturating_sub(entry.cost);
        Some(entry.exchange)
    }

    /// Tells those that are over, from the first.
    pub(super) fn tell_over(&mut self, sink: &mut impl Sink) {
        while self.first().is_some_and(|entry| entry.request_over && entry.answer == Answer::Over) {
            if let Some(exchange) = self.pop() {
                sink.exchange(exchange);
            }
        }
    }

    /// Takes out the oldest one whose request is over and whose answer has not begun; `None` where there is none.
    pub(super) fn pop_unanswered(&mut self) -> Option<Exchange> {
        // Only the first one may be in the middle of its answer, and only the last one in the middle of its request.
        let place = usize::from(self.first()?.answer != Answer::Awaited);
        let entry = self.entries.get(place)?;
        if !entry.request_over || entry.answer != Answer::Awaited {
            return None;
        }
        let entry = self.entries.remove(place)?;
        self.cost = self.cost.saturating_sub(entry.cost);
        let mut exchange = entry.exchange;
        exchange.flags.insert_if(Flag::NoAnswer, exchange.request.is_some());
        Some(exchange)
    }
}

fn head_cost(head: &Head) -> usize {
    head.bytes.len().saturating_add(head.headers.len().saturating_mul(size_of::<[Span; 2]>()))
}
