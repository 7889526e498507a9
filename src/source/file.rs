//! Opening what the user named.

use super::error::SourceError;
use super::{Meter, Source, from_reader, merge};
use crate::limits::Limits;
use crate::nearest::nearest;
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
    open_metered(path, &Meter::default())
}

fn open_metered(path: &Path, meter: &Meter) -> Result<Box<dyn Source>, SourceError> {
    if path.as_os_str() == STANDARD_INPUT {
        let input = io::stdin();
        return if input.is_terminal() { Err(SourceError::Terminal) } else { from_reader(input, "standard input") };
    }
    let name = path.to_string_lossy().into_owned();
    let file = File::open(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { name: name.clone(), nearest: neighbour(path) },
        io::ErrorKind::PermissionDenied => SourceError::PermissionDenied { name: name.clone() },
        _ => SourceError::Io { name: name.clone(), source: source.into() },
    })?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(SourceError::Folder { name });
    }
    from_reader(meter.watch(file), &name)
}

/// Opens captures: one as it is, several as one time line.
///
/// # Errors
/// One of them cannot be opened, or is no capture.
pub fn open_all(paths: &[impl AsRef<Path>]) -> Result<Box<dyn Source>, SourceError> {
    open_all_metered(paths, &Meter::default())
}

/// The same; `meter` counts what is read of the files.
///
/// # Errors
/// As [`open_all`].
pub fn open_all_metered(paths: &[impl AsRef<Path>], meter: &Meter) -> Result<Box<dyn Source>, SourceError> {
    if let [path] = paths {
        return open_metered(path.as_ref(), meter);
    }
    Ok(merge(paths.iter().map(|path| open_metered(path.as_ref(), meter)).collect::<Result<_, _>>()?))
}

/// A file beside a path that is not there, whose name is nearly the same.
fn neighbour(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = std::fs::read_dir(folder).ok()?.take(Limits::FOLDER_NAMES).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let found = nearest(path.file_name()?.to_str()?, names)?;
    Some(path.with_file_name(found).to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(path: &Path) -> String {
        open(path).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_cannot_be_opened_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("http.pcapng"), b"").unwrap();
        let missing = folder.path().join("htpp.pcapng");
        let meant = folder.path().join("http.pcapng");
        assert_eq!(refusal(&missing), format!("{}: no such file; did you mean {}?", missing.display(), meant.display()));
        let far = folder.path().join("elsewhere");
        assert_eq!(refusal(&far), format!("{}: no such file", far.display()));
        assert!(refusal(folder.path()).ends_with("/*.pcapng"));
    }
}
