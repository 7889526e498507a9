//! What wirelore says about each capture of `captures/`, kept in `tests/golden/` and compared byte by byte.
//!
//! The line form is kept whole; trees and JSON of the frames that differ in more than values.
//! `WIRELORE_BLESS=1 cargo test golden` writes what it says now: read the difference before it is committed.

use super::golden_runs::RUNS;
use super::support::{Ran, bless, captures, compare_or_bless, read, repository, wirelore};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};

/// Outputs beside the line, the tree and the JSON of every capture: the file that keeps one, and the words that ask for it.
const CASES: &[(&str, &[&str])] = &[
    ("http-geocode.explained.txt", &["-vv", "-x", "captures/http-geocode.pcapng", "frame.number in {1, 4, 5, 8, 10}"]),
    ("refused.explained.txt", &["-vv", "-x", "captures/refused.pcapng", "icmp or tcp.flags.reset == 1"]),
    ("cut-short.explained.txt", &["-vv", "-x", "captures/cut-short.pcapng", "frame.number in {8, 10}"]),
    ("vlan.filter.txt", &["-e", "-t", "captures/vlan.pcapng", "vlan 20 and tcp[tcpflags] & (tcp-syn | tcp-fin) != 0"]),
    ("pppoe.filter.txt", &["-ttt", "captures/pppoe.pcapng", "host", "10.130.1.4", "and", "not", "icmp"]),
    (
        "http-redirect.fields.txt",
        &[
            "-T",
            "fields",
            "-E",
            "header=y",
            "-e",
            "frame.number",
            "-e",
            "frame.time_epoch",
            "-e",
            "ip.addr",
            "-e",
            "http.request.uri",
            "-e",
            "http.location",
            "captures/http-redirect.pcapng",
            "http",
        ],
    ),
    ("several.line.txt", &["-tttt", "captures/ping.pcap", "captures/http-ipv4.pcapng", "captures/traceroute-ipv6.pcapng.zst", "not arp"]),
];

/// What other verbs say of every capture: the ending of the file that keeps it, and the words before the capture. Where they have nothing
/// to say (a capture of ARP holds no conversation) nothing is kept.
const VERBS: &[(&str, &[&str])] =
    &[("conversations", &["conversations"]), ("http", &["http"]), ("http-whole", &["http", "-v"]), ("http-json", &["http", "--json"])];

/// The same of chosen captures: the file, and all words.
const VERB_CASES: &[(&str, &[&str])] = &[
    ("loss.ladder.txt", &["conversations", "-v", "captures/loss.pcapng", "1"]),
    ("http-geocode.ladder.txt", &["conversations", "-v", "captures/http-geocode.pcapng", "tcp"]),
    ("refused.ladder.txt", &["conversations", "-v", "captures/refused.pcapng"]),
    ("tls12.ladder.txt", &["conversations", "-v", "captures/tls12.pcapng", "tcp"]),
    ("tls13.ladder.txt", &["conversations", "-v", "captures/tls13.pcapng", "tcp"]),
    ("tls12.conversations.json.txt", &["conversations", "--json", "captures/tls12.pcapng"]),
    ("loss.conversations.json.txt", &["conversations", "--json", "captures/loss.pcapng"]),
    ("router-two-sides.sorted.txt", &["conversations", "--sort", "bytes", "-c", "2", "captures/router-two-sides.pcapng"]),
    ("smtp.follow.txt", &["follow", "captures/smtp.pcapng", "tcp port 25"]),
    ("smtp.follow.json.txt", &["follow", "--json", "captures/smtp.pcapng", "1"]),
    ("pop3.follow.txt", &["follow", "captures/pop3.pcapng", "tcp"]),
    ("imap.follow.txt", &["follow", "-n", "captures/imap.pcapng", "tcp"]),
    ("ftp.follow.txt", &["follow", "-t", "captures/ftp.pcapng", "1"]),
    ("telnet.follow.txt", &["follow", "captures/telnet.pcapng", "1"]),
    ("telnet.follow.json.txt", &["follow", "--json", "--from", "originator", "captures/telnet.pcapng", "1"]),
    ("irc.follow.txt", &["follow", "captures/irc.pcapng", "tcp"]),
    ("tls12.follow.txt", &["follow", "captures/tls12.pcapng", "tcp"]),
    ("http-geocode.follow.txt", &["follow", "captures/http-geocode.pcapng", "1"]),
    ("http-pipelined.follow.txt", &["follow", "-ttt", "captures/http-pipelined.pcapng", "http"]),
    ("http-redirect.follow.hex.txt", &["follow", "-x", "captures/http-redirect.pcapng", "tcp"]),
    ("http-utf16.follow.json.txt", &["follow", "--json", "captures/http-utf16.pcapng", "1"]),
    ("http-ipv6.follow.txt", &["follow", "--from", "responder", "captures/http-ipv6.pcapng", "tcp"]),
    ("dns.follow.hex.txt", &["follow", "-x", "-t", "captures/dns.pcapng", "udp"]),
    ("cut-short.follow.txt", &["follow", "captures/cut-short.pcapng", "tcp"]),
    ("explain.loopback.txt", &["explain", "--no-host", "127.0.0.1"]),
    ("explain.documentation.txt", &["explain", "--no-host", "198.51.100.7", "3fff::7"]),
    (
        "explain.multicast.txt",
        &["explain", "--no-host", "224.0.0.251", "239.255.255.250", "ff02::1:ff28:9c5a", "ff7e:140:2001:db8:beef:feed::1234"],
    ),
    (
        "explain.embedded.txt",
        &[
            "explain",
            "--no-host",
            "fe80::21b:21ff:fe3c:4d5e%eth0",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "64:ff9b::c000:221",
            "2002:c000:204::1",
        ],
    ),
    (
        "explain.others.txt",
        &[
            "explain",
            "--no-host",
            "0.0.0.0",
            "192.0.0.9",
            "192.88.99.1",
            "255.255.255.255",
            "8.8.8.8:53",
            "[2606:4700::1111]:443",
            "::192.0.2.1",
            "fec0::1",
            "4000::1",
        ],
    ),
    (
        "explain.hardware.txt",
        &["explain", "02:42:ac:11:00:02", "00-1B-21-3C-4D-5E", "0180.c200.000e", "00005e000107", "ff:ff:ff:ff:ff:ff", "33:33:ff:28:9c:5a"],
    ),
    (
        "explain.prefixes.txt",
        &[
            "explain",
            "--no-host",
            "192.168.1.77/26",
            "10.1.2.3/0.0.255.255",
            "10.0.0.0/31",
            "0.0.0.0/0",
            "::/0",
            "2001:db8:0:9::1/61",
            "224.0.0.0/4",
        ],
    ),
    ("explain.two.txt", &["explain", "--no-host", "192.168.1.11/24", "192.168.1.130"]),
    ("explain.own.txt", &["explain", "--host", "tests/hosts/h1.json", "192.168.1.11"]),
    ("explain.attached.txt", &["explain", "--host", "tests/hosts/h1.json", "h2", "fe80::1%eth0", "192.168.1.255", "224.0.0.251"]),
    ("explain.gateway.txt", &["explain", "--host", "tests/hosts/h1.json", "10.130.1.4", "2001:db8:130:1::4", "8.8.8.8", "10.99.3.4"]),
    ("explain.network.txt", &["explain", "--host", "tests/hosts/h1.json", "192.168.1.0/24", "10.130.9.40/24"]),
    ("explain.relation.txt", &["explain", "--host", "tests/hosts/h1.json", "192.168.1.12", "10.130.1.4"]),
    (
        "explain.json.txt",
        &["explain", "--json", "--host", "tests/hosts/h1.json", "10.130.1.4", "ff02::fb", "192.168.1.77/26", "02:42:ac:11:00:02"],
    ),
    ("explain.from.txt", &["explain", "--no-host", "--from", "captures/http-geocode.pcapng", "maps.google.com"]),
    ("router-two-sides.follow.txt", &["follow", "captures/router-two-sides.pcapng", "src host 10.25.1.65 and tcp"]),
    ("http-ipv4.story.txt", &["explain", "captures/http-ipv4.pcapng"]),
    ("http-ipv6.story.txt", &["explain", "captures/http-ipv6.pcapng"]),
    ("http-redirect.story.txt", &["explain", "captures/http-redirect.pcapng"]),
    ("arp.story.txt", &["explain", "captures/arp.pcapng"]),
    ("dhcp.story.txt", &["explain", "captures/dhcp.pcapng"]),
    ("dhcpv6.story.txt", &["explain", "captures/dhcpv6.pcapng"]),
    ("dns.story.txt", &["explain", "captures/dns.pcapng"]),
    ("wireless-joined.story.txt", &["explain", "captures/wireless-joined.pcap"]),
    ("smtp.story.txt", &["explain", "captures/smtp.pcapng"]),
    ("ftp.story.txt", &["explain", "captures/ftp.pcapng"]),
    ("tls13.story.txt", &["explain", "captures/tls13.pcapng"]),
    ("traceroute.story.txt", &["explain", "captures/traceroute.pcap"]),
    ("path-mtu-black-hole.story.txt", &["explain", "captures/path-mtu-black-hole.pcapng"]),
    ("refused.story.txt", &["explain", "captures/refused.pcapng"]),
    ("cut-short.story.txt", &["explain", "captures/cut-short.pcapng"]),
    ("pppoe.story.txt", &["explain", "captures/pppoe.pcapng"]),
    ("router-advertisement.story.txt", &["explain", "captures/router-advertisement.pcapng"]),
    ("ping-large.story.txt", &["explain", "captures/ping-large.pcapng"]),
    ("loss.story.txt", &["explain", "captures/loss.pcapng"]),
    ("unreachable.story.json.txt", &["explain", "--json", "captures/unreachable.pcapng"]),
    ("http-keep-alive.story.all.txt", &["explain", "-v", "captures/http-keep-alive.pcapng"]),
    ("http-gzip-chunked.layers.txt", &["explain", "--layers", "1", "captures/http-gzip-chunked.pcapng"]),
    ("pppoe.layers.txt", &["explain", "--layers", "1", "captures/pppoe.pcapng"]),
    ("dns.layers.txt", &["explain", "--layers", "frame:4", "captures/dns.pcapng"]),
    ("tls13.layers.json.txt", &["explain", "--json", "--layers", "frame:8", "captures/tls13.pcapng"]),
    ("explain-fragments.txt", &["explain", "fragments"]),
];

/// What `diff` says of the scenes of `captures/diff/`: the file, and the words behind the verb, in which `@` stands for the folder.
const DIFF_CASES: &[(&str, &[&str])] = &[
    ("diff-plain.txt", &["@plain/h1", "@plain/modemA-outside"]),
    ("diff-plain.json.txt", &["--json", "@plain/modemA-inside", "@plain/modemA-outside"]),
    (
        "diff-plain.several.txt",
        &["@plain/h1", "@plain/modemA-inside", "@plain/modemA-outside", "@plain/isp-core", "@plain/backbone-example", "@plain/www"],
    ),
    ("diff-random-ports.brief.txt", &["--brief", "@random-ports/modemA-inside", "@random-ports/www"]),
    ("diff-offload.txt", &["@offload/h1", "@offload/modemA-inside"]),
    ("diff-relay.txt", &["@relay/modemA-inside", "@relay/www"]),
    ("diff-loss.txt", &["@loss/modemA-outside", "@loss/isp-core"]),
    ("diff-loss.json.txt", &["--json", "@loss/modemA-outside", "@loss/isp-core"]),
    ("diff-loss.several.brief.txt", &["--brief", "@loss/h1", "@loss/modemA-outside", "@loss/isp-core", "@loss/www"]),
    ("diff-loss.packet.txt", &["--packet", "69", "@loss/isp-core", "@loss/modemA-outside", "@loss/h1"]),
    ("diff-plain.packet.txt", &["--packet", "3", "@plain/h1", "@plain/modemA-outside", "@plain/www"]),
    ("diff-clamp.txt", &["@clamp/isp-core", "@clamp/backbone-example"]),
    ("diff-reset.txt", &["@reset/isp-core", "@reset/backbone-example"]),
    ("diff-reset.side-by-side.txt", &["-y", "@reset/isp-core", "@reset/backbone-example"]),
];

fn name(capture: &Path) -> String {
    let file = capture.file_name().expect("a name").to_string_lossy();
    file.split('.').next().expect("a name").to_owned()
}

/// What a run prints, which must go well.
fn output<S: AsRef<str>>(words: &[S]) -> Result<String, String> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let ran = read(&words);
    match (ran.status, ran.err.as_str()) {
        (Some(0), "") => Ok(ran.out),
        (status, said) => Err(format!("wirelore read {}: status {status:?}, {said}", words.join(" "))),
    }
}

/// What a run of another verb prints; nothing where all it says is that there is nothing to show.
fn verb_output(words: &[&str]) -> Option<Result<String, String>> {
    let ran = wirelore().args(words).output().expect("wirelore runs");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout).into_owned(), String::from_utf8_lossy(&ran.stderr).into_owned());
    // What differs is no error.
    let differs = words.first() == Some(&"diff") && ran.status.code() == Some(1);
    if !ran.status.success() && !differs {
        return Some(Err(format!("wirelore {}: {}, {err}", words.join(" "), ran.status)));
    }
    let nothing = out.is_empty() || (out.starts_with("{\"type\":\"summary\"") && out.contains("\"exchanges\":0"));
    (!nothing).then_some(Ok(out))
}

/// What `diff` says of captures of the scenes.
fn diff_output(words: &[&str]) -> Option<Result<String, String>> {
    let whole = |word: &&str| match word.strip_prefix('@') {
        Some(place) => format!("captures/diff/{place}.pcapng.gz"),
        None => (*word).to_owned(),
    };
    let words: Vec<String> = std::iter::once("diff".to_owned()).chain(words.iter().map(whole)).collect();
    verb_output(&words.iter().map(String::as_str).collect::<Vec<&str>>())
}

/// What `diff` says, and with which status it ends: 0 or 1, and nothing on standard error.
fn difference(words: &[&str]) -> Result<String, String> {
    let ran: Ran = wirelore().arg("diff").args(words).output().expect("wirelore runs").into();
    match (ran.status, ran.err.as_str()) {
        (Some(status @ (0 | 1)), "") => Ok(format!("{}exit status {status}\n", ran.out)),
        (status, said) => Err(format!("wirelore diff {}: status {status:?}, {said}", words.join(" "))),
    }
}

/// The frames of a capture that differ in more than values: the first with these layers and these fields. The others would say the same
/// again at length.
fn telling(json: &str) -> BTreeSet<u64> {
    let mut shapes = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for line in json.lines() {
        let frame: Value = serde_json::from_str(line).expect("a line is JSON");
        let Some(number) = frame["number"].as_u64() else { continue };
        let layers = frame["layers"].as_array().expect("layers").iter();
        let fields: BTreeSet<String> =
            layers.filter_map(|layer| layer["fields"].as_object()).flat_map(|fields| fields.keys().cloned()).collect();
        if shapes.insert((frame["protocols"].to_string(), fields, frame["fragment"]["outcome"].to_string())) {
            numbers.insert(number);
        }
    }
    numbers
}

/// The lines of JSON of the chosen frames, and those that are of no frame.
fn chosen_json(json: &str, numbers: &BTreeSet<u64>) -> String {
    let chosen = |line: &&str| {
        let value: Value = serde_json::from_str(line).expect("a line is JSON");
        value["number"].as_u64().is_none_or(|number| numbers.contains(&number))
    };
    json.lines().filter(chosen).map(|line| format!("{line}\n")).collect()
}

/// The trees of the chosen frames, and what stands behind all frames.
fn chosen_trees(trees: &str, numbers: &BTreeSet<u64>) -> String {
    let mut chosen = true;
    let mut kept = String::new();
    for line in trees.lines() {
        if let Some(number) = line.strip_prefix("Frame ").and_then(|rest| rest.split(':').next()) {
            chosen = numbers.contains(&number.parse().expect("a number"));
        }
        if chosen || line.starts_with("note: ") || line.starts_with("warning: ") {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

/// Every file of `tests/golden/`, with what it must hold now, or what went wrong.
fn cases() -> Vec<(String, Result<String, String>)> {
    let mut cases = Vec::new();
    for capture in captures() {
        let file = format!("captures/{}", capture.file_name().expect("a name").to_string_lossy());
        let json = output(&["--json", &file]);
        let numbers = json.as_ref().map(|json| telling(json)).unwrap_or_default();
        let name = name(&capture);
        cases.push((format!("{name}.line.txt"), output(&[&file])));
        cases.push((format!("{name}.tree.txt"), output(&["-v", &file]).map(|trees| chosen_trees(&trees, &numbers))));
        cases.push((format!("{name}.json.txt"), json.map(|json| chosen_json(&json, &numbers))));
        for (ending, words) in VERBS {
            let words: Vec<&str> = words.iter().copied().chain([file.as_str()]).collect();
            cases.extend(verb_output(&words).map(|found| (format!("{name}.{ending}.txt"), found)));
        }
    }
    cases.extend(VERB_CASES.iter().filter_map(|(file, words)| Some(((*file).to_owned(), verb_output(words)?))));
    cases.extend(DIFF_CASES.iter().filter_map(|(file, words)| Some(((*file).to_owned(), diff_output(words)?))));
    cases.extend(RUNS.iter().map(|(file, words)| ((*file).to_owned(), difference(&[&["--runs"], *words].concat()))));
    cases.extend(CASES.iter().map(|(file, words)| ((*file).to_owned(), output(words))));
    cases
}

/// The files of `tests/golden/` that nothing asks for any more.
fn strays(asked: &BTreeSet<String>) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository("tests/golden")).expect("tests/golden is a folder");
    let files = entries.map(|entry| entry.expect("an entry").path());
    files.filter(|path| path.file_name().is_none_or(|name| !asked.contains(&*name.to_string_lossy()))).collect()
}

#[test]
fn golden_outputs_are_as_they_were() {
    let cases = cases();
    let asked: BTreeSet<String> = cases.iter().map(|(file, _)| file.clone()).collect();
    let hold = |(file, found): (String, Result<String, String>)| {
        let found = found.and_then(|found| compare_or_bless(&repository("tests/golden").join(&file), &found));
        found.err().map(|wrong| format!("{file}: {wrong}"))
    };
    let mut wrong: Vec<String> = cases.into_iter().filter_map(hold).collect();
    for stray in strays(&asked) {
        if bless() {
            fs::remove_file(&stray).expect("a file that nothing asks for can be removed");
        } else {
            wrong.push(format!("{} is asked for by nothing", stray.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "\n{}\n{} outputs are not as they were. If they are meant so: WIRELORE_BLESS=1 cargo test golden, and read the difference.",
        wrong.join("\n"),
        wrong.len()
    );
}

/// How many characters a note has at most, with what stands before it, its proof and its rule.
const NOTE: usize = 160;
/// What an IPv6 address counts for: the longest of IPv4, as nobody can shorten it.
const ADDRESS: usize = "255.255.255.255".len();

/// How many characters a line has, where an address of IPv6 counts for no more than one of IPv4.
fn characters(line: &str) -> usize {
    let words = line.split_inclusive(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, ':' | '.')));
    let counted = words.map(|word| {
        let address = word.trim_end_matches(|character: char| !character.is_ascii_hexdigit());
        let over = address.parse::<Ipv6Addr>().map_or(0, |_| address.len().saturating_sub(ADDRESS));
        word.chars().count() - over
    });
    counted.sum()
}

#[test]
fn a_note_is_one_short_line() {
    let files = fs::read_dir(repository("tests/golden")).expect("tests/golden is a folder").map(|entry| entry.expect("an entry").path());
    let (mut notes, mut long) = (0, String::new());
    for file in files.filter(|path| path.to_string_lossy().ends_with(".line.txt")) {
        for line in fs::read_to_string(&file).expect("a golden file is text").lines() {
            if ["note: ", "warning: ", "problem: "].iter().any(|word| line.trim_start().starts_with(word)) {
                notes += 1;
                if characters(line) > NOTE {
                    long += &format!("{}, {} characters: {line}\n", file.display(), characters(line));
                }
            }
        }
    }
    assert!(notes > 1_000, "only {notes} notes were found");
    assert!(long.is_empty(), "notes of more than {NOTE} characters:\n{long}");
}
