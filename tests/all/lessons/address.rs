//! What proves the rules on address.

use super::super::support::{Ran, wirelore};
use super::{Case, hold};
use serde_json::Value;

const fn case(rule: &'static str, fires: &'static [&'static str], near_miss: &'static [&'static str]) -> Case {
    Case { rule, fires, near_miss }
}

const CASES: &[Case] = &[
    // Nobody else sees what a host says to itself: there the address is in place.
    case("address.loopback", &["captures/addresses-impossible.pcapng"], &["captures/loopback-itself.pcapng"]),
    case("address.private", &["captures/addresses.pcapng"], &["captures/translated-source-outside.pcapng"]),
    case("address.link-local", &["captures/addresses.pcapng"], &["captures/private-source-outside.pcapng"]),
    case("address.shared", &["captures/addresses.pcapng"], &["captures/http-geocode.pcapng"]),
    case("address.documentation", &["captures/addresses.pcapng"], &["captures/http-ipv4.pcapng"]),
    case("address.unique-local", &["captures/addresses-ipv6.pcapng"], &["captures/http-ipv6.pcapng"]),
    case("address.unspecified", &["captures/dhcp.pcapng"], &["captures/ping-broadcast.pcapng"]),
    case("address.global", &["captures/private-source-outside.pcapng"], &["captures/addresses.pcapng"]),
    case("address.multicast", &["captures/addresses.pcapng"], &["captures/ping-broadcast.pcapng"]),
    case("address.multicast-mapping", &["captures/group-misdirected.pcapng"], &["captures/group-to-stations.pcapng"]),
    case("address.broadcast-limited", &["captures/ping-broadcast.pcapng"], &["captures/group-to-stations.pcapng"]),
    // In a /23 an address that ends in 255 is a host.
    case("address.broadcast-directed", &["captures/ping-broadcast.pcapng"], &["captures/last-byte-0-and-255.pcapng"]),
    case("address.ipv4-mapped", &["captures/addresses-impossible.pcapng"], &["captures/addresses-ipv6.pcapng"]),
    case("address.nat64", &["captures/addresses-ipv6.pcapng"], &["captures/http-ipv6.pcapng"]),
    case("address.6to4", &["captures/addresses-ipv6.pcapng"], &["captures/ipv6-in-ipv4.pcapng"]),
    case("address.teredo", &["captures/addresses-ipv6.pcapng"], &["captures/http-ipv6.pcapng"]),
    case("address.martian", &["captures/addresses-impossible.pcapng", "captures/addresses-out-of-place.pcap"], &["captures/dhcp.pcapng"]),
    case(
        "address.out-of-place",
        &["captures/addresses-out-of-place.pcap"],
        &["captures/ipv6-in-ipv4.pcapng", "captures/arp-announced.pcapng"],
    ),
    // A SYN that comes twice is sent twice there, by the same host.
    case("address.translated", &["captures/router-two-sides.pcapng", "captures/ports-exhausted.pcapng"], &["captures/syn-lost.pcapng"]),
    case("address.private-outside", &["captures/private-source-outside.pcapng"], &["captures/translated-source-outside.pcapng"]),
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("address", CASES);
}

/// Of what is out of place each is told once, and of what only looks so nothing.
#[test]
fn what_is_out_of_place_is_told_and_what_is_not_is_not() {
    let output = wirelore().args(["read", "--json", "captures/addresses-out-of-place.pcap"]).output().expect("wirelore runs");
    let mut told = Vec::new();
    for line in Ran::from(output).out.lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        for note in value["notes"].as_array().into_iter().flatten() {
            if matches!(note["rule"].as_str(), Some("address.out-of-place" | "address.martian")) {
                told.push((value["number"].as_u64().expect("a number"), note["facts"]["why"].as_str().expect("a word").to_owned()));
            }
        }
    }
    let words =
        ["reserved", "of-no-network", "to-itself", "beyond-the-link", "site-local", "discarded", "6to4", "nat64", "group-of-the-host"];
    assert_eq!(told, (1..).zip(words.map(str::to_owned)).collect::<Vec<_>>());
}
