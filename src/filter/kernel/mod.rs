//! Filters as programs for the kernel: classic BPF that passes every frame that the expression would accept, and as few others as it can.

//!
//! ```text
//! expression -> question (bounds of the answer, by the frame's shape) -> graph of decisions -> instructions
//! ```
//!
//! The program first finds out what a frame is: its shape. Then it asks what is left of the expression for frames of that shape. What it
//! cannot tell (the inside of tunnels, fragments, what a deeper layer says) it takes for yes, and behind a `not` for no.

mod arithmetic;
mod comparison;
mod dispatch;
mod emit;
mod formula;
mod graph;
mod primitive;
mod question;
mod ranges;
mod shape;
mod sum;
#[cfg(test)]
mod tests;
mod weaken;

use super::Filter;
use crate::limits::Limits;
use crate::source::live::Instruction;
use dispatch::Dispatch;
use emit::Writer;
use graph::{Graph, KEEP};

/// What a program sees of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KernelLink {
    /// Everything from an Ethernet header on: a socket of `SOCK_RAW` on Ethernet, on what looks like it, or on the loopback device.
    Ethernet,
    /// Everything from the network header on; what it is tells `SKF_AD_PROTOCOL`: a socket of `SOCK_DGRAM`, whose frames get a header of
    /// [`crate::frame::LinkType::LINUX_SLL2`].
    Cooked,
    /// An IP packet: a socket on a device without a link header (tun).
    RawIp,
    /// A link that is not known: every frame passes.
    Other,
}

/// A filter for a packet socket (`SO_ATTACH_FILTER`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelProgram {
    /// Its instructions: at least one, and no more than the kernel takes (4096).
    pub instructions: Vec<Instruction>,
    /// Whether it decides of every frame as [`Filter::matches_fragment`] does, so that this need not be asked any more.
    pub exact: bool,
}

impl KernelProgram {
    /// The same program, which keeps at most so many bytes of a frame that passes: it is asked of the whole frame all the same.
    #[must_use]
    pub fn keeping(mut self, length: u32) -> Self {
        for instruction in self.instructions.iter_mut().filter(|instruction| instruction.code == emit::code::RETURN) {
            instruction.value = instruction.value.min(length);
        }
        self
    }
}

impl Filter {
    /// The filter as a program for the kernel. Every frame that the filter accepts passes, and so does every fragment that may belong to a
    /// datagram that it accepts; other frames may pass too. `snap_length` is how many bytes of a frame are to be kept.
    #[must_use]
    pub fn kernel_program(&self, link: KernelLink, snap_length: u32) -> KernelProgram {
        if !question::counts_frames(&self.node) {
            for detail in weaken::DETAILS {
                let mut dispatch = Dispatch { node: &self.node, detail, graph: Graph::new(), exact: true };
                let root = dispatch.root(link, snap_length);
                let instructions = Writer::program(&dispatch.graph, root, snap_length);
                if instructions.len() <= Limits::KERNEL_INSTRUCTIONS {
                    return KernelProgram { instructions, exact: dispatch.exact || self.passes_everything() };
                }
            }
        }
        let instructions = Writer::program(&Graph::new(), KEEP, snap_length);
        KernelProgram { instructions, exact: self.passes_everything() }
    }
}
