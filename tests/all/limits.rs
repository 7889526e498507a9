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
