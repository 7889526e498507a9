//! Why capturing is not allowed here, and what allows it.

use super::identity::users_of_namespace;
use rustix::fs::StatVfsMountFlags;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use rustix::thread::CapabilitySet;
use std::env;
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

/// What restricts the process: a parent handed it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// The container is restricted as a whole.
    Container(Container),
    /// Something in between: another process, or the system, is free of it.
    Parent {
        /// The nearest parent that is free of it, where one is seen: its name and number.
        free: Option<String>,
        /// What runs the container that all of it is in.
        container: Option<Container>,
    },
}

impl Restriction {
    fn new(container: Option<Container>, free: Option<String>) -> Self {
        match (container, free) {
            (Some(container), None) => Self::Container(container),
            (container, free) => Self::Parent { free, container },
        }
    }

    /// What starts it free of that.
    fn start(&self, option: &str, program: &Path) -> String {
        match self {
            Self::Container(container) => start(Some(*container), option, program),
            Self::Parent { container: Some(container), .. } => format!("{container} exec -it .. {} capture", quoted(program)),
            Self::Parent { container: None, .. } => start(None, option, program),
        }
    }

    fn started(&self, option: &str, program: &Path) -> String {
        match self {
            Self::Container(container) => started(Some(*container), option, program),
            Self::Parent { .. } => format!("`{}` starts it free of that", self.start(option, program)),
        }
    }
}

impl fmt::Display for Restriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container(_) => Ok(()),
            Self::Parent { free: Some(free), .. } => write!(f, " by what was started below {free}, which is free of it"),
            Self::Parent { free: None, .. } => f.write_str(" by what started this (a unit of systemd, a sandbox)"),
        }
    }
}

/// Why capturing is not allowed here. Each says the one command that allows it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Neither the user nor the program has the capability.
    #[error("it takes CAP_NET_RAW, which {} was not given; `{}` gives it", quoted(program), given(program))]
    NoCapability {
        /// The program that runs.
        program: PathBuf,
    },
    /// Capabilities of files do not count where the program is.
    #[error("{0} is on a file system that is mounted nosuid, where no CAP_NET_RAW counts; {1}", quoted(program), elsewhere(program))]
    Mount {
        /// The program that runs.
        program: PathBuf,
    },
    /// Files cannot have capabilities where the program is.
    #[error("{0} is on a file system that keeps no capabilities, and it takes CAP_NET_RAW; {1}", quoted(program), elsewhere(program))]
    FileSystem {
        /// The program that runs.
        program: PathBuf,
    },
    /// The process may gain nothing by what it executes.
    #[error("no_new_privs is set here{by}, so that CAP_NET_RAW of a file does not count; {}", by.started(GAIN, program))]
    NoNewPrivileges {
        /// The program that runs.
        program: PathBuf,
        /// What set it.
        by: Restriction,
    },
    /// No process that was started here may have the capability.
    #[error("nothing that is started here may have CAP_NET_RAW: the bounding set lacks it{by}; {}", by.started(ADD, program))]
    BoundingSet {
        /// The program that runs.
        program: PathBuf,
        /// What took it away.
        by: Restriction,
    },
    /// The network belongs to another user namespace.
    #[error("CAP_NET_RAW of this user namespace does not count: the network belongs to another; {}", outside(*container, program))]
    UserNamespace {
        /// The program that runs.
        program: PathBuf,
        /// What runs the container, where this is one.
        container: Option<Container>,
    },
    /// A filter of system calls refuses the socket.
    #[error("CAP_NET_RAW is there, but a seccomp filter refuses the socket; {}", started(*container, UNFILTERED, program))]
    SystemCalls {
        /// The program that runs.
        program: PathBuf,
        /// What runs the container, where this is one.
        container: Option<Container>,
    },
    /// A debugger keeps the capability of the file from counting.
    #[error("{0} is traced, and its CAP_NET_RAW does not count then; run it alone: `{0} capture`", quoted(program))]
    Traced {
        /// The program that runs.
        program: PathBuf,
    },
    /// The capability is there, and the kernel refuses nevertheless.
    #[error("CAP_NET_RAW is there, but the kernel refuses the socket (SELinux, AppArmor?); `sudo dmesg | tail` may say why")]
    Forbidden,
}

impl Denial {
    /// The one command that allows it, where one does.
    #[must_use]
    pub fn command(&self) -> Option<String> {
        match self {
            Self::NoCapability { program } => Some(given(program)),
            Self::Mount { program } | Self::FileSystem { program } => Some(installed(program)),
            Self::NoNewPrivileges { program, by } => Some(by.start(GAIN, program)),
            Self::BoundingSet { program, by } => Some(by.start(ADD, program)),
            Self::SystemCalls { program, container } => Some(start(*container, UNFILTERED, program)),
            Self::UserNamespace { program, container: None } => Some(given(program)),
            Self::UserNamespace { container: Some(container), .. } => Some(share(*container)),
            Self::Traced { program } => Some(format!("{} capture", quoted(program))),
            Self::Forbidden => None,
        }
    }
}

/// Options of what starts a container: what it starts may gain privileges, has the capability, makes any system call.
const GAIN: &str = "--security-opt=no-new-privileges=false";
const ADD: &str = "--cap-add=NET_RAW";
const UNFILTERED: &str = "--security-opt=seccomp=unconfined";

/// A word for the shell.
pub(super) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

fn given(program: &Path) -> String {
    format!("sudo setcap cap_net_raw=ep {}", quoted(program))
}

fn installed(program: &Path) -> String {
    const PLACE: &str = "/usr/local/bin/wirelore";
    format!("sudo install -m 755 {} {PLACE} && sudo setcap cap_net_raw=ep {PLACE}", quoted(program))
}

fn elsewhere(program: &Path) -> String {
    format!("`{}` puts it where it does", installed(program))
}

/// What starts it so that it may capture: the container with other options, else the system itself.
fn start(container: Option<Container>, option: &str, program: &Path) -> String {
    match container {
        Some(container) => format!("{container} run {option} .."),
        None => format!("systemd-run --pty {} capture", quoted(program)),
    }
}

fn started(container: Option<Container>, option: &str, program: &Path) -> String {
    let command = start(container, option, program);
    if container.is_some() { format!("start the container by `{command}`") } else { format!("`{command}` starts it elsewhere") }
}

/// What starts a container with the network of the machine itself.
fn share(container: Container) -> String {
    format!("sudo {container} run --network=host --cap-add=NET_RAW ..")
}

fn outside(container: Option<Container>, program: &Path) -> String {
    match container {
        Some(container) => format!("start the container by `{}`", share(container)),
        None => format!("outside, `{}` allows it", given(program)),
    }
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
    program: PathBuf,
    file: FileCapability,
    is_nosuid: bool,
    is_effective: bool,
    is_in_bounding_set: bool,
    no_new_privileges: bool,
    is_filtered: bool,
    is_traced: bool,
    is_user_namespace: bool,
    container: Option<Container>,
    /// The nearest parent without `no_new_privs`, and the nearest that has the capability in its bounding set.
    free: [Option<String>; 2],
}

impl Circumstances {
    fn look() -> Self {
        let program = program();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let is_there = |path: &str| Path::new(path).exists();
        let users = users_of_namespace();
        Self {
            file: file_capability(&program),
            is_nosuid: rustix::fs::statvfs("/proc/self/exe").is_ok_and(|mount| mount.f_flag.contains(StatVfsMountFlags::NOSUID)),
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
            free: [parent(|status| field(status, "NoNewPrivs:") == Some("0")), parent(may_have_capability)],
            program,
        }
    }

    fn cause(self) -> Denial {
        let Self { program, container, free: [free_of_no_new_privileges, free_of_bounding_set], .. } = self;
        if self.is_effective {
            return match () {
                () if self.is_user_namespace => Denial::UserNamespace { program, container },
                () if self.is_filtered => Denial::SystemCalls { program, container },
                () => Denial::Forbidden,
            };
        }
        match () {
            () if !self.is_in_bounding_set => Denial::BoundingSet { program, by: Restriction::new(container, free_of_bounding_set) },
            // In a container the network may belong to the namespace all the same.
            () if self.is_user_namespace && container.is_none() => Denial::UserNamespace { program, container },
            () if self.no_new_privileges => Denial::NoNewPrivileges { program, by: Restriction::new(container, free_of_no_new_privileges) },
            () if self.is_nosuid => Denial::Mount { program },
            () if self.file == FileCapability::NotKept => Denial::FileSystem { program },
            () if self.file == FileCapability::Given && self.is_traced => Denial::Traced { program },
            () => Denial::NoCapability { program },
        }
    }
}

/// The file of the program that runs.
pub(super) fn program() -> PathBuf {
    let program = env::current_exe().unwrap_or_else(|_| PathBuf::from("wirelore"));
    // A program whose file was replaced while it runs: what stands there now is meant.
    let name = program.to_string_lossy();
    match name.strip_suffix(" (deleted)") {
        Some(name) if !program.exists() => PathBuf::from(name),
        Some(_) | None => program.clone(),
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
    let number = |at: usize| value.get(at..at + 4).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes));
    number(0) & EFFECTIVE != 0 && CapabilitySet::from_bits_retain(number(4).into()).contains(CapabilitySet::NET_RAW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Circumstances {
        Circumstances {
            program: PathBuf::from("/opt/wirelore"),
            file: FileCapability::NotGiven,
            is_nosuid: false,
            is_effective: false,
            is_in_bounding_set: true,
            no_new_privileges: false,
            is_filtered: false,
            is_traced: false,
            is_user_namespace: false,
            container: None,
            free: [None, None],
        }
    }

    fn said(circumstances: Circumstances) -> String {
        circumstances.cause().to_string()
    }

    #[test]
    fn the_command_is_of_this_program() {
        assert!(said(plain()).ends_with("`sudo setcap cap_net_raw=ep /opt/wirelore` gives it"));
        let odd = Circumstances { program: PathBuf::from("/home/o'neill/my tools/wirelore"), ..plain() };
        assert!(said(odd).contains(r"`sudo setcap cap_net_raw=ep '/home/o'\''neill/my tools/wirelore'`"));
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
        assert!(said(contained).contains("`docker run --cap-add=NET_RAW ..`"));
    }

    #[test]
    fn the_command_stands_in_the_message() {
        for container in [None, Some(Container::Podman)] {
            let all = [
                Circumstances { container, ..plain() },
                Circumstances { container, is_nosuid: true, ..plain() },
                Circumstances { container, no_new_privileges: true, ..plain() },
                Circumstances { container, is_in_bounding_set: false, ..plain() },
                Circumstances { container, is_effective: true, is_filtered: true, ..plain() },
                Circumstances { container, is_effective: true, is_user_namespace: true, ..plain() },
                Circumstances { container, file: FileCapability::Given, is_traced: true, ..plain() },
            ];
            for denial in all.map(Circumstances::cause) {
                let command = denial.command().expect("a command");
                assert!(denial.to_string().contains(&format!("`{command}`")), "{denial}: {command}");
            }
        }
        assert_eq!(Denial::Forbidden.command(), None);
    }

    #[test]
    fn what_a_parent_handed_on_is_no_container_s_doing() {
        let free = || [Some("bash (process 12)".to_owned()), Some("bash (process 12)".to_owned())];
        let given = || Circumstances { file: FileCapability::Given, no_new_privileges: true, free: free(), ..plain() };
        let text = said(given());
        assert!(text.contains("no_new_privs is set here by what was started below bash (process 12), which is free of it"), "{text}");
        assert!(text.ends_with("`systemd-run --pty /opt/wirelore capture` starts it free of that"), "{text}");
        let contained = said(Circumstances { container: Some(Container::Docker), ..given() });
        assert!(contained.ends_with("`docker exec -it .. /opt/wirelore capture` starts it free of that"), "{contained}");
        assert!(said(Circumstances { free: [None, None], ..given() }).contains("by what started this (a unit of systemd"));
        let whole = Circumstances { container: Some(Container::Docker), free: [None, None], ..given() };
        assert!(said(whole).contains("start the container by `docker run --security-opt=no-new-privileges=false ..`"));
        let bounded = Circumstances { is_in_bounding_set: false, free: free(), container: Some(Container::Podman), ..plain() };
        assert!(said(bounded).ends_with("`podman exec -it .. /opt/wirelore capture` starts it free of that"));
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
        assert_eq!(has.clone().cause(), Denial::Forbidden);
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
        assert_eq!(program(), env::current_exe().expect("a program"));
    }
}
