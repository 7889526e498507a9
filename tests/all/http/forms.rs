//! The line, the whole, and JSON.

use super::*;

#[test]
fn a_line_says_who_asked_for_what_and_how_it_went() {
    let folder = folder();
    let path = made(&folder, &[Client(GET), Server(&answer("Content-Type: text/plain; charset=utf-8\r\n", b"hello"))]);
    let ran = http(["-t", text(&path)]);
    let line = "   0 192.168.1.11    GET  200 text/plain                       5 B    1.000 s http://www.example.com/a?b=c+d%21&e\n";
    // The acknowledgement of the request takes a second of its own.
    assert_eq!(ran.out, line.replace("1.000 s", "2.000 s"));
}

#[test]
fn exchanges_stand_in_the_order_in_which_they_began() {
    let ran = http(["-t", "captures/http-pipelined.pcapng"]);
    let urls: Vec<&str> = ran.out.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert_eq!(urls.len(), 2, "{}", ran.out);
    assert_ne!(urls[0], urls[1]);
}

#[test]
fn whole_exchanges_show_the_url_the_heads_and_the_bodies() {
    let folder = folder();
    let body = "caf\u{e9}\ttab\nsecond";
    let path = made(
        &folder,
        &[Client(GET), Server(&answer("Content-Type: text/plain; charset=iso-8859-1\r\nX-Order: b\r\nx-order: a\r\n", body.as_bytes()))],
    );
    let ran = http(["-v", text(&path)]);
    for part in [
        "Exchange 0 of conversation 0: GET http://www.example.com/a?b=c+d%21&e: 200 OK\n",
        "  host     www.example.com\n  port     80\n  path     /a\n  query    b = c d!\n  query    e\n",
        "  > GET /a?b=c+d%21&e HTTP/1.1\n  > Host: www.example.com\n  >\n",
        "  < X-Order: b\n  < x-order: a\n  <\n",
        "text in windows-1252 (header)\n",
        "the bytes do not fit windows-1252; likely (a guess from them) they are UTF-8\n",
        "  < caf\u{c3}\u{a9}\ttab\n  < second\n",
    ] {
        assert!(ran.out.contains(part), "{part:?} is missing:\n{}", ran.out);
    }
}

#[test]
fn a_hole_stands_in_its_place() {
    let folder = folder();
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\n";
    let path = made(&folder, &[Client(GET), Server(&[&head[..], b"before"].concat()), Lost(10), Server(b"and after")]);
    let whole = http(["-v", text(&path)]);
    assert!(whole.out.contains("  < before\n  warning: 10 bytes are missing here\n  < and after\n"), "{}", whole.out);
    let line = http([text(&path)]);
    assert!(line.out.contains("[10 bytes of the body missing in the capture]"), "{}", line.out);
    let body = &json(&path, &[])[0]["response"]["body"];
    assert_eq!((&body["text"], &body["complete"]), (&Value::from("beforeand after"), &Value::from(false)));
    assert_eq!(body["gaps"], serde_json::json!([{"offset": 6, "length": 10}]));
}

#[test]
fn a_hazard_is_seen_in_every_form() {
    let folder = folder();
    let request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    let path = made(&folder, &[Client(request), Server(&answer("", b""))]);
    let words = "both Content-Length and Transfer-Encoding";
    assert!(http([text(&path)]).out.contains(&format!("[hazard: {words}")));
    assert!(http(["-v", text(&path)]).out.contains(&format!("  hazard: {words}")));
    let exchange = &json(&path, &[])[0];
    assert_eq!(exchange["hazard"], true);
    assert_eq!(exchange["request"]["flags"], serde_json::json!(["content_length_with_transfer_encoding"]));
    assert_eq!(exchange["request"]["body"]["text"], "hi");
}

#[test]
fn json_has_the_keys_of_the_design() {
    let lines = json(&capture("http-gzip-chunked.pcapng"), &["--hash"]);
    let [exchange, summary] = lines.as_slice() else { panic!("an exchange and a summary: {lines:?}") };
    assert_eq!((&exchange["type"], &exchange["index"]), (&Value::from("exchange"), &Value::from(0)));
    assert_eq!(exchange["request"]["target"], "/chunked.txt");
    assert_eq!(exchange["request"]["headers"][0], serde_json::json!(["Host", "www.example.com"]));
    let body = &exchange["response"]["body"];
    assert_eq!((&body["length"], &body["decoded_length"]), (&Value::from(1352), &Value::from(20008)));
    assert_eq!((&body["content_encoding"], &body["transfer_encoding"]), (&serde_json::json!(["gzip"]), &serde_json::json!(["chunked"])));
    assert_eq!((&body["charset"], &body["charset_from"]), (&Value::from("UTF-8"), &Value::from("header")));
    assert_eq!(body["sha256"].as_str().map(str::len), Some(64));
    assert!(exchange["timing"]["wait_ms"].is_f64());
    assert_eq!((&summary["type"], &summary["exchanges"], &summary["limits"]), (&"summary".into(), &1.into(), &serde_json::json!({})));
}

#[test]
fn no_key_stands_twice_in_an_object() {
    for path in captures() {
        let ran = http(["--json", "--hash", text(&path)]);
        for line in ran.out.lines() {
            // A map keeps one of each key: written again it is as long only where none was repeated.
            let value: Value = serde_json::from_str(line).expect("a line is JSON");
            let keys = |text: &str| text.matches("\":").count();
            assert!(keys(&value.to_string()) <= keys(line), "{line}");
        }
    }
}

#[test]
fn what_a_terminal_would_obey_is_shown() {
    let folder = folder();
    let request = b"GET /\x1b[31m\x07?q=%1b%5d0%3b HTTP/1.1\r\nHost: a\x1b]0;x\x07\r\nX: \xe2\x80\xae\x9b\r\n\r\n";
    let body = "line\r\n\x1b[2J\u{9b}1m\u{202e}end\x7f".as_bytes();
    let path = made(
        &folder,
        &[Client(request), Server(&answer("Content-Type: text/plain\x1b[1m; charset=utf-8\r\nContent-Encoding: \x1bx\r\n", body))],
    );
    for words in [&["--color=never"][..], &["-v", "--color=never"], &["--json"], &["--har", "-"]] {
        let ran = http([words, &[text(&path)]].concat());
        let obeyed = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}');
        assert!(!ran.out.is_empty() && !ran.out.contains(obeyed), "{words:?}: {:?}", ran.out);
    }
}

#[test]
fn filters_choose_exchanges_by_the_frames_of_them() {
    let lines = |filter: &[&str]| http([&["-t", "captures/http-keep-alive.pcapng"], filter].concat()).out.lines().count();
    assert_eq!(lines(&[]), 4);
    assert_eq!(lines(&["host", "10.130.1.4"]), 4);
    assert_eq!(lines(&["http.request.method == \"HEAD\""]), 1);
    assert_eq!(lines(&["http.response.code == 404"]), 1);
    assert_eq!(lines(&["udp"]), 0);
    assert_eq!(http(["-c", "2", "captures/http-keep-alive.pcapng"]).out.lines().count(), 2);
}
