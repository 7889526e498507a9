//! The names of ICMP's types and codes (IANA, "Internet Control Message Protocol (ICMP) Parameters").

use crate::dissect::Names;

pub(super) const TYPES: Names = &[
    (0, "echo reply"),
    (3, "destination unreachable"),
    (4, "source quench"),
    (5, "redirect"),
    (6, "alternate host address"),
    (8, "echo request"),
    (9, "router advertisement"),
    (10, "router solicitation"),
    (11, "time exceeded"),
    (12, "parameter problem"),
    (13, "timestamp request"),
    (14, "timestamp reply"),
    (15, "information request"),
    (16, "information reply"),
    (17, "subnet mask request"),
    (18, "subnet mask reply"),
    (30, "traceroute"),
    (31, "datagram conversion error"),
    (32, "mobile host redirect"),
    (33, "IPv6 where are you"),
    (34, "IPv6 I am here"),
    (35, "mobile registration request"),
    (36, "mobile registration reply"),
    (37, "domain name request"),
    (38, "domain name reply"),
    (39, "SKIP"),
    (40, "Photuris"),
    (41, "experimental mobility"),
    (42, "extended echo request"),
    (43, "extended echo reply"),
    (253, "experiment 1"),
    (254, "experiment 2"),
];
pub(super) const UNREACHABLE: Names = &[
    (0, "network unreachable"),
    (1, "host unreachable"),
    (2, "protocol unreachable"),
    (3, "port unreachable"),
    (4, "fragmentation needed"),
    (5, "source route failed"),
    (6, "destination network unknown"),
    (7, "destination host unknown"),
    (8, "source host isolated"),
    (9, "network administratively prohibited"),
    (10, "host administratively prohibited"),
    (11, "network unreachable for this type of service"),
    (12, "host unreachable for this type of service"),
    (13, "communication administratively prohibited"),
    (14, "host precedence violation"),
    (15, "precedence cutoff in effect"),
];
pub(super) const REDIRECT: Names =
    &[(0, "for the network"), (1, "for the host"), (2, "for the type of service and network"), (3, "for the type of service and host")];
pub(super) const ADVERTISEMENT: Names = &[(0, "normal router"), (16, "does not route common traffic")];
pub(super) const TIME_EXCEEDED: Names = &[(0, "time to live exceeded in transit"), (1, "fragment reassembly time exceeded")];
pub(super) const PARAMETER: Names = &[(0, "pointer tells the error"), (1, "required option missing"), (2, "bad length")];
pub(super) const PHOTURIS: Names = &[
    (0, "bad security parameters index"),
    (1, "authentication failed"),
    (2, "decompression failed"),
    (3, "decryption failed"),
    (4, "need authentication"),
    (5, "need authorization"),
];
/// Of the extended echo reply, ICMPv6 too (RFC 8335 section 3).
pub(in super::super) const EXTENDED_ECHO: Names = &[
    (0, "no error"),
    (1, "malformed query"),
    (2, "no such interface"),
    (3, "no such table entry"),
    (4, "multiple interfaces satisfy the query"),
];
