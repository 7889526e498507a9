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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::body::{Keeper, Taker, Wanted};
    use crate::conversation::http1::HttpConversation;
    use crate::conversation::{Endpoint, Side};
    use crate::reassembly::{End, Origin, Piece};

    #[derive(Default)]
    struct Over(Vec<(Exchange, Bodies)>);

    impl Taker for Over {
        fn exchange(&mut self, exchange: Exchange, bodies: Bodies) {
            self.0.push((exchange, bodies));
        }
    }

    /// So many exchanges, each with an answer of ten bytes.
    fn exchanges(count: usize) -> Vec<(Exchange, Bodies)> {
        let limits = Limits::default();
        let mut http = HttpConversation::new(1, [40_000, 80].map(|port| Endpoint { address: [192, 0, 2, 1].into(), port }));
        let mut keeper = Keeper::new(Wanted { bytes: true, sha256: false }, &limits, Over::default());
        let asked = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n".repeat(count);
        let answered = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789".repeat(count);
        for (side, bytes) in [(Side::Originator, &asked), (Side::Responder, &answered)] {
            let origin = Origin::default();
            http.piece(side, &Piece::Data { offset: 0, bytes, origin }, &limits, &mut keeper);
            http.piece(side, &Piece::End { offset: bytes.len() as u64, how: End::Finished, origin }, &limits, &mut keeper);
        }
        http.finish(&limits, &mut keeper);
        keeper.taker.0
    }

    #[test]
    fn files_and_bytes_have_limits_and_what_was_left_out_is_counted() {
        let all = exchanges(5);
        assert_eq!(all.len(), 5);
        for (limits, written) in [
            (Limits { export_files: 2, ..Limits::default() }, 2),
            (Limits { export_bytes: 39, ..Limits::default() }, 3),
            (Limits::default(), 5),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut exporter = Exporter::new(folder.path(), false, &limits).expect("a folder to write to");
            for (exchange, bodies) in &all {
                exporter.write(exchange, bodies).expect("written");
            }
            assert_eq!(exporter.left_out, 5 - written);
            assert_eq!(exporter.finish().expect("an index"), Vec::<String>::new());
            let files = std::fs::read_dir(folder.path()).expect("a folder").count() as u64;
            assert_eq!(files, written + 1, "the bodies and the index");
        }
    }
}
