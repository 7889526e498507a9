//! The distinguished encoding of ASN.1 (ITU-T X.690), as far as certificates need it: elements with definite lengths.

/// Tags that certificates use.
pub(super) mod tag {
    pub(in super::super) const INTEGER: u8 = 0x02;
    pub(in super::super) const BIT_STRING: u8 = 0x03;
    pub(in super::super) const OCTET_STRING: u8 = 0x04;
    pub(in super::super) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in super::super) const UTC_TIME: u8 = 0x17;
    pub(in super::super) const GENERALIZED_TIME: u8 = 0x18;
    pub(in super::super) const SEQUENCE: u8 = 0x30;
    pub(in super::super) const SET: u8 = 0x31;
    /// The extensions of a certificate: the fourth of its optional parts.
    pub(in super::super) const EXTENSIONS: u8 = 0xa3;
    /// The version of a certificate: the first of its optional parts.
    pub(in super::super) const VERSION: u8 = 0xa0;
}

/// An element: its tag and its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    /// Where its tag stands in the bytes that the first reader was given.
    pub(super) start: usize,
    /// Where its contents stand there.
    pub(super) content_start: usize,
    pub(super) content: &'a [u8],
}

impl<'a> Element<'a> {
    /// A reader of the elements in this one.
    pub(super) fn inside(&self) -> Reader<'a> {
        Reader { bytes: self.content, base: self.content_start }
    }

    /// How many bytes it has with its tag and its length.
    #[expect(clippy::arithmetic_side_effects, reason = "an element begins before its content")]
    pub(super) fn length(&self) -> usize {
        self.content_start - self.start + self.content.len()
    }
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    base: usize,
}

impl<'a> Reader<'a> {
    /// A reader of bytes of which the first stands at `base`.
    pub(super) fn new(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, base }
    }

    /// The next element; `None` at the end, and where what follows is no whole element.
    #[expect(clippy::arithmetic_side_effects, reason = "places in the certificate: the rest is never longer than what it is the rest of")]
    pub(super) fn next(&mut self) -> Option<Element<'a>> {
        let (&[tag, first], rest) = self.bytes.split_first_chunk::<2>()?;
        // Tags of several bytes do not occur in certificates.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (digits.iter().try_fold(0usize, |length, digit| length.checked_mul(256)?.checked_add(usize::from(*digit)))?, rest)
            }
            0x80 | 0x85..=0xff => return None,
        };
        let (content, after) = rest.split_at_checked(length)?;
        let start = self.base;
        let content_start = start + self.bytes.len() - rest.len();
        self.base = content_start + length;
        self.bytes = after;
        Some(Element { tag, start, content_start, content })
    }

    /// The next element, if it has this tag; else nothing is read.
    pub(super) fn next_if(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = *self;
        let element = ahead.next().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_with_short_and_long_lengths() {
        let bytes = [&[0x02, 1, 5, 0x04, 0x82, 0x01, 0x00][..], &[7; 256], &[0x30, 0]].concat();
        let mut reader = Reader::new(&bytes, 100);
        let number = reader.next_if(tag::INTEGER).unwrap();
        assert_eq!((number.start, number.content_start, number.content, number.length()), (100, 102, &[5][..], 3));
        assert!(reader.next_if(tag::INTEGER).is_none());
        let string = reader.next().unwrap();
        assert_eq!((string.tag, string.start, string.content_start, string.content.len()), (4, 103, 107, 256));
        assert!(reader.next().unwrap().content.is_empty());
        assert!(reader.next().is_none());
    }

    #[test]
    fn lengths_that_lie_end_the_reading() {
        for bytes in [
            &[0x30, 2, 0][..],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x85, 0, 0, 0, 0, 0],
            &[0x1f, 1, 0],
            &[0x30],
        ] {
            assert!(Reader::new(bytes, 0).next().is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_inside_an_element_knows_its_place() {
        let outer = Reader::new(&[0x30, 3, 0x02, 1, 9], 10).next().unwrap();
        assert_eq!(outer.inside().next().map(|element| element.content_start), Some(14));
    }
}
