//! Multiprotocol label switching: a stack of labels, one layer each (RFC 3032).

use super::pseudowire;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk, network};
use crate::limits::Limits;

/// One label.
pub static PROTOCOL: Protocol = Protocol {
    name: "mpls",
    label: "MPLS",
    title: "Multiprotocol label switching",
    reference: "RFC 3032",
    claims: &[
        Selector::LinkType(219),
        Selector::EtherType(0x8847),
        Selector::EtherType(0x8848),
        Selector::PppProtocol(0x0281),
        Selector::PppProtocol(0x0283),
        Selector::IpProtocol(137),
        Selector::UdpPort(6635),
    ],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// Labels with a meaning of their own (IANA, special-purpose MPLS label values).
const LABELS: &[(u64, &str)] = &[
    (0, "IPv4 explicit null"),
    (1, "router alert"),
    (2, "IPv6 explicit null"),
    (3, "implicit null"),
    (7, "entropy label follows"),
    (13, "generic associated channel"),
    (14, "OAM alert"),
    (15, "extended label follows"),
];

fields! {
    LABEL = Field::number("mpls.label", "Label", "By this number alone the next router knows where the packet goes; it swaps it for its neighbour's number.").names(LABELS).in_line();
    TRAFFIC_CLASS = Field::number("mpls.exp", "Traffic class", "How urgent the packet is among others (RFC 5462).");
    BOTTOM = Field::boolean("mpls.bottom", "Bottom of stack", "Set on the last label: the packet follows.");
    TIME_TO_LIVE = Field::number("mpls.ttl", "Time to live", "How many more routers may pass the packet on.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.repeated(&[&PROTOCOL]) > Limits::LABELS {
        return Err(walk.nesting("labels", Limits::LABELS));
    }
    let &[_, _, low, _] = walk.header_bytes()?;
    walk.header(4);
    if low & 1 == 0 {
        return Ok(Next::Protocol(&PROTOCOL));
    }
    let payload = walk.bytes().get(4..).unwrap_or_default();
    // Nothing in the label says what follows: routers look at the first bits too (RFC 4928 section 3).
    Ok(match payload.first().map_or(0, |first| first >> 4) {
        4 | 6 => network::by_version(payload),
        1 => Next::Protocol(&pseudowire::ASSOCIATED_CHANNEL),
        8 if payload.first().is_some_and(|first| matches!(first, 0x81..=0x83)) => Next::Claimed(Selector::LinkServiceAccessPoint(0xfe)),
        _ => pseudowire::by_content(payload),
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&LABEL, 0, 4, 0xffff_f000)?;
    d.bits(&TRAFFIC_CLASS, 0, 4, 0x0000_0e00)?;
    d.flag(&BOTTOM, 0, 4, 0x0000_0100)?;
    d.bits(&TIME_TO_LIVE, 0, 4, 0x0000_00ff)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const LABELLED: &str = "001562643341 00102a1b3c4d 8847";
    const PACKET: &str = "45000014 00000000 40110000 0a000001 0a000002";
    const ETHERNET: &str = "001562643342 0022aabbccdd 0806 0001080006040001 0022aabbccdd 0a000001 000000000000 0a000002";

    #[test]
    fn the_packets_first_bits_tell_what_the_bottom_label_carries() {
        let frame = dissect(LinkType::ETHERNET, &format!("{LABELLED} 0001d0fe 000121ff {PACKET}"));
        assert_eq!(frame.protocols(), "eth:mpls:mpls:ip");
        assert_eq!(frame.values("mpls.label"), ["29", "18"]);
        assert_eq!(
            (frame.values("mpls.bottom"), frame.values("mpls.ttl")),
            (vec!["false".into(), "true".into()], vec!["254".into(), "255".into()])
        );
        let ipv6 = "60000000 00003b40 00000000000000000000000000000001 00000000000000000000000000000001";
        assert_eq!(dissect(LinkType::ETHERNET, &format!("{LABELLED} 000021ff {ipv6}")).protocols(), "eth:mpls:ipv6");
    }

    #[test]
    fn a_pseudowire_is_told_by_what_looks_like_ethernet() {
        let with_control_word = dissect(LinkType::ETHERNET, &format!("{LABELLED} 000121ff 00000007 {ETHERNET}"));
        assert_eq!(with_control_word.protocols(), "eth:mpls:pwethcw:eth:arp");
        assert_eq!(with_control_word.value("pweth.cw.sequence_number"), "7");
        let without = dissect(LinkType::ETHERNET, &format!("{LABELLED} 000121ff {ETHERNET}"));
        assert_eq!(without.protocols(), "eth:mpls:eth:arp");
        let channel = dissect(LinkType::ETHERNET, &format!("{LABELLED} 000121ff 10000021 {PACKET}"));
        assert_eq!((channel.protocols(), channel.value("pwach.channel_type")), ("eth:mpls:pwach:ip".into(), "33".into()));
        assert_eq!(dissect(LinkType::ETHERNET, &format!("{LABELLED} 000121ff 01020304 05060708")).protocols(), "eth:mpls:data");
    }

    #[test]
    fn sixteen_labels_are_read_and_a_seventeenth_is_reported() {
        for (labels, stops) in [(16, false), (17, true)] {
            let stack = "000120ff".repeat(labels - 1);
            let frame = dissect(LinkType::ETHERNET, &format!("{LABELLED} {stack} 000121ff {PACKET}"));
            assert_eq!(frame.dissection.stop.map(|stop| (stop.reason, stop.needed)), stops.then_some((StopReason::Nesting, 16)));
        }
    }
}
