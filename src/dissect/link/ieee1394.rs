//! IP over IEEE 1394, as macOS captures it (LINKTYPE_APPLE_IP_OVER_IEEE1394).

use super::ethernet::ETHER_TYPES;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// IP over IEEE 1394.
pub static PROTOCOL: Protocol = Protocol {
    name: "ap1394",
    label: "IEEE 1394",
    title: "IP over IEEE 1394",
    reference: "LINKTYPE_APPLE_IP_OVER_IEEE1394",
    claims: &[Selector::LinkType(138)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 18;

fields! {
    DESTINATION = Field::bytes("ap1394.dst", "Destination", "The station that the frame is for, by its number of 64 bits.");
    SOURCE = Field::bytes("ap1394.src", "Source", "The station that sent the frame.");
    TYPE = Field::hexadecimal("ap1394.type", "Type", 4, "What the frame carries.").names(ETHER_TYPES);
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[.., high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    Ok(Next::Claimed(Selector::EtherType(u16::from_be_bytes([high, low]))))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bytes(&DESTINATION, 0, 8)?;
    d.bytes(&SOURCE, 8, 8)?;
    d.number(&TYPE, 16, 2)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn the_type_stands_behind_long_addresses() {
        let packet = "45000014 00000000 403b0000 0a000001 0a000002";
        let frame = dissect(LinkType(138), &format!("0011223344556677 8899aabbccddeeff 0800 {packet}"));
        assert_eq!((frame.protocols(), frame.value("ap1394.src")), ("ap1394:ip".into(), "8899aabbccddeeff".into()));
    }
}
