//! What proves the rules on hops.

use super::{Case, hold};

const CASES: &[Case] = &[
    Case {
        rule: "hops.answered-nearer",
        fires: &["captures/proxy-unseen.pcap"],
        near_miss: &["captures/router-two-sides.pcapng", "captures/ping.pcap"],
    },
    Case {
        rule: "hops.distance",
        fires: &["captures/ping.pcap"],
        near_miss: &["captures/arp.pcapng", "captures/translated-source-outside.pcapng"],
    },
    Case { rule: "hops.path-changed", fires: &["captures/path-changed.pcapng"], near_miss: &["captures/any-router.pcapng"] },
    Case { rule: "hops.other-reset", fires: &["captures/refused-by-firewall.pcapng"], near_miss: &["captures/refused.pcapng"] },
    Case { rule: "hops.expired", fires: &["captures/ping.pcap"], near_miss: &["captures/routing-loop-seen-from-home.pcapng"] },
    Case { rule: "hops.exhausted", fires: &["captures/routing-loop-seen-from-home.pcapng"], near_miss: &["captures/ping.pcap"] },
    Case { rule: "hops.traceroute", fires: &["captures/traceroute.pcap"], near_miss: &["captures/ping.pcap"] },
    Case { rule: "hops.loop", fires: &["captures/routing-loop.pcapng"], near_miss: &["captures/any-router.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("hops", CASES);
}
