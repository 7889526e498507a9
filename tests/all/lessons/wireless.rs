//! What proves the rules on wireless networks.

use super::{Case, hold};

const CASES: &[Case] = &[
    // A first message that comes twice is nothing, if the third follows.
    Case {
        rule: "wireless.keys-failed",
        fires: &["captures/wireless-wrong-passphrase.pcap"],
        near_miss: &["captures/wireless-joined.pcap", "captures/wireless-refused.pcap"],
    },
    Case { rule: "wireless.refused", fires: &["captures/wireless-refused.pcap"], near_miss: &["captures/wireless-joined.pcap"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("wireless", CASES);
}
