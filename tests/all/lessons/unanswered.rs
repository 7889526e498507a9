//! When a request counts as unanswered, on conversations that are made here: what h1 and a web server say, and when.

use super::super::support::read;
use serde_json::Value;
use std::fs;

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A frame: when, in milliseconds; whether the client sends it; flags; how far its sender and the other have come; what it says.
type Said<'a> = (u32, bool, u8, u32, u32, &'a str);

/// The handshake, in the first two milliseconds.
const OPENING: [Said<'_>; 3] = [(0, true, SYN, 0, 0, ""), (1, false, SYN | ACK, 0, 0, ""), (2, true, ACK, 0, 0, "")];

fn frame(&(_, by_client, flags, own, other, said): &Said<'_>) -> Vec<u8> {
    let mut ends = [([192, 168, 1, 11], 40_000_u16), ([10, 130, 1, 4], 80)];
    if !by_client {
        ends.reverse();
    }
    let [source, destination] = ends;
    // Streams are counted from behind the SYN, which is 999.
    let number = |place: u32, is_syn: bool| (1_000 + place - u32::from(is_syn)).to_be_bytes();
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0];
    frame.extend((40 + said.len() as u16).to_be_bytes());
    frame.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    frame.extend(source.0.into_iter().chain(destination.0));
    frame.extend(source.1.to_be_bytes().into_iter().chain(destination.1.to_be_bytes()));
    frame.extend(number(own, flags & SYN != 0));
    frame.extend(if flags & ACK == 0 { [0; 4] } else { number(other, false) });
    frame.extend([0x50, flags, 0xff, 0, 0, 0, 0, 0]);
    frame.extend(said.as_bytes());
    frame
}

/// What is said of requests without an answer: where both have said this, and the capture ends then, in milliseconds.
fn told(said: &[Said<'_>], end: u32, options: &[&str]) -> Vec<Value> {
    rule("http.unanswered", said, end, options)
}

/// What a rule says of that.
fn rule(id: &str, said: &[Said<'_>], end: u32, options: &[&str]) -> Vec<Value> {
    let words = |words: [u32; 4]| words.map(u32::to_le_bytes).concat();
    let mut file = [words([0xa1b2_c3d4, 0x0004_0002, 0, 0]), vec![0, 0, 4, 0, 1, 0, 0, 0]].concat();
    let mut push = |milliseconds: u32, bytes: &[u8]| {
        let length = bytes.len() as u32;
        file.extend(words([1_700_000_000 + milliseconds / 1000, milliseconds % 1000 * 1000, length, length]));
        file.extend(bytes);
    };
    for one in OPENING.iter().chain(said) {
        push(one.0, &frame(one));
    }
    // Somebody else, of another kind.
    push(end, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 0x88, 0xb5, 0, 0]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("made.pcap");
    fs::write(&path, &file).expect("a file");
    let ran = read([&["--json", path.to_str().expect("UTF-8")], options].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let notes = lines.flat_map(|line| line["notes"].as_array().cloned().unwrap_or_default());
    notes.filter(|note| note["rule"] == id).collect()
}

fn length(text: &str) -> u32 {
    text.len() as u32
}

/// The request and its acknowledgement.
fn asked(request: &str) -> [Said<'_>; 2] {
    [(10, true, ACK, 0, 0, request), (11, false, ACK, 0, length(request), "")]
}

fn after<'a>(begin: [Said<'a>; 2], rest: &[Said<'a>]) -> Vec<Said<'a>> {
    [&begin[..], rest].concat()
}

#[test]
fn a_client_that_goes_after_a_second_or_more_gave_up() {
    let end = length(GET);
    for (flags, word) in [(FIN | ACK, "client-closed"), (RST | ACK, "client-reset")] {
        let notes = told(&after(asked(GET), &[(2_010, true, flags, end, 0, "")]), 2_011, &[]);
        assert_eq!(notes.len(), 1);
        let facts = &notes[0]["facts"];
        assert_eq!((&facts["ended_by"], &facts["waited_ms"]), (&word.into(), &Value::from(2_000)), "{notes:?}");
        assert_eq!(notes[0]["evidence"], Value::from(vec![4, 5, 6]));
        assert!(told(&after(asked(GET), &[(900, true, flags, end, 0, "")]), 9_000, &[]).is_empty(), "too early");
    }
}

#[test]
fn a_capture_that_goes_on_for_three_seconds_shows_that_no_answer_comes() {
    let notes = told(&asked(GET), 3_500, &[]);
    assert_eq!((notes.len(), &notes[0]["facts"]["ended_by"]), (1, &"capture".into()));
    assert!(told(&asked(GET), 2_500, &[]).is_empty(), "the answer may be about to come");
    assert!(told(&asked(GET), 3_500, &["-c", "5"]).is_empty(), "not the capture ended, but what was wanted of it");
    // Who says with the request that this is all does not go.
    let half = [(10, true, ACK | FIN, 0, 0, GET), (11, false, ACK, 0, length(GET) + 1, "")];
    assert_eq!(told(&half, 3_500, &[]).len(), 1);
}

#[test]
fn what_the_server_did_not_take_is_not_its_silence() {
    let end = length(GET);
    let gone = (2_010, true, FIN | ACK, end, 0, "");
    assert!(told(&[asked(GET)[0], gone], 9_000, &[]).is_empty(), "never acknowledged");
    assert!(told(&[asked(GET)[0], gone, (2_011, false, ACK, 0, end + 1, "")], 9_000, &[]).is_empty(), "acknowledged too late");
    assert!(told(&after(asked(GET), &[(3_000, false, FIN | ACK, 0, end, "")]), 9_000, &[]).is_empty(), "the server closed");
    assert!(told(&after(asked(GET), &[(3_000, false, RST | ACK, 0, end, "")]), 9_000, &[]).is_empty(), "the server reset it");
    let half = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf";
    assert!(told(&asked(half), 9_000, &[]).is_empty(), "not all of the request was sent");
    assert!(told(&asked("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"), 9_000, &[]).is_empty());
}

/// How often a server that closed is told as that: on a first request, and as one that crossed with the closing.
fn closed(said: &[Said<'_>]) -> [usize; 2] {
    ["http.closed-unanswered", "http.closed-as-asked"].map(|id| rule(id, said, 9_000, &[]).len())
}

#[test]
fn a_server_that_closes_instead_of_answering_is_told() {
    let end = length(GET);
    for flags in [FIN | ACK, RST | ACK, RST] {
        let said = after(asked(GET), &[(12, false, flags, 0, end, "")]);
        assert_eq!(closed(&said), [1, 0], "{flags}");
        let notes = rule("http.closed-unanswered", &said, 9_000, &[]);
        assert_eq!(notes[0]["facts"]["reset"], Value::from(flags & RST != 0));
        assert_eq!(notes[0]["evidence"], Value::from(vec![4, 5, 6]));
    }
    // The closing says itself that the request came.
    assert_eq!(closed(&[asked(GET)[0], (12, false, FIN | ACK, 0, end, "")]), [1, 0]);
    assert_eq!(closed(&after(asked(GET), &[(5_000, false, FIN | ACK, 0, end, "")])), [1, 0], "after some thinking");
    let post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
    assert_eq!(closed(&after(asked(post), &[(12, false, RST | ACK, 0, length(post), "")])), [1, 0]);
}

#[test]
fn a_server_that_did_not_take_the_request_or_said_something_did_not_close_instead_of_answering() {
    let end = length(GET);
    let none = |said: &[Said<'_>], why: &str| assert_eq!(closed(said), [0, 0], "{why}");
    none(&[asked(GET)[0], (12, false, FIN | ACK, 0, 0, "")], "it closed before the request came");
    none(&[asked(GET)[0], (12, false, RST, 0, 0, "")], "a reset that acknowledges nothing");
    none(&after(asked(GET), &[(12, false, FIN | ACK, 40, end, "")]), "the capture lacks what it said before");
    none(&after(asked(GET), &[(12, false, RST | ACK, 40, end, "")]), "likewise");
    none(&after(asked(GET), &[(12, false, FIN | ACK, 0, end, OK)]), "the answer closes");
    none(&after(asked(GET), &[(12, false, ACK, 0, end, OK), (13, false, FIN | ACK, length(OK), end, "")]), "the answer came");
    let client_first = [(12, true, FIN | ACK, end, 0, ""), (13, false, FIN | ACK, 0, end + 1, "")];
    none(&after(asked(GET), &client_first), "the client closed its side first");
    none(&[(10, true, ACK | FIN, 0, 0, GET), (12, false, FIN | ACK, 0, end + 1, "")], "and with the request");
    let half = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf";
    none(&after(asked(half), &[(12, false, FIN | ACK, 0, length(half), "")]), "not all of the request was sent");
    let both = GET.repeat(2);
    let pipelined = [(12, false, ACK, 0, length(&both), OK), (13, false, FIN | ACK, length(OK), length(&both), "")];
    none(&after(asked(&both), &pipelined), "the second was sent before the first was answered");
}

#[test]
fn a_connection_that_was_used_and_closes_as_a_request_comes_is_no_fault_of_the_server() {
    let (end, said) = (length(GET), length(OK));
    let used = after(asked(GET), &[(12, false, ACK, 0, end, OK), (13, true, ACK, end, said, "")]);
    let then = |rest: &[Said<'_>]| closed(&after([used[0], used[1]], &[&used[2..], rest].concat()));
    let again = (3_000, true, ACK, end, said, GET);
    assert_eq!(then(&[again, (3_001, false, FIN | ACK, said, 2 * end, "")]), [0, 1], "at once");
    assert_eq!(then(&[again, (3_001, false, FIN | ACK, said, end, "")]), [0, 1], "both crossed");
    assert_eq!(then(&[again, (3_001, false, RST | ACK, said, 2 * end, "")]), [0, 1]);
    let taken = (3_001, false, ACK, said, 2 * end, "");
    assert_eq!(then(&[again, taken, (4_000, false, FIN | ACK, said, 2 * end, "")]), [1, 0], "it had the request for a second");
    // A first request behind a long silence.
    let late = [(3_000, true, ACK, 0, 0, GET), (3_001, false, RST | ACK, 0, end, "")];
    assert_eq!(closed(&late), [0, 1]);
}

#[test]
fn an_answer_that_came_or_that_the_capture_lacks_is_one() {
    let end = length(GET);
    let continued = "HTTP/1.1 100 Continue\r\n\r\n";
    for answer in [OK, continued, "HTTP/1.1 200", "no HTTP at all"] {
        let answered = [(2_000, false, ACK, 0, end, answer), (5_000, true, FIN | ACK, end, length(answer), "")];
        assert!(told(&after(asked(GET), &answered), 9_000, &[]).is_empty(), "{answer}");
    }
    let lacking = [(2_000, true, ACK, end, 700, ""), (5_000, true, FIN | ACK, end, 700, "")];
    assert!(told(&after(asked(GET), &lacking), 9_000, &[]).is_empty(), "the client has bytes that were not captured");
}

#[test]
fn of_several_requests_the_first_without_an_answer_is_told() {
    let both = GET.repeat(2);
    assert_eq!(told(&asked(&both), 9_000, &[]).len(), 1);
    let end = length(&both);
    let answered = [(4_000, false, ACK, 0, end, OK), (4_001, true, ACK, end, length(OK), "")];
    let and_on =
        |last: u32| [&answered[..], &[(last - 1, false, ACK, length(OK), end, ""), (last, true, FIN | ACK, end, length(OK), "")]].concat();
    let notes = told(&after(asked(&both), &and_on(6_000)), 6_001, &[]);
    assert_eq!(notes.len(), 1, "the second one waits since the first was answered");
    assert_eq!(notes[0]["facts"]["waited_ms"], Value::from(2_000));
}

#[test]
fn a_client_that_goes_when_the_answer_has_stalled_is_told_as_that() {
    let end = length(GET);
    let tells = |head: &str, gone: u32, server: u8| {
        let size = if head.ends_with("chunked") { "9\r\n" } else { "" };
        let part = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{size}half");
        let said = [(20, false, ACK, 0, end, part.as_str()), (gone, true, FIN | ACK, end, length(&part), "")];
        let closed = (gone + 1, false, server, length(&part), end + 1, "");
        rule("http.incomplete", &after(asked(GET), &[said[0], said[1], closed]), gone + 2, &[])
    };
    let notes = tells("Content-Length: 9", 2_020, ACK);
    assert_eq!((notes.len(), &notes[0]["facts"]["client_waited_ms"]), (1, &Value::from(2_000)), "{notes:?}");
    assert_eq!(notes[0]["evidence"], Value::from(vec![6, 7]));
    assert!(tells("Content-Length: 9", 900, ACK).is_empty(), "the rest may be about to come");
    assert!(tells("Transfer-Encoding: chunked", 9_000, ACK).is_empty(), "nobody knows whether there is a rest");
    assert!(tells("Content-Length: 4", 9_000, ACK).is_empty(), "it is whole");
    // The server closes too, behind the client.
    assert_eq!(tells("Content-Length: 9", 2_020, FIN | ACK)[0]["facts"]["client_waited_ms"], Value::from(2_000));
    assert_eq!(tells("Transfer-Encoding: chunked", 2_020, FIN | ACK).len(), 1);
    let events = "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked";
    assert!(tells(events, 9_000, FIN | ACK).is_empty(), "news have no end");
}
