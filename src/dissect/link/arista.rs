//! The time that an Arista switch writes into a frame that it has seen.

use super::ethernet::{ETHER_TYPES, FIRST_ETHER_TYPE, type_or_length};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Arista's timestamp.
pub static PROTOCOL: Protocol = Protocol {
    name: "avsp",
    label: "Arista",
    title: "Arista vendor-specific timestamp",
    reference: "Arista EOS manual, timestamping",
    claims: &[Selector::EtherType(0xd28b)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const TIMESTAMP: [u8; 2] = [0, 1];
const SUBTYPES: &[(u64, &str)] = &[(1, "timestamp")];

fields! {
    SUBTYPE = Field::hexadecimal("avsp.sub_type", "Subtype", 4, "1 for a timestamp.").names(SUBTYPES);
    VERSION = Field::hexadecimal("avsp.ver", "Version", 4, "How the time is written: 0010 in 64 bits, 0020 in 48; 01 in front says that it is UTC, else atomic time.");
    SECONDS = Field::number("avsp.64sec", "Seconds", "The seconds of the time.").unit("seconds");
    NANOSECONDS = Field::number("avsp.64ns", "Nanoseconds", "What is behind the seconds.").unit("nanoseconds");
    SHORT_SECONDS = Field::number("avsp.48sec", "Seconds", "The last 16 bits of the time's seconds.").unit("seconds");
    SHORT_NANOSECONDS = Field::number("avsp.48ns", "Nanoseconds", "What is behind the seconds.").unit("nanoseconds");
    TYPE = Field::hexadecimal("avsp.etype", "Type", 4, "What the frame carries.").names(ETHER_TYPES);
}

/// How long the time is; `None` where it is written in a way that is not known.
fn time_length(header: [u8; 4]) -> Option<usize> {
    match header {
        [s0, s1, 0 | 1, 0x10] if [s0, s1] == TIMESTAMP => Some(8),
        [s0, s1, 0 | 1, 0x20] if [s0, s1] == TIMESTAMP => Some(6),
        _ => None,
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "a time of 6 or 8 bytes")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let header = *walk.header_bytes::<4>()?;
    let Some(time) = time_length(header) else {
        walk.header(4);
        return Ok(Next::Payload);
    };
    let bytes = walk.need(time + 6, "time")?;
    walk.header(time + 6);
    let Some(number) = bytes.last_chunk() else { return Err(walk.short(time + 6, "time")) };
    Ok(type_or_length(walk, u16::from_be_bytes(*number)))
}

#[expect(clippy::arithmetic_side_effects, reason = "a time of 6 or 8 bytes")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&SUBTYPE, 0, 2)?;
    d.number(&VERSION, 2, 2)?;
    let time = time_length(*d.slice(0, 4)?.first_chunk()?)?;
    if time == 8 {
        d.number(&SECONDS, 4, 4)?;
        d.number(&NANOSECONDS, 8, 4)?;
    } else {
        d.number(&SHORT_SECONDS, 4, 2)?;
        d.number(&SHORT_NANOSECONDS, 6, 4)?;
    }
    if d.peek(4 + time, 2)? >= u64::from(FIRST_ETHER_TYPE) {
        d.number(&TYPE, 4 + time, 2)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ADDRESSES: &str = "000000000001 001122334455 d28b";
    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn the_time_stands_before_the_type() {
        let long = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 0001 0010 5ceeed57 384f59c8 0800 {PACKET}"));
        assert_eq!((long.protocols(), long.value("avsp.64sec")), ("eth:avsp:ip".into(), "1559162199".into()));
        let short = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 0001 0120 ed57 384f59c8 0800 {PACKET}"));
        assert_eq!((short.protocols(), short.value("avsp.48ns")), ("eth:avsp:ip".into(), "944724424".into()));
        assert_eq!(dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 0002 0010 00")).protocols(), "eth:avsp:data");
    }
}
