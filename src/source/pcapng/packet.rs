//! The three blocks that hold a frame, read as far as they go.

use super::super::bytes::ByteOrder;
use super::block::kind;
use std::ops::Range;

/// What a packet block says. Places are counted from the beginning of its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    /// The interface's number in its section.
    pub(super) interface: u32,
    /// Ticks of the interface's clock.
    pub(super) ticks: Option<u64>,
    /// How many bytes it claims to hold; a simple packet block claims nothing.
    pub(super) captured: Option<u32>,
    pub(super) length: u32,
    pub(super) data: Range<usize>,
    pub(super) options: Range<usize>,
}

/// Reads a packet block's body; `None` where its fixed fields are not there.
#[inline]
pub(super) fn read(block: u32, body: &[u8], order: ByteOrder) -> Option<Packet> {
    if block == kind::SIMPLE_PACKET {
        let length = order.u32_at(body, 0)?;
        let end = body.len().min(4_usize.saturating_add(length as usize));
        return Some(Packet { interface: 0, ticks: None, captured: None, length, data: 4..end, options: 0..0 });
    }
    // The obsolete block has 16 bits each for the interface and for how many were lost before this packet.
    let interface = if block == kind::OBSOLETE_PACKET { order.u16_at(body, 0)?.into() } else { order.u32_at(body, 0)? };
    let fixed: &[u8; 20] = body.first_chunk()?;
    let number = |at| order.u32_at(fixed, at);
    let (high, low, captured, length) = (number(4)?, number(8)?, number(12)?, number(16)?);
    let ticks = u64::from(high) << 32 | u64::from(low);
    let end = body.len().min(20_usize.saturating_add(captured as usize));
    let options = body.len().min(end.next_multiple_of(4))..body.len();
    Some(Packet { interface, ticks: Some(ticks), captured: Some(captured), length, data: 20..end, options })
}
