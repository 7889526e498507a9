//! Two sequences beside each other: what they have in common, in order.

use foldhash::fast::RandomState;
use imara_diff::{Algorithm, Diff, Token};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

/// A part in which two sequences differ: these places left stand where those stand right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Places in the left sequence.
    pub(super) left: Range<usize>,
    /// Places in the right sequence.
    pub(super) right: Range<usize>,
}

/// Where two sequences differ, in order; elsewhere they are the same. Each is given by what its members hash to, or any other number that is
/// the same for the same.
///
/// Of several ways to lay them beside each other an algorithm takes one, and may take another where left and right are exchanged. So the
/// one that is less by `order` is always taken first, and the result turned around where that is the right one. The order is that of what
/// they hold, as hashes are others every time.
pub(super) fn blocks(left: &[u64], right: &[u64], order: Ordering) -> Vec<Block> {
    match order {
        _same if left == right => Vec::new(),
        Ordering::Less | Ordering::Equal => compute(left, right),
        Ordering::Greater => {
            let turn = |block: Block| Block { left: block.right, right: block.left };
            compute(right, left).into_iter().map(turn).collect()
        }
    }
}

/// The places of what is the same in two sequences, in order: by the first of two keys, and by the second where the first finds nothing. What
/// was said a hundred times and once otherwise is so beside what was said in its place.
pub(super) fn in_order(left: &[[u64; 2]], right: &[[u64; 2]], order: impl FnOnce() -> Ordering) -> Vec<(usize, usize)> {
    let key = |sequence: &[[u64; 2]], range: Range<usize>, key: fn(&[u64; 2]) -> u64| -> Vec<u64> {
        sequence.get(range).into_iter().flatten().map(key).collect()
    };
    let all = [key(left, 0..left.len(), |keys| keys[0]), key(right, 0..right.len(), |keys| keys[0])];
    if all[0] == all[1] {
        return (0..left.len()).map(|place| (place, place)).collect();
    }
    let order = order();
    let mut pairs = Vec::new();
    let (mut at, mut other) = (0, 0);
    for block in blocks(&all[0], &all[1], order) {
        pairs.extend((at..block.left.start).zip(other..block.right.start));
        let named = [key(left, block.left.clone(), |keys| keys[1]), key(right, block.right.clone(), |keys| keys[1])];
        let (mut from, mut to) = (block.left.start, block.right.start);
        for inner in blocks(&named[0], &named[1], order) {
            pairs.extend((from..block.left.start + inner.left.start).zip(to..block.right.start + inner.right.start));
            (from, to) = (block.left.start + inner.left.end, block.right.start + inner.right.end);
        }
        pairs.extend((from..block.left.end).zip(to..block.right.end));
        (at, other) = (block.left.end, block.right.end);
    }
    pairs.extend((at..left.len()).zip(other..right.len()));
    pairs
}

fn compute(first: &[u64], second: &[u64]) -> Vec<Block> {
    let mut numbers: HashMap<u64, u32, RandomState> = HashMap::default();
    let mut tokens = |sequence: &[u64]| -> Vec<Token> {
        let number = |member: &u64| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            Token(*numbers.entry(*member).or_insert(next))
        };
        sequence.iter().map(number).collect()
    };
    let [before, after] = [tokens(first), tokens(second)];
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &before, &after, u32::try_from(numbers.len()).unwrap_or(u32::MAX));
    let range = |range: Range<u32>| range.start as usize..range.end as usize;
    diff.hunks().map(|hunk| Block { left: range(hunk.before), right: range(hunk.after) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ordered(left: &[u64], right: &[u64]) -> Vec<Block> {
        blocks(left, right, left.cmp(right))
    }

    #[test]
    fn what_is_only_in_one_is_a_block() {
        assert_eq!(ordered(&[1, 2, 3], &[1, 3, 4]), [Block { left: 1..2, right: 1..1 }, Block { left: 3..3, right: 2..3 }]);
        assert_eq!(ordered(&[], &[7]), [Block { left: 0..0, right: 0..1 }]);
        assert!(ordered(&[1, 2], &[1, 2]).is_empty());
    }

    #[test]
    fn what_was_said_often_stands_beside_what_was_said_in_its_place() {
        let pairs = |left: &[[u64; 2]], right: &[[u64; 2]]| in_order(left, right, || left.cmp(right));
        let asked = |answers: &[u64]| answers.iter().map(|answer| [*answer, 1]).collect::<Vec<[u64; 2]>>();
        assert_eq!(pairs(&asked(&[5, 5, 5, 5]), &asked(&[5, 5, 6, 5])), [(0, 0), (1, 1), (2, 2), (3, 3)]);
        assert_eq!(pairs(&asked(&[5, 6, 7]), &asked(&[5, 7])), [(0, 0), (2, 1)]);
        assert_eq!(pairs(&[[5, 1], [6, 2], [7, 3]], &[[5, 1], [8, 3]]), [(0, 0), (2, 1)]);
        assert!(pairs(&[[1, 1]], &[[2, 2]]).is_empty());
    }

    proptest! {
        #[test]
        fn outside_of_blocks_both_are_the_same_and_exchanged_they_are_turned(left in prop::collection::vec(0_u64..6, 0..40), right in prop::collection::vec(0_u64..6, 0..40)) {
            let found = ordered(&left, &right);
            let (mut at, mut other) = (0, 0);
            for block in found.iter().cloned().chain([Block { left: left.len()..left.len(), right: right.len()..right.len() }]) {
                prop_assert_eq!(&left[at..block.left.start], &right[other..block.right.start]);
                (at, other) = (block.left.end, block.right.end);
            }
            let turned: Vec<Block> = ordered(&right, &left).into_iter().map(|block| Block { left: block.right, right: block.left }).collect();
            prop_assert_eq!(found, turned);
        }
    }
}
