//! Virtual Router Redundancy Protocol (version 2: RFC 3768; version 3: RFC 9568): several routers stand in for one.

use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, View, Walk, checksum};

/// VRRP.
pub static PROTOCOL: Protocol = Protocol {
    name: "vrrp",
    label: "VRRP",
    title: "Virtual Router Redundancy Protocol",
    reference: "RFC 9568",
    claims: &[Selector::IpProtocol(112)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] = &[(1, "advertisement")];
const PRIORITIES: &[(u64, &str)] = &[(0, "steps down"), (255, "owns the addresses")];
const AUTHENTICATIONS: &[(u64, &str)] = &[(0, "none"), (1, "plain text password"), (2, "IP authentication header"), (254, "MD5")];
const HEADER_LENGTH: usize = 8;

fields! {
    VERSION = Field::number("vrrp.version", "Version", "Which version of the protocol this is.");
    TYPE = Field::number("vrrp.type", "Type", "What the message does: the master says that it is there.").names(TYPES).in_line();
    ROUTER = Field::number("vrrp.virt_rtr_id", "Virtual router", "The number of the router that several stand in for; its link address ends with it.").in_line();
    PRIORITY = Field::number("vrrp.prio", "Priority", "The one with the largest is the master.").names(PRIORITIES).in_line();
    COUNT = Field::number("vrrp.addr_count", "Addresses", "How many addresses the virtual router has.");
    AUTHENTICATION = Field::number("vrrp.auth_type", "Authentication", "How the sender proves itself; later versions have none.").names(AUTHENTICATIONS);
    INTERVAL = Field::number("vrrp.adver_int", "Interval", "How often the master says that it is there.").unit("seconds");
    SHORT_INTERVAL = Field::number("vrrp.short_adver_int", "Interval", "How often the master says that it is there.").unit("hundredths of a second");
    CHECKSUM = Field::checksum("vrrp.checksum", "Checksum", "Guards the message.");
    CHECKSUM_STATUS = Field::status("vrrp.checksum.status", "Checksum status", "Whether the message adds up.");
    ADDRESS_IPV4 = Field::ipv4("vrrp.ip_addr", "Address", "An address of the virtual router: hosts have it as their gateway.").in_line();
    ADDRESS_IPV6 = Field::ipv6("vrrp.ipv6_addr", "Address", "An address of the virtual router: hosts have it as their gateway.").in_line();
    PASSWORD = Field::text("vrrp.auth_string", "Password", "What proves the sender, readable by everybody.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.need(HEADER_LENGTH, "header")?;
    Ok(Next::Nothing)
}

fn verify(view: &View<'_>) -> Checksum {
    let is_version_3 = view.bytes().first().is_some_and(|first| first >> 4 >= 3);
    let with_addresses = || checksum::verify_with_pseudo_header(view, 112, view.wire_length(), 6);
    if view.network().is_some_and(|network| network.source.is_ipv6()) {
        return with_addresses();
    }
    let alone = checksum::verify_alone(view, 6);
    // Over IPv4 version 3 is read both ways: with the packet's addresses (RFC 5798), and without (RFC 9568 section 5.2.8).
    if is_version_3 && alone.status == Status::Bad { with_addresses() } else { alone }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let version = d.bits(&VERSION, 0, 1, 0xf0)?;
    d.bits(&TYPE, 0, 1, 0x0f)?;
    d.number(&ROUTER, 1, 1)?;
    d.number(&PRIORITY, 2, 1)?;
    let count = usize::try_from(d.number(&COUNT, 3, 1)?).ok()?;
    if version >= 3 {
        d.bits(&SHORT_INTERVAL, 4, 2, 0x0fff)?;
    } else {
        d.number(&AUTHENTICATION, 4, 1)?;
        d.number(&INTERVAL, 5, 1)?;
    }
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 6)?;
    let is_ipv6 = d.view.network().is_some_and(|network| network.source.is_ipv6());
    let size = if is_ipv6 { 16 } else { 4 };
    for place in 0..count {
        let at = place.saturating_mul(size).saturating_add(HEADER_LENGTH);
        if is_ipv6 {
            d.ipv6(&ADDRESS_IPV6, at)?;
        } else {
            d.ipv4(&ADDRESS_IPV4, at)?;
        }
    }
    if version < 3 && d.peek(4, 1)? == 1 {
        d.text(&PASSWORD, count.saturating_mul(size).saturating_add(HEADER_LENGTH), 8)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn version_2_shows_its_addresses_and_its_password() {
        let got = dissect(
            LinkType::IPV4,
            "45000030 01234000 ff70bebc 0a00005b e0000012 212abf03 010af11f 0a042a01 0a042a02 0a042a03 6162636465666768",
        );
        assert_eq!(got.protocols(), "ip:vrrp");
        assert_eq!(got.values("vrrp.ip_addr"), ["10.4.42.1", "10.4.42.2", "10.4.42.3"]);
        assert_eq!(
            [got.value("vrrp.auth_string"), got.value("vrrp.adver_int"), got.value("vrrp.checksum.status")],
            ["abcdefgh", "10", "good"]
        );
    }

    #[test]
    fn version_3_over_ipv6_counts_the_packets_addresses() {
        let got = dissect(
            LinkType::IPV6,
            "60000000 0018 70 ff fe800000000000000000000000000001 ff020000000000000000000000000012
             31016401 0064 6df4 fe800000000000000000000000000005",
        );
        assert_eq!(
            [got.value("vrrp.ipv6_addr"), got.value("vrrp.short_adver_int"), got.value("vrrp.checksum.status")],
            ["fe80::5", "100", "good"]
        );
    }
}
