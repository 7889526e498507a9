//! From decisions to instructions. They are written from the last to the first, so that every jump knows how far it goes.

use super::formula::{Load, Place};
use super::graph::{Decision, Graph, Step};
use super::sum::{Related, Sum};
use crate::filter::expression::{Operator, Relation};
use crate::limits::Limits;
use crate::source::live::Instruction;
use std::collections::HashMap;

/// Operations of classic BPF (linux/bpf_common.h): class, size, addressing, source of the second number.
pub(super) mod code {
    pub(in crate::filter::kernel) const LOAD_LENGTH: u16 = 0x80;
    pub(in crate::filter::kernel) const LOAD_AT: u16 = 0x20;
    pub(in crate::filter::kernel) const LOAD_BEHIND: u16 = 0x40;
    pub(in crate::filter::kernel) const HALF: u16 = 0x08;
    pub(in crate::filter::kernel) const BYTE: u16 = 0x10;
    pub(in crate::filter::kernel) const LOAD_MEMORY_X: u16 = 0x61;
    pub(in crate::filter::kernel) const LOAD_HEADER_X: u16 = 0xb1;
    pub(in crate::filter::kernel) const STORE: u16 = 0x02;
    pub(in crate::filter::kernel) const LOAD_CONSTANT: u16 = 0x00;
    pub(in crate::filter::kernel) const ALU: u16 = 0x04;
    pub(in crate::filter::kernel) const X: u16 = 0x08;
    pub(in crate::filter::kernel) const ADD: u16 = 0x00;
    pub(in crate::filter::kernel) const SUBTRACT: u16 = 0x10;
    pub(in crate::filter::kernel) const MULTIPLY: u16 = 0x20;
    pub(in crate::filter::kernel) const DIVIDE: u16 = 0x30;
    pub(in crate::filter::kernel) const OR: u16 = 0x40;
    pub(in crate::filter::kernel) const AND: u16 = 0x50;
    pub(in crate::filter::kernel) const SHIFT_LEFT: u16 = 0x60;
    pub(in crate::filter::kernel) const SHIFT_RIGHT: u16 = 0x70;
    pub(in crate::filter::kernel) const NEGATE: u16 = 0x80;
    pub(in crate::filter::kernel) const MODULO: u16 = 0x90;
    pub(in crate::filter::kernel) const XOR: u16 = 0xa0;
    pub(in crate::filter::kernel) const JUMP: u16 = 0x05;
    pub(in crate::filter::kernel) const JUMP_EQUAL: u16 = 0x15;
    pub(in crate::filter::kernel) const JUMP_GREATER: u16 = 0x25;
    pub(in crate::filter::kernel) const JUMP_GREATER_OR_EQUAL: u16 = 0x35;
    pub(in crate::filter::kernel) const RETURN: u16 = 0x06;
    pub(in crate::filter::kernel) const TO_X: u16 = 0x07;
}

/// How many numbers one after the other are looked for one by one, before it is worth to halve them.
const ROW: usize = 8;
/// As far as a conditional jump may go, with one instruction more than it needs between.
const FAR: usize = 250;

/// An instruction, or a way out of a computation.
enum Item {
    Plain(u16, u32),
    /// Out, where a comparison with a number or with X comes out as said.
    Out(u16, u32, bool),
}

/// Instructions from the last to the first.
pub(super) struct Writer {
    backwards: Vec<Instruction>,
    /// Where a step begins: how many instructions there are from its first on.
    places: HashMap<Step, usize>,
    snap_length: u32,
}

impl Writer {
    /// The program of a graph.
    pub(super) fn program(graph: &Graph, root: Step, snap_length: u32) -> Vec<Instruction> {
        let mut writer = Self { backwards: Vec::new(), places: HashMap::new(), snap_length };
        for (step, decision) in graph.reached(root) {
            let place = writer.decision(decision);
            writer.places.insert(step, place);
        }
        writer.backwards.reverse();
        writer.backwards
    }

    fn decision(&mut self, decision: &Decision) -> usize {
        match decision {
            Decision::Drop => self.push(code::RETURN, 0),
            Decision::Keep => self.push(code::RETURN, self.snap_length),
            Decision::Number(load, arms) => {
                let place = self.arms(arms);
                // The comparisons follow the load: where they are only a way to another step, there is one more jump.
                self.jump_to(place);
                self.load(*load)
            }
            Decision::Related(relation, yes, no) => self.relation(relation, self.place(*yes), self.place(*no)),
        }
    }

    fn place(&self, step: Step) -> usize {
        self.places.get(&step).copied().unwrap_or_default()
    }

    fn push(&mut self, code: u16, value: u32) -> usize {
        self.backwards.push(Instruction { code, jump_true: 0, jump_false: 0, value });
        self.backwards.len()
    }

    /// Makes the place the next instruction.
    fn jump_to(&mut self, place: usize) {
        let distance = self.backwards.len() - place;
        if distance > 0 {
            self.push(code::JUMP, distance as u32);
        }
    }

    /// A place that a conditional jump reaches: this one, or a jump to it.
    fn near(&mut self, place: usize) -> usize {
        if self.backwards.len() - place <= FAR {
            return place;
        }
        match place.checked_sub(1).and_then(|last| self.backwards.get(last)).copied() {
            Some(end) if end.code == code::RETURN => self.push(end.code, end.value),
            Some(_) | None => {
                self.jump_to(place);
                self.backwards.len()
            }
        }
    }

    /// A conditional jump to two places.
    fn branch(&mut self, code: u16, value: u32, yes: usize, no: usize) -> usize {
        let no = self.near(no);
        let yes = self.near(yes);
        let here = self.backwards.len();
        let [jump_true, jump_false] = [yes, no].map(|place| u8::try_from(here - place).unwrap_or(u8::MAX));
        self.backwards.push(Instruction { code, jump_true, jump_false, value });
        here + 1
    }

    /// The comparisons that lead from a number to the step of its arm.
    fn arms(&mut self, arms: &[(u32, Step)]) -> usize {
        match arms {
            [] => self.backwards.len(),
            [(_, only)] => self.place(*only),
            _ => {
                if let Some((rest, singles)) = row(arms) {
                    let mut next = self.place(rest);
                    for (number, step) in singles.into_iter().rev() {
                        next = self.branch(code::JUMP_EQUAL, number, self.place(step), next);
                    }
                    return next;
                }
                let (left, right) = arms.split_at(arms.len() / 2);
                let last = left.last().map_or(0, |(last, _)| *last);
                let above = self.arms(right);
                let below = self.arms(left);
                self.branch(code::JUMP_GREATER, last, above, below)
            }
        }
    }

    /// Loads a number; gives the place of the first instruction.
    fn load(&mut self, load: Load) -> usize {
        let whole = Load::whole(load.place, load.size);
        if load.mask != whole.mask {
            self.push(code::ALU | code::AND, load.mask);
        }
        match load.place {
            Place::At(at) => self.push(code::LOAD_AT | width(load.size), at),
            Place::Beside(at) => self.push(code::LOAD_AT, at),
            Place::Length => self.push(code::LOAD_LENGTH, 0),
            Place::Behind(base, offset) => {
                self.push(code::LOAD_BEHIND | width(load.size), base + offset);
                self.push(code::LOAD_HEADER_X, base)
            }
            Place::LengthBehind(base) => {
                self.push(code::ALU | code::SUBTRACT | code::X, 0);
                self.push(code::LOAD_LENGTH, 0);
                self.push(code::LOAD_HEADER_X, base)
            }
            Place::TotalBehind(base) => {
                self.push(code::ALU | code::SUBTRACT | code::X, 0);
                self.push(code::LOAD_AT | code::HALF, base + 2);
                self.push(code::LOAD_HEADER_X, base)
            }
        }
    }

    fn relation(&mut self, related: &Related, yes: usize, no: usize) -> usize {
        let mut items = Vec::new();
        let (compare, swapped) = match related.relation {
            Relation::Equal => (code::JUMP_EQUAL, false),
            Relation::NotEqual => (code::JUMP_EQUAL, true),
            Relation::Greater => (code::JUMP_GREATER, false),
            Relation::LessOrEqual => (code::JUMP_GREATER, true),
            Relation::GreaterOrEqual => (code::JUMP_GREATER_OR_EQUAL, false),
            Relation::Less => (code::JUMP_GREATER_OR_EQUAL, true),
        };
        let (holds, fails) = if swapped { (no, yes) } else { (yes, no) };
        let place = if let Sum::Constant(number) = related.right {
            compute(&related.left, 0, &mut items);
            self.branch(compare, number, holds, fails)
        } else {
            compute(&related.right, 0, &mut items);
            items.push(Item::Plain(code::STORE, 0));
            compute(&related.left, 1, &mut items);
            items.push(Item::Plain(code::LOAD_MEMORY_X, 0));
            self.branch(compare | code::X, 0, holds, fails)
        };
        items.into_iter().rev().fold(place, |next, item| match item {
            Item::Plain(code, value) => self.push(code, value),
            Item::Out(code, value, true) => self.branch(code, value, no, next),
            Item::Out(code, value, false) => self.branch(code, value, next, no),
        })
    }
}

/// Single numbers, each with its step, where all between them lead to one other step.
fn row(arms: &[(u32, Step)]) -> Option<(Step, Vec<(u32, Step)>)> {
    let (_, rest) = *arms.first()?;
    // The first arm may be the single number 0, or the last the greatest: those are halved.
    let mut singles = Vec::new();
    let mut before = None;
    for (last, step) in arms {
        if *step != rest {
            if before.map_or(0, |before: u32| before.wrapping_add(1)) != *last || singles.len() == ROW {
                return None;
            }
            singles.push((*last, *step));
        }
        before = Some(*last);
    }
    Some((rest, singles))
}

fn width(size: u32) -> u16 {
    match size {
        1 => code::BYTE,
        2 => code::HALF,
        _ => 0,
    }
}

/// Computes a number into A. Numbers that wait stand from `free` on.
fn compute(sum: &Sum, free: u32, items: &mut Vec<Item>) {
    match sum {
        Sum::Constant(number) => items.push(Item::Plain(code::LOAD_CONSTANT, *number)),
        Sum::Length(unseen) => {
            items.push(Item::Plain(code::LOAD_LENGTH, 0));
            items.push(Item::Plain(code::ALU | code::ADD, *unseen));
        }
        Sum::Negate(inner) => {
            compute(inner, free, items);
            items.push(Item::Plain(code::ALU | code::NEGATE, 0));
        }
        Sum::Load(fetch) => {
            compute(&fetch.offset, free, items);
            items.push(Item::Out(code::JUMP_GREATER, Limits::KERNEL_OFFSET, true));
            if fetch.behind {
                items.push(Item::Plain(code::LOAD_HEADER_X, fetch.base));
                items.push(Item::Plain(code::ALU | code::ADD | code::X, 0));
            }
            items.push(Item::Plain(code::ALU | code::ADD, fetch.base));
            items.push(Item::Out(code::JUMP_GREATER, fetch.limit.saturating_sub(fetch.size), true));
            items.push(Item::Plain(code::TO_X, 0));
            items.push(Item::Plain(code::LOAD_LENGTH, 0));
            items.push(Item::Plain(code::ALU | code::SUBTRACT, fetch.size));
            items.push(Item::Out(code::JUMP_GREATER_OR_EQUAL | code::X, 0, false));
            items.push(Item::Plain(code::LOAD_BEHIND | width(fetch.size), 0));
        }
        Sum::Binary(operator, left, right) => {
            let operation = code::ALU | operation(*operator);
            if let Sum::Constant(number) = **right {
                compute(left, free, items);
                items.push(Item::Plain(operation, number));
                return;
            }
            compute(right, free, items);
            if matches!(operator, Operator::Divide | Operator::Modulo) {
                items.push(Item::Out(code::JUMP_EQUAL, 0, true));
            }
            items.push(Item::Plain(code::STORE, free));
            compute(left, free + 1, items);
            items.push(Item::Plain(code::LOAD_MEMORY_X, free));
            items.push(Item::Plain(operation | code::X, 0));
        }
    }
}

fn operation(operator: Operator) -> u16 {
    match operator {
        Operator::Add => code::ADD,
        Operator::Subtract => code::SUBTRACT,
        Operator::Multiply => code::MULTIPLY,
        Operator::Divide => code::DIVIDE,
        Operator::Modulo => code::MODULO,
        Operator::And => code::AND,
        Operator::Or => code::OR,
        Operator::Xor => code::XOR,
        Operator::ShiftLeft => code::SHIFT_LEFT,
        Operator::ShiftRight => code::SHIFT_RIGHT,
    }
}
