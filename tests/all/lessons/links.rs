//! What hosts of one link say of each other, where several links, routers or answers are easily taken for one.

use super::made::{ACK, End, Made, SYN, datagram, echo, packet, run, segment, told};
use std::net::Ipv6Addr;

const HOST: [u8; 4] = [192, 168, 1, 11];
const OTHER: [u8; 4] = [192, 168, 1, 12];
const FAR: [u8; 4] = [10, 130, 1, 4];
const FIN: u8 = 1;
const RST: u8 = 4;

pub(super) fn card(last: u8) -> [u8; 6] {
    [2, 0, 0, 0, 0, last]
}

/// A question for a hardware address, or with `to` the answer to it; in a VLAN, where one is given.
pub(super) fn arp(at: u32, vlan: Option<u16>, (from, own): ([u8; 6], [u8; 4]), (to, other): (Option<[u8; 6]>, [u8; 4])) -> Made {
    let mut bytes = [to.unwrap_or([0xff; 6]), from].concat();
    if let Some(vlan) = vlan {
        bytes.extend([0x81, 0, vlan.to_be_bytes()[0], vlan.to_be_bytes()[1]]);
    }
    bytes.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, if to.is_some() { 2 } else { 1 }]);
    bytes.extend([from.as_slice(), &own, &to.unwrap_or_default(), &other].concat());
    Made { at, bytes }
}

/// A message of ICMPv6 from a card and an address to all.
pub(super) fn icmpv6(at: u32, from: [u8; 6], [source, destination]: [&str; 2], message: &[u8]) -> Made {
    let [source, destination] = [source, destination].map(|address| address.parse::<Ipv6Addr>().expect("an address").octets());
    let mut body = message.to_vec();
    let pseudo = [source.as_slice(), &destination, &(body.len() as u32).to_be_bytes(), &[0, 0, 0, 58], &body].concat();
    let mut sum: u32 = pseudo.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    body[2..4].copy_from_slice(&(!(sum as u16)).to_be_bytes());
    let mut bytes = [[0x33, 0x33, 0, 0, 0, 1], from].concat();
    bytes.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
    bytes.extend((body.len() as u16).to_be_bytes());
    bytes.extend([58, 255]);
    bytes.extend([source.as_slice(), &destination, &body].concat());
    Made { at, bytes }
}

fn solicitation(at: u32, target: &str) -> Made {
    let target = target.parse::<Ipv6Addr>().expect("an address").octets();
    let message = [&[135, 0, 0, 0, 0, 0, 0, 0], target.as_slice(), &[1, 1], &card(1)].concat();
    icmpv6(at, card(1), ["2001:db8::1", "ff02::1:ff00:2"], &message)
}

fn advertisement(at: u32, target: &str, last: u8, overrides: bool) -> Made {
    let octets = target.parse::<Ipv6Addr>().expect("an address").octets();
    let message = [&[136, 0, 0, 0, if overrides { 0x60 } else { 0x40 }, 0, 0, 0], octets.as_slice(), &[2, 1], &card(last)].concat();
    icmpv6(at, card(last), [target, "2001:db8::1"], &message)
}

pub(super) fn story(frames: &[Made]) -> String {
    run(&["explain", "-n"], frames).out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_address_in_two_vlans_is_not_one_address() {
    let ask = |at: u32, vlan: u16, asker: u8| arp(at, Some(vlan), (card(asker), HOST), (None, OTHER));
    let answer = |at: u32, vlan: u16, asker: u8, owner: u8| arp(at, Some(vlan), (card(owner), OTHER), (Some(card(asker)), HOST));
    let told = story(&[ask(0, 10, 1), answer(1, 10, 1, 2), ask(100, 20, 4), answer(101, 20, 4, 3)]);
    assert!(
        told.contains("asked on its link (VLAN 10) who has 192.168.1.12, and was told the hardware address 02:00:00:00:00:02"),
        "{told}"
    );
    assert!(
        told.contains("asked on its link (VLAN 20) who has 192.168.1.12, and was told the hardware address 02:00:00:00:00:03"),
        "{told}"
    );
    assert!(told.contains("02:00:00:00:00:02 in VLAN 10 (frame 2) and 02:00:00:00:00:03 in VLAN 20 (frame 4)"), "{told}");
    assert!(!told.contains("was told too"), "{told}");
    let one = story(&[ask(0, 10, 1), answer(1, 10, 1, 2), answer(2, 10, 1, 3)]);
    assert!(one.contains("Another hardware address was told too: 02:00:00:00:00:03 (frame 3)"), "{one}");
}

#[test]
fn who_may_be_one_of_several_that_answer_disputes_nothing() {
    let duplicates = |first: bool, second: bool| {
        let frames =
            [solicitation(0, "2001:db8::2"), advertisement(1, "2001:db8::2", 2, first), advertisement(2, "2001:db8::2", 3, second)];
        told("subnet.duplicate-address", &frames).len()
    };
    assert_eq!([duplicates(true, true), duplicates(true, false), duplicates(false, true), duplicates(false, false)], [1, 0, 0, 0]);
}

/// A connection on one link, on which the last 1,460 bytes are sent again and again.
fn unacknowledged() -> Vec<Made> {
    let ends: [End; 2] = [(OTHER, 40_000), (HOST, 9)];
    let back = [ends[1], ends[0]];
    let call = |at: u32, [from, to]: [End; 2], flags: u8, acknowledged: u32| {
        let mut payload = [from.1.to_be_bytes(), to.1.to_be_bytes()].concat();
        payload.extend(999_u32.to_be_bytes());
        payload.extend(acknowledged.to_be_bytes());
        payload.extend([0x60, flags, 0xff, 0, 0, 0, 0, 0, 2, 4, 5, 180]);
        packet(at, from.0, to.0, (6, 64), payload, 16)
    };
    let own = |address: [u8; 4]| [[2, 0].as_slice(), &address].concat().try_into().expect("six bytes");
    let mut frames = vec![
        arp(0, None, (own(OTHER), OTHER), (None, HOST)),
        arp(0, None, (own(HOST), HOST), (Some(own(OTHER)), OTHER)),
        call(1, ends, SYN, 0),
        call(2, back, SYN | ACK, 1_000),
        segment(3, ends, 64, (ACK, 0, 0), ""),
        segment(4, ends, 64, (ACK, 0, 0), "small"),
        segment(5, back, 64, (ACK, 0, 5), ""),
    ];
    let full = "x".repeat(1460);
    frames.extend([10, 210, 610, 1_410, 3_010, 6_210, 12_610].map(|at| segment(at, ends, 64, (ACK, 5, 0), &full)));
    frames
}

#[test]
fn whom_not_even_a_question_reaches_is_gone_whatever_the_size() {
    let mut frames = unacknowledged();
    assert_eq!(told("mtu.black-hole-possible", &frames).len(), 1);
    let own: [u8; 6] = [[2, 0].as_slice(), &OTHER].concat().try_into().expect("six bytes");
    frames.extend([13_000, 14_000, 15_000].map(|at| arp(at, None, (own, OTHER), (None, HOST))));
    assert!(told("mtu.black-hole-possible", &frames).is_empty());
    assert_eq!([told("loss.timeout", &frames).len(), told("subnet.unanswered", &frames).len()], [1, 1]);
}

#[test]
fn a_packet_in_a_circle_has_two_less_to_live_at_the_same_two_cards() {
    let again = |step: u8| (0..4).map(|time: u8| echo(u32::from(time), HOST, FAR, 60 - step * time, false, 1)).collect::<Vec<Made>>();
    assert_eq!([told("hops.loop", &again(2)).len(), told("hops.loop", &again(1)).len()], [1, 0]);
    let (from, to) = ("02:00:c0:a8:01:0b", "02:00:0a:82:01:04");
    let facts = &told("hops.loop", &again(2))[0]["facts"];
    assert_eq!((facts["from"].as_str(), facts["to"].as_str()), (Some(from), Some(to)));
    let told = story(&again(2));
    let between = format!("It goes back and forth between two routers, those with the hardware addresses {from} and {to}.");
    assert!(told.contains(&between), "{told}");
    // More than two routers take more off.
    let told = story(&again(3));
    let among = format!("Two of the routers in the circle are those with the hardware addresses {from} and {to}: here the first sends it");
    assert!(told.contains(&among) && !told.contains("back and forth"), "{told}");
}

#[test]
fn who_passes_a_packet_in_a_circle_is_not_told_where_the_link_does_not_show_it() {
    let again = |address: [u8; 6]| {
        let mut frames: Vec<Made> = (0..4).map(|time: u8| echo(u32::from(time), HOST, FAR, 60 - 2 * time, false, 1)).collect();
        frames.iter_mut().for_each(|frame| frame.bytes[..6].copy_from_slice(&address));
        frames
    };
    assert!(told("hops.loop", &again([0xff; 6]))[0]["facts"].get("to").is_none());
    assert!(told("hops.loop", &again(card(7)))[0]["facts"].get("to").is_some());
}

#[test]
fn another_gateway_is_no_takeover() {
    let way = |at: u32, gateway: u8, number: u8| {
        let mut ping = echo(at, HOST, FAR, 64, false, number);
        ping.bytes[..6].copy_from_slice(&card(gateway));
        ping.bytes[6..12].copy_from_slice(&card(11));
        ping
    };
    let ask = |at: u32, last: u8| arp(at, None, (card(11), HOST), (None, [192, 168, 1, last]));
    let answer = |at: u32, owner: u8, last: u8| arp(at, None, (card(owner), [192, 168, 1, last]), (Some(card(11)), HOST));
    let said = |frames: &[Made]| {
        let notes = told("route.gateway-changed", frames);
        assert_eq!(notes.len(), 1);
        notes[0]["text"].as_str().expect("text").to_owned()
    };
    let two = [ask(0, 1), answer(1, 1, 1), ask(2, 2), answer(3, 2, 2), way(10, 1, 1), way(900, 2, 2)];
    assert!(said(&two).contains("by another gateway, 192.168.1.2"), "{}", said(&two));
    let unknown = [ask(0, 1), answer(1, 1, 1), way(10, 1, 1), way(900, 9, 2)];
    assert!(said(&unknown).ends_with("by another router"), "{}", said(&unknown));
    let taken = [ask(0, 1), answer(1, 1, 1), way(10, 1, 1), ask(20_000, 1), answer(20_001, 9, 1), way(20_002, 9, 2)];
    assert!(said(&taken).contains("a takeover or ARP spoofing"), "{}", said(&taken));
}

#[test]
fn what_a_router_takes_back_or_may_not_say_is_not_told_as_its_word() {
    let prefix =
        |valid: u8| [&[3, 4, 64, 0xc0, 0, 0, 0, valid, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 1], [0; 10].as_slice()].concat();
    let router = |at: u32, from: &str, lifetime: u8, valid: u8| {
        let message = [&[134, 0, 0, 0, 64, 0, 0, lifetime, 0, 0, 0, 0, 0, 0, 0, 0], prefix(valid).as_slice(), &[1, 1], &card(1)].concat();
        icmpv6(at, card(1), [from, "ff02::1"], &message)
    };
    let network = "2001:db8:1::/64: the first 64 bits";
    assert!(story(&[router(0, "fe80::1", 200, 200)]).contains(network));
    assert!(!story(&[router(0, "fe80::1", 200, 0)]).contains(network));
    let left = story(&[router(0, "fe80::1", 200, 200), router(10, "fe80::1", 0, 200)]);
    assert!(left.contains("In frame 2 it said that it is no way to other networks any more."), "{left}");
    let global = story(&[router(0, "2001:db8::1", 200, 200)]);
    assert!(global.contains("Hosts ignore that: it does not come from a link-local address"), "{global}");
    assert!(!global.contains("gateway") && !global.contains(network), "{global}");
}

#[test]
fn a_datagram_that_comes_by_twice_was_sent_once() {
    let sent = |at: u32, hop_limit: u8, said: &[u8]| datagram(at, [(HOST, 40_000), (FAR, 7_000)], hop_limit, said);
    let told = story(&[sent(0, 64, b"one"), sent(0, 63, b"one"), sent(5, 64, b"two"), sent(5, 63, b"two")]);
    assert!(told.contains("sent 2 datagrams to port 7000 of 10.130.1.4, with 6 bytes in them"), "{told}");
    assert!(told.contains("2 more frames of the same packets"), "{told}");
}

#[test]
fn an_answer_that_comes_too_late_is_no_closed_port() {
    let refused = |port: u16| {
        let question = datagram(0, [([10, 1, 1, 1], port), (HOST, 40_000)], 60, b"\x12\x34\x81\x80\0\x01\0\0\0\0\0\0");
        let quoted = [&[3, 3, 0, 0, 0, 0, 0, 0], &question.bytes[14..42]].concat();
        let frames = [question, packet(1, HOST, [10, 1, 1, 1], (1, 64), quoted, 2)];
        [told("icmp.port-closed", &frames).len(), told("icmp.port-left", &frames).len()]
    };
    assert_eq!([refused(53), refused(5_300)], [[0, 1], [1, 0]]);
}

#[test]
fn ports_of_one_host_that_refuse_are_told_together() {
    let tried = |at: u32, port: u16| {
        let ends: [End; 2] = [(HOST, 40_000 + port), (OTHER, port)];
        [segment(at, ends, 64, (SYN, 0, 0), ""), segment(at + 1, [ends[1], ends[0]], 64, (RST | ACK, 0, 0), "")]
    };
    let told = story(&[tried(0, 22), tried(10, 80), tried(20, 443)].concat());
    assert!(told.contains("2 more conversations of the same kind went the same way, at ports 80 and 443."), "{told}");
    assert!(told.contains("So it is at ports 80 and 443 of that host too (frames 3, 5)."), "{told}");
    assert_eq!(told.matches("warning: ").count(), 1, "{told}");
}

#[test]
fn calls_that_go_on_to_the_end_of_a_short_capture_had_no_time_to_go_on() {
    let mut frames: Vec<Made> =
        (0..150).map(|number: u8| segment(number.into(), [([10, 9, 8, number], 40_000), (OTHER, 80)], 64, (SYN, 0, 0), "")).collect();
    frames.iter_mut().for_each(|frame| frame.at = frame.at * 2 / 3);
    assert!(told("handshake.syn-flood", &frames).is_empty());
    frames.push(datagram(2_000, [(HOST, 40_000), (OTHER, 7_000)], 64, b"later"));
    assert_eq!(told("handshake.syn-flood", &frames).len(), 1);
}

#[test]
fn who_closes_first_cut_the_answer_short() {
    let ends: [End; 2] = [(HOST, 40_000), (OTHER, 80)];
    let back = [ends[1], ends[0]];
    let (asks, answers) = ("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort");
    let (asked, said) = (asks.len() as u32, answers.len() as u32);
    let begin = [
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(1, back, 64, (SYN | ACK, 0, 0), ""),
        segment(2, ends, 64, (ACK, 0, 0), ""),
        segment(3, ends, 64, (ACK, 0, 0), asks),
        segment(4, back, 64, (ACK, 0, asked), answers),
        segment(304, back, 64, (ACK, 0, asked), answers),
        segment(305, ends, 64, (ACK, asked, said), ""),
    ];
    let by_client = [segment(310, ends, 64, (FIN | ACK, asked, said), ""), segment(311, back, 64, (FIN | ACK, said, asked + 1), "")];
    let by_server = [segment(310, back, 64, (FIN | ACK, said, asked), ""), segment(311, ends, 64, (FIN | ACK, asked, said + 1), "")];
    let incomplete = |end: [Made; 2]| told("http.incomplete", &[begin.as_slice(), &end].concat()).len();
    assert_eq!([incomplete(by_client), incomplete(by_server)], [0, 1]);
}

#[test]
fn a_receiver_that_is_full_several_times_is_told_with_the_sum() {
    let ends: [End; 2] = [(HOST, 40_000), (OTHER, 9)];
    let back = [ends[1], ends[0]];
    let window = |at: u32, open: bool| {
        let mut payload = [back[0].1.to_be_bytes(), back[1].1.to_be_bytes()].concat();
        payload.extend([1_000_u32, 1_005].map(u32::to_be_bytes).concat());
        payload.extend([0x50, ACK, if open { 0x10 } else { 0 }, 0, 0, 0, 0, 0]);
        packet(at, OTHER, HOST, (6, 64), payload, 16)
    };
    let frames = [
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(1, back, 64, (SYN | ACK, 0, 0), ""),
        segment(2, ends, 64, (ACK, 0, 0), "12345"),
        window(3, false),
        window(103, true),
        window(200, false),
        window(600, true),
    ];
    let notes = told("loss.zero-window", &frames);
    let texts: Vec<&str> = notes.iter().map(|note| note["text"].as_str().expect("text")).collect();
    assert!(texts.len() == 2 && texts[1].contains("2 times, for 500.000 ms in all (the longest 400.000 ms)"), "{texts:?}");
    let story = story(&frames);
    assert!(story.contains("warning: 192.168.1.12 could take no more 2 times") && story.matches("warning: ").count() == 1, "{story}");
}

#[test]
fn of_a_connection_that_goes_on_one_direction_is_captured_and_not_many_tries() {
    let ends: [End; 2] = [(HOST, 40_000), (OTHER, 646)];
    let call = segment(0, ends, 64, (SYN, 0, 0), "");
    let goes_on = [call.clone(), segment(20, ends, 64, (ACK, 0, 0), "hello"), segment(40, ends, 64, (ACK, 5, 500), "more")];
    let told = story(&goes_on);
    assert!(told.contains("what the server sent is not in the capture") && !told.contains("tried to connect"), "{told}");
    let again = story(&[call.clone(), Made { at: 1_000, ..call }]);
    assert!(again.contains("tried to connect to port 646 of 192.168.1.12, 2 times in 1.000 s"), "{again}");
}

#[test]
fn what_goes_to_everybody_on_the_link_has_passed_no_router() {
    let mut message = datagram(0, [(HOST, 525), ([192, 168, 255, 255], 525)], 60, b"x");
    let away = |message: &Made| story(&[message.clone(), Made { at: 10, ..message.clone() }]).contains("routers away");
    assert!(away(&message));
    message.bytes[..6].fill(0xff);
    assert!(!away(&message));
}
