//! Interfaces and their addresses.

use super::LinkAddress;
use super::spelled::{is_default, spelled};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

/// An interface of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Interface {
    /// Its number; 0 where it is not known.
    #[serde(skip_serializing_if = "is_default")]
    pub index: u32,
    /// Its name, by which routes and neighbours speak of it.
    pub name: String,
    /// What it is: `ether`, `loopback`, `none` of a tunnel, or what made it (`veth`, `bridge`, `vlan`, `wireguard`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its address on the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_address: Option<LinkAddress>,
    /// The longest packet it sends, in bytes; 0 where it is not known.
    #[serde(skip_serializing_if = "is_default")]
    pub mtu: u32,
    /// Its speed in bits a second, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<u64>,
    /// Whether it is switched on.
    pub up: bool,
    /// Whether something is at the other end of its cable (`LOWER_UP`).
    #[serde(skip_serializing_if = "is_default")]
    pub carrier: bool,
    /// Whether it leads back to the machine itself.
    #[serde(skip_serializing_if = "is_default")]
    pub loopback: bool,
    /// Whether there is one other end only.
    #[serde(skip_serializing_if = "is_default")]
    pub point_to_point: bool,
    /// Whether a frame can be sent to all.
    #[serde(skip_serializing_if = "is_default")]
    pub broadcast: bool,
    /// Whether a frame can be sent to a group.
    #[serde(skip_serializing_if = "is_default")]
    pub multicast: bool,
    /// Whether link addresses are not asked for (`NOARP`).
    #[serde(skip_serializing_if = "is_default")]
    pub no_arp: bool,
    /// Whether temporary addresses are preferred to lasting ones as sources (`use_tempaddr` of 2).
    #[serde(skip_serializing_if = "is_default")]
    pub prefers_temporary: bool,
    /// Its addresses, in the kernel's order: the first that fits is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
}

/// An address of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The address, with how many of its first bits are the subnet's.
    pub prefix: IpNet,
    /// The other end's address, where the subnet is the other end's (point to point).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<IpAddr>,
    /// The address for all of the subnet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broadcast: Option<Ipv4Addr>,
    /// How far it is meant.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scope: Scope,
    /// IPv4: whether another address of the same subnet comes before it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secondary: bool,
    /// IPv6: whether it will be replaced by another (RFC 8981).
    #[serde(default, skip_serializing_if = "is_default")]
    pub temporary: bool,
    /// IPv6: whether nothing new shall begin from it (RFC 4862 section 5.5.4).
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: bool,
    /// IPv6: whether it may not be used yet, because another may have it (RFC 4862 section 5.4).
    #[serde(default, skip_serializing_if = "is_default")]
    pub tentative: bool,
}

impl Address {
    /// An address with nothing special about it.
    #[must_use]
    pub fn new(prefix: IpNet) -> Self {
        Self {
            prefix,
            peer: None,
            broadcast: None,
            scope: Scope::GLOBAL,
            secondary: false,
            temporary: false,
            deprecated: false,
            tentative: false,
        }
    }

    /// The address alone.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.prefix.addr()
    }

    /// The subnet that it puts its interface on: the peer's where there is one.
    #[must_use]
    pub fn network(&self) -> IpNet {
        let end = self.peer.filter(|peer| peer.is_ipv4() == self.address().is_ipv4()).unwrap_or(self.address());
        IpNet::new(end, self.prefix.prefix_len()).map_or(self.prefix, |network| network).trunc()
    }

    /// Whether the address is in that subnet itself: not so where the subnet is the other end's.
    #[must_use]
    pub fn is_in_its_network(&self) -> bool {
        self.network().contains(&self.address())
    }
}

/// How far an address or a route is meant: the kernel's number, smaller is farther (rtnetlink(7)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(pub u8);

impl Scope {
    /// Everywhere.
    pub const GLOBAL: Self = Self(0);
    /// This site.
    pub const SITE: Self = Self(200);
    /// This link.
    pub const LINK: Self = Self(253);
    /// This machine.
    pub const HOST: Self = Self(254);
    /// Nowhere.
    pub const NOWHERE: Self = Self(255);
    const NAMES: [(Self, &'static str); 5] =
        [(Self::GLOBAL, "global"), (Self::SITE, "site"), (Self::LINK, "link"), (Self::HOST, "host"), (Self::NOWHERE, "nowhere")];
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMES.iter().find(|(scope, _)| scope == self) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Scope {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::NAMES.iter().find(|(_, name)| *name == text) {
            Some((scope, _)) => Ok(*scope),
            None => text.parse().map(Self),
        }
    }
}

spelled!(Scope, "a scope: global, site, link, host, nowhere or its number");
