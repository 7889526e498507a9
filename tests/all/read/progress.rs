//! The line on a terminal that says how far a reading is.

use super::*;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

/// More frames than a pipe holds, and than are read between two looks at the clock.
const FRAMES: usize = 40_000;

/// What standard error shows where it is a terminal, while `redirected` stands behind the words and what -w writes is not read for a while.
fn shown(redirected: &str) -> Option<String> {
    peer("script")?;
    let (folder, path) = written("many.pcap", &pcap(1, &vec![&[0x02; 60][..]; FRAMES]));
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let binary = env!("CARGO_BIN_EXE_wirelore");
    let words = format!("{binary} read {} -w {} {redirected}", path.display(), pipe.display());
    let terminal = Command::new("script").args(["-qec", &words, "/dev/null"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let terminal = terminal.expect("script runs");
    let mut written = fs::File::open(&pipe).expect("the pipe opens");
    written.read_exact(&mut [0]).expect("a byte");
    // It is the clock that is tried: the line comes after a second.
    std::thread::sleep(Duration::from_millis(1_100));
    written.read_to_end(&mut Vec::new()).expect("the rest");
    let ended = terminal.wait_with_output().expect("script ends");
    assert!(ended.status.success());
    Some(String::from_utf8(ended.stdout).expect("text"))
}

#[test]
fn after_a_second_a_terminal_shows_how_far_it_is_and_in_the_end_nothing() {
    let Some(shown) = shown("> /dev/null") else { return };
    assert!(shown.contains("% of 3.0 MB, ") && shown.contains(" frames/s, "), "{shown:?}");
    assert!(shown.ends_with("\r\u{1b}[K"), "{shown:?}");
}

#[test]
fn a_pager_has_the_terminal_for_itself() {
    let Some(shown) = shown("| cat") else { return };
    assert_eq!(shown, "");
}
