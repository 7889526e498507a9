//! The entries of what `ip -j` prints.

use super::super::spelled::spelled;
use super::super::{Address, LinkAddress, NeighbourState, Preference, RouteKind, Scope, Table};
use ipnet::IpNet;
use serde::Deserialize;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A prefix as `ip` writes it: `default`, `all`, an address alone, or an address with a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// Every address, of a family that something else tells.
    All,
    /// These.
    Of(IpNet),
}

impl FromStr for Prefix {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if matches!(text, "default" | "all" | "any") {
            return Ok(Self::All);
        }
        let prefix = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        prefix.map(|prefix| Self::Of(prefix.trunc())).map_err(drop)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("default"),
            Self::Of(prefix) => prefix.fmt(f),
        }
    }
}

spelled!(Prefix, "default, an address or a prefix such as 192.168.1.0/24");

/// Where a name, a number, or nothing of interest may stand: what routes and rules call by names of files under /etc/iproute2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word(pub(super) String);

impl FromStr for Word {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

spelled!(Word, "a name or a number");

/// One entry of any of the listings. Which listing it is of, its keys tell.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    // Of `addr` and `link`.
    pub(super) ifindex: Option<u32>,
    pub(super) ifname: Option<String>,
    pub(super) flags: Option<Vec<String>>,
    pub(super) operstate: Option<String>,
    pub(super) mtu: Option<u32>,
    pub(super) link_type: Option<String>,
    pub(super) address: Option<LinkAddress>,
    pub(super) linkinfo: Option<LinkInfo>,
    pub(super) addr_info: Option<Vec<AddressEntry>>,
    // Of `route`, and of `neigh`.
    pub(super) dst: Option<Prefix>,
    pub(super) dev: Option<String>,
    // Of `route`.
    pub(super) from: Option<Prefix>,
    #[serde(rename = "type")]
    pub(super) kind: Option<RouteKind>,
    pub(super) gateway: Option<IpAddr>,
    pub(super) via: Option<Via>,
    pub(super) prefsrc: Option<IpAddr>,
    pub(super) metric: Option<u32>,
    pub(super) table: Option<Table>,
    pub(super) protocol: Option<Word>,
    pub(super) scope: Option<Scope>,
    pub(super) nexthops: Option<Vec<HopEntry>>,
    pub(super) metrics: Option<Vec<MetricEntry>>,
    pub(super) pref: Option<Preference>,
    // Of `neigh`.
    pub(super) lladdr: Option<LinkAddress>,
    pub(super) state: Option<Vec<NeighbourState>>,
    #[serde(deserialize_with = "present")]
    pub(super) router: bool,
    // Of `route` and of `rule`.
    pub(super) tos: Option<Word>,
    // Of `rule`.
    pub(super) priority: Option<u32>,
    pub(super) src: Option<Prefix>,
    pub(super) srclen: Option<u8>,
    pub(super) dstlen: Option<u8>,
    pub(super) iif: Option<String>,
    pub(super) oif: Option<String>,
    #[serde(deserialize_with = "present")]
    pub(super) not: bool,
    pub(super) action: Option<Word>,
    pub(super) goto: Option<Word>,
    pub(super) suppress_prefixlen: Option<u8>,
    pub(super) fwmark: Option<Word>,
    pub(super) uid_start: Option<u32>,
    pub(super) ipproto: Option<Word>,
    #[serde(deserialize_with = "present")]
    pub(super) l3mdev: bool,
    pub(super) sport: Option<u16>,
    pub(super) sport_start: Option<u16>,
    pub(super) dport: Option<u16>,
    pub(super) dport_start: Option<u16>,
    pub(super) tun_id: Option<Word>,
    pub(super) suppress_ifgroup: Option<Word>,
}

/// A flag that is set where its key stands (`"router": null`), and may be refused.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Option::<bool>::deserialize(deserializer).map(|value| value.unwrap_or(true))
}

/// What made a link (`-d`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkInfo {
    pub(super) info_kind: Option<String>,
}

/// An address of `addr`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "RawAddress")]
pub(super) struct AddressEntry(pub(super) Option<Address>);

/// The same as it is printed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawAddress {
    local: Option<IpAddr>,
    address: Option<IpAddr>,
    prefixlen: Option<u8>,
    broadcast: Option<IpAddr>,
    scope: Option<Scope>,
    secondary: bool,
    temporary: bool,
    deprecated: bool,
    tentative: bool,
}

impl TryFrom<RawAddress> for AddressEntry {
    type Error = String;

    fn try_from(raw: RawAddress) -> Result<Self, String> {
        // `ip` prints an empty entry for an address that it was not asked for.
        let Some(address) = raw.local.or(raw.address) else { return Ok(Self(None)) };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = raw.prefixlen.unwrap_or(most);
        let prefix = IpNet::new(address, length).map_err(|_| format!("a prefix length up to {most} was expected, found {length}"))?;
        let broadcast = match raw.broadcast {
            Some(IpAddr::V4(broadcast)) => Some(broadcast),
            Some(IpAddr::V6(_)) | None => None,
        };
        let peer = raw.address.filter(|peer| *peer != address);
        let (scope, secondary) = (raw.scope.unwrap_or_default(), raw.secondary && address.is_ipv4());
        let (temporary, deprecated, tentative) = (raw.temporary, raw.deprecated, raw.tentative);
        Ok(Self(Some(Address { prefix, peer, broadcast, scope, secondary, temporary, deprecated, tentative })))
    }
}

/// A gateway of the other family.
#[derive(Debug, Deserialize)]
pub(super) struct Via {
    pub(super) host: IpAddr,
}

/// A next hop of several.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HopEntry {
    pub(super) gateway: Option<IpAddr>,
    pub(super) via: Option<Via>,
    pub(super) dev: Option<String>,
    pub(super) weight: Option<u16>,
    pub(super) flags: Vec<String>,
}

/// Metrics of a route.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MetricEntry {
    pub(super) mtu: Option<u32>,
}

/// What an entry is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Interface,
    Route,
    Rule,
    Neighbour,
    /// What `ip` prints for what it leaves out.
    Nothing,
}

impl Entry {
    /// What it is of; `None` where that cannot be told.
    pub(super) fn of(&self) -> Option<Of> {
        if self.ifname.is_some() {
            Some(Of::Interface)
        } else if self.priority.is_some() {
            Some(Of::Rule)
        } else if self.state.is_some() || self.lladdr.is_some() {
            Some(Of::Neighbour)
        } else if self.dst.is_some() {
            Some(Of::Route)
        } else if self.ifindex.is_none() && self.dev.is_none() && self.gateway.is_none() {
            Some(Of::Nothing)
        } else {
            None
        }
    }
}
