//! Two runs beside each other: what differs, in order, and what was set apart.

use super::conversation::{compare_talks, one_sided};
use super::field::Field;
use super::item::Comparing;
use super::join::arrange;
use super::key::Keys;
use super::order::order_of_all;
use super::pairing::{Pairing, Place, pair};
use super::run::{Item, Run, Talk, Value, Weight};
use super::verdict::{Judge, Verdict};
use super::{Hunk, Selection};
use crate::conversation::Endpoint;
use crate::limits::Limits;
use std::collections::{BTreeMap, BTreeSet};

/// Where a difference stands: the pair of conversations, the item in it, the difference there.
pub type Spot = (usize, Option<usize>, usize);

/// What two runs have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nothing that counts differs.
    Same,
    /// Something does.
    Different,
    /// They have no name, no server, and nothing that was said in common.
    Unrelated,
    /// One of them has no conversation at all: the left or the right one.
    Empty([bool; 2]),
    /// None has a conversation, and their frames are not the same.
    Uncompared,
}

/// How something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// It is another.
    Changed,
    /// Only the left run has it.
    Removed,
    /// Only the right run has it.
    Added,
    /// It is the same at another place.
    Moved,
}

impl DifferenceKind {
    /// Its word, as JSON has it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Added => "added",
            Self::Moved => "moved",
        }
    }
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How.
    pub kind: DifferenceKind,
    /// What.
    pub field: Field,
    /// The name that it has where it is one of many: the header's, the parameter's, the path in a JSON document.
    pub name: Box<[u8]>,
    /// What it is left and right.
    pub values: [Value; 2],
    /// Of text the lines that differ, with some around them.
    pub hunks: Vec<Hunk>,
}

/// Something that was said, left and right.
#[derive(Debug)]
pub struct ItemPair {
    /// The places of the conversation, and in it.
    pub places: [Option<Place>; 2],
    /// What differs.
    pub differences: Vec<Difference>,
    /// What is told beside that.
    pub told: Vec<Difference>,
}

/// A conversation, left and right.
#[derive(Debug, Default)]
pub struct TalkPair {
    /// Their places in the runs.
    pub places: [Option<usize>; 2],
    /// What differs of them as a whole.
    pub differences: Vec<Difference>,
    /// What is told beside that.
    pub told: Vec<Difference>,
    /// What was said, in order; that which is only right stands with the right conversation's pair.
    pub items: Vec<ItemPair>,
    /// The notes that only one of them has, by their places among the runs' notes.
    pub notes: [Vec<u32>; 2],
}

impl TalkPair {
    /// Whether something that counts differs in it.
    #[must_use]
    pub fn differs(&self) -> bool {
        !self.differences.is_empty() || self.items.iter().any(|item| !item.differences.is_empty())
    }
}

/// Two runs beside each other.
#[derive(Debug)]
pub struct Comparison<'r> {
    /// The runs.
    pub runs: [&'r Run; 2],
    /// What they have to do with each other.
    pub relation: Relation,
    /// The conversations, in order.
    pub pairs: Vec<TalkPair>,
    /// What was set apart because it is another every time, and how often.
    pub apart: BTreeMap<(Field, Box<[u8]>), u64>,
    /// How many differences the user did not want to hear of.
    pub ignored: u64,
    /// What could not be compared, as a capture does not hold all of it, and how often.
    pub unread: BTreeMap<Field, u64>,
    /// The place of the first difference that matters: the pair, the item in it, the difference there.
    pub first: Option<Spot>,
    /// How many differences count.
    pub count: u64,
    /// How many of them are not listed.
    pub more: u64,
}

impl<'r> Comparison<'r> {
    /// Compares two runs that were collected with one digester and [settled](super::settle).
    #[must_use]
    pub fn between(left: &'r Run, right: &'r Run, selection: &Selection) -> Self {
        let judge = Judge::new(selection);
        let runs = [left, right];
        // What is alone compared is not alone what things are matched by.
        let all = Selection { only: Vec::new(), ..selection.clone() };
        let pairing = pair(runs, &Keys::new(&Judge::new(&all)));
        let mut building = Building { runs, comparing: Comparing::new(&judge, &left.opener), pairs: Vec::new(), left_out: 0 };
        let empty = runs.map(|run| run.talks.is_empty());
        if empty.contains(&true) && empty != [true; 2] {
            return building.finish(Relation::Empty(empty));
        }
        if empty == [true; 2] {
            return building.finish(if left.outside == right.outside { Relation::Same } else { Relation::Uncompared });
        }
        building.comparing.is_all_chatter = runs.iter().all(|run| run.talks.iter().all(|talk| talk.is_chatter));
        if !pairing.is_related && !share_a_name(runs) {
            return building.finish(Relation::Unrelated);
        }
        building.talks(&pairing);
        building.items(pairing);
        building.settle();
        let is_same = building.pairs.iter().all(|pair| !pair.differs());
        building.finish(if is_same { Relation::Same } else { Relation::Different })
    }

    /// A server that both have to do with, the first of the left run.
    #[must_use]
    pub fn common_server(&self) -> Option<Endpoint> {
        let servers = |run: &'r Run| run.talks.iter().filter(|talk| !talk.is_chatter).map(|talk| *talk.server());
        let right: BTreeSet<Endpoint> = servers(self.runs[1]).collect();
        servers(self.runs[0]).find(|server| right.contains(server))
    }

    /// Whether something that counts differs.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.relation != Relation::Same
    }

    /// A conversation of a side.
    #[must_use]
    pub fn talk(&self, pair: &TalkPair, side: usize) -> Option<&'r Talk> {
        self.runs.get(side)?.talks.get((*pair.places.get(side)?)?)
    }

    /// Something that was said on a side.
    #[must_use]
    pub fn item(&self, pair: &ItemPair, side: usize) -> Option<&'r Item> {
        let (talk, item) = (*pair.places.get(side)?)?;
        self.runs.get(side)?.talks.get(talk)?.items.get(item)
    }

    /// The first difference that matters, with where it stands.
    #[must_use]
    pub fn first_difference(&self) -> Option<(&TalkPair, Option<&ItemPair>, &Difference)> {
        let (pair, item, difference) = self.first?;
        let pair = self.pairs.get(pair)?;
        match item {
            None => Some((pair, None, pair.differences.get(difference)?)),
            Some(item) => {
                let item = pair.items.get(item)?;
                Some((pair, Some(item), item.differences.get(difference)?))
            }
        }
    }
}

/// Whether a name is in both runs: of a server, or one that was asked for.
fn share_a_name(runs: [&Run; 2]) -> bool {
    let [left, right] = runs.map(|run| {
        let own = run.talks.iter().filter(|talk| !talk.is_chatter);
        let names =
            own.flat_map(|talk| talk.name.as_deref().into_iter().chain(talk.items.iter().filter_map(|item| item.text(Field::Lookup))));
        names.collect::<BTreeSet<&[u8]>>()
    });
    !left.is_disjoint(&right)
}

/// A comparison that is being made.
struct Building<'r, 's> {
    runs: [&'r Run; 2],
    comparing: Comparing<'s>,
    pairs: Vec<TalkPair>,
    /// How many differences of conversations as wholes are not kept, as there are too many before them.
    left_out: u64,
}

impl<'r> Building<'r, '_> {
    fn talk(&self, side: usize, place: usize) -> Option<&'r Talk> {
        self.runs.get(side)?.talks.get(place)
    }

    /// Begins the list of conversations, in order.
    fn talks(&mut self, pairing: &Pairing) {
        let both = pairing.talks.iter().map(|(left, right)| [Some(*left), Some(*right)]);
        let [left, right] = &pairing.alone;
        let alone = left.iter().map(|place| [Some(*place), None]).chain(right.iter().map(|place| [None, Some(*place)]));
        let mut places: Vec<[Option<usize>; 2]> = both.chain(alone).collect();
        arrange(&mut places, |places| *places);
        for places in places {
            let mut pair = TalkPair { places, ..TalkPair::default() };
            if let [Some(left), Some(right)] = places
                && let (Some(left), Some(right)) = (self.talk(0, left), self.talk(1, right))
                && !(left.is_chatter && right.is_chatter && self.comparing.passes_over_chatter())
            {
                compare_talks(&mut self.comparing, &mut pair, left, right);
                pair.notes = one_sided(self.runs, [left, right]);
            }
            self.pairs.push(pair);
        }
    }

    /// Adds what was said to the conversations.
    fn items(&mut self, pairing: Pairing) {
        let mut pair_of = self.runs.map(|run| vec![0; run.talks.len()]);
        for (number, pair) in self.pairs.iter().enumerate() {
            for (places, place) in pair_of.iter_mut().zip(pair.places) {
                if let Some(slot) = place.and_then(|place| places.get_mut(place)) {
                    *slot = number;
                }
            }
        }
        let pair = |side: usize, place: Place| pair_of.get(side).and_then(|pairs| pairs.get(place.0)).copied().unwrap_or_default();
        for [left, right] in pairing.items {
            let own = pair(0, left);
            if own != pair(1, right) {
                self.comparing.set_apart(Field::Reuse, &[], Weight::Whole);
            }
            let items = [(0, left), (1, right)].map(|(side, (talk, item))| self.talk(side, talk).and_then(|talk| talk.items.get(item)));
            let [Some(first), Some(second)] = items else { continue };
            let is_chatter =
                [(0, left), (1, right)].iter().all(|(side, (talk, _))| self.talk(*side, *talk).is_some_and(|talk| talk.is_chatter));
            let (differences, told) = if is_chatter && self.comparing.passes_over_chatter() {
                (Vec::new(), Vec::new())
            } else {
                self.comparing.items(first, second)
            };
            self.push(own, ItemPair { places: [Some(left), Some(right)], differences, told });
        }
        let apart = [(pairing.items_alone, false), (pairing.repeated, true)];
        for (alone, is_repeated) in apart {
            for (side, place) in alone.into_iter().enumerate().flat_map(|(side, places)| places.into_iter().map(move |place| (side, place)))
            {
                self.alone(side, place, is_repeated, pair(side, place));
            }
        }
        for pair in &mut self.pairs {
            let own = pair.places;
            // What is paired with something of another conversation stands where it is in its own.
            arrange(&mut pair.items, |item| {
                [0, 1].map(|side: usize| {
                    let (talk, place) = (*item.places.get(side)?)?;
                    (own.get(side) == Some(&Some(talk))).then_some(place)
                })
            });
        }
    }

    /// Adds what only one run has; `is_repeated` where both have said the same at least once.
    fn alone(&mut self, side: usize, place: Place, is_repeated: bool, pair: usize) {
        let Some(talk) = self.talk(side, place.0) else { return };
        let Some(item) = talk.items.get(place.1) else { return };
        let verdict = match (is_repeated, talk.is_chatter) {
            (true, _) => self.comparing.set_apart(Field::AskedAgain, &[], Weight::Nothing),
            (false, true) if !self.comparing.is_all_chatter => self.comparing.set_apart(Field::Conversation, &[], Weight::Nothing),
            (false, _) => Verdict::Counts,
        };
        let differences = if verdict == Verdict::Counts { self.comparing.alone(item, side).into_iter().collect() } else { Vec::new() };
        let places = if side == 0 { [Some(place), None] } else { [None, Some(place)] };
        self.push(pair, ItemPair { places, differences, told: Vec::new() });
    }

    fn push(&mut self, pair: usize, item: ItemPair) {
        if let Some(pair) = self.pairs.get_mut(pair) {
            // Most have one, and there may be many of them.
            if pair.items.is_empty() {
                pair.items.reserve_exact(1);
            }
            pair.items.push(item);
        }
    }

    /// Settles what can be said of conversations only when everything in them was compared.
    fn settle(&mut self) {
        let mut kept = 0;
        for pair in &mut self.pairs {
            super::conversation::settle(&mut self.comparing, pair, self.runs);
            if kept >= Limits::DIFFERENCES {
                // They would be left out in the end, and a flood has a million of them.
                self.left_out += std::mem::take(&mut pair.differences).len() as u64;
            }
            kept += pair.differences.len() as u64;
        }
        if self.comparing.is_strict() {
            order_of_all(&mut self.comparing, &mut self.pairs, self.runs);
        }
    }

    fn finish(self, relation: Relation) -> Comparison<'r> {
        let Self { runs, comparing, mut pairs, left_out } = self;
        let first = first(&pairs);
        let (mut count, mut more) = (0, 0);
        let mut limit = |differences: &mut Vec<Difference>| {
            let room = usize::try_from(Limits::DIFFERENCES.saturating_sub(count)).unwrap_or(usize::MAX);
            count += differences.len() as u64;
            more += differences.len().saturating_sub(room) as u64;
            differences.truncate(room);
        };
        for pair in &mut pairs {
            limit(&mut pair.differences);
            pair.items.iter_mut().for_each(|item| limit(&mut item.differences));
        }
        Comparison {
            runs,
            relation,
            pairs,
            apart: comparing.apart,
            ignored: comparing.ignored,
            unread: comparing.unread,
            first,
            count: count + left_out,
            more: more + left_out,
        }
    }
}

/// The first difference that matters: that something else was done, or came of it, before how it was put.
fn first(pairs: &[TalkPair]) -> Option<Spot> {
    let mut best: Option<(u8, Spot)> = None;
    let mut offer = |rank: u8, place: Spot| {
        if best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, place));
        }
    };
    for (number, pair) in pairs.iter().enumerate() {
        // A reset explains that something was not said, or not answered; not that something else was.
        let said = || pair.items.iter().flat_map(|item| &item.differences);
        let is_unsaid = said().find(|one| rank(one) == 0).is_some_and(|one| {
            matches!(one.field, Field::Exchange | Field::Line | Field::Handshake) && one.kind != DifferenceKind::Changed
                || matches!(one.field, Field::Answered | Field::HandshakeAnswered)
        });
        let is_early = |difference: &Difference| {
            matches!(difference.field, Field::Outcome | Field::Server | Field::Conversation)
                || difference.field == Field::Reset && is_unsaid
        };
        let own = || pair.differences.iter().enumerate();
        let early = |one: &Difference| if matches!(one.field, Field::Outcome | Field::Reset) { 0 } else { 1 + rank(one) };
        own().filter(|(_, one)| is_early(one)).for_each(|(at, one)| offer(early(one), (number, None, at)));
        for (place, item) in pair.items.iter().enumerate() {
            // What was asked otherwise and not answered comes before what was asked otherwise and was.
            let is_unanswered = item.differences.iter().any(|one| is_of_outcome(one.field));
            let rank = |one: &Difference| 1 + rank(one) - u8::from(is_unanswered && rank(one) == 0);
            item.differences.iter().enumerate().for_each(|(at, one)| offer(rank(one), (number, Some(place), at)));
        }
        own().filter(|(_, one)| !is_early(one)).for_each(|(at, one)| offer(1 + rank(one), (number, None, at)));
    }
    best.map(|(_, place)| place)
}

/// Whether it says that something was not answered.
const fn is_of_outcome(field: Field) -> bool {
    matches!(field, Field::Answered | Field::LookupAnswered | Field::HandshakeAnswered)
}

/// How much a difference matters: the less the more.
fn rank(difference: &Difference) -> u8 {
    let is_form = matches!(
        difference.field,
        Field::RequestHeader
            | Field::ResponseHeader
            | Field::RequestVersion
            | Field::ResponseVersion
            | Field::Phrase
            | Field::Records
            // A name that has many addresses gives others every time; where that matters something else comes of it.
            | Field::Address
            | Field::Alias
            | Field::Cookie
            | Field::SetCookie
    );
    if difference.field.standing() != super::Standing::Counts {
        3
    } else if matches!(difference.field, Field::Lookup | Field::EchoAnswered) && difference.kind != DifferenceKind::Changed {
        // What a cache knows need not be asked, and an echo that nobody asked for explains nothing.
        2
    } else {
        u8::from(is_form)
    }
}
