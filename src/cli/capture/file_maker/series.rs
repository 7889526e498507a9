//! The files of a capture that goes on in new ones: what they are called, and making and removing them.

use crate::cli::create::create_file;
use crate::cli::owner::Owner;
use crate::cli::say;
use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The fewest digits of a file's number.
const DIGITS: usize = 5;

/// The files of a capture that goes on in new ones.
#[derive(Debug)]
pub(in crate::cli::capture) struct Series {
    /// What they are called after.
    pub(super) path: PathBuf,
    /// How many are kept.
    pub(super) keep: Option<u32>,
    /// Whether what has such a name is replaced.
    pub(super) replaces: bool,
    pub(super) folder: PathBuf,
    /// Whom they are made for.
    pub(super) owner: Owner,
    /// What stands before a file's number, and what behind it.
    before: OsString,
    behind: OsString,
    number: u64,
    /// The file that was made last, until it is kept or discarded.
    last: Option<PathBuf>,
    /// The files that are kept, the oldest first.
    kept: VecDeque<PathBuf>,
}

impl Series {
    /// Files beside `path`. Nothing is made yet.
    pub(in crate::cli::capture) fn new(path: &Path, keep: Option<u32>, replaces: bool) -> anyhow::Result<Self> {
        let Some(before) = path.file_stem() else {
            anyhow::bail!("{}: --rotate needs a file's name, which it puts numbers into", path.display())
        };
        let mut behind = OsString::new();
        if let Some(ending) = path.extension() {
            behind.push(".");
            behind.push(ending);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let owner = Owner::caller();
        owner.does(|| match folder.metadata() {
            Ok(there) if there.is_dir() => Ok(()),
            Ok(_) => Err(owner.refused(path, &ErrorKind::NotADirectory.into()).into()),
            Err(error) => Err(owner.refused(path, &error).into()),
        })?;
        Ok(Self {
            path: path.to_path_buf(),
            keep,
            replaces,
            folder: folder.to_path_buf(),
            owner,
            before: before.to_owned(),
            behind,
            number: 0,
            last: None,
            kept: VecDeque::new(),
        })
    }

    /// The file of an earlier run that has one of our names.
    pub(in crate::cli::capture) fn earlier(&self) -> Option<PathBuf> {
        let entries = self.owner.does(|| Ok(std::fs::read_dir(&self.folder)?)).ok()?;
        let is_ours = |name: &OsStr| {
            let number = name.as_encoded_bytes().strip_prefix(self.before.as_encoded_bytes()).and_then(|rest| rest.strip_prefix(b"-"));
            let number = number.and_then(|rest| rest.strip_suffix(self.behind.as_encoded_bytes()));
            number.is_some_and(|number| number.len() >= DIGITS && number.iter().all(u8::is_ascii_digit))
        };
        entries.flatten().find(|entry| is_ours(&entry.file_name())).map(|entry| entry.path())
    }

    /// The name of the next file.
    fn next_name(&mut self) -> PathBuf {
        self.number += 1;
        let mut name = self.before.clone();
        name.push(format!("-{:0DIGITS$}", self.number));
        name.push(&self.behind);
        self.folder.join(name)
    }

    /// Makes the next file.
    pub(super) fn next(&mut self) -> anyhow::Result<(PathBuf, File)> {
        // Whoever asks for one after the other, and keeps none, does not get more files than are kept either.
        self.keep();
        let path = loop {
            let path = self.next_name();
            // What somebody else put there meanwhile stays.
            if self.replaces || path.symlink_metadata().is_err() {
                break path;
            }
        };
        let file = create_file(&path, self.replaces, &self.owner)?;
        self.last = Some(path.clone());
        Ok((path, file))
    }

    /// Keeps the file that was made last, and removes one that is not to be kept any longer.
    pub(super) fn keep(&mut self) {
        let (Some(last), Some(keep)) = (self.last.take(), self.keep) else { return };
        self.kept.push_back(last);
        if self.kept.len() > keep as usize
            && let Some(oldest) = self.kept.pop_front()
        {
            remove(&oldest);
        }
    }

    /// Removes the file that was made last.
    pub(super) fn discard(&mut self) {
        if let Some(last) = self.last.take() {
            remove(&last);
        }
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        say(&format!("{}: cannot be removed: {error}", path.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_the_ending() {
        let folder = tempfile::tempdir().unwrap();
        let there = || {
            let mut names: Vec<String> =
                std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        let mut series = Series::new(&folder.path().join("all.pcapng"), Some(2), false).unwrap();
        for _ in 0..3 {
            series.next().unwrap();
            series.keep();
        }
        assert_eq!(there(), ["all-00002.pcapng", "all-00003.pcapng"]);
        std::fs::write(folder.path().join("all-00004.pcapng"), "somebody's").unwrap();
        assert_eq!(series.next().unwrap().0, folder.path().join("all-00005.pcapng"));
        series.discard();
        assert_eq!(there(), ["all-00002.pcapng", "all-00003.pcapng", "all-00004.pcapng"]);
        for _ in 0..3 {
            series.next().unwrap();
        }
        assert_eq!(there(), ["all-00004.pcapng", "all-00006.pcapng", "all-00007.pcapng", "all-00008.pcapng"]);
        let mut plain = Series::new(Path::new(".hidden"), None, false).unwrap();
        assert_eq!(plain.next_name(), Path::new("./.hidden-00001"));
        assert!(Series::new(Path::new("/"), None, false).is_err());
        #[cfg(unix)]
        {
            let strange = |bytes: &[u8]| PathBuf::from(std::os::unix::ffi::OsStrExt::from_bytes(bytes) as &OsStr);
            let mut series = Series::new(&folder.path().join(strange(b"a\xff.pcap")), None, false).unwrap();
            let (path, _) = series.next().unwrap();
            assert_eq!(path, folder.path().join(strange(b"a\xff-00001.pcap")));
            assert_eq!(series.earlier(), Some(path));
        }
        let missing = folder.path().join("missing");
        let said = Series::new(&missing.join("a.pcapng"), None, false).expect_err("there is no such folder").to_string();
        assert!(said.ends_with(&format!("there is no folder {0}; make it (`mkdir -p {0}`), or name another", missing.display())), "{said}");
    }

    #[test]
    fn what_is_there_already_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let series = Series::new(&folder.path().join("a.pcap"), None, false).unwrap();
        for other in ["a.pcap", "a-1.pcap", "a-0000x.pcap", "a-00001.pcapng", "b-00001.pcap"] {
            std::fs::write(folder.path().join(other), "").unwrap();
            assert_eq!(series.earlier(), None, "{other}");
        }
        std::fs::write(folder.path().join("a-123456.pcap"), "").unwrap();
        assert_eq!(series.earlier(), Some(folder.path().join("a-123456.pcap")));
    }
}
