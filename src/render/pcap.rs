//! Captures in the classic format, pcap, with times in nanoseconds: one interface, and nothing beside its frames
//! (<https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/>).

use crate::frame::{Frame, LinkType};
use std::io::{self, Write};

/// The first number of a capture whose times have nanoseconds.
const MAGIC: u32 = 0xa1b2_3c4d;
/// The length of the file's header, in bytes.
const HEADER: usize = 24;
/// The length of a frame's header.
const RECORD: usize = 16;

/// Writes the header of a capture: how the first bytes of its frames are to be read, and the most bytes that are kept of one.
///
/// # Errors
/// Writing failed.
pub fn begin(out: &mut impl Write, link_type: LinkType, snap_length: u32) -> io::Result<()> {
    // Version 2.4; the time zone and the accuracy of times are 0 in every capture.
    const VERSION: u32 = 2 | 4 << 16;
    let mut header = [0; HEADER];
    for (place, number) in header.as_chunks_mut::<4>().0.iter_mut().zip([MAGIC, VERSION, 0, 0, snap_length, link_type.0.into()]) {
        *place = number.to_le_bytes();
    }
    out.write_all(&header)
}

/// Writes a frame. Times before 1970 and after 2106 cannot be told, and are the nearest that can.
///
/// # Errors
/// Writing failed.
#[inline]
pub fn write(out: &mut impl Write, frame: &Frame<'_>) -> io::Result<()> {
    let (seconds, nanoseconds) = frame.timestamp.unwrap_or_default().parts();
    let seconds = u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    let mut header = [0; RECORD];
    for (place, number) in header.as_chunks_mut::<4>().0.iter_mut().zip([seconds, nanoseconds, frame.captured(), frame.length]) {
        *place = number.to_le_bytes();
    }
    out.write_all(&header)?;
    out.write_all(frame.data)
}

/// How many of the bytes of a capture are whole records where it ends behind so many, and how many those are. `capture` begins with a record,
/// or, where `headed`, with the header.
#[must_use]
pub fn whole(capture: &[u8], headed: bool, end: usize) -> (usize, u64) {
    let (mut length, mut frames) = (if headed { HEADER } else { 0 }, 0);
    if length > end {
        return (0, 0);
    }
    while let Some(header) = capture.get(length..).and_then(|rest| rest.first_chunk::<RECORD>()) {
        let captured = header.as_chunks::<4>().0.get(2).map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let next = length.saturating_add(RECORD).saturating_add(captured as usize);
        if next > end {
            break;
        }
        frames += 1;
        length = next;
    }
    (length, frames)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Annotations, InterfaceId, Timestamp};
    use crate::source;
    use std::io::Cursor;

    fn capture() -> Vec<u8> {
        let mut bytes = Vec::new();
        begin(&mut bytes, LinkType::LINUX_SLL2, 96).unwrap();
        for (number, data) in [(1, b"first".as_slice()), (2, b"second frame")] {
            let frame = Frame {
                number,
                timestamp: Some(Timestamp::from_nanoseconds(1_700_000_000_123_456_789)),
                interface: InterfaceId(0),
                link_type: LinkType::LINUX_SLL2,
                length: 1_500,
                check_sequence_length: 0,
                data,
                annotations: Annotations::default(),
            };
            write(&mut bytes, &frame).unwrap();
        }
        bytes
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut source = source::from_reader(Cursor::new(capture()), "written").unwrap();
        let frame = source.next_frame().unwrap().unwrap();
        assert_eq!((frame.data, frame.length, frame.link_type), (b"first".as_slice(), 1_500, LinkType::LINUX_SLL2));
        assert_eq!(frame.timestamp, Some(Timestamp::from_nanoseconds(1_700_000_000_123_456_789)));
        assert_eq!(source.next_frame().unwrap().unwrap().data, b"second frame");
        assert!(source.next_frame().unwrap().is_none());
        assert_eq!(source.interfaces()[0].snap_length, 96);
    }

    #[test]
    fn what_is_whole_ends_at_a_record() {
        let bytes = capture();
        assert_eq!(whole(&bytes, true, bytes.len()), (bytes.len(), 2));
        assert_eq!(whole(&bytes, true, bytes.len() - 1), (HEADER + RECORD + 5, 1));
        assert_eq!(whole(&bytes, true, HEADER + 3), (HEADER, 0));
        assert_eq!(whole(&bytes, true, 7), (0, 0));
        assert_eq!(whole(&bytes[HEADER..], false, RECORD + 5), (RECORD + 5, 1));
    }
}
