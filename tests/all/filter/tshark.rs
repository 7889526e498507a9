//! The same comparisons pass the same frames as in Wireshark. tshark counts them all in one run: each frame of the capture has a second of
//! its own, so a table with a row a second and a column an expression says which frames pass.
//!
//! By design these differ, and are left out: `and` and `or` bind equally here, as in tcpdump; a protocol's name does not mean the packets
//! that ICMP errors quote, and of quoted segments some values are shown that tshark keeps to itself; whatever needs more than one frame
//! (`tcp.stream`, `tcp.analysis`).

use super::{compare, plain_frames};
use crate::support::peer;
use std::process::Command;

const EXPRESSIONS: &[&str] = &[
    "ip.src == 192.168.1.11",
    "ip.src eq 192.168.1.11",
    "ip.dst != 192.168.1.11",
    "ip.addr == 10.130.1.4",
    "ip.addr != 10.130.1.4",
    "!(ip.addr == 10.130.1.4)",
    "ip.addr === 10.130.1.4",
    "ip.addr !== 10.130.1.4",
    "ip.src == 10.0.0.0/8",
    "ip.src in {10.0.0.0/8}",
    "ip.dst == 192.168.1.0/24",
    "ip.src > 100.0.0.0",
    "ip.src <= 10.130.1.4",
    "ip.src == ip.dst",
    "ip.ttl < 64",
    "ip.ttl ge 64",
    "ip.proto == 17",
    "ip.id == 0",
    "ip.len > 576",
    "ip.hdr_len == 20",
    "ip.flags.df == 1",
    "ip.flags.mf == 1",
    "ip.frag_offset > 0",
    "ip.version == 4",
    "ip.checksum.status == 1",
    "ip.checksum.status == \"Good\"",
    "ipv6.src == 2001:db8:a:1::11",
    "ipv6.addr == 2001:db8:130:1::4",
    "ipv6.addr == 2001:db8::/32",
    "ipv6.dst == ff02::/16",
    "ipv6.hlim == 255",
    "ipv6.plen > 100",
    "ipv6.nxt == 58",
    "eth.src == 02:00:c0:a8:01:0b",
    "eth.addr == 02-00-c0-a8-01-0b",
    "eth.dst == ff:ff:ff:ff:ff:ff",
    "eth.dst[0:2] == ff:ff",
    "eth.src[0:3] == 02:00:c0",
    "eth.src[2-3] == c0:a8",
    "eth.src[-1:] == 0b",
    "eth.src[:2] != 02:00",
    "eth.src contains a8:01",
    "eth.type == 0x0806",
    "tcp.port == 80",
    "tcp.port != 80",
    "tcp.port > 1000",
    "tcp.srcport == 80 && tcp.flags.syn == 1",
    "tcp.dstport == 80",
    "tcp.srcport < tcp.dstport",
    "tcp.flags == 0x012",
    "tcp.flags & 0x02",
    "tcp.flags & 0x12 == 0x02",
    "tcp.flags.syn == 1",
    "tcp.flags.syn == 1 && tcp.flags.ack == 0",
    "tcp.flags.reset == True",
    "tcp.flags.fin",
    "tcp.seq_raw > 2000000000 && !icmp",
    "tcp.hdr_len > 20",
    "tcp.len > 0 && !icmp && !icmpv6",
    "tcp.window_size_value < 1000",
    "tcp.options.mss_val",
    "tcp.options.mss_val == 1460",
    "tcp.options.wscale.shift",
    "tcp.options.timestamp.tsval > 0",
    "tcp.options.sack_le",
    "udp.port == 53",
    "udp.srcport == 53 || udp.dstport == 68",
    "udp.length > 100",
    "frame.len > 1000",
    "frame.len == 42",
    "frame.cap_len < 60",
    "frame.number <= 10",
    "frame.number in {3..5}",
    "frame.time_epoch >= 100",
    "frame.time_epoch < 100.5",
    "frame contains \"GET \"",
    "frame contains 47:45:54:20",
    "frame contains \"\\x47ET\"",
    "frame matches \"get /\"",
    "frame matches \"^..\\\\xc0\\\\xa8\"",
    "frame[0:2] == ff:ff",
    "frame[12:2] == 08:06",
    "frame[-4:4] == 00:00:00:00",
    "tcp contains \"HTTP\"",
    "tcp[0:2] == 00:50",
    "udp contains \"example\"",
    "arp.opcode == 1",
    "arp.src.proto_ipv4 == 192.168.1.12",
    "arp.opcode == 2 && arp.dst.proto_ipv4 == 192.168.1.11",
    "any ip.addr == 10.1.1.1",
    "all tcp.port > 79",
];

/// Expressions with commas: tshark's table would take them for two.
const WITH_COMMAS: &[&str] = &["tcp.port in {80, 443, 30000..40000}", "tcp.port not in {80, 443}", "ip.src in {192.168.1.11, 10.1.0.0/16}"];

/// Frames are asked one at a time, so tshark must not put them together either.
const ALONE: [&str; 5] = [
    "tcp.desegment_tcp_streams:FALSE",
    "ip.defragment:FALSE",
    "ipv6.defragment:FALSE",
    "ip.check_checksum:TRUE",
    "http.desegment_body:FALSE",
];

fn tshark() -> Command {
    let mut command = Command::new("tshark");
    command.arg("-n");
    for preference in ALONE {
        command.arg("-o").arg(preference);
    }
    command
}

#[test]
fn the_same_comparisons_pass_the_same_frames() {
    if peer("tshark").is_none() {
        return;
    }
    let (_folder, path) = plain_frames();
    let table = format!("io,stat,1,{}", EXPRESSIONS.join(","));
    let output = tshark().arg("-q").arg("-r").arg(&path).arg("-z").arg(table).output().expect("tshark runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut theirs = vec![Vec::new(); EXPRESSIONS.len()];
    for row in text.lines().filter(|line| line.contains(" <> ") && !line.contains("Interval")) {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let second: i64 = cells.next().and_then(|cell| cell.split(" <> ").next()?.parse().ok()).expect("a row begins with its time");
        for (place, frames) in cells.step_by(2).enumerate() {
            if frames == "1" {
                // The first frame is at second 0 of the table.
                theirs[place].push(second + 1);
            }
        }
    }
    assert!(
        theirs.iter().filter(|numbers| !numbers.is_empty()).count() > EXPRESSIONS.len() / 2,
        "tshark's table cannot be read: {text:.2000}"
    );
    compare("tshark", &path, EXPRESSIONS.iter().copied().zip(theirs).collect());
}

#[test]
fn the_same_sets_pass_the_same_frames() {
    if peer("tshark").is_none() {
        return;
    }
    let (_folder, path) = plain_frames();
    let answers = WITH_COMMAS.iter().map(|expression| {
        let output = tshark().arg("-r").arg(&path).arg("-Y").arg(expression).arg("-T").arg("fields").arg("-e").arg("frame.number").output();
        let text = output.expect("tshark runs").stdout;
        let theirs = String::from_utf8_lossy(&text).lines().map(|line| line.parse().expect("a frame's number")).collect();
        (*expression, theirs)
    });
    compare("tshark", &path, answers.collect());
}
