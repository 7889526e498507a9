//! The conversations of one point, found at another: by counting whose packets stand opposite whose.

use super::Pairing;
use crate::conversation::{Endpoint, Kind};
use crate::diff::point::Point;
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

    /// Whether sequence numbers are others at the right point.
    #[must_use]
    pub fn is_shifted(&self) -> bool {
        self.shift != [0; 2]
    }
}

/// How many packets of which conversations stand opposite each other: straight, and crossed.
#[derive(Debug, Default)]
pub(super) struct Votes {
    counts: HashMap<(u32, u32), [u32; 2], RandomState>,
}

impl Votes {
    pub(super) fn add(&mut self, left: u32, right: u32, is_crossed: bool) {
        if left != u32::MAX && right != u32::MAX {
            let count = &mut self.counts.entry((left, right)).or_default()[usize::from(is_crossed)];
            *count = count.saturating_add(1);
        }
    }
}

/// The conversations that belong together, those first for which most speaks.
pub(super) fn paired(points: [&Point; 2], votes: &Votes) -> Vec<ConversationPair> {
    let mut pairs: Vec<(u32, ConversationPair)> = votes
        .counts
        .iter()
        .map(|(&(left, right), &[straight, crossed])| {
            let is_crossed = crossed > straight;
            let mut pair = ConversationPair::new(left, right, is_crossed, Found::Packets);
            pair.packets = u64::from(straight) + u64::from(crossed);
            (straight.saturating_add(crossed), pair)
        })
        .collect();
    // Of two that as many packets speak for, the one with the same ends; then in their order, which is the same from both sides.
    let has_same_ends = |pair: &ConversationPair| {
        let ends = [(0, pair.left), (1, pair.right)]
            .map(|(side, place)| points[side].conversations.get(place as usize).map(|one| sorted(one.ends)));
        ends[0] == ends[1]
    };
    pairs.sort_by_cached_key(|(count, pair)| {
        let near = pair.left.abs_diff(pair.right);
        (std::cmp::Reverse(*count), !has_same_ends(pair), near, pair.left.min(pair.right), pair.left)
    });
    pairs.into_iter().map(|(_, pair)| pair).collect()
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
    for (place, one) in (0..).zip(&points[0].conversations) {
        if !free(pairing, 0, place) {
            continue;
        }
        let Some(right) = waiting.get_mut(&(one.kind, sorted(one.ends))).and_then(Vec::pop) else { continue };
        let is_crossed = points[1].conversations.get(right as usize).is_some_and(|other| other.ends != one.ends);
        found.push(ConversationPair::new(place, right, is_crossed, Found::Ends));
    }
    pairing.conversations.extend(found);
    pairing.index_conversations();
}

/// Sees where sequence numbers were drawn anew between the points: conversations with the same ends, whose SYNs have other numbers.
pub(super) fn pair_shifted(points: [&Point; 2], pairing: &mut Pairing) {
    for pair in &mut pairing.conversations {
        let ends = [(0, pair.left), (1, pair.right)].map(|(side, place)| points[side].conversations.get(place as usize));
        let [Some(left), Some(right)] = ends else { continue };
        if pair.found != Found::Ends || left.kind != Kind::Tcp {
            continue;
        }
        for side in 0..2 {
            let other = if pair.is_crossed { 1 - side } else { side };
            if let (Some(from), Some(to)) = (left.initial[side], right.initial[other]) {
                pair.shift[side] = to.wrapping_sub(from);
            }
        }
    }
}
