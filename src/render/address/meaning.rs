//! What kinds of addresses mean, in words.

use crate::explain::address::multicast::{Block, Scope};
use crate::explain::address::{Kind, Purpose};

/// What an address of a kind is, in a sentence.
pub(super) fn kind_sentence(kind: Kind, ipv6: bool) -> &'static str {
    match kind {
        Kind::Special(row) => purpose_sentence(row.purpose, ipv6),
        Kind::Multicast => "a group: not one host, but all that listen to it",
        Kind::Ipv4Compatible => {
            "an IPv4-compatible address, of an automatic tunnel that nobody uses any more (given up by RFC 4291 in 2006)"
        }
        Kind::SiteLocal => "a site-local address, a kind given up in 2004 (RFC 3879): unique local addresses (fc00::/7) took its place",
        Kind::Global if ipv6 => "a global address: one interface in the world has it, and the internet may have a route to it",
        Kind::Global => "a global address: it means the same everywhere, and the internet may have a route to it",
        Kind::Unassigned => "an address that nobody was given: of IPv6 only 2000::/3 is in use for global addresses (RFC 4291 2.4)",
    }
}

fn purpose_sentence(purpose: Purpose, ipv6: bool) -> &'static str {
    match purpose {
        Purpose::ThisNetwork => {
            "an address of \"this network\": it may only be the source of a host that does not know its network yet; nothing can be sent to it"
        }
        Purpose::ThisHost => {
            "no address: a host that has none yet sends from it (it asks DHCP for one); a program that listens on it listens on all addresses \
             of its host"
        }
        Purpose::Private => {
            "a private address: anybody may use it in their own networks, and it means something only there; the internet has no route to it, \
             and whoever goes there from it has its address translated on the way (NAT)"
        }
        Purpose::Shared => {
            "a shared address: between a provider's address translator and its customers (carrier-grade NAT); the internet has no route to it"
        }
        Purpose::Loopback => "the host itself (loopback): a packet to it never leaves the host, and must not be seen on a wire",
        Purpose::LinkLocal if ipv6 => {
            "a link-local address: every IPv6 interface gives itself one; it is good on its own link alone, no router forwards it, and a \
             program needs the interface with it (%eth0)"
        }
        Purpose::LinkLocal => {
            "a link-local address: a host gives itself one where nobody else does (DHCP does not answer); it is good on its own link alone, \
             and no router forwards it"
        }
        Purpose::ProtocolAssignments => "of a block that protocols are given parts of; this part was given to none",
        Purpose::ServiceContinuity => "an end of a tunnel that carries IPv4 over a network of IPv6 alone (464XLAT, DS-Lite)",
        Purpose::DummyIpv4 => "the source of error messages of a node that has no IPv4 address",
        Purpose::PortControlAnycast => {
            "the nearest server of the port control protocol, by which a host asks for a hole in an address translator"
        }
        Purpose::RelayAnycast => "the nearest TURN server, which relays for hosts behind address translators",
        Purpose::Nat64Discovery => {
            "an address that answers for ipv4only.arpa: a host finds by it whether its name server translates IPv4 to IPv6 (DNS64)"
        }
        Purpose::Documentation => "an address for examples in documents: nobody has it, and nothing should be sent to it",
        Purpose::PrivateNameServers => {
            "a name server of AS112, which answers questions about private addresses that should not have left their networks"
        }
        Purpose::MulticastTunneling => "a relay that carries groups through networks without multicast (AMT)",
        Purpose::SixToFourRelay => "the nearest relay of 6to4, given up in 2015",
        Purpose::SixAFourFourRelay => "the nearest relay of 6a44, which carries IPv6 through IPv4 address translators",
        Purpose::Benchmarking => "an address for measuring devices in a laboratory: it has no business on a network in use",
        Purpose::Reserved => "reserved: kept for later since 1989; most hosts refuse it",
        Purpose::LimitedBroadcast => "all hosts of the link (limited broadcast): no router forwards it",
        Purpose::Unspecified => {
            "no address: a host that has none yet sends from it; a program that listens on it listens on all addresses of its host"
        }
        Purpose::Ipv4Mapped => "an IPv4 address in the clothes of IPv6: how a program that speaks IPv6 sees it; no packet may carry it",
        Purpose::Translation => "an IPv4 host as hosts of IPv6 alone see it: a translator (NAT64) on the way carries it there",
        Purpose::LocalTranslation => {
            "an IPv4 host as hosts of IPv6 alone see it, by a prefix that a network chose for its own translators (NAT64)"
        }
        Purpose::DiscardOnly => "an address that routers send into nothing: what goes to it is thrown away on purpose",
        Purpose::DummyIpv6 => "the dummy address: a next hop that stands for none",
        Purpose::Teredo => "a Teredo address: a host behind an IPv4 address translator that reaches IPv6 through UDP",
        Purpose::ServiceRegistrationAnycast => "the nearest server with which services register their names (DNS-SD)",
        Purpose::OldHostIdentity => {
            "an identifier of a host, made from its key (ORCHID), of the kind given up in 2014: no place that packets go to"
        }
        Purpose::HostIdentity => "an identifier of a host, made from its key (ORCHIDv2): no place that packets go to",
        Purpose::DroneIdentity => "an identifier of a drone: no place that packets go to",
        Purpose::SixToFour => "a 6to4 address: a site that reaches IPv6 through IPv4, by the IPv4 address of its router",
        Purpose::SegmentRouting => "an instruction to routers, written as an address (segment routing): good within one operator's network",
        Purpose::UniqueLocal => {
            "a unique local address, the private address of IPv6: good within an organization's networks; the internet has no route to it"
        }
    }
}

/// The word for a kind, for programs.
pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Special(row) => purpose_word(row.purpose),
        Kind::Multicast => "multicast",
        Kind::Ipv4Compatible => "ipv4-compatible",
        Kind::SiteLocal => "site-local",
        Kind::Global => "global",
        Kind::Unassigned => "unassigned",
    }
}

fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::ThisNetwork => "this-network",
        Purpose::ThisHost | Purpose::Unspecified => "unspecified",
        Purpose::Private => "private",
        Purpose::Shared => "shared",
        Purpose::Loopback => "loopback",
        Purpose::LinkLocal => "link-local",
        Purpose::ProtocolAssignments => "protocol-assignments",
        Purpose::ServiceContinuity => "service-continuity",
        Purpose::DummyIpv4 | Purpose::DummyIpv6 => "dummy",
        Purpose::PortControlAnycast => "port-control-anycast",
        Purpose::RelayAnycast => "relay-anycast",
        Purpose::Nat64Discovery => "nat64-discovery",
        Purpose::Documentation => "documentation",
        Purpose::PrivateNameServers => "as112",
        Purpose::MulticastTunneling => "multicast-tunneling",
        Purpose::SixToFourRelay => "6to4-relay",
        Purpose::SixAFourFourRelay => "6a44-relay",
        Purpose::Benchmarking => "benchmarking",
        Purpose::Reserved => "reserved",
        Purpose::LimitedBroadcast => "limited-broadcast",
        Purpose::Ipv4Mapped => "ipv4-mapped",
        Purpose::Translation => "nat64",
        Purpose::LocalTranslation => "local-nat64",
        Purpose::DiscardOnly => "discard-only",
        Purpose::Teredo => "teredo",
        Purpose::ServiceRegistrationAnycast => "service-registration-anycast",
        Purpose::OldHostIdentity => "orchid",
        Purpose::HostIdentity => "orchidv2",
        Purpose::DroneIdentity => "drone-identity",
        Purpose::SixToFour => "6to4",
        Purpose::SegmentRouting => "segment-routing",
        Purpose::UniqueLocal => "unique-local",
    }
}

/// The block of an IPv4 group: its name, and how far it goes.
pub(super) fn block_sentence(block: Block) -> String {
    match block {
        Block::LocalNetworkControl => {
            "224.0.0.0/24, local network control: no router forwards it, whatever its TTL (RFC 5771 4)".to_owned()
        }
        Block::InternetworkControl => "224.0.1.0/24, internetwork control: routers may forward it (RFC 5771 5)".to_owned(),
        Block::AdHoc => "ad hoc, for what fits no other block (RFC 5771 6)".to_owned(),
        Block::SessionAnnouncement => "224.2.0.0/16, sessions that were announced by SDP and SAP (RFC 5771 7)".to_owned(),
        Block::SourceSpecific => "232.0.0.0/8, source-specific: who listens names the source too (RFC 4607)".to_owned(),
        Block::Glop { autonomous_system } => {
            format!(
                "233.0.0.0/8, GLOP: given to the autonomous system {autonomous_system} by its number, in the second and third byte (RFC 3180)"
            )
        }
        Block::UnicastPrefix => "234.0.0.0/8: given to whoever has the unicast prefix in its next bytes (RFC 6034)".to_owned(),
        Block::LocalScope => "239.255.0.0/16, the local scope: the smallest that an administrator draws (RFC 2365 6.1)".to_owned(),
        Block::OrganizationScope => "239.192.0.0/14, an organization's own (RFC 2365 6.2)".to_owned(),
        Block::AdministrativelyScoped => {
            "239.0.0.0/8, administratively scoped: it stays within borders that an administrator draws (RFC 2365)".to_owned()
        }
        Block::Documentation => "233.252.0.0/24, for examples in documents (RFC 6676)".to_owned(),
        Block::Reserved => "a part of 224.0.0.0/4 that was given to nobody (RFC 5771 3)".to_owned(),
    }
}

/// The scope of an IPv6 group in words.
pub(super) fn scope_words(scope: Scope) -> &'static str {
    match scope {
        Scope::Interface => "the interface: it never leaves the host",
        Scope::Link => "the link: no router forwards it",
        Scope::Realm => "the network of one technology (realm)",
        Scope::Admin => "the smallest that an administrator draws (admin)",
        Scope::Site => "a site",
        Scope::Organization => "an organization's sites",
        Scope::Global => "everywhere",
        Scope::Reserved => "reserved: it must not be used",
        Scope::Unassigned => "of no meaning of its own; administrators may give it one",
    }
}
