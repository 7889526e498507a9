//! On the playground's twelve hosts every statement on routes and subnets agrees with what the kernel of each says.

use super::Playground;
use crate::support::wirelore;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::process::Command;
use wirelore::host::{Host, Reach, Verdict, file};

impl Playground {
    /// What `ip -j` prints in the namespace of a host; what it complains of, where it fails.
    fn ip(&self, host: &str, words: &[&str]) -> Result<String, String> {
        let output = Command::new("ip").args(["-n", &self.namespaces[host], "-j"]).args(words).output().expect("ip runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// What a host knows, as `wirelore host` says there.
    fn told(&self, host: &str) -> String {
        let inside = ["netns", "exec", &self.namespaces[host], env!("CARGO_BIN_EXE_wirelore"), "host"];
        let output = Command::new("ip").args(inside).output().expect("ip runs");
        assert!(output.status.success(), "{host}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("JSON is text")
    }

    /// What a host knows, as `ip -j` prints it.
    fn facts(&self, host: &str) -> String {
        let asked: [&[&str]; 6] = [
            &["addr"],
            &["-4", "route", "show", "table", "all"],
            &["-6", "route", "show", "table", "all"],
            &["-4", "rule"],
            &["-6", "rule"],
            &["neigh"],
        ];
        asked.iter().map(|words| self.ip(host, words).expect("ip answers")).collect()
    }
}

/// What a kernel says of a destination.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Goes { verdict: Verdict, interface: String, source: Option<IpAddr> },
    Nowhere,
}

impl Said {
    fn by_kernel(playground: &Playground, host: &str, destination: IpAddr) -> Self {
        let Ok(text) = playground.ip(host, &["route", "get", &destination.to_string()]) else { return Self::Nowhere };
        let answers: Value = serde_json::from_str(&text).expect("ip prints JSON");
        let answer = &answers[0];
        let address = |key: &str| answer[key].as_str().map(|text| text.parse::<IpAddr>().expect("an address"));
        let verdict = match (answer["type"].as_str(), address("gateway")) {
            (Some("local" | "anycast"), _) => Verdict::Own,
            (Some("unreachable" | "blackhole" | "prohibit"), _) => return Self::Nowhere,
            (_, Some(gateway)) => Verdict::Gateway(gateway),
            (_, None) => Verdict::Attached,
        };
        Self::Goes { verdict, interface: answer["dev"].as_str().expect("a device").to_owned(), source: address("prefsrc") }
    }

    fn by_page(reach: &Value) -> Self {
        let address = |key: &str| reach[key].as_str().map(|text| text.parse::<IpAddr>().expect("an address"));
        let verdict = match reach["verdict"].as_str().expect("a verdict") {
            "own" => Verdict::Own,
            "attached" => Verdict::Attached,
            "gateway" => Verdict::Gateway(address("gateway").expect("a gateway")),
            _ => return Self::Nowhere,
        };
        Self::Goes { verdict, interface: reach["interface"].as_str().unwrap_or_default().to_owned(), source: address("source") }
    }

    fn by_us(reach: &Reach) -> Self {
        match reach.verdict {
            Verdict::Refused(_) => Self::Nowhere,
            verdict => Self::Goes { verdict, interface: reach.interface.clone().unwrap_or_default(), source: reach.source },
        }
    }
}

/// Where nobody is, and where everybody is.
const ELSEWHERE: &[&str] = &[
    "8.8.8.8",
    "10.1.2.77",
    "10.25.1.255",
    "10.130.1.0",
    "10.200.1.4",
    "127.0.0.1",
    "127.99.0.1",
    "169.254.7.7",
    "192.168.1.0",
    "192.168.1.77",
    "192.168.1.255",
    "192.168.2.1",
    "224.0.0.1",
    "239.1.2.3",
    "255.255.255.255",
    "::1",
    "2001:db8:a:1::77",
    "2001:db8:130:1::",
    "2001:db8:ffff::1",
    "fd00::1",
];

/// The addresses that the hosts have, but those that every one of them has.
fn addresses(hosts: &BTreeMap<String, Host>) -> Vec<IpAddr> {
    let own = hosts.values().flat_map(Host::addresses).map(|(_, address)| address.address());
    let meant = |address: &IpAddr| match address {
        IpAddr::V4(address) => !address.is_loopback(),
        IpAddr::V6(address) => !address.is_loopback() && !address.is_unicast_link_local(),
    };
    let elsewhere = ELSEWHERE.iter().map(|text| text.parse::<IpAddr>().expect("an address"));
    let mut all: Vec<IpAddr> = own.filter(meant).chain(elsewhere).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_host_reaches_every_address_as_its_kernel_says() {
    let Some(playground) = Playground::bare() else { return };
    let parse = |name: &String, facts: &str| file::parse(name, facts).expect("it is a host");
    let names = || playground.namespaces.keys();
    let printed: BTreeMap<String, Host> = names().map(|name| (name.clone(), parse(name, &playground.facts(name)))).collect();
    let addresses = addresses(&printed);
    assert!(printed.len() == 12 && addresses.len() > 40, "{} hosts, {} addresses", printed.len(), addresses.len());
    let mut wrong = Vec::new();
    for (name, host) in &printed {
        let told = parse(name, &playground.told(name));
        for &destination in &addresses {
            let kernel = Said::by_kernel(&playground, name, destination);
            for (facts, host) in [("ip -j", host), ("wirelore host", &told)] {
                let ours = Said::by_us(&host.reach(destination));
                if kernel != ours {
                    wrong.push(format!("{name} to {destination}: the kernel says {kernel:?}, we from {facts} {ours:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} statements differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What `wirelore explain` says of each address, on the machine of which these are the facts.
fn explained(name: &str, facts: &str, addresses: &[IpAddr]) -> Vec<Said> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{name}.json"));
    std::fs::write(&path, facts).expect("the facts are written");
    let words = addresses.iter().map(ToString::to_string);
    let output = wirelore().args(["explain", "--json", "--host"]).arg(&path).args(words).output().expect("wirelore runs");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("JSON is text");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    lines.map(|line| Said::by_page(&line["reach"])).collect()
}

#[test]
fn explain_tells_of_every_host_what_its_kernel_says() {
    let Some(playground) = Playground::bare() else { return };
    let parse = |name: &String| file::parse(name, &playground.facts(name)).expect("what ip prints is a host");
    let hosts: BTreeMap<String, Host> = playground.namespaces.keys().map(|name| (name.clone(), parse(name))).collect();
    let addresses = addresses(&hosts);
    let mut wrong = Vec::new();
    for name in hosts.keys() {
        let pages = explained(name, &playground.facts(name), &addresses);
        assert_eq!(pages.len(), addresses.len(), "{name}: a line for each address");
        for (&destination, page) in addresses.iter().zip(pages) {
            let kernel = Said::by_kernel(&playground, name, destination);
            if kernel != page {
                wrong.push(format!("{name} to {destination}: the kernel says {kernel:?}, explain {page:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), hosts.len() * addresses.len(), wrong.join("\n"));
}
