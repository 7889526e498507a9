//! The bytes of a frame, each layer's apart: a layer begins a row of its own, in its own colour, with its name behind.

use super::number::{hex_pair, push_hex};
use super::style::{Palette, Role};
use crate::dissect::Dissection;
use crate::frame::Frame;

/// How many bytes stand in a row.
const ROW: usize = 16;
/// How many characters they are: three for each byte and one more in the middle, two spaces, and the bytes as characters.
const TEXT: usize = ROW * 3 + 1 + 2 + ROW;

/// Bytes that belong together: rows of their own.
struct Part<'a> {
    /// Offset of the first byte in the frame.
    start: usize,
    /// One past the last.
    end: usize,
    role: Role,
    /// What stands behind the first row.
    label: &'a str,
    suffix: &'a str,
}

/// Appends all bytes of a frame.
pub fn write_frame(out: &mut Vec<u8>, palette: &Palette, frame: &Frame<'_>, dissection: &Dissection) {
    for index in 0..dissection.layers.len() {
        push_layer(out, palette, frame, dissection, index);
    }
    push_behind(out, palette, frame, dissection);
}

/// Appends the bytes of one layer without what is in it: its header, or everything where there is nothing in it.
pub(super) fn push_layer(out: &mut Vec<u8>, palette: &Palette, frame: &Frame<'_>, dissection: &Dissection, index: usize) {
    let Some(layer) = dissection.layers.get(index) else { return };
    let end = dissection.layers.get(index + 1).map_or(layer.end, |child| child.start);
    let suffix = if layer.quoted { ", quoted" } else { "" };
    let part = Part { start: layer.start, end, role: Role::of_layer(layer), label: layer.protocol.label, suffix };
    push_part(out, palette, frame.data, &part);
}

/// Appends what stands behind the innermost layer and belongs to the layers around it: padding, trailers, the frame check sequence.
pub(super) fn push_behind(out: &mut Vec<u8>, palette: &Palette, frame: &Frame<'_>, dissection: &Dissection) {
    let mut start = dissection.layers.last().map_or(0, |layer| layer.end);
    for layer in dissection.layers.iter().rev() {
        let part = Part { start, end: layer.end, role: Role::of_layer(layer), label: layer.protocol.label, suffix: ", behind its payload" };
        push_part(out, palette, frame.data, &part);
        start = start.max(layer.end);
    }
    let part = Part { start, end: frame.data.len(), role: Role::Dim, label: "Frame check sequence", suffix: "" };
    push_part(out, palette, frame.data, &part);
}

fn push_part(out: &mut Vec<u8>, palette: &Palette, data: &[u8], part: &Part<'_>) {
    let bytes = data.get(part.start..part.end).unwrap_or_default();
    for (row, bytes) in bytes.chunks(ROW).enumerate() {
        out.extend_from_slice(b"    ");
        palette.paint(out, Role::Dim, |out| push_hex(out, (part.start + row * ROW) as u64, 4));
        out.push(b' ');
        palette.paint(out, part.role, |out| {
            let mut text = [b' '; TEXT];
            for (place, byte) in bytes.iter().enumerate() {
                let at = 1 + place * 3 + place / (ROW / 2);
                text[at..at + 2].copy_from_slice(&hex_pair(*byte));
                text[TEXT - ROW + place] = if matches!(byte, b' '..=b'~') { *byte } else { b'.' };
            }
            out.extend_from_slice(&text[..TEXT - ROW + bytes.len()]);
            if row == 0 {
                out.resize(out.len() + ROW - bytes.len() + 2, b' ');
                out.extend_from_slice(part.label.as_bytes());
                out.extend_from_slice(part.suffix.as_bytes());
            }
        });
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::LinkType;
    use crate::render::sample;

    fn dump(frame: &Frame<'_>) -> String {
        let mut out = Vec::new();
        write_frame(&mut out, &Palette::plain(), frame, &sample::dissected(frame));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_layer_begins_a_row_and_says_whose_it_is() {
        let data = sample::bytes(sample::SYN);
        let expected = "    0000  02 00 c0 a8 01 01 02 00  c0 a8 01 0b 08 00        ..............    Ethernet
    000e  45 00 00 3c 3d 49 40 00  40 06 30 3a c0 a8 01 0b  E..<=I@.@.0:....  IPv4
    001e  0a 82 01 04                                       ....
    0022  e1 44 00 50 e6 f2 b6 e5  00 00 00 00 a0 02 fa f0  .D.P............  TCP
    0032  bd 75 00 00 02 04 05 b4  04 02 08 0a 40 66 02 8a  .u..........@f..
    0042  00 00 00 00 01 03 03 0a                           ........
";
        assert_eq!(dump(&sample::frame(&data, LinkType::ETHERNET)), expected);
    }

    #[test]
    fn padding_and_the_check_sequence_are_told_apart_and_no_byte_is_left_out() {
        let data = [&sample::bytes(sample::SYN)[..], &[0, 0], &[1, 2, 3, 4]].concat();
        let frame = Frame { check_sequence_length: 4, ..sample::frame(&data, LinkType::ETHERNET) };
        let dump = dump(&frame);
        let rows: Vec<&str> = dump.lines().rev().take(2).collect();
        assert_eq!(rows[0], "    004c  01 02 03 04                                       ....              Frame check sequence");
        assert_eq!(rows[1], "    004a  00 00                                             ..                Ethernet, behind its payload");
        let shown: usize = dump.lines().map(|row| row[10..58].split_whitespace().count()).sum();
        assert_eq!(shown, data.len());
    }
}
