//! The routes that the kernel makes for addresses, for machines of which only the addresses are known.

use super::super::{Address, Family, Host, Interface, NextHop, Route, RouteKind, Scope, Table};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The metric of routes that Linux makes for IPv6 addresses.
const METRIC: u32 = 256;

/// The routes of a family's addresses that are not known: those of the machine's own addresses where none is known, and those of its
/// subnets where no route at all is.
pub(super) fn routes(host: &Host, family: Family) -> Vec<Route> {
    let known = || host.routes.iter().filter(|route| route.family() == family);
    let knows_local = known().any(|route| route.table == Table::Local);
    let knows_any = known().next().is_some();
    let mut routes = Vec::new();
    if !knows_local {
        for interface in &host.interfaces {
            of_machine(interface, family, &mut routes);
        }
    }
    if !knows_any {
        for interface in host.interfaces.iter().filter(|interface| interface.up) {
            of_subnets(interface, family, &mut routes);
        }
    }
    routes
}

fn addresses(interface: &Interface, family: Family) -> impl Iterator<Item = &Address> {
    interface.addresses.iter().filter(move |address| Family::of(address.address()) == family)
}

fn route(destination: IpNet, kind: RouteKind, interface: &Interface) -> Route {
    let way = NextHop { interface: Some(interface.name.clone()), ..NextHop::default() };
    Route { next_hops: vec![way], protocol: Some("kernel".to_owned()), ..Route::of_kind(destination, kind) }
}

/// The address that packets for a subnet begin from: the first of its addresses.
fn primary(interface: &Interface, address: &Address) -> IpAddr {
    let mut same = interface.addresses.iter().filter(|other| other.network() == address.network());
    same.next().unwrap_or(address).address()
}

/// Those of the table local.
fn of_machine(interface: &Interface, family: Family, routes: &mut Vec<Route>) {
    let local = |route: Route| Route { table: Table::Local, ..route };
    for address in addresses(interface, family) {
        let own = route(address.address().into(), RouteKind::Local, interface);
        let network = address.network();
        match family {
            Family::Ipv4 => {
                let source = Some(primary(interface, address));
                routes.push(local(Route { scope: Scope::HOST, preferred_source: source, ..own }));
                if interface.loopback && network.prefix_len() < 32 {
                    let all = route(network, RouteKind::Local, interface);
                    routes.push(local(Route { scope: Scope::HOST, preferred_source: source, ..all }));
                }
                let directed = (network.prefix_len() < 31).then(|| network.broadcast());
                let named = address.broadcast.filter(|broadcast| *broadcast != Ipv4Addr::BROADCAST).map(IpAddr::V4);
                for broadcast in directed.into_iter().chain(named.filter(|named| Some(*named) != directed)) {
                    let all = route(broadcast.into(), RouteKind::Broadcast, interface);
                    routes.push(local(Route { scope: Scope::LINK, preferred_source: source, ..all }));
                }
            }
            Family::Ipv6 => routes.push(local(own)),
        }
    }
    let has_groups = family == Family::Ipv6 && interface.up && !interface.loopback && addresses(interface, family).next().is_some();
    if let (true, Ok(groups)) = (has_groups, IpNet::new(Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0).into(), 8)) {
        routes.push(local(Route { metric: METRIC, ..route(groups, RouteKind::Multicast, interface) }));
    }
}

/// Those of the table main.
fn of_subnets(interface: &Interface, family: Family, routes: &mut Vec<Route>) {
    for address in addresses(interface, family) {
        let network = address.network();
        let is_alone = network.prefix_len() == network.max_prefix_len() && address.peer.is_none();
        if is_alone || interface.loopback || address.secondary {
            continue;
        }
        let subnet = route(network, RouteKind::Unicast, interface);
        let route = match family {
            Family::Ipv4 => Route { scope: Scope::LINK, preferred_source: Some(address.address()), ..subnet },
            Family::Ipv6 => Route { metric: METRIC, ..subnet },
        };
        if !routes.contains(&route) {
            routes.push(route);
        }
    }
}
