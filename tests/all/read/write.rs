//! `-w`: the frames that pass, kept with everything that was known of them, in a file that nobody else loses by it.

use super::*;
use std::process::Stdio;
use wirelore::frame::{Direction, LinkType, Timestamp};
use wirelore::source;

const GEOCODE: &str = "captures/http-geocode.pcapng";

/// All that a capture says of a frame.
#[derive(Debug, PartialEq)]
struct Kept {
    timestamp: Option<Timestamp>,
    interface: Option<Vec<u8>>,
    link_type: LinkType,
    length: u32,
    data: Vec<u8>,
    comments: Vec<Vec<u8>>,
    direction: Option<Direction>,
}

/// The frames of a capture, and the names that it gives to addresses.
fn content(path: &Path) -> (Vec<Kept>, Vec<source::NameRecord>) {
    let mut source = source::open(path).expect("a capture opens");
    let mut frames = Vec::new();
    while source.advance().expect("a capture is whole") {
        let frame = source.frame();
        frames.push(Kept {
            timestamp: frame.timestamp,
            interface: source.interfaces()[frame.interface.0 as usize].name.clone(),
            link_type: frame.link_type,
            length: frame.length,
            data: frame.data.to_vec(),
            comments: frame.annotations.comments().map(<[u8]>::to_vec).collect(),
            direction: frame.annotations.direction(),
        });
    }
    (frames, source.names().to_vec())
}

/// Runs `wirelore read -w OUT WORDS`, which must go well and print nothing.
fn write(out: &Path, words: &[&str]) {
    let ran = read([&["-w", text(out)], words].concat());
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "-w {}", words.join(" "));
}

#[test]
fn what_was_written_is_what_was_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for (place, capture) in crate::support::captures().iter().enumerate() {
        let out = folder.path().join(format!("{place}.pcapng"));
        write(&out, &[text(capture)]);
        assert_eq!(content(&out), content(capture), "{}", capture.display());
    }
    let commented = content(&capture("http-ipv4.pcapng"));
    assert!(commented.0.iter().any(|frame| !frame.comments.is_empty()) && !commented.1.is_empty(), "nothing was held");
}

#[test]
fn only_what_passes_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("arp.pcapng");
    write(&out, &[GEOCODE, "arp"]);
    assert_eq!(content(&out).0, content(&capture("http-geocode.pcapng")).0[..2]);
    let counted = folder.path().join("counted.pcapng");
    write(&counted, &["-c", "3", GEOCODE, "tcp"]);
    assert_eq!(content(&counted).0, content(&capture("http-geocode.pcapng")).0[4..7]);
}

#[test]
fn several_captures_become_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("both.pcapng");
    write(&out, &[GEOCODE, "captures/ping.pcap"]);
    assert_eq!(lines(&["-tt", text(&out)]), lines(&["-tt", GEOCODE, "captures/ping.pcap"]));
}

#[test]
fn standard_output_takes_a_capture_too() {
    let output = wirelore().args(["read", "-w", "-", GEOCODE]).output().expect("wirelore runs");
    assert!(output.status.success() && output.stderr.is_empty());
    let (_folder, path) = written("piped.pcapng", &output.stdout);
    assert_eq!(content(&path), content(&capture("http-geocode.pcapng")));
}

#[test]
fn what_is_there_is_replaced_only_by_force() {
    let (_folder, path) = written("mine.pcapng", b"precious");
    let ran = read(["-w", text(&path), GEOCODE]);
    fails(&ran, &[text(&path), "--force"]);
    assert_eq!(fs::read(&path).expect("it is still there"), b"precious");
    write(&path, &["--force", GEOCODE]);
    assert_eq!(content(&path), content(&capture("http-geocode.pcapng")));
}

#[test]
fn a_capture_is_not_lost_by_being_written_onto_itself() {
    let bytes = fs::read(capture("http-geocode.pcapng")).expect("a capture");
    let (_folder, path) = written("mine.pcapng", &bytes);
    let ran = read(["-w", text(&path), "--force", text(&path)]);
    assert!(ran.status == Some(0) || ran.status == Some(2), "{ran:?}");
    assert_eq!(content(&path), content(&capture("http-geocode.pcapng")), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_what_was_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("secret.pcapng");
    write(&out, &[GEOCODE]);
    assert_eq!(fs::metadata(&out).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (folder, target) = written("target", b"precious");
    let link = folder.path().join("link.pcapng");
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    fails(&read(["-w", text(&link), GEOCODE]), &[text(&link)]);
    // By force the link may be replaced, but what it points to is somebody else's.
    read(["-w", text(&link), "--force", GEOCODE]);
    assert_eq!(fs::read(&target).expect("it is still there"), b"precious");
}

#[test]
fn of_a_damaged_capture_what_was_whole_is_written() {
    let bytes = fs::read(capture("http-geocode.pcapng")).expect("a capture");
    let (folder, path) = written("cut.pcapng", &bytes[..bytes.len() - 10]);
    let out = folder.path().join("whole.pcapng");
    fails(&read(["-w", text(&out), text(&path)]), &[text(&path), "frame 16"]);
    assert_eq!(content(&out).0, content(&capture("http-geocode.pcapng")).0[..15]);
}

#[test]
fn where_nothing_can_be_written_it_says_so() {
    fails(
        &read(["-w", "/nonexistent/folder/out.pcapng", GEOCODE]),
        &["/nonexistent/folder/out.pcapng: there is no folder /nonexistent; make it (`mkdir -p /nonexistent/folder`)"],
    );
    fails(&read(["-w", "/", GEOCODE]), &["/: this is a folder; name a file in it"]);
    fails(&read(["-w", "out.pcap.gz", GEOCODE]), &["out.pcap.gz: captures are written uncompressed; send it on (`-w - | gzip"]);
    assert!(!Path::new("out.pcap.gz").exists());
}

#[test]
fn where_the_input_is_no_capture_nothing_is_written() {
    let (folder, path) = written("a.txt", b"hello");
    let out = folder.path().join("out.pcapng");
    fails(&read(["-w", text(&out), text(&path)]), &[text(&path)]);
    assert!(!out.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_a_capture_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let output = wirelore().args(["read", "-w", "-", GEOCODE]).stdout(full).stderr(Stdio::piped()).output().expect("it runs");
    fails(&Ran::from(output), &["standard output: no space is left there"]);
}
