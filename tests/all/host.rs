//! What a machine knows, and where it sends packets, held against the kernel: random routes in network namespaces, and `ip route get`.

use super::support::{peer, skip, wirelore};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::Command;
use wirelore::host::probe::{self, KernelAnswer};
use wirelore::host::{Candidate, Cast, Derivation, Host, Query, Reach, Refusal, Verdict, file};

/// How many networks are made, and how many addresses are asked for in each: of IPv4 and as many of IPv6.
const NETWORKS: u64 = 12;
const ASKED: usize = 250;

/// Random numbers that are the same in each run (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn is_one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A network of three interfaces, and what is asked in it.
struct Network {
    random: Random,
    /// Lines for `ip -batch`.
    setup: [String; 2],
    own: Vec<IpAddr>,
    /// Addresses at the edges of prefixes.
    edges: Vec<IpAddr>,
}

const INTERFACES: [&str; 3] = ["d0", "d1", "d2"];

impl Network {
    fn new(seed: u64) -> Self {
        let mut network = Self {
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            setup: Default::default(),
            own: Vec::new(),
            edges: Vec::new(),
        };
        network.addresses();
        // Without rules of its own a kernel keeps the tables local and main in one.
        let ruled = seed.is_multiple_of(2);
        (0..60).for_each(|_| network.route(ruled));
        if ruled {
            network.rules();
        }
        network
    }

    fn line(&mut self, newer: bool, text: &str) {
        self.setup[usize::from(newer)] += text;
        self.setup[usize::from(newer)].push('\n');
    }

    fn addresses(&mut self) {
        for (place, interface) in INTERFACES.iter().enumerate() {
            for (address, rest) in [
                (format!("10.{place}.0.1"), "/16 brd +"),
                (format!("10.{place}.0.2"), "/16"),
                (format!("10.{place}.1.1"), "/24"),
                (format!("172.16.{place}.9"), "/30 scope link"),
                (format!("192.168.{place}.33"), "/27 brd 192.168.255.255"),
            ] {
                if !self.random.is_one_in(4) {
                    self.line(false, &format!("addr add {address}{rest} dev {interface}"));
                    self.own.push(address.parse().expect("as it was made"));
                }
            }
            if self.random.is_one_in(2) {
                self.line(false, &format!("addr add 10.77.{place}.1 peer 10.78.{place}.0/30 dev {interface}"));
            }
            for (address, rest) in [
                (format!("fe80::{}", place + 1), "/64 scope link"),
                (format!("2001:db8:{place}::1"), "/64"),
                (format!("2001:db8:{place}::2"), "/64 preferred_lft 0"),
                (format!("fd00:{place}::1"), "/48"),
                (format!("2002:a00:1:{place}::1"), "/64"),
                (format!("2001:db8:{place}:8::5"), "/128"),
            ] {
                if rest.contains("link") || !self.random.is_one_in(3) {
                    self.line(true, &format!("addr add {address}{rest} dev {interface} nodad"));
                    self.own.push(address.parse().expect("as it was made"));
                }
            }
        }
    }

    fn destination(&mut self, newer: bool) -> String {
        if newer {
            let bits = (0x2001_0db8_u128 << 96) | (u128::from(self.random.next() & 0x7_f00f) << 76) | u128::from(self.random.next() & 0xff);
            let bits = if self.random.is_one_in(4) { (0xfd00_u128 << 112) | (bits >> 16 & !(0xffff << 112)) } else { bits };
            let length = *self.random.one(&[0, 8, 16, 20, 29, 32, 33, 40, 44, 48, 52, 56, 64, 100, 120, 128]);
            let net = ipnet::Ipv6Net::new(bits.into(), length).expect("as it was made").trunc();
            self.edges.extend([net.network(), net.broadcast()].map(IpAddr::V6));
            net.to_string()
        } else {
            let bits = 0x0a00_0000 | (self.random.next() as u32 & 0x0007_03ff);
            let length = *self.random.one(&[0, 1, 4, 8, 9, 12, 13, 14, 15, 16, 17, 20, 22, 23, 24, 25, 28, 30, 31, 32]);
            let net = ipnet::Ipv4Net::new(bits.into(), length).expect("as it was made").trunc();
            let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
            self.edges.extend([first, last, first.wrapping_sub(1), last.wrapping_add(1)].map(|edge| IpAddr::V4(edge.into())));
            net.to_string()
        }
    }

    fn way(&mut self, newer: bool) -> String {
        let place = self.random.below(INTERFACES.len());
        let interface = INTERFACES[place];
        let low = self.random.below(200) + 5;
        match (self.random.below(6), newer) {
            (0, _) => format!("dev {interface}"),
            (1 | 2, false) => format!("via 10.{place}.1.{low} dev {interface} onlink"),
            (3, false) => format!("via inet6 fe80::{low} dev {interface}"),
            (4, false) => format!("via 192.168.{place}.34 dev {interface} onlink"),
            (_, false) => format!("via 10.{place}.0.{low} dev {interface} onlink"),
            (1 | 2, true) => format!("via fe80::{low} dev {interface}"),
            (_, true) => format!("via 2001:db8:{place}::{low} dev {interface} onlink"),
        }
    }

    fn route(&mut self, ruled: bool) {
        for newer in [false, true] {
            let destination = self.destination(newer);
            let mut line = match self.random.below(12) {
                0 => {
                    let kind = *self.random.one(&["blackhole", "unreachable", "prohibit", "throw"]);
                    format!("route add {kind} {destination}")
                }
                1 => {
                    let hops: String = (0..2).map(|weight| format!(" nexthop {} weight {}", self.way(newer), weight + 1)).collect();
                    format!("route add {destination}{hops}")
                }
                _ => format!("route add {destination} {}", self.way(newer)),
            };
            let words = line.split(" nexthop").next().expect("as it was made").len();
            let mut extra = String::new();
            if self.random.is_one_in(2) {
                write!(extra, " metric {}", self.random.below(5) * 10 + 1).expect("as it was made");
            }
            if self.random.is_one_in(4) {
                let family: Vec<IpAddr> = self.own.iter().copied().filter(|own| own.is_ipv6() == newer).collect();
                write!(extra, " src {}", self.random.one(&family)).expect("as it was made");
            }
            if ruled && self.random.is_one_in(3) {
                write!(extra, " table {}", self.random.below(3) + 100).expect("as it was made");
            }
            line.insert_str(words, &extra);
            self.line(newer, &line);
        }
    }

    fn rules(&mut self) {
        for newer in [false, true] {
            for priority in 0..8 {
                let mut line = format!("rule add priority {}", 1_000 + priority * 10);
                if self.random.is_one_in(5) {
                    line += " not";
                }
                if self.random.is_one_in(4) {
                    line += if newer { " from 2001:db8:1::/48" } else { " from 10.1.0.0/16" };
                }
                if !self.random.is_one_in(3) {
                    write!(line, " to {}", self.destination(newer)).expect("as it was made");
                }
                if self.random.is_one_in(5) {
                    line += *self.random.one(&[" iif lo", " iif d1", " oif d2", " fwmark 7"]);
                }
                line += &match self.random.below(9) {
                    0 => " unreachable".to_owned(),
                    1 => " prohibit".to_owned(),
                    2 => " blackhole".to_owned(),
                    3 => format!(" goto {}", 1_000 + (priority + 2) * 10),
                    4 => format!(" table main suppress_prefixlength {}", self.random.below(20)),
                    table => format!(" table {}", 100 + table % 3),
                };
                self.line(newer, &line);
            }
            // Where rules go on: `goto` needs one to be there.
            self.line(newer, "rule add priority 1080 table 100");
            self.line(newer, "rule add priority 1090 table 101");
        }
    }

    fn query(&mut self, newer: bool) -> Query {
        let family: Vec<IpAddr> = self.own.iter().chain(&self.edges).copied().filter(|known| known.is_ipv6() == newer).collect();
        let near = 0x0a00_0000 | (self.random.next() as u32 & 0x0007_03ff);
        let near_newer =
            (0x2001_0db8_u128 << 96) | (u128::from(self.random.next() & 0x7_f00f) << 76) | u128::from(self.random.next() & 0xff);
        let special: &[&str] = if newer {
            &["::1", "2002:a00:1::9", "64:ff9b::1", "fd00:1::77", "2001:db8:1::77", "2001:db8:2:8::5", "::ffff:10.0.0.1", "3fff::1"]
        } else {
            &[
                "127.0.0.1",
                "127.9.9.9",
                "127.255.255.255",
                "0.1.2.3",
                "224.0.0.1",
                "239.1.2.3",
                "255.255.255.255",
                "240.0.0.1",
                "192.168.255.255",
                "192.168.1.63",
                "10.0.255.255",
                "8.8.8.8",
                "169.254.1.1",
                "172.16.1.10",
                "10.78.1.2",
                "10.78.1.3",
            ]
        };
        let destination = match self.random.below(4) {
            0 => *self.random.one(&family),
            1 => self.random.one(special).parse().expect("as it was made"),
            _ if newer => IpAddr::V6(Ipv6Addr::from(near_newer)),
            _ => IpAddr::V4(Ipv4Addr::from(near)),
        };
        let own: Vec<IpAddr> =
            self.own.iter().copied().filter(|own| own.is_ipv6() == newer && !own.to_string().starts_with("fe80")).collect();
        let source = self.random.is_one_in(8).then(|| *self.random.one(&own));
        let interface = self.random.is_one_in(8).then(|| (*self.random.one(&INTERFACES)).to_owned());
        // A socket that names nobody means itself; `ip route get` takes :: for an address like any other.
        let destination = if destination == IpAddr::V6(Ipv6Addr::UNSPECIFIED) { Ipv6Addr::LOCALHOST.into() } else { destination };
        Query { destination, source: source.filter(|_| interface.is_none()), interface }
    }
}

/// What a network said of itself, and the kernel's answers.
struct Told {
    /// Of `wirelore host`.
    probed: Host,
    /// Of `ip -j`.
    listed: Host,
    /// One a question.
    answers: Vec<Result<Value, String>>,
    /// The routes that the kernel's table gives, as `ip route get fibmatch` shows them.
    matched: Vec<Result<Value, String>>,
}

const SETUP: &str = r#"
set -e
ip link set lo up
for n in 0 1 2; do
    ip link add d$n type veth peer name p$n
    ip link set d$n addrgenmode none
    ip link set p$n addrgenmode none
    ip link set d$n up
    ip link set p$n up
done
ip -force -batch setup4 >/dev/null 2>&1 || true
ip -6 -force -batch setup6 >/dev/null 2>&1 || true
# The kernel makes the routes of IPv6 addresses a moment later.
n=0
while [ $(ip -6 -o addr | wc -l) -gt $(ip -6 route show table local type local | wc -l) ] && [ $n -lt 100 ]; do
    sleep 0.05
    n=$((n + 1))
done
"$WIRELORE" host > probed.json
{ ip -j addr; ip -j -d link; ip -j -4 route show table all; ip -j -6 route show table all; ip -j rule; ip -j -6 rule; ip -j neigh; } > listed.json
for family in 4 6; do
    ip -$family -j -force -batch asked$family > answers$family 2> errors$family || true
    ip -$family -j -force -batch matched$family > matches$family 2> mismatches$family || true
done
"#;

/// The answers of a batch: those that are routes are printed, each an array, and the others named by the number of their line.
fn answers(folder: &std::path::Path, out: &str, errors: &str, count: usize) -> Vec<Result<Value, String>> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("ip wrote it");
    let (out, errors) = (read(out), read(errors));
    let mut failed: Vec<Option<String>> = vec![None; count];
    let mut why = String::new();
    for line in errors.lines() {
        match line.strip_prefix("Command failed ").and_then(|place| place.rsplit_once(':')) {
            Some((_, number)) => failed[number.parse::<usize>().expect("a line number") - 1] = Some(why.clone()),
            None => why = line.to_owned(),
        }
    }
    let mut routes = serde_json::Deserializer::from_str(&out).into_iter::<Value>();
    failed
        .into_iter()
        .map(|failed| match failed {
            Some(why) => Err(why),
            None => Ok(routes.next().expect("an answer a question").expect("JSON")[0].take()),
        })
        .collect()
}

/// Makes a network in a namespace of its own and asks its kernel.
fn told(network: &Network, queries: &[Query]) -> Told {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let counts = [false, true].map(|newer| queries.iter().filter(|query| query.destination.is_ipv6() == newer).count());
    for (newer, family) in [(false, "4"), (true, "6")] {
        write(&format!("setup{family}"), &network.setup[usize::from(newer)]);
        let (mut asked, mut matched) = (String::new(), String::new());
        for query in queries.iter().filter(|query| query.destination.is_ipv6() == newer) {
            let source = query.source.map(|source| format!(" from {source}")).unwrap_or_default();
            let interface = query.interface.as_ref().map(|interface| format!(" oif {interface}")).unwrap_or_default();
            writeln!(asked, "route get {}{source}{interface}", query.destination).expect("as it was made");
            writeln!(matched, "route get fibmatch {}{source}{interface}", query.destination).expect("as it was made");
        }
        write(&format!("asked{family}"), &asked);
        write(&format!("matched{family}"), &matched);
    }
    let output = Command::new("unshare")
        .args(["--net", "sh", "-c", SETUP])
        .current_dir(folder.path())
        .env("WIRELORE", wirelore().get_program())
        .output()
        .expect("unshare runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let load = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name)).expect("it was written");
        file::parse(name, &text).unwrap_or_else(|error| panic!("{error}"))
    };
    let all = |out: &str, errors: &str| {
        let both = [("4", counts[0]), ("6", counts[1])];
        both.iter()
            .flat_map(|(family, count)| answers(folder.path(), &format!("{out}{family}"), &format!("{errors}{family}"), *count))
            .collect()
    };
    Told {
        probed: load("probed.json"),
        listed: load("listed.json"),
        answers: all("answers", "errors"),
        matched: all("matches", "mismatches"),
    }
}

/// An answer of `ip -j route get`.
fn answer(told: &Result<Value, String>, query: &Query) -> KernelAnswer {
    let refused = |refusal| KernelAnswer { verdict: Verdict::Refused(refusal), cast: Cast::Unicast, interface: None, source: None };
    let route = match told {
        Ok(route) => route,
        Err(why) if why.ends_with("Network is unreachable") => return refused(Refusal::NoRoute),
        Err(why) if why.ends_with("No route to host") => return refused(Refusal::Unreachable),
        Err(why) if why.ends_with("Permission denied") => return refused(Refusal::Prohibit),
        Err(why) if why.ends_with("Invalid argument") => return refused(Refusal::Blackhole),
        Err(why) => panic!("{query:?}: {why}"),
    };
    let text = |key: &str| route[key].as_str();
    let gateway = text("gateway").or(route["via"]["host"].as_str()).map(|gateway| gateway.parse().expect("an address"));
    let (verdict, cast) = match text("type") {
        Some("local") => (Verdict::Own, Cast::Unicast),
        Some("broadcast") => (Verdict::Attached, Cast::Broadcast),
        Some("multicast") => (gateway.map_or(Verdict::Attached, Verdict::Gateway), Cast::Multicast),
        None | Some("unicast") => (gateway.map_or(Verdict::Attached, Verdict::Gateway), Cast::Unicast),
        Some("unreachable") => return refused(Refusal::Unreachable),
        other => panic!("{query:?}: {other:?}"),
    };
    // Of a packet that has its source IPv6 says another all the same.
    let source = query.source.or(text("prefsrc").map(|source| source.parse().expect("an address")));
    KernelAnswer { verdict, cast, interface: text("dev").map(str::to_owned), source }
}

/// Whether the route that won is the one that the kernel matched.
fn is_matched(told: &Result<Value, String>, reach: &Reach) -> bool {
    let (Ok(route), Some(winner)) = (told, reach.winner()) else { return true };
    // A packet that is bound to an interface may be sent without any route.
    let Some(destination) = route["dst"].as_str() else { return false };
    let same = match destination {
        "default" => winner.route.is_default(),
        text => text.parse().map_or_else(
            |_| text.parse::<IpAddr>().is_ok_and(|address| winner.route.destination == address.into()),
            |net: ipnet::IpNet| winner.route.destination == net,
        ),
    };
    same && route["metric"].as_u64().unwrap_or_default() == u64::from(winner.route.metric)
}

/// What was worked out, as far as a message needs it.
fn shown(reach: &Reach) -> String {
    let Reach { verdict, cast, interface, source, source_reason, rule, .. } = reach;
    let mut text = format!("ours {verdict:?} {cast:?} {interface:?} {source:?} {source_reason:?}\n    {rule:?}");
    for Candidate { route, fate, .. } in &reach.candidates {
        let ways: Vec<String> = route.next_hops.iter().map(|way| format!("{:?} {:?}", way.gateway, way.interface)).collect();
        let (destination, kind, table, metric) = (route.destination, route.kind, &route.table, route.metric);
        write!(text, "\n    {fate:?}: {destination} {kind} table {table} metric {metric} {ways:?}").expect("as it was made");
    }
    text
}

#[test]
fn the_kernel_agrees_on_every_way() {
    if peer("unshare").is_none() || peer("ip").is_none() {
        return;
    }
    if !Command::new("unshare").args(["--net", "true"]).output().is_ok_and(|output| output.status.success()) {
        return skip("network namespaces need root");
    }
    let mut wrong = Vec::new();
    let (mut asked, mut matched) = (0, 0);
    for seed in 1..=NETWORKS {
        let mut network = Network::new(seed);
        let mut queries: Vec<Query> = (0..ASKED).map(|_| network.query(false)).collect();
        queries.extend((0..ASKED).map(|_| network.query(true)));
        let told = told(&network, &queries);
        for (place, query) in queries.iter().enumerate() {
            let kernel = answer(&told.answers[place], query);
            for (name, host) in [("probed", &told.probed), ("listed", &told.listed)] {
                let reach = host.reach_by(query);
                assert!(reach.candidates.iter().all(|candidate| candidate.derivation == Derivation::Known));
                if !kernel.agrees(&reach) {
                    wrong.push(format!("network {seed}, {name}: {query:?}\n  kernel {kernel:?}\n  {}", shown(&reach)));
                } else if !is_matched(&told.matched[place], &reach) {
                    wrong.push(format!(
                        "network {seed}, {name}: {query:?}\n  kernel matched {:?}\n  {}",
                        told.matched[place],
                        shown(&reach)
                    ));
                }
                asked += 1;
                matched += usize::from(told.matched[place].is_ok() && reach.winner().is_some());
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{}", wrong.len(), wrong[..wrong.len().min(10)].join("\n"));
    assert!(matched > asked / 3, "only {matched} of {asked} answers had a route to hold against");
}

/// No privilege is needed to ask, and the kernel of this machine agrees too.
#[cfg(target_os = "linux")]
#[test]
fn this_machine_is_asked_and_agrees() {
    let host = probe::probe().unwrap_or_else(|error| panic!("{error}"));
    assert!(host.interfaces.iter().any(|interface| interface.loopback), "{host:?}");
    let mut random = Random(7);
    for round in 0..200 {
        let destination = if round % 2 == 0 {
            IpAddr::V4((random.next() as u32).into())
        } else {
            IpAddr::V4((0x7f00_0000 | random.next() as u32 & 0xffff).into())
        };
        let query = Query { destination, source: None, interface: None };
        let kernel = probe::kernel_answer(&host, &query).unwrap_or_else(|error| panic!("{error}"));
        let reach = host.reach_by(&query);
        assert!(kernel.agrees(&reach), "{destination}: {kernel:?}\n{reach:?}");
    }
}

/// A machine with so many routes that one comment cannot hold them.
fn large_machine() -> String {
    let mut text = r#"[{"ifindex":2,"ifname":"h1-eth0","flags":["UP"],"mtu":1500,"address":"02:00:00:00:00:01","addr_info":[
        {"local":"192.168.1.11","prefixlen":24},{"local":"fd00:1::b","prefixlen":64}]}]"#
        .to_owned();
    let routes: Vec<String> =
        (0..1500).map(|n| format!(r#"{{"dst":"10.{}.{}.0/24","gateway":"192.168.1.1","dev":"h1-eth0"}}"#, n / 256, n % 256)).collect();
    write!(text, "[{}]", routes.join(",")).expect("written to memory");
    text
}

#[test]
fn facts_travel_in_a_capture() {
    let folder = tempfile::tempdir().expect("a folder");
    let (facts, capture) = (folder.path().join("me.json"), folder.path().join("with-facts.pcapng"));
    fs::write(&facts, large_machine()).expect("written");
    let host = file::parse("test", &large_machine()).expect("facts");
    let first = super::support::capture("http-geocode.pcapng");
    for (from, force) in [(&first, false), (&capture, true)] {
        let other = folder.path().join("again.pcapng");
        let to = if force { &other } else { &capture };
        let ran = wirelore().arg("read").arg(from).arg("--host").arg(&facts).arg("-w").arg(to).output().expect("wirelore runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let mut source = wirelore::source::open(to).expect("a capture");
        assert!(source.advance().expect("a frame"));
        let found = wirelore::host::capture::read(source.as_ref());
        assert!(found.whole && found.problem.is_none());
        assert_eq!(found.host.as_ref(), Some(&host));
        let parts = source.section_options().iter().filter(|(_, value)| value.starts_with(b"wirelore-host ")).count();
        assert!(parts > 1, "{parts}");
        let codes: Vec<u16> = source.interfaces()[0].options.iter().map(|(code, _)| *code).collect();
        for code in [4, 5, 6] {
            assert_eq!(codes.iter().filter(|there| **there == code).count(), 1, "{codes:?}");
        }
    }
    // A pipe has a short section header, for others read it; the facts stand in the first interface then, and are moved back into a file.
    let piped = folder.path().join("piped.pcapng");
    let ran = wirelore().arg("read").arg(&capture).arg("-w").arg("-").output().expect("wirelore runs");
    assert!(u32::from_le_bytes(ran.stdout[4..8].try_into().expect("four bytes")) <= 2_048);
    fs::write(&piped, &ran.stdout).expect("written");
    let mut source = wirelore::source::open(&piped).expect("a capture");
    assert!(source.advance().expect("a frame"));
    let found = wirelore::host::capture::read(source.as_ref());
    assert!(found.whole && found.problem.is_none());
    assert_eq!(found.host.as_ref(), Some(&host));
    let again = wirelore().arg("read").arg(&piped).arg("--host").arg(&facts).args(["-w", "-"]).output().expect("wirelore runs");
    assert_eq!(again.stdout.len(), ran.stdout.len(), "the facts stand there once");
    // Of a capture by others only the interfaces tell.
    let source = Described(vec![wirelore::source::Interface {
        name: Some(b"en0".to_vec()),
        link_type: wirelore::frame::LinkType(1),
        snap_length: 0,
        statistics: Default::default(),
        options: vec![(4, vec![10, 1, 2, 3, 255, 255, 0, 0]), (4, vec![10, 1, 2, 3, 255, 0, 255, 0]), (6, vec![2, 0, 0, 0, 0, 7])],
    }]);
    let found = wirelore::host::capture::read(&source);
    let host = found.host.expect("a part of a machine");
    assert!(!found.whole && host.routes.is_empty() && host.interfaces[0].addresses.len() == 1);
    assert_eq!(host.reach("10.1.9.9".parse().expect("an address")).verdict, Verdict::Attached);
    assert_eq!(host.reach("10.1.2.3".parse().expect("an address")).verdict, Verdict::Own);
}

/// A capture that has nothing but descriptions.
struct Described(Vec<wirelore::source::Interface>);

impl wirelore::source::Source for Described {
    fn advance(&mut self) -> Result<bool, wirelore::source::SourceError> {
        Ok(false)
    }

    fn frame(&self) -> wirelore::frame::Frame<'_> {
        unreachable!("there is none")
    }

    fn interfaces(&self) -> &[wirelore::source::Interface] {
        &self.0
    }

    fn names(&self) -> &[wirelore::source::NameRecord] {
        &[]
    }
}

#[test]
fn a_host_file_that_makes_no_sense_is_told_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("me.json");
    fs::write(&path, "[{\"dst\":\"default\",\n  \"gateway\":\"192.168.1.300\",\"dev\":\"eth0\"}]\n").expect("written");
    let ran: super::support::Ran = wirelore().arg("host").arg(&path).output().expect("wirelore runs").into();
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("line 2") && ran.err.contains("192.168.1.300") && ran.err.contains("an address"), "{}", ran.err);
}
