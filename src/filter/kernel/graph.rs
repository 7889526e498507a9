//! Decisions in a graph: each looks at a number and says which is next, and two that say the same are one.

use super::formula::{Formula, Load, Operand};
use super::ranges::Ranges;
use super::sum::Related;
use std::collections::{BTreeMap, HashMap};

/// A decision, by its place in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Step(pub(super) usize);

/// The frame does not pass.
pub(super) const DROP: Step = Step(0);
/// It passes.
pub(super) const KEEP: Step = Step(1);

/// What a decision looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Decision {
    Drop,
    Keep,
    /// A number: up to each of these the step beside it is next. The last is the greatest that there is.
    Number(Load, Vec<(u32, Step)>),
    /// A relation: what is next where it holds, and where it does not.
    Related(Related, Step, Step),
}

/// Decisions; each stands behind those that it leads to.
pub(super) struct Graph {
    decisions: Vec<Decision>,
    known: HashMap<Decision, Step>,
}

impl Graph {
    pub(super) fn new() -> Self {
        Self { decisions: vec![Decision::Drop, Decision::Keep], known: HashMap::new() }
    }

    /// The decisions that `root` leads to, with their places, the first one last.
    pub(super) fn reached(&self, root: Step) -> Vec<(Step, &Decision)> {
        let mut reached = vec![false; self.decisions.len()];
        if let Some(mark) = reached.get_mut(root.0) {
            *mark = true;
        }
        for (place, decision) in self.decisions.iter().enumerate().rev() {
            if !reached.get(place).copied().unwrap_or_default() {
                continue;
            }
            let mut mark = |step: &Step| reached.get_mut(step.0).into_iter().for_each(|mark| *mark = true);
            match decision {
                Decision::Drop | Decision::Keep => {}
                Decision::Number(_, arms) => arms.iter().for_each(|(_, step)| mark(step)),
                Decision::Related(_, yes, no) => [yes, no].into_iter().for_each(mark),
            }
        }
        let places = self.decisions.iter().enumerate().map(|(place, decision)| (Step(place), decision));
        places.zip(reached).filter(|(_, reached)| *reached).map(|(place, _)| place).collect()
    }

    fn add(&mut self, decision: Decision) -> Step {
        if let Some(step) = self.known.get(&decision) {
            return *step;
        }
        let step = Step(self.decisions.len());
        self.decisions.push(decision.clone());
        self.known.insert(decision, step);
        step
    }

    /// What is next for numbers of these ranges, and for all others. Ranges that come first go before.
    pub(super) fn cases(&mut self, load: Load, otherwise: Step, cases: &[(u32, u32, Step)]) -> Step {
        let mut ends: Vec<u64> = cases.iter().flat_map(|(low, high, _)| [u64::from(*low), u64::from(*high) + 1]).collect();
        ends.push(u64::from(u32::MAX) + 1);
        ends.sort_unstable();
        ends.dedup();
        let mut arms: Vec<(u32, Step)> = Vec::new();
        for end in ends.into_iter().filter(|end| *end > 0) {
            let last = (end - 1) as u32;
            let step = cases.iter().find(|(low, high, _)| (*low..=*high).contains(&last)).map_or(otherwise, |(.., step)| *step);
            match arms.last_mut() {
                Some((before, same)) if *same == step => *before = last,
                Some(_) | None => arms.push((last, step)),
            }
        }
        match arms.as_slice() {
            [(_, only)] => *only,
            _ => self.add(Decision::Number(load, arms)),
        }
    }

    /// What is next where a formula holds, and where it does not.
    pub(super) fn formula(&mut self, formula: &Formula, yes: Step, no: Step) -> Step {
        match formula {
            _ if yes == no => yes,
            Formula::Always(answer) => {
                if *answer {
                    yes
                } else {
                    no
                }
            }
            Formula::Test(Operand(loads), ranges) => {
                let ranges: Vec<_> = ranges.iter().collect();
                self.number(loads, &ranges, yes, no)
            }
            Formula::Related(relation, answer) => {
                let (yes, no) = if *answer { (yes, no) } else { (no, yes) };
                self.add(Decision::Related((**relation).clone(), yes, no))
            }
            Formula::All(list) => list.iter().rev().fold(yes, |next, formula| self.formula(formula, next, no)),
            Formula::Any(list) => list.iter().rev().fold(no, |next, formula| self.formula(formula, yes, next)),
        }
    }

    /// What is next where a number of these loads is in one of the ranges.
    fn number(&mut self, loads: &[Load], ranges: &[(u128, u128)], yes: Step, no: Step) -> Step {
        let Some((load, rest)) = loads.split_first() else { return yes };
        let rest_bits: u32 = rest.iter().map(|load| load.size * 8).sum();
        let rest_most = (1_u128 << rest_bits) - 1;
        // The numbers behind this load's, by its number, where they decide; and this load's numbers that do by themselves.
        let mut deeper: BTreeMap<u32, Vec<(u128, u128)>> = BTreeMap::new();
        let mut cases: Vec<(u32, u32, Step)> = Vec::new();
        for (low, high) in ranges {
            let (first, last) = ((low >> rest_bits) as u32, (high >> rest_bits) as u32);
            let (low, high) = (low & rest_most, high & rest_most);
            if first == last {
                deeper.entry(first).or_default().push((low, high));
                continue;
            }
            deeper.entry(first).or_default().push((low, rest_most));
            deeper.entry(last).or_default().push((0, high));
            if last - first > 1 {
                cases.push((first + 1, last - 1, yes));
            }
        }
        for (number, ranges) in deeper {
            let ranges = Ranges::of(ranges);
            let step = if ranges.is_all(rest_most) { yes } else { self.number(rest, &ranges.iter().collect::<Vec<_>>(), yes, no) };
            cases.push((number, number, step));
        }
        self.sorted_cases(*load, no, cases)
    }

    /// As [`Graph::cases`], of ranges that do not overlap, however many.
    fn sorted_cases(&mut self, load: Load, otherwise: Step, mut cases: Vec<(u32, u32, Step)>) -> Step {
        cases.sort_unstable();
        let mut arms: Vec<(u32, Step)> = Vec::new();
        let mut add = |last: u32, step: Step| match arms.last_mut() {
            Some((before, same)) if *same == step => *before = last,
            Some(_) | None => arms.push((last, step)),
        };
        let mut next = Some(0);
        for (low, high, step) in cases {
            if next.is_some_and(|next| next < low) {
                add(low - 1, otherwise);
            }
            add(high, step);
            next = high.checked_add(1);
        }
        if next.is_some() {
            add(u32::MAX, otherwise);
        }
        match arms.as_slice() {
            [(_, only)] => *only,
            _ => self.add(Decision::Number(load, arms)),
        }
    }
}
