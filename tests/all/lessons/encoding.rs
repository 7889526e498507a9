//! What proves the rules on encoding.

use super::{Case, hold};

const CASES: &[Case] = &[
    Case { rule: "encoding.charset", fires: &["captures/http-utf8.pcapng"], near_miss: &["captures/http-mislabelled.pcapng"] },
    Case { rule: "encoding.byte-order-mark", fires: &["captures/http-bom.pcapng"], near_miss: &["captures/http-utf8.pcapng"] },
    Case { rule: "encoding.wrong-label", fires: &["captures/http-mislabelled.pcapng"], near_miss: &["captures/http-latin1.pcapng"] },
    Case { rule: "encoding.percent", fires: &["captures/http-percent.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case {
        rule: "encoding.percent-not-utf8",
        fires: &["captures/http-percent-latin1.pcapng"],
        near_miss: &["captures/http-percent.pcapng"],
    },
    Case { rule: "encoding.percent-twice", fires: &["captures/http-percent-twice.pcapng"], near_miss: &["captures/http-percent.pcapng"] },
    Case { rule: "encoding.decoded-twice", fires: &["captures/http-twice-decoded.pcapng"], near_miss: &["captures/http-brazil.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("encoding", CASES);
}
