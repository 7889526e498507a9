//! Rules of policy routing: which tables are asked, in which order.

use super::Table;
use super::spelled::{is_default, words};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

words!(Family, "a family: inet or inet6", Ipv4 = "inet", Ipv6 = "inet6");

impl Family {
    /// The family of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::Ipv4 } else { Self::Ipv6 }
    }
}

/// A rule of policy routing (ip-rule(8)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which packets it is for.
    pub family: Family,
    /// Its place: the smallest number is asked first.
    pub priority: u32,
    /// The sources that it is for; `None` for all. A source that is yet to be chosen is in no prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpNet>,
    /// The destinations that it is for; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<IpNet>,
    /// The interface that packets come in by; `lo` for those that the machine itself sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incoming: Option<String>,
    /// The interface that packets were bound to by who sends them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<String>,
    /// Whether it is for all that its conditions do not fit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inverted: bool,
    /// Conditions that no address tells, by the words of ip-rule(8). A packet is taken to have no mark and no type of service; a rule that
    /// asks for a port, a protocol or a user is not followed, and that is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_conditions: Vec<String>,
    /// What it says.
    pub action: Action,
    /// Routes with a prefix as short or shorter are passed over, where it names a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed_prefix_length: Option<u8>,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Ask this table.
    Table(Table),
    /// Go on with the rule of that priority.
    Goto(u32),
    /// Nothing: go on.
    Nop,
    /// Drop the packet without a word.
    Blackhole,
    /// Refuse it: unreachable.
    Unreachable,
    /// Refuse it: not permitted.
    Prohibit,
}

impl Rule {
    /// A rule for every packet.
    #[must_use]
    pub fn new(family: Family, priority: u32, action: Action) -> Self {
        Self {
            family,
            priority,
            from: None,
            to: None,
            incoming: None,
            outgoing: None,
            inverted: false,
            other_conditions: Vec::new(),
            action,
            suppressed_prefix_length: None,
        }
    }

    /// The rules that a machine begins with.
    #[must_use]
    pub fn usual(family: Family) -> Vec<Self> {
        let rule = |priority, table| Self::new(family, priority, Action::Table(table));
        let mut rules = vec![rule(0, Table::Local), rule(32766, Table::Main)];
        if family == Family::Ipv4 {
            rules.push(rule(32767, Table::Default));
        }
        rules
    }
}
