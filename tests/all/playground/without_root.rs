//! The playground comes up for anybody who may make user namespaces, and nothing of it stays.

use super::{is_root, say_skip};
use crate::support::{peer, repository};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Root becomes this one: nobody, who owns nothing.
const NOBODY: &str = "65534";

/// Somebody without root, and the folder where they keep their things.
struct Somebody {
    folder: tempfile::TempDir,
    tag: String,
}

impl Somebody {
    fn new() -> Option<Self> {
        for program in ["setpriv", "unshare", "nsenter", "ip", "bridge", "ethtool", "nft", "sysctl", "dnsmasq", "nginx", "curl"] {
            peer(program)?;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let somebody = Self { folder, tag: format!("user{}", std::process::id()) };
        // Where the sources lie may be a folder of root's own.
        for name in ["playground", "record"] {
            let from = repository("tests").join(name);
            let copied = Command::new("cp").arg("-r").arg(from).arg(somebody.folder.path()).status().expect("cp runs");
            assert!(copied.success());
        }
        let (program, place) = (env!("CARGO_BIN_EXE_wirelore"), somebody.path("wirelore"));
        fs::hard_link(program, &place).or_else(|_| fs::copy(program, &place).map(drop)).expect("the program is copied");
        fs::create_dir(somebody.path("own")).expect("a folder");
        let opened = Command::new("chmod").args(["-R", "a+rX"]).arg(somebody.folder.path()).status().expect("chmod runs");
        let given = !is_root() || Command::new("chown").args([NOBODY, &somebody.path("own")]).status().expect("chown runs").success();
        assert!(opened.success() && given);
        Some(somebody)
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a name").to_owned()
    }

    fn run(&self, words: &[&str]) -> Output {
        let become_nobody = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"];
        let mut command = Command::new("env");
        if is_root() {
            command.args(become_nobody);
        }
        command.args(words).env("WIRELORE_PLAYGROUND", &self.tag).env("XDG_RUNTIME_DIR", self.path("own"));
        command.env("WIRELORE", self.path("wirelore")).current_dir("/").output().expect("it runs")
    }

    fn playground(&self, words: &[&str]) -> String {
        // An interpreter that only root can reach is none here.
        let python = if Path::new("/usr/bin/python3").exists() { "/usr/bin/python3" } else { "python3" };
        let output = self.run(&[&[python, &self.path("playground/playground")], words].concat());
        let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "{words:?}: {out}{err}");
        out
    }

    /// The processes that belong to it, wherever they are.
    fn processes(&self) -> Vec<String> {
        let own = format!("WIRELORE_PLAYGROUND={}", self.tag);
        let numbers = fs::read_dir("/proc").expect("/proc is there").flatten().map(|entry| entry.path());
        let of_it = numbers.filter(|path| fs::read(path.join("environ")).is_ok_and(|text| String::from_utf8_lossy(&text).contains(&own)));
        of_it.map(|path| fs::read_to_string(path.join("cmdline")).unwrap_or_default()).collect()
    }
}

#[test]
fn anybody_has_a_playground_of_their_own_and_nothing_of_it_stays() {
    let Some(somebody) = Somebody::new() else { return };
    let apart = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc", "true"];
    if !somebody.run(&apart).status.success() {
        say_skip("this kernel gives an ordinary user no namespaces");
        return;
    }
    somebody.playground(&["up"]);
    assert!(somebody.processes().len() > 4, "{:?}", somebody.processes());
    let listed = somebody.playground(&["list"]);
    assert!(listed.contains("h4              h4-eth0         192.168.1.14/24"), "{listed}");
    // What is listed first in each line is what `trace` takes.
    for place in ["modemA:inside", "modemA:outside", "isp:access", "backbone:example", "example:core", "example:servers"] {
        assert!(listed.lines().any(|line| line.split_whitespace().next() == Some(place)), "{place}: {listed}");
    }
    let trace = ["trace", "-o", &somebody.path("own/files"), "h1", "modemA:outside", "--", "curl", "-4", "-sS"];
    let page = somebody.playground(&[&trace[..], &["https://www.example.com/"]].concat());
    assert!(page.contains("<h1>"), "{page}");
    for name in ["h1", "modemA-outside"] {
        let path = somebody.path(&format!("own/files/{name}.pcapng"));
        let read = crate::support::read(["-n", &path, "tls"]);
        assert!(read.out.contains("www.example.com"), "{name}: {}{}", read.out, read.err);
    }
    let login = somebody.playground(&["run", "h4", "python3", &somebody.path("playground/mail.py")]);
    assert!(login.contains("mails for anna: 1"), "{login}");
    for fault in ["refused", "pppoe", "blackhole", "wrong-mask", "loss", "no-dns"] {
        somebody.playground(&["fault", fault]);
        somebody.playground(&["fault", fault, "off"]);
    }
    somebody.playground(&["run", "h4", "curl", "-sS", "http://www.example.com/"]);
    somebody.playground(&["down"]);
    assert_eq!(somebody.processes(), Vec::<String>::new());
    let left: Vec<_> = fs::read_dir(somebody.path("own")).expect("its folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["files"], "only what was captured stays");
    let outside =
        fs::read_dir("/run").expect("/run is there").flatten().find(|entry| entry.file_name().to_string_lossy().contains(&somebody.tag));
    assert!(outside.is_none(), "{outside:?} was never to be outside");
}
