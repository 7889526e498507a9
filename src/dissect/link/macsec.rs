//! MACsec: frames that are authenticated, and mostly encrypted, from one station to the next (IEEE 802.1AE-2018 section 9).

use super::ethernet::{ETHER_TYPES, FIRST_ETHER_TYPE};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// MACsec.
pub static PROTOCOL: Protocol = Protocol {
    name: "macsec",
    label: "MACsec",
    title: "802.1AE security tag",
    reference: "IEEE 802.1AE-2018 section 9",
    claims: &[Selector::EtherType(0x88e5)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HAS_CHANNEL: u8 = 0x20;
const ENCRYPTED: u8 = 0x08;
const CHANGED: u8 = 0x04;
/// The integrity check value of every cipher suite in use.
const CHECK_LENGTH: usize = 16;

fields! {
    CONTROL = Field::hexadecimal("macsec.TCI", "Control", 2, "How the tag is to be read, and what was done to the frame.");
    END_STATION = Field::boolean("macsec.TCI.ES", "End station", "The frame's sender is the channel's own station.");
    CHANNEL_PRESENT = Field::boolean("macsec.TCI.SC", "Channel present", "The channel's identifier follows.");
    BROADCAST = Field::boolean("macsec.TCI.SCB", "Broadcast", "The channel is for all stations of a passive optical network.");
    IS_ENCRYPTED = Field::boolean("macsec.TCI.E", "Encrypted", "Nobody without the key can read the frame.");
    IS_CHANGED = Field::boolean("macsec.TCI.C", "Changed", "The frame's bytes are not those that were protected.");
    ASSOCIATION = Field::number("macsec.AN", "Association", "Which of the channel's keys was used.");
    SHORT_LENGTH = Field::number("macsec.SL", "Short length", "How many bytes are protected, where they are fewer than 48.").unit("bytes");
    PACKET_NUMBER = Field::number("macsec.PN", "Packet number", "Grows with every frame, so that none can be sent again.").in_line();
    SYSTEM = Field::mac("macsec.SCI.system_identifier", "System", "The station whose channel it is.").in_line();
    PORT = Field::number("macsec.SCI.port_identifier", "Port", "Which of that station's ports.");
    TYPE = Field::hexadecimal("macsec.etype", "Type", 4, "What the frame carries, where it is not encrypted.").names(ETHER_TYPES);
    CHECK = Field::bytes("macsec.ICV", "Integrity check value", "Proves that the frame comes from somebody with the key.");
}

/// How long the tag is, and how much of what follows is protected (IEEE 802.1AE-2018 section 9.7).
fn lengths(control: u8, short: u8, whole: usize) -> (usize, usize) {
    let tag = if control & HAS_CHANNEL != 0 { 14 } else { 6 };
    let rest = whole.saturating_sub(tag);
    let short = usize::from(short & 0x3f);
    (tag, if short == 0 { rest.saturating_sub(CHECK_LENGTH) } else { short.min(rest) })
}

#[expect(clippy::arithmetic_side_effects, reason = "a tag of 6 or 14 bytes")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[control, short, ..] = walk.header_bytes::<6>()?;
    let (tag, protected) = lengths(control, short, walk.wire_length());
    walk.need(tag, "channel")?;
    walk.header(tag);
    if control & (ENCRYPTED | CHANGED) != 0 {
        walk.limit_payload(protected);
        return Ok(Next::Payload);
    }
    let bytes = walk.need(tag + 2, "type")?;
    walk.header(tag + 2);
    let inner = protected.saturating_sub(2);
    Ok(match bytes.last_chunk().map(|number| u16::from_be_bytes(*number)) {
        Some(number @ FIRST_ETHER_TYPE..) => {
            walk.limit_payload(inner);
            Next::Claimed(Selector::EtherType(number))
        }
        number => {
            walk.limit_payload(inner.min(number.map_or(0, usize::from)));
            Next::Claimed(Selector::LinkLength)
        }
    })
}

#[expect(clippy::arithmetic_side_effects, reason = "a tag, and what it protects, which is no more than what is behind it")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let control = u8::try_from(d.peek(0, 1)?).ok()?;
    d.open(&CONTROL, 0, 1, Value::Number(u64::from(control >> 2)));
    d.flag(&END_STATION, 0, 1, 0x40)?;
    d.flag(&CHANNEL_PRESENT, 0, 1, 0x20)?;
    d.flag(&BROADCAST, 0, 1, 0x10)?;
    d.flag(&IS_ENCRYPTED, 0, 1, 0x08)?;
    d.flag(&IS_CHANGED, 0, 1, 0x04)?;
    d.close();
    d.bits(&ASSOCIATION, 0, 1, 0x03)?;
    let short = u8::try_from(d.bits(&SHORT_LENGTH, 1, 1, 0x3f)?).ok()?;
    d.number(&PACKET_NUMBER, 2, 4)?;
    if control & HAS_CHANNEL != 0 {
        d.mac(&SYSTEM, 6)?;
        d.number(&PORT, 12, 2)?;
    }
    let (tag, protected) = lengths(control, short, d.view.wire_length());
    if control & (ENCRYPTED | CHANGED) == 0 {
        d.number(&TYPE, tag, 2)?;
    }
    let check = d.view.bytes().len().saturating_sub(tag + protected).min(CHECK_LENGTH);
    d.bytes(&CHECK, tag + protected, check)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ADDRESSES: &str = "b6b95d808d79 caf9df4f509a 88e5";
    const PACKET: &str = "4500 0014 00000000 403b0000 0a000001 0a000002";
    const CHECK: &str = "079d1505db571783ceb1aec143e4e374";

    #[test]
    fn what_is_only_authenticated_can_be_read() {
        for (short, padding) in [("00", ""), ("16", "000000000000")] {
            let frame =
                dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 20 {short} 00000042 caf9df4f509a 0064 0800 {PACKET} {CHECK} {padding}"));
            assert_eq!(frame.protocols(), "eth:macsec:ip");
            assert_eq!((frame.value("macsec.PN"), frame.value("macsec.SCI.port_identifier")), ("66".into(), "100".into()));
            assert_eq!(frame.value("macsec.ICV"), CHECK);
            assert_eq!(frame.dissection.layers.last().map(|layer| layer.end - layer.start), Some(20));
        }
    }

    #[test]
    fn what_is_encrypted_stays_bytes() {
        let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 0c 00 00000042 0102030405 {CHECK}"));
        assert_eq!((frame.protocols(), frame.value("macsec.TCI.E")), ("eth:macsec:data".into(), "true".into()));
        assert_eq!((frame.value("data.data"), frame.value("macsec.ICV")), ("0102030405".into(), CHECK.into()));
        assert!(dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 20 00 00000042 caf9")).dissection.stop.is_some());
    }
}
