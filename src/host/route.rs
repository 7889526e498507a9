//! Routes and the tables they stand in.

use super::spelled::{is_default, spelled, words};
use super::{Family, Scope};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A route: what happens to packets for a prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The addresses that it is for; `0.0.0.0/0` and `::/0` are the default routes.
    pub destination: IpNet,
    /// IPv6: the sources that it is for, where it is not for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpNet>,
    /// What happens to such packets.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: RouteKind,
    /// The table that it stands in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub table: Table,
    /// IPv4: the type of service of the packets that it is for, as `ip` writes it (`0x10`), where it is not for all (ip-route(8)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_of_service: Option<String>,
    /// What it costs: of routes for the same prefix the cheapest wins.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metric: u32,
    /// How far its destination is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scope: Scope,
    /// Who made it: `kernel`, `boot`, `static`, `dhcp`, `ra` or a routing daemon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The source that packets get which have none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_source: Option<IpAddr>,
    /// The longest packet that it is known to carry, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u32>,
    /// IPv6: how a router recommended itself (RFC 4191 section 2.1).
    #[serde(default, skip_serializing_if = "is_default")]
    pub preference: Preference,
    /// Where such packets go; several share the load. None of a route that refuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next_hops: Vec<NextHop>,
}

impl Route {
    /// A route to a prefix by one next hop, in the main table.
    #[must_use]
    pub fn new(destination: IpNet, next_hop: NextHop) -> Self {
        Self { next_hops: vec![next_hop], ..Self::of_kind(destination, RouteKind::Unicast) }
    }

    /// A route without next hops, in the main table.
    #[must_use]
    pub fn of_kind(destination: IpNet, kind: RouteKind) -> Self {
        Self {
            destination: destination.trunc(),
            from: None,
            kind,
            table: Table::Main,
            type_of_service: None,
            metric: 0,
            scope: Scope::GLOBAL,
            protocol: None,
            preferred_source: None,
            mtu: None,
            preference: Preference::Medium,
            next_hops: Vec::new(),
        }
    }

    /// The family of the addresses that it is for.
    #[must_use]
    pub fn family(&self) -> Family {
        Family::of(self.destination.addr())
    }

    /// Whether it is for every address.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.destination.prefix_len() == 0
    }
}

/// One way that a route leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NextHop {
    /// The router that carries it further, of either family (RFC 8950); `None` where the destination is on the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<IpAddr>,
    /// The interface that it leaves by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// Its share, beside those of the route's other next hops; 0 counts as 1.
    #[serde(skip_serializing_if = "is_default")]
    pub weight: u16,
    /// Whether its interface is switched off, so that it is not used.
    #[serde(skip_serializing_if = "is_default")]
    pub dead: bool,
    /// Whether nothing is at the other end of the interface's cable.
    #[serde(skip_serializing_if = "is_default")]
    pub link_down: bool,
    /// Whether the gateway is taken to be on the link whatever the addresses say.
    #[serde(skip_serializing_if = "is_default")]
    pub on_link: bool,
}

/// What a route does with packets (rtnetlink(7), `rtm_type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// Sends them on.
    #[default]
    Unicast,
    /// Keeps them: the address is the machine's own.
    Local,
    /// Sends them to everybody on the link.
    Broadcast,
    /// Sends them to one of several that have the address.
    Anycast,
    /// Sends them to a group.
    Multicast,
    /// Drops them without a word.
    Blackhole,
    /// Refuses them: host unreachable.
    Unreachable,
    /// Refuses them: not permitted.
    Prohibit,
    /// Ends the search in this table: the next one is asked.
    Throw,
    /// Translates their addresses (no longer in Linux).
    Nat,
}

words!(
    RouteKind,
    "a kind of route: unicast, local, broadcast, anycast, multicast, blackhole, unreachable, prohibit or throw",
    Unicast = "unicast",
    Local = "local",
    Broadcast = "broadcast",
    Anycast = "anycast",
    Multicast = "multicast",
    Blackhole = "blackhole",
    Unreachable = "unreachable",
    Prohibit = "prohibit",
    Throw = "throw",
    Nat = "nat",
);

/// How a router recommended itself (RFC 4191 section 2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preference {
    /// Only where there is no other.
    Low,
    /// As any other.
    #[default]
    Medium,
    /// Before others.
    High,
}

words!(Preference, "a router preference: low, medium or high", Low = "low", Medium = "medium", High = "high");

/// A routing table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Table {
    /// The machine's own addresses (255).
    Local,
    /// What is meant where none is named (254).
    #[default]
    Main,
    /// Asked last, usually empty (253).
    Default,
    /// Another, by its number or by the name that `rt_tables` gives it.
    Other(String),
}

impl Table {
    /// The table with that number.
    #[must_use]
    pub fn of_number(number: u32) -> Self {
        match number {
            255 => Self::Local,
            // 0 is what routes carry that name none.
            0 | 254 => Self::Main,
            253 => Self::Default,
            number => Self::Other(number.to_string()),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "local",
            Self::Main => "main",
            Self::Default => "default",
            Self::Other(name) => name,
        })
    }
}

impl FromStr for Table {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "local" => Self::Local,
            "main" => Self::Main,
            "default" => Self::Default,
            text => text.parse().map_or_else(|_| Self::Other(text.to_owned()), Self::of_number),
        })
    }
}

spelled!(Table, "a routing table: local, main, default, a number or a name");
