//! Answers of DNS, forms that are none, pings that nobody sent, and fields that no capture has.

use super::outcomes::{both, differ, told};
use super::script::{Script, request, response};
use super::*;

/// A question for the addresses of a.test, and an answer with records of this time to live and these last bytes of addresses.
fn answered(seconds: u32, addresses: [u8; 2]) -> impl Fn(&mut Script) {
    move |script: &mut Script| {
        let name = b"\x01a\x04test\x00\x00\x01\x00\x01";
        let question = [&[0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], name].concat();
        let mut answer = [&[0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0][..], name].concat();
        for last in addresses {
            answer.extend([0xc0, 12, 0, 1, 0, 1]);
            answer.extend(seconds.to_be_bytes());
            answer.extend([0, 4, 192, 0, 2, last]);
        }
        script.datagram(0, [5_353, 53], &question);
        script.datagram(1, [53, 5_353], &answer);
    }
}

#[test]
fn how_long_an_answer_may_be_kept_and_its_order_are_set_apart_and_count_strictly() {
    for (other, said, field) in [
        (answered(33, [1, 2]), "time to live (TTL) of an answered record", "dns.resp.ttl"),
        (answered(60, [2, 1]), "order of the answered addresses", "dns.answers.order"),
    ] {
        let [left, right] = both(answered(60, [1, 2]), other);
        let (status, out) = told(&left, &right, &[]);
        assert_eq!(status, Some(0), "{out}");
        says(&out, &["Set apart", said]);
        for words in [vec!["--strict"], vec!["--only", field]] {
            let (status, out) = told(&left, &right, &words);
            assert_eq!(status, Some(1), "{out}");
            says(&out, &[said]);
        }
        assert_eq!(told(&left, &right, &["--strict", "--ignore", "dns.resp.ttl,dns.answers.order,time"]).0, Some(0));
    }
    // Of other addresses that is all there is to tell.
    let [left, right] = both(answered(60, [1, 2]), answered(60, [1, 3]));
    let (_, out) = told(&left, &right, &["--strict"]);
    assert!(out.contains("answered address") && !out.contains("order of the answered"), "{out}");
}

#[test]
fn what_is_no_text_is_not_taken_apart_as_a_form() {
    let sent = |body: Vec<u8>| {
        move |script: &mut Script| {
            let headers = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len());
            let asked = [request("POST /a", &headers).as_bytes(), &body].concat();
            script.connect(80).say(0, asked).say(1, response("200 OK", "", "a\n")).close(0);
        }
    };
    differ(sent(b"\x01\xb9=1&\x02=2".to_vec()), sent(b"\x01\xb9=1&\x03=2".to_vec()), &["the request body"], &["form parameter"]);
    differ(sent(b"a=1&b=2".to_vec()), sent(b"a=1&b=3".to_vec()), &["the form parameter b is 2 left and 3 right"], &["request body"]);
}

#[test]
fn fields_that_neither_capture_has_are_not_said_to_be_the_same() {
    let folder = Folder::new();
    let page = |script: &mut Script| script.connect(80).say(0, request("GET /a", "")).say(1, response("200 OK", "", "a\n")).close(0);
    let [left, right] = both(page, page);
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    for name in ["dns", "tls.handshake.ciphersuite", "icmp.seq"] {
        let ran = diff(&["--runs", "--brief", "--only", name, &left, &right]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{name}");
        says(&ran.err, &["nothing is compared", "--only"]);
    }
    for name in ["http", "time", "tcp.stream"] {
        assert_eq!(diff(&["--runs", "--only", name, &left, &right]).status, Some(0), "{name}");
    }
}

#[test]
fn a_request_without_an_answer_is_named_before_one_that_was_put_otherwise() {
    let asked = |query: &'static str, is_answered: bool| {
        move |script: &mut Script| {
            script.connect(80).say(0, request(&format!("GET /a?{query}"), "")).say(1, response("200 OK", "", "a\n")).close(0);
            let second = script.connect(80).say(0, request("GET /b", ""));
            let second = if is_answered { second.say(1, response("200 OK", "", "b\n")) } else { second };
            second.close(0);
        }
    };
    let first = "the first: the response came left and not right";
    let [left, right] = both(asked("n=1", true), asked("n=2", false));
    says(&told(&left, &right, &["--brief"]).1, &[first]);
    // Where one thing is both, what was asked otherwise comes before what came of it.
    let [left, right] = both(asked("n=1", true), asked("n=2", true));
    says(&told(&left, &right, &["--brief"]).1, &["the first: the query parameter n is 1 left and 2 right"]);
}

#[test]
fn an_exchange_that_one_run_has_alone_is_told_with_its_query() {
    let asked = |queries: &'static [&'static str]| {
        move |script: &mut Script| {
            for query in queries {
                script.connect(80).say(0, request(&format!("GET /json{query}"), "")).say(1, response("200 OK", "", "a\n")).close(0);
            }
        }
    };
    differ(asked(&["?i=1"]), asked(&["?i=1", "?i=2&j"]), &["+GET www.example/json?i=2&j 200"], &[]);
}

/// What stands for a boundary says so, and of many lines only the first are shown.
#[test]
fn a_long_body_is_shortened_and_its_boundary_named() {
    let sent = |number: u32, lines: u32| {
        move |script: &mut Script| {
            let lines: String = (0..60).map(|line| format!("{}\r\n", (line + 1) * lines)).collect();
            let part = format!("Content-Disposition: form-data; name=\"a\"\r\n\r\n{lines}");
            let boundary = format!("-------------------{number:016x}");
            let body = format!("--{boundary}\r\n{part}\r\n--{boundary}--\r\n");
            let headers = format!("Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {}\r\n", body.len());
            let asked = [request("POST /a", &headers), body].concat();
            script.connect(80).say(0, asked).say(1, response("200 OK", "", "a\n")).close(0);
        }
    };
    super::outcomes::alike(sent(7, 10), sent(8, 10), &[]);
    let out = differ(sent(7, 10), sent(8, 11), &["--(boundary)---", "more lines (-v shows all)"], &["00000000000007", "-600", "+660"]);
    assert!(out.contains("-10 "), "{out}");
    let [left, right] = both(sent(7, 10), sent(8, 11));
    let (_, all) = told(&left, &right, &["-v"]);
    assert!(all.contains("-600") && all.contains("+660") && !all.contains("more lines"), "{all}");
}

#[test]
fn words_of_a_report_that_are_no_names_are_told_with_the_name_and_a_line_says_what_was_ignored() {
    let said = |text: &'static str| {
        move |script: &mut Script| {
            let answer = response("200 OK", "Content-Type: application/json\r\n", text);
            script.connect(80).say(0, request("GET /a", "")).say(1, answer).close(0);
        }
    };
    let folder = Folder::new();
    let [left, right] = both(said("{\"flag\": 1}"), said("{\"flag\": 2}"));
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    for (name, meant) in [
        ("response body", "http.response.file_data"),
        ("response body /flag", "flag"),
        ("/flag", "flag"),
        ("/items/1/flag", "flag"),
        ("query parameter i", "i"),
    ] {
        let ran = diff(&["--runs", "--ignore", name, &left, &right]);
        assert_eq!(ran.status, Some(2), "{}", ran.out);
        says(&ran.err, &[&format!("did you mean {meant}?")]);
    }
    says(&same(&["--runs", "--brief", "--ignore", "flag", &left, &right]), &["; 1 difference ignored as you asked"]);
    assert!(!different(&["--runs", "--brief", &left, &right]).contains("ignored"));
}

/// TLS 1.3 encrypts the certificate (RFC 8446 section 4.4.2): that it is not compared is said where there is one.
#[test]
fn a_certificate_that_nobody_can_read_is_named_as_not_compared() {
    let [old, new] = ["tls12.pcapng", "tls13.pcapng"].map(|name| text(&capture(name)));
    says(&different(&["--runs", &old, &new]), &["certificates, which TLS 1.3 encrypts (0 | 1)"]);
    assert!(!same(&["--runs", &old, &old]).contains("certificates"));
}
