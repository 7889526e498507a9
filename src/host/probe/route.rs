//! Routes, rules, and the kernel's own answer.

use super::super::{Action, Cast, Family, Host, NextHop, Preference, Query, Refusal, Route, RouteKind, Rule, Scope, Table, Verdict};
use super::netlink::Kernel;
use super::{KernelAnswer, ProbeError};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use netlink_packet_route::AddressFamily;
use netlink_packet_route::RouteNetlinkMessage as Message;
use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteFlags, RouteMessage, RouteMetric, RouteNextHopFlags, RoutePreference, RouteVia,
};
use netlink_packet_route::rule::{RuleAction, RuleAttribute, RuleFlags, RuleMessage};
use std::io::ErrorKind;
use std::net::IpAddr;

const FAMILIES: [(Family, AddressFamily); 2] = [(Family::Ipv4, AddressFamily::Inet), (Family::Ipv6, AddressFamily::Inet6)];

/// Reads the routes of all tables.
pub(super) fn routes(kernel: &mut Kernel, host: &mut Host) -> Result<(), ProbeError> {
    for (family, number) in FAMILIES {
        let mut question = RouteMessage::default();
        question.header.address_family = number;
        let messages = match kernel.dump("routes", &Message::GetRoute(question)) {
            // A kernel without IPv6 knows no such routes.
            Err(ProbeError::Kernel { source, .. }) if family == Family::Ipv6 && is_without(&source) => continue,
            messages => messages?,
        };
        for message in messages {
            if let Message::NewRoute(message) = message
                && message.header.address_family == number
                && !message.header.flags.contains(RouteFlags::Cloned)
                && let Some(route) = route(&message, family, host)
            {
                host.routes.push(route);
            }
        }
    }
    Ok(())
}

/// Whether an error says that there is no such family.
fn is_without(error: &std::io::Error) -> bool {
    const NOT_SUPPORTED: [i32; 2] = [95, 97];
    error.kind() == ErrorKind::Unsupported || error.raw_os_error().is_some_and(|number| NOT_SUPPORTED.contains(&number))
}

fn ip(address: &RouteAddress) -> Option<IpAddr> {
    match address {
        RouteAddress::Inet(address) => Some(IpAddr::V4(*address)),
        RouteAddress::Inet6(address) => Some(IpAddr::V6(*address)),
        _ => None,
    }
}

/// The gateway that an attribute names.
fn gateway(attribute: &RouteAttribute) -> Option<IpAddr> {
    match attribute {
        RouteAttribute::Gateway(address) => ip(address),
        RouteAttribute::Via(RouteVia::Inet(address)) => Some(IpAddr::V4(*address)),
        RouteAttribute::Via(RouteVia::Inet6(address)) => Some(IpAddr::V6(*address)),
        _ => None,
    }
}

/// The name of an interface, or its number where it has none any more.
fn interface(index: u32, host: &Host) -> String {
    host.interface_by_index(index).map_or_else(|| format!("if{index}"), |interface| interface.name.clone())
}

fn kind(number: u8) -> Option<RouteKind> {
    Some(match number {
        1 => RouteKind::Unicast,
        2 => RouteKind::Local,
        3 => RouteKind::Broadcast,
        4 => RouteKind::Anycast,
        5 => RouteKind::Multicast,
        6 => RouteKind::Blackhole,
        7 => RouteKind::Unreachable,
        8 => RouteKind::Prohibit,
        9 => RouteKind::Throw,
        10 => RouteKind::Nat,
        _ => return None,
    })
}

/// The names of `rt_protos`, as `ip` prints them.
fn protocol(number: u8) -> String {
    const NAMES: [(u8, &str); 19] = [
        (1, "redirect"),
        (2, "kernel"),
        (3, "boot"),
        (4, "static"),
        (8, "gated"),
        (9, "ra"),
        (10, "mrt"),
        (11, "zebra"),
        (12, "bird"),
        (14, "xorp"),
        (15, "ntk"),
        (16, "dhcp"),
        (18, "keepalived"),
        (42, "babel"),
        (186, "bgp"),
        (187, "isis"),
        (188, "ospf"),
        (189, "rip"),
        (192, "eigrp"),
    ];
    NAMES.iter().find(|(known, _)| *known == number).map_or_else(|| number.to_string(), |(_, name)| (*name).to_owned())
}

fn net(address: Option<IpAddr>, length: u8, family: Family) -> Option<IpNet> {
    let address = address.unwrap_or(match family {
        Family::Ipv4 => Ipv4Net::default().addr().into(),
        Family::Ipv6 => Ipv6Net::default().addr().into(),
    });
    IpNet::new(address, length).ok().map(|net| net.trunc())
}

fn route(message: &RouteMessage, family: Family, host: &Host) -> Option<Route> {
    let header = &message.header;
    let (mut destination, mut from) = (None, None);
    let (mut hop, mut hops) = (NextHop::default(), Vec::new());
    let mut route = Route::of_kind(net(None, 0, family)?, kind(header.kind.into())?);
    route.table = Table::of_number(header.table.into());
    route.scope = Scope(header.scope.into());
    route.protocol = Some(protocol(header.protocol.into()));
    route.type_of_service = Some(header.tos).filter(|service| *service != 0).map(|service| format!("{service:#04x}"));
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(address) => destination = ip(address),
            RouteAttribute::Source(address) => from = ip(address),
            RouteAttribute::Gateway(_) | RouteAttribute::Via(_) => hop.gateway = gateway(attribute),
            RouteAttribute::Oif(index) => hop.interface = Some(interface(*index, host)),
            RouteAttribute::Priority(metric) => route.metric = *metric,
            RouteAttribute::PrefSource(address) => route.preferred_source = ip(address),
            RouteAttribute::Table(number) => route.table = Table::of_number(*number),
            RouteAttribute::Preference(preference) => {
                route.preference = match preference {
                    RoutePreference::Low => Preference::Low,
                    RoutePreference::High => Preference::High,
                    _ => Preference::Medium,
                }
            }
            RouteAttribute::Metrics(metrics) => {
                route.mtu = metrics.iter().find_map(|metric| if let RouteMetric::Mtu(mtu) = metric { Some(*mtu) } else { None });
            }
            RouteAttribute::MultiPath(several) => {
                hops = several
                    .iter()
                    .map(|hop| NextHop {
                        gateway: hop.attributes.iter().find_map(gateway),
                        interface: Some(interface(hop.interface_index, host)),
                        weight: u16::from(hop.hops) + 1,
                        dead: hop.flags.contains(RouteNextHopFlags::Dead),
                        link_down: hop.flags.contains(RouteNextHopFlags::Linkdown),
                        on_link: hop.flags.contains(RouteNextHopFlags::Onlink),
                    })
                    .collect();
            }
            _ => {}
        }
    }
    route.destination = net(destination, header.destination_prefix_length, family)?;
    route.from = net(from, header.source_prefix_length, family).filter(|from| from.prefix_len() > 0);
    hop.dead = header.flags.contains(RouteFlags::Dead);
    hop.link_down = header.flags.contains(RouteFlags::Linkdown);
    hop.on_link = header.flags.contains(RouteFlags::Onlink);
    let refuses = matches!(route.kind, RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit | RouteKind::Throw);
    route.next_hops = match (refuses, hops.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) if hop.interface.is_none() && hop.gateway.is_none() => Vec::new(),
        (false, true) => vec![hop],
        (false, false) => hops,
    };
    Some(route)
}

/// Reads the rules.
pub(super) fn rules(kernel: &mut Kernel, host: &mut Host) -> Result<(), ProbeError> {
    for (family, number) in FAMILIES {
        let mut question = RuleMessage::default();
        question.header.family = number;
        let messages = match kernel.dump("rules", &Message::GetRule(question)) {
            // A kernel without policy routing has no rules: the usual tables are asked.
            Err(ProbeError::Kernel { source, .. }) if is_without(&source) => continue,
            messages => messages?,
        };
        for message in messages {
            if let Message::NewRule(message) = message
                && message.header.family == number
            {
                host.rules.extend(rule(&message, family));
            }
        }
    }
    Ok(())
}

fn rule(message: &RuleMessage, family: Family) -> Option<Rule> {
    let header = &message.header;
    let mut table = Table::of_number(header.table.into());
    let mut goto = None;
    let mut rule = Rule::new(family, 0, Action::Nop);
    rule.inverted = header.flags.contains(RuleFlags::Invert);
    let mut conditions: Vec<&str> = Vec::new();
    if header.tos != 0 {
        conditions.push("tos");
    }
    for attribute in &message.attributes {
        match attribute {
            RuleAttribute::Priority(priority) => rule.priority = *priority,
            RuleAttribute::Source(address) => rule.from = net(Some(*address), header.src_len, family),
            RuleAttribute::Destination(address) => rule.to = net(Some(*address), header.dst_len, family),
            RuleAttribute::Iifname(name) => rule.incoming = Some(name.clone()),
            RuleAttribute::Oifname(name) => rule.outgoing = Some(name.clone()),
            RuleAttribute::Table(number) => table = Table::of_number(*number),
            RuleAttribute::Goto(priority) => goto = Some(*priority),
            RuleAttribute::SuppressPrefixLen(length) => {
                rule.suppressed_prefix_length = u8::try_from(*length).ok().filter(|_| *length <= 128)
            }
            RuleAttribute::FwMark(_) => conditions.push("fwmark"),
            RuleAttribute::TunId(_) => conditions.push("tun_id"),
            RuleAttribute::L3MDev(true) => conditions.push("l3mdev"),
            RuleAttribute::UidRange(_) => conditions.push("uidrange"),
            RuleAttribute::IpProtocol(_) => conditions.push("ipproto"),
            RuleAttribute::SourcePortRange(_) => conditions.push("sport"),
            RuleAttribute::DestinationPortRange(_) => conditions.push("dport"),
            RuleAttribute::SuppressIfGroup(group) if *group != u32::MAX => conditions.push("suppress_ifgroup"),
            _ => {}
        }
    }
    rule.other_conditions = conditions.into_iter().map(str::to_owned).collect();
    rule.action = match (header.action, goto) {
        (RuleAction::ToTable, _) => Action::Table(table),
        (RuleAction::Goto, Some(priority)) => Action::Goto(priority),
        (RuleAction::Blackhole, _) => Action::Blackhole,
        (RuleAction::Unreachable, _) => Action::Unreachable,
        (RuleAction::Prohibit, _) => Action::Prohibit,
        (RuleAction::Nop | RuleAction::Goto, _) => Action::Nop,
        _ => return None,
    };
    Some(rule)
}

/// Asks the kernel where it would send a packet.
pub(super) fn answer(kernel: &mut Kernel, host: &Host, query: &Query) -> Result<KernelAnswer, ProbeError> {
    const WHAT: &str = "the way to an address";
    let mut question = RouteMessage::default();
    let (family, length) = if query.destination.is_ipv4() { (AddressFamily::Inet, 32) } else { (AddressFamily::Inet6, 128) };
    question.header.address_family = family;
    question.header.destination_prefix_length = length;
    question.attributes.push(RouteAttribute::Destination(query.destination.into()));
    if let Some(source) = query.source {
        question.header.source_prefix_length = length;
        question.attributes.push(RouteAttribute::Source(source.into()));
    }
    if let Some(interface) = query.interface.as_deref().and_then(|name| host.interface(name)) {
        question.attributes.push(RouteAttribute::Oif(interface.index));
    }
    let message = match kernel.get(WHAT, Message::GetRoute(question)) {
        Ok(Some(Message::NewRoute(message))) => message,
        Ok(_) => return Err(ProbeError::Strange { what: WHAT, problem: "it is no route".to_owned() }),
        Err(ProbeError::Kernel { what, source }) => {
            return match refusal(source.kind()) {
                Some(refusal) => {
                    let verdict = Verdict::Refused(refusal);
                    Ok(KernelAnswer { verdict, cast: Cast::Unicast, interface: None, source: None })
                }
                None => Err(ProbeError::Kernel { what, source }),
            };
        }
        Err(error) => return Err(error),
    };
    let kind = kind(message.header.kind.into()).unwrap_or_default();
    let mut answer = KernelAnswer { verdict: Verdict::Attached, cast: Cast::Unicast, interface: None, source: query.source };
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Gateway(_) | RouteAttribute::Via(_) => {
                answer.verdict = gateway(attribute).map_or(answer.verdict, Verdict::Gateway);
            }
            RouteAttribute::Oif(index) => answer.interface = Some(interface(*index, host)),
            // Of a packet that has its source IPv6 says another all the same.
            RouteAttribute::PrefSource(address) if query.source.is_none() => answer.source = ip(address),
            _ => {}
        }
    }
    match kind {
        RouteKind::Local => answer.verdict = Verdict::Own,
        RouteKind::Broadcast => answer.cast = Cast::Broadcast,
        RouteKind::Multicast => answer.cast = Cast::Multicast,
        RouteKind::Anycast => {
            answer.cast = Cast::Anycast;
            answer.verdict = Verdict::Own;
        }
        RouteKind::Blackhole => answer.verdict = Verdict::Refused(Refusal::Blackhole),
        RouteKind::Unreachable => answer.verdict = Verdict::Refused(Refusal::Unreachable),
        RouteKind::Prohibit => answer.verdict = Verdict::Refused(Refusal::Prohibit),
        RouteKind::Throw | RouteKind::Nat => answer.verdict = Verdict::Refused(Refusal::NoRoute),
        RouteKind::Unicast => {}
    }
    Ok(answer)
}

/// What an error of the kernel means, where it is an answer.
fn refusal(kind: ErrorKind) -> Option<Refusal> {
    match kind {
        ErrorKind::NetworkUnreachable => Some(Refusal::NoRoute),
        ErrorKind::HostUnreachable => Some(Refusal::Unreachable),
        ErrorKind::PermissionDenied => Some(Refusal::Prohibit),
        ErrorKind::InvalidInput => Some(Refusal::Blackhole),
        _ => None,
    }
}
