//! What proves the rules on name.

use super::claims::{FAR, HOST, connected, looked_up};
use super::made::{ACK, Made, run, segment, told};
use super::{Case, fired, hold};
use serde_json::Value;

const RST: u8 = 4;

const CASES: &[Case] = &[
    Case { rule: "name.from-lookup", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.expired", fires: &["captures/dns-expired.pcapng"], near_miss: &["captures/dns-renewed.pcapng"] },
    Case { rule: "name.no-such-name", fires: &["captures/dns.pcapng"], near_miss: &["captures/dns-refused.pcapng"] },
    Case { rule: "name.no-record", fires: &["captures/dns.pcapng"], near_miss: &["captures/dns-search-in-vain.pcapng"] },
    Case { rule: "name.server-failed", fires: &["captures/dns-refused.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.asked-again", fires: &["captures/dns-asked-again.pcapng"], near_miss: &["captures/dns-refused.pcapng"] },
    Case { rule: "name.no-answer", fires: &["captures/dns-all-silent.pcapng"], near_miss: &["captures/dns-asked-again.pcapng"] },
    Case { rule: "name.search-domain", fires: &["captures/dns-search.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.ipv6-first", fires: &["captures/happy-eyeballs.pcapng"], near_miss: &["captures/ipv6-first.pcapng"] },
    Case { rule: "name.truncated", fires: &["captures/dns-truncated.pcapng.gz"], near_miss: &["captures/dns-fragments.pcapng"] },
    Case { rule: "name.alias", fires: &["captures/dns.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "name.reverse", fires: &["captures/dns.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "name.local", fires: &["captures/names-of-the-link.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.slow", fires: &["captures/dns-slow.pcapng"], near_miss: &["captures/dns-asked-again.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("name", CASES);
}

/// A capture of a question and its answer, whose code has its low four bits in the header and the others in an OPT record (RFC 6891 6.1.3).
fn answered_with(code: u16) -> Vec<u8> {
    let name = b"\x03www\x07example\x03com\0";
    let message = |flags: u16| {
        let mut message = [[0x12, 0x34], flags.to_be_bytes(), [0, 1], [0, 0], [0, 0], [0, 1]].concat();
        message.extend([&name[..], &[0, 1, 0, 1, 0, 0, 41, 0x04, 0xd0]].concat());
        message.extend([if flags == 0 { 0 } else { (code >> 4) as u8 }, 0, 0, 0, 0, 0]);
        message
    };
    let mut capture =
        [&0xa1b2_c3d4_u32.to_le_bytes()[..], &[2, 0, 4, 0], &[0; 8], &65_535_u32.to_le_bytes(), &101_u32.to_le_bytes()].concat();
    let (client, server) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    for (second, from, to, ports, flags) in
        [(1_u32, client, server, [40_000_u16, 53], 0), (2, server, client, [53, 40_000], 0x8000 | code & 0x0f)]
    {
        let message = message(flags);
        let length = |head: usize| u16::try_from(head + message.len()).expect("a short message").to_be_bytes();
        let mut packet = [&[0x45, 0][..], &length(28), &[0, 0, 0, 0, 64, 17, 0, 0], &from, &to].concat();
        packet.extend([&ports[0].to_be_bytes()[..], &ports[1].to_be_bytes(), &length(8), &[0, 0], &message].concat());
        let size = u32::try_from(packet.len()).expect("a short packet").to_le_bytes();
        capture.extend([&second.to_le_bytes()[..], &[0; 4], &size, &size, &packet].concat());
    }
    capture
}

/// With these codes a server asks for the question in another form, and gets it: nothing has failed.
#[test]
fn what_is_asked_again_in_another_form_has_not_failed() {
    let folder = tempfile::tempdir().expect("a folder");
    for (code, fails) in [(16, false), (23, false), (2, true), (5, true)] {
        let path = folder.path().join(format!("{code}.pcap"));
        std::fs::write(&path, answered_with(code)).expect("it can be written");
        assert_eq!(fired(&[path.to_str().expect("UTF-8")]).contains("name.server-failed"), fails, "code {code}");
    }
}

#[test]
fn a_server_that_answers_nobody_is_told_though_another_answers() {
    assert!(fired(&["captures/dns-silent.pcapng"]).contains("name.no-answer"));
}

/// A connection that asks for a page of this host.
fn asks(at: u32, host: &str) -> Vec<Made> {
    connected(at, [(HOST, 50_000), (FAR, 80)], &format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"))
}

fn members(notes: &[Value], member: &str) -> Vec<String> {
    notes.iter().map(|note| note["facts"][member].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn of_several_names_of_an_address_the_look_up_is_told_of_the_one_that_the_connection_says() {
    let both = [looked_up(0, HOST, b'a'), looked_up(1_000, HOST, b'b')].concat();
    for (host, named) in [("a.example", "a.example"), ("b.example:80", "b.example"), ("B", "b.example"), ("a.example.", "a.example")] {
        let notes = told("name.from-lookup", &[both.clone(), asks(2_000, host)].concat());
        assert_eq!(members(&notes, "name"), [named], "{host}");
    }
    let notes = told("name.from-lookup", &[both.clone(), asks(2_000, "a.example")].concat());
    assert_eq!(notes[0]["evidence"], serde_json::json!([1, 2, 5]));
    // What does not say it was opened for the name that was looked up last.
    for said in ["hello", ""] {
        let frames = [both.clone(), connected(2_000, [(HOST, 50_000), (FAR, 4_433)], said)].concat();
        assert_eq!(members(&told("name.from-lookup", &frames), "name"), ["b.example"], "{said}");
        assert_eq!(members(&told("name.from-lookup", &frames[..5]), "name"), ["b.example"], "a SYN alone");
    }
    // Neither of the look-ups was for another name, or for an address as it is written.
    for host in ["c.example", "203.0.113.5"] {
        assert_eq!(told("name.from-lookup", &[both.clone(), asks(2_000, host)].concat()), [] as [Value; 0], "{host}");
    }
}

#[test]
fn nobody_uses_a_look_up_too_late_who_says_the_address_itself() {
    let late = |host: &str| told("name.expired", &[looked_up(0, HOST, b'a'), asks(400_000, host)].concat());
    for host in ["a.example", "a.example:80"] {
        assert_eq!(members(&late(host), "name"), ["a.example"], "{host}");
        assert_eq!(late(host)[0]["facts"]["age_ms"], 399_999.0);
    }
    for host in ["203.0.113.5", "203.0.113.5:80", "other.example"] {
        assert_eq!(late(host), [] as [Value; 0], "{host}");
    }
}

#[test]
fn what_is_awaited_is_told_as_soon_as_it_cannot_be_said_any_more() {
    let frame_of = |frames: &[Made]| {
        let ran = run(&["read", "--json"], frames);
        let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        let has = |line: &&Value| line["notes"].as_array().is_some_and(|notes| notes.iter().any(|note| note["rule"] == "name.expired"));
        lines.iter().find(has).and_then(|line| line["number"].as_u64())
    };
    let late = |said: &str| [looked_up(0, HOST, b'a'), connected(400_000, [(HOST, 50_000), (FAR, 80)], said)].concat();
    assert_eq!(frame_of(&late("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")), Some(6), "with the name");
    assert_eq!(frame_of(&late("hello")), Some(6), "with what names nothing");
    assert_eq!(frame_of(&late("GET / HTTP/1.1\r\n")), Some(7), "with the answer to a head that goes on elsewhere");
    let mut refused = late("")[..4].to_vec();
    refused[3] = segment(400_001, [(FAR, 80), (HOST, 50_000)], 55, (RST | ACK, 0, 0), "");
    assert_eq!(frame_of(&refused), Some(4), "with the refusal");
    // A head in two segments says it in the second.
    let mut literal = late("GET / HTTP/1.1\r\n");
    literal.insert(6, segment(400_030, [(HOST, 50_000), (FAR, 80)], 64, (ACK, 16, 0), "Host: 203.0.113.5\r\n\r\n"));
    assert_eq!(frame_of(&literal), None);
}

/// A hello of TLS that names its server.
fn hello(name: &str) -> String {
    let length = name.len() as u8;
    let names = [&[0, 0, 0, length + 5, 0, length + 3, 0, 0, length][..], name.as_bytes()].concat();
    let body = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0x13, 1, 1, 0], &[0, names.len() as u8], &names].concat();
    let length = body.len() as u8;
    let record = [&[22, 3, 1, 0, length + 4, 1, 0, 0, length][..], &body].concat();
    String::from_utf8(record).expect("no byte is above 127")
}

#[test]
fn what_a_hello_names_counts_also_where_it_comes_in_two_segments() {
    let both = [looked_up(0, HOST, b'a'), looked_up(1_000, HOST, b'b')].concat();
    let ends = [(HOST, 50_000), (FAR, 443)];
    let frames = |name: &str, cut: usize| {
        let hello = hello(name);
        let (first, rest) = hello.split_at(cut);
        let mut frames = [both.clone(), connected(2_000, ends, first)].concat();
        frames.truncate(8);
        frames.extend([
            segment(2_030, ends, 64, (ACK, first.len() as u32, 0), rest),
            segment(2_050, [ends[1], ends[0]], 55, (ACK, 0, hello.len() as u32), "x"),
        ]);
        frames
    };
    for cut in [3, 20, 60] {
        for name in ["a.example", "b.example"] {
            assert_eq!(members(&told("name.from-lookup", &frames(name, cut)), "name"), [name], "{name} {cut}");
        }
        assert!(told("name.from-lookup", &frames("c.example", cut)).is_empty());
    }
}
