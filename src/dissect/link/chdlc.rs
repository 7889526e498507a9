//! Cisco's framing of serial lines, and the messages that routers keep a line alive with (SLARP).

use super::cdp;
use super::ethernet::{ETHER_TYPES, PROTOCOL as ETHERNET};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Cisco HDLC.
pub static PROTOCOL: Protocol = Protocol {
    name: "chdlc",
    label: "Cisco HDLC",
    title: "Cisco high-level data link control",
    reference: "RFC 1547 section 4.3",
    claims: &[Selector::LinkType(104)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// Serial line address resolution.
pub static ADDRESS_RESOLUTION: Protocol = Protocol {
    name: "slarp",
    label: "SLARP",
    title: "Cisco serial line address resolution protocol",
    reference: "RFC 1547 section 4.3.1",
    claims: &[],
    dissect: dissect_address_resolution,
    describe: describe_address_resolution,
    verify: None,
    fields: &[FIELDS],
};

const SERIAL_LINE: u16 = 0x8035;
const ISO: u16 = 0xfefe;
const KEEPALIVE: u64 = 2;

const ADDRESSES: &[(u64, &str)] = &[(0x0f, "unicast"), (0x8f, "multicast")];
const PROTOCOLS: &[(u64, &str)] =
    &[(0x2000, "Cisco discovery"), (SERIAL_LINE as u64, "address resolution"), (ISO as u64, "ISO network layer")];
const MESSAGES: &[(u64, &str)] = &[(0, "request"), (1, "reply"), (KEEPALIVE, "keepalive")];

fields! {
    ADDRESS = Field::hexadecimal("chdlc.address", "Address", 2, "Whether the frame is for one station or for all.").names(ADDRESSES);
    CONTROL = Field::hexadecimal("chdlc.control", "Control", 2, "Always 0.");
    TYPE = Field::hexadecimal("chdlc.protocol", "Protocol", 4, "What the frame carries.").names(PROTOCOLS).named_by(ether_type_name);
    MESSAGE = Field::number("slarp.ptype", "Message", "What the router asks or says.").names(MESSAGES).in_line();
    OWN_ADDRESS = Field::ipv4("slarp.address", "Address", "The sender's address.");
    NETWORK_MASK = Field::ipv4("slarp.netmask", "Network mask", "Which bits of it say the network.");
    OWN_SEQUENCE = Field::number("slarp.mysequence", "Own sequence number", "Counts the sender's keepalives.").in_line();
    OTHER_SEQUENCE = Field::number("slarp.yoursequence", "Returned sequence number", "The last one that the sender has seen from the other side.").in_line();
    RELIABILITY = Field::hexadecimal("slarp.reliability", "Reliability", 4, "Always ffff.");
}

fn ether_type_name(number: u64) -> Option<&'static str> {
    ETHER_TYPES.iter().find(|(key, _)| *key == number).map(|(_, name)| *name)
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, high, low] = walk.header_bytes()?;
    walk.header(4);
    Ok(match u16::from_be_bytes([high, low]) {
        SERIAL_LINE => Next::Protocol(&ADDRESS_RESOLUTION),
        0x6558 => Next::Protocol(&ETHERNET),
        cdp::PROTOCOL_NUMBER => Next::Protocol(&cdp::PROTOCOL),
        ISO => {
            // One byte of padding makes the header even.
            walk.need(5, "padding")?;
            walk.header(5);
            Next::Claimed(Selector::LinkServiceAccessPoint(0xfe))
        }
        number => Next::Claimed(Selector::EtherType(number)),
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&ADDRESS, 0, 1)?;
    d.number(&CONTROL, 1, 1)?;
    d.number(&TYPE, 2, 2)?;
    Some(())
}

fn dissect_address_resolution(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<14>()?;
    walk.header(14);
    Ok(Next::Nothing)
}

fn describe_address_resolution(d: &mut Describe<'_, '_>) -> Option<()> {
    if d.number(&MESSAGE, 0, 4)? == KEEPALIVE {
        d.number(&OWN_SEQUENCE, 4, 4)?;
        d.number(&OTHER_SEQUENCE, 8, 4)?;
    } else {
        d.ipv4(&OWN_ADDRESS, 4)?;
        d.ipv4(&NETWORK_MASK, 8)?;
    }
    d.number(&RELIABILITY, 12, 2)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const LINE: LinkType = LinkType(104);

    #[test]
    fn ethernet_types_tell_what_follows() {
        let frame = dissect(LINE, "0f00 0800 45000014 00000000 403b0000 0a000001 0a000002");
        assert_eq!((frame.protocols(), frame.value("chdlc.protocol")), ("chdlc:ip".into(), "2048".into()));
    }

    #[test]
    fn routers_keep_the_line_alive() {
        let frame = dissect(LINE, "8f00 8035 00000002 000003e8 000003e7 ffff 00000000");
        assert_eq!(frame.protocols(), "chdlc:slarp");
        assert_eq!((frame.value("slarp.mysequence"), frame.value("slarp.yoursequence")), ("1000".into(), "999".into()));
        assert_eq!(dissect(LINE, "8f00 8035 00000001 0a000001 ff000000 ffff").value("slarp.address"), "10.0.0.1");
        assert!(dissect(LINE, "8f00 8035 00000002").dissection.stop.is_some());
    }
}
