//! What proves the rules on fragments.

use super::{Case, hold};

const CASES: &[Case] = &[
    Case { rule: "fragments.incomplete", fires: &["captures/fragments-refused.pcap"], near_miss: &["captures/fragments-repeated.pcap"] },
    Case { rule: "fragments.given-up", fires: &["captures/fragments-lost.pcap"], near_miss: &["captures/fragments-refused.pcap"] },
    Case { rule: "fragments.conflict", fires: &["captures/dns-fragments-conflict.pcapng"], near_miss: &["captures/dns-fragments.pcapng"] },
    Case { rule: "fragments.dropped", fires: &["captures/fragments-overlap-ipv6.pcap"], near_miss: &["captures/ping-large-ipv6.pcapng"] },
    Case { rule: "fragments.repeated", fires: &["captures/fragments-repeated.pcap"], near_miss: &["captures/dns-fragments.pcapng"] },
    Case {
        rule: "fragments.overlaps",
        fires: &["captures/dns-fragments-conflict.pcapng"],
        near_miss: &["captures/fragments-repeated.pcap"],
    },
    Case { rule: "fragments.refused", fires: &["captures/fragments-refused.pcap"], near_miss: &["captures/fragments-lost.pcap"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("fragments", CASES);
}
