//! Describing field after field, never past the end of a part: an option that lies about its insides does not reach into the next one.

use super::{Describe, Field, Value};

/// A place in a layer, and the end of the part that is being described. Every method that gives a field moves on behind it, and gives
/// `None` where the part, or what was captured of it, ends before the field does.
pub struct Cursor<'d, 'a, 's> {
    describe: &'d mut Describe<'a, 's>,
    at: usize,
    end: usize,
}

impl<'d, 'a, 's> Cursor<'d, 'a, 's> {
    /// A cursor over the layer's bytes from offset `at` to offset `end`.
    pub fn new(describe: &'d mut Describe<'a, 's>, at: usize, end: usize) -> Self {
        Self { describe, at, end: end.max(at) }
    }

    /// The offset in the layer of the next byte.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The offset in the layer where the part ends.
    #[must_use]
    pub fn end(&self) -> usize {
        self.end
    }

    /// How many bytes of the part are left.
    #[must_use]
    #[expect(clippy::arithmetic_side_effects, reason = "`at` never passes `end`")]
    pub fn left(&self) -> usize {
        self.end - self.at
    }

    /// Whether nothing of the part is left.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// What is left of the part, as far as it was captured.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        let bytes = self.describe.view.bytes();
        bytes.get(self.at..self.end.min(bytes.len())).unwrap_or_default()
    }

    /// The next bytes, without moving on.
    #[must_use]
    pub fn slice(&self, length: usize) -> Option<&'a [u8]> {
        self.rest().get(..length)
    }

    /// The next bytes as a big endian number, without moving on.
    #[must_use]
    pub fn peek(&self, length: usize) -> Option<u64> {
        Some(self.slice(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The same, as a length.
    #[must_use]
    pub fn peek_length(&self, length: usize) -> Option<usize> {
        usize::try_from(self.peek(length)?).ok()
    }

    /// Moves on without giving a field.
    #[expect(clippy::arithmetic_side_effects, reason = "the part has `length` more bytes: they were just read")]
    pub fn skip(&mut self, length: usize) -> Option<&'a [u8]> {
        let bytes = self.slice(length)?;
        self.at += length;
        Some(bytes)
    }

    /// Gives a value that stands in the next `length` bytes, and moves on.
    #[expect(clippy::arithmetic_side_effects, reason = "the part has `length` more bytes: they were just read")]
    pub fn value(&mut self, field: &'static Field, length: usize, value: Value<'_>) -> Option<()> {
        self.slice(length)?;
        self.describe.value(field, self.at, length, value);
        self.at += length;
        Some(())
    }

    /// Gives a value that was worked out: no bytes of it stand in the packet.
    pub fn worked_out(&mut self, field: &'static Field, value: Value<'_>) {
        self.describe.value(field, self.at.min(self.describe.view.bytes().len()), 0, value);
    }

    /// Gives a big endian number of `length` bytes.
    pub fn number(&mut self, field: &'static Field, length: usize) -> Option<u64> {
        let number = self.peek(length)?;
        self.value(field, length, Value::Number(number))?;
        Some(number)
    }

    /// Gives a big endian number of `length` bytes that says how long something is.
    pub fn length(&mut self, field: &'static Field, length: usize) -> Option<usize> {
        usize::try_from(self.number(field, length)?).ok()
    }

    /// Gives the bits that `mask` selects of the next `length` bytes, moved down to bit 0, without moving on.
    pub fn bits(&mut self, field: &'static Field, length: usize, mask: u64) -> Option<u64> {
        let number = (self.peek(length)? & mask) >> mask.trailing_zeros();
        self.describe.value(field, self.at, length, Value::Number(number));
        Some(number)
    }

    /// Gives one bit of the next `length` bytes, without moving on.
    pub fn flag(&mut self, field: &'static Field, length: usize, mask: u64) -> Option<bool> {
        let set = self.peek(length)? & mask != 0;
        self.describe.value(field, self.at, length, Value::Boolean(set));
        Some(set)
    }

    /// Gives an IPv4 address.
    pub fn ipv4(&mut self, field: &'static Field) -> Option<[u8; 4]> {
        let address = *self.slice(4)?.first_chunk()?;
        self.value(field, 4, Value::Ipv4(address))?;
        Some(address)
    }

    /// Gives an IPv6 address.
    pub fn ipv6(&mut self, field: &'static Field) -> Option<[u8; 16]> {
        let address = *self.slice(16)?.first_chunk()?;
        self.value(field, 16, Value::Ipv6(address))?;
        Some(address)
    }

    /// Gives a link address.
    pub fn mac(&mut self, field: &'static Field) -> Option<[u8; 6]> {
        let address = *self.slice(6)?.first_chunk()?;
        self.value(field, 6, Value::Mac(address))?;
        Some(address)
    }

    /// Gives bytes that are meant to be characters.
    pub fn text(&mut self, field: &'static Field, length: usize) -> Option<&'a [u8]> {
        let text = self.slice(length)?;
        self.value(field, length, Value::Text(text))?;
        Some(text)
    }

    /// Gives bytes; none at all is no field.
    pub fn bytes(&mut self, field: &'static Field, length: usize) -> Option<&'a [u8]> {
        let bytes = self.slice(length)?;
        if length > 0 {
            self.value(field, length, Value::Bytes(bytes))?;
        }
        Some(bytes)
    }

    /// Gives what is left of the part, as far as it was captured, as bytes.
    pub fn remainder(&mut self, field: &'static Field) -> Option<()> {
        let rest = self.rest();
        let whole = rest.len() == self.left();
        self.bytes(field, rest.len())?;
        whole.then_some(())
    }

    /// A cursor over the next `length` bytes, at most over what is left; this one moves on behind them.
    pub fn part(&mut self, length: usize) -> Cursor<'_, 'a, 's> {
        let at = self.at;
        self.at = at.saturating_add(length).min(self.end);
        Cursor { at, end: self.at, describe: self.describe }
    }

    /// Has `inside` describe `length` bytes at the offset `at` of the layer, without moving on: for what is found in another order than it
    /// stands in. What is not within the part is not described.
    pub fn elsewhere(&mut self, at: usize, length: usize, inside: impl FnOnce(&mut Cursor<'_, 'a, 's>)) {
        let end = at.saturating_add(length);
        if end <= self.end {
            inside(&mut Cursor { at, end, describe: self.describe });
        }
    }

    /// Gives a heading over the next `length` bytes, has `inside` describe them, and moves on behind them. However early `inside` gives
    /// up, what follows is described: `None` is for a part that ends before the heading does.
    pub fn group(
        &mut self,
        field: &'static Field,
        length: usize,
        value: Value<'_>,
        inside: impl FnOnce(&mut Cursor<'_, 'a, 's>) -> Option<()>,
    ) -> Option<()> {
        let whole = length <= self.rest().len();
        self.describe.open(field, self.at, length.min(self.rest().len()), value);
        let mut part = self.part(length);
        let _gave_up = inside(&mut part);
        self.describe.close();
        whole.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::registry::registry;
    use crate::dissect::{Dissection, FieldSink, Layer, Span, View};

    static NUMBER: Field = Field::number("test.number", "Number", "A number.");
    static GROUP: Field = Field::group("test.group", "Group", "A heading.");

    #[derive(Default)]
    struct Seen(Vec<(&'static str, Span)>);

    impl FieldSink for Seen {
        fn field(&mut self, field: &'static Field, span: Span, _: Value<'_>) {
            self.0.push((field.id, span));
        }

        fn open(&mut self, group: &'static Field, span: Span, _: Value<'_>) {
            self.0.push((group.id, span));
        }
    }

    /// What `inside` gives over a layer of five bytes in a frame whose first two are another layer's.
    fn describe(inside: impl FnOnce(&mut Cursor<'_, '_, '_>)) -> Vec<(&'static str, Span)> {
        let frame = [9, 9, 1, 2, 3, 4, 5];
        let layer = Layer { protocol: registry().payload(), start: 2, length: 5, end: 7, wire_end: 9, quoted: false, network: None };
        let dissection = Dissection { layers: vec![layer], ..Dissection::default() };
        let view = View::new(&frame, &dissection, 0).unwrap();
        let mut seen = Seen::default();
        inside(&mut Cursor::new(&mut Describe { view, sink: &mut seen }, 0, 7));
        seen.0
    }

    #[test]
    fn fields_follow_one_another_to_the_end_of_what_was_captured() {
        let seen = describe(|cursor| {
            assert_eq!(cursor.number(&NUMBER, 2), Some(0x0102));
            assert_eq!((cursor.at(), cursor.left(), cursor.rest()), (2, 5, &[3, 4, 5][..]));
            assert_eq!(cursor.number(&NUMBER, 4), None);
            assert_eq!(cursor.remainder(&NUMBER), None, "two bytes were not captured");
        });
        assert_eq!(seen[..1], [("test.number", Span { start: 2, length: 2 })]);
    }

    #[test]
    fn a_part_ends_where_it_was_said_to_whatever_is_behind_it() {
        let seen = describe(|cursor| {
            let inside = cursor.group(&GROUP, 2, Value::Present, |cursor| {
                assert_eq!(cursor.number(&NUMBER, 3), None);
                cursor.number(&NUMBER, 1)?;
                None
            });
            assert_eq!((inside, cursor.at()), (Some(()), 2), "the heading was whole");
            assert_eq!(cursor.group(&GROUP, 9, Value::Present, |_| Some(())), None);
            assert_eq!(cursor.at(), 7);
            cursor.worked_out(&NUMBER, Value::Number(1));
        });
        let spans: Vec<_> = seen.iter().map(|(_, span)| (span.start, span.length)).collect();
        assert_eq!(spans, [(2, 2), (2, 1), (4, 3), (7, 0)]);
    }

    #[test]
    fn what_is_described_elsewhere_stays_in_the_part() {
        let seen = describe(|cursor| {
            let mut part = cursor.part(3);
            part.elsewhere(1, 2, |cursor| assert_eq!(cursor.number(&NUMBER, 2), Some(0x0203)));
            part.elsewhere(2, 2, |_| panic!("beyond the part"));
            part.elsewhere(usize::MAX, 2, |_| panic!("beyond everything"));
            assert_eq!(part.at(), 0);
        });
        assert_eq!(seen, [("test.number", Span { start: 3, length: 2 })]);
    }
}
