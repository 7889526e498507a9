//! Whose process this is: root hands over to the user who called it.

use super::attempt::{program, quoted};
use super::{Caller, PrivilegeError};
use crate::source::administrator::Administrator;
use rustix::fs::{Gid, Uid};
use rustix::process::{getegid, geteuid, getgid, getgroups, getuid};
use std::fs;

/// User and group of nobody where the system does not say otherwise.
pub(super) const NOBODY: (u32, u32) = (65_534, 65_534);

/// Whose process it is after privileges were dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// Of the same user as before: it was not root's.
    Same,
    /// Root's no longer: of the user who called, or of nobody.
    Became {
        /// The user's number.
        user: u32,
        /// The number of the user's group.
        group: u32,
    },
    /// Still of the root of a user namespace that has no other user. Outside of it that is an ordinary one.
    RootOfNamespace,
}

/// That whoever runs the program gains no identity by it: a program that opens files by their names must not be setuid or setgid.
///
/// # Errors
/// It is, and runs for somebody else.
pub fn refuse_set_user() -> Result<(), PrivilegeError> {
    let [real, effective] = [(getuid().as_raw(), getgid().as_raw()), (geteuid().as_raw(), getegid().as_raw())];
    if real == effective {
        return Ok(());
    }
    let program = quoted(&program());
    let command = Administrator::outside().command(&[&format!("chmod ug-s {program}"), &format!("setcap cap_net_raw=ep {program}")]);
    Err(PrivilegeError::SetUser { program, real, effective, command })
}

/// Becomes the calling user, or nobody, if the process is root's.
pub(super) fn leave_root() -> Result<User, PrivilegeError> {
    if !getuid().is_root() && !geteuid().is_root() {
        // What a setuid program kept aside.
        let (user, group) = (getuid(), getgid());
        become_user(user, group, None).map_err(PrivilegeError::kernel("giving up a saved identity"))?;
        return Ok(User::Same);
    }
    let called = if getuid().is_root() {
        Caller::of_root().map(|caller| (caller.user, caller.group))
    } else {
        Some((getuid().as_raw(), getgid().as_raw()))
    };
    let nobody = || registered(|entry| entry.name == "nobody").map_or(NOBODY, |entry| (entry.user, entry.group));
    let mut candidates = called.into_iter().chain(std::iter::once_with(nobody));
    let is_there = |(user, group): &(u32, u32)| is_mapped("/proc/self/uid_map", *user) && is_mapped("/proc/self/gid_map", *group);
    let Some((user, group)) = candidates.find(is_there) else { return Ok(User::RootOfNamespace) };
    // The groups of root go with it; those of a user who called a setuid program are the user's own.
    let has_groups = getgroups().is_ok_and(|groups| !groups.is_empty());
    let groups: Option<&[Gid]> = (getuid().is_root() && has_groups && may_choose_groups()).then_some(&[]);
    become_user(Uid::from_raw(user), Gid::from_raw(group), groups)
        .map_err(|source| PrivilegeError::Root { user, source: source.into() })?;
    Ok(User::Became { user, group })
}

/// Becomes a user for good.
pub(super) fn become_user(user: Uid, group: Gid, groups: Option<&[Gid]>) -> rustix::io::Result<()> {
    if let Some(groups) = groups {
        rustix::thread::set_thread_groups(groups)?;
    }
    rustix::thread::set_thread_res_gid(group, group, group)?;
    rustix::thread::set_thread_res_uid(user, user, user)?;
    if getuid() == user && geteuid() == user && getgid() == group && getegid() == group { Ok(()) } else { Err(rustix::io::Errno::PERM) }
}

/// Whether this user namespace lets groups be given up and taken on (user_namespaces(7), `/proc/self/setgroups`).
pub(super) fn may_choose_groups() -> bool {
    !fs::read_to_string("/proc/self/setgroups").is_ok_and(|answer| answer.trim() == "deny")
}

/// Whether the namespace has that user, or group (user_namespaces(7)).
pub(super) fn is_mapped(map: &str, number: u32) -> bool {
    fs::read_to_string(map).map_or(true, |map| covers(&map, number))
}

/// Whether one of the ranges (first inside, first outside, how many) has a number in it.
fn covers(map: &str, number: u32) -> bool {
    map.lines().any(|line| {
        let mut fields = line.split_whitespace().map(str::parse::<u64>);
        match (fields.next(), fields.nth(1)) {
            (Some(Ok(first)), Some(Ok(count))) => (first..first.saturating_add(count)).contains(&u64::from(number)),
            _ => false,
        }
    })
}

/// How many users this user namespace has; `None` in the first one, which has every user as itself.
pub(super) fn users_of_namespace() -> Option<u64> {
    let map = fs::read_to_string("/proc/self/uid_map").ok()?;
    let is_first = map.split_whitespace().eq(["0", "0", "4294967295"]);
    (!is_first).then(|| map.lines().filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok()).sum())
}

/// A line of passwd(5).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) user: u32,
    pub(super) group: u32,
}

/// A user who stands in passwd(5).
pub(super) fn registered(is_meant: impl Fn(&Entry) -> bool) -> Option<Entry> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    find(&users, is_meant)
}

fn find(users: &str, is_meant: impl Fn(&Entry) -> bool) -> Option<Entry> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, user, group) = (fields.next()?.to_owned(), fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Entry { name, user, group }).filter(&is_meant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_name_and_by_number() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\nanna:x:1000:100::/:\nnobody:x:99:98:::\n";
        assert_eq!(find(users, |entry| entry.name == "nobody"), Some(Entry { name: "nobody".to_owned(), user: 99, group: 98 }));
        assert_eq!(find(users, |entry| entry.user == 1000).map(|entry| entry.group), Some(100));
        assert_eq!(find(users, |entry| entry.name == "berta"), None);
    }

    #[test]
    fn a_namespace_has_the_users_of_its_map() {
        let rootless = "         0       1000          1\n         1     100000      65536\n";
        assert!(covers(rootless, 0) && covers(rootless, 65_534) && covers(rootless, 65_536));
        assert!(!covers(rootless, 65_537));
        assert!(!covers("0 1000 1\n", 65_534));
        assert!(covers("0 0 4294967295\n", 65_534));
    }
}
