//! The options of a TCP header (RFC 9293 section 3.2 and the registry of TCP option kinds).

use crate::dissect::{Describe, Field, Value};

const KINDS: &[(u64, &str)] = &[
    (0, "End of options"),
    (1, "No operation"),
    (2, "Maximum segment size"),
    (3, "Window scale"),
    (4, "SACK permitted"),
    (5, "SACK"),
    (6, "Echo"),
    (7, "Echo reply"),
    (8, "Timestamps"),
    (14, "Alternate checksum request"),
    (15, "Alternate checksum data"),
    (19, "MD5 signature"),
    (20, "SCPS capabilities"),
    (27, "Quick-Start response"),
    (28, "User timeout"),
    (29, "Authentication (TCP-AO)"),
    (30, "Multipath TCP"),
    (34, "Fast Open cookie"),
    (69, "Encryption negotiation"),
    (172, "Accurate ECN order 0"),
    (174, "Accurate ECN order 1"),
    (253, "Experiment 1"),
    (254, "Experiment 2"),
];
const MULTIPATH_SUBTYPES: &[(u64, &str)] = &[
    (0, "capable"),
    (1, "join"),
    (2, "data sequence"),
    (3, "add address"),
    (4, "remove address"),
    (5, "priority"),
    (6, "fail"),
    (7, "fast close"),
    (8, "reset"),
];

fields! {
    OPTION = Field::number("tcp.option_kind", "Option", "An option of the header.").names(KINDS);
    LENGTH = Field::number("tcp.option_len", "Length", "How long the option is, with its kind and this byte.").unit("bytes");
    SEGMENT_SIZE = Field::number("tcp.options.mss_val", "Maximum segment size", "The most payload that its sender wants in one segment: what its link's MTU leaves.").unit("bytes");
    WINDOW_SHIFT = Field::number("tcp.options.wscale.shift", "Window shift", "How many bits the sender's windows are to be moved left, once both sides have said a shift.");
    WINDOW_MULTIPLIER = Field::number("tcp.options.wscale.multiplier", "Window multiplier", "What the sender's windows are to be multiplied with: 2 to the shift.");
    SACK_LEFT = Field::number("tcp.options.sack_le", "Block from", "The first byte of a block that arrived behind a hole.");
    SACK_RIGHT = Field::number("tcp.options.sack_re", "Block to", "One past the last byte of that block.");
    TIMESTAMP_VALUE = Field::number("tcp.options.timestamp.tsval", "Timestamp value", "The sender's clock, in ticks of its own choice.");
    TIMESTAMP_ECHO = Field::number("tcp.options.timestamp.tsecr", "Timestamp echo", "The other side's clock as it last arrived: how round-trip times are measured.");
    USER_TIMEOUT = Field::number("tcp.options.user_to_val", "User timeout", "How long data may stay unacknowledged; the top bit tells minutes from seconds (RFC 5482).");
    MULTIPATH_SUBTYPE = Field::number("tcp.options.mptcp.subtype", "Multipath message", "What the option says about the connection's other paths (RFC 8684).").names(MULTIPATH_SUBTYPES);
    FAST_OPEN_COOKIE = Field::bytes("tcp.options.tfo.cookie", "Fast Open cookie", "Lets a client that was here before send data with its SYN (RFC 7413); empty where it asks for one.");
    DIGEST = Field::bytes("tcp.options.md5.digest", "Digest", "Proves that the segment comes from somebody who knows the password (RFC 2385).");
    AUTHENTICATION_KEY = Field::number("tcp.options.ao.keyid", "Key", "Which key the segment was authenticated with (RFC 5925).");
    AUTHENTICATION_NEXT_KEY = Field::number("tcp.options.ao.rnextkeyid", "Next key", "Which key the sender would like to be used next.");
    AUTHENTICATION_CODE = Field::bytes("tcp.options.ao.mac", "Message authentication code", "Proves that the segment comes from somebody who knows the key.");
    DATA = Field::bytes("tcp.options.data", "Data", "The option's bytes.");
}

/// Gives the options between `from` and `to`, offsets in the header.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 60 bytes, and lengths of 8 bits")]
pub(super) fn describe(d: &mut Describe<'_, '_>, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at < to {
        let kind = d.peek(at, 1)?;
        if kind <= 1 {
            d.number(&OPTION, at, 1)?;
            if kind == 0 {
                break;
            }
            at += 1;
            continue;
        }
        let length = usize::try_from(d.peek(at + 1, 1)?).ok()?;
        let room = length.min(to - at);
        d.open(&OPTION, at, room, Value::Number(kind));
        let whole = describe_one(d, kind, at, room);
        d.close();
        whole?;
        // A length below 2 would never end: what follows cannot be told apart any more.
        if length < 2 {
            break;
        }
        at += length;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 60 bytes; the match says how long the option is")]
fn describe_one(d: &mut Describe<'_, '_>, kind: u64, at: usize, length: usize) -> Option<()> {
    d.number(&LENGTH, at + 1, 1)?;
    match (kind, length) {
        (2, 4) => {
            d.number(&SEGMENT_SIZE, at + 2, 2)?;
        }
        (3, 3) => {
            let shift = d.number(&WINDOW_SHIFT, at + 2, 1)?;
            // RFC 7323 section 2.3: a shift above 14 counts as 14.
            d.value(&WINDOW_MULTIPLIER, at + 2, 1, Value::Number(1 << shift.min(14)));
        }
        (5, _) => {
            for block in (at + 2..at + length).step_by(8).take_while(|block| block + 8 <= at + length) {
                d.number(&SACK_LEFT, block, 4)?;
                d.number(&SACK_RIGHT, block + 4, 4)?;
            }
        }
        (8, 10) => {
            d.number(&TIMESTAMP_VALUE, at + 2, 4)?;
            d.number(&TIMESTAMP_ECHO, at + 6, 4)?;
        }
        (19, 18) => {
            d.bytes(&DIGEST, at + 2, 16)?;
        }
        (28, 4) => {
            d.number(&USER_TIMEOUT, at + 2, 2)?;
        }
        (29, 4..) => {
            d.number(&AUTHENTICATION_KEY, at + 2, 1)?;
            d.number(&AUTHENTICATION_NEXT_KEY, at + 3, 1)?;
            d.bytes(&AUTHENTICATION_CODE, at + 4, length - 4)?;
        }
        (30, 3..) => {
            d.bits(&MULTIPATH_SUBTYPE, at + 2, 1, 0xf0)?;
            d.bytes(&DATA, at + 2, length - 2)?;
        }
        (34, _) if length > 2 => {
            d.bytes(&FAST_OPEN_COOKIE, at + 2, length - 2)?;
        }
        (_, 3..) => {
            d.bytes(&DATA, at + 2, length - 2)?;
        }
        _ => {}
    }
    Some(())
}
