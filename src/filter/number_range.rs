//! Ranges of numbers: what a prefix, a range in a set and a single value have in common.

use super::expression::Relation;

/// Numbers from `low` to `high`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberRange {
    pub(super) low: u128,
    pub(super) high: u128,
}

impl NumberRange {
    /// One number.
    pub(super) fn one(number: u128) -> Self {
        Self { low: number, high: number }
    }

    /// Whether a number is in it.
    pub(super) fn contains(self, number: u128) -> bool {
        self.low <= number && number <= self.high
    }

    /// Whether a number stands in a relation to all of it.
    pub(super) fn relates(self, relation: Relation, number: u128) -> bool {
        match relation {
            Relation::Equal => self.contains(number),
            Relation::NotEqual => !self.contains(number),
            Relation::Less => number < self.low,
            Relation::LessOrEqual => number <= self.high,
            Relation::Greater => number > self.high,
            Relation::GreaterOrEqual => number >= self.low,
        }
    }
}
