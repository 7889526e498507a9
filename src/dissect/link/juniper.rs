//! What Juniper routers write before a frame that they captured of themselves (LINKTYPE_JUNIPER_ETHER).

use super::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk, network};

/// A Juniper router's header before an Ethernet frame.
pub static PROTOCOL: Protocol = Protocol {
    name: "juniper",
    label: "Juniper",
    title: "Juniper Ethernet capture",
    reference: "LINKTYPE_JUNIPER_ETHER",
    claims: &[Selector::LinkType(178)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const MAGIC: [u8; 3] = [0x4d, 0x47, 0x43];
const NO_LINK_HEADER: u8 = 0x02;
const HAS_EXTENSIONS: u8 = 0x80;
const DIRECTIONS: &[(u64, &str)] = &[(0, "sent"), (1, "received")];

fields! {
    MAGIC_NUMBER = Field::hexadecimal("juniper.magic-number", "Magic number", 6, "Always 4d4743.");
    DIRECTION = Field::number("juniper.direction", "Direction", "Which way the frame went, seen from the router.").names(DIRECTIONS).in_line();
    LINK_HEADER = Field::number("juniper.l2hdr", "Link header", "0 where the frame follows whole, 1 where only the packet does.");
    EXTENSIONS_LENGTH = Field::number("juniper.ext_total_len", "Extensions' length", "How many bytes about the interface follow.").unit("bytes");
}

#[expect(clippy::arithmetic_side_effects, reason = "a length of 16 bits")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[a, b, c, flags] = walk.header_bytes()?;
    if [a, b, c] != MAGIC {
        walk.header(0);
        return Ok(Next::Payload);
    }
    let mut header = 4;
    if flags & HAS_EXTENSIONS != 0 {
        let &[.., high, low] = walk.header_bytes::<6>()?;
        header = 6 + usize::from(u16::from_be_bytes([high, low]));
        walk.need(header, "extensions")?;
    }
    if flags & NO_LINK_HEADER == 0 {
        walk.header(header);
        return Ok(Next::Protocol(&ethernet::PROTOCOL));
    }
    // A protocol family stands in the place of the link header.
    walk.need(header + 4, "family")?;
    walk.header(header + 4);
    Ok(network::by_version(walk.bytes().get(header + 4..).unwrap_or_default()))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    if d.view.layer().length == 0 {
        return Some(());
    }
    d.number(&MAGIC_NUMBER, 0, 3)?;
    d.bits(&DIRECTION, 3, 1, 0x01)?;
    d.bits(&LINK_HEADER, 3, 1, 0x02)?;
    if d.peek(3, 1)? & u64::from(HAS_EXTENSIONS) != 0 {
        d.number(&EXTENSIONS_LENGTH, 4, 2)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ROUTER: LinkType = LinkType(178);

    #[test]
    fn extensions_stand_before_the_frame() {
        let frame = dissect(ROUTER, "4d4743 80 0004 03010102 ffffffffffff 0022aabbccdd 0806 0001");
        assert_eq!((frame.protocols(), frame.value("juniper.ext_total_len")), ("juniper:eth:arp".into(), "4".into()));
        let packet = dissect(ROUTER, "4d4743 03 02000000 45000014 00000000 403b0000 0a000001 0a000002");
        assert_eq!((packet.protocols(), packet.value("juniper.direction")), ("juniper:ip".into(), "1".into()));
        assert_eq!(dissect(ROUTER, "00000000 45").protocols(), "juniper:data");
    }
}
