//! When a capture goes on in a new file.

use super::file_maker::{FileMaker, Series};
use crate::cli::arguments::{CaptureArguments, RotateLimit};
use crate::cli::say;
use anyhow::ensure;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A capture that goes on in new files.
pub(super) struct Rotation {
    /// The most bytes of a file.
    pub(super) size: Option<u64>,
    /// For how long frames go into a file.
    pub(super) time: Option<Duration>,
    maker: FileMaker,
}

impl Rotation {
    /// What the arguments ask for: files beside `path`; nothing where they do not ask for more than one.
    pub(super) fn new(arguments: &CaptureArguments, path: &Path) -> anyhow::Result<Option<Self>> {
        if arguments.rotate.is_empty() {
            return Ok(None);
        }
        let (size, time) = limits(&arguments.rotate)?;
        let (keep, replaces) = (arguments.files, arguments.show.force);
        let series = Series::new(path, keep, replaces)?;
        if let Some(earlier) = series.earlier() {
            let earlier = as_typed(&earlier, path).display();
            anyhow::ensure!(replaces, "{earlier}: is there already; --force replaces such files");
            if !arguments.no_summary {
                say(&format!(
                    "{earlier} is of an earlier capture: such files are replaced as this one comes to them, and those that it does not come \
                              to stay beside its own"
                ));
            }
        }
        Ok(Some(Self { size, time, maker: FileMaker::new(series)? }))
    }

    /// Makes the next file.
    pub(super) fn next(&mut self) -> anyhow::Result<(PathBuf, File)> {
        self.maker.next()
    }

    /// Keeps the file that was made last, and removes one that is not to be kept any longer.
    pub(super) fn keep(&mut self) {
        self.maker.keep();
    }

    /// Removes the file that was made last: nothing could be written to it.
    pub(super) fn discard(&mut self) {
        self.maker.discard();
    }
}

/// A file beside what was typed, without the folder that nobody typed.
fn as_typed<'a>(file: &'a Path, typed: &Path) -> &'a Path {
    if typed.parent().is_some_and(|folder| folder.as_os_str().is_empty()) { file.strip_prefix(".").unwrap_or(file) } else { file }
}

/// One size and one time at most.
fn limits(limits: &[RotateLimit]) -> anyhow::Result<(Option<u64>, Option<Duration>)> {
    let (mut size, mut time) = (None, None);
    for limit in limits {
        let twice = match limit {
            RotateLimit::Size(bytes) => size.replace(*bytes).is_some(),
            RotateLimit::Time(long) => time.replace(*long).is_some(),
        };
        ensure!(!twice, "--rotate: one size and one time at most");
    }
    Ok((size, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_it_was_typed() {
        let called = |file: &str, typed: &str| as_typed(Path::new(file), Path::new(typed)).display().to_string();
        assert_eq!(called("./r-00001.pcapng", "r.pcapng"), "r-00001.pcapng");
        for (file, typed) in [("./r-00001.pcapng", "./r.pcapng"), ("/x/r-00001.pcapng", "/x/r.pcapng"), ("r-00001.pcapng", "r.pcapng")] {
            assert_eq!(called(file, typed), file);
        }
    }

    #[test]
    fn a_limit_is_given_once() {
        let (size, time) = (RotateLimit::Size(9), RotateLimit::Time(Duration::from_secs(1)));
        assert!(limits(&[size, time]).is_ok());
        assert!(limits(&[size, time, size]).is_err());
    }
}
