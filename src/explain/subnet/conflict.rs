//! Addresses that two cards answer for: of two machines, or of one that has two cards on the link.
//!
//! A machine with two cards on one link answers on both for every address that it has (ARP flux). That shows where the same two cards answer for
//! another address too: so an answer of two cards waits for a while before it is called a conflict.

use super::SubnetFacts;
use crate::explain::surroundings::LinkId;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How many pairs of cards are remembered, and how many conflicts wait.
const REMEMBERED: usize = 4096;
/// How long a conflict waits for another address of the same cards, in nanoseconds.
const WAITS: i64 = 10_000_000_000;

/// Two cards that answered one question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Conflict {
    pub(super) link: LinkId,
    pub(super) address: IpAddr,
    /// Who answered, first and then.
    pub(super) cards: [[u8; 6]; 2],
    /// The question and both answers.
    pub(super) frames: Vec<u64>,
    /// When, in nanoseconds.
    pub(super) now: i64,
}

impl Conflict {
    fn pair(&self) -> Pair {
        let mut cards = self.cards;
        cards.sort_unstable();
        (self.link, cards)
    }

    /// What is stated of it where the cards are those of two machines.
    pub(super) fn facts(&self) -> SubnetFacts {
        SubnetFacts::Duplicate { address: self.address, cards: self.cards }
    }
}

/// Two cards of a link, the lower one first.
type Pair = (LinkId, [[u8; 6]; 2]);

/// Conflicts, and the cards that they are between.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    waiting: Vec<Conflict>,
    /// The first address that two cards answered for, with the frames.
    pairs: HashMap<Pair, (IpAddr, Vec<u64>), RandomState>,
}

impl Conflicts {
    /// Two cards answer for an address. What is stated where they are one machine's, with the frames that prove it.
    pub(super) fn meet(&mut self, conflict: Conflict) -> Option<(SubnetFacts, Vec<u64>)> {
        let pair = conflict.pair();
        if let Some((address, frames)) = self.pairs.get(&pair).filter(|(address, _)| address.is_ipv4() == conflict.address.is_ipv4())
            && *address != conflict.address
        {
            let facts = SubnetFacts::TwoCards { cards: pair.1, addresses: [*address, conflict.address] };
            let frames = frames.iter().chain(&conflict.frames).copied().collect();
            self.waiting.retain(|waiting| waiting.pair() != pair);
            return Some((facts, frames));
        }
        if self.pairs.len() < REMEMBERED {
            self.pairs.entry(pair).or_insert_with(|| (conflict.address, conflict.frames.clone()));
        }
        let is_known = self.is_waiting(conflict.link, conflict.address);
        if !is_known && self.waiting.len() < REMEMBERED {
            self.waiting.push(conflict);
        }
        None
    }

    /// Whether two cards answered for an address a moment ago.
    pub(super) fn is_waiting(&self, link: LinkId, address: IpAddr) -> bool {
        self.waiting.iter().any(|waiting| (waiting.link, waiting.address) == (link, address))
    }

    /// The conflicts that have waited long enough at that time, in nanoseconds.
    pub(super) fn due(&mut self, now: i64) -> Vec<Conflict> {
        if self.waiting.iter().all(|waiting| now - waiting.now < WAITS) {
            return Vec::new();
        }
        let (due, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(|waiting| now - waiting.now >= WAITS);
        self.waiting = waiting;
        due
    }

    /// All that wait still.
    pub(super) fn rest(&mut self) -> Vec<Conflict> {
        std::mem::take(&mut self.waiting)
    }
}
