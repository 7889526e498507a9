//! What older programs write before an 802.11 frame: Prism's and AbsoluteValue's headers, and the per-packet information of CACE.

use super::wireless;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Prism's header; an AbsoluteValue header may stand in its place.
pub static PRISM: Protocol = Protocol {
    name: "prism",
    label: "Prism",
    title: "Prism capture header",
    reference: "LINKTYPE_IEEE802_11_PRISM",
    claims: &[Selector::LinkType(119)],
    dissect: dissect_prism,
    describe: describe_prism,
    verify: None,
    fields: &[FIELDS],
};

/// AbsoluteValue's header.
pub static ABSOLUTE_VALUE: Protocol = Protocol {
    name: "wlancap",
    label: "AVS",
    title: "AbsoluteValue wireless capture header",
    reference: "LINKTYPE_IEEE802_11_AVS",
    claims: &[Selector::LinkType(163)],
    dissect: dissect_absolute_value,
    describe: describe_absolute_value,
    verify: None,
    fields: &[FIELDS],
};

/// Per-packet information.
pub static PER_PACKET: Protocol = Protocol {
    name: "ppi",
    label: "PPI",
    title: "Per-packet information",
    reference: "LINKTYPE_PPI",
    claims: &[Selector::LinkType(192)],
    dissect: dissect_per_packet,
    describe: describe_per_packet,
    verify: None,
    fields: &[FIELDS],
};

const PRISM_LENGTH: usize = 144;
const DEVICE_NAME: usize = 8;
const DEVICE_NAME_LENGTH: usize = 16;
/// What AbsoluteValue's headers begin with, their version aside.
const ABSOLUTE_VALUE_MAGIC: [u8; 3] = [0x80, 0x21, 0x10];
const ABSOLUTE_VALUE_LENGTH: usize = 8;
const PER_PACKET_LENGTH: usize = 8;

fields! {
    DEVICE = Field::text("prism.devname", "Device", "The card that captured.");
    VERSION = Field::hexadecimal("wlancap.magic", "Magic number", 8, "802110 and the version of the header.");
    LENGTH = Field::number("wlancap.length", "Header length", "How long this header is.").unit("bytes");
    PER_PACKET_HEADER = Field::number("ppi.length", "Header length", "How long this header is.").unit("bytes");
    LINK_TYPE = Field::number("ppi.dlt", "Link type", "How the frame's first bytes are to be read.");
}

fn dissect_prism(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.bytes().starts_with(&ABSOLUTE_VALUE_MAGIC) {
        walk.header(0);
        return Ok(Next::Protocol(&ABSOLUTE_VALUE));
    }
    walk.need(PRISM_LENGTH, "header")?;
    walk.header(PRISM_LENGTH);
    Ok(Next::Protocol(&wireless::PROTOCOL))
}

fn describe_prism(d: &mut Describe<'_, '_>) -> Option<()> {
    if d.view.layer().length == 0 {
        return Some(());
    }
    let name = d.slice(DEVICE_NAME, DEVICE_NAME_LENGTH)?;
    let length = name.iter().position(|byte| *byte == 0).unwrap_or(DEVICE_NAME_LENGTH);
    d.text(&DEVICE, DEVICE_NAME, length)?;
    Some(())
}

fn dissect_absolute_value(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[.., a, b, c, d] = walk.header_bytes::<ABSOLUTE_VALUE_LENGTH>()?;
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if length < ABSOLUTE_VALUE_LENGTH {
        return Err(walk.invalid("header length", ABSOLUTE_VALUE_LENGTH, length));
    }
    walk.need(length, "header")?;
    walk.header(length);
    Ok(Next::Protocol(&wireless::PROTOCOL))
}

fn describe_absolute_value(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&VERSION, 0, 4)?;
    d.number(&LENGTH, 4, 4)?;
    Some(())
}

fn dissect_per_packet(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, low, high, d0, d1, d2, d3] = walk.header_bytes::<PER_PACKET_LENGTH>()?;
    let length = usize::from(u16::from_le_bytes([low, high]));
    if length < PER_PACKET_LENGTH {
        return Err(walk.invalid("header length", PER_PACKET_LENGTH, length));
    }
    walk.need(length, "header")?;
    walk.header(length);
    let link_type = u16::try_from(u32::from_le_bytes([d0, d1, d2, d3]));
    Ok(link_type.map_or(Next::Payload, |link_type| Next::Claimed(Selector::LinkType(link_type))))
}

fn describe_per_packet(d: &mut Describe<'_, '_>) -> Option<()> {
    let &[low, high, d0, d1, d2, d3] = d.slice(2, 6)?.first_chunk()?;
    d.value(&PER_PACKET_HEADER, 2, 2, Value::Number(u64::from(u16::from_le_bytes([low, high]))));
    d.value(&LINK_TYPE, 4, 4, Value::Number(u64::from(u32::from_le_bytes([d0, d1, d2, d3]))));
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ACKNOWLEDGEMENT: &str = "d400 0000 0022aabbccdd";

    #[test]
    fn every_header_is_passed() {
        let prism = dissect(LinkType(119), &format!("44000000 90000000 776c616e30{} {ACKNOWLEDGEMENT}", "00".repeat(131)));
        assert_eq!((prism.protocols(), prism.value("prism.devname")), ("prism:wlan".into(), "wlan0".into()));
        let absolute = format!("80211001 0000000c 00000000 {ACKNOWLEDGEMENT}");
        assert_eq!(dissect(LinkType(163), &absolute).protocols(), "wlancap:wlan");
        assert_eq!(dissect(LinkType(119), &absolute).protocols(), "prism:wlancap:wlan");
        let information = dissect(LinkType(192), &format!("00 00 0c00 69000000 00000000 {ACKNOWLEDGEMENT}"));
        assert_eq!((information.protocols(), information.value("ppi.dlt")), ("ppi:wlan".into(), "105".into()));
        assert!(dissect(LinkType(192), "00 00 0700 69000000").dissection.stop.is_some());
        assert!(dissect(LinkType(163), "80211001 00000007").dissection.stop.is_some());
    }
}
