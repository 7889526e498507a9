//! Privilege: held while sockets are opened, and no longer.
//!
//! [`drop`] gives up what the rest of a run does not need, before the first byte of a stranger is parsed: capabilities, root's identity,
//! new privileges, the file system, and the system calls of which a capture has no use. [`keep_folder`] is for the process that makes files
//! for it, which sees no frame. [`denial()`] looks why capturing is not allowed here, and [`in_network_namespace`] opens sockets elsewhere.

mod attempt;
mod caller;
mod capabilities;
mod denial;
mod error;
mod file_system;
mod identity;
pub mod namespace;
mod system_calls;

pub use attempt::Attempt;
pub use caller::Caller;
pub use denial::{Contained, Container, Denial, Restriction, denial, may_capture};
pub use error::PrivilegeError;
pub use identity::{User, refuse_set_user};
pub use namespace::in_network_namespace;

use std::fs;
use std::os::fd::RawFd;
use std::path::Path;
use std::time::{Duration, Instant};
use system_calls::Sends;

/// For how long a thread that has ended may still be counted: the kernel tells that it ended before it is gone.
const THREAD_LEAVES: Duration = Duration::from_millis(200);

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
}

/// Gives up every privilege. What is open stays so; nothing else can be opened, and nothing be sent: `sockets` are the descriptors of sockets
/// that are received from. There must be no other thread: most of this is of the calling thread alone, and threads that are begun later
/// inherit it.
///
/// # Errors
/// Another thread runs, or a capability or root's identity would remain. The run must end then.
pub fn drop(sockets: &[RawFd]) -> Result<Dropped, PrivilegeError> {
    alone()?;
    let file_system = file_system::Closing::new(None)?;
    let bounding_set = capabilities::empty_bounding_set();
    let user = identity::leave_root()?;
    capabilities::clear()?;
    no_new_privileges()?;
    Ok(Dropped { user, bounding_set, file_system: file_system.close(), system_calls: system_calls::refuse(Sends::Nothing { sockets }) })
}

/// Gives up all but making files in one folder and handing them to another process: as the user for whom root runs, else as the user that it
/// is.
///
/// # Errors
/// Another thread runs, the folder is not there, or a capability would remain. The run must end then.
pub fn keep_folder(folder: &Path, caller: Option<&Caller>) -> Result<(), PrivilegeError> {
    alone()?;
    capabilities::empty_bounding_set();
    if let Some(caller) = caller {
        caller.take_over()?;
    }
    let file_system = file_system::Closing::new(Some(folder))?;
    capabilities::keep_making_files()?;
    no_new_privileges()?;
    file_system.close();
    system_calls::refuse(Sends::Descriptors);
    Ok(())
}

fn no_new_privileges() -> Result<(), PrivilegeError> {
    rustix::thread::set_no_new_privs(true).map_err(PrivilegeError::kernel("forbidding new privileges"))
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
