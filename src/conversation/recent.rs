//! What was seen a moment ago, in tables of a fixed size: an entry that is overwritten is only a finding less.

use crate::frame::{Frame, Timestamp};

const ENTRIES: usize = 4096;
/// How long two frames may be apart that are the same packet, in nanoseconds: less than any retransmission takes.
const SAME_PACKET: i64 = 50_000_000;
/// The same for a packet that nothing in it tells from one sent again.
const SAME_MOMENT: i64 = 1_000_000;

/// The packets of the last moments: is a frame one of them once more, captured at another place?
#[derive(Debug)]
pub(super) struct Packets {
    entries: Box<[Packet]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Packet {
    fingerprint: u64,
    place: u64,
    time: i64,
}

impl Default for Packets {
    fn default() -> Self {
        Self { entries: vec![Packet::default(); ENTRIES].into() }
    }
}

impl Packets {
    /// Whether the frame is a packet that was captured already. `fingerprint` is of all that stays the same on its way, `place` of what
    /// tells one place from another: interface, link addresses, time to live. `exact` says that a packet sent again would have another
    /// fingerprint.
    pub(super) fn is_copy(&mut self, fingerprint: u64, place: u64, time: Option<Timestamp>, exact: bool) -> bool {
        let Some(time) = time.map(Timestamp::nanoseconds) else { return false };
        let entry = &mut self.entries[fingerprint as usize % ENTRIES];
        let apart = time.saturating_sub(entry.time).unsigned_abs();
        let near = if exact { SAME_PACKET } else { SAME_MOMENT };
        if entry.fingerprint == fingerprint && entry.place != place && apart < near.unsigned_abs() {
            return true;
        }
        *entry = Packet { fingerprint, place, time };
        false
    }
}

/// What tells one place of capture from another.
pub(super) fn place_of(frame: &Frame<'_>, hop_limit: u8) -> u64 {
    let link = frame
        .data
        .first_chunk::<12>()
        .map_or(0, |addresses| addresses.iter().fold(0u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte)));
    link ^ u64::from(frame.interface.0) << 40 ^ u64::from(hop_limit) << 56
}

/// Segments that wait for their acknowledgement, one a direction: each tells a round-trip time.
#[derive(Debug)]
pub(super) struct Samples {
    entries: Box<[Sample]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    /// The direction, and one; 0 where the entry is free.
    direction: u64,
    end: u64,
    time: i64,
}

impl Default for Samples {
    fn default() -> Self {
        Self { entries: vec![Sample::default(); ENTRIES].into() }
    }
}

impl Samples {
    fn entry(&mut self, direction: u64) -> &mut Sample {
        &mut self.entries[direction as usize % ENTRIES]
    }

    /// A segment was sent whose last byte stands before `end`.
    pub(super) fn sent(&mut self, direction: u64, end: u64, time: Option<Timestamp>) {
        let entry = self.entry(direction);
        if let (Some(time), true) = (time, entry.direction != direction + 1) {
            *entry = Sample { direction: direction + 1, end, time: time.nanoseconds() };
        }
    }

    /// A segment was sent again: which of the two is acknowledged cannot be told (RFC 6298 section 3).
    pub(super) fn repeated(&mut self, direction: u64) {
        let entry = self.entry(direction);
        if entry.direction == direction + 1 {
            *entry = Sample::default();
        }
    }

    /// Everything before `acknowledged` has arrived: how long that took, in nanoseconds, where it tells.
    pub(super) fn acknowledged(&mut self, direction: u64, acknowledged: u64, time: Option<Timestamp>) -> Option<i64> {
        let entry = self.entry(direction);
        if entry.direction != direction + 1 || acknowledged < entry.end {
            return None;
        }
        let took = time?.nanoseconds().saturating_sub(entry.time);
        *entry = Sample::default();
        Some(took)
    }
}
