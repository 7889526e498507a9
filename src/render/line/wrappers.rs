//! What a packet is wrapped in: tags, labels and tunnels, outermost first, behind the words.

use super::{Subject, words};
use crate::conversation::Names;
use crate::dissect::View;
use crate::render::name;
use crate::render::style::{Palette, Role};

/// Appends ` in VLAN 5, in GRE, in IPv4 10.0.0.1 > 10.0.0.2`, or nothing.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>, palette: &Palette) {
    let dissection = subject.view.dissection;
    let end = match (subject.inner_link(), dissection.network()) {
        (None, Some(network)) => network.layer.min(subject.view.index),
        (Some(_), _) | (None, None) => subject.view.index,
    };
    push_before(out, subject.view, end, subject.names, palette);
}

/// The same for the layers before the one at `end`.
pub(super) fn push_before(out: &mut Vec<u8>, view: View<'_>, end: usize, names: &Names, palette: &Palette) {
    let dissection = view.dissection;
    for (index, layer) in dissection.layers.iter().enumerate().take(end) {
        // The link itself is no wrapper; where there is none the first layer is a packet.
        if index == 0 && dissection.networks.first().is_none_or(|network| network.layer > 0) {
            continue;
        }
        // An inner Ethernet header, the datagram that carries a tunnel, and what only names the next layer say nothing that the layers
        // beside them do not.
        if matches!(layer.protocol.name, "eth" | "llc" | "udp" | "ppp" | "slow" | "osi") {
            continue;
        }
        // Where there are no words there is nothing to go on from.
        let separator: &[u8] = if out.last() == Some(&b' ') { b"in " } else { b", in " };
        palette.paint(out, Role::Dim, |out| {
            out.extend_from_slice(separator);
            let label = layer.protocol.label.as_bytes();
            match dissection.networks.iter().find(|network| network.layer == index) {
                Some(network) => {
                    out.extend_from_slice(label);
                    out.push(b' ');
                    name::push_name(out, names, network.source);
                    out.extend_from_slice(b" > ");
                    name::push_name(out, names, network.destination);
                }
                None => {
                    // A field that names its protocol (`VLAN 10`, `service VLAN 100`) needs no label before it.
                    let before = out.len();
                    words::push_distinction(out, View { index, ..view });
                    if !out.get(before..).unwrap_or_default().windows(label.len()).any(|part| part == label) {
                        let separator: &[u8] = if out.len() > before { b" " } else { b"" };
                        out.splice(before..before, label.iter().chain(separator).copied());
                    }
                }
            }
        });
    }
}
