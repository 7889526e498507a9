//! Frame relay (Q.922, RFC 2427), and Cisco's own encapsulation on it.

use super::ethernet::{self, ETHER_TYPES};
use super::{llc, osi};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Frame relay.
pub static PROTOCOL: Protocol = Protocol {
    name: "fr",
    label: "frame relay",
    title: "Frame relay",
    reference: "ITU-T Q.922, RFC 2427",
    claims: &[Selector::LinkType(107)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const UNNUMBERED_INFORMATION: u8 = 0x03;
const SUBNETWORK_ACCESS: u8 = 0x80;
const PADDING: u8 = 0x00;

fields! {
    CIRCUIT = Field::number("fr.dlci", "Circuit", "Which of the virtual circuits on this line the frame belongs to; 0 and 1023 manage the line.").in_line();
    RESPONSE = Field::boolean("fr.cr", "Command or response", "Not used by frame relay itself.");
    FORWARD_CONGESTION = Field::boolean("fr.fecn", "Forward congestion", "The frame met congestion on its way.");
    BACKWARD_CONGESTION = Field::boolean("fr.becn", "Backward congestion", "Frames the other way met congestion: send less.");
    DISCARD = Field::boolean("fr.de", "Discard eligible", "Under load this frame may be dropped before others.");
    CONTROL = Field::hexadecimal("fr.control", "Control", 2, "03: data without numbers.");
    PROTOCOL_ID = Field::hexadecimal("fr.nlpid", "Protocol", 2, "Which protocol follows.").names(osi::PROTOCOLS);
    ORGANIZATION = Field::hexadecimal("fr.snap.oui", "Organization", 6, "Whose numbers the next field is from.");
    TYPE = Field::hexadecimal("fr.snap.pid", "Protocol", 4, "What the frame carries.").names(ETHER_TYPES);
    CISCO_TYPE = Field::hexadecimal("fr.chdlctype", "Type", 4, "What the frame carries, in Cisco's encapsulation.").names(ETHER_TYPES);
}

/// What stands before the packet.
struct Header {
    /// How long the address is: its last byte has the lowest bit set.
    address: usize,
    /// Where the protocol identifier stands, behind the control byte and padding; `None` for Cisco's encapsulation.
    protocol: Option<usize>,
}

#[expect(clippy::arithmetic_side_effects, reason = "an address of at most 4 bytes")]
fn header(bytes: &[u8]) -> Option<Header> {
    let address = bytes.iter().take(4).position(|byte| byte & 1 != 0)? + 1;
    if address < 2 {
        return None;
    }
    let protocol = match bytes.get(address..)? {
        [UNNUMBERED_INFORMATION, PADDING, ..] => Some(address + 2),
        [UNNUMBERED_INFORMATION, ..] => Some(address + 1),
        _ => None,
    };
    Some(Header { address, protocol })
}

#[expect(clippy::arithmetic_side_effects, reason = "an address of 2 to 4 bytes")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let bytes = walk.need(4, "header")?;
    let Some(Header { address, protocol }) = header(walk.bytes()) else {
        return Err(walk.invalid("address", 1, usize::from(bytes.first().copied().unwrap_or_default() & 1)));
    };
    let Some(at) = protocol else {
        let bytes = walk.need(address + 2, "type")?;
        walk.header(address + 2);
        let Some(kind) = bytes.last_chunk() else { return Err(walk.short(address + 2, "type")) };
        return Ok(match u16::from_be_bytes(*kind) {
            kind @ ethernet::FIRST_ETHER_TYPE.. => Next::Claimed(Selector::EtherType(kind)),
            _ => Next::Payload,
        });
    };
    let bytes = walk.need(at + 1, "protocol")?;
    match bytes.last() {
        Some(&SUBNETWORK_ACCESS) => {
            let bytes = walk.need(at + 6, "organization and protocol")?;
            walk.header(at + 6);
            let Some(&[a, b, c, high, low]) = bytes.last_chunk() else { return Err(walk.short(at + 6, "organization and protocol")) };
            Ok(llc::by_organization(u32::from_be_bytes([0, a, b, c]), u16::from_be_bytes([high, low])))
        }
        // These have the identifier as their own first byte.
        Some(0x81..=0x83) => {
            walk.header(at);
            Ok(Next::Protocol(&osi::PROTOCOL))
        }
        protocol => {
            walk.header(at + 1);
            Ok(protocol.map_or(Next::Payload, |protocol| osi::by_protocol(*protocol)))
        }
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "an address of 2 to 4 bytes")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let Header { address, protocol } = header(d.view.bytes())?;
    // Q.922 section 3.2: six bits, four bits, seven in a third byte that is not the last, and six in the last one of three or four.
    let (first, second) = (d.peek(0, 1)?, d.peek(1, 1)?);
    let mut circuit = (first & 0xfc) << 2 | second >> 4;
    if address == 4 {
        circuit = circuit << 7 | d.peek(2, 1)? >> 1;
    }
    if address >= 3 {
        circuit = circuit << 6 | d.peek(address - 1, 1)? >> 2;
    }
    d.value(&CIRCUIT, 0, address, Value::Number(circuit));
    d.flag(&RESPONSE, 0, 1, 0x02)?;
    d.flag(&FORWARD_CONGESTION, 1, 1, 0x08)?;
    d.flag(&BACKWARD_CONGESTION, 1, 1, 0x04)?;
    d.flag(&DISCARD, 1, 1, 0x02)?;
    let Some(at) = protocol else {
        d.number(&CISCO_TYPE, address, 2)?;
        return Some(());
    };
    d.number(&CONTROL, address, 1)?;
    if d.number(&PROTOCOL_ID, at, 1)? == u64::from(SUBNETWORK_ACCESS) {
        d.number(&ORGANIZATION, at + 1, 3)?;
        d.number(&TYPE, at + 4, 2)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const LINE: LinkType = LinkType(107);
    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn circuits_have_two_to_four_bytes() {
        for (address, circuit) in [("1841", "100"), ("1c40 07", "7425"), ("1c40 02 05", "950337")] {
            let frame = dissect(LINE, &format!("{address} 03 cc {PACKET}"));
            assert_eq!((frame.protocols(), frame.value("fr.dlci")), ("fr:ip".into(), circuit.into()), "{address}");
        }
    }

    #[test]
    fn encapsulations_tell_what_follows() {
        assert_eq!(dissect(LINE, &format!("1841 0800 {PACKET}")).protocols(), "fr:ip");
        assert_eq!(dissect(LINE, &format!("1841 03 00 80 000000 0800 {PACKET}")).protocols(), "fr:ip");
        let bridged = dissect(LINE, "1841 03 00 80 0080c2 0007 ffffffffffff 0022aabbccdd 0806 0001");
        assert_eq!((bridged.protocols(), bridged.value("fr.snap.pid")), ("fr:eth:arp".into(), "7".into()));
        let routing = dissect(LINE, "1841 03 83 1b01");
        assert_eq!((routing.protocols(), routing.value("osi.nlpid")), ("fr:osi:data".into(), "131".into()));
    }

    #[test]
    fn an_address_without_an_end_is_reported() {
        for bytes in ["18404040 45", "01030303 45"] {
            assert_eq!(dissect(LINE, bytes).dissection.stop.map(|stop| stop.part), Some("address"), "{bytes}");
        }
    }
}
