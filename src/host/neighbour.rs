//! Neighbours: what ARP and neighbour discovery found out.

use super::LinkAddress;
use super::spelled::{is_default, words};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A machine on the same link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Its address.
    pub address: IpAddr,
    /// The interface that it is beside.
    pub interface: String,
    /// Its address on the link; `None` while nobody has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_address: Option<LinkAddress>,
    /// How sure that is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: NeighbourState,
    /// IPv6: whether it said that it is a router (RFC 4861 section 4.4).
    #[serde(default, skip_serializing_if = "is_default")]
    pub router: bool,
}

/// How sure a neighbour's link address is (RFC 4861 section 7.3.2, and what Linux adds).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NeighbourState {
    /// Asked for, and no answer yet.
    Incomplete,
    /// It answered a moment ago.
    Reachable,
    /// It answered once.
    Stale,
    /// Used again; it is given a moment before it is asked.
    Delay,
    /// It is being asked whether it is still there.
    Probe,
    /// Nobody answered.
    Failed,
    /// Never asked for: the link needs no addresses.
    NoArp,
    /// Set by hand.
    Permanent,
    /// Not said.
    #[default]
    None,
}

words!(
    NeighbourState,
    "a neighbour's state such as REACHABLE",
    Incomplete = "INCOMPLETE",
    Reachable = "REACHABLE",
    Stale = "STALE",
    Delay = "DELAY",
    Probe = "PROBE",
    Failed = "FAILED",
    NoArp = "NOARP",
    Permanent = "PERMANENT",
    None = "NONE",
);
