//! Bodies written to files: only inside the folder that was named, never over a file that is there unless that was asked for, never through
//! a link.

use super::create::create_file;
use super::owner::Owner;
use super::unwritable::unwritable;
use crate::conversation::body::Bodies;
use crate::conversation::http1::{Exchange, MessageKind};
use crate::reassembly::Limits;
use crate::render::export::{Export, INDEX};
use std::fs::{DirBuilder, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// How many failures are told one by one.
const TOLD: usize = 10;

/// Writes bodies into a folder, and an index beside them.
pub(super) struct Exporter {
    folder: PathBuf,
    owner: Owner,
    replace: bool,
    index: BufWriter<File>,
    line: Vec<u8>,
    files: u64,
    bytes: u64,
    most_files: u64,
    most_bytes: u64,
    /// Bodies that were not written for a limit.
    pub(super) left_out: u64,
    failures: Vec<String>,
    more_failures: u64,
}

impl Exporter {
    /// Makes the folder where there is none, and begins the index.
    pub(super) fn new(folder: &Path, replace: bool, limits: &Limits) -> anyhow::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let owner = Owner::caller();
        owner.does(|| Ok(builder.create(folder).map_err(|error| owner.refused(folder, &error))?))?;
        let index = create_file(&folder.join(INDEX), replace, &owner)?;
        Ok(Self {
            folder: folder.to_owned(),
            owner,
            replace,
            index: BufWriter::new(index),
            line: Vec::new(),
            files: 0,
            bytes: 0,
            most_files: limits.export_files,
            most_bytes: limits.export_bytes,
            left_out: 0,
            failures: Vec::new(),
            more_failures: 0,
        })
    }

    /// Writes the bodies of an exchange. What cannot be written is remembered; an index that cannot is an error.
    pub(super) fn write(&mut self, exchange: &Exchange, bodies: &Bodies) -> anyhow::Result<()> {
        let request = (MessageKind::Request, exchange.request.as_ref(), bodies.request.as_ref());
        let response = (MessageKind::Response, exchange.response.as_ref(), bodies.response.as_ref());
        for (kind, message, body) in [request, response] {
            if let (Some(message), Some(body)) = (message, body) {
                self.export(&Export { exchange, kind, message, body })?;
            }
        }
        Ok(())
    }

    fn export(&mut self, export: &Export<'_>) -> anyhow::Result<()> {
        let bytes = &export.body.bytes;
        if self.files >= self.most_files || self.bytes.saturating_add(bytes.len() as u64) > self.most_bytes {
            self.left_out += 1;
            return Ok(());
        }
        let name = export.name();
        let path = self.folder.join(&name);
        let written = create_file(&path, self.replace, &self.owner)
            .and_then(|mut file| Ok(file.write_all(bytes).map_err(|error| unwritable(&path, &error))?));
        match written {
            Ok(()) => {
                self.files += 1;
                self.bytes += bytes.len() as u64;
                self.line.clear();
                export.push_index(&mut self.line, &name);
                self.index.write_all(&self.line).map_err(|error| unwritable(&self.folder.join(INDEX), &error).into())
            }
            Err(error) if self.failures.len() < TOLD => {
                self.failures.push(format!("{error:#}"));
                Ok(())
            }
            Err(_) => {
                self.more_failures += 1;
                Ok(())
            }
        }
    }

    /// Ends the index; returns what could not be written, in words.
    pub(super) fn finish(mut self) -> anyhow::Result<Vec<String>> {
        self.index.flush().map_err(|error| unwritable(&self.folder.join(INDEX), &error))?;
        if self.more_failures > 0 {
            self.failures.push(format!("{}: {} more files could not be written", self.folder.display(), self.more_failures));
        }
        Ok(self.failures)
    }
}
