//! What files tell: names, versions and settings.

use super::super::{Host, Interface, hosts};
use crate::limits::Limits;
use crate::source::privilege::namespace;
use rustix::fs::{Mode, OFlags, ResolveFlags};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads the machine's name, its system, and the names it gives by itself.
pub(super) fn name(host: &mut Host) {
    host.name = line("/proc/sys/kernel/hostname").filter(|name| name != "(none)");
    host.system = line("/proc/sys/kernel/osrelease").map(|release| format!("Linux {release}"));
    host.names = bytes("/etc/hosts").map(|bytes| hosts::parse(&bytes)).unwrap_or_default();
}

/// The same for a network namespace, in which the calling thread is: what holds there, and nothing that holds outside alone.
pub(super) fn name_in(host: &mut Host, namespace: &str) {
    host.system = line("/proc/sys/kernel/osrelease").map(|release| format!("Linux {release}"));
    let names = match (namespace::named(namespace), namespace::process(namespace)) {
        (Some(name), _) => bytes(&format!("/etc/netns/{name}/hosts")),
        (None, Some(process)) => {
            let uts = |of: &str| std::fs::read_link(format!("/proc/{of}/ns/uts")).ok();
            let is_its_own = uts("thread-self").is_some_and(|own| Some(own) == uts(process));
            host.name = line("/proc/sys/kernel/hostname").filter(|name| is_its_own && name != "(none)");
            hosts_of(process)
        }
        (None, None) => None,
    };
    host.names = names.map(|bytes| hosts::parse(&bytes)).unwrap_or_default();
}

/// The hosts file of a process. Its file system is its own: no link leads out of it, and what is no file is not read.
fn hosts_of(process: &str) -> Option<Vec<u8>> {
    let root = File::open(format!("/proc/{process}/root")).ok()?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let inside = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let file = File::from(rustix::fs::openat2(root, "etc/hosts", flags, Mode::empty(), inside).ok()?);
    if file.metadata().ok()?.is_file() { content(file) } else { None }
}

/// Reads what is set for interfaces.
pub(super) fn settings(host: &mut Host) {
    for interface in &mut host.interfaces {
        if !is_a_name(interface) {
            continue;
        }
        let temporary = line(&format!("/proc/sys/net/ipv6/conf/{}/use_tempaddr", interface.name));
        interface.prefers_temporary = temporary.and_then(|value| value.parse::<i32>().ok()).is_some_and(|value| value >= 2);
        let megabits = line(&described(interface, "speed")).filter(|_| is_described(interface)).and_then(|speed| speed.parse::<u64>().ok());
        // Some drivers say all ones of a speed that is not known.
        interface.speed = megabits.filter(|speed| (1..u64::from(u32::MAX)).contains(speed)).map(|speed| speed * 1_000_000);
    }
}

/// Whether an interface is a radio.
pub(super) fn is_wireless(interface: &Interface) -> bool {
    is_a_name(interface) && Path::new(&described(interface, "phy80211")).exists() && is_described(interface)
}

/// Where /sys tells something of an interface.
fn described(interface: &Interface, what: &str) -> String {
    format!("/sys/class/net/{}/{what}", interface.name)
}

/// Whether that is this interface: in a network namespace /sys may still be that of another.
fn is_described(interface: &Interface) -> bool {
    let tells = |name: &str| line(&described(interface, name));
    tells("ifindex").is_some_and(|index| index == interface.index.to_string())
        && interface.link_address.as_ref().is_some_and(|own| tells("address").is_some_and(|address| address == own.to_string()))
}

/// Whether its name leads to no other folder.
fn is_a_name(interface: &Interface) -> bool {
    !interface.name.contains('/') && !interface.name.starts_with('.')
}

fn bytes(path: &str) -> Option<Vec<u8>> {
    content(File::open(path).ok()?)
}

fn content(file: File) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(Limits::HOSTS_FILE).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn line(path: &str) -> Option<String> {
    let text = String::from_utf8(bytes(path)?).ok()?;
    Some(text.lines().next()?.trim().to_owned()).filter(|line| !line.is_empty())
}
