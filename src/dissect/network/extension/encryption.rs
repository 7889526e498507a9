//! The encapsulating security payload of IPsec (RFC 4303), in IPv6 and in IPv4. What it carries is encrypted.

use super::within_limit;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// The encapsulating security payload.
pub static PROTOCOL: Protocol = Protocol {
    name: "esp",
    label: "ESP",
    title: "Encapsulating Security Payload",
    reference: "RFC 4303",
    claims: &[Selector::IpProtocol(50)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 8;

fields! {
    PARAMETERS = Field::hexadecimal("esp.spi", "Security parameters index", 8, "Which keys and methods both ends agreed on for this direction.").in_line();
    SEQUENCE = Field::number("esp.sequence", "Sequence number", "Counts the packets, so that one that is sent again by somebody else is noticed.").in_line();
    ENCRYPTED = Field::bytes("esp.encrypted_data", "Encrypted", "What only the two ends can read: the packet, padding, the number of what it is, and its proof.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    walk.need(HEADER_LENGTH, "header")?;
    walk.header(HEADER_LENGTH);
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&PARAMETERS, 0, 4)?;
    d.number(&SEQUENCE, 4, 4)?;
    let encrypted = d.view.bytes().len().saturating_sub(HEADER_LENGTH);
    if encrypted > 0 {
        d.bytes(&ENCRYPTED, HEADER_LENGTH, encrypted)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn what_it_carries_stays_closed() {
        let got = dissect(LinkType::IPV4, "45000020 00000000 4032 0000 0a000001 0a000002 12345678 00000001 deadbeef");
        assert_eq!(got.protocols(), "ip:esp");
        assert_eq!([got.value("esp.spi"), got.value("esp.sequence"), got.value("esp.encrypted_data")], ["305419896", "1", "deadbeef"]);
    }
}
