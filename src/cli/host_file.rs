//! What is known of machines: host files that are named on the command line, and what captures carry.

use super::say;
use crate::explain::Explainer;
use crate::host::Host;
use crate::host::capture;
use crate::host::file::{self, HostFileError};
use crate::limits::Limits;
use crate::source::{STANDARD_INPUT, Source};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Reads files that are all of one machine.
///
/// # Errors
/// One of them cannot be read, or makes no sense.
pub(super) fn load<P: AsRef<Path>>(paths: &[P]) -> Result<Host, HostFileError> {
    let mut host = Host::default();
    for path in paths {
        let path = path.as_ref();
        let (name, bytes) = if path.as_os_str() == STANDARD_INPUT {
            ("standard input".to_owned(), read(io::stdin().lock()))
        } else {
            (path.display().to_string(), File::open(path).and_then(read))
        };
        let bytes = bytes.map_err(|cause| HostFileError::Io { name: name.clone(), cause })?;
        file::merge(&mut host, file::parse_bytes(&name, &bytes)?);
    }
    host.interfaces.sort_by_key(|interface| interface.index);
    Ok(host)
}

/// The lessons, with what the machine knows that captured where files tell it.
///
/// # Errors
/// One of them cannot be read, or makes no sense.
pub(super) fn explainer(paths: &[PathBuf]) -> Result<Explainer, HostFileError> {
    Ok(if paths.is_empty() { Explainer::default() } else { Explainer::with_host(load(paths)?) })
}

/// Tells the lessons what the capture carries of its machine, once its first frame is at hand.
pub(super) fn learn_carried(explainer: &mut Explainer, frame: u64, source: &dyn Source) {
    if frame != 1 {
        return;
    }
    let carried = capture::read(source);
    if let Some(problem) = carried.problem {
        say(&problem.to_string());
    }
    // What interface descriptions alone tell is learnt with the interfaces.
    if let (Some(host), true) = (carried.host, carried.whole) {
        explainer.learn_carried(host);
    }
}

/// Reads as much as tells whether it is too much.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(Limits::HOST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
