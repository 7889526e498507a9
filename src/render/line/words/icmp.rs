//! ICMP and ICMPv6: what happened, and to which packet.

use super::super::{Subject, endpoints};
use crate::dissect::network::ip_protocol_name;
use crate::render::number;

/// Appends the message's fields and, of an error, the packet that it quotes.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    super::generic::push(out, subject);
    let dissection = subject.view.dissection;
    let Some(quoted) = dissection.networks.iter().find(|network| network.quoted) else { return };
    let transport = dissection.transports.iter().find(|transport| transport.quoted);
    out.extend_from_slice(b", about ");
    // A quotation is often cut behind the ports, where no summary of the segment is made: they stand there all the same.
    let ports = transport.map(|transport| (transport.source_port, transport.destination_port)).or_else(|| quoted_ports(subject));
    endpoints::push_endpoint(out, quoted.source, ports.map(|(source, _)| source));
    out.extend_from_slice(b" > ");
    endpoints::push_endpoint(out, quoted.destination, ports.map(|(_, destination)| destination));
    out.push(b' ');
    match ip_protocol_name(u64::from(quoted.protocol)) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => number::push_decimal(out, u64::from(quoted.protocol)),
    }
}

fn quoted_ports(subject: &Subject<'_>) -> Option<(u16, u16)> {
    let view = subject.view;
    let layer = view.dissection.layers.iter().find(|layer| layer.quoted && matches!(layer.protocol.name, "tcp" | "udp" | "sctp"))?;
    let &[s0, s1, d0, d1] = view.frame.get(layer.start..layer.end)?.first_chunk::<4>()?;
    Some((u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1])))
}
