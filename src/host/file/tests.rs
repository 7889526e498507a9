use super::super::{Action, Family, LinkAddress, NeighbourState, Preference, Query, RouteKind, Scope, Table, Verdict};
use super::*;
use std::net::IpAddr;

/// A part of what `ip -j addr`, `route show table all`, `rule`, `-6 rule` and `neigh` printed in a namespace.
const PRINTED: &str = r#"[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"qdisc":"noqueue","operstate":"UNKNOWN","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"::1","prefixlen":128,"scope":"host"}]},
{},
{"ifindex":3,"link":"p0","ifname":"d0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"link_type":"ether","address":"9a:98:da:a6:cb:76","broadcast":"ff:ff:ff:ff:ff:ff","addr_info":[{"family":"inet","local":"192.168.1.11","prefixlen":24,"broadcast":"192.168.1.255","scope":"global","label":"d0"},{"family":"inet6","local":"fd00:1::1","prefixlen":64,"scope":"global","nodad":true}]}]
[{"dst":"10.20.0.0/16","dev":"d1","table":"77","protocol":"bird","scope":"link","flags":[],"metrics":[{"mtu":1400}]},{"dst":"default","gateway":"192.168.1.1","dev":"d0","prefsrc":"192.168.1.11","metric":100,"flags":[]},{"type":"throw","dst":"10.4.0.0/16","flags":[]},{"dst":"10.8.0.0/16","via":{"family":"inet6","host":"fd00:1::9"},"dev":"d0","flags":[]},{"dst":"10.9.0.0/16","flags":[],"nexthops":[{"gateway":"192.168.1.2","dev":"d0","weight":2,"flags":[]},{"gateway":"192.168.1.3","dev":"d0","weight":1,"flags":["dead"]}]},{"type":"local","dst":"192.168.1.11","dev":"d0","table":"local","protocol":"kernel","scope":"host","prefsrc":"192.168.1.11","flags":[]},{"type":"blackhole","dst":"fd00:9::/32","dev":"lo","metric":1024,"flags":[],"pref":"medium"},{"dst":"default","gateway":"fd00:1::fe","dev":"d0","metric":1024,"flags":[],"pref":"high"},{"dst":"default","dev":"tun0","metric":2048,"flags":[],"pref":"low"}]
[{"priority":0,"src":"all","table":"local"},{"priority":99,"src":"all","dst":"9.9.9.9","action":"unreachable"},{"priority":100,"src":"10.1.0.0","srclen":16,"dst":"10.2.0.0","dstlen":16,"table":"77"},{"priority":101,"src":"all","fwmark":"0x3","table":"88"},{"priority":102,"src":"all","iif":"lo","table":"main","suppress_prefixlen":0},{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]
[{"priority":0,"src":"all","table":"local"},{"priority":32765,"src":"all","oif":"d0","oif_detached":null,"table":"77"},{"priority":32766,"src":"all","table":"main"}]
[{"dst":"192.168.1.1","dev":"d0","lladdr":"02:00:00:00:00:09","router":null,"state":["PERMANENT"]},{"dst":"192.168.1.9","dev":"d0","state":["FAILED"]}]
"#;

fn read(text: &str) -> Host {
    parse("test", text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_ip_prints_is_read() {
    let host = read(PRINTED);
    let interface = host.interface("d0").unwrap();
    assert_eq!((interface.index, interface.mtu, interface.up, interface.carrier), (3, 1500, true, true));
    assert_eq!(interface.link_address.as_ref().unwrap().to_string(), "9a:98:da:a6:cb:76");
    assert_eq!(interface.addresses[0].prefix.to_string(), "192.168.1.11/24");
    assert_eq!(interface.addresses[0].broadcast, Some([192, 168, 1, 255].into()));
    assert_eq!(host.interface_by_index(1).unwrap().addresses[0].scope, Scope::HOST);
    assert_eq!(host.routes.len(), 9);
    assert_eq!((host.routes[0].table.clone(), host.routes[0].mtu), (Table::Other("77".to_owned()), Some(1400)));
    assert_eq!(host.routes[2].kind, RouteKind::Throw);
    assert_eq!(host.routes[3].next_hops[0].gateway, Some("fd00:1::9".parse().unwrap()));
    assert!(host.routes[4].next_hops[1].dead && host.routes[4].next_hops[0].weight == 2);
    assert_eq!((host.routes[6].kind, host.routes[6].next_hops.len()), (RouteKind::Blackhole, 0));
    assert_eq!((host.routes[7].family(), host.routes[7].preference), (Family::Ipv6, Preference::High));
    assert_eq!(host.routes[8].destination.to_string(), "::/0");
    assert_eq!(host.rules.iter().filter(|rule| rule.family == Family::Ipv6).count(), 3);
    assert_eq!(host.rules[1].action, Action::Unreachable);
    assert_eq!(host.rules[2].from.unwrap().to_string(), "10.1.0.0/16");
    assert_eq!(host.rules[3].other_conditions, ["fwmark"]);
    assert_eq!(host.rules[4].suppressed_prefix_length, Some(0));
    assert_eq!(host.neighbours[0].link_address, Some(LinkAddress(vec![2, 0, 0, 0, 0, 9])));
    assert!(host.neighbours[0].router && host.neighbours[1].state == NeighbourState::Failed);
}

#[test]
fn what_is_written_is_read_back_as_it_was() {
    let host = Host { name: Some("h1".to_owned()), system: Some("Linux".to_owned()), ..read(PRINTED) };
    assert_eq!(read(&to_json(&host)), host);
    assert_eq!(read(&to_compact_json(&host)), host);
    assert!(!to_compact_json(&host).contains('\n') && to_compact_json(&host).starts_with(r#"{"type":"host","#));
}

#[test]
fn the_same_table_twice_is_one() {
    let twice = format!("{PRINTED}\n\n{PRINTED}");
    assert_eq!(read(&twice), read(PRINTED));
}

#[test]
fn addresses_alone_make_a_machine() {
    let host = read(r#"[{"ifname":"eth0","operstate":"UP","addr_info":[{"local":"10.1.2.3","prefixlen":16}]}]"#);
    assert_eq!(host.reach("10.1.9.9".parse().unwrap()).verdict, Verdict::Attached);
    assert_eq!(host.reach("10.1.2.3".parse().unwrap()).verdict, Verdict::Own);
    assert!(matches!(host.reach("10.2.0.1".parse().unwrap()).verdict, Verdict::Refused(_)));
}

#[test]
fn host_bits_and_unknown_keys_are_passed_over() {
    let host = read(r#"[{"dst":"10.1.2.3/8","dev":"eth0","colour":"green","flags":[],"cache":{"users":3}}]"#);
    assert_eq!(host.routes[0].destination.to_string(), "10.0.0.0/8");
}

#[test]
fn nonsense_is_refused_with_its_line_what_was_found_and_what_was_expected() {
    for (text, parts) in [
        ("", &["is empty", "ip -j addr"][..]),
        ("  \n", &["is empty"]),
        ("[\n{\"dst\":\"10.0.0.300/8\",\"dev\":\"eth0\"}]", &["line 2", "10.0.0.300/8", "an address or a prefix"]),
        ("[{\"dst\":\"default\",\n\"gateway\":\"there\"}]", &["line 2", "an address", "there"]),
        ("[\n\n{\"ifname\":\"a\",\"mtu\":\"big\"}]", &["line 3", "\"big\"", "a whole number was expected"]),
        ("[{\"ifname\":\"a\",\n\"addr_info\":[{\"local\":\"10.0.0.1\",\"prefixlen\":33}]}]", &["line 2", "33", "up to 32"]),
        ("[{\"dst\":\"10.0.0.0/8\",\n\"type\":\"magic\"}]", &["line 2", "\"magic\"", "blackhole"]),
        ("[{\"dst\":\"10.0.0.0/8\",\"gateway\":\"fe80::1\"}]", &["line 1", "fe80::1", "family of 10.0.0.0/8"]),
        (
            "{\"type\":\"host\",\n\"interfaces\":[{\"name\":\"a\",\"up\":true,\"addresses\":[{\"prefix\":\"10.0.0.1\"}]}]}",
            &["line 2", "10.0.0.1"],
        ),
        ("{\"a\":1}", &["interfaces, routes or names"]),
        ("[{\"dev\":\"eth0\"}]", &["line 1", "dst"]),
        ("[{\"dst\":\"10.0.0.0/8\"}", &["line 1", "EOF"]),
        ("default via 10.0.0.1 dev eth0", &["line 1"]),
        ("17", &["line 1", "17", "an array"]),
        ("{\"type\":\"host\",\"interfaces\":3}", &["line 1", "a list ([..]) was expected, found the number 3"]),
    ] {
        let said = parse("me.json", text).expect_err(text).to_string();
        assert!(said.starts_with("me.json: "), "{said}");
        parts.iter().for_each(|part| assert!(said.contains(part), "{text}: {said}"));
        assert!(!said.contains('\n'), "{said}");
    }
    let said = parse_bytes("me.json", b"[\n\xff]").unwrap_err().to_string();
    assert!(said.contains("line 2") && said.contains("0xff"), "{said}");
    assert!(parse_bytes("me.json", &vec![b' '; Limits::HOST_FILE + 1]).unwrap_err().to_string().contains("16 MiB"));
}

#[test]
fn a_query_can_be_bound() {
    let host = read(PRINTED);
    let destination: IpAddr = "10.2.3.4".parse().unwrap();
    let bound = host.reach_by(&Query { destination, source: Some("10.1.0.1".parse().unwrap()), interface: None });
    // The rule leads to table 77, which has nothing for it; so main decides.
    assert_eq!(bound.verdict, host.reach(destination).verdict);
    assert_eq!(bound.source, Some("10.1.0.1".parse().unwrap()));
    assert_eq!((bound.verdict, bound.unfollowed.len()), (Verdict::Gateway("192.168.1.1".parse().unwrap()), 1));
}
