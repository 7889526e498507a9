//! This machine, asked: its kernel by netlink, which needs no privilege, and the files that name it.
//!
//! Only Linux is asked. Elsewhere that is said, and a host file is the way.

mod attachment;
#[cfg(target_os = "linux")]
mod link;
#[cfg(target_os = "linux")]
mod netlink;
#[cfg(target_os = "linux")]
mod readable;
#[cfg(target_os = "linux")]
mod route;
#[cfg(target_os = "linux")]
mod system;

pub use attachment::Attachment;

use super::{Cast, Host, Query, Reach, Refusal, Verdict};
use std::io;
use std::net::IpAddr;

/// Why this machine cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Not on this system.
    #[error("what this machine knows can be asked of Linux only; give a host file (--host FILE), for example what `ip -j addr` printed")]
    Unsupported,
    /// The kernel refused.
    #[error("asking the kernel for {what}: {source}")]
    Kernel {
        /// What it was asked for.
        what: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The kernel's answer is not understood.
    #[error("the kernel's answer about {what} is not understood: {problem}; give a host file (--host FILE) instead")]
    Strange {
        /// What it was asked for.
        what: &'static str,
        /// What is strange about it.
        problem: String,
    },
}

/// What this machine knows: interfaces, addresses, routes, rules, neighbours, names.
///
/// # Errors
/// This is not Linux, or the kernel does not answer.
pub fn probe() -> Result<Host, ProbeError> {
    probe_in(None)
}

/// The same of a network namespace, in which the calling thread is: the names are those that hold there. For one that has a name they are in
/// `/etc/netns/NAME/hosts` (ip-netns(8)), for that of a process in its own `/etc/hosts`. Names that hold outside alone are not told.
///
/// # Errors
/// This is not Linux, or the kernel does not answer.
pub fn probe_in(namespace: Option<&str>) -> Result<Host, ProbeError> {
    #[cfg(target_os = "linux")]
    {
        let mut kernel = netlink::Kernel::connect()?;
        let mut host = Host::default();
        match namespace {
            None => system::name(&mut host),
            Some(namespace) => system::name_in(&mut host, namespace),
        }
        link::interfaces(&mut kernel, &mut host)?;
        system::settings(&mut host);
        route::routes(&mut kernel, &mut host)?;
        route::rules(&mut kernel, &mut host)?;
        link::neighbours(&mut kernel, &mut host)?;
        Ok(host)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _unused = namespace;
        Err(ProbeError::Unsupported)
    }
}

/// The interfaces of this machine with what they hang on. Where the kernel cannot be asked it is what pnet says of them.
///
/// # Errors
/// The kernel does not answer.
pub fn interfaces() -> Result<Vec<Attachment>, ProbeError> {
    #[cfg(target_os = "linux")]
    {
        let mut kernel = netlink::Kernel::connect()?;
        let mut host = Host::default();
        link::interfaces(&mut kernel, &mut host)?;
        system::settings(&mut host);
        link::attachments(&mut kernel, host)
    }
    #[cfg(not(target_os = "linux"))]
    Ok(attachment::portable())
}

/// The kernel's own answer to where a packet goes: what `ip route get` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelAnswer {
    /// Which of the three rules applies, or that none does.
    pub verdict: Verdict,
    /// To how many it goes.
    pub cast: Cast,
    /// The interface that it leaves by.
    pub interface: Option<String>,
    /// The source that it gets.
    pub source: Option<IpAddr>,
}

/// Asks the kernel where it would send a packet. `host` tells the names of interfaces.
///
/// # Errors
/// This is not Linux, or the kernel does not answer.
pub fn kernel_answer(host: &Host, query: &Query) -> Result<KernelAnswer, ProbeError> {
    #[cfg(target_os = "linux")]
    {
        route::answer(&mut netlink::Kernel::connect()?, host, query)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _unused = (host, query);
        Err(ProbeError::Unsupported)
    }
}

impl KernelAnswer {
    /// Whether it is what was worked out. Of a route with several next hops the kernel may take any.
    #[must_use]
    pub fn agrees(&self, reach: &Reach) -> bool {
        let verdict = match (self.verdict, reach.verdict) {
            // The kernel says of a rule that refuses what it says of a destination without a route.
            (Verdict::Refused(Refusal::NoRoute), Verdict::Refused(Refusal::Unreachable)) => return reach.winner().is_none(),
            (Verdict::Refused(kernel), Verdict::Refused(own)) => return kernel == own,
            (kernel, own) => kernel == own,
        };
        let way = verdict && self.interface == reach.interface;
        let shared = || {
            reach.shared_with.iter().any(|way| {
                let verdict = way.gateway.map_or(Verdict::Attached, Verdict::Gateway);
                self.verdict == verdict && self.interface == way.interface
            })
        };
        if way { self.cast == reach.cast && self.source == reach.source } else { shared() }
    }
}
