//! Cisco discovery: what a neighbour is, and which of its ports the cable is in.

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Cisco discovery protocol.
pub static PROTOCOL: Protocol = Protocol {
    name: "cdp",
    label: "CDP",
    title: "Cisco discovery protocol",
    reference: "Cisco discovery protocol packet format",
    claims: &[Selector::PppProtocol(0x0207)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The number it goes by where Cisco's numbers stand: in SNAP, GRE and Cisco HDLC.
pub const PROTOCOL_NUMBER: u16 = 0x2000;
const HEADER_LENGTH: usize = 4;
const IPV4: u64 = 0xcc;

const TYPES: &[(u64, &str)] = &[
    (0x0001, "device"),
    (0x0002, "addresses"),
    (0x0003, "port"),
    (0x0004, "capabilities"),
    (0x0005, "software version"),
    (0x0006, "platform"),
    (0x0007, "prefixes"),
    (0x0008, "protocol hello"),
    (0x0009, "VTP management domain"),
    (0x000a, "native VLAN"),
    (0x000b, "duplex"),
    (0x000e, "VLAN for telephones"),
    (0x0010, "power consumption"),
    (0x0011, "largest packet"),
    (0x0012, "trust"),
    (0x0013, "class of untrusted ports"),
    (0x0014, "system name"),
    (0x0016, "management addresses"),
    (0x0017, "location"),
    (0x0019, "power requested"),
    (0x001a, "power available"),
];
const CAPABILITIES: &[(u64, &str)] = &[
    (0x001, "router"),
    (0x002, "transparent bridge"),
    (0x004, "source route bridge"),
    (0x008, "switch"),
    (0x010, "host"),
    (0x020, "IGMP"),
    (0x040, "repeater"),
    (0x080, "telephone"),
];
const DUPLEX: &[(u64, &str)] = &[(0, "half"), (1, "full")];

fields! {
    VERSION = Field::number("cdp.version", "Version", "Which version of the protocol this is.");
    TIME_TO_LIVE = Field::number("cdp.ttl", "Time to live", "After so long without news the neighbour is forgotten.").unit("seconds");
    CHECKSUM = Field::checksum("cdp.checksum", "Checksum", "Guards the message.");
    TYPE = Field::hexadecimal("cdp.tlv.type", "Item", 4, "What the item says.").names(TYPES);
    LENGTH = Field::number("cdp.tlv.len", "Length", "How long the item is, with these four bytes.").unit("bytes");
    DEVICE = Field::text("cdp.deviceid", "Device", "The neighbour's name.").in_line();
    PORT = Field::text("cdp.portid", "Port", "Which of the neighbour's ports this cable is in.").in_line();
    CAN = Field::hexadecimal("cdp.capabilities", "Capabilities", 8, "What the neighbour is.").bits(CAPABILITIES);
    SOFTWARE = Field::text("cdp.software_version", "Software version", "What the neighbour runs.");
    PLATFORM = Field::text("cdp.platform", "Platform", "What hardware the neighbour is.").in_line();
    DOMAIN = Field::text("cdp.vtp_management_domain", "VTP management domain", "Switches of one domain share their VLANs.");
    NATIVE_VLAN = Field::number("cdp.native_vlan", "Native VLAN", "The VLAN that the port's frames without a tag belong to.");
    DUPLEX_MODE = Field::number("cdp.duplex", "Duplex", "Whether the port can send and receive at once; both ends must agree.").names(DUPLEX);
    ADDRESS_COUNT = Field::number("cdp.number_of_addresses", "Number of addresses", "How many addresses follow.");
    ADDRESS = Field::ipv4("cdp.address.ipv4", "Address", "Where the neighbour can be reached.");
    DATA = Field::bytes("cdp.data", "Data", "The item's bytes.");
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<HEADER_LENGTH>()?;
    let mut at = HEADER_LENGTH;
    while at < walk.wire_length() {
        let bytes = walk.need(at + 4, "item")?;
        let length = bytes.last_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)));
        if length < 4 {
            return Err(walk.invalid("length", 4, length));
        }
        at += length;
        walk.need(at, "item")?;
    }
    Ok(Next::Nothing)
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&VERSION, 0, 1)?;
    d.number(&TIME_TO_LIVE, 1, 1)?;
    d.number(&CHECKSUM, 2, 2)?;
    let mut at = HEADER_LENGTH;
    loop {
        let (kind, length) = (d.peek(at, 2)?, usize::try_from(d.peek(at + 2, 2)?).ok()?);
        let rest = length.checked_sub(4)?;
        d.slice(at, length)?;
        d.open(&TYPE, at, length, Value::Number(kind));
        d.number(&LENGTH, at + 2, 2)?;
        let _ended_early = describe_item(d, kind, at + 4, rest);
        d.close();
        at += length;
    }
}

fn describe_item(d: &mut Describe<'_, '_>, kind: u64, at: usize, length: usize) -> Option<()> {
    let text = match kind {
        0x0001 => Some(&DEVICE),
        0x0003 => Some(&PORT),
        0x0005 => Some(&SOFTWARE),
        0x0006 => Some(&PLATFORM),
        0x0009 => Some(&DOMAIN),
        _ => None,
    };
    if let Some(field) = text {
        d.text(field, at, length)?;
        return Some(());
    }
    match (kind, length) {
        (0x0002 | 0x0016, 4..) => describe_addresses(d, at, length)?,
        (0x0004, 4) => {
            d.number(&CAN, at, 4)?;
        }
        (0x000a, 2) => {
            d.number(&NATIVE_VLAN, at, 2)?;
        }
        (0x000b, 1) => {
            d.number(&DUPLEX_MODE, at, 1)?;
        }
        (_, 1..) => {
            d.bytes(&DATA, at, length)?;
        }
        (_, 0) => {}
    }
    Some(())
}

/// Addresses: each with a protocol, and both with their lengths.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_addresses(d: &mut Describe<'_, '_>, from: usize, length: usize) -> Option<()> {
    d.number(&ADDRESS_COUNT, from, 4)?;
    let (mut at, end) = (from + 4, from + length);
    while at < end {
        let protocol = usize::try_from(d.peek(at + 1, 1)?).ok()?;
        let address_at = at + 2 + protocol + 2;
        let address = usize::try_from(d.peek(address_at - 2, 2)?).ok()?;
        if address_at + address > end {
            return None;
        }
        if (protocol, address) == (1, 4) && d.peek(at + 2, 1)? == IPV4 {
            d.ipv4(&ADDRESS, address_at)?;
        } else {
            d.bytes(&DATA, address_at, address)?;
        }
        at = address_at + address;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn message(items: &str) -> Dissected {
        let length = 12 + items.chars().filter(char::is_ascii_hexdigit).count() / 2;
        dissect(LinkType::ETHERNET, &format!("01000ccccccc 0019060eb885 {length:04x} aaaa03 00000c 2000 02 b4 b0bd {items}"))
    }

    #[test]
    fn a_neighbour_says_what_it_is() {
        let addresses = "0002 0011 00000001 01 01 cc 0004 c0a80001";
        let frame = message(&format!("0001 0006 5331 {addresses} 0003 0007 476930 0004 0008 00000028 000a 0006 0001 000b 0005 01"));
        assert_eq!(frame.protocols(), "eth:llc:cdp");
        for (id, value) in [
            ("cdp.ttl", "180"),
            ("cdp.deviceid", "S1"),
            ("cdp.portid", "Gi0"),
            ("cdp.address.ipv4", "192.168.0.1"),
            ("cdp.capabilities", "40"),
            ("cdp.native_vlan", "1"),
            ("cdp.duplex", "1"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
        assert!(frame.dissection.stop.is_none());
    }

    #[test]
    fn an_item_that_does_not_fit_is_reported() {
        assert_eq!(message("0001 0003").dissection.stop.map(|stop| (stop.part, stop.had)), Some(("length", 3)));
        assert_eq!(message("0001 0009 5331").dissection.stop.map(|stop| stop.part), Some("item"));
        assert_eq!(message("0002 0011 00000001 01 01 cc 00ff c0a80001").values("cdp.address.ipv4").len(), 0);
    }
}
