//! `wirelore follow`, as whoever types it sees it.

use super::support::{Ran, capture, wirelore};
use std::process::Stdio;

fn follow(words: &[&str]) -> Ran {
    wirelore().arg("follow").args(words).output().expect("wirelore runs").into()
}

/// What a run prints that must have gone well.
fn shown(words: &[&str]) -> String {
    let ran = follow(words);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "wirelore follow {}", words.join(" "));
    ran.out
}

/// A run that must have failed with one line, which says all of these, and shown nothing.
fn fails(words: &[&str], with: &[&str]) {
    let ran = follow(words);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    for part in with {
        assert!(ran.err.contains(part), "{part:?} is not said: {}", ran.err);
    }
}

#[test]
fn a_number_or_a_filter_chooses_the_conversation() {
    let by_number = shown(&["captures/smtp.pcapng", "1"]);
    assert!(
        by_number.starts_with("-- conversation 1, TCP, SMTP: ") && by_number.contains("\n> MAIL FROM:<anna@example.com>"),
        "{by_number}"
    );
    assert_eq!(shown(&["captures/smtp.pcapng", "tcp", "port", "25"]), by_number);
    // The first frame that passes is in the middle of it: it is told from its beginning.
    assert_eq!(shown(&["captures/smtp.pcapng", "smtp.req.command == \"QUIT\""]), by_number);
    assert_eq!(shown(&["-f", "smtp", "captures/smtp.pcapng"]), by_number);
    let names = shown(&["captures/smtp.pcapng", "0"]);
    assert!(names.starts_with("-- conversation 0, UDP: "), "{names}");
}

#[test]
fn addresses_have_names_unless_they_shall_not() {
    assert!(shown(&["captures/smtp.pcapng", "1"]).contains("10.130.1.25:25 (mail.example.com, DNS answer in frame 4)"));
    let numeric = shown(&["-n", "captures/smtp.pcapng", "1"]);
    assert!(numeric.contains("-- < 10.130.1.25:25, frame 10, ") && !numeric.contains("mail.example.com, "), "{numeric}");
}

#[test]
fn the_bytes_alone_are_those_of_a_side() {
    let answer = shown(&["--raw", "--from", "responder", "captures/http-ipv4.pcapng", "tcp"]);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.trim_end().ends_with("</html>"), "{answer}");
    let both = shown(&["--raw", "captures/http-ipv4.pcapng", "tcp"]);
    assert!(both.starts_with("GET / HTTP/1.1\r\n") && both.ends_with(&answer), "{both}");
}

#[test]
fn a_hole_is_left_out_of_the_bytes_and_told_beside_them() {
    let ran = follow(&["--raw", "--from", "originator", "captures/cut-short.pcapng", "tcp"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), "GET /large.txt HTTP/1.1\r\nHost:"));
    assert_eq!(
        ran.err,
        "wirelore: 192.168.1.11:58534, at byte 30: 58 bytes are missing here: frame 8 makes it certain; nothing stands in their place\n"
    );
    let text = shown(&["--from", "originator", "captures/cut-short.pcapng", "tcp"]);
    assert!(text.contains("\n> Host:\n-- > 58 bytes are missing here: frame 8 makes it certain --\n"), "{text}");
}

#[test]
fn many_holes_are_counted_beside_the_bytes() {
    let ran = follow(&["--raw", "captures/cut-short.pcapng", "tcp"]);
    assert!(ran.err.lines().count() <= 21, "{}", ran.err);
}

#[test]
fn mistakes_say_what_to_do() {
    let several = "captures/smtp.pcapng has 2, 0 to 1; `wirelore conversations captures/smtp.pcapng` lists them";
    fails(&["captures/smtp.pcapng"], &["which conversation?", several]);
    fails(&["captures/smtp.pcapng", "2"], &["no conversation 2", several]);
    fails(&["captures/smtp.pcapng", "tcp", "port", "2525"], &["no conversation to follow passes the filter", several]);
    fails(&["captures/ping.pcap", "1"], &["conversation 1 has neither TCP nor UDP"]);
    fails(&["captures/arp.pcapng"], &["captures/arp.pcapng"]);
    fails(&["-f", "smtp", "captures/smtp.pcapng", "1"], &["a number and a filter"]);
    fails(&["-", "tcp"], &["read only once"]);
    fails(&["captures/missing.pcapng", "0"], &["missing.pcapng"]);
}

#[test]
fn the_only_conversation_needs_no_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mail.pcapng");
    let file = file.to_str().expect("a path in UTF-8");
    let written = wirelore().args(["read", "-w", file, "captures/smtp.pcapng", "tcp"]).output().expect("wirelore runs");
    assert!(written.status.success());
    assert!(shown(&[file]).starts_with("-- conversation 0, TCP, SMTP: "));
}

#[test]
fn standard_input_is_followed_by_number() {
    let file = std::fs::File::open(capture("smtp.pcapng")).expect("a capture");
    let ran: Ran = wirelore().args(["follow", "-", "1"]).stdin(Stdio::from(file)).output().expect("wirelore runs").into();
    assert_eq!((ran.status, ran.out), (Some(0), shown(&["captures/smtp.pcapng", "1"])));
}

#[test]
fn what_is_damaged_is_shown_as_far_as_it_goes() {
    let bytes = std::fs::read(capture("smtp.pcapng")).expect("a capture");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cut.pcapng");
    std::fs::write(&file, &bytes[..bytes.len() - 700]).expect("a file");
    let ran = follow(&[file.to_str().expect("a path in UTF-8"), "1"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.out.contains("\n> DATA\n") && ran.out.contains(" may have said more: what is known of the conversation ends with frame "),
        "{}",
        ran.out
    );
    assert!(ran.err.contains("cut.pcapng"), "{}", ran.err);
}

#[test]
fn colours_tell_the_sides_apart_and_marks_do_without_them() {
    let coloured = shown(&["--color", "always", "captures/smtp.pcapng", "1"]);
    assert!(
        coloured.contains("\x1b[36m> EHLO h1\x1b[0m") && coloured.contains("\x1b[32m< 220 mail.example.com ESMTP\x1b[0m"),
        "{coloured}"
    );
    assert!(coloured.contains("\x1b[33m< 550 "), "a refusal stands out: {coloured}");
    assert!(!shown(&["captures/smtp.pcapng", "1"]).contains('\x1b'));
}
