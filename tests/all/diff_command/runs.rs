//! Two runs of the same thing: decided by itself, or said.

use super::*;
use serde_json::Value;
use std::process::Stdio;

/// A capture, and the same done again: other sequence numbers, another port, later. `change` is what came out otherwise.
fn twice(folder: &Folder, change: impl Fn(&mut Packet)) -> [String; 2] {
    let first = segments("http-geocode.pcapng");
    let again = first.iter().map(|packet| {
        let mut packet = packet.clone();
        let is_first_side = packet.is_from(&first[0]);
        let more = |number: &mut [u8], by: u32| {
            let sum = u32::from_be_bytes(number.try_into().expect("four bytes")).wrapping_add(by);
            number.copy_from_slice(&sum.to_be_bytes());
        };
        let by = [0x1357_9bdf, 0x2468_ace0];
        more(&mut packet.bytes[TCP + 4..TCP + 8], by[usize::from(is_first_side)]);
        if packet.flags() & 0x10 != 0 {
            more(&mut packet.bytes[TCP + 8..TCP + 12], by[usize::from(!is_first_side)]);
        }
        let port = if is_first_side { TCP } else { TCP + 2 };
        packet.bytes[port..port + 2].copy_from_slice(&50_123_u16.to_be_bytes());
        packet.bytes[IP + 4] ^= 0x55;
        packet.time += 3_600_000_000_000;
        change(&mut packet);
        packet.summed()
    });
    let again: Vec<Packet> = again.collect();
    [folder.write("golden.pcap", &first), folder.write("today.pcap", &again)]
}

#[test]
fn what_was_done_twice_and_came_out_alike_is_no_difference() {
    let folder = Folder::new();
    let [golden, today] = twice(&folder, |_| {});
    says(&same(&[&golden, &today]), &["runs: no packet is in both captures for sure"]);
    says(&same(&["--runs", &golden, &today]), &["runs, as asked"]);
    says(&same(&["--brief", "--runs", &golden, &today]), &["runs: ", "no difference\n"]);
}

#[test]
fn what_came_out_otherwise_is_named() {
    let folder = Folder::new();
    let [golden, today] = twice(&folder, |packet| {
        let payload = packet.payload();
        if let Some(at) = packet.bytes[payload.clone()].windows(12).position(|bytes| bytes == b"sensor=false") {
            packet.bytes[payload.start + at + 7..payload.start + at + 12].copy_from_slice(b"maybe");
        }
    });
    for words in [vec![], vec!["--runs"], vec!["-y"], vec!["--brief"]] {
        let words: Vec<&str> = words.into_iter().chain([golden.as_str(), today.as_str()]).collect();
        says(&different(&words), &["runs", "sensor", "false", "maybe"]);
    }
    let out = different(&["--json", &golden, &today]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().any(|line| line["type"] == "change"), "{out}");
    assert_eq!(lines.last().map(|line| line["question"].clone()), Some("runs".into()));
    says(&same(&["--ignore", "sensor", &golden, &today]), &["runs: "]);
    // Packets of different runs have nothing to do with each other.
    says(&different(&["--points", &golden, &today]), &["points, as asked: "]);
}

#[test]
fn a_coded_body_with_a_hole_is_not_compared_and_one_line_says_so_too() {
    let folder = Folder::new();
    let frames = segments("http-gzip.pcapng");
    let whole = folder.write("whole.pcap", &frames);
    // The second half of what was answered is not in the capture.
    let (cut, _) = frames.iter().enumerate().rfind(|(_, packet)| !packet.payload().is_empty()).expect("an answer");
    let kept: Vec<Packet> = frames.iter().enumerate().filter(|(place, _)| *place != cut).map(|(_, packet)| packet.clone()).collect();
    let holed = folder.write("holed.pcap", &kept);
    for pair in [[&whole, &holed], [&holed, &whole], [&holed, &holed]] {
        let words = |word| ["--runs", word, pair[0], pair[1]].map(String::from);
        let told = same(&words("-v").each_ref().map(String::as_str));
        says(&told, &["A capture lacks bytes, so this is not compared: response body."]);
        assert!(!told.contains("differs"), "{told}");
        let told = same(&words("--brief").each_ref().map(String::as_str));
        says(&told, &["no difference in what is compared; not compared, for a capture lacks bytes: response body\n"]);
    }
}

#[test]
fn what_is_read_twice_cannot_come_through_a_pipe_and_what_is_read_once_can() {
    let folder = Folder::new();
    let [golden, today] = twice(&folder, |_| {});
    let piped = |words: &[&str]| {
        let mut command = wirelore();
        command.arg("diff").args(words).stdin(Stdio::from(fs::File::open(&today).expect("a capture")));
        Ran::from(command.output().expect("wirelore runs"))
    };
    let ran = piped(&[&golden, "-"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    says(&ran.err, &["--runs", "--points"]);
    let ran = piped(&["--runs", &golden, "-"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
}
