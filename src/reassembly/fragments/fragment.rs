//! What is told of fragments: one by one as they come, and at the end of those whose datagram never became whole.

use super::key::DatagramKey;
use super::whole::Reassembled;
use crate::dissect::FragmentPart;
use crate::frame::Timestamp;
use std::ops::Range;
use std::sync::Arc;

/// A fragment: its place in its datagram, as far as that was known when it came.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The number of its datagram: the first that came in fragments has 0.
    pub datagram: u64,
    /// What its header says.
    pub part: FragmentPart,
    /// Whether its packet is IPv4: then the identification has 16 bits.
    pub is_ipv4: bool,
    /// Which bytes of the datagram it has.
    pub range: Range<u32>,
    /// Where they begin in the bytes that it stands in.
    pub payload_start: usize,
    /// How many bytes the datagram has; known when its last fragment has come.
    pub total: Option<u32>,
    /// The ports of the datagram; known when its first fragment has come.
    pub ports: Option<Ports>,
    /// What became of it.
    pub outcome: Outcome,
    /// How many of its bytes came before, the same.
    pub same: u32,
    /// How many of its bytes stand where others came before.
    pub different: u32,
    /// The frame that the first of those others came in.
    pub rival: Option<u64>,
    /// The whole datagram, from the fragment that completes it on.
    pub whole: Option<Arc<Reassembled>>,
}

/// What becomes of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It waits for the others.
    Waits,
    /// It is the last that was missing.
    Completes,
    /// All of it came before: a copy, or sent again. Where its bytes are others they are not used.
    Again,
    /// Its datagram is not put together, because its fragments overlap (RFC 5722).
    Dropped,
    /// It is not used.
    Refused(Defect),
}

/// Why a fragment is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Defect {
    /// It has no bytes.
    Empty,
    /// More fragments follow, and its length is no multiple of 8.
    Odd,
    /// The packet would be longer than 65,535 bytes.
    TooLong,
    /// It ends before bytes that came already, and says that it is the last.
    Shrinks,
    /// It is the last, and another last one ends elsewhere.
    OtherEnd,
    /// It reaches beyond the end that the last fragment told.
    BeyondEnd,
    /// The header leaves its length open.
    LengthOpen,
    /// Its datagram has too many fragments already.
    TooMany,
}

/// The ports of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The IP protocol number: 6 for TCP, 17 for UDP, 132 for SCTP.
    pub protocol: u8,
    /// Of the sender.
    pub source: u16,
    /// Of the receiver.
    pub destination: u16,
}

impl Fragment {
    /// The innermost datagram that this fragment completed: the whole datagram may carry another fragment, which may complete another.
    /// `None` where the innermost is still missing something.
    #[must_use]
    pub fn completed(&self) -> Option<&Reassembled> {
        let mut fragment = self;
        loop {
            let whole = fragment.whole.as_deref().filter(|_| fragment.outcome == Outcome::Completes)?;
            match &whole.inside {
                Some(inside) => fragment = inside,
                None => return Some(whole),
            }
        }
    }

    /// The datagram that this fragment completed; where that carries a fragment which completed another, that one, and so on.
    #[must_use]
    pub fn innermost_whole(&self) -> Option<&Reassembled> {
        let whole = self.whole.as_deref().filter(|_| self.outcome == Outcome::Completes)?;
        whole.inside.as_ref().and_then(Self::innermost_whole).or(Some(whole))
    }

    /// The ports of the innermost datagram whose ports are known.
    #[must_use]
    pub fn innermost_ports(&self) -> Option<Ports> {
        let inside = self.whole.as_ref().and_then(|whole| whole.inside.as_ref());
        inside.and_then(Self::innermost_ports).or(self.ports)
    }

    /// Its place among the fragments of the whole datagram, in the order of their bytes and counted from 1, and how many there are.
    /// `None` before they are known, and for one that is not needed.
    #[must_use]
    pub fn place(&self, frame: u64) -> Option<(usize, usize)> {
        let whole = self.whole.as_ref()?;
        // Those that begin at the same byte stand in the order of their frames.
        let first = whole.starts.partition_point(|start| *start < self.range.start);
        let behind = whole.starts.partition_point(|start| *start <= self.range.start);
        let place = whole.frames.get(first..behind)?.binary_search(&frame).ok()?;
        Some((first.saturating_add(place).saturating_add(1), whole.frames.len()))
    }
}

/// Why a datagram was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GivenUp {
    /// The capture ended.
    End,
    /// It waited too long.
    Time,
    /// Too much waited.
    Memory,
}

/// A datagram that never became whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Incomplete {
    /// Whose it is.
    pub key: DatagramKey,
    /// How many bytes it has, where its last fragment came.
    pub total: Option<u32>,
    /// One past the last byte that a fragment had.
    pub reach: u32,
    /// Which bytes are missing: the first few ranges.
    pub missing: Vec<Range<u32>>,
    /// How many further ranges are missing.
    pub more_missing: usize,
    /// The frames of the fragments that are there: the first few.
    pub frames: Vec<u64>,
    /// How many fragments are there.
    pub fragments: usize,
    /// How many of them the capture cut.
    pub cut: usize,
    /// Whether all of its fragments are there, so that what is missing is what the capture cut.
    pub is_complete: bool,
    /// When the last of its fragments came, where that was the last fragment of all.
    pub last: Option<Timestamp>,
    /// Why it was given up.
    pub why: GivenUp,
}

/// Bytes of a datagram that came in two versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Whose they are.
    pub key: DatagramKey,
    /// Where they stand in the datagram, from the first to the last that differs.
    pub range: Range<u32>,
    /// What came first and is used; of a long range the beginning.
    pub kept: Box<[u8]>,
    /// What came later; as many bytes.
    pub other: Box<[u8]>,
    /// The frames that they came in.
    pub frames: [u64; 2],
}
