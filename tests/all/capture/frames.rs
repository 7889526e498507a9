//! What is captured is what was on the wire, and what is counted is what was captured.

use super::laboratory::{Laboratory, frames, numbers, wait};
use rustix::process::Signal;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use wirelore::frame::{Direction, LinkType};
use wirelore::source;

/// An ARP question, tagged ones of one and of two tags, and what is shorter and longer than most frames.
const MIXED: &str = "to + bytes.fromhex('0806000108000604000102000000000a0a0900010000000000000a090002'), \
    to + bytes.fromhex('810000070800') + b'tagged', to + bytes.fromhex('88a800648100000786dd') + b'twice', \
    to + bytes.fromhex('88b5'), to + bytes.fromhex('88b5') + bytes(1500)";

#[test]
fn frames_agree_with_those_of_tcpdump() {
    let Some(laboratory) = Laboratory::new() else { return };
    let (ours, theirs) = (laboratory.path("ours.pcapng"), laboratory.path("theirs.pcap"));
    let tcpdump = ["-n", "--time-stamp-precision=nano", "-c", "105", "-i", "b", "-w", theirs.to_str().unwrap()];
    let other = laboratory.begin("tcpdump", &tcpdump, "listening on", Stdio::null());
    let capture = laboratory.capture(&["-i", "b", "-c", "105", "-w", ours.to_str().unwrap()]);
    laboratory.send("a", MIXED);
    laboratory.number("a", 100, 60);
    assert_eq!((capture.end().0, other.end().0), (Some(0), Some(0)));
    let (ours, theirs) = (frames(&ours), frames(&theirs));
    assert_eq!(ours.len(), 105);
    for (place, (our, their)) in ours.iter().zip(&theirs).enumerate() {
        assert_eq!((&our.0, our.1), (&their.0, their.1), "frame {}", place + 1);
        assert!((our.2 - their.2).abs() < 1_000_000, "frame {}: {} and {}", place + 1, our.2, their.2);
    }
    assert_eq!(ours[2].0[12..22], [0x88, 0xa8, 0, 100, 0x81, 0, 0, 7, 0x86, 0xdd]);
}

#[test]
fn two_interfaces_each_see_a_frame_one_going_and_one_coming() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("both.pcapng");
    let capture = laboratory.capture(&["-i", "a", "-i", "b", "-c", "10", "-w", path.to_str().unwrap()]);
    laboratory.number("a", 5, 60);
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("wirelore: a: 5 frames read, 5 received by the filter"), "{said}");
    let mut source = source::open(&path).unwrap();
    let (mut going, mut coming) = (0, 0);
    while let Some(frame) = source.next_frame().unwrap() {
        match (frame.interface.0, frame.annotations.direction()) {
            (0, Some(Direction::Outbound)) => going += 1,
            (1, Some(Direction::Inbound)) => coming += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((going, coming), (5, 5));
    assert_eq!(source.interfaces().iter().map(|interface| interface.statistics.dropped_by_system).collect::<Vec<_>>(), [Some(0); 2]);
}

#[test]
fn any_is_all_interfaces() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("any.pcap");
    let capture = laboratory.capture(&["-i", "any", "-c", "6", "-w", path.to_str().unwrap()]);
    laboratory.number("a", 3, 60);
    assert_eq!(capture.end().0, Some(0));
    let mut source = source::open(&path).unwrap();
    let mut kinds = Vec::new();
    while let Some(frame) = source.next_frame().unwrap() {
        assert_eq!((frame.link_type, &frame.data[..2], frame.data.len()), (LinkType::LINUX_SLL2, [0x88, 0xb5].as_slice(), 66));
        kinds.push(frame.data[10]);
    }
    kinds.sort_unstable();
    // Other hosts' frames (the address is nobody's), and those that we send.
    assert_eq!(kinds, [3, 3, 3, 4, 4, 4]);
}

#[test]
fn a_frame_that_comes_with_two_tags_has_both_on_all_interfaces() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("tags.pcap");
    let capture = laboratory.capture(&["-i", "any", "-c", "2", "-w", path.to_str().unwrap(), "vlan.id == 20"]);
    // A datagram and a question of ARP.
    laboratory.send(
        "a",
        "to + bytes.fromhex('88a800648100001408004500001c00010000401166bc0a0900010a090002003500350008') + bytes(2), \
         to + bytes.fromhex('81000064810000140806000108000604000102000000000a0a0900010000000000000a090002')",
    );
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    let tags: Vec<Vec<u8>> = frames(&path).iter().map(|(data, ..)| [&data[..2], &data[20..28]].concat()).collect();
    let expected = [[0x88, 0xa8, 0, 100, 0x81, 0, 0, 20, 8, 0], [0x81, 0, 0, 100, 0x81, 0, 0, 20, 8, 6]];
    assert_eq!(tags, expected);
}

#[test]
fn a_large_frame_of_the_loopback_is_whole_and_seen_once() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("large.pcapng");
    let capture = laboratory.capture(&["-i", "lo", "-c", "2", "-w", path.to_str().unwrap(), "udp"]);
    laboratory.shell(
        "python3 -c \"import socket; sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for length in (20000, 4): sender.sendto(bytes(length), ('127.0.0.1', 9))\"",
    );
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    let lengths: Vec<usize> = frames(&path).iter().map(|(data, ..)| data.len()).collect();
    assert_eq!(lengths, [14 + 28 + 20_000, 14 + 28 + 4]);
}

#[test]
fn every_way_to_end_it_leaves_a_whole_file() {
    let Some(laboratory) = Laboratory::new() else { return };
    for (place, signal) in [Signal::INT, Signal::TERM, Signal::HUP].into_iter().enumerate() {
        let path = laboratory.path(&format!("{place}.pcapng"));
        let capture = laboratory.capture(&["-i", "b", "-w", path.to_str().unwrap()]);
        laboratory.number("a", 30, 60);
        wait("the frames are in the file", || numbers(&path).len() == 30);
        capture.signal(Signal::USR1);
        wait("the summary", || capture.said().contains("30 frames captured on b"));
        laboratory.number("a", 10, 60);
        capture.signal(signal);
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        let last = said.lines().last().unwrap_or_default();
        assert!(last.contains("40 frames captured on b in"), "{said}");
        assert!(last.ends_with("; 40 received by the filter, 0 dropped by the kernel, 0 dropped by wirelore"), "{said}");
        assert_eq!(numbers(&path), (0..30).chain(0..10).collect::<Vec<_>>());
    }
    let path = laboratory.path("short.pcapng");
    let capture = laboratory.capture(&["-i", "b", "--for", "300ms", "-w", path.to_str().unwrap()]);
    assert_eq!(capture.end().0, Some(0));
    assert!(numbers(&path).is_empty() && source::open(&path).is_ok());
}

#[test]
fn a_filter_that_the_kernel_cannot_decide_is_asked_all_the_same() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("some.pcapng");
    let capture = laboratory.capture(&["-i", "b", "-w", path.to_str().unwrap(), "frame.number > 2 and eth.type == 0x88b5"]);
    laboratory.number("a", 5, 60);
    let (status, said) = capture.stop();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("3 frames captured on b"), "{said}");
    assert_eq!(numbers(&path), [2, 3, 4]);
    let mut source = source::open(&path).unwrap();
    source.advance().unwrap();
    let filter = source.interfaces()[0].options.iter().find(|(code, _)| *code == 11);
    assert_eq!(filter, Some(&(11, b"\0frame.number > 2 and eth.type == 0x88b5".to_vec())));
}

#[test]
fn an_interface_that_goes_away_ends_it() {
    let Some(laboratory) = Laboratory::new() else { return };
    for (command, said) in
        [("ip link set dev b down", "b: the interface went down"), ("ip link delete dev b", "b: the interface went away")]
    {
        let path = laboratory.path(&format!("{}.pcapng", command.len()));
        let capture = laboratory.capture(&["-i", "b", "-w", path.to_str().unwrap()]);
        laboratory.number("a", 5, 60);
        laboratory.shell(command);
        let (status, error) = capture.end();
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains(said) && error.contains("5 frames captured on b"), "{error}");
        assert_eq!(numbers(&path), [0, 1, 2, 3, 4]);
        laboratory.shell("ip link set dev b up 2>&1 || true");
    }
}

#[test]
fn drops_are_counted() {
    const SENT: u32 = 9_000;
    let Some(laboratory) = Laboratory::new() else { return };
    let words = ["capture", "-i", "b", "-B", "4", "-w", "-"];
    let mut capture = laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &words, "capturing on", Stdio::piped());
    // Nobody reads: the pipe fills, then the ring.
    let mut out = capture.process.stdout.take().unwrap();
    laboratory.number("a", SENT, 1_000);
    capture.signal(Signal::INT);
    let path = laboratory.path("read.pcapng");
    let mut bytes = Vec::new();
    out.read_to_end(&mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    let captured = numbers(&path).len() as u32;
    let mut source = source::open(&path).unwrap();
    while source.advance().unwrap() {}
    let counted = source.interfaces()[0].statistics;
    assert!(counted.dropped_by_system > Some(0), "{said}");
    assert_eq!(counted.dropped_by_system, Some(u64::from(SENT - captured)), "{said}");
    assert_eq!(counted.received, Some(u64::from(SENT)));
}

#[test]
fn the_end_is_when_it_was_asked_for_and_not_when_that_was_seen() {
    const BEFORE: u32 = 1_000;
    const AFTER: u32 = 50;
    let Some(laboratory) = Laboratory::new() else { return };
    // By a signal, and by the clock.
    for (lasts, is_asked) in [("1h", true), ("1s", false)] {
        let words = ["capture", "-i", "b", "--for", lasts, "-w", "-"];
        let mut capture = laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &words, "capturing on", Stdio::piped());
        let begun = Instant::now();
        let mut out = capture.process.stdout.take().unwrap();
        // Nobody reads: the pipe is full, and who takes frames waits for room in it.
        laboratory.number("a", BEFORE, 1_000);
        if is_asked {
            capture.signal(Signal::INT);
            let tasks = format!("/proc/{}/task", capture.process.id());
            wait("who waits for signals is done", || std::fs::read_dir(&tasks).is_ok_and(|tasks| tasks.count() == 1));
        } else {
            wait("the time is over", || begun.elapsed() > Duration::from_secs(1));
        }
        let over = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as i64;
        laboratory.number("a", AFTER, 1_000);
        let path = laboratory.path("read.pcapng");
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).unwrap();
        std::fs::write(&path, bytes).unwrap();
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        assert_eq!(numbers(&path), (0..BEFORE).collect::<Vec<_>>(), "{said}");
        let last = frames(&path).iter().map(|(.., time)| *time).max().unwrap();
        let mut source = source::open(&path).unwrap();
        while source.advance().unwrap() {}
        let ended = source.interfaces()[0].statistics.ended.unwrap().nanoseconds();
        assert!(last <= ended && ended <= over, "{last} {ended} {over}");
        assert!(is_asked || said.contains("captured on b in 1.0 s"), "{said}");
    }
}

#[test]
fn the_interface_and_the_direction_are_told_where_there_are_several() {
    let Some(laboratory) = Laboratory::new() else { return };
    let shown = |words: &[&str], count: usize| {
        let out = laboratory.path("out");
        let capture = laboratory.begin(
            env!("CARGO_BIN_EXE_wirelore"),
            &[&["capture", "-q", "-n", "-c", &count.to_string()], words].concat(),
            "capturing on",
            std::fs::File::create(&out).unwrap().into(),
        );
        laboratory.number("a", 2, 60);
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        let shown = std::fs::read_to_string(&out).unwrap();
        let mut told: Vec<String> = shown.lines().filter(|line| !line.contains("summary")).map(ToOwned::to_owned).collect();
        told.sort_by_key(|line| line.contains(" In ") || line.contains("inbound"));
        told
    };
    for words in [&["-i", "a", "-i", "b"][..], &["-i", "any"]] {
        let lines = shown(words, 4);
        let parts: Vec<Vec<&str>> = lines.iter().map(|line| line.split_whitespace().skip(2).take(2).collect()).collect();
        assert_eq!(parts, [["a", "Out"], ["a", "Out"], ["b", "In"], ["b", "In"]], "{lines:?}");
        let json = shown(&[words, &["--json"]].concat(), 4);
        for (line, expected) in json.iter().zip(["a", "a", "b", "b"]) {
            assert!(line.contains(&format!("\"interface\":\"{expected}\",\"direction\":\"")), "{line}");
        }
        let mut names = shown(&[words, &["-T", "fields", "-e", "frame.interface_name"]].concat(), 4);
        names.sort();
        assert_eq!(names, ["a", "a", "b", "b"]);
    }
    // One interface says nothing.
    assert!(shown(&["-i", "b"], 2).iter().all(|line| !line.contains(" In ") && !line.contains(" b ")));
}

#[test]
fn a_file_of_all_interfaces_names_each() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("any.pcapng");
    let capture = laboratory.capture(&["-i", "any", "-c", "6", "--rotate", "1h", "-w", path.to_str().unwrap()]);
    laboratory.number("a", 3, 60);
    let (status, said) = capture.end();
    assert_eq!(status, Some(0), "{said}");
    let mut source = source::open(&laboratory.path("any-00001.pcapng")).unwrap();
    let mut names = Vec::new();
    while source.advance().unwrap() {
        names.push(source.interfaces()[source.frame().interface.0 as usize].name.clone().unwrap());
    }
    names.sort();
    assert_eq!(names, [b"a", b"a", b"a", b"b", b"b", b"b"]);
    // What the kernel counted it counted on all of them together.
    let all = &source.interfaces()[0];
    assert_eq!((all.name.as_deref(), all.statistics.received), (Some(&b"any"[..]), Some(6)));
    let filter = |place: usize| source.interfaces()[place].options.iter().any(|(code, _)| *code == 11);
    assert!(source.interfaces().len() == 3 && !filter(1));
}
