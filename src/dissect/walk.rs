//! The walk over a frame's layers: each protocol sees its own bytes and says where they end and who is next.

use super::registry::registry;
use super::{Dissection, Layer, Network, Next, Protocol, Selector, Stop, StopReason, Tcp, Transport};
use crate::frame::{Frame, LinkType};
use crate::limits::Limits;

/// What a protocol sees while it dissects: its bytes, and a place for what it finds.
pub struct Walk<'a> {
    bytes: &'a [u8],
    start: usize,
    end: usize,
    wire_end: usize,
    header: usize,
    payload_limit: Option<usize>,
    quoted: bool,
    network: Option<u8>,
    dissection: &'a mut Dissection,
}

impl<'a> Walk<'a> {
    /// The layer's bytes, header and payload, as far as they were captured.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// The layer's first `length` bytes.
    ///
    /// # Errors
    /// A [`Stop`] that names `part` where there are fewer.
    pub fn need(&self, length: usize, part: &'static str) -> Result<&'a [u8], Stop> {
        let bytes = self.bytes();
        bytes.get(..length).ok_or_else(|| self.short(length, part))
    }

    /// The layer's first `N` bytes, as an array.
    ///
    /// # Errors
    /// A [`Stop`] that names the header where there are fewer.
    pub fn header_bytes<const N: usize>(&self) -> Result<&'a [u8; N], Stop> {
        self.bytes().first_chunk().ok_or_else(|| self.short(N, "header"))
    }

    /// The stop for a layer that needed `length` bytes and had fewer.
    #[must_use]
    pub fn short(&self, length: usize, part: &'static str) -> Stop {
        let reason = if self.start.saturating_add(length) <= self.wire_end { StopReason::Cut } else { StopReason::Short };
        Stop { protocol: self.protocol().name, part, offset: self.start, needed: length, had: self.bytes().len(), reason }
    }

    /// The stop for a field that says `had` and must say at least `needed`.
    #[must_use]
    pub fn invalid(&self, part: &'static str, needed: usize, had: usize) -> Stop {
        Stop { protocol: self.protocol().name, part, offset: self.start, needed, had, reason: StopReason::Invalid }
    }

    /// The stop for a header that repeats more often than its limit.
    #[must_use]
    pub fn nesting(&self, part: &'static str, limit: usize) -> Stop {
        Stop {
            protocol: self.protocol().name,
            part,
            offset: self.start,
            needed: limit,
            had: limit.saturating_add(1),
            reason: StopReason::Nesting,
        }
    }

    /// The protocol whose layer this is.
    #[must_use]
    pub fn protocol(&self) -> &'static Protocol {
        self.dissection.layers.last().map_or_else(|| registry().payload(), |layer| layer.protocol)
    }

    /// Says how long the header is. Until it is called the header is everything.
    #[expect(clippy::arithmetic_side_effects, reason = "a layer begins where it ends or before, and ends within the frame")]
    pub fn header(&mut self, length: usize) {
        self.header = length.min(self.end - self.start);
    }

    /// How many bytes header and payload had on the wire, as far as the enclosing layers say.
    #[must_use]
    #[expect(clippy::arithmetic_side_effects, reason = "a layer begins where it ends or before, and ends within the frame")]
    pub fn wire_length(&self) -> usize {
        self.wire_end - self.start
    }

    /// Says that header and payload are `length` bytes by the layer's own length field: what is behind them belongs to the layers around.
    /// A length beyond the enclosing layer's changes nothing but is reported; not in a quotation and not in a fragment, where the rest is
    /// elsewhere.
    #[expect(clippy::arithmetic_side_effects, reason = "a layer begins where it ends or before, and ends within the frame")]
    pub fn limit(&mut self, length: usize) {
        let whole = !self.quoted && self.network().is_none_or(|network| network.fragment.is_none());
        if whole && length > self.wire_length() {
            let (protocol, had) = (self.protocol().name, self.wire_length());
            let lie = Stop { protocol, part: "length", offset: self.start, needed: length, had, reason: StopReason::Beyond };
            self.dissection.stop.get_or_insert(lie);
        }
        self.wire_end = self.wire_end.min(self.start.saturating_add(length));
        self.end = self.end.min(self.wire_end);
        self.header = self.header.min(self.end - self.start);
    }

    /// Says that only the payload's first `length` bytes are the next layer's; what is behind them stays with this layer (padding).
    pub fn limit_payload(&mut self, length: usize) {
        self.payload_limit = Some(length);
    }

    /// Whether the layer belongs to a packet that an ICMP error quotes.
    #[must_use]
    pub fn quoted(&self) -> bool {
        self.quoted
    }

    /// Says that what follows is a quotation: a packet that is not itself under way.
    pub fn quote(&mut self) {
        self.quoted = true;
    }

    /// How many layers of these protocols stand directly above this one, itself included.
    #[must_use]
    pub fn repeated(&self, protocols: &[&'static Protocol]) -> usize {
        let layers = self.dissection.layers.iter().rev();
        layers.take_while(|layer| protocols.iter().any(|protocol| protocol.is(layer.protocol))).count()
    }

    /// How many layers stand between the packet that this one travels in and this one: 0 where it follows the packet's own header.
    #[must_use]
    pub fn behind_network(&self) -> usize {
        self.network().map_or(0, |network| self.dissection.layers.len().saturating_sub(network.layer.saturating_add(2)))
    }

    /// The layer around this one.
    #[must_use]
    pub fn parent(&self) -> Option<&Layer> {
        self.dissection.layers.iter().rev().nth(1)
    }

    /// The header of the layer around this one.
    #[must_use]
    pub fn parent_header(&self) -> &'a [u8] {
        self.parent().and_then(|parent| self.bytes.get(parent.start..parent.payload_start())).unwrap_or_default()
    }

    /// The packet that this layer travels in.
    #[must_use]
    pub fn network(&self) -> Option<&Network> {
        self.dissection.networks.get(usize::from(self.network?))
    }

    /// The same, to be changed: IPv6 extension headers have more to say about their packet.
    pub fn network_mut(&mut self) -> Option<&mut Network> {
        self.dissection.networks.get_mut(usize::from(self.network?))
    }

    /// Says that this layer is a packet of the network layer. `layer` and `quoted` are filled in here.
    ///
    /// # Errors
    /// A [`Stop`] where packets stand in one another more than [`Limits::TUNNELS`] times.
    #[expect(clippy::arithmetic_side_effects, reason = "there is a layer: this one")]
    pub fn set_network(&mut self, network: Network) -> Result<(), Stop> {
        if self.dissection.networks.len() >= Limits::TUNNELS {
            return Err(self.nesting("tunnels", Limits::TUNNELS));
        }
        self.network = u8::try_from(self.dissection.networks.len()).ok();
        let layer = self.dissection.layers.len() - 1;
        self.dissection.networks.push(Network { layer, quoted: self.quoted, ..network });
        Ok(())
    }

    /// Says that this layer is a segment or a datagram, with a header of so many bytes on the wire, captured or not. The length of what was
    /// captured of it must have been given.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "there is a layer, and its header ends within the frame; no header has more than 60 bytes"
    )]
    pub fn set_transport(&mut self, source_port: u16, destination_port: u16, tcp: Option<Tcp>, header_length: usize) {
        self.dissection.transports.push(Transport {
            layer: self.dissection.layers.len() - 1,
            source_port,
            destination_port,
            payload_start: self.start + self.header,
            payload_length: self.wire_end.saturating_sub(self.start + header_length),
            tcp,
            quoted: self.quoted,
        });
    }
}

/// Takes a frame apart into `dissection`, which is emptied first.
///
/// ```
/// use wirelore::dissect::{Dissection, dissect_bytes};
/// use wirelore::frame::LinkType;
/// let mut dissection = Dissection::default();
/// dissect_bytes(&[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 59, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 20, LinkType::IPV4, &mut dissection);
/// assert_eq!(dissection.network().map(|network| network.hop_limit), Some(64));
/// ```
pub fn dissect(frame: &Frame<'_>, dissection: &mut Dissection) {
    let wire = (frame.length as usize).max(frame.data.len());
    let inside = wire.saturating_sub(usize::from(frame.check_sequence_length));
    let captured = frame.data.get(..inside).unwrap_or(frame.data);
    dissect_bytes(captured, inside, frame.link_type, dissection);
}

/// Takes bytes of a link type apart: `wire_length` of them there were, `bytes` were kept.
pub fn dissect_bytes(bytes: &[u8], wire_length: usize, link_type: LinkType, dissection: &mut Dissection) {
    dissection.clear();
    let first = registry().find(Selector::LinkType(link_type.0)).unwrap_or_else(|| registry().payload());
    walk(bytes, wire_length.max(bytes.len()), first, dissection);
}

#[expect(clippy::arithmetic_side_effects, reason = "a layer begins where it ends or before, and ends within the frame")]
fn walk(bytes: &[u8], wire_length: usize, first: &'static Protocol, dissection: &mut Dissection) {
    let registry = registry();
    let mut protocol = first;
    let mut walk = Walk {
        bytes,
        start: 0,
        end: bytes.len(),
        wire_end: wire_length,
        header: 0,
        payload_limit: None,
        quoted: false,
        network: None,
        dissection,
    };
    loop {
        walk.header = walk.end - walk.start;
        walk.dissection.layers.push(Layer {
            protocol,
            start: walk.start,
            length: walk.header,
            end: walk.end,
            wire_end: walk.wire_end,
            quoted: walk.quoted,
            network: walk.network,
        });
        let quoted = walk.quoted;
        let outcome = (protocol.dissect)(&mut walk);
        if let Some(layer) = walk.dissection.layers.last_mut() {
            layer.length = walk.header;
            layer.end = walk.end;
            layer.wire_end = walk.wire_end;
            layer.quoted = quoted;
            layer.network = walk.network;
        }
        let next = match &outcome {
            Ok(Next::Foreign) => {
                walk.dissection.layers.pop();
                protocol = registry.payload();
                continue;
            }
            Ok(Next::Instead(other)) => {
                walk.dissection.layers.pop();
                protocol = other;
                continue;
            }
            Ok(next) => next,
            // An error quotes as much of a packet as its sender likes: a layer that ends with the quotation is not damaged.
            Err(stop) if quoted && stop.reason == StopReason::Short => return,
            Err(stop) => {
                // What comes after a length that promised too much follows from it; what the same layer says beside it is more exact.
                if walk.dissection.stop.is_none_or(|lie| lie.offset == stop.offset) {
                    walk.dissection.stop = Some(*stop);
                }
                return;
            }
        };
        walk.start += walk.header;
        if let Some(length) = walk.payload_limit.take() {
            walk.limit(length);
        }
        let payload = walk.bytes();
        let child = match *next {
            Next::Claimed(selector) => registry.find(selector),
            Next::TcpPorts(source, destination) => registry.tcp(source, destination, payload),
            Next::UdpPorts(source, destination) => registry.udp(source, destination, payload),
            Next::Protocol(protocol) => Some(protocol),
            Next::Payload => None,
            Next::Nothing | Next::Foreign | Next::Instead(_) => return,
        };
        // A child with no bytes at all is worth a layer only where the capture cut it off: then the cut is what there is to say.
        if payload.is_empty() && (child.is_none() || walk.wire_end <= walk.start) {
            return;
        }
        protocol = child.unwrap_or_else(|| registry.payload());
        if walk.dissection.layers.len() >= Limits::LAYERS {
            walk.dissection.stop = Some(Stop {
                protocol: protocol.name,
                part: "layers",
                offset: walk.start,
                needed: Limits::LAYERS,
                had: Limits::LAYERS + 1,
                reason: StopReason::Nesting,
            });
            return;
        }
    }
}
