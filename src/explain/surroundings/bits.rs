//! Arithmetic on masks.

pub use crate::explain::address::common_bits;
use ipnet::IpNet;
use std::net::IpAddr;

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

/// Whether an address is meant for one link alone, so that no router passes on what is for it (RFC 3927 section 7, RFC 4291 section 2.5.6).
#[must_use]
pub(in crate::explain) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}
