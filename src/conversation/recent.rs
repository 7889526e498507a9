//! What was seen a moment ago, in tables of a fixed size: an entry that is overwritten is only a finding less.

use super::latest::Latest;
use crate::frame::{Frame, InterfaceId, Timestamp};
use crate::limits::Limits;

/// How long two frames may be apart that are the same packet, in nanoseconds: less than any retransmission takes.
const SAME_PACKET: i64 = 50_000_000;
/// The same for a packet that nothing in it tells from one sent again.
const SAME_MOMENT: i64 = 1_000_000;

/// The packets of the last moments: is a frame one of them once more, captured at another place?
#[derive(Debug, Default)]
pub(super) struct Packets {
    latest: Latest<Packet>,
}

#[derive(Clone, Copy, Debug)]
struct Packet {
    fingerprint: u64,
    place: u64,
    time: i64,
    frame: u64,
    interface: InterfaceId,
    hop_limit: u8,
}

/// The frame that a packet was captured in before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its number.
    pub frame: u64,
    /// The interface that it was captured on.
    pub interface: InterfaceId,
    /// The packet's time to live or hop limit then.
    pub hop_limit: u8,
    /// Whether nothing tells the place of capture from that of the copy: the link addresses and the VLAN are the same too.
    pub is_same_place: bool,
}

impl Packets {
    /// The frame that a packet was captured in already. `fingerprint` is of all that stays the same on its way; interface, link addresses
    /// and time to live tell one place from another. `exact` says that a packet sent again would have another fingerprint.
    pub(super) fn original(&mut self, fingerprint: u64, frame: &Frame<'_>, hop_limit: u8, exact: bool) -> Option<Original> {
        let time = frame.timestamp?.nanoseconds();
        let place = place_of(frame, hop_limit);
        if let Some(entry) = self.latest.get(fingerprint as u32).filter(|entry| entry.fingerprint == fingerprint) {
            let apart = time.saturating_sub(entry.time).unsigned_abs();
            let is_same_place = entry.place == place;
            let near = if exact && !is_same_place { SAME_PACKET } else { SAME_MOMENT };
            // At one place only what would differ in a packet sent again tells that this is none: a port is mirrored twice.
            if (exact || !is_same_place) && apart < near.unsigned_abs() {
                return Some(Original { frame: entry.frame, interface: entry.interface, hop_limit: entry.hop_limit, is_same_place });
            }
        }
        self.push(fingerprint, place, time, frame, hop_limit);
        None
    }

    /// Remembers a packet that was not captured before.
    pub(super) fn remember(&mut self, fingerprint: u64, frame: &Frame<'_>, hop_limit: u8) {
        let Some(time) = frame.timestamp else { return };
        self.push(fingerprint, place_of(frame, hop_limit), time.nanoseconds(), frame, hop_limit);
    }

    fn push(&mut self, fingerprint: u64, place: u64, time: i64, frame: &Frame<'_>, hop_limit: u8) {
        let packet = Packet { fingerprint, place, time, frame: frame.number, interface: frame.interface, hop_limit };
        self.latest.push(fingerprint as u32, packet);
    }
}

/// What tells one place of capture from another.
fn place_of(frame: &Frame<'_>, hop_limit: u8) -> u64 {
    let link = frame.data.first_chunk::<12>().map_or(0, |&[a, b, c, d, e, f, g, h, i, j, k, l]| {
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) ^ u64::from(u32::from_le_bytes([i, j, k, l])).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    link ^ vlan(frame.data).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ u64::from(frame.interface.0) << 40 ^ u64::from(hop_limit) << 56
}

/// A number for the VLAN of an Ethernet frame (IEEE 802.1Q clause 9); 0 without a tag.
fn vlan(frame: &[u8]) -> u64 {
    match frame.get(12..16) {
        Some(&[0x81, 0x00, high, low] | &[0x88, 0xa8, high, low]) => 1 + u64::from(u16::from_be_bytes([high, low]) & 0x0fff),
        _ => 0,
    }
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
        Self { entries: vec![Sample::default(); Limits::RECENT_DIRECTIONS].into() }
    }
}

impl Samples {
    fn entry(&mut self, direction: u64) -> &mut Sample {
        &mut self.entries[direction as usize % Limits::RECENT_DIRECTIONS]
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
