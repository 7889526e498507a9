//! What notes count must be all that there is, and not what there was when the note was made.

use super::made::{ACK, End, Made, SYN, question, segment, told};
use serde_json::json;

const CLIENT: [u8; 4] = [192, 168, 1, 11];
const SERVERS: [[u8; 4]; 2] = [[10, 1, 1, 1], [10, 1, 1, 2]];

fn asks(at: u32, server: usize) -> Made {
    question(at, [(CLIENT, 40_000), (SERVERS[server], 53)], 7, false)
}

#[test]
fn a_question_to_two_servers_at_once_is_two_questions() {
    let frames = [asks(0, 0), asks(1_000, 1), asks(2_000, 0), asks(4_000, 1), asks(4_000, 0), asks(8_000, 1), asks(8_000, 0)];
    let notes = told("name.no-answer", &frames);
    assert_eq!(notes.len(), 1);
    assert_eq!((&notes[0]["facts"]["times"], &notes[0]["facts"]["servers"]), (&json!(7), &json!(["10.1.1.1", "10.1.1.2"])));
    // Each server is waited for since it was itself asked.
    let again: Vec<_> =
        told("name.asked-again", &frames).iter().map(|note| (note["evidence"].clone(), note["facts"]["waited_ms"].clone())).collect();
    let waited = |frames: [u64; 2], milliseconds: u64| (json!(frames), json!(milliseconds));
    assert_eq!(again.first(), Some(&waited([1, 2], 1_000)));
    assert_eq!(again.get(2), Some(&waited([2, 4], 3_000)));
    assert_eq!(again.len(), 6);
}

#[test]
fn servers_that_are_asked_at_once_have_not_failed_and_copies_count_once() {
    assert!(told("name.no-answer", &[asks(0, 0), asks(1, 1)]).is_empty());
    assert!(told("name.asked-again", &[asks(0, 0), asks(1, 1)]).is_empty());
    let notes = told("name.no-answer", &[asks(0, 0), asks(1, 0), asks(1_000, 0), asks(1_001, 0)]);
    assert_eq!(notes[0]["facts"]["times"], json!(2));
}

fn calls(port: u16, all: impl IntoIterator<Item = u32>) -> Vec<Made> {
    let ends: [End; 2] = [(CLIENT, port), ([10, 130, 1, 4], 80)];
    all.into_iter().map(|at| segment(at, ends, 64, (SYN, 0, 0), "")).collect()
}

#[test]
fn every_call_to_a_silent_port_is_counted() {
    let mut frames = calls(40_000, (0..24).map(|call| call * 1_000));
    frames.extend(calls(40_001, [30_000, 31_000, 33_000]));
    let notes = told("handshake.silence", &frames);
    assert_eq!(notes.len(), 1);
    assert_eq!((&notes[0]["facts"]["times"], &notes[0]["facts"]["connections"]), (&json!(27), &json!(2)));
    assert!(notes[0]["text"].as_str().expect("text").contains("asked 27 times for 2 connections"), "{}", notes[0]["text"]);
}

#[test]
fn segments_of_an_earlier_exchange_do_not_make_a_later_one_slow() {
    const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    let ends: [End; 2] = [(CLIENT, 40_000), ([10, 130, 1, 4], 80)];
    let back = [ends[1], ends[0]];
    let (head, half) = ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab", "cd");
    let (get, first, all) = (GET.len() as u32, head.len() as u32, head.len() as u32 + 2);
    let mut frames = vec![
        segment(0, ends, 64, (SYN, 0, 0), ""),
        segment(1, back, 64, (SYN | ACK, 0, 0), ""),
        segment(2, ends, 64, (ACK, 0, 0), ""),
        segment(3, ends, 64, (ACK, 0, 0), GET),
        segment(4, back, 64, (ACK, 0, get), head),
        segment(5, ends, 64, (ACK, get, first), ""),
        segment(500, back, 64, (ACK, 0, get), head),
        segment(900, back, 64, (ACK, first, get), half),
        segment(901, ends, 64, (ACK, get, all), ""),
        segment(902, ends, 64, (ACK, get, all), GET),
        segment(903, back, 64, (ACK, all, 2 * get), head),
        segment(2_000, back, 64, (ACK, all + first, 2 * get), half),
    ];
    assert_eq!(told("http.slow-transfer", &frames).len(), 1);
    frames.insert(11, segment(1_500, back, 64, (ACK, all, 2 * get), head));
    let notes = told("http.slow-transfer", &frames);
    assert_eq!(notes.iter().map(|note| &note["facts"]["retransmitted"]).collect::<Vec<_>>(), [&json!(1), &json!(1)]);
}

#[test]
fn one_ping_that_goes_in_a_circle_is_one() {
    let ran = super::super::support::wirelore().args(["explain", "captures/routing-loop.pcapng"]).output().expect("wirelore runs");
    let story = String::from_utf8(ran.stdout).expect("text").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(story.contains("whether it is there (ping), and the capture shows no answer") && story.contains("came by 62 times"), "{story}");
}
