//! `--save`: bodies as files that nothing from a packet can put elsewhere.

use super::*;

fn saved(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A capture in which these targets are asked for, one after another.
fn asked(folder: &tempfile::TempDir, targets: &[&[u8]]) -> PathBuf {
    let asked: Vec<Vec<u8>> = targets.iter().map(|target| [b"GET ", *target, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat()).collect();
    let answers: Vec<Vec<u8>> =
        (0..targets.len()).map(|number| answer("Content-Type: text/plain\r\n", format!("body {number}").as_bytes())).collect();
    let events: Vec<Event<'_>> = asked.iter().zip(&answers).flat_map(|(asked, answer)| [Client(asked), Server(answer)]).collect();
    made(folder, &events)
}

#[test]
fn names_stay_in_the_folder_whatever_was_asked_for() {
    let folder = folder();
    let long = [b"/", &[b'a'; 300][..]].concat();
    let targets: [&[u8]; 9] =
        [b"/../../x", b"/%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"/CON", b"/", b"/.hidden", b"/-rf", b"/a%00b\x1b[0m", b"/index.jsonl", &long];
    let path = asked(&folder, &targets);
    let out = folder.path().join("out");
    let ran = http(["-q", "--save", text(&out), text(&path)]);
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    let names = saved(&out);
    assert_eq!(names.len(), targets.len() + 1, "{names:?}");
    for name in &names {
        let safe = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        assert!(safe && name.len() <= 128 && !name.starts_with(['.', '-']), "{name:?}");
    }
    assert_eq!(saved(folder.path()), ["made.pcap", "out"]);
    let index = fs::read_to_string(out.join("index.jsonl")).expect("an index");
    for (number, line) in index.lines().enumerate() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let file = fs::read_to_string(out.join(line["file"].as_str().expect("a name"))).expect("a file");
        assert_eq!(file, format!("body {number}"));
        assert_eq!(line["complete"], true);
    }
}

#[test]
fn what_is_there_stays_unless_force_says_otherwise() {
    let folder = folder();
    let path = asked(&folder, &[b"/one.txt", b"/two.txt"]);
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("a folder");
    fs::write(out.join("0-0-response-one.txt"), "mine").expect("written");
    let ran = http(["-q", "--save", text(&out), text(&path)]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("0-0-response-one.txt: is there already; --force replaces it"), "{}", ran.err);
    let content = |name: &str| fs::read_to_string(out.join(name)).expect("read");
    assert_eq!((content("0-0-response-one.txt").as_str(), content("0-1-response-two.txt").as_str()), ("mine", "body 1"));
    let again = http(["-q", "--save", text(&out), text(&path)]);
    assert!(again.status == Some(2) && again.err.contains("index.jsonl"), "{}", again.err);
    assert_eq!(http(["-q", "--force", "--save", text(&out), text(&path)]).status, Some(0));
    assert_eq!(content("0-0-response-one.txt"), "body 0");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_and_files_are_for_their_owner() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let path = asked(&folder, &[b"/one.txt"]);
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("a folder");
    let aim = folder.path().join("aim");
    fs::write(&aim, "mine").expect("written");
    symlink(&aim, out.join("0-0-response-one.txt")).expect("a link");
    symlink(folder.path().join("nowhere"), out.join("index.jsonl")).expect("a link");
    assert_eq!(http(["-q", "--save", text(&out), text(&path)]).status, Some(2));
    assert_eq!(http(["-q", "--force", "--save", text(&out), text(&path)]).status, Some(0));
    assert_eq!(fs::read_to_string(&aim).expect("read"), "mine");
    assert!(!folder.path().join("nowhere").exists());
    let written = out.join("0-0-response-one.txt");
    let kind = fs::symlink_metadata(&written).expect("a file");
    assert!(kind.is_file() && kind.permissions().mode() & 0o777 == 0o600);
}

/// What stands where a body would go is no way out of the folder: a pipe that somebody reads, another name of a file elsewhere.
#[cfg(unix)]
#[test]
fn what_stands_in_the_way_is_not_written_to() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = asked(&folder, &[b"/one.txt", b"/two.txt"]);
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("a folder");
    let [pipe, twin] = ["0-0-response-one.txt", "0-1-response-two.txt"].map(|name| out.join(name));
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
    let aim = folder.path().join("aim");
    fs::write(&aim, "mine").expect("written");
    fs::hard_link(&aim, &twin).expect("another name");
    let ran = http(["-q", "--save", text(&out), text(&path)]);
    assert!(ran.status == Some(2) && ran.err.contains("0-0-response-one.txt: is there already"), "{ran:?}");
    assert_eq!(http(["-q", "--force", "--save", text(&out), text(&path)]).status, Some(0));
    assert_eq!(fs::read_to_string(&aim).expect("read"), "mine");
    for name in ["0-0-response-one.txt", "0-1-response-two.txt", "index.jsonl"] {
        let kind = fs::symlink_metadata(out.join(name)).expect("a file");
        assert!(kind.is_file() && kind.permissions().mode() & 0o777 == 0o600, "{name}: {kind:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_made_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = asked(&folder, &[b"/one.txt"]);
    let out = folder.path().join("new/out");
    assert_eq!(http(["-q", "--save", text(&out), text(&path)]).status, Some(0));
    for made in [out.as_path(), &folder.path().join("new")] {
        assert_eq!(fs::metadata(made).expect("a folder").permissions().mode() & 0o777, 0o700, "{}", made.display());
    }
}

#[test]
fn holes_are_in_the_index() {
    let folder = folder();
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\n";
    let path = made(&folder, &[Client(GET), Server(&[&head[..], b"before"].concat()), Lost(10), Server(b"and after")]);
    let out = folder.path().join("out");
    assert_eq!(http(["-q", "--save", text(&out), text(&path)]).status, Some(0));
    assert_eq!(fs::read_to_string(out.join("0-0-response-a.txt")).expect("a file"), "beforeand after");
    let index: Value = serde_json::from_str(&fs::read_to_string(out.join("index.jsonl")).expect("an index")).expect("JSON");
    assert_eq!((&index["holes"], &index["complete"]), (&serde_json::json!([{"at": 6, "missing": 10}]), &false.into()));
}

#[test]
fn request_bodies_are_written_too_and_nothing_where_there_is_no_capture() {
    let folder = folder();
    let out = folder.path().join("out");
    assert_eq!(http(["-q", "--save", text(&out), "captures/http-post.pcapng"]).status, Some(0));
    let names = saved(&out);
    assert!(names.iter().any(|name| name.contains("-request-form")), "{names:?}");
    let other = folder.path().join("other");
    assert_eq!(http(["--save", text(&other), "missing.pcap"]).status, Some(2));
    assert!(!other.exists());
}
