//! The fragment header (RFC 8200 section 4.5).

use super::super::ip_protocol_name;
use super::{follow, within_limit};
use crate::dissect::{Describe, Field, FragmentPart, Next, Protocol, Selector, Stop, Walk};

/// The fragment header.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipv6.fraghdr",
    label: "fragment",
    title: "IPv6 fragment",
    reference: "RFC 8200 section 4.5",
    claims: &[Selector::NextHeader(44)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// How long the header is.
pub const HEADER_LENGTH: usize = 8;

fields! {
    NEXT_HEADER = Field::number("ipv6.fraghdr.nxt", "Next header", "What the whole datagram begins with; only the first fragment holds it.").named_by(ip_protocol_name).in_line();
    RESERVED = Field::number("ipv6.fraghdr.reserved_octet", "Reserved", "Must be 0.");
    OFFSET = Field::number("ipv6.fraghdr.offset", "Offset", "Where this fragment's bytes stand in the whole datagram, in units of 8 bytes.");
    MORE = Field::boolean("ipv6.fraghdr.more", "More fragments", "Set on every fragment but the last.");
    IDENTIFICATION = Field::hexadecimal("ipv6.fraghdr.ident", "Identification", 8, "All fragments of one packet share it, so that the receiver can put them together.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, _, offset_high, offset_low, i0, i1, i2, i3] = walk.header_bytes()?;
    let offset_and_flags = u16::from_be_bytes([offset_high, offset_low]);
    let part = FragmentPart {
        identification: u32::from_be_bytes([i0, i1, i2, i3]),
        offset: u32::from(offset_and_flags & 0xfff8),
        more: offset_and_flags & 1 != 0,
    };
    // One that is first and last at once is a whole packet: an atomic fragment (RFC 6946).
    if let (true, Some(network)) = (part.offset != 0 || part.more, walk.network_mut()) {
        // A second such header belongs to what the first one cut.
        network.fragment.get_or_insert(part);
    }
    let follower = follow(walk, next, HEADER_LENGTH)?;
    Ok(if part.offset == 0 { follower } else { Next::Payload })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&NEXT_HEADER, 0, 1)?;
    if d.peek(1, 1)? != 0 {
        d.number(&RESERVED, 1, 1)?;
    }
    d.bits(&OFFSET, 2, 2, 0xfff8)?;
    d.flag(&MORE, 2, 2, 1)?;
    d.number(&IDENTIFICATION, 4, 4)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn fragment(offset_and_flags: &str) -> Dissected {
        dissect(
            LinkType::IPV6,
            &format!(
                "60000000 0014 2c 40 20010db8000000000000000000000001 20010db8000000000000000000000002 1100 {offset_and_flags} cde00817 03e903e9 000c a3f9 64617461"
            ),
        )
    }

    #[test]
    fn the_first_fragment_shows_what_begins_and_is_not_verified() {
        let got = fragment("0001");
        assert_eq!(got.protocols(), "ipv6:ipv6.fraghdr:udp:data");
        assert_eq!(got.value("udp.checksum.status"), "unverified");
        let part = got.dissection.network().and_then(|network| network.fragment).unwrap();
        assert_eq!((part.identification, part.offset, part.more), (0xcde0_0817, 0, true));
    }

    #[test]
    fn a_later_fragment_is_bytes() {
        let got = fragment("05a8");
        assert_eq!(got.protocols(), "ipv6:ipv6.fraghdr:data");
        assert_eq!([got.value("ipv6.fraghdr.offset"), got.value("ipv6.fraghdr.more")], ["181", "false"]);
        let network = got.dissection.network().unwrap();
        assert_eq!((network.protocol, network.fragment.map(|part| part.offset)), (17, Some(1448)));
    }

    #[test]
    fn an_atomic_fragment_is_a_whole_packet() {
        let got = fragment("0000");
        assert_eq!(got.protocols(), "ipv6:ipv6.fraghdr:udp:data");
        assert!(got.dissection.network().is_some_and(|network| network.fragment.is_none()));
        assert_ne!(got.value("udp.checksum.status"), "unverified");
    }
}
