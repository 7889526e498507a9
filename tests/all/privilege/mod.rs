//! Privileges: what a capture keeps once it runs, what it takes to begin one, and what is said where that is not there.
//!
//! Each capture runs in a network namespace of its own, which has a loopback and nothing else. That takes root.

mod sudo;

use super::support::{Ran, as_root, namespaces, peer};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// For how long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// What makes a program an ordinary user's.
const AS_NOBODY: &str = "setpriv --reuid 65534 --regid 65534 --clear-groups";

/// A folder that everybody may write to, with a copy of the program that everybody may run.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// `None` where these tests cannot run.
    fn new() -> Option<Self> {
        namespaces(&["ip", "unshare", "nsenter", "setpriv", "setcap", "mount", "ping"])?;
        let place = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
        Some(place)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A copy of the program, with these capabilities.
    fn program(&self, capabilities: Option<&str>) -> PathBuf {
        let copy = self.path("wirelore");
        fs::copy(env!("CARGO_BIN_EXE_wirelore"), &copy).expect("a copy");
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).expect("it is ours");
        if let Some(capabilities) = capabilities {
            let given = Command::new("setcap").arg(capabilities).arg(&copy).status().expect("setcap runs");
            assert!(given.success(), "this file system keeps no capabilities");
        }
        copy
    }
}

/// A shell in a network of its own, which runs these commands. The last one should be an `exec`, so that the process is the program's.
fn shell(commands: &str) -> Command {
    let mut shell = Command::new("unshare");
    shell.args(["--net", "--mount", "sh", "-ec", &format!("ip link set lo up\n{commands}")]);
    shell.stdin(Stdio::null()).env_remove("SUDO_UID").env_remove("SUDO_GID");
    shell
}

fn ran(commands: &str) -> Ran {
    run(&mut shell(commands))
}

fn run(shell: &mut Command) -> Ran {
    shell.output().expect("unshare runs").into()
}

/// What is said where capturing is not allowed.
fn denied(commands: &str) -> String {
    let ran = ran(commands);
    assert_eq!(ran.status, Some(2), "{ran:?}");
    assert!(ran.err.lines().count() <= 2, "{}", ran.err);
    ran.err
}

/// A field of `/proc/PID/status`.
fn field(process: u32, name: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":\t")).unwrap_or_default().to_owned()
}

/// Waits until something is so.
fn wait(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}: not yet after {PATIENCE:?}");
        sleep(Duration::from_millis(20));
    }
}

/// A capture that goes on until it is killed.
struct Running(Child);

impl Running {
    fn new(command: &mut Command) -> Self {
        let running = Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("unshare runs"));
        wait("system calls are refused", || field(running.0.id(), "Seccomp") == "2");
        running
    }

    fn has_nothing_left(&self) {
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(field(self.0.id(), set), "0000000000000000", "{set}");
        }
        assert_eq!(field(self.0.id(), "NoNewPrivs"), "1");
    }

    /// The user's numbers: real, effective, saved, and that of the file system.
    fn users(&self) -> String {
        field(self.0.id(), "Uid")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

fn capture(program: &Path, words: &str) -> String {
    format!("{} capture -i lo {words}", program.display())
}

#[test]
fn root_is_nobody_once_it_captures() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    let running = Running::new(&mut shell(&format!("exec {}", capture(&program, "-w /dev/null"))));
    running.has_nothing_left();
    assert_eq!(field(running.0.id(), "CapBnd"), "0000000000000000");
    assert_eq!(running.users(), "65534\t65534\t65534\t65534");
    assert_eq!(field(running.0.id(), "Groups").trim(), "");
}

#[test]
fn one_capability_of_the_file_is_enough() {
    let Some(place) = Place::new() else { return };
    let program = place.program(Some("cap_net_raw=ep"));
    let running = Running::new(&mut shell(&format!("exec {AS_NOBODY} {}", capture(&program, "-w /dev/null"))));
    running.has_nothing_left();
    drop(running);
    for backend in ["ring", "pnet"] {
        let words = format!("-n -c 1 --for 20s --backend {backend} icmp");
        let commands = format!(
            "{AS_NOBODY} {} &\n\
             for tenth in $(seq 100); do ip -d link show lo | grep -q 'promiscuity 1' && break; sleep 0.1; done\n\
             ip -d link show lo | grep 'promiscuity 1' >&2\n\
             ping -q -c 3 -i 0.2 127.0.0.1 > /dev/null\n\
             wait $!",
            capture(&program, &words)
        );
        let ran = ran(&commands);
        assert_eq!(ran.status, Some(0), "{backend}: {ran:?}");
        assert!(ran.out.contains("127.0.0.1"), "{backend}: {ran:?}");
    }
}

#[test]
fn without_the_capability_the_command_is_said_that_gives_it() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    let said = denied(&format!("exec {AS_NOBODY} {}", capture(&program, "-c 1")));
    assert!(said.contains(&format!("`{}`", as_root(&[&format!("setcap cap_net_raw=ep {}", program.display())]))), "{said}");
}

#[test]
fn what_keeps_the_capability_from_counting_is_said() {
    let Some(place) = Place::new() else { return };
    let program = place.program(Some("cap_net_raw=ep"));
    let (capture, folder) = (capture(&program, "-c 1"), place.folder.path().display());

    let said = denied(&format!("exec setpriv --bounding-set -net_raw {AS_NOBODY} {}", self::capture(&place.program(None), "-c 1")));
    assert!(said.contains("bounding set"), "{said}");
    assert!(said.contains(&format!("`{} capture -i lo -c 1`", program.display())) && !said.contains(".. "), "{said}");
    place.program(Some("cap_net_raw=ep"));

    let said = denied(&format!("mount --bind {folder} {folder}\nmount -o remount,bind,nosuid {folder}\nexec {AS_NOBODY} {capture}"));
    assert!(said.contains("nosuid") && said.contains("/usr/local/bin/wirelore"), "{said}");

    // Twice: the first one hands on what root may have.
    let said = denied(&format!("exec {AS_NOBODY} setpriv --no-new-privs {capture}"));
    assert!(said.contains("no_new_privs") && said.contains(&format!("`{capture}`")) && !said.contains(".. "), "{said}");

    let said = denied(&format!("exec unshare --user --map-root-user {capture}"));
    assert!(said.contains("user namespace"), "{said}");
}

#[test]
fn a_loader_is_never_to_be_given_the_capability() {
    let (Some(place), Some(_)) = (Place::new(), peer("ldd")) else { return };
    let program = place.program(Some("cap_net_raw=ep"));
    let needs = Command::new("ldd").arg(&program).output().expect("ldd runs");
    let needs = String::from_utf8_lossy(&needs.stdout).into_owned();
    let Some(loader) = needs.split_whitespace().find(|word| word.starts_with('/') && word.contains("/ld-")) else {
        return super::support::skip("the program needs no loader");
    };
    let again = capture(&program, "--for 2s");
    let said = denied(&format!("exec {AS_NOBODY} {loader} {again}"));
    assert!(said.contains(&format!("{} was started by /", program.display())) && said.contains(&format!("`{again}`")), "{said}");
    // Where it cannot be started by itself it is to be put where it can.
    let said = denied(&format!("chmod a-x {}\nexec {AS_NOBODY} {loader} {again}", program.display()));
    assert!(said.contains(&format!("install -m 755 {} /usr/local/bin/wirelore", program.display())), "{said}");
    assert!(!said.contains("cap_net_raw=ep /lib") && !said.contains("cap_net_raw=ep /usr/lib"), "{said}");
}

#[test]
fn another_network_is_entered_by_the_number_of_a_process() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    let links = "ip link add only-here type veth peer name its-peer\nip link set only-here up\nip link set its-peer up\nexec sleep 60";
    let inside = Running(shell(links).spawn().expect("unshare runs"));
    let process = inside.0.id().to_string();
    let netns = format!("--netns {process}");
    let is_there = || {
        let links = Command::new("nsenter").args(["--net", "--target", &process, "ip", "link", "show", "up"]).output();
        links.is_ok_and(|links| String::from_utf8_lossy(&links.stdout).contains("only-here"))
    };
    wait("the interface is there", is_there);
    let found = ran(&format!("exec {} capture -i only-here --for 100ms {netns}", program.display()));
    let unknown = ran(&format!("exec {} capture -i lo --netns no-such-namespace", program.display()));
    assert_eq!(found.status, Some(0), "{found:?}");
    assert_eq!(unknown.status, Some(2), "{unknown:?}");
    assert!(unknown.err.contains("no-such-namespace"), "{unknown:?}");
}

#[test]
fn one_capability_is_enough_to_go_on_in_new_files() {
    let Some(place) = Place::new() else { return };
    let program = place.program(Some("cap_net_raw=ep"));
    let words = format!("--no-host --for 2s -w {} --rotate 2k", place.path("x.pcapng").display());
    let ran = ran(&format!("{AS_NOBODY} {} &\nping -q -c 30 -i 0.05 127.0.0.1 > /dev/null\nwait $!", capture(&program, &words)));
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let files = fs::read_dir(place.folder.path()).expect("a folder").flatten().filter(|entry| entry.path() != program);
    let owners: Vec<u32> = files.map(|entry| entry.metadata().expect("it is there").uid()).collect();
    assert!(owners.len() > 1 && owners.iter().all(|owner| *owner == 65534), "{owners:?}");
}

#[test]
fn a_program_that_is_setuid_is_refused_and_setcap_is_named() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    let secret = place.path("secret.pcapng");
    fs::copy(super::support::capture("http-geocode.pcapng"), &secret).expect("a copy");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("it is ours");
    for (mode, user) in [(0o4755, 0), (0o2755, 65534)] {
        fs::set_permissions(&program, fs::Permissions::from_mode(mode)).expect("it is ours");
        for words in ["capture -i lo -c 1".to_owned(), format!("read {}", secret.display()), "interfaces".to_owned()] {
            let said = denied(&format!("exec {AS_NOBODY} {} {words}", program.display()));
            assert!(said.contains(&format!("user 65534 and group 65534 run it as user {user} and group ")), "{said}");
            let mends = as_root(&[&format!("chmod ug-s {}", program.display()), &format!("setcap cap_net_raw=ep {}", program.display())]);
            assert!(said.contains(&format!("`{mends}`")), "{said}");
        }
        // Root gains nothing by it.
        if mode == 0o4755 {
            assert_eq!(ran(&format!("exec {} read -c 1 {}", program.display(), secret.display())).status, Some(0));
        }
    }
}

/// Takes a copy of each packet socket of a process, as a debugger may, and asks it to pass everything.
const DETACH: &str = "
import ctypes, os, socket, sys
call = ctypes.CDLL(None, use_errno=True).syscall
process = call(434, int(sys.argv[1]), 0)
for number in os.listdir(f'/proc/{sys.argv[1]}/fd'):
    if os.readlink(f'/proc/{sys.argv[1]}/fd/{number}').startswith('socket:'):
        copy = call(438, process, int(number), 0)
        assert copy >= 0, os.strerror(ctypes.get_errno())
        with socket.socket(fileno=copy) as taken:
            if taken.family == socket.AF_PACKET:
                try:
                    taken.setsockopt(socket.SOL_SOCKET, 27, 0)
                    print('detached')
                except PermissionError:
                    print('locked')
";

#[test]
fn the_filter_of_the_kernel_stays_for_good() {
    let Some(place) = Place::new() else { return };
    if super::support::peer("python3").is_none() {
        return;
    }
    let program = place.program(None);
    let running = Running::new(&mut shell(&format!("exec {}", capture(&program, "-w /dev/null icmp"))));
    let asked = Command::new("python3").args(["-c", DETACH, &running.0.id().to_string()]).output().expect("python3 runs");
    let said = String::from_utf8_lossy(&asked.stdout);
    assert!(asked.status.success() && said.contains("locked") && !said.contains("detached"), "{asked:?}");
}

/// Begins a program in a kernel that has no Landlock, as far as the program can tell.
const WITHOUT_LANDLOCK: &str = "
import ctypes, os, struct, sys
# Of call 444 (landlock_create_ruleset): as in a kernel that does not know it.
rules = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7fff0000)]
program = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *rule) for rule in rules))
filter = struct.pack('HxxxxxxQ', len(rules), ctypes.addressof(program))
assert ctypes.CDLL(None, use_errno=True).prctl(22, 2, filter, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
";

#[test]
fn what_this_kernel_lacks_is_said() {
    let Some(place) = Place::new() else { return };
    if super::support::peer("python3").is_none() {
        return;
    }
    let (program, script) = (place.program(None), place.path("script"));
    fs::write(&script, WITHOUT_LANDLOCK).expect("written");
    let begin = |words: &str| ran(&format!("exec python3 {} {}", script.display(), capture(&program, words)));
    let lacks = "this kernel closes the file system to no program (Landlock";
    let [told, written, silent] = ["--for 100ms", "-w /dev/null --for 100ms", "--no-summary --for 100ms"].map(begin);
    assert!(told.status == Some(0) && told.err.contains(lacks), "{told:?}");
    assert!(written.status == Some(0) && written.err.contains(lacks), "{written:?}");
    assert!(silent.status == Some(0) && silent.err.is_empty(), "{silent:?}");
}

/// A folder of its own for names and for namespaces, in which two have names.
fn namespaces_of(place: &Place) -> String {
    format!(
        "cd {}\nmkdir etc\ncp /etc/passwd /etc/group etc/\necho '10.9.9.8 only-outside' > etc/hosts\nmount --bind etc /etc\nmount -t tmpfs none /run\n\
         mkdir -p /etc/netns/blue\necho '10.9.9.9 only-in-blue' > /etc/netns/blue/hosts\n\
         for name in blue bare; do ip netns add $name; ip -n $name link set lo up; done\nip -n blue link add d0 type veth peer name d1\nip -n blue link set d1 up\n",
        place.folder.path().display()
    )
}

#[test]
fn names_in_another_network_are_those_that_hold_there() {
    let Some(place) = Place::new() else { return };
    let program = place.program(None);
    let commands = format!(
        "{}echo '10.9.9.7 only-in-process' > hosts\n\
         unshare --uts --mount --net sh -ec 'hostname the-container; mount --bind hosts /etc/hosts; ip link set lo up; exec sleep 60' & process=$!\n\
         for tenth in $(seq 100); do grep -q only-in-process /proc/$process/root/etc/hosts && break; sleep 0.1; done\n\
         for name in blue bare $process; do {} capture -i lo --netns $name --for 50ms -w of-$name.pcapng; done\n\
         kill $process; mv of-$process.pcapng of-process.pcapng; hostname > outside\n",
        namespaces_of(&place),
        program.display()
    );
    let ran = ran(&commands);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let has = |name: &str, text: &str| {
        let bytes = fs::read(place.path(&format!("of-{name}.pcapng"))).expect("a capture");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(has("blue", "only-in-blue") && has("process", "only-in-process") && has("process", "the-container"));
    let outside = fs::read_to_string(place.path("outside")).expect("a name");
    for name in ["blue", "bare", "process"] {
        assert!(!has(name, "only-outside"), "{name}");
        assert!(!has(name, &format!("\"{}\"", outside.trim())), "{name}: the name of the machine outside");
    }
}

#[test]
fn advice_for_another_network_leads_there() {
    let Some(place) = Place::new() else { return };
    let program = place.program(Some("cap_net_raw=ep"));
    let namespaces = namespaces_of(&place);
    let said = denied(&format!("{namespaces}exec {} capture -i d0 --netns blue", program.display()));
    assert!(said.contains("d0: the interface is down; switch it on with `ip -n blue link set d0 up`"), "{said}");
    let listed =
        ran(&format!("rm -r {0}/etc\n{1}exec {2} interfaces --netns blue", place.folder.path().display(), namespaces, program.display()));
    assert!(listed.out.contains("`ip -n blue link set d0 up` switches it on"), "{listed:?}");
    let said = denied(&format!(
        "rm -r {0}/etc\n{1}exec {AS_NOBODY} {2} interfaces --netns blue",
        place.folder.path().display(),
        namespaces,
        program.display()
    ));
    assert!(said.contains(&format!("`{}`", as_root(&[&format!("{} interfaces --netns blue", program.display())]))), "{said}");
    let said = denied(&format!("ip link add d0 type veth peer name d1\nexec {AS_NOBODY} {} capture -i d0", program.display()));
    assert!(said.contains(&format!("`{}`", as_root(&["ip link set d0 up"]))), "{said}");
}
