//! HAR as its specification has it.

use super::*;

/// The members that an object must have, with the kind of each: `s`tring, `n`umber, `a`rray, `o`bject.
fn holds(object: &Value, members: &[(&str, char)], place: &str) {
    for (name, kind) in members {
        let value = &object[*name];
        let right = match kind {
            's' => value.is_string(),
            'n' => value.is_number(),
            'a' => value.is_array(),
            _ => value.is_object(),
        };
        assert!(right, "{place}.{name} is {value}");
    }
}

fn check(har: &str) -> Vec<Value> {
    let har: Value = serde_json::from_str(har).expect("a HAR is JSON");
    let log = &har["log"];
    holds(log, &[("version", 's'), ("creator", 'o'), ("entries", 'a')], "log");
    assert_eq!(log["version"], "1.2");
    holds(&log["creator"], &[("name", 's'), ("version", 's')], "creator");
    let entries = log["entries"].as_array().expect("entries").clone();
    let common = [("httpVersion", 's'), ("cookies", 'a'), ("headers", 'a'), ("headersSize", 'n'), ("bodySize", 'n')];
    for entry in &entries {
        let members = [
            ("startedDateTime", 's'),
            ("time", 'n'),
            ("request", 'o'),
            ("response", 'o'),
            ("cache", 'o'),
            ("timings", 'o'),
            ("connection", 's'),
        ];
        holds(entry, &members, "entry");
        holds(&entry["timings"], &[("send", 'n'), ("wait", 'n'), ("receive", 'n')], "timings");
        let parts = ["send", "wait", "receive"].map(|part| entry["timings"][part].as_f64().expect("a number"));
        assert!(
            parts.iter().all(|part| *part >= 0.0) && (parts.iter().sum::<f64>() - entry["time"].as_f64().expect("a number")).abs() < 1e-6
        );
        let (request, response) = (&entry["request"], &entry["response"]);
        holds(request, &common, "request");
        holds(request, &[("method", 's'), ("url", 's'), ("queryString", 'a')], "request");
        holds(response, &common, "response");
        holds(response, &[("status", 'n'), ("statusText", 's'), ("content", 'o'), ("redirectURL", 's')], "response");
        holds(&response["content"], &[("size", 'n'), ("mimeType", 's')], "content");
        for pair in ["headers", "queryString", "cookies"].iter().filter_map(|name| request[*name].as_array()).flatten() {
            holds(pair, &[("name", 's'), ("value", 's')], "pair");
        }
    }
    entries
}

#[test]
fn every_capture_gives_one() {
    let mut entries = 0;
    for path in captures() {
        let ran = http(["--har", "-", text(&path)]);
        entries += check(&ran.out).len();
    }
    assert!(entries > 15, "only {entries} entries");
}

#[test]
fn bodies_cookies_and_parameters_are_in_it() {
    let folder = folder();
    let request = b"POST /p?x=1 HTTP/1.1\r\nHost: a\r\nCookie: k=v; l=w\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nq=%C3%A9&";
    let body = b"\x89PNG\r\n\x1a\n\0";
    let path = made(&folder, &[Client(request), Server(&answer("Set-Cookie: s=t; Path=/; HttpOnly\r\nContent-Type: image/png\r\n", body))]);
    let out = folder.path().join("out.har");
    let ran = http(["--har", text(&out), text(&path)]);
    assert_eq!((ran.status, ran.out.lines().count()), (Some(0), 1));
    let entries = check(&fs::read_to_string(&out).expect("a HAR"));
    let (request, response) = (&entries[0]["request"], &entries[0]["response"]);
    assert_eq!(request["cookies"][1], serde_json::json!({"name": "l", "value": "w"}));
    assert_eq!(request["postData"]["params"][0], serde_json::json!({"name": "q", "value": "\u{e9}"}));
    assert_eq!(response["cookies"][0], serde_json::json!({"name": "s", "value": "t", "path": "/", "httpOnly": true, "secure": false}));
    assert_eq!((&response["content"]["encoding"], &response["content"]["text"]), (&"base64".into(), &"iVBORw0KGgoA".into()));
}

#[test]
fn holes_are_in_the_comment_and_nothing_is_live() {
    let folder = folder();
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n";
    let path = made(&folder, &[Client(GET), Server(&[&head[..], b"<script>x</script>"].concat()), Lost(22)]);
    let ran = http(["--har", "-", text(&path)]);
    assert!(!ran.out.contains('<'), "{}", ran.out);
    let entries = check(&ran.out);
    assert_eq!(entries[0]["response"]["content"]["text"], "<script>x</script>");
    assert!(entries[0]["comment"].as_str().expect("a comment").contains("missing"), "{}", entries[0]["comment"]);
}

#[test]
fn a_request_without_an_answer_is_an_entry_and_a_file_is_never_overwritten() {
    let folder = folder();
    let path = made(&folder, &[Client(GET)]);
    let out = folder.path().join("out.har");
    fs::write(&out, "mine").expect("written");
    let ran = http(["--har", text(&out), text(&path)]);
    assert_eq!((ran.status, fs::read_to_string(&out).expect("read").as_str()), (Some(2), "mine"));
    assert_eq!(http(["--force", "--har", text(&out), text(&path)]).status, Some(0));
    let entries = check(&fs::read_to_string(&out).expect("a HAR"));
    assert_eq!((&entries[0]["response"]["status"], entries.len()), (&0.into(), 1));
}

/// What a page would run, were it put into one as it is.
const LIVE: &str = "</script><img src=x onerror=alert(1)>";

#[test]
fn nothing_is_live_in_any_field() {
    let folder = folder();
    let request = format!(
        "POST /{LIVE}?{LIVE}={LIVE} HTTP/1.1\r\nHost: {LIVE}\r\nX-{LIVE}: {LIVE}\r\nCookie: {LIVE}={LIVE}\r\nContent-Type: multipart/form-data; \
         boundary=b\r\nContent-Length: 130\r\n\r\n{:130}",
        format!("--b\r\nContent-Disposition: form-data; name=\"{LIVE}\"; filename=\"{LIVE}\"\r\n\r\nx\r\n--b--\r\n")
    );
    let body = LIVE.as_bytes();
    let head = format!(
        "HTTP/1.1 200 {LIVE}\r\nContent-Length: {}\r\nContent-Type: text/html; charset={LIVE}\r\nContent-Disposition: attachment; \
         filename=\"{LIVE}\"\r\nSet-Cookie: {LIVE}={LIVE}; Path={LIVE}\r\nLocation: http://{LIVE}/\r\nServer: {LIVE}\r\n\r\n",
        body.len()
    );
    let path = made(&folder, &[Client(request.as_bytes()), Server(&[head.as_bytes(), body].concat())]);
    let ran = http(["--har", "-", text(&path)]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(!ran.out.contains('<'), "{}", ran.out);
    // Nothing is lost by it: what reads the JSON has every character.
    let entries = check(&ran.out);
    let (request, response) = (&entries[0]["request"], &entries[0]["response"]);
    assert_eq!(response["content"]["text"], LIVE);
    assert!(request["headers"].to_string().contains(LIVE) && response["headers"].to_string().contains(LIVE), "{request} {response}");
}

#[cfg(unix)]
#[test]
fn a_har_is_for_its_owner_alone_and_goes_through_no_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = folder();
    let path = made(&folder, &[Client(GET), Server(&answer("", b"x"))]);
    let [out, aim] = ["out.har", "aim"].map(|name| folder.path().join(name));
    fs::write(&aim, "mine").expect("written");
    symlink(&aim, &out).expect("a link");
    assert_eq!(http(["-q", "--har", text(&out), text(&path)]).status, Some(2));
    assert_eq!(http(["-q", "--force", "--har", text(&out), text(&path)]).status, Some(0));
    assert_eq!(fs::read_to_string(&aim).expect("read"), "mine");
    let kind = fs::symlink_metadata(&out).expect("a file");
    assert!(kind.is_file() && kind.permissions().mode() & 0o777 == 0o600);
}
