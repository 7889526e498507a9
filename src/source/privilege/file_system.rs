//! The file system, closed as a whole or but for one folder (landlock(7)).

use super::{Enforced, PrivilegeError};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError,
    RulesetStatus, Scope, make_bitflags,
};
use rustix::fs::{Mode, OFlags};
use std::os::fd::OwnedFd;
use std::path::Path;

/// What we know to ask for; a kernel that knows less gives less.
const VERSION: ABI = ABI::V7;

/// What is done in the folder that stays open.
const WRITING: BitFlags<AccessFs> = make_bitflags!(AccessFs::{WriteFile | ReadFile | ReadDir | MakeReg | RemoveFile | Truncate});

/// The rules, made and not in force yet.
pub(super) struct Closing {
    /// `None` where the kernel has no such rules.
    rules: Option<RulesetCreated>,
}

impl Closing {
    /// Rules that leave one folder writable, or none.
    pub(super) fn new(folder: Option<&Path>) -> Result<Self, PrivilegeError> {
        let Some(folder) = folder.map(named) else { return Ok(Self { rules: rules(None).ok() }) };
        // Who makes files in a folder need not be allowed to list it.
        let opened = rustix::fs::open(folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
            .map_err(|source| PrivilegeError::Folder { folder: folder.display().to_string(), source: source.into() })?;
        Ok(Self { rules: rules(Some(opened)).ok() })
    }

    /// Puts them in force, for good.
    pub(super) fn close(self) -> Enforced {
        match self.rules.map(RulesetCreated::restrict_self) {
            Some(Ok(status)) => match status.ruleset {
                RulesetStatus::FullyEnforced => Enforced::Fully,
                RulesetStatus::PartiallyEnforced => Enforced::Partly,
                RulesetStatus::NotEnforced => Enforced::No,
            },
            Some(Err(_)) | None => Enforced::No,
        }
    }
}

/// Nothing may be opened, executed, made or removed, no connection be made, no other process be signalled.
fn rules(folder: Option<OwnedFd>) -> Result<RulesetCreated, RulesetError> {
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(VERSION))?
        .handle_access(AccessNet::from_all(VERSION))?
        .scope(Scope::from_all(VERSION))?
        .create()?;
    match folder {
        Some(folder) => rules.add_rule(PathBeneath::new(folder, WRITING)),
        None => Ok(rules),
    }
}

/// A folder by a name that can be opened: what stands before a bare file name is empty.
fn named(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
