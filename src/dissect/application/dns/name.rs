//! Domain names on the wire (RFC 1035 sections 3.1 and 4.1.4).

use crate::limits::Limits;

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The bytes end within it.
    Ended,
    /// A pointer does not point before the place where it stands.
    Forward,
    /// It goes on through more than [`Limits::NAME_POINTERS`] pointers.
    Pointers,
    /// It is longer than [`Limits::NAME_BYTES`].
    Long,
    /// A length byte is of a kind that has no meaning.
    Label,
}

impl Flaw {
    /// The flaw in words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Ended => "the message ends within a name",
            Self::Forward => "a name's pointer does not point backwards",
            Self::Pointers => "a name has more than 64 pointers",
            Self::Long => "a name is longer than 255 bytes",
            Self::Label => "a name has a label of an unknown kind",
        }
    }
}

/// A name as text, in a buffer of its own: `www.example.com`, `.` for the root.
pub struct Name {
    text: [u8; Limits::NAME_TEXT],
    text_length: usize,
    wire_length: usize,
    /// How many bytes it takes up where it stands, a pointer being two.
    pub length: usize,
    /// How many labels it has, without the root's.
    pub labels: u64,
    /// What is wrong with it, if something is; the text goes as far as it could be read.
    pub flaw: Option<Flaw>,
}

impl Name {
    /// Reads the name at offset `at` of a message. Pointers count from the message's first byte.
    ///
    /// Each pointer must point before the place where the labels began that it ends, so that no name goes round in a circle.
    #[must_use]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "places in the message, and labels of at most 63 bytes; what a name may be long is held here"
    )]
    pub fn read(message: &[u8], at: usize) -> Self {
        let mut name = Self { text: [0; Limits::NAME_TEXT], text_length: 0, wire_length: 1, length: 0, labels: 0, flaw: None };
        let (mut place, mut start, mut pointers) = (at, at, 0);
        name.flaw = loop {
            let Some(&kind) = message.get(place) else { break Some(Flaw::Ended) };
            match kind {
                0 => {
                    name.grow(pointers, 1);
                    break None;
                }
                1..=63 => {
                    let length = usize::from(kind);
                    let label = message.get(place + 1..).unwrap_or_default();
                    name.wire_length += 1 + length;
                    if name.wire_length > Limits::NAME_BYTES {
                        break Some(Flaw::Long);
                    }
                    name.push_label(label.get(..length).unwrap_or(label));
                    if label.len() < length {
                        name.grow(pointers, 1 + label.len());
                        break Some(Flaw::Ended);
                    }
                    name.grow(pointers, 1 + length);
                    place += 1 + length;
                }
                64..=191 => break Some(Flaw::Label),
                192.. => {
                    let Some(&low) = message.get(place + 1) else { break Some(Flaw::Ended) };
                    name.grow(pointers, 2);
                    let target = usize::from(kind & 63) << 8 | usize::from(low);
                    if target >= start {
                        break Some(Flaw::Forward);
                    }
                    pointers += 1;
                    if pointers > Limits::NAME_POINTERS {
                        break Some(Flaw::Pointers);
                    }
                    (place, start) = (target, target);
                }
            }
        };
        if name.text_length == 0 && name.flaw.is_none() {
            name.push(b'.');
        }
        name
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.text.get(..self.text_length).unwrap_or_default()
    }

    #[expect(clippy::arithmetic_side_effects, reason = "at most what a name may be long, Limits::NAME_BYTES, and a label")]
    fn grow(&mut self, pointers: usize, length: usize) {
        if pointers == 0 {
            self.length += length;
        }
    }

    /// Appends a label: dots and backslashes in it get a backslash, what is no character is written as `\DDD` (RFC 1035 section 5.1).
    /// Characters beyond ASCII stay: names of multicast DNS are UTF-8 (RFC 6762 section 16).
    #[expect(clippy::arithmetic_side_effects, reason = "at most 255 labels, and digits of a byte")]
    fn push_label(&mut self, label: &[u8]) {
        if self.text_length > 0 {
            self.push(b'.');
        }
        self.labels += 1;
        let characters = std::str::from_utf8(label).is_ok();
        for &byte in label {
            match byte {
                b'.' | b'\\' => {
                    self.push(b'\\');
                    self.push(byte);
                }
                b' '..=b'~' => self.push(byte),
                0x80.. if characters => self.push(byte),
                _ => {
                    self.push(b'\\');
                    for digit in [byte / 100, byte / 10 % 10, byte % 10] {
                        self.push(b'0' + digit);
                    }
                }
            }
        }
    }

    #[expect(clippy::arithmetic_side_effects, reason = "at most Limits::NAME_TEXT, which `get_mut` has just held")]
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.text.get_mut(self.text_length) {
            *place = byte;
            self.text_length += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &[u8], at: usize) -> (String, usize, Option<Flaw>) {
        let name = Name::read(message, at);
        (String::from_utf8_lossy(name.text()).into_owned(), name.length, name.flaw)
    }

    #[test]
    fn labels_and_pointers_make_a_name() {
        let message = b"\x07example\x03com\x00\x03www\xc0\x00\x00";
        assert_eq!(read(message, 0), ("example.com".into(), 13, None));
        assert_eq!(read(message, 13), ("www.example.com".into(), 6, None));
        assert_eq!(read(message, 19), (".".into(), 1, None));
        assert_eq!(Name::read(message, 13).labels, 3);
    }

    #[test]
    fn odd_bytes_are_written_in_presentation_form() {
        assert_eq!(read(b"\x05a.b\\\x00\x03c\xff \x00", 0).0, "a\\.b\\\\\\000.c\\255 ");
        assert_eq!(read(b"\x05f\xc3\xbcr \x00", 0).0, "f\u{fc}r ");
        assert_eq!(read(b"\x02\x1b\x7f\x00", 0).0, "\\027\\127");
    }

    #[test]
    fn pointers_that_go_round_or_forward_are_not_followed() {
        assert_eq!(read(b"\xc0\x00", 0).2, Some(Flaw::Forward));
        assert_eq!(read(b"\xc0\x02\xc0\x00", 0).2, Some(Flaw::Forward));
        assert_eq!(read(b"\x01a\xc0\x00", 0), ("a".into(), 4, Some(Flaw::Forward)));
        assert_eq!(read(b"\x01a\x01b\xc0\x02", 2), ("b".into(), 4, Some(Flaw::Forward)));
    }

    #[test]
    fn a_chain_of_pointers_ends_at_the_limit() {
        let mut message = vec![0];
        message.push(0);
        for link in 0..200u16 {
            message.extend_from_slice(&(0xc000 + link * 2).to_be_bytes());
        }
        assert_eq!(read(&message, 2 * Limits::NAME_POINTERS).2, None);
        assert_eq!(read(&message, 2 * Limits::NAME_POINTERS + 2).2, Some(Flaw::Pointers));
    }

    #[test]
    fn a_name_has_at_most_255_bytes() {
        let mut message = Vec::new();
        for length in [63, 63, 63, 61] {
            message.push(length);
            message.extend(std::iter::repeat_n(0, usize::from(length)));
        }
        message.push(0);
        let name = Name::read(&message, 0);
        assert_eq!((name.flaw, name.length, name.text().len()), (None, 255, 250 * 4 + 3));
        message[192] = 62;
        message.insert(193, 0);
        assert_eq!(read(&message, 0).2, Some(Flaw::Long));
    }

    #[test]
    fn a_name_that_is_cut_is_given_as_far_as_it_goes() {
        assert_eq!(read(b"\x03www\x07exa", 0), ("www.exa".into(), 8, Some(Flaw::Ended)));
        assert_eq!(read(b"\x03www", 0), ("www".into(), 4, Some(Flaw::Ended)));
        assert_eq!(read(b"\x03www\xc0", 0).2, Some(Flaw::Ended));
        assert_eq!(read(b"", 0), (String::new(), 0, Some(Flaw::Ended)));
        assert_eq!(read(b"\x41a\x00", 0).2, Some(Flaw::Label));
    }
}
