//! `wirelore http`, on captures that are made here: what was said is known to the byte.

mod bodies;
mod forms;
mod har;
mod input;
mod save;

use super::support::{Ran, capture, captures, peer, wirelore};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Runs `wirelore http` with these words.
fn http<S: AsRef<std::ffi::OsStr>>(words: impl IntoIterator<Item = S>) -> Ran {
    wirelore().arg("http").args(words).output().expect("wirelore runs").into()
}

/// The lines of `--json`, the summary last.
fn json(path: &Path, words: &[&str]) -> Vec<Value> {
    let ran = http([&["--json", text(path)], words].concat());
    assert_eq!(ran.err, "");
    ran.out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of UTF-8")
}

/// What happens in a connection that is made here.
enum Event<'a> {
    /// The client says this.
    Client(&'a [u8]),
    /// The server says this.
    Server(&'a [u8]),
    /// The server says so many bytes, and they are not in the capture.
    Lost(u32),
}

use Event::{Client, Lost, Server};

/// A capture (raw IPv4, one second a packet) of one TCP connection, in segments of at most 1,400 bytes.
fn connection(events: &[Event<'_>]) -> Vec<u8> {
    let mut pcap = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\xe4\0\0\0".to_vec();
    let mut next = [1_000_u32, 5_000];
    let mut second = 1_795_353_000_u32;
    let mut packet = |side: usize, flags: u8, next: [u32; 2], payload: &[u8]| {
        let (ports, addresses) = ([40_000_u16, 80], [[192, 168, 1, 11], [10, 130, 1, 4]]);
        let length = 40 + payload.len();
        let mut bytes = vec![0x45, 0];
        bytes.extend(u16::try_from(length).expect("a packet is short").to_be_bytes());
        bytes.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        bytes.extend(addresses[side]);
        bytes.extend(addresses[1 - side]);
        bytes.extend(ports[side].to_be_bytes());
        bytes.extend(ports[1 - side].to_be_bytes());
        bytes.extend(next[side].to_be_bytes());
        bytes.extend(next[1 - side].to_be_bytes());
        bytes.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        bytes.extend(payload);
        second += 1;
        for number in [second, 0, bytes.len() as u32, bytes.len() as u32] {
            pcap.extend(number.to_le_bytes());
        }
        pcap.extend(bytes);
    };
    const SYN: u8 = 2;
    const ACK: u8 = 16;
    const FIN: u8 = 1;
    packet(0, SYN, [999, 0], b"");
    packet(1, SYN | ACK, [1_000, 4_999], b"");
    for event in events {
        let (side, bytes) = match event {
            Client(bytes) => (0, *bytes),
            Server(bytes) => (1, *bytes),
            Lost(length) => {
                next[1] += length;
                continue;
            }
        };
        for segment in bytes.chunks(1_400) {
            packet(side, ACK, next, segment);
            next[side] += segment.len() as u32;
        }
        packet(1 - side, ACK, next, b"");
    }
    packet(0, FIN | ACK, next, b"");
    packet(1, FIN | ACK, [next[0] + 1, next[1]], b"");
    pcap
}

/// Such a capture as a file.
fn made(folder: &tempfile::TempDir, events: &[Event<'_>]) -> PathBuf {
    let path = folder.path().join("made.pcap");
    fs::write(&path, connection(events)).expect("a capture is written");
    path
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// An answer with this body and these headers.
fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{headers}\r\n", body.len()).as_bytes(), body].concat()
}

const GET: &[u8] = b"GET /a?b=c+d%21&e HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
