//! Notes: under their frames, behind all of them, in JSON, and as comments in captures.

use super::super::support::{peer, read};
use super::{lines, text};
use serde_json::Value;

/// What each form says of a capture whose checksums a network card fills in: only certain at the end.
const OFFLOAD: &str = "captures/checksum-offload.pcapng";

#[test]
fn quiet_turns_them_off_in_every_form() {
    let is_note = |line: &String| line.contains("[capture.checksum-offload]") || line.contains("\"rule\"");
    for form in [&[][..], &["-v"], &["--json"]] {
        let said = |more: &[&str]| lines(&[form, more, &[OFFLOAD]].concat()).into_iter().filter(is_note).count();
        assert!(said(&[]) > 0, "{form:?}");
        assert_eq!(said(&["-q"]), 0, "{form:?}");
    }
}

#[test]
fn each_note_has_its_rule_its_facts_and_its_proof() {
    let notes: Vec<Value> = lines(&["--json", OFFLOAD])
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .flat_map(|line| line["notes"].as_array().cloned().unwrap_or_default())
        .collect();
    assert!(!notes.is_empty());
    for note in notes {
        let is_text = |key: &str| note[key].as_str().is_some_and(|text| !text.is_empty());
        assert!(is_text("rule") && is_text("severity") && is_text("text") && is_text("reference"), "{note}");
        assert!(note["facts"].is_object() && note["evidence"].is_array() && note["inferred"].is_boolean(), "{note}");
    }
}

#[test]
fn annotated_captures_show_them_where_wireshark_shows_comments() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("annotated.pcapng");
    let ran = read(["-w", text(&path), "--annotate", OFFLOAD]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    // Ours reads back what it wrote.
    let ours: Vec<String> = lines(&["--json", "-q", text(&path)])
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|frame| frame["comments"].is_array())
        .map(|frame| frame["comments"].to_string())
        .collect();
    assert!(ours.iter().any(|comments| comments.contains("[capture.checksum-offload]")), "{ours:?}");
    let Some(mut tshark) = peer("tshark") else { return };
    let theirs =
        tshark.args(["-r", text(&path), "-T", "fields", "-e", "frame.comment", "-Y", "frame.comment"]).output().expect("tshark runs");
    let theirs = String::from_utf8_lossy(&theirs.stdout).into_owned();
    assert!(theirs.contains("[capture.checksum-offload]"), "{theirs}");
    assert_eq!(theirs.lines().count(), ours.len(), "frames with comments: {theirs}");
}

/// The sentence on the way of the first packet to another network.
fn way(out: &str) -> String {
    let found = out.split_inclusive("].").flat_map(str::lines).find(|line| line.contains("[route.gateway]")).unwrap_or_default();
    found.to_owned()
}

#[test]
fn what_the_machine_knows_is_told_in_every_verb_and_travels_in_the_capture() {
    const CAPTURE: &str = "captures/http-geocode.pcapng";
    const HOST: [&str; 2] = ["--host", "tests/hosts/playground-h1.json"];
    let of = |words: &[&str]| {
        let output = super::super::support::wirelore().args(words).output().expect("wirelore runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        // Stories are folded.
        String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (unknown, told, carried) = ("(mask assumed)", "(mask from the machine)", "(mask from the capture)");
    let plain = read([CAPTURE]).out;
    assert!(plain.contains(unknown) && way(&plain).contains("(inferred from frames 1-3)"), "{plain}");
    let known = read([HOST.as_slice(), &[CAPTURE]].concat()).out;
    assert!(known.contains(told) && way(&known).contains("(frames 2, 3)"), "{known}");
    for verb in [&["conversations", "--json"][..], &["http", "--json"], &["explain"], &["read", "--json"]] {
        let without = of(&[verb, &[CAPTURE]].concat());
        assert!(!without.contains(told) && !without.contains("\"mask_from\":\"host\""), "{verb:?}: {without}");
        let with = of(&[verb, &HOST, &[CAPTURE]].concat());
        // Of the notes HTTP lists only those on exchanges.
        assert!(verb[0] == "http" || with.contains(told) || with.contains("\"mask_from\":\"host\""), "{verb:?}: {with}");
    }
    // Without the frames of ARP: whose hardware address it is only the machine's neighbours tell, and they travel with the capture.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.pcapng");
    let ran = read([HOST.as_slice(), &["-w", text(&path), CAPTURE, "-f", "frame.number >= 5"]].concat());
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    let later = read([text(&path)]).out;
    assert!(way(&later).contains("the gateway 192.168.1.1 gets the frame"), "{later}");
    assert!(of(&["explain", text(&path)]).contains(carried));
    // Who is named on the command line is asked first.
    let both = of(&[&["explain"], HOST.as_slice(), &[text(&path)]].concat());
    assert!(both.contains(told), "{both}");
    let ran = read(["--host", "tests/hosts/none.json", CAPTURE]);
    assert!(ran.status == Some(2) && ran.out.is_empty() && ran.err.contains("none.json"), "{ran:?}");
}

#[test]
fn what_is_open_after_so_many_frames_as_were_wanted_is_not_told_of_the_capture() {
    let tells = |words: &[&str]| read(words).out.contains("[capture.ends-in-middle]");
    assert!(tells(&["captures/ends-early.pcapng"]));
    assert!(!tells(&["-c", "8", "captures/http-gzip.pcapng"]) && !tells(&["captures/http-gzip.pcapng"]));
}

#[test]
fn an_annotated_capture_teaches_a_lesson_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("annotated.pcapng");
    assert_eq!(read(["-w", text(&path), "--annotate", "captures/http-keep-alive.pcapng"]).status, Some(0));
    let written = std::fs::read(&path).expect("it was written");
    let count = |rule: &[u8]| written.windows(rule.len()).filter(|bytes| *bytes == rule).count();
    assert_eq!((count(b"[http.keep-alive]"), count(b"[mtu.df]")), (1, 1));
}
