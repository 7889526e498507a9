//! What a limit cuts off is told: on standard error, in the summary of `--json`, and where it happened.

use super::support::{Ran, wirelore};
use serde_json::{Value, json};
use std::fs;

/// A capture (raw IPv4, a millisecond a packet) in which a client's first ten bytes are missing and more follows than may wait for them.
/// Nobody acknowledges anything.
fn behind_a_hole() -> Vec<u8> {
    let mut pcap = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\xe4\0\0\0".to_vec();
    let mut millisecond = 0_u32;
    let mut packet = |from_client: bool, flags: u8, numbers: [u32; 2], payload: &[u8]| {
        let (mut ports, mut addresses) = ([40_000_u16, 80], [[192, 0, 2, 1], [192, 0, 2, 2]]);
        if !from_client {
            ports.reverse();
            addresses.reverse();
        }
        let mut bytes = vec![0x45, 0];
        bytes.extend(u16::try_from(40 + payload.len()).expect("a packet is short").to_be_bytes());
        bytes.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        addresses.iter().for_each(|address| bytes.extend(address));
        ports.iter().for_each(|port| bytes.extend(port.to_be_bytes()));
        numbers.iter().for_each(|number| bytes.extend(number.to_be_bytes()));
        bytes.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        bytes.extend(payload);
        millisecond += 1;
        for number in [1_795_353_000 + millisecond / 1_000, millisecond % 1_000 * 1_000, bytes.len() as u32, bytes.len() as u32] {
            pcap.extend(number.to_le_bytes());
        }
        pcap.extend(bytes);
    };
    packet(true, 2, [1_000, 0], b"");
    packet(false, 18, [5_000, 1_001], b"");
    packet(true, 16, [1_001, 5_001], b"");
    for number in 0..1_100 {
        packet(true, 16, [1_011 + number * 1_000, 5_001], &[b'a'; 1_000]);
    }
    pcap
}

/// What a form of JSON says of it, the summary last; and what is said on standard error.
fn told(words: &[&str], path: &str) -> (Vec<Value>, String) {
    let ran: Ran = wirelore().args(words).arg(path).output().expect("wirelore runs").into();
    assert_eq!(ran.status, Some(0), "{words:?}: {}", ran.err);
    (ran.out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect(), ran.err)
}

#[test]
fn a_hole_that_is_passed_over_for_lack_of_room_is_told_in_every_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hole.pcap");
    fs::write(&path, behind_a_hole()).expect("a capture is written");
    let path = path.to_str().expect("UTF-8");

    let (lines, said) = told(&["conversations", "--json"], path);
    let [conversation, summary] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((&conversation["limited"], &conversation["gap_bytes"]), (&json!([1, 0]), &json!([10, 0])));
    assert_eq!(summary["limits"], json!({"holes": 1}));
    assert!(said.contains("1 hole is told as a gap though"), "{said}");

    let (lines, said) = told(&["explain", "--json"], path);
    assert_eq!(lines.last().expect("a summary")["limits"], json!({"holes": 1}));
    assert!(said.contains("told as"), "{said}");

    let (lines, _) = told(&["http", "--json"], path);
    assert_eq!(lines.last().expect("a summary")["limits"], json!({"holes": 1}));

    let table: Ran = wirelore().args(["conversations", path]).output().expect("wirelore runs").into();
    assert!(table.out.contains("10 bytes missing in 1 gap (1 for lack of room)"), "{}", table.out);
    let ladder: Ran = wirelore().args(["conversations", "-v", path]).output().expect("wirelore runs").into();
    assert!(ladder.out.contains("gaps for lack of room"), "{}", ladder.out);
}

/// Where no limit did anything there is nothing of them.
#[test]
fn what_was_not_cut_off_is_not_told() {
    for words in [&["conversations", "--json"][..], &["explain", "--json"], &["read", "--json"]] {
        let (lines, said) = told(words, "captures/http-geocode.pcapng");
        assert_eq!((lines.last().expect("a summary")["limits"].as_object(), said.as_str()), (None, ""), "{words:?}");
    }
}

/// A pcap file of frames, a millisecond apart.
fn pcap(link_type: u8, frames: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut pcap = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0".to_vec();
    pcap.extend([link_type, 0, 0, 0]);
    for (millisecond, bytes) in (1_u32..).zip(frames) {
        for number in [1_795_353_000 + millisecond / 1_000, millisecond % 1_000 * 1_000, bytes.len() as u32, bytes.len() as u32] {
            pcap.extend(number.to_le_bytes());
        }
        pcap.extend(bytes);
    }
    pcap
}

/// A packet of IPv4 from one client to a server.
fn packet(protocol: u8, server: u32, carried: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + carried.len()).expect("a packet is short").to_be_bytes();
    let header = [0x45, 0, length[0], length[1], 0, 0, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1];
    [&header[..], &server.to_be_bytes(), carried].concat()
}

/// Makes a frame by its number.
type Make = fn(u32) -> Vec<u8>;

/// Cards that say who they are.
fn announced(number: u32) -> Vec<u8> {
    let [_, high, middle, low] = number.to_be_bytes();
    let (card, address) = ([2, 0, 0, high, middle, low], [10, high, middle, low]);
    [&[0xff; 6][..], &card, &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1], &card, &address, &[0; 6], &address].concat()
}

/// Questions of DNS that nobody answers, each of another server.
fn asked(number: u32) -> Vec<u8> {
    let message = [&number.to_be_bytes()[2..], &[1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'a', 4, b't', b'e', b's', b't', 0, 0, 1, 0, 1]].concat();
    let length = (8 + message.len() as u16).to_be_bytes();
    packet(17, 0xc633_6400 + number, &[&[0x9c, 0x40, 0, 53, length[0], length[1], 0, 0][..], &message].concat())
}

/// Connections to servers of DNS, a frame that begins one and one with the beginning of a question.
fn begun(number: u32) -> Vec<u8> {
    let (sequence, flags, data): (u8, u8, &[u8]) = if number.is_multiple_of(2) { (0, 2, &[]) } else { (1, 0x18, &[0, 40, 0, 1]) };
    let header = [0x9c, 0x40, 0, 53, 0, 0, 3, sequence, 0, 0, 0x13, 0x89, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0];
    packet(6, 0xc633_6400 + number / 2, &[&header[..], data].concat())
}

#[test]
fn what_explanations_had_no_room_for_is_told_in_every_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    // What is known of the network, what a lesson sees of frames, what it hears of streams; the last value is the room that there is.
    let made = [("cards", (1, 16_384), announced as Make), ("questions", (101, 8_192), asked), ("streams", (101, 2 * 4_096), begun)];
    for (name, (link_type, room), frame) in made {
        for (many, is_told) in [(room / 2, false), (room + 500, true)] {
            let path = folder.path().join(format!("{name}-{many}.pcap"));
            fs::write(&path, pcap(link_type, (1..=many).map(frame))).expect("a capture is written");
            let path = path.to_str().expect("UTF-8");
            for words in [&["read", "--json"][..], &["conversations", "--json"], &["explain", "--json"], &["http", "--json"]] {
                let (lines, said) = told(words, path);
                let forgotten = lines.last().expect("a summary")["limits"]["forgotten"].as_u64();
                assert_eq!(forgotten.is_some_and(|times| times > 0), is_told, "{words:?} of {many} {name}: {forgotten:?} {said}");
                assert_eq!(said.contains("explanations had no room"), is_told && words[0] != "http", "{words:?} of {many} {name}: {said}");
            }
        }
    }
}
