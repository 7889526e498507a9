//! A packet whose payload no protocol is known for, and fragments.

use super::super::Subject;
use super::tcp::push_length;
use crate::dissect::network::ip_protocol_name;
use crate::render::number;

/// Appends `GRE, 40 bytes`: what the packet says that it carries.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let Some(network) = subject.view.network() else { return };
    match ip_protocol_name(u64::from(network.protocol)) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => {
            out.extend_from_slice(b"protocol ");
            number::push_decimal(out, u64::from(network.protocol));
        }
    }
    out.extend_from_slice(b", ");
    let layer = subject.layer();
    push_length(out, layer.wire_end.saturating_sub(layer.payload_start()));
}

/// Appends ` [fragment id 0x1234, bytes 1480-2959, more follow]` where the packet is one.
pub(super) fn push_fragment(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let dissection = subject.view.dissection;
    let Some((network, part)) = dissection.network().and_then(|network| Some((network, network.fragment?))) else {
        return;
    };
    // The payload begins behind the last header that every fragment repeats: the packet's own, or its fragment header.
    let headers = dissection.layers.iter().rev().find(|layer| layer.protocol.name == "ipv6.fraghdr");
    let Some(layer) = headers.or_else(|| dissection.layers.get(network.layer)) else { return };
    let length = u64::try_from(layer.wire_end.saturating_sub(layer.payload_start())).unwrap_or(u64::MAX);
    out.extend_from_slice(b" [fragment id 0x");
    number::push_hex(out, u64::from(part.identification), if network.source.is_ipv4() { 4 } else { 8 });
    out.extend_from_slice(b", bytes ");
    number::push_decimal(out, u64::from(part.offset));
    out.push(b'-');
    number::push_decimal(out, u64::from(part.offset).saturating_add(length).saturating_sub(1));
    out.extend_from_slice(if part.more { b", more follow]" } else { b", the last]" });
}
