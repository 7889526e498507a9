//! The authentication header of IPsec (RFC 4302), in IPv6 and in IPv4.

use super::super::ip_protocol_name;
use super::{follow, within_limit};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// The authentication header.
pub static PROTOCOL: Protocol = Protocol {
    name: "ah",
    label: "AH",
    title: "Authentication Header",
    reference: "RFC 4302",
    claims: &[Selector::IpProtocol(51)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const FIXED_LENGTH: usize = 12;

fields! {
    NEXT_HEADER = Field::number("ah.next_header", "Next header", "What follows this header.").named_by(ip_protocol_name);
    LENGTH = Field::number("ah.length", "Length", "How long this header is, in units of 4 bytes, less 2.");
    RESERVED = Field::bytes("ah.reserved", "Reserved", "Must be 0.");
    PARAMETERS = Field::hexadecimal("ah.spi", "Security parameters index", 8, "Which keys and methods both ends agreed on for this direction.").in_line();
    SEQUENCE = Field::number("ah.sequence", "Sequence number", "Counts the packets, so that one that is sent again by somebody else is noticed.").in_line();
    CHECK_VALUE = Field::bytes("ah.icv", "Integrity check value", "Proves that the packet comes from somebody who knows the key and that nobody has changed it.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, units, ..] = walk.header_bytes::<FIXED_LENGTH>()?;
    let length = length(units);
    if length < FIXED_LENGTH {
        return Err(walk.invalid("length", 1, usize::from(units)));
    }
    follow(walk, next, length)
}

#[expect(clippy::arithmetic_side_effects, reason = "at most 257 words")]
fn length(units: u8) -> usize {
    (usize::from(units) + 2) * 4
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&NEXT_HEADER, 0, 1)?;
    let units = d.number(&LENGTH, 1, 1)?;
    d.bytes(&RESERVED, 2, 2)?;
    d.number(&PARAMETERS, 4, 4)?;
    d.number(&SEQUENCE, 8, 4)?;
    let check = length(u8::try_from(units).ok()?).saturating_sub(FIXED_LENGTH);
    if check > 0 {
        d.bytes(&CHECK_VALUE, FIXED_LENGTH, check)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const HEADER: &str = "1104 0000 00000100 00000013 21d3a95c5ffd4d184622b9f8";

    #[test]
    fn it_is_seen_through_in_both_versions() {
        let got = dissect(
            LinkType::IPV6,
            &format!("6e000000 0020 33 01 fe800000000000000000000000000001 ff020000000000000000000000000005 {HEADER} 00350035 0008 0000"),
        );
        assert_eq!(got.protocols(), "ipv6:ah:udp");
        assert_eq!([got.value("ah.spi"), got.value("ah.sequence"), got.value("ah.icv")], ["256", "19", "21d3a95c5ffd4d184622b9f8"]);
        let got = dissect(LinkType::IPV4, &format!("45000034 00000000 4033 0000 0a000001 0a000002 {HEADER} 00350035 0008 0000"));
        assert_eq!(got.protocols(), "ip:ah:udp");
        assert_eq!(got.dissection.network().map(|network| network.protocol), Some(17));
    }

    #[test]
    fn a_length_less_than_its_own_header_is_said() {
        let got = dissect(LinkType::IPV4, "45000024 00000000 4033 0000 0a000001 0a000002 11000000 00000100 00000013 21d3a95c");
        assert_eq!(got.dissection.stop.map(|stop| stop.reason), Some(StopReason::Invalid));
        assert_eq!(got.value("ah.sequence"), "19");
    }
}
