//! Network Time Protocol (RFC 5905; older versions look the same).

use crate::dissect::{Cursor, Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};
use crate::frame::Timestamp;

/// NTP.
pub static PROTOCOL: Protocol = Protocol {
    name: "ntp",
    label: "NTP",
    title: "Network Time Protocol",
    reference: "RFC 5905",
    claims: &[Selector::UdpPort(123)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 48;
/// Messages of these modes look otherwise: they manage a server.
const MANAGEMENT: [u64; 2] = [6, PRIVATE];
/// In these the bits of the leap indicator mean something else.
const PRIVATE: u64 = 7;
/// From 1900-01-01, where NTP's seconds begin, to 1970-01-01.
const SECONDS_TO_1970: i64 = 2_208_988_800;

const LEAP: &[(u64, &str)] =
    &[(0, "no warning"), (1, "the last minute has 61 seconds"), (2, "the last minute has 59 seconds"), (3, "clock not synchronized")];
const MODES: &[(u64, &str)] =
    &[(1, "symmetric, active"), (2, "symmetric, passive"), (3, "client"), (4, "server"), (5, "broadcast"), (6, "control"), (7, "private")];
const STRATA: &[(u64, &str)] = &[(0, "unspecified"), (1, "primary"), (16, "not synchronized")];

fields! {
    FLAGS = Field::hexadecimal("ntp.flags", "Flags", 2, "Leap warning, version and mode in one byte.");
    LEAP_INDICATOR = Field::number("ntp.flags.li", "Leap indicator", "Whether a second will be added or taken out at the end of the day.").names(LEAP);
    VERSION = Field::number("ntp.flags.vn", "Version", "The version of the protocol: 4 today.");
    MODE = Field::number("ntp.flags.mode", "Mode", "Who speaks: a client asks, a server tells.").names(MODES).in_line();
    STRATUM = Field::number("ntp.stratum", "Stratum", "How many servers are between this one and a clock of its own.").names(STRATA).in_line();
    POLL = Field::number("ntp.ppoll", "Poll interval", "How often messages are exchanged: 2 to this power, in seconds.");
    PRECISION = Field::number("ntp.precision", "Precision", "How fine the clock is: 2 to this power in seconds, counted down from 256.");
    ROOT_DELAY = Field::number("ntp.rootdelay", "Root delay", "How long the way to the first clock and back takes.").unit("65,536ths of a second");
    ROOT_DISPERSION = Field::number("ntp.rootdispersion", "Root dispersion", "How wrong the time may be.").unit("65,536ths of a second");
    REFERENCE = Field::bytes("ntp.refid", "Reference", "Which clock or which server the time is from: four letters or an address.");
    REFERENCE_TIME = Field::time("ntp.reftime", "Reference time", "When the clock was last set.");
    ORIGIN_TIME = Field::time("ntp.org", "Origin time", "When the client sent its question, by its own clock.");
    RECEIVE_TIME = Field::time("ntp.rec", "Receive time", "When the question reached the server, by the server's clock.");
    TRANSMIT_TIME = Field::time("ntp.xmt", "Transmit time", "When this message was sent, by its sender's clock.");
    EXTENSION = Field::bytes("ntp.ext", "Extensions", "Extension fields, among them codes that prove who sent the message.");
    KEY = Field::bytes("ntp.keyid", "Key", "Which key the code was made with.");
    CODE = Field::bytes("ntp.mac", "Message authentication code", "Proves that the message comes from somebody who knows the key.");
    DATA = Field::bytes("ntp.data", "Data", "What a management message says.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let Some(flags) = walk.bytes().first() else { return Ok(Next::Foreign) };
    if !MANAGEMENT.contains(&u64::from(flags & 7)) {
        walk.need(HEADER_LENGTH, "header")?;
    }
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let length = d.view.bytes().len();
    let mut cursor = Cursor::new(d, 0, length);
    let flags = cursor.peek(1)?;
    cursor.group(&FLAGS, 1, Value::Number(flags), |cursor| {
        if flags & 7 != PRIVATE {
            cursor.bits(&LEAP_INDICATOR, 1, 0xc0)?;
        }
        cursor.bits(&VERSION, 1, 0x38)?;
        cursor.bits(&MODE, 1, 0x07).map(drop)
    })?;
    if MANAGEMENT.contains(&(flags & 7)) {
        return cursor.remainder(&DATA);
    }
    cursor.number(&STRATUM, 1)?;
    cursor.number(&POLL, 1)?;
    cursor.number(&PRECISION, 1)?;
    cursor.number(&ROOT_DELAY, 4)?;
    cursor.number(&ROOT_DISPERSION, 4)?;
    cursor.bytes(&REFERENCE, 4)?;
    for field in [&REFERENCE_TIME, &ORIGIN_TIME, &RECEIVE_TIME, &TRANSMIT_TIME] {
        match moment(cursor.peek(8)?) {
            Some(time) => cursor.value(field, 8, Value::Time(time))?,
            None => cursor.skip(8).map(drop)?,
        }
    }
    // A key's number with a digest of 16 or 20 bytes; extensions are longer (RFC 7822 section 7.5.1.4).
    if matches!(cursor.left(), 20 | 24) {
        cursor.bytes(&KEY, 4)?;
        return cursor.remainder(&CODE);
    }
    cursor.remainder(&EXTENSION)
}

/// A moment: seconds since 1900, and 32 bits behind the point; 0 stands for none. Small seconds are of the era that begins in 2036
/// (RFC 5905 section 6).
#[expect(clippy::arithmetic_side_effects, reason = "32 bits times a billion, and seconds of 33 bits, in 64 bits")]
fn moment(number: u64) -> Option<Timestamp> {
    if number == 0 {
        return None;
    }
    let (seconds, fraction) = (number >> 32, number & 0xffff_ffff);
    let era = if seconds < 1 << 31 { 1 << 32 } else { 0 };
    let nanoseconds = u32::try_from((fraction * 1_000_000_000) >> 32).ok()?;
    Some(Timestamp::from_parts(i64::try_from(seconds).ok()? + era - SECONDS_TO_1970, nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, cut_everywhere, damage_everywhere, look, udp};

    const ANSWER: &str = "24 02 06 ea 000000a4 00000117 c0a80101
        d3d4a6d5 80000000 d3d4a6f0 00000000 d3d4a6f0 40000000 d3d4a6f0 c0000000";

    #[test]
    fn an_answer_tells_the_time_and_how_good_it_is() {
        let outcome = look(udp(123, &bytes(ANSWER)));
        assert_eq!(outcome.protocols(), "ip:udp:ntp");
        for (id, value) in [
            ("ntp.flags.vn", "4"),
            ("ntp.flags.mode", "4"),
            ("ntp.stratum", "2"),
            ("ntp.rootdelay", "164"),
            ("ntp.refid", "c0a80101"),
            ("ntp.reftime", "1344940117500000000"),
            ("ntp.xmt", "1344940144750000000"),
        ] {
            assert_eq!(outcome.values(id), [value], "{id}");
        }
    }

    #[test]
    fn a_code_behind_the_times_is_told_from_extensions() {
        let outcome = look(udp(123, &bytes(&format!("{ANSWER} 00000008 {}", "ab".repeat(16)))));
        assert_eq!([outcome.value("ntp.keyid"), outcome.value("ntp.mac")], ["00000008".to_owned(), "ab".repeat(16)]);
        let outcome = look(udp(123, &bytes(&format!("{ANSWER} 0204 001c {}", "00".repeat(24)))));
        assert_eq!(outcome.value("ntp.ext").len(), 56);
    }

    #[test]
    fn no_time_is_none_and_after_2036_counting_begins_anew() {
        assert_eq!(moment(0), None);
        assert_eq!(moment(1 << 32).map(|time| time.parts().0), Some(2_085_978_497));
        assert_eq!(moment(0x8000_0000 << 32).map(|time| time.parts().0), Some(-61_505_152));
    }

    #[test]
    fn management_is_left_as_bytes() {
        assert_eq!(look(udp(123, &bytes("16 01 0001"))).value("ntp.data"), "010001");
        assert!(look(udp(123, &bytes("1b 01 0001"))).dissection.stop.is_some());
    }

    #[test]
    fn damaged_messages_are_described_as_far_as_they_go() {
        let packet = udp(123, &bytes(ANSWER));
        cut_everywhere(&packet);
        damage_everywhere(&packet, 28);
    }
}
