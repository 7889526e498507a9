//! A capture of IPv4 fragments: UDP datagrams of 3 to 6 frames, between hosts with random addresses, the same ones each time.

use super::random::Random;
use std::io::{self, Write};

/// How many datagrams are under way at once: their fragments stand among one another as a router would see them.
const UNDER_WAY: usize = 32;
/// How many bytes of a datagram a frame has room for.
const ROOM: usize = 1480;

/// Writes a pcap file of so many frames.
pub(crate) fn write_capture(out: &mut impl Write, frames: u64) -> io::Result<()> {
    out.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0])?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut datagrams: Vec<Datagram> = (0..UNDER_WAY).map(|_| Datagram::new(&mut random)).collect();
    let mut microseconds = 1_795_353_332_000_000_u64;
    for _ in 0..frames {
        let datagram = &mut datagrams[random.below(UNDER_WAY as u64) as usize];
        let frame = datagram.next_frame();
        if datagram.offsets.is_empty() {
            *datagram = Datagram::new(&mut random);
        }
        microseconds += random.below(20);
        for number in [microseconds / 1_000_000, microseconds % 1_000_000, frame.len() as u64, frame.len() as u64] {
            out.write_all(&(number as u32).to_le_bytes())?;
        }
        out.write_all(&frame)?;
    }
    Ok(())
}

struct Datagram {
    addresses: [u8; 8],
    identification: [u8; 2],
    /// With its UDP header.
    bytes: Vec<u8>,
    /// Those of the fragments that are still to be sent, the next one last.
    offsets: Vec<usize>,
}

impl Datagram {
    fn new(random: &mut Random) -> Self {
        let length = ROOM * (2 + random.below(4) as usize) + 200 + random.below(1000) as usize;
        let mut bytes = vec![0x9c, 0x40, 0x4e, 0x20];
        bytes.extend((length as u16).to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(std::iter::repeat_with(|| random.next().to_be_bytes()).flatten().take(length - 8));
        let mut offsets: Vec<usize> = (0..length).step_by(ROOM).rev().collect();
        // One in ten arrives last first.
        if random.below(10) == 0 {
            offsets.reverse();
        }
        let ([i0, i1, ..], mut addresses) = (random.next().to_be_bytes(), random.next().to_be_bytes());
        (addresses[0], addresses[4]) = (10, 10);
        Self { addresses, identification: [i0, i1], bytes, offsets }
    }

    fn next_frame(&mut self) -> Vec<u8> {
        let start = self.offsets.pop().unwrap_or_default();
        let end = (start + ROOM).min(self.bytes.len());
        let [t0, t1] = (20 + (end - start) as u16).to_be_bytes();
        let [f0, f1] = ((start / 8) as u16 | if end < self.bytes.len() { 0x2000 } else { 0 }).to_be_bytes();
        let [i0, i1] = self.identification;
        let mut header = [&[0x45, 0, t0, t1, i0, i1, f0, f1, 60, 17, 0, 0], &self.addresses[..]].concat();
        let sum: u32 = header.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
        let folded = (sum & 0xffff) + (sum >> 16);
        header[10..12].copy_from_slice(&(!(folded + (folded >> 16)) as u16).to_be_bytes());
        [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0], &header[..], &self.bytes[start..end]].concat()
    }
}
