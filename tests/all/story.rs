//! The story of a capture, and one exchange as the stack it is.

use super::support::{capture, captures, wirelore};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

fn explain(words: &[&str]) -> (Option<i32>, String, String) {
    let output = wirelore().arg("explain").args(words).output().expect("wirelore runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn lines(json: &str) -> Vec<Value> {
    json.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The length on the wire of every frame of a capture.
fn lengths(capture: &Path) -> HashMap<u64, u64> {
    let output = wirelore().args(["read", "-q", "--json"]).arg(capture).output().expect("wirelore runs");
    let frames = lines(&String::from_utf8(output.stdout).expect("UTF-8"));
    frames.iter().filter_map(|frame| Some((frame["number"].as_u64()?, frame["length"].as_u64()?))).collect()
}

fn sum(pairs: &Value) -> u64 {
    let rows = pairs.as_array().expect("an array").iter();
    rows.flat_map(|row| row["bytes"].as_array().expect("two numbers")).map(|bytes| bytes.as_u64().expect("a number")).sum()
}

#[test]
fn what_layers_add_is_what_their_frames_have() {
    let mut exchanges = 0;
    for capture in captures() {
        let lengths = lengths(&capture);
        for wanted in ["1", "2", "frame:1", "frame:9"] {
            let (status, out, said) = explain(&["--json", "--layers", wanted, &capture.to_string_lossy()]);
            if status == Some(2) {
                assert!(said.contains("there is no"), "{} {wanted}: {said}", capture.display());
                continue;
            }
            let stack = lines(&out).remove(0);
            let frames = stack["frames"].as_array().expect("frames").iter().map(|frame| frame.as_u64().expect("a number"));
            let on_the_wire: u64 = frames.map(|frame| lengths[&frame]).sum();
            let told = [stack["bytes"].as_u64().expect("bytes"), sum(&stack["layers"]), sum(&stack["purposes"])];
            assert_eq!(told, [on_the_wire; 3], "{} {wanted}", capture.display());
            exchanges += u64::from(stack["url"].is_string());
        }
    }
    assert!(exchanges > 20, "{exchanges}");
}

#[test]
fn every_capture_has_a_story_and_its_frames_are_there() {
    for capture in captures() {
        let frames = lengths(&capture).len() as u64;
        let (status, out, said) = explain(&["--json", &capture.to_string_lossy()]);
        assert_eq!((status, said.as_str()), (Some(0), ""), "{}", capture.display());
        let told = lines(&out);
        let summary = told.last().expect("a summary");
        assert_eq!((summary["type"].as_str(), summary["frames"].as_u64()), (Some("summary"), Some(frames)), "{}", capture.display());
        for kind in ["host", "event", "note"] {
            let count = told.iter().filter(|line| line["type"] == kind).count() as u64;
            assert_eq!(summary[format!("{kind}s")].as_u64(), Some(count), "{} {kind}", capture.display());
        }
        let events: Vec<&Value> = told.iter().filter(|line| line["type"] == "event").collect();
        assert!(events.iter().all(|event| event["frame"].as_u64().is_some_and(|frame| frame <= frames)), "{}", capture.display());
        assert!(events.windows(2).all(|pair| pair[0]["frame"].as_u64() <= pair[1]["frame"].as_u64()), "{}", capture.display());
    }
}

#[test]
fn a_capture_without_frames_is_told_as_one_and_a_damaged_one_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = std::fs::read(super::support::repository("captures/ping.pcap")).expect("a capture");
    let empty = folder.path().join("empty.pcap");
    std::fs::write(&empty, &whole[..24]).expect("written");
    let (status, out, _) = explain(&[&empty.to_string_lossy()]);
    assert!(status == Some(0) && out.contains("has no frame"), "{out}");
    let cut = folder.path().join("cut.pcap");
    std::fs::write(&cut, &whole[..whole.len() - 7]).expect("written");
    let (status, out, said) = explain(&[&cut.to_string_lossy()]);
    assert!(status == Some(2) && out.contains("What happened") && !said.is_empty(), "{status:?} {out} {said}");
}

/// The story of a capture on one line.
fn story(capture: &str) -> String {
    let capture = super::support::repository("captures").join(capture);
    let (status, out, said) = explain(&["-n", &capture.to_string_lossy()]);
    assert_eq!((status, said.as_str()), (Some(0), ""), "{}", capture.display());
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_got_an_icmp_error_is_not_said_to_have_got_nothing() {
    let refused = story("icmp-refusals.pcapng");
    assert!(refused.contains("port 81 of 10.130.1.4, and got no answer but an ICMP error from 10.25.1.1 (frames 3, 4)."), "{refused}");
    assert!(!refused.contains("shows no answer") && !refused.contains("no program"), "{refused}");
    let silent = story("silence.pcapng");
    assert!(silent.contains("shows no answer") && !silent.contains("ICMP"), "{silent}");
}

#[test]
fn a_question_in_fragments_is_one_question() {
    let pings = story("ping-large.pcapng");
    assert!(pings.contains("(ping), 2 times, and got 2 answers"), "{pings}");
}

#[test]
fn conversations_that_went_differently_are_not_summed_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let both = folder.path().join("both.pcapng");
    let [redirected, found] =
        ["http-unauthorized.pcapng", "http-geocode.pcapng"].map(|name| super::support::repository("captures").join(name));
    let merged = wirelore().arg("read").args([&redirected, &found]).arg("-w").arg(&both).output().expect("wirelore runs");
    assert!(merged.status.success(), "{}", String::from_utf8_lossy(&merged.stderr));
    let (_, out, _) = explain(&["-n", &both.to_string_lossy()]);
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("got 401") && told.contains("got 200 OK"), "{told}");
}

#[test]
fn several_captures_have_a_name_and_addresses_stand_apart() {
    let [one, two] =
        ["ping.pcap", "arp.pcapng"].map(|name| super::support::repository("captures").join(name).to_string_lossy().into_owned());
    let (_, out, _) = explain(&["--no-host", &one, &two, "10.1.1.1"]);
    assert!(out.starts_with("The time line of ") && out.contains("\n\n10.1.1.1\n"), "{out}");
}

#[test]
fn a_traceroute_is_one_event() {
    for (name, hops) in [("traceroute.pcap", 4), ("traceroute-ipv6.pcapng.zst", 4)] {
        let capture = capture(name);
        let (_, out, _) = explain(&["--json", &capture.to_string_lossy()]);
        let told = lines(&out);
        let events: Vec<&Value> = told.iter().filter(|event| event["kind"] == "traceroute").collect();
        assert_eq!(events.len(), 1, "{name}");
        assert_eq!(events[0]["hops"].as_array().map(Vec::len), Some(hops), "{name}");
        assert!(events[0]["time"].is_string(), "{name}: it happened at a time");
        // What each of its packets met is said with it, and not once more.
        let again = told.iter().filter(|event| ["hops.expired", "hops.traceroute"].iter().any(|rule| event["note"]["rule"] == *rule));
        assert_eq!(again.count(), 0, "{name}");
    }
}

#[test]
fn whoever_answers_a_ping_to_everybody_answers_it() {
    let (_, out, _) = explain(&["captures/ping-broadcast.pcapng"]);
    let story = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        story.contains("192.168.1.11 asked everybody who hears 192.168.1.255 whether they are there (ping) and 2 answers came (frame 1)."),
        "{out}"
    );
    assert!(story.contains("192.168.1.13 answered 2 pings that 192.168.1.11 sent to everybody (frames 1, 6)."), "{out}");
    assert!(!story.contains("shows no answer") && !story.contains("does not show"), "{out}");
}
