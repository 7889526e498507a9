//! The frame of every pcapng block: its kind, its length, its body, its length again.

use super::super::bytes::ByteOrder;
use crate::limits::Limits;
use byteorder_slice::{BigEndian, LittleEndian};
use pcap_file::pcapng::RawBlock;

/// The kinds of block that mean something here.
pub(super) mod kind {
    pub(in super::super) const SECTION: u32 = 0x0a0d_0d0a;
    pub(in super::super) const INTERFACE: u32 = 1;
    pub(in super::super) const OBSOLETE_PACKET: u32 = 2;
    pub(in super::super) const SIMPLE_PACKET: u32 = 3;
    pub(in super::super) const NAMES: u32 = 4;
    pub(in super::super) const STATISTICS: u32 = 5;
    pub(in super::super) const ENHANCED_PACKET: u32 = 6;
}

/// Whether blocks of a kind hold a frame.
pub(super) fn is_packet(kind: u32) -> bool {
    matches!(kind, kind::OBSOLETE_PACKET | kind::SIMPLE_PACKET | kind::ENHANCED_PACKET)
}

/// The beginning of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) kind: u32,
    pub(super) length: u32,
    pub(super) order: ByteOrder,
}

impl Start {
    /// Whether it looks like the beginning of a block, where one was hoped for.
    pub(super) fn is_likely(self) -> bool {
        let known = matches!(self.kind, kind::SECTION | 1..=10 | 0xbad | 0x4000_0bad);
        known && self.length >= SHORTEST as u32 && self.length <= Limits::BLOCK && self.length.is_multiple_of(4)
    }
}

/// How many bytes tell the beginning of a block of any kind: a section's order stands behind its length.
pub(super) const SHORTEST: usize = 12;

/// Reads the beginning of a block in a section of this byte order. `None` for a section that does not tell its own.
#[inline]
pub(super) fn start(bytes: &[u8; SHORTEST], order: ByteOrder) -> Option<Start> {
    let [a, b, c, d, e, f, g, h, mark @ ..] = *bytes;
    let kind = order.u32([a, b, c, d]);
    let order = match (kind, mark) {
        (kind::SECTION, [0x1a, 0x2b, 0x3c, 0x4d]) => ByteOrder::Big,
        (kind::SECTION, [0x4d, 0x3c, 0x2b, 0x1a]) => ByteOrder::Little,
        (kind::SECTION, _) => return None,
        _ => order,
    };
    Some(Start { kind, length: order.u32([e, f, g, h]), order })
}

/// Whether the bytes are exactly one whole block: its length aligned, and the same at both ends.
#[inline]
pub(super) fn is_sound(bytes: &[u8], order: ByteOrder) -> bool {
    match order {
        ByteOrder::Little => RawBlock::from_slice::<LittleEndian>(bytes).is_ok(),
        ByteOrder::Big => RawBlock::from_slice::<BigEndian>(bytes).is_ok(),
    }
}
