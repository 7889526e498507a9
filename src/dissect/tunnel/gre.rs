//! Generic routing encapsulation (RFC 2784, RFC 2890; routing: RFC 1701; version 1, for PPTP: RFC 2637; redirection: WCCP).

use super::erspan;
use crate::dissect::{
    Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, Value, View, Walk, checksum, link::cdp, link::ethernet,
};

/// Generic routing encapsulation.
pub static PROTOCOL: Protocol = Protocol {
    name: "gre",
    label: "GRE",
    title: "Generic routing encapsulation",
    reference: "RFC 2784, RFC 2890",
    claims: &[Selector::IpProtocol(47), Selector::UdpPort(4754)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const HAS_CHECKSUM: u16 = 0x8000;
const HAS_ROUTING: u16 = 0x4000;
const HAS_KEY: u16 = 0x2000;
const HAS_SEQUENCE: u16 = 0x1000;
const HAS_ACKNOWLEDGEMENT: u16 = 0x0080;
const VERSION_BITS: u16 = 0x0007;
const POINT_TO_POINT: u16 = 0x880b;
const REDIRECTION: u16 = 0x883e;
const ISO: u16 = 0x00fe;

const TYPES: &[(u64, &str)] = &[
    (0x0000, "keepalive"),
    (ISO as u64, "ISO network layer"),
    (0x2000, "Cisco discovery"),
    (0x2001, "Next hop resolution"),
    (REDIRECTION as u64, "Web cache redirection"),
];

fields! {
    FLAGS = Field::hexadecimal("gre.flags_and_version", "Flags and version", 4, "Which of the optional parts follow.");
    CHECKSUM_PRESENT = Field::boolean("gre.flags.checksum", "Checksum present", "A checksum follows.");
    ROUTING_PRESENT = Field::boolean("gre.flags.routing", "Routing present", "A route follows; no longer used.");
    KEY_PRESENT = Field::boolean("gre.flags.key", "Key present", "A key follows.");
    SEQUENCE_PRESENT = Field::boolean("gre.flags.sequence_number", "Sequence number present", "A sequence number follows.");
    STRICT_ROUTE = Field::boolean("gre.flags.strict_source_route", "Strict source route", "Each station of the route must be visited; no longer used.");
    RECURSION = Field::number("gre.flags.recursion_control", "Recursion control", "How many more tunnels the packet may enter; no longer used.");
    ACKNOWLEDGEMENT_PRESENT = Field::boolean("gre.flags.ack", "Acknowledgement present", "An acknowledgement number follows (version 1).");
    VERSION = Field::number("gre.flags.version", "Version", "0, or 1 for PPTP.");
    TYPE = Field::hexadecimal("gre.proto", "Type", 4, "What the tunnel carries.").names(TYPES).named_by(ether_type_name).in_line();
    CHECKSUM = Field::checksum("gre.checksum", "Checksum", "Guards this header and the payload.");
    CHECKSUM_STATUS = Field::status("gre.checksum.status", "Checksum status", "Whether they add up.");
    OFFSET = Field::number("gre.offset", "Offset", "Where the route's next station stands.").unit("bytes");
    KEY = Field::hexadecimal("gre.key", "Key", 8, "Tells tunnels between the same two ends apart.").in_line();
    PAYLOAD_LENGTH = Field::number("gre.key.payload_length", "Payload length", "How many bytes follow this header.").unit("bytes");
    CALL = Field::number("gre.key.call_id", "Call", "Which of the receiver's calls the packet belongs to.").in_line();
    SEQUENCE = Field::number("gre.sequence_number", "Sequence number", "The packet's place in the tunnel, so that the receiver can drop what comes late.");
    ACKNOWLEDGEMENT = Field::number("gre.ack_number", "Acknowledgement number", "The last packet that has arrived from the other side.");
    ROUTING = Field::group("gre.routing", "Route", "A part of a source route; no longer used.");
    ROUTING_FAMILY = Field::number("gre.routing.address_family", "Address family", "What kind of addresses the route is made of.");
    ROUTING_OFFSET = Field::number("gre.routing.sre_offset", "Offset", "Where the next address stands.").unit("bytes");
    ROUTING_LENGTH = Field::number("gre.routing.src_length", "Length", "How long this part of the route is; 0 ends it.").unit("bytes");
    ROUTING_INFORMATION = Field::bytes("gre.routing.information", "Addresses", "The route's addresses.");
    REDIRECT = Field::group("gre.wccp.redirect_header", "Redirect header", "Why a router sent the packet to a cache.");
    DYNAMIC_SERVICE = Field::boolean("gre.wccp.dynamic_service", "Dynamic service", "The service was agreed on, it is none of the well-known ones.");
    ALTERNATIVE_USED = Field::boolean("gre.wccp.alternative_bucket_used", "Alternative bucket used", "The second bucket decided.");
    REDIRECT_VALID = Field::boolean("gre.wccp.redirect_header_valid", "To be ignored", "The header is there, but says nothing.");
    SERVICE = Field::number("gre.wccp.service_id", "Service", "Which service the packet belongs to; 0 is the web.");
    ALTERNATIVE_BUCKET = Field::number("gre.wccp.alternative_bucket", "Alternative bucket", "The second place in the table of caches.");
    PRIMARY_BUCKET = Field::number("gre.wccp.primary_bucket", "Primary bucket", "The place in the table of caches.");
}

fn ether_type_name(number: u64) -> Option<&'static str> {
    ethernet::ETHER_TYPES.iter().find(|(key, _)| *key == number).map(|(_, name)| *name)
}

/// Where the optional parts of a header stand; 0 for those that do not.
struct Parts {
    flags: u16,
    kind: u16,
    checksum: usize,
    key: usize,
    sequence: usize,
    acknowledgement: usize,
    routing: usize,
    redirect: usize,
    end: usize,
}

/// Finds the parts; the header may be longer than the bytes.
#[expect(clippy::arithmetic_side_effects, reason = "parts of 4 bytes, and routes of 8 bits each, which end where the bytes do")]
fn parts(bytes: &[u8]) -> Option<Parts> {
    let &[f0, f1, t0, t1] = bytes.first_chunk()?;
    let (flags, kind) = (u16::from_be_bytes([f0, f1]), u16::from_be_bytes([t0, t1]));
    let mut end = 4;
    let mut part = |present: u16, version_1: bool| {
        let is_there = flags & present != 0 && (!version_1 || flags & VERSION_BITS == 1);
        let at = end;
        end += if is_there { 4 } else { 0 };
        if is_there { at } else { 0 }
    };
    let checksum = part(HAS_CHECKSUM | HAS_ROUTING, false);
    let key = part(HAS_KEY, false);
    let sequence = part(HAS_SEQUENCE, false);
    let acknowledgement = part(HAS_ACKNOWLEDGEMENT, true);
    let mut routing = 0;
    if flags & HAS_ROUTING != 0 && flags & VERSION_BITS == 0 {
        routing = end;
        loop {
            let length = bytes.get(end + 3).map_or(0, |length| usize::from(*length));
            end += 4 + length;
            // An entry that says neither family nor length ends the route (RFC 1701).
            if length == 0 {
                break;
            }
        }
    }
    // WCCP 2 puts four bytes before the packet, WCCP 1 does not: a packet begins with its version.
    let has_redirect = kind == REDIRECTION && bytes.get(end).is_some_and(|first| first >> 4 != 4);
    let redirect = if has_redirect { end } else { 0 };
    end += if has_redirect { 4 } else { 0 };
    Some(Parts { flags, kind, checksum, key, sequence, acknowledgement, routing, redirect, end })
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, version, ..] = walk.header_bytes::<4>()?;
    // Where the optional parts stand, and whether there are some, is known of these two alone.
    let version = u16::from(version) & VERSION_BITS;
    if version > 1 {
        return Err(walk.invalid("version", 1, usize::from(version)));
    }
    let Some(parts) = parts(walk.bytes()) else { return Err(walk.short(4, "header")) };
    let bytes = walk.need(parts.end, "options")?;
    walk.header(parts.end);
    if parts.flags & VERSION_BITS == 1
        && parts.key != 0
        && let Some(&[high, low]) = bytes.get(parts.key..).and_then(|key| key.first_chunk())
    {
        walk.limit_payload(usize::from(u16::from_be_bytes([high, low])));
    }
    Ok(match parts.kind {
        REDIRECTION => Next::Claimed(Selector::EtherType(0x0800)),
        ISO => Next::Claimed(Selector::LinkServiceAccessPoint(0xfe)),
        // Type I has neither a sequence number nor a header (draft-foschiano-erspan-03 section 4.1).
        erspan::TYPE_II if parts.sequence == 0 => Next::Protocol(&ethernet::PROTOCOL),
        cdp::PROTOCOL_NUMBER => Next::Protocol(&cdp::PROTOCOL),
        0..ethernet::FIRST_ETHER_TYPE => Next::Payload,
        kind => Next::Claimed(Selector::EtherType(kind)),
    })
}

fn verify(view: &View<'_>) -> Checksum {
    let Some(parts) = parts(view.bytes()) else { return Checksum::without(Status::NotPresent, 0) };
    if parts.flags & HAS_CHECKSUM == 0 || parts.flags & VERSION_BITS > 1 {
        return Checksum::without(Status::NotPresent, 0);
    }
    match view.bytes().get(..view.wire_length()) {
        Some(whole) if view.network().is_none_or(|network| network.fragment.is_none() && !network.quoted) => {
            checksum::verify(0, whole, parts.checksum)
        }
        _ => Checksum::without(Status::Unverified, 0),
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "places in the header")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let parts = parts(d.view.bytes())?;
    let version = parts.flags & VERSION_BITS;
    if version > 1 {
        d.number(&FLAGS, 0, 2)?;
        d.bits(&VERSION, 0, 2, 0x0007)?;
        d.number(&TYPE, 2, 2)?;
        return Some(());
    }
    d.open(&FLAGS, 0, 2, Value::Number(u64::from(parts.flags)));
    d.flag(&CHECKSUM_PRESENT, 0, 2, 0x8000)?;
    d.flag(&ROUTING_PRESENT, 0, 2, 0x4000)?;
    d.flag(&KEY_PRESENT, 0, 2, 0x2000)?;
    d.flag(&SEQUENCE_PRESENT, 0, 2, 0x1000)?;
    d.flag(&STRICT_ROUTE, 0, 2, 0x0800)?;
    d.bits(&RECURSION, 0, 2, 0x0700)?;
    if version == 1 {
        d.flag(&ACKNOWLEDGEMENT_PRESENT, 0, 2, 0x0080)?;
    }
    d.bits(&VERSION, 0, 2, 0x0007)?;
    d.close();
    d.number(&TYPE, 2, 2)?;
    if parts.checksum != 0 {
        if parts.flags & HAS_CHECKSUM != 0 {
            d.checksum(&CHECKSUM, &CHECKSUM_STATUS, parts.checksum)?;
        }
        d.number(&OFFSET, parts.checksum + 2, 2)?;
    }
    if parts.key != 0 && parts.kind == POINT_TO_POINT && version == 1 {
        d.number(&PAYLOAD_LENGTH, parts.key, 2)?;
        d.number(&CALL, parts.key + 2, 2)?;
    } else if parts.key != 0 {
        d.number(&KEY, parts.key, 4)?;
    }
    if parts.sequence != 0 {
        d.number(&SEQUENCE, parts.sequence, 4)?;
    }
    if parts.acknowledgement != 0 {
        d.number(&ACKNOWLEDGEMENT, parts.acknowledgement, 4)?;
    }
    if parts.routing != 0 {
        describe_routing(d, parts.routing)?;
    }
    if parts.redirect != 0 { describe_redirect(d, parts.redirect) } else { Some(()) }
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_routing(d: &mut Describe<'_, '_>, from: usize) -> Option<()> {
    let mut at = from;
    loop {
        let length = usize::try_from(d.peek(at + 3, 1)?).ok()?;
        d.slice(at, 4 + length)?;
        d.open(&ROUTING, at, 4 + length, Value::Present);
        d.number(&ROUTING_FAMILY, at, 2)?;
        d.number(&ROUTING_OFFSET, at + 2, 1)?;
        d.number(&ROUTING_LENGTH, at + 3, 1)?;
        if length > 0 {
            d.bytes(&ROUTING_INFORMATION, at + 4, length)?;
        }
        d.close();
        if length == 0 {
            return Some(());
        }
        at += 4 + length;
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_redirect(d: &mut Describe<'_, '_>, at: usize) -> Option<()> {
    d.slice(at, 4)?;
    d.open(&REDIRECT, at, 4, Value::Present);
    d.flag(&DYNAMIC_SERVICE, at, 1, 0x01)?;
    d.flag(&ALTERNATIVE_USED, at, 1, 0x02)?;
    d.flag(&REDIRECT_VALID, at, 1, 0x04)?;
    d.number(&SERVICE, at + 1, 1)?;
    d.number(&ALTERNATIVE_BUCKET, at + 2, 1)?;
    d.number(&PRIMARY_BUCKET, at + 3, 1)?;
    d.close();
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::{Dissected, bytes, dissect, dissect_cut};
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 40110000 0a000001 0a000002";

    fn outer(payload: &str) -> String {
        format!("4500{:04x} 00000000 402f0000 c0000201 c0000202 {payload}", 20 + bytes(payload).len())
    }

    fn tunnel(payload: &str) -> Dissected {
        dissect(LinkType::IPV4, &outer(payload))
    }

    #[test]
    fn a_plain_tunnel_and_one_with_everything() {
        assert_eq!(tunnel(&format!("0000 0800 {PACKET}")).protocols(), "ip:gre:ip");
        let full = tunnel(&format!("b000 0800 37b5 0000 00000028 00000007 {PACKET}"));
        assert_eq!(full.protocols(), "ip:gre:ip");
        for (id, value) in [("gre.key", "40"), ("gre.sequence_number", "7"), ("gre.checksum", "14261"), ("gre.flags.key", "true")] {
            assert_eq!(full.value(id), value, "{id}");
        }
        assert_eq!(tunnel(&format!("0000 0800 {PACKET}")).value("gre.checksum.status"), "");
    }

    #[test]
    fn the_checksum_covers_header_and_payload() {
        // 8000 + 0800 + 4500 + 0014 + 4011 + 0a00 + 0001 + 0a00 + 0002 adds up to 2129.
        assert_eq!(tunnel(&format!("8000 0800 ded6 0000 {PACKET}")).value("gre.checksum.status"), "good");
        assert_eq!(tunnel(&format!("8000 0800 ded7 0000 {PACKET}")).value("gre.checksum.status"), "bad");
        let whole = bytes(&outer(&format!("8000 0800 ded6 0000 {PACKET}")));
        let length = whole.len();
        let cut = dissect_cut(LinkType::IPV4, whole.into_iter().take(length - 1).collect(), length);
        assert_eq!(cut.value("gre.checksum.status"), "unverified");
    }

    #[test]
    fn a_route_is_passed_to_its_end() {
        let frame = tunnel(&format!("4000 0800 0000 0000 0002 00 04 c0000203 0000 00 00 {PACKET}"));
        assert_eq!(frame.protocols(), "ip:gre:ip");
        assert_eq!((frame.values("gre.routing.src_length"), frame.value("gre.offset")), (vec!["4".into(), "0".into()], "0".into()));
        let endless = tunnel("4000 0800 0000 0000 0002 00 ff c0000203");
        assert_eq!(endless.dissection.stop.map(|stop| stop.reason), Some(StopReason::Short));
    }

    #[test]
    fn version_1_carries_ppp_to_its_own_length() {
        let frame = tunnel(&format!("3081 880b 0016 0009 00000001 00000002 0021 {PACKET} 0000"));
        assert_eq!(frame.protocols(), "ip:gre:ppp:ip");
        assert_eq!((frame.value("gre.key.call_id"), frame.value("gre.ack_number")), ("9".into(), "2".into()));
        assert_eq!(frame.dissection.layers.get(2).map(|layer| layer.end - layer.start), Some(22));
    }

    #[test]
    fn other_versions_are_not_read_as_these() {
        let frame = tunnel(&format!("b002 0800 37b5 0000 00000028 00000007 {PACKET}"));
        assert_eq!((frame.value("gre.flags.version"), frame.value("gre.key")), ("2".into(), String::new()));
        assert_eq!(frame.dissection.stop.map(|stop| (stop.reason, stop.had)), Some((StopReason::Invalid, 2)));
        assert!(!frame.protocols().contains("gre:ip"), "{}", frame.protocols());
    }

    #[test]
    fn a_cache_gets_packets_with_and_without_a_redirect_header() {
        assert_eq!(tunnel(&format!("0000 883e {PACKET}")).protocols(), "ip:gre:ip");
        let second = tunnel(&format!("0000 883e 05590048 {PACKET}"));
        assert_eq!((second.protocols(), second.value("gre.wccp.service_id")), ("ip:gre:ip".into(), "89".into()));
    }

    #[test]
    fn a_mirrored_frame_comes_with_and_without_a_header() {
        let frame = "ffffffffffff 0022aabbccdd 0806 0001";
        assert_eq!(tunnel(&format!("0000 88be {frame}")).protocols(), "ip:gre:eth:arp");
        assert_eq!(tunnel(&format!("1000 88be 00000001 100a0005 00000003 {frame}")).protocols(), "ip:gre:erspan:eth:arp");
        assert_eq!(tunnel(&format!("0000 6558 {frame}")).protocols(), "ip:gre:eth:arp");
    }
}
