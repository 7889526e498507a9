//! Domain names (RFC 1035), over UDP and TCP; multicast DNS (RFC 6762) and link-local multicast name resolution (RFC 4795) speak the
//! same language.

mod data;
mod extension;
mod message;
pub mod name;
mod record;
mod security;
mod service;
pub mod table;
#[cfg(test)]
mod tests;

use crate::dissect::{Cursor, Describe, Field, FieldSink, Layer, Next, Protocol, Selector, Stop, Value, Walk, describe_bytes};
use message::{Message, problem};

/// DNS.
pub static PROTOCOL: Protocol = Protocol {
    name: "dns",
    label: "DNS",
    title: "Domain Name System",
    reference: "RFC 1035",
    claims: &[Selector::UdpPort(53), Selector::TcpPort(53)],
    dissect,
    describe,
    verify: None,
    fields: ALL_FIELDS,
};

/// Multicast DNS.
pub static MULTICAST: Protocol = Protocol {
    name: "mdns",
    label: "mDNS",
    title: "Multicast Domain Name System",
    reference: "RFC 6762",
    claims: &[Selector::UdpPort(5353)],
    ..PROTOCOL_SHAPE
};

/// Link-local multicast name resolution.
pub static LINK_LOCAL: Protocol = Protocol {
    name: "llmnr",
    label: "LLMNR",
    title: "Link-Local Multicast Name Resolution",
    reference: "RFC 4795",
    claims: &[Selector::UdpPort(5355), Selector::TcpPort(5355)],
    ..PROTOCOL_SHAPE
};

const PROTOCOL_SHAPE: Protocol =
    Protocol { name: "", label: "", title: "", reference: "", claims: &[], dissect, describe, verify: None, fields: ALL_FIELDS };
const ALL_FIELDS: &[&[&Field]] =
    &[FIELDS, message::FIELDS, record::FIELDS, data::FIELDS, security::FIELDS, service::FIELDS, extension::FIELDS];

const HEADER_LENGTH: usize = 12;

fields! {
    LENGTH = Field::number("dns.length", "Message length", "How many bytes of message follow: TCP carries a stream, so that each message says its length.").unit("bytes");
    CONTINUES = Field::boolean("dns.continues", "Continues", "The rest of the message is in a later segment.");
    IDENTIFIER = Field::hexadecimal("dns.id", "Transaction", 4, "A number that the answer repeats, so that the asker knows which question it belongs to.");
    FLAGS = Field::hexadecimal("dns.flags", "Flags", 4, "What kind of message this is, and how the query went.");
    RESPONSE = Field::boolean("dns.flags.response", "Answer", "Whether the message answers; otherwise it asks.");
    OPERATION = Field::number("dns.flags.opcode", "Operation", "What is wanted of the server.").names(table::OPERATIONS);
    AUTHORITATIVE = Field::boolean("dns.flags.authoritative", "Authoritative", "The server that answers is itself responsible for the name; otherwise it passes on what it heard.");
    CONFLICT = Field::boolean("dns.flags.conflict", "Conflict", "The asker has got several answers to this question.");
    TRUNCATED = Field::boolean("dns.flags.truncated", "Truncated", "The answer did not fit: the asker should ask again over TCP.");
    RECURSION_DESIRED = Field::boolean("dns.flags.recdesired", "Recursion desired", "The asker wants the whole answer: the server is to ask other servers where it has to.");
    TENTATIVE = Field::boolean("dns.flags.tentative", "Tentative", "The answerer has not made sure yet that the name is its alone.");
    RECURSION_AVAILABLE = Field::boolean("dns.flags.recavail", "Recursion available", "The server asks other servers on one's behalf.");
    RESERVED = Field::boolean("dns.flags.z", "Reserved bit", "Must be 0.");
    AUTHENTICATED = Field::boolean("dns.flags.authenticated", "Authenticated", "The server has verified the signatures of what it answers (DNSSEC).");
    CHECKING_DISABLED = Field::boolean("dns.flags.checkdisable", "Checking disabled", "The asker takes answers too whose signatures do not verify (DNSSEC).");
    RESPONSE_CODE = Field::number("dns.flags.rcode", "Response code", "How the query went.").names(table::RESPONSE_CODES);
    QUESTIONS = Field::number("dns.count.queries", "Questions", "How many questions there are: one.");
    ANSWERS = Field::number("dns.count.answers", "Answers", "How many records answer the question.");
    AUTHORITY = Field::number("dns.count.auth_rr", "Authority records", "How many records say which servers are responsible.");
    ADDITIONAL = Field::number("dns.count.add_rr", "Additional records", "How many records are sent along because they will be wanted next.");
    ZONES = Field::number("dns.count.zones", "Zones", "How many zones are to be changed: one.");
    PREREQUISITES = Field::number("dns.count.prerequisites", "Prerequisites", "How many conditions must hold for the update to be done.");
    UPDATES = Field::number("dns.count.updates", "Updates", "How many records are to be added or deleted.");
    QUESTION_SECTION = Field::group("dns.questions", "Questions", "What is asked.");
    ANSWER_SECTION = Field::group("dns.answers", "Answers", "What answers the question.");
    AUTHORITY_SECTION = Field::group("dns.authority", "Authority", "Who is responsible for the name.");
    ADDITIONAL_SECTION = Field::group("dns.additional", "Additional", "What was sent along because it will be wanted next.");
    EXTRANEOUS = Field::bytes("dns.extraneous.data", "Bytes behind the message", "They belong to no record that the message counts.");
}

/// The offset in the layer at which the message begins: over TCP a length stands before it (RFC 1035 section 4.2.2).
fn message_start(parent: Option<&Layer>) -> usize {
    if parent.is_some_and(|parent| parent.protocol.name == "udp") { 0 } else { 2 }
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if message_start(walk.parent()) == 0 {
        walk.header_bytes::<HEADER_LENGTH>()?;
        return Ok(Next::Nothing);
    }
    let Some((&prefix, message)) = walk.bytes().split_first_chunk::<2>() else { return Ok(Next::Foreign) };
    let length = usize::from(u16::from_be_bytes(prefix));
    if !is_plausible(length, message) {
        return Ok(Next::Foreign);
    }
    walk.header(2 + length);
    // Several messages may stand in one segment: a zone transfer does that.
    Ok(if message.len() > length { Next::Protocol(walk.protocol()) } else { Next::Nothing })
}

/// Whether a stream goes on with a message here, by the length that stands before it and by what can be seen of the message.
#[must_use]
pub fn begins_message(bytes: &[u8]) -> bool {
    match bytes.split_first_chunk::<2>() {
        Some((&prefix, message)) => message.len() < HEADER_LENGTH || is_plausible(usize::from(u16::from_be_bytes(prefix)), message),
        None => true,
    }
}

/// Whether bytes can be the beginning of a message of that length. A segment may begin in the middle of one, and then must not be read as if
/// it did not: the header's counts have to fit into the length, and what follows has to look like a name with a class.
#[expect(clippy::arithmetic_side_effects, reason = "four numbers of 16 bits, each times 11 at most")]
fn is_plausible(length: usize, message: &[u8]) -> bool {
    if length < HEADER_LENGTH {
        return false;
    }
    let Some((&[_, _, high, low, q0, q1, n0, n1, s0, s1, d0, d1], body)) = message.split_first_chunk::<HEADER_LENGTH>() else {
        // Some send the length in a segment of its own; with less than a header nothing could be told.
        return message.is_empty();
    };
    let (response, operation, reserved) = (high & 0x80 != 0, high >> 3 & 15, low & 0x40 != 0);
    let questions = usize::from(u16::from_be_bytes([q0, q1]));
    let answers = usize::from(u16::from_be_bytes([n0, n1]));
    let others = usize::from(u16::from_be_bytes([s0, s1])) + usize::from(u16::from_be_bytes([d0, d1]));
    let least = questions * record::QUESTION_LEAST + (answers + others) * record::RECORD_LEAST;
    let asks = operation == 0 && !response;
    matches!(operation, 0..=2 | 4..=6)
        && !reserved
        && questions <= 1
        && (!asks || questions == 1 && answers == 0)
        && HEADER_LENGTH + least <= length
        && (least == 0 || begins_with_name(body, questions == 0))
}

/// Whether bytes begin with a name that holds no pointer, a type and a class, as far as they go; `record` allows the type OPT, whose class
/// is a size.
fn begins_with_name(bytes: &[u8], record: bool) -> bool {
    let mut rest = bytes;
    loop {
        match *rest {
            [] => return true,
            [0, kind_high, kind_low, high, low, ..] => {
                let is_extension = record && u64::from(u16::from_be_bytes([kind_high, kind_low])) == extension::TYPE;
                return is_extension || table::CLASSES.iter().any(|(class, _)| *class == u64::from(u16::from_be_bytes([high, low])));
            }
            [0, ..] => return true,
            [length @ 1..=63, ..] => rest = rest.get(1 + usize::from(length)..).unwrap_or_default(),
            [64..=255, ..] => return false,
        }
    }
}

/// Gives the fields of a whole message that need not stand in one frame, without the length that TCP has before it; `protocol` is one of this
/// room's.
pub fn describe_message(protocol: &'static Protocol, message: &[u8], sink: &mut dyn FieldSink) {
    describe_bytes(protocol, message, sink, |d| describe_from(d, 0));
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let start = message_start(d.view.parent());
    describe_from(d, start)
}

/// Gives a message that begins at the offset `start` of the layer.
fn describe_from(d: &mut Describe<'_, '_>, start: usize) -> Option<()> {
    let (header, layer) = (d.view.header(), d.view.layer());
    let mut length = header.len();
    // What is missing may have been cut by the capture, or be in another fragment.
    let mut complete = layer.end == layer.wire_end && !layer.quoted && d.view.network().is_none_or(|network| network.fragment.is_none());
    if start == 2 {
        length = usize::try_from(d.number(&LENGTH, 0, 2)?).ok()?.saturating_add(2);
        if length > d.view.wire_length() {
            d.value(&CONTINUES, 0, 2, Value::Boolean(true));
        }
        complete = length <= header.len();
    }
    let bytes = header.get(start..).unwrap_or_default();
    let message = Message { bytes, start, complete, multicast: layer.protocol.name == MULTICAST.name };
    let mut cursor = Cursor::new(d, start, length);
    let counts = describe_header(&mut cursor, layer.protocol.name == LINK_LOCAL.name)?;
    let done = describe_sections(message, &mut cursor, counts);
    if done.is_none() && complete {
        problem(&mut cursor, "the message ends before the records that it counts");
    }
    done?;
    cursor.remainder(&EXTRANEOUS)
}

fn describe_header(cursor: &mut Cursor<'_, '_, '_>, link_local: bool) -> Option<[u64; 4]> {
    cursor.number(&IDENTIFIER, 2)?;
    let flags = cursor.peek(2)?;
    let response = flags & 0x8000 != 0;
    let update = flags >> 11 & 15 == 5;
    cursor.group(&FLAGS, 2, Value::Number(flags), |cursor| {
        cursor.flag(&RESPONSE, 2, 0x8000)?;
        cursor.bits(&OPERATION, 2, 0x7800)?;
        if link_local {
            cursor.flag(&CONFLICT, 2, 0x0400)?;
        } else if response {
            cursor.flag(&AUTHORITATIVE, 2, 0x0400)?;
        }
        cursor.flag(&TRUNCATED, 2, 0x0200)?;
        if link_local {
            cursor.flag(&TENTATIVE, 2, 0x0100)?;
        } else {
            cursor.flag(&RECURSION_DESIRED, 2, 0x0100)?;
            if response {
                cursor.flag(&RECURSION_AVAILABLE, 2, 0x0080)?;
            }
            cursor.flag(&RESERVED, 2, 0x0040)?;
            // A query may say with it that it understands it in the answer (RFC 6840 section 5.7).
            if response || flags & 0x0020 != 0 {
                cursor.flag(&AUTHENTICATED, 2, 0x0020)?;
            }
            cursor.flag(&CHECKING_DISABLED, 2, 0x0010)?;
        }
        if response {
            cursor.bits(&RESPONSE_CODE, 2, 0x000f)?;
        }
        Some(())
    })?;
    let fields = if update { [&ZONES, &PREREQUISITES, &UPDATES, &ADDITIONAL] } else { [&QUESTIONS, &ANSWERS, &AUTHORITY, &ADDITIONAL] };
    let mut counts = [0; 4];
    for (count, field) in counts.iter_mut().zip(fields) {
        *count = cursor.number(field, 2)?;
    }
    Some(counts)
}

fn describe_sections<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>, [questions, records @ ..]: [u64; 4]) -> Option<()> {
    section(message, cursor, &QUESTION_SECTION, questions, record::question_length, record::describe_question)?;
    for (field, count) in [&ANSWER_SECTION, &AUTHORITY_SECTION, &ADDITIONAL_SECTION].into_iter().zip(records) {
        section(message, cursor, field, count, record::record_length, record::describe_record)?;
    }
    Some(())
}

type LengthOf = fn(&Message<'_>, &Cursor<'_, '_, '_>, usize) -> usize;
type DescribeOne = for<'a> fn(Message<'a>, &mut Cursor<'_, 'a, '_>) -> Option<()>;

fn section<'a>(
    message: Message<'a>,
    cursor: &mut Cursor<'_, 'a, '_>,
    field: &'static Field,
    count: u64,
    length_of: LengthOf,
    describe_one: DescribeOne,
) -> Option<()> {
    if count == 0 {
        return Some(());
    }
    let mut length = 0;
    for _ in 0..count {
        if length >= cursor.rest().len() {
            break;
        }
        length = length_of(&message, cursor, length).saturating_add(length);
    }
    let mut inner = Some(());
    cursor.group(field, length, Value::Present, |cursor| {
        for _ in 0..count {
            inner = describe_one(message, cursor);
            inner?;
        }
        Some(())
    })?;
    inner
}
