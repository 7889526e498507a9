//! Programs that the kernel runs on every frame before it keeps one.

/// An instruction of classic BPF, as Linux takes it (`struct sock_filter` of linux/filter.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What is done: class, size and way of addressing.
    pub code: u16,
    /// How many instructions are passed over where a condition holds.
    pub jump_true: u8,
    /// How many instructions are passed over where it does not.
    pub jump_false: u8,
    /// The number that it is done with: an offset, a constant, a distance.
    pub value: u32,
}
