//! What `-s` keeps is kept of whole frames: they are asked whole, and their length stays what it was.

use super::laboratory::{Laboratory, frames, numbers, wait};
use std::fs;
use std::process::Stdio;
use wirelore::source;

/// Sends datagrams to a port of the loopback, so many of so many bytes, and one to another port.
fn send(laboratory: &Laboratory, port: u16, count: u32, length: u32) {
    laboratory.shell(&format!(
        "python3 -c \"import socket; sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for to in [{port}] * {count} + [9]: sender.sendto(bytes({length}), ('127.0.0.1', to))\""
    ));
}

#[test]
fn the_filter_is_asked_of_the_whole_frame() {
    let Some(laboratory) = Laboratory::new() else { return };
    for backend in ["ring", "pnet"] {
        // The port stands behind the bytes that are kept.
        let path = laboratory.path(&format!("{backend}.pcapng"));
        let words = ["-i", "lo", "-s", "20", "-c", "3", "--backend", backend, "-w", path.to_str().unwrap(), "udp", "port", "4711"];
        let capture = laboratory.capture(&words);
        send(&laboratory, 9, 1, 100);
        send(&laboratory, 4711, 3, 100);
        assert_eq!(capture.end().0, Some(0), "{backend}");
        let kept: Vec<_> = frames(&path).iter().map(|(data, length, _)| (data.len(), *length)).collect();
        assert_eq!(kept, [(20, 142); 3], "{backend}");
        let mut source = source::open(&path).unwrap();
        source.advance().unwrap();
        assert_eq!(source.interfaces()[0].snap_length, 20);
    }
}

#[test]
fn a_line_shows_what_is_kept_of_a_frame_that_passes() {
    let Some(laboratory) = Laboratory::new() else { return };
    // The kernel decides of the first alone, and of the second it does not.
    for (filter, expected) in [("greater 500", "6 were captured]"), ("udp port 4711", "6 were captured]")] {
        let out = laboratory.path(&filter.replace(' ', "-"));
        let words = [&["capture", "-n", "-q", "-i", "lo", "-s", "20", "-c", "1"], &filter.split(' ').collect::<Vec<_>>()[..]].concat();
        let capture = laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &words, "capturing on", fs::File::create(&out).unwrap().into());
        send(&laboratory, 4711, 1, if filter.starts_with("udp") { 100 } else { 1000 });
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        let shown = fs::read_to_string(&out).unwrap();
        assert!(shown.lines().count() == 1 && shown.contains(expected) && !shown.contains("4711"), "{filter}: {shown}");
    }
}

#[test]
fn the_portable_receiver_knows_the_length_of_what_it_cuts() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("cut.pcapng");
    let capture = laboratory.capture(&["-i", "b", "--backend", "pnet", "-s", "30", "-c", "5", "-w", path.to_str().unwrap()]);
    laboratory.number("a", 5, 900);
    assert_eq!(capture.end().0, Some(0));
    let kept: Vec<_> = frames(&path).iter().map(|(data, length, _)| (data.len(), *length)).collect();
    assert_eq!(kept, [(30, 900); 5]);
}

#[test]
fn what_waits_when_the_end_comes_is_taken_by_every_receiver() {
    const SENT: u32 = 100;
    let Some(laboratory) = Laboratory::new() else { return };
    for backend in ["ring", "pnet"] {
        let path = laboratory.path(&format!("{backend}.pcapng"));
        let capture = laboratory.capture(&["-i", "b", "--backend", backend, "-w", path.to_str().unwrap()]);
        // While it stands still frames come, and then the end.
        capture.signal(rustix::process::Signal::STOP);
        let state = || fs::read_to_string(format!("/proc/{}/stat", capture.process.id())).unwrap();
        wait("it stands still", || state().contains(") T "));
        laboratory.number("a", SENT, 60);
        capture.signal(rustix::process::Signal::INT);
        capture.signal(rustix::process::Signal::CONT);
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        assert_eq!(numbers(&path), (0..SENT).collect::<Vec<_>>(), "{backend}: {said}");
        assert!(said.contains("100 frames captured on b in") && said.contains("; 100 received by the filter, 0 dropped"), "{said}");
    }
}

#[test]
fn one_number_is_the_same_everywhere() {
    let Some(laboratory) = Laboratory::new() else { return };
    // More come than are wanted, and of those that the kernel hands on not all pass.
    let filter = "eth.type == 0x88b5 and frame.number > 3";
    let out = laboratory.path("out.json");
    let words = ["capture", "-q", "-i", "b", "--json", "-c", "5", filter];
    let capture = laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &words, "capturing on", fs::File::create(&out).unwrap().into());
    laboratory.number("a", 50, 60);
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("5 frames captured on b in") && said.contains("; 8 received by the filter, 0 dropped"), "{said}");
    let json = fs::read_to_string(&out).unwrap();
    let expected = r#"{"type":"summary","frames":8,"shown":5,"captured":5,"received":8,"dropped":0,"#;
    assert!(json.lines().last().is_some_and(|line| line.starts_with(expected)), "{json}");
    let path = laboratory.path("out.pcapng");
    let capture = laboratory.begin(
        env!("CARGO_BIN_EXE_wirelore"),
        &["capture", "-i", "b", "-c", "5", "-w", path.to_str().unwrap(), filter],
        "capturing on",
        Stdio::null(),
    );
    laboratory.number("a", 50, 60);
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("5 frames captured on b in") && said.contains("; 8 received by the filter, 0 dropped"), "{said}");
    let bytes = fs::read(&path).unwrap();
    // The statistics are the last block: of the filter 8 (6), none dropped (7), 8 handed on (8).
    let option = |code: u16, number: u64| [&code.to_le_bytes()[..], &8_u16.to_le_bytes(), &number.to_le_bytes()].concat();
    let expected = [option(6, 8), option(7, 0), option(8, 8)].concat();
    assert!(bytes.windows(expected.len()).any(|window| window == expected));
}
