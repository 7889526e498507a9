//! The conversations of one point, found at another: by counting whose packets stand opposite whose.

use super::Pairing;
use super::keys::{are_on_other_links, is_of_link};
use crate::conversation::{Endpoint, Kind};
use crate::diff::point::{Point, SeenConversation};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// How a conversation was found at the other point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Found {
    /// By its packets.
    Packets,
    /// By its ends, which are the same: none of its packets is.
    Ends,
    /// By its bytes: it is another connection that carries the same.
    Content,
}

/// A conversation at both points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversationPair {
    /// Its index in the left point.
    pub left: u32,
    /// Its index in the right point.
    pub right: u32,
    /// Whether one point takes for the originator whom the other takes for the responder: it began before one of the captures did.
    pub is_crossed: bool,
    /// How it was found.
    pub found: Found,
    /// How many of its packets stand opposite each other.
    pub packets: u64,
    /// How much greater sequence numbers are at the right point, of the left originator and of the left responder: something between draws
    /// its own.
    pub shift: [u32; 2],
}

impl ConversationPair {
    pub(super) fn new(left: u32, right: u32, is_crossed: bool, found: Found) -> Self {
        Self { left, right, is_crossed, found, packets: 0, shift: [0; 2] }
    }
}

/// How much speaks for which conversations: straight, and crossed.
#[derive(Debug)]
pub(super) struct Votes {
    /// By the left conversation the right one that something spoke for first, which mostly is the only one.
    first: Vec<Option<(u32, [u64; 2])>>,
    others: HashMap<(u32, u32), [u64; 2], RandomState>,
}

impl Votes {
    /// No votes yet for as many conversations of the left point.
    pub(super) fn new(conversations: usize) -> Self {
        Self { first: vec![None; conversations], others: HashMap::default() }
    }

    pub(super) fn add(&mut self, left: u32, right: u32, is_crossed: bool, weight: u64) {
        let Some(first) = self.first.get_mut(left as usize).filter(|_| right != u32::MAX) else { return };
        let (known, counts) = first.get_or_insert((right, [0; 2]));
        let counts = if *known == right { counts } else { self.others.entry((left, right)).or_default() };
        counts[usize::from(is_crossed)] += weight;
    }

    /// Pairs conversations, those first for which most speaks. Each belongs to one, or to several that have the same ends: ports are used
    /// again, and a conversation that paused may count as two.
    pub(super) fn pair_conversations(self, points: [&Point; 2], pairing: &mut Pairing) {
        let ends = |side: usize, place: u32| points[side].conversations.get(place as usize).map(|one| sorted(one.ends));
        let first = (0..).zip(self.first).filter_map(|(left, first)| first.map(|(right, counts)| ((left, right), counts)));
        let mut candidates: Vec<((u32, u32), [u64; 2])> = first.chain(self.others).collect();
        // Of two that as much speaks for, the one with the same ends; then in their order, which is the same from both sides.
        candidates.sort_by_cached_key(|&((left, right), [straight, crossed])| {
            let differs = ends(0, left) != ends(1, right);
            (std::cmp::Reverse(straight + crossed), differs, left.abs_diff(right), left.min(right), left)
        });
        for ((left, right), [straight, crossed]) in candidates {
            let partner = |side: usize, place: u32| {
                let index = pairing.of_conversation.get(side)?.get(place as usize).copied().flatten()?;
                pairing.conversations.get(index as usize)
            };
            let is_open = match (partner(0, left), partner(1, right)) {
                (None, None) => true,
                (Some(pair), None) => ends(1, pair.right) == ends(1, right),
                (None, Some(pair)) => ends(0, pair.left) == ends(0, left),
                (Some(_), Some(_)) => false,
            };
            if is_open {
                pairing.join(ConversationPair::new(left, right, crossed > straight, Found::Packets));
            }
        }
    }
}

fn sorted(mut ends: [Endpoint; 2]) -> [Endpoint; 2] {
    ends.sort_unstable();
    ends
}

/// Pairs what is left over and has the same ends at both points, in order.
pub(super) fn pair_by_ends(points: [&Point; 2], pairing: &mut Pairing) {
    let mut waiting: HashMap<(Kind, [Endpoint; 2]), Vec<u32>, RandomState> = HashMap::default();
    let free = |pairing: &Pairing, side: usize, place: u32| {
        pairing.of_conversation.get(side).and_then(|list| list.get(place as usize)).is_some_and(Option::is_none)
    };
    for (place, one) in points[1].conversations.iter().enumerate().rev() {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        if free(pairing, 1, place) {
            waiting.entry((one.kind, sorted(one.ends))).or_default().push(place);
        }
    }
    let mut found = Vec::new();
    let are_apart = are_on_other_links(points);
    for (place, one) in (0..).zip(&points[0].conversations) {
        // The same is said on every link, by others.
        let is_of_link = are_apart && one.ends.iter().any(|end| is_of_link(end.address));
        if is_of_link || !free(pairing, 0, place) {
            continue;
        }
        let Some(right) = waiting.get_mut(&(one.kind, sorted(one.ends))).and_then(Vec::pop) else { continue };
        let is_crossed = points[1].conversations.get(right as usize).is_some_and(|other| other.ends != one.ends);
        found.push(ConversationPair::new(place, right, is_crossed, Found::Ends));
    }
    found.into_iter().for_each(|pair| pairing.join(pair));
}

/// Sees where sequence numbers were drawn anew between the points: conversations with the same ends, whose SYNs have other numbers.
pub(super) fn pair_shifted(points: [&Point; 2], pairing: &mut Pairing) {
    for pair in &mut pairing.conversations {
        let ends = [(0, pair.left), (1, pair.right)].map(|(side, place)| points[side].conversations.get(place as usize));
        let [Some(left), Some(right)] = ends else { continue };
        if pair.found != Found::Ends || left.kind != Kind::Tcp {
            continue;
        }
        pair.shift = shift_of(left, right, pair.is_crossed);
    }
}

/// How much greater the right conversation's sequence numbers are than the left one's, by their SYNs.
pub(super) fn shift_of(left: &SeenConversation, right: &SeenConversation, is_crossed: bool) -> [u32; 2] {
    [0, 1].map(|side| {
        let other = if is_crossed { 1 - side } else { side };
        left.initial[side].zip(right.initial[other]).map_or(0, |(from, to)| to.wrapping_sub(from))
    })
}
