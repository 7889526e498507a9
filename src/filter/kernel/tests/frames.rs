//! Frames to hold programs against: those of the captures, and what can be made of them.

use super::machine::Packet;
use crate::dissect::{Dissection, dissect};
use crate::filter::kernel::KernelLink;
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use crate::source;
use std::path::{Path, PathBuf};

/// A frame as it is captured, and as the kernel has it before.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) link: KernelLink,
    pub(super) link_type: LinkType,
    pub(super) captured: Vec<u8>,
    pub(super) packet: Packet,
    pub(super) name: String,
    pub(super) time: Option<Timestamp>,
    pub(super) dissection: Dissection,
}

impl Sample {
    fn new(link: KernelLink, link_type: LinkType, captured: Vec<u8>, packet: Packet) -> Self {
        let mut sample = Self { link, link_type, captured, packet, name: String::new(), time: None, dissection: Dissection::default() };
        let mut dissection = Dissection::default();
        dissect(&sample.frame(u32::MAX), &mut dissection);
        sample.dissection = dissection;
        sample
    }

    /// An Ethernet frame as a socket of SOCK_RAW has it: its outermost tag may have been taken off.
    pub(super) fn ethernet(captured: Vec<u8>, takes_tag_off: bool) -> Self {
        let number = |at: usize| captured.get(at..at + 2).map_or(0, |bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
        let tagged = takes_tag_off && captured.len() >= 18 && matches!(number(12), 0x8100 | 0x88a8);
        let mut bytes = captured.clone();
        let tag = tagged.then(|| (number(12), number(14)));
        if tagged {
            bytes.drain(12..16);
        }
        let protocol = if tagged { number(16) } else { number(12) };
        let packet = Packet { bytes, protocol, packet_type: u32::from(captured.len().is_multiple_of(5)) * 4, hardware_type: 1, tag };
        Self::new(KernelLink::Ethernet, LinkType::ETHERNET, captured, packet)
    }

    /// A cooked one of version 2.
    pub(super) fn cooked(captured: Vec<u8>) -> Option<Self> {
        let [p0, p1, _, _, _, _, _, _, t0, t1, kind, ..] = *captured.first_chunk::<20>()?;
        let packet = Packet {
            bytes: captured[20..].to_vec(),
            protocol: u16::from_be_bytes([p0, p1]),
            packet_type: kind.into(),
            hardware_type: u16::from_be_bytes([t0, t1]),
            tag: None,
        };
        Some(Self::new(KernelLink::Cooked, LinkType::LINUX_SLL2, captured, packet))
    }

    pub(super) fn raw(captured: Vec<u8>) -> Self {
        let packet = Packet { bytes: captured.clone(), hardware_type: 0xfffe, ..Packet::default() };
        Self::new(KernelLink::RawIp, LinkType::RAW, captured, packet)
    }

    /// The frame, of which so many bytes are kept.
    pub(super) fn frame(&self, snap_length: u32) -> Frame<'_> {
        Frame {
            number: 1,
            timestamp: self.time,
            interface: InterfaceId(0),
            link_type: self.link_type,
            length: self.captured.len() as u32,
            check_sequence_length: 0,
            data: &self.captured[..self.captured.len().min(snap_length as usize)],
            annotations: Annotations::default(),
        }
    }
}

/// The frames of every capture, at most so many of each, as they are.
pub(super) fn captured(most: usize) -> Vec<Sample> {
    captures().iter().flat_map(|path| of_capture(path, most)).collect()
}

/// The captures.
pub(super) fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The frames of a capture, in their order.
pub(super) fn of_capture(path: &Path, most: usize) -> Vec<Sample> {
    let mut samples = Vec::new();
    let Ok(mut source) = source::open(path) else { return samples };
    for _ in 0..most {
        let Ok(Some(frame)) = source.next_frame() else { break };
        if frame.is_cut() {
            continue;
        }
        let bytes = frame.data.to_vec();
        let sample = match frame.link_type {
            LinkType::ETHERNET => Sample::ethernet(bytes, true),
            LinkType::LINUX_SLL2 => match Sample::cooked(bytes) {
                Some(sample) => sample,
                None => continue,
            },
            LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => Sample::raw(bytes),
            _ => continue,
        };
        let name = format!("{} {}", path.file_name().unwrap().to_string_lossy(), frame.number);
        samples.push(Sample { name, time: frame.timestamp, ..sample });
    }
    samples
}

/// Numbers that look like chance and are always the same.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

/// How many ways there are to make another frame.
pub(super) const WAYS: usize = 16;

/// What can be made of an Ethernet frame.
pub(super) fn made(captured: &[u8], way: usize, chance: &mut Chance) -> Option<Sample> {
    let (link, rest) = captured.split_at_checked(12)?;
    let (kind, network) = rest.split_at_checked(2)?;
    let is_ipv4 = kind == [8, 0] && network.len() >= 20;
    let ipv4 = |protocol: u8, payload: &[u8]| {
        let length = (payload.len() as u16 + 20).to_be_bytes();
        let header = [&[0x45, 0][..], &length, &[0, 1, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]].concat();
        [&header, payload].concat()
    };
    let with = |parts: &[&[u8]]| [&[link][..], parts].concat().concat();
    let tag = [[0x81, 0, 0, 100], [0x88, 0xa8, 0xf0, 5], [0x91, 0, 0, 1], [0x92, 0, 0, 7]][chance.below(4)];
    Some(match way {
        0 | 1 => Sample::ethernet(with(&[&tag, rest]), way == 0),
        2 | 3 => Sample::ethernet(with(&[&tag, &[0x81, 0, 0x20, 200], rest]), way == 2),
        4 => Sample::ethernet(with(&[&[0x88, 0xa8, 0, 9, 0x81, 0, 0, 8, 0x81, 0, 0, 7], rest]), chance.below(2) == 0),
        // IPv4 in IPv4, Ethernet in GRE, VXLAN, and in IPv6.
        5 => Sample::ethernet(with(&[&[8, 0], &ipv4(4, network)]), true),
        6 => Sample::ethernet(with(&[&[8, 0], &ipv4(47, &[&[0, 0, 0x65, 0x58], captured].concat())]), true),
        7 => {
            let udp = [&[0xc0, 0, 0x12, 0xb5][..], &(captured.len() as u16 + 16).to_be_bytes(), &[0, 0, 8, 0, 0, 0, 0, 0, 9, 0]].concat();
            Sample::ethernet(with(&[&[8, 0], &ipv4(17, &[&udp, captured].concat())]), true)
        }
        8 => {
            let header =
                [&[0x60, 0, 0, 0][..], &(network.len() as u16 + 8).to_be_bytes(), &[60, 64], &[0x20; 32], &[4, 0, 1, 4, 0, 0, 0, 0]];
            Sample::ethernet(with(&[&[0x86, 0xdd], &header.concat(), network]), true)
        }
        9 => {
            let mut bytes = captured.to_vec();
            bytes.truncate(chance.below(captured.len() + 1));
            Sample::ethernet(bytes, true)
        }
        10 | 11 => {
            let mut bytes = captured.to_vec();
            for _ in 0..=chance.below(3) {
                let place = if chance.below(3) == 0 { chance.below(bytes.len()) } else { chance.below(bytes.len().min(70)) };
                bytes[place] = if chance.below(2) == 0 { chance.below(256) as u8 } else { bytes[place] ^ (1 << chance.below(8)) };
            }
            Sample::ethernet(bytes, true)
        }
        // Options in the IPv4 header, and its length left open.
        12 if is_ipv4 && network[0] == 0x45 => {
            let words = 1 + chance.below(10);
            let mut packet = [&network[..20], &vec![1; words * 4], &network[20..]].concat();
            packet[0] = 0x45 + words as u8;
            let length = u16::from_be_bytes([packet[2], packet[3]]).wrapping_add(words as u16 * 4);
            packet[2..4].copy_from_slice(&length.to_be_bytes());
            Sample::ethernet(with(&[&[8, 0], &packet]), true)
        }
        13 if is_ipv4 => {
            let mut packet = network.to_vec();
            let length = [0, 19, 20, 24, 30, 0xffff][chance.below(6)] as u16;
            packet[2..4].copy_from_slice(&length.to_be_bytes());
            Sample::ethernet(with(&[&[8, 0], &packet]), true)
        }
        14 => {
            let hardware = [1_u16, 1, 772, 0xfffe, 801, 824, 770][chance.below(7)].to_be_bytes();
            let packet_type = [0, 1, 2, 3, 4][chance.below(5)];
            let header = [kind, &[0, 0, 0, 0, 0, 3], &hardware, &[packet_type, 6, 2, 0, 0, 0, 0, 1, 0, 0]].concat();
            Sample::cooked([&header, network].concat())?
        }
        15 => Sample::raw(network.to_vec()),
        _ => return None,
    })
}

/// The captures' frames and a few that were made of each: every frame differs from most others.
pub(super) fn corpus() -> Vec<Sample> {
    let mut chance = Chance(7);
    let mut samples = Vec::new();
    for sample in captured(16) {
        if sample.link_type == LinkType::ETHERNET {
            for _ in 0..2 {
                let way = chance.below(WAYS);
                samples.extend(
                    made(&sample.captured, way, &mut chance).map(|made| Sample { name: format!("{} made {way}", sample.name), ..made }),
                );
            }
        }
        samples.push(sample);
    }
    samples
}
