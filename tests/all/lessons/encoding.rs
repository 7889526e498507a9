//! What proves the rules on encoding.

use super::super::support::{Ran, wirelore};
use super::{Case, hold};
use serde_json::Value;

const CASES: &[Case] = &[
    Case { rule: "encoding.charset", fires: &["captures/http-utf8.pcapng"], near_miss: &["captures/http-mislabelled.pcapng"] },
    Case { rule: "encoding.byte-order-mark", fires: &["captures/http-bom.pcapng"], near_miss: &["captures/http-utf8.pcapng"] },
    Case { rule: "encoding.wrong-label", fires: &["captures/http-mislabelled.pcapng"], near_miss: &["captures/http-latin1.pcapng"] },
    Case {
        rule: "encoding.labels-disagree",
        fires: &["captures/http-charsets-wrong.pcap"],
        near_miss: &["captures/http-charsets-right.pcap"],
    },
    Case {
        rule: "encoding.unknown-label",
        fires: &["captures/http-charsets-wrong.pcap"],
        near_miss: &["captures/http-charsets-right.pcap"],
    },
    Case {
        rule: "encoding.no-character",
        fires: &["captures/http-charsets-wrong.pcap"],
        near_miss: &["captures/http-charsets-right.pcap", "captures/http-mislabelled.pcapng"],
    },
    Case {
        rule: "encoding.no-text",
        fires: &["captures/http-charsets-wrong.pcap"],
        near_miss: &["captures/http-charsets-right.pcap", "captures/http-utf16.pcapng"],
    },
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

/// What is told of each answer, by its place among them.
fn told(name: &str) -> Vec<(u64, String)> {
    let output = wirelore().args(["read", "--json", name]).output().expect("wirelore runs");
    let mut told = Vec::new();
    for line in Ran::from(output).out.lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        for note in value["notes"].as_array().into_iter().flatten() {
            let rule = note["rule"].as_str().expect("a rule");
            if let Some(rule) = rule.strip_prefix("encoding.") {
                told.push((note["exchange"].as_u64().expect("an exchange"), rule.to_owned()));
            }
        }
    }
    told
}

#[test]
fn of_each_label_that_is_wrong_it_is_told_how_and_of_no_other() {
    let wrong: Vec<(u64, &str)> = vec![
        (0, "labels-disagree"),
        (0, "charset"),
        (1, "byte-order-mark"),
        (1, "labels-disagree"),
        (1, "charset"),
        (2, "unknown-label"),
        (2, "charset"),
        (3, "no-character"),
        (3, "charset"),
        (4, "no-character"),
        (5, "wrong-label"),
        (6, "no-text"),
        (7, "no-text"),
        (8, "charset"),
        (9, "charset"),
        (10, "charset"),
    ];
    assert_eq!(
        told("captures/http-charsets-wrong.pcap"),
        wrong.into_iter().map(|(place, rule)| (place, rule.to_owned())).collect::<Vec<_>>()
    );
    let right = told("captures/http-charsets-right.pcap");
    assert!(right.iter().all(|(_, rule)| matches!(rule.as_str(), "charset" | "byte-order-mark")), "{right:?}");
}
