//! The playground's network (`tests/playground/`), and what wirelore sees and says on it.
//!
//! It needs root; where the kernel forbids namespaces even to root (a container without the capability) there is nothing that could be
//! installed, and the tests say so and pass.

mod captures;
mod experiments;
mod routes;
mod without_root;

use crate::support::{peer, repository, skip};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

const NEEDED: &[&str] = &["ip", "bridge", "ethtool", "nft", "sysctl", "python3", "id", "unshare"];
const SERVERS: &[&str] = &["ss", "dnsmasq", "nginx", "openssl", "vsftpd", "exim4", "dovecot", "curl", "ping", "traceroute", "tcpdump"];

/// The hosts, by their names, and the namespace of each. Dropping it takes the network down; so does the end of this process, however it
/// comes, because the network waits for the end of its standard input.
pub(crate) struct Playground {
    process: Child,
    namespaces: BTreeMap<String, String>,
}

/// One with servers, for the tests of which only one can have it at a time.
static SERVED: LazyLock<Option<Mutex<Playground>>> = LazyLock::new(|| Playground::up(&[]).map(Mutex::new));

impl Playground {
    /// One of the test's own, in which no server runs.
    fn bare() -> Option<Self> {
        Self::up(&["--bare"])
    }

    /// The one with servers.
    pub(crate) fn served() -> Option<MutexGuard<'static, Self>> {
        for program in SERVERS {
            peer(program)?;
        }
        // Whatever a test that failed left of faults, the next one says.
        SERVED.as_ref().map(|playground| playground.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn up(words: &[&str]) -> Option<Self> {
        for program in NEEDED {
            peer(program)?;
        }
        if !is_root() {
            skip("network namespaces need root");
            return None;
        }
        let allowed = Command::new("unshare").args(["--net", "true"]).output().expect("unshare runs");
        if !allowed.status.success() {
            say_skip("this kernel gives no network namespace, even to root");
            return None;
        }
        let mut hold = if words.is_empty() { command(&["hold"]) } else { plain_command(&["hold"]) };
        let mut process = hold.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the playground starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its standard output");
        BufReader::new(out).read_line(&mut line).expect("it says its hosts");
        let namespaces = serde_json::from_str(&line).expect("its hosts are JSON: is the playground up?");
        Some(Self { process, namespaces })
    }

    /// Runs a verb of the playground with servers.
    pub(crate) fn call(&self, words: &[&str]) -> Output {
        assert!(!self.namespaces.is_empty());
        let output = command(words).output().expect("the playground runs");
        assert!(output.status.code().is_some_and(|code| code != 2), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _status = self.process.wait();
    }
}

/// The playground's program, for the network with servers of this run.
fn command(words: &[&str]) -> Command {
    let mut command = plain_command(words);
    command.env("WIRELORE_PLAYGROUND", format!("test{}", std::process::id()));
    command
}

fn plain_command(words: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.arg(repository("tests/playground/playground")).args(words);
    command.env("WIRELORE", env!("CARGO_BIN_EXE_wirelore")).env_remove("WIRELORE_PLAYGROUND");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().expect("id runs").stdout == b"0\n"
}

/// Says that a test cannot run on this machine, whatever is installed.
fn say_skip(why: &str) {
    let _unheard = std::io::stderr().write_all(format!("SKIP the playground: {why}\n").as_bytes());
}

/// The rules that `wirelore explain` tells of a capture, from the capture alone.
fn rules(path: &Path) -> BTreeSet<String> {
    let output = crate::support::wirelore().args(["explain", "-v", "--json"]).arg(path).output().expect("wirelore runs");
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("JSON is text");
    let mut found = BTreeSet::new();
    for line in text.lines() {
        gather(&serde_json::from_str(line).expect("a line is JSON"), &mut found);
    }
    found
}

fn gather(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(rule) = value["rule"].as_str() {
        found.insert(rule.to_owned());
    }
    let inside: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    inside.into_iter().for_each(|value| gather(value, found));
}
