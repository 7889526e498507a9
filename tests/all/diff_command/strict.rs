//! `--strict`: nothing is passed over; and what is set apart without it.

use super::outcomes::{alike, both, differ, told};
use super::script::{Script, request, response};
use super::*;

/// What two scripts differ in with `--strict`, and that they do not without it.
#[track_caller]
fn only_strictly(first: impl Fn(&mut Script), second: impl Fn(&mut Script), apart: &[&str], parts: &[&str]) {
    alike(&first, &second, apart);
    let [left, right] = both(first, second);
    // Another port and another time are others every time.
    let words = ["--strict", "--ignore", "tcp.srcport,udp.srcport,time"];
    let (status, out) = told(&left, &right, &words);
    says(&out, parts);
    assert_eq!(status, Some(1), "{out}");
    assert_eq!(told(&right, &left, &words).0, Some(1), "{out}");
}

/// Targets, each asked for over a connection of its own.
fn asked(targets: &[&'static str]) -> impl Fn(&mut Script) {
    let targets = targets.to_vec();
    move |script| {
        for target in &targets {
            let connection = script.connect(80).say(0, request(&format!("GET {target}"), ""));
            connection.say(1, response("200 OK", "", "a\n")).close(0);
        }
    }
}

#[test]
fn a_target_that_is_only_written_otherwise_counts_strictly() {
    let apart = ["no difference", "Set apart", "way the target of the request is written"];
    for [left, right] in [["/a?x", "/a?x="], ["/", "/?"], ["/a?x=%41", "/a?x=A"], ["/a", "http://www.example/a"]] {
        let part = format!("the way the target of the request is written is {left} left and {right} right");
        only_strictly(asked(&[left]), asked(&[right]), &apart, &[&part]);
    }
    differ(asked(&["/a?x"]), asked(&["/a?x=1"]), &["the query parameter x is (empty) left and 1 right"], &["is written"]);
}

#[test]
fn the_order_of_what_was_asked_counts_strictly_over_all_connections() {
    let part = ["First difference: the place of GET www.example/a is the 1. left and the 3. right"];
    only_strictly(asked(&["/a", "/b", "/c"]), asked(&["/b", "/c", "/a"]), &["no difference"], &part);
    let questions =
        |names: [&'static str; 2]| move |script: &mut Script| names.into_iter().for_each(|name| script.ask(name, 1, Some(&[192, 0, 2, 1])));
    let part = ["the place of ", "is the 1. left and the 2. right"];
    only_strictly(questions(["a.test", "b.test"]), questions(["b.test", "a.test"]), &["no difference"], &part);
}

#[test]
fn ports_and_times_count_strictly() {
    let [left, right] = both(asked(&["/a"]), asked(&["/a"]));
    let (status, out) = told(&left, &right, &["--strict", "--ignore", "time"]);
    assert_eq!(status, Some(1), "{out}");
    says(&out, &["the client's port is "]);
    let (status, out) = told(&left, &right, &["--only", "tcp.srcport"]);
    assert_eq!((status, out.contains("the client's port is ")), (Some(1), true), "{out}");
    let slow = |milliseconds: i64| {
        move |script: &mut Script| {
            let connection = script.connect(80).say(0, request("GET /a", "")).wait(milliseconds);
            connection.say(1, response("200 OK", "", "a\n")).close(0);
        }
    };
    let [left, right] = both(slow(20), slow(50));
    let (status, out) = told(&left, &right, &["--strict", "--only", "http.time"]);
    assert_eq!(status, Some(1), "{out}");
    says(&out, &["the time to the response is 20.000 ms left and 50.000 ms right"]);
    alike(slow(20), slow(50), &["no difference"]);
}

#[test]
fn how_long_an_answer_took_to_come_in_is_told_where_it_is_no_noise() {
    let sent = |milliseconds: i64| {
        move |script: &mut Script| {
            let whole = response("200 OK", "", &"a\n".repeat(700));
            let connection = script.connect(80).say(0, request("GET /a", "")).say(1, &whole[..200]);
            connection.wait(milliseconds).say(1, &whole[200..]).close(0);
        }
    };
    alike(sent(1), sent(3_000), &["no difference", "the time the response took to come in is "]);
    let out = alike(sent(1), sent(60), &["no difference"]);
    assert!(!out.contains("the time"), "{out}");
}

#[test]
fn a_key_that_stands_twice_in_json_hides_nothing() {
    let json = |body: &'static str| {
        move |script: &mut Script| {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            script.connect(80).say(0, request("GET /a", "")).say(1, answer).close(0);
        }
    };
    differ(json(r#"{"a":1,"a":2}"#), json(r#"{"a":3,"a":2}"#), &["the response body differs in line 1"], &[]);
    only_strictly(json(r#"{"a":1,"b":2}"#), json(r#"{"b":2,"a":1}"#), &["no difference"], &["the response body is "]);
}

#[test]
fn an_answer_to_go_on_is_told() {
    let sent = |interim: &'static str| {
        move |script: &mut Script| {
            let connection = script.connect(80).say(0, request("POST /a", "Content-Length: 3\r\nExpect: 100-continue\r\n"));
            let connection = if interim.is_empty() { connection } else { connection.say(1, interim) };
            connection.say(0, "abc").say(1, response("200 OK", "", "a\n")).close(0);
        }
    };
    let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    alike(sent(go_on), sent(""), &["no difference", "Beside that, and counted for nothing: the interim response is only left: 100."]);
    let out = alike(sent(go_on), sent(go_on), &["no difference"]);
    assert!(!out.contains("interim"), "{out}");
}

#[test]
fn times_are_shown_where_one_asks_for_them() {
    let folder = Folder::new();
    let [left, right] = both(asked(&["/a"]), asked(&["/b"]));
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    let line = |words: &[&str]| {
        let out = different(&[words, &["--runs", &left, &right]].concat());
        out.lines().find(|line| line.starts_with("@@")).expect("an exchange").to_owned()
    };
    assert!(line(&[]).contains("frames 4-6 | 4-6 @@"), "{}", line(&[]));
    assert_eq!(line(&["-t"]), line(&[]));
    says(&line(&["-tttt"]), &[", at 2023-11-15 ", " | 2023-11-16 "]);
    says(&line(&["-ttttt"]), &[", at 00:00:00.003000 | 00:00:00.003000 @@"]);
    let out = different(&["-y", "-ttttt", "--runs", &left, &right]);
    says(&out, &["4 00:00:00.003000 GET www.example/a 200"]);
}

#[test]
fn what_quic_says_in_clear_is_compared() {
    let began = |version: u8, answers: usize| {
        move |script: &mut Script| {
            let initial = |from: u8| [&[0xc3, 0, 0, 0, version, 8][..], &[from; 8], &[0, 0, 0x44, 0xb0], &[0x5a; 1_180]].concat();
            script.datagram(0, [50_000, 443], &initial(1));
            (0..answers).for_each(|_| script.datagram(1, [50_000, 443], &initial(2)));
        }
    };
    alike(began(1, 1), began(1, 2), &["no difference in what is compared", "what else is said in quic (1 | 1)"]);
    differ(began(1, 1), began(1, 0), &["initial, version 1"], &["no difference"]);
}
