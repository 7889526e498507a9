//! What is captured on the playground: at several places, by wirelore and by tcpdump, and what can be read from it.

use super::{Playground, command, rules};
use crate::support::wirelore;
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const POINTS: [&str; 6] = ["h1", "modemA:inside", "modemA:outside", "isp:core", "example:servers", "www"];
const PAGE: &str = "http://www.example.com/large.txt";

/// A trace that goes on until it is ended.
struct Trace(Option<Child>);

impl Trace {
    /// Begins it, and returns when every capture runs.
    fn begin(program: &str, folder: &Path, points: &[&str]) -> Self {
        let mut trace = command(&["trace", "-o"]);
        let mut process =
            trace.env("WIRELORE", program).arg(folder).args(points).stderr(Stdio::piped()).spawn().expect("the playground runs");
        let mut said = String::new();
        let mut lines = BufReader::new(process.stderr.take().expect("its standard error"));
        while !said.contains("until Ctrl-C") {
            assert!(lines.read_line(&mut said).expect("it says something") > 0, "{program} does not capture: {said}");
        }
        process.stderr = Some(lines.into_inner());
        Self(Some(process))
    }

    fn end(mut self) {
        let Some(process) = self.0.take() else { return };
        interrupt(&process);
        let output = process.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(process) = &mut self.0 {
            interrupt(process);
            let _status = process.wait();
        }
    }
}

fn interrupt(process: &Child) {
    let sent = Command::new("kill").args(["-INT", &process.id().to_string()]).status().expect("kill runs");
    assert!(sent.success(), "it still runs");
}

/// Every byte of every frame that the traffic of a command has, as tcpdump prints them. Neighbours also ask for each other when nobody does
/// anything: that is left out. And in order of what they are, because two processors may hand frames of one moment to two captures in either.
fn frames(path: &Path) -> Vec<String> {
    let words = ["-n", "-t", "-e", "-xx", "tcp or udp or icmp", "-r"];
    let output = Command::new("tcpdump").args(words).arg(path).output().expect("tcpdump runs");
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let mut frames: Vec<String> = Vec::new();
    for line in String::from_utf8(output.stdout).expect("it is text").lines() {
        match frames.last_mut() {
            Some(frame) if line.starts_with('\t') => frame.push_str(line),
            Some(_) | None => frames.push(line.to_owned()),
        }
    }
    frames.sort_unstable();
    frames
}

#[test]
fn wirelore_captures_at_six_points_what_tcpdump_does() {
    let Some(playground) = Playground::served() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let [ours, theirs] = ["wirelore", "tcpdump"].map(|name| folder.path().join(name));
    // What is no wirelore makes the playground capture with tcpdump.
    let traces = [Trace::begin("false", &theirs, &POINTS), Trace::begin(env!("CARGO_BIN_EXE_wirelore"), &ours, &POINTS)];
    for words in [["curl", "-4", "-sS", PAGE], ["curl", "-6", "-sS", PAGE], ["ping", "-nc1", "-s4000", "10.130.1.4"]] {
        let output = playground.call(&[&["run", "h1"], &words[..]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    traces.into_iter().for_each(Trace::end);
    for point in POINTS {
        let name = point.replace(':', "-");
        let [own, other] = [ours.join(format!("{name}.pcapng")), theirs.join(format!("{name}.pcap"))].map(|path| frames(&path));
        assert!(own.len() >= 60, "{name}: {} frames", own.len());
        if let Some(place) = (0..own.len().max(other.len())).find(|place| own.get(*place) != other.get(*place)) {
            panic!("{name}: frame {} is {:?}, to tcpdump {:?}", place + 1, own.get(place), other.get(place));
        }
    }
}

#[test]
fn the_same_question_at_four_levels_is_seen_each_time() {
    let Some(playground) = Playground::served() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("a name");
    // The playground's programs are found from wherever it is called.
    let asks = "cd / && for level in urllib http.client socket curl; do geocode.py $level || exit; done";
    let output = playground.call(&["trace", "-o", place, "h1", "--", "sh", "-c", asks]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let heard = String::from_utf8(output.stdout).expect("it is text");
    assert_eq!(heard.matches("41.521954, -84.306691").count(), 4, "{heard}");
    let seen = wirelore().args(["http", "--json"]).arg(folder.path().join("h1.pcapng")).output().expect("wirelore runs");
    let lines = String::from_utf8(seen.stdout).expect("JSON is text");
    let read = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let exchanges: Vec<Value> = read.filter(|line| line["type"] == "exchange").collect();
    assert_eq!(exchanges.len(), 4, "{lines}");
    for (exchange, agent) in exchanges.iter().zip(["Python-urllib/", "", "geocode.py", "curl/"]) {
        let text = exchange.to_string();
        assert!(text.contains("www.example.com/maps/api/geocode/json?address=207+N.+Defiance+St%2C+Archbold%2C+OH"), "{text}");
        assert!(text.contains("200") && text.contains(agent), "{agent}: {text}");
    }
}

#[test]
fn a_modem_seen_from_both_sides_translates_and_clamps() {
    let Some(playground) = Playground::served() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("a name");
    playground.call(&["fault", "pppoe"]);
    playground.call(&["trace", "-o", place, "h1", "modemA", "--", "curl", "-4", "-sS", "-o", "/dev/null", PAGE]);
    playground.call(&["fault", "pppoe", "off"]);
    let found = rules(&folder.path().join("modemA.pcapng"));
    for rule in ["address.translated", "mtu.mss-clamped"] {
        assert!(found.contains(rule), "{rule}: {found:?}");
    }
    let undone = playground.call(&["trace", "-o", place, "h2", "--", "curl", "-4", "-sS", "-o", "/dev/null", PAGE]);
    assert!(undone.status.success());
    let after = rules(&folder.path().join("h2.pcapng"));
    assert!(!after.contains("mtu.mss-small") && !after.contains("mtu.mss-clamped"), "the line is as wide as before");
}

#[test]
fn a_trace_until_ctrl_c_leaves_its_files_beside_those_of_before() {
    let Some(playground) = Playground::served() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("a name");
    let ping = ["--", "ping", "-4", "-n", "-q", "-c", "1", "10.130.1.4"];
    playground.call(&[&["trace", "-o", place, "h1"], &ping[..]].concat());
    let before = fs::read(folder.path().join("h1.pcapng")).expect("the first file");
    let mut second = command(&["trace", "-o", place, "h1"]).stderr(Stdio::piped()).spawn().expect("the playground runs");
    let mut said = BufReader::new(second.stderr.take().expect("its standard error")).lines();
    assert_eq!(said.next().expect("a line").expect("text"), "capturing until Ctrl-C");
    let process = rustix::process::Pid::from_child(&second);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it runs");
    assert_eq!(second.wait().expect("it ends").code(), Some(0));
    assert_eq!(fs::read(folder.path().join("h1.pcapng")).expect("the first file"), before);
    crate::support::read([folder.path().join("h1-2.pcapng")]);
    let told = said.map(|line| line.expect("text")).collect::<Vec<_>>().join("\n");
    assert!(told.contains("h1-2.pcapng: "), "{told}");
}
