//! Tags that a switch chip puts into a frame for the processor beside it: which of the switch's ports it came in by, or is to leave by
//! (LINKTYPE_DSA_TAG_*).

use super::ethernet::{self, type_or_length};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Declares a link type whose frames have a tag behind the addresses.
macro_rules! tagged_frame {
    ($(#[$text:meta])* $static:ident, $name:literal, $label:literal, $title:literal, $reference:literal, $link_type:literal, $tag:literal, $describe:ident) => {
        $(#[$text])*
        pub static $static: Protocol = Protocol {
            name: $name,
            label: $label,
            title: $title,
            reference: $reference,
            claims: &[Selector::LinkType($link_type)],
            dissect: dissect_tagged::<{ ADDRESSES + $tag + 2 }>,
            describe: |d| {
                ethernet::describe_addresses(d)?;
                $describe(d, ADDRESSES + $tag - 4)?;
                ethernet::describe_type(d, ADDRESSES + $tag)
            },
            verify: None,
            fields: &[FIELDS, ethernet::FIELDS],
        };
    };
}

const ADDRESSES: usize = 12;

tagged_frame!(
    /// Marvell's tag.
    MARVELL, "dsa", "DSA", "Ethernet with a Marvell switch tag", "LINKTYPE_DSA_TAG_DSA", 284, 4, describe_marvell
);
tagged_frame!(
    /// The same behind an EtherType of its own.
    MARVELL_ETHER_TYPE, "edsa", "DSA", "Ethernet with a Marvell switch tag and its EtherType", "LINKTYPE_DSA_TAG_EDSA", 285, 8, describe_marvell
);
tagged_frame!(
    /// Broadcom's tag.
    BROADCOM, "brcm_tag", "Broadcom tag", "Ethernet with a Broadcom switch tag", "LINKTYPE_DSA_TAG_BRCM", 281, 4, describe_broadcom
);

/// Broadcom's tag, before the frame.
pub static BROADCOM_BEFORE: Protocol = Protocol {
    name: "brcm_tag_prepend",
    label: "Broadcom tag",
    title: "Broadcom switch tag before Ethernet",
    reference: "LINKTYPE_DSA_TAG_BRCM_PREPEND",
    claims: &[Selector::LinkType(282)],
    dissect: dissect_before,
    describe: |d| describe_broadcom(d, 0),
    verify: None,
    fields: &[FIELDS],
};

const MODES: &[(u64, &str)] = &[(0, "to the processor"), (1, "from the processor"), (2, "to a sniffer"), (3, "forward")];
const OPERATIONS: &[(u64, &str)] = &[(0, "from the switch"), (1, "to the switch")];

fields! {
    MODE = Field::number("dsa.mode", "Mode", "Which way the frame goes between switch and processor.").names(MODES).in_line();
    TAGGED = Field::boolean("dsa.tagged", "Tagged", "The frame had a VLAN tag; the switch put its own in that place.");
    DEVICE = Field::number("dsa.device", "Switch", "Which of several switches in a row.");
    PORT = Field::number("dsa.port", "Port", "Which of its ports the frame came in by, or is to leave by.").in_line();
    PRIORITY = Field::number("dsa.priority", "Priority", "Which queue the frame is put into.");
    VLAN = Field::number("dsa.vid", "VLAN", "Which of the virtual networks the frame belongs to.");
    OPERATION = Field::number("brcm_tag.opcode", "Operation", "Which way the frame goes between switch and processor.").names(OPERATIONS).in_line();
    BROADCOM_PORT = Field::number("brcm_tag.src_port_id", "Port", "The port that the frame came in by.").in_line();
    BROADCOM_PORTS = Field::hexadecimal("brcm_tag.port_map", "Ports", 6, "A bit for each port that the frame is to leave by.").in_line();
}

fn dissect_tagged<const LENGTH: usize>(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let bytes = walk.need(LENGTH, "header")?;
    walk.header(LENGTH);
    let number = bytes.last_chunk().map_or(0, |number| u16::from_be_bytes(*number));
    Ok(type_or_length(walk, number))
}

fn dissect_before(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<4>()?;
    walk.header(4);
    Ok(Next::Protocol(&ethernet::PROTOCOL))
}

fn describe_marvell(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    d.bits(&MODE, at, 4, 0xc000_0000)?;
    d.flag(&TAGGED, at, 4, 0x2000_0000)?;
    d.bits(&DEVICE, at, 4, 0x1f00_0000)?;
    d.bits(&PORT, at, 4, 0x00f8_0000)?;
    d.bits(&PRIORITY, at, 4, 0x0000_e000)?;
    d.bits(&VLAN, at, 4, 0x0000_0fff)?;
    Some(())
}

fn describe_broadcom(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    if d.bits(&OPERATION, at, 4, 0xe000_0000)? == 0 {
        d.bits(&BROADCOM_PORT, at, 4, 0x0000_001f)?;
    } else {
        d.bits(&BROADCOM_PORTS, at, 4, 0x007f_ffff)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ADDRESSES: &str = "d6c528213eaf 0050b6291070";
    const PACKET: &str = "0800 45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn tags_stand_before_the_type() {
        let marvell = dissect(LinkType(284), &format!("{ADDRESSES} c0086005 {PACKET}"));
        assert_eq!((marvell.protocols(), marvell.value("eth.dst")), ("dsa:ip".into(), "d6:c5:28:21:3e:af".into()));
        for (id, value) in [("dsa.mode", "3"), ("dsa.port", "1"), ("dsa.priority", "3"), ("dsa.vid", "5"), ("eth.type", "2048")] {
            assert_eq!(marvell.value(id), value, "{id}");
        }
        let longer = dissect(LinkType(285), &format!("{ADDRESSES} dada0000 40100000 {PACKET}"));
        assert_eq!((longer.protocols(), longer.value("dsa.port")), ("edsa:ip".into(), "2".into()));
        let broadcom = dissect(LinkType(281), &format!("{ADDRESSES} 2c000080 {PACKET}"));
        assert_eq!((broadcom.protocols(), broadcom.value("brcm_tag.port_map")), ("brcm_tag:ip".into(), "128".into()));
        let before = dissect(LinkType(282), &format!("00002005 {ADDRESSES} {PACKET}"));
        assert_eq!((before.protocols(), before.value("brcm_tag.src_port_id")), ("brcm_tag_prepend:eth:ip".into(), "5".into()));
    }
}
