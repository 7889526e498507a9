//! What several subjects need: the binary, the captures, the peers it is held against, and a way to say that a test cannot run here.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A path of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A capture of `captures/`.
pub(crate) fn capture(name: &str) -> PathBuf {
    repository("captures").join(name)
}

/// Every capture of `captures/`, in the order of their names; not those of `captures/diff/`, which are about each other.
pub(crate) fn captures() -> Vec<PathBuf> {
    let mut captures: Vec<PathBuf> = fs::read_dir(repository("captures"))
        .expect("captures/ is a folder")
        .map(|entry| entry.expect("an entry of captures/").path())
        .filter(|path| path.is_file() && path.extension().is_none_or(|ending| ending != "md"))
        .collect();
    captures.sort();
    captures
}

/// The binary, run from the repository's folder in an environment that says nothing about colour.
pub(crate) fn wirelore() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wirelore"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).env("TERM", "xterm");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// How a run ended, as text.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }
}

/// Runs `wirelore read` with these words.
pub(crate) fn read<S: AsRef<std::ffi::OsStr>>(words: impl IntoIterator<Item = S>) -> Ran {
    wirelore().arg("read").args(words).output().expect("wirelore runs").into()
}

/// A program that wirelore is held against, where it is installed. Where it is not, says SKIP; under CI that is a failure.
pub(crate) fn peer(name: &str) -> Option<Command> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&folders).any(|folder| folder.join(name).is_file()) {
        return Some(Command::new(name));
    }
    skip(&format!("{name} is not installed"));
    None
}

/// Says that a test cannot run here, and why; under CI it must be able to, and fails.
pub(crate) fn skip(why: &str) {
    let current = std::thread::current();
    let test = current.name().unwrap_or("a test").to_owned();
    assert!(std::env::var_os("CI").is_none_or(|value| value.is_empty()), "{test} cannot run, and must under CI: {why}");
    say_skipped(&test, why);
}

/// Says that a part of a test cannot run on this kernel, and why: which drivers there are is nobody's choice, under CI either.
pub(crate) fn skip_part(why: &str) {
    say_skipped(std::thread::current().name().unwrap_or("a test"), why);
}

fn say_skipped(test: &str, why: &str) {
    // Not through the print macros: the test harness would keep those to itself.
    let _unheard = std::io::stderr().write_all(format!("SKIP {test}: {why}\n").as_bytes());
}

/// Whether network namespaces can be made here, and these programs are there. Where not, says SKIP; under CI that is a failure.
pub(crate) fn namespaces(programs: &[&str]) -> Option<()> {
    for program in programs {
        peer(program)?;
    }
    if !rustix::process::geteuid().is_root() {
        skip("network namespaces need root");
        return None;
    }
    if !Command::new("unshare").args(["--net", "--mount", "true"]).status().is_ok_and(|status| status.success()) {
        skip("this kernel gives no network namespace, even to root");
        return None;
    }
    Some(())
}

/// What runs these commands as root for whoever is not, as wirelore advises it here.
pub(crate) fn as_root(commands: &[&str]) -> String {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&folders).any(|folder| folder.join("sudo").is_file()) {
        return commands.iter().map(|command| format!("sudo {command}")).collect::<Vec<_>>().join(" && ");
    }
    format!("su -c '{}'", commands.join(" && "))
}

/// Whether files that are made from others are to be written anew instead of compared.
pub(crate) fn bless() -> bool {
    std::env::var_os("WIRELORE_BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Holds `found` against the file at `path`, or writes it there where `WIRELORE_BLESS=1`. Returns what is wrong.
pub(crate) fn compare_or_bless(path: &Path, found: &str) -> Result<(), String> {
    let kept = fs::read_to_string(path).unwrap_or_default();
    if kept == found {
        return Ok(());
    }
    if bless() {
        fs::write(path, found).map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok(());
    }
    Err(format!("{}:\n{}", path.display(), difference(&kept, found)))
}

/// Where two texts differ: a few lines before it, then what was kept (-) and what was found (+).
pub(crate) fn difference(kept: &str, found: &str) -> String {
    const BEFORE: usize = 2;
    const SHOWN: usize = 12;
    let (kept, found): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), found.lines().collect());
    let same = kept.iter().zip(&found).take_while(|(left, right)| left == right).count();
    let room = kept.len().min(found.len()) - same;
    let tail = kept.iter().rev().zip(found.iter().rev()).take(room).take_while(|(left, right)| left == right).count();
    let (removed, added) = (&kept[same..kept.len() - tail], &found[same..found.len() - tail]);
    let mut text = format!("  line {}:\n", same + 1);
    kept[same.saturating_sub(BEFORE)..same].iter().for_each(|line| text += &format!("    {}\n", excerpt(line, 0)));
    for (sign, lines, others) in [('-', removed, added), ('+', added, removed)] {
        for (place, line) in lines.iter().take(SHOWN).enumerate() {
            let other = others.get(place).copied().unwrap_or_default();
            let differs = line.chars().zip(other.chars()).take_while(|(left, right)| left == right).count();
            text += &format!("  {sign} {}\n", excerpt(line, differs));
        }
        if lines.len() > SHOWN {
            text += &format!("  {sign} .. and {} more lines, to the last one that differs\n", lines.len() - SHOWN);
        }
    }
    text
}

/// What a screen has room for of a long line, around the place where it differs.
fn excerpt(line: &str, differs: usize) -> String {
    const WIDTH: usize = 160;
    let length = line.chars().count();
    if length <= WIDTH {
        return line.to_owned();
    }
    let start = differs.saturating_sub(WIDTH / 4).min(length - WIDTH);
    let part: String = line.chars().skip(start).take(WIDTH).collect();
    format!("{}{part}{}", if start > 0 { ".." } else { "" }, if start + WIDTH < length { ".." } else { "" })
}

#[test]
fn a_difference_shows_the_lines_that_differ_and_a_little_before_them() {
    assert_eq!(difference("a\nb\nc\nd\n", "a\nb\nx\ny\nd\n"), "  line 3:\n    a\n    b\n  - c\n  + x\n  + y\n");
    assert_eq!(difference("", "a\n"), "  line 1:\n  + a\n");
    assert_eq!(difference("a\na\n", "a\n"), "  line 2:\n    a\n  - a\n");
}

#[test]
fn a_difference_in_a_long_line_shows_where_it_is() {
    let long = "x".repeat(500);
    let text = difference(&format!("{long}a{long}"), &format!("{long}b{long}"));
    assert!(text.contains("xxa") && text.contains("xxb") && text.len() < 400, "{text}");
}
