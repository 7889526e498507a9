//! What answers, and what does not: of hosts of one link, of probes of traceroute, of echoes, and of ports.

use super::links::{arp, card, story};
use super::made::{ACK, End, Made, SYN, echo, packet, segment, time_exceeded, told};

const HOST: [u8; 4] = [192, 168, 1, 11];
const FAR: [u8; 4] = [10, 130, 1, 4];
const RST: u8 = 4;

/// A question of the first host for another, at a time.
fn ask(at: u32, last: u8) -> Made {
    arp(at, None, (card(1), HOST), (None, [192, 168, 1, last]))
}

fn answer(at: u32, from: u8, last: u8) -> Made {
    arp(at, None, (card(from), [192, 168, 1, last]), (Some(card(1)), HOST))
}

#[test]
fn who_answers_beside_several_owners_has_none_of_their_addresses() {
    let beside = |second: u8| [ask(0, 2), answer(1, 2, 2), answer(2, 9, 2), ask(100, 3), answer(101, second, 3), answer(102, 9, 3)];
    let notes = told("subnet.arp-spoofing", &beside(3));
    assert_eq!((notes.len(), notes[0]["facts"]["hardware_address"].as_str()), (1, Some("02:00:00:00:00:09")));
    assert!(told("subnet.duplicate-address", &beside(3)).is_empty());
    // One other machine with one address twice is what it seems.
    let once = &beside(3)[..3];
    assert_eq!([told("subnet.arp-spoofing", once).len(), told("subnet.duplicate-address", once).len()], [0, 1]);
    let told = story(&beside(3));
    assert!(
        told.contains("192.168.1.3 is claimed by 02:00:00:00:00:03 (frame 5) and 02:00:00:00:00:09 (frame 6): see what is wrong"),
        "{told}"
    );
}

#[test]
fn an_answer_with_another_card_tells_that_the_address_moved() {
    let moved = [ask(0, 2), answer(1, 2, 2), ask(30_000, 2), answer(30_001, 3, 2)];
    assert_eq!(told("subnet.address-moved", &moved).len(), 1);
    assert!(told("subnet.address-moved", &[ask(0, 2), answer(1, 2, 2), ask(30_000, 2), answer(30_001, 2, 2)]).is_empty());
}

#[test]
fn who_is_sought_in_vain_is_told_with_who_answered_before() {
    let sought = |from: u32| [0, 1_000, 2_000].map(|later| ask(from + later, 2));
    let before = [vec![ask(0, 2), answer(1, 2, 2)], sought(60_000).to_vec()].concat();
    let told = story(&before);
    assert!(told.contains("Before, 02:00:00:00:00:02 answered for it"), "{told}");
    assert!(told.contains("To the last 3 questions the capture shows no answer."), "{told}");
    let beyond = |at: u32| arp(at, None, (card(1), HOST), (None, [192, 168, 77, 7]));
    let wide = story(&[ask(0, 2), answer(1, 2, 2), beyond(10), beyond(1_010), beyond(2_010)]);
    assert!(wide.contains("Only the first 17 bits of the two are the same"), "{wide}");
    assert!(wide.contains("It is off, or not on this link."), "{wide}");
}

#[test]
fn a_traceroute_by_tcp_arrives_where_its_calls_are_refused() {
    let probe = |number: u8, hop_limit: u8| {
        segment(u32::from(number) * 10, [(HOST, 50_000 + u16::from(number)), (FAR, 80)], hop_limit, (SYN, 0, 0), "")
    };
    let expired = |number: u8, router: [u8; 4]| {
        let quoted = probe(number, 1).bytes;
        time_exceeded(u32::from(number) * 10 + 1, router, HOST, 64 - number, &quoted[14..42])
    };
    let refused =
        |number: u8| segment(u32::from(number) * 10 + 1, [(FAR, 80), (HOST, 50_000 + u16::from(number))], 61, (RST | ACK, 0, 0), "");
    let frames = [
        probe(1, 1),
        expired(1, [192, 168, 1, 1]),
        probe(2, 2),
        expired(2, [10, 25, 1, 1]),
        probe(3, 3),
        refused(3),
        probe(4, 4),
        refused(4),
    ];
    let told = story(&frames);
    assert!(told.contains("The destination itself answered (frame 6).") && !told.contains("refused"), "{told}");
    assert!(super::made::told("handshake.refused", &frames).is_empty());
    let whole = [probe(3, 64), refused(3)];
    assert_eq!(super::made::told("handshake.refused", &whole).len(), 1);
    let of_neighbours = [probe(1, 1), refused(1), probe(2, 1), refused(2)];
    assert_eq!(
        super::made::told("handshake.refused", &of_neighbours).len(),
        1,
        "routers call their neighbours with 1 to live, which traces nothing"
    );
}

#[test]
fn a_host_that_speaks_is_not_called_down() {
    let asked = |number: u8| echo(u32::from(number) * 1_000, HOST, FAR, 64, false, number);
    let late = |at: u32| echo(at, [192, 168, 1, 12], HOST, 64, false, 9);
    let other = [echo(0, HOST, [192, 168, 1, 13], 64, false, 1), echo(1, [192, 168, 1, 13], HOST, 64, true, 1)];
    let silent = [other.to_vec(), vec![asked(1), asked(2), asked(3), late(9_000)]].concat();
    let text = |frames: &[Made]| told("icmp.echo-silent", frames)[0]["text"].as_str().expect("text").to_owned();
    assert!(text(&silent).ends_with("down, out of reach, or filtered"), "{}", text(&silent));
    let ends: [End; 2] = [(FAR, 80), (HOST, 50_000)];
    let speaks = [silent, vec![segment(9_001, ends, 61, (ACK, 1, 1), "here I am")]].concat();
    assert!(text(&speaks).contains("it is there"), "{}", text(&speaks));
}

#[test]
fn a_port_is_no_proof_of_what_is_spoken_there() {
    let ends: [End; 2] = [(HOST, 50_000), (FAR, 80)];
    let opened = [segment(0, ends, 64, (SYN, 0, 0), ""), segment(1, [ends[1], ends[0]], 61, (SYN | ACK, 0, 0), "")];
    let told = story(&opened);
    assert!(told.contains("answers on port 80, which is that of HTTP (frame 1)"), "{told}");
    let asked = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
    let spoken = [opened.to_vec(), vec![segment(2, ends, 64, (ACK, 0, 0), asked)]].concat();
    assert!(story(&spoken).contains("serves HTTP on port 80"), "{}", story(&spoken));
}

#[test]
fn what_a_scanner_says_of_its_segments_is_not_its_link() {
    let call = |at: u32, port: u16, size: u16| {
        let mut payload = [port.to_be_bytes(), 80_u16.to_be_bytes()].concat();
        payload.extend(u32::from(port).to_be_bytes());
        payload.extend([0, 0, 0, 0, 0x60, SYN, 0xff, 0, 0, 0, 0, 0, 2, 4]);
        payload.extend(size.to_be_bytes());
        packet(at, HOST, FAR, (6, 64), payload, 16)
    };
    let small = |frames: &[Made]| told("mtu.mss-small", frames).len();
    assert_eq!([small(&[call(0, 50_000, 1_400)]), small(&[call(0, 50_000, 1_460), call(500, 50_001, 1_400)])], [1, 0]);
}

#[test]
fn what_is_reported_behind_a_hole_is_not_called_unacknowledged() {
    let ends: [End; 2] = [(HOST, 50_000), (FAR, 9)];
    let back = [ends[1], ends[0]];
    let report = |at: u32, edges: Option<[u32; 2]>| {
        let mut payload = [ends[0].1.to_be_bytes(), ends[1].1.to_be_bytes()].concat();
        payload.extend([1_000_u32, 1_005].map(u32::to_be_bytes).concat());
        payload.extend([if edges.is_some() { 0x80 } else { 0x50 }, ACK, 0xff, 0, 0, 0, 0, 0]);
        if let Some([left, right]) = edges {
            payload.extend([1, 1, 5, 10]);
            payload.extend([left, right].map(u32::to_be_bytes).concat());
        }
        packet(at, HOST, FAR, (6, 64), payload, 16)
    };
    let begin = [
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(1, back, 61, (SYN | ACK, 0, 0), ""),
        segment(2, ends, 64, (ACK, 0, 0), ""),
        segment(3, back, 61, (ACK, 0, 0), "first"),
        segment(4, back, 61, (ACK, 5, 0), "second"),
        segment(5, back, 61, (ACK, 11, 0), "third"),
    ];
    let ended = |last: Made| story(&[begin.to_vec(), vec![last]].concat());
    let lacking = ended(report(6, Some([1_011, 1_016])));
    assert!(lacking.contains("By the end the client still lacked some of what the server sent") && !lacking.contains("never"), "{lacking}");
    let plain = ended(report(6, None));
    assert!(plain.contains("the last 11 bytes were never acknowledged"), "{plain}");
}

#[test]
fn a_time_that_is_too_long_for_its_column_takes_nothing_of_what_happened() {
    let sent = |at: u32, from: [u8; 4]| super::made::datagram(at, [(from, 50_000), (FAR, 9)], 64, b"x");
    let ran = super::made::run(&["explain", "-n"], &[sent(0, HOST), sent(u32::MAX, [192, 168, 100, 200])]);
    assert!(ran.out.contains("\n1193 h 02 min\n              192.168.100.200 sent 1 datagram"), "{}", ran.out);
}

#[test]
fn a_packet_that_fits_is_not_too_large() {
    let told = |fits: u16| {
        let sent = super::made::datagram(0, [(HOST, 50_000), (FAR, 9)], 64, &[b'x'; 1_032]);
        let [high, low] = fits.to_be_bytes();
        let report = [&[3, 4, 0, 0, 0, 0, high, low], &sent.bytes[14..42]].concat();
        let refused = packet(1, [10, 25, 1, 1], HOST, (1, 63), report, 2);
        story(&[sent, refused])
    };
    assert!(told(1_500).contains("a packet of 1,060 bytes to 10.130.1.4 is too large for the next link, which takes 1500: that cannot be"));
    assert!(told(1_000).contains("is too large for the next link, which takes 1000 bytes, and must not be cut"));
}
