//! Programs that the kernel asks of every frame.

/// An instruction of a classic BPF program (linux/filter.h, `struct sock_filter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// What it does.
    pub code: u16,
    /// How many instructions a jump skips whose question is answered with yes.
    pub jump_true: u8,
    /// How many it skips where the answer is no.
    pub jump_false: u8,
    /// Its number: a constant, an offset, or how far an unconditional jump goes.
    pub value: u32,
}
