//! Enhanced Interior Gateway Routing Protocol (RFC 7868): its header, and its items without their insides.

use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Stop, Value, View, Walk, checksum};

/// EIGRP.
pub static PROTOCOL: Protocol = Protocol {
    name: "eigrp",
    label: "EIGRP",
    title: "Enhanced Interior Gateway Routing Protocol",
    reference: "RFC 7868 section 6",
    claims: &[Selector::IpProtocol(88)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const OPCODES: &[(u64, &str)] = &[
    (1, "update"),
    (2, "request"),
    (3, "query"),
    (4, "reply"),
    (5, "hello"),
    (8, "acknowledgement"),
    (10, "stuck in active query"),
    (11, "stuck in active reply"),
];
const ITEMS: &[(u64, &str)] = &[
    (0x0001, "parameters"),
    (0x0002, "authentication"),
    (0x0003, "sequence"),
    (0x0004, "software version"),
    (0x0005, "next multicast sequence"),
    (0x0006, "peer stub"),
    (0x0007, "peer termination"),
    (0x0102, "IPv4 internal route"),
    (0x0103, "IPv4 external route"),
    (0x0402, "IPv6 internal route"),
    (0x0403, "IPv6 external route"),
    (0x0602, "internal route"),
    (0x0603, "external route"),
];
const HEADER_LENGTH: usize = 20;

fields! {
    VERSION = Field::number("eigrp.version", "Version", "Which version of the protocol this is.");
    OPCODE = Field::number("eigrp.opcode", "Operation", "What the message does.").names(OPCODES).in_line();
    CHECKSUM = Field::checksum("eigrp.checksum", "Checksum", "Guards the message.");
    CHECKSUM_STATUS = Field::status("eigrp.checksum.status", "Checksum status", "Whether the message adds up.");
    FLAGS = Field::hexadecimal("eigrp.flags", "Flags", 8, "What else the message says.").bits(&[(1, "init"), (2, "conditional receive"), (4, "restart"), (8, "end of table")]);
    SEQUENCE = Field::number("eigrp.seq", "Sequence number", "Counts the messages that are to be acknowledged.");
    ACKNOWLEDGE = Field::number("eigrp.ack", "Acknowledged", "The last message that arrived; 0 where none is acknowledged.");
    VIRTUAL_ROUTER = Field::number("eigrp.vrid", "Virtual router", "Which of several routers in one device this is.");
    AUTONOMOUS_SYSTEM = Field::number("eigrp.as", "Autonomous system", "The network of one administration that the routers belong to.").in_line();
    ITEM = Field::hexadecimal("eigrp.tlv_type", "Item", 4, "What the message carries.").names(ITEMS);
    ITEM_LENGTH = Field::number("eigrp.tlv.len", "Length", "How long the item is, with its type and this length.").unit("bytes");
    ITEM_VALUE = Field::bytes("eigrp.tlv.value", "Value", "The item's bytes.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.need(HEADER_LENGTH, "header")?;
    Ok(Next::Nothing)
}

fn verify(view: &View<'_>) -> Checksum {
    checksum::verify_alone(view, 2)
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&VERSION, 0, 1)?;
    d.number(&OPCODE, 1, 1)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 2)?;
    d.number(&FLAGS, 4, 4)?;
    d.number(&SEQUENCE, 8, 4)?;
    d.number(&ACKNOWLEDGE, 12, 4)?;
    d.number(&VIRTUAL_ROUTER, 16, 2)?;
    d.number(&AUTONOMOUS_SYSTEM, 18, 2)?;
    let end = d.view.wire_length();
    let mut at = HEADER_LENGTH;
    while at < end {
        let kind = d.peek(at, 2)?;
        let length = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        d.under(&ITEM, at, length.max(4), Value::Number(kind), |d| {
            d.number(&ITEM_LENGTH, at + 2, 2)?;
            if length > 4 {
                d.bytes(&ITEM_VALUE, at + 4, length - 4)?;
            }
            Some(())
        })?;
        // A length below the item's own header would never end.
        if length < 4 {
            break;
        }
        at += length;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_hello_with_its_items() {
        let got = dissect(
            LinkType::IPV4,
            "45c0003c 00000000 0258cd9f 0a000001 e000000a 0205ee68 00000000 00000000 00000000 00000064 0001000c 010001000000000f 00040008 0c040102",
        );
        assert_eq!(got.protocols(), "ip:eigrp");
        assert_eq!([got.value("eigrp.opcode"), got.value("eigrp.as"), got.value("eigrp.checksum.status")], ["5", "100", "good"]);
        assert_eq!(got.values("eigrp.tlv_type"), ["1", "4"]);
    }
}
