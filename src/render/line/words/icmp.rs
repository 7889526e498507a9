//! ICMP and ICMPv6: what happened, and to which packet.

use super::super::{Subject, endpoints};
use super::{network, tcp};
use crate::render::number;
use std::net::IpAddr;

/// Messages of ICMPv6 that have words of their own.
const NEIGHBOUR_SOLICITATION: u8 = 135;
const NEIGHBOUR_ADVERTISEMENT: u8 = 136;

/// Appends the message's fields and, of an error, the packet that it quotes.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    if !push_echo(out, subject) && !push_neighbour(out, subject) {
        super::generic::push(out, subject);
    }
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
    network::push_protocol(out, quoted.protocol);
}

/// Appends `echo request, id 7, seq 1, 64 bytes`, as ping counts them; `false` where it is no echo.
fn push_echo(out: &mut Vec<u8>, subject: &Subject<'_>) -> bool {
    let view = subject.view;
    let Some(&[kind, _, _, _, i0, i1, s0, s1]) = view.bytes().first_chunk::<8>() else { return false };
    let words: &[u8] = match (view.layer().protocol.name, kind) {
        ("icmp", 8) | ("icmpv6", 128) => b"echo request, id ",
        ("icmp", 0) | ("icmpv6", 129) => b"echo reply, id ",
        _ => return false,
    };
    out.extend_from_slice(words);
    number::push_decimal(out, u64::from(u16::from_be_bytes([i0, i1])));
    out.extend_from_slice(b", seq ");
    number::push_decimal(out, u64::from(u16::from_be_bytes([s0, s1])));
    // Of a fragment the length of the whole message is not known.
    if view.network().is_none_or(|network| network.fragment.is_none()) {
        out.extend_from_slice(b", ");
        tcp::push_length(out, view.wire_length());
    }
    true
}

/// Appends `neighbour solicitation, who has fe80::1?` or `neighbour advertisement, fe80::1 is at 02:00:00:00:00:01`; `false` where it is
/// neither, or not whole.
fn push_neighbour(out: &mut Vec<u8>, subject: &Subject<'_>) -> bool {
    let view = subject.view;
    let bytes = view.bytes();
    let (Some(kind), Some(target)) = (bytes.first(), bytes.get(8..).and_then(<[u8]>::first_chunk::<16>)) else { return false };
    if view.layer().protocol.name != "icmpv6" {
        return false;
    }
    let target = IpAddr::from(*target);
    match *kind {
        NEIGHBOUR_SOLICITATION => {
            out.extend_from_slice(b"neighbour solicitation, who has ");
            number::push_address(out, target);
            out.push(b'?');
        }
        NEIGHBOUR_ADVERTISEMENT => {
            out.extend_from_slice(b"neighbour advertisement, ");
            number::push_address(out, target);
            // The target's link address is option 2, of one unit of 8 bytes (RFC 4861 section 4.6.1); it is commonly the only one.
            if let Some(&[2, 1, a, b, c, d, e, f]) = bytes.get(24..).and_then(<[u8]>::first_chunk::<8>) {
                out.extend_from_slice(b" is at ");
                number::push_mac(out, [a, b, c, d, e, f]);
            }
        }
        _ => return false,
    }
    true
}

fn quoted_ports(subject: &Subject<'_>) -> Option<(u16, u16)> {
    let view = subject.view;
    let layer = view.dissection.layers.iter().find(|layer| layer.quoted && matches!(layer.protocol.name, "tcp" | "udp" | "sctp"))?;
    let &[s0, s1, d0, d1] = view.frame.get(layer.start..layer.end)?.first_chunk::<4>()?;
    Some((u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1])))
}
