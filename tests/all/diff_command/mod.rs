//! `wirelore diff`, as whoever types it sees it.

mod answers;
mod edges;
mod input;
mod outcomes;
mod runs;
mod same;
mod script;
mod strict;
mod told;
mod transport;
mod way;

use super::support::{Ran, capture, wirelore};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use wirelore::source::open;

/// A frame that a test may change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packet {
    /// Nanoseconds since 1970.
    time: i64,
    bytes: Vec<u8>,
}

/// Where the header of IPv4 begins: behind Ethernet.
const IP: usize = 14;
/// Where the header of TCP begins, for IPv4 has no options here.
const TCP: usize = IP + 20;

/// The frames of a capture of `captures/`.
fn packets(name: &str) -> Vec<Packet> {
    let mut source = open(&capture(name)).expect("a capture");
    let mut packets = Vec::new();
    while let Some(frame) = source.next_frame().expect("a frame") {
        packets.push(Packet { time: frame.timestamp.expect("a time").nanoseconds(), bytes: frame.data.to_vec() });
    }
    packets
}

/// The TCP over IPv4 of a capture.
fn segments(name: &str) -> Vec<Packet> {
    packets(name).into_iter().filter(Packet::is_tcp).collect()
}

impl Packet {
    fn is_tcp(&self) -> bool {
        self.bytes[12..14] == [8, 0] && self.bytes[IP + 9] == 6
    }

    fn flags(&self) -> u8 {
        self.bytes[TCP + 13]
    }

    fn payload(&self) -> std::ops::Range<usize> {
        let length = usize::from(u16::from_be_bytes([self.bytes[IP + 2], self.bytes[IP + 3]]));
        TCP + usize::from(self.bytes[TCP + 12] >> 4) * 4..IP + length
    }

    /// Whether it was sent by whom the first packet was sent by.
    fn is_from(&self, first: &Self) -> bool {
        self.bytes[IP + 12..IP + 16] == first.bytes[IP + 12..IP + 16]
    }

    /// The same of a connection of another client's port, with numbers of its own.
    fn of_another_port(mut self) -> Self {
        let from_server = u16::from_be_bytes([self.bytes[TCP], self.bytes[TCP + 1]]) < 1_024;
        self.bytes[if from_server { TCP + 3 } else { TCP + 1 }] ^= 1;
        self.bytes[TCP + 4] ^= 1;
        self.bytes[TCP + 8] ^= 1;
        self.summed()
    }

    /// As a router passes it on.
    fn routed(mut self, right: bool) -> Self {
        self.bytes[..6].copy_from_slice(&[2, 0, 0, 0, 9, 1]);
        self.bytes[6..12].copy_from_slice(&[2, 0, 0, 0, 9, 2]);
        let life = &mut self.bytes[IP + 8];
        *life = if right { *life - 1 } else { *life + 1 };
        self.summed()
    }

    /// With checksums that add up.
    fn summed(mut self) -> Self {
        let end = self.payload().end;
        self.bytes[IP + 10..IP + 12].fill(0);
        let sum = sum(&self.bytes[IP..TCP], 0);
        self.bytes[IP + 10..IP + 12].copy_from_slice(&sum.to_be_bytes());
        self.bytes[TCP + 16..TCP + 18].fill(0);
        let pseudo: u32 = self.bytes[IP + 12..IP + 20].chunks(2).map(|two| u32::from(u16::from_be_bytes([two[0], two[1]]))).sum();
        let sum = self::sum(&self.bytes[TCP..end], pseudo + 6 + (end - TCP) as u32);
        self.bytes[TCP + 16..TCP + 18].copy_from_slice(&sum.to_be_bytes());
        self
    }
}

/// The Internet checksum (RFC 1071).
fn sum(bytes: &[u8], first: u32) -> u16 {
    let words = bytes.chunks(2).map(|two| u32::from(u16::from_be_bytes([two[0], two.get(1).copied().unwrap_or(0)])));
    let mut sum = words.sum::<u32>() + first;
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// A folder with captures that tests make.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Writes a pcap of nanoseconds, and gives its path.
    fn write(&self, name: &str, packets: &[Packet]) -> String {
        let mut bytes = [0xa1b2_3c4d_u32, 0x0004_0002, 0, 0, 262_144, 1].map(u32::to_le_bytes).concat();
        for packet in packets {
            let (seconds, rest) = (packet.time / 1_000_000_000, packet.time % 1_000_000_000);
            let length = packet.bytes.len() as u32;
            bytes.extend([seconds as u32, rest as u32, length, length].map(u32::to_le_bytes).concat());
            bytes.extend(&packet.bytes);
        }
        let path = self.path(name);
        fs::write(&path, bytes).expect("written");
        path
    }

    fn path(&self, name: &str) -> String {
        text(&self.0.path().join(name))
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

fn diff(words: &[&str]) -> Ran {
    wirelore().arg("diff").args(words).output().expect("wirelore runs").into()
}

/// What a run says that finds differences and nothing wrong.
fn different(words: &[&str]) -> String {
    let ran = diff(words);
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""), "{}", ran.out);
    ran.out
}

/// What a run says that finds none.
fn same(words: &[&str]) -> String {
    let ran = diff(words);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    ran.out
}

/// Holds that a text has all of these, wherever its lines end: that depends on how long the names of the files are.
#[track_caller]
fn says(text: &str, parts: &[&str]) {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(text.contains(part) || joined.contains(part), "{part:?} is not said:\n{text}");
    }
}
