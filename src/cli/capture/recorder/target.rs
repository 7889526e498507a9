//! The file or pipe that a capture goes to.

use crate::cli::create::create;
use crate::cli::output;
use crate::cli::unwritable::{name, why};
use crate::render::sentence::Counted;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file or pipe that a capture goes to.
pub(super) struct Target {
    path: PathBuf,
    out: Box<dyn Write>,
    /// What can be cut: a file, and neither a pipe nor a device.
    file: Option<Arc<File>>,
    /// How many bytes were written, all of them whole blocks.
    pub(super) length: u64,
    /// How many frames are in them.
    pub(super) frames: u64,
}

impl Target {
    /// Opens it; standard output for `-`. Waiting for somebody to read a pipe may be given up.
    pub(super) fn open(path: &Path, replace: bool, given_up: impl Fn() -> bool) -> anyhow::Result<Self> {
        if output::is_standard(path) {
            let out = Box::new(output::binary_output()?);
            return Ok(Self { path: path.to_path_buf(), out, file: None, length: 0, frames: 0 });
        }
        Ok(Self::of(path.to_path_buf(), create(path, replace, given_up)?))
    }

    /// What is open already.
    pub(super) fn of(path: PathBuf, file: File) -> Self {
        let can_be_cut = file.metadata().is_ok_and(|metadata| metadata.is_file());
        // One descriptor: a second one of the same file is refused once privileges are given up.
        let file = Arc::new(file);
        Self { path, out: Box::new(Arc::clone(&file)), file: can_be_cut.then_some(file), length: 0, frames: 0 }
    }

    /// Whether it is a file, and neither a pipe nor a device.
    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Writes whole blocks that hold so many frames. Where there is room for a part of them only, the file is cut behind the last block that is
    /// whole; `whole` says how much that is of what was written. So many frames are in the files `before`.
    pub(super) fn write(
        &mut self,
        bytes: &[u8],
        frames: u64,
        before: u64,
        whole: impl Fn(&[u8], usize) -> (usize, u64),
    ) -> anyhow::Result<()> {
        let (written, failure) = self.write_as_much_as_fits(bytes);
        let Some(error) = failure else {
            self.length += written as u64;
            self.frames += frames;
            return Ok(());
        };
        let (kept, frames) = whole(bytes, written);
        self.length += kept as u64;
        self.frames += frames;
        if let Some(file) = &self.file {
            // Where even this fails a reader finds the cut block at the end, and everything before it.
            let _left_as_it_is = file.set_len(self.length);
        }
        let kept = match (self.frames, before, self.file.is_some()) {
            (0, 0, _) => "no frame was written".to_owned(),
            (0, before, _) => format!("no frame was written to it, and {} are whole in the files before", Counted(before, "frame")),
            (frames, 0, true) => format!("the first {} are whole", Counted(frames, "frame")),
            (frames, before, true) => {
                format!("its first {} are whole, and {} in the files before", Counted(frames, "frame"), Counted(before, "frame"))
            }
            (frames, _, false) => format!("{} were written before", Counted(frames, "frame")),
        };
        Err(io::Error::new(error.kind(), format!("{}: {}; {kept}", name(&self.path), why(&self.path, &error))).into())
    }

    fn write_as_much_as_fits(&mut self, bytes: &[u8]) -> (usize, Option<io::Error>) {
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            match self.out.write(rest) {
                Ok(0) => return (written, Some(ErrorKind::WriteZero.into())),
                Ok(length) => written += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return (written, Some(error)),
            }
        }
        (written, self.out.flush().err())
    }
}
