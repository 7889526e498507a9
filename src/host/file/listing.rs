//! What one command of `ip -j` printed, as facts.

use super::super::{Action, Family, Host, Interface, Neighbour, NextHop, Route, RouteKind, Rule, Table};
use super::entry::{Entry, HopEntry, Of, Prefix, Word};
use super::{add_new, merge};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::de::{Error, SeqAccess};
use std::net::IpAddr;

/// An array of `ip -j`.
#[derive(Default)]
pub(super) struct Listing {
    interfaces: Vec<Interface>,
    routes: Vec<Route>,
    rules: Vec<Entry>,
    neighbours: Vec<Neighbour>,
}

impl Listing {
    pub(super) fn read<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut listing = Self::default();
        while let Some(entry) = seq.next_element::<Entry>()? {
            listing.add(entry).map_err(A::Error::custom)?;
        }
        Ok(listing)
    }

    fn add(&mut self, entry: Entry) -> Result<(), String> {
        match entry.of() {
            Some(Of::Interface) => self.interfaces.push(interface(entry)?),
            Some(Of::Route) => self.routes.push(route(entry)?),
            Some(Of::Rule) => {
                check_lengths(&entry)?;
                self.rules.push(entry);
            }
            Some(Of::Neighbour) => self.neighbours.extend(neighbour(entry)?),
            Some(Of::Nothing) => {}
            None => return Err("an interface (ifname), a route (dst), a rule (priority) or a neighbour (lladdr) was expected".to_owned()),
        }
        Ok(())
    }

    pub(super) fn add_to(self, host: &mut Host) {
        let Self { interfaces, routes, rules, neighbours } = self;
        let family = family_of_rules(&rules);
        let rules = rules.into_iter().map(|entry| rule(entry, family)).collect();
        merge(host, Host { interfaces, routes, neighbours, ..Host::default() });
        add_new(&mut host.rules, rules);
    }
}

/// Adds to an interface what another listing knows of it: `link` knows no addresses, `addr` not what made it.
pub(super) fn complete(known: &mut Interface, other: Interface) {
    if known.index == 0 {
        known.index = other.index;
    }
    if other.mtu != 0 {
        known.mtu = other.mtu;
    }
    // What made it says more than what its frames are.
    let says_more = |kind: &Option<String>| kind.as_deref().is_some_and(|kind| !LINK_TYPES.contains(&kind));
    if says_more(&other.kind) || known.kind.is_none() {
        known.kind = other.kind;
    }
    known.link_address = known.link_address.take().or(other.link_address);
    known.speed = known.speed.or(other.speed);
    known.up |= other.up;
    known.carrier |= other.carrier;
    known.loopback |= other.loopback;
    known.point_to_point |= other.point_to_point;
    known.broadcast |= other.broadcast;
    known.multicast |= other.multicast;
    known.no_arp |= other.no_arp;
    known.prefers_temporary |= other.prefers_temporary;
    for address in other.addresses {
        match known.addresses.iter_mut().find(|own| own.prefix == address.prefix && own.peer == address.peer) {
            Some(own) => *own = address,
            None => known.addresses.push(address),
        }
    }
}

/// What `ip` calls the frames of interfaces that nothing in particular made.
const LINK_TYPES: [&str; 3] = ["ether", "loopback", "none"];

fn interface(entry: Entry) -> Result<Interface, String> {
    // `ip` writes `veth0@if5` where people read it, not in JSON; but JSON of old versions has it.
    let name = entry.ifname.unwrap_or_default();
    let name = name.split('@').next().unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err("the name of an interface was expected, found none".to_owned());
    }
    let has = |flag: &str| entry.flags.as_ref().is_some_and(|flags| flags.iter().any(|set| set == flag));
    // Brief listings have no flags.
    let up = entry.flags.is_none() && entry.operstate.as_deref() != Some("DOWN") || has("UP");
    Ok(Interface {
        index: entry.ifindex.unwrap_or_default(),
        kind: entry.linkinfo.and_then(|info| info.info_kind).or(entry.link_type),
        link_address: entry.address.filter(|address| address.0.iter().any(|byte| *byte != 0)),
        mtu: entry.mtu.unwrap_or_default(),
        speed: None,
        up,
        carrier: has("LOWER_UP"),
        loopback: has("LOOPBACK"),
        point_to_point: has("POINTOPOINT"),
        broadcast: has("BROADCAST"),
        multicast: has("MULTICAST"),
        no_arp: has("NOARP"),
        prefers_temporary: false,
        addresses: entry.addr_info.unwrap_or_default().into_iter().filter_map(|address| address.0).collect(),
        name,
    })
}

/// The prefix for every address of a family.
fn all(family: Family) -> IpNet {
    match family {
        Family::Ipv4 => Ipv4Net::default().into(),
        Family::Ipv6 => Ipv6Net::default().into(),
    }
}

/// A gateway and what stands for one of the other family.
fn gateway(gateway: Option<IpAddr>, via: Option<super::entry::Via>) -> Option<IpAddr> {
    gateway.or(via.map(|via| via.host))
}

fn route(entry: Entry) -> Result<Route, String> {
    let flags = entry.flags.unwrap_or_default();
    // A gateway of the other family is written as `via`; any other is of the destination's.
    let hops = entry.nexthops.unwrap_or_default();
    let told = [entry.gateway, entry.prefsrc].into_iter().chain(hops.iter().map(|hop| hop.gateway)).flatten().next().map(Family::of);
    let destination = match entry.dst {
        Some(Prefix::Of(prefix)) => prefix,
        // Preferences are IPv6's alone, and printed of each of its routes.
        Some(Prefix::All) | None => all(told.unwrap_or(if entry.pref.is_some() { Family::Ipv6 } else { Family::Ipv4 })),
    };
    let family = Family::of(destination.addr());
    if let Some(gateway) = entry.gateway.filter(|gateway| Family::of(*gateway) != family) {
        return Err(format!("a gateway of the family of {destination} was expected, found {gateway}"));
    }
    let next_hop = |gateway, interface, weight, flags: &[String]| NextHop {
        gateway,
        interface,
        weight,
        dead: flags.iter().any(|flag| flag == "dead"),
        link_down: flags.iter().any(|flag| flag == "linkdown"),
        on_link: flags.iter().any(|flag| flag == "onlink"),
    };
    let kind = entry.kind.unwrap_or_default();
    let refuses = matches!(kind, RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit | RouteKind::Throw);
    let only = next_hop(gateway(entry.gateway, entry.via), entry.dev, 0, &flags);
    let next_hops = match (refuses, hops.is_empty()) {
        // IPv6 says of those that they are on `lo`.
        (true, _) => Vec::new(),
        (false, true) if only.gateway.is_none() && only.interface.is_none() => Vec::new(),
        (false, true) => vec![only],
        (false, false) => {
            let hop = |hop: HopEntry| next_hop(gateway(hop.gateway, hop.via), hop.dev, hop.weight.unwrap_or(1), &hop.flags);
            hops.into_iter().map(hop).collect()
        }
    };
    let from = match entry.from {
        Some(Prefix::Of(prefix)) if prefix.prefix_len() > 0 => Some(prefix),
        Some(_) | None => None,
    };
    Ok(Route {
        destination,
        from,
        kind,
        table: entry.table.unwrap_or_default(),
        type_of_service: entry.tos.map(|Word(service)| service),
        metric: entry.metric.unwrap_or_default(),
        scope: entry.scope.unwrap_or_default(),
        protocol: Some(entry.protocol.map_or_else(|| "boot".to_owned(), |Word(name)| name)),
        preferred_source: entry.prefsrc,
        mtu: entry.metrics.unwrap_or_default().into_iter().find_map(|metric| metric.mtu),
        preference: entry.pref.unwrap_or_default(),
        next_hops,
    })
}

fn neighbour(entry: Entry) -> Result<Option<Neighbour>, String> {
    let Some(Prefix::Of(prefix)) = entry.dst else {
        return Err("the address of a neighbour (dst) was expected, found none".to_owned());
    };
    let Some(interface) = entry.dev else {
        return Err(format!("the interface (dev) of the neighbour {} was expected, found none", prefix.addr()));
    };
    let state = entry.state.unwrap_or_default().first().copied().unwrap_or_default();
    Ok(Some(Neighbour { address: prefix.addr(), interface, link_address: entry.lladdr, state, router: entry.router }))
}

fn check_lengths(entry: &Entry) -> Result<(), String> {
    for (prefix, length) in [(entry.src, entry.srclen), (entry.dst, entry.dstlen)] {
        if let (Some(Prefix::Of(prefix)), Some(length)) = (prefix, length)
            && length > prefix.max_prefix_len()
        {
            return Err(format!("a prefix length up to {} was expected, found {length}", prefix.max_prefix_len()));
        }
    }
    Ok(())
}

/// Of which family the rules of one listing are, which no rule says: a prefix tells it; else only IPv4 has the table default at the end.
fn family_of_rules(rules: &[Entry]) -> Family {
    let prefixes = rules.iter().flat_map(|rule| [rule.src, rule.dst]).flatten();
    let told = prefixes.filter_map(|prefix| match prefix {
        Prefix::Of(prefix) => Some(Family::of(prefix.addr())),
        Prefix::All => None,
    });
    let is_last = |rule: &Entry| rule.table == Some(Table::Default);
    let otherwise = if rules.iter().any(is_last) { Family::Ipv4 } else { Family::Ipv6 };
    told.into_iter().next().unwrap_or(otherwise)
}

fn rule(entry: Entry, family: Family) -> Rule {
    let prefix = |prefix: Option<Prefix>, length: Option<u8>| match prefix {
        Some(Prefix::Of(prefix)) => {
            length.map_or(Some(prefix), |length| IpNet::new(prefix.addr(), length).ok()).map(|prefix| prefix.trunc())
        }
        Some(Prefix::All) | None => None,
    };
    let conditions = [
        ("fwmark", entry.fwmark.is_some()),
        ("tos", entry.tos.is_some()),
        ("uidrange", entry.uid_start.is_some()),
        ("ipproto", entry.ipproto.is_some()),
        ("sport", entry.sport.is_some() || entry.sport_start.is_some()),
        ("dport", entry.dport.is_some() || entry.dport_start.is_some()),
        ("tun_id", entry.tun_id.is_some()),
        ("l3mdev", entry.l3mdev),
        ("suppress_ifgroup", entry.suppress_ifgroup.is_some()),
    ];
    let action = entry.action.map(|Word(word)| word);
    let action = match (action.as_deref(), entry.goto, entry.table) {
        (Some("blackhole"), ..) => Action::Blackhole,
        (Some("unreachable"), ..) => Action::Unreachable,
        (Some("prohibit"), ..) => Action::Prohibit,
        (_, Some(Word(priority)), _) => priority.parse().map_or(Action::Nop, Action::Goto),
        (Some("nop"), ..) => Action::Nop,
        (_, None, Some(table)) => Action::Table(table),
        (_, None, None) => Action::Nop,
    };
    Rule {
        family,
        priority: entry.priority.unwrap_or_default(),
        from: prefix(entry.src, entry.srclen),
        to: prefix(entry.dst, entry.dstlen),
        incoming: entry.iif,
        outgoing: entry.oif,
        inverted: entry.not,
        other_conditions: conditions.iter().filter(|(_, there)| *there).map(|(word, _)| (*word).to_owned()).collect(),
        action,
        suppressed_prefix_length: entry.suppress_prefixlen,
    }
}
