//! Filters on the command line: where they stand, what passes, and how a mistake is shown. The language itself is held elsewhere.

use super::*;

const GEOCODE: &str = "captures/http-geocode.pcapng";

/// The numbers of the frames that pass.
fn passing(words: &[&str]) -> Vec<usize> {
    let shown = lines(&[&[GEOCODE], words].concat());
    shown.iter().map(|line| line.split_whitespace().next().expect("a number").parse().expect("a number")).collect()
}

#[test]
fn a_filter_stands_behind_the_files_or_has_an_option_of_its_own() {
    let expected = [5, 7, 8, 11, 13, 15];
    assert_eq!(passing(&["tcp", "port", "80", "and", "src", "host", "192.168.1.11"]), expected);
    assert_eq!(passing(&["tcp port 80 and src host 192.168.1.11"]), expected);
    assert_eq!(passing(&["-f", "tcp.port == 80 and ip.src == 192.168.1.11"]), expected);
    assert_eq!(passing(&["--filter=tcp.port == 80 and src host 192.168.1.11"]), expected);
    assert_eq!(passing(&["arp"]), [1, 2]);
    assert_eq!(passing(&["tcp", "and", "not", "tcp", "and", "arp"]), [0; 0]);
}

#[test]
fn a_frame_keeps_its_number_and_the_count_counts_those_that_pass() {
    assert_eq!(passing(&["-c", "2", "tcp"]), [5, 6]);
    assert_eq!(passing(&["tcp", "-c2"]), [5, 6]);
}

#[test]
fn every_form_shows_only_what_passes() {
    assert_eq!(lines(&["-T", "fields", "-e", "frame.number", GEOCODE, "arp"]), ["1", "2"]);
    let json = lines(&["--json", GEOCODE, "arp"]);
    assert_eq!(json.len(), 3);
    let summary: serde_json::Value = serde_json::from_str(&json[2]).expect("JSON");
    assert_eq!((summary["frames"].as_u64(), summary["shown"].as_u64()), (Some(16), Some(2)));
    assert_eq!(lines(&["-v", GEOCODE, "arp"]).iter().filter(|line| line.starts_with("Frame ")).count(), 2);
}

#[test]
fn a_mistake_is_shown_with_a_caret_and_what_was_meant() {
    for (words, message) in [
        (&["tcp", "porrt", "80"][..], "filter: I know no word `porrt`\n  tcp porrt 80\n      ^^^^^ did you mean `port`?\n"),
        (&["-f", "tcp.prt == 80"], "filter: I know no field `tcp.prt`\n  tcp.prt == 80\n  ^^^^^^^ did you mean `tcp.port`?\n"),
        (&["tcp.port =="], "filter: the filter ends where a value should stand\n  tcp.port ==\n             ^\n"),
    ] {
        let ran = read([&[GEOCODE], words].concat());
        assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(2), "", message));
    }
}

#[test]
fn a_mistake_cannot_tell_the_terminal_what_to_do() {
    let ran = read([GEOCODE, "tcp and \x1b[31mred\u{202e}"]);
    assert_eq!(ran.status, Some(2));
    assert!(!ran.err.contains(['\x1b', '\u{202e}']), "{:?}", ran.err);
}

#[test]
fn one_filter_is_enough() {
    fails(&read([GEOCODE, "tcp", "-f", "udp"]), &["two filters"]);
}

#[test]
fn a_second_file_that_is_not_there_is_missed_as_a_file() {
    fails(&read([GEOCODE, "captures/arp.pcapn"]), &["captures/arp.pcapn: no such file", "captures/arp.pcapng?"]);
    fails(&read([GEOCODE, "captures/evening.pcap"]), &["captures/evening.pcap: no such file"]);
}

#[test]
fn a_file_that_is_called_like_a_word_is_a_file_by_its_path() {
    let (folder, path) = written("tcp", &fs::read(capture("arp.pcapng")).expect("a capture"));
    let run =
        |words: &[&str]| Ran::from(wirelore().current_dir(folder.path()).args(["read", "-q"]).args(words).output().expect("wirelore runs"));
    let own = capture("http-geocode.pcapng");
    assert_eq!(run(&[text(&own), "tcp"]).out.lines().count(), 12, "a word of the language is a filter");
    assert_eq!(run(&[text(&own), "./tcp"]).out.lines().count(), 32);
    assert_eq!(run(&[text(&own), text(&path)]).out.lines().count(), 32);
}
