//! What a machine knows of the network, as a table for people.

use super::escape::push_text;
use super::style::{Palette, Role};
use crate::host::{Family, Host, Interface, NeighbourState, NextHop, Preference, Route, RouteKind, Rule, Scope, Table};

/// Appends the machine as text: its interfaces, routes, rules, neighbours and names.
pub fn push(out: &mut Vec<u8>, host: &Host, palette: &Palette) {
    if host.name.is_some() || host.system.is_some() {
        let parts: Vec<&str> = [host.name.as_deref(), host.system.as_deref()].into_iter().flatten().collect();
        push_cells(out, &[parts.join(", ")], &[0]);
        out.push(b'\n');
    }
    heading(out, "Interfaces", palette);
    host.interfaces.iter().for_each(|interface| push_interface(out, interface, palette));
    push_routes(out, host, palette);
    push_rules(out, host, palette);
    push_neighbours(out, host, palette);
    push_names(out, host, palette);
}

fn heading(out: &mut Vec<u8>, text: &str, palette: &Palette) {
    palette.paint(out, Role::Network, |out| out.extend_from_slice(text.as_bytes()));
    out.push(b'\n');
}

/// A line of cells, each padded to the width of its column. What a machine calls its things is shown, not obeyed.
fn push_cells(out: &mut Vec<u8>, cells: &[String], widths: &[usize]) {
    let start = out.len();
    for (place, cell) in cells.iter().enumerate() {
        let begin = out.len();
        push_text(out, cell.as_bytes());
        let written = out.len() - begin;
        if place + 1 < cells.len() {
            out.resize(out.len() + (widths.get(place).copied().unwrap_or_default()).saturating_sub(written) + 2, b' ');
        }
    }
    while out.len() > start && out.last() == Some(&b' ') {
        out.pop();
    }
    out.push(b'\n');
}

/// Lines of cells under each other, indented.
fn push_columns(out: &mut Vec<u8>, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        out.extend_from_slice(b"  ");
        push_cells(out, row, &widths);
    }
}

fn push_interface(out: &mut Vec<u8>, interface: &Interface, palette: &Palette) {
    let mut parts = vec![interface.name.clone()];
    parts.extend(interface.kind.clone());
    parts.extend(interface.link_address.as_ref().map(ToString::to_string));
    if interface.mtu > 0 {
        parts.push(format!("MTU {} bytes", interface.mtu));
    }
    parts.extend(interface.speed.map(speed));
    parts.push(if interface.up { "up" } else { "down" }.to_owned());
    if interface.up && !interface.carrier && !interface.loopback {
        parts.push("no carrier".to_owned());
    }
    for (set, word) in [(interface.point_to_point, "point to point"), (interface.no_arp, "without ARP")] {
        if set {
            parts.push(word.to_owned());
        }
    }
    out.extend_from_slice(b"  ");
    push_cells(out, &[parts.join(", ")], &[0]);
    for own in &interface.addresses {
        let mut said =
            own.peer.map_or_else(|| own.prefix.to_string(), |peer| format!("{}, peer {peer}/{}", own.address(), own.prefix.prefix_len()));
        if own.scope != Scope::GLOBAL {
            said += &format!(", scope {}", own.scope);
        }
        let marks =
            [(own.secondary, "secondary"), (own.temporary, "temporary"), (own.deprecated, "deprecated"), (own.tentative, "tentative")];
        for (_, mark) in marks.iter().filter(|(set, _)| *set) {
            said += &format!(", {mark}");
        }
        palette.paint(out, Role::Address, |out| {
            out.extend_from_slice(b"      ");
            push_cells(out, &[said], &[0]);
        });
    }
}

fn speed(bits: u64) -> String {
    const GIGA: u64 = 1_000_000_000;
    if bits.is_multiple_of(GIGA) { format!("{} Gbit/s", bits / GIGA) } else { format!("{} Mbit/s", bits / 1_000_000) }
}

/// The routes, table by table. Those that the kernel keeps for the machine's own addresses are only counted: the addresses tell them.
fn push_routes(out: &mut Vec<u8>, host: &Host, palette: &Palette) {
    let mut tables: Vec<&Table> = Vec::new();
    for route in &host.routes {
        if route.table != Table::Local && !tables.contains(&&route.table) {
            tables.push(&route.table);
        }
    }
    for (family, title) in [(Family::Ipv4, "IPv4"), (Family::Ipv6, "IPv6")] {
        for table in &tables {
            let routes: Vec<&Route> = host.routes.iter().filter(|route| route.table == **table && route.family() == family).collect();
            if routes.is_empty() {
                continue;
            }
            let name = if **table == Table::Main { String::new() } else { format!(", table {table}") };
            heading(out, &super::escape::text(format!("{title} routes{name}").as_bytes()), palette);
            let rows: Vec<Vec<String>> = routes.into_iter().flat_map(route_rows).collect();
            push_columns(out, &rows);
        }
    }
    let own = host.routes.iter().filter(|route| route.table == Table::Local).count();
    if own > 0 {
        palette.paint(out, Role::Dim, |out| {
            out.extend_from_slice(
                format!("  and {own} in the table local, for the machine's own addresses, broadcasts and groups (--json shows them)\n")
                    .as_bytes(),
            );
        });
    }
}

/// A row for a route, and one more for each further next hop.
fn route_rows(route: &Route) -> Vec<Vec<String>> {
    let destination = if route.is_default() { "default".to_owned() } else { route.destination.to_string() };
    let mut details = Vec::new();
    if route.metric > 0 {
        details.push(format!("metric {}", route.metric));
    }
    details.extend(route.preferred_source.map(|source| format!("source {source}")));
    details.extend(route.from.map(|from| format!("for sources in {from}")));
    details.extend(route.mtu.map(|mtu| format!("MTU {mtu} bytes")));
    if route.preference != Preference::Medium {
        details.push(format!("preference {}", route.preference));
    }
    details.extend(
        route.protocol.as_ref().filter(|protocol| *protocol != "kernel" && *protocol != "boot").map(|protocol| format!("by {protocol}")),
    );
    let Some((first, others)) = route.next_hops.split_first() else {
        return vec![vec![destination, kind(route.kind).to_owned(), String::new(), details.join(", ")]];
    };
    let share = |hop: &NextHop| (!others.is_empty()).then(|| format!("weight {}", hop.weight.max(1)));
    let details: Vec<String> = share(first).into_iter().chain(details).collect();
    let mut rows = vec![vec![destination, way(route, first), interface(first), details.join(", ")]];
    rows.extend(others.iter().map(|hop| vec![String::new(), way(route, hop), interface(hop), share(hop).unwrap_or_default()]));
    rows
}

fn way(route: &Route, hop: &NextHop) -> String {
    hop.gateway.map_or_else(|| kind(route.kind).to_owned(), |gateway| format!("via {gateway}"))
}

fn interface(hop: &NextHop) -> String {
    let state = match (hop.dead, hop.link_down) {
        (true, _) => " (dead)",
        (false, true) => " (no carrier)",
        (false, false) => "",
    };
    hop.interface.as_ref().map(|interface| format!("{interface}{state}")).unwrap_or_default()
}

fn kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Unicast => "on the link",
        RouteKind::Local
        | RouteKind::Broadcast
        | RouteKind::Anycast
        | RouteKind::Multicast
        | RouteKind::Blackhole
        | RouteKind::Unreachable
        | RouteKind::Prohibit
        | RouteKind::Throw
        | RouteKind::Nat => kind.word(),
    }
}

/// The rules, where they are not those that every machine begins with.
fn push_rules(out: &mut Vec<u8>, host: &Host, palette: &Palette) {
    let unusual = |family: Family| {
        let rules: Vec<&Rule> = host.rules.iter().filter(|rule| rule.family == family).collect();
        let usual = Rule::usual(family);
        if rules.iter().copied().eq(&usual) { Vec::new() } else { rules }
    };
    for (family, title) in [(Family::Ipv4, "IPv4 rules"), (Family::Ipv6, "IPv6 rules")] {
        let rules = unusual(family);
        if rules.is_empty() {
            continue;
        }
        heading(out, title, palette);
        let rows: Vec<Vec<String>> = rules.into_iter().map(|rule| vec![rule.priority.to_string(), condition(rule), action(rule)]).collect();
        push_columns(out, &rows);
    }
}

fn condition(rule: &Rule) -> String {
    let mut parts = Vec::new();
    parts.extend(rule.from.map(|from| format!("from {from}")));
    parts.extend(rule.to.map(|to| format!("to {to}")));
    parts.extend(rule.incoming.as_ref().map(|name| format!("coming in by {name}")));
    parts.extend(rule.outgoing.as_ref().map(|name| format!("bound to {name}")));
    parts.extend(rule.other_conditions.iter().map(|word| format!("by {word}")));
    let said = if parts.is_empty() { "all".to_owned() } else { parts.join(" ") };
    if rule.inverted { format!("not {said}") } else { said }
}

fn action(rule: &Rule) -> String {
    use crate::host::Action;
    let passed = rule.suppressed_prefix_length.map(|length| format!(", but prefixes of {length} bits or less")).unwrap_or_default();
    match &rule.action {
        Action::Table(table) => format!("table {table}{passed}"),
        Action::Goto(priority) => format!("go on at {priority}"),
        Action::Nop => "nothing".to_owned(),
        Action::Blackhole => "blackhole".to_owned(),
        Action::Unreachable => "unreachable".to_owned(),
        Action::Prohibit => "prohibit".to_owned(),
    }
}

fn push_neighbours(out: &mut Vec<u8>, host: &Host, palette: &Palette) {
    if host.neighbours.is_empty() {
        return;
    }
    heading(out, "Neighbours", palette);
    let rows: Vec<Vec<String>> = host
        .neighbours
        .iter()
        .map(|neighbour| {
            let link_address = neighbour.link_address.as_ref().map_or_else(|| "no answer".to_owned(), ToString::to_string);
            let state = if neighbour.state == NeighbourState::None { String::new() } else { neighbour.state.word().to_lowercase() };
            let router = if neighbour.router { ", router" } else { "" };
            vec![neighbour.address.to_string(), link_address, neighbour.interface.clone(), format!("{state}{router}")]
        })
        .collect();
    push_columns(out, &rows);
}

fn push_names(out: &mut Vec<u8>, host: &Host, palette: &Palette) {
    if host.names.is_empty() {
        return;
    }
    heading(out, "Names", palette);
    let rows: Vec<Vec<String>> = host.names.iter().map(|named| vec![named.address.to_string(), named.names.join(" ")]).collect();
    push_columns(out, &rows);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::file;

    #[test]
    fn a_machine_is_shown_with_its_parts() {
        let host = file::parse(
            "test",
            r#"[{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","UP","LOWER_UP"],"mtu":1500,"link_type":"ether","address":"02:00:00:00:00:01",
                 "addr_info":[{"local":"192.168.1.11","prefixlen":24,"scope":"global"},{"local":"fe80::1","prefixlen":64,"scope":"link"}]}]
               [{"dst":"default","gateway":"192.168.1.1","dev":"eth0","metric":100,"protocol":"dhcp"},{"dst":"10.0.0.0/8","nexthops":[
                 {"gateway":"192.168.1.2","dev":"eth0","weight":2},{"gateway":"192.168.1.3","dev":"eth0","weight":1}]},
                {"type":"blackhole","dst":"10.9.0.0/16"},{"type":"local","table":"local","dst":"192.168.1.11","dev":"eth0"}]
               [{"dst":"192.168.1.1","dev":"eth0\u001b[2J","lladdr":"02:00:00:00:00:09","state":["REACHABLE"]}]"#,
        )
        .unwrap();
        let mut out = Vec::new();
        push(&mut out, &host, &Palette::plain());
        let expected = "\
Interfaces
  eth0, ether, 02:00:00:00:00:01, MTU 1500 bytes, up
      192.168.1.11/24
      fe80::1/64, scope link
IPv4 routes
  default      via 192.168.1.1  eth0  metric 100, by dhcp
  10.0.0.0/8   via 192.168.1.2  eth0  weight 2
               via 192.168.1.3  eth0  weight 1
  10.9.0.0/16  blackhole
  and 1 in the table local, for the machine's own addresses, broadcasts and groups (--json shows them)
Neighbours
  192.168.1.1  02:00:00:00:00:09  eth0\\x1b[2J  reachable
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
