//! A packet whose payload no protocol is known for, and fragments.

use super::super::Subject;
use super::tcp::push_length;
use crate::dissect::Layer;
use crate::dissect::network::ip_protocol_name;
use crate::render::number;

/// The IPv6 next header number that says that nothing follows.
const NO_NEXT_HEADER: u8 = 59;

/// Appends `GRE, 40 bytes`: what the packet says that it carries.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let Some(network) = subject.view.network() else { return };
    if network.protocol == NO_NEXT_HEADER && network.source.is_ipv4() {
        // The number is known, but means nothing here.
        out.extend_from_slice(b"protocol 59 (IPv6-NoNxt)");
    } else {
        push_protocol(out, network.protocol);
    }
    out.extend_from_slice(b", ");
    let layer = fragment_header(subject).unwrap_or_else(|| subject.layer());
    push_length(out, layer.wire_end.saturating_sub(layer.payload_start()));
}

/// Appends what people call an IP protocol.
pub(super) fn push_protocol(out: &mut Vec<u8>, protocol: u8) {
    match (protocol, ip_protocol_name(u64::from(protocol))) {
        // IANA's keyword is IPv6-ICMP.
        (58, _) => out.extend_from_slice(b"ICMPv6"),
        (_, Some(name)) => out.extend_from_slice(name.as_bytes()),
        (_, None) => {
            out.extend_from_slice(b"protocol ");
            number::push_decimal(out, u64::from(protocol));
        }
    }
}

/// The last header that every fragment repeats, where it is not the packet's own.
fn fragment_header<'a>(subject: &Subject<'a>) -> Option<&'a Layer> {
    subject.view.dissection.layers.iter().rfind(|layer| layer.protocol.name == "ipv6.fraghdr" && !layer.quoted)
}

/// Appends ` [fragment id 0x1234, bytes 1480-2959, more follow]` where the packet is one.
pub(in crate::render::line) fn push_fragment(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let dissection = subject.view.dissection;
    let Some((network, part)) = dissection.network().and_then(|network| Some((network, network.fragment?))) else {
        return;
    };
    let Some(layer) = fragment_header(subject).or_else(|| dissection.layers.get(network.layer)) else { return };
    let length = u64::try_from(layer.wire_end.saturating_sub(layer.payload_start())).unwrap_or(u64::MAX);
    out.extend_from_slice(b" [fragment id 0x");
    number::push_hex(out, u64::from(part.identification), if network.source.is_ipv4() { 4 } else { 8 });
    out.extend_from_slice(b", bytes ");
    number::push_decimal(out, u64::from(part.offset));
    out.push(b'-');
    number::push_decimal(out, u64::from(part.offset).saturating_add(length).saturating_sub(1));
    out.extend_from_slice(if part.more { b", more follow]" } else { b", the last]" });
}
