//! Link layer discovery: what a neighbour is, and which of its ports the cable is in (IEEE 802.1AB-2016 section 8).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Link layer discovery protocol.
pub static PROTOCOL: Protocol = Protocol {
    name: "lldp",
    label: "LLDP",
    title: "Link layer discovery protocol",
    reference: "IEEE 802.1AB-2016 section 8",
    claims: &[Selector::EtherType(0x88cc)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] = &[
    (0, "end"),
    (1, "chassis"),
    (2, "port"),
    (3, "time to live"),
    (4, "port description"),
    (5, "system name"),
    (6, "system description"),
    (7, "system capabilities"),
    (8, "management address"),
    (127, "organization's own"),
];
const CHASSIS_KINDS: &[(u64, &str)] = &[
    (1, "chassis component"),
    (2, "interface alias"),
    (3, "port component"),
    (4, "link address"),
    (5, "network address"),
    (6, "interface name"),
    (7, "locally assigned"),
];
const PORT_KINDS: &[(u64, &str)] = &[
    (1, "interface alias"),
    (2, "port component"),
    (3, "link address"),
    (4, "network address"),
    (5, "interface name"),
    (6, "agent circuit"),
    (7, "locally assigned"),
];
const CAPABILITIES: &[(u64, &str)] = &[
    (0x0001, "other"),
    (0x0002, "repeater"),
    (0x0004, "bridge"),
    (0x0008, "access point"),
    (0x0010, "router"),
    (0x0020, "telephone"),
    (0x0040, "cable modem"),
    (0x0080, "station only"),
    (0x0100, "customer VLANs"),
    (0x0200, "service VLANs"),
    (0x0400, "two-port relay"),
];
const ORGANIZATIONS: &[(u64, &str)] =
    &[(0x00_80c2, "802.1"), (0x00_120f, "802.3"), (0x00_12bb, "TIA (MED)"), (0x00_0142, "Cisco"), (0x00_0ecf, "PROFIBUS")];
const ADDRESS_KINDS: &[(u64, &str)] = &[(1, "IPv4"), (2, "IPv6"), (6, "link address")];
const INTERFACE_KINDS: &[(u64, &str)] = &[(1, "unknown"), (2, "interface index"), (3, "port number")];

/// Kinds of identifier that hold a link address and a network address, for a chassis and for a port.
const CHASSIS: (u64, u64) = (4, 5);
const PORT: (u64, u64) = (3, 4);

fields! {
    TYPE = Field::number("lldp.tlv.type", "Item", "What the item says.").names(TYPES);
    LENGTH = Field::number("lldp.tlv.len", "Length", "How long the item is, without these two bytes.").unit("bytes");
    CHASSIS_KIND = Field::number("lldp.chassis.subtype", "Chassis identifier kind", "How the device is named.").names(CHASSIS_KINDS);
    CHASSIS_ID = Field::bytes("lldp.chassis.id", "Chassis", "The device.");
    CHASSIS_MAC = Field::mac("lldp.chassis.id.mac", "Chassis", "The device.").in_line();
    CHASSIS_IPV4 = Field::ipv4("lldp.chassis.id.ip4", "Chassis", "The device.").in_line();
    CHASSIS_IPV6 = Field::ipv6("lldp.chassis.id.ip6", "Chassis", "The device.").in_line();
    PORT_KIND = Field::number("lldp.port.subtype", "Port identifier kind", "How the port is named.").names(PORT_KINDS);
    PORT_ID = Field::text("lldp.port.id", "Port", "Which of the device's ports this cable is in.").in_line();
    PORT_MAC = Field::mac("lldp.port.id.mac", "Port", "Which of the device's ports this cable is in.").in_line();
    PORT_IPV4 = Field::ipv4("lldp.port.id.ip4", "Port", "Which of the device's ports this cable is in.").in_line();
    PORT_IPV6 = Field::ipv6("lldp.port.id.ip6", "Port", "Which of the device's ports this cable is in.").in_line();
    TIME_TO_LIVE = Field::number("lldp.time_to_live", "Time to live", "After so long without news the neighbour is forgotten; 0 says good-bye.").unit("seconds");
    PORT_DESCRIPTION = Field::text("lldp.port.desc", "Port description", "What the device's administrator calls the port.");
    SYSTEM_NAME = Field::text("lldp.tlv.system.name", "System name", "What the device's administrator calls it.").in_line();
    SYSTEM_DESCRIPTION = Field::text("lldp.tlv.system.desc", "System description", "What the device is and what it runs.");
    CAPABLE = Field::hexadecimal("lldp.tlv.system_cap", "Capabilities", 4, "What the device can be.").bits(CAPABILITIES);
    ENABLED = Field::hexadecimal("lldp.tlv.enable_system_cap", "Enabled capabilities", 4, "What of that it is now.").bits(CAPABILITIES);
    ADDRESS_KIND = Field::number("lldp.mgn.address.subtype", "Management address kind", "What kind of address follows.").names(ADDRESS_KINDS);
    ADDRESS_IPV4 = Field::ipv4("lldp.mgn.addr.ip4", "Management address", "Where the device can be managed.").in_line();
    ADDRESS_IPV6 = Field::ipv6("lldp.mgn.addr.ip6", "Management address", "Where the device can be managed.").in_line();
    ADDRESS_OTHER = Field::bytes("lldp.mgn.addr.hex", "Management address", "Where the device can be managed.");
    INTERFACE_KIND = Field::number("lldp.mgn.interface.subtype", "Interface number kind", "How the interface is numbered.").names(INTERFACE_KINDS);
    INTERFACE = Field::number("lldp.mgn.interface.number", "Interface number", "Which of the device's interfaces has that address.");
    ORGANIZATION = Field::hexadecimal("lldp.orgtlv.oui", "Organization", 6, "Whose item it is.").names(ORGANIZATIONS);
    SUBTYPE = Field::number("lldp.orgtlv.subtype", "Subtype", "Which of that organization's items it is.");
    DATA = Field::bytes("lldp.orgtlv.data", "Data", "The item's bytes.");
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let mut at = 0;
    loop {
        let bytes = walk.need(at + 2, "item")?;
        let Some(&[high, low]) = bytes.last_chunk() else { return Err(walk.short(at + 2, "item")) };
        let length = usize::from(u16::from_be_bytes([high & 1, low]));
        at += 2 + length;
        walk.need(at, "item")?;
        if high >> 1 == 0 {
            walk.limit(at);
            return Ok(Next::Nothing);
        }
        // The end is not always there (it is not needed where the frame has no padding).
        if at == walk.wire_length() {
            return Ok(Next::Nothing);
        }
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let mut at = 0;
    loop {
        let item = d.peek(at, 2)?;
        let (kind, length) = (item >> 9, usize::try_from(item & 0x01ff).ok()?);
        d.slice(at, 2 + length)?;
        d.open(&TYPE, at, 2 + length, Value::Number(kind));
        d.value(&LENGTH, at, 2, Value::Number(length as u64));
        let _ended_early = describe_item(d, kind, at + 2, length);
        d.close();
        if kind == 0 {
            return Some(());
        }
        at += 2 + length;
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer; what is taken away was compared before")]
fn describe_item(d: &mut Describe<'_, '_>, kind: u64, at: usize, length: usize) -> Option<()> {
    match kind {
        1 => {
            let kind = d.number(&CHASSIS_KIND, at, 1)?;
            let rest = length.checked_sub(1)?;
            if !describe_address(d, kind, CHASSIS, [&CHASSIS_MAC, &CHASSIS_IPV4, &CHASSIS_IPV6], at + 1, rest) {
                d.bytes(&CHASSIS_ID, at + 1, rest)?;
            }
        }
        2 => {
            let kind = d.number(&PORT_KIND, at, 1)?;
            let rest = length.checked_sub(1)?;
            if !describe_address(d, kind, PORT, [&PORT_MAC, &PORT_IPV4, &PORT_IPV6], at + 1, rest) {
                d.text(&PORT_ID, at + 1, rest)?;
            }
        }
        3 if length >= 2 => {
            d.number(&TIME_TO_LIVE, at, 2)?;
        }
        4 => {
            d.text(&PORT_DESCRIPTION, at, length)?;
        }
        5 => {
            d.text(&SYSTEM_NAME, at, length)?;
        }
        6 => {
            d.text(&SYSTEM_DESCRIPTION, at, length)?;
        }
        7 if length >= 4 => {
            d.number(&CAPABLE, at, 2)?;
            d.number(&ENABLED, at + 2, 2)?;
        }
        8 => describe_management(d, at, length)?,
        127 if length >= 4 => {
            d.number(&ORGANIZATION, at, 3)?;
            d.number(&SUBTYPE, at + 3, 1)?;
            d.bytes(&DATA, at + 4, length - 4)?;
        }
        _ if length > 0 => {
            d.bytes(&DATA, at, length)?;
        }
        _ => {}
    }
    Some(())
}

/// Gives an identifier that is an address, by its kind; `false` where it is another, or its length is wrong.
#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_address(
    d: &mut Describe<'_, '_>,
    kind: u64,
    (link, network): (u64, u64),
    [mac, ipv4, ipv6]: [&'static Field; 3],
    at: usize,
    length: usize,
) -> bool {
    let family = if kind == network { d.peek(at, 1) } else { None };
    match (family, length) {
        (None, 6) if kind == link => d.mac(mac, at).is_some(),
        (Some(1), 5) => d.ipv4(ipv4, at + 1).is_some(),
        (Some(2), 17) => d.ipv6(ipv6, at + 1).is_some(),
        _ => false,
    }
}

/// Where the device can be managed (IEEE 802.1AB-2016 section 8.5.9).
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_management(d: &mut Describe<'_, '_>, at: usize, length: usize) -> Option<()> {
    // The address' length counts the byte that says its kind.
    let address = usize::try_from(d.peek(at, 1)?).ok()?.checked_sub(1)?;
    if address + 7 > length {
        return None;
    }
    match (d.number(&ADDRESS_KIND, at + 1, 1)?, address) {
        (1, 4) => {
            d.ipv4(&ADDRESS_IPV4, at + 2)?;
        }
        (2, 16) => {
            d.ipv6(&ADDRESS_IPV6, at + 2)?;
        }
        _ => {
            d.bytes(&ADDRESS_OTHER, at + 2, address)?;
        }
    }
    d.number(&INTERFACE_KIND, at + 2 + address, 1)?;
    d.number(&INTERFACE, at + 3 + address, 4)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn frame(items: &str) -> Dissected {
        dissect(LinkType::ETHERNET, &format!("0180c200000e 0022aabbccdd 88cc {items}"))
    }

    #[test]
    fn a_neighbour_says_what_it_is() {
        let names = "0a02 7331 0e04 0014 0004 100c 0501 0a000001 02 00000007 00 fe06 0080c2 01 0001";
        let frame = frame(&format!("0207 04 0022aabbccdd 0404 05 453131 0602 0078 {names} 0000 000000"));
        assert_eq!(frame.protocols(), "eth:lldp");
        for (id, value) in [
            ("lldp.chassis.id.mac", "00:22:aa:bb:cc:dd"),
            ("lldp.port.id", "E11"),
            ("lldp.time_to_live", "120"),
            ("lldp.tlv.system.name", "s1"),
            ("lldp.tlv.enable_system_cap", "4"),
            ("lldp.mgn.addr.ip4", "10.0.0.1"),
            ("lldp.mgn.interface.number", "7"),
            ("lldp.orgtlv.oui", "32962"),
            ("eth.trailer", "000000"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
    }

    #[test]
    fn names_may_be_addresses_too() {
        let frame = frame("0206 05 01 0a000001 0407 03 0022aabbccdd 0602 0000");
        assert_eq!((frame.value("lldp.chassis.id.ip4"), frame.value("lldp.port.id.mac")), ("10.0.0.1".into(), "00:22:aa:bb:cc:dd".into()));
        assert!(frame.dissection.stop.is_none(), "the end may be left out where nothing follows");
    }

    #[test]
    fn an_item_that_does_not_fit_is_reported() {
        let frame = frame("0207 04 0022aabbccdd 0440 05");
        assert_eq!(frame.dissection.stop.map(|stop| stop.part), Some("item"));
        assert_eq!(frame.values("lldp.tlv.type"), ["1"]);
    }
}
