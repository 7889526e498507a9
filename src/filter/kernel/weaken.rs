//! Formulas that take fewer instructions and hold at least as often: for expressions that are too long for the kernel.

use super::formula::{Formula, Place};

/// How much of an expression is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Detail {
    /// How many ranges a number is held against.
    ranges: usize,
    /// How many questions are joined.
    questions: usize,
    /// Whether tags that stand in the bytes are looked behind.
    pub(super) tags_inside: bool,
}

/// From everything to little.
pub(super) const DETAILS: [Detail; 6] = [
    Detail { ranges: usize::MAX, questions: usize::MAX, tags_inside: true },
    Detail { ranges: usize::MAX, questions: usize::MAX, tags_inside: false },
    Detail { ranges: 256, questions: 64, tags_inside: false },
    Detail { ranges: 64, questions: 16, tags_inside: false },
    Detail { ranges: 16, questions: 8, tags_inside: false },
    Detail { ranges: 4, questions: 3, tags_inside: false },
];

/// A formula that follows from this one.
pub(super) fn weaken(formula: &Formula, detail: Detail) -> Formula {
    match formula {
        Formula::Always(_) | Formula::Related(..) => formula.clone(),
        Formula::Test(operand, ranges) => {
            // A length stands before bytes that must not be looked for in a shorter frame.
            let guards = operand.0.iter().any(|load| matches!(load.place, Place::Length | Place::LengthBehind(_) | Place::TotalBehind(_)));
            if guards { formula.clone() } else { Formula::test(operand.clone(), &ranges.widened(detail.ranges)) }
        }
        Formula::All(list) => Formula::all(list.iter().take(detail.questions).map(|formula| weaken(formula, detail))),
        Formula::Any(list) if list.len() <= detail.questions => Formula::any(list.iter().map(|formula| weaken(formula, detail))),
        // Of questions that are joined the first alone: then those to one number become one.
        Formula::Any(list) => {
            let joined = Formula::any(list.iter().map(|formula| match formula {
                Formula::All(inner) => inner.first().cloned().unwrap_or(Formula::Always(true)),
                Formula::Always(_) | Formula::Test(..) | Formula::Related(..) | Formula::Any(_) => formula.clone(),
            }));
            match joined {
                Formula::Any(list) if list.len() > detail.questions => Formula::Always(true),
                Formula::Any(list) => Formula::any(list.iter().map(|formula| weaken(formula, detail))),
                other => weaken(&other, detail),
            }
        }
    }
}
