//! Point-to-point protocol (RFC 1661), with the framing that stands before it on serial lines (RFC 1662).

use super::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Point-to-point protocol.
pub static PROTOCOL: Protocol = Protocol {
    name: "ppp",
    label: "PPP",
    title: "Point-to-point protocol",
    reference: "RFC 1661, RFC 1662",
    claims: &[Selector::LinkType(9), Selector::LinkType(50), Selector::EtherType(0x880b)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The same with a byte before it that says which way the frame went: `LINKTYPE_PPP_WITH_DIR`.
pub static WITH_DIRECTION: Protocol = Protocol {
    name: "ppp_direction",
    label: "PPP",
    title: "Point-to-point protocol with direction",
    reference: "LINKTYPE_PPP_WITH_DIR",
    claims: &[Selector::LinkType(204)],
    dissect: dissect_direction,
    describe: describe_direction,
    verify: None,
    fields: &[FIELDS],
};

/// The same with that byte in the place of the address: `LINKTYPE_PPP_PPPD`.
pub static DIRECTION_FOR_ADDRESS: Protocol = Protocol {
    name: "ppp_pppd",
    label: "PPP",
    title: "Point-to-point protocol as pppd writes it",
    reference: "LINKTYPE_PPP_PPPD",
    claims: &[Selector::LinkType(166)],
    dissect: dissect_direction_for_address,
    describe: describe_direction_for_address,
    verify: None,
    fields: &[FIELDS],
};

/// All stations, and unnumbered information: what every frame on a serial line begins with, unless both sides agreed to leave it out.
const ADDRESS_AND_CONTROL: [u8; 2] = [0xff, 0x03];
/// Cisco's own framing on the same lines; the first byte tells them apart.
const CISCO_UNICAST: u8 = 0x0f;
const CISCO_MULTICAST: u8 = 0x8f;
const CISCO_LINK_TYPE: u16 = 104;
const BRIDGING: u64 = 0x0031;

/// The names of PPP protocol numbers (IANA).
pub(super) const PROTOCOLS: &[(u64, &str)] = &[
    (0x0021, "IPv4"),
    (0x0023, "ISO network layer"),
    (0x0029, "AppleTalk"),
    (0x002b, "IPX"),
    (0x002d, "compressed TCP/IP"),
    (0x002f, "uncompressed TCP/IP"),
    (BRIDGING, "bridging"),
    (0x003d, "multilink"),
    (0x003f, "NetBIOS"),
    (0x0053, "encryption"),
    (0x0057, "IPv6"),
    (0x0059, "multiplexing"),
    (0x00fb, "compression of one link"),
    (0x00fd, "compression"),
    (0x0201, "spanning tree"),
    (0x0207, "Cisco discovery"),
    (0x0281, "MPLS"),
    (0x0283, "MPLS, multicast"),
    (0x8021, "IPv4 control"),
    (0x8023, "ISO control"),
    (0x8029, "AppleTalk control"),
    (0x802b, "IPX control"),
    (0x8031, "bridging control"),
    (0x803f, "NetBIOS control"),
    (0x8053, "encryption control"),
    (0x8057, "IPv6 control"),
    (0x80fb, "compression control of one link"),
    (0x80fd, "compression control"),
    (0x8207, "Cisco discovery control"),
    (0x8281, "MPLS control"),
    (0xc021, "link control"),
    (0xc023, "password authentication"),
    (0xc025, "link quality report"),
    (0xc029, "callback control"),
    (0xc02b, "bandwidth allocation"),
    (0xc02d, "bandwidth allocation control"),
    (0xc223, "challenge authentication"),
    (0xc227, "extensible authentication"),
];

const DIRECTIONS: &[(u64, &str)] = &[(0, "received"), (1, "sent")];

fields! {
    DIRECTION = Field::number("ppp.direction", "Direction", "Which way the frame went, seen from the machine that captured it.").names(DIRECTIONS).in_line();
    ADDRESS = Field::hexadecimal("ppp.address", "Address", 2, "Always ff, for the station at the other end.");
    CONTROL = Field::hexadecimal("ppp.control", "Control", 2, "Always 03: frames are not numbered.");
    PROTOCOL_NUMBER = Field::hexadecimal("ppp.protocol", "Protocol", 4, "What the frame carries.").names(PROTOCOLS).in_line();
}

/// Where the protocol number stands, how long it is, and what it says. An odd first byte is all of it: the other byte would be 0 (RFC 1661
/// section 6.5).
fn protocol(bytes: &[u8]) -> Option<(usize, usize, u64)> {
    let at = if bytes.starts_with(&ADDRESS_AND_CONTROL) { 2 } else { 0 };
    match bytes.get(at..)? {
        [first, ..] if first & 1 != 0 => Some((at, 1, u64::from(*first))),
        [first, second, ..] => Some((at, 2, u64::from(*first) << 8 | u64::from(*second))),
        _ => None,
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "an address of 2 bytes, a number of 2, and 2 for a bridged frame")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let is_outermost = walk.parent().is_none();
    if is_outermost && walk.bytes().first().is_some_and(|first| matches!(*first, CISCO_UNICAST | CISCO_MULTICAST)) {
        walk.header(0);
        return Ok(Next::Claimed(Selector::LinkType(CISCO_LINK_TYPE)));
    }
    let Some((at, length, number)) = protocol(walk.bytes()) else { return Err(walk.short(walk.bytes().len() + 1, "protocol")) };
    // RFC 3518 section 4.1: flags, then the kind of frame that is bridged.
    let bridged = match walk.bytes().get(at + length..) {
        Some([_, 1, ..]) if number == BRIDGING => 2,
        _ => 0,
    };
    walk.header(at + length + bridged);
    Ok(match u16::try_from(number) {
        _ if bridged != 0 => Next::Protocol(&ethernet::PROTOCOL),
        Ok(0x0023) => Next::Claimed(Selector::LinkServiceAccessPoint(0xfe)),
        Ok(0x002b) => Next::Claimed(Selector::EtherType(0x8137)),
        Ok(number) => Next::Claimed(Selector::PppProtocol(number)),
        Err(_) => Next::Payload,
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    if d.view.layer().length == 0 {
        return Some(());
    }
    let (at, length, number) = protocol(d.view.bytes())?;
    if at == 2 {
        d.number(&ADDRESS, 0, 1)?;
        d.number(&CONTROL, 1, 1)?;
    }
    d.value(&PROTOCOL_NUMBER, at, length, Value::Number(number));
    Some(())
}

fn dissect_direction(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<1>()?;
    walk.header(1);
    Ok(Next::Protocol(&PROTOCOL))
}

fn dissect_direction_for_address(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<2>()?;
    walk.header(2);
    Ok(Next::Protocol(&PROTOCOL))
}

fn describe_direction(d: &mut Describe<'_, '_>) -> Option<()> {
    let direction = d.peek(0, 1)?;
    d.value(&DIRECTION, 0, 1, Value::Number(u64::from(direction != 0)));
    Some(())
}

fn describe_direction_for_address(d: &mut Describe<'_, '_>) -> Option<()> {
    describe_direction(d)?;
    d.number(&CONTROL, 1, 1)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn address_control_and_half_the_protocol_may_be_left_out() {
        for header in ["ff03 0021", "ff03 21", "0021", "21"] {
            let frame = dissect(LinkType(9), &format!("{header} {PACKET}"));
            assert_eq!((frame.protocols(), frame.value("ppp.protocol")), ("ppp:ip".into(), "33".into()), "{header}");
            assert_eq!(frame.value("ppp.address").is_empty(), !header.starts_with("ff"));
        }
    }

    #[test]
    fn captures_may_say_the_direction() {
        for (link_type, bytes, protocols) in [(204, "01 ff03 0021", "ppp_direction:ppp:ip"), (166, "0103 0021", "ppp_pppd:ppp:ip")] {
            let frame = dissect(LinkType(link_type), &format!("{bytes} {PACKET}"));
            assert_eq!((frame.protocols(), frame.value("ppp.direction")), (protocols.into(), "1".into()));
        }
    }

    #[test]
    fn serial_lines_may_carry_ciscos_framing_and_bridged_frames() {
        assert_eq!(dissect(LinkType(50), &format!("0f00 0800 {PACKET}")).protocols(), "ppp:chdlc:ip");
        assert_eq!(dissect(LinkType(9), "ff03 0031 0001 ffffffffffff 0022aabbccdd 0806 0001").protocols(), "ppp:eth:arp");
        assert!(dissect(LinkType(9), "ff03 00").dissection.stop.is_some());
    }
}
