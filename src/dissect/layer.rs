//! What dissecting gives: a list of layers, two small summaries that every later room needs, and where it had to stop.

use super::Protocol;
use std::net::IpAddr;

/// One protocol's part of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// Whose it is.
    pub protocol: &'static Protocol,
    /// Offset of its first byte.
    pub start: usize,
    /// Length of its header as far as it was captured, in bytes.
    pub length: usize,
    /// Where header and payload end: one past the last captured byte that belongs to it.
    pub end: usize,
    /// Where header and payload ended on the wire; greater than `end` where the capture cut them.
    pub wire_end: usize,
    /// Whether it belongs to a packet that an ICMP error quotes.
    pub quoted: bool,
    /// The index in [`Dissection::networks`] of the packet it travels in, where there is one.
    pub network: Option<u8>,
}

impl Layer {
    /// Where its header ends and its payload begins.
    #[must_use]
    #[expect(clippy::arithmetic_side_effects, reason = "a header ends within the frame")]
    pub fn payload_start(&self) -> usize {
        self.start + self.length
    }
}

/// The part of a datagram that a fragment carries (RFC 791 section 3.2, RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FragmentPart {
    /// The identification that all fragments of one datagram share.
    pub identification: u32,
    /// Where its bytes stand in the datagram's payload.
    pub offset: u32,
    /// Whether more fragments follow.
    pub more: bool,
}

/// A packet of the network layer, IPv4 or IPv6.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// The index of its layer.
    pub layer: usize,
    /// Who sent it.
    pub source: IpAddr,
    /// For whom it is, by its header.
    pub destination: IpAddr,
    /// For whom it is in the end: another than `destination` where a source route or an IPv6 routing header is not used up. Checksums
    /// of the layer above are computed with it (RFC 8200 section 8.1).
    pub final_destination: IpAddr,
    /// What it carries, behind all extension headers: an IP protocol number.
    pub protocol: u8,
    /// The address that checksums of the layer above count as the sender's: another than `source` where a mobile host says its home
    /// address in a destination option (RFC 6275 section 11.3.1).
    pub home_source: IpAddr,
    /// Time to live or hop limit.
    pub hop_limit: u8,
    /// Set where it is a fragment (an atomic IPv6 fragment, RFC 6946, is none).
    pub fragment: Option<FragmentPart>,
    /// Whether an ICMP error quotes it.
    pub quoted: bool,
}

/// A TCP segment or a UDP datagram.
#[derive(Clone, Copy, Debug)]
pub struct Transport {
    /// The index of its layer.
    pub layer: usize,
    /// Port of the sender.
    pub source_port: u16,
    /// Port of the receiver.
    pub destination_port: u16,
    /// Offset of its first payload byte.
    pub payload_start: usize,
    /// How many bytes of payload it had on the wire; what was captured ends at the layer's `end`.
    pub payload_length: usize,
    /// What only TCP has; `None` for UDP and SCTP, and for a quoted segment whose quotation ends before it.
    pub tcp: Option<Tcp>,
    /// Whether an ICMP error quotes it.
    pub quoted: bool,
}

/// What only a TCP header has (RFC 9293 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tcp {
    /// Sequence number, as on the wire.
    pub sequence: u32,
    /// Acknowledgement number, as on the wire.
    pub acknowledgement: u32,
    /// The twelve flag bits: reserved (0xe00), AE 0x100, CWR, ECE, URG, ACK, PSH, RST, SYN, FIN 0x001.
    pub flags: u16,
    /// Window, not scaled.
    pub window: u16,
}

/// Why dissecting had to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The capture kept too few bytes: the frame had them.
    Cut,
    /// The enclosing layer, or the frame itself, ends before the layer can.
    Short,
    /// A field holds what it must not: a length that is less than the header's own, a version that is another.
    Invalid,
    /// More layers than the limit allows.
    Nesting,
    /// A length field says more than what it stands in can hold. Dissecting went on with what is there.
    Beyond,
}

/// Where and why a layer is damaged. Everything before it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The protocol that could not be read on.
    pub protocol: &'static str,
    /// The part of it: a field's label, or "header".
    pub part: &'static str,
    /// Offset of the layer's first byte.
    pub offset: usize,
    /// How many bytes were needed from there; for [`StopReason::Invalid`] the least that the field may say.
    pub needed: usize,
    /// How many there were; for [`StopReason::Invalid`] what the field says.
    pub had: usize,
    /// Why.
    pub reason: StopReason,
}

/// A frame taken apart. It is reused from frame to frame, so that dissecting allocates nothing once it has grown.
#[derive(Clone, Debug, Default)]
pub struct Dissection {
    /// The layers, outermost first.
    pub layers: Vec<Layer>,
    /// The packets of the network layer among them, outermost first; more than one in a tunnel or an ICMP error.
    pub networks: Vec<Network>,
    /// The segments and datagrams among them, outermost first.
    pub transports: Vec<Transport>,
    /// Where dissecting had to stop, if it had to; or the first length that promises more than is there.
    pub stop: Option<Stop>,
}

impl Dissection {
    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.layers.clear();
        self.networks.clear();
        self.transports.clear();
        self.stop = None;
    }

    /// The innermost packet that is really under way (not one that an ICMP error quotes).
    #[must_use]
    pub fn network(&self) -> Option<&Network> {
        match self.networks.as_slice() {
            [.., last] if !last.quoted => Some(last),
            networks => networks.iter().rev().find(|network| !network.quoted),
        }
    }

    /// The segment or datagram that the innermost packet carries.
    #[must_use]
    pub fn transport(&self) -> Option<&Transport> {
        match self.transports.as_slice() {
            [.., last] if !last.quoted => Some(last),
            transports => transports.iter().rev().find(|transport| !transport.quoted),
        }
    }

    /// The first layer of a protocol, by its name.
    #[must_use]
    pub fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.protocol.name == name)
    }
}
