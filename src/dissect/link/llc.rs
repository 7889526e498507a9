//! 802.2 logical link control, with the subnetwork access protocol's five more bytes where there are (IEEE 802.2, RFC 1042).

use super::{cdp, ethernet, stp};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Logical link control.
pub static PROTOCOL: Protocol = Protocol {
    name: "llc",
    label: "LLC",
    title: "Logical link control",
    reference: "IEEE 802.2, RFC 1042",
    // 100 and 11: ATM with RFC 2684's encapsulation, which begins with this header.
    claims: &[Selector::LinkLength, Selector::LinkType(100), Selector::LinkType(11)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const SUBNETWORK_ACCESS: u8 = 0xaa;
const UNNUMBERED_INFORMATION: u8 = 0x03;
/// Novell put IPX right behind the length; its checksum field, always ffff, stands where the service access points would.
const RAW_IPX: [u8; 2] = [0xff, 0xff];
const IPX: u16 = 0x8137;

/// The organizations under which [`by_organization`] finds protocols.
const ETHERNET_TYPES: u32 = 0x00_0000;
const BRIDGE_TUNNEL: u32 = 0x00_00f8;
const CISCO: u32 = 0x00_000c;
const IEEE_802_1: u32 = 0x00_80c2;
const APPLE: u32 = 0x08_0007;

const SERVICE_ACCESS_POINTS: &[(u64, &str)] = &[
    (0x00, "Null"),
    (0x02, "LLC management"),
    (0x04, "SNA path control"),
    (0x06, "IP"),
    (0x0e, "PROWAY management"),
    (0x42, "Spanning tree"),
    (0x4e, "EIA RS-511"),
    (0x7e, "X.25"),
    (0x80, "XNS"),
    (0x8e, "PROWAY messages"),
    (0x98, "ARP"),
    (0xaa, "SNAP"),
    (0xbc, "VINES"),
    (0xe0, "NetWare"),
    (0xf0, "NetBIOS"),
    (0xf4, "LAN management"),
    (0xf8, "Remote program load"),
    (0xfe, "ISO network layer"),
    (0xff, "Global"),
];
const FRAME_TYPES: &[(u64, &str)] = &[(0, "information"), (1, "supervisory"), (3, "unnumbered")];
const SUPERVISORY_TYPES: &[(u64, &str)] = &[(0, "receiver ready"), (1, "receiver not ready"), (2, "reject")];
// The bits of an unnumbered frame's control field without the poll bit, moved down by two.
const COMMANDS: &[(u64, &str)] = &[
    (0x00, "information"),
    (0x0b, "set asynchronous balanced mode"),
    (0x10, "disconnect"),
    (0x1b, "set asynchronous balanced mode extended"),
    (0x2b, "exchange identification"),
    (0x38, "test"),
];
const RESPONSES: &[(u64, &str)] = &[
    (0x00, "information"),
    (0x03, "disconnected mode"),
    (0x18, "acknowledgement"),
    (0x21, "frame reject"),
    (0x2b, "exchange identification"),
    (0x38, "test"),
];
const ORGANIZATIONS: &[(u64, &str)] = &[
    (ETHERNET_TYPES as u64, "Ethernet types"),
    (CISCO as u64, "Cisco"),
    (BRIDGE_TUNNEL as u64, "802.1H bridge tunnel"),
    (IEEE_802_1 as u64, "802.1 bridging"),
    (APPLE as u64, "Apple"),
    (0x00_0081, "Nortel discovery"),
    (0x00_e02b, "Extreme discovery"),
    (0x00_e052, "Foundry discovery"),
];
const CISCO_PROTOCOLS: &[(u64, &str)] = &[
    (0x0102, "Dynamic ring protocol"),
    (0x0104, "Port aggregation (PAgP)"),
    (0x0105, "MLS hello"),
    (0x010b, "Spanning tree a VLAN (PVST+)"),
    (0x010c, "VLAN bridge spanning tree"),
    (0x0111, "Link detection (UDLD)"),
    (0x2000, "Discovery (CDP)"),
    (0x2001, "Group management (CGMP)"),
    (0x2003, "VLAN trunking (VTP)"),
    (0x2004, "Dynamic trunking (DTP)"),
    (0x200a, "Spanning tree uplink fast"),
];
const BRIDGED: &[(u64, &str)] = &[
    (0x0001, "Ethernet with its check sequence"),
    (0x0003, "Token ring with its check sequence"),
    (0x0007, "Ethernet"),
    (0x0009, "Token ring"),
    (0x000d, "Fragments"),
    (0x000e, "Spanning tree"),
];

fields! {
    DESTINATION = Field::hexadecimal("llc.dsap", "Destination access point", 2, "Which protocol of the receiver the frame is for.").names(SERVICE_ACCESS_POINTS).in_line();
    SOURCE = Field::hexadecimal("llc.ssap", "Source access point", 2, "Which protocol of the sender it comes from, without the bit that tells commands from responses.").names(SERVICE_ACCESS_POINTS);
    RESPONSE = Field::boolean("llc.ssap.cr", "Response", "The frame answers another one.");
    CONTROL = Field::hexadecimal("llc.control", "Control", 4, "What the frame does: carry data, with or without numbers, or manage a connection.");
    FRAME_TYPE = Field::number("llc.control.ftype", "Frame type", "Numbered data, an acknowledgement alone, or neither.").names(FRAME_TYPES);
    COMMAND = Field::hexadecimal("llc.control.u_modifier_cmd", "Command", 2, "What the frame asks for.").names(COMMANDS).in_line();
    ANSWER = Field::hexadecimal("llc.control.u_modifier_resp", "Response", 2, "What the frame answers.").names(RESPONSES).in_line();
    SUPERVISORY_TYPE = Field::number("llc.control.s_ftype", "Supervisory type", "Whether its sender can take more.").names(SUPERVISORY_TYPES).in_line();
    SENT = Field::number("llc.control.n_s", "Number", "The place of this frame in what its sender says, modulo 128.");
    EXPECTED = Field::number("llc.control.n_r", "Expected number", "The next frame its sender expects: those before it have arrived.");
    POLL = Field::boolean("llc.control.p", "Poll", "An answer is wanted at once.");
    FINAL = Field::boolean("llc.control.f", "Final", "This is the answer to a poll.");
    ORGANIZATION = Field::hexadecimal("llc.oui", "Organization", 6, "Whose numbers the next field is from.").names(ORGANIZATIONS);
    TYPE = Field::hexadecimal("llc.type", "Type", 4, "What the frame carries.").names(ethernet::ETHER_TYPES);
    CISCO_PROTOCOL = Field::hexadecimal("llc.cisco_pid", "Protocol", 4, "What the frame carries, by Cisco's numbers.").names(CISCO_PROTOCOLS).in_line();
    PROTOCOL_ID = Field::hexadecimal("llc.pid", "Protocol", 4, "What the frame carries, by that organization's numbers.").names(BRIDGED).in_line();
}

#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.bytes().starts_with(&RAW_IPX) {
        walk.header(0);
        return Ok(Next::Claimed(Selector::EtherType(IPX)));
    }
    let &[destination, source, control] = walk.header_bytes()?;
    let header = if control & 3 == 3 { 3 } else { 4 };
    walk.need(header, "control")?;
    walk.header(header);
    let carries_data = control & 1 == 0 || control & 0xef == UNNUMBERED_INFORMATION;
    Ok(match destination {
        SUBNETWORK_ACCESS if source & 0xfe == SUBNETWORK_ACCESS && carries_data => {
            let bytes = walk.need(header + 5, "organization and protocol")?;
            walk.header(header + 5);
            let Some(&[a, b, c, high, low]) = bytes.last_chunk() else { return Err(walk.short(header + 5, "organization and protocol")) };
            let next = by_organization(u32::from_be_bytes([0, a, b, c]), u16::from_be_bytes([high, low]));
            // RFC 2684 section 5.2: two bytes of padding before a bridged frame.
            if matches!(next, Next::Protocol(protocol) if protocol.is(&ethernet::PROTOCOL)) {
                walk.need(header + 7, "padding")?;
                walk.header(header + 7);
            }
            next
        }
        _ if carries_data => Next::Claimed(Selector::LinkServiceAccessPoint(destination)),
        _ => Next::Payload,
    })
}

/// Whose payload an organization's protocol number means (RFC 1042, RFC 2427, RFC 2684, IEEE 802.1H).
pub(super) fn by_organization(organization: u32, protocol: u16) -> Next {
    match (organization, protocol) {
        (ETHERNET_TYPES | BRIDGE_TUNNEL | APPLE, ethernet::FIRST_ETHER_TYPE..) => Next::Claimed(Selector::EtherType(protocol)),
        (IEEE_802_1, 0x0001 | 0x0007) => Next::Protocol(&ethernet::PROTOCOL),
        (IEEE_802_1, 0x000e) | (CISCO, 0x010b | 0x010c) => Next::Protocol(&stp::PROTOCOL),
        (CISCO, cdp::PROTOCOL_NUMBER) => Next::Protocol(&cdp::PROTOCOL),
        _ => Next::Payload,
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    if d.view.layer().length == 0 {
        return Some(());
    }
    let destination = d.number(&DESTINATION, 0, 1)?;
    let source = d.peek(1, 1)?;
    d.value(&SOURCE, 1, 1, Value::Number(source & 0xfe));
    let response = source & 1 != 0;
    d.value(&RESPONSE, 1, 1, Value::Boolean(response));
    let header = describe_control(d, 2, response)?;
    if destination == u64::from(SUBNETWORK_ACCESS) && d.view.layer().length >= header + 5 {
        let organization = u32::try_from(d.number(&ORGANIZATION, header, 3)?).ok()?;
        let field = match organization {
            ETHERNET_TYPES | BRIDGE_TUNNEL | APPLE => &TYPE,
            CISCO => &CISCO_PROTOCOL,
            _ => &PROTOCOL_ID,
        };
        d.number(field, header + 3, 2)?;
    }
    Some(())
}

/// Gives the control field at `at`, and returns the offset behind it.
#[expect(clippy::arithmetic_side_effects, reason = "fixed places in a header")]
fn describe_control(d: &mut Describe<'_, '_>, at: usize, response: bool) -> Option<usize> {
    let poll = if response { &FINAL } else { &POLL };
    let first = d.peek(at, 1)?;
    if first & 3 == 3 {
        d.open(&CONTROL, at, 1, Value::Number(first));
        d.bits(if response { &ANSWER } else { &COMMAND }, at, 1, 0xec)?;
        d.flag(poll, at, 1, 0x10)?;
        d.value(&FRAME_TYPE, at, 1, Value::Number(3));
        d.close();
        return Some(at + 1);
    }
    // The first byte has the low bits: the second one's are the poll bit and the number that is expected.
    let second = d.peek(at + 1, 1)?;
    d.open(&CONTROL, at, 2, Value::Number(second << 8 | first));
    if first & 1 == 0 {
        d.value(&FRAME_TYPE, at, 1, Value::Number(0));
        d.bits(&SENT, at, 1, 0xfe)?;
    } else {
        d.value(&FRAME_TYPE, at, 1, Value::Number(1));
        d.bits(&SUPERVISORY_TYPE, at, 1, 0x0c)?;
    }
    d.bits(&EXPECTED, at + 1, 1, 0xfe)?;
    d.flag(poll, at + 1, 1, 0x01)?;
    d.close();
    Some(at + 2)
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn frame(payload: &str) -> Dissected {
        let length = payload.chars().filter(char::is_ascii_hexdigit).count() / 2;
        dissect(LinkType::ETHERNET, &format!("0180c2000000 001562643341 {length:04x} {payload} 0000000000"))
    }

    #[test]
    fn organization_zero_speaks_in_ethernet_types() {
        let frame = frame("aaaa03 000000 0800 45000014 00000000 40110000 0a000001 0a000002");
        assert_eq!(frame.protocols(), "eth:llc:ip");
        assert_eq!((frame.value("llc.oui"), frame.value("llc.type")), ("0".into(), "2048".into()));
        assert_eq!((frame.value("llc.control"), frame.value("llc.control.ftype")), ("3".into(), "3".into()));
    }

    #[test]
    fn other_organizations_have_numbers_of_their_own() {
        let trunking = frame("aaaa03 00000c 2004 0100");
        assert_eq!(trunking.protocols(), "eth:llc:data");
        assert_eq!(trunking.value("llc.cisco_pid"), "8196");
        assert_eq!(frame("aaaa03 00000c 010b 0000000000").protocols(), "eth:llc:stp");
        let bridged = frame("aaaa03 0080c2 0007 0000 ffffffffffff 001562643341 0806 0001");
        assert_eq!(bridged.protocols(), "eth:llc:eth:arp");
        assert_eq!(bridged.value("llc.pid"), "7");
    }

    #[test]
    fn access_points_lead_to_who_claims_them() {
        assert_eq!(frame("060603 45000014 00000000 40110000 0a000001 0a000002").protocols(), "eth:llc:ip");
        assert_eq!(frame("424203 0000000000").protocols(), "eth:llc:stp");
        assert_eq!(frame("f0f003 2c00").protocols(), "eth:llc:data");
    }

    #[test]
    fn numbered_frames_have_a_control_field_of_two_bytes() {
        let information = frame("f0f0 0c09 2c00");
        assert_eq!((information.value("llc.control.n_s"), information.value("llc.control.n_r")), ("6".into(), "4".into()));
        assert_eq!((information.value("llc.control.p"), information.value("llc.control")), ("true".into(), "2316".into()));
        let ready = frame("f0f1 0108");
        assert_eq!((ready.value("llc.control.s_ftype"), ready.value("llc.control.n_r")), ("0".into(), "4".into()));
        assert_eq!((ready.value("llc.ssap"), ready.value("llc.ssap.cr")), ("240".into(), "true".into()));
        assert_eq!((ready.value("llc.control.f"), ready.value("llc.control.p")), ("false".into(), String::new()));
        assert_eq!(frame("aaaf bf").value("llc.control.u_modifier_resp"), "43");
    }

    #[test]
    fn novells_frames_have_no_802_2_at_all() {
        let frame = frame("ffff 001e 0001 00000000 ffffffffffff 0452 00000000 001562643341 0452");
        assert_eq!(frame.dissection.layers.get(1).map(|layer| (layer.protocol.name, layer.length)), Some(("llc", 0)));
        assert_eq!(frame.dissection.layers.get(2).map(|layer| layer.start), Some(14));
        assert!(frame.dissection.stop.is_none());
    }

    #[test]
    fn what_is_too_short_stops_there() {
        for payload in ["", "aa", "aaaa", "aaaa03", "aaaa03 0000", "f0f0 01", "aaaa03 0080c2 0007"] {
            let frame = frame(payload);
            assert_eq!(frame.dissection.stop.map(|stop| stop.protocol), (!payload.is_empty()).then_some("llc"), "{payload}");
            frame.fields();
        }
    }
}
