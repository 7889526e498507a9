//! What proves the rules on handshake.

use super::made::{ACK, SYN, run, segment, told};
use super::{Case, fired, hold};

const CASES: &[Case] = &[
    Case { rule: "handshake.three-way", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/refused.pcapng"] },
    Case { rule: "handshake.refused", fires: &["captures/refused.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "handshake.silence", fires: &["captures/silence.pcapng"], near_miss: &["captures/syn-lost.pcapng"] },
    Case { rule: "handshake.syn-repeated", fires: &["captures/syn-lost.pcapng"], near_miss: &["captures/silence.pcapng"] },
    Case { rule: "handshake.answer-repeated", fires: &["captures/accept-queue-full.pcap"], near_miss: &["captures/syn-lost.pcapng"] },
    Case { rule: "handshake.simultaneous-open", fires: &["captures/simultaneous-open.pcap"], near_miss: &["captures/called-anew.pcap"] },
    // The server closes first: each port is free at once.
    Case { rule: "handshake.ports-exhausted", fires: &["captures/ports-used-up.pcapng"], near_miss: &["captures/ports-in-turn.pcapng"] },
    // Whoever knows what runs there is answered mostly; peers that are gone are one here and one there.
    Case {
        rule: "handshake.port-scan",
        fires: &["captures/port-scan.pcapng"],
        near_miss: &["captures/services-checked.pcapng", "captures/host-scan.pcapng"],
    },
    Case {
        rule: "handshake.host-scan",
        fires: &["captures/host-scan.pcapng"],
        near_miss: &["captures/peers-far-and-wide.pcapng", "captures/port-scan.pcapng"],
    },
    // A capture that keeps SYNs alone shows every server like that, and most calls go on where anything is served.
    // Who acknowledges the answer first has a connection, and breaks that off; of a scan the scan is told.
    Case {
        rule: "handshake.half-open-probe",
        fires: &["captures/left-before-connected.pcap"],
        near_miss: &["captures/reset-by-client.pcap", "captures/port-scan.pcapng", "captures/refused.pcapng"],
    },
    Case { rule: "handshake.syn-flood", fires: &["captures/syn-flood.pcap"], near_miss: &["captures/syns-alone.pcap"] },
    Case { rule: "handshake.ports-reused", fires: &["captures/port-reused.pcapng"], near_miss: &["captures/syn-lost.pcapng"] },
    Case { rule: "handshake.half-open", fires: &["captures/half-open.pcapng"], near_miss: &["captures/reset-abort.pcapng"] },
    Case { rule: "handshake.peer-gone", fires: &["captures/keep-alive-unanswered.pcapng"], near_miss: &["captures/tcp-keep-alive.pcapng"] },
    Case { rule: "handshake.half-closed", fires: &["captures/half-closed.pcap"], near_miss: &["captures/reset-to-close.pcap"] },
    Case { rule: "handshake.reset-data", fires: &["captures/reset-while-sending.pcap"], near_miss: &["captures/reset-to-close.pcap"] },
    Case { rule: "handshake.reset-late", fires: &["captures/reset-late.pcap"], near_miss: &["captures/reset-to-close.pcap"] },
    Case { rule: "handshake.reset", fires: &["captures/reset-by-client.pcap"], near_miss: &["captures/half-open.pcapng"] },
    // A client that breaks off has what it wanted.
    Case {
        rule: "handshake.reset-by-server",
        fires: &["captures/reset-unread.pcapng"],
        near_miss: &["captures/reset-by-client.pcap", "captures/reset-to-close.pcap"],
    },
    Case { rule: "handshake.reset-to-close", fires: &["captures/reset-to-close.pcap"], near_miss: &["captures/reset-while-sending.pcap"] },
    Case { rule: "handshake.closed", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/half-closed.pcap"] },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("handshake", CASES);
}

#[test]
fn a_connection_that_one_end_forgot_shows_in_three_ways() {
    for capture in ["captures/half-open.pcapng", "captures/half-open-keep-alive.pcapng", "captures/called-anew.pcap"] {
        assert!(fired(&[capture]).contains("handshake.half-open"), "{capture}");
    }
}

#[test]
fn silence_that_icmp_explains_is_none() {
    assert!(!fired(&["captures/unreachable.pcapng"]).contains("handshake.silence"));
}

#[test]
fn who_has_used_many_ports_may_have_more() {
    // All 64 were used, but up to here nothing shows that there are no others.
    assert!(!fired(&["-c", "443", "captures/ports-used-up.pcapng"]).contains("handshake.ports-exhausted"));
}

#[test]
fn ports_of_udp_are_scanned_too() {
    assert!(fired(&["captures/udp-scan.pcap"]).contains("handshake.port-scan"));
    for near_miss in ["captures/udp-answers-alone.pcap", "captures/traceroute.pcap", "captures/dns.pcapng"] {
        assert!(!fired(&[near_miss]).contains("handshake.port-scan"), "{near_miss}");
    }
}

#[test]
fn who_acknowledges_nothing_any_more_is_gone() {
    assert!(fired(&["captures/stops-acknowledging.pcap"]).contains("handshake.peer-gone"));
    for near_miss in ["sent-twice-then-closed.pcap", "path-mtu-black-hole-silent.pcapng", "server-gone.pcapng", "loss-timeout.pcapng"] {
        assert!(!fired(&[&format!("captures/{near_miss}")]).contains("handshake.peer-gone"), "{near_miss}");
    }
}

#[test]
fn a_flood_is_told_without_answers_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("inbound.pcap");
    let path = path.to_str().expect("UTF-8");
    assert_eq!(super::super::support::read(["-w", path, "-f", "ip.dst == 10.130.1.4", "captures/syn-flood.pcap"]).status, Some(0));
    assert!(fired(&[path]).contains("handshake.syn-flood"));
}

/// Who gets an answer to a SYN that it did not send must reset it (RFC 9293 section 3.10.7.3): that tells nothing of what it wanted.
#[test]
fn who_resets_the_answer_to_another_syn_probes_nothing() {
    let ends = [([192, 168, 1, 11], 40_000), ([10, 0, 0, 9], 80)];
    let called = |acknowledged: u32| {
        let frames = [
            segment(0, ends, 64, (SYN, 0, 0), ""),
            segment(20, [ends[1], ends[0]], 64, (SYN | ACK, 0, acknowledged), ""),
            segment(21, ends, 64, (4, acknowledged, 0), ""),
        ];
        told("handshake.half-open-probe", &frames).len()
    };
    assert_eq!([called(0), called(4_555)], [1, 0]);
}

#[test]
fn a_syn_that_comes_again_sooner_than_any_timer_sends_it_is_no_second_try_in_notes_and_stories() {
    let call = |at: u32| segment(at, [([192, 168, 1, 5], 50_000), ([203, 0, 113, 5], 80)], 64, (SYN, 0, 0), "");
    for (times, tries, waits) in [
        (&[0, 5, 1_002][..], 2, serde_json::json!([1_002])),
        (&[0, 5, 1_002, 1_007, 3_000], 3, serde_json::json!([1_002, 1_998])),
        (&[0, 150, 1_002], 3, serde_json::json!([150, 852])),
    ] {
        let frames: Vec<_> = times.iter().copied().map(call).collect();
        let notes = told("handshake.silence", &frames);
        let facts = &notes[0]["facts"];
        assert_eq!((&facts["times"], &facts["waits_ms"]), (&tries.into(), &waits), "{notes:?}");
        let story = run(&["explain"], &frames).out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(story.contains(&format!("port 80 of 203.0.113.5, {tries} times in")), "{story}");
        assert!(story.contains(&format!("asked {tries} times")), "{story}");
    }
    // A call that was captured twice was made once.
    assert_eq!(told("handshake.silence", &[call(0), call(5)]).len(), 0);
}
