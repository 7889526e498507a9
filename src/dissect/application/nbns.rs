//! NetBIOS name service (RFC 1002 section 4.2): the names of Windows hosts of old, in messages that look like those of DNS.

use super::dns::name::Name;
use crate::dissect::{Cursor, Describe, Field, FieldSink, Next, Protocol, Selector, Stop, Value, Walk, describe_bytes};

/// NetBIOS name service.
pub static PROTOCOL: Protocol = Protocol {
    name: "nbns",
    label: "NBNS",
    title: "NetBIOS Name Service",
    reference: "RFC 1002",
    claims: &[Selector::UdpPort(137)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 12;
const ADDRESSES: u64 = 32;
const STATUS: u64 = 33;
/// How many characters a name has, before its kind.
const CHARACTERS: usize = 15;

const OPERATIONS: &[(u64, &str)] =
    &[(0, "query"), (5, "registration"), (6, "release"), (7, "wait"), (8, "refresh"), (9, "refresh"), (15, "multi-homed registration")];
const CODES: &[(u64, &str)] = &[
    (0, "no error"),
    (1, "format error"),
    (2, "server failure"),
    (3, "no such name"),
    (4, "not implemented"),
    (5, "refused"),
    (6, "name is another's"),
    (7, "name is in conflict"),
];
const TYPES: &[(u64, &str)] = &[(ADDRESSES, "NB"), (STATUS, "NBSTAT")];

fields! {
    IDENTIFIER = Field::hexadecimal("nbns.id", "Transaction", 4, "A number that the answer repeats, so that the asker knows which question it belongs to.");
    FLAGS = Field::hexadecimal("nbns.flags", "Flags", 4, "What kind of message this is, and how it went.");
    RESPONSE = Field::boolean("nbns.flags.response", "Answer", "Whether the message answers; otherwise it asks.");
    OPERATION = Field::number("nbns.flags.opcode", "Operation", "What is wanted.").names(OPERATIONS).in_line();
    AUTHORITATIVE = Field::boolean("nbns.flags.authoritative", "Authoritative", "The answerer is itself responsible for the name.");
    TRUNCATED = Field::boolean("nbns.flags.truncated", "Truncated", "The message did not fit.");
    RECURSION_DESIRED = Field::boolean("nbns.flags.recdesired", "Recursion desired", "The asker wants the server to ask others.");
    RECURSION_AVAILABLE = Field::boolean("nbns.flags.recavail", "Recursion available", "The server asks others.");
    BROADCAST = Field::boolean("nbns.flags.broadcast", "Broadcast", "The message goes to everybody on the link.");
    CODE = Field::number("nbns.flags.rcode", "Response code", "How it went.").names(CODES);
    QUESTIONS = Field::number("nbns.count.queries", "Questions", "How many questions there are.");
    ANSWERS = Field::number("nbns.count.answers", "Answers", "How many records answer.");
    AUTHORITY = Field::number("nbns.count.auth_rr", "Authority records", "How many records say who is responsible.");
    ADDITIONAL = Field::number("nbns.count.add_rr", "Additional records", "How many records are sent along: the address of a name that is registered.");
    NAME = Field::text("nbns.name", "Name", "The name, filled up to 15 characters on the wire, and its kind between angle brackets: 00 a host or a group, 20 a file server, 1b to 1e browsing.").in_line();
    TYPE = Field::number("nbns.type", "Type", "What is said or asked about the name: NB its addresses, NBSTAT everything that a host is called.").names(TYPES);
    CLASS = Field::hexadecimal("nbns.class", "Class", 4, "The Internet.").names(&[(1, "IN")]);
    TIME_TO_LIVE = Field::number("nbns.ttl", "Time to live", "How long the name is good.").unit("seconds");
    LENGTH = Field::number("nbns.data_length", "Data length", "How many bytes of data follow.").unit("bytes");
    NAME_FLAGS = Field::hexadecimal("nbns.nb_flags", "Flags", 4, "Whether the name is a group's, and how its owner looks for names.").bits(&[(0x8000, "group")]);
    ADDRESS = Field::ipv4("nbns.addr", "Address", "An address of the name.").in_line();
    NAMES = Field::number("nbns.number_of_names", "Names", "How many names the host has.");
    OWNED_NAME = Field::text("nbns.netbios_name", "Name", "A name that the host has.");
    OWNED_FLAGS = Field::hexadecimal("nbns.name_flags", "Flags", 4, "Whether the name is a group's, and how it stands.").bits(&[(0x8000, "group"), (0x1000, "being released"), (0x0800, "in conflict"), (0x0400, "active"), (0x0200, "permanent")]);
    UNIT = Field::mac("nbns.unit_id", "Link address", "The host's link address.");
    DATA = Field::bytes("nbns.data", "Data", "The record's bytes.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<HEADER_LENGTH>()?;
    Ok(Next::Nothing)
}

/// Gives the fields of a whole message that need not stand in a frame.
pub fn describe_message(message: &[u8], sink: &mut dyn FieldSink) {
    describe_bytes(&PROTOCOL, message, sink, describe);
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let message = d.view.bytes();
    let mut cursor = Cursor::new(d, 0, message.len());
    cursor.number(&IDENTIFIER, 2)?;
    let flags = cursor.peek(2)?;
    let response = flags & 0x8000 != 0;
    cursor.group(&FLAGS, 2, Value::Number(flags), |cursor| {
        cursor.flag(&RESPONSE, 2, 0x8000)?;
        cursor.bits(&OPERATION, 2, 0x7800)?;
        if response {
            cursor.flag(&AUTHORITATIVE, 2, 0x0400)?;
        }
        cursor.flag(&TRUNCATED, 2, 0x0200)?;
        cursor.flag(&RECURSION_DESIRED, 2, 0x0100)?;
        if response {
            cursor.flag(&RECURSION_AVAILABLE, 2, 0x0080)?;
        }
        cursor.flag(&BROADCAST, 2, 0x0010)?;
        if response {
            cursor.bits(&CODE, 2, 0x000f)?;
        }
        Some(())
    })?;
    let mut counts = [0; 4];
    for (count, field) in counts.iter_mut().zip([&QUESTIONS, &ANSWERS, &AUTHORITY, &ADDITIONAL]) {
        *count = cursor.number(field, 2)?;
    }
    let [questions, records @ ..] = counts;
    for _ in 0..questions {
        describe_name(&mut cursor, message, 4, |cursor| {
            cursor.number(&TYPE, 2)?;
            cursor.number(&CLASS, 2).map(drop)
        })?;
    }
    for _ in 0..records.iter().sum::<u64>() {
        let fixed = Name::read(message, cursor.at()).length.saturating_add(10);
        let data = cursor.slice(fixed).and_then(|record| record.last_chunk::<2>()).map_or(0, |length| u16::from_be_bytes(*length));
        describe_name(&mut cursor, message, 10 + usize::from(data), describe_record)?;
    }
    Some(())
}

/// Gives a name as a heading, and the `length` bytes behind it under it.
fn describe_name<'a>(
    cursor: &mut Cursor<'_, 'a, '_>,
    message: &[u8],
    length: usize,
    inside: impl FnOnce(&mut Cursor<'_, 'a, '_>) -> Option<()>,
) -> Option<()> {
    let name = Name::read(message, cursor.at());
    if name.length == 0 {
        return None;
    }
    let mut text = [0; 20];
    let text = decode(name.text(), &mut text).unwrap_or(name.text());
    let mut told = None;
    cursor.group(&NAME, name.length.saturating_add(length), Value::Text(text), |cursor| {
        cursor.skip(name.length)?;
        told = inside(cursor);
        told
    })?;
    told
}

fn describe_record(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let kind = cursor.number(&TYPE, 2)?;
    cursor.number(&CLASS, 2)?;
    cursor.number(&TIME_TO_LIVE, 4)?;
    let length = cursor.length(&LENGTH, 2)?;
    let mut data = cursor.part(length);
    match kind {
        ADDRESSES => {
            while data.left() >= 6 {
                data.number(&NAME_FLAGS, 2)?;
                data.ipv4(&ADDRESS)?;
            }
        }
        STATUS => {
            let names = data.number(&NAMES, 1)?;
            for _ in 0..names {
                let name = data.slice(CHARACTERS + 1)?;
                let mut text = [0; 20];
                let text = written(name, &mut text);
                data.value(&OWNED_NAME, CHARACTERS + 1, Value::Text(text))?;
                data.number(&OWNED_FLAGS, 2)?;
            }
            data.mac(&UNIT)?;
        }
        _ => {}
    }
    data.remainder(&DATA)
}

/// A name of which every half byte was written as a letter from A on (RFC 1001 section 14.1).
fn decode<'t>(label: &[u8], text: &'t mut [u8; 20]) -> Option<&'t [u8]> {
    let letters = label.first_chunk::<32>()?;
    if !letters.iter().all(|letter| (b'A'..=b'P').contains(letter)) {
        return None;
    }
    let mut name = [0; CHARACTERS + 1];
    for (place, pair) in name.iter_mut().zip(letters.chunks_exact(2)) {
        *place = pair.iter().fold(0, |byte, letter| byte << 4 | letter.saturating_sub(b'A'));
    }
    Some(written(&name, text))
}

/// The characters of a name without what fills it up, and its kind in hexadecimal between angle brackets.
fn written<'t>(name: &[u8], text: &'t mut [u8; 20]) -> &'t [u8] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let (characters, kind) = name.split_at_checked(CHARACTERS).unwrap_or((name, &[]));
    let kind = kind.first().copied().unwrap_or_default();
    let used = characters.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last.saturating_add(1));
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or_default();
    let end = [b'<', digit(kind >> 4), digit(kind & 15), b'>'];
    let bytes = characters.iter().take(used).chain(&end);
    text.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    text.get(..used.saturating_add(end.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{bytes, cut_everywhere, damage_everywhere, look, udp};

    // "FRED" and 12 spaces: the name of RFC 1001's example of an encoding, kind 20.
    const QUERY: &str = "0001 0110 0001 0000 0000 0000 20 4547464345464545434143414341434143414341434143414341434143414341 00 0020 0001";
    const ANSWER: &str = "0001 8500 0000 0001 0000 0000 20 4547464345464545434143414341434143414341434143414341434143414341 00 0020 0001
        0000003c 0006 8000 0a000001";
    const STATUS: &str = "0001 8400 0000 0001 0000 0000 20 4547464345464545434143414341434143414341434143414341434143414341 00 0021 0001
        00000000 0019 01 46524544202020202020202020202000 0400 0200c0a8010b";

    #[test]
    fn names_are_read_out_of_their_letters() {
        let outcome = look(udp(137, &bytes(QUERY)));
        assert_eq!(outcome.protocols(), "ip:udp:nbns");
        assert_eq!([outcome.value("nbns.name"), outcome.value("nbns.type")], ["FRED<20>", "32"]);
        assert_eq!([outcome.value("nbns.flags.broadcast"), outcome.value("nbns.flags.rcode")], ["true", ""]);
    }

    #[test]
    fn answers_give_addresses_and_everything_that_a_host_is_called() {
        let outcome = look(udp(137, &bytes(ANSWER)));
        assert_eq!([outcome.value("nbns.addr"), outcome.value("nbns.nb_flags")], ["10.0.0.1", "32768"]);
        let outcome = look(udp(137, &bytes(STATUS)));
        assert_eq!([outcome.value("nbns.netbios_name"), outcome.value("nbns.unit_id")], ["FRED<00>", "02:00:c0:a8:01:0b"]);
    }

    #[test]
    fn damaged_messages_are_described_as_far_as_they_go() {
        for message in [QUERY, ANSWER, STATUS] {
            let packet = udp(137, &bytes(message));
            cut_everywhere(&packet);
            damage_everywhere(&packet, 28);
        }
        // What counts more than there is ends with the bytes.
        let mut message = bytes(ANSWER);
        message[6..12].fill(0xff);
        look(udp(137, &message)).fields();
    }
}
