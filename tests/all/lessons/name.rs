//! What proves the rules on name.

use super::{Case, hold};

const CASES: &[Case] = &[
    Case { rule: "name.from-lookup", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.expired", fires: &["captures/dns-expired.pcapng"], near_miss: &["captures/dns-renewed.pcapng"] },
    Case { rule: "name.no-such-name", fires: &["captures/dns.pcapng"], near_miss: &["captures/dns-refused.pcapng"] },
    Case { rule: "name.no-record", fires: &["captures/dns.pcapng"], near_miss: &["captures/dns-search-in-vain.pcapng"] },
    Case { rule: "name.server-failed", fires: &["captures/dns-refused.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.asked-again", fires: &["captures/dns-asked-again.pcapng"], near_miss: &["captures/dns-refused.pcapng"] },
    Case { rule: "name.no-answer", fires: &["captures/dns-all-silent.pcapng"], near_miss: &["captures/dns-asked-again.pcapng"] },
    Case { rule: "name.search-domain", fires: &["captures/dns-search.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.ipv6-first", fires: &["captures/happy-eyeballs.pcapng"], near_miss: &["captures/ipv6-first.pcapng"] },
    Case { rule: "name.truncated", fires: &["captures/dns-truncated.pcapng.gz"], near_miss: &["captures/dns-fragments.pcapng"] },
    Case { rule: "name.alias", fires: &["captures/dns.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "name.reverse", fires: &["captures/dns.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "name.local", fires: &["captures/names-of-the-link.pcapng"], near_miss: &["captures/dns.pcapng"] },
    Case { rule: "name.slow", fires: &["captures/dns-slow.pcapng"], near_miss: &["captures/dns-asked-again.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("name", CASES);
}
