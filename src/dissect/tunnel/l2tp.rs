//! Layer two tunneling protocol (RFC 2661; version 3: RFC 3931).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk, link::ppp};

/// Layer two tunneling protocol.
pub static PROTOCOL: Protocol = Protocol {
    name: "l2tp",
    label: "L2TP",
    title: "Layer two tunneling protocol",
    reference: "RFC 2661",
    claims: &[Selector::UdpPort(1701)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const IS_CONTROL: u16 = 0x8000;
const HAS_LENGTH: u16 = 0x4000;
const HAS_SEQUENCE: u16 = 0x0800;
const HAS_OFFSET: u16 = 0x0200;
const VERSION_BITS: u16 = 0x000f;
const MESSAGE_TYPE: u64 = 0;
const HOST_NAME: u64 = 7;
const VENDOR_NAME: u64 = 8;

const TYPES: &[(u64, &str)] = &[(0, "data"), (1, "control")];
const MESSAGES: &[(u64, &str)] = &[
    (1, "start control connection request"),
    (2, "start control connection reply"),
    (3, "start control connection connected"),
    (4, "stop control connection"),
    (6, "hello"),
    (7, "outgoing call request"),
    (8, "outgoing call reply"),
    (9, "outgoing call connected"),
    (10, "incoming call request"),
    (11, "incoming call reply"),
    (12, "incoming call connected"),
    (14, "call disconnect"),
    (15, "WAN error"),
    (16, "set link information"),
];
const PAIRS: &[(u64, &str)] = &[
    (0, "message type"),
    (1, "result code"),
    (2, "protocol version"),
    (3, "framing capabilities"),
    (4, "bearer capabilities"),
    (5, "tie breaker"),
    (6, "firmware revision"),
    (7, "host name"),
    (8, "vendor name"),
    (9, "assigned tunnel"),
    (10, "receive window size"),
    (11, "challenge"),
    (13, "challenge response"),
    (14, "assigned session"),
    (15, "call serial number"),
    (19, "framing type"),
    (21, "called number"),
    (22, "calling number"),
    (24, "connect speed"),
    (36, "random vector"),
    (39, "sequencing required"),
];

fields! {
    TYPE = Field::number("l2tp.type", "Type", "Whether it carries a frame or is about the tunnel itself.").names(TYPES).in_line();
    VERSION = Field::number("l2tp.version", "Version", "Which version of the protocol this is: 2 or 3.");
    LENGTH = Field::number("l2tp.length", "Length", "Header and payload together.").unit("bytes");
    TUNNEL = Field::number("l2tp.tunnel", "Tunnel", "Which tunnel, by the receiver's number.").in_line();
    SESSION = Field::number("l2tp.session", "Session", "Which call in the tunnel, by the receiver's number.").in_line();
    SESSION_3 = Field::number("l2tp.sid", "Session", "Which call, by the receiver's number (version 3).").in_line();
    CONNECTION = Field::number("l2tp.ccid", "Control connection", "Which tunnel, by the receiver's number (version 3).").in_line();
    SENT = Field::number("l2tp.Ns", "Sequence number", "The message's place among those of its sender.");
    EXPECTED = Field::number("l2tp.Nr", "Expected number", "The next message its sender expects.");
    OFFSET = Field::number("l2tp.offset", "Offset", "How many bytes of padding stand before the frame.").unit("bytes");
    PAIR = Field::number("l2tp.avp.type", "Attribute", "What the attribute is about.").names(PAIRS);
    PAIR_MANDATORY = Field::boolean("l2tp.avp.mandatory", "Mandatory", "The receiver must understand it, or end the call or tunnel.");
    PAIR_HIDDEN = Field::boolean("l2tp.avp.hidden", "Hidden", "Its value is encrypted.");
    PAIR_LENGTH = Field::number("l2tp.avp.length", "Length", "How long it is, with its own six bytes.").unit("bytes");
    PAIR_VENDOR = Field::number("l2tp.avp.vendor_id", "Vendor", "Whose attribute it is; 0 for the standard's own.");
    MESSAGE = Field::number("l2tp.avp.message_type", "Message", "What the message does.").names(MESSAGES).in_line();
    HOST = Field::text("l2tp.avp.host_name", "Host name", "The name of the sender.");
    VENDOR = Field::text("l2tp.avp.vendor_name", "Vendor name", "Who made the sender.");
    PAIR_VALUE = Field::bytes("l2tp.avp.value", "Value", "The attribute's bytes.");
}

/// Where the parts of a version 2 header stand; 0 for those that do not (RFC 2661 section 3.1).
struct Parts {
    length: usize,
    tunnel: usize,
    sequence: usize,
    offset: usize,
    end: usize,
}

#[expect(clippy::arithmetic_side_effects, reason = "at most 14")]
fn parts(flags: u16) -> Parts {
    let mut end = 2;
    let mut part = |is_there: bool, length: usize| {
        let at = if is_there { end } else { 0 };
        end += if is_there { length } else { 0 };
        at
    };
    let length = part(flags & HAS_LENGTH != 0, 2);
    let tunnel = part(true, 4);
    let sequence = part(flags & HAS_SEQUENCE != 0, 4);
    let offset = part(flags & HAS_OFFSET != 0, 2);
    Parts { length, tunnel, sequence, offset, end }
}

fn flags(bytes: &[u8]) -> u16 {
    bytes.first_chunk().map_or(0, |flags| u16::from_be_bytes(*flags))
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)))
}

#[expect(clippy::arithmetic_side_effects, reason = "a length of 16 bits")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let flags = flags(walk.header_bytes::<2>()?);
    if flags & VERSION_BITS == 3 {
        walk.need(8, "header")?;
        // What a version 3 session carries was agreed on before: nothing in the message says it.
        walk.header(if flags & IS_CONTROL != 0 { usize::MAX } else { 8 });
        return Ok(if flags & IS_CONTROL != 0 { Next::Nothing } else { Next::Payload });
    }
    let parts = parts(flags);
    let header = walk.need(parts.end, "header")?;
    if parts.length != 0 {
        let length = number(header, parts.length).unwrap_or_default();
        if length < parts.end {
            return Err(walk.invalid("length", parts.end, length));
        }
        walk.limit(length);
    }
    if flags & IS_CONTROL != 0 {
        return Ok(Next::Nothing);
    }
    let padding = if parts.offset == 0 { 0 } else { number(header, parts.offset).unwrap_or_default() };
    walk.need(parts.end + padding, "offset")?;
    walk.header(parts.end + padding);
    Ok(Next::Protocol(&ppp::PROTOCOL))
}

#[expect(clippy::arithmetic_side_effects, reason = "places in the header")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let flags = flags(d.view.bytes());
    d.bits(&TYPE, 0, 2, 0x8000)?;
    d.bits(&VERSION, 0, 2, u64::from(VERSION_BITS))?;
    if flags & VERSION_BITS == 3 {
        return describe_version_3(d, flags & IS_CONTROL != 0);
    }
    let parts = parts(flags);
    if parts.length != 0 {
        d.number(&LENGTH, parts.length, 2)?;
    }
    d.number(&TUNNEL, parts.tunnel, 2)?;
    d.number(&SESSION, parts.tunnel + 2, 2)?;
    if parts.sequence != 0 {
        d.number(&SENT, parts.sequence, 2)?;
        d.number(&EXPECTED, parts.sequence + 2, 2)?;
    }
    if parts.offset != 0 {
        d.number(&OFFSET, parts.offset, 2)?;
    }
    if flags & IS_CONTROL != 0 { describe_pairs(d, parts.end) } else { Some(()) }
}

fn describe_version_3(d: &mut Describe<'_, '_>, is_control: bool) -> Option<()> {
    if !is_control {
        d.number(&SESSION_3, 4, 4)?;
        return Some(());
    }
    d.number(&LENGTH, 2, 2)?;
    d.number(&CONNECTION, 4, 4)?;
    d.number(&SENT, 8, 2)?;
    d.number(&EXPECTED, 10, 2)?;
    describe_pairs(d, 12)
}

/// The attributes of a control message (RFC 2661 section 4.1).
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and a length of 6 to 1,023")]
fn describe_pairs(d: &mut Describe<'_, '_>, from: usize) -> Option<()> {
    let mut at = from;
    while at < d.view.bytes().len() {
        let length = usize::try_from(d.peek(at, 2)? & 0x03ff).ok()?;
        if length < 6 {
            return None;
        }
        d.slice(at, length)?;
        let (hidden, vendor, kind) = (d.peek(at, 2)? & 0x4000 != 0, d.peek(at + 2, 2)?, d.peek(at + 4, 2)?);
        d.open(&PAIR, at, length, Value::Number(kind));
        d.flag(&PAIR_MANDATORY, at, 2, 0x8000)?;
        d.flag(&PAIR_HIDDEN, at, 2, 0x4000)?;
        d.bits(&PAIR_LENGTH, at, 2, 0x03ff)?;
        d.number(&PAIR_VENDOR, at + 2, 2)?;
        let rest = length - 6;
        match kind {
            MESSAGE_TYPE if rest == 2 && vendor == 0 && !hidden => {
                d.number(&MESSAGE, at + 6, 2)?;
            }
            HOST_NAME | VENDOR_NAME if vendor == 0 && !hidden => {
                d.text(if kind == HOST_NAME { &HOST } else { &VENDOR }, at + 6, rest)?;
            }
            _ if rest > 0 => {
                d.bytes(&PAIR_VALUE, at + 6, rest)?;
            }
            _ => {}
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
        let header = format!("4500{:04x} 00000000 40110000 c0000201 c0000202 06a5 06a5 {:04x} 0000", 28 + length, 8 + length);
        dissect(LinkType::IPV4, &format!("{header} {payload}"))
    }

    #[test]
    fn a_data_message_carries_ppp_behind_whatever_stands_before_it() {
        let packet = "45000014 00000000 403b0000 0a000001 0a000002";
        let plain = datagram(&format!("0002 0001 0002 ff03 0021 {packet}"));
        assert_eq!((plain.protocols(), plain.value("l2tp.tunnel")), ("ip:udp:l2tp:ppp:ip".into(), "1".into()));
        let full = datagram(&format!("4a02 0026 0001 0002 0003 0004 0002 ffff 0021 {packet} 00"));
        assert_eq!((full.protocols(), full.value("l2tp.session")), ("ip:udp:l2tp:ppp:ip".into(), "2".into()));
        assert_eq!((full.value("l2tp.Ns"), full.value("l2tp.offset")), ("3".into(), "2".into()));
        assert_eq!(full.dissection.layers.get(3).map(|layer| layer.end - layer.start), Some(22));
    }

    #[test]
    fn a_control_message_is_made_of_attributes() {
        let frame = datagram("c802 0020 0001 0000 0000 0001 8008 0000 0000 0001 800c 0000 0007 726f75746572");
        assert_eq!(frame.protocols(), "ip:udp:l2tp");
        assert_eq!((frame.value("l2tp.avp.message_type"), frame.value("l2tp.avp.host_name")), ("1".into(), "router".into()));
        assert_eq!(frame.values("l2tp.avp.length"), ["8", "12"]);
    }

    #[test]
    fn lying_lengths_end_it() {
        assert_eq!(datagram("c802 0004 0001 0000 0000 0001").dissection.stop.map(|stop| (stop.part, stop.had)), Some(("length", 4)));
        let frame = datagram("c802 0012 0001 0000 0000 0001 8002 0000 0000");
        assert_eq!(frame.values("l2tp.avp.length").len(), 0);
        assert!(datagram("0202 0001 0002 00ff 00").dissection.stop.is_some());
    }
}
