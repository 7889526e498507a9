//! Whom files are made for, and with whose rights.

use super::unwritable::unwritable;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Whom files are made for: whoever called, also where root runs for somebody (sudo(8)). It is asked once: who may open nothing any longer
/// cannot look a user up.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    /// For whom root runs.
    #[cfg(target_os = "linux")]
    pub(super) caller: Option<crate::source::privilege::Caller>,
}

impl Owner {
    /// Whoever called.
    pub(super) fn caller() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            caller: crate::source::privilege::Caller::of_root(),
        }
    }

    /// Does something with the owner's rights: what is made so belongs to the owner, and nothing is made or removed that the owner may not.
    #[cfg(target_os = "linux")]
    pub(super) fn does<T>(&self, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        match &self.caller {
            Some(caller) => caller.lend(work)?,
            None => work(),
        }
    }

    /// Does something: nobody's rights are others than ours.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn does<T>(&self, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        work()
    }

    /// The error of a file that cannot be begun. It keeps its kind: whoever asks for a reader that went away finds it.
    pub(super) fn refused(&self, path: &Path, error: &io::Error) -> io::Error {
        match self.name().filter(|_| error.kind() == ErrorKind::PermissionDenied) {
            Some(name) => io::Error::new(error.kind(), format!("{}: {}", path.display(), not_for(name, path))),
            None => unwritable(path, error),
        }
    }

    /// What the user is called for whom root runs.
    fn name(&self) -> Option<&str> {
        #[cfg(target_os = "linux")]
        return self.caller.as_ref().map(|caller| caller.name.as_str());
        #[cfg(not(target_os = "linux"))]
        None
    }
}

/// Why a file is not made for somebody, and what helps.
fn not_for(name: &str, path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let may_not = if path.symlink_metadata().is_ok() {
        "write or replace this file".to_owned()
    } else {
        format!("make files in {}", folder.display())
    };
    format!(
        "under sudo files are made for {name}, who may not {may_not}; name a folder where {name} may, or have root write it: `sudo env -u \
         SUDO_UID wirelore ..`"
    )
}
