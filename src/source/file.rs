//! Opening what the user named.

use super::error::SourceError;
use super::{Source, from_reader};
use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::Path;

/// The name that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// Opens a capture; `-` is standard input, read as its bytes arrive.
///
/// # Errors
/// It cannot be opened, or it is no capture.
pub fn open(path: &Path) -> Result<Box<dyn Source>, SourceError> {
    if path.as_os_str() == STANDARD_INPUT {
        let input = io::stdin();
        return if input.is_terminal() { Err(SourceError::Terminal) } else { from_reader(input, "standard input") };
    }
    let name = path.to_string_lossy().into_owned();
    let file = File::open(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { name: name.clone(), nearest: None },
        io::ErrorKind::PermissionDenied => SourceError::PermissionDenied { name: name.clone() },
        _ => SourceError::Io { name: name.clone(), source },
    })?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(SourceError::Folder { name });
    }
    from_reader(file, &name)
}
