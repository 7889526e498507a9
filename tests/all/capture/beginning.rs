//! What is said before the first frame comes, and what addresses are called from then on.

use super::laboratory::Laboratory;
use std::fs;
use std::process::Stdio;

#[test]
fn the_interface_that_nobody_named_is_explained() {
    let Some(laboratory) = Laboratory::new() else { return };
    let ran = laboratory.ran(&["--for", "100ms"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.err.contains(" (there is no default route: this is the first interface that is up); Ctrl-C ends it\n"), "{}", ran.err);
    laboratory.shell("ip address add 10.9.0.1/24 dev a; ip route add default via 10.9.0.2 dev a");
    for words in [["--for", "100ms"].as_slice(), &["-i", "a", "--for", "100ms"]] {
        let ran = laboratory.ran(words);
        assert!(ran.err.contains("capturing on a; Ctrl-C ends it\n"), "{}", ran.err);
    }
}

#[test]
fn a_name_that_is_nearly_that_of_all_interfaces_is_understood() {
    let Some(laboratory) = Laboratory::new() else { return };
    for (typed, said) in [
        ("anny", "anny: there is no such interface; did you mean any?\n"),
        ("", "-i '': there is no such interface; there are lo, "),
        ("eth17", ", any (`wirelore interfaces`)\n"),
    ] {
        let ran = laboratory.ran(&["-i", typed]);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}

#[test]
fn what_pnet_loses_is_said() {
    let Some(laboratory) = Laboratory::new() else { return };
    let begun = |backend: &str| laboratory.ran(&["-i", "b", "--for", "100ms", "--backend", backend, "vlan", "10"]).err;
    assert!(begun("pnet").contains("VLAN tags and directions are lost"));
    assert!(!begun("ring").contains("lost"));
}

#[test]
fn addresses_are_called_alike_live_and_in_a_file() {
    let Some(laboratory) = Laboratory::new() else { return };
    let hosts = laboratory.path("hosts");
    fs::write(&hosts, "127.0.0.1 this-very-machine\n").unwrap();
    laboratory.shell(&format!("mount --bind {} /etc/hosts", hosts.display()));
    let file = laboratory.path("names.pcapng");
    let shown = |words: &[&str]| {
        let out = laboratory.path("shown");
        let words = [&["capture", "-i", "lo", "-c", "1", "-q"], words, &["udp"]].concat();
        let capture =
            laboratory.begin(env!("CARGO_BIN_EXE_wirelore"), &words, "capturing on", Stdio::from(fs::File::create(&out).unwrap()));
        laboratory.shell("python3 -c \"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))\"");
        let (status, said) = capture.end();
        assert_eq!(status, Some(0), "{said}");
        fs::read_to_string(out).unwrap()
    };
    let live = shown(&[]);
    assert!(live.contains("this-very-machine:") && live.contains(" > this-very-machine:9 "), "{live}");
    assert!(shown(&["--no-host"]).contains(" > 127.0.0.1:9 "));
    assert!(shown(&["-n"]).contains(" > 127.0.0.1:9 "));
    assert_eq!(shown(&["-w", file.to_str().unwrap()]), "");
    let read = crate::support::read([file.to_str().unwrap(), "-q"]);
    assert!(read.out.contains("this-very-machine:") && read.out.contains(" > this-very-machine:9 "), "{}", read.out);
}
