//! Pairs of what is equal, each first with the first.

/// Pairs the places of equal keys in two sorted lists: the first of a key with the first, the second with the second.
pub(super) fn equal(left: &[(u64, usize)], right: &[(u64, usize)]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some((key, place)), Some((other_key, other))) = (left.peek(), right.peek()) {
        match key.cmp(other_key) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                pairs.push((*place, *other));
                left.next();
                right.next();
            }
        }
    }
    pairs
}

/// What is not paired yet of two lists, and the pairs.
#[derive(Debug, Default)]
pub(super) struct Joining {
    /// The places that have no partner, in order, left and right.
    pub(super) alone: [Vec<usize>; 2],
    /// The pairs, in no order.
    pub(super) pairs: Vec<(usize, usize)>,
}

impl Joining {
    /// Of lists of these lengths.
    pub(super) fn new(lengths: [usize; 2]) -> Self {
        Self { alone: lengths.map(|length| (0..length).collect()), pairs: Vec::new() }
    }

    /// Pairs those without a partner that have the same key; not those that have none.
    pub(super) fn join(&mut self, key: impl Fn(usize, usize) -> Option<u64>) {
        let keyed = |side: usize, alone: &[usize]| {
            let mut keyed: Vec<(u64, usize)> = alone.iter().filter_map(|place| Some((key(side, *place)?, *place))).collect();
            keyed.sort_unstable();
            keyed
        };
        let [left, right] = &self.alone;
        let found = equal(&keyed(0, left), &keyed(1, right));
        self.take(found);
    }

    /// Takes pairs that were found elsewhere, of those without a partner.
    pub(super) fn take(&mut self, found: Vec<(usize, usize)>) {
        if found.is_empty() {
            return;
        }
        let [left, right] = &mut self.alone;
        for (side, alone) in [left, right].into_iter().enumerate() {
            let mut is_paired = vec![false; alone.last().map_or(0, |last| last + 1)];
            for (left, right) in &found {
                if let Some(is_paired) = is_paired.get_mut(if side == 0 { *left } else { *right }) {
                    *is_paired = true;
                }
            }
            alone.retain(|place| !is_paired.get(*place).is_some_and(|is_paired| *is_paired));
        }
        self.pairs.extend(found);
    }
}

/// Puts what has places in two sequences, or in one of them, into one order: what has only one behind what stands before it there, left before
/// right.
pub(super) fn arrange<T>(all: &mut [T], places: impl Fn(&T) -> [Option<usize>; 2]) {
    if all.len() < 2 {
        return;
    }
    let both = || {
        all.iter().filter_map(|one| match places(one) {
            [Some(left), Some(right)] => Some((left, right)),
            [_, _] => None,
        })
    };
    let mut before = [both().collect::<Vec<_>>(), both().map(|(left, right)| (right, left)).collect()];
    before.iter_mut().for_each(|pairs| pairs.sort_unstable());
    let behind = |side: usize, place: usize| {
        let pairs = before.get(side).map(Vec::as_slice).unwrap_or_default();
        let known = pairs.partition_point(|(own, _)| *own < place);
        known.checked_sub(1).and_then(|last| pairs.get(last)).map_or(0, |(own, other)| own.max(other) + 1)
    };
    all.sort_by_cached_key(|one| match places(one) {
        [Some(left), Some(right)] => (left.max(right) + 1, 0, left),
        [Some(left), None] => (behind(0, left), 1, left),
        [None, Some(right)] => (behind(1, right), 2, right),
        [None, None] => (usize::MAX, 3, 0),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_has_stands_behind_what_is_before_it_there() {
        let mut all = [[Some(3), None], [None, Some(1)], [Some(2), Some(7)], [Some(0), None], [Some(1), Some(0)], [None, Some(8)]];
        arrange(&mut all, |places| *places);
        assert_eq!(all, [[Some(0), None], [Some(1), Some(0)], [None, Some(1)], [Some(2), Some(7)], [Some(3), None], [None, Some(8)]]);
    }

    #[test]
    fn the_first_with_the_first_and_none_twice() {
        let keys = [vec![7, 8, 7, 9], vec![7, 7, 7, 9]];
        let mut joining = Joining::new([4, 4]);
        joining.join(|side, place| Some(keys[side][place]).filter(|key| *key != 9));
        joining.pairs.sort_unstable();
        assert_eq!(joining.pairs, [(0, 0), (2, 1)]);
        assert_eq!(joining.alone, [vec![1, 3], vec![2, 3]]);
        joining.join(|_, _| Some(0));
        assert_eq!(joining.alone, [vec![], Vec::<usize>::new()]);
    }
}
