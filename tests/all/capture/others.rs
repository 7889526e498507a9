//! What other programs do with a capture: those that read its pipe, and those that start it.

use super::laboratory::{Laboratory, numbers, wait};
use crate::support::peer;
use rustix::process::Signal;
use std::process::{Output, Stdio};
use wirelore::source;

#[test]
fn wiresharks_reader_of_pipes_takes_what_comes() {
    let (Some(laboratory), Some(_), Some(_)) = (Laboratory::new(), peer("dumpcap"), peer("tshark")) else { return };
    // A machine that knows more than dumpcap has room for in a section header.
    laboratory.shell("for n in $(seq 40); do ip address add 10.9.$n.1/24 dev b; done");
    let path = laboratory.path("through.pcapng");
    let kept = path.to_str().unwrap();
    let through = |program: &str, words: &[&str]| -> Output {
        let mut reader = laboratory.command(program);
        let mut reader =
            reader.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nsenter runs");
        let pipe = reader.stdin.take().expect("its standard input");
        let words = ["capture", "-i", "b", "-c", "20", "-U", "-w", "-", "ether", "proto", "0x88b5"];
        let capture = laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &words, "capturing on", pipe.into());
        laboratory.number("a", 20, 60);
        let read = reader.wait_with_output().expect("it ends");
        assert!(read.status.success(), "{program}: {}", String::from_utf8_lossy(&read.stderr));
        assert_eq!(capture.end().0, Some(0));
        read
    };
    through("dumpcap", &["-q", "-i", "-", "-w", kept]);
    assert_eq!(numbers(&path), (0..20).collect::<Vec<_>>());
    // What the machine knows came along.
    let mut capture = source::open(&path).unwrap();
    assert!(capture.advance().unwrap());
    let facts = wirelore::host::capture::read(capture.as_ref());
    let card = facts.host.as_ref().and_then(|host| host.interface("b")).expect("it is described");
    assert!(facts.whole && card.addresses.len() == 40, "{facts:?}");
    let shown = through("tshark", &["-n", "-i", "-", "-T", "fields", "-e", "frame.len"]);
    assert_eq!(String::from_utf8_lossy(&shown.stdout), "60\n".repeat(20));
}

#[test]
fn a_hangup_that_is_ignored_ends_nothing() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("nohup.pcapng");
    let command = format!("trap '' HUP; exec {} capture -i b -U -w {}", env!("CARGO_BIN_EXE_wirelore"), path.display());
    let capture = laboratory.begin("sh", &["-c", &command], "capturing on", Stdio::null());
    capture.signal(Signal::HUP);
    // Until these come a capture that ended by the signal would long be over.
    laboratory.number("a", 20, 60);
    wait("the frames are in the file", || numbers(&path).len() == 20);
    capture.signal(Signal::HUP);
    let (status, said) = capture.stop();
    assert_eq!((status, said.contains("20 frames captured")), (Some(0), true), "{said}");
}
