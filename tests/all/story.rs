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
fn who_defends_its_address_answers_who_asked_for_it() {
    let told = story("ipv6-duplicate.pcapng");
    assert!(told.contains("asked whether somebody has it, and 02:00:c0:a8:01:0b has (frames 4, 5)."), "{told}");
    assert!(!told.contains("unasked") && !told.contains("nobody said so"), "{told}");
}

#[test]
fn echoes_have_no_ports() {
    let (_, told, _) = explain(&["--layers", "frame:1", &capture("ping-unanswered.pcap").to_string_lossy()]);
    assert!(told.contains(" between 192.168.1.11 and ") && told.contains("answered") && !told.contains("client"), "{told}");
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

#[test]
fn what_was_captured_twice_was_sent_once() {
    let mirrored = story("mirrored-twice.pcap");
    assert!(mirrored.contains("How it was captured The same frame captured twice"), "{mirrored}");
    assert!(mirrored.contains("192.168.1.11 asked on its link who has 192.168.1.4, and was told"), "{mirrored}");
    assert!(mirrored.contains("(frames 5, 7, 9): there and back took 0.031 ms"), "{mirrored}");
    let circle = story("routing-loop.pcapng");
    assert!(circle.contains("shows no answer (frame 3). The packet came by 62 times."), "{circle}");
}

#[test]
fn nothing_is_measured_by_a_syn_that_was_lost_or_across_a_clock_that_was_set_back() {
    let lost = story("syn-lost.pcapng");
    assert!(lost.contains("its SYN was sent 2 times, so how long there and back takes is not known"), "{lost}");
    let set_back = story("clock-set-back.pcapng");
    assert!(set_back.contains("1,427 bytes, captured from 2026-11-22") && !set_back.contains("-498"), "{set_back}");
    assert!(set_back.contains("170 bytes of text/html (frames 8, 10)") && !set_back.contains("after 0.000 ms"), "{set_back}");
    assert!(set_back.contains("1 frame has an earlier time than the one before"), "{set_back}");
}

#[test]
fn whose_card_an_address_is_at_is_not_taken_on_trust() {
    let proxy = story("proxy-arp.pcapng");
    assert!(proxy.contains("192.168.2.20 is behind 192.168.1.1, which answers for it: its frames go to 02:00:c0:a8:01:01"), "{proxy}");
    assert!(proxy.contains("192.168.1.1 answers with its own 02:00:c0:a8:01:01 for 192.168.2.20"), "{proxy}");
    let spoofed = story("arp-spoofing.pcapng");
    let claimed =
        "is claimed by 02:00:c0:a8:01:01 (frame 2) and 02:00:c0:a8:01:0d (frame 7); 02:00:c0:a8:01:0d is the card of 192.168.1.13";
    assert!(spoofed.contains(claimed), "{spoofed}");
    let masks = story("mask-disagreement.pcapng");
    assert!(masks.contains("the customary length, frame 1). But the masks of 192.168.1.11 and 192.168.1.140 differ"), "{masks}");
}

#[test]
fn effects_stand_under_their_cause() {
    for (capture, cause, effect) in [
        ("arp-spoofing.pcapng", "192.168.1.13: ARP spoofing", "both claim 192.168.1.1"),
        ("port-scan.pcapng", "192.168.1.11 scans 192.168.1.12", "refuses 192.168.1.11: nobody listens on port 21"),
        ("path-mtu-black-hole-hung.pcapng", "maybe a black hole", "so it gave up"),
    ] {
        let told = story(capture);
        let (_, wrong) = told.split_once("What is wrong").expect("what is wrong");
        let (before, after) = wrong.split_once("With it goes:").unwrap_or_else(|| panic!("{capture}: {told}"));
        assert!(before.contains(cause) && !before.contains(effect) && after.contains(effect), "{capture}: {told}");
    }
}

#[test]
fn a_note_stands_with_what_it_explains() {
    let told = story("refused-by-firewall.pcapng");
    let (_, refused) = told.split_once("tried to connect to port 81").expect("a refusal");
    assert!(refused.contains("A reset in 10.130.1.4's name has TTL 64"), "{told}");
    let told = story("asymmetric-path.pcapng");
    let (connected, _) = told.split_once("192.168.1.2 asked on its link").expect("a question");
    assert!(connected.contains("answers come by 02:00:c0:a8:01:02"), "{told}");
}

/// What `read` tells of under frames is told in the whole story too.
#[test]
fn the_whole_story_tells_what_the_frames_tell() {
    let mut told = 0;
    for capture in captures() {
        let read = wirelore().args(["read", "-n", "--json"]).arg(&capture).output().expect("wirelore runs");
        let read = lines(&String::from_utf8(read.stdout).expect("UTF-8"));
        let notes = read.iter().flat_map(|line| line["notes"].as_array().cloned().unwrap_or_default());
        let (_, out, _) = explain(&["-n", "-v", &capture.to_string_lossy()]);
        let story = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut rules: HashMap<String, Vec<(bool, String)>> = HashMap::new();
        for note in notes {
            let (rule, text) = (note["rule"].as_str().expect("a rule"), note["text"].as_str().expect("a text"));
            // The first letter may have become a capital.
            let statement: String = text.chars().skip(1).collect();
            rules.entry(rule.to_owned()).or_default().push((note["severity"] == "info", statement));
        }
        // A traced way is told as one; and how far away a host is only where all its packets agree.
        rules.retain(|rule, _| !matches!(rule.as_str(), "hops.expired" | "hops.traceroute" | "hops.distance"));
        for (rule, notes) in &rules {
            // What is always so is told once.
            assert!(notes.iter().any(|(_, text)| story.contains(text)), "{} {rule}: {notes:?}", capture.display());
            assert!(notes.iter().all(|(is_lesson, text)| *is_lesson || story.contains(text)), "{} {rule}: {notes:?}", capture.display());
            told += notes.len();
        }
    }
    assert!(told > 500, "{told}");
}
