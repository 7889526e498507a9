//! Generic network virtualization encapsulation (RFC 8926).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk, link::ethernet};

/// Generic network virtualization encapsulation.
pub static PROTOCOL: Protocol = Protocol {
    name: "geneve",
    label: "Geneve",
    title: "Generic network virtualization encapsulation",
    reference: "RFC 8926",
    claims: &[Selector::UdpPort(6081)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const OPTION_CLASSES: &[(u64, &str)] = &[
    (0x0100, "Linux"),
    (0x0101, "Open vSwitch"),
    (0x0102, "OVN"),
    (0x0103, "In-band telemetry"),
    (0x0104, "VMware"),
    (0x0108, "Amazon"),
    (0x0132, "Google"),
];

fields! {
    VERSION = Field::number("geneve.version", "Version", "Which version of the protocol this is: 0.");
    MANAGEMENT = Field::boolean("geneve.flags.oam", "Control packet", "The packet is for the other end of the tunnel itself.");
    CRITICAL = Field::boolean("geneve.flags.critical", "Critical options", "There are options that the receiver must understand, or drop the packet.");
    TYPE = Field::hexadecimal("geneve.proto_type", "Type", 4, "What the tunnel carries.").names(ethernet::ETHER_TYPES);
    NETWORK = Field::number("geneve.vni", "Network", "Which of the virtual networks the frame belongs to.").in_line();
    OPTION = Field::group("geneve.option", "Option", "Something more that the two ends agreed to say.");
    OPTION_CLASS = Field::hexadecimal("geneve.option.class", "Class", 4, "Whose option it is.").names(OPTION_CLASSES);
    OPTION_TYPE = Field::hexadecimal("geneve.option.type", "Type", 2, "Which of its class's options it is; the top bit says that it is critical.");
    OPTION_LENGTH = Field::number("geneve.option.length", "Length", "How long the option is, with its own four bytes.").unit("bytes");
    OPTION_DATA = Field::bytes("geneve.option.unknown.data", "Data", "The option's bytes.");
}

#[expect(clippy::arithmetic_side_effects, reason = "at most 63 words")]
fn header_length(first: u8) -> usize {
    8 + usize::from(first & 0x3f) * 4
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[first, _, high, low, ..] = walk.header_bytes::<8>()?;
    let length = header_length(first);
    walk.need(length, "options")?;
    walk.header(length);
    Ok(Next::Claimed(Selector::EtherType(u16::from_be_bytes([high, low]))))
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 260 bytes; an option is at least its own 4")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 1, 0xc0)?;
    d.flag(&MANAGEMENT, 1, 1, 0x80)?;
    d.flag(&CRITICAL, 1, 1, 0x40)?;
    d.number(&TYPE, 2, 2)?;
    d.number(&NETWORK, 4, 3)?;
    let end = header_length(u8::try_from(d.peek(0, 1)?).ok()?);
    let mut at = 8;
    while at < end {
        let length = 4 + usize::try_from(d.peek(at + 3, 1)? & 0x1f).ok()? * 4;
        d.slice(at, length)?;
        d.open(&OPTION, at, length, Value::Present);
        d.number(&OPTION_CLASS, at, 2)?;
        d.number(&OPTION_TYPE, at + 2, 1)?;
        d.value(&OPTION_LENGTH, at + 3, 1, Value::Number(length as u64));
        if length > 4 {
            d.bytes(&OPTION_DATA, at + 4, length - 4)?;
        }
        d.close();
        at += length;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    fn datagram(payload: &str) -> Dissected {
        let length = bytes(payload).len();
        let header = format!("4500{:04x} 00000000 40110000 c0000201 c0000202 c000 17c1 {:04x} 0000", 28 + length, 8 + length);
        dissect(LinkType::IPV4, &format!("{header} {payload}"))
    }

    #[test]
    fn options_are_passed_and_shown() {
        let frame = datagram("0340 6558 00000a00 0101 80 02 0102030405060708 ffffffffffff 0022aabbccdd 0806 0001");
        assert_eq!(frame.protocols(), "ip:udp:geneve:eth:arp");
        for (id, value) in [
            ("geneve.vni", "10"),
            ("geneve.flags.critical", "true"),
            ("geneve.option.class", "257"),
            ("geneve.option.length", "12"),
            ("geneve.option.unknown.data", "0102030405060708"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
    }

    #[test]
    fn packets_may_follow_at_once() {
        assert_eq!(datagram("0000 0800 00000a00 45000014 00000000 403b0000 0a000001 0a000002").protocols(), "ip:udp:geneve:ip");
        assert_eq!(datagram("0300 6558 00000a00 0101").dissection.stop.map(|stop| stop.needed), Some(20));
    }
}
