//! What is shown, and what the letters change about it.

use super::*;

const GEOCODE: &str = "captures/http-geocode.pcapng";

#[test]
fn a_count_ends_after_so_many_frames() {
    let whole = lines(&[GEOCODE]);
    assert_eq!(lines(&["-c", "3", GEOCODE]), whole[..3]);
    assert_eq!(lines(&["-c0", GEOCODE]), [""; 0]);
    assert_eq!(lines(&["-c", "1000", GEOCODE]), whole);
}

#[test]
fn addresses_are_called_by_the_names_that_the_capture_shows_unless_n_forbids_it() {
    let whole = lines(&["-t", GEOCODE]);
    assert!(whole[3].starts_with("    4 10.1.1.1:53 > "), "{}", whole[3]);
    let port = "192.168.1.11:57668 > maps.google.com:80 TCP ";
    let first: Vec<_> = whole.iter().filter(|line| line.contains("[10.130.1.4 is maps.google.com, DNS answer in frame 4]")).collect();
    assert_eq!(first, [&whole[4]], "said once");
    assert!(whole[4].contains(port) && whole[6].contains(port), "{whole:?}");
    let quiet = lines(&["-t", "-q", GEOCODE]);
    assert!(quiet[4].contains(port) && !quiet.concat().contains("DNS answer in frame"), "{quiet:?}");
    let numeric = lines(&["-t", "-n", GEOCODE]);
    assert!(numeric[4].contains("192.168.1.11:57668 > 10.130.1.4:80 ") && !numeric.concat().contains("is maps.google.com"), "{numeric:?}");
    assert_eq!(lines(&["-t", GEOCODE, "-nn"]), numeric);
    // What a frame shows counts too where the frame itself is not shown.
    let passed = lines(&["-t", GEOCODE, "tcp"]);
    assert_eq!(passed[0].trim_end(), whole[4].trim_end());
    let tree = lines(&["-v", GEOCODE, "frame.number == 5"]).join("\n");
    assert!(tree.contains("192.168.1.11 > maps.google.com, 60 bytes"), "{tree}");
    assert!(tree.contains("10.130.1.4 (maps.google.com, DNS answer in frame 4)"), "{tree}");
    assert!(!lines(&["-vn", GEOCODE, "tcp"]).concat().contains("maps.google.com,"));
    let json = lines(&["--json", GEOCODE]);
    let named = r#","names":[{"address":"10.130.1.4","name":"maps.google.com","from":"dns","frame":4}],"notes":["#;
    let told: Vec<_> = json.iter().filter(|line| line.contains("\"names\"")).collect();
    assert!(told == [&json[4]] && told[0].contains(named), "{told:?}");
    assert!(!lines(&["--json", "-n", GEOCODE]).concat().contains("\"names\""));
}

/// The words behind the number of the second line, for each form of time.
#[test]
fn times_have_the_forms_that_tcpdump_taught() {
    let second = |words: &[&str]| lines(&[words, &[GEOCODE]].concat())[1].trim_start().to_owned();
    let epoch = second(&["-tt"]);
    let (seconds, fraction) = epoch["2 ".len()..].split(' ').next().expect("a time").split_once('.').expect("a fraction");
    assert!(seconds.len() == 10 && fraction.len() == 6, "{epoch}");
    let clock = second(&[]);
    assert!(clock[2..].starts_with("16:00:38.943133 "), "{clock}");
    assert!(second(&["-tttt"])[2..].starts_with("2026-11-22 16:00:38.943133 "));
    assert!(second(&["-ttt"]).contains("00:00:00.000020 "), "{}", second(&["-ttt"]));
    assert!(!second(&["-t"]).contains("38.943"));
    let third = |words: &[&str]| lines(&[words, &[GEOCODE]].concat())[2].clone();
    assert!(third(&["-ttttt"]).contains(" 00:00:00.000022 "), "{}", third(&["-ttttt"]));
    for (letters, name) in [("-t", "none"), ("-tt", "epoch"), ("-ttt", "delta"), ("-tttt", "date"), ("-ttttt", "elapsed")] {
        assert_eq!(lines(&[letters, GEOCODE]), lines(&["--time", name, GEOCODE]), "{letters} is --time {name}");
    }
    assert_eq!(lines(&["--time", "clock", GEOCODE]), lines(&[GEOCODE]));
}

#[test]
fn times_do_not_depend_on_where_the_machine_stands() {
    let there = wirelore().args(["read", "-tttt", GEOCODE]).env("TZ", "Asia/Tokyo").output().expect("wirelore runs");
    assert_eq!(Ran::from(there).out, read(["-tttt", GEOCODE]).out);
}

#[test]
fn link_addresses_are_shown_where_they_are_asked_for() {
    assert!(!lines(&[GEOCODE])[2].contains("02:00:c0:a8:01:0b"));
    let shown = &lines(&["-e", GEOCODE])[2];
    assert!(shown.contains("02:00:c0:a8:01:0b > 02:00:c0:a8:01:01") && shown.contains("192.168.1.11"), "{shown}");
}

#[test]
fn notes_are_left_out_where_it_shall_be_quiet() {
    let (whole, quiet) = (lines(&["-n", "captures/checksum-offload.pcapng"]), lines(&["-nq", "captures/checksum-offload.pcapng"]));
    assert!(whole.len() > quiet.len());
    assert_eq!(whole[..quiet.len()], quiet, "notes under frames are not among these lines");
    assert!(whole[quiet.len()..].iter().any(|line| line.contains("192.168.1.11")), "{:?}", &whole[quiet.len()..]);
}

#[test]
fn json_is_one_object_a_line_whose_keys_do_not_repeat() {
    for line in lines(&["--json", GEOCODE]) {
        let value: serde_json::Value = serde_json::from_str(&line).expect("a line is JSON");
        assert!(value["type"].is_string());
        // A key that repeats would be gone after reading it.
        let written = serde_json::to_string(&value).expect("JSON");
        assert_eq!(written.len(), line.len(), "{line}");
    }
    let whole = lines(&["--json", GEOCODE]);
    assert_eq!(whole, lines(&["-T", "json", GEOCODE]));
    let first: serde_json::Value = serde_json::from_str(&whole[0]).expect("JSON");
    assert_eq!(first["number"].as_u64(), Some(1));
    assert!(first["time"].as_str().is_some_and(|time| time.starts_with("2026-11-22T16:00:38.943112") && time.ends_with('Z')));
}

/// NO_COLOR, CLICOLOR_FORCE and `--color`; the output here is never a terminal.
#[test]
fn colour_is_what_was_asked_for() {
    let coloured = |words: &[&str], variables: &[(&str, &str)]| {
        let mut command = wirelore();
        command.arg("read").args(words).arg(GEOCODE).envs(variables.iter().copied());
        let ran = Ran::from(command.output().expect("wirelore runs"));
        assert_eq!(ran.status, Some(0));
        ran.out.contains("\x1b[")
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color=always"], &[("NO_COLOR", "1"), ("TERM", "dumb")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&["-v"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn json_and_fields_are_never_coloured() {
    for words in [&["--json"][..], &["-T", "fields", "-e", "ip.src"]] {
        let ran = wirelore().arg("read").args(words).args(["--color", "always", GEOCODE]).output().expect("wirelore runs");
        assert!(!Ran::from(ran).out.contains('\x1b'), "{words:?}");
    }
}

/// The cells of each line.
fn cells(words: &[&str]) -> Vec<Vec<String>> {
    lines(words).iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn chosen_fields_stand_in_columns() {
    let words = ["-T", "fields", "-e", "ip.src", "-e", "tcp.dstport", GEOCODE];
    let rows = cells(&words);
    assert_eq!(rows.len(), lines(&[GEOCODE]).len(), "a line a frame, also where it has none of them");
    assert_eq!(rows[0], ["", ""]);
    assert_eq!(rows[4], ["192.168.1.11", "80"]);
    let headed = cells(&[&words[..], &["-E", "header=y", "-E", "separator=,"]].concat());
    assert_eq!(headed[0], ["ip.src,tcp.dstport"]);
    assert_eq!(headed[5], ["192.168.1.11,80"]);
    assert_eq!(lines(&["-Tfields", "-eip.src", GEOCODE]), lines(&["--format=fields", "--field", "ip.src", GEOCODE]));
}

#[test]
fn a_field_that_there_is_not_is_an_error_with_one_that_is_near() {
    let ran = read(["-T", "fields", "-e", "tcp.srcprt", GEOCODE]);
    fails(&ran, &["tcp.srcprt", "tcp.srcport"]);
    assert_eq!(ran.out, "");
    fails(&read(["-T", "fields", GEOCODE]), &["-e"]);
}

#[test]
fn the_tree_names_the_layers_and_says_what_fields_mean() {
    let tree = lines(&["-v", GEOCODE, "-c", "5"]).join("\n");
    for title in ["Ethernet", "Internet Protocol version 4", "Transmission Control Protocol", "Time to live"] {
        assert!(tree.contains(title), "{title}:\n{tree}");
    }
    let meant = lines(&["-vv", GEOCODE, "-c", "5"]).join("\n");
    assert!(meant.len() > 2 * tree.len(), "what fields mean is longer than they are");
    let bytes = lines(&["-v", "-x", GEOCODE, "-c", "5"]).join("\n");
    assert!(bytes.contains("02 00 c0 a8 01 01") && !tree.contains("02 00 c0 a8 01 01"), "{bytes}");
}

#[test]
fn colour_changes_nothing_but_colour() {
    for words in [&[][..], &["-v"], &["-vv", "-x"], &["-e"]] {
        let plain = read(words.iter().chain(&[GEOCODE])).out;
        let coloured = read(words.iter().chain(&["--color", "always", GEOCODE])).out;
        let mut uncoloured = String::new();
        let mut parts = coloured.split("\x1b[");
        uncoloured += parts.next().expect("a part");
        parts.for_each(|part| uncoloured += part.split_once('m').expect("a colour ends with m").1);
        assert_eq!(uncoloured, plain, "{words:?}");
    }
}

#[test]
fn words_that_exclude_one_another_are_an_error_of_use() {
    for words in [&["--json", "-v"][..], &["-T", "fields", "-x"], &["-t", "--time", "date"], &["--force"], &["--pace", "0"], &["-c", "few"]]
    {
        let ran = read(words.iter().chain(&[GEOCODE]));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
    }
}

#[test]
fn pace_waits_between_frames() {
    // 60 bytes a millisecond apart, a hundred of them: 99 ms at their own pace.
    let frame = [0u8; 60];
    let (_folder, path) = written("slow.pcap", &pcap(1, &vec![&frame[..]; 100]));
    let began = std::time::Instant::now();
    assert_eq!(lines(&["-q", "--pace", "1x", text(&path)]).len(), 100);
    assert!(began.elapsed() >= std::time::Duration::from_millis(95), "{:?}", began.elapsed());
}
