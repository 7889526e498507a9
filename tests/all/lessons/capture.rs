//! What proves the rules on capture.

use super::claims::{FAR, HOST, connected, looked_up};
use super::made::{ACK, End, Made, SYN, datagram, echo, packet, question, run, segment, told};
use super::{Case, hold};

/// Captures of so many hosts that checksums are not counted for all of them, and of fewer: written by the test, because they are large.
const MANY_HOSTS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/many-hosts.pcap");
const FEW_HOSTS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/few-hosts.pcap");

const CASES: &[Case] = &[
    Case { rule: "capture.checksum-limit", fires: &[MANY_HOSTS], near_miss: &[FEW_HOSTS] },
    Case { rule: "capture.checksum-bad", fires: &["captures/checksum-bad.pcapng"], near_miss: &["captures/checksum-changed.pcapng"] },
    // Wrong as well, and sent again before it was acknowledged.
    Case { rule: "capture.checksum-changed", fires: &["captures/checksum-changed.pcapng"], near_miss: &["captures/checksum-bad.pcapng"] },
    Case { rule: "capture.checksum-offload", fires: &["captures/checksum-offload.pcapng"], near_miss: &["captures/http-post.pcapng"] },
    Case {
        rule: "capture.segmentation-offload",
        fires: &["captures/segmentation-offload.pcapng"],
        near_miss: &["captures/path-mtu.pcapng"],
    },
    Case { rule: "capture.cut-short", fires: &["captures/cut-short.pcapng"], near_miss: &["captures/http-gzip.pcapng"] },
    Case { rule: "capture.dropped", fires: &["captures/dropped-frames.pcapng"], near_miss: &["captures/loss.pcapng"] },
    Case { rule: "capture.missed", fires: &["captures/dropped-frames.pcapng"], near_miss: &["captures/loss.pcapng"] },
    Case { rule: "capture.begins-in-middle", fires: &["captures/middle.pcapng"], near_miss: &["captures/http-keep-alive.pcapng"] },
    Case { rule: "capture.ends-in-middle", fires: &["captures/ends-early.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "capture.one-way", fires: &["captures/one-way.pcapng"], near_miss: &["captures/silence.pcapng"] },
    Case { rule: "capture.copies", fires: &["captures/mirrored-twice.pcap"], near_miss: &["captures/loss-timeout.pcapng"] },
    Case { rule: "capture.time-backwards", fires: &["captures/clock-set-back.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case {
        rule: "capture.coarse-times",
        fires: &["captures/clock-coarse.pcapng"],
        near_miss: &["captures/retransmission-spurious.pcapng"],
    },
];

/// Writes a capture of raw IPv4 in which each of `hosts` sends one UDP datagram, the last of them with a wrong checksum.
fn write_hosts(path: &str, hosts: u32) {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 228, 0, 0, 0];
    for host in 1..=hosts {
        let mut packet = vec![0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 0, 0, 10, 2, 0, 1, 0, 9, 0, 9, 0, 8, 0, 0];
        packet[14..16].copy_from_slice(&(host as u16).to_be_bytes());
        let sum = |bytes: &[u8]| bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum::<u32>();
        let folded = |sum: u32| !((sum & 0xffff) + (sum >> 16)) as u16;
        let header = folded(sum(&packet[..20]));
        packet[10..12].copy_from_slice(&header.to_be_bytes());
        let right = folded(sum(&packet[12..]) + 17 + 8);
        let told = if host == hosts { right ^ 0x0101 } else { right };
        packet[26..28].copy_from_slice(&told.to_be_bytes());
        file.extend(host.to_le_bytes());
        file.extend([0, 0, 0, 0, 28, 0, 0, 0, 28, 0, 0, 0]);
        file.extend(packet);
    }
    std::fs::write(path, file).expect("the test's folder takes files");
}

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    write_hosts(MANY_HOSTS, 16_390);
    write_hosts(FEW_HOSTS, 300);
    hold("capture", CASES);
}

const ENDS: [End; 2] = [([192, 168, 1, 11], 40_000), ([10, 130, 1, 4], 80)];
const BACK: [End; 2] = [ENDS[1], ENDS[0]];

/// A connection on which the client says `hello`, as `said` has it from the fourth millisecond on.
fn connection(said: Vec<Made>) -> Vec<Made> {
    let mut frames = vec![
        segment(0, ENDS, 64, (SYN, 0, 0), ""),
        segment(1, BACK, 64, (SYN | ACK, 0, 0), ""),
        segment(2, ENDS, 64, (ACK, 0, 0), ""),
        segment(3, ENDS, 64, (ACK, 0, 0), "first"),
        segment(4, BACK, 64, (ACK, 0, 5), ""),
    ];
    frames.extend(said);
    frames
}

fn rules(frames: &[Made]) -> (usize, usize) {
    (told("capture.checksum-bad", frames).len(), told("capture.checksum-changed", frames).len())
}

#[test]
fn what_was_acknowledged_was_right_on_the_wire() {
    let hello = || segment(10, ENDS, 64, (ACK, 5, 0), "hello");
    let spoilt = || hello().spoilt();
    let taken = || segment(300, BACK, 64, (ACK, 0, 10), "");
    let lacking = || segment(300, BACK, 64, (ACK, 0, 5), "");
    let again = || Made { at: 250, ..hello() };
    assert_eq!(rules(&connection(vec![hello(), taken()])), (0, 0));
    assert_eq!(rules(&connection(vec![spoilt(), taken()])), (0, 1));
    assert_eq!(rules(&connection(vec![spoilt(), spoilt(), taken()])), (0, 1));
    // What is acknowledged is the second one, or something before it, or nothing is.
    assert_eq!(rules(&connection(vec![spoilt(), again(), taken()])), (1, 0));
    assert_eq!(rules(&connection(vec![spoilt(), lacking()])), (1, 0));
    assert_eq!(rules(&connection(vec![spoilt()])), (1, 0));
}

#[test]
fn what_was_answered_was_right_on_the_wire() {
    let (host, server) = (ENDS[0], ([10, 1, 1, 1], 53));
    let asks = |at: u32, id: u8| question(at, [host, server], id, false);
    let answers = |at: u32, id: u8| question(at, [server, host], id, true);
    assert_eq!(rules(&[asks(0, 1), answers(1, 1), asks(2, 2).spoilt(), asks(4, 3), answers(5, 3)]), (1, 0));
    assert_eq!(rules(&[asks(0, 1), answers(1, 1), asks(2, 2).spoilt(), answers(3, 2)]), (0, 1));
    let [here, there] = [ENDS[0].0, ENDS[1].0];
    let ping = |number: u8| echo(u32::from(number) * 10, here, there, 64, false, number);
    let pong = |number: u8| echo(u32::from(number) * 10 + 1, there, here, 64, true, number);
    assert_eq!(rules(&[ping(1), pong(1), ping(2).spoilt(), pong(2)]), (0, 1));
    assert_eq!(rules(&[ping(1), pong(1), ping(2).spoilt(), ping(3), pong(3)]), (1, 0));
}

#[test]
fn a_key_exchange_that_goes_on_took_what_it_answers() {
    let [one, other] = [([192, 168, 1, 11], 500), ([10, 130, 1, 4], 500)];
    let says = |at: u32, ends: [End; 2], flags: u8, number: u8| {
        let header = [&[7; 16][..], &[33, 0x20, 34, flags, 0, 0, 0, number, 0, 0, 0, 28]].concat();
        datagram(at, ends, 64, &header).spoilt()
    };
    let asks = |at: u32, number: u8| says(at, [one, other], 0x08, number);
    let answers = |at: u32, number: u8| says(at, [other, one], 0x20, number);
    assert_eq!(rules(&[asks(0, 0), answers(1, 0), asks(2, 1), answers(3, 1), asks(4, 2)]), (0, 2));
    assert_eq!(rules(&[asks(0, 0), answers(1, 5)]), (2, 0));
}

/// A segment with options.
fn with_options(at: u32, [from, to]: [End; 2], (flags, own, other): (u8, u32, u32), options: &[u8], length: usize) -> Made {
    let mut bytes = [from.1.to_be_bytes(), to.1.to_be_bytes()].concat();
    bytes.extend((1_000 + own - u32::from(flags & SYN != 0)).to_be_bytes());
    bytes.extend(if flags & ACK == 0 { [0; 4] } else { (1_000 + other).to_be_bytes() });
    bytes.extend([(5 + options.len() as u8 / 4) << 4, flags, 0xff, 0, 0, 0, 0, 0]);
    bytes.extend(options);
    bytes.extend(std::iter::repeat_n(b'x', length));
    packet(at, from.0, to.0, (6, 64), bytes, 16)
}

#[test]
fn what_travels_at_once_is_what_the_options_leave_of_what_the_receiver_takes() {
    let ends: [End; 2] = [([192, 168, 1, 5], 50_000), ([192, 168, 1, 6], 8_000)];
    let clock = [&[1, 1, 8, 10][..], &[0, 0, 0, 1, 0, 0, 0, 1]].concat();
    let limit = |size: u16, options: &[u8]| {
        let mss = [&[2, 4][..], &size.to_be_bytes()].concat();
        let frames = [
            with_options(0, ends, (SYN, 0, 0), &mss, 0),
            with_options(1, [ends[1], ends[0]], (SYN | ACK, 0, 0), &mss, 0),
            with_options(2, ends, (ACK, 0, 0), options, 0),
            with_options(3, ends, (ACK, 0, 0), options, 2_920),
        ];
        let notes = told("capture.segmentation-offload", &frames);
        notes.iter().map(|note| note["facts"]["limit"].as_u64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!((limit(1_460, &clock), limit(1_460, &[])), (vec![1_448], vec![1_460]));
    assert_eq!((limit(1_400, &clock), limit(2_900, &[])), (vec![1_388], vec![2_900]));
    assert_eq!(limit(8_960, &clock), [] as [u64; 0]);
}

#[test]
fn whose_checksums_are_wrong_is_told_by_the_address_for_a_name_may_be_of_several() {
    let mut frames = looked_up(0, HOST, b'a');
    frames.extend(connected(1_000, [(HOST, 50_000), (FAR, 80)], "hello"));
    let last = frames.len() - 2;
    frames[last] = frames[last].clone().spoilt();
    let notes = [told("capture.checksum-changed", &frames), told("capture.checksum-bad", &frames)].concat();
    let texts: Vec<&str> = notes.iter().filter_map(|note| note["text"].as_str()).collect();
    assert!(texts.len() == 1 && texts[0].contains("203.0.113.5"), "{texts:?}");
    let story = run(&["explain"], &frames).out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(story.contains("TCP checksums that 203.0.113.5 sent") || story.contains("TCP checksums of 203.0.113.5"), "{story}");
}
