//! Runs with one known difference: it is named first, as what it is, and nothing else is.

use super::script::{Script, request, response};
use super::*;

/// What is said of two captures, and the exit status.
pub(super) fn told(left: &Script, right: &Script, words: &[&str]) -> (Option<i32>, String) {
    let folder = Folder::new();
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    let words: Vec<&str> = words.iter().copied().chain(["--runs", &left, &right]).collect();
    let ran = diff(&words);
    assert_eq!(ran.err, "", "{}", ran.out);
    (ran.status, ran.out.replace('\n', " "))
}

/// Two captures of the same, each made by a script.
pub(super) fn both(first: impl Fn(&mut Script), second: impl Fn(&mut Script)) -> [Script; 2] {
    let (mut left, mut right) = (Script::new(1), Script::new(2));
    first(&mut left);
    second(&mut right);
    [left, right]
}

#[track_caller]
pub(super) fn differ(first: impl Fn(&mut Script), second: impl Fn(&mut Script), parts: &[&str], not: &[&str]) -> String {
    let [left, right] = both(first, second);
    let (status, out) = told(&left, &right, &[]);
    says(&out, parts);
    for part in not {
        assert!(!out.contains(part), "{part:?} is said:\n{out}");
    }
    assert_eq!(status, Some(1), "{out}");
    assert_eq!(told(&right, &left, &[]).0, Some(1), "{out}");
    out
}

#[track_caller]
pub(super) fn alike(first: impl Fn(&mut Script), second: impl Fn(&mut Script), parts: &[&str]) -> String {
    let [left, right] = both(first, second);
    let (status, out) = told(&left, &right, &[]);
    says(&out, parts);
    assert_eq!(status, Some(0), "{out}");
    assert_eq!(told(&right, &left, &[]).0, Some(0), "{out}");
    out
}

/// Requests for `/poll`, and what is answered to each.
fn polls(answers: &[&str]) -> impl Fn(&mut Script) {
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    move |script| {
        let mut connection = script.connect(80);
        for answer in &answers {
            connection = connection.say(0, request("GET /poll", "")).say(1, response("200 OK", "", answer));
        }
        connection.close(0);
    }
}

#[test]
fn one_of_many_like_requests_that_was_answered_otherwise_stands_in_its_place() {
    let parts = ["First difference: the response body", "(exchange 3: frames 12-14 | 12-14"];
    differ(polls(&["a\n", "a\n", "a\n", "a\n"]), polls(&["a\n", "a\n", "b\n", "a\n"]), &parts, &["order"]);
    let parts = ["the exchange is only left: GET www.example/poll (exchange 2"];
    differ(polls(&["a\n", "b\n", "c\n"]), polls(&["a\n", "c\n"]), &parts, &["order"]);
}

#[test]
fn frames_that_are_in_no_conversation_are_not_called_the_same() {
    let arp = |answered: bool| {
        move |script: &mut Script| {
            script.frame(0x0806, &[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1]);
            if answered {
                script.frame(0x0806, &[0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 9, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 2]);
            }
        }
    };
    let parts = ["has a conversation, so nothing is compared", "frames that are in no conversation (2 | 1)"];
    differ(arp(true), arp(false), &parts, &["no difference"]);
    alike(arp(true), arp(true), &["no difference"]);
    let with = |answered: bool| {
        move |script: &mut Script| {
            arp(answered)(script);
            polls(&["a\n"])(script);
        }
    };
    alike(with(true), with(false), &["no difference in what is compared", "(2 | 1)"]);
}

#[test]
fn what_is_not_read_is_said() {
    let upgraded = |last: &'static [u8]| {
        move |script: &mut Script| {
            let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
            let connection = script.connect(80).say(0, request("GET /chat", upgrade));
            connection.say(1, format!("HTTP/1.1 101 Switching Protocols\r\n{upgrade}\r\n")).say(1, last).close(0);
        }
    };
    alike(
        upgraded(b"\x81\x02hi"),
        upgraded(b"\x81\x02ho"),
        &["no difference in what is compared", "Not compared: what follows HTTP over one connection (WebSocket, CONNECT) (1 | 1)."],
    );
}

#[test]
fn a_request_that_only_one_capture_has_is_told_as_that_or_as_missing() {
    let full = |script: &mut Script| {
        let connection = script.connect(80).say(0, request("GET /a", "Accept: */*\r\n"));
        connection.say(1, response("200 OK", "", "a\n")).close(0);
    };
    let holed = |script: &mut Script| {
        let asked = request("GET /a", "Accept: */*\r\n").len();
        script.connect(80).miss(0, asked).say(1, response("200 OK", "", "a\n")).close(0);
    };
    alike(full, holed, &["no difference in what is compared", "A capture lacks bytes, so this is not compared: request."]);
    let other = |script: &mut Script| {
        script.connect(80).say(0, "\u{1}\u{2}\r\n\r\n").say(1, response("200 OK", "", "b\n")).close(0);
    };
    let out = differ(full, other, &["First difference: the request is only left: GET www.example/a"], &["the method", "request header"]);
    assert!(out.contains("response body"), "{out}");
}

#[test]
fn heads_and_bodies_that_the_capture_cut_are_not_called_absent() {
    let full = |script: &mut Script| {
        let connection = script.connect(80).say(0, request("GET /a", &format!("X-Long: {}\r\n", "x".repeat(100))));
        connection.say(1, response("200 OK", "X-Other: y\r\n", &"line\n".repeat(100))).close(0);
    };
    let [left, right] = both(full, full);
    for (left, right) in [(left.clone(), right.clone().cut(40)), (left.cut(40), right.cut(40))] {
        let (status, out) = told(&left, &right, &[]);
        assert_eq!(status, Some(0), "{out}");
        says(&out, &["no difference in what is compared", "lacks bytes, so this is not compared: request header, response header"]);
    }
}

#[test]
fn a_body_that_was_cut_off_is_told_as_that() {
    let body = "line\n".repeat(600);
    let sent = |upto: usize, ends: u8| {
        let body = body.clone();
        move |script: &mut Script| {
            let whole = response("200 OK", "", &body);
            let head = whole.len() - body.len();
            let connection = script.connect(80).say(0, request("GET /a", "")).say(1, &whole[..head + upto]);
            match ends {
                0 => connection.close(1),
                1 => connection.reset(1),
                _ => {}
            }
        }
    };
    let parts = ["the response body is whole (3,000 bytes) left and cut off behind 1,700 of 3,000 bytes right"];
    for ends in 0..3 {
        differ(sent(3_000, 0), sent(1_700, ends), &parts, &["line 1"]);
    }
    differ(sent(3_000, 0), sent(0, 1), &["and cut off behind 0 of 3,000 bytes right"], &[]);
}

#[test]
fn what_browsers_are_told_of_a_cookie_counts_and_what_it_holds_does_not() {
    let set = |cookie: &'static str| {
        move |script: &mut Script| {
            let headers = format!("Set-Cookie: {cookie}\r\n");
            script.connect(80).say(0, request("GET /a", "")).say(1, response("200 OK", &headers, "a\n")).close(0);
        }
    };
    alike(set("sid=1; Path=/; Secure; Expires=Mon"), set("sid=2; Secure; path=/; expires=Tue"), &["no difference"]);
    differ(set("sid=1; Path=/; Secure"), set("sid=2; Path=/"), &["the set cookie sid; secure is only left"], &[]);
}

#[test]
fn a_length_counts_where_there_is_no_body_to_compare() {
    let head = |length: &'static str| {
        move |script: &mut Script| {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            script.connect(80).say(0, request("HEAD /a", "")).say(1, answer).close(0);
        }
    };
    differ(head("100"), head("200"), &["the response header Content-Length is 100 left and 200 right"], &[]);
}

/// A page, and what it holds.
fn page(body: String) -> impl Fn(&mut Script) {
    move |script| script.connect(80).say(0, request("GET /a", "")).say(1, response("200 OK", "", &body)).close(0)
}

#[test]
fn the_line_that_differs_is_named_and_shown_where_it_differs() {
    let text = |third: &str| page(format!("a\nb\n{third}c\n"));
    differ(text(""), text("x\n"), &["First difference: the response body differs in line 3: x is only right ("], &[]);
    differ(text("y\n"), text("x\n"), &["First difference: the response body differs in line 3: y left and x right ("], &[]);
    let long = |end: &str| page(format!("{}{end}\n", "z".repeat(9_000)));
    differ(long("left"), long("right"), &["zzzleft left and ..zzz", "zzzright right"], &[]);
    let ended = |end: &str| page(["a", "b"].map(|line| [line, end].concat()).concat());
    differ(ended("\n"), ended("\r\n"), &["in line 1: a left and a\\r right", " -a -b +a\\r +b\\r "], &[]);
    let ended = |last: &str| page(["a\r\n", last, "\r\n"].concat());
    differ(ended("b"), ended("c"), &[" -b +c "], &["\\r"]);
}

#[test]
fn what_moved_is_named_with_both_its_places() {
    let asked = |paths: [&'static str; 3]| {
        move |script: &mut Script| {
            let mut connection = script.connect(80);
            for path in paths {
                connection = connection.say(0, request(&format!("GET {path}"), "")).say(1, response("200 OK", "", path));
            }
            connection.close(0);
        }
    };
    let parts = ["First difference: the place of GET www.example/a is the 1. left and the 3. right"];
    differ(asked(["/a", "/b", "/c"]), asked(["/b", "/c", "/a"]), &parts, &[]);
}

#[test]
fn questions_are_told_with_their_type_and_related_by_their_name() {
    let asked = |name: &'static str, kind: u16| {
        let answer = if kind == 28 { vec![0x20; 16] } else { vec![192, 0, 2, 1] };
        move |script: &mut Script| script.ask(name, kind, Some(&answer))
    };
    differ(asked("a.test", 1), asked("a.test", 28), &["the question is only left: a.test A ("], &["unrelated"]);
    differ(asked("a.test", 1), asked("b.test", 1), &["unrelated: the server 10.0.0.80:53 is in both, but no name"], &[]);
    let again = |script: &mut Script| {
        script.ask("a.test", 1, None);
        script.ask("a.test", 1, Some(&[192, 0, 2, 1]));
    };
    alike(asked("a.test", 1), again, &["no difference"]);
}

#[test]
fn names_that_no_capture_has_are_said_with_the_nearest() {
    let folder = Folder::new();
    let [left, right] = both(polls(&["a\n"]), polls(&["b\n"]));
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    let run = |words: &[&str]| diff(&[words, &["--runs", &left, &right]].concat());
    for (name, meant) in
        [("Usr-Agent", "did you mean User-Agent?"), ("status", "did you mean http.response.code?"), ("X-Nothing", "man wirelore-diff")]
    {
        let ran = run(&["--only", name]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{name}");
        says(&ran.err, &[name, meant]);
    }
    let ran = run(&["--ignore", "Usr-Agent"]);
    assert_eq!(ran.status, Some(1));
    says(&ran.err, &["did you mean User-Agent?"]);
    // What is not there every time may be ignored all the same.
    let ran = run(&["--ignore", "X-Nothing"]);
    says(&ran.err, &["--ignore X-Nothing: neither capture has a header", "it takes nothing away"]);
    assert!(!ran.err.contains("did you mean"), "{}", ran.err);
    assert_eq!(run(&["--only", "User-Agent"]).status, Some(0));
}

#[test]
fn numbers_for_names_change_what_is_shown_and_not_what_is_matched() {
    let folder = Folder::new();
    let [left, right] = both(polls(&["a\n"]), polls(&["b\n"]));
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    says(&different(&["--runs", &left, &right]), &["http with www.example:80"]);
    says(&different(&["-n", "--runs", &left, &right]), &["http with 10.0.0.80:80"]);
}

#[test]
fn a_datagram_of_text_is_a_line() {
    let logged = |second: &'static str| {
        move |script: &mut Script| {
            for text in ["one", second, "three"] {
                script.datagram(0, [5_000, 7_777], text.as_bytes());
            }
        }
    };
    differ(logged("two"), logged("2"), &["the content sent differs in line 2: two left and 2 right", " one -two +2  three"], &[]);
}

#[test]
fn what_is_in_clear_of_what_is_encrypted_is_compared() {
    let greeted = |version: &'static str, hidden: usize| {
        move |script: &mut Script| {
            let connection = script.connect(22).say(1, format!("SSH-2.0-{version}\r\n")).say(0, "SSH-2.0-test\r\n");
            connection.say(0, vec![0x93; 60]).say(1, vec![0x99; hidden]).close(0);
        }
    };
    differ(greeted("server_1", 60), greeted("server_2", 60), &["another line: SSH-2.0-server_1 left and SSH-2.0-server_2 right"], &[]);
    alike(greeted("server_1", 60), greeted("server_1", 90), &["no difference in what is compared", "what else is said in ssh (1 | 1)."]);
    let parts = ["Beside that, and counted for nothing: the number of bytes received is 78 left and 60018 right."];
    alike(greeted("server_1", 60), greeted("server_1", 60_000), &parts);
}
