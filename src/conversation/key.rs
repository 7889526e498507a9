//! Which conversation a packet belongs to.

use super::{Endpoint, Kind, Side};
use crate::dissect::network::{icmp, icmpv6};
use crate::dissect::transport::tcp::{ACK, SYN};
use crate::dissect::{Dissection, Network, Tcp, Transport};
use crate::reassembly::fragments::Ports;

/// What a packet says about the conversation that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) kind: Kind,
    /// Who sent the packet.
    pub(super) source: Endpoint,
    /// For whom it is.
    pub(super) destination: Endpoint,
    /// Who began the conversation, as far as this packet tells, if it is its first; `Originator` means the packet's sender.
    pub(super) sender: Side,
    /// Whether that was seen, not inferred.
    pub(super) seen: bool,
    /// What it says as a segment.
    pub(super) tcp: Option<Tcp>,
}

/// The segment or datagram that the innermost packet under way carries; not that of a tunnel around it.
pub(super) fn transport_of<'a>(dissection: &'a Dissection, network: &Network) -> Option<&'a Transport> {
    let transport = dissection.transport()?;
    let carrier = dissection.layers.get(transport.layer)?.network?;
    let is_its_own = dissection.networks.get(usize::from(carrier)).is_some_and(|other| std::ptr::eq(other, network));
    is_its_own.then_some(transport)
}

/// The key of a packet that carries `transport`; `ports` are those of its datagram, where it is a fragment that does not hold them.
pub(super) fn key_of(bytes: &[u8], dissection: &Dissection, network: &Network, transport: Option<&Transport>, ports: Option<Ports>) -> Key {
    let ports = transport
        .map(|transport| (transport.source_port, transport.destination_port))
        .or(ports.filter(|ports| ports.protocol == network.protocol).map(|ports| (ports.source, ports.destination)));
    let ends = |source: u16, destination: u16| {
        (Endpoint { address: network.source, port: source }, Endpoint { address: network.destination, port: destination })
    };
    let tcp = transport.and_then(|transport| transport.tcp);
    if let (1 | 58, Some((identifier, reply))) = (network.protocol, echo(bytes, dissection)) {
        let (source, destination) = ends(identifier, identifier);
        let sender = if reply { Side::Responder } else { Side::Originator };
        return Key { kind: Kind::Echo, source, destination, sender, seen: !reply, tcp: None };
    }
    let kind = match (network.protocol, ports) {
        (6, Some(_)) => Kind::Tcp,
        (17, Some(_)) => Kind::Udp,
        (other, _) => Kind::Other(other),
    };
    let (source_port, destination_port) = ports.unwrap_or_default();
    let (source, destination) = ends(source_port, destination_port);
    let (sender, seen) = match (kind, tcp) {
        (Kind::Tcp, Some(tcp)) => who_began(tcp, source_port, destination_port),
        _ => (by_ports(source_port, destination_port), kind != Kind::Tcp),
    };
    Key { kind, source, destination, sender, seen, tcp: tcp.filter(|_| kind == Kind::Tcp) }
}

fn who_began(tcp: Tcp, source: u16, destination: u16) -> (Side, bool) {
    match (tcp.flags & SYN != 0, tcp.flags & ACK != 0) {
        (true, false) => (Side::Originator, true),
        (true, true) => (Side::Responder, true),
        (false, _) => (by_ports(source, destination), false),
    }
}

/// The side of the sender by its port: who has a port of a service alone was asked.
fn by_ports(source: u16, destination: u16) -> Side {
    const SERVICES: u16 = 1024;
    match (source, destination) {
        // DHCP and DHCPv6: clients have ports of their own that are as low.
        (67, 68) | (547, 546) => Side::Responder,
        _ if source < SERVICES && destination >= SERVICES => Side::Responder,
        _ => Side::Originator,
    }
}

/// An echo's identifier, and whether it is a reply (RFC 792, RFC 4443 section 4).
fn echo(bytes: &[u8], dissection: &Dissection) -> Option<(u16, bool)> {
    let is_icmp = |name| name == icmp::PROTOCOL.name || name == icmpv6::PROTOCOL.name;
    let layer = dissection.layers.iter().rev().find(|layer| !layer.quoted && is_icmp(layer.protocol.name))?;
    let &[kind, _, _, _, high, low, ..] = bytes.get(layer.start..layer.end)? else { return None };
    match (layer.protocol.name == icmp::PROTOCOL.name, kind) {
        (true, 8) | (false, 128) => Some((u16::from_be_bytes([high, low]), false)),
        (true, 0) | (false, 129) => Some((u16::from_be_bytes([high, low]), true)),
        _ => None,
    }
}
