//! What is given: captures of every kind, and what only looks like one.

use super::*;

const GEOCODE: &str = "captures/http-geocode.pcapng";

#[test]
fn what_is_not_there_is_named_with_what_is() {
    let (folder, _) = written("morning.pcapng", b"");
    let missing = folder.path().join("mornin.pcapng");
    let ran = read([&missing]);
    fails(&ran, &[text(&missing), "no such file", "did you mean", "morning.pcapng"]);
    assert_eq!(ran.out, "");
}

#[test]
fn a_folder_is_not_a_capture() {
    fails(&read(["captures"]), &["captures", "folder"]);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let (_folder, path) = written("empty.pcap", b"");
    fails(&read(["-q", text(&path)]), &[text(&path), "empty"]);
}

#[test]
fn what_is_no_capture_is_shown_by_how_it_begins() {
    for bytes in [&b"hello world\n"[..], b"\x7fELF\x02\x01\x01", b"x", &[0; 64], &[0xff; 64], b"\x1b[31mred"] {
        let (_folder, path) = written("a.pcap", bytes);
        let ran = read(["-q", text(&path)]);
        fails(&ran, &[text(&path)]);
        assert!(!ran.err.contains('\x1b'), "an escape sequence is obeyed: {:?}", ran.err);
    }
}

#[test]
fn a_name_cannot_tell_the_terminal_what_to_do() {
    let ran = read(["no\x1b[2Jsuch\nfile.pcap"]);
    assert_eq!(ran.status, Some(2));
    assert!(!ran.err.contains('\x1b'), "{:?}", ran.err);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = written("secret.pcap", &pcap(1, &[]));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("permissions");
    if fs::File::open(&path).is_ok() {
        // Who is root may read everything, in CI too.
        return;
    }
    fails(&read(["-q", text(&path)]), &[text(&path), "permission"]);
}

#[test]
fn without_a_capture_it_asks_for_one() {
    fails(&read::<&str>([]), &["which capture", "wirelore read FILE"]);
}

#[test]
fn a_capture_in_place_of_a_verb_is_a_hint() {
    let ran = Ran::from(wirelore().arg(GEOCODE).output().expect("wirelore runs"));
    fails(&ran, &["did you mean `wirelore read captures/http-geocode.pcapng`?"]);
}

/// Cut after any byte: every whole frame is shown, and one line says what is missing, where.
#[test]
fn a_capture_that_is_cut_short_shows_what_is_whole() {
    for name in ["http-geocode.pcapng", "ping.pcap"] {
        let bytes = fs::read(capture(name)).expect("a capture");
        let (folder, path) = written(name, &bytes);
        let whole = read(["-q", text(&path)]).out;
        assert!(whole.lines().count() > 10);
        // Some places in the headers, then places all over the capture.
        for end in (1..60).step_by(7).chain((60..bytes.len()).step_by(bytes.len() / 40)) {
            let path = folder.path().join("cut");
            fs::write(&path, &bytes[..end]).expect("a file");
            let ran = read(["-q", text(&path)]);
            assert!(whole.starts_with(&ran.out), "cut at {end} shows other frames:\n{}", ran.out);
            match ran.status {
                // Between two records nothing is missing that anybody could know of.
                Some(0) => assert_eq!(ran.err, ""),
                _ => fails(&ran, &[text(&path)]),
            }
            if !ran.out.is_empty() && ran.status != Some(0) {
                let next = format!("frame {}", ran.out.lines().count() + 1);
                assert!(ran.err.contains(" byte ") && ran.err.contains("frame"), "where? {}", ran.err);
                assert!(ran.err.contains(&next) || ran.err.contains("a block behind"), "{next}? {}", ran.err);
            }
        }
    }
}

#[test]
fn a_length_that_lies_is_named_and_what_was_before_it_is_shown() {
    let mut bytes = pcap(1, &[&[0; 60], &[0; 60], &[0; 60]]);
    let second = 24 + 16 + 60;
    bytes[second + 8..second + 12].copy_from_slice(&0x7fff_ffffu32.to_le_bytes());
    let (_folder, path) = written("lies.pcap", &bytes);
    let ran = read(["-q", text(&path)]);
    fails(&ran, &[text(&path), "frame 2", "byte 100", "2147483647"]);
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn a_block_length_that_cannot_be_ends_what_can_be_found() {
    let mut bytes = fs::read(capture("http-geocode.pcapng")).expect("a capture");
    let third = block_of_packet(&bytes, 3);
    bytes[third + 4..third + 8].copy_from_slice(&13u32.to_le_bytes());
    let (_folder, path) = written("lies.pcapng", &bytes);
    let ran = read(["-q", text(&path)]);
    fails(&ran, &[text(&path), &format!("byte {third}"), "frame 2", "13"]);
    assert_eq!(ran.out.lines().count(), 2);
}

/// Where the block of a capture's frame begins.
fn block_of_packet(bytes: &[u8], number: usize) -> usize {
    let (mut at, mut seen) = (0, 0);
    loop {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        seen += usize::from(word(at) == 6);
        if seen == number {
            return at;
        }
        at += word(at + 4) as usize;
    }
}

#[test]
fn an_unknown_link_type_is_shown_as_bytes() {
    let (_folder, path) = written("unknown.pcap", &pcap(147, &[b"abcd"]));
    let ran = read(["-q", text(&path)]);
    assert_eq!((ran.status, ran.err.lines().count()), (Some(2), 1), "{}", ran.err);
    assert!(ran.err.contains("frame 1") && ran.err.contains("link type 147"), "{}", ran.err);
    assert!(ran.out.contains("4 bytes"), "{}", ran.out);
    // What is only copied need not be decoded.
    let copied = read([path.as_os_str(), "-w".as_ref(), "/dev/null".as_ref()]);
    assert_eq!((copied.status, copied.err.as_str()), (Some(0), ""));
}

#[test]
fn a_capture_without_frames_is_a_capture() {
    let (_folder, path) = written("none.pcap", &pcap(1, &[]));
    assert_eq!(lines(&[text(&path)]), [""; 0]);
}

#[test]
fn the_kind_is_told_by_content_and_not_by_name() {
    let zipped = fs::read(capture("dns-truncated.pcapng.gz")).expect("a capture");
    let (_folder, path) = written("innocent.txt", &zipped);
    assert_eq!(lines(&[text(&path)]), lines(&["captures/dns-truncated.pcapng.gz"]));
    assert_eq!(lines(&["-q", "captures/dns-truncated.pcapng.gz"]).len(), 14);
    assert_eq!(lines(&["-q", "captures/traceroute-ipv6.pcapng.zst"]).len(), 14);
}

#[test]
fn a_compressed_capture_that_is_cut_short_shows_what_is_whole() {
    for name in ["dns-truncated.pcapng.gz", "traceroute-ipv6.pcapng.zst"] {
        let bytes = fs::read(capture(name)).expect("a capture");
        let whole = read(["-q", text(&capture(name))]).out;
        for end in [4, bytes.len() / 2, bytes.len() - 2] {
            let (_folder, path) = written(name, &bytes[..end]);
            let ran = read(["-q", text(&path)]);
            assert!(whole.starts_with(&ran.out), "{name} cut at {end}:\n{}", ran.out);
            fails(&ran, &[text(&path)]);
        }
    }
}

#[test]
fn several_captures_are_one_time_line() {
    let (first, second) = ("captures/arp-duplicate.pcapng", GEOCODE);
    let both = lines(&["-q", "-tt", first, second]);
    assert_eq!(both, lines(&["-q", "-tt", second, first]), "the order in which captures are named means nothing");
    assert_eq!(both.len(), lines(&["-q", first]).len() + lines(&["-q", second]).len());
    let moments: Vec<&str> = both.iter().map(|line| line.split_whitespace().nth(1).expect("a time")).collect();
    assert!(moments.is_sorted(), "{moments:?}");
    let numbers: Vec<usize> =
        both.iter().map(|line| line.split_whitespace().next().expect("a number").parse().expect("a number")).collect();
    assert_eq!(numbers, (1..=both.len()).collect::<Vec<_>>());
}

#[test]
fn one_of_several_captures_may_be_damaged() {
    let bytes = fs::read(capture("arp.pcapng")).expect("a capture");
    let (_folder, path) = written("cut.pcapng", &bytes[..bytes.len() - 10]);
    let ran = read(["-q", text(&path), GEOCODE]);
    fails(&ran, &[text(&path)]);
    assert_eq!(ran.out.lines().count(), lines(&[GEOCODE]).len() + lines(&["captures/arp.pcapng"]).len() - 1, "{}", ran.err);
}
