//! An ICMP error, taken apart: who reports it to whom, and of which packet and conversation.

use crate::conversation::{Endpoint, Kind, Side};
use crate::dissect::{Dissection, Network};
use crate::explain::{Fact, Scene, Tell};
use std::net::IpAddr;

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMPV6: u8 = 58;
/// The port of name servers.
const DOMAIN: u16 = 53;

/// An ICMP error (RFC 792, RFC 4443 section 2.1), and what it quotes.
#[derive(Clone, Copy, Debug)]
pub(in crate::explain) struct IcmpError {
    /// Its type and its code.
    pub(in crate::explain) kind: (u8, u8),
    /// The four bytes behind its checksum: an MTU or a pointer, by its type.
    pub(in crate::explain) word: u32,
    /// Who reports it.
    pub(in crate::explain) reporter: IpAddr,
    /// The packet that it is about.
    pub(in crate::explain) quoted: Quoted,
    /// The conversation of that packet and who of it sent it, where it is in the capture.
    pub(in crate::explain) about: Option<(u64, Side)>,
    /// Whether the side that the packet was for has ever sent something in that conversation.
    pub(in crate::explain) was_answered: bool,
    /// The time to live that the last packet of that side had where it was captured.
    pub(in crate::explain) seen_hop_limit: Option<u8>,
}

/// A packet that an ICMP error quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Who sent it.
    pub source: IpAddr,
    /// For whom it is.
    pub destination: IpAddr,
    /// What it carries: an IP protocol number.
    pub protocol: u8,
    /// Its ports, of the sender and of the receiver; for an echo its identifier and its number.
    pub ports: Option<[u16; 2]>,
    /// How long it is, header and all, in bytes.
    pub length: u32,
    /// The time to live that was left.
    pub hop_limit: u8,
    /// The identification of its header; 0 with IPv6.
    pub identification: u16,
    /// Whether it is the answer to a question for a name, by its ports and, as far as it is quoted, its header (RFC 1035 section 4.1.1).
    pub is_answer: bool,
}

impl IcmpError {
    /// The error that a frame is.
    pub(in crate::explain) fn of(scene: &Scene<'_>) -> Option<Self> {
        let (bytes, dissection) = scene.own();
        if !dissection.networks.last()?.quoted {
            return None;
        }
        Self::read(bytes, dissection, scene)
    }

    fn read(bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> Option<Self> {
        let own = dissection.network()?;
        let network = dissection.networks.iter().find(|network| network.quoted)?;
        let is_icmp = |name: &str| name == "icmp" || name == "icmpv6";
        let layer = dissection.layers.iter().rev().find(|layer| !layer.quoted && is_icmp(layer.protocol.name))?;
        let &[kind, code, _, _, w0, w1, w2, w3, ..] = bytes.get(layer.start..layer.end)? else { return None };
        let is_error = if own.source.is_ipv4() { matches!(kind, 3 | 4 | 11 | 12) } else { kind < 128 };
        if !is_error {
            return None;
        }
        let quoted = Quoted::read(bytes, dissection, network)?;
        let found = quoted.ends().and_then(|(kind, source, destination)| scene.conversations.between(kind, source, destination));
        let other_sent = |side: Side| found.is_some_and(|(conversation, _)| conversation.sent[side.index()].frames > 0);
        Some(Self {
            kind: (kind, code),
            word: u32::from_be_bytes([w0, w1, w2, w3]),
            reporter: own.source,
            quoted,
            about: found.map(|(conversation, side)| (conversation.id, side)),
            was_answered: found.is_some_and(|(_, side)| other_sent(side.other())),
            seen_hop_limit: found.and_then(|(conversation, side)| conversation.hop_limit(side)),
        })
    }

    /// Whether it is of ICMP for IPv6.
    pub(in crate::explain) fn is_ipv6(&self) -> bool {
        self.reporter.is_ipv6()
    }

    /// The largest packet that fits, where the error says that a packet was too big; 0 where a router does not say how much fits (RFC 792).
    pub(in crate::explain) fn fitting(&self) -> Option<u32> {
        match (self.is_ipv6(), self.kind) {
            (false, (3, 4)) => Some(self.word & 0xffff),
            (true, (2, _)) => Some(self.word),
            _ => None,
        }
    }

    /// Whether it says that a packet's time to live was used up on its way.
    pub(in crate::explain) fn is_expired(&self) -> bool {
        self.kind == if self.is_ipv6() { (3, 0) } else { (11, 0) }
    }
}

impl Quoted {
    fn read(bytes: &[u8], dissection: &Dissection, network: &Network) -> Option<Self> {
        let start = dissection.layers.get(network.layer)?.start;
        let header = bytes.get(start..)?;
        let word = |at: usize| header.get(at..)?.first_chunk().copied().map(u16::from_be_bytes);
        let is_ipv4 = network.source.is_ipv4();
        let length = if is_ipv4 { u32::from(word(2)?) } else { u32::from(word(4)?) + 40 };
        let transport = dissection.transports.iter().find(|transport| transport.quoted);
        let ports = match network.protocol {
            ICMP | ICMPV6 => {
                let layer = dissection.layers.iter().find(|layer| layer.quoted && matches!(layer.protocol.name, "icmp" | "icmpv6"))?;
                let &[kind, _, _, _, i0, i1, s0, s1, ..] = bytes.get(layer.start..layer.end)? else { return None };
                matches!(kind, 0 | 8 | 128 | 129).then_some([u16::from_be_bytes([i0, i1]), u16::from_be_bytes([s0, s1])])
            }
            _ => transport.map(|transport| [transport.source_port, transport.destination_port]),
        };
        let is_answer = transport.filter(|transport| network.protocol == UDP && transport.source_port == DOMAIN).is_some_and(|transport| {
            let datagram = dissection.layers.get(transport.layer).and_then(|layer| bytes.get(layer.start..));
            // Often no more than the ports is quoted.
            datagram.and_then(|datagram| datagram.get(10)).map_or(transport.destination_port != DOMAIN, |flags| flags & 0x80 != 0)
        });
        Some(Self {
            is_answer,
            source: network.source,
            destination: network.destination,
            protocol: network.protocol,
            ports,
            length,
            hop_limit: network.hop_limit,
            identification: if is_ipv4 { word(4)? } else { 0 },
        })
    }

    /// What tells its conversation.
    fn ends(&self) -> Option<(Kind, Endpoint, Endpoint)> {
        let [source, destination] = self.ports.unwrap_or_default();
        let (kind, [source, destination]) = match (self.protocol, self.ports) {
            (TCP, Some(_)) => (Kind::Tcp, [source, destination]),
            (UDP, Some(_)) => (Kind::Udp, [source, destination]),
            (ICMP | ICMPV6, Some(_)) => (Kind::Echo, [source, source]),
            (TCP | UDP | ICMP | ICMPV6, None) => return None,
            (other, _) => (Kind::Other(other), [source, destination]),
        };
        let end = |address, port| Endpoint { address, port };
        Some((kind, end(self.source, source), end(self.destination, destination)))
    }
}

impl Quoted {
    /// Tells it, for programs.
    pub(in crate::explain) fn members(&self, tell: &mut Tell<'_>) {
        tell("source", Fact::Address(self.source));
        tell("destination", Fact::Address(self.destination));
        tell("protocol", Fact::Number(self.protocol.into()));
        if let (6 | 17, Some([source, destination])) = (self.protocol, self.ports) {
            tell("source_port", Fact::Number(source.into()));
            tell("destination_port", Fact::Number(destination.into()));
        }
        tell("length", Fact::Number(self.length.into()));
    }
}
