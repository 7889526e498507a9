//! Which conversation of one run is which of the other, and which exchange, question or line in them.
//!
//! Each step pairs what has the same key, the first with the first; the surest keys come first. Sorting by keys makes it n log n, whatever
//! the captures hold, and the same from either side.

use super::align::{blocks, in_order};
use super::field::Field;
use super::join::Joining;
use super::key::{Group, ItemKey, Keys, TalkKey};
use super::run::{Item, ItemKind, Run, Talk, Value};
use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// Pairs of conversations, and of what was said in them.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// The conversations, by their places.
    pub(super) talks: Vec<(usize, usize)>,
    pub(super) alone: [Vec<usize>; 2],
    /// What was said: the places of the conversation and of the item in it.
    pub(super) items: Vec<[Place; 2]>,
    pub(super) items_alone: [Vec<Place>; 2],
    /// Questions without a partner, of which the same was asked and answered in both.
    pub(super) repeated: [Vec<Place>; 2],
    /// Whether they have something in common at all.
    pub(super) is_related: bool,
}

/// A conversation's place in its run, and an item's in the conversation.
pub(super) type Place = (usize, usize);

/// A run with its keys.
struct Keyed<'r> {
    run: &'r Run,
    keys: &'r Keys<'r>,
    talks: Vec<TalkKey>,
    /// The items of all conversations, one behind the other.
    items: Vec<(Place, ItemKey)>,
}

impl<'r> Keyed<'r> {
    fn new(run: &'r Run, keys: &'r Keys<'r>) -> Self {
        let count = run.talks.iter().map(|talk| talk.items.len()).sum();
        let (mut talks, mut items, mut own) = (Vec::with_capacity(run.talks.len()), Vec::with_capacity(count), Vec::new());
        for (place, talk) in run.talks.iter().enumerate() {
            own.extend(talk.items.iter().map(|item| keys.of_item(item)));
            talks.push(keys.of_talk(talk, &own));
            items.extend(own.drain(..).enumerate().map(|(index, key)| ((place, index), key)));
        }
        Self { run, keys, talks, items }
    }

    fn group(&self, talk: &Talk, group: Group) -> u64 {
        self.keys.of_group(talk, group)
    }

    fn item(&self, place: Place) -> Option<&'r Item> {
        self.run.talks.get(place.0)?.items.get(place.1)
    }
}

/// Pairs two runs.
pub(super) fn pair<'r>(runs: [&'r Run; 2], keys: &'r Keys<'r>) -> Pairing {
    let keyed = runs.map(|run| Keyed::new(run, keys));
    let (talks, is_related) = pair_talks(&keyed);
    let Paired { items, alone: items_alone, repeated, has_pooled } = pair_items(&keyed, &talks.pairs);
    let is_related = is_related || has_pooled;
    Pairing { talks: talks.pairs, alone: talks.alone, items, items_alone, repeated, is_related }
}

/// Pairs conversations, and says whether the runs have something in common.
fn pair_talks(keyed: &[Keyed<'_>; 2]) -> (Joining, bool) {
    let mut joining = Joining::new(keyed.each_ref().map(|keyed| keyed.talks.len()));
    let hasher = RandomState::default();
    let talk = |side: usize, place: usize| -> Option<(&Talk, &TalkKey)> {
        let keyed = keyed.get(side)?;
        keyed.run.talks.get(place).zip(keyed.talks.get(place))
    };
    let group = |talk: &Talk, group: Group| keyed[0].group(talk, group);
    let groups = [Group::ServiceName, Group::ServiceAddress, Group::PortName, Group::PortAddress];
    for of in groups {
        joining.join(|side, place| talk(side, place).map(|(talk, key)| hasher.hash_one((group(talk, of), key.all))));
    }
    for of in groups {
        joining.join(|side, place| talk(side, place).and_then(|(talk, key)| Some(hasher.hash_one((group(talk, of), key.named?)))));
    }
    // In the order in which they came: not questions, of which each is a conversation, and those that name nothing in common have nothing
    // in common.
    let is_question = |talk: &Talk| talk.items.first().is_some_and(|item| item.kind == ItemKind::Lookup);
    for of in groups {
        joining.join(|side, place| talk(side, place).filter(|(talk, _)| !is_question(talk)).map(|(talk, _)| group(talk, of)));
    }
    let passing = |side: usize, place: usize| talk(side, place).and_then(|(talk, key)| Some((keyed[0].keys.of_passing(talk)?, key.all)));
    joining.join(|side, place| passing(side, place).map(|both| hasher.hash_one(both)));
    joining.join(|side, place| passing(side, place).map(|(passing, _)| passing));
    // With another server, where the same is said.
    let elsewhere = [Group::Service, Group::Port];
    let said = |side: usize, place: usize| talk(side, place).and_then(|(talk, key)| Some((talk, key, key.alike?)));
    for of in elsewhere {
        joining.join(|side, place| said(side, place).map(|(talk, key, _)| hasher.hash_one((group(talk, of), key.all))));
    }
    let mut is_related = joining.pairs.iter().any(|(place, _)| talk(0, *place).is_some_and(|(talk, _)| !talk.is_chatter));
    let before = joining.pairs.len();
    for of in elsewhere {
        joining.join(|side, place| said(side, place).map(|(talk, _, alike)| hasher.hash_one((group(talk, of), alike))));
    }
    // The first page is that of every server.
    let is_telling = |talk: &Talk| talk.items.first().is_some_and(|item| item.text(Field::Path) != Some(b"/") && !talk.is_chatter);
    is_related |= joining.pairs.iter().skip(before).any(|(place, _)| talk(0, *place).is_some_and(|(talk, _)| is_telling(talk)));
    is_related |= joining.alone.iter().all(Vec::is_empty);
    // One that failed, and the only other one with the same server: it went to another port.
    let before = joining.pairs.len();
    lone(&mut joining, |side, place| {
        let (talk, _) = talk(side, place).filter(|(talk, _)| !talk.is_chatter && !is_question(talk))?;
        Some((hasher.hash_one((talk.kind, talk.server().address)), talk.has_content()))
    });
    is_related |= joining.pairs.len() > before;
    // One that failed, and the only other one of the same service: it went to another address.
    for of in elsewhere {
        lone(&mut joining, |side, place| {
            talk(side, place).filter(|(talk, _)| !talk.is_chatter).map(|(talk, _)| (group(talk, of), talk.has_content()))
        });
    }
    (joining, is_related)
}

/// Pairs those of one key where there is only one left on each side, and nothing is said in one of them.
fn lone(joining: &mut Joining, key: impl Fn(usize, usize) -> Option<(u64, bool)>) {
    let count = |side: usize, alone: &[usize]| {
        let mut counts: std::collections::HashMap<u64, (u32, bool), RandomState> = std::collections::HashMap::default();
        for (group, has_content) in alone.iter().filter_map(|place| key(side, *place)) {
            let (count, all) = counts.entry(group).or_insert((0, has_content));
            (*count, *all) = (*count + 1, has_content);
        }
        counts
    };
    let counts = [count(0, &joining.alone[0]), count(1, &joining.alone[1])];
    let is_lone = |group: &u64| match counts.each_ref().map(|counts| counts.get(group)) {
        [Some((1, left)), Some((1, right))] => !left || !right,
        [_, _] => false,
    };
    joining.join(|side, place| key(side, place).map(|(group, _)| group).filter(is_lone));
}

/// What was said, paired.
struct Paired {
    items: Vec<[Place; 2]>,
    alone: [Vec<Place>; 2],
    repeated: [Vec<Place>; 2],
    /// Whether conversations that are no pair have something in common.
    has_pooled: bool,
}

/// Pairs what was said.
fn pair_items(keyed: &[Keyed<'_>; 2], talks: &[(usize, usize)]) -> Paired {
    let hasher = RandomState::default();
    let mut pair_of = keyed.each_ref().map(|keyed| vec![None; keyed.talks.len()]);
    for (number, (left, right)) in talks.iter().enumerate() {
        for (side, place) in [(0, left), (1, right)] {
            if let Some(pair) = pair_of.get_mut(side).and_then(|pairs| pairs.get_mut(*place)) {
                *pair = Some(number);
            }
        }
    }
    let items = |side: usize, place: usize| keyed.get(side).and_then(|keyed| keyed.items.get(place).map(|(at, key)| (keyed, *at, key)));
    let pair = |side: usize, place: Place| pair_of.get(side)?.get(place.0).copied().flatten();
    // Lines are laid beside each other below.
    let other = |side: usize, place: usize| {
        let (keyed, at, key) = items(side, place)?;
        let item = keyed.item(at)?;
        (!matches!(item.kind, ItemKind::Line(_))).then_some((at, item, key))
    };
    let mut joining = Joining::new(keyed.each_ref().map(|keyed| keyed.items.len()));
    joining.take(pair_in_order(keyed, talks));
    let mut inside = |key: &dyn Fn(&Item, &ItemKey) -> Option<u64>| {
        joining.join(|side, place| {
            let (at, item, own) = other(side, place)?;
            Some(hasher.hash_one((pair(side, at)?, key(item, own)?)))
        });
    };
    inside(&|_, key| Some(key.all));
    inside(&|_, key| Some(key.named));
    // The same over another connection.
    let is_pooled = |item: &Item| matches!(item.kind, ItemKind::Exchange | ItemKind::Lookup);
    let before = joining.pairs.len();
    let keys: [fn(&ItemKey) -> u64; 2] = [|key| key.all, |key| key.named];
    for key in keys {
        joining.join(|side, place| other(side, place).filter(|(_, item, _)| is_pooled(item)).map(|(_, _, own)| key(own)));
    }
    // What goes to everybody around is in every capture.
    let is_own = |(left, _): &(usize, usize)| {
        items(0, *left).and_then(|(keyed, at, _)| keyed.run.talks.get(at.0)).is_some_and(|talk| !talk.is_chatter)
    };
    let has_pooled = joining.pairs.iter().skip(before).any(is_own);
    // Whatever else there is, in its order.
    joining.join(|side, place| {
        let (at, item, _) = other(side, place)?;
        let is_named = item.kind == ItemKind::Lookup;
        (!is_named).then_some(()).and_then(|()| Some(hasher.hash_one((pair(side, at)?, item.kind))))
    });
    let at = |side: usize, place: usize| items(side, place).map(|(_, at, _)| at);
    let mut pairs: Vec<[Place; 2]> = joining.pairs.iter().filter_map(|(left, right)| Some([at(0, *left)?, at(1, *right)?])).collect();
    // The same question once more: something had forgotten the answer by then.
    let question = |side: usize, place: usize| {
        let (at, item, key) = other(side, place)?;
        // One that nobody answered was asked again because of that.
        let is_unanswered = item.get(Field::LookupAnswered) == Some(&Value::Flag(false));
        (item.kind == ItemKind::Lookup).then_some((at, key.all, is_unanswered.then_some(key.named)))
    };
    let asked_in_both = |(left, right): &(usize, usize)| {
        let [(_, left_all, _), (_, right_all, _)] = [question(0, *left)?, question(1, *right)?];
        (left_all == right_all).then(|| items(0, *left).map(|(_, _, key)| [key.all, key.named]))?
    };
    let mut asked: Vec<u64> = joining.pairs.iter().filter_map(asked_in_both).flatten().collect();
    asked.sort_unstable();
    let is_repeated = |side: usize, place: usize| {
        question(side, place).is_some_and(|(_, all, named)| [Some(all), named].iter().flatten().any(|key| asked.binary_search(key).is_ok()))
    };
    let places = |wanted: bool| {
        [0, 1].map(|side: usize| {
            let alone = joining.alone.get(side).into_iter().flatten().filter(|place| is_repeated(side, **place) == wanted);
            alone.filter_map(|place| at(side, *place)).collect::<Vec<Place>>()
        })
    };
    let (mut alone, repeated) = (places(false), places(true));
    let lines = pair_lines(keyed, talks);
    let mut paired = [0, 1].map(|side| lines.iter().filter_map(|pair| pair.get(side)).copied().collect::<Vec<Place>>());
    for (alone, paired) in alone.iter_mut().zip(&mut paired) {
        paired.sort_unstable();
        alone.retain(|place| paired.binary_search(place).is_err());
    }
    pairs.extend(lines);
    Paired { items: pairs, alone, repeated, has_pooled }
}

/// Where the items of each conversation begin among those of all.
fn starts(keyed: &[Keyed<'_>; 2]) -> [Vec<usize>; 2] {
    keyed.each_ref().map(|keyed| {
        let mut start = 0;
        let mut begin = |talk: &Talk| {
            start += talk.items.len();
            start - talk.items.len()
        };
        keyed.run.talks.iter().map(&mut begin).collect::<Vec<usize>>()
    })
}

/// The items of a conversation with their keys, and where they begin among those of all.
fn keyed_items<'k>(keyed: &'k [Keyed<'_>; 2], starts: &[Vec<usize>; 2], side: usize, place: usize) -> (usize, &'k [(Place, ItemKey)]) {
    let Some((keyed, starts)) = keyed.get(side).zip(starts.get(side)) else { return (0, &[]) };
    let start = starts.get(place).copied().unwrap_or_default();
    let end = starts.get(place + 1).copied().unwrap_or(keyed.items.len());
    (start, keyed.items.get(start..end).unwrap_or_default())
}

/// Whether the same was said in the same order, as far as it counts: as mostly.
fn is_same(left: &[(Place, ItemKey)], right: &[(Place, ItemKey)]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.1.all == right.1.all)
}

/// Lays what was said in paired conversations beside each other, all but lines. What stands in another order is left for later.
fn pair_in_order(keyed: &[Keyed<'_>; 2], talks: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let starts = starts(keyed);
    let mut pairs = Vec::new();
    for (left, right) in talks {
        let [(start, first), (other, second)] = [(0, *left), (1, *right)].map(|(side, place)| keyed_items(keyed, &starts, side, place));
        if is_same(first, second) {
            let is_line = |index: &usize| {
                let item = keyed[0].run.talks.get(*left).and_then(|talk| talk.items.get(*index));
                item.is_some_and(|item| matches!(item.kind, ItemKind::Line(_)))
            };
            pairs.extend((0..first.len()).filter(|index| !is_line(index)).map(|index| (start + index, other + index)));
            continue;
        }
        let own = [(0, *left), (1, *right)].map(|(side, place)| items(keyed, &starts, side, place));
        let keys = own.each_ref().map(|own| own.iter().map(|(_, _, key)| [key.all, key.named]).collect::<Vec<[u64; 2]>>());
        let order =
            || own[0].iter().map(|one| one.1.said().collect::<Vec<_>>()).cmp(own[1].iter().map(|one| one.1.said().collect::<Vec<_>>()));
        let found = in_order(&keys[0], &keys[1], order);
        pairs.extend(found.into_iter().filter_map(|(from, to)| Some((own[0].get(from)?.0, own[1].get(to)?.0))));
    }
    pairs
}

/// What was said in a conversation, all but lines: with its place among all.
fn items<'k>(keyed: &'k [Keyed<'_>; 2], starts: &[Vec<usize>; 2], side: usize, place: usize) -> Vec<(usize, &'k Item, &'k ItemKey)> {
    let Some((keyed, start)) = keyed.get(side).zip(starts.get(side).and_then(|starts| starts.get(place))) else { return Vec::new() };
    let Some(talk) = keyed.run.talks.get(place) else { return Vec::new() };
    let own = talk.items.iter().zip(keyed.items.get(*start..).into_iter().flatten()).enumerate();
    let own = own.filter(|(_, (item, _))| !matches!(item.kind, ItemKind::Line(_)));
    own.map(|(index, (item, (_, key)))| (start + index, item, key)).collect()
}

/// Lays the lines of paired dialogues beside each other. Where one stands for another of the same speaker, they are a pair too.
fn pair_lines(keyed: &[Keyed<'_>; 2], talks: &[(usize, usize)]) -> Vec<[Place; 2]> {
    let mut pairs = Vec::new();
    let starts = starts(keyed);
    let has_lines = |place: usize| {
        let talk = keyed[0].run.talks.get(place);
        talk.is_some_and(|talk| talk.items.iter().any(|item| matches!(item.kind, ItemKind::Line(_))))
    };
    for (left, right) in talks {
        // Where only the right one has lines, none of them has a partner.
        if !has_lines(*left) {
            continue;
        }
        let lines = [(0, *left), (1, *right)].map(|(side, place)| lines(keyed, &starts, side, place));
        let [left, right] = &lines;
        let hashes = lines.each_ref().map(|lines| lines.iter().map(|(_, _, hash)| *hash).collect::<Vec<u64>>());
        let (mut at, mut other) = (0, 0);
        let said = |side: usize, lines: &[Line]| -> Vec<(ItemKind, &[u8])> {
            let own = lines.iter().filter_map(|(place, kind, _)| Some((*kind, keyed.get(side)?.item(*place)?.text(Field::Line)?)));
            own.collect()
        };
        let order = said(0, left).cmp(&said(1, right));
        let found = blocks(&hashes[0], &hashes[1], order);
        for block in &found {
            let same = left.get(at..block.left.start).into_iter().flatten().zip(right.get(other..block.right.start).into_iter().flatten());
            pairs.extend(same.map(|(left, right)| [left.0, right.0]));
            let instead = left.get(block.left.clone()).into_iter().flatten().zip(right.get(block.right.clone()).into_iter().flatten());
            pairs.extend(instead.filter(|(left, right)| left.1 == right.1).map(|(left, right)| [left.0, right.0]));
            (at, other) = (block.left.end, block.right.end);
        }
        let same = left.get(at..).into_iter().flatten().zip(right.get(other..).into_iter().flatten());
        pairs.extend(same.map(|(left, right)| [left.0, right.0]));
    }
    pairs
}

/// A line of a dialogue: where it is, who says it, and what it hashes to.
type Line = (Place, ItemKind, u64);

/// The lines of a dialogue.
fn lines(keyed: &[Keyed<'_>; 2], starts: &[Vec<usize>; 2], side: usize, place: usize) -> Vec<Line> {
    let Some((keyed, start)) = keyed.get(side).zip(starts.get(side).and_then(|starts| starts.get(place))) else { return Vec::new() };
    let Some(talk) = keyed.run.talks.get(place) else { return Vec::new() };
    let own = talk.items.iter().zip(keyed.items.get(*start..).into_iter().flatten());
    own.filter(|(item, _)| matches!(item.kind, ItemKind::Line(_))).map(|(item, (at, key))| (*at, item.kind, key.all)).collect()
}
