//! What becomes of a difference: whether it counts, is told beside, or set apart.

use super::field::{Field, Standing};
use super::run::Weight;
use crate::diff::Selection;

/// What becomes of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It counts.
    Counts,
    /// It is told beside what counts.
    Told,
    /// It is counted in a line.
    Apart,
    /// The user does not want to hear of it.
    Ignored,
}

/// Decides what becomes of differences.
pub(super) struct Judge<'s> {
    selection: &'s Selection,
    is_everything: bool,
}

impl<'s> Judge<'s> {
    pub(super) fn new(selection: &'s Selection) -> Self {
        Self { selection, is_everything: selection.ignore.is_empty() && selection.only.is_empty() }
    }

    /// Whether nothing is set apart.
    pub(super) fn is_strict(&self) -> bool {
        self.selection.strict
    }

    /// What becomes of a difference in a field.
    pub(super) fn verdict(&self, field: Field, name: &[u8], weight: Weight) -> Verdict {
        if !self.is_everything {
            let names = field.names(name);
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            if !self.selection.counts(&names) {
                return Verdict::Ignored;
            }
            // What was asked for by its name counts, whatever it is.
            if !self.selection.only.is_empty() {
                return Verdict::Counts;
            }
        }
        match (self.selection.strict, weight, field.standing()) {
            (true, _, _) => Verdict::Counts,
            (false, Weight::Nothing, _) => Verdict::Apart,
            (false, Weight::Whole | Weight::Presence, Standing::Counts) => Verdict::Counts,
            (false, Weight::Whole | Weight::Presence, Standing::Told) => Verdict::Told,
            (false, Weight::Whole | Weight::Presence, Standing::Apart) => Verdict::Apart,
        }
    }

    /// The same for what a field holds, where that it is there counts and what it holds may not.
    pub(super) fn verdict_of_value(&self, field: Field, name: &[u8], weight: Weight) -> Verdict {
        match self.verdict(field, name, weight) {
            Verdict::Counts if weight == Weight::Presence && !self.selection.strict && self.selection.only.is_empty() => Verdict::Apart,
            verdict => verdict,
        }
    }
}
