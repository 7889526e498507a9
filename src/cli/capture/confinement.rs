//! Privilege, given up once capturing has begun.

use crate::cli::arguments::CaptureArguments;
#[cfg(target_os = "linux")]
use crate::source::privilege::{self, Confinement};
#[cfg(target_os = "linux")]
use anyhow::bail;
#[cfg(target_os = "linux")]
use std::path::Path;

/// Gives up every privilege: sockets and files are open, and nothing of a frame was looked at yet.
#[cfg(target_os = "linux")]
pub(super) fn confine(arguments: &CaptureArguments) -> anyhow::Result<()> {
    let folder = arguments.show.write.as_deref().and_then(Path::parent).filter(|_| !arguments.rotate.is_empty());
    let dropped = privilege::drop(&Confinement { writable: folder })?;
    if let (Some(folder), privilege::User::Became { user, .. }, false) = (folder, dropped.user, dropped.may_write) {
        bail!(
            "{}: --rotate makes files there, as user {user}, who may not; give the folder to {user} (chown), or capture into another",
            if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.display()
        );
    }
    Ok(())
}

/// There is nothing to give up that other systems tell of.
#[cfg(not(target_os = "linux"))]
pub(super) fn confine(_arguments: &CaptureArguments) -> anyhow::Result<()> {
    Ok(())
}
