//! Questions and resource records (RFC 1035 sections 4.1.2 and 4.1.3).

use super::message::{Message, problem};
use super::{data, extension, table};
use crate::dissect::{Cursor, Field, Value};

fields! {
    QUESTION_NAME = Field::text("dns.qry.name", "Question", "The name that is asked about.").presented();
    QUESTION_TYPE = Field::number("dns.qry.type", "Type", "What is asked for: A is an IPv4 address, AAAA an IPv6 address, MX who takes its mail.").names(table::TYPES);
    QUESTION_CLASS = Field::hexadecimal("dns.qry.class", "Class", 4, "Which family of names: IN, the Internet, but for curiosities.").names(table::CLASSES);
    QUESTION_UNICAST = Field::boolean("dns.qry.qu", "Unicast answer wanted", "The answer may come to the asker alone instead of to everybody.");
    NAME = Field::text("dns.resp.name", "Record", "The name that the record belongs to.").presented();
    TYPE = Field::number("dns.resp.type", "Type", "What the record says about the name.").names(table::TYPES);
    CLASS = Field::hexadecimal("dns.resp.class", "Class", 4, "Which family of names: IN, the Internet, but for curiosities.").names(table::CLASSES);
    CACHE_FLUSH = Field::boolean("dns.resp.cache_flush", "Cache flush", "What was known of this name and type before is outdated: this is all there is.");
    TIME_TO_LIVE = Field::number("dns.resp.ttl", "Time to live", "How long the record may be kept and used without asking again.").unit("seconds");
    LENGTH = Field::number("dns.resp.len", "Data length", "How many bytes of data follow.").unit("bytes");
}

/// The shortest a question may be: the root's name, type and class.
pub(super) const QUESTION_LEAST: usize = 5;
/// The shortest a record may be: the root's name, type, class, time to live and length.
pub(super) const RECORD_LEAST: usize = 11;

/// How many bytes the question at the cursor takes up, as far as they are there.
pub(super) fn question_length(message: &Message<'_>, cursor: &Cursor<'_, '_, '_>, skip: usize) -> usize {
    name_length(message, cursor, skip).saturating_add(4)
}

/// How many bytes the record takes up that stands `skip` bytes behind the cursor.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the message that were read from, and a length of 16 bits")]
pub(super) fn record_length(message: &Message<'_>, cursor: &Cursor<'_, '_, '_>, skip: usize) -> usize {
    let fixed = skip + name_length(message, cursor, skip);
    let length = match cursor.rest().get(fixed + 8..fixed + 10) {
        Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])),
        _ => 0,
    };
    fixed - skip + 10 + length
}

/// How many bytes a name takes up where it stands; nothing is followed.
#[expect(clippy::arithmetic_side_effects, reason = "places in the message, and labels of at most 63 bytes")]
fn name_length(message: &Message<'_>, cursor: &Cursor<'_, '_, '_>, skip: usize) -> usize {
    let bytes = message.bytes.get(cursor.at().saturating_sub(message.start) + skip..).unwrap_or_default();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(0) => return at + 1,
            Some(length @ 1..=63) => at += 1 + usize::from(*length),
            Some(192..) => return at + 2,
            Some(64..=191) | None => return at,
        }
    }
}

/// Gives a question.
pub(super) fn describe_question<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>) -> Option<()> {
    let name = message.read_name(cursor);
    if name.length == 0 {
        return None;
    }
    let mut inner = None;
    cursor.group(&QUESTION_NAME, name.length.saturating_add(4), Value::Text(name.text()), |cursor| {
        inner = question(message, cursor, name.length, name.flaw);
        inner
    })?;
    inner
}

fn question<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>, name_length: usize, flaw: Option<super::name::Flaw>) -> Option<()> {
    cursor.skip(name_length)?;
    message.check(cursor, flaw)?;
    cursor.number(&QUESTION_TYPE, 2)?;
    if message.multicast {
        cursor.bits(&QUESTION_CLASS, 2, 0x7fff)?;
        cursor.flag(&QUESTION_UNICAST, 2, 0x8000)?;
        cursor.skip(2)?;
    } else {
        cursor.number(&QUESTION_CLASS, 2)?;
    }
    Some(())
}

/// Gives a record.
pub(super) fn describe_record<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>) -> Option<()> {
    let name = message.read_name(cursor);
    if name.length == 0 {
        return None;
    }
    let length = record_length(&message, cursor, 0);
    let mut inner = None;
    cursor.group(&NAME, length, Value::Text(name.text()), |cursor| {
        inner = record(message, cursor, name.length, name.flaw);
        inner
    })?;
    inner
}

fn record<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>, name_length: usize, flaw: Option<super::name::Flaw>) -> Option<()> {
    cursor.skip(name_length)?;
    message.check(cursor, flaw)?;
    let kind = cursor.number(&TYPE, 2)?;
    if kind == extension::TYPE {
        extension::describe_header(cursor)?;
    } else {
        if message.multicast {
            cursor.bits(&CLASS, 2, 0x7fff)?;
            cursor.flag(&CACHE_FLUSH, 2, 0x8000)?;
            cursor.skip(2)?;
        } else {
            cursor.number(&CLASS, 2)?;
        }
        cursor.number(&TIME_TO_LIVE, 4)?;
    }
    let length = cursor.length(&LENGTH, 2)?;
    let there = cursor.rest().len();
    let mut part = cursor.part(length);
    let whole =
        if kind == extension::TYPE { extension::describe_options(&mut part) } else { data::describe(message, &mut part, kind, length) };
    if whole.is_none() && there >= length {
        problem(&mut part, "a record's data ends before it should");
    }
    // The next record is where the length says, whatever this one's data is like.
    (there >= length).then_some(())
}
