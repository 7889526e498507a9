//! What a person asks of a certificate: for whom, by whom, for which names, how long (RFC 5280 section 4.1).
//!
//! Only these parts are read, each with its place in the frame, and as far as the segment reaches: a reader of whole certificates would
//! refuse one that is cut.

use crate::dissect::{Describe, Field, Value};
use crate::frame::Timestamp;

fields! {
    CERTIFICATE = Field::group("tls.handshake.certificate", "Certificate", "Who the server says that it is, signed by somebody whom the client may trust.");
    SUBJECT = Field::text("x509.subject.common_name", "Subject", "Whom the certificate is for: the common name.");
    ISSUER = Field::text("x509.issuer.common_name", "Issuer", "Who signed it: the common name.");
    NAME = Field::text("x509ce.dNSName", "Name", "A host name that the certificate is good for.");
    NOT_BEFORE = Field::time("x509.validity.not_before", "Valid from", "When it begins to count.");
    NOT_AFTER = Field::time("x509.validity.not_after", "Valid to", "When it ends to count.");
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// 2.5.29.17
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];

/// Gives each certificate between `from` and `to`, each with three bytes of length before it.
pub(super) fn describe_chain(d: &mut Describe<'_, '_>, from: usize, to: usize) -> Option<()> {
    let mut at = from;
    while at < to {
        let length = usize::try_from(d.peek(at, 3)?).ok()?;
        let end = (at + 3 + length).min(to);
        d.open(&CERTIFICATE, at + 3, end.saturating_sub(at + 3), Value::Present);
        // What the segment cuts, or what is no certificate, is shown as far as it could be read.
        let _ended_early = describe_certificate(d, at + 3, end);
        d.close();
        at += 3 + length;
    }
    Some(())
}

/// A piece of DER (X.690 section 8): its tag, and where its contents stand. The end may lie beyond what is there.
#[derive(Clone, Copy)]
struct Element {
    tag: u8,
    start: usize,
    end: usize,
}

fn element(d: &Describe<'_, '_>, at: usize, limit: usize) -> Option<Element> {
    if at >= limit {
        return None;
    }
    let tag = u8::try_from(d.peek(at, 1)?).ok()?;
    let first = usize::try_from(d.peek(at + 1, 1)?).ok()?;
    let (start, length) = match first {
        0..=0x7f => (at + 2, first),
        0x80 => return None,
        0x81..=0x84 => (at + 2 + (first & 0x7f), usize::try_from(d.peek(at + 2, first & 0x7f)?).ok()?),
        _ => return None,
    };
    Some(Element { tag, start, end: start.checked_add(length)? })
}

fn expect(d: &Describe<'_, '_>, at: usize, limit: usize, tag: u8) -> Option<Element> {
    element(d, at, limit).filter(|element| element.tag == tag)
}

fn describe_certificate(d: &mut Describe<'_, '_>, from: usize, to: usize) -> Option<()> {
    let outer = expect(d, from, to, SEQUENCE)?;
    let inner = expect(d, outer.start, to, SEQUENCE)?;
    let first = element(d, inner.start, to)?;
    let serial = if first.tag == VERSION { element(d, first.end, to)? } else { first };
    let algorithm = expect(d, serial.end, to, SEQUENCE)?;
    let issuer = expect(d, algorithm.end, to, SEQUENCE)?;
    describe_common_name(d, &ISSUER, issuer, to);
    let validity = expect(d, issuer.end, to, SEQUENCE)?;
    let mut at = validity.start;
    for field in [&NOT_BEFORE, &NOT_AFTER] {
        let time = element(d, at, to)?;
        let length = time.end - time.start;
        if let Some(moment) = moment(d.slice(time.start, length)?) {
            d.value(field, time.start, length, Value::Time(moment));
        }
        at = time.end;
    }
    let subject = expect(d, validity.end, to, SEQUENCE)?;
    describe_common_name(d, &SUBJECT, subject, to);
    let key = expect(d, subject.end, to, SEQUENCE)?;
    let mut at = key.end;
    while at < inner.end.min(to) {
        let part = element(d, at, to)?;
        if part.tag == EXTENSIONS {
            return describe_names(d, part, to);
        }
        at = part.end;
    }
    Some(())
}

/// `YYMMDDHHMMSSZ` (years of 1950 to 2049) or `YYYYMMDDHHMMSSZ` (RFC 5280 section 4.1.2.5).
fn moment(text: &[u8]) -> Option<Timestamp> {
    let digits = text.strip_suffix(b"Z").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    let (century, rest) = match digits.len() {
        12 if *digits.first()? < b'5' => (20, digits),
        12 => (19, digits),
        14 => (i64::from(digits.first()? - b'0') * 10 + i64::from(digits.get(1)? - b'0'), digits.get(2..)?),
        _ => return None,
    };
    let mut pairs = rest.chunks_exact(2).map(|pair| pair.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')));
    let mut next = || pairs.next();
    let (year, month, day) = (next()? + century * 100, next()?, next()?);
    let seconds = next()? * 3600 + next()? * 60 + next()?;
    Some(Timestamp::from_date(year, month, day, seconds, 0))
}

/// A name is a sequence of sets of pairs: an identifier and its value.
fn describe_common_name(d: &mut Describe<'_, '_>, field: &'static Field, name: Element, limit: usize) -> Option<()> {
    let mut at = name.start;
    while at < name.end {
        let set = expect(d, at, limit, SET)?;
        let pair = expect(d, set.start, limit, SEQUENCE)?;
        let identifier = expect(d, pair.start, limit, OBJECT_IDENTIFIER)?;
        if d.slice(identifier.start, identifier.end - identifier.start)? == COMMON_NAME {
            let value = element(d, identifier.end, limit)?;
            d.text(field, value.start, value.end - value.start)?;
        }
        at = set.end;
    }
    Some(())
}

fn describe_names(d: &mut Describe<'_, '_>, extensions: Element, limit: usize) -> Option<()> {
    let list = expect(d, extensions.start, limit, SEQUENCE)?;
    let mut at = list.start;
    while at < list.end {
        let extension = expect(d, at, limit, SEQUENCE)?;
        let identifier = expect(d, extension.start, limit, OBJECT_IDENTIFIER)?;
        if d.slice(identifier.start, identifier.end - identifier.start)? == ALTERNATIVE_NAMES {
            let mut value = element(d, identifier.end, limit)?;
            // A boolean before the value says whether the extension is critical.
            if value.tag != OCTET_STRING {
                value = expect(d, value.end, limit, OCTET_STRING)?;
            }
            let names = expect(d, value.start, limit, SEQUENCE)?;
            let mut name_at = names.start;
            while name_at < names.end {
                let name = element(d, name_at, limit)?;
                if name.tag == DNS_NAME {
                    d.text(&NAME, name.start, name.end - name.start)?;
                }
                name_at = name.end;
            }
        }
        at = extension.end;
    }
    Some(())
}
