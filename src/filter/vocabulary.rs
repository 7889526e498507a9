//! The words of tcpdump's language (pcap-filter(7)) and what they stand for.

use super::expression::{Family, PortProtocol, Tag};

/// A word that names a protocol.
#[derive(Debug)]
pub(super) struct ProtocolWord {
    /// The word.
    pub(super) word: &'static str,
    /// What it asks by itself, and what `word[..]` counts from.
    pub(super) presence: Presence,
    /// What may stand behind it.
    pub(super) realm: Realm,
}

/// What a protocol's name asks by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Nothing: every frame has a link layer.
    Link,
    /// A layer of this name.
    Layer(&'static str),
    /// A layer that this EtherType announces.
    EtherType(u16),
    /// An 802.2 service access point.
    ServiceAccessPoint(u8),
    /// An IP protocol number.
    IpProtocol(Family, u8),
    /// The same, anywhere in the chain of headers.
    Chain(u8),
}

/// What a protocol has that can be asked for behind its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Realm {
    /// Link addresses, types.
    Link,
    /// IPv4 addresses, protocol numbers.
    Ipv4,
    /// IPv6 addresses, protocol numbers.
    Ipv6,
    /// The IPv4 addresses that ARP messages speak of.
    Arp,
    /// The same of RARP messages.
    Rarp,
    /// Ports.
    Ports(PortProtocol),
    /// Nothing.
    Nothing,
}

/// Every protocol of tcpdump's that is a word by itself.
pub(super) const PROTOCOL_WORDS: &[ProtocolWord] = &[
    word("ether", Presence::Link, Realm::Link),
    word("eth", Presence::Link, Realm::Link),
    word("link", Presence::Link, Realm::Link),
    word("ip", Presence::Layer("ip"), Realm::Ipv4),
    word("ip6", Presence::Layer("ipv6"), Realm::Ipv6),
    word("ipv6", Presence::Layer("ipv6"), Realm::Ipv6),
    word("arp", Presence::EtherType(0x0806), Realm::Arp),
    word("rarp", Presence::EtherType(0x8035), Realm::Rarp),
    word("tcp", Presence::IpProtocol(Family::Any, 6), Realm::Ports(PortProtocol::Tcp)),
    word("udp", Presence::IpProtocol(Family::Any, 17), Realm::Ports(PortProtocol::Udp)),
    word("sctp", Presence::IpProtocol(Family::Any, 132), Realm::Ports(PortProtocol::Sctp)),
    word("icmp", Presence::IpProtocol(Family::Ipv4, 1), Realm::Nothing),
    word("icmp6", Presence::IpProtocol(Family::Ipv6, 58), Realm::Nothing),
    word("icmpv6", Presence::IpProtocol(Family::Ipv6, 58), Realm::Nothing),
    word("igmp", Presence::IpProtocol(Family::Ipv4, 2), Realm::Nothing),
    word("igrp", Presence::IpProtocol(Family::Ipv4, 9), Realm::Nothing),
    word("pim", Presence::IpProtocol(Family::Any, 103), Realm::Nothing),
    word("vrrp", Presence::IpProtocol(Family::Ipv4, 112), Realm::Nothing),
    word("carp", Presence::IpProtocol(Family::Ipv4, 112), Realm::Nothing),
    word("esp", Presence::IpProtocol(Family::Any, 50), Realm::Nothing),
    word("ah", Presence::Chain(51), Realm::Nothing),
    word("atalk", Presence::EtherType(0x809b), Realm::Nothing),
    word("aarp", Presence::EtherType(0x80f3), Realm::Nothing),
    word("decnet", Presence::EtherType(0x6003), Realm::Nothing),
    word("lat", Presence::EtherType(0x6004), Realm::Nothing),
    word("mopdl", Presence::EtherType(0x6001), Realm::Nothing),
    word("moprc", Presence::EtherType(0x6002), Realm::Nothing),
    word("sca", Presence::EtherType(0x6007), Realm::Nothing),
    word("ipx", Presence::EtherType(0x8137), Realm::Nothing),
    word("loopback", Presence::EtherType(0x9000), Realm::Nothing),
    word("netbeui", Presence::ServiceAccessPoint(0xf0), Realm::Nothing),
    word("stp", Presence::ServiceAccessPoint(0x42), Realm::Nothing),
    word("iso", Presence::ServiceAccessPoint(0xfe), Realm::Nothing),
];

const fn word(word: &'static str, presence: Presence, realm: Realm) -> ProtocolWord {
    ProtocolWord { word, presence, realm }
}

/// The protocol of a word.
pub(super) fn protocol_word(word: &str) -> Option<&'static ProtocolWord> {
    PROTOCOL_WORDS.iter().find(|known| known.word == word)
}

/// Tags, labels and tunnel headers: the word, and where the number stands that may follow it.
pub(super) const TAGS: &[(&str, Tag)] = &[
    ("vlan", Tag { protocols: &["vlan", "ieee8021ad"], place: (0, 2), mask: 0x0fff }),
    ("mpls", Tag { protocols: &["mpls"], place: (0, 4), mask: 0xffff_f000 }),
    ("pppoes", Tag { protocols: &["pppoes"], place: (2, 2), mask: 0xffff }),
    ("vxlan", Tag { protocols: &["vxlan"], place: (4, 4), mask: 0xffff_ff00 }),
    ("geneve", Tag { protocols: &["geneve"], place: (4, 4), mask: 0xffff_ff00 }),
];

/// The words that say which end.
pub(super) const SIDES: &[&str] = &["src", "dst"];
/// The words that say what kind of value follows.
pub(super) const TYPES: &[&str] = &["host", "net", "port", "portrange", "proto", "protochain"];
/// The words that stand by themselves, or before a number.
pub(super) const SPECIAL: &[&str] = &["broadcast", "multicast", "less", "greater", "len", "inbound", "outbound", "frame"];
/// The words that stand between a field and a value.
pub(super) const OPERATORS: &[&str] =
    &["eq", "ne", "gt", "lt", "ge", "le", "any_eq", "all_ne", "all_eq", "any_ne", "contains", "matches", "in", "any", "all"];
/// The words that join questions.
pub(super) const CONNECTIVES: &[&str] = &["and", "or", "not"];

/// Words of tcpdump's that cannot be answered, and why.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("gateway", "it needs the gateway's link address looked up; ask `ether host LINK-ADDRESS and not host ADDRESS`"),
    ("ifname", "names of interfaces are not known to a filter; ask frame.interface_id == 0"),
    ("on", "names of interfaces are not known to a filter; ask frame.interface_id == 0"),
    ("ifindex", "a capture keeps no interface indexes; ask frame.interface_id == 0"),
    ("rnr", PACKET_FILTER_LOG),
    ("rulenum", PACKET_FILTER_LOG),
    ("reason", PACKET_FILTER_LOG),
    ("rset", PACKET_FILTER_LOG),
    ("ruleset", PACKET_FILTER_LOG),
    ("srnr", PACKET_FILTER_LOG),
    ("subrulenum", PACKET_FILTER_LOG),
    ("action", PACKET_FILTER_LOG),
    ("wlan", WIRELESS),
    ("type", WIRELESS),
    ("subtype", WIRELESS),
    ("dir", WIRELESS),
    ("fddi", OLD_LINK),
    ("tr", OLD_LINK),
    ("lane", OLD_LINK),
    ("vpi", OLD_LINK),
    ("vci", OLD_LINK),
    ("xor", "join the questions with `and`, `or` and `not`"),
];
const PACKET_FILTER_LOG: &str = "captures of the OpenBSD packet filter's log are not decoded";
const WIRELESS: &str = "802.11 frames are not decoded";
const OLD_LINK: &str = "this kind of link is not decoded";

/// Words that people try, and what says the same here.
pub(super) const SYNONYMS: &[(&str, &str)] = &[
    ("length", "len"),
    ("size", "len"),
    ("ipv4", "ip"),
    ("ip4", "ip"),
    ("icmp4", "icmp"),
    ("ethernet", "ether"),
    ("mac", "ether host"),
    ("source", "src"),
    ("from", "src"),
    ("destination", "dst"),
    ("dest", "dst"),
    ("to", "dst"),
    ("address", "host"),
    ("addr", "host"),
    ("network", "net"),
    ("subnet", "net"),
    ("protocol", "proto"),
    ("ssl", "tls"),
    ("bootp", "dhcp"),
    ("ping", "icmp.type == 8"),
    ("syn", "tcp.flags.syn == 1"),
    ("ack", "tcp.flags.ack == 1"),
    ("fin", "tcp.flags.fin == 1"),
    ("rst", "tcp.flags.reset == 1"),
    ("reset", "tcp.flags.reset == 1"),
    ("fragment", "ip.frag_offset > 0 or ip.flags.mf == 1"),
];

/// Offsets and values that have names: what they stand for behind `icmp[`, `tcp[` and so on.
pub(super) const CONSTANTS: &[(&str, u32)] = &[
    ("tcpflags", 13),
    ("tcp-fin", 0x01),
    ("tcp-syn", 0x02),
    ("tcp-rst", 0x04),
    ("tcp-push", 0x08),
    ("tcp-ack", 0x10),
    ("tcp-urg", 0x20),
    ("tcp-ece", 0x40),
    ("tcp-cwr", 0x80),
    ("icmptype", 0),
    ("icmpcode", 1),
    ("icmp-echoreply", 0),
    ("icmp-unreach", 3),
    ("icmp-sourcequench", 4),
    ("icmp-redirect", 5),
    ("icmp-echo", 8),
    ("icmp-routeradvert", 9),
    ("icmp-routersolicit", 10),
    ("icmp-timxceed", 11),
    ("icmp-paramprob", 12),
    ("icmp-tstamp", 13),
    ("icmp-tstampreply", 14),
    ("icmp-ireq", 15),
    ("icmp-ireqreply", 16),
    ("icmp-maskreq", 17),
    ("icmp-maskreply", 18),
    ("icmp6type", 0),
    ("icmp6code", 1),
    ("icmp6-destinationunreach", 1),
    ("icmp6-packettoobig", 2),
    ("icmp6-timeexceeded", 3),
    ("icmp6-parameterproblem", 4),
    ("icmp6-echo", 128),
    ("icmp6-echoreply", 129),
    ("icmp6-multicastlistenerquery", 130),
    ("icmp6-multicastlistenerreportv1", 131),
    ("icmp6-multicastlistenerdone", 132),
    ("icmp6-routersolicit", 133),
    ("icmp6-routeradvert", 134),
    ("icmp6-neighborsolicit", 135),
    ("icmp6-neighboradvert", 136),
    ("icmp6-redirect", 137),
    ("icmp6-routerrenum", 138),
    ("icmp6-nodeinformationquery", 139),
    ("icmp6-nodeinformationresponse", 140),
    ("icmp6-ineighbordiscoverysolicit", 141),
    ("icmp6-ineighbordiscoveryadvert", 142),
    ("icmp6-multicastlistenerreportv2", 143),
    ("icmp6-homeagentdiscoveryrequest", 144),
    ("icmp6-homeagentdiscoveryreply", 145),
    ("icmp6-mobileprefixsolicit", 146),
    ("icmp6-mobileprefixadvert", 147),
    ("icmp6-certpathsolicit", 148),
    ("icmp6-certpathadvert", 149),
    ("icmp6-multicastrouteradvert", 151),
    ("icmp6-multicastroutersolicit", 152),
    ("icmp6-multicastrouterterm", 153),
];

/// IP protocol numbers by the names that `ip proto` takes; `\tcp` and `tcp` are the same to it.
pub(super) const IP_PROTOCOLS: &[(&str, u8)] = &[
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("egp", 8),
    ("igp", 9),
    ("igrp", 9),
    ("udp", 17),
    ("dccp", 33),
    ("ipv6", 41),
    ("ip6", 41),
    ("ipv6-route", 43),
    ("ipv6-frag", 44),
    ("rsvp", 46),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("icmp6", 58),
    ("icmpv6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("eigrp", 88),
    ("ospf", 89),
    ("ipip", 94),
    ("pim", 103),
    ("vrrp", 112),
    ("l2tp", 115),
    ("sctp", 132),
    ("udplite", 136),
];

/// What a name of a table stands for.
pub(super) fn look_up<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// The entry of a table that needs to be borrowed as long as the program runs.
pub(super) fn tag(word: &str) -> Option<&'static Tag> {
    TAGS.iter().find(|(known, _)| *known == word).map(|(_, tag)| tag)
}

/// Every word of this language but the names of protocols and fields.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let lists = [SIDES, TYPES, SPECIAL, OPERATORS, CONNECTIVES];
    let tags = TAGS.iter().map(|(word, _)| *word).chain(std::iter::once("pppoed"));
    let protocols = PROTOCOL_WORDS.iter().map(|known| known.word);
    lists.into_iter().flatten().copied().chain(tags).chain(protocols)
}
