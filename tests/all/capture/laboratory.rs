//! A network of two joined cards, `a` and `b`, and captures that run in it.

use super::super::support::{Ran, namespaces};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use wirelore::source;

/// For how long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A network of its own, which lives as long as the process that holds it.
pub(super) struct Laboratory {
    process: Child,
    folder: tempfile::TempDir,
}

/// A frame as it was captured: its bytes, its length on the wire, and its time in nanoseconds.
pub(super) type Captured = (Vec<u8>, u32, i64);

impl Laboratory {
    /// `None` where these tests cannot run.
    pub(super) fn new() -> Option<Self> {
        namespaces(&["ip", "unshare", "nsenter", "mount", "python3", "tcpdump"])?;
        let commands = "ip link set lo up
            ip link add name a type veth peer name b
            for card in a b; do echo 1 > /proc/sys/net/ipv6/conf/$card/disable_ipv6; ip link set dev $card up; done
            echo ready
            exec cat";
        let mut process = Command::new("unshare")
            .args(["--net", "--mount", "sh", "-ec", commands])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare runs");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its standard output")).read_line(&mut line).expect("it says something");
        assert_eq!(line, "ready\n");
        let laboratory = Self { process, folder: tempfile::tempdir().expect("a folder") };
        // Files that are made later are made by a user that has no privilege.
        fs::set_permissions(laboratory.folder.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
        Some(laboratory)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program in this network. The process is the program's: nothing stands between. A hang-up means to it what it usually does, though
    /// the tests themselves may run under nohup.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--net", "--mount", "--target", &self.process.id().to_string(), "--"]);
        command.args(["env", "--default-signal=HUP", program]);
        command.stdin(Stdio::null()).env_remove("SUDO_UID").env_remove("SUDO_GID");
        command
    }

    pub(super) fn shell(&self, commands: &str) {
        let done = self.command("sh").args(["-ec", commands]).status().expect("nsenter runs");
        assert!(done.success(), "{commands}");
    }

    /// Sends frames, given as expressions of Python: each is bytes.
    pub(super) fn send(&self, card: &str, frames: &str) {
        let program = format!(
            "import socket\nsender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\nsender.bind(('{card}', 0))\n\
             to = bytes.fromhex('020000000002020000000001')\nfor frame in [{frames}]: sender.send(frame)"
        );
        let done = self.command("python3").args(["-c", &program]).status().expect("nsenter runs");
        assert!(done.success(), "{frames}");
    }

    /// Sends so many frames of so many bytes, each with its number behind its header.
    pub(super) fn number(&self, card: &str, count: u32, length: usize) {
        self.send(card, &format!("*(to + bytes([0x88, 0xb5]) + n.to_bytes(4, 'big') + bytes({}) for n in range({count}))", length - 18));
    }

    /// How the program ends that is run with these words.
    pub(super) fn ran(&self, words: &[&str]) -> Ran {
        self.command(env!("CARGO_BIN_EXE_wirelore")).arg("capture").args(words).output().expect("nsenter runs").into()
    }

    /// A capture that has begun.
    pub(super) fn capture(&self, words: &[&str]) -> Running {
        self.begin(env!("CARGO_BIN_EXE_wirelore"), &[&["capture"], words].concat(), "capturing on", Stdio::null())
    }

    /// The same of any program, which says so on standard error when it has begun.
    pub(super) fn begin(&self, program: &str, words: &[&str], ready: &str, out: Stdio) -> Running {
        let (_, errors) = tempfile::NamedTempFile::new_in(&self.folder).expect("a file").keep().expect("it stays");
        let said = fs::File::create(&errors).expect("it is ours");
        let process = self.command(program).args(words).stdout(out).stderr(said).spawn().expect("nsenter runs");
        let running = Running { process, errors };
        wait(&format!("{program} {}", words.join(" ")), || running.said().contains(ready));
        running
    }
}

impl Drop for Laboratory {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}

/// A capture that goes on until it is told to end.
pub(super) struct Running {
    pub(super) process: Child,
    errors: PathBuf,
}

impl Running {
    pub(super) fn said(&self) -> String {
        fs::read_to_string(&self.errors).unwrap_or_default()
    }

    pub(super) fn signal(&self, signal: Signal) {
        let process = Pid::from_raw(self.process.id() as i32).expect("a number");
        kill_process(process, signal).expect("it runs");
    }

    /// Waits for its end: with what it exits, and what it said.
    pub(super) fn end(mut self) -> (Option<i32>, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("it is our own") {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end: {}", self.said());
            sleep(Duration::from_millis(10));
        };
        (status.code(), self.said())
    }

    /// Ends it as Ctrl-C does.
    pub(super) fn stop(self) -> (Option<i32>, String) {
        self.signal(Signal::INT);
        self.end()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// Waits until something is so.
pub(super) fn wait(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}: not yet after {PATIENCE:?}");
        sleep(Duration::from_millis(10));
    }
}

/// The frames of a capture, as far as they are whole.
pub(super) fn frames(path: &Path) -> Vec<Captured> {
    let mut frames = Vec::new();
    let Ok(mut source) = source::open(path) else { return frames };
    while let Ok(Some(frame)) = source.next_frame() {
        frames.push((frame.data.to_vec(), frame.length, frame.timestamp.map_or(0, wirelore::frame::Timestamp::nanoseconds)));
    }
    frames
}

/// The numbers of the frames that [`Laboratory::number`] sent.
pub(super) fn numbers(path: &Path) -> Vec<u32> {
    let number = |data: &[u8]| data.get(14..18).and_then(|bytes| bytes.first_chunk()).map_or(u32::MAX, |bytes| u32::from_be_bytes(*bytes));
    frames(path).iter().map(|(data, ..)| number(data)).collect()
}
