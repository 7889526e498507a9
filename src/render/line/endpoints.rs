//! Who sent a frame to whom, at the highest layer that says so.

use super::Subject;
use crate::conversation::names::Called;
use crate::dissect::{Dissection, Layer};
use crate::render::{name, number};

/// Appends the subject's endpoints: addresses, or their names, with ports; addresses; or link addresses. `called` is what both are called.
pub(super) fn push(out: &mut Vec<u8>, frame: &[u8], dissection: &Dissection, subject: &Subject<'_>, called: [Option<Called<'_>>; 2]) {
    let network = match (dissection.network(), subject.inner_link()) {
        (Some(network), None) => network,
        (None, _) => {
            push_link(out, frame, dissection);
            return;
        }
        (_, Some(link)) => {
            push_link_of(out, frame, link);
            return;
        }
    };
    let ports = subject.transport.map(|transport| (transport.source_port, transport.destination_port));
    let [source, destination] = called;
    name::push_endpoint(out, source, network.source, ports.map(|(source, _)| source));
    out.extend_from_slice(b" > ");
    name::push_endpoint(out, destination, network.destination, ports.map(|(_, destination)| destination));
}

/// Appends the link addresses of a frame: both of an Ethernet header, or the sender's alone, which is all that a cooked capture keeps.
pub(super) fn push_link(out: &mut Vec<u8>, frame: &[u8], dissection: &Dissection) {
    if let Some(layer) = dissection.layer("eth") {
        push_link_of(out, frame, layer);
    } else if let Some(sender) = cooked_sender(frame, dissection) {
        out.extend_from_slice(b"from ");
        number::push_mac(out, sender);
    }
}

/// The sender's link address in a Linux cooked header, where it is six bytes long: behind its length, at bytes 6 (version 1) or 12 (version 2).
fn cooked_sender(frame: &[u8], dissection: &Dissection) -> Option<[u8; 6]> {
    let layer = dissection.layers.first()?;
    let header = frame.get(layer.start..layer.payload_start())?;
    let (length, address) = match layer.protocol.name {
        "sll" => (header.get(5)?, header.get(6..)?),
        "sll2" => (header.get(11)?, header.get(12..)?),
        _ => return None,
    };
    address.first_chunk().copied().filter(|_| *length == 6)
}

/// Appends the addresses of an Ethernet header, where they were captured.
fn push_link_of(out: &mut Vec<u8>, frame: &[u8], layer: &Layer) {
    let Some(addresses) = frame.get(layer.start..).and_then(<[u8]>::first_chunk::<12>) else { return };
    let &[d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5] = addresses;
    number::push_mac(out, [s0, s1, s2, s3, s4, s5]);
    out.extend_from_slice(b" > ");
    match [d0, d1, d2, d3, d4, d5] {
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => out.extend_from_slice(b"broadcast"),
        address => number::push_mac(out, address),
    }
}
