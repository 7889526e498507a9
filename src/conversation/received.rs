//! A segment as it came, and what can be read off it alone.

use super::Side;
use crate::dissect::transport::tcp::SYN;
use crate::dissect::{Dissection, Network, Tcp, Transport};
use crate::frame::Frame;
use crate::reassembly::Origin;

/// A segment, with all that is around it.
#[derive(Clone, Copy)]
pub(super) struct Received<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) origin: Origin,
    /// The bytes that the dissection is of.
    pub(super) bytes: &'a [u8],
    pub(super) dissection: &'a Dissection,
    pub(super) network: &'a Network,
    pub(super) transport: &'a Transport,
    pub(super) tcp: Tcp,
    /// The payload, as far as it was captured.
    pub(super) payload: &'a [u8],
}

impl Received<'_> {
    /// Bytes of payload on the wire.
    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.transport.payload_length).unwrap_or(u32::MAX)
    }

    /// The header, options and all.
    pub(super) fn header(&self) -> &[u8] {
        let start = self.dissection.layers.get(self.transport.layer).map_or(0, |layer| layer.start);
        self.bytes.get(start..self.transport.payload_start).unwrap_or_default()
    }

    /// The sequence number of the first byte of payload.
    pub(super) fn first(&self) -> u32 {
        self.tcp.sequence.wrapping_add(u32::from(self.is(SYN)))
    }

    pub(super) fn is(&self, flags: u16) -> bool {
        self.tcp.flags & flags != 0
    }

    /// The identification of its packet; 0 where it has none: IPv6 has no such field, and many hosts leave that of IPv4 at 0.
    pub(super) fn identification(&self) -> u16 {
        let start = self.dissection.layers.get(self.network.layer).map_or(0, |layer| layer.start);
        match (self.network.source.is_ipv4(), self.bytes.get(start + 4..start + 6)) {
            (true, Some(&[high, low])) => u16::from_be_bytes([high, low]),
            _ => 0,
        }
    }

    /// What stays the same on the packet's way, and whether a packet sent again would differ in it.
    pub(super) fn fingerprint(&self, direction: u64) -> (u64, bool) {
        let header = self.header();
        let word = |at: usize| header.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word));
        let identification = u64::from(self.identification());
        let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let words = [word(4), word(12), identification << 32 | u64::from(self.length())];
        (words.into_iter().fold(direction, mix), identification != 0)
    }
}

/// The shift of the window in a SYN's options (RFC 7323 section 2).
pub(super) fn window_scale(header: &[u8]) -> u8 {
    option(header, 3).and_then(|value| value.first()).map_or(0, |shift| (*shift).min(14))
}

/// When a segment was sent, by its sender's clock (RFC 7323 section 3).
pub(super) fn clock(header: &[u8]) -> Option<u32> {
    option(header, 8)?.first_chunk().map(|clock| u32::from_be_bytes(*clock))
}

/// What an option of a TCP header says, by its kind.
fn option(header: &[u8], kind: u8) -> Option<&[u8]> {
    let mut options = header.get(20..)?;
    loop {
        options = match *options {
            [1, ref rest @ ..] => rest,
            [0, ..] | [] => return None,
            [this, length, ..] if length >= 2 => {
                if this == kind {
                    return options.get(2..usize::from(length));
                }
                options.get(usize::from(length)..)?
            }
            _ => return None,
        };
    }
}

/// Who speaks like that, where it can be told by the first words.
pub(super) fn speaks_as(payload: &[u8]) -> Option<Side> {
    const METHODS: [&[u8]; 7] = [b"GET ", b"POST ", b"HEAD ", b"PUT ", b"DELETE ", b"OPTIONS ", b"CONNECT "];
    match payload {
        [0x16, 3, _, _, _, 1, ..] => Some(Side::Originator),
        [0x16, 3, _, _, _, 2, ..] => Some(Side::Responder),
        _ if METHODS.iter().any(|method| payload.starts_with(method)) => Some(Side::Originator),
        _ if payload.starts_with(b"HTTP/1.") || payload.starts_with(b"220 ") => Some(Side::Responder),
        _ => None,
    }
}
