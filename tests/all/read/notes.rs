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
