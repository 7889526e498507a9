//! The names of ICMPv6's types and codes (IANA, "Internet Control Message Protocol version 6 (ICMPv6) Parameters").

use crate::dissect::Names;

pub(super) use super::super::icmp::names::EXTENDED_ECHO;

pub(super) const TYPES: Names = &[
    (1, "destination unreachable"),
    (2, "packet too big"),
    (3, "time exceeded"),
    (4, "parameter problem"),
    (100, "private experiment"),
    (101, "private experiment"),
    (128, "echo request"),
    (129, "echo reply"),
    (130, "multicast listener query"),
    (131, "multicast listener report"),
    (132, "multicast listener done"),
    (133, "router solicitation"),
    (134, "router advertisement"),
    (135, "neighbour solicitation"),
    (136, "neighbour advertisement"),
    (137, "redirect"),
    (138, "router renumbering"),
    (139, "node information query"),
    (140, "node information response"),
    (141, "inverse neighbour solicitation"),
    (142, "inverse neighbour advertisement"),
    (143, "multicast listener report, version 2"),
    (144, "home agent address discovery request"),
    (145, "home agent address discovery reply"),
    (146, "mobile prefix solicitation"),
    (147, "mobile prefix advertisement"),
    (148, "certification path solicitation"),
    (149, "certification path advertisement"),
    (150, "experimental mobility"),
    (151, "multicast router advertisement"),
    (152, "multicast router solicitation"),
    (153, "multicast router termination"),
    (154, "fast handover"),
    (155, "routing for low-power networks (RPL)"),
    (156, "locator update"),
    (157, "duplicate address request"),
    (158, "duplicate address confirmation"),
    (159, "multicast for low-power networks (MPL)"),
    (160, "extended echo request"),
    (161, "extended echo reply"),
    (200, "private experiment"),
    (201, "private experiment"),
];
pub(super) const UNREACHABLE: Names = &[
    (0, "no route to destination"),
    (1, "administratively prohibited"),
    (2, "beyond scope of source address"),
    (3, "address unreachable"),
    (4, "port unreachable"),
    (5, "source address failed policy"),
    (6, "route rejected"),
    (7, "error in source routing header"),
    (8, "headers too long"),
];
pub(super) const TIME_EXCEEDED: Names = &[(0, "hop limit exceeded in transit"), (1, "fragment reassembly time exceeded")];
pub(super) const PARAMETER: Names = &[
    (0, "wrong header field"),
    (1, "unknown next header"),
    (2, "unknown IPv6 option"),
    (3, "first fragment has an incomplete header chain"),
    (4, "error in the header behind a segment route"),
    (5, "next header unknown on the way"),
    (6, "extension header too big"),
    (7, "extension header chain too long"),
    (8, "too many extension headers"),
    (9, "too many options in an extension header"),
    (10, "option too big"),
];
pub(super) const RENUMBERING: Names = &[(0, "command"), (1, "result"), (255, "sequence number reset")];
pub(super) const INFORMATION_QUERY: Names = &[(0, "about an IPv6 address"), (1, "about a name"), (2, "about an IPv4 address")];
pub(super) const INFORMATION_RESPONSE: Names = &[(0, "success"), (1, "refused"), (2, "unknown kind of query")];
