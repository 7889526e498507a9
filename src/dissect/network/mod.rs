//! The network layer and what reports on it.

pub mod arp;
pub mod eigrp;
pub mod extension;
pub mod icmp;
pub mod icmpv6;
pub mod igmp;
pub mod ipv4;
pub mod ipv6;
pub mod ospf;
pub mod vrrp;

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

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect_cut;
    use crate::frame::LinkType;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        /// The helper fails by itself where a heading stays open or a field is said to stand beyond the end.
        #[test]
        fn any_bytes_behind_any_number_are_taken_apart(
            is_ipv6: bool,
            number in prop_oneof![any::<u8>(), Just(58), Just(1), Just(2), Just(43), Just(60)],
            first in 0_u8..162,
            mut payload in prop::collection::vec(prop_oneof![any::<u8>(), 0_u8..6], 0..160),
            cut in 0_usize..60,
        ) {
            if let Some(byte) = payload.first_mut() {
                *byte = first;
            }
            let length = u16::try_from(payload.len()).unwrap();
            let mut packet = if is_ipv6 {
                [&[0x60, 0, 0, 0][..], &length.to_be_bytes(), &[number, 64], &[1; 32]].concat()
            } else {
                [&[0x45, 0][..], &(length + 20).to_be_bytes(), &[0, 0, 0, 0, 64, number, 0, 0], &[1; 8]].concat()
            };
            packet.extend(payload);
            let whole = packet.len();
            packet.truncate(whole - cut.min(whole));
            let got = dissect_cut(LinkType::RAW, packet, whole);
            prop_assert!(got.fields().len() < 2000);
        }
    }
}
