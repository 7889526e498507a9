//! Frames as they come: capturing on this machine's interfaces.

mod instruction;

pub use instruction::Instruction;
