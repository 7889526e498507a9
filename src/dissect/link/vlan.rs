//! VLAN tags: IEEE 802.1Q, and 802.1ad (Q-in-Q) with its own EtherType for the outer tag (IEEE 802.1Q-2022 section 9).

use super::ethernet::{ETHER_TYPES, FIRST_ETHER_TYPE, describe_trailer, type_or_length};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};
use crate::limits::Limits;

/// A customer's tag, and what older switches put around one.
pub static PROTOCOL: Protocol = Protocol {
    name: "vlan",
    label: "VLAN",
    title: "802.1Q virtual LAN",
    reference: "IEEE 802.1Q-2022 section 9.6",
    claims: &[Selector::EtherType(0x8100), Selector::EtherType(0x9100), Selector::EtherType(0x9200)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// A provider's tag. The same bytes; Wireshark's names for them are others.
pub static SERVICE_TAG: Protocol = Protocol {
    name: "ieee8021ad",
    label: "VLAN",
    title: "802.1ad service tag",
    reference: "IEEE 802.1Q-2022 section 9.6",
    claims: &[Selector::EtherType(0x88a8)],
    dissect,
    describe: describe_service_tag,
    verify: None,
    fields: &[FIELDS],
};

const PRIORITY_NAMES: &[(u64, &str)] = &[
    (0, "best effort"),
    (1, "background"),
    (2, "excellent effort"),
    (3, "critical applications"),
    (4, "video"),
    (5, "voice"),
    (6, "internetwork control"),
    (7, "network control"),
];

fields! {
    PRIORITY = Field::number("vlan.priority", "Priority", "Which queue switches put the frame into; 7 is the most urgent, 1 comes even after 0.").names(PRIORITY_NAMES);
    DROP_ELIGIBLE = Field::boolean("vlan.dei", "Drop eligible", "Under load this frame may be dropped before others.");
    ID = Field::number("vlan.id", "VLAN", "Which of the virtual networks on this cable the frame belongs to; 0 says only the priority.").in_line();
    TYPE = Field::hexadecimal("vlan.etype", "Type", 4, "What the tag stands before.").names(ETHER_TYPES);
    LENGTH = Field::number("vlan.len", "Length", "How many bytes of 802.2 data follow; the rest is padding.").unit("bytes");
    TRAILER = Field::bytes("vlan.trailer", "Trailer", "Bytes behind the packet: padding up to the least length of a frame, or what a switch added.");
    SERVICE_PRIORITY = Field::number("ieee8021ad.priority", "Priority", "Which queue the provider's switches put the frame into.").names(PRIORITY_NAMES).aliases(&["vlan.priority"]);
    SERVICE_DROP_ELIGIBLE = Field::boolean("ieee8021ad.dei", "Drop eligible", "Under load this frame may be dropped before others.").aliases(&["vlan.dei"]);
    SERVICE_ID = Field::number("ieee8021ad.id", "Service VLAN", "Which of the provider's customers or services the frame belongs to; the customer's own tags stand inside.").aliases(&["vlan.id"]).in_line();
    SERVICE_TYPE = Field::hexadecimal("ieee8021ah.etype", "Type", 4, "What the tag stands before.").names(ETHER_TYPES).aliases(&["vlan.etype"]);
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.repeated(&[&PROTOCOL, &SERVICE_TAG]) > Limits::TAGS {
        return Err(walk.nesting("tags", Limits::TAGS));
    }
    let &[_, _, high, low] = walk.header_bytes()?;
    walk.header(4);
    Ok(type_or_length(walk, u16::from_be_bytes([high, low])))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    describe_tag(d, &PRIORITY, &DROP_ELIGIBLE, &ID)?;
    let is_type = d.peek(2, 2)? >= u64::from(FIRST_ETHER_TYPE);
    d.number(if is_type { &TYPE } else { &LENGTH }, 2, 2)?;
    describe_trailer(d, &TRAILER)
}

fn describe_service_tag(d: &mut Describe<'_, '_>) -> Option<()> {
    describe_tag(d, &SERVICE_PRIORITY, &SERVICE_DROP_ELIGIBLE, &SERVICE_ID)?;
    let is_type = d.peek(2, 2)? >= u64::from(FIRST_ETHER_TYPE);
    d.number(if is_type { &SERVICE_TYPE } else { &LENGTH }, 2, 2)?;
    describe_trailer(d, &TRAILER)
}

fn describe_tag(d: &mut Describe<'_, '_>, priority: &'static Field, drop_eligible: &'static Field, id: &'static Field) -> Option<()> {
    d.bits(priority, 0, 2, 0xe000)?;
    d.flag(drop_eligible, 0, 2, 0x1000)?;
    d.bits(id, 0, 2, 0x0fff)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::{bytes, dissect, dissect_cut};
    use crate::frame::LinkType;

    const ADDRESSES: &str = "ffffffffffff 0020d25afb3f";
    const ARP: &str = "0001 0800 06 04 0001 0020d25afb3f ac154f61 000000000000 ac154f64";

    #[test]
    fn a_customer_tag_stands_in_a_service_tag() {
        let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 88a8 b0c8 8100 27d1 0806 {ARP}"));
        assert_eq!(frame.protocols(), "eth:ieee8021ad:vlan:arp");
        assert_eq!((frame.value("ieee8021ad.id"), frame.value("ieee8021ad.priority")), ("200".into(), "5".into()));
        assert_eq!((frame.value("ieee8021ad.dei"), frame.value("vlan.dei")), ("true".into(), "false".into()));
        assert_eq!((frame.value("vlan.id"), frame.value("vlan.priority")), ("2001".into(), "1".into()));
        assert_eq!((frame.value("ieee8021ah.etype"), frame.value("vlan.etype")), ("33024".into(), "2054".into()));
    }

    #[test]
    fn a_length_in_a_tag_leads_to_802_2_and_leaves_padding_behind() {
        let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 8100 0005 0003 f0f003 0000000000"));
        assert_eq!(frame.protocols(), "eth:vlan:llc");
        assert_eq!((frame.value("vlan.len"), frame.value("vlan.etype")), ("3".into(), String::new()));
        assert_eq!((frame.value("vlan.trailer"), frame.value("eth.trailer")), ("0000000000".into(), String::new()));
        assert_eq!(frame.dissection.layers.last().map(|layer| (layer.start, layer.end)), Some((18, 21)));
    }

    #[test]
    fn eight_tags_are_read_and_a_ninth_is_reported() {
        for (tags, stops) in [(8, false), (9, true)] {
            let kinds = ["8100 0001", "88a8 0002", "9100 0003", "9200 0004"];
            let stack: String = (0..tags).map(|tag| kinds[tag % kinds.len()]).collect();
            let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} {stack} 0806 {ARP}"));
            let stop = frame.dissection.stop;
            assert_eq!(stop.map(|stop| (stop.reason, stop.needed, stop.had)), stops.then_some((StopReason::Nesting, 8, 9)));
            assert_eq!(frame.protocols().ends_with(":arp"), !stops);
        }
    }

    #[test]
    fn a_cut_tag_shows_what_is_there() {
        let whole = bytes(&format!("{ADDRESSES} 8100 6005"));
        let frame = dissect_cut(LinkType::ETHERNET, whole, 60);
        assert_eq!((frame.value("vlan.id"), frame.value("vlan.etype")), ("5".into(), String::new()));
        assert_eq!(frame.dissection.stop.map(|stop| stop.reason), Some(StopReason::Cut));
    }
}
