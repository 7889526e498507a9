//! Sets of numbers, as ranges in their order.

/// Numbers from one to another, both included; the ranges neither touch nor overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    /// What stands in any of these ranges.
    pub(super) fn of(ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut ranges: Vec<(u128, u128)> = ranges.into_iter().filter(|(low, high)| low <= high).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some((_, end)) if low <= end.saturating_add(1) => *end = high.max(*end),
                Some(_) | None => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    /// One number.
    pub(super) fn one(number: impl Into<u128>) -> Self {
        let number = number.into();
        Self(vec![(number, number)])
    }

    /// The numbers from 0 to `most` that do not stand in it.
    pub(super) fn complement(&self, most: u128) -> Self {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        let mut next = Some(0);
        for (low, high) in &self.0 {
            if let Some(next) = next
                && next < *low
            {
                rest.push((next, low - 1));
            }
            next = high.checked_add(1).filter(|next| *next <= most);
        }
        rest.extend(next.map(|next| (next, most)));
        Self(rest)
    }

    /// Its numbers that are not greater than `most`.
    pub(super) fn up_to(&self, most: u128) -> Self {
        Self::of(self.0.iter().filter(|(low, _)| *low <= most).map(|(low, high)| (*low, (*high).min(most))))
    }

    /// Whether there is none in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds every number from 0 to `most`.
    pub(super) fn is_all(&self, most: u128) -> bool {
        matches!(*self.0.as_slice(), [(0, high)] if high >= most)
    }

    /// Whether a number stands in it.
    pub(super) fn contains(&self, number: u128) -> bool {
        let after = self.0.partition_point(|(low, _)| *low <= number);
        after.checked_sub(1).and_then(|place| self.0.get(place)).is_some_and(|(_, high)| number <= *high)
    }

    /// The ranges.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (u128, u128)> {
        self.0.iter().copied()
    }

    /// All of it and as little more as leaves at most `count` ranges: the narrowest gaps are closed.
    pub(super) fn widened(&self, count: usize) -> Self {
        if self.0.len() <= count {
            return self.clone();
        }
        let mut gaps: Vec<u128> = self.0.windows(2).map(gap).collect();
        gaps.sort_unstable();
        // Gaps as wide as the widest that is closed may be closed too: the fewer the better.
        let Some(widest) = gaps.get(self.0.len() - count.max(1) - 1).copied() else { return self.clone() };
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(count);
        for (low, high) in &self.0 {
            match merged.last_mut() {
                Some((_, end)) if low - *end - 1 <= widest => *end = *high,
                Some(_) | None => merged.push((*low, *high)),
            }
        }
        Self(merged)
    }
}

fn gap(pair: &[(u128, u128)]) -> u128 {
    if let [(_, end), (low, _)] = pair { low - end - 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some() -> impl Strategy<Value = Ranges> {
        prop::collection::vec((0_u128..60, 0_u128..9), 0..8)
            .prop_map(|pairs| Ranges::of(pairs.into_iter().map(|(low, length)| (low, low + length))))
    }

    proptest! {
        #[test]
        fn the_complement_holds_the_others(ranges in some(), number in 0_u128..70) {
            prop_assert_eq!(ranges.complement(69).contains(number), !ranges.contains(number));
            prop_assert_eq!(ranges.up_to(30).contains(number), number <= 30 && ranges.contains(number));
        }

        #[test]
        fn what_is_widened_loses_nothing(ranges in some(), count in 1_usize..6, number in 0_u128..70) {
            let wide = ranges.widened(count);
            prop_assert!(wide.iter().len() <= count);
            prop_assert!(!ranges.contains(number) || wide.contains(number));
        }
    }

    #[test]
    fn the_ends_of_all_numbers_are_borne() {
        assert!(Ranges::default().complement(u128::MAX).is_all(u128::MAX));
        assert!(Ranges::of([(0, u128::MAX)]).complement(u128::MAX).is_empty());
        assert_eq!(Ranges::one(u128::MAX).complement(u128::MAX), Ranges::of([(0, u128::MAX - 1)]));
    }
}
