//! Mirrored frames: what a switch sends to whom watches its ports (draft-foschiano-erspan-03).

use crate::dissect::link::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk, network};

/// A mirrored frame, with the header of type II or III.
pub static PROTOCOL: Protocol = Protocol {
    name: "erspan",
    label: "ERSPAN",
    title: "Encapsulated remote switch port analyzer",
    reference: "draft-foschiano-erspan-03",
    claims: &[Selector::EtherType(TYPE_II), Selector::EtherType(0x22eb)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The number of types I and II; type I has no header.
pub(super) const TYPE_II: u16 = 0x88be;

const VERSIONS: &[(u64, &str)] = &[(1, "type II"), (2, "type III")];
const ENCAPSULATIONS: &[(u64, &str)] =
    &[(0, "without a tag"), (1, "with an ISL tag"), (2, "with an 802.1Q tag"), (3, "tag preserved in the frame")];
const HEALTH: &[(u64, &str)] = &[(0, "good"), (1, "bad"), (2, "short"), (3, "oversized")];
const FRAME_TYPES: &[(u64, &str)] = &[(0, "Ethernet"), (2, "IP")];
const GRANULARITIES: &[(u64, &str)] = &[(0, "100 microseconds"), (1, "100 nanoseconds"), (2, "IEEE 1588"), (3, "user configurable")];

fields! {
    VERSION = Field::number("erspan.version", "Version", "Which form of the header it is.").names(VERSIONS);
    VLAN = Field::number("erspan.vlan", "VLAN", "The VLAN that the frame was seen in.");
    CLASS = Field::number("erspan.cos", "Class of service", "The frame's priority.");
    ENCAPSULATION = Field::number("erspan.encap", "Encapsulation", "How the frame was tagged on the mirrored port.").names(ENCAPSULATIONS);
    HEALTHY = Field::number("erspan.bso", "Frame health", "Whether the frame was damaged on the mirrored port.").names(HEALTH);
    TRUNCATED = Field::boolean("erspan.truncated", "Truncated", "The frame was too long for the tunnel and has been cut.");
    SESSION = Field::number("erspan.spanid", "Session", "Which mirroring session of the switch the frame belongs to.").in_line();
    INDEX = Field::hexadecimal("erspan.index", "Port index", 5, "The mirrored port and the direction, by the switch's own numbers.");
    TIMESTAMP = Field::number("erspan.timestamp", "Timestamp", "When the switch saw the frame, by its own clock.");
    SECURITY_GROUP = Field::number("erspan.sgt", "Security group", "The group that the frame's sender belongs to.");
    HAS_PROTOCOL_UNIT = Field::boolean("erspan.p", "Ethernet frame", "An Ethernet frame follows.");
    FRAME_TYPE = Field::number("erspan.ft", "Frame type", "What was mirrored.").names(FRAME_TYPES);
    HARDWARE = Field::number("erspan.hw", "Hardware", "Which of the switch's engines made the copy.");
    DIRECTION = Field::boolean("erspan.direction", "Outgoing", "The frame left by the mirrored port; otherwise it came in.");
    GRANULARITY = Field::number("erspan.gra", "Timestamp unit", "What the timestamp counts.").names(GRANULARITIES);
    HAS_MORE = Field::boolean("erspan.o", "Platform header", "Eight more bytes of the platform follow.");
    PLATFORM = Field::number("erspan.platid", "Platform", "Which platform's eight bytes they are.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[first, ..] = walk.header_bytes::<8>()?;
    match first >> 4 {
        1 => {
            walk.header(8);
            Ok(Next::Protocol(&ethernet::PROTOCOL))
        }
        2 => {
            let &[.., high, low] = walk.header_bytes::<12>()?;
            let length = if low & 1 != 0 { 20 } else { 12 };
            walk.need(length, "platform header")?;
            walk.header(length);
            Ok(match (high >> 2) & 31 {
                0 => Next::Protocol(&ethernet::PROTOCOL),
                2 => network::by_version(walk.bytes().get(length..).unwrap_or_default()),
                _ => Next::Payload,
            })
        }
        version => Err(walk.invalid("version", 1, usize::from(version))),
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let version = d.bits(&VERSION, 0, 2, 0xf000)?;
    d.bits(&VLAN, 0, 2, 0x0fff)?;
    d.bits(&CLASS, 2, 2, 0xe000)?;
    d.bits(if version == 1 { &ENCAPSULATION } else { &HEALTHY }, 2, 2, 0x1800)?;
    d.flag(&TRUNCATED, 2, 2, 0x0400)?;
    d.bits(&SESSION, 2, 2, 0x03ff)?;
    if version == 1 {
        d.bits(&INDEX, 4, 4, 0x000f_ffff)?;
        return Some(());
    }
    d.number(&TIMESTAMP, 4, 4)?;
    d.number(&SECURITY_GROUP, 8, 2)?;
    d.flag(&HAS_PROTOCOL_UNIT, 10, 2, 0x8000)?;
    d.bits(&FRAME_TYPE, 10, 2, 0x7c00)?;
    d.bits(&HARDWARE, 10, 2, 0x03f0)?;
    d.flag(&DIRECTION, 10, 2, 0x0008)?;
    d.bits(&GRANULARITY, 10, 2, 0x0006)?;
    if d.flag(&HAS_MORE, 10, 2, 0x0001)? {
        d.bits(&PLATFORM, 12, 4, 0xfc00_0000)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    const FRAME: &str = "ffffffffffff 0022aabbccdd 0806 0001";

    fn mirrored(gre: &str, payload: &str) -> Dissected {
        let length = 20 + bytes(gre).len() + bytes(payload).len();
        dissect(LinkType::IPV4, &format!("4500{length:04x} 00000000 402f0000 c0000201 c0000202 {gre} {payload}"))
    }

    #[test]
    fn type_iii_may_have_eight_bytes_more() {
        let plain = mirrored("1000 22eb 00000001", &format!("2064 6012 00000064 0005 0008 {FRAME}"));
        assert_eq!(plain.protocols(), "ip:gre:erspan:eth:arp");
        assert_eq!((plain.value("erspan.vlan"), plain.value("erspan.spanid")), ("100".into(), "18".into()));
        assert_eq!((plain.value("erspan.direction"), plain.value("erspan.sgt")), ("true".into(), "5".into()));
        let more = mirrored("1000 22eb 00000001", &format!("2064 6012 00000064 0005 0001 1c00000000000000 {FRAME}"));
        assert_eq!((more.protocols(), more.value("erspan.platid")), ("ip:gre:erspan:eth:arp".into(), "7".into()));
    }

    #[test]
    fn type_iii_may_mirror_packets_or_what_is_not_known() {
        let packet = "45000014 00000000 40110000 0a000001 0a000002";
        assert_eq!(mirrored("1000 22eb 00000001", &format!("2064 6012 00000064 0005 0800 {packet}")).protocols(), "ip:gre:erspan:ip");
        assert_eq!(mirrored("1000 22eb 00000001", &format!("2064 6012 00000064 0005 1c00 {packet}")).protocols(), "ip:gre:erspan:data");
    }

    #[test]
    fn another_version_is_reported() {
        let frame = mirrored("1000 88be 00000001", "3064 6012 00000064");
        assert_eq!(frame.dissection.stop.map(|stop| (stop.protocol, stop.had)), Some(("erspan", 3)));
    }
}
