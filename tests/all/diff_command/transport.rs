//! What the transport did otherwise: told where it explains what came of it, and counted where nothing else shows it.

use super::script::{Script, request, response};
use super::*;

fn page(port: u16) -> impl Fn(&mut Script) {
    move |script| script.connect(port).say(0, request("GET /a", "")).say(1, response("200 OK", "", "a\n")).close(0)
}

/// What is told of two scripts, and the exit status.
fn told(first: impl Fn(&mut Script), second: impl Fn(&mut Script), words: &[&str]) -> (Option<i32>, String) {
    let folder = Folder::new();
    let (mut left, mut right) = (Script::new(1), Script::new(2));
    first(&mut left);
    second(&mut right);
    let [left, right] = [left.write(&folder, "left.pcap"), right.write(&folder, "right.pcap")];
    let ran = diff(&[words, &["--runs", &left, &right]].concat());
    assert_eq!(ran.err, "", "{}", ran.out);
    (ran.status, ran.out.replace('\n', " "))
}

#[test]
fn a_path_mtu_black_hole_counts_though_all_came_through_in_the_end() {
    let captures = ["path-mtu.pcapng", "path-mtu-black-hole.pcapng"].map(|name| text(&capture(name)));
    let [works, hole] = captures.each_ref().map(String::as_str);
    let out = different(&["--runs", works, hole]);
    says(&out, &["First difference: the problem mtu.black-hole is only right", "only right: problem: path-MTU black hole"]);
    says(&different(&["--runs", "--brief", hole, works]), &["the problem mtu.black-hole is only left"]);
    for name in ["mtu.black-hole", "mtu", "conversation.problem"] {
        says(&same(&["--runs", "--ignore", name, works, hole]), &["no difference"]);
        different(&["--runs", "--only", name, works, hole]);
    }
    same(&["--runs", hole, hole]);
}

#[test]
fn another_address_and_segment_size_are_told_where_the_difference_is_elsewhere() {
    let captures = ["http-ipv4.pcapng", "http-ipv6.pcapng"].map(|name| text(&capture(name)));
    let out = different(&["--runs", &captures[0], &captures[1]]).replace('\n', " ");
    says(&out, &["the server is 10.130.1.4:80 left and [2001:db8:130:1::4]:80 right", "is 1460 left and 1440 right"]);
}

#[test]
fn what_another_port_refused_is_the_counterpart_of_what_the_server_answered() {
    let refused = |script: &mut Script| script.refuse(8_081);
    let (status, out) = told(page(8_080), refused, &[]);
    assert_eq!(status, Some(1));
    says(&out, &["First difference: the outcome is answered left and refused right", "the server's port is 8080 left and 8081 right"]);
    assert!(!out.contains("unrelated"), "{out}");
}

#[test]
fn a_reset_comes_before_what_was_not_said_because_of_it_and_not_before_what_was_said_otherwise() {
    let reset = |script: &mut Script| script.connect(80).reset(1);
    let parts = ["First difference: the connection is closed by the originator left and reset by the responder right"];
    says(&told(page(80), reset, &[]).1, &parts);
    let other = |script: &mut Script| script.connect(80).say(0, request("GET /b", "")).reset(1);
    let (_, out) = told(page(80), other, &[]);
    assert!(!out.contains("First difference: the connection is"), "{out}");
}

#[test]
fn the_last_line_sums_up_what_differs() {
    let other = |script: &mut Script| {
        script.connect(80).say(0, request("GET /a", "")).say(1, response("404 Not Found", "", "b\n")).close(0);
    };
    let (_, out) = told(page(80), other, &[]);
    assert!(out.ends_with("different: 3 differences, of status, reason phrase, response body "), "{out}");
    assert!(!told(page(80), page(80), &[]).1.contains("different:"));
}
