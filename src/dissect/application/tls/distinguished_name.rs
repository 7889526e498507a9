//! Distinguished names as text: `CN=www.example.com,O=Example,C=US` (RFC 4514).

use super::der::{Element, Reader, tag};
use crate::limits::Limits;

const COMMON_NAME: [u8; 3] = [0x55, 4, 3];

/// The short names of attributes, by their object identifiers (RFC 4519, RFC 2985, CA/Browser Forum).
const ATTRIBUTES: &[(&[u8], &str)] = &[
    (&COMMON_NAME, "CN"),
    (&[0x55, 4, 4], "SN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "street"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 12], "title"),
    (&[0x55, 4, 13], "description"),
    (&[0x55, 4, 15], "businessCategory"),
    (&[0x55, 4, 17], "postalCode"),
    (&[0x55, 4, 42], "GN"),
    (&[0x55, 4, 97], "organizationIdentifier"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 1], "jurisdictionL"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 2], "jurisdictionST"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 3], "jurisdictionC"),
];

/// A name as text, in a buffer of its own.
pub(super) struct DistinguishedName {
    text: [u8; Limits::DISTINGUISHED_NAME],
    length: usize,
}

/// An attribute of a name: its type's object identifier and its value.
pub(super) struct Attribute<'a> {
    kind: &'a [u8],
    pub(super) value: Element<'a>,
}

impl Attribute<'_> {
    /// Whether it is what the thing that is named is mostly called.
    pub(super) fn is_common_name(&self) -> bool {
        *self.kind == COMMON_NAME
    }
}

/// The attributes of a name, as it has them: the most general first.
pub(super) fn attributes<'a>(name: &Element<'a>) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
    let (mut parts, mut part): (Reader<'a>, Option<Reader<'a>>) = (name.inside(), None);
    std::iter::from_fn(move || {
        loop {
            if let Some(pair) = part.as_mut().and_then(|part| part.next_if(tag::SEQUENCE)) {
                let mut inside = pair.inside();
                let (Some(kind), Some(value)) = (inside.next_if(tag::OBJECT_IDENTIFIER), inside.next()) else { continue };
                return Some(Attribute { kind: kind.content, value });
            }
            part = Some(parts.next_if(tag::SET)?.inside());
        }
    })
}

impl DistinguishedName {
    /// Writes a name, the most specific part first.
    pub(super) fn new(name: &Element<'_>) -> Self {
        let mut text = Self { text: [0; Limits::DISTINGUISHED_NAME], length: 0 };
        let count = attributes(name).take(Limits::DISTINGUISHED_NAME_PARTS).count();
        for index in (0..count).rev() {
            let Some(attribute) = attributes(name).nth(index) else { break };
            if text.length > 0 {
                text.push(b",");
            }
            let short = ATTRIBUTES.iter().find(|(identifier, _)| *identifier == attribute.kind).map_or("OID", |(_, short)| short);
            text.push(short.as_bytes());
            text.push(b"=");
            for byte in attribute.value.content {
                if matches!(byte, b',' | b'+' | b'"' | b'\\' | b'<' | b'>' | b';') {
                    text.push(b"\\");
                }
                text.push(&[*byte]);
            }
        }
        text
    }

    /// The text.
    pub(super) fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }

    #[expect(clippy::arithmetic_side_effects, reason = "at most what the text has room for")]
    fn push(&mut self, bytes: &[u8]) {
        let room = self.text.get_mut(self.length..).unwrap_or_default();
        let length = bytes.len().min(room.len());
        room.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        self.length += length;
    }
}
