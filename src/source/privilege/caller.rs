//! For whom root runs: sudo(8) says so, and files are that user's matter. They are made with the user's rights, not given away afterwards: a
//! rule that lets somebody capture as root lets nobody write where only root may.

use super::PrivilegeError;
use super::identity::{NOBODY, become_user, is_mapped, may_choose_groups, registered};
use rustix::fs::{Gid, Uid};
use rustix::process::{getegid, geteuid, getgroups, getuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, set_capabilities, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};
use std::env;
use std::fs;

/// The user for whom root runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user's number.
    pub user: u32,
    /// The number of the user's group.
    pub group: u32,
    /// The other groups that the user is in (group(5)).
    groups: Vec<u32>,
    /// What the user is called; the number where that is not known.
    pub name: String,
}

impl Caller {
    /// Who called sudo(8). `None` where root runs for itself, where the process is not root's, and where there is no such user in this user
    /// namespace: outside of it that is no root.
    pub fn of_root() -> Option<Self> {
        if !getuid().is_root() || !geteuid().is_root() {
            return None;
        }
        let number = |name: &str| env::var(name).ok()?.parse::<u32>().ok().filter(|number| *number != u32::MAX);
        let user = number("SUDO_UID").filter(|user| *user != 0)?;
        let entry = registered(|entry| entry.user == user);
        let group = number("SUDO_GID").filter(|group| *group != 0).or_else(|| Some(entry.as_ref()?.group)).unwrap_or(NOBODY.1);
        if !is_mapped("/proc/self/uid_map", user) || !is_mapped("/proc/self/gid_map", group) {
            return None;
        }
        let name = entry.map(|entry| entry.name).or_else(|| env::var("SUDO_USER").ok().filter(|name| !name.is_empty()));
        let groups = name.as_deref().map(|name| groups_of(name, &fs::read_to_string("/etc/group").unwrap_or_default()));
        Some(Self { user, group, groups: groups.unwrap_or_default(), name: name.unwrap_or_else(|| format!("user {user}")) })
    }

    /// Does something with this user's rights instead of root's, as far as this thread goes.
    ///
    /// # Errors
    /// Root's rights cannot be laid down, or not be taken up again. The run must end then.
    pub fn lend<T>(&self, work: impl FnOnce() -> T) -> Result<T, PrivilegeError> {
        if !geteuid().is_root() {
            return Ok(work());
        }
        let refused = PrivilegeError::kernel("making a file with the caller's rights");
        let (group, groups) = (getegid(), getgroups().map_err(&refused)?);
        let had = capabilities(None).map_err(&refused)?;
        self.put_on(had).map_err(&refused)?;
        let done = work();
        let takes_off = || {
            set_thread_res_uid(None::<Uid>, Uid::ROOT, None::<Uid>)?;
            set_capabilities(None, had)?;
            set_thread_res_gid(None::<Gid>, group, None::<Gid>)?;
            if may_choose_groups() { set_thread_groups(&groups) } else { Ok(()) }
        };
        takes_off().map_err(PrivilegeError::kernel("taking up root's rights again"))?;
        Ok(done)
    }

    /// Lays root's rights down until they are taken up again.
    fn put_on(&self, had: CapabilitySets) -> rustix::io::Result<()> {
        if may_choose_groups() {
            set_thread_groups(&self.all_groups())?;
        }
        set_thread_res_gid(None::<Gid>, Gid::from_raw(self.group), None::<Gid>)?;
        set_thread_res_uid(None::<Uid>, Uid::from_raw(self.user), None::<Uid>)?;
        // The kernel does so by itself where nobody told it not to (capabilities(7), `SECBIT_NO_SETUID_FIXUP`).
        set_capabilities(None, CapabilitySets { effective: CapabilitySet::empty(), ..had })
    }

    /// Becomes this user for good.
    pub(super) fn take_over(&self) -> Result<(), PrivilegeError> {
        let groups = may_choose_groups().then(|| self.all_groups());
        become_user(Uid::from_raw(self.user), Gid::from_raw(self.group), groups.as_deref())
            .map_err(|source| PrivilegeError::Root { user: self.user, source: source.into() })
    }

    fn all_groups(&self) -> Vec<Gid> {
        std::iter::once(self.group).chain(self.groups.iter().copied()).map(Gid::from_raw).collect()
    }
}

/// The groups that have a user among their members (group(5)).
fn groups_of(name: &str, groups: &str) -> Vec<u32> {
    let is_member = |members: &str| !name.is_empty() && members.trim().split(',').any(|member| member == name);
    let number = |line: &str| {
        let mut fields = line.split(':').skip(2);
        let (number, members) = (fields.next()?.parse().ok()?, fields.next()?);
        is_member(members).then_some(number)
    };
    groups.lines().filter_map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_those_that_name_the_user() {
        let groups = "root:x:0:\nbroken\nstaff:x:50:berta,anna\nadm:x:4:annabell\nwheel:x:x:anna\nmedia:x:1500:anna\n";
        assert_eq!(groups_of("anna", groups), [50, 1500]);
        assert_eq!(groups_of("", groups), [0; 0]);
    }

    #[test]
    fn rights_are_lent_and_come_back() {
        if !geteuid().is_root() || !is_mapped("/proc/self/uid_map", 1234) {
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let caller = Caller { user: 1234, group: 1235, groups: vec![1236], name: "anna".to_owned() };
        // On a thread of its own: identities are a thread's.
        std::thread::spawn(move || {
            let before = (getegid(), getgroups().expect("groups"), capabilities(None).expect("capabilities"));
            let refused = caller.lend(|| fs::write(&path, "")).expect("lent").expect_err("the folder is root's");
            assert_eq!(refused.kind(), std::io::ErrorKind::PermissionDenied);
            let lent = caller.lend(|| (geteuid().as_raw(), getegid().as_raw(), getgroups().expect("groups"))).expect("lent");
            assert_eq!(lent, (1234, 1235, vec![Gid::from_raw(1235), Gid::from_raw(1236)]));
            assert!(geteuid().is_root());
            assert_eq!((getegid(), getgroups().expect("groups"), capabilities(None).expect("capabilities")), before);
            fs::write(&path, "").expect("root may");
        })
        .join()
        .expect("it is as it says");
    }
}
