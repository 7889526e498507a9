//! Records of TLS (RFC 8446 section 5.1), counted and named, not decrypted.

use super::said::Record;

/// The type, the version and the length of a record.
const HEADER: usize = 5;
const CHANGE_CIPHER_SPEC: u8 = 20;
const HANDSHAKE: u8 = 22;

/// Reads one side.
#[derive(Debug, Default)]
pub(super) struct Records {
    header: [u8; HEADER],
    /// How much of the header is there.
    had: usize,
    /// How many bytes of the content follow.
    left: u64,
    missing: u64,
    handshake: Option<u8>,
    /// Whether the side has changed its cipher.
    encrypted: bool,
    /// Whether a gap took the beginning of a record, so that nobody knows where the next one begins.
    lost: bool,
}

/// What bytes turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// The last byte of a record.
    Record(Record),
    /// They are none of a record.
    Other,
}

impl Records {
    /// Whether nothing of a record has been read that was not told.
    pub(super) fn is_at_start(&self) -> bool {
        self.had == 0
    }

    /// Reads what comes next; returns how many bytes were read, and what they were where they end something.
    pub(super) fn next(&mut self, bytes: &[u8]) -> (usize, Option<Element>) {
        if self.had < HEADER {
            if (self.had == 0 && !begins(bytes)) || (self.lost && !begins(bytes)) {
                self.lost = true;
                return (bytes.len(), Some(Element::Other));
            }
            self.lost = false;
            let read = bytes.len().min(HEADER - self.had);
            if let (Some(place), Some(bytes)) = (self.header.get_mut(self.had..self.had + read), bytes.get(..read)) {
                place.copy_from_slice(bytes);
            }
            self.had += read;
            if self.had == HEADER {
                let [.., high, low] = self.header;
                self.left = u64::from(u16::from_be_bytes([high, low]));
                (self.missing, self.handshake) = (0, None);
            }
            return (read, self.ended());
        }
        let read = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        let [kind, ..] = self.header;
        if self.left == self.length() && kind == HANDSHAKE && !self.encrypted {
            self.handshake = bytes.first().copied();
        }
        self.left -= read as u64;
        (read, self.ended())
    }

    /// The beginning of a record that was read and of which nobody knows the length: what stands behind it is missing, or the stream is over.
    pub(super) fn unfinished(&mut self) -> &[u8] {
        let had = if self.had < HEADER { std::mem::take(&mut self.had) } else { 0 };
        self.header.get(..had).unwrap_or_default()
    }

    /// Steps over bytes that are missing; a record that ends in them is told.
    pub(super) fn gap(&mut self, length: u64) -> Option<Element> {
        if self.had < HEADER {
            (self.had, self.lost) = (0, true);
            return None;
        }
        let missing = length.min(self.left);
        self.missing += missing;
        self.left -= missing;
        // What stands behind it in the hole begins a record, of which nobody knows the length.
        self.lost = length > missing;
        self.ended()
    }

    /// The record that was begun and does not go on: the stream is over.
    pub(super) fn interrupt(&mut self) -> Option<Element> {
        self.missing = self.missing.saturating_add(self.left);
        let whole = self.had == HEADER;
        self.left = 0;
        if whole { self.ended() } else { None }
    }

    fn length(&self) -> u64 {
        let [.., high, low] = self.header;
        u64::from(u16::from_be_bytes([high, low]))
    }

    fn ended(&mut self) -> Option<Element> {
        if self.had < HEADER || self.left > 0 {
            return None;
        }
        self.had = 0;
        let [content_type, ..] = self.header;
        if content_type == CHANGE_CIPHER_SPEC {
            self.encrypted = true;
        }
        Some(Element::Record(Record { content_type, length: self.length(), missing: self.missing, handshake: self.handshake }))
    }
}

/// Whether bytes begin as a record does, as far as they go.
pub(super) fn begins(bytes: &[u8]) -> bool {
    match *bytes {
        [kind, major, ..] => (CHANGE_CIPHER_SPEC..=24).contains(&kind) && major == 3,
        [kind] => (CHANGE_CIPHER_SPEC..=24).contains(&kind),
        [] => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(records: &mut Records, mut bytes: &[u8]) -> Vec<Element> {
        let mut told = Vec::new();
        while !bytes.is_empty() {
            let (read, element) = records.next(bytes);
            told.extend(element);
            bytes = &bytes[read..];
        }
        told
    }

    fn record(content_type: u8, length: u64, missing: u64, handshake: Option<u8>) -> Element {
        Element::Record(Record { content_type, length, missing, handshake })
    }

    const BYTES: &[u8] = b"\x16\x03\x01\x00\x04\x01\x00\x00\x00\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x02\xaa\xbb\x17\x03\x03\x00\x03abc";

    #[test]
    fn records_are_told_in_any_pieces() {
        let whole = [record(22, 4, 0, Some(1)), record(20, 1, 0, None), record(22, 2, 0, None), record(23, 3, 0, None)];
        for size in 1..BYTES.len() {
            let mut records = Records::default();
            let told: Vec<Element> = BYTES.chunks(size).flat_map(|piece| read(&mut records, piece)).collect();
            assert_eq!(told, whole, "{size}");
        }
    }

    #[test]
    fn a_gap_in_a_record_is_counted_and_what_follows_it_is_read_on() {
        let mut records = Records::default();
        assert_eq!(read(&mut records, b"\x17\x03\x03\x00\x0aab"), []);
        assert_eq!(records.gap(5), None);
        assert_eq!(read(&mut records, b"cde\x17\x03\x03\x00\x01x"), [record(23, 10, 5, None), record(23, 1, 0, None)]);
    }

    #[test]
    fn behind_a_gap_over_the_end_of_a_record_reading_goes_on_where_one_begins() {
        let mut records = Records::default();
        read(&mut records, b"\x17\x03\x03\x00\x0aab");
        assert_eq!(records.gap(50), Some(record(23, 10, 8, None)));
        assert_eq!(read(&mut records, b"anything"), [Element::Other]);
        assert_eq!(read(&mut records, b"\x17\x03\x03\x00\x01x"), [record(23, 1, 0, None)]);
        read(&mut records, b"\x17\x03\x03\x00\x0aab");
        assert_eq!(records.interrupt(), Some(record(23, 10, 8, None)));
    }
}
