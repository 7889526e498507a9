//! Fields held against values.

use super::Packet;
use super::values::{bytes_of, number_of};
use crate::dissect::Value;
use crate::filter::expression::{Comparison, Part, Quantifier, Slice, SliceEnd, Test};
use crate::filter::number_range::NumberRange;
use crate::filter::subject::Subject;
use std::ops::ControlFlow;

/// Whether a field is there at all.
pub(super) fn is_present(subject: &Subject, packet: Packet<'_>) -> bool {
    packet.visit(subject, &mut |_| ControlFlow::Break(())).is_break()
}

/// Whether one of the field's values passes, or all. A field that is not there never does.
pub(super) fn matches(comparison: &Comparison, packet: Packet<'_>) -> bool {
    let mut passed = false;
    let flow = packet.visit(&comparison.subject, &mut |value| {
        let Some(passes) = test(comparison, value, packet) else { return ControlFlow::Continue(()) };
        passed = passes;
        // The first that passes decides for one of them, the first that does not for all.
        if passes == (comparison.quantifier == Quantifier::Any) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match comparison.quantifier {
        Quantifier::Any => flow.is_break(),
        Quantifier::All => flow.is_continue() && passed,
    }
}

/// Whether a value passes; `None` where it has no such part.
fn test(comparison: &Comparison, value: Value<'_>, packet: Packet<'_>) -> Option<bool> {
    let slice = match comparison.part {
        Part::Slice(slice) => Some(slice),
        Part::Whole | Part::Masked(_) => None,
    };
    let number = || {
        let number = number_of(value)?;
        Some(match comparison.part {
            Part::Masked(mask) => number & u128::from(mask),
            Part::Whole | Part::Slice(_) => number,
        })
    };
    let bytes = || {
        let bytes = bytes_of(&value)?;
        slice.map_or(Some(bytes), |slice| slice.of(bytes))
    };
    Some(match &comparison.test {
        Test::Number(relation, range) => range.relates(*relation, number()?),
        Test::NumberSet(ranges) => {
            let number = number()?;
            ranges.iter().any(|range| range.contains(number))
        }
        Test::NotZero => number()? != 0,
        Test::Bytes(relation, wanted) => relation.holds(bytes()?, wanted.as_slice()),
        Test::ByteSet(wanted) => {
            let bytes = bytes()?;
            wanted.iter().any(|wanted| wanted == bytes)
        }
        Test::Contains(wanted) => contains(bytes()?, wanted),
        Test::Matches(regex) => regex.is_match(bytes()?),
        Test::Field(relation, other) => {
            let (left_number, left_bytes) = (number(), bytes());
            packet
                .visit(other, &mut |right| {
                    let holds = match (left_number, number_of(right)) {
                        (Some(left), Some(right)) => NumberRange::one(right).relates(*relation, left),
                        _ => left_bytes.zip(bytes_of(&right)).is_some_and(|(left, right)| relation.holds(left, right)),
                    };
                    if holds { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                })
                .is_break()
        }
    })
}

/// Whether `wanted` stands somewhere in `bytes`.
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    let mut left = bytes;
    while let Some(at) = left.iter().position(|byte| byte == first) {
        left = left.get(at + 1..).unwrap_or_default();
        if left.starts_with(rest) {
            return true;
        }
    }
    false
}

impl Slice {
    /// These bytes of a value; `None` where it has no byte there.
    fn of(self, bytes: &[u8]) -> Option<&[u8]> {
        let place = |offset: i64| {
            let place = if offset < 0 { i64::try_from(bytes.len()).ok()?.checked_add(offset)? } else { offset };
            usize::try_from(place).ok()
        };
        let start = place(self.start)?;
        let end = match self.end {
            SliceEnd::Length(length) => start.checked_add(usize::try_from(length).ok()?)?,
            SliceEnd::Last(last) => place(last)?.checked_add(1)?,
            SliceEnd::Open => bytes.len(),
        };
        bytes.get(start..end).filter(|slice| !slice.is_empty())
    }
}
