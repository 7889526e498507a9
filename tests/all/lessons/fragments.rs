//! What proves the rules on fragments.

use super::super::support::read;
use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "fragments.incomplete", fires: &["captures/fragments-refused.pcap"], near_miss: &["captures/fragments-repeated.pcap"] },
    // The same fragments with all of their bytes.
    Case { rule: "fragments.cut-by-capture", fires: &["captures/ping-large-clipped.pcapng"], near_miss: &["captures/ping-large.pcapng"] },
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

#[test]
fn what_the_capture_lacks_is_not_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    // The fragments of its first datagram are in frames 3 to 5.
    let of = |filter: &str| {
        let path = folder.path().join("part.pcapng");
        let path = path.to_str().expect("UTF-8");
        assert_eq!(read(["--force", "-w", path, "-f", filter, "captures/ping-large.pcapng"]).status, Some(0));
        let rules = fired(&[path]);
        (rules.contains("fragments.cut-by-capture"), rules.contains("fragments.incomplete"))
    };
    assert_eq!(of("frame.number <= 4"), (true, false));
    assert_eq!(of("frame.number >= 4"), (true, false));
    assert_eq!(of("frame.number != 4"), (false, true));
    assert!(!fired(&["captures/ping-large-clipped.pcapng"]).contains("fragments.incomplete"));
}
