//! What proves the rules on mtu.

use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "mtu.df", fires: &["captures/path-mtu.pcapng"], near_miss: &["captures/ping-large.pcapng"] },
    Case { rule: "mtu.mss", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/ipip-tcp.pcapng"] },
    Case {
        rule: "mtu.mss-small",
        fires: &["captures/ipip-tcp.pcapng"],
        near_miss: &["captures/http-ipv4.pcapng", "captures/mss-clamped.pcapng"],
    },
    Case { rule: "mtu.mss-clamped", fires: &["captures/mss-clamped.pcapng"], near_miss: &["captures/router-two-sides.pcapng"] },
    Case { rule: "mtu.tunnel", fires: &["captures/gre.pcapng"], near_miss: &["captures/vlan.pcapng"] },
    Case { rule: "mtu.cut", fires: &["captures/ping-large.pcapng"], near_miss: &["captures/ping-too-large.pcapng"] },
    Case { rule: "mtu.too-big", fires: &["captures/path-mtu.pcapng"], near_miss: &["captures/unreachable.pcapng"] },
    Case { rule: "mtu.learned", fires: &["captures/path-mtu.pcapng"], near_miss: &["captures/ping-too-large.pcapng"] },
    Case { rule: "mtu.ignored", fires: &["captures/path-mtu-ignored.pcap"], near_miss: &["captures/path-mtu.pcapng"] },
    Case { rule: "mtu.black-hole", fires: &["captures/path-mtu-black-hole.pcapng"], near_miss: &["captures/server-gone.pcapng"] },
    Case {
        rule: "mtu.black-hole-possible",
        fires: &["captures/path-mtu-black-hole-silent.pcapng", "captures/path-mtu-black-hole-hung.pcapng"],
        near_miss: &["captures/server-gone.pcapng"],
    },
    Case { rule: "mtu.probed", fires: &["captures/path-mtu-probing.pcapng"], near_miss: &["captures/path-mtu-black-hole.pcapng"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("mtu", CASES);
}

/// Whether a capture is told to have a path-MTU black hole.
fn has_black_hole(capture: &str) -> bool {
    fired(&[capture]).contains("mtu.black-hole")
}

#[test]
fn a_black_hole_is_found_from_both_ends_in_both_directions_and_with_both_versions() {
    for name in [
        "path-mtu-black-hole",
        "path-mtu-black-hole-client",
        "path-mtu-black-hole-upload",
        "path-mtu-black-hole-ipv6",
        "path-mtu-probing",
        "jumbo-mismatch",
    ] {
        assert!(has_black_hole(&["captures/", name, ".pcapng"].concat()), "{name}");
    }
}

#[test]
fn no_black_hole_is_seen_in_what_only_begins_like_one() {
    for name in [
        "server-gone.pcapng",
        "loss.pcapng",
        "loss-sender.pcapng",
        "loss-timeout.pcapng",
        "retransmission-spurious-sender.pcapng",
        "http-slow-network.pcapng",
        "zero-window.pcapng",
        "path-mtu.pcapng",
        "path-mtu-ipv6.pcapng",
        "path-mtu-ignored.pcap",
        "mss-clamped.pcapng",
        "segmentation-offload.pcapng",
        "dropped-frames.pcapng",
        "keep-alive-unanswered.pcapng",
        "silence.pcapng",
    ] {
        assert!(!has_black_hole(&["captures/", name].concat()), "{name}");
    }
}
