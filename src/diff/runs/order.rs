//! What was said in another order: in one connection, and, where everything counts, in all of them.

use super::comparison::{Difference, DifferenceKind, ItemPair, TalkPair};
use super::field::Field;
use super::item::{Comparing, changed, headline};
use super::run::{Item, ItemKind, Run, Talk, Value, Weight};
use super::verdict::Verdict;
use crate::conversation::Kind;

/// The same said in another order, over one connection.
pub(super) fn order(comparing: &mut Comparing<'_>, pair: &mut TalkPair, [left, right]: [&Talk; 2]) {
    if left.kind != Kind::Tcp {
        return;
    }
    let [own, other] = pair.places;
    let mut both: Vec<[usize; 2]> = Vec::new();
    for item in &pair.items {
        if let [Some((left, first)), Some((right, second))] = item.places
            && (Some(left), Some(right)) == (own, other)
        {
            both.push([first, second]);
        }
    }
    both.sort_unstable();
    let is_exchange = left.items.first().is_some_and(|item| item.kind == ItemKind::Exchange);
    // Several may be said to have moved: the same one from either side.
    let said =
        |talk: &Talk| talk.items.iter().flat_map(|item| item.said().map(|said| said.2.to_vec()).collect::<Vec<_>>()).collect::<Vec<_>>();
    let is_turned = is_exchange && !both.is_sorted_by_key(|places| places[1]) && said(left) > said(right);
    if is_turned {
        both.iter_mut().for_each(|places| places.reverse());
        both.sort_unstable();
    }
    let Some(mut places) = moved(&both).filter(|_| is_exchange) else { return };
    if is_turned {
        places.reverse();
    }
    let [first, second] = places;
    let mut verdict = comparing.set_apart(Field::Order, &[], Weight::Whole);
    if verdict == Verdict::Told {
        verdict = Verdict::Counts;
    }
    if verdict == Verdict::Counts {
        let name = match left.items.get(first).map(headline) {
            Some((_, Value::Text(said))) => said,
            Some((_, _)) | None => Box::default(),
        };
        pair.differences.push(Difference {
            kind: DifferenceKind::Moved,
            ..changed(Field::Order, &name, [first, second].map(|place| Value::Number(place as u64 + 1)))
        });
    }
}

/// Of places left, in order, and right the first that stands elsewhere: the least number of them are taken out so that the others are in
/// order right, too.
fn moved(both: &[[usize; 2]]) -> Option<[usize; 2]> {
    // The ends of the longest rising sequences so far, and what stands before each member (Fredman 1975).
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(both.len());
    let right = |place: usize| both.get(place).map(|places| places[1]);
    for (place, [_, own]) in both.iter().enumerate() {
        let length = ends.partition_point(|end| right(*end) < Some(*own));
        before.push(length.checked_sub(1).and_then(|last| ends.get(last)).copied());
        ends.truncate(ends.len().max(length + 1));
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut stays = vec![false; both.len()];
    let mut at = ends.last().copied();
    while let Some(place) = at {
        if let Some(stays) = stays.get_mut(place) {
            *stays = true;
        }
        at = before.get(place).copied().flatten();
    }
    both.iter().zip(stays).find(|(_, stays)| !stays).map(|(places, _)| *places)
}

/// The same said in another order, over whichever connections: told of the first that stands elsewhere.
pub(super) fn order_of_all(comparing: &mut Comparing<'_>, pairs: &mut [TalkPair], runs: [&Run; 2]) {
    if pairs.iter().flat_map(|pair| &pair.differences).any(|difference| difference.field == Field::Order) {
        return;
    }
    let item = |pair: &ItemPair, side: usize| -> Option<&Item> {
        let (talk, item) = (*pair.places.get(side)?)?;
        runs.get(side)?.talks.get(talk)?.items.get(item)
    };
    let mut all = Vec::new();
    for (number, talk) in pairs.iter().enumerate() {
        for (place, pair) in talk.items.iter().enumerate() {
            if let ([Some(left), Some(right)], [Some(first), Some(second)]) = (pair.places, [item(pair, 0), item(pair, 1)])
                && matches!(first.kind, ItemKind::Exchange | ItemKind::Lookup | ItemKind::Handshake)
            {
                all.push(([(first.began, first.frames[0], left), (second.began, second.frames[0], right)], (number, place)));
            }
        }
    }
    // By how many each stands behind, left and right.
    let mut both: Vec<[usize; 2]> = vec![[0; 2]; all.len()];
    let sorted = [0, 1].map(|side: usize| {
        let mut sorted: Vec<usize> = (0..all.len()).collect();
        sorted.sort_by_key(|own| all.get(*own).and_then(|(keys, _)| keys.get(side)));
        for (rank, own) in sorted.iter().enumerate() {
            if let Some(slot) = both.get_mut(*own).and_then(|ranks| ranks.get_mut(side)) {
                *slot = rank;
            }
        }
        sorted
    });
    let known: &[TalkPair] = pairs;
    let said = sorted.each_ref().map(|sorted| sorted.iter().filter_map(|own| all.get(*own)).map(|(_, spot)| *spot));
    let [left, right] = said.map(|spots| spots.filter_map(|(number, place)| known.get(number)?.items.get(place)));
    let words =
        |item: &'_ Item| item.said().map(|(field, name, bytes, number)| (field, name.to_vec(), bytes.to_vec(), number)).collect::<Vec<_>>();
    let left = left.filter_map(|pair| item(pair, 0).map(words));
    let is_turned = left.gt(right.filter_map(|pair| item(pair, 1).map(words)));
    let mut ranked: Vec<([usize; 2], (usize, usize))> = both.into_iter().zip(all.iter().map(|(_, spot)| *spot)).collect();
    if is_turned {
        ranked.iter_mut().for_each(|(ranks, _)| ranks.reverse());
    }
    ranked.sort_unstable();
    let Some(mut ranks) = moved(&ranked.iter().map(|(ranks, _)| *ranks).collect::<Vec<_>>()) else { return };
    let Some((_, (number, place))) = ranked.into_iter().find(|(own, _)| *own == ranks) else { return };
    if is_turned {
        ranks.reverse();
    }
    let Some(pair) = pairs.get_mut(number).and_then(|talk| talk.items.get_mut(place)) else { return };
    let name = match item(pair, 0).map(headline) {
        Some((_, Value::Text(said))) => said,
        Some((_, _)) | None => Box::default(),
    };
    let verdict = comparing.judge.verdict(Field::Order, &[], Weight::Whole);
    let difference =
        Difference { kind: DifferenceKind::Moved, ..changed(Field::Order, &name, ranks.map(|place| Value::Number(place as u64 + 1))) };
    comparing.add((&mut pair.differences, &mut pair.told), verdict, difference);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_that_moved() {
        assert_eq!(moved(&[[0, 0], [1, 1], [2, 5]]), None);
        assert_eq!(moved(&[[0, 2], [1, 0], [2, 1]]), Some([0, 2]));
        assert_eq!(moved(&[[0, 0], [1, 3], [2, 1], [3, 2]]), Some([1, 3]));
        assert_eq!(moved(&[]), None);
    }
}
