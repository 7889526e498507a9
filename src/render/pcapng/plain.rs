//! The packet blocks that most frames become, made by hand: nothing is looked up, copied twice or allocated.

use super::kind;
use crate::frame::Frame;
use std::io::{self, Write};

/// The length of an enhanced packet block before the packet's bytes.
const HEADER: usize = 28;
/// The option that most live frames have and no others: the flags (`epb_flags`), with their code and length.
const FLAGS: [u8; 4] = [2, 0, 4, 0];
/// How long the options are that are flags alone: those and the end mark.
const FLAGS_AND_END: usize = 12;

/// The flags of a frame, as an option of a file, where they are all that is to be said of it beside its bytes; `None` where there is more.
pub(super) fn flags<'a>(frame: &Frame<'a>) -> Option<&'a [u8]> {
    let options = frame.annotations.options;
    let plain = frame.check_sequence_length == 0
        && (options.is_empty() || (options.len() == 8 && options.starts_with(&FLAGS) && !frame.annotations.big_endian));
    plain.then_some(options)
}

/// How long the block of such a frame is, in bytes.
pub(super) fn length(frame: &Frame<'_>, flags: &[u8]) -> usize {
    HEADER + frame.data.len().next_multiple_of(4) + if flags.is_empty() { 0 } else { FLAGS_AND_END } + 4
}

/// Writes the block of a frame that came at so many nanoseconds to the interface of that number.
#[inline]
pub(super) fn write(out: &mut impl Write, interface: u32, nanoseconds: u64, frame: &Frame<'_>, flags: &[u8]) -> io::Result<()> {
    let length = length(frame, flags) as u32;
    let mut header = [0; HEADER];
    let numbers =
        [kind::ENHANCED_PACKET, length, interface, (nanoseconds >> 32) as u32, nanoseconds as u32, frame.captured(), frame.length];
    for (place, number) in header.as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
        *place = number.to_le_bytes();
    }
    out.write_all(&header)?;
    out.write_all(frame.data)?;
    // Padding, flags, end mark and the length again, in one piece.
    let mut tail = [0; 3 + FLAGS_AND_END + 4];
    let padding = frame.data.len().next_multiple_of(4) - frame.data.len();
    let mut end = padding;
    if !flags.is_empty() {
        tail[end..end + 8].copy_from_slice(flags);
        end += FLAGS_AND_END;
    }
    tail[end..end + 4].copy_from_slice(&length.to_le_bytes());
    out.write_all(&tail[..end + 4])
}
