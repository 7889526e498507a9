//! Network service header: a packet's way through a chain of services (RFC 8300).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk, link::ethernet};

/// Network service header.
pub static PROTOCOL: Protocol = Protocol {
    name: "nsh",
    label: "NSH",
    title: "Network service header",
    reference: "RFC 8300",
    claims: &[Selector::EtherType(0x894f)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const NEXT_PROTOCOLS: &[(u64, &str)] = &[(1, "IPv4"), (2, "IPv6"), (3, "Ethernet"), (4, "NSH"), (5, "MPLS")];

fields! {
    VERSION = Field::number("nsh.version", "Version", "Which version of the protocol this is: 0.");
    TIME_TO_LIVE = Field::number("nsh.ttl", "Time to live", "How many more services the packet may pass.");
    LENGTH = Field::number("nsh.length", "Length", "How long this header is, in words of four bytes.");
    METADATA_TYPE = Field::number("nsh.mdtype", "Metadata type", "1: sixteen bytes of context; 2: as many as there are.");
    NEXT_PROTOCOL = Field::number("nsh.nextproto", "Next protocol", "What follows.").names(NEXT_PROTOCOLS);
    PATH = Field::number("nsh.spi", "Service path", "Which chain of services the packet is on.").in_line();
    INDEX = Field::number("nsh.si", "Service index", "Where in the chain it is: each service takes 1 off.").in_line();
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, low, _, next_protocol, ..] = walk.header_bytes::<8>()?;
    let length = usize::from(low & 0x3f) * 4;
    if length < 8 {
        return Err(walk.invalid("length", 8, length));
    }
    walk.need(length, "context")?;
    walk.header(length);
    Ok(match next_protocol {
        1 => Next::Claimed(Selector::EtherType(0x0800)),
        2 => Next::Claimed(Selector::EtherType(0x86dd)),
        3 => Next::Protocol(&ethernet::PROTOCOL),
        4 => Next::Protocol(&PROTOCOL),
        5 => Next::Claimed(Selector::EtherType(0x8847)),
        _ => Next::Payload,
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 2, 0xc000)?;
    d.bits(&TIME_TO_LIVE, 0, 2, 0x0fc0)?;
    let words = d.peek(1, 1)? & 0x3f;
    d.value(&LENGTH, 1, 1, Value::Number(words));
    d.bits(&METADATA_TYPE, 2, 1, 0x0f)?;
    d.number(&NEXT_PROTOCOL, 3, 1)?;
    d.number(&PATH, 4, 3)?;
    d.number(&INDEX, 7, 1)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_chain_is_told_by_path_and_index() {
        let packet = "45000014 00000000 403b0000 0a000001 0a000002";
        let frame = dissect(LinkType::ETHERNET, &format!("ffffffffffff 0022aabbccdd 894f 0fc3 02 01 0000c8 fe 00000000 {packet}"));
        assert_eq!(frame.protocols(), "eth:nsh:ip");
        for (id, value) in [("nsh.ttl", "63"), ("nsh.length", "3"), ("nsh.mdtype", "2"), ("nsh.spi", "200"), ("nsh.si", "254")] {
            assert_eq!(frame.value(id), value, "{id}");
        }
        let short = dissect(LinkType::ETHERNET, "ffffffffffff 0022aabbccdd 894f 0fc1 02 01 0000c8 fe");
        assert_eq!(short.dissection.stop.map(|stop| stop.reason), Some(StopReason::Invalid));
    }
}
