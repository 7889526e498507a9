//! What `wirelore capture` says of what it cannot do: one clear message, and exit status 2.

use super::support::{Ran, namespaces, wirelore};
use std::fs;
use std::process::Command;

fn capture(words: &[&str]) -> Ran {
    wirelore().arg("capture").args(words).output().expect("wirelore runs").into()
}

/// What is said where it cannot be; nothing else is said, and nothing shown.
fn refused(words: &[&str]) -> String {
    let ran = capture(words);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{words:?}: {}", ran.err);
    ran.err
}

/// Runs commands as root in a network of their own, with `$WIRELORE` and a folder `$FOLDER`; `None` where that cannot be.
fn inside(folder: &str, commands: &str) -> Option<Ran> {
    namespaces(&["ip", "unshare"])?;
    let mut shell = Command::new("unshare");
    shell.args(["--net", "sh", "-c", &format!("ip link set lo up\n{commands}")]);
    shell.env("WIRELORE", wirelore().get_program()).env("FOLDER", folder);
    Some(shell.output().expect("unshare runs").into())
}

#[test]
fn an_interface_that_is_not_there_is_said_with_the_nearest() {
    let said = refused(&["-i", "l0"]);
    assert!(said.contains("l0: there is no such interface; did you mean lo?"), "{said}");
    // Also as one of several, and before anything is captured.
    assert!(refused(&["-i", "l0", "-i", "any-other-one"]).contains("l0: there is no such interface"));
    let said = refused(&["-i", "wholly-elsewhere"]);
    assert!(said.contains("wholly-elsewhere: there is no such interface; there are ") && said.contains("wirelore interfaces"), "{said}");
    // A number is an index, where there is one.
    assert!(refused(&["-i", "4294967295"]).contains("4294967295: there is no such interface"));
    assert!(refused(&["-i", ""]).contains("there is no such interface"));
    assert_eq!(refused(&["-i", "\u{1b}[2J"]).find('\u{1b}'), None, "what was typed is shown, not obeyed");
}

#[test]
fn an_interface_is_named_once() {
    assert!(refused(&["-i", "lo", "-i", "lo"]).contains("-i lo is named twice"));
    assert!(refused(&["-i", "lo", "-i", "any"]).contains("-i any is all interfaces already: leave out lo"));
}

#[test]
fn a_filter_that_makes_no_sense_is_said_before_anything_else() {
    let said = refused(&["-i", "no-such-interface", "tcp", "prot", "80"]);
    assert!(said.contains("prot") && said.contains('^') && said.contains("port"), "{said}");
    assert!(refused(&["-i", "lo", "-f", "tcp", "udp"]).contains("two filters"));
}

#[test]
fn options_that_make_no_sense_are_said() {
    for (words, expected) in [
        (&["--for", "soon"][..], "a time is a number of seconds, or a number with its unit: 10, 500ms"),
        (&["--for", "-1s"], "a number of seconds"),
        (&["--for", "0s"], "longer than 0"),
        (&["--for", "10 parsecs"], "500ms, 10s"),
        (&["--rotate", "1M"], "--write"),
        (&["--files", "3"], "--rotate"),
        (&["--backend", "rings"], "ring"),
        (&["-B", "1"], "4..=4096"),
        (&["-c", "few"], "few"),
        (&["-s", "-1"], "how many bytes of each frame to keep: a whole number, as 96; 0 keeps all"),
        (&["-c", "-1"], "how many frames: a whole number, as 10"),
        (&["-B", "-1"], "4..=4096"),
        (&["-w", "x", "--rotate", "-1M"], "a number with its unit: 100M"),
        (&["-w", "x.pcap.gz"], "x.pcap.gz: captures are written uncompressed; send it on (`-w - | gzip > x.pcap.gz`), or write x.pcap"),
        (&["-w", "x.ZST"], "uncompressed"),
    ] {
        let said = refused(words);
        assert!(said.contains(expected) && !said.contains("tip: to pass"), "{words:?}: {said}");
    }
}

#[test]
fn an_interface_that_is_down_is_said_with_the_command() {
    let commands = "ip link add v0 type veth peer name v1; exec \"$WIRELORE\" capture -i lo -i v0";
    let Some(ran) = inside("", commands) else { return };
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert_eq!(ran.err, "wirelore: v0: the interface is down; switch it on with `ip link set v0 up`\n");
}

#[test]
fn where_nothing_is_up_nothing_is_chosen() {
    let Some(ran) = inside("", "ip link set lo down; exec \"$WIRELORE\" capture") else { return };
    assert_eq!(ran.status, Some(2), "{ran:?}");
    assert!(ran.err.contains("there is no interface that is up"), "{}", ran.err);
}

#[test]
fn a_file_that_is_there_is_not_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, file) = (folder.path().to_str().expect("UTF-8"), folder.path().join("mine.pcapng"));
    fs::write(&file, "mine").expect("written");
    let commands = "exec \"$WIRELORE\" capture -i lo --for 100ms -w \"$FOLDER/mine.pcapng\"";
    let Some(ran) = inside(path, commands) else { return };
    assert_eq!(ran.status, Some(2), "{ran:?}");
    assert!(ran.err.contains("mine.pcapng: is there already; --force replaces it"), "{}", ran.err);
    assert_eq!(fs::read(&file).expect("still there"), b"mine");
    let none = inside(path, "exec \"$WIRELORE\" capture -i lo --for 100ms -w \"$FOLDER/no/such/folder.pcapng\"").expect("as before");
    assert_eq!(none.status, Some(2), "{none:?}");
    let expected = format!("wirelore: {path}/no/such/folder.pcapng: there is no folder {path}/no; make it (`mkdir -p {path}/no/such`)");
    assert!(none.err.contains(&expected), "{}", none.err);
    let none = inside(path, "exec \"$WIRELORE\" capture -i lo --for 1 -w \"$FOLDER\"").expect("as before");
    assert_eq!((none.status, none.err), (Some(2), format!("wirelore: {path}: this is a folder; name a file in it\n")));
}

#[test]
fn an_index_is_as_good_as_a_name() {
    let commands = "ping -c 2 -i 0.3 127.0.0.1 >/dev/null & exec \"$WIRELORE\" capture -n -q -i 1 -c 1 --for 10s icmp";
    let Some(ran) = inside("", commands) else { return };
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(ran.out.contains("127.0.0.1") && ran.err.contains("capturing on lo"), "{ran:?}");
}
