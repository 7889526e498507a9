//! What proves the rules on http.

use super::claims::{FAR, HOST, connected};
use super::made::run;
use super::{Case, hold};

const CASES: &[Case] = &[
    Case { rule: "http.status", fires: &["captures/http-ipv4.pcapng"], near_miss: &["captures/tls12.pcapng"] },
    Case { rule: "http.server-error", fires: &["captures/odd-web-server.pcapng"], near_miss: &["captures/http-keep-alive.pcapng"] },
    Case { rule: "http.redirect", fires: &["captures/http-redirect.pcapng"], near_miss: &["captures/http-cache.pcapng"] },
    Case {
        rule: "http.redirect-followed",
        fires: &["captures/http-redirect-chain.pcapng"],
        near_miss: &["captures/http-keep-alive.pcapng"],
    },
    Case {
        rule: "http.redirect-loop",
        fires: &["captures/http-redirect-loop.pcapng"],
        near_miss: &["captures/http-redirect-chain.pcapng"],
    },
    Case { rule: "http.keep-alive", fires: &["captures/http-keep-alive.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "http.close", fires: &["captures/http-geocode.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "http.chunked", fires: &["captures/http-chunked.pcapng"], near_miss: &["captures/http-gzip.pcapng"] },
    Case { rule: "http.compressed", fires: &["captures/http-gzip.pcapng"], near_miss: &["captures/http-chunked.pcapng"] },
    Case { rule: "http.not-modified", fires: &["captures/http-cache.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "http.from-cache", fires: &["captures/http-cache.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "http.may-be-kept", fires: &["captures/http-cache.pcapng"], near_miss: &["captures/http-ipv4.pcapng"] },
    Case { rule: "http.slow-server", fires: &["captures/http-slow-server.pcapng"], near_miss: &["captures/http-slow-network.pcapng"] },
    // A large answer over a slow network, a wait before the first byte.
    Case {
        rule: "http.slow-body",
        fires: &["captures/http-slow-body.pcap"],
        near_miss: &["captures/http-slow-network.pcapng", "captures/http-slow-server.pcapng"],
    },
    Case { rule: "http.slow-transfer", fires: &["captures/odd-web-server.pcapng"], near_miss: &["captures/http-slow-server.pcapng"] },
    Case { rule: "http.credentials-in-clear", fires: &["captures/http-basic.pcapng"], near_miss: &["captures/http-unauthorized.pcapng"] },
    Case { rule: "http.cookie-in-clear", fires: &["captures/odd-web-server.pcapng"], near_miss: &["captures/http-basic.pcapng"] },
    Case { rule: "http.ambiguous", fires: &["captures/odd-web-server.pcapng"], near_miss: &["captures/http-chunked.pcapng"] },
    Case { rule: "http.incomplete", fires: &["captures/odd-web-server.pcapng"], near_miss: &["captures/cut-short.pcapng"] },
    Case { rule: "http.unanswered", fires: &["captures/http-unanswered.pcapng"], near_miss: &["captures/http-slow-server.pcapng"] },
    Case {
        rule: "http.closed-unanswered",
        fires: &["captures/http-closed-unanswered.pcapng"],
        near_miss: &["captures/http-unanswered.pcapng"],
    },
    Case {
        rule: "http.closed-as-asked",
        fires: &["captures/http-closed-as-asked.pcapng"],
        near_miss: &["captures/http-closed-unanswered.pcapng", "captures/http-keep-alive.pcapng"],
    },
];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("http", CASES);
}

#[test]
fn no_story_and_no_note_tells_a_password_that_is_in_a_url() {
    let asks = |target: &str| {
        let request = format!("GET {target} HTTP/1.1\r\nHost: h.example\r\n\r\n");
        connected(0, [(HOST, 50_000), (FAR, 80)], &request)
    };
    for verb in [&["explain"][..], &["explain", "-v"], &["explain", "--layers", "1"]] {
        let told = run(verb, &asks("/login?user=ann&password=secret")).out;
        assert!(told.contains("login?user=ann&password=..") && !told.contains("secret"), "{verb:?} {told}");
        let told = run(verb, &asks("/login?user=ann&word=secret")).out;
        assert!(told.contains("login?user=ann&word=secret"), "{verb:?} {told}");
    }
}
