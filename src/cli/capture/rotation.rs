//! When a capture goes on in a new file, and what its files are called.

use crate::cli::arguments::RotateLimit;
use anyhow::ensure;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The fewest digits of a file's number.
const DIGITS: usize = 5;

/// The files of a capture that goes on in new ones.
#[derive(Debug)]
pub(super) struct Rotation {
    /// The most bytes of a file.
    pub(super) size: Option<u64>,
    /// For how long frames go into a file.
    pub(super) time: Option<Duration>,
    /// How many files are kept.
    keep: Option<usize>,
    folder: PathBuf,
    /// What stands before a file's number, and what behind it.
    before: String,
    behind: String,
    number: u64,
    /// The files that were written and are kept, the oldest first.
    kept: VecDeque<PathBuf>,
}

impl Rotation {
    /// What the arguments ask for: files beside `path`.
    pub(super) fn new(limits: &[RotateLimit], keep: Option<u32>, path: &Path) -> anyhow::Result<Self> {
        let (mut size, mut time) = (None, None);
        for limit in limits {
            let twice = match limit {
                RotateLimit::Size(bytes) => size.replace(*bytes).is_some(),
                RotateLimit::Time(long) => time.replace(*long).is_some(),
            };
            ensure!(!twice, "--rotate: one size and one time at most");
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name else { anyhow::bail!("{}: --rotate needs a file's name, which it puts numbers into", path.display()) };
        let (before, behind) = match name.rsplit_once('.') {
            Some((before, ending)) if !before.is_empty() => (before, format!(".{ending}")),
            _ => (name, String::new()),
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self {
            size,
            time,
            keep: keep.map(|keep| keep as usize),
            folder: folder.to_path_buf(),
            before: before.to_owned(),
            behind,
            number: 0,
            kept: VecDeque::new(),
        })
    }

    /// The file of an earlier run that has one of our names.
    pub(super) fn earlier(&self) -> Option<PathBuf> {
        let entries = std::fs::read_dir(&self.folder).ok()?;
        let is_ours = |name: &str| {
            let number = name.strip_prefix(&self.before).and_then(|rest| rest.strip_prefix('-'));
            let number = number.and_then(|rest| rest.strip_suffix(self.behind.as_str()));
            number.is_some_and(|number| number.len() >= DIGITS && number.bytes().all(|digit| digit.is_ascii_digit()))
        };
        entries.flatten().find(|entry| entry.file_name().to_str().is_some_and(is_ours)).map(|entry| entry.path())
    }

    /// The name of the next file.
    pub(super) fn next(&mut self) -> PathBuf {
        self.number += 1;
        self.folder.join(format!("{}-{:0DIGITS$}{}", self.before, self.number, self.behind))
    }

    /// Keeps a file that was begun; returns one that is not to be kept any longer.
    pub(super) fn keep(&mut self, path: PathBuf) -> Option<PathBuf> {
        let keep = self.keep?;
        self.kept.push_back(path);
        if self.kept.len() > keep { self.kept.pop_front() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_the_ending() {
        let mut rotation = Rotation::new(&[RotateLimit::Size(9)], Some(2), Path::new("/tmp/all.pcapng")).unwrap();
        let names: Vec<PathBuf> = (0..3).map(|_| rotation.next()).collect();
        assert_eq!(names, ["/tmp/all-00001.pcapng", "/tmp/all-00002.pcapng", "/tmp/all-00003.pcapng"].map(PathBuf::from));
        let removed: Vec<Option<PathBuf>> = names.iter().map(|name| rotation.keep(name.clone())).collect();
        assert_eq!(removed, [None, None, Some(names[0].clone())]);
        let mut plain = Rotation::new(&[RotateLimit::Size(9)], None, Path::new(".hidden")).unwrap();
        assert_eq!(plain.next(), Path::new("./.hidden-00001"));
        assert_eq!(plain.keep(PathBuf::new()), None);
    }

    #[test]
    fn what_is_there_already_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let rotation = Rotation::new(&[RotateLimit::Size(9)], None, &folder.path().join("a.pcap")).unwrap();
        for other in ["a.pcap", "a-1.pcap", "a-0000x.pcap", "a-00001.pcapng", "b-00001.pcap"] {
            std::fs::write(folder.path().join(other), "").unwrap();
            assert_eq!(rotation.earlier(), None, "{other}");
        }
        std::fs::write(folder.path().join("a-123456.pcap"), "").unwrap();
        assert_eq!(rotation.earlier(), Some(folder.path().join("a-123456.pcap")));
    }

    #[test]
    fn a_limit_is_given_once() {
        let (size, time) = (RotateLimit::Size(9), RotateLimit::Time(Duration::from_secs(1)));
        assert!(Rotation::new(&[size, time], None, Path::new("a")).is_ok());
        assert!(Rotation::new(&[size, time, size], None, Path::new("a")).is_err());
        assert!(Rotation::new(&[size], None, Path::new("/")).is_err());
    }
}
