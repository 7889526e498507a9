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
