//! How many of their first bits two addresses share, and other arithmetic on masks.

use ipnet::IpNet;
use std::net::IpAddr;

/// How many of their first bits are the same; `None` where one is an IPv4 address and the other is not.
#[must_use]
pub fn common_bits(left: IpAddr, right: IpAddr) -> Option<u8> {
    let same = match (left, right) {
        (IpAddr::V4(left), IpAddr::V4(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros(),
        (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros(),
        _ => return None,
    };
    u8::try_from(same).ok()
}

/// How many of its last bits are ones.
pub(super) fn trailing_ones(address: IpAddr) -> u8 {
    let ones = match address {
        IpAddr::V4(address) => address.to_bits().trailing_ones(),
        IpAddr::V6(address) => address.to_bits().trailing_ones(),
    };
    u8::try_from(ones).unwrap_or(u8::MAX)
}

/// The network of an address under a mask of so many bits.
pub(super) fn network_of(address: IpAddr, bits: u8) -> Option<IpNet> {
    IpNet::new(address, bits).ok().map(|prefix| prefix.trunc())
}

/// Whether it can be a host's: no group, not everybody, not nobody, not this machine alone.
#[must_use]
pub(in crate::explain) fn is_host(address: IpAddr) -> bool {
    let special = address.is_multicast() || address.is_unspecified() || address.is_loopback();
    !special && !matches!(address, IpAddr::V4(address) if address.is_broadcast() || address.octets()[0] == 0 || address.octets()[0] >= 240)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_from_the_left() {
        let bits = |left: &str, right: &str| common_bits(left.parse().unwrap(), right.parse().unwrap());
        assert_eq!(bits("192.168.1.11", "192.168.1.1"), Some(28));
        assert_eq!(bits("192.168.1.11", "10.130.1.4"), Some(0));
        assert_eq!(bits("192.168.1.11", "192.168.1.11"), Some(32));
        assert_eq!(bits("2001:db8:a:1::11", "2001:db8:a:2::11"), Some(62));
        assert_eq!(bits("10.0.0.1", "::1"), None);
    }
}
