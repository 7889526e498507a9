//! Why a file cannot be written, in words that say what helps.

use super::output;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The error of a file that cannot be begun. It keeps its kind: whoever asks for a reader that went away finds it.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {}", name(path), why(path, error)))
}

/// What a file is called.
pub(super) fn name(path: &Path) -> String {
    if output::is_standard(path) { "standard output".to_owned() } else { path.display().to_string() }
}

/// Why not, and what helps.
pub(super) fn why(path: &Path, error: &io::Error) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The first part of the way that is not there, or that is no folder.
    let part = path.ancestors().skip(1).take_while(|part| !part.as_os_str().is_empty() && !part.is_dir()).last();
    match (error.kind(), part) {
        (ErrorKind::NotFound, _) if path.as_os_str().is_empty() => "a file has a name: give one behind the option".to_owned(),
        (ErrorKind::NotFound, Some(part)) => {
            format!("there is no folder {}; make it (`mkdir -p {}`), or name another", part.display(), folder.display())
        }
        (ErrorKind::NotADirectory, Some(part)) => format!("{} is a file and no folder; name another way to it", part.display()),
        (ErrorKind::IsADirectory, _) => "this is a folder; name a file in it".to_owned(),
        (ErrorKind::AlreadyExists, _) => "a file of that name is there already; name another".to_owned(),
        (ErrorKind::PermissionDenied, _) if path.symlink_metadata().is_ok() => "you may not write this file; name another".to_owned(),
        (ErrorKind::PermissionDenied, _) => format!("you may not make files in {}; name another folder", folder.display()),
        (ErrorKind::ReadOnlyFilesystem, _) => format!("{} can only be read; name another folder", folder.display()),
        (ErrorKind::StorageFull, _) => "no space is left there; make room, or name a file elsewhere".to_owned(),
        (ErrorKind::QuotaExceeded, _) => "no more may be stored there (a quota); make room, or name a file elsewhere".to_owned(),
        (ErrorKind::FileTooLarge, _) => "a file there cannot be larger; --rotate goes on in new ones".to_owned(),
        (ErrorKind::InvalidFilename, _) => "the name is too long for a file there; give a shorter one".to_owned(),
        _ => plain(error),
    }
}

/// What the system says, without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" (os error ").unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    #[test]
    fn what_helps_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "").expect("written");
        let said = |name: &str| {
            let error = File::create(at(name)).expect_err("refused");
            let said = unwritable(&at(name), &error).to_string();
            assert!(!said.contains("os error"), "{said}");
            said.replace(&folder.path().display().to_string(), "~")
        };
        assert_eq!(said("no/such/x.pcap"), "~/no/such/x.pcap: there is no folder ~/no; make it (`mkdir -p ~/no/such`), or name another");
        assert_eq!(said("file/x.pcap"), "~/file/x.pcap: ~/file is a file and no folder; name another way to it");
        assert_eq!(said(""), "~/: this is a folder; name a file in it");
        assert!(said(&"x".repeat(300)).ends_with(": the name is too long for a file there; give a shorter one"));
        let full = io::Error::from(ErrorKind::StorageFull);
        assert_eq!(why(Path::new("x"), &full), "no space is left there; make room, or name a file elsewhere");
        assert_eq!(why(Path::new("x"), &io::Error::from_raw_os_error(5)), "Input/output error");
    }
}
