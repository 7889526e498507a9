//! How far away a host is follows from the time to live of its packets, unless something speaks against it.

use super::made::{ACK, End, Made, SYN, datagram, echo, run, segment, told};

const HERE: [u8; 4] = [172, 16, 0, 1];
const FAR: [u8; 4] = [10, 130, 1, 4];

fn told_of(frames: &[Made]) -> Vec<String> {
    told("hops.distance", frames).iter().map(|note| note["facts"]["host"].as_str().expect("a host").to_owned()).collect()
}

fn story(frames: &[Made]) -> String {
    run(&["explain"], frames).out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_host_whose_packets_contradict_each_other_has_no_distance() {
    let ping = |number: u8, hop_limit: u8| echo(u32::from(number) * 10, FAR, HERE, hop_limit, false, number);
    let asks = |at: u32, port: u16, hop_limit: u8| segment(at, [(FAR, port), (HERE, 80)], hop_limit, (SYN, 0, 0), "");
    // SYNs alone, and pings, may have been made up.
    let scan = [asks(1, 40_000, 44), asks(2, 40_001, 47), asks(3, 40_002, 39), ping(1, 44), ping(2, 44)];
    assert!(told_of(&scan).is_empty());
    assert!(!story(&scan).contains("away"));
    // Who says nothing else is that far away.
    assert_eq!(told_of(&[ping(1, 61), ping(2, 61)]), ["10.130.1.4"]);
    // Two protocols of one host, with different beginnings and the same way.
    let message = datagram(50, [(FAR, 53), (HERE, 40_000)], 252, b"x");
    assert_eq!(told_of(&[ping(1, 61), message]), ["10.130.1.4"]);
}

#[test]
fn who_answers_and_goes_on_as_before_is_told_at_once() {
    let ends: [End; 2] = [(HERE, 40_000), (FAR, 80)];
    let back = [ends[1], ends[0]];
    let frames =
        [segment(0, ends, 64, (SYN, 0, 0), ""), segment(1, back, 61, (SYN | ACK, 0, 0), ""), segment(2, ends, 64, (ACK, 0, 0), "")];
    let notes = told("hops.distance", &frames);
    assert_eq!((notes.len(), notes[0]["evidence"][0].as_u64()), (1, Some(2)));
}

#[test]
fn what_the_machine_itself_hands_on_does_not_say_how_far_away_it_is() {
    for capture in ["captures/any-router.pcapng", "captures/pppoe.pcapng"] {
        let ran = super::super::support::wirelore().args(["explain", "--json", capture]).output().expect("wirelore runs");
        let out = String::from_utf8(ran.stdout).expect("text");
        let told =
            out.lines().filter(|line| line.contains("10.25.1.65") && (line.contains("routers_away") || line.contains("hops.distance")));
        assert_eq!(told.count(), 0, "{capture}");
        assert!(!super::fired(&[capture]).is_empty());
    }
    // A host that says that it is on this link, and sends what another began.
    let mut question = [0xff; 6].to_vec();
    question
        .extend([2, 0, 10, 130, 1, 4, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 10, 130, 1, 4, 10, 130, 1, 4, 0, 0, 0, 0, 0, 0, 10, 130, 1, 1]);
    let ping = |number: u8| echo(u32::from(number) * 10, FAR, HERE, 63, false, number);
    assert!(told_of(&[Made { at: 0, bytes: question }, ping(1), ping(2)]).is_empty());
}

#[test]
fn a_router_on_a_way_that_is_traced_is_as_far_away_as_the_trace_says() {
    let router = |number: u8| [10, 1, number, 1];
    let mut frames = Vec::new();
    for hop in 1..=3_u8 {
        let probe = datagram(u32::from(hop) * 100, [(HERE, 40_000), (FAR, 33_433 + u16::from(hop))], hop, b"probe");
        // What is quoted begins behind the frame's own header.
        let quoted = probe.bytes[14..].to_vec();
        frames.push(probe);
        // The answers of the third come back by more routers than the probes go out by.
        let hop_limit = if hop == 3 { 248 } else { 256 - u16::from(hop) } as u8;
        frames.push(super::made::time_exceeded(u32::from(hop) * 100 + 1, router(hop), HERE, hop_limit, &quoted));
    }
    let story = story(&frames);
    assert!(story.contains("10.1.2.1 is a router: it said that a packet's time was up (frame 4); is 1 router away"), "{story}");
    assert!(!story.contains("7 routers away"), "{story}");
}
