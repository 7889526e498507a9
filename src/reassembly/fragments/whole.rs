//! A datagram that was put together.

use super::fragment::{Fragment, Ports};
use crate::dissect::{Dissection, Layer};

/// A whole datagram, as though it had travelled in one packet.
#[derive(Clone, Debug, Default)]
pub struct Reassembled {
    /// The packet: the header of the first fragment, without what makes it one, and the payload.
    pub bytes: Vec<u8>,
    /// Its layers; the first ones are those of the header.
    pub dissection: Dissection,
    /// How many of its bytes are the header.
    pub header_length: usize,
    /// The frames that its bytes came in, in the order of the bytes.
    pub frames: Vec<u64>,
    /// Where what those frames bring begins in the payload.
    pub(super) starts: Vec<u32>,
    /// The frame that completed it.
    pub completed_in: u64,
    /// Where its payload is the fragment of another datagram: what became of that.
    pub inside: Option<Fragment>,
}

impl Reassembled {
    /// How many bytes the fragments carried.
    #[must_use]
    pub fn length(&self) -> usize {
        self.bytes.len().saturating_sub(self.header_length)
    }

    /// How many bytes each of those frames brought that were not there before it, in the order of the bytes.
    pub fn piece_lengths(&self) -> impl Iterator<Item = usize> {
        let ends = self.starts.iter().skip(1).map(|start| *start as usize).chain([self.length()]);
        self.starts.iter().zip(ends).map(|(start, end)| end.saturating_sub(*start as usize))
    }

    /// The index of the first layer that the fragments carried.
    #[must_use]
    pub fn first_layer(&self) -> usize {
        self.dissection.layers.iter().take_while(|layer| layer.start < self.header_length).count()
    }

    /// Empties it, keeping its memory.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.dissection.clear();
        self.frames.clear();
        self.starts.clear();
        self.inside = None;
    }

    pub(super) fn cost(&self) -> usize {
        self.bytes
            .capacity()
            .saturating_add(self.frames.capacity().saturating_mul(8))
            .saturating_add(self.starts.capacity().saturating_mul(4))
            .saturating_add(1024)
    }
}

/// The ports in a packet, by its place in [`Dissection::networks`].
pub(super) fn ports(bytes: &[u8], dissection: &Dissection, network: usize) -> Option<Ports> {
    let number = |layer: &Layer| match layer.protocol.name {
        "tcp" => Some(6),
        "udp" => Some(17),
        "sctp" => Some(132),
        _ => None,
    };
    let mut layers = dissection.layers.iter().filter(|layer| layer.network.map(usize::from) == Some(network) && !layer.quoted);
    let (layer, protocol) = layers.find_map(|layer| Some((layer, number(layer)?)))?;
    let &[s0, s1, d0, d1] = bytes.get(layer.start..)?.first_chunk()?;
    Some(Ports { protocol, source: u16::from_be_bytes([s0, s1]), destination: u16::from_be_bytes([d0, d1]) })
}
