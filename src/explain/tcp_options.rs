//! The options of a TCP segment, read when a lesson asks for them.

use super::Scene;

/// How many blocks fit into a header's 40 bytes of options.
const BLOCKS: usize = 4;

/// What a segment's options say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TcpOptions {
    /// The most payload that its sender takes in a segment (RFC 9293 section 3.7.1).
    pub(super) segment_size: Option<u16>,
    /// By how many bits its windows are shifted (RFC 7323 section 2).
    pub(super) window_shift: Option<u8>,
    /// Whether selective acknowledgements are understood (RFC 2018 section 2).
    pub(super) selective: bool,
    /// Its sender's clock, and what it last heard of the other's (RFC 7323 section 3).
    pub(super) clocks: Option<(u32, u32)>,
    /// The blocks that arrived behind a hole, or twice (RFC 2018 section 3, RFC 2883): first sequence number, and one past the last.
    pub(super) blocks: [Option<(u32, u32)>; BLOCKS],
}

/// The bytes behind the fixed part of a segment's header.
fn bytes<'a>(scene: &Scene<'a>) -> &'a [u8] {
    let (bytes, dissection) = scene.whole();
    let header = dissection.transport().and_then(|transport| {
        let start = dissection.layers.get(transport.layer)?.start;
        bytes.get(start.saturating_add(20)..transport.payload_start)
    });
    header.unwrap_or_default()
}

impl TcpOptions {
    /// Those of a frame's segment.
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        Self::read(bytes(scene))
    }

    /// How many bytes they take, with what fills them up.
    pub(super) fn length(scene: &Scene<'_>) -> u64 {
        bytes(scene).len() as u64
    }

    fn read(mut rest: &[u8]) -> Self {
        let mut options = Self::default();
        loop {
            rest = match *rest {
                [0, ..] | [] | [_] => return options,
                [1, ref behind @ ..] => behind,
                [kind, length, ..] if length >= 2 => {
                    let Some(value) = rest.get(2..usize::from(length)) else { return options };
                    options.take(kind, value);
                    rest.get(usize::from(length)..).unwrap_or_default()
                }
                _ => return options,
            };
        }
    }

    fn take(&mut self, kind: u8, value: &[u8]) {
        let pair = |eight: &[u8]| match *eight {
            [a, b, c, d, e, f, g, h] => Some((u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))),
            _ => None,
        };
        match (kind, value) {
            (2, &[high, low]) => self.segment_size = Some(u16::from_be_bytes([high, low])),
            (3, &[shift]) => self.window_shift = Some(shift),
            (4, []) => self.selective = true,
            (5, value) => {
                for (block, eight) in self.blocks.iter_mut().zip(value.chunks_exact(8)) {
                    *block = pair(eight);
                }
            }
            (8, value) => self.clocks = pair(value),
            _ => {}
        }
    }

    /// What it reports as arrived twice, where its acknowledgement is this (RFC 2883 section 4): the first block, if it stands before what is
    /// acknowledged or within the second.
    pub(super) fn arrived_twice(&self, acknowledgement: u32) -> Option<(u32, u32)> {
        let (first, end) = self.blocks[0]?;
        let before = |one: u32, other: u32| one.wrapping_sub(other).cast_signed() < 0;
        let within = self.blocks[1].is_some_and(|(start, stop)| !before(first, start) && !before(stop, end));
        (before(first, acknowledgement) || within).then_some((first, end))
    }

    /// How many bytes are missing behind its acknowledgement, where this is that: up to the first block. A segment has room for three blocks beside
    /// a clock; where it has as many, others may be left out (RFC 2018 section 3).
    pub(super) fn hole(&self, acknowledgement: u32) -> Option<u32> {
        if self.arrived_twice(acknowledgement).is_some() || self.blocks[2].is_some() {
            return None;
        }
        self.blocks.iter().flatten().map(|(first, _)| first.wrapping_sub(acknowledgement)).filter(|size| size.cast_signed() > 0).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_syn_offers_is_read_and_padding_passed_over() {
        let options = TcpOptions::read(&[2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 1, 3, 3, 10]);
        let offered =
            TcpOptions { segment_size: Some(1460), window_shift: Some(10), selective: true, clocks: Some((7, 9)), ..TcpOptions::default() };
        assert_eq!(options, offered);
    }

    #[test]
    fn a_block_that_was_acknowledged_already_arrived_twice() {
        let mut options = TcpOptions::read(&[1, 1, 5, 10, 0, 0, 0, 10, 0, 0, 0, 20]);
        assert_eq!((options.arrived_twice(20), options.arrived_twice(10)), (Some((10, 20)), None));
        options.blocks[1] = Some((5, 30));
        assert_eq!(options.arrived_twice(3), Some((10, 20)));
    }

    #[test]
    fn a_hole_reaches_to_the_first_block_where_all_of_them_are_said() {
        let mut options = TcpOptions { blocks: [Some((40, 50)), Some((20, 30)), None, None], ..TcpOptions::default() };
        assert_eq!([options.hole(10), options.hole(20)], [Some(10), Some(20)]);
        options.blocks[2] = Some((60, 70));
        assert_eq!(options.hole(10), None);
    }

    #[test]
    fn options_that_are_cut_or_lie_about_their_length_end_the_list() {
        for bytes in [&[2, 4, 5][..], &[2], &[2, 0, 0, 0], &[5, 255, 1], &[8, 1]] {
            assert_eq!(TcpOptions::read(bytes), TcpOptions::default());
        }
    }
}
