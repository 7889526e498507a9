//! What a system says of a frame beside its bytes.

use crate::frame::Timestamp;

/// Whose frame it is (`sll_pkttype`): one that the machine itself sends.
pub(super) const OUTGOING: u8 = 4;

/// What the kernel says of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Envelope {
    /// When it came, by the kernel's clock.
    pub(in crate::source) time: Timestamp,
    /// How long it was.
    pub(in crate::source) length: u32,
    /// Protocol and value of the tag that was taken off it.
    pub(in crate::source) tag: Option<(u16, u16)>,
    /// The interface it came by.
    pub(in crate::source) interface: u32,
    /// What it carries, as an EtherType.
    pub(in crate::source) protocol: u16,
    /// Whose it is (`PACKET_HOST`, .., `PACKET_OUTGOING`).
    pub(in crate::source) packet_type: u8,
    /// The kind of hardware (`ARPHRD_`).
    pub(in crate::source) hardware: u16,
    /// The sender's link address, as long as it is.
    pub(in crate::source) sender: [u8; 8],
    /// How long that is.
    pub(in crate::source) sender_length: u8,
}

impl Envelope {
    /// One of which nothing is known.
    pub(super) const EMPTY: Self = Self {
        time: Timestamp::from_nanoseconds(0),
        length: 0,
        tag: None,
        interface: 0,
        protocol: 0,
        packet_type: 0,
        hardware: 0,
        sender: [0; 8],
        sender_length: 0,
    };
}
