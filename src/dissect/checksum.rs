//! The Internet checksum (RFC 1071) and what verifying one gives.

use super::View;
use etherparse::checksum::u64_16bit_word::{add_2bytes, add_4bytes, add_8bytes, add_slice, ones_complement};
use std::net::IpAddr;

/// How many bytes an Ethernet frame holds behind the smallest IP header: what is larger, a card is to cut.
const LARGEST: usize = 1480;

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
    let pseudo_header = |length| pseudo_header(network.home_source, network.final_destination, protocol, length);
    let checksum = verify(pseudo_header(length), covered, at);
    // A card that is to cut a segment adds the length of each piece: the system leaves it out.
    let is_uncut = || length > LARGEST && u16::from_be(!ones_complement(pseudo_header(0))) == found;
    Checksum { partial: checksum.partial || checksum.status == Status::Bad && is_uncut(), ..checksum }
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
#[expect(clippy::arithmetic_side_effects, reason = "a lane would need 2^32 words, 128 GiB of bytes, to run over")]
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
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;
    use proptest::prelude::*;

    /// From 10.0.0.1 to 10.0.0.2: 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 is 0x1409, whatever the length.
    #[test]
    fn what_a_card_is_to_cut_has_the_sum_of_its_addresses_without_a_length() {
        let partial = |payload: usize| {
            let total = 40 + payload;
            let head = format!("4500 {total:04x} 0000 4000 4006 0000 0a000001 0a000002 9c40 0050 00000001 00000001 5018 ffff 1409 0000");
            let hexadecimal = head + &"55".repeat(payload);
            let (got, bytes) = (dissect(LinkType::IPV4, &hexadecimal), crate::dissect::testing::bytes(&hexadecimal));
            let checksum = View::new(&bytes, &got.dissection, 1).and_then(|view| view.checksum()).expect("a checksum");
            (checksum.status, checksum.partial)
        };
        assert_eq!([partial(1000), partial(1976)], [(Status::Bad, false), (Status::Bad, true)]);
    }

    proptest! {
        #[test]
        fn lanes_add_up_to_what_words_one_by_one_do(start: u64, bytes in prop::collection::vec(prop_oneof![Just(0), Just(0xff), any::<u8>()], 0..200)) {
            prop_assert_eq!(ones_complement(sum(start, &bytes)), ones_complement(add_slice(start, &bytes)));
        }
    }
}
