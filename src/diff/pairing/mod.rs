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
mod drawn;
mod edits;
mod keys;
mod ranges;
mod repeats;
mod times;

pub(in crate::diff) use content::sent_on_otherwise;
pub use conversations::{ConversationPair, Found};

use super::point::{Point, Sighting};
use crate::conversation::Side;
use keys::Telling;

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
    /// Another sighting of the same packet stands opposite something: it was captured at two places of this point, or twice.
    Copy,
    /// The same packet came once more at the same place, and stands opposite something: it was doubled on its way.
    Twin,
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
    /// Whether the bytes are the same; `None` where a capture cut them, or where some of them are missing.
    pub is_same: Option<bool>,
    /// The bytes of a segment that is alone on its side which no segment of the other side has: where they begin in it, and how many they are.
    pub holes: Vec<[u32; 2]>,
}

/// Where something between made a stream longer or shorter: all numbers behind it are others at the right point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The index of the pair of conversations in [`Pairing::conversations`].
    pub conversation: u32,
    /// Whether it is what the responder of the left conversation sends.
    pub is_answer: bool,
    /// The sequence numbers behind it, left and right.
    pub behind: [u32; 2],
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
    /// Where streams were made longer or shorter, those of one direction together in the order of the stream.
    pub edits: Vec<Edit>,
    /// What stands opposite each sighting of the left point, and of the right.
    pub opposite: [Vec<Opposite>; 2],
    /// The pair of conversations that a conversation belongs to, by its index in its point.
    pub of_conversation: [Vec<Option<u32>>; 2],
    /// How many of the pairs cannot be chance: they have sequence numbers of TCP in common.
    pub certain: u64,
    /// How many of the pairs have a number of 16 bits in common, which meets by chance now and then.
    pub counted: u64,
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
        let found = alike::by_keys(points, &pairing, true);
        alike::commit(points, &mut pairing, found.sure);
        let mut unsure = found.unsure;
        if points.iter().any(|point| point.sightings.iter().any(Sighting::is_cut)) {
            let found = alike::by_keys(points, &pairing, false);
            alike::commit(points, &mut pairing, found.sure);
            unsure.extend(found.unsure);
        }
        conversations::pair_by_ends(points, &mut pairing);
        alike::commit_unsure(points, &mut pairing, &unsure);
        copies::mark(points, &mut pairing);
        alike::settle(points, &mut pairing, &unsure);
        copies::mark(points, &mut pairing);
        copies::mark_twins(points, &mut pairing);
        conversations::pair_shifted(points, &mut pairing);
        drawn::pair_drawn(points, &mut pairing);
        alike::pair_within(points, &mut pairing);
        if edits::pair_edited(points, &mut pairing) {
            alike::pair_within(points, &mut pairing);
        }
        if ranges::pair_recut(points, &mut pairing) {
            alike::pair_within(points, &mut pairing);
        }
        content::pair_relayed(points, &mut pairing);
        repeats::part(points, &mut pairing);
        pairing.finish(points);
        copies::mark(points, &mut pairing);
        copies::mark_twins(points, &mut pairing);
        copies::mark_repeated(points, &mut pairing);
        copies::mark_missing(points, &mut pairing);
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
    pub(in crate::diff) fn direction(&self, side: usize, sighting: &Sighting) -> Option<(u32, bool)> {
        let of = |side: usize, place: u32| self.of_conversation.get(side)?.get(place as usize).copied().flatten();
        let (mut side, mut index) = (side, of(side, sighting.conversation)?);
        let mut is_reverse = sighting.from() == Side::Responder;
        loop {
            let pair = self.conversations.get(index as usize)?;
            let (beyond, place) = if side == 0 { (1, pair.right) } else { (0, pair.left) };
            match of(beyond, place) {
                // Each step goes to a pair that was found before, for which more speaks.
                Some(better) if better < index => (side, index) = (beyond, better),
                _ => return Some((index, is_reverse != (side == 1 && pair.is_crossed))),
            }
            is_reverse ^= pair.is_crossed;
        }
    }

    /// How much greater than this number of the left point the right point's is, in one direction of a pair of conversations.
    #[must_use]
    pub fn shift_at(&self, index: u32, is_answer: bool, number: u32) -> u32 {
        let begin = self.edits.partition_point(|edit| (edit.conversation, edit.is_answer) < (index, is_answer));
        let of_direction = self.edits.get(begin..).unwrap_or_default().iter();
        let mut of_direction = of_direction.take_while(|edit| (edit.conversation, edit.is_answer) == (index, is_answer));
        // Half of all numbers lie behind a place.
        let last = of_direction.by_ref().take_while(|edit| number.wrapping_sub(edit.behind[0]) < 1 << 31).last();
        let at_first = || self.conversations.get(index as usize).map_or(0, |pair| pair.shift[usize::from(is_answer)]);
        last.map_or_else(at_first, |edit| edit.behind[1].wrapping_sub(edit.behind[0]))
    }

    /// The sightings of both points that stand opposite each other, one by one.
    pub fn sightings<'a>(&'a self, left: &'a Point, right: &'a Point) -> impl Iterator<Item = [&'a Sighting; 2]> + Clone {
        self.pairs.iter().filter_map(|pair| Some([left.sightings.get(pair.left as usize)?, right.sightings.get(pair.right as usize)?]))
    }

    fn is_free(&self, side: usize, place: u32) -> bool {
        self.opposite(side, place) == Opposite::Nothing
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

    /// Adds a place where a stream was made longer or shorter, behind those of its direction that come before it.
    fn insert_edit(&mut self, edit: Edit) {
        let direction = (edit.conversation, edit.is_answer);
        let at = self.edits.partition_point(|other| {
            let is_behind = edit.behind[0].wrapping_sub(other.behind[0]) < 1 << 31;
            (other.conversation, other.is_answer) < direction || (other.conversation, other.is_answer) == direction && is_behind
        });
        self.edits.insert(at, edit);
    }

    fn set(&mut self, side: usize, place: u32, opposite: Opposite) {
        if let Some(slot) = self.opposite.get_mut(side).and_then(|list| list.get_mut(place as usize)) {
            *slot = opposite;
        }
    }

    /// Adds a pair of conversations. One that belongs to a pair already keeps it.
    fn join(&mut self, pair: ConversationPair) {
        let index = u32::try_from(self.conversations.len()).unwrap_or(u32::MAX);
        for (side, place) in [pair.left, pair.right].into_iter().enumerate() {
            if let Some(slot) = self.of_conversation.get_mut(side).and_then(|list| list.get_mut(place as usize)) {
                slot.get_or_insert(index);
            }
        }
        self.conversations.push(pair);
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
        self.order_conversations();
        for [left, right] in self
            .pairs
            .iter()
            .filter_map(|pair| Some([points[0].sightings.get(pair.left as usize)?, points[1].sightings.get(pair.right as usize)?]))
        {
            match keys::telling(left, right) {
                Telling::Certain => self.certain += 1,
                Telling::Counted => self.counted += 1,
                Telling::Nothing => {}
            }
        }
        let count = |pair: &Pair| points[0].sightings.get(pair.left as usize).and_then(|one| self.conversation_of(0, one));
        let indices: Vec<u32> = self.pairs.iter().filter_map(count).collect();
        for index in indices {
            if let Some(pair) = self.conversations.get_mut(index as usize) {
                pair.packets += 1;
            }
        }
    }

    /// Brings the pairs of conversations into the order of the left point.
    fn order_conversations(&mut self) {
        let mut order: Vec<usize> = (0..self.conversations.len()).collect();
        order.sort_by_key(|at| self.conversations.get(*at).map(|pair| (pair.left, pair.right)));
        let mut places = vec![0_u32; order.len()];
        for (new, old) in (0..).zip(&order) {
            if let Some(place) = places.get_mut(*old) {
                *place = new;
            }
        }
        self.conversations = order.iter().filter_map(|at| self.conversations.get(*at).copied()).collect();
        for slot in self.of_conversation.iter_mut().flatten().flatten() {
            *slot = places.get(*slot as usize).copied().unwrap_or(*slot);
        }
        for edit in &mut self.edits {
            edit.conversation = places.get(edit.conversation as usize).copied().unwrap_or(edit.conversation);
        }
        self.edits.sort_by_key(|edit| (edit.conversation, edit.is_answer));
    }
}
