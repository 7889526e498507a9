//! Fragments in `read`: what each says of itself, what filters find, and what is told at the end.

use super::*;
use crate::support::peer;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// The numbers of the frames that pass a filter.
fn numbers(path: &str, filter: &str) -> Vec<u64> {
    let columns = ["-T", "fields", "-e", "frame.number", path, filter];
    lines(&columns).iter().map(|line| line.parse().expect("a number")).collect()
}

const DNS: &str = "captures/dns-fragments.pcapng";

/// The frames of the capture of DNS answers, as they are and in this order.
fn chosen(order: &[usize]) -> Vec<Vec<u8>> {
    let mut source = wirelore::source::open(&capture("dns-fragments.pcapng")).expect("a capture");
    let mut frames = Vec::new();
    while let Ok(Some(frame)) = source.next_frame() {
        frames.push(frame.data.to_vec());
    }
    order.iter().map(|number| frames[number - 1].clone()).collect()
}

fn capture_of(order: &[usize]) -> (TempDir, PathBuf) {
    let frames = chosen(order);
    written("chosen.pcap", &pcap(1, &frames.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

#[test]
fn every_fragment_of_an_answer_has_its_ports_and_its_fields() {
    for filter in ["port 53", "udp port 53", "dns.qry.name == keys.example.com", "dns"] {
        assert_eq!(numbers(DNS, filter), [3, 4, 5, 6, 7, 8, 9, 10], "{filter}");
    }
    for filter in
        ["src port 53", "dns.flags.response == 1", "udp and not dns.flags.response == 0", "udp[0:2] = 53", "dns.txt contains \"n=0;\""]
    {
        assert_eq!(numbers(DNS, filter), [4, 5, 6, 8, 9, 10], "{filter}");
    }
    assert_eq!(numbers(DNS, "not port 53"), [1, 2]);
    // What the packet's own header says is each fragment's own.
    assert_eq!(numbers(DNS, "ip.frag_offset == 0 and ip.flags.mf == 1"), [4, 10]);
    assert_eq!(numbers(DNS, "port 53 and ip.flags.mf == 0 and ip.frag_offset > 0"), [6, 8]);
    assert_eq!(numbers("captures/ping-large-ipv6.pcapng", "icmpv6.type == 129"), [6, 7, 8, 13, 14, 15]);
}

#[test]
fn tcpdump_finds_the_ports_of_the_first_fragment_alone() {
    if peer("tcpdump").is_none() {
        return;
    }
    let output = Command::new("tcpdump").args(["-nn", "--count", "-r"]).arg(capture("dns-fragments.pcapng")).arg("port 53").output();
    let theirs = String::from_utf8(output.expect("tcpdump runs").stdout).expect("text");
    assert!(theirs.starts_with("4 packets"), "{theirs}");
    assert_eq!(numbers(DNS, "port 53").len(), 8);
}

#[test]
fn fragments_that_lack_others_have_the_ports_that_came_before_them() {
    // The second fragment of the first answer is lost, and the first one of the second.
    let (_folder, path) = capture_of(&[3, 4, 6, 8, 9]);
    assert_eq!(numbers(text(&path), "port 53"), [1, 2, 3]);
    let said = lines(&[text(&path)]);
    assert!(said[1].ends_with("[fragment id 0xe46e, bytes 0-1479 of 3203, more follow]"), "{}", said[1]);
    let missing = "warning: the datagram 192.168.1.1 > 192.168.1.11, UDP, id 0xe46";
    assert_eq!(said[5], format!("{missing}e lacks bytes 1480-2959 of 3203 in this capture (frames 2, 3) [fragments.incomplete]"));
    assert_eq!(said[6], format!("{missing}f lacks bytes 0-1479 of 3203 in this capture (frames 4, 5) [fragments.incomplete]"));
    let json = lines(&["--json", text(&path)]).pop().expect("a summary");
    let summary: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let facts = &summary["notes"][0]["facts"];
    assert_eq!(
        (&facts["missing"], &facts["length"], &facts["given_up"]),
        (&serde_json::json!([[1480, 2959]]), &3203.into(), &"end".into())
    );
}

#[test]
fn each_says_its_place_and_the_frame_that_completes_it_what_it_is() {
    let lines = lines(&[DNS]);
    let ends = |line: &str, with: &str| assert!(line.ends_with(with), "{line}");
    ends(&lines[7], "IPv4   UDP, 243 bytes [fragment 3 of 3, bytes 2960-3202 of 3203, id 0xe46f, whole in frame 10]");
    ends(&lines[8], "UDP, 1480 bytes [fragment 2 of 3, bytes 1480-2959 of 3203, id 0xe46f, whole in frame 10]");
    ends(&lines[9], "[fragment 1 of 3, bytes 0-1479 of 3203, id 0xe46f, whole with frames 9, 8]");
    assert!(lines[9].contains("192.168.1.1:53 > 192.168.1.11:59625   DNS    answer keys.example.com TXT"), "{}", lines[9]);
}

#[test]
fn columns_of_the_frame_that_completes_a_datagram_are_the_datagrams() {
    let columns = ["-T", "fields", "-e", "frame.number", "-e", "udp.length", "-e", "udp.checksum.status", "-e", "dns.count.answers"];
    let lines = lines(&[&columns[..], &[DNS, "frame.number >= 8"]].concat());
    assert_eq!(lines, ["8\t\t\t", "9\t\t\t", "10\t3203\tgood\t20"]);
}

#[test]
fn what_is_read_from_a_pipe_is_read_as_from_a_file() {
    let mut child =
        wirelore().args(["read", "-q", "-", "port 53"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("wirelore runs");
    let mut input = child.stdin.take().expect("its input");
    let bytes = fs::read(capture("dns-fragments.pcapng")).expect("a capture");
    // A byte short of the last frame's end, so that everything else has arrived and is waited for.
    let (before, last) = bytes.split_at(bytes.len() - 1);
    input.write_all(before).expect("it listens");
    input.flush().expect("it listens");
    input.write_all(last).expect("it listens");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), lines(&["-q", DNS, "port 53"]).join("\n") + "\n");
}

/// The first fragment of a datagram whose others never come, and then a frame a millisecond: nobody who watches waits for longer than a
/// second of packet time.
#[test]
fn a_fragment_does_not_keep_those_who_watch_waiting() {
    let order: Vec<usize> = std::iter::once(4).chain(std::iter::repeat_n(1, 1100)).collect();
    let frames = chosen(&order);
    let bytes = pcap(1, &frames.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let mut child = wirelore().args(["read", "-q", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("wirelore runs");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(&bytes).expect("it listens");
    let mut shown = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = shown.next().expect("a line").expect("text");
    assert!(first.ends_with("[fragment id 0xe46e, bytes 0-1479, more follow]"), "{first}");
    for number in 2..=1101 {
        let line = shown.next().expect("a line").expect("text");
        assert!(line.trim_start().starts_with(&format!("{number} ")), "{line}");
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn both_versions_of_a_conflict_are_shown() {
    let lines = lines(&["captures/dns-fragments-conflict.pcapng"]);
    assert!(lines[4].ends_with("[47 bytes are others than in frame 4, which is used]"), "{}", lines[4]);
    assert!(lines[7].ends_with("came before]"), "{}", lines[7]);
    assert!(lines[8].contains("came in two versions: the first is used (frames 4, 5)"), "{}", lines[8]);
    let story = wirelore().args(["explain", "captures/dns-fragments-conflict.pcapng"]).output().expect("wirelore runs").stdout;
    let story = String::from_utf8_lossy(&story).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(story.contains("The first is \"588bcba9bad141b8\" .., the other \"0000000000000000\" .. What to try"), "{story}");
}
