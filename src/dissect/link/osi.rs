//! The ISO network layer: a first byte that says which of its protocols follows (ISO/IEC TR 9577).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// The ISO network layer.
pub static PROTOCOL: Protocol = Protocol {
    name: "osi",
    label: "ISO",
    title: "ISO network layer",
    reference: "ISO/IEC TR 9577",
    claims: &[Selector::LinkServiceAccessPoint(0xfe)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The names of the protocols (also in frame relay and RFC 2684).
pub(super) const PROTOCOLS: &[(u64, &str)] = &[
    (0x00, "null"),
    (0x08, "Q.933"),
    (0x80, "SNAP"),
    (0x81, "CLNP"),
    (0x82, "ES-IS"),
    (0x83, "IS-IS"),
    (0x8e, "IPv6"),
    (0xb0, "data compression"),
    (0xb1, "fragmentation"),
    (0xcc, "IPv4"),
    (0xcf, "PPP"),
];

fields! {
    PROTOCOL_ID = Field::hexadecimal("osi.nlpid", "Protocol", 2, "Which protocol of the network layer follows.").names(PROTOCOLS).in_line();
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[protocol] = walk.header_bytes()?;
    walk.header(1);
    Ok(by_protocol(protocol))
}

/// Whose packet follows the byte.
pub(super) fn by_protocol(protocol: u8) -> Next {
    match protocol {
        0x8e => Next::Claimed(Selector::EtherType(0x86dd)),
        0xcc => Next::Claimed(Selector::EtherType(0x0800)),
        0xcf => Next::Claimed(Selector::EtherType(0x880b)),
        _ => Next::Payload,
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&PROTOCOL_ID, 0, 1)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn the_first_byte_says_the_protocol() {
        let frame = dissect(LinkType::ETHERNET, "0180c2000015 0022aabbccdd 0006 fefe03 83 1b01");
        assert_eq!((frame.protocols(), frame.value("osi.nlpid")), ("eth:llc:osi:data".into(), "131".into()));
        let routed = dissect(LinkType(100), "fefe03 cc 45000014 00000000 403b0000 0a000001 0a000002");
        assert_eq!(routed.protocols(), "llc:osi:ip");
    }
}
