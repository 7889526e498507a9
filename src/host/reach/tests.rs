use super::super::{Action, Address, Interface, Neighbour, Scope, Table};
use super::*;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use proptest::collection::vec;
use proptest::prelude::*;

fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn interface(index: u32, name: &str, prefixes: &[&str]) -> Interface {
    let addresses = prefixes.iter().map(|prefix| Address::new(net(prefix))).collect();
    Interface { index, name: name.to_owned(), mtu: 1500, up: true, addresses, ..Interface::default() }
}

fn by(gateway: Option<&str>, interface: &str) -> NextHop {
    NextHop { gateway: gateway.map(address), interface: Some(interface.to_owned()), ..NextHop::default() }
}

/// Two interfaces, and a default route through a gateway on the first.
fn host() -> Host {
    let loopback = Interface { loopback: true, mtu: 65536, ..interface(1, "lo", &["127.0.0.1/8", "::1/128"]) };
    let mut host = Host {
        interfaces: vec![
            Interface { addresses: loopback.addresses.into_iter().map(|own| Address { scope: Scope::HOST, ..own }).collect(), ..loopback },
            interface(2, "eth0", &["192.168.1.11/24", "fd00:1::b/64", "fe80::b/64"]),
            interface(3, "eth1", &["10.0.0.11/8"]),
        ],
        ..Host::default()
    };
    host.routes = derived::routes(&host, Family::Ipv4);
    host.routes.extend(derived::routes(&host, Family::Ipv6));
    host.routes.push(Route::new(net("0.0.0.0/0"), by(Some("192.168.1.1"), "eth0")));
    host.routes.push(Route::new(net("::/0"), by(Some("fe80::1"), "eth0")));
    host
}

#[test]
fn the_three_rules() {
    let host = host();
    let reach = host.reach(address("192.168.1.11"));
    assert_eq!((reach.verdict, reach.interface.as_deref()), (Verdict::Own, Some("lo")));
    let reach = host.reach(address("192.168.1.7"));
    assert_eq!((reach.verdict, reach.interface.as_deref()), (Verdict::Attached, Some("eth0")));
    assert_eq!(reach.source, Some(address("192.168.1.11")));
    assert_eq!(reach.losers().map(|lost| lost.fate).collect::<Vec<_>>(), [Fate::ShorterPrefix(24)]);
    let reach = host.reach(address("8.8.8.8"));
    assert_eq!(reach.verdict, Verdict::Gateway(address("192.168.1.1")));
    assert_eq!((reach.source, reach.source_reason), (Some(address("192.168.1.11")), SourceReason::Subnet));
    let reach = host.reach(address("2001:db8::1"));
    assert_eq!(reach.verdict, Verdict::Gateway(address("fe80::1")));
    assert_eq!((reach.source, reach.source_reason), (Some(address("fd00:1::b")), SourceReason::Preferred(2)));
}

#[test]
fn groups_and_all() {
    let host = host();
    let reach = host.reach(address("192.168.1.255"));
    assert_eq!((reach.verdict, reach.cast), (Verdict::Attached, Cast::Broadcast));
    assert_eq!(reach.link_address.unwrap().to_string(), "ff:ff:ff:ff:ff:ff");
    let reach = host.reach(address("239.255.1.2"));
    assert_eq!((reach.verdict, reach.cast, reach.next_hop), (Verdict::Attached, Cast::Multicast, Some(address("239.255.1.2"))));
    assert_eq!(reach.link_address.unwrap().to_string(), "01:00:5e:7f:01:02");
    let reach = host.reach(address("ff02::1:ff00:b"));
    assert_eq!(reach.link_address.unwrap().to_string(), "33:33:ff:00:00:0b");
    assert_eq!(reach.source, Some(address("fe80::b")));
    assert_eq!(host.reach(address("255.255.255.255")).cast, Cast::Broadcast);
}

#[test]
fn the_cheapest_of_the_longest_wins_unless_it_is_dead() {
    let mut host = host();
    let to = net("172.16.0.0/12");
    let dear = Route { metric: 20, ..Route::new(to, by(Some("10.0.0.2"), "eth1")) };
    let cheap = Route { metric: 10, ..Route::new(to, by(Some("10.0.0.1"), "eth1")) };
    host.routes.extend([dear, cheap]);
    let reach = host.reach(address("172.16.5.5"));
    assert_eq!(reach.verdict, Verdict::Gateway(address("10.0.0.1")));
    let fates: Vec<Fate> = reach.losers().map(|lost| lost.fate).collect();
    assert_eq!(fates, [Fate::HigherMetric(10), Fate::ShorterPrefix(12)]);
    host.interfaces[2].up = false;
    let reach = host.reach(address("172.16.5.5"));
    assert_eq!(reach.verdict, Verdict::Gateway(address("192.168.1.1")));
    assert_eq!(reach.losers().map(|lost| lost.fate).collect::<Vec<_>>(), [Fate::Dead, Fate::Dead]);
}

#[test]
fn ways_that_share_the_load_lead_a_broadcast_to_their_links() {
    let mut host = host();
    host.routes.retain(|route| route.destination.prefix_len() > 0);
    let ways = vec![by(Some("192.168.1.1"), "eth0"), by(Some("10.0.0.1"), "eth1")];
    host.routes.push(Route { next_hops: ways.clone(), ..Route::new(net("0.0.0.0/0"), NextHop::default()) });
    let other = |destination: &str| host.reach(address(destination)).shared_with;
    assert_eq!(other("8.8.8.8"), [ways[1].clone()]);
    // Their gateways are for neither.
    assert_eq!(other("255.255.255.255"), [by(None, "eth1")]);
    assert_eq!(other("239.255.1.2"), [by(None, "eth1")]);
}

#[test]
fn a_route_for_a_type_of_service_is_not_for_all() {
    let mut host = host();
    let to = net("203.0.113.0/24");
    let service = Route { type_of_service: Some("0x10".to_owned()), ..Route::new(to, by(None, "eth0")) };
    host.routes.extend([service, Route::new(to, by(Some("10.0.0.3"), "eth1"))]);
    let reach = host.reach(address("203.0.113.9"));
    assert_eq!(reach.verdict, Verdict::Gateway(address("10.0.0.3")));
    assert_eq!(reach.losers().map(|lost| lost.fate).collect::<Vec<_>>(), [Fate::OtherService, Fate::ShorterPrefix(24)]);
}

#[test]
fn refusals_are_told_apart() {
    let mut host = host();
    for (prefix, kind) in [
        ("10.1.0.0/16", RouteKind::Blackhole),
        ("10.2.0.0/16", RouteKind::Unreachable),
        ("10.3.0.0/16", RouteKind::Prohibit),
        ("10.4.0.0/16", RouteKind::Throw),
    ] {
        host.routes.push(Route::of_kind(net(prefix), kind));
    }
    let verdict = |destination: &str| host.reach(address(destination)).verdict;
    assert_eq!(verdict("10.1.0.1"), Verdict::Refused(Refusal::Blackhole));
    assert_eq!(verdict("10.2.0.1"), Verdict::Refused(Refusal::Unreachable));
    assert_eq!(verdict("10.3.0.1"), Verdict::Refused(Refusal::Prohibit));
    assert_eq!(verdict("10.4.0.1"), Verdict::Refused(Refusal::NoRoute));
    assert_eq!(verdict("10.5.0.1"), Verdict::Attached);
    assert_eq!(Host::default().reach(address("10.1.0.1")).verdict, Verdict::Refused(Refusal::NoRoute));
}

#[test]
fn rules_choose_tables() {
    let mut host = host();
    let vpn = Table::Other("77".to_owned());
    host.routes.push(Route { table: vpn.clone(), ..Route::new(net("0.0.0.0/0"), by(Some("10.0.0.1"), "eth1")) });
    assert_eq!(host.reach(address("8.8.8.8")).losers().map(|lost| lost.fate).collect::<Vec<_>>(), [Fate::TableNotAsked]);
    host.rules = Rule::usual(Family::Ipv4);
    let to = Rule { to: Some(net("8.0.0.0/8")), ..Rule::new(Family::Ipv4, 100, Action::Table(vpn.clone())) };
    let marked = Rule { other_conditions: vec!["fwmark".to_owned()], ..Rule::new(Family::Ipv4, 99, Action::Table(vpn)) };
    host.rules.extend([to.clone(), marked.clone()]);
    let reach = host.reach(address("8.8.8.8"));
    assert_eq!((reach.verdict, reach.rule), (Verdict::Gateway(address("10.0.0.1")), Some(to)));
    assert_eq!(reach.unfollowed, [marked]);
    assert_eq!(host.reach(address("9.9.9.9")).verdict, Verdict::Gateway(address("192.168.1.1")));
    host.rules.push(Rule { to: Some(net("9.9.9.9/32")), ..Rule::new(Family::Ipv4, 98, Action::Prohibit) });
    assert_eq!(host.reach(address("9.9.9.9")).verdict, Verdict::Refused(Refusal::Prohibit));
}

#[test]
fn the_neighbour_of_the_next_hop_is_told() {
    let mut host = host();
    let neighbour = Neighbour {
        address: address("192.168.1.1"),
        interface: "eth0".to_owned(),
        link_address: Some(LinkAddress(vec![2, 0, 0, 0, 0, 1])),
        state: Default::default(),
        router: false,
    };
    host.neighbours.push(neighbour);
    assert_eq!(host.reach(address("8.8.8.8")).link_address.unwrap().to_string(), "02:00:00:00:00:01");
    assert_eq!(host.reach(address("192.168.1.7")).link_address, None);
}

/// RFC 6724 section 10.1: the examples of source selection that Linux's order of rules decides.
#[test]
fn ipv6_sources() {
    let source = |destination: &str, own: &[&str]| {
        let mut host = Host { interfaces: vec![interface(2, "eth0", own)], ..Host::default() };
        host.routes.push(Route::new(net("::/0"), by(Some("fe80::ffff"), "eth0")));
        host.reach(address(destination)).source.unwrap().to_string()
    };
    assert_eq!(source("2001:db8:1::1", &["2001:db8:3::1/64", "fe80::1/64"]), "2001:db8:3::1");
    assert_eq!(source("ff05::1", &["2001:db8:3::1/64", "fe80::1/64"]), "2001:db8:3::1");
    assert_eq!(source("2001:db8:1::1", &["2001:db8:1::1/128", "2001:db8:2::1/64"]), "2001:db8:1::1");
    assert_eq!(source("fe80::9", &["2001:db8:1::1/64", "fe80::1/64"]), "fe80::1");
    assert_eq!(source("2001:db8:1::d5e3", &["2001:db8:2::2/64", "2001:db8:1::2/64"]), "2001:db8:1::2");
    assert_eq!(source("2002:c633:6401::1", &["2001:db8:1::2/64", "2002:c633:6401::d5e3/64"]), "2002:c633:6401::d5e3");
}

fn ipv4_net() -> impl Strategy<Value = IpNet> {
    // Few addresses, so that prefixes lie in each other.
    (0_u32..1 << 12, 0_u8..=32).prop_map(|(bits, length)| IpNet::from(Ipv4Net::new((bits << 20 | bits).into(), length).unwrap().trunc()))
}

fn ipv6_net() -> impl Strategy<Value = IpNet> {
    (0_u128..1 << 12, 0_u8..=128).prop_map(|(bits, length)| IpNet::from(Ipv6Net::new((bits << 116 | bits).into(), length).unwrap().trunc()))
}

/// What a naive scan takes: the longest prefix, then the smallest metric, then the first.
fn scan(routes: &[Route], destination: IpAddr) -> Option<&Route> {
    let mut best: Option<&Route> = None;
    for route in routes.iter().filter(|route| route.destination.contains(&destination)) {
        let rank = |route: &Route| (route.destination.prefix_len(), std::cmp::Reverse(route.metric));
        if best.is_none_or(|best| rank(route) > rank(best)) {
            best = Some(route);
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_longest_prefix_wins_as_in_a_naive_scan(
        tables in (vec((ipv4_net(), 0_u32..4), 0..60), vec((ipv6_net(), 0_u32..4), 0..60)),
        bits in vec((0_u32..1 << 12, any::<bool>()), 8),
    ) {
        let route = |(place, (net, metric)): (usize, (IpNet, u32))| Route {
            metric,
            mtu: Some(place as u32),
            ..Route::new(net, by(None, "eth0"))
        };
        let routes: Vec<Route> = tables.0.into_iter().chain(tables.1).enumerate().map(route).collect();
        let host = Host { routes, interfaces: vec![interface(2, "eth0", &[])], ..Host::default() };
        for (bits, newer) in bits {
            let destination = if newer {
                IpAddr::V6((u128::from(bits) << 116 | u128::from(bits)).into())
            } else {
                IpAddr::V4((bits << 20 | bits | 0x0100_0000).into())
            };
            let reach = host.reach(destination);
            let expected = scan(&host.routes, reach.destination);
            let known = reach.candidates.iter().filter(|candidate| candidate.derivation == Derivation::Known);
            prop_assert_eq!(known.clone().count(), host.routes.iter().filter(|route| route.destination.contains(&reach.destination)).count());
            prop_assert_eq!(reach.winner().map(|winner| &winner.route), expected);
            prop_assert_eq!(reach.candidates.iter().filter(|candidate| candidate.fate == Fate::Won).count(), usize::from(expected.is_some()));
            if let Some(expected) = expected {
                for lost in reach.losers() {
                    let fate = if lost.route.destination.prefix_len() < expected.destination.prefix_len() {
                        Fate::ShorterPrefix(expected.destination.prefix_len() - lost.route.destination.prefix_len())
                    } else if lost.route.metric > expected.metric {
                        Fate::HigherMetric(lost.route.metric - expected.metric)
                    } else {
                        Fate::Behind
                    };
                    prop_assert_eq!(lost.fate, fate);
                }
            }
        }
    }
}
