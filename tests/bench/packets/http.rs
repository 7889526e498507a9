//! A capture of full-sized frames: one connection after another that fetches a page of a web server, with right checksums.

use etherparse::{PacketBuilder, TcpOptionElement};
use std::io::{self, Write};

/// Bytes of a segment that fills a frame of 1514 bytes, with timestamps.
const FULL: usize = 1448;
/// How many segments a page takes.
const SEGMENTS: usize = 24;

const CLIENT: ([u8; 6], [u8; 4]) = ([2, 0, 10, 130, 1, 11], [10, 130, 1, 11]);
const SERVER: ([u8; 6], [u8; 4]) = ([2, 0, 10, 130, 1, 4], [10, 130, 1, 4]);
const REQUEST: &[u8] = b"GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";
const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 34752\r\nConnection: keep-alive\r\n\r\n";

/// Writes a pcap file of so many frames.
pub(crate) fn write_capture(out: &mut impl Write, frames: u64) -> io::Result<()> {
    out.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0])?;
    let mut page = RESPONSE.to_vec();
    page.extend((0..FULL * SEGMENTS - RESPONSE.len()).map(|place| b"packets, frames, segments\n"[place % 26]));
    let (mut written, mut port) = (0, 40_000);
    let mut frame = Vec::new();
    while written < frames {
        port = if port == u16::MAX { 40_000 } else { port + 1 };
        let mut connection = Connection { port, sequence: [1_000, 2_000_000_000] };
        let answers = page.chunks(FULL).map(|part| (1, part));
        // The client acknowledges every other segment.
        let acknowledged = answers.enumerate().flat_map(|(place, part)| [Some(part), (place % 2 == 1).then_some((0, &[][..]))]);
        for (from, payload) in std::iter::once((0, REQUEST)).chain(acknowledged.flatten()).take((frames - written) as usize) {
            frame.clear();
            connection.segment(&mut frame, from, payload)?;
            let microseconds = written * 7;
            for number in [1_795_353_332 + microseconds / 1_000_000, microseconds % 1_000_000, frame.len() as u64, frame.len() as u64] {
                out.write_all(&(number as u32).to_le_bytes())?;
            }
            out.write_all(&frame)?;
            written += 1;
        }
    }
    Ok(())
}

/// The client's port, and what client and server send next.
struct Connection {
    port: u16,
    sequence: [u32; 2],
}

impl Connection {
    fn segment(&mut self, frame: &mut Vec<u8>, from: usize, payload: &[u8]) -> io::Result<()> {
        let (sender, receiver, ports) = if from == 0 { (CLIENT, SERVER, (self.port, 80)) } else { (SERVER, CLIENT, (80, self.port)) };
        let options = [TcpOptionElement::Noop, TcpOptionElement::Noop, TcpOptionElement::Timestamp(self.sequence[from], 7)];
        PacketBuilder::ethernet2(sender.0, receiver.0)
            .ipv4(sender.1, receiver.1, 64)
            .tcp(ports.0, ports.1, self.sequence[from], 502)
            .ack(self.sequence[1 - from])
            .options(&options)
            .map_err(io::Error::other)?
            .write(frame, payload)
            .map_err(io::Error::other)?;
        self.sequence[from] = self.sequence[from].wrapping_add(payload.len() as u32);
        Ok(())
    }
}
