//! What proves the rules on route.

use super::made::{Made, echo, packet, told};
use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "route.itself", fires: &["captures/loopback-itself.pcapng"], near_miss: &["captures/ping.pcap"] },
    Case { rule: "route.direct", fires: &["captures/arp.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "route.gateway", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/arp.pcapng"] },
    Case { rule: "route.gateway-recognized", fires: &["captures/dhcp.pcapng"], near_miss: &["captures/arp.pcapng"] },
    // Another router takes over: the way changed, there and back are the same.
    Case { rule: "route.asymmetric", fires: &["captures/asymmetric-path.pcapng"], near_miss: &["captures/gateway-takes-over.pcapng"] },
    Case { rule: "route.gateway-changed", fires: &["captures/gateway-takes-over.pcapng"], near_miss: &["captures/redirect.pcapng"] },
    Case { rule: "route.redirect", fires: &["captures/redirect.pcapng"], near_miss: &["captures/asymmetric-path.pcapng"] },
    // Up to there it still sends to the gateway that it knew.
    Case { rule: "route.redirect-followed", fires: &["captures/redirect.pcapng"], near_miss: &["-c", "11", "captures/redirect.pcapng"] },
    // It needs the second redirect, but takes it within a second.
    Case { rule: "route.redirect-ignored", fires: &["captures/redirect-ignored.pcapng"], near_miss: &["captures/redirect.pcapng"] },
    // It asks beyond the usual mask, but nobody says which mask it should have.
    Case { rule: "route.asks-beyond", fires: &["captures/asks-beyond-lease.pcapng"], near_miss: &["captures/mask-too-wide.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("route", CASES);
}

#[test]
fn ipv6_hosts_follow_the_same_rules() {
    assert!(fired(&["captures/http-ipv6.pcapng"]).contains("route.gateway"));
    let rules = fired(&["captures/redirect-ipv6.pcapng"]);
    assert!(rules.contains("route.redirect") && rules.contains("route.redirect-followed"), "{rules:?}");
    assert!(!rules.contains("route.redirect-ignored"), "{rules:?}");
    assert!(fired(&["captures/redirect-ignored-ipv6.pcapng"]).contains("route.redirect-ignored"));
}

#[test]
fn a_capture_of_both_sides_of_a_router_has_no_two_ways() {
    for capture in ["captures/router-two-sides.pcapng", "captures/mirrored-twice.pcap", "captures/any-router.pcapng"] {
        assert!(!fired(&[capture]).contains("route.asymmetric"), "{capture}");
    }
}

/// A router that tells a better way may itself send by it: that its word comes from the better router's card does not make that the old way.
#[test]
fn a_redirect_that_comes_by_the_better_way_is_followed_on_it() {
    let (host, router, better, far) = ([192, 168, 1, 11], [192, 168, 1, 1], [192, 168, 1, 12], [198, 51, 100, 7]);
    let card = |address: [u8; 4]| [[2, 0].as_slice(), &address].concat();
    let arp = |operation: u8, from: [u8; 4], to: [u8; 4]| {
        let body = [&[0, 1, 8, 0, 6, 4, 0, operation][..], &card(from), &from, &card(to), &to].concat();
        Made { at: 1, bytes: [card(to), card(from), vec![8, 6], body].concat() }
    };
    let ask = |at: u32, by: [u8; 4]| {
        let mut asked = echo(at, host, far, 64, false, u8::try_from(at / 100).expect("a byte"));
        asked.bytes[..6].copy_from_slice(&card(by));
        asked
    };
    let first = ask(0, router);
    let message = [&[5, 1, 0, 0][..], &better, &first.bytes[14..]].concat();
    let mut redirect = packet(2, router, host, (1, 64), message, 2);
    redirect.bytes[6..12].copy_from_slice(&card(better));
    let opening = vec![arp(1, better, host), arp(2, host, better), first, redirect];
    let by = |way| [opening.clone(), (1..5).map(|place| ask(place * 500, way)).collect()].concat();
    assert_eq!(told("route.redirect-followed", &by(better)).len(), 1);
    assert_eq!(told("route.redirect-ignored", &by(better)), [0; 0]);
    assert_eq!(told("route.redirect-followed", &by(router)), [0; 0]);
}
