//! Cisco metadata: the security group that a frame's sender belongs to (TrustSec).

use super::ethernet::{ETHER_TYPES, FIRST_ETHER_TYPE, type_or_length};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Cisco metadata.
pub static PROTOCOL: Protocol = Protocol {
    name: "cmd",
    label: "Cisco metadata",
    title: "Cisco metadata",
    reference: "Cisco TrustSec",
    claims: &[Selector::EtherType(0x8909)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// Version, length, options, group; the type stands behind them on Ethernet and before them in GRE.
const METADATA_LENGTH: usize = 6;
const HEADER_LENGTH: usize = METADATA_LENGTH + 2;

fields! {
    VERSION = Field::number("cmd.version", "Version", "Which version of the header this is: 1.");
    LENGTH = Field::number("cmd.length", "Length", "How long the metadata is, in words of four bytes.");
    OPTIONS = Field::hexadecimal("cmd.options", "Options", 4, "What kind of metadata it is: 0001 for a security group.");
    GROUP = Field::number("cmd.sgt", "Security group", "The group that the frame's sender belongs to.").in_line();
    TYPE = Field::hexadecimal("cmd.type", "Type", 4, "What the frame carries.").names(ETHER_TYPES);
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[first, second, .., high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    let in_gre = walk.parent().is_some_and(|parent| parent.protocol.name == "gre");
    Ok(type_or_length(walk, u16::from_be_bytes(if in_gre { [first, second] } else { [high, low] })))
}

#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let in_gre = d.view.parent().is_some_and(|parent| parent.protocol.name == "gre");
    let (metadata, kind) = if in_gre { (2, 0) } else { (0, METADATA_LENGTH) };
    d.number(&VERSION, metadata, 1)?;
    d.number(&LENGTH, metadata + 1, 1)?;
    d.number(&OPTIONS, metadata + 2, 2)?;
    d.number(&GROUP, metadata + 4, 2)?;
    if d.peek(kind, 2)? >= u64::from(FIRST_ETHER_TYPE) {
        d.number(&TYPE, kind, 2)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn the_type_stands_behind_on_ethernet_and_before_in_gre() {
        let frame = dissect(LinkType::ETHERNET, &format!("001562643341 00102a1b3c4d 8909 01 01 0001 0010 0800 {PACKET}"));
        assert_eq!((frame.protocols(), frame.value("cmd.sgt")), ("eth:cmd:ip".into(), "16".into()));
        let tunnel = "45000038 00000000 402f0000 c0000201 c0000202 2000 8909 00000028";
        let frame = dissect(LinkType::IPV4, &format!("{tunnel} 0800 01 01 0001 0011 {PACKET}"));
        assert_eq!((frame.protocols(), frame.value("cmd.sgt")), ("ip:gre:cmd:ip".into(), "17".into()));
    }
}
