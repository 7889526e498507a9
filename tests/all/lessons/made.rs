//! Captures of a few packets that a test makes: what they say is known, and what is told of them is held against it.

use super::super::support::{Ran, wirelore};
use serde_json::Value;
use std::fs;

pub(super) const SYN: u8 = 2;
pub(super) const ACK: u8 = 16;

/// A frame, and when it was captured, in milliseconds.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) at: u32,
    pub(super) bytes: Vec<u8>,
}

/// An address with a port.
pub(super) type End = ([u8; 4], u16);

fn sum(bytes: &[u8]) -> u32 {
    bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0))).sum()
}

fn folded(mut sum: u32) -> [u8; 2] {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (!(sum as u16)).to_be_bytes()
}

/// An Ethernet frame with an IPv4 packet: from a hardware address that spells its source, with right checksums; that of the payload stands at
/// `place` of it.
pub(super) fn packet(
    at: u32,
    source: [u8; 4],
    destination: [u8; 4],
    (protocol, hop_limit): (u8, u8),
    mut payload: Vec<u8>,
    place: usize,
) -> Made {
    let mut header = vec![0x45, 0];
    header.extend((20 + payload.len() as u16).to_be_bytes());
    header.extend([0, 1, 0x40, 0, hop_limit, protocol, 0, 0]);
    header.extend(source.into_iter().chain(destination));
    let total = folded(sum(&header));
    header[10..12].copy_from_slice(&total);
    let pseudo = if protocol == 1 { 0 } else { sum(&header[12..]) + u32::from(protocol) + payload.len() as u32 };
    let total = folded(sum(&payload) + pseudo);
    payload[place..place + 2].copy_from_slice(&total);
    let card = |address: [u8; 4]| [[2, 0].as_slice(), &address].concat();
    Made { at, bytes: [card(destination), card(source), vec![8, 0], header, payload].concat() }
}

/// A segment: its flags, how far its sender and the other have come (the SYN stands before 0), and what it says.
pub(super) fn segment(at: u32, [from, to]: [End; 2], hop_limit: u8, (flags, own, other): (u8, u32, u32), said: &str) -> Made {
    let mut payload = [from.1.to_be_bytes(), to.1.to_be_bytes()].concat();
    payload.extend((1_000 + own - u32::from(flags & SYN != 0)).to_be_bytes());
    payload.extend(if flags & ACK == 0 { [0; 4] } else { (1_000 + other).to_be_bytes() });
    payload.extend([0x50, flags, 0xff, 0, 0, 0, 0, 0]);
    payload.extend(said.as_bytes());
    packet(at, from.0, to.0, (6, hop_limit), payload, 16)
}

/// A datagram.
pub(super) fn datagram(at: u32, [from, to]: [End; 2], hop_limit: u8, said: &[u8]) -> Made {
    let mut payload = [from.1.to_be_bytes(), to.1.to_be_bytes(), (8 + said.len() as u16).to_be_bytes(), [0; 2]].concat();
    payload.extend(said);
    packet(at, from.0, to.0, (17, hop_limit), payload, 6)
}

/// An echo request, or the answer to one.
pub(super) fn echo(at: u32, from: [u8; 4], to: [u8; 4], hop_limit: u8, is_answer: bool, number: u8) -> Made {
    let kind = if is_answer { 0 } else { 8 };
    packet(at, from, to, (1, hop_limit), vec![kind, 0, 0, 0, 0, 7, 0, number, 1, 2, 3, 4], 2)
}

/// The word of a router that a packet's time was up, with the packet.
pub(super) fn time_exceeded(at: u32, from: [u8; 4], to: [u8; 4], hop_limit: u8, quoted: &[u8]) -> Made {
    packet(at, from, to, (1, hop_limit), [&[11, 0, 0, 0, 0, 0, 0, 0], quoted].concat(), 2)
}

/// The word of a host that nobody listens at the port of a datagram, with that.
pub(super) fn port_unreachable(at: u32, from: [u8; 4], to: [u8; 4], quoted: &[u8]) -> Made {
    packet(at, from, to, (1, 64), [&[3, 3, 0, 0, 0, 0, 0, 0], quoted].concat(), 2)
}

/// A question for the IPv4 address of `a.example`, or an answer to it that has none.
pub(super) fn question(at: u32, [from, to]: [End; 2], id: u8, is_answer: bool) -> Made {
    let mut said = vec![0, id, if is_answer { 0x81 } else { 1 }, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    said.extend(b"\x01a\x07example\0\0\x01\0\x01");
    datagram(at, [from, to], 64, &said)
}

impl Made {
    /// The same segment with another window.
    pub(super) fn with_window(mut self, size: u16) -> Self {
        self.bytes[48..50].copy_from_slice(&size.to_be_bytes());
        // The checksum is of what it had: one's complement arithmetic lets the difference be added.
        let sum = u32::from(u16::from_be_bytes([self.bytes[50], self.bytes[51]])) + 0xff00 + u32::from(!size);
        let folded = (sum & 0xffff) + (sum >> 16);
        self.bytes[50..52].copy_from_slice(&((folded & 0xffff) as u16).to_be_bytes());
        self
    }

    /// The same with another checksum, that of the payload, which then is wrong.
    pub(super) fn spoilt(mut self) -> Self {
        let place = 34
            + match self.bytes[23] {
                6 => 16,
                17 => 6,
                _ => 2,
            };
        self.bytes[place] ^= 0x5a;
        self
    }
}

/// Runs a verb over a capture of these frames.
pub(super) fn run(verb: &[&str], frames: &[Made]) -> Ran {
    run_on(1, verb, frames)
}

/// The same of a link of this type.
pub(super) fn run_on(link_type: u8, verb: &[&str], frames: &[Made]) -> Ran {
    let words = |words: [u32; 4]| words.map(u32::to_le_bytes).concat();
    let mut file = [words([0xa1b2_c3d4, 0x0004_0002, 0, 0]), vec![0, 0, 4, 0, link_type, 0, 0, 0]].concat();
    for Made { at, bytes } in frames {
        let length = bytes.len() as u32;
        file.extend(words([1_700_000_000 + at / 1000, at % 1000 * 1000, length, length]));
        file.extend(bytes);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("made.pcap");
    fs::write(&path, file).expect("the folder takes files");
    wirelore().args(verb).arg(&path).output().expect("wirelore runs").into()
}

/// What a rule says of these frames.
pub(super) fn told(rule: &str, frames: &[Made]) -> Vec<Value> {
    let ran = run(&["read", "--json"], frames);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let notes = lines.flat_map(|line| line["notes"].as_array().cloned().unwrap_or_default());
    notes.filter(|note| note["rule"] == rule).collect()
}
