//! IPv6 extension headers, and the headers that stand between a packet's own and what it carries in IPv4 too: each is a layer.

pub mod authentication;
pub mod destination;
pub mod encryption;
pub mod fragment;
pub mod hop_by_hop;
pub mod host_identity;
pub mod mobility;
pub mod no_next_header;
mod option;
pub mod routing;
pub mod shim;

use crate::dissect::{Next, Selector, Stop, Walk};
use crate::limits::Limits;
use std::net::IpAddr;

/// The least that a header may be asked to hold: the limit on how many stand in a row.
///
/// # Errors
/// A [`Stop`] where the packet has more than [`Limits::EXTENSION_HEADERS`].
fn within_limit(walk: &Walk<'_>) -> Result<(), Stop> {
    if walk.behind_network() >= Limits::EXTENSION_HEADERS {
        Err(walk.nesting("extension headers", Limits::EXTENSION_HEADERS))
    } else {
        Ok(())
    }
}

/// The length of a header that says it in units of 8 bytes, the first one not counted (RFC 8200 section 4.3).
#[expect(clippy::arithmetic_side_effects, reason = "at most 256 times 8")]
fn length_in_eights(field: u8) -> usize {
    (usize::from(field) + 1) * 8
}

/// Ends a header of `length` bytes: what it names is next, and what its packet carries.
///
/// # Errors
/// A [`Stop`] where the packet ends before the header.
fn follow(walk: &mut Walk<'_>, next: u8, length: usize) -> Result<Next, Stop> {
    walk.need(length, "header")?;
    walk.header(length);
    let Some(network) = walk.network_mut() else { return Ok(Next::Claimed(Selector::NextHeader(next))) };
    network.protocol = next;
    Ok(Next::Claimed(match network.source {
        IpAddr::V4(_) => Selector::IpProtocol(next),
        IpAddr::V6(_) => Selector::NextHeader(next),
    }))
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;
    use crate::limits::Limits;

    /// A packet with so many destination options headers and a UDP datagram.
    fn packet(headers: usize) -> String {
        let chain = "3c00010400000000".repeat(headers - 1);
        format!(
            "60000000 {:04x} 3c 40 20010db8000000000000000000000001 20010db8000000000000000000000002 {chain} 1100010400000000 00350035 0008 0000",
            headers * 8 + 8
        )
    }

    #[test]
    fn as_many_headers_as_the_limit_are_read_and_one_more_is_not() {
        let got = dissect(LinkType::IPV6, &packet(Limits::EXTENSION_HEADERS));
        assert_eq!(got.dissection.layers.len(), Limits::EXTENSION_HEADERS + 2);
        assert_eq!(got.dissection.network().map(|network| network.protocol), Some(17));
        assert!(got.dissection.stop.is_none());
        let got = dissect(LinkType::IPV6, &packet(Limits::EXTENSION_HEADERS + 1));
        assert_eq!(
            got.dissection.stop.map(|stop| (stop.reason, stop.part, stop.needed)),
            Some((StopReason::Nesting, "extension headers", Limits::EXTENSION_HEADERS))
        );
    }

    #[test]
    fn extension_headers_are_no_protocols_of_ipv4() {
        for number in ["00", "2b", "2c", "3c"] {
            let got = dissect(LinkType::IPV4, &format!("4500001c 00000000 40{number}0000 0a000001 0a000002 1100000000000000"));
            assert_eq!(got.protocols(), "ip:data");
            assert!(got.dissection.network().is_some_and(|network| network.fragment.is_none()));
        }
    }
}
