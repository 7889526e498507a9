//! Captures that are damaged, come through a pipe, or have no HTTP.

use super::*;
use std::io::Write;
use std::process::Stdio;

#[test]
fn all_that_can_be_read_is_shown_then_what_is_wrong() {
    let folder = folder();
    let mut bytes = connection(&[Client(GET), Server(&answer("", b"hello")), Client(GET)]);
    bytes.truncate(bytes.len() - 100);
    let path = folder.path().join("cut.pcap");
    fs::write(&path, bytes).expect("written");
    let ran = http(["-t", text(&path)]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.out.starts_with("   0 192.168.1.11    GET  200 "), "{}", ran.out);
    assert!(ran.err.starts_with("wirelore: ") && ran.err.contains("cut.pcap"), "{}", ran.err);
    assert_eq!(http(["missing.pcap"]).status, Some(2));
}

#[test]
fn a_capture_without_http_has_no_lines() {
    let ran = http(["captures/ping.pcap"]);
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    assert_eq!(json(&capture("ping.pcap"), &[]).len(), 1);
}

#[test]
fn a_pipe_is_a_capture_too() {
    let mut command = wirelore();
    let mut child = command.args(["http", "-t", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("wirelore runs");
    let bytes = connection(&[Client(GET), Server(&answer("", b"hello"))]);
    child.stdin.take().expect("a pipe").write_all(&bytes).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
}

#[test]
fn several_files_are_one_time_line() {
    let ran = http(["-tt", "captures/http-redirect.pcapng", "captures/http-ipv4.pcapng"]);
    let times: Vec<&str> = ran.out.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert!(times.len() >= 3 && times.is_sorted(), "{}", ran.out);
}
