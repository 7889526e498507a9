//! Standard output, and files that are written.

use super::create::create;
use super::progress;
use crate::limits::Limits;
use crate::source;
use anyhow::Context;
use std::io::{self, ErrorKind, IsTerminal, Stdout, Write};
use std::path::Path;

/// Whether whoever read our output has gone: nothing more is wanted, and nothing is wrong.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

/// Standard output, written in large pieces.
pub(super) struct Output {
    /// What is to be written: forms append here.
    pub(super) pending: Vec<u8>,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { pending: Vec::with_capacity(2 * Limits::OUTPUT_GATHERED) }
    }

    /// Writes what was gathered where it is enough to be worth it.
    pub(super) fn settle(&mut self) -> anyhow::Result<()> {
        if self.pending.len() >= Limits::OUTPUT_GATHERED { self.flush() } else { Ok(()) }
    }

    /// Writes all that was gathered.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        let written = print(&self.pending);
        self.pending.clear();
        // One large piece shall not take its memory for the rest of the run.
        self.pending.shrink_to(2 * Limits::OUTPUT_GATHERED);
        written
    }
}

/// Writes to standard output.
pub(super) fn print(bytes: &[u8]) -> anyhow::Result<()> {
    progress::clear();
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).context("standard output")
}

/// Whether standard output is read by another program.
pub(super) fn is_pipe() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        use std::os::unix::fs::FileTypeExt;
        let copy = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
        let kind = copy.and_then(|file| file.metadata()).map(|metadata| metadata.file_type());
        kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
    }
    #[cfg(not(unix))]
    !io::stdout().is_terminal()
}

/// Whether a path stands for standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == source::STANDARD_INPUT
}

/// Where a capture is written: standard output for `-`, else a file.
pub(super) fn capture(path: &Path, replace: bool) -> anyhow::Result<Box<dyn Write>> {
    Ok(if is_standard(path) { Box::new(binary_output()?) } else { Box::new(create(path, replace, || false)?) })
}

/// Standard output, where it is no terminal.
pub(super) fn binary_output() -> anyhow::Result<Stdout> {
    let stdout = io::stdout();
    anyhow::ensure!(!stdout.is_terminal(), "a capture is bytes, not for a terminal: name a file, or send it on (-w - | ..)");
    Ok(stdout)
}

/// Where text is written for programs: standard output for `-`, else a file.
pub(super) fn file(path: &Path, replace: bool) -> anyhow::Result<Box<dyn Write>> {
    if is_standard(path) { Ok(Box::new(io::stdout())) } else { Ok(Box::new(create(path, replace, || false)?)) }
}
