//! IP over InfiniBand (RFC 4391), as captured with both link addresses.

use super::ethernet::ETHER_TYPES;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// IP over InfiniBand.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipoib",
    label: "InfiniBand",
    title: "IP over InfiniBand",
    reference: "RFC 4391, LINKTYPE_IPOIB",
    claims: &[Selector::LinkType(242)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// Two addresses of 20 bytes, the type, and two reserved bytes.
const HEADER_LENGTH: usize = 44;

fields! {
    QUEUE_PAIR = Field::hexadecimal("ipoib.daddr.qpn", "Destination queue pair", 6, "Which queue of the receiver's adapter the frame is for.");
    IDENTIFIER = Field::ipv6("ipoib.dgid", "Destination", "The adapter that the frame is for: a global identifier, written like an IPv6 address.");
    TYPE = Field::hexadecimal("ipoib.type", "Type", 4, "What the frame carries.").names(ETHER_TYPES);
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[.., high, low, _, _] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    Ok(Next::Claimed(Selector::EtherType(u16::from_be_bytes([high, low]))))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&QUEUE_PAIR, 21, 3)?;
    d.ipv6(&IDENTIFIER, 24)?;
    d.number(&TYPE, 40, 2)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn the_type_stands_behind_two_long_addresses() {
        let addresses = "0000000000000000000000000000000000000000 80000550fe80000000000000 0010e000664ab451";
        let frame = dissect(LinkType(242), &format!("{addresses} 0800 0000 45000014 00000000 403b0000 0a000001 0a000002"));
        assert_eq!((frame.protocols(), frame.value("ipoib.dgid")), ("ipoib:ip".into(), "fe80::10:e000:664a:b451".into()));
        assert_eq!(frame.value("ipoib.daddr.qpn"), "1360");
    }
}
