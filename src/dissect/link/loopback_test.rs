//! Ethernet's own loopback test: a frame that stations send back (Ethernet version 2.0 section 8).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// The loopback test.
pub static PROTOCOL: Protocol = Protocol {
    name: "loop",
    label: "loopback test",
    title: "Ethernet configuration testing protocol",
    reference: "Ethernet version 2.0 section 8",
    claims: &[Selector::EtherType(0x9000)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const REPLY: u16 = 1;
const FORWARD: u16 = 2;
const FUNCTIONS: &[(u64, &str)] = &[(REPLY as u64, "reply"), (FORWARD as u64, "forward")];

fields! {
    SKIP = Field::number("loop.skipcount", "Skip count", "How many bytes of functions are done with.").unit("bytes");
    FUNCTION = Field::number("loop.function", "Function", "What the next station is to do.").names(FUNCTIONS).in_line();
    ADDRESS = Field::mac("loop.forwarding_address", "Forwarding address", "Where the frame is to be sent on to.");
    RECEIPT = Field::number("loop.receipt_number", "Receipt number", "By which the sender knows its own frame again.");
}

/// Numbers are little endian.
fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Where the functions end: with a reply, or where there are no more.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn end(bytes: &[u8]) -> usize {
    let mut at = 2;
    while number(bytes, at) == Some(FORWARD) {
        at += 8;
    }
    if number(bytes, at) == Some(REPLY) { at + 4 } else { at }
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<4>()?;
    let end = end(walk.bytes());
    walk.need(end, "function")?;
    walk.header(end);
    Ok(Next::Payload)
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let bytes = d.view.bytes();
    d.value(&SKIP, 0, 2, Value::Number(u64::from(number(bytes, 0)?)));
    let mut at = 2;
    while number(bytes, at)? == FORWARD {
        d.value(&FUNCTION, at, 2, Value::Number(u64::from(FORWARD)));
        d.mac(&ADDRESS, at + 2)?;
        at += 8;
    }
    d.value(&FUNCTION, at, 2, Value::Number(u64::from(number(bytes, at)?)));
    if number(bytes, at)? == REPLY {
        d.value(&RECEIPT, at + 2, 2, Value::Number(u64::from(number(bytes, at + 2)?)));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ADDRESSES: &str = "aa0004006904 aa0004001d04 9000";

    #[test]
    fn a_frame_is_sent_on_and_then_answered() {
        let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 0000 0200 aa0004001d04 0100 0700 555555"));
        assert_eq!((frame.protocols(), frame.values("loop.function")), ("eth:loop:data".into(), vec!["2".to_owned(), "1".to_owned()]));
        assert_eq!((frame.value("loop.forwarding_address"), frame.value("loop.receipt_number")), ("aa:00:04:00:1d:04".into(), "7".into()));
        assert!(dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 0000 0200 aa00")).dissection.stop.is_some());
    }
}
