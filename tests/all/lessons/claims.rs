//! What frames show is claimed, and no more: each rule beside what is close to it, and is something else.

use super::links::{arp, card, icmpv6};
use super::made::{ACK, End, Made, SYN, datagram, echo, packet, run, run_on, segment, told};
use serde_json::json;

const FIN: u8 = 1;
pub(super) const HOST: [u8; 4] = [192, 168, 1, 5];
const OTHER: [u8; 4] = [192, 168, 1, 6];
const DOMAIN: [u8; 4] = [192, 168, 1, 1];
pub(super) const FAR: [u8; 4] = [203, 0, 113, 5];

fn story(frames: &[Made]) -> String {
    run(&["explain"], frames).out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A host asks for the address of a name of one letter under `example`, and is told the far one.
pub(super) fn looked_up(at: u32, host: [u8; 4], letter: u8) -> Vec<Made> {
    looked_up_at(DOMAIN, at, host, letter)
}

/// The same, asked of that server.
fn looked_up_at(server: [u8; 4], at: u32, host: [u8; 4], letter: u8) -> Vec<Made> {
    let name = [b"\x01", [letter].as_slice(), b"\x07example\0\0\x01\0\x01"].concat();
    let number = (at / 100) as u8;
    let message = |flags: [u8; 2], answers: u8| [&[0, number, flags[0], flags[1], 0, 1, 0, answers, 0, 0, 0, 0], name.as_slice()].concat();
    let told = [message([0x81, 0x80], 1).as_slice(), &[0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4], &FAR].concat();
    let ends: [End; 2] = [(host, 40_000 + u16::from(number)), (server, 53)];
    vec![datagram(at, ends, 64, &message([1, 0], 0)), datagram(at + 1, [ends[1], ends[0]], 64, &told)]
}

/// A connection that is opened and says something.
pub(super) fn connected(at: u32, ends: [End; 2], said: &str) -> Vec<Made> {
    let back = [ends[1], ends[0]];
    let length = said.len() as u32;
    vec![
        segment(at, ends, 64, (SYN, 0, 0), ""),
        segment(at + 20, back, 55, (SYN | ACK, 0, 0), ""),
        segment(at + 21, ends, 64, (ACK, 0, 0), ""),
        segment(at + 22, ends, 64, (ACK, 0, 0), said),
        segment(at + 42, back, 55, (ACK, 0, length), "x"),
        segment(at + 43, ends, 64, (ACK | FIN, length, 1), ""),
    ]
}

#[test]
fn of_several_names_of_an_address_the_one_is_told_that_was_looked_up_last() {
    let both = [looked_up(0, HOST, b'a'), looked_up(1_000, HOST, b'b')].concat();
    let ends = |host, port| [(host, port), (FAR, 4_433)];
    let told = story(&[both.clone(), connected(2_000, ends(HOST, 50_000), "hello")].concat());
    assert!(told.contains("connected to port 4433 of b.example (203.0.113.5)"), "{told}");
    assert!(told.contains("b.example is 9 routers away"), "{told}");
    // The first was looked up again, or looked up alone before the connection began.
    let told = story(&[both.clone(), looked_up(1_500, HOST, b'a'), connected(2_000, ends(HOST, 50_000), "hello")].concat());
    assert!(told.contains("of a.example (203.0.113.5)"), "{told}");
    let told = story(&[looked_up(0, HOST, b'a'), connected(100, ends(HOST, 50_000), "hello"), looked_up(1_000, HOST, b'b')].concat());
    assert!(told.contains("of a.example (203.0.113.5)"), "{told}");
    // Who looked nothing up means either of them; where there is but one name it is that.
    let told = story(&[both.clone(), connected(2_000, ends(OTHER, 50_000), "hello")].concat());
    assert!(told.contains("192.168.1.6 connected to port 4433 of 203.0.113.5 (frames"), "{told}");
    let told = story(&[looked_up(0, HOST, b'a'), connected(2_000, ends(OTHER, 50_000), "hello")].concat());
    assert!(told.contains("192.168.1.6 connected to port 4433 of a.example (203.0.113.5)"), "{told}");
    // What it says itself is meant, whatever it looked up.
    let asks = "GET / HTTP/1.1\r\nHost: a.example:80\r\n\r\n";
    let told = story(&[both.clone(), connected(2_000, [(HOST, 50_000), (FAR, 80)], asks)].concat());
    assert!(told.contains("connected to port 80 of a.example (203.0.113.5)"), "{told}");
}

#[test]
fn every_verb_calls_an_address_of_several_names_by_the_one_that_is_meant() {
    let both = [looked_up(0, HOST, b'a'), looked_up(1_000, HOST, b'b')].concat();
    let said = |verb: &[&str], frames: &[Made]| run(verb, frames).out;
    let ends = [(HOST, 50_000), (FAR, 4_433)];
    let frames = [both.clone(), connected(2_000, ends, "hello"), looked_up(3_000, HOST, b'a')].concat();
    for (verb, wanted, other) in [
        (&["read"][..], "b.example:4433", "a.example:4433"),
        (&["read", "-q"], "b.example:4433", "a.example:4433"),
        (&["conversations"], "b.example:4433", "a.example:4433"),
        (&["conversations", "-v"], "b.example:4433", "a.example:4433"),
        (&["conversations", "--json"], "4433,\"name\":\"b.example\"", "4433,\"name\":\"a.example\""),
    ] {
        let told = said(verb, &frames);
        assert!(told.contains(wanted) && !told.contains(other), "{verb:?} {told}");
    }
    // What the connection says is meant from there on; before, what was looked up last.
    let asks = "GET / HTTP/1.1\r\nHost: a.example:80\r\n\r\n";
    let frames = [both.clone(), connected(2_000, [(HOST, 50_000), (FAR, 80)], asks)].concat();
    let told = said(&["read"], &frames);
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("example:80")).collect();
    assert!(lines[0].contains("b.example:80") && lines[0].contains("203.0.113.5 is b.example"), "{told}");
    assert!(lines[4].contains("a.example:80 > ") && lines[4].contains("203.0.113.5 is a.example, DNS answer in frame 2"), "{told}");
    let told = said(&["conversations"], &frames);
    assert!(told.contains("a.example:80") && !told.contains("b.example:80"), "{told}");
    let told = said(&["http", "-v"], &frames);
    assert!(told.contains("203.0.113.5:80 (a.example, DNS answer in frame 2; also b.example)"), "{told}");
    // Who looked nothing up may mean either.
    let frames = [both, connected(2_000, [(OTHER, 50_000), (FAR, 4_433)], "hello")].concat();
    for verb in ["read", "conversations"] {
        let told = said(&[verb], &frames);
        assert!(told.contains("203.0.113.5:4433") && !told.contains("example:4433"), "{told}");
    }
}

#[test]
fn a_router_that_takes_itself_back_is_a_gateway_no_longer_and_two_cards_are_two() {
    let router = |at: u32, lifetime: u8, last: u8| {
        let message = [&[134, 0, 0, 0, 64, 0, 0, lifetime, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1], card(last).as_slice()].concat();
        icmpv6(at, card(last), ["fe80::1", "ff02::1"], &message)
    };
    let told = story(&[router(0, 100, 1), router(1_000, 0, 1)]);
    assert!(told.contains("was the gateway to other networks until frame 2 (a router told everybody, frame 1)"), "{told}");
    assert!(!told.contains("is the gateway"), "{told}");
    let told = story(&[router(0, 100, 1), router(1_000, 0, 1), router(2_000, 100, 1)]);
    assert!(told.contains("is the gateway to other networks"), "{told}");
    assert!(!told.contains("with the hardware address"), "{told}");
    let told = story(&[router(0, 100, 1), router(1_000, 100, 2)]);
    for last in ["1", "2"] {
        assert!(told.contains(&format!("The router fe80::1 with the hardware address 02:00:00:00:00:0{last} told everybody")), "{told}");
    }
}

#[test]
fn who_takes_the_address_of_the_gateway_is_none_by_its_own() {
    let ask = |at: u32, from: u8, last: u8, target: u8| arp(at, None, (card(from), [192, 168, 1, last]), (None, [192, 168, 1, target]));
    let answer = |at: u32, owner: u8, last: u8| arp(at, None, (card(owner), [192, 168, 1, last]), (Some(card(5)), HOST));
    let ping = |at: u32, to: u8, number: u8| {
        let mut ping = echo(at, HOST, FAR, 64, false, number);
        ping.bytes[..12].copy_from_slice(&[card(to), card(5)].concat());
        ping
    };
    let frames = |last: u8| {
        let taken = answer(20_000, 66, last);
        vec![ask(0, 5, 5, 1), answer(1, 1, 1), ask(2, 66, 66, 5), ping(10, 1, 1), taken, ping(30_000, 66, 2)]
    };
    let told = story(&frames(1));
    assert!(!told.contains("192.168.1.66 is the gateway"), "{told}");
    assert!(told.contains("02:00:00:00:00:01 (frame 2) and 02:00:00:00:00:42 (frame 5, the card of 192.168.1.66 too)"), "{told}");
    // A second gateway that claims nothing of the first is one.
    let told = story(&frames(66));
    assert!(told.contains("192.168.1.66 is the gateway") && !told.contains("the card of"), "{told}");
}

#[test]
fn of_a_trace_each_probe_is_a_packet_of_its_own() {
    let probes = |step: u8| (0..5).map(|time: u8| echo(u32::from(time) * 50, HOST, FAR, 30 - step * time, false, 1)).collect::<Vec<Made>>();
    let told = story(&probes(1));
    assert!(told.contains("whether it is there (ping), 5 times,") && !told.contains("came by"), "{told}");
    // What comes back with 2 less between the same cards goes in a circle.
    let told = story(&probes(2));
    assert!(told.contains("The packet came by 5 times."), "{told}");
}

#[test]
fn what_is_folded_is_counted_without_copies() {
    let ends = |port| [(HOST, port), (FAR, 7_000)];
    let sent = |at, port, hop_limit| datagram(at, ends(port), hop_limit, b"abcdef");
    let told = story(&[sent(0, 5_000, 64), sent(1, 5_000, 63), sent(100, 5_001, 64), sent(101, 5_001, 63)]);
    assert!(told.contains("1 more conversation of the same kind went the same way, with 6 bytes"), "{told}");
    let told = story(&[sent(0, 5_000, 64), sent(100, 5_001, 64), sent(1_000, 5_001, 64)]);
    assert!(told.contains("went the same way, with 12 bytes"), "{told}");
}

#[test]
fn of_wrong_checksums_it_is_told_how_many_there_are_and_how_many_were_taken() {
    let ends = [(HOST, 50_000), (FAR, 8_080)];
    let back = [ends[1], ends[0]];
    let answer = |at, own, said| segment(at, back, 55, (ACK, own, 5), said).spoilt();
    let mut frames = vec![
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(20, back, 55, (SYN | ACK, 0, 0), "").spoilt(),
        segment(21, ends, 64, (ACK, 0, 0), ""),
        segment(22, ends, 64, (ACK, 0, 0), "hello"),
        answer(42, 0, "one"),
        segment(43, ends, 64, (ACK, 5, 3), ""),
        answer(62, 3, "two"),
    ];
    let note = told("capture.checksum-changed", &frames);
    assert_eq!([&note[0]["facts"]["bad"], &note[0]["facts"]["taken"], &note[0]["facts"]["verified"]], [&json!(3), &json!(2), &json!(3)]);
    let text = note[0]["text"].as_str().expect("text");
    assert!(text.starts_with("all 3 TCP checksums of 203.0.113.5 are wrong here, and 2 of those were right on the wire"), "{text}");
    frames.push(segment(63, ends, 64, (ACK, 5, 6), ""));
    let note = told("capture.checksum-changed", &frames);
    let text = note[0]["text"].as_str().expect("text");
    assert!(text.starts_with("3 of 3 TCP checksums of 203.0.113.5 are wrong here and were right on the wire"), "{text}");
}

/// A frame of 802.11 between an access point and a station, and what it carries.
fn air(at: u32, is_station: bool, is_encrypted: bool, said: &[u8]) -> Made {
    let [from, to] = if is_station { [card(2), card(1)] } else { [card(1), card(2)] };
    let flags = u8::from(is_station) + 2 * u8::from(!is_station) + 0x40 * u8::from(is_encrypted);
    Made { at, bytes: [&[8, flags, 0, 0], to.as_slice(), &from, &card(1), &[0, 0], said].concat() }
}

#[test]
fn that_both_have_the_key_is_inferred_where_the_proof_is_not_in_the_capture() {
    let key = |at: u32, is_station: bool, says: u16, data: u8| {
        let mut said = vec![0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e, 1, 3, 0, 95 + data, 2];
        said.extend(says.to_be_bytes());
        said.resize(8 + 98, 0);
        said.push(data);
        said.resize(8 + 99 + usize::from(data), 7);
        air(at, is_station, false, &said)
    };
    let handshake = [key(0, false, 0x008a, 0), key(1, true, 0x010a, 22), key(2, false, 0x13ca, 56), key(3, true, 0x030a, 0)];
    let data = air(10, true, true, &[0; 40]);
    let tell = |frames: &[Made]| run_on(105, &["explain", "-n"], frames).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = tell(&[&handshake[..], std::slice::from_ref(&data)].concat());
    assert!(whole.contains("Both proved that they have the same key (frames 1-3): it is on the network."), "{whole}");
    let half = tell(&[&handshake[..2], &[data]].concat());
    assert!(half.contains("Both have the same key (inferred from frames 1, 2 and 3): frame 3 is only sent once they do"), "{half}");
    // The third message alone shows that the access point heard the second.
    let one_side = tell(&[handshake[0].clone(), handshake[2].clone()]);
    assert!(one_side.contains("(inferred from frames 1 and 2)") && !one_side.contains("proved"), "{one_side}");
}

#[test]
fn a_syn_that_was_changed_on_its_way_was_sent_once() {
    let ends = [(HOST, 50_000), (FAR, 80)];
    let again = |at: u32| segment(at, ends, 63, (SYN, 0, 0), "").with_window(2_920);
    let told = story(&[segment(0, ends, 64, (SYN, 0, 0), ""), again(1)]);
    assert!(told.contains("tried to connect to port 80 of 203.0.113.5, and the capture shows no answer"), "{told}");
    let told = story(&[segment(0, ends, 64, (SYN, 0, 0), ""), again(1_000)]);
    assert!(told.contains("tried to connect to port 80 of 203.0.113.5, 2 times in 1.000 s"), "{told}");
}

#[test]
fn echoes_that_only_a_size_keeps_from_being_answered_on_one_link_meet_two_mtus() {
    let large = |at: u32, hop_limit: u8, number: u8| {
        let mut body = vec![8, 0, 0, 0, 0, 8, 0, number];
        body.resize(3_000, 1);
        packet(at, HOST, FAR, (1, hop_limit), body, 2)
    };
    let frames = |from: u8| {
        vec![
            echo(0, HOST, FAR, 64, false, 1),
            echo(1, FAR, HOST, from, true, 1),
            large(1_000, 64, 2),
            large(2_000, 64, 3),
            large(3_000, 64, 4),
            segment(9_000, [(HOST, 1), (FAR, 2)], 64, (ACK, 0, 0), ""),
        ]
    };
    let text = |from: u8| told("icmp.echo-silent", &frames(from))[0]["text"].as_str().expect("text").to_owned();
    assert!(text(64).ends_with("none of 3,020 or more: two MTUs on one link"), "{}", text(64));
    assert!(text(61).ends_with("none of 3,020 or more"), "{}", text(61));
    // What to try fits both: a router that says nothing, and a link without a router.
    let story = story(&frames(64));
    assert!(story.contains("see mtu.black-hole where a router lies between, and mtu.mismatch where both are on one link"), "{story}");
}

const ASKS: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const ANSWERS: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A connection in which the client asks some milliseconds after it stands.
fn asked_after(pause: u32) -> Vec<Made> {
    let ends = [(HOST, 50_000), (FAR, 80)];
    let (back, asked) = ([ends[1], ends[0]], ASKS.len() as u32);
    vec![
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(20, back, 55, (SYN | ACK, 0, 0), ""),
        segment(21, ends, 64, (ACK, 0, 0), ""),
        segment(21 + pause, ends, 64, (ACK, 0, 0), ASKS),
        segment(41 + pause, back, 55, (ACK, 0, asked), ANSWERS),
        segment(42 + pause, ends, 64, (ACK | FIN, asked, ANSWERS.len() as u32), ""),
    ]
}

#[test]
fn a_client_that_is_long_in_asking_is_told_as_what_took_the_time() {
    let told = story(&asked_after(1_345));
    assert!(told.contains("The client had nothing to say for 1.345 s (frames 3, 4). It asked GET"), "{told}");
    assert!(!story(&asked_after(300)).contains("nothing to say"));
}

#[test]
fn an_address_that_a_router_replaces_is_told_where_the_connection_stood_before() {
    let inside = [(HOST, 50_000), (FAR, 80)];
    let outside = [([198, 51, 100, 7], 50_000), (FAR, 80)];
    let sent = |ends: [End; 2], at, hop_limit| segment(at, ends, hop_limit, (ACK, 5, 7), "hello");
    let answered = |[from, to]: [End; 2], at, hop_limit| segment(at, [to, from], hop_limit, (ACK, 7, 10), "world");
    let facts = |frames: &[Made]| {
        let notes = told("address.translated", frames);
        notes.iter().map(|note| [note["facts"]["host"].clone(), note["facts"]["outside"].clone()]).collect::<Vec<_>>()
    };
    let both = [json!("192.168.1.5"), json!("198.51.100.7")];
    assert_eq!(facts(&[sent(inside, 0, 64), sent(outside, 1, 63)]), std::slice::from_ref(&both));
    assert_eq!(facts(&[answered(outside, 0, 62), answered(inside, 1, 61)]), [both]);
    // Two clients whose numbers differ, or whose packets have passed no router in between.
    assert!(facts(&[sent(inside, 0, 64), segment(1, outside, 63, (ACK, 6, 7), "hello")]).is_empty());
    assert!(facts(&[sent(inside, 0, 64), sent(outside, 1, 64)]).is_empty());
}

#[test]
fn that_a_receiver_was_full_several_times_is_told_in_one_sum() {
    let ends = [(HOST, 50_000), (FAR, 9)];
    let back = [ends[1], ends[0]];
    let window = |at, size| segment(at, back, 55, (ACK, 0, 5), "").with_window(size);
    let opened = vec![
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(20, back, 55, (SYN | ACK, 0, 0), ""),
        segment(21, ends, 64, (ACK, 0, 0), ""),
        segment(22, ends, 64, (ACK, 0, 0), "hello"),
        window(42, 0),
        window(400, 1_000),
    ];
    let told = story(&opened);
    assert!(told.contains("203.0.113.5 could take no more for 358.000 ms"), "{told}");
    let told = story(&[opened, vec![window(500, 0), window(900, 1_000)]].concat());
    assert!(told.contains("could take no more 2 times, for 758.000 ms in all") && !told.contains("no more for"), "{told}");
}

#[test]
fn pings_that_a_tunnel_carries_are_told_as_pings() {
    let carried = |at: u32, ping: &Made, [from, to]: [[u8; 4]; 2]| {
        let said = [&[8, 0, 0, 0, 0, 0, 42, 0], ping.bytes.as_slice()].concat();
        datagram(at, [(from, 50_000), (to, 4_789)], 64, &said)
    };
    let [here, there] = [[10, 9, 0, 1], [10, 9, 0, 2]];
    let frames: Vec<Made> = (0..2_u8)
        .flat_map(|number| {
            let at = u32::from(number) * 1_000;
            let [asks, answers] = [echo(0, HOST, FAR, 64, false, number), echo(0, FAR, HOST, 64, true, number)];
            [carried(at, &asks, [here, there]), carried(at + 5, &answers, [there, here])]
        })
        .collect();
    let told = story(&frames);
    assert!(
        told.contains("192.168.1.5 asked 203.0.113.5 whether it is there (ping), 2 times, and got 2 answers, after 5.000 ms"),
        "{told}"
    );
    assert!(!told.contains("speak ICMP"), "{told}");
}

#[test]
fn who_only_resets_what_it_gets_serves_nothing_and_was_not_spoken_to() {
    let tried = |port: u16| {
        let ends = [(HOST, 50_000), (FAR, port)];
        let at = u32::from(port) * 10;
        vec![segment(at, ends, 64, (ACK, 0, 5), ""), segment(at + 1, [ends[1], ends[0]], 55, (4, 5, 0), "")]
    };
    let told = story(&[tried(1), tried(2), tried(3)].concat());
    assert!(told.contains("sent a segment to port 1 of 203.0.113.5, which knew no such connection and refused (reset)"), "{told}");
    assert!(told.contains("2 more conversations of the same kind went the same way, at ports 2 and 3"), "{told}");
    assert!(!told.contains("serves") && !told.contains("spoke over TCP"), "{told}");
    // Who said something before it broke off serves it.
    let ends = [(FAR, 9), (HOST, 50_000)];
    let said = vec![segment(0, ends, 55, (ACK, 0, 5), "bye"), segment(5, ends, 55, (4 | ACK, 3, 5), "")];
    let told = story(&[vec![segment(0, [ends[1], ends[0]], 64, (ACK, 0, 0), "hello")], said].concat());
    assert!(told.contains("spoke over TCP, port 9"), "{told}");
}

#[test]
fn what_was_lost_together_is_told_with_its_whole_size() {
    let ends = [(FAR, 80), (HOST, 50_000)];
    let back = [ends[1], ends[0]];
    let said = |length: usize| "x".repeat(length);
    let sends = |at, own, length| segment(at, ends, 55, (ACK, own, 5), &said(length));
    let hears = |at, other| segment(at, back, 64, (ACK, 5, other), "");
    let frames = |second: usize| {
        vec![
            segment(0, back, 64, (SYN, 0, 0), ""),
            segment(20, ends, 55, (SYN | ACK, 0, 0), ""),
            segment(21, back, 64, (ACK, 0, 0), ""),
            segment(22, back, 64, (ACK, 0, 0), "hello"),
            // Of 3,000 bytes 1,000 in the middle did not come here.
            sends(42, 0, 1_000),
            sends(43, 2_000, 1_000),
            hears(44, 1_000),
            sends(300, 1_000, second),
            sends(301, 1_000 + second as u32, 1_000 - second),
            hears(302, 3_000),
            sends(800, 3_000, 10),
            hears(801, 3_010),
        ]
    };
    let note = told("loss.lost", &frames(800));
    assert_eq!((&note[0]["facts"]["bytes"], note.len()), (&json!(1_000), 1), "{note:?}");
    assert_eq!(note[0]["evidence"], json!([8, 9, 10]));
}

#[test]
fn whether_a_side_had_more_to_say_is_not_told_where_nothing_of_it_is_there() {
    let ends: [End; 2] = [(HOST, 50_000), (FAR, 4_433)];
    let whole = connected(0, ends, "hello");
    let told = story(&whole);
    assert!(told.contains("The client has said all that it has to say; the other has not."), "{told}");
    let of_client: Vec<Made> = [0, 2, 3, 5].map(|place| whole[place].clone()).into();
    let told = story(&of_client);
    assert!(told.contains("The client has said all that it has to say.") && !told.contains("the other has not"), "{told}");
}

#[test]
fn whom_a_host_asked_has_an_address_that_it_knew_before_the_answer() {
    let use_of_far = |server| [looked_up_at(server, 0, HOST, b'a'), connected(400_000, [(HOST, 50_000), (FAR, 4_433)], "hello")].concat();
    assert!(story(&use_of_far(DOMAIN)).contains("too late"), "it was good for 300 s");
    let told = story(&use_of_far(FAR));
    assert!(!told.contains("too late") && !told.contains("is from the look-up"), "{told}");
}

#[test]
fn what_a_router_passes_on_is_counted_once_also_where_nobody_answers_a_low_port() {
    let ends: [End; 2] = [(HOST, 5), (OTHER, 9_000)];
    let twice = |at, text: &[u8]| vec![datagram(at, ends, 64, text), datagram(at + 1, ends, 63, text)];
    let told = story(&[twice(0, b"one of them"), twice(100, b"two of them")].concat());
    assert!(told.contains("192.168.1.5 sent 2 datagrams from port 5 to 192.168.1.6, with 22 bytes;"), "{told}");
    assert!(told.contains("The capture has 2 more frames of the same packets"), "{told}");
}
