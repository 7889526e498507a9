//! Other network namespaces (network_namespaces(7)).

use super::PrivilegeError;
use super::attempt::{program, quoted, typed};
use crate::nearest::nearest;
use crate::source::administrator::Administrator;
use rustix::io::Errno;
use rustix::thread::LinkNameSpaceType;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::thread;

/// Where `ip netns` keeps those that have a name.
const NAMED: [&str; 2] = ["/run/netns", "/var/run/netns"];

/// Runs `action` in another network namespace and returns what it made: sockets stay where they were opened. `which` is a name (as `ip
/// netns` lists them), the number of a process, or a path.
///
/// `action` runs in a thread of its own, which ends with it. It sees the other namespace through sockets only: `/proc/net`, which is that of
/// the first thread, and `/sys` stay those of here. Where `which` is a process, the host's name is that of the process as well
/// (uts_namespaces(7)). `verb` is what the program was asked for: an error says what does it.
///
/// # Errors
/// There is no such namespace, or it may not be entered.
pub fn in_network_namespace<T: Send>(which: &str, verb: &str, action: impl FnOnce() -> T + Send) -> Result<T, PrivilegeError> {
    let namespace = open(which, verb)?;
    let named = process(which).and_then(|process| File::open(format!("/proc/{process}/ns/uts")).ok());
    let inside = || {
        rustix::thread::move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))?;
        if let Some(named) = &named {
            // Whose name it is then is asked by whoever wants to know it.
            let _stays = rustix::thread::move_into_link_name_space(named.as_fd(), Some(LinkNameSpaceType::HostNameAndNISDomainName));
        }
        Ok(action())
    };
    let ended = thread::scope(|scope| {
        let begun = thread::Builder::new().spawn_scoped(scope, inside);
        begun.map(thread::ScopedJoinHandle::join).map_err(PrivilegeError::kernel("beginning a thread"))
    })?;
    match ended {
        Ok(result) => result.map_err(|refused| match refused {
            Errno::PERM => not_allowed(which, verb),
            Errno::INVAL => PrivilegeError::NotANamespace { name: which.to_owned() },
            other => PrivilegeError::kernel("entering a network namespace")(other),
        }),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// The name of a network namespace, where it is one that has a name (ip-netns(8)).
#[must_use]
pub fn named(which: &str) -> Option<&str> {
    let is_there = |name: &&str| !name.contains('/') && NAMED.iter().any(|folder| Path::new(folder).join(name).exists());
    let path = NAMED.iter().find_map(|folder| which.strip_prefix(folder)?.strip_prefix('/'));
    Some(path.unwrap_or(which)).filter(|name| name.bytes().any(|byte| byte != b'.')).filter(is_there)
}

/// The number of the process whose network namespace is meant, where one is.
#[must_use]
pub fn process(which: &str) -> Option<&str> {
    let path = || which.strip_prefix("/proc/")?.strip_suffix("/ns/net");
    let number = if is_process(which) { Some(which) } else { path().filter(|process| is_process(process)) };
    number.filter(|_| named(which).is_none())
}

fn is_process(which: &str) -> bool {
    !which.is_empty() && which.bytes().all(|byte| byte.is_ascii_digit())
}

fn open(which: &str, verb: &str) -> Result<File, PrivilegeError> {
    let candidates: Vec<PathBuf> = if which.contains('/') {
        vec![PathBuf::from(which)]
    } else {
        let process = is_process(which).then(|| Path::new("/proc").join(which).join("ns/net"));
        NAMED.iter().map(|folder| Path::new(folder).join(which)).chain(process).collect()
    };
    // A name of nothing, or one of dots, would be the folder itself.
    let is_name = which.bytes().any(|byte| byte != b'.');
    for candidate in candidates.iter().filter(|_| is_name) {
        match File::open(candidate) {
            Ok(namespace) => return Ok(namespace),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(not_allowed(which, verb)),
            Err(_) => {}
        }
    }
    if is_process(which) {
        return Err(PrivilegeError::NoSuchProcess { process: which.to_owned() });
    }
    let there = names();
    Err(PrivilegeError::NoSuchNamespace { name: which.to_owned(), nearest: nearest(which, there.iter().cloned()), there })
}

/// Every namespace that has a name.
fn names() -> Vec<String> {
    let files = NAMED.iter().find_map(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

fn not_allowed(which: &str, verb: &str) -> PrivilegeError {
    let program = quoted(&program());
    let owner = |process: &str| fs::read_link(Path::new("/proc").join(process).join("ns/user")).ok();
    // A container of the same user is entered through its user namespace, for which no privilege is needed.
    let is_own = is_process(which) && owner(which).is_some_and(|owner_there| Some(owner_there) != owner("self"));
    let mut words = typed(verb);
    let command = if is_own {
        format!("nsenter --target {which} --user --net --preserve-credentials {program} {}", elsewhere(words).join(" "))
    } else {
        if words.len() == 1 {
            words.push(format!("--netns {}", quoted(Path::new(which))));
        }
        Administrator::here().command(&[&format!("{program} {}", words.join(" "))])
    };
    PrivilegeError::NotAllowed { name: which.to_owned(), command }
}

/// The words without the namespace: they are said inside of it.
fn elsewhere(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--netns" => drop(words.next()),
            word if word.starts_with("--netns=") => {}
            _ => kept.push(word),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(which: &str) -> String {
        in_network_namespace(which, "capture", || ()).expect_err("no such namespace").to_string()
    }

    #[test]
    fn inside_no_namespace_is_named() {
        let words = ["capture", "--netns", "4711", "-i", "lo", "--netns=4711"].map(str::to_owned);
        assert_eq!(elsewhere(words.to_vec()), ["capture", "-i", "lo"]);
    }

    #[test]
    fn what_is_not_there_is_said() {
        assert!(error("no-such-namespace").starts_with("no-such-namespace: there is no such network namespace"));
        assert!(error("..").contains("no such network namespace"));
        assert!(error("").contains("no such network namespace"));
        // Larger than any process number (proc(5), pid_max).
        assert!(error("4194305").contains("no process 4194305"));
    }

    #[test]
    fn a_file_is_no_namespace() {
        // Who may enter none is told that first.
        let said = error("/proc/self/status");
        assert!(said.contains("is not a network namespace") || said.contains("CAP_SYS_ADMIN"), "{said}");
    }

    #[test]
    fn what_was_made_inside_comes_back() {
        match in_network_namespace("/proc/self/ns/net", "capture", || 7) {
            Ok(made) => assert_eq!(made, 7),
            Err(error) => assert!(error.to_string().contains("CAP_SYS_ADMIN"), "{error}"),
        }
    }

    #[test]
    fn what_is_meant_is_a_name_or_a_process() {
        for process_meant in ["4194399", "/proc/4194399/ns/net"] {
            assert_eq!(process(process_meant), Some("4194399"));
        }
        for other in ["/proc/self/ns/net", "no-such-name", "/run/netns/no-such-name", "", "..", "a/b", "/run/netns/"] {
            assert_eq!((process(other), named(other)), (None, None), "{other}");
        }
    }

    #[test]
    fn the_command_is_that_of_the_verb() {
        assert!(not_allowed("blue", "interfaces").to_string().contains(" interfaces --netns blue`"));
    }
}
