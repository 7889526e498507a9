//! The same input gives the same bytes: however it was cut into reads, and whether or not there is a thread to share the work with.

use super::support::{captures, peer, wirelore};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use wirelore::frame::{InterfaceId, LinkType, Timestamp};
use wirelore::source::{Interface, Source, from_reader};

/// How many bytes come at once.
const PIECES: [usize; 3] = [1, 7, 4_096];

/// Bytes of which never more than so many come at once.
struct Piecemeal {
    bytes: io::Cursor<Vec<u8>>,
    most: usize,
}

impl Read for Piecemeal {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let room = into.len().min(self.most);
        self.bytes.read(&mut into[..room])
    }
}

/// What a source says of a frame: its number, time, interface, link type, length and bytes.
type Seen = (u64, Option<Timestamp>, InterfaceId, LinkType, u32, Vec<u8>);

/// All that a source says of a capture.
#[derive(Debug, PartialEq)]
struct Told {
    frames: Vec<Seen>,
    interfaces: Vec<Interface>,
    damage: Vec<String>,
}

fn told(bytes: &[u8], most: usize) -> Told {
    let mut told = Told { frames: Vec::new(), interfaces: Vec::new(), damage: Vec::new() };
    let mut source: Box<dyn Source> = match from_reader(Piecemeal { bytes: io::Cursor::new(bytes.to_vec()), most }, "pieces") {
        Ok(source) => source,
        Err(error) => {
            told.damage.push(error.to_string());
            return told;
        }
    };
    loop {
        match source.advance() {
            Ok(true) => {
                let frame = source.frame();
                let bytes = frame.data.to_vec();
                told.frames.push((frame.number, frame.timestamp, frame.interface, frame.link_type, frame.length, bytes));
            }
            Ok(false) => break,
            Err(error) => told.damage.push(error.to_string()),
        }
    }
    told.interfaces.extend_from_slice(source.interfaces());
    told.damage.extend(source.damage().iter().map(ToString::to_string));
    told
}

#[test]
fn a_capture_is_read_alike_however_its_bytes_come() {
    let mut frames = 0;
    for path in captures() {
        let bytes = fs::read(&path).expect("a capture");
        // Also where it ends in the middle of something.
        for kept in [bytes.len(), bytes.len() - bytes.len() / 3] {
            let whole = told(&bytes[..kept], usize::MAX);
            frames += whole.frames.len();
            for most in PIECES {
                assert_eq!(told(&bytes[..kept], most), whole, "{} in pieces of {most} bytes", path.display());
            }
        }
    }
    assert!(frames > 5_000, "only {frames} frames");
}

/// Every verb that reads captures, in every form; `-` is the capture.
const FORMS: [&[&str]; 16] = [
    &["read", "-"],
    &["read", "-q", "-e", "-"],
    &["read", "-vv", "-x", "-"],
    &["read", "--json", "-"],
    &["read", "-T", "fields", "-e", "frame.number", "-e", "ip.src", "-"],
    &["read", "-q", "-w", "-", "-"],
    &["conversations", "-"],
    &["conversations", "-v", "-"],
    &["conversations", "--json", "-"],
    &["http", "-v", "-"],
    &["http", "--json", "--hash", "-"],
    &["http", "-q", "--har", "-", "-"],
    &["explain", "-"],
    &["explain", "--json", "-"],
    &["follow", "-", "0"],
    &["diff", "--json", "-", "captures/http-ipv4.pcapng"],
];

/// The status, what was printed and what was said of a run that is given a capture on standard input, as a file or piece by piece.
fn run(words: &[&str], path: &Path, pieces: Option<usize>, change: impl FnOnce(&mut Command)) -> (Option<i32>, Vec<u8>, String) {
    let mut command = wirelore();
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    change(&mut command);
    let ran = match pieces {
        None => command.stdin(fs::File::open(path).expect("a capture")).output().expect("wirelore runs"),
        Some(most) => {
            let mut child = command.stdin(Stdio::piped()).spawn().expect("wirelore runs");
            let (mut input, bytes) = (child.stdin.take().expect("its input"), fs::read(path).expect("a capture"));
            // Who has seen enough goes away.
            let writer = thread::spawn(move || bytes.chunks(most).try_for_each(|piece| input.write_all(piece)));
            let ran = child.wait_with_output().expect("it ends");
            let _read_or_not = writer.join().expect("no panic");
            ran
        }
    };
    (ran.status.code(), ran.stdout, String::from_utf8(ran.stderr).expect("text"))
}

/// The captures that a form is tried with: together the forms try all of them.
fn tried(form: usize) -> impl Iterator<Item = PathBuf> {
    let all = captures();
    all.into_iter().enumerate().filter(move |(place, _)| place % FORMS.len() == form).map(|(_, path)| path)
}

#[test]
fn every_form_says_the_same_of_a_file_and_of_a_pipe() {
    let mut said = 0;
    for (place, form) in FORMS.iter().enumerate() {
        for (number, path) in tried(place).enumerate() {
            let most = PIECES[number % PIECES.len()];
            let whole = run(form, &path, None, |_| ());
            let pieces = run(form, &path, Some(most), |_| ());
            assert_eq!(pieces.0, whole.0, "{form:?} of {} in pieces of {most}: {} {}", path.display(), pieces.2, whole.2);
            assert!(pieces == whole, "{form:?} of {} in pieces of {most} bytes says something else", path.display());
            said += whole.1.len();
        }
    }
    assert!(said > 500_000, "only {said} bytes were said");
}

/// A stack that no machine has room for: no thread can be begun, and the work is done without one.
fn without_threads(command: &mut Command) {
    command.env("RUST_MIN_STACK", (1_u64 << 46).to_string());
}

#[test]
fn every_form_says_the_same_without_another_thread() {
    for (place, form) in FORMS.iter().enumerate() {
        for path in tried(place).step_by(4) {
            let alone = run(form, &path, None, without_threads);
            assert!(alone == run(form, &path, None, |_| ()), "{form:?} of {} says something else: {}", path.display(), alone.2);
        }
    }
}

/// On the first core that this process may run on.
fn on_one_core(command: &mut Command) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or("0").trim();
    let first = allowed.split([',', '-']).next().unwrap_or("0");
    let mut other = Command::new("taskset");
    other.args(["-c", first]).arg(command.get_program()).args(command.get_args()).current_dir(env!("CARGO_MANIFEST_DIR"));
    other.env("TERM", "xterm").stdout(Stdio::piped()).stderr(Stdio::piped());
    *command = other;
}

/// A capture that another core reads ahead: many large frames, of every kind that there is, and the last one cut.
fn write_long_capture(path: &Path) {
    const FRAMES: usize = 3_000;
    const LARGE: usize = 600;
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    let mut frames = 0;
    while frames < FRAMES {
        for capture in captures() {
            let Ok(mut source) = wirelore::source::open(&capture) else { continue };
            while let Ok(Some(frame)) = source.next_frame() {
                if frame.link_type == LinkType::ETHERNET && frame.data.len() >= LARGE {
                    let number = u32::try_from(frames).expect("few");
                    let length = u32::try_from(frame.data.len()).expect("short");
                    [number / 100, number % 100 * 1_000, length, length].iter().for_each(|field| bytes.extend(field.to_le_bytes()));
                    bytes.extend_from_slice(frame.data);
                    frames += 1;
                }
            }
        }
    }
    bytes.truncate(bytes.len() - 100);
    fs::write(path, bytes).expect("a capture is written");
}

#[test]
fn what_another_core_reads_ahead_is_shown_as_if_there_were_none() {
    if peer("taskset").is_none() {
        return;
    }
    if thread::available_parallelism().is_ok_and(|cores| cores.get() == 1) {
        return super::support::skip("there is one core");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.pcap");
    write_long_capture(&path);
    let name = path.to_str().expect("a path");
    let forms: [&[&str]; 10] = [
        &["read", "-q", name],
        &["read", "-vv", name],
        &["read", "--json", name],
        &["read", "-c", "1500", name],
        &["read", "-q", "-w", "-", name],
        &["conversations", "--json", name],
        &["http", "--json", "--hash", name],
        &["explain", name],
        &["follow", name, "0"],
        &["diff", "--points", "-v", name, name],
    ];
    for form in forms {
        let usual = run(form, &path, None, |_| ());
        assert!(usual.0.is_some_and(|status| status != 1) && usual.1.len() > 300, "{form:?} says little: {usual:?}");
        assert!(form[1] == "-c" || usual.2.contains("the capture is cut"), "{form:?}: {}", usual.2);
        assert!(run(form, &path, None, on_one_core) == usual, "{form:?} on one core");
        assert!(run(form, &path, None, without_threads) == usual, "{form:?} without a thread");
    }
}

/// Runs are compared by two threads.
#[test]
fn two_runs_are_compared_alike_by_one_thread_two_and_one_core() {
    let all = captures();
    let one_core = peer("taskset");
    let mut differences = 0;
    for (number, pair) in all.windows(2).enumerate().filter(|(number, _)| number % 5 == 0) {
        let other = pair[1].to_str().expect("a path");
        let form: &[&str] = match number % 3 {
            0 => &["diff", "--runs", "-", other],
            1 => &["diff", "--runs", "--json", "-", other],
            _ => &["diff", "--runs", "-y", "-", other],
        };
        let usual = run(form, &pair[0], None, |_| ());
        assert!(matches!(usual.0, Some(0..=2)), "{form:?}: {}", usual.2);
        differences += usize::from(usual.0 == Some(1));
        assert!(run(form, &pair[0], None, without_threads) == usual, "{form:?} of {} without a thread", pair[0].display());
        assert!(run(form, &pair[0], None, |_| ()) == usual, "{form:?} of {} a second time", pair[0].display());
        if one_core.is_some() {
            assert!(run(form, &pair[0], None, on_one_core) == usual, "{form:?} of {} on one core", pair[0].display());
        }
    }
    assert!(differences > 20, "only {differences} pairs differ");
}

/// That a thread is begun where one can be, and none where none can: two named pipes of which the second is opened by another thread or,
/// without one, after the first was read to its end.
#[cfg(target_os = "linux")]
#[test]
fn without_room_for_a_thread_there_is_none() {
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::time::{Duration, Instant};
    const PATIENCE: Duration = Duration::from_secs(20);
    let folder = tempfile::tempdir().expect("a folder");
    let pipes = ["left.pcapng", "right.pcapng"].map(|name| folder.path().join(name));
    for pipe in &pipes {
        let made = rustix::fs::mknodat(rustix::fs::CWD, pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0);
        made.expect("a pipe is made");
    }
    let bytes = fs::read(super::support::capture("http-ipv4.pcapng")).expect("a capture");
    // Opens for writing what somebody has opened for reading.
    let opened = |pipe: &Path, patience: Duration| {
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let begun = Instant::now();
        loop {
            match fs::OpenOptions::new().write(true).custom_flags(flags).open(pipe) {
                Ok(file) => return Some(file),
                Err(_) if begun.elapsed() < patience => thread::sleep(Duration::from_millis(5)),
                Err(_) => return None,
            }
        }
    };
    let mut said = Vec::new();
    for alone in [false, true] {
        let mut command = wirelore();
        command.args(["diff", "--runs"]).args(&pipes).stdout(Stdio::piped()).stderr(Stdio::piped());
        if alone {
            without_threads(&mut command);
        }
        let child = command.spawn().expect("wirelore runs");
        let mut left = opened(&pipes[0], PATIENCE).expect("the left is opened");
        let right = opened(&pipes[1], if alone { Duration::from_millis(300) } else { PATIENCE });
        assert_eq!(right.is_none(), alone, "whether the right is read beside the left");
        left.write_all(&bytes).expect("it is read");
        drop(left);
        let mut right = right.or_else(|| opened(&pipes[1], PATIENCE)).expect("the right is opened");
        right.write_all(&bytes).expect("it is read");
        drop(right);
        let ran = child.wait_with_output().expect("it ends");
        assert_eq!((ran.status.code(), String::from_utf8_lossy(&ran.stderr).as_ref()), (Some(0), ""));
        said.push(ran.stdout);
    }
    assert!(said[0] == said[1] && !said[0].is_empty());
}
