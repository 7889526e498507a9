//! What is given: too little, nothing, twice, names that nobody knows.

use super::*;
use std::process::Stdio;

/// A run that must have failed with one line, which says all of these, and shown nothing.
fn fails(words: &[&str], with: &[&str]) {
    let ran = diff(words);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    says(&ran.err, with);
}

#[test]
fn what_cannot_be_compared_is_told_with_what_to_do() {
    let one = "captures/loss.pcapng";
    fails(&[], &["wirelore diff LEFT RIGHT"]);
    fails(&[one], &["captures/loss.pcapng", "Two captures are wanted"]);
    fails(&[one, "captures/lost.pcapng"], &["captures/lost.pcapng"]);
    fails(&["-", "-"], &["standard input (-) is named 2 times"]);
    fails(&["--points", "--ignore", "ip.tll", one, one], &["ip.tll", "did you mean ip.ttl?"]);
    fails(&["--points", "--only", "rooter", one, one], &["rooter", "did you mean router?"]);
    fails(&["--packet", "99", one, one], &["--packet 99", "frames 1 to 40"]);
    fails(&["--runs", one, one, one], &["--runs compares two captures"]);
    fails(&["-y", one, one, one], &["-y shows two captures"]);
    for question in ["--points", "--runs"] {
        fails(&[question, one, one, "port 9"], &["passes the filter"]);
    }
    fails(&["--points", "--only", "nat", "--ignore", "nat,ip.ttl", one, one], &["--ignore takes all of --only away"]);
}

#[test]
fn an_empty_side_is_said_and_two_of_them_do_not_differ() {
    let folder = Folder::new();
    let empty = folder.write("empty.pcap", &[]);
    says(&different(&["--points", &empty, "captures/loss.pcapng"]), &["the left capture holds no frames", "\ndifferent: "]);
    says(&different(&["--points", "captures/loss.pcapng", &empty]), &["the right capture holds no frames"]);
    says(&different(&[&empty, "captures/loss.pcapng"]), &["points: the left capture holds no frames"]);
    says(&same(&["--points", &empty, &empty]), &["both captures hold no frames", "\nno difference\n"]);
    says(&same(&["--points", "--brief", &empty, &empty]), &["no difference; both captures hold no frames\n"]);
    says(&different(&["--points", "--brief", &empty, "captures/loss.pcapng"]), &[" differ: the left capture holds no frames\n"]);
}

#[test]
fn what_the_other_capture_was_too_short_for_is_said_in_one_line_as_well() {
    let folder = Folder::new();
    let all = packets("loss.pcapng");
    let later = |packet: &Packet| {
        let mut later = packet.clone();
        later.time += 60_000_000_000;
        later
    };
    let mut twice = all.clone();
    twice.extend(segments("loss.pcapng").iter().map(later).map(Packet::of_another_port));
    let [once, longer] = [folder.write("once.pcap", &all), folder.write("longer.pcap", &twice)];
    says(&same(&["--brief", &once, &longer]), &[": no difference; ", " packets at the right are from while the left was not capturing\n"]);
    let cut = folder.write("cut.pcap", &all[..all.len() - 4]);
    says(&different(&["--brief", &once, &cut]), &[" differ: 4 packets behind the end of the right\n"]);
}

#[test]
fn unrelated_captures_are_said_to_be_so() {
    let told = different(&["--points", "captures/loss.pcapng", "captures/smtp.pcapng"]);
    says(
        &told,
        &[
            "the captures are unrelated: no conversation of one is in the other",
            "\ndifferent: the captures are unrelated: nothing but frames of the link is in both\n",
        ],
    );
}

#[test]
fn one_side_may_come_through_a_pipe() {
    let path = capture("loss.pcapng");
    let mut command = wirelore();
    command.args(["diff", "--points", "-", "captures/loss.pcapng"]).stdin(Stdio::from(fs::File::open(&path).expect("a capture")));
    let ran = Ran::from(command.output().expect("wirelore runs"));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    says(&ran.out, &["--- standard input  40 frames", "\nno difference\n"]);
}

#[test]
fn a_filter_is_asked_of_both() {
    let told = same(&["captures/loss.pcapng", "captures/loss.pcapng", "udp"]);
    says(&told, &["--- captures/loss.pcapng  2 frames, 1 conversation", "+++ captures/loss.pcapng  2 frames, 1 conversation"]);
}

/// The translator's outside knows the host by another address.
#[test]
fn a_filter_that_lets_nothing_of_one_side_through_is_told_with_the_address_there() {
    let folder = capture("diff/plain");
    let [inside, outside] = ["modemA-inside", "modemA-outside"].map(|point| text(&folder.join(format!("{point}.pcapng.gz"))));
    let ran = diff(&[&inside, &outside, "host 192.168.1.11"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    says(&ran.out, &["none of the 114 frames of the right capture passes the filter"]);
    says(
        &ran.err,
        &["modemA-outside.pcapng.gz: none of its frames passes the filter; 192.168.1.11 is ", "(`host 192.168.1.11 or host 10."],
    );
    assert!(!ran.err.contains("modemA-inside"), "{}", ran.err);
    // Nothing is translated where nothing is in both.
    let ran = diff(&["captures/loss.pcapng", "captures/dhcp.pcapng", "tcp"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    says(&ran.err, &["where addresses are translated in between, ask for those of each capture"]);
}

#[test]
fn a_path_where_no_file_is_is_no_filter() {
    let one = "captures/loss.pcapng";
    fails(&[one, "/nowhere/at.all", one], &["/nowhere/at.all: no such file"]);
    fails(&[one, "./nowhere"], &["./nowhere: no such file"]);
    fails(&[one, "../nowhere/else", one], &["../nowhere/else: no such file"]);
}

#[test]
fn a_damaged_side_is_compared_as_far_as_it_goes() {
    let folder = Folder::new();
    let whole = fs::read(capture("loss.pcapng")).expect("a capture");
    let cut = folder.path("cut.pcapng");
    fs::write(&cut, &whole[..whole.len() * 2 / 3]).expect("written");
    let ran = diff(&["captures/loss.pcapng", &cut]);
    assert_eq!(ran.status, Some(2), "{}", ran.out);
    says(&ran.out, &["points: the same traffic at two places"]);
    says(&ran.err, &["cut.pcapng"]);
}

#[test]
fn what_is_wrong_with_two_runs_is_told_of_the_left_before_the_right() {
    let folder = Folder::new();
    let whole = fs::read(capture("loss.pcapng")).expect("a capture");
    let [first, second] = ["first.pcapng", "second.pcapng"].map(|name| {
        let path = folder.path(name);
        fs::write(&path, &whole[..whole.len() * 2 / 3]).expect("written");
        path
    });
    for [left, right] in [[&first, &second], [&second, &first]] {
        let ran = diff(&["--runs", left, right]);
        assert_eq!(ran.status, Some(2), "{}", ran.out);
        assert!(ran.err.find(left.as_str()) < ran.err.find(right.as_str()), "{}", ran.err);
        says(&ran.err, &[left, right]);
        fails(&["--runs", left, "captures/lost.pcapng"], &["captures/lost.pcapng"]);
    }
}
