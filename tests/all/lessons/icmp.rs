//! What proves the rules on icmp.

use super::super::support::read;
use super::made::{Made, datagram, packet, told};
use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "icmp.no-route", fires: &["captures/unreachable.pcapng"], near_miss: &["captures/ping-too-large.pcapng"] },
    Case { rule: "icmp.no-host", fires: &["captures/unreachable.pcapng"], near_miss: &["captures/silence.pcapng"] },
    Case { rule: "icmp.prohibited", fires: &["captures/unreachable.pcapng"], near_miss: &["captures/silence.pcapng"] },
    Case { rule: "icmp.no-protocol", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/unreachable.pcapng"] },
    Case { rule: "icmp.port-closed", fires: &["captures/refused.pcapng"], near_miss: &["captures/traceroute.pcap"] },
    // The host that was asked says so itself.
    Case { rule: "icmp.port-filtered", fires: &["captures/port-filtered.pcap"], near_miss: &["captures/refused.pcapng"] },
    Case { rule: "icmp.port-left", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/refused.pcapng"] },
    Case { rule: "icmp.port-probed", fires: &["captures/traceroute.pcap"], near_miss: &["captures/refused.pcapng"] },
    Case { rule: "icmp.not-delivered", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/unreachable.pcapng"] },
    Case { rule: "icmp.reassembly-timeout", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/traceroute.pcap"] },
    Case { rule: "icmp.parameter-problem", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/unreachable.pcapng"] },
    Case { rule: "icmp.source-quench", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/unreachable.pcapng"] },
    Case { rule: "icmp.about-unseen", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/unreachable.pcapng"] },
    Case { rule: "icmp.echo", fires: &["captures/ping.pcap"], near_miss: &["captures/traceroute.pcap"] },
    Case { rule: "icmp.echo-unanswered", fires: &["captures/ping-unanswered.pcap"], near_miss: &["captures/ping.pcap"] },
    Case { rule: "icmp.echo-silent", fires: &["captures/ping-unanswered.pcap"], near_miss: &["captures/redirect.pcapng"] },
    Case { rule: "icmp.message", fires: &["captures/icmp-reports.pcap"], near_miss: &["captures/redirect.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("icmp", CASES);
}

/// A DHCP server asks whether anybody has the address that it is about to give: silence is what it hopes for.
#[test]
fn the_echo_of_a_server_that_gives_addresses_needs_no_answer() {
    let rules = fired(&["captures/dhcp.pcapng"]);
    assert!(!rules.contains("icmp.echo-unanswered") && !rules.contains("icmp.echo-silent"), "{rules:?}");
}

/// A host that answers smaller echoes is not down: their size is what tells them from the others. Of one size it tells nothing.
#[test]
fn echoes_that_are_too_large_are_told_by_their_size() {
    assert!(fired(&["captures/ping-sizes.pcapng"]).contains("icmp.echo-silent"));
    let told = read(["captures/ping-sizes.pcapng"]).out;
    assert!(told.contains("of up to 1,400 bytes, none of 1,401 or more"), "{told}");
    assert!(!told.contains("down, out of reach"), "{told}");
    let told = read(["captures/ping-unanswered.pcap"]).out;
    assert!(!told.contains("of up to"), "{told}");
}

/// A host that refuses what was sent to everybody reports by its own address, as it must: no firewall is in the way.
#[test]
fn who_refuses_what_was_for_many_is_no_firewall() {
    let [asker, host] = [[192, 168, 1, 11], [192, 168, 1, 4]];
    let refused = |to: [u8; 4], card: Option<[u8; 6]>| {
        let mut asked = datagram(0, [(asker, 40_000), (to, 9_999)], 64, b"is anybody there");
        let message = packet(1, host, asker, (1, 64), [&[3, 3, 0, 0, 0, 0, 0, 0], &asked.bytes[14..]].concat(), 2);
        if let Some(card) = card {
            asked.bytes[..6].copy_from_slice(&card);
        }
        let frames: [Made; 2] = [asked, message];
        ["icmp.port-filtered", "icmp.port-closed", "icmp.port-probed"].map(|rule| told(rule, &frames).len())
    };
    assert_eq!(refused([192, 168, 1, 9], None), [1, 0, 0]);
    assert_eq!(refused([192, 168, 1, 255], None), [0; 3]);
    assert_eq!(refused([239, 1, 2, 3], None), [0; 3]);
    // The last address of a subnet of 26 bits.
    assert_eq!(refused([192, 168, 1, 63], Some([0xff; 6])), [0; 3]);
}
