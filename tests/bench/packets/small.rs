//! A capture of small packets: about four to a flow, between hosts with random addresses, the same ones each time.

use super::random::Random;
use std::io::{self, Write};

/// How many hosts there are: with more, or with all of them in one network, tcpdump takes many times as long, which would flatter us.
const HOSTS: usize = 1 << 16;
/// How many flows are under way at once: their packets stand among one another as a router would see them.
const UNDER_WAY: usize = 4096;
/// The shortest frame that Ethernet sends (without its check sequence): what is shorter is padded.
const SHORTEST: usize = 60;

/// Which hosts speak over which ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Any over any.
    Random,
    /// Hosts of one network, one address behind the other.
    #[allow(dead_code, reason = "each program writes some of them")]
    OneNetwork,
    /// Any hosts; each flow takes the port behind that of the one before.
    #[allow(dead_code, reason = "each program writes some of them")]
    PortsInSequence,
}

/// Writes a pcap file of so many frames.
pub(crate) fn write_capture(out: &mut impl Write, frames: u64) -> io::Result<()> {
    write_capture_of(out, frames, Pattern::Random)
}

/// Writes a pcap file of so many frames between hosts, and over ports, of this pattern. All else is the same.
pub(crate) fn write_capture_of(out: &mut impl Write, frames: u64, pattern: Pattern) -> io::Result<()> {
    out.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0])?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut hosts: Vec<u32> = (0..HOSTS).map(|_| 0x0100_0000 + random.below(0xde00_0000) as u32).collect();
    if pattern == Pattern::OneNetwork {
        (0..).zip(&mut hosts).for_each(|(number, host)| *host = 0x0a00_0000 + number);
    }
    let mut begun = 0;
    let mut flow = |random: &mut Random| {
        let mut flow = Flow::new(&hosts, random);
        if pattern == Pattern::PortsInSequence {
            flow.ports[0] = 32_768 + (begun % 28_000) as u16;
        }
        begun += 1;
        flow
    };
    let mut flows: Vec<Flow> = (0..UNDER_WAY).map(|_| flow(&mut random)).collect();
    let (mut frame, mut microseconds) = (Vec::new(), 1_795_353_332_000_000_u64);
    for _ in 0..frames {
        let place = random.below(UNDER_WAY as u64) as usize;
        frame.clear();
        flows[place].next_frame(&mut frame, &mut random);
        if flows[place].is_over() {
            flows[place] = flow(&mut random);
        }
        microseconds += random.below(20);
        for number in [microseconds / 1_000_000, microseconds % 1_000_000, frame.len() as u64, frame.len() as u64] {
            out.write_all(&(number as u32).to_le_bytes())?;
        }
        out.write_all(&frame)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    Tcp { timestamps: bool },
    Udp { datagrams: u8 },
    Dns,
}

struct Flow {
    kind: Kind,
    /// Client, then server.
    addresses: [u32; 2],
    ports: [u16; 2],
    sequence: [u32; 2],
    sent: u8,
}

impl Flow {
    fn new(hosts: &[u32], random: &mut Random) -> Self {
        let kind = match random.below(100) {
            0..30 => Kind::Tcp { timestamps: true },
            30..60 => Kind::Tcp { timestamps: false },
            60..85 => Kind::Udp { datagrams: 2 + random.below(2) as u8 },
            _ => Kind::Dns,
        };
        let addresses = [0; 2].map(|_| hosts[random.below(hosts.len() as u64) as usize]);
        let server = if matches!(kind, Kind::Dns) { 53 } else { 1024 + random.below(31_000) as u16 };
        let ports = [32_768 + random.below(28_000) as u16, server];
        Self { kind, addresses, ports, sequence: [random.next() as u32, random.next() as u32], sent: 0 }
    }

    fn is_over(&self) -> bool {
        self.sent
            >= match self.kind {
                Kind::Tcp { .. } => 5,
                Kind::Udp { datagrams } => datagrams,
                Kind::Dns => 2,
            }
    }

    fn next_frame(&mut self, frame: &mut Vec<u8>, random: &mut Random) {
        let mut segment = Vec::with_capacity(64);
        let from = match self.kind {
            Kind::Tcp { timestamps } => self.tcp(&mut segment, timestamps, random),
            Kind::Udp { .. } => {
                let length = 18 + random.below(30) as usize;
                segment.extend(std::iter::repeat_with(|| random.next() as u8).take(length));
                usize::from(self.sent % 2)
            }
            Kind::Dns => {
                self.dns(&mut segment);
                usize::from(self.sent)
            }
        };
        let protocol = if matches!(self.kind, Kind::Tcp { .. }) { 6 } else { 17 };
        if protocol == 17 {
            let length = segment.len() as u16 + 8;
            let [p0, p1, q0, q1] = self.ports_from(from);
            let [l0, l1] = length.to_be_bytes();
            segment.splice(..0, [p0, p1, q0, q1, l0, l1, 0, 0]);
        }
        self.packet(frame, from, protocol, &mut segment, random);
        self.sent += 1;
    }

    /// SYN, SYN and ACK, ACK, data, FIN.
    fn tcp(&mut self, segment: &mut Vec<u8>, timestamps: bool, random: &mut Random) -> usize {
        let (from, flags, payload) = match self.sent {
            0 => (0, 0x02, 0),
            1 => (1, 0x12, 0),
            2 => (0, 0x10, 0),
            3 => (0, 0x18, 1 + random.below(if timestamps { 24 } else { 36 }) as usize),
            _ => (1, 0x11, 0),
        };
        let synchronizes = flags & 0x02 != 0;
        let mut options = if synchronizes { vec![2, 4, 5, 0xb4, 1, 1, 4, 2, 1, 3, 3, 7] } else { Vec::new() };
        if timestamps {
            options.extend([1, 1, 8, 10]);
            options.extend((random.next() as u32).to_be_bytes());
            options.extend(if self.sent == 0 { [0; 4] } else { (random.next() as u32).to_be_bytes() });
        }
        segment.extend(self.ports_from(from));
        segment.extend(self.sequence[from].to_be_bytes());
        segment.extend(if self.sent == 0 { 0 } else { self.sequence[1 - from] }.to_be_bytes());
        segment.extend([((20 + options.len() as u8) / 4) << 4, flags, 0xfa, 0xf0, 0, 0, 0, 0]);
        segment.extend(options);
        segment.extend(std::iter::repeat_with(|| random.next() as u8).take(payload));
        self.sequence[from] = self.sequence[from].wrapping_add(payload as u32 + u32::from(synchronizes));
        from
    }

    fn dns(&self, message: &mut Vec<u8>) {
        let answers = self.sent;
        let [_, _, i0, i1] = self.sequence[0].to_be_bytes();
        message.extend([i0, i1, if answers == 0 { 0x01 } else { 0x81 }, if answers == 0 { 0 } else { 0x80 }]);
        message.extend([0, 1, 0, answers, 0, 0, 0, 0, 6]);
        message.extend(format!("h{:05}", self.sequence[1] % 100_000).bytes());
        message.extend(b"\x04test\x00\x00\x01\x00\x01");
        if answers > 0 {
            message.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            message.extend(self.sequence[1].to_be_bytes());
        }
    }

    fn ports_from(&self, from: usize) -> [u8; 4] {
        let ([s0, s1], [d0, d1]) = (self.ports[from].to_be_bytes(), self.ports[1 - from].to_be_bytes());
        [s0, s1, d0, d1]
    }

    fn packet(&self, frame: &mut Vec<u8>, from: usize, protocol: u8, segment: &mut [u8], random: &mut Random) {
        let (source, destination) = (self.addresses[from].to_be_bytes(), self.addresses[1 - from].to_be_bytes());
        let place = if protocol == 6 { 16 } else { 6 };
        let [_, _, l0, l1] = (segment.len() as u32).to_be_bytes();
        let pseudo = sum(&[&source[..], &destination, &[0, protocol, l0, l1]].concat());
        // A UDP checksum of 0 would say that there is none: all ones stand for it.
        let value = match checksum(pseudo + sum(segment)) {
            [0, 0] if protocol == 17 => [0xff, 0xff],
            value => value,
        };
        segment[place..place + 2].copy_from_slice(&value);
        frame.extend([2, 0, 0, 0, 0, 1 + from as u8, 2, 0, 0, 0, 0, 2 - from as u8, 8, 0]);
        let [t0, t1] = (segment.len() as u16 + 20).to_be_bytes();
        let [i0, i1, hops, ..] = random.next().to_be_bytes();
        frame.extend([0x45, 0, t0, t1, i0, i1, 0x40, 0, 32 + hops % 96, protocol, 0, 0]);
        frame.extend(source);
        frame.extend(destination);
        let header = checksum(sum(&frame[14..]));
        frame[24..26].copy_from_slice(&header);
        frame.extend_from_slice(segment);
        frame.resize(frame.len().max(SHORTEST), 0);
    }
}

fn sum(bytes: &[u8]) -> u32 {
    bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low))).sum()
}

/// The complement of a sum that fits in 16 bits once its carries are added.
fn checksum(sum: u32) -> [u8; 2] {
    let folded = (sum & 0xffff) + (sum >> 16);
    (!(folded + (folded >> 16)) as u16).to_be_bytes()
}
