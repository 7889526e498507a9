//! What proves the rules on mtu.

use super::made::{Made, echo, packet, told};
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
    // Behind routers it is a black hole.
    Case {
        rule: "mtu.mismatch",
        fires: &["captures/jumbo-mismatch.pcapng"],
        near_miss: &["captures/path-mtu-black-hole.pcapng", "captures/jumbo.pcapng"],
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
    for name in
        ["path-mtu-black-hole", "path-mtu-black-hole-client", "path-mtu-black-hole-upload", "path-mtu-black-hole-ipv6", "path-mtu-probing"]
    {
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
        "jumbo-mismatch.pcapng",
    ] {
        assert!(!has_black_hole(&["captures/", name].concat()), "{name}");
    }
}

/// A packet of IPv6 between two addresses that differ in their last byte.
fn packet6(at: u32, [from, to]: [[u8; 16]; 2], (next, hop_limit): (u8, u8), payload: &[u8]) -> Made {
    let header = [&[0x60, 0, 0, 0, 0, payload.len() as u8, next, hop_limit][..], &from, &to].concat();
    Made { at, bytes: [&[2, 0, 0, 0, 0, to[15]][..], &[2, 0, 0, 0, 0, from[15]], &[0x86, 0xdd], &header, payload].concat() }
}

/// A router says what its link takes: the SYN of a host of the link that says the same obeys it. What comes from beyond the router does not, and what
/// says less has another cause.
#[test]
fn what_a_router_advertises_is_named_as_the_cause_of_a_small_mss() {
    let address = |prefix: [u8; 2], last: u8| {
        let mut address = [0; 16];
        (address[0], address[1], address[15]) = (prefix[0], prefix[1], last);
        address
    };
    let router = [&[134, 0, 0, 0, 64, 0, 7, 8][..], &[0; 8], &[5, 1, 0, 0, 0, 0, 0x05, 0xc8]].concat();
    let advertised = packet6(0, [address([0xfe, 0x80], 1), address([0xff, 0x02], 1)], (58, 255), &router);
    let ends = [address([0x20, 0x01], 11), address([0x20, 0x01], 20)];
    let call = |hop_limit: u8, size: u16| {
        let [high, low] = size.to_be_bytes();
        let segment = [156, 64, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 2, 0xff, 0, 0, 0, 0, 0, 2, 4, high, low];
        packet6(10, ends, (6, hop_limit), &segment)
    };
    let is_advertised = |call: Made| {
        let notes = told("mtu.mss-small", &[advertised.clone(), call]);
        assert_eq!(notes.len(), 1);
        notes[0]["facts"]["advertised"] == true
    };
    assert!(is_advertised(call(64, 1420)));
    assert!(!is_advertised(call(62, 1420)));
    assert!(!is_advertised(call(64, 1380)));
}

/// A router that says of a small packet that it is too big, though more fits, is not believed.
#[test]
fn what_would_fit_is_not_too_big() {
    let [host, far, router] = [[192, 168, 1, 11], [10, 130, 1, 4], [192, 168, 1, 1]];
    let asked = echo(0, host, far, 64, false, 1);
    let report = |mtu: u16| {
        let [high, low] = mtu.to_be_bytes();
        let quoted = &asked.bytes[14..];
        packet(1, router, host, (1, 64), [&[3, 4, 0, 0, 0, 0, high, low], quoted].concat(), 2)
    };
    let said = |mtu: u16| told("mtu.too-big", &[asked.clone(), report(mtu)])[0]["text"].as_str().expect("a text").to_owned();
    assert!(said(1400).ends_with("though 1,400 fit: that cannot be"), "{}", said(1400));
    assert!(said(20).ends_with("its next link takes 20"), "{}", said(20));
}
