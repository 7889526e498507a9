//! What proves the rules on route.

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
