//! ICMP and ICMPv6: what happened, and to which packet.

use super::super::Subject;
use super::{network, tcp};
use crate::dissect::Layer;
use crate::render::{name, number};
use std::net::IpAddr;

/// Messages of ICMPv6 that have words of their own.
const NEIGHBOUR_SOLICITATION: u8 = 135;
const NEIGHBOUR_ADVERTISEMENT: u8 = 136;
const REDIRECT_6: u8 = 137;
const REDIRECT: u8 = 5;

/// Appends the message's fields and, of an error, the packet that it quotes.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    if !push_echo(out, subject) && !push_neighbour(out, subject) && !push_redirect(out, subject) {
        super::generic::push(out, subject);
    }
    let dissection = subject.view.dissection;
    // Of a tunnel's packets the outermost: it is the one that the error is about.
    let Some(place) = dissection.networks.iter().position(|network| network.quoted) else { return };
    let Some(quoted) = dissection.networks.get(place) else { return };
    let is_its_own = |layer: &Layer| layer.quoted && layer.network.is_some_and(|network| usize::from(network) == place);
    let transport = dissection.transports.iter().find(|transport| dissection.layers.get(transport.layer).is_some_and(is_its_own));
    out.extend_from_slice(b", about ");
    // A quotation is often cut behind the ports, where no summary of the segment is made: they stand there all the same.
    let ports =
        transport.map(|transport| (transport.source_port, transport.destination_port)).or_else(|| quoted_ports(subject, is_its_own));
    name::push_endpoint(out, subject.names.called(quoted.source), quoted.source, ports.map(|(source, _)| source));
    out.extend_from_slice(b" > ");
    name::push_endpoint(out, subject.names.called(quoted.destination), quoted.destination, ports.map(|(_, destination)| destination));
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

/// Appends `redirect for the host, use 10.0.0.9` or `redirect, fe80::1 is the way to 2001:db8::5`; `false` where it is neither, or not whole.
fn push_redirect(out: &mut Vec<u8>, subject: &Subject<'_>) -> bool {
    let bytes = subject.view.bytes();
    match (subject.view.layer().protocol.name, bytes.first_chunk::<8>(), bytes.first_chunk::<40>()) {
        ("icmp", Some(&[REDIRECT, code, _, _, a, b, c, d]), _) => {
            out.extend_from_slice(match code {
                0 => b"redirect for the network, use ",
                1 => b"redirect for the host, use ",
                2 => b"redirect for the type of service and network, use ",
                3 => b"redirect for the type of service and host, use ",
                _ => b"redirect, use ",
            });
            number::push_ipv4(out, [a, b, c, d]);
        }
        ("icmpv6", _, Some(&[REDIRECT_6, _, _, _, _, _, _, _, ref addresses @ ..])) => {
            let Some((target, destination)) = addresses.split_first_chunk::<16>() else { return false };
            let Some(destination) = destination.first_chunk::<16>() else { return false };
            out.extend_from_slice(b"redirect, ");
            number::push_address(out, IpAddr::from(*target));
            out.extend_from_slice(b" is the way to ");
            number::push_address(out, IpAddr::from(*destination));
        }
        _ => return false,
    }
    true
}

fn quoted_ports(subject: &Subject<'_>, is_its_own: impl Fn(&Layer) -> bool) -> Option<(u16, u16)> {
    let view = subject.view;
    let layer = view.dissection.layers.iter().find(|layer| is_its_own(layer) && matches!(layer.protocol.name, "tcp" | "udp" | "sctp"))?;
    let &[s0, s1, d0, d1] = view.frame.get(layer.start..layer.end)?.first_chunk::<4>()?;
    Some((u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1])))
}
