//! The same words pass the same frames as in tcpdump. Each expression is run through both over every plain frame of `captures/`.
//!
//! By design these differ, and are left out: what stands behind IPv6 extension headers, in tags and in tunnels (wirelore finds it);
//! `tcp[..]` and the like over IPv6 (tcpdump: never); `vlan` twice for two tags; `not` around bytes that are not there (tcpdump drops the
//! frame whatever the rest of the expression says); `%` and `^` beside other operators (they bind as in C).

use super::{compare, ours, plain_frames, times};
use crate::support::{capture, peer};
use std::process::Command;

const EXPRESSIONS: &[&str] = &[
    // Hosts and networks.
    "",
    "host 192.168.1.11",
    "src host 192.168.1.11",
    "dst host 192.168.1.11",
    "src 192.168.1.11",
    "dst 10.130.1.4",
    "src or dst host 10.1.1.1",
    "dst or src host 10.1.1.1",
    "src and dst host 10.1.1.1",
    "src and dst net 10",
    "host 192.168.1.11 and 10.1.1.1",
    "host 192.168.1.1 or 10.1.1.1",
    "host (192.168.1.1 or 10.1.1.1)",
    "host not 192.168.1.11",
    "not host 192.168.1.11",
    "! host 192.168.1.11 and 10.130.1.4",
    "not host 192.168.1.11 and not 10.130.1.4",
    "not (host 192.168.1.11 and 10.130.1.4)",
    "src host 192.168.1.11 or 10.130.1.4 and dst port 80",
    "src host 192.168.1.11 and not dst 10.130.1.4",
    "host 192.168.1.12",
    "host 192.168.1.99",
    "ip host 192.168.1.12",
    "arp host 192.168.1.12",
    "arp src host 192.168.1.12",
    "arp dst host 192.168.1.12",
    "arp src 192.168.1.12",
    "arp net 192.168.1",
    "rarp host 192.168.1.12",
    "ip src 192.168.1.11",
    "ip dst 192.168.1.11 or 192.168.1.1",
    "host 192.168",
    "net 10",
    "net 10.130",
    "net 192.168.1",
    "net 192.168.1.0",
    "net 192.168.1.0/24",
    "net 192.168.1/24",
    "net 10.0.0.0/8",
    "net 10.1.0.0/16",
    "net 10.1.1.0/30",
    "net 0.0.0.0/0",
    "net 10.0.0.0 mask 255.0.0.0",
    "src net 10.0.0.0 mask 255.255.0.0",
    "src net 10.0.0.0/8 and dst net 192.168.0.0/16",
    "src net 192.168.1 and not dst net 10",
    "ip net 10.1",
    "host 2001:db8:a:1::11",
    "src host 2001:db8:a:1::11",
    "dst host 2001:db8:130:1::4",
    "ip6 host 2001:db8:130:1::4",
    "ip6 src 2001:db8:130:1::4",
    "net 2001:db8::/32",
    "src net 2001:db8:130::/48",
    "net fe80::/10",
    "dst net ff02::/16",
    "host ff02::1 or ff02::2",
    "host fe80::1 or 192.168.1.1",
    // Ports.
    "port 80",
    "port 53",
    "port http",
    "port domain or bootps",
    "port 80 or 443",
    "port (80 or 443)",
    "port 80 or (443 or 53)",
    "tcp port 53",
    "udp port 53",
    "tcp or udp port 53",
    "src port 80",
    "dst port 80",
    "tcp src port 80",
    "tcp dst port 80",
    "udp dst port domain",
    "src or dst port 53",
    "src and dst port 68",
    "port 67 and 68",
    "port 67 or 68",
    "src port 68 and dst port 67",
    "portrange 1-1024",
    "portrange 80-443",
    "portrange 443-80",
    "portrange 53",
    "tcp portrange 30000-65535",
    "src portrange 33434-33534",
    "dst portrange 33434-33534",
    "udp dst portrange 33434-33534",
    "tcp port 81",
    "sctp port 80",
    "port 0x50",
    "port 0120",
    "not port 80",
    "not tcp port 80 and 53",
    "tcp port 80 and not port 443",
    // Protocols.
    "ip",
    "ip6",
    "arp",
    "rarp",
    "tcp",
    "udp",
    "icmp",
    "icmp6 and not ip6 proto 0",
    "igmp",
    "sctp",
    "esp",
    "pim",
    "vrrp",
    "stp",
    "ipx",
    "tcp or udp",
    "tcp and udp",
    "not tcp and not udp",
    "! tcp && ! udp",
    "!tcp&&!udp||arp",
    "tcp || udp && arp",
    "arp or icmp and ip6 or tcp",
    "arp or (icmp and ip6) or tcp",
    "ip and tcp or ip6 and udp",
    "not not tcp",
    "not (not (tcp))",
    "not arp or ip",
    "proto 6",
    "proto \\tcp",
    "ip proto 6",
    "ip proto \\tcp",
    "ip proto \\udp or \\icmp",
    "ip proto 1 or 17",
    "ip6 proto 6",
    "ip6 proto \\udp",
    "ip6 proto 58 and not ip6 proto 0",
    "ip6 proto 44",
    "ip6 proto 0",
    "ip6 protochain 58",
    "ip6 protochain 44",
    "ip protochain 6",
    "protochain 17",
    // The link.
    "ether host 02:00:c0:a8:01:0b",
    "ether src 02:00:c0:a8:01:0b",
    "ether dst 02:00:c0:a8:01:0b",
    "ether src host 02-00-c0-a8-01-0b",
    "ether host 0200.c0a8.010b",
    "ether host 2:0:c0:a8:1:b",
    "ether src 02:00:c0:a8:01:0b or 02:00:c0:a8:01:01",
    "ether src and dst host 02:00:c0:a8:01:0b",
    "not ether host 02:00:c0:a8:01:0b",
    "ether proto 0x0800",
    "ether proto \\ip",
    "ether proto \\ip6 or \\arp",
    "ether proto 2054",
    "ether proto 0x88cc",
    "ether broadcast",
    "broadcast",
    "ether multicast",
    "multicast",
    "multicast and not broadcast",
    "ip multicast",
    "ip6 multicast",
    // Lengths.
    "less 60",
    "less 100",
    "greater 100",
    "greater 1514",
    "len = 60",
    "len == 42 or len > 1400",
    "len != 42",
    "len >= 100 and len <= 200",
    "len > 40 + 2",
    "len / 2 = 21",
    // Bytes.
    "ether[0] & 1 != 0",
    "ether[12:2] = 0x0800",
    "link[12:2] = 0x86dd",
    "ether[0:4] = 0xffffffff",
    "ip[0] & 0xf != 5",
    "ip[8] < 64",
    "ip[8] > 60 and ip[8] <= 64",
    "ip[9] = 17",
    "ip[6:2] & 0x1fff = 0",
    "ip[6:2] & 0x1fff != 0",
    "ip[6] & 0x20 != 0",
    "ip[2:2] > 576",
    "ip[16] >= 224",
    "ip[12:4] = 0xc0a8010b",
    "ip[12:4] & 0xffffff00 = 0xc0a80100",
    "ip6[6] = 17",
    "ip6[7] < 64",
    "ip6[4:2] > 100",
    "arp[6:2] = 1",
    "arp[7] = 2",
    "arp[14:4] = arp[24:4]",
    "ip and tcp[13] = 2",
    "ip and tcp[13] & 2 != 0",
    "ip and tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
    "ip and tcp[tcpflags] & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)",
    "ip and tcp[tcpflags] & tcp-push != 0",
    "ip and tcp[tcpflags] = tcp-rst|tcp-ack",
    "ip and tcp[tcpflags] & tcp-rst != 0 or icmp",
    "ip and tcp[0:2] = 80",
    "ip and tcp[2:2] = 80 and tcp[13] = 2",
    "ip and tcp[0:2] = tcp[2:2]",
    "ip and tcp[12] >> 4 > 5",
    "ip and (tcp[12] & 0xf0) >> 2 = 32",
    "ip and tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420",
    "tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)",
    "ip and udp[4:2] > 100",
    "udp[0:2] + 1 = 54",
    "udp[0:2] = 53 || udp[2:2] = 53",
    "ip and udp[8:2] * 2 - udp[8:2] = udp[8:2]",
    "icmp[0] = 8",
    "icmp[icmptype] = icmp-echo",
    "icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply",
    "icmp[icmptype] == icmp-unreach and icmp[icmpcode] == 3",
    "icmp[icmptype] = icmp-timxceed",
    "icmp6[icmp6type] = icmp6-echo and not ip6 proto 44",
    "icmp6[0] = 135 or icmp6[0] = 136",
    "icmp6[icmp6type] == icmp6-routeradvert",
    "-1 + 2 = 1",
    "5 - 6 > 0",
    "0xffffffff + 1 = 0",
    "1 << 31 > 1",
    "ip[0] | 1 = 0x45",
    "ip[0] ^ 0x45 = 0",
    "ip[1] % 2 = 0",
    "2 + 3 * 4 = 14 and tcp",
    "ip[8] = 64 - ip[1]",
    "ether[ether[14]] = 0",
    "2 < ip[8]",
];

#[test]
fn the_same_words_pass_the_same_frames() {
    if peer("tcpdump").is_none() {
        return;
    }
    let (folder, path) = plain_frames();
    let passed = folder.path().join("passed.pcap");
    let answers = EXPRESSIONS.iter().map(|expression| {
        // `--` keeps an expression that begins with a minus from being taken for an option.
        let output = Command::new("tcpdump").arg("-nn").arg("-r").arg(&path).arg("-w").arg(&passed).arg("--").arg(expression).output();
        let output = output.expect("tcpdump runs");
        let message = String::from_utf8_lossy(&output.stderr);
        // It does not begin to read where it can tell beforehand that nothing will pass.
        let nothing = message.contains("expression rejects all packets");
        assert!(output.status.success() || nothing, "tcpdump refuses {expression}: {message}");
        (*expression, if nothing { Vec::new() } else { times(&passed) })
    });
    compare("tcpdump", &path, answers.collect());
}

/// Captures with tags, and words that tcpdump finds what is in them with.
const TAGGED: &[(&str, &[&str])] = &[
    (
        "vlan.pcapng",
        &[
            "vlan",
            "vlan 10",
            "vlan 20 and ip",
            "vlan 10 and host 192.168.10.1",
            "vlan 10 and src host 192.168.10.1 and icmp",
            "vlan 10 and arp",
            "vlan 100",
            "vlan 100 and vlan 30",
            "vlan and vlan",
            "vlan 100 and vlan 30 and icmp[icmptype] = icmp-echo",
            "not vlan",
        ],
    ),
    (
        "pppoe.pcapng",
        &["pppoed", "pppoes", "pppoes 0x0a19", "pppoes 1", "pppoes and ip", "pppoes and tcp port 80", "pppoes and udp port 53"],
    ),
];

#[test]
fn the_same_words_find_the_same_tags() {
    if peer("tcpdump").is_none() {
        return;
    }
    for (name, expressions) in TAGGED {
        let path = capture(name);
        for expression in *expressions {
            let output =
                Command::new("tcpdump").arg("-nn").arg("--count").arg("-r").arg(&path).arg(expression).output().expect("tcpdump runs");
            let theirs = String::from_utf8_lossy(&output.stdout).split(' ').next().and_then(|count| count.parse().ok());
            assert_eq!(ours(&path, expression).map(|numbers| Some(numbers.len())), Ok(theirs), "{expression}");
        }
    }
}

#[test]
fn what_tcpdump_refuses_is_refused() {
    if peer("tcpdump").is_none() {
        return;
    }
    let (_folder, path) = plain_frames();
    for expression in [
        "10.0.0.1",
        "tcp 80",
        "tcp src 80",
        "tcp udp",
        "tcp or 80",
        "host",
        "port 65536",
        "host 10.0.0.0/8",
        "net 10.1.2.3/8",
        "net 10.0.0.0/33",
        "net 2001:db8::1/32",
        "host 256.0.0.1",
        "host 00:11:22:33:44:55",
        "ip6 host 10.0.0.1",
        "ip host 2001:db8::1",
        "icmp host 10.0.0.1",
        "ip port 80",
        "tcp[0:3] = 1",
        "tcp[0] / 0 = 1",
        "tcp[0] = ",
        "tcp[13]",
        "(tcp",
        "tcp)",
        "tcp and",
        "and tcp",
        "not",
        "vlan 4096",
        "portrange",
        "TCP",
        "src proto 6",
        "ether host 10.0.0.1",
    ] {
        let output = Command::new("tcpdump").arg("-nn").arg("-r").arg(&path).arg(expression).output().expect("tcpdump runs");
        assert!(!output.status.success(), "tcpdump takes {expression}");
        assert!(ours(&path, expression).is_err(), "wirelore takes {expression}");
    }
}
