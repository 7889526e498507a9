//! Programs that the kernel asks of every frame.

/// What is asked of the frames of an interface, and how much is lent of those that pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What the kernel asks of every frame, and how many bytes it keeps of those that pass.
    pub instructions: Vec<Instruction>,
    /// The most bytes that are lent of a frame: all of them ([`super::SNAP_LENGTH`]) where more is to be asked of it than the kernel does.
    pub snap_length: u32,
}

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
