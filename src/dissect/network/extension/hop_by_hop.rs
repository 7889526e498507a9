//! Hop-by-hop options: what every router on the way should look at (RFC 8200 section 4.3).

use super::super::ip_protocol_name;
use super::{follow, length_in_eights, option, within_limit};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// The hop-by-hop options header.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipv6.hopopts",
    label: "HOPOPT",
    title: "IPv6 hop-by-hop options",
    reference: "RFC 8200 section 4.3",
    claims: &[Selector::NextHeader(0)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, option::FIELDS],
};

fields! {
    NEXT_HEADER = Field::number("ipv6.hopopts.nxt", "Next header", "What follows this header.").named_by(ip_protocol_name);
    LENGTH = Field::number("ipv6.hopopts.len", "Length", "How long this header is, in units of 8 bytes, the first 8 not counted.");
    LENGTH_IN_BYTES = Field::number("ipv6.hopopts.len_oct", "Length in bytes", "How long this header is; worked out from its length field.").unit("bytes");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, length] = walk.header_bytes()?;
    follow(walk, next, length_in_eights(length))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    option::describe_header(d, [&NEXT_HEADER, &LENGTH, &LENGTH_IN_BYTES])
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{bytes, dissect, dissect_cut};
    use crate::dissect::{Status, StopReason, View};
    use crate::frame::LinkType;

    const ADDRESSES: &str = "fe800000000000000000000000000001 ff020000000000000000000000000016";

    #[test]
    fn a_router_alert_stands_before_a_listener_report() {
        let got = dissect(LinkType::IPV6, &format!("60000000 000c 00 01 {ADDRESSES} 3b00 05020000 0100 00000000"));
        assert_eq!(got.protocols(), "ipv6:ipv6.hopopts:ipv6.nonxt");
        assert_eq!(got.values("ipv6.opt.type"), ["5", "1"]);
        assert_eq!([got.value("ipv6.opt.router_alert"), got.value("ipv6.hopopts.len_oct")], ["0", "8"]);
        assert_eq!(got.dissection.network().map(|network| network.protocol), Some(59));
    }

    /// An echo request in a jumbogram, cut behind the ICMPv6 header.
    const JUMBOGRAM: &str =
        "60000000 0000 00 e3 22000000000002440212 3ffffeae22f7 2200000000000240000200000000 0004 3a00 c204 00010000 8000 e3b0 11e0 c91e";

    #[test]
    fn a_jumbograms_length_stands_in_its_option() {
        let got = dissect_cut(LinkType::IPV6, bytes(JUMBOGRAM), 65_600);
        assert_eq!(got.protocols(), "ipv6:ipv6.hopopts:icmpv6");
        assert_eq!(got.value("ipv6.opt.jumbo"), "65536");
        assert_eq!(got.dissection.layers[2].wire_end, 40 + 65_536, "what is behind it is not the packet's");
    }

    #[test]
    fn a_jumbogram_is_verified_over_its_whole_length() {
        let mut whole = bytes(JUMBOGRAM);
        whole.resize(40 + 65_536, 0);
        whole[50] = 0;
        whole[51] = 0;
        let status = |whole: Vec<u8>| {
            let got = dissect_cut(LinkType::IPV6, whole, 40 + 65_536);
            View::new(&got.bytes, &got.dissection, 2).and_then(|view| view.checksum()).unwrap()
        };
        let wrong = status(whole.clone());
        assert_eq!(wrong.status, Status::Bad);
        whole[50..52].copy_from_slice(&wrong.expected.to_be_bytes());
        assert_eq!(status(whole).status, Status::Good);
    }

    #[test]
    fn an_option_that_ends_behind_its_header_is_not_read_from_what_follows() {
        let got = dissect(LinkType::IPV6, &format!("60000000 0010 00 01 {ADDRESSES} 3b00 05020000 3e20 aabbccddeeff0011"));
        assert_eq!(got.value("ipv6.opt.unknown"), "");
        assert_eq!(got.values("ipv6.opt.type"), ["5", "62"]);
    }

    #[test]
    fn a_header_longer_than_the_packet_is_said() {
        let got = dissect(LinkType::IPV6, &format!("60000000 0008 00 01 {ADDRESSES} 3b03 05020000 0100 0000"));
        assert_eq!(got.dissection.stop.map(|stop| (stop.reason, stop.needed, stop.had)), Some((StopReason::Short, 32, 8)));
        assert_eq!(got.value("ipv6.opt.router_alert"), "0");
    }
}
