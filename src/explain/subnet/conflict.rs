//! Addresses that two cards answer for: of two machines, or of one that has two cards on the link.
//!
//! A machine with two cards on one link answers on both for every address that it has (ARP flux). That shows where the same two cards answer for
//! another address too, and neither of them for any address alone: so an answer of two cards waits for a while before it is called a conflict.

use super::{Pretence, SubnetFacts};
use crate::explain::room::NoRoom;
use crate::explain::surroundings::LinkId;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

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
        (self.link, cards, self.address.is_ipv4())
    }
}

/// Two cards of a link, the lower one first, and whether they answer for addresses of IPv4.
type Pair = (LinkId, [[u8; 6]; 2], bool);

/// Conflicts, and the cards that they are between.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    waiting: Vec<Conflict>,
    /// The first address that two cards answered for and the next, with the frames.
    pairs: HashMap<Pair, Vec<(IpAddr, Vec<u64>)>, RandomState>,
    /// Which cards answered when everybody was asked for an address.
    answers: HashMap<(LinkId, IpAddr), Vec<[u8; 6]>, RandomState>,
    forgotten: NoRoom,
}

impl Conflicts {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A card answers a question that was for everybody.
    pub(super) fn answered(&mut self, link: LinkId, address: IpAddr, card: [u8; 6]) {
        if self.forgotten.room(self.answers.len() < Limits::CONFLICTS_REMEMBERED || self.answers.contains_key(&(link, address))) {
            let cards = self.answers.entry((link, address)).or_default();
            if cards.len() < Limits::CARDS_OF_ADDRESS && !cards.contains(&card) {
                cards.push(card);
            }
        }
    }

    /// Two cards answer for an address.
    pub(super) fn meet(&mut self, conflict: Conflict) {
        let pair = conflict.pair();
        if self.forgotten.room(self.pairs.len() < Limits::CONFLICTS_REMEMBERED || self.pairs.contains_key(&pair)) {
            let addresses = self.pairs.entry(pair).or_default();
            if addresses.len() < 2 && addresses.iter().all(|(address, _)| *address != conflict.address) {
                addresses.push((conflict.address, conflict.frames.clone()));
            }
        }
        let is_known = self.is_waiting(conflict.link, conflict.address);
        if !is_known && self.forgotten.room(self.waiting.len() < Limits::CONFLICTS_REMEMBERED) {
            self.waiting.push(conflict);
        }
    }

    /// What is stated of a conflict that has waited, with the frames that prove it.
    pub(super) fn judge(&self, conflict: &Conflict) -> (SubnetFacts, Vec<u64>) {
        let pair = conflict.pair();
        match self.pairs.get(&pair).map(Vec::as_slice) {
            Some([(one, first), (other, then)]) if self.is_always_both(pair) => {
                let facts = SubnetFacts::TwoCards { cards: pair.1, addresses: [*one, *other] };
                (facts, first.iter().chain(then).copied().collect())
            }
            _ => self
                .beside(conflict)
                .unwrap_or_else(|| (SubnetFacts::Duplicate { address: conflict.address, cards: conflict.cards }, conflict.frames.clone())),
        }
    }

    /// A card that answers for several addresses, and another one beside it for each of them: it answers for others.
    fn beside(&self, conflict: &Conflict) -> Option<(SubnetFacts, Vec<u64>)> {
        let (link, pair, is_ipv4) = conflict.pair();
        for (place, card) in pair.into_iter().enumerate() {
            let owner = pair[1 - place];
            let others = self
                .pairs
                .iter()
                .filter(|((on, cards, version), _)| (*on, *version) == (link, is_ipv4) && cards.contains(&card) && !cards.contains(&owner));
            let all = others.flat_map(|(_, addresses)| addresses).filter(|(address, _)| *address != conflict.address);
            if let Some((other, frames)) = all.min_by_key(|(address, _)| *address) {
                let how = Pretence::Beside { other: *other };
                let facts = SubnetFacts::Pretended { card, address: conflict.address, owner: Some(owner), own: None, how };
                let mut frames: Vec<u64> = conflict.frames.iter().chain(frames).copied().collect();
                frames.sort_unstable();
                return Some((facts, frames));
            }
        }
        None
    }

    /// Whether none of the two cards answers for an address that the other does not answer for, as far as everybody was asked.
    fn is_always_both(&self, (link, [one, other], is_ipv4): Pair) -> bool {
        let mut of_link = self.answers.iter().filter(|((on, address), _)| *on == link && address.is_ipv4() == is_ipv4);
        self.answers.len() < Limits::CONFLICTS_REMEMBERED && of_link.all(|(_, cards)| cards.contains(&one) == cards.contains(&other))
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
