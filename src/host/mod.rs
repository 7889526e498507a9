//! What a machine knows of the network, as plain data: its interfaces, routes, rules, neighbours and names; and where it would send a packet.
//!
//! The facts are probed ([`probe`]), loaded from a file ([`mod@file`]), carried by a capture ([`capture`]), or put together by whoever infers them.
//! [`Host::reach`] then answers as the kernel would: the machine itself, a subnet it is attached to, a gateway, or nothing.
//!
//! ```
//! use wirelore::host::{Host, Verdict, file};
//! let host: Host = file::parse("example", r#"
//!     [{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","UP"],"mtu":1500,
//!       "addr_info":[{"family":"inet","local":"192.168.1.11","prefixlen":24,"scope":"global"}]}]
//!     [{"dst":"default","gateway":"192.168.1.1","dev":"eth0"},
//!      {"dst":"192.168.1.0/24","dev":"eth0","scope":"link","prefsrc":"192.168.1.11"}]"#)?;
//! let reach = host.reach("10.130.1.4".parse()?);
//! assert_eq!(reach.verdict, Verdict::Gateway("192.168.1.1".parse()?));
//! assert_eq!(reach.source, Some("192.168.1.11".parse()?));
//! assert_eq!(host.reach("192.168.1.7".parse()?).verdict, Verdict::Attached);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod capture;
pub mod file;
pub mod hosts;
mod interface;
mod link_address;
mod neighbour;
pub mod probe;
mod reach;
mod route;
mod rule;
mod spelled;

pub use interface::{Address, Interface, Scope};
pub use link_address::LinkAddress;
pub use neighbour::{Neighbour, NeighbourState};
pub use reach::{Candidate, Cast, Derivation, Fate, Query, Reach, Refusal, SourceReason, Verdict};
pub use route::{NextHop, Preference, Route, RouteKind, Table};
pub use rule::{Action, Family, Rule};

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What a machine knows of the network. Whatever is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Host {
    /// What the machine calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its operating system, with its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Its interfaces, in the order of their indexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<Interface>,
    /// Its routes, of all tables and both families, in the kernel's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// Which tables it asks, in which order; where a family has none they are the usual ones (local, main, default).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// The link addresses of machines beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<Neighbour>,
    /// The names it gives to addresses by itself (`/etc/hosts`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Named>,
}

/// An address and the names that a host file gives to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The address.
    pub address: IpAddr,
    /// Its names; the first is the canonical one (hosts(5)).
    pub names: Vec<String>,
}

impl Host {
    /// The interface of that name.
    #[must_use]
    pub fn interface(&self, name: &str) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.name == name)
    }

    /// The interface with that index.
    #[must_use]
    pub fn interface_by_index(&self, index: u32) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.index == index)
    }

    /// Every address of the machine, with the interface that has it.
    pub fn addresses(&self) -> impl Iterator<Item = (&Interface, &Address)> {
        self.interfaces.iter().flat_map(|interface| interface.addresses.iter().map(move |address| (interface, address)))
    }

    /// The interface that has this address, and how it has it; `None` where the address is not the machine's own.
    #[must_use]
    pub fn own(&self, address: IpAddr) -> Option<(&Interface, &Address)> {
        self.addresses().find(|(_, own)| own.address() == address)
    }

    /// The machine's own address whose subnet an address is in: of several the one with the longest prefix.
    #[must_use]
    pub fn attached(&self, address: IpAddr) -> Option<(&Interface, &Address)> {
        let inside = self.addresses().filter(|(_, own)| own.network().contains(&address));
        inside.reduce(|best, other| if other.1.prefix.prefix_len() > best.1.prefix.prefix_len() { other } else { best })
    }

    /// What the machine knows of the neighbour with that address: on that interface, or on any.
    #[must_use]
    pub fn neighbour(&self, address: IpAddr, interface: Option<&str>) -> Option<&Neighbour> {
        self.neighbours
            .iter()
            .find(|neighbour| neighbour.address == address && interface.is_none_or(|interface| neighbour.interface == interface))
    }

    /// The names of an address, the canonical one first.
    pub fn names_of(&self, address: IpAddr) -> impl Iterator<Item = &str> {
        self.names.iter().filter(move |named| named.address == address).flat_map(|named| named.names.iter().map(String::as_str))
    }

    /// The addresses of a name; upper and lower case are the same in names (RFC 4343 section 3).
    pub fn addresses_of(&self, name: &str) -> impl Iterator<Item = IpAddr> {
        let is_named = move |named: &&Named| named.names.iter().any(|known| known.eq_ignore_ascii_case(name));
        self.names.iter().filter(is_named).map(|named| named.address)
    }
}
