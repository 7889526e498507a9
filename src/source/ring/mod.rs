//! The fast way in on Linux: a packet socket, and the ring of blocks (`TPACKET_V3`, packet(7)) that the kernel fills while we read.
//!
//! A frame is read where the kernel wrote it: nothing is copied, and the kernel is asked for nothing as long as there are frames. Beside
//! the bytes the ring has what a plain receiver loses: the kernel's nanoseconds, the tag that the card took off, the direction, the length
//! on the wire, and how many frames were dropped for lack of room.

mod socket;
mod system;

pub(super) use socket::PacketSocket;

use super::live::{Envelope, HANDED_ON};
use crate::frame::Timestamp;
use std::io;
use std::ops::Range;
use std::os::fd::AsFd;
use system::Blocks;

/// How large a block is, in bytes: whole pages, also where those have 64 KiB. A frame that is larger than this less its headers is cut, and
/// says so; those of 64 KiB, which cards and the loopback join, are far from it.
///
/// The kernel gives a block away once its time is up, however little it holds. So a reader that stalls is waited for as long as there are
/// blocks: many small ones, for in a trickle it is they that come to an end, and not the memory.
const BLOCK: usize = 256 << 10;
/// How many blocks a ring has at least.
const FEWEST: usize = 4;
/// For how long the kernel keeps a block that is not full, in milliseconds: nobody sees a frame later than this.
const PATIENCE: u32 = HANDED_ON.as_millis() as u32;
/// The length of `tpacket3_hdr`, aligned; behind it stands a `sockaddr_ll`.
const HEADER: usize = 48;

/// `tp_status`: the tag was taken off, and is told.
const VLAN_VALID: u32 = 1 << 4;
/// `tp_status`: the tag's protocol is told as well.
const VLAN_PROTOCOL_VALID: u32 = 1 << 6;
/// The protocol of a tag that does not tell its own (IEEE 802.1Q).
const VLAN: u16 = 0x8100;

/// A ring of blocks.
#[derive(Debug)]
pub(super) struct Ring {
    blocks: Blocks,
    /// The block that is being read, or waited for.
    place: usize,
    /// How many of its frames are still to be read; `None` while the block is not ours.
    left: Option<u32>,
    /// Where its next frame begins.
    next: usize,
    /// Where the bytes of the frame at hand stand in the block.
    data: Range<usize>,
    /// What the kernel says of it.
    envelope: Envelope,
}

impl Ring {
    /// Has the kernel make a ring for a socket, of about so many bytes; of less where it has not so much at once.
    ///
    /// # Errors
    /// The kernel refused.
    pub(super) fn new(socket: &PacketSocket, bytes: usize) -> io::Result<Self> {
        let count = as_many_as_there_are(blocks_of(bytes), |count| socket.make_ring(BLOCK, count, PATIENCE))?;
        let blocks = Blocks::map(socket.as_fd(), BLOCK, count)?;
        Ok(Self { blocks, place: 0, left: None, next: 0, data: 0..0, envelope: Envelope::default() })
    }

    /// How much memory it has, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.count().saturating_mul(BLOCK)
    }

    /// Goes on to the next frame; `false` where the kernel has given none yet.
    pub(super) fn advance(&mut self) -> bool {
        loop {
            match self.left {
                Some(0) => {
                    self.blocks.give_back(self.place);
                    self.place = self.next_place();
                    self.left = None;
                }
                Some(left) => {
                    self.left = Some(left.saturating_sub(1));
                    if self.step().is_some() {
                        return true;
                    }
                    // The kernel writes no such block; if it did, the rest of it could not be found.
                    self.left = Some(0);
                }
                None => {
                    let Some(block) = self.blocks.filled(self.place) else { return false };
                    self.left = Some(number(block, 12).unwrap_or(0));
                    self.next = number(block, 16).unwrap_or(0) as usize;
                }
            }
        }
    }

    /// The block behind the one that is read.
    fn next_place(&self) -> usize {
        self.place.saturating_add(1).checked_rem(self.blocks.count()).unwrap_or(0)
    }

    /// Whether the next frame is there already.
    pub(super) fn has_more(&self) -> bool {
        match self.left {
            Some(1..) => true,
            Some(0) => self.blocks.filled(self.next_place()).is_some(),
            None => self.blocks.filled(self.place).is_some(),
        }
    }

    /// Reads what stands before the frame at `self.next` (`tpacket3_hdr`, then `sockaddr_ll`).
    fn step(&mut self) -> Option<()> {
        let block = self.blocks.filled(self.place)?;
        let header = block.get(self.next..)?.first_chunk::<{ HEADER + 20 }>()?;
        let four = |at: usize| {
            header.get(at..at.saturating_add(4)).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_ne_bytes(*bytes))
        };
        let two = |at: usize| {
            header.get(at..at.saturating_add(2)).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u16::from_ne_bytes(*bytes))
        };
        let (captured, status) = (four(12) as usize, four(20));
        let start = self.next.saturating_add(usize::from(two(24)));
        let tag = (status & VLAN_VALID != 0).then(|| {
            let protocol = if status & VLAN_PROTOCOL_VALID != 0 { two(36) } else { VLAN };
            (protocol, four(32) as u16)
        });
        self.envelope = Envelope {
            time: Timestamp::from_parts(four(4).into(), four(8)),
            length: four(16),
            tag,
            protocol: u16::from_be(two(HEADER + 2)),
            interface: four(HEADER + 4),
            hardware: two(HEADER + 8),
            packet_type: *header.get(HEADER + 10)?,
            sender_length: *header.get(HEADER + 11)?,
            sender: *header.get(HEADER + 12..)?.first_chunk()?,
        };
        self.data = start..start.checked_add(captured)?;
        block.get(self.data.clone())?;
        self.next = self.next.saturating_add(four(0) as usize);
        Some(())
    }

    /// The frame that the last [`Ring::advance`] went to.
    pub(super) fn frame(&self) -> (&Envelope, &[u8]) {
        let block = self.blocks.filled(self.place).unwrap_or_default();
        (&self.envelope, block.get(self.data.clone()).unwrap_or_default())
    }
}

/// How many blocks a ring of so many bytes has.
fn blocks_of(bytes: usize) -> usize {
    (bytes / BLOCK).max(FEWEST)
}

/// Makes a ring of so many blocks, or of as many as there is memory for; of how many.
fn as_many_as_there_are(wanted: usize, make: impl Fn(usize) -> io::Result<()>) -> io::Result<usize> {
    let mut count = wanted;
    loop {
        match make(count) {
            Err(error) if error.kind() == io::ErrorKind::OutOfMemory && count > FEWEST => count = (count / 2).max(FEWEST),
            done => return done.map(|()| count),
        }
    }
}

/// A number of the block's own header (`tpacket_block_desc`).
fn number(block: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*block.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_stalls_is_waited_for_however_few_frames_come() {
        // Each block is given away when its time is up, with a single frame in it.
        let lasts = |mebibytes: usize| blocks_of(mebibytes << 20) as u64 * u64::from(PATIENCE);
        assert!(lasts(64) > 10_000, "{} ms", lasts(64));
        assert!(lasts(4) >= 800, "{} ms", lasts(4));
        assert_eq!(blocks_of(0), FEWEST);
    }

    #[test]
    fn a_block_is_whole_pages_and_holds_joined_frames() {
        for page in [4 << 10, 16 << 10, 64 << 10] {
            assert_eq!(BLOCK % page, 0);
        }
        // What a card or the loopback joins (ip-link(8), gso_max_size), and what it may be told to join.
        // Before its bytes stand the block's header, and its own with an address behind it.
        for length in [65_536 + 18, 185_000] {
            assert!(48 + HEADER + 48 + length < BLOCK);
        }
    }

    #[test]
    fn a_ring_has_as_many_blocks_as_there_is_memory_for() {
        let made = |wanted: usize, there: usize| {
            as_many_as_there_are(wanted, |count| if count <= there { Ok(()) } else { Err(io::ErrorKind::OutOfMemory.into()) })
        };
        assert_eq!(made(64, 64).expect("room"), 64);
        assert_eq!(made(64, 20).expect("room"), 16);
        assert_eq!(made(9, 4).expect("room"), 4);
        assert_eq!(made(64, 3).expect_err("no room").kind(), io::ErrorKind::OutOfMemory);
        assert!(as_many_as_there_are(64, |_| Err(io::ErrorKind::PermissionDenied.into())).is_err());
    }
}
