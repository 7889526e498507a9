//! Ethernet in IP (RFC 3378).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk, link::ethernet};

/// Ethernet in IP.
pub static PROTOCOL: Protocol = Protocol {
    name: "etherip",
    label: "EtherIP",
    title: "Ethernet in IP",
    reference: "RFC 3378",
    claims: &[Selector::IpProtocol(97)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

fields! {
    VERSION = Field::number("etherip.ver", "Version", "Which version of the protocol this is: 3.");
    RESERVED = Field::hexadecimal("etherip.reserved", "Reserved", 3, "Must be 0.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<2>()?;
    walk.header(2);
    Ok(Next::Protocol(&ethernet::PROTOCOL))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 2, 0xf000)?;
    d.bits(&RESERVED, 0, 2, 0x0fff)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_frame_follows_two_bytes() {
        let frame = dissect(LinkType::IPV4, "45000026 00000000 40610000 c0000201 c0000202 3000 ffffffffffff 0022aabbccdd 0806 0001");
        assert_eq!((frame.protocols(), frame.value("etherip.ver")), ("ip:etherip:eth:arp".into(), "3".into()));
    }
}
