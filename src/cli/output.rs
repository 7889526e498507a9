//! Standard output, and files that are written.

use anyhow::Context;
use std::io::{self, ErrorKind, Write};

/// Whoever read our output has gone: nothing more is wanted, and nothing is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the reader of our output has gone")]
pub(super) struct BrokenPipe;

/// How much is gathered before it is written.
const GATHER: usize = 64 * 1024;

/// Standard output, written in large pieces.
pub(super) struct Output {
    /// What is to be written: forms append here.
    pub(super) pending: Vec<u8>,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { pending: Vec::with_capacity(2 * GATHER) }
    }

    /// Writes what was gathered where it is enough to be worth it.
    pub(super) fn settle(&mut self) -> anyhow::Result<()> {
        if self.pending.len() >= GATHER { self.flush() } else { Ok(()) }
    }

    /// Writes all that was gathered.
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        let written = print(&self.pending);
        self.pending.clear();
        written
    }
}

/// Writes to standard output.
pub(super) fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(BrokenPipe.into()),
        written => written.context("standard output"),
    }
}
