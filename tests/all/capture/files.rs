//! Files: in either format, in turn, on a full disk, and after a sudden end.

use super::laboratory::{Laboratory, frames, numbers, wait};
use rustix::process::Signal;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Stdio;
use wirelore::source;

#[test]
fn what_came_is_in_the_file_soon() {
    let Some(laboratory) = Laboratory::new() else { return };
    for name in ["killed.pcapng", "killed.pcap"] {
        let path = laboratory.path(name);
        let capture = laboratory.capture(&["-i", "b", "-w", path.to_str().unwrap()]);
        laboratory.number("a", 20, 60);
        wait("the frames are in the file", || numbers(&path).len() == 20);
        capture.signal(Signal::KILL);
        assert_eq!(capture.end().0, None);
        assert_eq!(numbers(&path), (0..20).collect::<Vec<_>>());
    }
}

#[test]
fn what_comes_while_it_is_stopped_is_captured_once_it_goes_on() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("stopped.pcapng");
    let capture = laboratory.capture(&["-i", "b", "-w", path.to_str().unwrap()]);
    laboratory.number("a", 20, 60);
    capture.signal(Signal::STOP);
    laboratory.number("a", 500, 60);
    capture.signal(Signal::CONT);
    laboratory.number("a", 20, 60);
    let (status, said) = capture.stop();
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(numbers(&path), (0..20).chain(0..500).chain(0..20).collect::<Vec<_>>(), "{said}");
}

#[test]
fn a_full_disk_keeps_what_is_whole() {
    let Some(laboratory) = Laboratory::new() else { return };
    let folder = laboratory.path("small");
    fs::create_dir(&folder).unwrap();
    let mount = folder.display();
    laboratory.shell(&format!("mount -t tmpfs -o size=64k,mode=777 none {mount}"));
    for name in ["x.pcapng", "x.pcap"] {
        let path = folder.join(name);
        let capture = laboratory.capture(&["-i", "b", "--no-host", "-w", path.to_str().unwrap()]);
        laboratory.number("a", 100, 1_000);
        let (status, said) = capture.end();
        assert_eq!(status, Some(2), "{said}");
        // The disk is the laboratory's own: it is read through a copy, and makes room for the next.
        let copy = laboratory.path(name);
        laboratory.shell(&format!("cp {mount}/{name} {}; rm {mount}/{name}", copy.display()));
        let whole = frames(&copy).len();
        assert!(whole > 50, "{whole} of 64 kB: {said}");
        assert!(
            said.contains(&format!(
                "{name}: no space is left there; make room, or name a file elsewhere; the first {whole} frames are whole"
            )),
            "{said}"
        );
        let mut source = source::open(&copy).unwrap();
        while source.advance().unwrap() {}
    }
    let ran = laboratory.ran(&["-i", "b", "-w", "/dev/full"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.err.contains("/dev/full: no space is left there; make room, or name a file elsewhere; no frame was written"),
        "{}",
        ran.err
    );
}

#[test]
fn a_disk_that_fills_up_keeps_every_file_of_a_rotation() {
    let Some(laboratory) = Laboratory::new() else { return };
    let folder = laboratory.path("small");
    fs::create_dir(&folder).unwrap();
    let mount = folder.display();
    laboratory.shell(&format!("mount -t tmpfs -o size=64k,mode=777 none {mount}"));
    for limit in ["16k", "21k", "30k"] {
        let file = folder.join("x.pcapng");
        let capture = laboratory.capture(&["-i", "b", "--no-host", "-w", file.to_str().unwrap(), "--rotate", limit]);
        laboratory.number("a", 100, 1_000);
        let (status, said) = capture.end();
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains("no space is left there") && said.contains(" are whole"), "{said}");
        let copies = laboratory.path(limit);
        laboratory.shell(&format!("cp -r {mount} {}; rm {mount}/*", copies.display()));
        let mut files: Vec<_> = fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.iter().all(|path| source::open(path).is_ok()), "{files:?}");
        let all: Vec<u32> = files.iter().flat_map(|path| numbers(path)).collect();
        assert!(all.len() > 40, "{} of 64 kB", all.len());
        assert_eq!(all, (0..all.len() as u32).collect::<Vec<_>>());
        let last = files.last().map_or(0, |path| numbers(path).len());
        let told = [
            format!("its first {last} frames are whole, and {} frames in the files before", all.len() - last),
            format!("and {} frames are whole in the files before", all.len()),
        ];
        assert!(told.iter().any(|told| said.contains(told)), "{said}: {last} of {}", all.len());
    }
}

#[test]
fn a_capture_goes_on_in_new_files() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("turn.pcapng");
    let words = ["-i", "b", "--no-host", "-w", path.to_str().unwrap(), "--rotate", "4k", "--files", "3"];
    let capture = laboratory.capture(&words);
    laboratory.number("a", 200, 100);
    let (status, said) = capture.stop();
    assert_eq!(status, Some(0), "{said}");
    let mut files: Vec<String> = fs::read_dir(laboratory.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("turn"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 3, "{files:?}");
    let mut all = Vec::new();
    for name in &files {
        let path = laboratory.path(name);
        assert!(fs::metadata(&path).unwrap().len() <= 4_000, "{name}");
        let captured = numbers(&path);
        let mut source = source::open(&path).unwrap();
        while source.advance().unwrap() {}
        let counted = source.interfaces()[0].statistics;
        assert_eq!((counted.received, counted.dropped_by_system), (Some(captured.len() as u64), Some(0)), "{name}");
        all.extend(captured);
    }
    assert_eq!(all, (200 - all.len() as u32..200).collect::<Vec<_>>());
    // What is there is not written over.
    let ran = laboratory.ran(&words);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("is there already; --force replaces such files"), "{}", ran.err);
    // Those that this one does not come to would be taken for its own.
    let ran = laboratory.ran(&[words.as_slice(), &["--force", "--for", "100ms"]].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.err.contains(".pcapng is of an earlier capture: ") && ran.err.contains("stay beside its own\n"), "{}", ran.err);
}

#[test]
fn every_file_of_a_rotation_belongs_to_whoever_called() {
    let Some(laboratory) = Laboratory::new() else { return };
    // Of sudo's two numbers that of the group may be missing: then it is the one that the user is registered with.
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let registered = users.lines().find_map(|line| {
        let mut numbers = line.split(':').skip(2).map(|number| number.parse::<u32>().ok());
        let (user, group) = (numbers.next()??, numbers.next()??);
        (user != 0 && user != group && user != 65_534 && group != 65_534).then_some((user, group))
    });
    let registered = registered.expect("a user whose group has another number");
    for (caller, owner) in [(None, (0, 0)), (Some((1234, Some(4321))), (1234, 4321)), (Some((registered.0, None)), registered)] {
        // A folder of the caller's own: who reads the frames for root may not even look into it.
        let folder = laboratory.path(&format!("of-{}", owner.0));
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        std::os::unix::fs::chown(&folder, Some(owner.0), Some(owner.1)).unwrap();
        let path = folder.join("x.pcapng");
        let words = ["capture", "-i", "b", "--no-host", "-w", path.to_str().unwrap(), "--rotate", "4k", "--files", "3"];
        let sudo = |(user, group): (u32, Option<u32>)| {
            [Some(format!("SUDO_UID={user}")), group.map(|group| format!("SUDO_GID={group}"))].into_iter().flatten().collect()
        };
        let caller: Vec<String> = caller.map(sudo).unwrap_or_default();
        let program: Vec<&str> = caller.iter().map(String::as_str).chain([env!("CARGO_BIN_EXE_wirelore")]).chain(words).collect();
        let capture = laboratory.begin("env", &program, "capturing on", Stdio::null());
        let maker = maker_of(capture.process.id());
        // Root makes files in any folder (capabilities(7): DAC_OVERRIDE, FOWNER), and can do nothing else; any other user makes its own.
        let capabilities = if owner.0 == 0 { "000000000000000a" } else { "0000000000000000" };
        let kept = ["CapPrm", "CapEff", "CapInh", "CapBnd", "Seccomp", "NoNewPrivs"].map(|name| field(maker, name));
        assert_eq!(kept, [capabilities, capabilities, "0000000000000000", "0000000000000000", "2", "1"]);
        laboratory.number("a", 200, 100);
        let (status, said) = capture.stop();
        assert_eq!((status, said.contains("200 frames captured")), (Some(0), true), "{said}");
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(files.len(), 3, "{files:?}");
        for file in files {
            let metadata = file.metadata().unwrap();
            assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o777), (owner.0, owner.1, 0o600), "{file:?}");
        }
        assert!(!Path::new(&format!("/proc/{maker}")).exists(), "it ends with the capture");
    }
}

#[test]
fn a_pipe_among_the_files_of_a_rotation_holds_nothing_up() {
    let Some(laboratory) = Laboratory::new() else { return };
    let (path, pipe) = (laboratory.path("f.pcapng"), laboratory.path("f-00002.pcapng"));
    let capture = laboratory.capture(&["-i", "b", "--no-host", "-w", path.to_str().unwrap(), "--rotate", "4k", "--force"]);
    // Nobody reads it: whoever opens it to write waits for ever.
    laboratory.shell(&format!("mkfifo -m 666 {}", pipe.display()));
    laboratory.number("a", 200, 100);
    let (status, said) = capture.stop();
    assert_eq!((status, said.contains("200 frames captured")), (Some(0), true), "{said}");
    assert!(fs::symlink_metadata(&pipe).unwrap().is_file() && !numbers(&pipe).is_empty());
}

#[test]
fn who_makes_files_ends_with_a_capture_that_is_killed() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("k.pcapng");
    let capture = laboratory.capture(&["-i", "b", "--no-host", "-w", path.to_str().unwrap(), "--rotate", "4k"]);
    let maker = maker_of(capture.process.id());
    capture.signal(Signal::KILL);
    assert_eq!(capture.end().0, None);
    // Whoever inherits it may not have asked yet how it ended.
    let is_gone = || {
        fs::read_to_string(format!("/proc/{maker}/stat")).is_ok_and(|stat| stat.contains(") Z "))
            || !Path::new(&format!("/proc/{maker}")).exists()
    };
    wait("the process that makes files has ended", is_gone);
}

/// The process that makes files for another.
fn maker_of(process: u32) -> u32 {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).expect("it runs");
    children.trim().parse().expect("one child")
}

/// A field of `/proc/PID/status`.
fn field(process: u32, name: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":\t")).unwrap_or_default().to_owned()
}

#[test]
fn waiting_for_the_reader_of_a_pipe_ends_by_one_ctrl_c() {
    let Some(laboratory) = Laboratory::new() else { return };
    let pipe = laboratory.path("pipe");
    laboratory.shell(&format!("mkfifo {}", pipe.display()));
    let capture =
        laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &["capture", "-i", "b", "-w", pipe.to_str().unwrap()], "", Stdio::null());
    let is_caught = || u64::from_str_radix(&field(capture.process.id(), "SigCgt"), 16).unwrap() & 1 << 1 != 0;
    wait("SIGINT is caught", is_caught);
    let (status, said) = capture.stop();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("nobody opened this pipe to read it, and nothing was written"), "{said}");
    // Where somebody reads it, it is written as any other.
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    let capture = laboratory.capture(&["-i", "b", "-w", pipe.to_str().unwrap()]);
    laboratory.number("a", 5, 60);
    assert_eq!(capture.stop().0, Some(0));
    let copy = laboratory.path("copy.pcapng");
    fs::write(&copy, reader.join().unwrap()).unwrap();
    assert_eq!(numbers(&copy), [0, 1, 2, 3, 4]);
}

#[test]
fn a_capture_goes_on_in_a_new_file_after_a_time() {
    let Some(laboratory) = Laboratory::new() else { return };
    let (path, first, second) = (laboratory.path("t.pcap"), laboratory.path("t-00001.pcap"), laboratory.path("t-00002.pcap"));
    let capture = laboratory.capture(&["-i", "b", "-w", path.to_str().unwrap(), "--rotate", "200ms"]);
    laboratory.number("a", 1, 60);
    wait("the frame is in the file", || numbers(&first).len() == 1);
    let written = fs::metadata(&first).unwrap().modified().unwrap();
    wait("time goes by", || written.elapsed().is_ok_and(|elapsed| elapsed.as_millis() > 400));
    laboratory.number("a", 1, 60);
    assert_eq!(capture.stop().0, Some(0));
    assert_eq!((numbers(&first), numbers(&second)), (vec![0], vec![0]));
}

#[test]
fn notes_are_counted_where_a_file_is_full() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("notes.pcapng");
    let words = ["-i", "b", "--no-host", "--annotate", "-w", path.to_str().unwrap(), "--rotate", "4k"];
    let capture = laboratory.capture(&words);
    // Each asks for another address, and is told something about.
    laboratory
        .send("a", "*(to + bytes.fromhex('0806000108000604000102000000000a0a0900010000000000000a0900%02x' % n) for n in range(2, 90))");
    assert_eq!(capture.stop().0, Some(0));
    let (mut files, mut notes, mut all) = (0, 0, 0);
    for entry in fs::read_dir(laboratory.path("")).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name().to_string_lossy().starts_with("notes-") {
            assert!(entry.metadata().unwrap().len() <= 4_000, "{entry:?}");
            let mut source = source::open(&entry.path()).unwrap();
            while source.advance().unwrap() {
                all += 1;
                notes += source.frame().annotations.comments().map(<[u8]>::len).sum::<usize>();
            }
            files += 1;
        }
    }
    assert!(files > 1 && all == 88 && notes > 500, "{files} files, {all} frames, {notes} bytes of notes");
}

#[test]
fn a_file_of_a_rotation_has_room_for_frames() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("small.pcapng");
    let rotated = |limit: &str, more: &[&str]| {
        laboratory.ran(&[&["-i", "b", "-w", path.to_str().unwrap(), "--for", "0.1", "--rotate", limit], more].concat())
    };
    let ran = rotated("1500B", &["--no-host"]);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains("--rotate: files of 1500 bytes have no room for frames: give at least 2k\n"), "{}", ran.err);
    let ran = rotated("2k", &[]);
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    let said = ran.err.split("give at least ").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or_default();
    assert!(ran.err.contains("; --no-host leaves out what this machine knows"), "{}", ran.err);
    assert!(fs::read_dir(laboratory.path("")).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().contains("small")));
    // What is said to be enough is.
    assert_eq!(rotated(said, &[]).status, Some(0), "{said}");
    assert_eq!(rotated("2k", &["--no-host", "--force"]).status, Some(0));
}

#[test]
fn what_cannot_be_written_is_said_before_the_first_frame() {
    let Some(laboratory) = Laboratory::new() else { return };
    let refused = |words: &[&str], why: &str| {
        let ran = laboratory.ran(words);
        assert_eq!(ran.status, Some(2), "{words:?}");
        assert!(ran.err.contains(why) && !ran.err.contains("capturing on"), "{words:?}: {}", ran.err);
    };
    refused(&["-i", "a", "-i", "b", "-w", "x.pcap"], "x.pcap: pcap holds the frames of one interface");
    refused(&["-i", "a", "--annotate", "-w", "x.CAP"], "x.CAP: pcap holds no notes");
    refused(&["-i", "a", "-w", "-", "--rotate", "1M"], "--rotate: standard output is no file");
    refused(
        &["-i", "a", "-w", "/nowhere/x.pcap"],
        "/nowhere/x.pcap: there is no folder /nowhere; make it (`mkdir -p /nowhere`), or name another",
    );
    let (precious, link) = (laboratory.path("precious"), laboratory.path("link.pcap"));
    fs::write(&precious, "precious").unwrap();
    std::os::unix::fs::symlink(&precious, &link).unwrap();
    refused(&["-i", "a", "-w", link.to_str().unwrap()], "link.pcap: is there already; --force replaces it");
    let capture = laboratory.capture(&["-i", "b", "--force", "-w", link.to_str().unwrap()]);
    assert_eq!(capture.stop().0, Some(0));
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
}

#[test]
fn each_frame_is_written_at_once_where_that_is_asked() {
    let Some(laboratory) = Laboratory::new() else { return };
    let path = laboratory.path("at-once.pcapng");
    let capture = laboratory.capture(&["-i", "b", "-U", "--annotate", "-w", path.to_str().unwrap()]);
    laboratory.send("a", "to + bytes.fromhex('0806000108000604000102000000000a0a0900010000000000000a090002')");
    wait("the frame is in the file", || frames(&path).len() == 1);
    assert_eq!(capture.stop().0, Some(0));
    let mut source = source::open(&path).unwrap();
    assert!(source.advance().unwrap());
    assert!(source.frame().annotations.comments().count() > 0, "notes are comments");
}
