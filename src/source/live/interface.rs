//! Interfaces by their names.

use super::LiveError;
use crate::nearest::nearest;
use pnet::datalink::{self, NetworkInterface};
use std::net::{IpAddr, Ipv4Addr, UdpSocket};

/// The name that stands for all interfaces at once.
pub const ANY: &str = "any";

/// All interfaces, by names that are text: one that is not UTF-8 is called after its number.
#[must_use]
pub fn interfaces() -> Vec<NetworkInterface> {
    let mut all = datalink::interfaces();
    for interface in &mut all {
        // pnet takes any bytes for text.
        let name = std::mem::take(&mut interface.name).into_bytes();
        interface.name = String::from_utf8(name).unwrap_or_else(|_| nameless(interface.index));
    }
    all
}

/// What an interface is called whose name is no text.
#[must_use]
pub fn nameless(index: u32) -> String {
    format!("if{index}")
}

/// The interface of that name, which is up.
pub(super) fn find(name: &str) -> Result<NetworkInterface, LiveError> {
    let all = interfaces();
    if name == ANY {
        return Ok(NetworkInterface { name: ANY.to_owned(), description: String::new(), index: 0, mac: None, ips: Vec::new(), flags: 0 });
    }
    match all.iter().find(|interface| interface.name == name) {
        Some(interface) if interface.is_up() => Ok(interface.clone()),
        Some(_) => Err(LiveError::Down { name: name.to_owned() }),
        None => {
            let mut there: Vec<String> = all.into_iter().map(|interface| interface.name).collect();
            there.dedup();
            if cfg!(target_os = "linux") {
                there.push(ANY.to_owned());
            }
            Err(LiveError::NoSuchInterface {
                name: name.to_owned(),
                nearest: nearest(name, there.iter().cloned()).filter(|_| !name.is_empty()),
                there,
            })
        }
    }
}

/// The name of the interface that is meant: by its name, or by its index. What is neither stays as it is: opening it says so.
#[must_use]
pub fn name_of(meant: &str) -> String {
    let all = interfaces();
    let index = || meant.parse().ok().filter(|index: &u32| *index > 0);
    let named = || meant == ANY || all.iter().any(|interface| interface.name == meant);
    let numbered = || index().and_then(|index| all.iter().find(|interface| interface.index == index));
    if named() { meant.to_owned() } else { numbered().map_or_else(|| meant.to_owned(), |interface| interface.name.clone()) }
}

/// Whether an interface of that name is still there.
#[cfg(any(test, not(target_os = "linux")))]
pub(super) fn is_there(name: &str) -> bool {
    interfaces().iter().any(|interface| interface.name == name)
}

/// The interface to capture on where there is no default route: the first that is up and no loopback, else the loopback.
///
/// # Errors
/// No interface is up.
pub fn first_interface() -> Result<String, LiveError> {
    let all = interfaces();
    let up = || all.iter().filter(|interface| interface.is_up());
    let found = up().find(|interface| !interface.is_loopback()).or_else(|| up().next());
    found.map(|interface| interface.name.clone()).ok_or(LiveError::NoInterface)
}

/// The interface of the default route, where there is one: the one that has the address from which a packet to nowhere in particular would be
/// sent.
#[must_use]
pub fn routed_interface() -> Option<String> {
    let source = default_source()?;
    let all = interfaces();
    all.into_iter().find(|interface| interface.ips.iter().any(|own| own.ip() == source)).map(|interface| interface.name)
}

/// The address that this machine would send from to an address of the outside. Connecting a datagram socket asks the kernel's routes; nothing
/// is sent.
fn default_source() -> Option<IpAddr> {
    const OUTSIDE: [(&str, &str); 2] = [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")];
    OUTSIDE.iter().find_map(|(own, outside)| {
        let socket = UdpSocket::bind(own).ok()?;
        socket.connect(outside).ok()?;
        let address = socket.local_addr().ok()?.ip();
        (!address.is_unspecified() && address != IpAddr::V4(Ipv4Addr::LOCALHOST)).then_some(address)
    })
}
