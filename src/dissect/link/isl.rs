//! Inter-switch link: Cisco's own way to say a frame's VLAN, with a whole header around the frame.

use super::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Stop, Walk};

/// Inter-switch link. Its destination address alone tells it from Ethernet.
pub static PROTOCOL: Protocol = Protocol {
    name: "isl",
    label: "ISL",
    title: "Cisco inter-switch link",
    reference: "Cisco document 17056",
    claims: &[],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 26;
/// What the length counts of the header, and the frame's own check sequence.
const COUNTED: usize = 12;
const CHECK_SEQUENCE_LENGTH: usize = 4;
const TYPES: &[(u64, &str)] = &[(0, "Ethernet"), (1, "Token ring"), (2, "FDDI"), (3, "ATM")];

fields! {
    DESTINATION = Field::mac("isl.dst", "Destination", "The group of all switches that speak ISL.");
    TYPE = Field::number("isl.type", "Type", "What kind of frame is inside.").names(TYPES);
    USER = Field::number("isl.user", "User", "How urgent the frame is.");
    SOURCE = Field::mac("isl.src", "Source", "The switch that put the header there.");
    LENGTH = Field::number("isl.len", "Length", "How long the rest is, without the outermost check sequence.").unit("bytes");
    ADDRESS_PART = Field::hexadecimal("isl.hsa", "High bits of source", 6, "The first three bytes of the switch's address.");
    VLAN = Field::number("isl.vlan_id", "VLAN", "Which of the virtual networks on this cable the frame belongs to.").in_line();
    IS_PROTOCOL_UNIT = Field::boolean("isl.bpdu", "Between switches", "The frame inside is itself for switches.");
    INDEX = Field::number("isl.index", "Index", "The port of the sending switch.");
}

/// Whether an Ethernet frame is none: the group's first five bytes, and SNAP where ISL always has it.
pub(super) fn is(bytes: &[u8]) -> bool {
    matches!(bytes, [0x01 | 0x03, 0x00, 0x0c, 0x00, 0x00, ..]) && bytes.get(14..17) == Some(&[0xaa, 0xaa, 0x03])
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, _, _, _, kind, _, _, _, _, _, _, high, low, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    walk.limit_payload(usize::from(u16::from_be_bytes([high, low])).saturating_sub(COUNTED + CHECK_SEQUENCE_LENGTH));
    Ok(if kind >> 4 == 0 { Next::Protocol(&ethernet::PROTOCOL) } else { Next::Payload })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.mac(&DESTINATION, 0)?;
    d.bits(&TYPE, 5, 1, 0xf0)?;
    d.bits(&USER, 5, 1, 0x0f)?;
    d.mac(&SOURCE, 6)?;
    d.number(&LENGTH, 12, 2)?;
    d.number(&ADDRESS_PART, 17, 3)?;
    d.bits(&VLAN, 20, 2, 0xfffe)?;
    d.flag(&IS_PROTOCOL_UNIT, 20, 2, 0x0001)?;
    d.number(&INDEX, 22, 2)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_frame_stands_between_header_and_check_sequences() {
        let header = "01000c000000 001906eab885 0020 aaaa03 00000c 0003 0000 0000";
        let inner = "ffffffffffff 001906eab885 0806 0001";
        let frame = dissect(LinkType::ETHERNET, &format!("{header} {inner} f7a7fe42 01020304"));
        assert_eq!((frame.protocols(), frame.value("isl.vlan_id")), ("eth:isl:eth:arp".into(), "1".into()));
        assert_eq!((frame.value("eth.dst"), frame.value("isl.bpdu")), ("ff:ff:ff:ff:ff:ff".into(), "true".into()));
        assert_eq!(frame.dissection.layers.last().map(|layer| layer.end), Some(42));
    }
}
