//! Captures of conversations that a test writes down: who says what. What is another every time (ports, sequence numbers, times) is another
//! in each of them.

use super::{Folder, IP, Packet, TCP};

const CLIENT: [u8; 4] = [10, 0, 0, 2];
pub(super) const SERVER: [u8; 4] = [10, 0, 0, 80];
/// The most that a segment carries.
const SEGMENT: usize = 1_000;
const MILLISECOND: i64 = 1_000_000;

/// A capture that is being made.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) packets: Vec<Packet>,
    now: i64,
    /// Made another in every capture and every conversation.
    number: u32,
}

/// A TCP connection in it.
pub(super) struct Connection<'s> {
    script: &'s mut Script,
    ports: [u16; 2],
    sequence: [u32; 2],
}

impl Script {
    pub(super) fn new(number: u32) -> Self {
        Self { packets: Vec::new(), now: 1_700_000_000_000_000_000 + i64::from(number) * 86_400_000_000_000, number: number * 1_000 }
    }

    /// Opens a connection with a port of the server.
    pub(super) fn connect(&mut self, port: u16) -> Connection<'_> {
        let mut connection = self.begin(port);
        connection.segment(0, 0x02, &[]);
        connection.segment(1, 0x12, &[]);
        connection.segment(0, 0x10, &[]);
        connection
    }

    /// A connection that the server refuses.
    pub(super) fn refuse(&mut self, port: u16) {
        let mut connection = self.begin(port);
        connection.segment(0, 0x02, &[]);
        connection.segment(1, 0x14, &[]);
    }

    /// A connection of which the capture has no beginning.
    pub(super) fn begin(&mut self, port: u16) -> Connection<'_> {
        self.number += 1;
        let number = self.number;
        Connection { ports: [40_000 + number as u16, port], sequence: [number * 7_919, number * 104_729], script: self }
    }

    /// A datagram of the client (0) or the server (1).
    pub(super) fn datagram(&mut self, from: usize, ports: [u16; 2], payload: &[u8]) {
        let mut datagram = [ports[from], ports[1 - from], 8 + payload.len() as u16, 0].map(u16::to_be_bytes).concat();
        datagram.extend_from_slice(payload);
        self.packet(from, 17, &datagram);
    }

    /// A question of DNS, and the address that answers it.
    pub(super) fn ask(&mut self, name: &str, kind: u16, answer: Option<&[u8]>) {
        self.number += 1;
        let ports = [50_000 + self.number as u16 % 10_000, 53];
        let labels: Vec<u8> = name.split('.').flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat()).chain([0]).collect();
        let question = [&labels[..], &kind.to_be_bytes(), &[0, 1]].concat();
        let header = |flags: u16, answers: u16| [self.number as u16, flags, 1, answers, 0, 0].map(u16::to_be_bytes).concat();
        let [asked, answered] = [header(0x0100, 0), header(0x8180, 1)];
        self.datagram(0, ports, &[&asked[..], &question].concat());
        if let Some(address) = answer {
            let record = [&[0xc0, 12][..], &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 60, 0, address.len() as u8], address].concat();
            self.datagram(1, ports, &[&answered[..], &question, &record].concat());
        }
    }

    /// A frame that is no IP.
    pub(super) fn frame(&mut self, kind: u16, bytes: &[u8]) {
        self.now += MILLISECOND;
        let bytes = [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2][..], &kind.to_be_bytes(), bytes].concat();
        self.packets.push(Packet { time: self.now, bytes });
    }

    fn packet(&mut self, from: usize, protocol: u8, payload: &[u8]) {
        let [source, target] = if from == 0 { [CLIENT, SERVER] } else { [SERVER, CLIENT] };
        let length = (20 + payload.len()) as u16;
        let mut header = [&[0x45, 0][..], &length.to_be_bytes(), &[0, 0, 0x40, 0, 64, protocol, 0, 0], &source, &target].concat();
        let sum = super::sum(&header, 0);
        header[10..12].copy_from_slice(&sum.to_be_bytes());
        self.frame(0x0800, &[&header, payload].concat());
    }

    /// Every packet, cut to its first bytes: to the headers and some of what is carried.
    pub(super) fn cut(mut self, carried: usize) -> Self {
        self.packets.iter_mut().for_each(|packet| packet.bytes.truncate(TCP + 20 + carried));
        self
    }

    pub(super) fn write(&self, folder: &Folder, name: &str) -> String {
        folder.write(name, &self.packets)
    }
}

impl Connection<'_> {
    fn segment(&mut self, from: usize, flags: u8, payload: &[u8]) {
        let acknowledged = if flags & 0x10 == 0 { 0 } else { self.sequence[1 - from] };
        let numbers = [self.sequence[from], acknowledged].map(u32::to_be_bytes).concat();
        let ports = [self.ports[from], self.ports[1 - from]].map(u16::to_be_bytes).concat();
        let header = [&ports[..], &numbers, &[0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0]].concat();
        self.script.packet(from, 6, &[&header, payload].concat());
        let last = self.script.packets.last_mut().expect("a packet");
        *last = last.clone().summed();
        self.sequence[from] = self.sequence[from].wrapping_add(payload.len() as u32 + u32::from(flags & 0x03 != 0));
    }

    /// The client (0) or the server (1) says something, and the other one acknowledges it.
    pub(super) fn say(mut self, from: usize, bytes: impl AsRef<[u8]>) -> Self {
        for part in bytes.as_ref().chunks(SEGMENT) {
            self.segment(from, 0x18, part);
        }
        self.segment(1 - from, 0x10, &[]);
        self
    }

    /// Nothing is said for so many milliseconds: what was said last is acknowledged in the first of them, and the next frame takes the last.
    pub(super) fn wait(self, milliseconds: i64) -> Self {
        self.script.now += (milliseconds - 2) * MILLISECOND;
        self
    }

    /// Something is said that the capture does not have.
    pub(super) fn miss(mut self, from: usize, bytes: usize) -> Self {
        self.sequence[from] = self.sequence[from].wrapping_add(bytes as u32);
        self
    }

    /// One of them closes, and then the other.
    pub(super) fn close(mut self, first: usize) {
        self.segment(first, 0x11, &[]);
        self.segment(1 - first, 0x11, &[]);
        self.segment(first, 0x10, &[]);
    }

    pub(super) fn reset(mut self, from: usize) {
        self.segment(from, 0x14, &[]);
    }
}

/// A request for a path, with more headers.
pub(super) fn request(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: www.example\r\nUser-Agent: test\r\n{headers}\r\n")
}

/// An answer of a status, with more headers, and a body of which the length is told.
pub(super) fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

/// Where IPv4 begins is where the tests of this folder have it.
const _: () = assert!(TCP == IP + 20);
