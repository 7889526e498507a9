//! The pcap format: a header, then records. See <https://www.tcpdump.org/manpages/pcap-savefile.5.html>.

use super::buffer::ReadBuffer;
use super::bytes::ByteOrder;
use super::error::{Part, SourceError};
use super::held::Held;
use super::{Interface, NameRecord, Source, Statistics};
use crate::frame::{Frame, LinkType, Timestamp};
use crate::limits::Limits;

/// The length of the file's header.
const FILE_HEADER: usize = 24;

/// The pcapng option that says a clock's resolution, as a negative power of ten.
const TIME_RESOLUTION: u16 = 9;

/// What the first four bytes say about the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    order: ByteOrder,
    nanoseconds: bool,
    /// Alexey Kuznetzov's patched libpcap put 8 more bytes (interface, protocol, direction) at the end of each record's header.
    patched: bool,
}

impl Variant {
    /// What the first four bytes of an input say, where they are those of a pcap file.
    pub(super) fn from_magic(magic: [u8; 4]) -> Option<Self> {
        let told = |number: u32, order| match number {
            0xa1b2_c3d4 => Some(Self { order, nanoseconds: false, patched: false }),
            0xa1b2_3c4d => Some(Self { order, nanoseconds: true, patched: false }),
            0xa1b2_cd34 => Some(Self { order, nanoseconds: false, patched: true }),
            _ => None,
        };
        told(u32::from_le_bytes(magic), ByteOrder::Little).or_else(|| told(u32::from_be_bytes(magic), ByteOrder::Big))
    }
}

/// Which of a record's two lengths is the captured one: it was the second before version 2.3, and either in that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    CapturedFirst,
    CapturedSecond,
    SmallerIsCaptured,
}

/// A pcap file.
pub(super) struct PcapSource {
    name: String,
    buffer: ReadBuffer,
    order: ByteOrder,
    /// Nanoseconds in the unit of the records' fractions.
    unit: i64,
    record_header: usize,
    lengths: Lengths,
    interface: [Interface; 1],
    held: Held,
    /// How many bytes the held frame's record takes.
    record: usize,
    ended: bool,
}

impl PcapSource {
    /// Reads the file's header.
    pub(super) fn new(name: String, mut buffer: ReadBuffer, variant: Variant) -> Result<Self, SourceError> {
        let order = variant.order;
        if !buffer.fill(FILE_HEADER).map_err(|source| SourceError::Io { name: name.clone(), source: source.into() })? {
            let left = buffer.bytes().len() as u64;
            return Err(SourceError::Cut { name, part: Part::Header, frame: 0, offset: 0, needed: FILE_HEADER as u64, left });
        }
        let header = buffer.bytes();
        let major = order.u16_at(header, 4).unwrap_or_default();
        let minor = order.u16_at(header, 6).unwrap_or_default();
        let snap_length = order.u32_at(header, 16).unwrap_or_default();
        let network = order.u32_at(header, 20).unwrap_or_default();
        buffer.pass(FILE_HEADER);
        let link_type = LinkType(network as u16);
        let options = if variant.nanoseconds { vec![(TIME_RESOLUTION, vec![9])] } else { Vec::new() };
        let mut held = Held { link_type, ..Held::NONE };
        // Bit 26 says that bits 28 to 31 hold the length of the frame check sequence, in units of 16 bits.
        if network & 0x0400_0000 != 0 {
            held.check_sequence_length = ((network >> 28) as u8).saturating_mul(2);
        }
        Ok(Self {
            name,
            buffer,
            order,
            unit: if variant.nanoseconds { 1 } else { 1_000 },
            record_header: if variant.patched { 24 } else { 16 },
            lengths: match (major, minor) {
                (2, 0..3) | (543, _) => Lengths::CapturedSecond,
                (2, 3) => Lengths::SmallerIsCaptured,
                _ => Lengths::CapturedFirst,
            },
            interface: [Interface { name: None, link_type, snap_length, options, statistics: Statistics::default() }],
            held,
            record: 0,
            ended: false,
        })
    }

    #[inline]
    fn next_record(&mut self) -> Result<bool, SourceError> {
        self.buffer.pass(std::mem::take(&mut self.record));
        self.held.data = 0..0;
        match self.buffer.fill(self.record_header) {
            Ok(true) => {}
            Ok(false) if self.buffer.bytes().is_empty() => return Ok(false),
            Ok(false) => return Err(self.cut(self.record_header)),
            Err(source) => return Err(self.reading(source)),
        }
        let header = self.buffer.bytes();
        let number = |at| self.order.u32_at(header, at).unwrap_or_default();
        let (seconds, fraction, first, second) = (number(0), number(4), number(8), number(12));
        let (captured, length) = match self.lengths {
            Lengths::CapturedSecond => (second, first),
            Lengths::SmallerIsCaptured if first > second => (second, first),
            Lengths::SmallerIsCaptured | Lengths::CapturedFirst => (first, second),
        };
        if captured > Limits::RECORD {
            return Err(self.too_long(captured));
        }
        let record = self.record_header.saturating_add(captured as usize);
        match self.buffer.fill(record) {
            Ok(true) => {}
            Ok(false) => return Err(self.cut(record)),
            Err(source) => return Err(self.reading(source)),
        }
        self.record = record;
        self.held.number = self.held.number.saturating_add(1);
        self.held.timestamp = Some(self.moment(seconds, fraction));
        self.held.length = length.max(captured);
        self.held.data = self.record_header..record;
        Ok(true)
    }

    /// A fraction of a second and more is taken for what it says: added.
    #[inline]
    fn moment(&self, seconds: u32, fraction: u32) -> Timestamp {
        Timestamp::from_nanoseconds(
            // Numbers of 32 bits: not even their largest are too much.
            i64::from(seconds).wrapping_mul(1_000_000_000).wrapping_add(i64::from(fraction).wrapping_mul(self.unit)),
        )
    }

    #[cold]
    fn cut(&self, needed: usize) -> SourceError {
        SourceError::Cut {
            name: self.name.clone(),
            part: Part::Frame(self.held.number.saturating_add(1)),
            frame: self.held.number,
            offset: self.buffer.offset(),
            needed: needed as u64,
            left: self.buffer.bytes().len() as u64,
        }
    }

    #[cold]
    fn too_long(&self, captured: u32) -> SourceError {
        SourceError::TooLong {
            name: self.name.clone(),
            part: Part::Frame(self.held.number.saturating_add(1)),
            frame: self.held.number,
            offset: self.buffer.offset(),
            length: captured.into(),
            limit: Limits::RECORD.into(),
        }
    }

    #[cold]
    fn reading(&self, source: std::io::Error) -> SourceError {
        let offset = self.buffer.offset().saturating_add(self.buffer.bytes().len() as u64);
        SourceError::Reading { name: self.name.clone(), frame: self.held.number, offset, source: source.into() }
    }
}

impl Source for PcapSource {
    fn advance(&mut self) -> Result<bool, SourceError> {
        if self.ended {
            return Ok(false);
        }
        let found = self.next_record();
        self.ended = !matches!(found, Ok(true));
        found
    }

    fn frame(&self) -> Frame<'_> {
        self.held.lend(self.buffer.bytes())
    }

    fn has_more_at_hand(&self) -> bool {
        let rest = self.buffer.bytes().get(self.record..).unwrap_or_default();
        let lengths = (self.order.u32_at(rest, 8), self.order.u32_at(rest, 12));
        let captured = match (self.lengths, lengths) {
            (Lengths::CapturedFirst, (Some(captured), _)) | (Lengths::CapturedSecond, (_, Some(captured))) => captured,
            (Lengths::SmallerIsCaptured, (Some(first), Some(second))) => first.min(second),
            _ => return false,
        };
        rest.len() >= self.record_header.saturating_add(captured as usize)
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interface
    }

    fn names(&self) -> &[NameRecord] {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::super::from_reader;
    use super::super::samples::{Seen, Writer, read_all};
    use super::*;
    use std::io::Cursor;

    const BOTH: [ByteOrder; 2] = [ByteOrder::Little, ByteOrder::Big];

    fn read(writer: &Writer) -> (Vec<Seen>, Option<SourceError>) {
        read_all(from_reader(Cursor::new(writer.bytes.clone()), "test").unwrap().as_mut())
    }

    #[test]
    fn both_byte_orders_and_both_units_are_read() {
        for order in BOTH {
            for (magic, nanoseconds) in [(0xa1b2_c3d4, 5_000_007_000), (0xa1b2_3c4d, 5_000_000_007)] {
                let mut file = Writer::new(order);
                file.pcap(magic, 1).record(5, 7, 60, b"abc");
                let (frames, error) = read(&file);
                assert_eq!(frames, [(1, Some(nanoseconds), 0, 60, b"abc".to_vec())]);
                assert!(error.is_none());
            }
        }
    }

    #[test]
    fn patched_records_have_eight_more_bytes() {
        for order in BOTH {
            let mut file = Writer::new(order);
            file.pcap(0xa1b2_cd34, 1);
            for second in 1..=2 {
                file.u32(second).u32(0).u32(2).u32(2).u32(9).u32(9).raw(b"hi");
            }
            let (frames, error) = read(&file);
            assert_eq!(frames.iter().map(|frame| frame.4.as_slice()).collect::<Vec<_>>(), [b"hi", b"hi"]);
            assert!(error.is_none());
        }
    }

    #[test]
    fn the_link_type_may_tell_a_check_sequence() {
        let mut file = Writer::new(ByteOrder::Big);
        file.pcap(0xa1b2_c3d4, 0x2400_0001).record(0, 0, 3, b"abc");
        let mut source = from_reader(Cursor::new(file.bytes), "test").unwrap();
        assert!(source.advance().unwrap());
        assert_eq!((source.frame().link_type, source.frame().check_sequence_length), (LinkType::ETHERNET, 4));
    }

    #[test]
    fn what_lies_is_read_all_the_same() {
        let mut file = Writer::new(ByteOrder::Little);
        file.pcap(0xa1b2_c3d4, 1).record(1, 1_500_000, 1, b"longer than it was").record(2, 0, 0, b"");
        let (frames, error) = read(&file);
        assert_eq!(frames[0], (1, Some(2_500_000_000), 0, 18, b"longer than it was".to_vec()));
        assert_eq!(frames[1], (2, Some(2_000_000_000), 0, 0, Vec::new()));
        assert!(error.is_none());
    }

    #[test]
    fn old_versions_have_the_captured_length_second() {
        let mut file = Writer::new(ByteOrder::Little);
        file.u32(0xa1b2_c3d4).u16(2).u16(2).u32(0).u32(0).u32(68).u32(1);
        file.u32(1).u32(0).u32(60).u32(2).raw(b"hi");
        assert_eq!(read(&file).0, [(1, Some(1_000_000_000), 0, 60, b"hi".to_vec())]);
    }

    #[test]
    fn a_cut_file_gives_what_is_whole_and_says_where_it_ends() {
        let mut file = Writer::new(ByteOrder::Little);
        file.pcap(0xa1b2_c3d4, 1).record(1, 0, 4, b"full").record(2, 0, 4, b"half");
        file.bytes.truncate(file.bytes.len() - 2);
        let (frames, error) = read(&file);
        assert_eq!(frames.len(), 1);
        assert_eq!(
            error.unwrap().to_string(),
            "test: the capture is cut: it ends in the middle of frame 2 (at byte 44: it needs 20 bytes, 18 are left); what was before it is shown"
        );
    }

    #[test]
    fn an_unbelievable_record_is_an_error() {
        let mut file = Writer::new(ByteOrder::Little);
        file.pcap(0xa1b2_c3d4, 1).record(1, 0, 4, b"full").u32(1).u32(0).u32(262_145).u32(262_145).raw(&[0; 400_000]);
        let (frames, error) = read(&file);
        assert_eq!(frames.len(), 1);
        assert!(matches!(error, Some(SourceError::TooLong { part: Part::Frame(2), offset: 44, length: 262_145, .. })));
    }
}
