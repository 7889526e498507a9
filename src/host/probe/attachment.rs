//! What an interface hangs on: what decides how frames are captured from it.

use super::super::Interface;
#[cfg(any(test, not(target_os = "linux")))]
use super::super::{Address, LinkAddress};
#[cfg(any(test, not(target_os = "linux")))]
use ipnet::IpNet;

/// An interface, with what no host file tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The interface.
    pub interface: Interface,
    /// Its kind of hardware (`ARPHRD_`, if_arp.h), where it is known: what its frames are.
    pub hardware: Option<u16>,
    /// The bridge, bond or VRF that it is a port of.
    pub controller: Option<String>,
    /// The interface under it (of a VLAN), or its other end (of a veth pair), where that is in the same network namespace.
    pub link: Option<String>,
    /// Whether it is a radio.
    pub wireless: bool,
}

/// What pnet knows of interfaces, on any system.
#[cfg(any(test, not(target_os = "linux")))]
pub(super) fn portable() -> Vec<Attachment> {
    crate::source::live::interfaces()
        .into_iter()
        .map(|found| {
            let prefixes = found.ips.iter().filter_map(|own| IpNet::new(own.ip(), own.prefix()).ok());
            let interface = Interface {
                index: found.index,
                up: found.is_up(),
                carrier: found.is_running(),
                loopback: found.is_loopback(),
                point_to_point: found.is_point_to_point(),
                broadcast: found.is_broadcast(),
                multicast: found.is_multicast(),
                link_address: found.mac.filter(|mac| !mac.is_zero()).map(|mac| LinkAddress(mac.octets().to_vec())),
                addresses: prefixes.map(Address::new).collect(),
                name: found.name,
                ..Interface::default()
            };
            Attachment { interface, ..Attachment::default() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pnet_knows_the_loopback() {
        let all = portable();
        let loopback = all.iter().find(|one| one.interface.loopback).expect("every machine has a loopback");
        assert!(!loopback.interface.name.is_empty() && loopback.interface.link_address.is_none());
    }
}
