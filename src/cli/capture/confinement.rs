//! Privilege, given up once capturing has begun.

use crate::cli::arguments::CaptureArguments;
#[cfg(target_os = "linux")]
use crate::cli::say;
use crate::source::live::LiveSource;
#[cfg(target_os = "linux")]
use crate::source::privilege::{self, Dropped, Enforced};

/// Gives up every privilege: sockets and files are open, and nothing of a frame was looked at yet. Which of the kernel's walls are missing is
/// said: capabilities and root's identity are gone all the same, and nothing can be done about it here.
#[cfg(target_os = "linux")]
pub(super) fn confine(arguments: &CaptureArguments, source: &LiveSource) -> anyhow::Result<()> {
    let dropped = privilege::drop(&source.descriptors())?;
    if !arguments.no_summary {
        missing(&dropped).into_iter().for_each(say);
    }
    Ok(())
}

/// There is nothing to give up that other systems tell of.
#[cfg(not(target_os = "linux"))]
pub(super) fn confine(_arguments: &CaptureArguments, _source: &LiveSource) -> anyhow::Result<()> {
    Ok(())
}

/// What this kernel does not enforce.
#[cfg(target_os = "linux")]
fn missing(dropped: &Dropped) -> Vec<&'static str> {
    let walls = [
        (
            dropped.file_system,
            "this kernel closes the file system to no program (Landlock, Linux 5.13): files that this user may open stay open to it",
        ),
        (dropped.system_calls, "this kernel refuses no system calls for a program (seccomp), nor does it for this one"),
    ];
    walls.into_iter().filter(|(enforced, _)| *enforced == Enforced::No).map(|(_, said)| said).collect()
}
