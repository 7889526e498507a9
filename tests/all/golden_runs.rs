//! What `wirelore diff --runs` says of pairs of captures: kept with the other golden outputs.

/// The file that keeps it, and the words behind `diff --runs`.
pub(crate) const RUNS: &[(&str, &[&str])] = &[
    ("diff-runs.http-ipv4-ipv6.txt", &["captures/http-ipv4.pcapng", "captures/http-ipv6.pcapng"]),
    ("diff-runs.http-ipv4-ipv6.all.txt", &["-v", "captures/http-ipv4.pcapng", "captures/http-ipv6.pcapng"]),
    ("diff-runs.http-ipv4-ipv6.brief.txt", &["--brief", "captures/http-ipv4.pcapng", "captures/http-ipv6.pcapng"]),
    ("diff-runs.http-slow.txt", &["captures/http-ipv4.pcapng", "captures/http-slow-server.pcapng"]),
    ("diff-runs.http-slow.json.txt", &["--json", "captures/http-ipv4.pcapng", "captures/http-slow-server.pcapng"]),
    ("diff-runs.http-slow.side.txt", &["-y", "captures/http-ipv4.pcapng", "captures/http-slow-server.pcapng"]),
    (
        "diff-runs.http-slow.only.txt",
        &["--only", "time,http.request.uri.path", "-ttttt", "captures/http-ipv4.pcapng", "captures/http-slow-server.pcapng"],
    ),
    ("diff-runs.http-keep-alive.txt", &["captures/http-pipelined.pcapng", "captures/http-keep-alive.pcapng"]),
    ("diff-runs.http-gzip.strict.txt", &["--strict", "captures/http-gzip.pcapng", "captures/http-gzip-chunked.pcapng"]),
    ("diff-runs.http-gzip.txt", &["captures/http-gzip.pcapng", "captures/http-gzip-chunked.pcapng"]),
    ("diff-runs.dns.txt", &["captures/dns-in-time.pcapng", "captures/dns-expired.pcapng"]),
    ("diff-runs.dns-silent.txt", &["captures/dns-asked-again.pcapng", "captures/dns-silent.pcapng"]),
    ("diff-runs.dns-refused.txt", &["captures/dns.pcapng", "captures/dns-refused.pcapng"]),
    ("diff-runs.refused.txt", &["captures/http-ipv4.pcapng", "captures/refused.pcapng"]),
    ("diff-runs.refused-by-firewall.txt", &["captures/refused.pcapng", "captures/refused-by-firewall.pcapng"]),
    ("diff-runs.path-mtu.txt", &["captures/path-mtu.pcapng", "captures/path-mtu-black-hole.pcapng"]),
    ("diff-runs.path-mtu.json.txt", &["--json", "captures/path-mtu.pcapng", "captures/path-mtu-black-hole.pcapng"]),
    ("diff-runs.tls.txt", &["captures/tls12.pcapng", "captures/tls13.pcapng"]),
    ("diff-runs.tls.side.txt", &["-y", "captures/tls12.pcapng", "captures/tls13.pcapng"]),
    ("diff-runs.reset.txt", &["captures/reset-abort.pcapng", "captures/reset-unread.pcapng"]),
    ("diff-runs.mail.txt", &["captures/pop3.pcapng", "captures/imap.pcapng"]),
    ("diff-runs.ping.txt", &["captures/ping.pcap", "captures/ping-unanswered.pcap"]),
    ("diff-runs.arp.txt", &["captures/arp.pcapng", "captures/arp-announced.pcapng"]),
    ("diff-runs.same.txt", &["--strict", "captures/smtp.pcapng", "captures/smtp.pcapng"]),
];
