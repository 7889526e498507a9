//! What a frame does, in words: one file a protocol that deserves its own wording, and one for all others.

mod arp;
mod dhcp;
mod dns;
mod generic;
mod http;
mod icmp;
mod link;
mod network;
mod tcp;
mod text_line;
mod tls;

pub(super) use generic::push_distinction;
pub(super) use network::push_fragment;
pub(in crate::render) use tcp::{push_flags, push_length};

use super::Subject;
use crate::render::number;

/// Appends the words of the subject.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    push_layer(out, subject);
    if subject.more > 0 {
        out.extend_from_slice(b", and ");
        number::push_decimal(out, subject.more as u64);
        out.extend_from_slice(b" more");
    }
}

/// Appends the words of the subject's layer alone.
pub(super) fn push_layer(out: &mut Vec<u8>, subject: &Subject<'_>) {
    match subject.layer().protocol.name {
        "tcp" => tcp::push(out, subject),
        "udp" => push_datagram(out, subject),
        "arp" => arp::push(out, subject),
        "dns" | "mdns" | "llmnr" => dns::push(out, subject),
        "dhcp" => dhcp::push(out, subject),
        "http" | "ssdp" => http::push(out, subject),
        "smtp" | "pop" | "imap" | "ftp" => text_line::push(out, subject),
        "tls" => tls::push(out, subject),
        "icmp" | "icmpv6" => icmp::push(out, subject),
        "ip" | "ipv6" => network::push(out, subject),
        "eth" | "null" => link::push(out, subject),
        _ => generic::push(out, subject),
    }
}

fn push_datagram(out: &mut Vec<u8>, subject: &Subject<'_>) {
    match subject.transport.filter(|transport| transport.layer == subject.view.index) {
        Some(own) => tcp::push_length(out, own.payload_length),
        // It ends within the header, and what is said of that says how much there is.
        None if subject.view.dissection.stop.is_some() => {}
        // Of a quotation that ends so there is no more to say than how long it is.
        None => tcp::push_length(out, subject.view.bytes().len()),
    }
}
