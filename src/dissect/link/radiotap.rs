//! Radiotap: what a wireless card says about the radio before an 802.11 frame (radiotap.org).

use super::wireless;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Radiotap.
pub static PROTOCOL: Protocol = Protocol {
    name: "radiotap",
    label: "radiotap",
    title: "Radiotap",
    reference: "radiotap.org",
    claims: &[Selector::LinkType(127)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 8;
const MORE_WORDS: u32 = 1 << 31;
const HAS_CHECK_SEQUENCE: u8 = 0x10;
const HAS_PADDING: u8 = 0x20;
const CHECK_SEQUENCE_LENGTH: usize = 4;

fields! {
    VERSION = Field::number("radiotap.version", "Version", "Which version of the header this is: 0.");
    LENGTH = Field::number("radiotap.length", "Header length", "How long this header is.").unit("bytes");
    PRESENT = Field::hexadecimal("radiotap.present.word", "Present", 8, "A bit for each thing that the card says.");
    MOMENT = Field::number("radiotap.mactime", "Card's time", "When the frame began, by the card's clock.").unit("microseconds");
    FLAGS = Field::hexadecimal("radiotap.flags", "Flags", 2, "How the frame was sent, and what the card left in it.");
    CHECK_SEQUENCE = Field::boolean("radiotap.flags.fcs", "Check sequence present", "The frame ends with its check sequence.");
    PADDING = Field::boolean("radiotap.flags.datapad", "Padding present", "Bytes between header and data make the data begin at a multiple of four.");
    RATE = Field::number("radiotap.datarate", "Rate", "How fast the frame was sent, in units of 500 kbit/s.");
    FREQUENCY = Field::number("radiotap.channel.freq", "Frequency", "The frequency of the channel.").unit("MHz").in_line();
}

/// What of the header this page reads: where each value stands.
#[derive(Default)]
struct Parts {
    moment: Option<usize>,
    flags: Option<usize>,
    rate: Option<usize>,
    channel: Option<usize>,
}

/// Finds the first four values: each is aligned to its own size, counted from the header's first byte.
#[expect(clippy::arithmetic_side_effects, reason = "words that were read, and four parts of at most 8 bytes")]
fn parts(bytes: &[u8]) -> Option<Parts> {
    let word = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let present = word(4)?;
    let mut at = HEADER_LENGTH;
    let mut last = present;
    while last & MORE_WORDS != 0 {
        last = word(at)?;
        at += 4;
    }
    let mut part = |bit: u32, alignment: usize, size: usize| {
        (present & (1 << bit) != 0).then(|| {
            let start = at.next_multiple_of(alignment);
            at = start + size;
            start
        })
    };
    Some(Parts { moment: part(0, 8, 8), flags: part(1, 1, 1), rate: part(2, 1, 1), channel: part(3, 2, 4) })
}

/// The flags of a header, 0 where it has none.
fn flags(bytes: &[u8]) -> u8 {
    parts(bytes).and_then(|parts| bytes.get(parts.flags?).copied()).unwrap_or_default()
}

/// Whether the frame behind a header has padding between its own header and its data.
pub(super) fn has_padding(header: &[u8]) -> bool {
    flags(header) & HAS_PADDING != 0
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, low, high, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    let length = usize::from(u16::from_le_bytes([low, high]));
    if length < HEADER_LENGTH {
        return Err(walk.invalid("header length", HEADER_LENGTH, length));
    }
    let header = walk.need(length, "header")?;
    walk.header(length);
    if flags(header) & HAS_CHECK_SEQUENCE != 0 {
        walk.limit_payload(walk.wire_length().saturating_sub(length + CHECK_SEQUENCE_LENGTH));
    }
    Ok(Next::Protocol(&wireless::PROTOCOL))
}

#[expect(clippy::arithmetic_side_effects, reason = "four parts of at most 8 bytes behind the words that were read")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&VERSION, 0, 1)?;
    little_endian(d, &LENGTH, 2, 2)?;
    little_endian(d, &PRESENT, 4, 4)?;
    let header = d.view.header();
    let parts = parts(header)?;
    let end = header.len();
    if let Some(at) = parts.moment.filter(|at| at + 8 <= end) {
        little_endian(d, &MOMENT, at, 8)?;
    }
    if let Some(at) = parts.flags.filter(|at| *at < end) {
        let flags = d.peek(at, 1)?;
        d.open(&FLAGS, at, 1, Value::Number(flags));
        d.flag(&CHECK_SEQUENCE, at, 1, u64::from(HAS_CHECK_SEQUENCE))?;
        d.flag(&PADDING, at, 1, u64::from(HAS_PADDING))?;
        d.close();
    }
    if let Some(at) = parts.rate.filter(|at| *at < end) {
        d.number(&RATE, at, 1)?;
    }
    if let Some(at) = parts.channel.filter(|at| at + 4 <= end) {
        little_endian(d, &FREQUENCY, at, 2)?;
    }
    Some(())
}

fn little_endian(d: &mut Describe<'_, '_>, field: &'static Field, at: usize, length: usize) -> Option<()> {
    let number = d.slice(at, length)?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    d.value(field, at, length, Value::Number(number));
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const RADIO: LinkType = LinkType(127);
    const ACKNOWLEDGEMENT: &str = "d400 0000 0022aabbccdd";

    #[test]
    fn values_are_aligned_and_the_check_sequence_is_no_part_of_the_frame() {
        let header = "0000 1e00 0f000080 00000000 00000000 0102030405060708 10 0c 8509 c000";
        let frame = dissect(RADIO, &format!("{header} {ACKNOWLEDGEMENT} deadbeef"));
        assert_eq!((frame.protocols(), frame.value("radiotap.mactime")), ("radiotap:wlan".into(), "578437695752307201".into()));
        assert_eq!((frame.value("radiotap.flags.fcs"), frame.value("radiotap.channel.freq")), ("true".into(), "2437".into()));
        assert_eq!(frame.dissection.layers.last().map(|layer| layer.end - layer.start), Some(10));
    }

    #[test]
    fn a_header_may_say_nothing() {
        assert_eq!(dissect(RADIO, &format!("0000 0800 00000000 {ACKNOWLEDGEMENT}")).protocols(), "radiotap:wlan");
        for lie in ["0000 0700 00000000", "0000 0900 00000000", "0000 0800 ffffffff"] {
            dissect(RADIO, lie).fields();
        }
    }
}
