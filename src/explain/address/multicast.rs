//! Groups: addresses that any number of hosts listen to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The part of 224.0.0.0/4 that a group is in (RFC 5771 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// 224.0.0.0/24: never forwarded by a router.
    LocalNetworkControl,
    /// 224.0.1.0/24: protocols that control more than one network.
    InternetworkControl,
    /// 224.0.2.0-224.0.255.255, 224.3.0.0-224.4.255.255 and 233.252.0.0/14: what fits nowhere else.
    AdHoc,
    /// 224.2.0.0/16: announced sessions.
    SessionAnnouncement,
    /// 232.0.0.0/8: a listener names the source too (RFC 4607).
    SourceSpecific,
    /// 233.0.0.0-233.251.255.255: given by the number of an autonomous system (RFC 3180).
    Glop {
        /// The number of the system.
        autonomous_system: u16,
    },
    /// 234.0.0.0/8: given by a unicast prefix (RFC 6034).
    UnicastPrefix,
    /// 239.255.0.0/16: the local scope (RFC 2365 section 6.1).
    LocalScope,
    /// 239.192.0.0/14: an organization (RFC 2365 section 6.2).
    OrganizationScope,
    /// The rest of 239.0.0.0/8: a scope that an administrator draws (RFC 2365).
    AdministrativelyScoped,
    /// 233.252.0.0/24: examples in documents (RFC 6676).
    Documentation,
    /// Nobody was given it.
    Reserved,
}

/// The block of an IPv4 group; `None` where the address is no group.
#[must_use]
pub fn block(address: Ipv4Addr) -> Option<Block> {
    let [first, second, third, _] = address.octets();
    Some(match (first, second, third) {
        (224, 0, 0) => Block::LocalNetworkControl,
        (224, 0, 1) => Block::InternetworkControl,
        (224, 0 | 3 | 4, _) => Block::AdHoc,
        (224, 2, _) => Block::SessionAnnouncement,
        (232, _, _) => Block::SourceSpecific,
        (233, 252, 0) => Block::Documentation,
        (233, 252..=255, _) => Block::AdHoc,
        (233, _, _) => Block::Glop { autonomous_system: u16::from_be_bytes([second, third]) },
        (234, _, _) => Block::UnicastPrefix,
        (239, 255, _) => Block::LocalScope,
        (239, 192..=195, _) => Block::OrganizationScope,
        (239, _, _) => Block::AdministrativelyScoped,
        (224..=239, _, _) => Block::Reserved,
        _ => return None,
    })
}

/// How far an IPv6 group reaches (RFC 7346 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// 1: never leaves the host.
    Interface,
    /// 2: the link.
    Link,
    /// 3: a network of its own technology.
    Realm,
    /// 4: the smallest that an administrator draws.
    Admin,
    /// 5: a site.
    Site,
    /// 8: several sites of one organization.
    Organization,
    /// 14: everywhere.
    Global,
    /// 0 and 15.
    Reserved,
    /// A number that has no meaning of its own: administrators may give it one.
    Unassigned,
}

/// An IPv6 group taken apart (RFC 4291 section 2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// The scope's number, 0 to 15.
    pub scope_number: u8,
    /// What the number means.
    pub scope: Scope,
    /// T: not a group that everybody knows, but one that was made up (RFC 4291 section 2.7).
    pub transient: bool,
    /// P: made from a unicast prefix (RFC 3306).
    pub from_prefix: bool,
    /// R: the address of its rendezvous point stands in it (RFC 3956).
    pub rendezvous: bool,
    /// Whether it is source-specific: ff3x::/32 (RFC 4607).
    pub source_specific: bool,
    /// Of a solicited-node group, the last 24 bits of the addresses whose owners listen to it (RFC 4291 section 2.7.1).
    pub solicited: Option<[u8; 3]>,
}

/// Takes an IPv6 group apart; `None` where the address is no group.
#[must_use]
pub fn group(address: Ipv6Addr) -> Option<Group> {
    let [0xff, second, ..] = address.octets() else { return None };
    let (flags, number) = (second >> 4, second & 15);
    let scope = match number {
        1 => Scope::Interface,
        2 => Scope::Link,
        3 => Scope::Realm,
        4 => Scope::Admin,
        5 => Scope::Site,
        8 => Scope::Organization,
        14 => Scope::Global,
        0 | 15 => Scope::Reserved,
        _ => Scope::Unassigned,
    };
    let [.., a, b, c] = address.octets();
    let is_solicited = address.segments()[..6] == [0xff02, 0, 0, 0, 0, 1] && address.octets()[12] == 0xff;
    Some(Group {
        scope_number: number,
        scope,
        transient: flags & 1 != 0,
        from_prefix: flags & 2 != 0,
        rendezvous: flags & 4 != 0,
        source_specific: flags == 3 && address.segments()[1] == 0,
        solicited: is_solicited.then_some([a, b, c]),
    })
}

/// A group that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WellKnown {
    /// Its address. Of an IPv6 group with [`WellKnown::any_scope`] that of scope 2.
    pub address: IpAddr,
    /// Whether it is the same group in every scope (`ff0x::`).
    pub any_scope: bool,
    /// Who listens.
    pub who: &'static str,
    /// Where it is specified.
    pub reference: &'static str,
}

const fn v4(address: [u8; 4], who: &'static str, reference: &'static str) -> WellKnown {
    let [a, b, c, d] = address;
    WellKnown { address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), any_scope: false, who, reference }
}

const fn v6(scope: u16, end: [u16; 2], who: &'static str, reference: &'static str) -> WellKnown {
    let (first, any_scope) = if scope == ANY { (0xff02, true) } else { (0xff00 | scope, false) };
    WellKnown { address: IpAddr::V6(Ipv6Addr::new(first, 0, 0, 0, 0, 0, end[0], end[1])), any_scope, who, reference }
}

const ANY: u16 = 0xffff;

/// The groups that a capture is likely to show, from the multicast registries of the IANA.
#[rustfmt::skip]
pub static WELL_KNOWN: &[WellKnown] = &[
    v4([224, 0, 0, 1], "all hosts of the link", "RFC 1112 4"),
    v4([224, 0, 0, 2], "all routers of the link", "RFC 1256"),
    v4([224, 0, 0, 4], "routers that speak DVMRP", "RFC 1075"),
    v4([224, 0, 0, 5], "routers that speak OSPF", "RFC 2328 A.1"),
    v4([224, 0, 0, 6], "the designated routers of OSPF", "RFC 2328 A.1"),
    v4([224, 0, 0, 9], "routers that speak RIP version 2", "RFC 2453 4.5"),
    v4([224, 0, 0, 10], "routers that speak EIGRP", "RFC 7868"),
    v4([224, 0, 0, 13], "routers that speak PIM", "RFC 7761 4.9"),
    v4([224, 0, 0, 18], "routers that share an address by VRRP", "RFC 9568 5.1.1.2"),
    v4([224, 0, 0, 22], "routers that keep lists of who listens (IGMPv3)", "RFC 3376 4.2.14"),
    v4([224, 0, 0, 102], "routers that share an address by HSRP version 2", "IANA multicast registry"),
    v4([224, 0, 0, 107], "clocks that measure the delay to their neighbour (PTP)", "IEEE 1588"),
    v4([224, 0, 0, 251], "hosts that answer for their own names (multicast DNS)", "RFC 6762 3"),
    v4([224, 0, 0, 252], "hosts that answer for their own names (LLMNR)", "RFC 4795 2"),
    v4([224, 0, 1, 1], "time servers and their clients (NTP)", "RFC 5905"),
    v4([224, 0, 1, 39], "routers that offer to be a rendezvous point (Cisco RP announce)", "IANA multicast registry"),
    v4([224, 0, 1, 40], "routers that look for a rendezvous point (Cisco RP discovery)", "IANA multicast registry"),
    v4([224, 0, 1, 129], "clocks (PTP)", "IEEE 1588"),
    v4([224, 0, 1, 187], "constrained devices (CoAP)", "RFC 7252 12.8"),
    v4([239, 255, 255, 250], "devices that announce or look for services (SSDP, UPnP)", "IANA multicast registry"),
    v4([239, 255, 255, 253], "servers of the service location protocol", "RFC 2608"),
    v6(1, [0, 1], "all nodes, on the host itself", "RFC 4291 2.7.1"),
    v6(2, [0, 1], "all nodes of the link", "RFC 4291 2.7.1"),
    v6(1, [0, 2], "all routers, on the host itself", "RFC 4291 2.7.1"),
    v6(2, [0, 2], "all routers of the link", "RFC 4291 2.7.1"),
    v6(5, [0, 2], "all routers of the site", "RFC 4291 2.7.1"),
    v6(2, [0, 5], "routers that speak OSPF", "RFC 5340 A.1"),
    v6(2, [0, 6], "the designated routers of OSPF", "RFC 5340 A.1"),
    v6(2, [0, 9], "routers that speak RIPng", "RFC 2080"),
    v6(2, [0, 0xa], "routers that speak EIGRP", "RFC 7868"),
    v6(2, [0, 0xd], "routers that speak PIM", "RFC 7761 4.9"),
    v6(2, [0, 0x12], "routers that share an address by VRRP", "RFC 9568 5.1.2.2"),
    v6(2, [0, 0x16], "routers that keep lists of who listens (MLDv2)", "RFC 3810 5.2.14"),
    v6(2, [0, 0x6a], "switches that look for routers of multicast", "RFC 4286"),
    v6(2, [1, 2], "DHCP servers and relays", "RFC 8415 7.1"),
    v6(5, [1, 3], "DHCP servers of the site", "RFC 8415 7.1"),
    v6(2, [1, 3], "hosts that answer for their own names (LLMNR)", "RFC 4795 2"),
    v6(ANY, [0, 0xc], "devices that announce or look for services (SSDP, UPnP)", "IANA multicast registry"),
    v6(ANY, [0, 0xfb], "hosts that answer for their own names (multicast DNS)", "RFC 6762 3"),
    v6(ANY, [0, 0xfd], "constrained devices (CoAP)", "RFC 7252 12.8"),
    v6(ANY, [0, 0x101], "time servers and their clients (NTP)", "RFC 5905"),
];

/// The group that has this address, where it is one that has a name.
#[must_use]
pub fn well_known(address: IpAddr) -> Option<&'static WellKnown> {
    let in_link_scope = match address {
        IpAddr::V6(group) if group.octets()[0] == 0xff && group.octets()[1] < 16 => {
            let [_, rest @ ..] = group.segments();
            let [b, c, d, e, f, g, h] = rest;
            IpAddr::V6(Ipv6Addr::new(0xff02, b, c, d, e, f, g, h))
        }
        other => other,
    };
    WELL_KNOWN.iter().find(|known| known.address == if known.any_scope { in_link_scope } else { address })
}

/// The link address that Ethernet carries a group's packets to: 01:00:5e and the last 23 bits (RFC 1112 section 6.4), 33:33 and the last 32
/// (RFC 2464 section 7). All ones for the limited broadcast. `None` for what is no group.
#[must_use]
pub fn group_link_address(address: IpAddr) -> Option<[u8; 6]> {
    match address {
        IpAddr::V4(address) if address.is_multicast() => {
            let [_, b, c, d] = address.octets();
            Some([0x01, 0x00, 0x5e, b & 0x7f, c, d])
        }
        IpAddr::V6(address) if address.is_multicast() => {
            let [.., a, b, c, d] = address.octets();
            Some([0x33, 0x33, a, b, c, d])
        }
        IpAddr::V4(Ipv4Addr::BROADCAST) => Some([0xff; 6]),
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

/// The 32 IPv4 groups that share a link address with this one: five of their 28 bits are lost. The first is the lowest.
pub fn sharing(address: Ipv4Addr) -> impl Iterator<Item = Ipv4Addr> {
    let low = u32::from(address) & 0x007f_ffff;
    (0..32).map(move |lost| Ipv4Addr::from(0xe000_0000 | lost << 23 | low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v6(text: &str) -> Ipv6Addr {
        text.parse().expect("an address")
    }

    #[test]
    fn every_group_of_ipv4_is_in_a_block_and_nothing_else_is() {
        for (first, last, expected) in [
            ("224.0.0.0", "224.0.0.255", Block::LocalNetworkControl),
            ("224.0.1.0", "224.0.1.255", Block::InternetworkControl),
            ("224.0.2.0", "224.0.255.255", Block::AdHoc),
            ("224.1.0.0", "224.1.255.255", Block::Reserved),
            ("224.2.0.0", "224.2.255.255", Block::SessionAnnouncement),
            ("224.3.0.0", "224.4.255.255", Block::AdHoc),
            ("224.5.0.0", "231.255.255.255", Block::Reserved),
            ("232.0.0.0", "232.255.255.255", Block::SourceSpecific),
            ("233.252.0.0", "233.252.0.255", Block::Documentation),
            ("233.252.1.0", "233.255.255.255", Block::AdHoc),
            ("234.0.0.0", "234.255.255.255", Block::UnicastPrefix),
            ("235.0.0.0", "238.255.255.255", Block::Reserved),
            ("239.0.0.0", "239.191.255.255", Block::AdministrativelyScoped),
            ("239.192.0.0", "239.195.255.255", Block::OrganizationScope),
            ("239.196.0.0", "239.254.255.255", Block::AdministrativelyScoped),
            ("239.255.0.0", "239.255.255.255", Block::LocalScope),
        ] {
            for address in [first, last] {
                assert_eq!(block(address.parse().expect("an address")), Some(expected), "{address}");
            }
        }
        // 64496 is an autonomous system for examples.
        assert_eq!(block(Ipv4Addr::new(233, 251, 240, 7)), Some(Block::Glop { autonomous_system: 64496 }));
        assert_eq!(block(Ipv4Addr::new(223, 255, 255, 255)), None);
        assert_eq!(block(Ipv4Addr::new(240, 0, 0, 0)), None);
    }

    #[test]
    fn thirty_two_groups_share_a_link_address() {
        let group = Ipv4Addr::new(239, 255, 255, 250);
        assert_eq!(group_link_address(group.into()), Some([0x01, 0x00, 0x5e, 0x7f, 0xff, 0xfa]));
        let all: Vec<Ipv4Addr> = sharing(group).collect();
        assert_eq!((all.len(), all[0], all[31]), (32, Ipv4Addr::new(224, 127, 255, 250), group));
        assert!(all.iter().all(|other| other.is_multicast() && group_link_address((*other).into()) == group_link_address(group.into())));
        assert_eq!(group_link_address(v6("ff02::1:ff28:9c5a").into()), Some([0x33, 0x33, 0xff, 0x28, 0x9c, 0x5a]));
        assert_eq!(group_link_address(Ipv4Addr::BROADCAST.into()), Some([0xff; 6]));
        assert_eq!(group_link_address(Ipv4Addr::new(192, 168, 1, 255).into()), None);
    }

    #[test]
    fn scope_and_flags_of_ipv6() {
        let found = |text: &str| group(v6(text)).expect("a group");
        assert_eq!((found("ff02::1").scope, found("ff02::1").transient), (Scope::Link, false));
        assert_eq!(found("ff02::1:ff28:9c5a").solicited, Some([0x28, 0x9c, 0x5a]));
        assert_eq!(found("ff05::1:ff28:9c5a").solicited, None);
        let specific = found("ff3e::8000:1");
        assert!(specific.transient && specific.from_prefix && specific.source_specific && !specific.rendezvous);
        assert_eq!(specific.scope, Scope::Global);
        let meeting = found("ff7e:140:2001:db8:beef:feed::1234");
        assert!(meeting.rendezvous && meeting.from_prefix && meeting.transient && !meeting.source_specific);
        assert_eq!((found("ff06::1").scope, found("ff0f::").scope), (Scope::Unassigned, Scope::Reserved));
        assert_eq!(group(v6("fe80::1")), None);
    }

    #[test]
    fn names_in_every_scope_and_in_one() {
        let who = |text: &str| well_known(text.parse().expect("an address")).map(|known| known.reference);
        assert_eq!((who("224.0.0.251"), who("ff02::fb"), who("ff05::fb")), (Some("RFC 6762 3"), Some("RFC 6762 3"), Some("RFC 6762 3")));
        assert_eq!((who("ff02::1:2"), who("ff05::1:2"), who("ff12::fb")), (Some("RFC 8415 7.1"), None, None));
        assert!(WELL_KNOWN.iter().all(|known| known.address.is_multicast()));
    }
}
