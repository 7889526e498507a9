//! What looks like something that it is not: each statement that was once made of such frames is held against them here.

use super::made::{ACK, End, Made, SYN, datagram, port_unreachable, run, run_on, segment, told};
use serde_json::json;

const FIN: u8 = 1;
const RST: u8 = 4;
const PSH: u8 = 8;
const URG: u8 = 32;
const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [10, 0, 0, 2];
const OTHER: [u8; 4] = [10, 0, 0, 9];

fn story(frames: &[Made]) -> String {
    joined(&run(&["explain", "-n"], frames).out)
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ends(port: u16) -> [End; 2] {
    [(CLIENT, 40_000), (SERVER, port)]
}

fn back([from, to]: [End; 2]) -> [End; 2] {
    [to, from]
}

/// Forty ports that are tried with a segment of these flags, of which the first are answered by a reset.
fn probes(flags: u8, refused: u16) -> Vec<Made> {
    let each = (1..=40_u16).flat_map(|port| {
        let at = u32::from(port) * 10;
        let probe = segment(at, ends(port), 64, (flags, 0, 0), "");
        let reset = segment(at + 1, back(ends(port)), 64, (RST | ACK, 0, 0), "");
        [Some(probe), (port <= refused).then_some(reset)]
    });
    each.flatten().collect()
}

#[test]
fn ports_that_are_tried_without_a_syn_are_scanned_and_nobody_spoke() {
    for flags in [0, FIN, FIN | PSH | URG] {
        let frames = probes(flags, 40);
        let notes = told("handshake.port-scan", &frames);
        assert_eq!((notes.len(), &notes[0]["facts"]["refused"], &notes[0]["facts"]["without_call"]), (1, &json!(40), &json!(true)));
        let story = story(&frames);
        assert!(!story.contains("spoke over") && !story.contains("broke the connection"), "{story}");
    }
    let silent = told("handshake.port-scan", &probes(FIN, 30));
    assert!(silent[0]["text"].as_str().expect("text").contains("30 refused, 10 silent"), "{silent:?}");
    // Connections that are closed and reset where the capture begins late are none of that.
    assert!(told("handshake.port-scan", &probes(FIN | ACK, 40)).is_empty());
}

#[test]
fn a_single_segment_that_no_program_sends_is_told_as_one() {
    let probe = segment(0, ends(135), 64, (FIN | SYN | PSH | URG, 0, 0), "");
    let told = story(&[probe]);
    assert!(told.contains("sent a segment to port 135 of 10.0.0.2 as no program sends it") && told.contains("shows no answer"), "{told}");
    assert!(!told.contains("The client has said") && !told.contains("what the server sent"), "{told}");
    let goes_on = segment(0, ends(135), 64, (ACK, 0, 0), "");
    assert!(!story(&[goes_on]).contains("as no program sends it"));
}

/// Datagrams to thirty ports below 1024.
fn datagrams(refused: bool) -> Vec<Made> {
    let each = (100..130_u16).flat_map(|port| {
        let at = u32::from(port) * 10;
        let sent = datagram(at, ends(port), 64, b"x");
        let answer = port_unreachable(at + 1, SERVER, CLIENT, &sent.bytes[14..]);
        [Some(sent), refused.then_some(answer)]
    });
    each.flatten().collect()
}

#[test]
fn silence_of_udp_is_not_called_closed() {
    let notes = told("handshake.port-scan", &datagrams(false));
    let text = notes[0]["text"].as_str().expect("text");
    assert!(text.contains("none answers: open or filtered") && !text.contains("none is open"), "{text}");
    assert!(!story(&datagrams(true)).contains("open or filtered"));
}

#[test]
fn what_a_scan_of_udp_met_is_told_with_it() {
    let story = story(&datagrams(true));
    let wrong = story.split("What is wrong").nth(1).expect("something is wrong");
    assert!(wrong.contains("With it goes: nobody listens at UDP port") && wrong.matches("warning:").count() == 1, "{wrong}");
}

fn name_message(id: u8, flags: [u8; 2], answers: &[[u8; 4]]) -> Vec<u8> {
    let mut said = vec![0, id, flags[0], flags[1], 0, 1, 0, answers.len() as u8, 0, 0, 0, 0];
    said.extend(b"\x01a\x07example\0\0\x01\0\x01");
    for address in answers {
        said.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4]);
        said.extend(address);
    }
    said
}

const ASKS: [u8; 2] = [1, 0];
const TELLS: [u8; 2] = [0x81, 0x80];

#[test]
fn an_answer_that_comes_when_its_asker_is_gone_is_no_closed_port() {
    let both = |flags| {
        let late = datagram(0, back([(CLIENT, 40_000), (SERVER, 53)]), 64, &name_message(7, flags, &[]));
        let refused = port_unreachable(1, CLIENT, SERVER, &late.bytes[14..]);
        [late, refused]
    };
    let fired = |flags, rule| told(rule, &both(flags)).len();
    assert_eq!((fired(TELLS, "icmp.port-left"), fired(TELLS, "icmp.port-closed")), (1, 0));
    assert_eq!((fired(ASKS, "icmp.port-left"), fired(ASKS, "icmp.port-closed")), (0, 1));
    // Whose questions are not in the capture did not ask again.
    let twice = [both(TELLS), both(TELLS)].concat();
    assert!(!story(&twice).contains("It asked"), "{}", story(&twice));
}

#[test]
fn an_empty_answer_says_that_there_is_no_record_only_where_it_can() {
    let asks = datagram(0, [(CLIENT, 40_000), (SERVER, 53)], 64, &name_message(7, ASKS, &[]));
    let answer = |flags| [asks.clone(), datagram(10, [(SERVER, 53), (CLIENT, 40_000)], 64, &name_message(7, flags, &[]))];
    // It was cut; the server neither has the name nor asks another.
    for flags in [[0x83, 0x80], [0x81, 0]] {
        assert!(!story(&answer(flags)).contains("has none"), "{}", story(&answer(flags)));
        assert!(told("name.no-record", &answer(flags)).is_empty());
    }
    for flags in [TELLS, [0x85, 0]] {
        assert!(story(&answer(flags)).contains("the name exists, but has none"));
        assert_eq!(told("name.no-record", &answer(flags)).len(), 1);
    }
}

#[test]
fn an_answer_from_who_was_not_asked_is_told_as_one() {
    let asks = datagram(0, [(CLIENT, 40_000), (SERVER, 53)], 64, &name_message(7, ASKS, &[]));
    let tells = |at, id, from, address| datagram(at, [(from, 53), (CLIENT, 40_000)], 64, &name_message(id, TELLS, &[address]));
    let right = tells(20, 7, SERVER, [203, 0, 113, 5]);
    let told = story(&[asks.clone(), tells(10, 7, OTHER, [203, 0, 113, 5]), right.clone()]);
    assert!(told.contains("was told by 10.0.0.9, which it had not asked, but 10.0.0.2") && told.contains("(frames 1, 2)"), "{told}");
    assert!(!told.contains("the question is not in the capture"), "{told}");
    // With another number it is the answer to another question.
    let told = story(&[asks.clone(), tells(10, 8, OTHER, [203, 0, 113, 5]), right.clone()]);
    assert!(told.contains("the question is not in the capture"), "{told}");
    // From who was asked, but two that differ.
    let told = story(&[asks.clone(), tells(10, 7, SERVER, [198, 51, 100, 6]), right.clone()]);
    assert!(told.contains("Another answer to the same question says otherwise: 203.0.113.5 (frame 3)"), "{told}");
    let told = story(&[asks, tells(10, 7, SERVER, [203, 0, 113, 5]), right]);
    assert!(!told.contains("says otherwise"), "{told}");
}

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

fn opened() -> Vec<Made> {
    let ends = ends(80);
    vec![
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(1, back(ends), 64, (SYN | ACK, 0, 0), ""),
        segment(2, ends, 64, (ACK, 0, 0), ""),
        segment(3, ends, 64, (ACK, 0, 0), GET),
    ]
}

#[test]
fn a_server_whose_head_was_lost_on_the_way_is_not_slow() {
    let (ends, get, head) = (ends(80), GET.len() as u32, HEAD.len() as u32);
    let with = |rest: &[Made]| [&opened()[..], rest].concat();
    let lost = with(&[
        segment(20, back(ends), 64, (ACK, head, get), "ok"),
        segment(21, ends, 64, (ACK, get, 0), ""),
        segment(2_020, back(ends), 64, (ACK, 0, get), HEAD),
        segment(2_021, ends, 64, (ACK, get, head + 2), ""),
    ]);
    assert!(told("http.slow-server", &lost).is_empty());
    let slow = with(&[
        segment(20, back(ends), 64, (ACK, 0, get), ""),
        segment(2_020, back(ends), 64, (ACK, 0, get), &format!("{HEAD}ok")),
        segment(2_021, ends, 64, (ACK, get, head + 2), ""),
    ]);
    assert_eq!(told("http.slow-server", &slow).len(), 1);
}

#[test]
fn the_client_that_leaves_a_repeating_server_was_not_left_by_it() {
    let (ends, get) = (ends(80), GET.len() as u32);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf";
    let half = head.len() as u32;
    let with = |again: bool, first_is_client: bool| {
        let mut frames = opened();
        frames.push(segment(10, back(ends), 64, (ACK, 0, get), head));
        if again {
            frames.push(segment(300, back(ends), 64, (ACK, 0, get), head));
        }
        frames.push(segment(301, ends, 64, (ACK, get, half), ""));
        if first_is_client {
            frames.push(segment(400, ends, 64, (FIN | ACK, get, half), ""));
            frames.push(segment(401, back(ends), 64, (FIN | ACK, half, get + 1), ""));
        } else {
            frames.push(segment(400, back(ends), 64, (FIN | ACK, half, get), ""));
            frames.push(segment(401, ends, 64, (FIN | ACK, get, half + 1), ""));
        }
        told("http.incomplete", &frames)
    };
    assert!(with(true, true).is_empty(), "{:?}", with(true, true));
    assert_eq!(with(true, false).len(), 1);
}

/// A server that sends 60 bytes, and a client that can take no more then, says so once more, and then takes more.
fn full() -> Vec<Made> {
    let (ends, get) = (ends(80), GET.len() as u32);
    let body = "0123456789".repeat(6);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", 120);
    let said = head.len() as u32;
    let window = |made: Made, size: u16| made.with_window(size);
    let mut frames = opened();
    frames.push(segment(10, back(ends), 64, (ACK, 0, get), &head));
    frames.push(window(segment(11, ends, 64, (ACK, get, said), ""), 0));
    for probe in [400, 900] {
        frames.push(segment(probe, back(ends), 64, (ACK, said - 1, get), "9"));
        frames.push(window(segment(probe + 1, ends, 64, (ACK, get, said), ""), 0));
    }
    frames.push(segment(1_500, ends, 64, (ACK, get, said), ""));
    frames.push(segment(1_501, back(ends), 64, (ACK, said, get), &body));
    frames.push(segment(1_502, ends, 64, (ACK, get, said + 60), ""));
    frames
}

#[test]
fn who_is_full_once_is_counted_once() {
    let transfers = told("http.slow-transfer", &full());
    assert_eq!((transfers.len(), &transfers[0]["facts"]["zero_windows"]), (1, &json!(1)), "{transfers:?}");
    assert_eq!(told("loss.zero-window", &full()).len(), 1);
}

#[test]
fn what_was_sent_again_and_again_is_not_told_as_lost_too() {
    let (ends, get) = (ends(80), GET.len() as u32);
    let mut frames = opened();
    for at in [1_003, 3_003, 7_003] {
        frames.push(segment(at, ends, 64, (ACK, 0, 0), GET));
    }
    frames.push(segment(7_004, back(ends), 64, (ACK, 0, get), ""));
    frames.push(segment(9_000, back(ends), 64, (FIN | ACK, 0, get), ""));
    frames.push(segment(9_001, ends, 64, (FIN | ACK, get, 1), ""));
    assert_eq!((told("loss.timeout", &frames).len(), told("loss.lost", &frames).len()), (1, 0));
    // Once is a loss.
    frames.drain(4..6);
    assert_eq!((told("loss.timeout", &frames).len(), told("loss.lost", &frames).len()), (0, 1));
}

#[test]
fn the_end_of_a_message_takes_a_reply_of_its_own() {
    let ends = ends(25);
    let mut frames = vec![
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(1, back(ends), 64, (SYN | ACK, 0, 0), ""),
        segment(2, ends, 64, (ACK, 0, 0), ""),
    ];
    let mut come = [0, 0];
    let talk = [
        (1, "220 mail ESMTP\r\n"),
        (0, "EHLO h\r\n"),
        (1, "250 PIPELINING\r\n"),
        (0, "MAIL FROM:<a@h>\r\nRCPT TO:<b@h>\r\nDATA\r\n"),
        (1, "250 Ok\r\n250 Ok\r\n354 End\r\n"),
        (0, "Subject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n"),
        (1, "250 queued\r\n221 Bye\r\n"),
    ];
    for (place, (side, said)) in talk.into_iter().enumerate() {
        let ends = if side == 0 { ends } else { back(ends) };
        frames.push(segment(10 + place as u32, ends, 64, (ACK, come[side], come[1 - side]), said));
        come[side] += said.len() as u32;
    }
    let story = story(&frames);
    assert!(story.contains("DATA (354), QUIT (221)"), "{story}");
}

const ACCESS_POINT: [u8; 6] = [2, 0, 0, 0, 0, 1];
const STATION: [u8; 6] = [2, 0, 0, 0, 0, 0x11];

/// A frame of a wireless network: its kind, whether the station sends it, and what it says.
fn air(at: u32, control: u8, by_station: bool, body: &[u8]) -> Made {
    let [from, to] = if by_station { [STATION, ACCESS_POINT] } else { [ACCESS_POINT, STATION] };
    let to_or_from = if control != 8 {
        0
    } else if by_station {
        1
    } else {
        2
    };
    let third = if control == 8 { from } else { ACCESS_POINT };
    let bytes = [&[control, to_or_from, 0, 0], &to[..], &from, &third, &[0, 0], body].concat();
    Made { at, bytes }
}

/// One of the four messages that agree on keys.
fn key(at: u32, number: u8) -> Made {
    let says: u16 = [0x008a, 0x010a, 0x13ca, 0x030a][usize::from(number) - 1];
    let mut body = vec![0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e, 2, 3, 0, 95 + if number == 2 { 2 } else { 0 }, 2];
    body.extend(says.to_be_bytes());
    body.extend([0; 90]);
    body.extend(if number == 2 { &[0, 2, 1, 1][..] } else { &[0, 0] });
    air(at, 8, number.is_multiple_of(2), &body)
}

/// A station asks to be let in, and is.
fn joins(at: u32) -> [Made; 4] {
    [
        air(at, 0xb0, true, &[0, 0, 1, 0, 0, 0]),
        air(at + 1, 0xb0, false, &[0, 0, 2, 0, 0, 0]),
        air(at + 2, 0, true, &[1, 0, 1, 0, 0, 4, b'h', b'o', b'm', b'e']),
        air(at + 3, 0x10, false, &[1, 0, 0, 0, 1, 0xc0]),
    ]
}

fn air_story(frames: &[Made]) -> String {
    joined(&run_on(105, &["explain", "-n"], frames).out)
}

#[test]
fn who_comes_again_after_being_sent_away_is_told_of_twice_in_order() {
    let mut frames = joins(0).to_vec();
    frames.extend([key(10, 1), key(11, 2), key(1_010, 1), key(1_011, 2), air(2_000, 0xc0, false, &[15, 0])]);
    frames.extend(joins(3_000));
    frames.extend([key(3_010, 1), key(3_011, 2), key(3_012, 3), key(3_013, 4)]);
    let story = air_story(&frames);
    let [away, on] = ["(reason 15)", "it is on the network"].map(|words| story.find(words).unwrap_or_else(|| panic!("{words}: {story}")));
    assert!(away < on, "{story}");
    assert!(!story.contains("802.1X authentication"), "the fourth message ends the handshake: {story}");
}

#[test]
fn the_third_message_shows_that_the_second_came() {
    let mut frames = joins(0).to_vec();
    frames.extend([key(10, 1), key(12, 3)]);
    let story = air_story(&frames);
    assert!(story.contains("Both have the same key (inferred from frames 5 and 6)") && !story.contains("came to nothing"), "{story}");
    assert!(air_story(&frames[..5]).contains("came to nothing"));
}

#[test]
fn a_refusal_in_the_first_message_is_an_answer() {
    let commit = |at, by_station, status| air(at, 0xb0, by_station, &[3, 0, 1, 0, status, 0, 19, 0]);
    let refused = air_story(&[commit(0, true, 0), commit(1, false, 77)]);
    assert!(refused.contains("status 77") && !refused.contains("shows no answer"), "{refused}");
    let goes_on = air_story(&[commit(0, true, 0), commit(1, false, 0)]);
    assert!(!goes_on.contains("is no:"), "{goes_on}");
}

#[test]
fn a_station_that_answers_nothing_agrees_on_no_key() {
    let mut frames = joins(0).to_vec();
    frames.extend([key(10, 1), key(1_010, 1), key(2_010, 1), key(3_010, 1)]);
    let silent = |reason: u8| {
        let frames = [&frames[..], &[air(4_000, 0xc0, false, &[reason, 0])]].concat();
        air_story(&frames).contains("agree on no key: the station answers nothing")
    };
    // A station that is sent away for another reason may have been heard by others.
    assert!(silent(15) && !silent(3));
}

#[test]
fn what_was_acknowledged_and_is_missing_in_the_middle_is_missed() {
    let (ends, get) = (ends(80), GET.len() as u32);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n";
    let start = head.len() as u32;
    let tens = |at: u32, number: u32| segment(at, back(ends), 64, (ACK, start + 10 * number, get), "0123456789");
    let with = |is_complete: bool| {
        let mut frames = opened();
        frames.push(segment(10, back(ends), 64, (ACK, 0, get), head));
        frames.push(tens(11, 0));
        if is_complete {
            frames.push(tens(12, 1));
        }
        frames.extend([tens(13, 2), tens(14, 3)]);
        frames.push(segment(15, ends, 64, (ACK, get, start + 40), ""));
        frames.push(segment(16, ends, 64, (FIN | ACK, get, start + 40), ""));
        frames.push(segment(17, back(ends), 64, (FIN | ACK, start + 40, get + 1), ""));
        frames.push(segment(18, ends, 64, (ACK, get + 1, start + 41), ""));
        told("capture.missed", &frames)
    };
    assert_eq!((with(false).len(), with(true).len()), (1, 0));
    assert_eq!(with(false)[0]["facts"]["bytes"], json!(10));
}
