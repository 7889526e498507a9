//! The special-purpose address registries of the IANA, one row a row of theirs, as they stood in October 2025
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>, <https://www.iana.org/assignments/iana-ipv6-special-registry>).

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// What a block of addresses is for. Several rows may have the same purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Addresses of a network that does not know its number yet.
    ThisNetwork,
    /// A host that has no address yet.
    ThisHost,
    /// Private networks.
    Private,
    /// Between a provider's address translator and its customers.
    Shared,
    /// The host itself.
    Loopback,
    /// One link alone.
    LinkLocal,
    /// Blocks that protocols are given parts of.
    ProtocolAssignments,
    /// The ends of tunnels that carry IPv4 over IPv6.
    ServiceContinuity,
    /// The source of messages of a node that has no IPv4 address.
    DummyIpv4,
    /// The nearest server of the port control protocol.
    PortControlAnycast,
    /// The nearest relay of TURN.
    RelayAnycast,
    /// The addresses that DNS64 is recognized by.
    Nat64Discovery,
    /// Examples in documents.
    Documentation,
    /// Name servers that answer questions about private addresses.
    PrivateNameServers,
    /// Relays of automatic multicast tunneling.
    MulticastTunneling,
    /// Relays of 6to4, of old.
    SixToFourRelay,
    /// Relays of 6a44.
    SixAFourFourRelay,
    /// Measuring of devices in a laboratory.
    Benchmarking,
    /// Kept for later, and never used.
    Reserved,
    /// All hosts of the link.
    LimitedBroadcast,
    /// No address.
    Unspecified,
    /// IPv4 addresses in programs that speak IPv6.
    Ipv4Mapped,
    /// IPv4 addresses behind a translator, by the prefix that everybody knows.
    Translation,
    /// IPv4 addresses behind a translator, by a prefix of the own network.
    LocalTranslation,
    /// Where traffic is thrown away.
    DiscardOnly,
    /// The address of what is not there: a next hop that no packet is sent to.
    DummyIpv6,
    /// IPv6 through UDP and address translators.
    Teredo,
    /// The nearest server of the service registration protocol.
    ServiceRegistrationAnycast,
    /// Identifiers of hosts, of old.
    OldHostIdentity,
    /// Identifiers of hosts, made from their keys.
    HostIdentity,
    /// Identifiers of drones.
    DroneIdentity,
    /// IPv6 through IPv4, by the address.
    SixToFour,
    /// What routers are told to do, written as addresses.
    SegmentRouting,
    /// Private networks of IPv6.
    UniqueLocal,
}

/// A row of a registry. A property is `None` where the registry leaves it open (RFC 6890 section 2.2.1 defines them).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Special {
    /// The addresses that it is about.
    pub prefix: IpNet,
    /// Its name in the registry.
    pub name: &'static str,
    /// Where it is specified.
    pub reference: &'static str,
    /// When it was allocated: year and month.
    pub allocated: &'static str,
    /// When it was given back, where it was: year and month.
    pub terminated: Option<&'static str>,
    /// Whether a packet that is forwarded may come from there.
    pub source: Option<bool>,
    /// Whether a packet that is forwarded may go there.
    pub destination: Option<bool>,
    /// Whether a router may forward a packet that goes there.
    pub forwardable: Option<bool>,
    /// Whether it may be forwarded beyond the own administrative domain.
    pub global: Option<bool>,
    /// Whether the protocol itself treats these addresses in a special way.
    pub reserved: Option<bool>,
    /// What it is for.
    pub purpose: Purpose,
}

impl Special {
    const fn new(
        prefix: IpNet,
        name: &'static str,
        reference: &'static str,
        allocated: &'static str,
        says: [u8; 5],
        purpose: Purpose,
    ) -> Self {
        let [source, destination, forwardable, global, reserved] = says;
        Self {
            prefix,
            name,
            reference,
            allocated,
            terminated: None,
            source: answer(source),
            destination: answer(destination),
            forwardable: answer(forwardable),
            global: answer(global),
            reserved: answer(reserved),
            purpose,
        }
    }

    const fn terminated(mut self, when: &'static str) -> Self {
        self.terminated = Some(when);
        self
    }
}

/// A letter of the table below: T for true, F for false, another where the registry leaves it open.
const fn answer(letter: u8) -> Option<bool> {
    match letter {
        b'T' => Some(true),
        b'F' => Some(false),
        _ => None,
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length))
}

const fn v6(groups: [u16; 8], length: u8) -> IpNet {
    let [a, b, c, d, e, f, g, h] = groups;
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), length))
}

use Purpose as For;

/// The rows of IPv4, in the registry's order. Its row of 192.0.0.170/32 and 192.0.0.171/32 is two here.
#[rustfmt::skip]
pub static IPV4: [Special; 26] = [
    Special::new(v4(0, 0, 0, 0, 8), "\"This network\"", "RFC 791 3.2", "1981-09", *b"TFFFT", For::ThisNetwork),
    Special::new(v4(0, 0, 0, 0, 32), "\"This host on this network\"", "RFC 1122 3.2.1.3", "1981-09", *b"TFFFT", For::ThisHost),
    Special::new(v4(10, 0, 0, 0, 8), "Private-Use", "RFC 1918", "1996-02", *b"TTTFF", For::Private),
    Special::new(v4(100, 64, 0, 0, 10), "Shared Address Space", "RFC 6598", "2012-04", *b"TTTFF", For::Shared),
    Special::new(v4(127, 0, 0, 0, 8), "Loopback", "RFC 1122 3.2.1.3", "1981-09", *b"FFFFT", For::Loopback),
    Special::new(v4(169, 254, 0, 0, 16), "Link Local", "RFC 3927", "2005-05", *b"TTFFT", For::LinkLocal),
    Special::new(v4(172, 16, 0, 0, 12), "Private-Use", "RFC 1918", "1996-02", *b"TTTFF", For::Private),
    Special::new(v4(192, 0, 0, 0, 24), "IETF Protocol Assignments", "RFC 6890 2.1", "2010-01", *b"FFFFF", For::ProtocolAssignments),
    Special::new(v4(192, 0, 0, 0, 29), "IPv4 Service Continuity Prefix", "RFC 7335", "2011-06", *b"TTTFF", For::ServiceContinuity),
    Special::new(v4(192, 0, 0, 8, 32), "IPv4 dummy address", "RFC 7600", "2015-03", *b"TFFFF", For::DummyIpv4),
    Special::new(v4(192, 0, 0, 9, 32), "Port Control Protocol Anycast", "RFC 7723", "2015-10", *b"TTTTF", For::PortControlAnycast),
    Special::new(v4(192, 0, 0, 10, 32), "Traversal Using Relays around NAT Anycast", "RFC 8155", "2017-02", *b"TTTTF", For::RelayAnycast),
    Special::new(v4(192, 0, 0, 170, 32), "NAT64/DNS64 Discovery", "RFC 8880, RFC 7050 2.2", "2013-02", *b"FFFFT", For::Nat64Discovery),
    Special::new(v4(192, 0, 0, 171, 32), "NAT64/DNS64 Discovery", "RFC 8880, RFC 7050 2.2", "2013-02", *b"FFFFT", For::Nat64Discovery),
    Special::new(v4(192, 0, 2, 0, 24), "Documentation (TEST-NET-1)", "RFC 5737", "2010-01", *b"FFFFF", For::Documentation),
    Special::new(v4(192, 31, 196, 0, 24), "AS112-v4", "RFC 7535", "2014-12", *b"TTTTF", For::PrivateNameServers),
    Special::new(v4(192, 52, 193, 0, 24), "AMT", "RFC 7450", "2014-12", *b"TTTTF", For::MulticastTunneling),
    Special::new(v4(192, 88, 99, 0, 24), "Deprecated (6to4 Relay Anycast)", "RFC 7526", "2001-06", *b"-----", For::SixToFourRelay).terminated("2015-03"),
    Special::new(v4(192, 88, 99, 2, 32), "6a44-relay anycast address", "RFC 6751", "2012-10", *b"TTTFF", For::SixAFourFourRelay),
    Special::new(v4(192, 168, 0, 0, 16), "Private-Use", "RFC 1918", "1996-02", *b"TTTFF", For::Private),
    Special::new(v4(192, 175, 48, 0, 24), "Direct Delegation AS112 Service", "RFC 7534", "1996-01", *b"TTTTF", For::PrivateNameServers),
    Special::new(v4(198, 18, 0, 0, 15), "Benchmarking", "RFC 2544", "1999-03", *b"TTTFF", For::Benchmarking),
    Special::new(v4(198, 51, 100, 0, 24), "Documentation (TEST-NET-2)", "RFC 5737", "2010-01", *b"FFFFF", For::Documentation),
    Special::new(v4(203, 0, 113, 0, 24), "Documentation (TEST-NET-3)", "RFC 5737", "2010-01", *b"FFFFF", For::Documentation),
    Special::new(v4(240, 0, 0, 0, 4), "Reserved", "RFC 1112 4", "1989-08", *b"FFFFT", For::Reserved),
    Special::new(v4(255, 255, 255, 255, 32), "Limited Broadcast", "RFC 8190, RFC 919 7", "1984-10", *b"FTFFT", For::LimitedBroadcast),
];

/// The rows of IPv6, in the registry's order.
#[rustfmt::skip]
pub static IPV6: [Special; 25] = [
    Special::new(v6([0, 0, 0, 0, 0, 0, 0, 1], 128), "Loopback Address", "RFC 4291 2.5.3", "2006-02", *b"FFFFT", For::Loopback),
    Special::new(v6([0; 8], 128), "Unspecified Address", "RFC 4291 2.5.2", "2006-02", *b"TFFFT", For::Unspecified),
    Special::new(v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), "IPv4-mapped Address", "RFC 4291 2.5.5.2", "2006-02", *b"FFFFT", For::Ipv4Mapped),
    Special::new(v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96), "IPv4-IPv6 Translation", "RFC 6052", "2010-10", *b"TTTTF", For::Translation),
    Special::new(v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), "IPv4-IPv6 Translation", "RFC 8215", "2017-06", *b"TTTFF", For::LocalTranslation),
    Special::new(v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), "Discard-Only Address Block", "RFC 6666", "2012-06", *b"TTTFF", For::DiscardOnly),
    Special::new(v6([0x100, 0, 0, 1, 0, 0, 0, 0], 64), "Dummy IPv6 Prefix", "RFC 9780", "2025-04", *b"TFFFF", For::DummyIpv6),
    Special::new(v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), "IETF Protocol Assignments", "RFC 2928", "2000-09", *b"FFFFF", For::ProtocolAssignments),
    Special::new(v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), "TEREDO", "RFC 4380, RFC 8190", "2006-01", *b"TTT-F", For::Teredo),
    Special::new(v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128), "Port Control Protocol Anycast", "RFC 7723", "2015-10", *b"TTTTF", For::PortControlAnycast),
    Special::new(v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 128), "Traversal Using Relays around NAT Anycast", "RFC 8155", "2017-02", *b"TTTTF", For::RelayAnycast),
    Special::new(v6([0x2001, 1, 0, 0, 0, 0, 0, 3], 128), "DNS-SD Service Registration Protocol Anycast", "RFC 9665", "2024-04", *b"TTTTF", For::ServiceRegistrationAnycast),
    Special::new(v6([0x2001, 2, 0, 0, 0, 0, 0, 0], 48), "Benchmarking", "RFC 5180, RFC Errata 1752", "2008-04", *b"TTTFF", For::Benchmarking),
    Special::new(v6([0x2001, 3, 0, 0, 0, 0, 0, 0], 32), "AMT", "RFC 7450", "2014-12", *b"TTTTF", For::MulticastTunneling),
    Special::new(v6([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48), "AS112-v6", "RFC 7535", "2014-12", *b"TTTTF", For::PrivateNameServers),
    Special::new(v6([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28), "Deprecated (previously ORCHID)", "RFC 4843", "2007-03", *b"-----", For::OldHostIdentity).terminated("2014-03"),
    Special::new(v6([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28), "ORCHIDv2", "RFC 7343", "2014-07", *b"TTTTF", For::HostIdentity),
    Special::new(v6([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28), "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "RFC 9374", "2022-12", *b"TTTTF", For::DroneIdentity),
    Special::new(v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), "Documentation", "RFC 3849", "2004-07", *b"FFFFF", For::Documentation),
    Special::new(v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), "6to4", "RFC 3056", "2001-02", *b"TTT-F", For::SixToFour),
    Special::new(v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48), "Direct Delegation AS112 Service", "RFC 7534", "2011-05", *b"TTTTF", For::PrivateNameServers),
    Special::new(v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "Documentation", "RFC 9637", "2024-07", *b"FFFFF", For::Documentation),
    Special::new(v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16), "Segment Routing (SRv6) SIDs", "RFC 9602", "2024-04", *b"TTTFF", For::SegmentRouting),
    Special::new(v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "Unique-Local", "RFC 4193, RFC 8190", "2005-10", *b"TTTFF", For::UniqueLocal),
    Special::new(v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "Link-Local Unicast", "RFC 4291 2.5.6", "2006-02", *b"TTFFT", For::LinkLocal),
];

/// The row that speaks of an address: the one with the longest prefix, as a more specific row takes precedence.
#[must_use]
pub fn special(address: IpAddr) -> Option<&'static Special> {
    match address {
        IpAddr::V4(address) => {
            let bits = address.to_bits();
            MASKED_IPV4.iter().find(|(network, mask, _)| bits & mask == *network).map(|(_, _, row)| *row)
        }
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            MASKED_IPV6.iter().find(|(network, mask, _)| bits & mask == *network).map(|(_, _, row)| *row)
        }
    }
}

/// The rows of a registry as network, mask and row, the longest prefix first: it is asked for every address that is new.
static MASKED_IPV4: LazyLock<Vec<(u32, u32, &'static Special)>> = LazyLock::new(|| {
    let masked = longest_first(&IPV4).filter_map(|row| match row.prefix {
        IpNet::V4(prefix) => Some((prefix.network().to_bits(), prefix.netmask().to_bits(), row)),
        IpNet::V6(_) => None,
    });
    masked.collect()
});
static MASKED_IPV6: LazyLock<Vec<(u128, u128, &'static Special)>> = LazyLock::new(|| {
    let masked = longest_first(&IPV6).filter_map(|row| match row.prefix {
        IpNet::V6(prefix) => Some((prefix.network().to_bits(), prefix.netmask().to_bits(), row)),
        IpNet::V4(_) => None,
    });
    masked.collect()
});

fn longest_first(rows: &'static [Special]) -> impl Iterator<Item = &'static Special> {
    let mut rows: Vec<&Special> = rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.prefix.prefix_len()));
    rows.into_iter()
}

/// All rows of the address's registry that hold it, in the registry's order.
pub fn specials(address: IpAddr) -> impl Iterator<Item = &'static Special> {
    rows(address).iter().filter(move |row| row.prefix.contains(&address))
}

fn rows(address: IpAddr) -> &'static [Special] {
    match address {
        IpAddr::V4(_) => &IPV4,
        IpAddr::V6(_) => &IPV6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses right before and right behind a prefix, where there are any.
    fn neighbours(prefix: IpNet) -> [Option<IpAddr>; 2] {
        match prefix {
            IpNet::V4(prefix) => [
                u32::from(prefix.network()).checked_sub(1).map(|address| Ipv4Addr::from(address).into()),
                u32::from(prefix.broadcast()).checked_add(1).map(|address| Ipv4Addr::from(address).into()),
            ],
            IpNet::V6(prefix) => [
                u128::from(prefix.network()).checked_sub(1).map(|address| Ipv6Addr::from(address).into()),
                u128::from(prefix.broadcast()).checked_add(1).map(|address| Ipv6Addr::from(address).into()),
            ],
        }
    }

    #[test]
    fn every_row_holds_its_first_and_last_address_and_not_its_neighbours() {
        for row in IPV4.iter().chain(&IPV6) {
            assert_eq!(row.prefix.addr(), row.prefix.network(), "{}", row.prefix);
            for inside in [row.prefix.network(), row.prefix.broadcast()] {
                assert!(specials(inside).any(|found| found == row), "{inside} is in {}", row.prefix);
            }
            for outside in neighbours(row.prefix).into_iter().flatten() {
                assert!(!specials(outside).any(|found| found == row), "{outside} is not in {}", row.prefix);
            }
        }
    }

    #[test]
    fn the_longest_prefix_speaks() {
        let said = |address: &str| special(address.parse().expect("an address")).map(|row| (row.prefix.to_string(), row.name));
        for (address, prefix) in [
            ("0.0.0.0", "0.0.0.0/32"),
            ("0.0.0.1", "0.0.0.0/8"),
            ("192.0.0.0", "192.0.0.0/29"),
            ("192.0.0.7", "192.0.0.0/29"),
            ("192.0.0.8", "192.0.0.8/32"),
            ("192.0.0.9", "192.0.0.9/32"),
            ("192.0.0.10", "192.0.0.10/32"),
            ("192.0.0.11", "192.0.0.0/24"),
            ("192.0.0.170", "192.0.0.170/32"),
            ("192.0.0.171", "192.0.0.171/32"),
            ("192.0.0.172", "192.0.0.0/24"),
            ("192.88.99.1", "192.88.99.0/24"),
            ("192.88.99.2", "192.88.99.2/32"),
            ("255.255.255.255", "255.255.255.255/32"),
            ("255.255.255.254", "240.0.0.0/4"),
            ("2001::1", "2001::/32"),
            ("2001:1::1", "2001:1::1/128"),
            ("2001:1::4", "2001::/23"),
            ("2001:2:0:ffff::", "2001:2::/48"),
            ("2001:2:1::", "2001::/23"),
            ("2001:2f:ffff::", "2001:20::/28"),
            ("2001:30::", "2001:30::/28"),
            ("2001:40::", "2001::/23"),
            ("3fff:fff::", "3fff::/20"),
            ("64:ff9b:1:ffff::1", "64:ff9b:1::/48"),
            ("100::1:0:0:1", "100::/64"),
            ("100:0:0:1::", "100:0:0:1::/64"),
        ] {
            assert_eq!(said(address).map(|(prefix, _)| prefix).as_deref(), Some(prefix), "{address}");
        }
        for nobody in [
            "8.8.8.8",
            "172.32.0.0",
            "172.15.255.255",
            "100.128.0.0",
            "224.0.0.1",
            "2606:4700::1111",
            "3fff:1000::",
            "ff02::1",
            "fec0::1",
            "::2",
        ] {
            assert_eq!(said(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn what_is_globally_reachable_can_be_forwarded_from_and_to() {
        for row in IPV4.iter().chain(&IPV6) {
            if row.global == Some(true) {
                assert_eq!((row.source, row.destination, row.forwardable), (Some(true), Some(true), Some(true)), "{}", row.prefix);
            }
            assert_eq!(row.terminated.is_some(), row.source.is_none(), "{}", row.prefix);
            assert_eq!(row.allocated.len(), "1981-09".len(), "{}", row.prefix);
        }
    }
}
