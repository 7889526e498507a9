//! Packets that a Linux firewall rule logged (LINKTYPE_NFLOG): attributes, one of which is the packet.

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// A packet that a firewall rule logged.
pub static PROTOCOL: Protocol = Protocol {
    name: "nflog",
    label: "NFLOG",
    title: "Linux netfilter log",
    reference: "LINKTYPE_NFLOG",
    claims: &[Selector::LinkType(239)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 4;
const PACKET_HEADER: u16 = 1;
const INBOUND_INTERFACE: u16 = 4;
const OUTBOUND_INTERFACE: u16 = 5;
const PAYLOAD: u16 = 9;
const PREFIX: u16 = 10;

const FAMILIES: &[(u64, &str)] = &[(2, "IPv4"), (10, "IPv6")];
const HOOKS: &[(u64, &str)] = &[(0, "before routing"), (1, "local in"), (2, "forward"), (3, "local out"), (4, "after routing")];
const ATTRIBUTES: &[(u64, &str)] = &[
    (PACKET_HEADER as u64, "packet header"),
    (2, "mark"),
    (3, "timestamp"),
    (INBOUND_INTERFACE as u64, "inbound interface"),
    (OUTBOUND_INTERFACE as u64, "outbound interface"),
    (6, "physical inbound interface"),
    (7, "physical outbound interface"),
    (8, "link address"),
    (PAYLOAD as u64, "packet"),
    (PREFIX as u64, "prefix"),
    (11, "user"),
    (12, "sequence number"),
    (13, "global sequence number"),
    (14, "group"),
    (15, "interface type"),
    (16, "link header"),
    (17, "link header length"),
];

fields! {
    FAMILY = Field::number("nflog.family", "Family", "What the packet is.").names(FAMILIES);
    VERSION = Field::number("nflog.version", "Version", "Which version of the header this is: 0.");
    RESOURCE = Field::number("nflog.res_id", "Log group", "Which log the rule wrote to.");
    ATTRIBUTE = Field::number("nflog.tlv_type", "Attribute", "Something the kernel says about the packet.").names(ATTRIBUTES);
    LENGTH = Field::number("nflog.tlv_length", "Length", "How long the attribute is, with its own four bytes.").unit("bytes");
    HARDWARE_PROTOCOL = Field::hexadecimal("nflog.protocol", "Protocol", 4, "What the packet is, as an EtherType.");
    HOOK = Field::number("nflog.hook", "Hook", "Where in the firewall the rule stands.").names(HOOKS).in_line();
    PREFIX_TEXT = Field::text("nflog.prefix", "Prefix", "What the rule's author wanted to be reminded of.").in_line();
    INBOUND = Field::number("nflog.ifindex_indev", "Inbound interface", "The interface it came in by.");
    OUTBOUND = Field::number("nflog.ifindex_outdev", "Outbound interface", "The interface it is to leave by.");
    VALUE = Field::bytes("nflog.tlv_value", "Value", "The attribute's bytes.");
}

/// The attribute at an offset: its kind and how long it is. Both are in the byte order of the machine that captured.
fn attribute(bytes: &[u8], at: usize, big_endian: bool) -> Option<(u16, usize)> {
    let &[l0, l1, t0, t1] = bytes.get(at..)?.first_chunk()?;
    let (length, kind) = if big_endian {
        (u16::from_be_bytes([l0, l1]), u16::from_be_bytes([t0, t1]))
    } else {
        (u16::from_le_bytes([l0, l1]), u16::from_le_bytes([t0, t1]))
    };
    (length >= 4).then_some((kind & 0x7fff, usize::from(length)))
}

/// The packet's attribute: where it stands and how long it is. Attributes begin at multiples of four.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn packet(bytes: &[u8], big_endian: bool) -> Option<(usize, usize)> {
    let mut at = HEADER_LENGTH;
    loop {
        let (kind, length) = attribute(bytes, at, big_endian)?;
        if kind == PAYLOAD {
            return Some((at, length));
        }
        at += length.next_multiple_of(4);
    }
}

/// The byte order in which the attributes lead to a packet; little endian where neither does.
fn is_big_endian(bytes: &[u8]) -> bool {
    packet(bytes, false).is_none() && packet(bytes, true).is_some()
}

#[expect(clippy::arithmetic_side_effects, reason = "an attribute is at least its own header of 4 bytes")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[family, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    let bytes = walk.bytes();
    let Some((at, length)) = packet(bytes, is_big_endian(bytes)) else { return Ok(Next::Nothing) };
    walk.header(at + 4);
    walk.limit_payload(length - 4);
    Ok(match family {
        2 => Next::Claimed(Selector::EtherType(0x0800)),
        10 => Next::Claimed(Selector::EtherType(0x86dd)),
        _ => Next::Payload,
    })
}

#[expect(clippy::arithmetic_side_effects, reason = "an attribute is at least its own header of 4 bytes, and was read")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&FAMILY, 0, 1)?;
    d.number(&VERSION, 1, 1)?;
    d.number(&RESOURCE, 2, 2)?;
    let big_endian = is_big_endian(d.view.bytes());
    let mut at = HEADER_LENGTH;
    while let Some((kind, length)) = attribute(d.view.bytes(), at, big_endian) {
        d.slice(at, 4)?;
        let shown = if kind == PAYLOAD { 4 } else { length };
        d.slice(at, shown)?;
        d.open(&ATTRIBUTE, at, shown, Value::Number(u64::from(kind)));
        d.value(&LENGTH, at, 2, Value::Number(length as u64));
        match (kind, shown - 4) {
            // Values are in network byte order.
            (PACKET_HEADER, 4) => {
                d.number(&HARDWARE_PROTOCOL, at + 4, 2)?;
                d.number(&HOOK, at + 6, 1)?;
            }
            (INBOUND_INTERFACE, 4) => {
                d.number(&INBOUND, at + 4, 4)?;
            }
            (OUTBOUND_INTERFACE, 4) => {
                d.number(&OUTBOUND, at + 4, 4)?;
            }
            (PREFIX, length @ 1..) => {
                // The zero that ends it is no part of it.
                d.text(&PREFIX_TEXT, at + 4, length - 1)?;
            }
            (_, length @ 1..) => {
                d.bytes(&VALUE, at + 4, length)?;
            }
            (_, 0) => {}
        }
        d.close();
        if kind == PAYLOAD {
            break;
        }
        at += length.next_multiple_of(4);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const LOG: LinkType = LinkType(239);
    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn the_packet_is_one_of_the_attributes() {
        let little = format!("0800 0100 0800 01 00 0700 0a00 687900 00 0800 0400 00000002 1800 0900 {PACKET}");
        let big = format!("0008 0001 0800 01 00 0007 000a 687900 00 0008 0004 00000002 0018 0009 {PACKET}");
        for attributes in [little, big] {
            let frame = dissect(LOG, &format!("02 00 0014 {attributes} 00000000"));
            assert_eq!(frame.protocols(), "nflog:ip");
            assert_eq!((frame.value("nflog.prefix"), frame.value("nflog.hook")), ("hy".into(), "1".into()));
            assert_eq!((frame.value("nflog.ifindex_indev"), frame.value("nflog.res_id")), ("2".into(), "20".into()));
            assert_eq!(frame.dissection.layers.last().map(|layer| layer.end - layer.start), Some(20));
        }
    }

    #[test]
    fn without_a_packet_there_is_only_the_log() {
        assert_eq!(dissect(LOG, "02 00 0014 0800 0100 0800 01 00").protocols(), "nflog");
        assert_eq!(dissect(LOG, "02 00 0014 0000 0900").protocols(), "nflog");
    }
}
