//! Arithmetic on prefixes: what they hold, and how far two addresses agree.

use super::special::{self, Purpose, Special};
use ipnet::IpNet;
use std::net::IpAddr;

/// How far two addresses agree, against what a prefix asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many bits they have in common, from the left; all of them where they are the same address.
    pub common: u8,
    /// How many bits an address has: 32 or 128.
    pub bits: u8,
    /// How many of them the prefix asks for.
    pub length: u8,
}

impl Comparison {
    /// Whether the prefix puts both into one subnet.
    #[must_use]
    pub fn same(&self) -> bool {
        self.common >= self.length
    }

    /// The first bit in which they differ, counted from 1 on the left; `None` where they are the same address.
    #[must_use]
    pub fn first_difference(&self) -> Option<u8> {
        (self.common < self.bits).then_some(self.common + 1)
    }
}

/// Whether two addresses are in one subnet: whether their first `length` bits are equal, which is what a host asks before it sends (RFC 1122
/// section 3.3.1.1). `None` for addresses of different versions, and for a length that their version does not have.
#[must_use]
pub fn same_subnet(a: IpAddr, b: IpAddr, length: u8) -> Option<Comparison> {
    let bits = bits(a);
    let common = common_bits(a, b)?;
    (length <= bits).then_some(Comparison { common, bits, length })
}

/// How many bits two addresses have in common, from the left; `None` for addresses of different versions.
#[must_use]
pub fn common_bits(a: IpAddr, b: IpAddr) -> Option<u8> {
    let common = match (a, b) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u32::from(a) ^ u32::from(b)).leading_zeros(),
        (IpAddr::V6(a), IpAddr::V6(b)) => (u128::from(a) ^ u128::from(b)).leading_zeros(),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return None,
    };
    u8::try_from(common).ok()
}

/// How many bits an address has: 32 or 128.
#[must_use]
pub fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// What a prefix holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// The network: the address without its host bits, and the length.
    pub network: IpNet,
    /// Ones where the network is.
    pub mask: IpAddr,
    /// The opposite: ones where the host is.
    pub wildcard: IpAddr,
    /// The address of all its hosts: only IPv4 has one, and not where there is no room for it (RFC 3021 section 2.1).
    pub broadcast: Option<IpAddr>,
    /// The address of any of its routers: only IPv6 has one (RFC 4291 section 2.6.1), and not where there is no room (RFC 6164 section 6).
    pub any_router: Option<IpAddr>,
    /// The lowest address that a host may have.
    pub first: IpAddr,
    /// The highest.
    pub last: IpAddr,
    /// How many bits are left for hosts: it holds two to the power of them addresses.
    pub host_bits: u8,
    /// The address that administrators give their router by custom, where there is one: nothing prescribes it.
    pub customary_gateway: Option<IpAddr>,
    /// Whether it can be a network with hosts: groups cannot, nor what a registry has for something else.
    pub is_for_hosts: bool,
}

/// Whether a block can be a network with hosts, and whether a router could have an address in it.
fn is_for(network: IpNet) -> (bool, bool) {
    let whole = |purpose: Purpose| match purpose {
        Purpose::LinkLocal => (true, false),
        Purpose::Private
        | Purpose::Shared
        | Purpose::ProtocolAssignments
        | Purpose::ServiceContinuity
        | Purpose::Documentation
        | Purpose::PrivateNameServers
        | Purpose::MulticastTunneling
        | Purpose::Benchmarking
        | Purpose::SixToFour
        | Purpose::SegmentRouting
        | Purpose::UniqueLocal => (true, true),
        Purpose::ThisNetwork
        | Purpose::ThisHost
        | Purpose::Loopback
        | Purpose::DummyIpv4
        | Purpose::PortControlAnycast
        | Purpose::RelayAnycast
        | Purpose::Nat64Discovery
        | Purpose::SixToFourRelay
        | Purpose::SixAFourFourRelay
        | Purpose::Reserved
        | Purpose::LimitedBroadcast
        | Purpose::Unspecified
        | Purpose::Ipv4Mapped
        | Purpose::Translation
        | Purpose::LocalTranslation
        | Purpose::DiscardOnly
        | Purpose::DummyIpv6
        | Purpose::Teredo
        | Purpose::ServiceRegistrationAnycast
        | Purpose::OldHostIdentity
        | Purpose::HostIdentity
        | Purpose::DroneIdentity => (false, false),
    };
    let rows: &[Special] = if network.addr().is_ipv4() { &special::IPV4 } else { &special::IPV6 };
    let around = rows.iter().filter(|row| row.prefix.contains(&network)).max_by_key(|row| row.prefix.prefix_len());
    match around {
        _ if network.addr().is_multicast() => (false, false),
        Some(row) => whole(row.purpose),
        None => (true, true),
    }
}

impl Subnet {
    /// What the prefix of this address and length holds.
    #[must_use]
    pub fn of(prefix: IpNet) -> Self {
        let network = prefix.trunc();
        let (lowest, highest) = (network.network(), network.broadcast());
        let host_bits = network.max_prefix_len() - network.prefix_len();
        let has_ends = host_bits >= 2;
        let (is_for_hosts, is_for_routers) = is_for(network);
        let (second, last) = match network {
            IpNet::V4(_) => (next(lowest), if has_ends { previous(highest) } else { highest }),
            IpNet::V6(_) => (next(lowest), highest),
        };
        Self {
            network,
            mask: network.netmask(),
            wildcard: network.hostmask(),
            broadcast: (has_ends && lowest.is_ipv4()).then_some(highest),
            any_router: (has_ends && is_for_routers && lowest.is_ipv6()).then_some(lowest),
            first: if has_ends { second } else { lowest },
            last,
            host_bits,
            customary_gateway: (has_ends && is_for_routers && network.prefix_len() > 0).then_some(second),
            is_for_hosts,
        }
    }

    /// How many addresses it holds; `None` for 2^128, which no number here can hold.
    #[must_use]
    pub fn addresses(&self) -> Option<u128> {
        1_u128.checked_shl(self.host_bits.into())
    }

    /// How many of them hosts may have; `None` where it is 2^128 less one.
    #[must_use]
    pub fn hosts(&self) -> Option<u128> {
        let taken = u128::from(self.broadcast.is_some()) * 2 + u128::from(self.any_router.is_some());
        self.addresses().map(|addresses| addresses - taken)
    }
}

fn next(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(u32::from(address).saturating_add(1).into()),
        IpAddr::V6(address) => IpAddr::V6(u128::from(address).saturating_add(1).into()),
    }
}

fn previous(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(u32::from(address).saturating_sub(1).into()),
        IpAddr::V6(address) => IpAddr::V6(u128::from(address).saturating_sub(1).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn subnet(text: &str) -> Subnet {
        Subnet::of(text.parse().expect("a prefix"))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_first_bits_decide() {
        let compared = same_subnet(address("192.168.1.11"), address("10.130.1.4"), 24).expect("both are IPv4");
        assert_eq!((compared.same(), compared.common, compared.first_difference()), (false, 0, Some(1)));
        let compared = same_subnet(address("192.168.1.11"), address("192.168.1.130"), 24).expect("both are IPv4");
        assert_eq!((compared.same(), compared.common), (true, 24));
        assert!(!same_subnet(address("192.168.1.11"), address("192.168.1.130"), 25).expect("both are IPv4").same());
        let itself = same_subnet(address("::1"), address("::1"), 128).expect("both are IPv6");
        assert_eq!((itself.same(), itself.first_difference()), (true, None));
        assert_eq!(same_subnet(address("::1"), address("127.0.0.1"), 8), None);
        assert_eq!(same_subnet(address("127.0.0.1"), address("127.0.0.1"), 33), None);
    }

    #[test]
    fn ends_that_are_no_hosts_and_prefixes_without_room_for_them() {
        let plain = subnet("192.168.1.77/26");
        assert_eq!(
            (plain.network.to_string(), plain.mask, plain.wildcard),
            ("192.168.1.64/26".into(), address("255.255.255.192"), address("0.0.0.63"))
        );
        assert_eq!(
            (plain.first, plain.last, plain.broadcast),
            (address("192.168.1.65"), address("192.168.1.126"), Some(address("192.168.1.127")))
        );
        assert_eq!((plain.addresses(), plain.hosts(), plain.customary_gateway), (Some(64), Some(62), Some(address("192.168.1.65"))));
        let pair = subnet("10.0.0.0/31");
        assert_eq!((pair.first, pair.last, pair.broadcast, pair.hosts()), (address("10.0.0.0"), address("10.0.0.1"), None, Some(2)));
        let one = subnet("10.0.0.7/32");
        assert_eq!((one.first, one.last, one.hosts(), one.customary_gateway), (address("10.0.0.7"), address("10.0.0.7"), Some(1), None));
        let all = subnet("0.0.0.0/0");
        assert_eq!((all.addresses(), all.hosts(), all.customary_gateway), (Some(1 << 32), Some((1 << 32) - 2), None));
        let six = subnet("2001:db8:1:2::/64");
        assert_eq!((six.any_router, six.first, six.broadcast), (Some(address("2001:db8:1:2::")), address("2001:db8:1:2::1"), None));
        assert_eq!((six.hosts(), subnet("::/0").addresses()), (Some((1 << 64) - 1), None));
        for (prefix, is_for_hosts) in
            [("fe80::/64", true), ("::ffff:0:0/96", false), ("127.0.0.0/8", false), ("224.0.0.0/4", false), ("64:ff9b::/96", false)]
        {
            let special = subnet(prefix);
            assert_eq!((special.is_for_hosts, special.any_router, special.customary_gateway), (is_for_hosts, None, None), "{prefix}");
        }
        assert!(subnet("2002::/16").is_for_hosts && subnet("8.0.0.0/8").is_for_hosts && subnet("10.0.0.0/24").customary_gateway.is_some());
        let pair = subnet("2001:db8::/127");
        assert_eq!((pair.any_router, pair.first, pair.last), (None, address("2001:db8::"), address("2001:db8::1")));
    }

    proptest! {
        #[test]
        fn as_ipnet_has_it(v4: u32, v6: u128, other4: u32, other6: u128, length in 0_u8..=128, near in 0_u32..=128) {
            for (one, other, most) in [
                (IpAddr::V4(Ipv4Addr::from(v4)), IpAddr::V4(Ipv4Addr::from(v4 ^ other4.checked_shr(near).unwrap_or(0))), 32),
                (IpAddr::V6(Ipv6Addr::from(v6)), IpAddr::V6(Ipv6Addr::from(v6 ^ other6.checked_shr(near).unwrap_or(0))), 128),
            ] {
                let length = length.min(most);
                let prefix = IpNet::new(one, length).expect("a length that there is");
                prop_assert_eq!(same_subnet(one, other, length).expect("one version").same(), prefix.contains(&other));
                let subnet = Subnet::of(prefix);
                prop_assert!(subnet.network.contains(&one) && subnet.first <= subnet.last);
                prop_assert_eq!(subnet.network.trunc(), subnet.network);
                match prefix {
                    IpNet::V4(prefix) => {
                        let mut hosts = prefix.hosts();
                        // Counting all of a short one takes long.
                        if length > 20 {
                            prop_assert_eq!(subnet.hosts(), Some(hosts.count() as u128));
                        }
                        prop_assert_eq!(Some(subnet.first), hosts.next().map(IpAddr::V4));
                        prop_assert_eq!(subnet.last, if length < 31 { IpAddr::V4((u32::from(prefix.broadcast()) - 1).into()) } else { prefix.broadcast().into() });
                    }
                    IpNet::V6(prefix) => prop_assert_eq!(subnet.last, IpAddr::V6(prefix.broadcast())),
                }
            }
        }
    }
}
