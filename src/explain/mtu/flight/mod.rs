//! What is under way in a TCP conversation, by size: do small packets arrive, and large ones never?

mod direction;
mod options;
mod segment;
#[cfg(test)]
mod tests;

use crate::conversation::{Remark, Side};
use crate::dissect::Tcp;
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN};
use crate::frame::Timestamp;
use direction::Direction;
pub(super) use options::segment_size;
use segment::distance;

/// How often one must repeat what is acknowledged for the acknowledgements to be lost on their way, and not only late.
const MUTE: u32 = 2;

/// A packet that carries a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried<'a> {
    pub(super) frame: u64,
    pub(super) time: Option<Timestamp>,
    pub(super) tcp: Tcp,
    /// How many bytes of payload it has, and what is remarkable about it.
    pub(super) length: u32,
    pub(super) remark: Option<Remark>,
    /// The options of its TCP header.
    pub(super) options: &'a [u8],
    /// How long the packet is, IP header and all.
    pub(super) size: u32,
    /// How long its headers are, without TCP's options.
    pub(super) headers: u32,
    /// Whether no router may cut it.
    pub(super) is_whole: bool,
}

/// What was found: what fits and what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The largest packet that is known to have arrived; 0 where none with data is.
    pub(super) passed: u32,
    /// The smallest that did not.
    pub(super) failed: u32,
    /// How long the headers are, without TCP's options.
    pub(super) headers: u32,
    /// How long the sender waited before each repetition, in nanoseconds.
    pub(super) waits: Vec<i64>,
    /// How often it was sent.
    pub(super) sent: u32,
    /// How many bytes are missing, where the capture shows that they never came instead of that they were repeated.
    pub(super) missing: u32,
    /// The size of the packets that the sender tried instead, and that got through; 0 where it did not.
    pub(super) probed: u32,
    /// Whether something shows that the receiver was still there. Else it may be gone.
    pub(super) is_alive: bool,
    pub(super) frames: Vec<u64>,
}

/// Both directions of a conversation.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// The largest segment that each side takes, as its SYN says; 0 where that was not seen.
    segment_sizes: [u16; 2],
    directions: [Direction; 2],
    /// How far each side has acknowledged the other.
    acknowledged: [Option<u32>; 2],
    /// How often each side sent again what the other had acknowledged, so that not even small packets of the other get through.
    unheard: [u32; 2],
    /// An ICMP message has said that a packet is too big: then it is no black hole.
    pub(super) was_refused: bool,
    /// Whether what each side sends goes to the other on one link, past no router.
    pub(super) goes_straight: [bool; 2],
}

impl Flight {
    /// Takes a packet. Returns what it makes certain about the direction of the side that is named.
    pub(super) fn take(&mut self, from: Side, carried: &Carried<'_>) -> Option<(Side, Found)> {
        if carried.remark == Some(Remark::Copy) {
            return None;
        }
        if carried.tcp.flags & SYN != 0 {
            self.segment_sizes[from.index()] = segment_size(carried.options).unwrap_or(0);
        }
        self.directions[from.other().index()].acknowledge(carried);
        let Carried { tcp, length, .. } = *carried;
        if carried.remark == Some(Remark::Retransmission) && length > 0 {
            let end = tcp.sequence.wrapping_add(length);
            let is_known = self.acknowledged[from.other().index()].is_some_and(|reached| distance(end, reached) <= 0);
            self.unheard[from.index()] += u32::from(is_known);
        }
        if tcp.flags & (ACK | SYN) == ACK {
            self.acknowledged[from.index()] = Some(tcp.acknowledgement);
        }
        let limit = self.limit(from);
        self.directions[from.index()].send(carried, limit);
        let is_suspect = |side: Side| self.directions[side.index()].is_suspect;
        let suspect = Side::BOTH.into_iter().find(|side| is_suspect(*side))?;
        Some((suspect, self.judge(suspect, false)?))
    }

    /// What a side may send in one segment: what the other takes, and what fits into its own link; 0 where that is not known.
    fn limit(&self, side: Side) -> u32 {
        let [own, other] = [side, side.other()].map(|side| u32::from(self.segment_sizes[side.index()]));
        if own == 0 { other } else { own.min(other) }
    }

    /// What is certain about a side's packets; `is_over` says that nothing more will come.
    fn judge(&mut self, side: Side, is_over: bool) -> Option<Found> {
        let limit = self.limit(side);
        let is_mute = self.unheard[side.other().index()] >= MUTE;
        self.directions[side.index()].judge(is_over, limit).filter(|found| !self.was_refused && (found.is_alive || !is_mute))
    }

    /// Whether both sides are on one link.
    pub(super) fn is_on_link(&self) -> bool {
        self.goes_straight == [true; 2]
    }

    /// Whether nothing is under way, and nothing was remarkable so far.
    pub(super) fn is_idle(&self) -> bool {
        self.directions.iter().all(Direction::is_idle)
    }

    /// What is certain when the conversation is over.
    pub(super) fn over(&mut self) -> Option<(Side, Found)> {
        Side::BOTH.into_iter().find_map(|side| Some((side, self.judge(side, true)?)))
    }
}
