//! IP over Fibre Channel (RFC 2625).

use super::llc;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// IP over Fibre Channel.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipfc",
    label: "Fibre Channel",
    title: "IP over Fibre Channel",
    reference: "RFC 2625",
    claims: &[Selector::LinkType(122)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 16;

fields! {
    DESTINATION = Field::bytes("ipfc.nh.da", "Destination", "The port that the frame is for, by its number of 64 bits.");
    SOURCE = Field::bytes("ipfc.nh.sa", "Source", "The port that sent the frame.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    Ok(Next::Protocol(&llc::PROTOCOL))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bytes(&DESTINATION, 0, 8)?;
    d.bytes(&SOURCE, 8, 8)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn logical_link_control_follows_long_addresses() {
        let packet = "aaaa03 000000 0800 45000014 00000000 403b0000 0a000001 0a000002";
        let frame = dissect(LinkType(122), &format!("0011223344556677 8899aabbccddeeff {packet}"));
        assert_eq!((frame.protocols(), frame.value("ipfc.nh.sa")), ("ipfc:llc:ip".into(), "8899aabbccddeeff".into()));
    }
}
