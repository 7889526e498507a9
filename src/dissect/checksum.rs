//! The Internet checksum (RFC 1071) and what verifying one gives.

use super::View;
use etherparse::checksum::u64_16bit_word::{add_2bytes, add_4bytes, add_8bytes, add_slice, ones_complement};
use std::net::IpAddr;

/// What verifying a checksum gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The bytes add up.
    Good,
    /// They do not.
    Bad,
    /// Not all of the bytes it covers are there: a cut frame, a fragment, a quotation.
    Unverified,
    /// The sender did not compute one (UDP over IPv4 with 0, RFC 768).
    NotPresent,
    /// It may not be what it is (UDP over IPv6 with 0, RFC 8200 section 8.1).
    Illegal,
}

/// A verified checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// What verifying gave.
    pub status: Status,
    /// What stands in the packet.
    pub found: u16,
    /// What would have been right; meaningful with [`Status::Good`] and [`Status::Bad`].
    pub expected: u16,
    /// Whether what stands there is the sum of the pseudo-header alone: what an operating system leaves for the network card to complete.
    pub partial: bool,
}

impl Checksum {
    /// A checksum that cannot be verified, or need not be.
    #[must_use]
    pub fn without(status: Status, found: u16) -> Self {
        Self { status, found, expected: 0, partial: false }
    }
}

/// Verifies a sum over `covered` that begins with `start` (a pseudo-header's sum, or 0); the checksum stands at `at` in `covered`.
#[must_use]
pub fn verify(start: u64, covered: &[u8], at: usize) -> Checksum {
    let Some(found) = found(covered, at) else { return Checksum::without(Status::Unverified, 0) };
    let total = sum(start, covered);
    // A right packet adds up to all ones; the complement of that is 0.
    if ones_complement(total) == 0 {
        return Checksum { status: Status::Good, found, expected: found, partial: false };
    }
    // Taking the found value out again is adding its complement (RFC 1624).
    let without = add_2bytes(total, (!found).to_be_bytes());
    let expected = u16::from_be(ones_complement(without));
    let partial = start != 0 && u16::from_be(!ones_complement(start)) == found;
    Checksum { status: Status::Bad, found, expected, partial }
}

/// Verifies the checksum of a layer that is covered together with its packet's pseudo-header (TCP, UDP, ICMPv6): RFC 9293 section 3.1,
/// RFC 8200 section 8.1. `length` is how much of the layer, from its first byte, the sum covers; `at` is where the checksum stands.
#[must_use]
pub fn verify_with_pseudo_header(view: &View<'_>, protocol: u8, length: usize, at: usize) -> Checksum {
    let bytes = view.bytes();
    let found = found(bytes, at).unwrap_or_default();
    let Some(network) = view.network() else { return Checksum::without(Status::Unverified, found) };
    let Some(covered) = bytes.get(..length) else { return Checksum::without(Status::Unverified, found) };
    if network.fragment.is_some() || network.quoted {
        return Checksum::without(Status::Unverified, found);
    }
    verify(pseudo_header(network.home_source, network.final_destination, protocol, length), covered, at)
}

/// Verifies the checksum of a layer that is covered alone, whole, without its packet's addresses (ICMP, IGMP). `at` is where it stands.
#[must_use]
pub fn verify_alone(view: &View<'_>, at: usize) -> Checksum {
    let bytes = view.bytes();
    let found = found(bytes, at).unwrap_or_default();
    match bytes.get(..view.wire_length()) {
        Some(covered) if view.network().is_none_or(|network| network.fragment.is_none() && !network.quoted) => verify(0, covered, at),
        _ => Checksum::without(Status::Unverified, found),
    }
}

/// The checksum that stands at `at`.
fn found(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*pair))
}

/// Adds bytes to a sum. 2^32 counts as 1 in it, as 2^16 does: 32 bits at a time add up in lanes that do not wait for each other's carry.
#[must_use]
pub fn sum(start: u64, bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut lanes = [0_u64; 8];
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<4>().0) {
            *lane += u64::from(u32::from_ne_bytes(*word));
        }
    }
    add_slice(add_8bytes(start, lanes.iter().sum::<u64>().to_ne_bytes()), rest)
}

fn pseudo_header(source: IpAddr, destination: IpAddr, protocol: u8, length: usize) -> u64 {
    let mut sum = 0;
    for address in [source, destination] {
        sum = match address {
            IpAddr::V4(address) => add_4bytes(sum, address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, rest @ ..] = address.octets();
                add_8bytes(add_8bytes(sum, [a, b, c, d, e, f, g, h]), rest)
            }
        };
    }
    let length = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    add_2bytes(add_4bytes(sum, length), [0, protocol])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lanes_add_up_to_what_words_one_by_one_do(start: u64, bytes in prop::collection::vec(prop_oneof![Just(0), Just(0xff), any::<u8>()], 0..200)) {
            prop_assert_eq!(ones_complement(sum(start, &bytes)), ones_complement(add_slice(start, &bytes)));
        }
    }
}
