//! The packets of one point, found at another.
//!
//! What a router does not change tells one packet from all others: sequence and acknowledgement numbers, lengths, flags, what is carried;
//! of DNS the identification and the question, of echoes their number. Packets that are alike (sent again, or as empty as each other) are
//! told apart by what their sender counts up, by their conversation and by when they came. Bytes that were cut into other segments are found
//! by their place in the stream, and connections that a relay began anew by what was said in them.
//!
//! Nothing here is quadratic: points are joined as sorted lists, conversations are paired by counting.

mod alike;
mod content;
mod conversations;
mod copies;
mod keys;
mod ranges;

pub(in crate::diff) use content::sent_on_otherwise;
pub use conversations::{ConversationPair, Found};

use super::point::{Point, Sighting};
use crate::conversation::Side;
use conversations::Votes;
use foldhash::fast::RandomState;
use std::collections::HashSet;

/// What stands opposite a packet at the other point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opposite {
    /// Nothing.
    #[default]
    Nothing,
    /// One packet: the index of the pair in [`Pairing::pairs`].
    One(u32),
    /// The same bytes, cut otherwise: the index in [`Pairing::recut`].
    Recut(u32),
    /// Its pair is another sighting of the same packet, which was captured at two places of this point.
    Copy,
}

/// A packet at both points: its places among the sightings, left and right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Its place in the left point.
    pub left: u32,
    /// Its place in the right point.
    pub right: u32,
}

/// The same bytes of a stream in other segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recut {
    /// The segments, left and right, in the order of the stream.
    pub places: [Vec<u32>; 2],
    /// Whether the bytes are the same; `None` where a capture cut them.
    pub is_same: Option<bool>,
}

/// What stands opposite what.
#[derive(Debug, Default)]
pub struct Pairing {
    /// Conversations that were found at both points, in the order in which the left point saw them.
    pub conversations: Vec<ConversationPair>,
    /// Packets that were found at both points, in the order of the left point.
    pub pairs: Vec<Pair>,
    /// Bytes that are cut into other segments.
    pub recut: Vec<Recut>,
    /// What stands opposite each sighting of the left point, and of the right.
    pub opposite: [Vec<Opposite>; 2],
    /// The pair of conversations that a conversation belongs to, by its index in its point.
    pub of_conversation: [Vec<Option<u32>>; 2],
    /// What stands opposite nothing and is once more a packet that does, at the left point and at the right.
    twins: [HashSet<u32, RandomState>; 2],
    /// How many of the pairs cannot be chance.
    pub telling: u64,
}

impl Pairing {
    /// Finds the packets of the left point at the right one.
    #[must_use]
    pub fn of(left: &Point, right: &Point) -> Self {
        let points = [left, right];
        let mut pairing = Self {
            opposite: points.map(|point| vec![Opposite::Nothing; point.sightings.len()]),
            of_conversation: points.map(|point| vec![None; point.conversations.len()]),
            ..Self::default()
        };
        let mut votes = Votes::default();
        let unsure = alike::pair_by_keys(points, &mut pairing, &mut votes);
        pairing.conversations = conversations::paired(points, &votes);
        pairing.index_conversations();
        conversations::pair_by_ends(points, &mut pairing);
        alike::settle(points, &mut pairing, &unsure);
        copies::mark(points, &mut pairing);
        pairing.find_twins(points);
        conversations::pair_shifted(points, &mut pairing);
        alike::pair_within(points, &mut pairing);
        ranges::pair_recut(points, &mut pairing);
        content::pair_relayed(points, &mut pairing);
        pairing.finish(points);
        copies::mark(points, &mut pairing);
        pairing.find_twins(points);
        pairing
    }

    /// What stands opposite a sighting of a point: 0 for the left one.
    #[must_use]
    pub fn opposite(&self, side: usize, place: u32) -> Opposite {
        self.opposite.get(side).and_then(|list| list.get(place as usize)).copied().unwrap_or_default()
    }

    /// The pair of conversations that a sighting belongs to.
    #[must_use]
    pub fn conversation_of(&self, side: usize, sighting: &Sighting) -> Option<u32> {
        self.of_conversation.get(side)?.get(sighting.conversation as usize).copied().flatten()
    }

    /// Where a packet belongs: a pair of conversations, and whether the responder of its left one sent it. One conversation may be several at
    /// the other point, where a lost packet made it seem over: all of them lead to one pair.
    fn direction(&self, side: usize, sighting: &Sighting) -> Option<(u32, bool)> {
        let of = |side: usize, place: u32| self.of_conversation.get(side)?.get(place as usize).copied().flatten();
        let (mut side, mut index) = (side, of(side, sighting.conversation)?);
        let mut is_reverse = sighting.from() == Side::Responder;
        loop {
            let pair = self.conversations.get(index as usize)?;
            let (beyond, place) = if side == 0 { (1, pair.right) } else { (0, pair.left) };
            match of(beyond, place) {
                // Each step goes to a pair for which more speaks.
                Some(better) if better < index => (side, index) = (beyond, better),
                _ => return Some((index, is_reverse != (side == 1 && pair.is_crossed))),
            }
            is_reverse ^= pair.is_crossed;
        }
    }

    /// The sightings of both points that stand opposite each other, one by one.
    pub fn sightings<'a>(&'a self, left: &'a Point, right: &'a Point) -> impl Iterator<Item = [&'a Sighting; 2]> + Clone {
        self.pairs.iter().filter_map(|pair| Some([left.sightings.get(pair.left as usize)?, right.sightings.get(pair.right as usize)?]))
    }

    /// Whether a sighting stands opposite nothing because it is once more a packet that does.
    #[must_use]
    pub fn is_twin(&self, side: usize, place: u32) -> bool {
        self.twins.get(side).is_some_and(|twins| twins.contains(&place))
    }

    fn is_free(&self, side: usize, place: u32) -> bool {
        self.opposite(side, place) == Opposite::Nothing && !self.is_twin(side, place)
    }

    /// Puts two packets opposite each other.
    fn put(&mut self, pair: Pair) {
        let index = u32::try_from(self.pairs.len()).unwrap_or(u32::MAX);
        self.set(0, pair.left, Opposite::One(index));
        self.set(1, pair.right, Opposite::One(index));
        self.pairs.push(pair);
    }

    fn put_recut(&mut self, recut: Recut) {
        let index = u32::try_from(self.recut.len()).unwrap_or(u32::MAX);
        for (side, places) in recut.places.iter().enumerate() {
            for place in places {
                self.set(side, *place, Opposite::Recut(index));
            }
        }
        self.recut.push(recut);
    }

    fn set(&mut self, side: usize, place: u32, opposite: Opposite) {
        if let Some(slot) = self.opposite.get_mut(side).and_then(|list| list.get_mut(place as usize)) {
            *slot = opposite;
        }
    }

    fn find_twins(&mut self, points: [&Point; 2]) {
        self.twins = [0, 1].map(|side| copies::twins(points[side], self, side));
    }

    /// Notes which pair each conversation belongs to: the first that names it, for these are sorted by how much speaks for them.
    fn index_conversations(&mut self) {
        for (index, pair) in (0..).zip(&self.conversations) {
            for (side, place) in [pair.left, pair.right].into_iter().enumerate() {
                if let Some(slot) = self.of_conversation.get_mut(side).and_then(|list| list.get_mut(place as usize)) {
                    slot.get_or_insert(index);
                }
            }
        }
    }

    /// Brings everything into the order of the left point.
    fn finish(&mut self, points: [&Point; 2]) {
        self.pairs.sort_unstable();
        for (index, pair) in (0..).zip(self.pairs.clone()) {
            self.set(0, pair.left, Opposite::One(index));
            self.set(1, pair.right, Opposite::One(index));
        }
        self.recut.sort_unstable_by(|one, other| one.places.cmp(&other.places));
        for (index, recut) in (0..).zip(self.recut.clone()) {
            for (side, places) in recut.places.iter().enumerate() {
                places.iter().for_each(|place| self.set(side, *place, Opposite::Recut(index)));
            }
        }
        self.conversations.sort_unstable_by_key(|pair| (pair.left, pair.right));
        self.conversations.dedup_by_key(|pair| (pair.left, pair.right));
        self.of_conversation.iter_mut().for_each(|list| list.fill(None));
        self.conversations.iter_mut().for_each(|pair| pair.packets = 0);
        self.index_conversations();
        self.telling = self.sightings(points[0], points[1]).filter(|[left, right]| keys::is_telling(left, right)).count() as u64;
        let count = |pair: &Pair| points[0].sightings.get(pair.left as usize).and_then(|one| self.conversation_of(0, one));
        let indices: Vec<u32> = self.pairs.iter().filter_map(count).collect();
        for index in indices {
            if let Some(pair) = self.conversations.get_mut(index as usize) {
                pair.packets += 1;
            }
        }
    }
}
