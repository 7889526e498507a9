//! The frame that a source stands on.

use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use std::ops::Range;

/// A frame whose bytes are places in a buffer, counted from the first byte that has not been passed.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) number: u64,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) interface: InterfaceId,
    pub(super) link_type: LinkType,
    pub(super) length: u32,
    pub(super) check_sequence_length: u8,
    pub(super) data: Range<usize>,
    pub(super) options: Range<usize>,
    pub(super) big_endian: bool,
}

impl Held {
    /// Before the first frame.
    pub(super) const NONE: Self = Self {
        number: 0,
        timestamp: None,
        interface: InterfaceId(0),
        link_type: LinkType::NULL,
        length: 0,
        check_sequence_length: 0,
        data: 0..0,
        options: 0..0,
        big_endian: false,
    };

    #[inline]
    pub(super) fn lend<'a>(&self, bytes: &'a [u8]) -> Frame<'a> {
        Frame {
            number: self.number,
            timestamp: self.timestamp,
            interface: self.interface,
            link_type: self.link_type,
            length: self.length,
            check_sequence_length: self.check_sequence_length,
            data: bytes.get(self.data.clone()).unwrap_or_default(),
            annotations: Annotations { options: bytes.get(self.options.clone()).unwrap_or_default(), big_endian: self.big_endian },
        }
    }
}
