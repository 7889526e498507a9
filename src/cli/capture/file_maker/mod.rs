//! Who makes the files of a capture that goes on in new ones.
//!
//! What reads frames has given up every privilege, and may open nothing. On Linux another process makes the files, as whoever called: it
//! sees no frame, can do nothing but make and remove files of one series in one folder, and hands each over. Elsewhere they are made here.

#[cfg(target_os = "linux")]
mod apart;
mod series;

#[cfg(target_os = "linux")]
pub(in crate::cli) use apart::{NAME, run};
pub(super) use series::Series;

#[cfg(target_os = "linux")]
pub(super) use apart::FileMaker;

/// Who makes the files: we.
#[cfg(not(target_os = "linux"))]
pub(super) struct FileMaker(Series);

#[cfg(not(target_os = "linux"))]
impl FileMaker {
    pub(super) fn new(series: Series) -> anyhow::Result<Self> {
        Ok(Self(series))
    }

    pub(super) fn next(&mut self) -> anyhow::Result<(std::path::PathBuf, std::fs::File)> {
        self.0.next()
    }

    pub(super) fn keep(&mut self) {
        self.0.keep();
    }

    pub(super) fn discard(&mut self) {
        self.0.discard();
    }
}
