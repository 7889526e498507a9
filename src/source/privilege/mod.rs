//! Privilege: held while sockets are opened, and no longer.
//!
//! [`drop`] gives up what the rest of a run does not need, before the first byte of a stranger is parsed: capabilities, root's identity,
//! new privileges, the file system, and the system calls of which a capture has no use. [`denial()`] looks why capturing is not allowed here,
//! and [`in_network_namespace`] opens sockets elsewhere.

mod capabilities;
mod denial;
mod error;
mod file_system;
mod identity;
mod namespace;
mod system_calls;

pub use denial::{Container, Denial, denial, may_capture};
pub use error::PrivilegeError;
pub use identity::{User, calling_user, give_to_calling_user};
pub use namespace::in_network_namespace;

use rustix::fs::Access;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// For how long a thread that has ended may still be counted: the kernel tells that it ended before it is gone.
const THREAD_LEAVES: Duration = Duration::from_millis(200);

/// What a run needs after privileges are dropped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confinement<'a> {
    /// The folder in which files are still to be made, renamed and removed. Files that are open stay writable without it: `None` where no
    /// further file is opened.
    pub writable: Option<&'a Path>,
}

/// How far a restriction of the kernel's took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforced {
    /// Wholly.
    Fully,
    /// As far as this kernel knows it.
    Partly,
    /// Not at all: this kernel does not have it, or whoever started us does not let us use it.
    No,
}

/// What took effect. Capabilities and root's identity are gone in any case; the rest is one more wall, which not every kernel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Whose process it is now.
    pub user: User,
    /// Whether the bounding set (capabilities(7)) is empty as well; that takes `CAP_SETPCAP`, which only root has.
    pub bounding_set: bool,
    /// Whether the file system is closed (landlock(7)).
    pub file_system: Enforced,
    /// Whether system calls that a capture never makes are refused (seccomp(2)).
    pub system_calls: Enforced,
    /// Whether the user that the process belongs to now may make files in [`Confinement::writable`]; `true` where there is none.
    pub may_write: bool,
}

/// Gives up every privilege. Sockets and files that are open stay so. There must be no other thread: most of this is of the calling thread
/// alone, and threads that are begun later inherit it.
///
/// # Errors
/// Another thread runs, the folder is not there, or a capability or root's identity would remain. The run must end then.
pub fn drop(confinement: &Confinement<'_>) -> Result<Dropped, PrivilegeError> {
    alone()?;
    // The folder is opened while that is still allowed.
    let file_system = file_system::Closing::new(confinement.writable)?;
    let bounding_set = capabilities::empty_bounding_set();
    let user = identity::leave_root()?;
    capabilities::clear()?;
    rustix::thread::set_no_new_privs(true).map_err(PrivilegeError::kernel("forbidding new privileges"))?;
    let may_write = confinement.writable.is_none_or(may_write);
    Ok(Dropped { user, bounding_set, may_write, file_system: file_system.close(), system_calls: system_calls::refuse() })
}

/// Whether files can be made in a folder.
fn may_write(folder: &Path) -> bool {
    rustix::fs::access(file_system::named(folder), Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// That no other thread runs. Where /proc is not there nobody can tell.
fn alone() -> Result<(), PrivilegeError> {
    let began = Instant::now();
    loop {
        let threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
        if threads <= 1 {
            return Ok(());
        }
        if began.elapsed() > THREAD_LEAVES {
            return Err(PrivilegeError::Threads { threads });
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
