//! Why capturing is not allowed here, and what allows it.

use super::attempt::{Attempt, loaded, quoted};
use super::identity::users_of_namespace;
use crate::source::administrator::Administrator;
use rustix::fs::{Access, StatVfsMountFlags};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use rustix::thread::CapabilitySet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a file system keeps the capabilities of a file (capabilities(7)).
const ATTRIBUTE: &str = "security.capability";

/// What runs containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        })
    }
}

/// A container that can be named from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contained {
    /// What runs it.
    pub by: Container,
    /// Its number, where it is seen from inside.
    pub number: Option<String>,
}

/// What restricts the process: a parent handed it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// The container is restricted as a whole.
    Container(Contained),
    /// What this parent started: it is free of it itself. Its name and number.
    Below(String),
    /// What started this, up to the first process that is seen.
    All {
        /// Whether systemd runs the machine, and starts things beside it.
        has_systemd: bool,
    },
}

impl Restriction {
    fn new(container: Option<Contained>, free: Option<String>, has_systemd: bool) -> Self {
        match (container, free) {
            (_, Some(free)) => Self::Below(free),
            (Some(container), None) => Self::Container(container),
            (None, None) => Self::All { has_systemd },
        }
    }

    /// The command that begins the capture free of it, where it can be told.
    fn command(&self, attempt: &Attempt) -> Option<String> {
        match self {
            Self::Container(Contained { by, number }) => {
                // What it starts there as root has every capability, whatever the container was given.
                number.as_ref().map(|number| format!("{by} exec --privileged -u 0 -it {number} {}", attempt.again()))
            }
            Self::Below(_) | Self::All { has_systemd: false } => Some(attempt.again()),
            Self::All { has_systemd: true } => Some(format!("systemd-run --pty --same-dir {}", attempt.again())),
        }
    }

    /// What is to be done, with an option of what starts a container.
    fn way(&self, option: &str, attempt: &Attempt) -> String {
        match (self, self.command(attempt)) {
            (Self::Container(_), Some(command)) => format!("outside of the container, `{command}` starts it free of that"),
            (Self::Container(Contained { by, .. }), None) => start(*by, option),
            (Self::Below(_), Some(command)) => format!("run `{command}` from there, or in another shell"),
            (Self::All { has_systemd: true }, Some(command)) => format!("`{command}` starts it free of that"),
            (Self::All { has_systemd: false }, Some(command)) => format!("run `{command}` from another login"),
            (Self::Below(_) | Self::All { .. }, None) => String::new(),
        }
    }
}

impl fmt::Display for Restriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container(_) => Ok(()),
            Self::Below(free) => write!(f, " by what {free} started"),
            Self::All { .. } => f.write_str(" by what started this (a unit of systemd, a sandbox)"),
        }
    }
}

/// Why capturing is not allowed here. Each says what allows it, as one command where one does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Neither the user nor the program has the capability.
    #[error("it takes CAP_NET_RAW, which {} was not given; `{}` gives it", .0.name(), .0.given())]
    NoCapability(Attempt),
    /// Capabilities of files do not count where the program is.
    #[error("{} is on a file system that is mounted nosuid, where no CAP_NET_RAW counts; {}", .0.name(), elsewhere(.0))]
    Mount(Attempt),
    /// Files cannot have capabilities where the program is.
    #[error("{} is on a file system that keeps no capabilities, and it takes CAP_NET_RAW; {}", .0.name(), elsewhere(.0))]
    FileSystem(Attempt),
    /// A loader or an interpreter was started, and runs the program: capabilities of the program's file do not count then.
    #[error(
        "{} was started by {}, and its own CAP_NET_RAW does not count then; {}",
        attempt.name(), quoted(loader), by_itself(attempt, *is_executable)
    )]
    Loaded {
        /// What was to run.
        attempt: Attempt,
        /// What was started. A capability of that would be one of every program that it can run.
        loader: PathBuf,
        /// Whether the program can be started by itself where it is.
        is_executable: bool,
    },
    /// The process may gain nothing by what it executes.
    #[error("no_new_privs is set here{by}, so that CAP_NET_RAW of a file does not count; {}", by.way(GAIN, attempt))]
    NoNewPrivileges {
        /// What was to run.
        attempt: Attempt,
        /// What set it.
        by: Restriction,
    },
    /// No process that was started here may have the capability.
    #[error("nothing that is started here may have CAP_NET_RAW: it was taken out of the bounding set{by}; {}", by.way(ADD, attempt))]
    BoundingSet {
        /// What was to run.
        attempt: Attempt,
        /// What took it away.
        by: Restriction,
    },
    /// The network belongs to another user namespace.
    #[error("CAP_NET_RAW of this user namespace does not count: the network belongs to another; {}", outside(*container, attempt))]
    UserNamespace {
        /// What was to run.
        attempt: Attempt,
        /// What runs the container, where this is one.
        container: Option<Container>,
    },
    /// A filter of system calls refuses the socket.
    #[error("CAP_NET_RAW is there, but a seccomp filter refuses the socket{by}; {}", filtered(by, attempt))]
    SystemCalls {
        /// What was to run.
        attempt: Attempt,
        /// What set the filter.
        by: Restriction,
    },
    /// A debugger keeps the capability of the file from counting.
    #[error("{} is traced, and its CAP_NET_RAW does not count then; run it alone: `{}`", .0.name(), .0.again())]
    Traced(Attempt),
    /// The capability is there, and the kernel refuses nevertheless.
    #[error("CAP_NET_RAW is there, but the kernel refuses the socket (SELinux, AppArmor?); `{}` may say why", kernel_log(.0))]
    Forbidden(Administrator),
}

impl Denial {
    /// The one command that allows it, where one does that can be told from here.
    #[must_use]
    pub fn command(&self) -> Option<String> {
        match self {
            Self::NoCapability(attempt) => Some(attempt.given()),
            Self::Mount(attempt) | Self::FileSystem(attempt) | Self::Loaded { attempt, is_executable: false, .. } => {
                Some(attempt.installed())
            }
            Self::NoNewPrivileges { attempt, by } | Self::BoundingSet { attempt, by } => by.command(attempt),
            // A container's filter is of all that is started there, by whatever way.
            Self::SystemCalls { by: Restriction::Container(_), .. }
            | Self::UserNamespace { container: Some(_), .. }
            | Self::Forbidden(_) => None,
            Self::SystemCalls { attempt, by } => by.command(attempt),
            Self::UserNamespace { attempt, container: None } => Some(attempt.given_outside()),
            Self::Traced(attempt) | Self::Loaded { attempt, is_executable: true, .. } => Some(attempt.again()),
        }
    }
}

/// Options of what starts a container: what it starts may gain privileges, has the capability, makes any system call.
const GAIN: &str = "--security-opt=no-new-privileges=false";
const ADD: &str = "--cap-add=NET_RAW";
const UNFILTERED: &str = "--security-opt=seccomp=unconfined";
/// Those with which it has the network of the machine itself.
const SHARE: &str = "--network=host --cap-add=NET_RAW";

fn elsewhere(attempt: &Attempt) -> String {
    format!("`{}` puts it where it does", attempt.installed())
}

fn by_itself(attempt: &Attempt, is_executable: bool) -> String {
    if is_executable {
        format!("start it by itself: `{}`", attempt.again())
    } else {
        format!("it cannot be executed where it is: `{}` puts it where it can", attempt.installed())
    }
}

/// How a container is started that may capture.
fn start(container: Container, options: &str) -> String {
    format!("start the container with {options} (options of `{container} run`)")
}

fn outside(container: Option<Container>, attempt: &Attempt) -> String {
    match container {
        Some(container) => format!("{}, as root", start(container, SHARE)),
        None => format!("outside, `{}` allows it", attempt.given_outside()),
    }
}

fn filtered(by: &Restriction, attempt: &Attempt) -> String {
    match by {
        Restriction::Container(container) => start(container.by, UNFILTERED),
        Restriction::Below(_) | Restriction::All { .. } => by.way(UNFILTERED, attempt),
    }
}

fn kernel_log(administrator: &Administrator) -> String {
    format!("{} | tail", administrator.command(&["dmesg"]))
}

/// Whether this process may capture now: it opens a socket that receives nothing, and closes it.
///
/// # Errors
/// Why it may not.
pub fn may_capture() -> Result<(), Denial> {
    match rustix::net::socket_with(AddressFamily::PACKET, SocketType::RAW, SocketFlags::CLOEXEC, None) {
        Ok(_) => Ok(()),
        Err(_) => Err(denial()),
    }
}

/// Why this process may not capture. To be asked after the kernel refused.
pub fn denial() -> Denial {
    Circumstances::look().cause()
}

/// What the file of the program says of the capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FileCapability {
    Given,
    NotGiven,
    /// The file system keeps none.
    NotKept,
}

/// What the process is in.
#[derive(Clone, Debug)]
struct Circumstances {
    attempt: Attempt,
    /// What was started, where it is not the program; and whether the program can be.
    loader: Option<(PathBuf, bool)>,
    file: FileCapability,
    is_nosuid: bool,
    is_effective: bool,
    is_in_bounding_set: bool,
    no_new_privileges: bool,
    is_filtered: bool,
    is_traced: bool,
    is_user_namespace: bool,
    container: Option<Container>,
    /// The container's number.
    number: Option<String>,
    /// The nearest parent without `no_new_privs`, the nearest that has the capability in its bounding set, and the nearest without a filter.
    free: [Option<String>; 3],
    has_systemd: bool,
}

impl Circumstances {
    fn look() -> Self {
        let attempt = Attempt::now();
        let program = &attempt.program;
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let is_there = |path: &str| Path::new(path).exists();
        let users = users_of_namespace();
        Self {
            file: file_capability(program),
            loader: loaded().map(|program| {
                let started = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("what was started"));
                (started, rustix::fs::access(&program, Access::EXEC_OK).is_ok())
            }),
            is_nosuid: rustix::fs::statvfs(program).is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::NOSUID)),
            is_effective: rustix::thread::capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::NET_RAW)),
            is_in_bounding_set: rustix::thread::capability_is_in_bounding_set(CapabilitySet::NET_RAW).unwrap_or(true),
            no_new_privileges: rustix::thread::no_new_privs().unwrap_or(false),
            is_filtered: number(&status, "Seccomp:") == Some(2),
            is_traced: number(&status, "TracerPid:").is_some_and(|tracer| tracer != 0),
            is_user_namespace: users.is_some(),
            container: match () {
                // A namespace of one user was made inside the container: the way out leads to the container only.
                () if users.is_some_and(|users| users <= 1) => None,
                () if is_there("/.dockerenv") => Some(Container::Docker),
                () if is_there("/run/.containerenv") => Some(Container::Podman),
                () => container_of(&fs::read_to_string("/proc/self/cgroup").unwrap_or_default()),
            },
            number: container_number(&fs::read_to_string("/proc/self/mountinfo").unwrap_or_default()),
            free: [
                parent(|status| field(status, "NoNewPrivs:") == Some("0")),
                parent(may_have_capability),
                parent(|status| field(status, "Seccomp:") == Some("0")),
            ],
            has_systemd: is_there("/run/systemd/system"),
            attempt,
        }
    }

    fn cause(self) -> Denial {
        let Self {
            attempt, container, number, has_systemd, free: [free_of_no_new_privileges, free_of_bounding_set, free_of_filter], ..
        } = self;
        let contained = container.map(|by| Contained { by, number });
        let by = |free| Restriction::new(contained, free, has_systemd);
        if self.is_effective {
            return match () {
                () if self.is_user_namespace => Denial::UserNamespace { attempt, container },
                () if self.is_filtered => Denial::SystemCalls { attempt, by: by(free_of_filter) },
                () => Denial::Forbidden(attempt.administrator),
            };
        }
        match (self.loader, self.is_in_bounding_set) {
            (_, false) => Denial::BoundingSet { attempt, by: by(free_of_bounding_set) },
            // In a container the network may belong to the namespace all the same.
            _ if self.is_user_namespace && container.is_none() => Denial::UserNamespace { attempt, container },
            _ if self.no_new_privileges => Denial::NoNewPrivileges { attempt, by: by(free_of_no_new_privileges) },
            (Some((loader, is_executable)), true) => Denial::Loaded { attempt, loader, is_executable },
            _ if self.is_nosuid => Denial::Mount(attempt),
            _ if self.file == FileCapability::NotKept => Denial::FileSystem(attempt),
            _ if self.file == FileCapability::Given && self.is_traced => Denial::Traced(attempt),
            _ => Denial::NoCapability(attempt),
        }
    }
}

/// A number of `/proc/self/status` (proc(5)).
fn number(status: &str, name: &str) -> Option<u32> {
    field(status, name)?.parse().ok()
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// Whether the bounding set of a process has the capability.
fn may_have_capability(status: &str) -> bool {
    let set = field(status, "CapBnd:").and_then(|set| u64::from_str_radix(set, 16).ok()).unwrap_or_default();
    CapabilitySet::from_bits_retain(set).contains(CapabilitySet::NET_RAW)
}

/// The nearest parent, or parent's parent, of which that is so: its name and number.
fn parent(is_so: impl Fn(&str) -> bool) -> Option<String> {
    const FARTHEST: usize = 256;
    let of = |process: u32| fs::read_to_string(format!("/proc/{process}/status")).ok();
    let parent_of = |status: &String| of(number(status, "PPid:").filter(|process| *process != 0)?);
    let parents = std::iter::successors(parent_of(&fs::read_to_string("/proc/self/status").ok()?), parent_of);
    let found = parents.take(FARTHEST).find(|status| is_so(status))?;
    Some(format!("{} (process {})", field(&found, "Name:")?, number(&found, "Pid:")?))
}

/// What runs the container whose control group (cgroups(7)) a process is in.
fn container_of(groups: &str) -> Option<Container> {
    let names = [("/docker/", Container::Docker), ("/docker-", Container::Docker), ("/libpod", Container::Podman)];
    names.into_iter().find(|(name, _)| groups.contains(name)).map(|(_, container)| container)
}

/// The number of the container whose files are mounted in a process's root: those that name and resolve hosts lie in a folder that is named so.
fn container_number(mounts: &str) -> Option<String> {
    const LENGTH: usize = 64;
    // Docker and podman take the first of its digits for the whole.
    const ENOUGH: usize = 12;
    let files = mounts.lines().filter(|line| line.contains("/containers/") || line.contains("/overlay-containers/"));
    let is_number = |part: &&str| part.len() == LENGTH && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    files.flat_map(|line| line.split('/')).find(is_number)?.get(..ENOUGH).map(str::to_owned)
}

fn file_capability(program: &Path) -> FileCapability {
    let mut value = [0; 64];
    match rustix::fs::getxattr(program, ATTRIBUTE, &mut value) {
        Ok(length) if gives_capability(value.get(..length).unwrap_or_default()) => FileCapability::Given,
        Err(Errno::NOTSUP) => FileCapability::NotKept,
        Ok(_) | Err(_) => FileCapability::NotGiven,
    }
}

/// Whether the capability is given, and counts at once (linux/capability.h, `struct vfs_cap_data`).
fn gives_capability(value: &[u8]) -> bool {
    const EFFECTIVE: u32 = 1;
    let number =
        |at: usize| value.get(at..at.saturating_add(4)).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes));
    number(0) & EFFECTIVE != 0 && CapabilitySet::from_bits_retain(number(4).into()).contains(CapabilitySet::NET_RAW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(program: &str) -> Attempt {
        Attempt { program: PathBuf::from(program), words: "capture -i lo 'tcp port 80'".to_owned(), administrator: Administrator::Sudo }
    }

    fn plain() -> Circumstances {
        Circumstances {
            attempt: attempt("/opt/wirelore"),
            loader: None,
            file: FileCapability::NotGiven,
            is_nosuid: false,
            is_effective: false,
            is_in_bounding_set: true,
            no_new_privileges: false,
            is_filtered: false,
            is_traced: false,
            is_user_namespace: false,
            container: None,
            number: None,
            free: [None, None, None],
            has_systemd: true,
        }
    }

    fn said(circumstances: Circumstances) -> String {
        circumstances.cause().to_string()
    }

    #[test]
    fn the_command_is_of_this_program() {
        assert!(said(plain()).ends_with("`sudo setcap cap_net_raw=ep /opt/wirelore` gives it"));
        let odd = Circumstances { attempt: attempt("/home/o'neill/my tools/wirelore"), ..plain() };
        assert!(said(odd).contains(r"`sudo setcap cap_net_raw=ep '/home/o'\''neill/my tools/wirelore'`"));
        let without_sudo = Attempt { administrator: Administrator::Su, ..attempt("/opt/wirelore") };
        let text = said(Circumstances { attempt: without_sudo, ..plain() });
        assert!(text.ends_with("`su -c 'setcap cap_net_raw=ep /opt/wirelore'` gives it"), "{text}");
    }

    #[test]
    fn what_setcap_cannot_mend_has_another_command() {
        let given = Circumstances { file: FileCapability::Given, ..plain() };
        let mounted = Circumstances { is_nosuid: true, ..given.clone() };
        assert!(said(mounted).contains("nosuid"));
        assert!(
            said(Circumstances { is_nosuid: true, ..plain() }).contains("sudo install -m 755 /opt/wirelore /usr/local/bin/wirelore && ")
        );
        assert!(said(Circumstances { file: FileCapability::NotKept, ..plain() }).contains("keeps no capabilities"));
        assert!(said(Circumstances { no_new_privileges: true, ..given.clone() }).contains("no_new_privs"));
        assert!(said(Circumstances { is_traced: true, ..given }).contains("traced"));
        assert!(said(Circumstances { is_in_bounding_set: false, ..plain() }).contains("bounding set"));
        let contained = Circumstances { is_in_bounding_set: false, container: Some(Container::Docker), ..plain() };
        assert!(said(contained).contains("start the container with --cap-add=NET_RAW (options of `docker run`)"));
    }

    #[test]
    fn a_loader_is_given_nothing() {
        let loader = PathBuf::from("/lib64/ld-linux-x86-64.so.2");
        for (is_executable, command) in [
            (true, "/opt/wirelore capture -i lo 'tcp port 80'"),
            (false, "sudo install -m 755 /opt/wirelore /usr/local/bin/wirelore && sudo setcap cap_net_raw=ep /usr/local/bin/wirelore"),
        ] {
            let denial = Circumstances { loader: Some((loader.clone(), is_executable)), ..plain() }.cause();
            assert_eq!(denial.command().as_deref(), Some(command));
            let text = denial.to_string();
            assert!(text.starts_with("/opt/wirelore was started by /lib64/ld-linux-x86-64.so.2, ") && text.contains(command), "{text}");
        }
    }

    #[test]
    fn the_command_stands_in_the_message_and_leaves_nothing_open() {
        for (container, number) in
            [(None, None), (Some(Container::Podman), Some("0123456789ab".to_owned())), (Some(Container::Docker), None)]
        {
            let all = || Circumstances { container, number: number.clone(), ..plain() };
            let all = [
                all(),
                Circumstances { is_nosuid: true, ..all() },
                Circumstances { no_new_privileges: true, ..all() },
                Circumstances { is_in_bounding_set: false, ..all() },
                Circumstances { is_in_bounding_set: false, has_systemd: false, ..all() },
                Circumstances { is_effective: true, is_filtered: true, ..all() },
                Circumstances { is_effective: true, is_user_namespace: true, ..all() },
                Circumstances { file: FileCapability::Given, is_traced: true, ..all() },
            ];
            for denial in all.map(Circumstances::cause) {
                let text = denial.to_string();
                assert!(!text.contains(".."), "{text}");
                match denial.command() {
                    Some(command) => assert!(text.contains(&format!("`{command}`")), "{text}: {command}"),
                    None => assert!(container.is_some() && text.contains("start the container with --"), "{text}"),
                }
            }
        }
        assert_eq!(Denial::Forbidden(Administrator::Sudo).command(), None);
        assert!(said(Circumstances { is_effective: true, ..plain() }).contains("`sudo dmesg | tail`"));
    }

    #[test]
    fn what_a_parent_handed_on_is_no_container_s_doing() {
        const AGAIN: &str = "/opt/wirelore capture -i lo 'tcp port 80'";
        let free = || [(); 3].map(|()| Some("bash (process 12)".to_owned()));
        let given = || Circumstances { file: FileCapability::Given, no_new_privileges: true, free: free(), ..plain() };
        for container in [None, Some(Container::Docker)] {
            let text = said(Circumstances { container, ..given() });
            let expected = format!(
                "no_new_privs is set here by what bash (process 12) started, so that CAP_NET_RAW of a file does not count; \
                 run `{AGAIN}` from there, or in another shell"
            );
            assert_eq!(text, expected);
        }
        let all = Circumstances { free: [None, None, None], ..given() };
        let text = said(all.clone());
        assert!(text.contains("by what started this (a unit of systemd") && text.contains("`systemd-run --pty --same-dir /opt/"), "{text}");
        let text = said(Circumstances { has_systemd: false, ..all.clone() });
        assert!(text.ends_with(&format!("; run `{AGAIN}` from another login")), "{text}");
        let whole = Circumstances { container: Some(Container::Docker), number: Some("0123456789ab".to_owned()), ..all };
        let text = said(whole);
        let expected =
            format!("; outside of the container, `docker exec --privileged -u 0 -it 0123456789ab {AGAIN}` starts it free of that");
        assert!(text.ends_with(&expected), "{text}");
    }

    #[test]
    fn a_container_is_known_by_its_number() {
        let mounts = |folder: &str| {
            let number = "0123456789abcdef".repeat(4);
            format!(
                "21 1 0:20 / / rw - overlay overlay rw\n30 21 8:1 /var/lib{folder}/{number}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n"
            )
        };
        assert_eq!(container_number(&mounts("/docker/containers")).as_deref(), Some("0123456789ab"));
        assert_eq!(container_number(&mounts("/containers/storage/overlay-containers")).as_deref(), Some("0123456789ab"));
        assert_eq!(container_number("30 21 8:1 /var/lib/docker/containers/short/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n"), None);
        assert_eq!(container_number(&mounts("/elsewhere")), None);
    }

    #[test]
    fn a_container_is_known_by_its_control_group() {
        assert_eq!(container_of("12:pids:/docker/0123\n0::/\n"), Some(Container::Docker));
        assert_eq!(container_of("0::/machine.slice/libpod-0123.scope\n"), Some(Container::Podman));
        for other in ["0::/user.slice/user-1000.slice\n", "0::/system.slice/docker.service\n"] {
            assert_eq!(container_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_capability_that_does_not_count() {
        let has = Circumstances { is_effective: true, ..plain() };
        assert_eq!(has.clone().cause(), Denial::Forbidden(Administrator::Sudo));
        assert!(said(Circumstances { is_filtered: true, ..has.clone() }).contains("seccomp"));
        assert!(said(Circumstances { is_user_namespace: true, ..has }).contains("user namespace"));
    }

    #[test]
    fn the_capability_of_a_file_is_read() {
        // What `setcap cap_net_raw=ep` and `setcap cap_net_raw=p` write, and the former with cap_net_admin only.
        let made = |magic: u8, permitted: u16| {
            let mut bytes = vec![magic, 0, 0, 2];
            bytes.extend(permitted.to_le_bytes());
            bytes.resize(20, 0);
            bytes
        };
        assert!(gives_capability(&made(1, 1 << 13)));
        assert!(!gives_capability(&made(0, 1 << 13)));
        assert!(!gives_capability(&made(1, 1 << 12)));
        assert!(!gives_capability(&[]));
    }

    #[test]
    fn the_answer_is_that_of_the_kernel() {
        // Whether it is allowed depends on who runs this; a denial names what runs.
        if let Err(denial) = may_capture() {
            assert!(denial.to_string().contains('`'), "{denial}");
        }
    }
}
