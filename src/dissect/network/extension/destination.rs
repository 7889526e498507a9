//! Destination options: what only the packet's destination should look at (RFC 8200 section 4.6).

use super::super::ip_protocol_name;
use super::{follow, length_in_eights, option, within_limit};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};
use std::net::{IpAddr, Ipv6Addr};

/// The destination options header.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipv6.dstopts",
    label: "DSTOPT",
    title: "IPv6 destination options",
    reference: "RFC 8200 section 4.6",
    claims: &[Selector::NextHeader(60)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS, option::FIELDS],
};

const HOME_ADDRESS: u8 = 0xc9;

fields! {
    NEXT_HEADER = Field::number("ipv6.dstopts.nxt", "Next header", "What follows this header.").named_by(ip_protocol_name);
    LENGTH = Field::number("ipv6.dstopts.len", "Length", "How long this header is, in units of 8 bytes, the first 8 not counted.");
    LENGTH_IN_BYTES = Field::number("ipv6.dstopts.len_oct", "Length in bytes", "How long this header is; worked out from its length field.").unit("bytes");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, length] = walk.header_bytes()?;
    let length = length_in_eights(length);
    let home = walk.bytes().get(2..length).and_then(|options| option::find::<16>(options, HOME_ADDRESS));
    if let (Some(home), Some(network)) = (home, walk.network_mut()) {
        network.home_source = IpAddr::V6(Ipv6Addr::from(home));
    }
    follow(walk, next, length)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    option::describe_header(d, [&NEXT_HEADER, &LENGTH, &LENGTH_IN_BYTES])
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_mobile_hosts_home_address_is_the_one_that_checksums_count() {
        let got = dissect(
            LinkType::IPV6,
            "60000000 0020 3c 40 20010db800000000000000000000000a 20010db8000000000000000000000002
             1102 0102 0000 c910 20010db8000000000000000000000001 00350035 0008 a3ff",
        );
        assert_eq!(got.protocols(), "ipv6:ipv6.dstopts:udp");
        assert_eq!(got.value("ipv6.opt.mipv6.home_address"), "2001:db8::1");
        assert_eq!(got.dissection.network().map(|network| network.source.to_string()), Some("2001:db8::a".to_owned()));
        assert_eq!(got.value("udp.checksum.status"), "good");
    }
}
