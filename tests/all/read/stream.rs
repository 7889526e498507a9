//! Standard input as its bytes arrive, and a reader of our output that goes away.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Far longer than anything here takes, so that a machine under load passes and a line that never comes fails.
const PATIENCE: Duration = Duration::from_secs(20);

fn piped(words: &[&str]) -> Child {
    let mut command = wirelore();
    command.args(["read", "-q"]).args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("wirelore runs")
}

/// The lines that a run prints, as they come.
fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    let output = BufReader::new(child.stdout.take().expect("its output"));
    thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    receiver
}

#[test]
fn a_frame_is_shown_when_it_arrives() {
    for name in ["http-geocode.pcapng", "ping.pcap"] {
        let bytes = fs::read(capture(name)).expect("a capture");
        let whole = lines(&["-q", &format!("captures/{name}")]);
        let (before, after) = bytes.split_at(bytes.len() / 2);
        let mut child = piped(&["-"]);
        let arriving = lines_of(&mut child);
        let mut input = child.stdin.take().expect("its input");
        input.write_all(before).expect("it listens");
        // What can be read of the first half is what a file that ends there shows.
        let (_folder, half) = written("half", before);
        let expected = read(["-q", text(&half)]).out;
        assert!(expected.lines().count() > 2, "half of {name} shows nothing");
        for line in expected.lines() {
            assert_eq!(arriving.recv_timeout(PATIENCE).as_deref(), Ok(line), "{name}, before the rest was sent");
        }
        input.write_all(after).expect("it listens");
        drop(input);
        for line in &whole[expected.lines().count()..] {
            assert_eq!(arriving.recv_timeout(PATIENCE).as_ref(), Ok(line));
        }
        assert!(child.wait().expect("it ends").success());
    }
}

#[test]
fn a_frame_that_passes_does_not_wait_for_the_next_that_does() {
    let bytes = fs::read(capture("ping.pcap")).expect("a capture");
    let mut child = piped(&["-", "arp"]);
    let arriving = lines_of(&mut child);
    let mut input = child.stdin.take().expect("its input");
    // All but the last bytes: behind the last ARP frame stand others, which do not pass.
    input.write_all(&bytes[..bytes.len() - 1]).expect("it listens");
    let expected = lines(&["-q", "captures/ping.pcap", "arp"]);
    assert!(expected.len() >= 2);
    for line in &expected {
        assert_eq!(arriving.recv_timeout(PATIENCE).as_ref(), Ok(line), "while the input is open");
    }
    input.write_all(&bytes[bytes.len() - 1..]).expect("it listens");
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn compressed_input_is_read_from_a_pipe_too() {
    let mut child = piped(&["-"]);
    let mut input = child.stdin.take().expect("its input");
    let bytes = fs::read(capture("dns-truncated.pcapng.gz")).expect("a capture");
    thread::spawn(move || bytes.chunks(7).try_for_each(|piece| input.write_all(piece)));
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.out.lines().map(str::to_owned).collect::<Vec<_>>(), lines(&["-q", "captures/dns-truncated.pcapng.gz"]));
}

#[test]
fn standard_input_that_ends_early_says_so() {
    let mut child = piped(&["-"]);
    let bytes = fs::read(capture("ping.pcap")).expect("a capture");
    child.stdin.take().expect("its input").write_all(&bytes[..bytes.len() - 5]).expect("it listens");
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    fails(&ran, &["standard input", "frame 18", " byte "]);
    assert_eq!(ran.out.lines().count(), 17);
}

#[test]
fn nothing_on_standard_input_is_an_empty_capture() {
    let ran = read(["-"]);
    fails(&ran, &["standard input", "empty"]);
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let frame = [0u8; 60];
    let (_folder, path) = written("long.pcap", &pcap(1, &vec![&frame[..]; 20_000]));
    for form in [&["-tt"][..], &["--json"], &["-v"], &["-w", "-"], &["-T", "fields", "-e", "frame.number"]] {
        let mut child = piped(&[form, &[text(&path)]].concat());
        let mut first = [0; 10];
        child.stdout.as_mut().expect("its output").read_exact(&mut first).expect("it prints");
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{form:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let output = wirelore().args(["read", "captures/arp.pcapng"]).stdout(full).stderr(Stdio::piped()).output().expect("it runs");
    fails(&Ran::from(output), &["standard output"]);
}
