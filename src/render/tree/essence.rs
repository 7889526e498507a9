//! What a layer comes to, behind its title: who to whom, how much, and what it does.

use crate::conversation::Names;
use crate::dissect::View;
use crate::render::line;
use crate::render::name::push_name;
use crate::render::number::{push_decimal, push_mac};

/// Appends `, 192.168.1.11 > 10.130.1.4, 60 bytes`, or what the line form says of the layer, or nothing.
pub(super) fn push(out: &mut Vec<u8>, view: View<'_>, names: &Names) {
    let before = out.len();
    out.extend_from_slice(b", ");
    let start = out.len();
    push_words(out, view, names);
    if out.len() == start {
        out.truncate(before);
    }
}

fn push_words(out: &mut Vec<u8>, view: View<'_>, names: &Names) {
    if let Some(network) = view.dissection.networks.iter().find(|network| network.layer == view.index) {
        push_name(out, names, network.source);
        out.extend_from_slice(b" > ");
        push_name(out, names, network.destination);
        out.extend_from_slice(b", ");
        line::push_length(out, view.wire_length());
        return;
    }
    if let Some(transport) = view.dissection.transports.iter().find(|transport| transport.layer == view.index) {
        push_decimal(out, u64::from(transport.source_port));
        out.extend_from_slice(b" > ");
        push_decimal(out, u64::from(transport.destination_port));
        if let Some(tcp) = transport.tcp {
            out.extend_from_slice(b", ");
            line::push_flags(out, tcp.flags);
        }
        if transport.payload_length > 0 {
            out.extend_from_slice(b", ");
            line::push_length(out, transport.payload_length);
            out.extend_from_slice(b" of payload");
        }
        return;
    }
    match view.layer().protocol.name {
        "eth" => {
            if let Some(&[d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5]) = view.bytes().first_chunk() {
                push_mac(out, [s0, s1, s2, s3, s4, s5]);
                out.extend_from_slice(b" > ");
                push_mac(out, [d0, d1, d2, d3, d4, d5]);
            }
        }
        "data" => line::push_length(out, view.bytes().len()),
        _ => line::push_words(out, view, names),
    }
}
