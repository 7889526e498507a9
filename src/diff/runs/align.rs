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
