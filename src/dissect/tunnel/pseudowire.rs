//! What a pseudowire puts between a label and its frame (RFC 4385, RFC 4448, RFC 5586).

use crate::dissect::link::ethernet;
use crate::dissect::registry::registry;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// The control word before an Ethernet frame.
pub static CONTROL_WORD: Protocol = Protocol {
    name: "pwethcw",
    label: "pseudowire",
    title: "Ethernet pseudowire control word",
    reference: "RFC 4448 section 4.6",
    claims: &[],
    dissect: dissect_control_word,
    describe: describe_control_word,
    verify: None,
    fields: &[FIELDS],
};

/// The header of what runs beside a pseudowire to watch over it.
pub static ASSOCIATED_CHANNEL: Protocol = Protocol {
    name: "pwach",
    label: "associated channel",
    title: "Pseudowire associated channel",
    reference: "RFC 4385 section 5",
    claims: &[],
    dissect: dissect_associated_channel,
    describe: describe_associated_channel,
    verify: None,
    fields: &[FIELDS],
};

const CHANNEL_TYPES: &[(u64, &str)] = &[
    (0x0007, "bidirectional forwarding detection"),
    (0x0021, "IPv4"),
    (0x0022, "connectivity verification"),
    (0x0057, "IPv6"),
    (0x7ff8, "experiment"),
];

fields! {
    SEQUENCE = Field::number("pweth.cw.sequence_number", "Sequence number", "The frame's place on this pseudowire; 0 where they are not numbered.");
    RESERVED = Field::number("pwach.res", "Reserved", "Must be 0.");
    CHANNEL_TYPE = Field::hexadecimal("pwach.channel_type", "Channel type", 4, "What the channel carries.").names(CHANNEL_TYPES).in_line();
}

/// What a payload is whose first bits say neither IPv4 nor IPv6: Ethernet behind a control word, Ethernet at once, or unknown. A type that
/// is known says more than a length that fits, and a frame at once is asked for first: in ARP a type stands four bytes later, too.
pub(super) fn by_content(payload: &[u8]) -> Next {
    let behind = payload.get(4..).filter(|_| payload.first().is_some_and(|first| first >> 4 == 0));
    let (at_once, behind) = (ether_type(payload), behind.and_then(ether_type));
    match (at_once, behind) {
        (Some(Fit::Type), _) => Next::Protocol(&ethernet::PROTOCOL),
        (_, Some(_)) => Next::Protocol(&CONTROL_WORD),
        (Some(Fit::Length), None) => Next::Protocol(&ethernet::PROTOCOL),
        (None, None) => Next::Payload,
    }
}

/// By what bytes look like an Ethernet header.
enum Fit {
    /// A type that is known.
    Type,
    /// A length that the bytes have.
    Length,
}

fn ether_type(bytes: &[u8]) -> Option<Fit> {
    let &[_, _, _, _, _, _, source, .., high, low] = bytes.first_chunk::<14>()?;
    let number = u16::from_be_bytes([high, low]);
    // No group ever sends.
    if source & 1 != 0 {
        return None;
    }
    if number >= ethernet::FIRST_ETHER_TYPE {
        return registry().find(Selector::EtherType(number)).map(|_| Fit::Type);
    }
    (number >= 3 && usize::from(number) + 14 <= bytes.len()).then_some(Fit::Length)
}

fn dissect_control_word(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<4>()?;
    walk.header(4);
    Ok(Next::Protocol(&ethernet::PROTOCOL))
}

fn describe_control_word(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&SEQUENCE, 2, 2)?;
    Some(())
}

fn dissect_associated_channel(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, high, low] = walk.header_bytes()?;
    walk.header(4);
    // The channel's types for packets are PPP's numbers.
    Ok(match u16::from_be_bytes([high, low]) {
        protocol @ (0x0021 | 0x0057) => Next::Claimed(Selector::PppProtocol(protocol)),
        _ => Next::Payload,
    })
}

fn describe_associated_channel(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&RESERVED, 1, 1)?;
    d.number(&CHANNEL_TYPE, 2, 2)?;
    Some(())
}
