//! Files that change while they are read.

use super::*;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::process::{Child, ChildStdout, Stdio};

/// More frames than fit into what is read at once and what a pipe holds: whoever reads them waits for who reads the lines.
const FRAMES: usize = 40_000;
/// A record of 16 bytes and a frame of 60.
const RECORD: u64 = 76;

fn many() -> Vec<u8> {
    pcap(1, &vec![&[0x02; 60][..]; FRAMES])
}

/// Begins to read a file, and gives what is left to be read once the first line is there.
fn begun(path: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut reading =
        wirelore().args(["read", "-q", text(path)]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("wirelore runs");
    let mut lines = BufReader::new(reading.stdout.take().expect("a pipe"));
    let mut first = String::new();
    lines.read_line(&mut first).expect("a line");
    assert!(first.contains("02:02:02:02:02:02"), "{first}");
    (reading, lines)
}

/// How it ended: the status, the lines behind the first, what was said.
fn ended(reading: Child, mut lines: BufReader<ChildStdout>) -> (Option<i32>, usize, String) {
    let mut rest = String::new();
    lines.read_to_string(&mut rest).expect("text");
    let ran: Ran = reading.wait_with_output().expect("it ends").into();
    (ran.status, rest.lines().count(), ran.err)
}

#[test]
fn a_file_that_shrinks_is_read_to_where_it_ends_and_said_to_be_cut() {
    let (_folder, path) = written("shrinks.pcap", &many());
    let (reading, lines) = begun(&path);
    let file = fs::OpenOptions::new().write(true).open(&path).expect("the file");
    let left = 35_000;
    file.set_len(24 + RECORD * left + 20).expect("it shrinks");
    let (status, behind, said) = ended(reading, lines);
    assert_eq!((status, behind as u64 + 1), (Some(2), left), "{said}");
    assert!(said.contains("shrinks.pcap") && said.contains("ends in the middle"), "{said}");
}

#[test]
fn a_file_that_is_emptied_ends_where_it_was_read_to() {
    let (_folder, path) = written("emptied.pcap", &many());
    let (reading, lines) = begun(&path);
    fs::OpenOptions::new().write(true).open(&path).expect("the file").set_len(0).expect("it shrinks");
    let (status, behind, said) = ended(reading, lines);
    assert!(matches!(status, Some(0 | 2)) && behind < FRAMES, "{status:?}, {behind} lines: {said}");
}

#[test]
fn a_file_that_grows_is_read_to_its_new_end() {
    let (_folder, path) = written("grows.pcap", &many());
    let (reading, lines) = begun(&path);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("the file");
    let mut record = Vec::new();
    for word in [1_700_000_000_u32, 0, 60, 60] {
        record.extend(word.to_le_bytes());
    }
    record.extend([0x02; 60]);
    file.write_all(&record.repeat(1_000)).expect("it grows");
    let (status, behind, said) = ended(reading, lines);
    assert_eq!((status, behind + 1, said.as_str()), (Some(0), FRAMES + 1_000, ""));
}

#[test]
fn a_file_that_is_written_over_is_no_reason_to_end_badly() {
    let (_folder, path) = written("over.pcap", &many());
    let (reading, lines) = begun(&path);
    let mut file = fs::OpenOptions::new().write(true).open(&path).expect("the file");
    file.seek(SeekFrom::Start(24 + RECORD * 35_000)).expect("a place");
    file.write_all(&[0xff; 4_096]).expect("it is written");
    let (status, behind, said) = ended(reading, lines);
    assert_eq!((status, behind + 1), (Some(2), 35_000), "{said}");
    assert!(said.contains("over.pcap") && said.contains("2660024"), "{said}");
}
