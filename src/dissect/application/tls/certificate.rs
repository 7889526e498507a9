//! Certificates (RFC 5280), as TLS up to 1.2 sends them in clear: whose they are, who vouches for it, for which names and how long.

use super::der::{Element, Reader, tag};
use super::distinguished_name::{Attribute, DistinguishedName, attributes};
use crate::dissect::{Cursor, Field, Value};
use crate::frame::Timestamp;

const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 17];

fields! {
    LIST_LENGTH = Field::number("tls.handshake.certificates_length", "Certificates length", "How many bytes of certificates follow.").unit("bytes");
    LENGTH = Field::number("tls.handshake.certificate_length", "Length", "How many bytes the certificate has.").unit("bytes");
    CERTIFICATE = Field::group("tls.handshake.certificate", "Certificate", "Says to whom a public key belongs, and is signed by somebody who vouches for it; the first one is the server's own.");
    SERIAL_NUMBER = Field::bytes("x509af.serialNumber", "Serial number", "The certificate's number among those of its issuer.");
    ISSUER = Field::text("x509.issuer", "Issuer", "Who signed the certificate, and vouches for it.");
    ISSUER_COMMON_NAME = Field::text("x509.issuer.common_name", "Common name", "What the issuer calls itself.");
    SUBJECT = Field::text("x509.subject", "Subject", "To whom the key belongs.");
    SUBJECT_COMMON_NAME = Field::text("x509.subject.common_name", "Common name", "The host that the certificate was made for, or the authority's name.");
    NOT_BEFORE = Field::time("x509.validity.not_before", "Valid from", "When the certificate begins to count.");
    NOT_AFTER = Field::time("x509.validity.not_after", "Valid to", "When the certificate ceases to count.");
    PUBLIC_KEY = Field::bytes("x509af.subjectPublicKey", "Public key", "The key of whom the certificate is for; it stays the same where a certificate is only renewed with it.");
    DNS_NAME = Field::text("x509ce.dNSName", "For the host", "A host name that the certificate is good for.");
    ADDRESS = Field::ipv4("x509ce.IPAddress.ipv4", "For the address", "An IPv4 address that the certificate is good for.");
    ADDRESS_6 = Field::ipv6("x509ce.IPAddress.ipv6", "For the address", "An IPv6 address that the certificate is good for.");
    MAIL_ADDRESS = Field::text("x509ce.rfc822Name", "For the mail address", "A mail address that the certificate is good for.");
}

/// Gives the certificates of a message; one that is cut is given as bytes that continue elsewhere.
pub(super) fn describe(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let length = cursor.length(&LIST_LENGTH, 3)?;
    let mut list = cursor.part(length);
    while !list.is_done() {
        let length = list.peek_length(3)?;
        list.group(&CERTIFICATE, length.saturating_add(3), Value::Present, |cursor| {
            cursor.number(&LENGTH, 3)?;
            describe_one(cursor)
        })?;
    }
    Some(())
}

/// Gives one certificate, as far as it is there: its parts do not need the whole.
fn describe_one(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let base = cursor.at();
    // The two outer headers promise more than a cut certificate has: they are taken off by hand.
    let outer = contents(cursor.rest(), base)?;
    let mut parts = contents(outer.0, outer.1).map(|(bytes, base)| Reader::new(bytes, base))?;
    parts.next_if(tag::VERSION);
    let serial = parts.next_if(tag::INTEGER)?;
    give(cursor, &SERIAL_NUMBER, &serial, Value::Bytes(serial.content));
    parts.next_if(tag::SEQUENCE)?;
    let issuer = parts.next_if(tag::SEQUENCE)?;
    describe_name(cursor, &ISSUER, &ISSUER_COMMON_NAME, &issuer);
    let mut validity = parts.next_if(tag::SEQUENCE)?.inside();
    for field in [&NOT_BEFORE, &NOT_AFTER] {
        let moment = validity.next()?;
        if let Some(time) = time(&moment) {
            give(cursor, field, &moment, Value::Time(time));
        }
    }
    let subject = parts.next_if(tag::SEQUENCE)?;
    describe_name(cursor, &SUBJECT, &SUBJECT_COMMON_NAME, &subject);
    let mut key = parts.next_if(tag::SEQUENCE)?.inside();
    key.next_if(tag::SEQUENCE);
    // A bit string begins with how many bits of its last byte count for nothing.
    if let Some(key) = key.next_if(tag::BIT_STRING)
        && let [_, bits @ ..] = key.content
    {
        give(cursor, &PUBLIC_KEY, &key, Value::Bytes(bits));
    }
    while let Some(part) = parts.next() {
        if part.tag == tag::EXTENSIONS {
            describe_extensions(cursor, &part);
        }
    }
    Some(())
}

/// What a sequence contains, as far as it is there, and where it begins.
fn contents(bytes: &[u8], base: usize) -> Option<(&[u8], usize)> {
    let header = match *bytes {
        [tag::SEQUENCE, 0..=0x7f, ..] => 2,
        [tag::SEQUENCE, more @ 0x81..=0x84, ..] => 2 + usize::from(more & 0x7f),
        _ => return None,
    };
    Some((bytes.get(header..)?, base.saturating_add(header)))
}

/// Gives a value where its element stands, whatever the order.
fn give(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field, element: &Element<'_>, value: Value<'_>) {
    let (at, length) = (element.start, element.length());
    cursor.elsewhere(at, length, |cursor| {
        cursor.value(field, length, value);
    });
}

fn describe_name(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field, common_name: &'static Field, name: &Element<'_>) {
    let text = DistinguishedName::new(name);
    cursor.elsewhere(name.start, name.length(), |cursor| {
        cursor.group(field, name.length(), Value::Text(text.text()), |cursor| {
            for value in attributes(name).filter(Attribute::is_common_name).map(|attribute| attribute.value) {
                give(cursor, common_name, &value, Value::Text(value.content));
            }
            Some(())
        });
    });
}

fn describe_extensions(cursor: &mut Cursor<'_, '_, '_>, part: &Element<'_>) {
    let Some(list) = part.inside().next_if(tag::SEQUENCE) else { return };
    let mut extensions = list.inside();
    while let Some(extension) = extensions.next_if(tag::SEQUENCE) {
        let mut inside = extension.inside();
        if inside.next_if(tag::OBJECT_IDENTIFIER).is_none_or(|identifier| identifier.content != ALTERNATIVE_NAMES) {
            continue;
        }
        // Whether it is critical may stand before its value.
        let value = std::iter::from_fn(|| inside.next()).find(|element| element.tag == tag::OCTET_STRING);
        let Some(names) = value.and_then(|value| value.inside().next_if(tag::SEQUENCE)) else { continue };
        let mut names = names.inside();
        while let Some(name) = names.next() {
            match (name.tag, name.content) {
                (0x81, text) => give(cursor, &MAIL_ADDRESS, &name, Value::Text(text)),
                (0x82, text) => give(cursor, &DNS_NAME, &name, Value::Text(text)),
                (0x87, &[a, b, c, d]) => give(cursor, &ADDRESS, &name, Value::Ipv4([a, b, c, d])),
                (0x87, bytes) => {
                    if let Ok(address) = <[u8; 16]>::try_from(bytes) {
                        give(cursor, &ADDRESS_6, &name, Value::Ipv6(address));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A moment: `YYMMDDhhmmssZ`, or with a century (RFC 5280 section 4.1.2.5).
#[expect(clippy::arithmetic_side_effects, reason = "a date of two or four digits a part")]
fn time(element: &Element<'_>) -> Option<Timestamp> {
    let digits = element.content.strip_suffix(b"Z")?;
    let two = |at: usize| -> Option<i64> {
        let &[tens, ones] = digits.get(at..at + 2)?.first_chunk::<2>()?;
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (year, at) = match (element.tag, digits.len()) {
        (tag::UTC_TIME, 12) => (two(0).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        (tag::GENERALIZED_TIME, 14) => (two(0)? * 100 + two(2)?, 4),
        _ => return None,
    };
    let (month, day) = (two(at)?, two(at + 2)?);
    let seconds = two(at + 4)? * 3600 + two(at + 6)? * 60 + two(at + 8)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(Timestamp::from_date(year, month, day, seconds, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(tag: u8, text: &[u8]) -> Option<i64> {
        time(&Element { tag, start: 0, content_start: 2, content: text }).map(|time| time.parts().0)
    }

    #[test]
    fn moments_are_counted_from_1970() {
        assert_eq!(seconds(tag::UTC_TIME, b"700101000000Z"), Some(0));
        assert_eq!(seconds(tag::UTC_TIME, b"491231235959Z"), Some(2_524_607_999));
        assert_eq!(seconds(tag::UTC_TIME, b"500101000000Z"), Some(-631_152_000));
        assert_eq!(seconds(tag::GENERALIZED_TIME, b"20240229120000Z"), Some(1_709_208_000));
        assert_eq!(seconds(tag::GENERALIZED_TIME, b"2024022912000Z"), None);
        assert_eq!(seconds(tag::UTC_TIME, b"20133200000xZ"), None);
        assert_eq!(seconds(tag::UTC_TIME, b"241301000000Z"), None);
    }
}
