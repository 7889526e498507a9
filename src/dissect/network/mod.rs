//! The network layer and what reports on it.

pub mod arp;
pub mod ipv4;
pub mod ipv6;

use super::{Next, Selector};

/// The name of an IP protocol number, by IANA's keyword.
#[must_use]
pub fn ip_protocol_name(number: u64) -> Option<&'static str> {
    etherparse::IpNumber(u8::try_from(number).ok()?).keyword_str()
}

/// Who a packet belongs to whose version nothing around it tells: its first four bits do.
#[must_use]
pub fn by_version(packet: &[u8]) -> Next {
    match packet.first().map(|first| first >> 4) {
        Some(4) => Next::Claimed(Selector::EtherType(0x0800)),
        Some(6) => Next::Claimed(Selector::EtherType(0x86dd)),
        _ => Next::Payload,
    }
}
