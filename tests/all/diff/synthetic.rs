//! Captures made by script: conversations, and what a simulated way does to their packets. What it did is known, and is to be told.

use std::collections::BTreeMap;
use std::io::Cursor;
use wirelore::diff::Digester;
use wirelore::diff::point::Point;
use wirelore::source;

const MICROSECOND: i64 = 1_000;
const MILLISECOND: i64 = 1_000_000;
/// When the captures begin, in nanoseconds since 1970.
pub(super) const BEGIN: i64 = 1_795_353_332_000_000_000;
const CLIENT: [u8; 4] = [192, 168, 1, 11];
const SERVER: [u8; 4] = [10, 130, 1, 4];
const OUTSIDE: [u8; 4] = [10, 25, 1, 65];

/// Numbers that look random and are the same each time (xorshift*, Vigna 2016).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit.max(1)
    }

    pub(super) fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What a packet carries.
#[derive(Clone)]
enum Carried {
    Tcp { sequence: u32, acknowledgement: u32, flags: u8, timestamp: u32, payload: Vec<u8> },
    Udp { payload: Vec<u8> },
    Echo { sequence: u16, payload: Vec<u8> },
}

/// A packet, as its sender made it. The client is left, the server right.
#[derive(Clone)]
pub(super) struct Packet {
    /// When it was sent, in nanoseconds.
    sent: i64,
    from_client: bool,
    /// The client's port, or the identifier of an echo.
    port: u16,
    server_port: u16,
    identification: u16,
    carried: Carried,
}

/// What the sender's operating system counts up.
#[derive(Clone, Copy, Debug)]
pub(super) struct System {
    pub(super) counts_packets: bool,
    pub(super) has_timestamps: bool,
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const ACK: u8 = 16;

/// What hosts say to each other, in the order of its time.
pub(super) fn traffic(random: &mut Random, conversations: u64, seconds: u64, system: System) -> Vec<Packet> {
    let mut packets = Vec::new();
    for number in 0..conversations {
        let mut maker = Maker {
            now: random.below(seconds * 1_000) as i64 * MILLISECOND,
            // In turn, as two conversations of one port would be one.
            port: 32_768 + (number * 97 + random.below(97)) as u16,
            server_port: 80,
            system,
            counter: random.below(60_000) as u16,
            packets: &mut packets,
            random,
        };
        match number % 4 {
            0 | 1 => maker.tcp(),
            2 => maker.names(),
            _ => maker.echoes(),
        }
    }
    packets.sort_by_key(|packet| packet.sent);
    packets
}

struct Maker<'a> {
    now: i64,
    port: u16,
    server_port: u16,
    system: System,
    counter: u16,
    packets: &'a mut Vec<Packet>,
    random: &'a mut Random,
}

impl Maker<'_> {
    fn send(&mut self, from_client: bool, carried: Carried) {
        self.counter = self.counter.wrapping_add(1).max(1);
        let identification = if self.system.counts_packets { self.counter } else { 0 };
        let (port, server_port) = (self.port, self.server_port);
        self.packets.push(Packet { sent: self.now, from_client, port, server_port, identification, carried });
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        (0..1 + self.random.below(most)).map(|_| self.random.next() as u8).collect()
    }

    fn segment(&mut self, from_client: bool, [sequence, acknowledgement]: [u32; 2], flags: u8, payload: Vec<u8>) {
        let timestamp = if self.system.has_timestamps { 1_000 + (self.now / MILLISECOND) as u32 } else { 0 };
        self.send(from_client, Carried::Tcp { sequence, acknowledgement, flags, timestamp, payload });
    }

    fn tcp(&mut self) {
        let [mut asked, mut answered] = [self.random.next() as u32, self.random.next() as u32];
        self.segment(true, [asked, 0], SYN, vec![]);
        self.now += 5 * MILLISECOND;
        self.segment(false, [answered, asked.wrapping_add(1)], SYN | ACK, vec![]);
        (asked, answered) = (asked.wrapping_add(1), answered.wrapping_add(1));
        self.now += 5 * MILLISECOND;
        self.segment(true, [asked, answered], ACK, vec![]);
        for _ in 0..1 + self.random.below(3) {
            let request = self.bytes(300);
            self.now += 2 * MILLISECOND;
            let after = asked.wrapping_add(request.len() as u32);
            self.segment(true, [asked, answered], ACK | 8, request);
            asked = after;
            for _ in 0..self.random.below(8) {
                self.now += 2 * MILLISECOND;
                let answer = self.bytes(1_400);
                let after = answered.wrapping_add(answer.len() as u32);
                self.segment(false, [answered, asked], ACK, answer.clone());
                self.send_again(&answer, [answered, asked]);
                answered = after;
                self.now += 2 * MILLISECOND;
                self.segment(true, [asked, answered], ACK, vec![]);
                // An acknowledgement that says the same again.
                if self.random.happens(10) {
                    self.now += 2 * MILLISECOND;
                    self.segment(true, [asked, answered], ACK, vec![]);
                }
            }
        }
        self.now += 5 * MILLISECOND;
        self.segment(true, [asked, answered], FIN | ACK, vec![]);
        self.now += 5 * MILLISECOND;
        self.segment(false, [answered, asked.wrapping_add(1)], FIN | ACK, vec![]);
        self.now += 5 * MILLISECOND;
        self.segment(true, [asked.wrapping_add(1), answered.wrapping_add(1)], ACK, vec![]);
    }

    /// Now and then a segment comes again, when its sender has waited long enough.
    fn send_again(&mut self, answer: &[u8], numbers: [u32; 2]) {
        if self.random.happens(10) {
            let now = self.now;
            self.now += 200 * MILLISECOND;
            self.segment(false, numbers, ACK, answer.to_vec());
            self.now = now;
        }
    }

    fn names(&mut self) {
        self.server_port = 53;
        for _ in 0..1 + self.random.below(3) {
            let number = self.random.next() as u16;
            let length = 1 + self.random.below(30) as u8;
            let mut question = [&number.to_be_bytes()[..], &[1, 0, 0, 1, 0, 0, 0, 0, 0, 0, length]].concat();
            question.extend((0..length).map(|_| b'a' + self.random.below(26) as u8));
            question.extend([0, 0, 1, 0, 1]);
            let mut answer = question.clone();
            answer[2] |= 0x80;
            answer[7] = 1;
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 130, 1, 4]);
            self.now += 3 * MILLISECOND;
            self.send(true, Carried::Udp { payload: question });
            self.now += 3 * MILLISECOND;
            self.send(false, Carried::Udp { payload: answer });
        }
    }

    fn echoes(&mut self) {
        let payload = self.bytes(64);
        for sequence in 1..2 + self.random.below(6) as u16 {
            for from_client in [true, false] {
                self.now += 3 * MILLISECOND;
                self.send(from_client, Carried::Echo { sequence, payload: payload.clone() });
            }
        }
    }
}

/// Bytes that the client sends on one connection, between a handshake and its end, in segments that end at these places; the last place is how
/// many bytes there are. One of them may be another than it was.
pub(super) fn stream(seed: u64, borders: &[usize], side: usize, changed: Option<usize>) -> Vec<u8> {
    let mut random = Random(seed | 1);
    let [asked, answered] = [random.next() as u32, random.next() as u32];
    let mut bytes: Vec<u8> = (0..borders.last().copied().unwrap_or(0)).map(|_| random.next() as u8).collect();
    if let Some(place) = changed {
        bytes[place] ^= 0x20;
    }
    let mut file = FILE_HEADER.to_vec();
    let system = System { counts_packets: true, has_timestamps: true };
    let mut packets = Vec::new();
    let mut maker = Maker { now: 0, port: 40_000, server_port: 80, system, counter: 1, packets: &mut packets, random: &mut random };
    maker.segment(true, [asked, 0], SYN, vec![]);
    maker.now += 5 * MILLISECOND;
    maker.segment(false, [answered, asked.wrapping_add(1)], SYN | ACK, vec![]);
    let mut before = 0;
    let counter = maker.counter;
    // Who cuts a stream anew counts its segments itself.
    maker.counter += 1_000 * (1 + side as u16);
    for border in borders {
        maker.now += MILLISECOND;
        let sequence = asked.wrapping_add(1 + before as u32);
        maker.segment(true, [sequence, answered.wrapping_add(1)], ACK, bytes[before..*border].to_vec());
        before = *border;
    }
    maker.counter = counter;
    maker.now += 5 * MILLISECOND;
    let all = asked.wrapping_add(1 + before as u32);
    maker.segment(false, [answered.wrapping_add(1), all], ACK, vec![]);
    for packet in &packets {
        let passed = (side == 1) == packet.from_client;
        let later = if passed { MILLISECOND } else { 0 };
        push_record(&mut file, BEGIN + packet.sent + later, &packet.frame(side, 64 - u8::from(passed), CLIENT, packet.port));
    }
    file
}

/// What the way does to packets.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// Of a hundred packets.
    pub(super) lost: u64,
    pub(super) doubled: u64,
    /// Sent behind one that was sent up to this much later, in nanoseconds.
    pub(super) jitter: u64,
    /// How long it takes at least, in nanoseconds.
    pub(super) delay: i64,
    pub(super) routers: u8,
    pub(super) translates: bool,
    /// Whether initial sequence numbers are drawn anew.
    pub(super) draws_numbers: bool,
    /// Of a hundred segments of clients that carry something: made longer or shorter.
    pub(super) rewrites: u64,
    /// What the right clock shows more, in nanoseconds, and gains in a second.
    pub(super) offset: i64,
    pub(super) gains: i64,
}

impl Way {
    /// What the right clock shows at a moment of the left one.
    pub(super) fn shown_right(&self, time: i64) -> i64 {
        time + self.offset + (i128::from(time) * i128::from(self.gains) / 1_000_000_000) as i64
    }
}

/// What one point saw of a packet, by its number.
struct Sight {
    time: i64,
    packet: usize,
}

/// Two captures of packets, and what became of these.
pub(super) struct Captures {
    pub(super) files: [Vec<u8>; 2],
    /// Both frames of each packet that came through.
    pub(super) pairs: Vec<[u64; 2]>,
    /// Frames of packets that were lost: those of the left capture, and of the right.
    pub(super) lost: [Vec<u64>; 2],
    /// Frames that are a packet once more, and the first frame of it.
    pub(super) doubled: [BTreeMap<u64, u64>; 2],
    /// The left frames of packets whose payload was written anew.
    pub(super) rewritten: Vec<u64>,
    /// Which port of the client stands for which.
    pub(super) translations: BTreeMap<u16, u16>,
}

impl Captures {
    pub(super) fn points(&self) -> [Point; 2] {
        let digester = Digester::new();
        self.files.each_ref().map(|file| point_of(file, digester))
    }
}

pub(super) fn point_of(file: &[u8], digester: Digester) -> Point {
    let mut source = source::from_reader(Cursor::new(file.to_vec()), "made").expect("a capture");
    super::collected(source.as_mut(), digester)
}

/// Sends packets along the way.
pub(super) fn sent(random: &mut Random, packets: &[Packet], way: &Way) -> Captures {
    let mut sights: [Vec<Sight>; 2] = Default::default();
    let mut ports = BTreeMap::new();
    for (number, packet) in packets.iter().enumerate() {
        let near = usize::from(!packet.from_client);
        sights[near].push(Sight { time: packet.sent, packet: number });
        if way.translates {
            let next = 1_024 + (ports.len() as u16) * 7 + random.below(7) as u16;
            ports.entry(packet.port).or_insert(next);
        } else {
            ports.insert(packet.port, packet.port);
        }
        // Of what comes before the first packet of a capture or behind its last nobody can say that it was lost.
        if random.happens(way.lost) && number != 0 && number + 1 != packets.len() {
            continue;
        }
        let arrives = packet.sent + way.delay + random.below(way.jitter.max(1)) as i64;
        sights[1 - near].push(Sight { time: arrives, packet: number });
        if random.happens(way.doubled) {
            sights[1 - near].push(Sight { time: arrives + 40 * MICROSECOND, packet: number });
        }
    }
    let mut captures = Captures {
        files: Default::default(),
        pairs: Vec::new(),
        lost: Default::default(),
        doubled: Default::default(),
        rewritten: Vec::new(),
        translations: BTreeMap::new(),
    };
    let beyond = rewritten(random, packets, way);
    let mut frames = vec![[None; 2]; packets.len()];
    for (side, list) in sights.iter_mut().enumerate() {
        list.sort_by_key(|sight| sight.time);
        let mut file = FILE_HEADER.to_vec();
        for (frame, sight) in (1..).zip(list.iter()) {
            let packet = if side == 1 { &beyond[sight.packet] } else { &packets[sight.packet] };
            let passed = (side == 1) == packet.from_client;
            let shown = if side == 1 { way.shown_right(sight.time) } else { sight.time };
            let ttl = 64 - if passed { way.routers } else { 0 };
            let address = if side == 1 && way.translates { OUTSIDE } else { CLIENT };
            let port = if side == 1 { ports[&packet.port] } else { packet.port };
            push_record(&mut file, BEGIN + shown, &packet.frame(if way.routers > 0 { side } else { 0 }, ttl, address, port));
            match frames[sight.packet][side] {
                Some(first) => drop(captures.doubled[side].insert(frame, first)),
                None => frames[sight.packet][side] = Some(frame),
            }
        }
        captures.files[side] = file;
    }
    for ((packet, beyond), frames) in packets.iter().zip(&beyond).zip(frames) {
        match frames {
            [Some(left), Some(right)] => {
                captures.pairs.push([left, right]);
                if packet.payload() != beyond.payload() {
                    captures.rewritten.push(left);
                }
                if way.translates {
                    captures.translations.insert(packet.port, ports[&packet.port]);
                }
            }
            [Some(left), None] => captures.lost[0].push(left),
            [None, Some(right)] => captures.lost[1].push(right),
            [None, None] => {}
        }
    }
    captures.pairs.sort_unstable();
    captures.lost.iter_mut().for_each(|list| list.sort_unstable());
    captures
}

/// Packets as they are at the right point: with other initial numbers, and with segments that are longer or shorter.
fn rewritten(random: &mut Random, packets: &[Packet], way: &Way) -> Vec<Packet> {
    // By the client's port: what is added to the client's numbers and to the server's, and where the client's stream became longer.
    let mut drawn: BTreeMap<u16, [u32; 2]> = BTreeMap::new();
    let mut longer: BTreeMap<u16, Vec<(u32, u32)>> = BTreeMap::new();
    let mut beyond = packets.to_vec();
    for packet in &mut beyond {
        let Carried::Tcp { sequence, acknowledgement, flags, payload, .. } = &mut packet.carried else { continue };
        let new = if way.draws_numbers { [random.next() as u32, random.next() as u32] } else { [0; 2] };
        let [of_client, of_server] = *drawn.entry(packet.port).or_insert(new);
        let places = longer.entry(packet.port).or_default();
        let more = |number: u32| {
            places.iter().filter(|(behind, _)| number.wrapping_sub(*behind) < 1 << 31).fold(0_u32, |sum, (_, more)| sum.wrapping_add(*more))
        };
        let (before, end) = (*sequence, sequence.wrapping_add(payload.len() as u32));
        let (own, other) = if packet.from_client {
            (of_client.wrapping_add(more(before)), of_server)
        } else {
            (of_server, of_client.wrapping_add(more(*acknowledgement)))
        };
        *sequence = sequence.wrapping_add(own);
        *acknowledgement = if *flags & ACK != 0 { acknowledgement.wrapping_add(other) } else { 0 };
        if packet.from_client && !payload.is_empty() && random.happens(way.rewrites) {
            // It was at most 300 bytes long.
            let length = 1 + random.below(400) as usize;
            let was = payload.len();
            payload.resize(length, b'.');
            payload[0] ^= 0x20;
            if length != was {
                places.push((end, (length as u32).wrapping_sub(was as u32)));
            }
        }
    }
    beyond
}

/// Of a pcap file of Ethernet, little endian, in nanoseconds.
pub(super) const FILE_HEADER: [u8; 24] = [0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];

pub(super) fn push_record(file: &mut Vec<u8>, nanoseconds: i64, frame: &[u8]) {
    let length = frame.len() as u32;
    for number in [(nanoseconds / 1_000_000_000) as u32, (nanoseconds % 1_000_000_000) as u32, length, length] {
        file.extend(number.to_le_bytes());
    }
    file.extend(frame);
}

impl Packet {
    fn payload(&self) -> &[u8] {
        match &self.carried {
            Carried::Tcp { payload, .. } | Carried::Udp { payload } | Carried::Echo { payload, .. } => payload,
        }
    }

    /// An Ethernet frame of it, at one side of the way.
    fn frame(&self, side: usize, ttl: u8, client: [u8; 4], port: u16) -> Vec<u8> {
        let ends = if self.from_client { [client, SERVER] } else { [SERVER, client] };
        let ports = if self.from_client { [port, self.server_port] } else { [self.server_port, port] };
        let ports = ports.map(u16::to_be_bytes).concat();
        let (protocol, mut segment, checksum_at) = match &self.carried {
            Carried::Tcp { sequence, acknowledgement, flags, timestamp, payload } => {
                let mut options = if flags & SYN != 0 { vec![2, 4, 5, 0xb4] } else { vec![] };
                if *timestamp != 0 {
                    options.extend([1, 1, 8, 10]);
                    options.extend(timestamp.to_be_bytes());
                    options.extend([0; 4]);
                }
                let offset = (5 + options.len() as u8 / 4) << 4;
                let head = [&ports[..], &sequence.to_be_bytes(), &acknowledgement.to_be_bytes(), &[offset, *flags, 0xff, 0, 0, 0, 0, 0]];
                (6, [head.concat(), options, payload.clone()].concat(), 16)
            }
            Carried::Udp { payload } => {
                let length = (8 + payload.len() as u16).to_be_bytes();
                (17, [&ports[..], &length, &[0, 0], payload].concat(), 6)
            }
            Carried::Echo { sequence, payload } => {
                let kind = if self.from_client { 8 } else { 0 };
                (1, [&[kind, 0, 0, 0][..], &port.to_be_bytes(), &sequence.to_be_bytes(), payload].concat(), 2)
            }
        };
        let pseudo = [&ends.concat()[..], &[0, protocol], &(segment.len() as u16).to_be_bytes()].concat();
        let summed = checksum(&if protocol == 1 { segment.clone() } else { [pseudo, segment.clone()].concat() });
        segment[checksum_at..checksum_at + 2].copy_from_slice(&summed);
        let length = (20 + segment.len() as u16).to_be_bytes();
        let identification = self.identification.to_be_bytes();
        let mut header = [&[0x45, 0][..], &length, &identification, &[0x40, 0, ttl, protocol, 0, 0], &ends.concat()].concat();
        let summed = checksum(&header);
        header[10..12].copy_from_slice(&summed);
        // A link of its own at each side of a router.
        let link = 1 + side as u8;
        let ends = if self.from_client { [2, 0, 0, 0, link, 2, 2, 0, 0, 0, link, 1] } else { [2, 0, 0, 0, link, 1, 2, 0, 0, 0, link, 2] };
        [&ends[..], &[8, 0], &header, &segment].concat()
    }
}

fn checksum(bytes: &[u8]) -> [u8; 2] {
    let words = bytes.chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(two.get(1).copied().unwrap_or(0)));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (!(sum as u16)).to_be_bytes()
}
