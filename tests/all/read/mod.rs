//! `wirelore read`, as whoever types it sees it.

mod changing;
mod filter;
mod forms;
mod fragments;
mod input;
mod line;
mod notes;
mod progress;
mod stream;
mod write;

use super::support::{Ran, capture, peer, read, wirelore};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of a test's own, and a file in it.
fn written(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    (folder, path)
}

/// A little endian pcap with microseconds, of these frames, each captured a millisecond after the other.
fn pcap(link_type: u32, frames: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, link_type] {
        bytes.extend(u32::to_le_bytes(word));
    }
    for (place, frame) in frames.iter().enumerate() {
        let length = frame.len() as u32;
        for word in [1_000_000_000, 1000 * place as u32, length, length] {
            bytes.extend(u32::to_le_bytes(word));
        }
        bytes.extend(*frame);
    }
    bytes
}

/// The lines of a run that must have gone well.
fn lines(words: &[&str]) -> Vec<String> {
    let ran = read(words);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "wirelore read {}", words.join(" "));
    without_notes(&ran.out)
}

/// The lines of an output without the notes under frames.
fn without_notes(out: &str) -> Vec<String> {
    let is_note = |line: &&str| {
        ["note: ", "warning: ", "problem: "].iter().any(|word| line.strip_prefix("      ").is_some_and(|rest| rest.starts_with(word)))
    };
    out.lines().filter(|line| !is_note(line)).map(str::to_owned).collect()
}

/// A run that must have failed with one line, which says all of these.
fn fails(ran: &Ran, with: &[&str]) {
    assert_eq!(ran.status, Some(2), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "one line: {}", ran.err);
    assert!(ran.err.starts_with("wirelore: ") && ran.err.ends_with('\n'), "{}", ran.err);
    for part in with {
        assert!(ran.err.contains(part), "{part:?} is not said: {}", ran.err);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
