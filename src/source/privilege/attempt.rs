//! The capture that is refused, and the commands that are made of it.

use crate::source::administrator::Administrator;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The capture that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The program that runs.
    pub program: PathBuf,
    /// What begins the capture again, behind the program: words for the shell.
    pub words: String,
    /// How a command is run as root.
    pub administrator: Administrator,
}

impl Attempt {
    /// What runs now.
    pub(super) fn now() -> Self {
        Self { program: program(), words: typed("capture").join(" "), administrator: Administrator::here() }
    }

    /// The program, as a word for the shell.
    pub(super) fn name(&self) -> String {
        quoted(&self.program)
    }

    /// What begins the capture.
    pub(super) fn again(&self) -> String {
        format!("{} {}", self.name(), self.words)
    }

    /// What gives the program the capability.
    pub(super) fn given(&self) -> String {
        self.administrator.command(&[&give(&self.program)])
    }

    /// The same from outside of a user namespace, whose root is an ordinary user there.
    pub(super) fn given_outside(&self) -> String {
        Administrator::outside().command(&[&give(&self.program)])
    }

    /// What puts a copy where capabilities of files count, and gives it the capability.
    pub(super) fn installed(&self) -> String {
        const PLACE: &str = "/usr/local/bin/wirelore";
        self.administrator.command(&[&format!("install -m 755 {} {PLACE}", quoted(&self.program)), &give(Path::new(PLACE))])
    }
}

fn give(program: &Path) -> String {
    format!("setcap cap_net_raw=ep {}", quoted(program))
}

/// What was typed behind the program, where it was this verb; else the verb alone. Words for the shell.
pub(super) fn typed(verb: &str) -> Vec<String> {
    let words: Vec<_> = env::args_os().skip(1).collect();
    match words.first() {
        Some(first) if first == verb => words.iter().map(|word| quoted(Path::new(word))).collect(),
        Some(_) | None => vec![verb.to_owned()],
    }
}

/// A word for the shell.
pub(super) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// The file of the program that runs, also where something else was started that runs it.
pub(super) fn program() -> PathBuf {
    if let Some(program) = loaded() {
        return program;
    }
    let program = env::current_exe().unwrap_or_else(|_| PathBuf::from("wirelore"));
    // A program whose file was replaced while it runs: what stands there now is meant.
    let name = program.to_string_lossy();
    match name.strip_suffix(" (deleted)") {
        Some(name) if !program.exists() => PathBuf::from(name),
        Some(_) | None => program.clone(),
    }
}

/// The file that this code is of, where it is not the one that the kernel executes: something that loads or interprets programs was started.
pub(super) fn loaded() -> Option<PathBuf> {
    let here = loaded as fn() -> Option<PathBuf> as usize;
    let maps = fs::read("/proc/self/maps").ok()?;
    let file = mapped(&String::from_utf8_lossy(&maps), here)?;
    let identity = |file: &Path| fs::metadata(file).ok().map(|metadata| (metadata.dev(), metadata.ino()));
    (identity(&file)? != identity(Path::new("/proc/self/exe"))?).then_some(file)
}

/// The file that is mapped at an address (proc(5), `/proc/PID/maps`).
fn mapped(maps: &str, address: usize) -> Option<PathBuf> {
    maps.lines().find_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (from, to) = range.split_once('-')?;
        let [from, to] = [from, to].map(|number| usize::from_str_radix(number, 16).ok());
        let path = rest.get(rest.find('/')?..)?;
        (from? <= address && address < to?).then(|| Path::new(OsStr::new(path)).to_path_buf())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_the_file_that_its_code_is_of() {
        let maps = "55d0a000-55d0b000 r--p 00000000 fe:00 17 /usr/lib/ld.so\n\
                    55d0b000-55d0f000 r-xp 00001000 fe:00 17 /usr/lib/ld.so\n\
                    7f000000-7f001000 rw-p 00000000 00:00 0 \n\
                    7f001000-7f009000 r-xp 00001000 fe:00 99                         /home/ann/my tools/wirelore\n\
                    7ffe0000-7ffe1000 rw-p 00000000 00:00 0                          [stack]\n";
        assert_eq!(mapped(maps, 0x7f00_1000), Some(PathBuf::from("/home/ann/my tools/wirelore")));
        assert_eq!(mapped(maps, 0x55d0_bfff), Some(PathBuf::from("/usr/lib/ld.so")));
        for nowhere in [0, 0x7f00_0000, 0x7f00_9000, 0x7ffe_0000] {
            assert_eq!(mapped(maps, nowhere), None, "{nowhere:x}");
        }
        assert_eq!(loaded(), None, "tests are started as they are");
        assert_eq!(program(), env::current_exe().expect("a program"));
    }

    #[test]
    fn words_are_for_the_shell() {
        assert_eq!(
            ["a.b", "", "tcp port 80", "o'neill"].map(|word| quoted(Path::new(word))),
            ["a.b", "''", "'tcp port 80'", r"'o'\''neill'"]
        );
    }
}
