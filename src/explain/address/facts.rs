//! What notes on addresses state.

use super::embedded::Embedded;
use super::special::{Purpose, Special};
use crate::explain::{Fact, Rule, Stated, Tell};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

pub(in crate::explain) static LOOPBACK: Rule = Rule::warning("address.loopback", "RFC 1122 3.2.1.3, RFC 4291 2.5.3");
pub(in crate::explain) static PRIVATE: Rule = Rule::lesson("address.private", "RFC 1918 3");
pub(in crate::explain) static LINK_LOCAL: Rule = Rule::lesson("address.link-local", "RFC 3927, RFC 4291 2.5.6");
pub(in crate::explain) static SHARED: Rule = Rule::lesson("address.shared", "RFC 6598");
pub(in crate::explain) static DOCUMENTATION: Rule = Rule::lesson("address.documentation", "RFC 5737, RFC 3849, RFC 9637");
pub(in crate::explain) static UNIQUE_LOCAL: Rule = Rule::lesson("address.unique-local", "RFC 4193");
pub(in crate::explain) static UNSPECIFIED: Rule = Rule::lesson("address.unspecified", "RFC 1122 3.2.1.3, RFC 4291 2.5.2");
pub(in crate::explain) static GLOBAL: Rule = Rule::lesson("address.global", "RFC 6890 2.2, RFC 4291 2.5.4");
pub(in crate::explain) static MULTICAST: Rule = Rule::lesson("address.multicast", "RFC 1112 6.4, RFC 2464 7");
pub(in crate::explain) static MULTICAST_MAPPING: Rule = Rule::warning("address.multicast-mapping", "RFC 1112 6.4, RFC 2464 7");
pub(in crate::explain) static BROADCAST_LIMITED: Rule = Rule::lesson("address.broadcast-limited", "RFC 919 7");
pub(in crate::explain) static BROADCAST_DIRECTED: Rule =
    Rule::lesson("address.broadcast-directed", "RFC 919 7, RFC 922, RFC 1812 5.3.5.2, RFC 2644");
pub(in crate::explain) static IPV4_MAPPED: Rule = Rule::warning("address.ipv4-mapped", "RFC 4291 2.5.5.2, RFC 6890 2.2.3");
pub(in crate::explain) static NAT64: Rule = Rule::lesson("address.nat64", "RFC 6052 2.1, RFC 8215");
pub(in crate::explain) static SIX_TO_FOUR: Rule = Rule::lesson("address.6to4", "RFC 3056 2");
pub(in crate::explain) static TEREDO: Rule = Rule::lesson("address.teredo", "RFC 4380 4");
pub(in crate::explain) static MARTIAN: Rule = Rule::warning("address.martian", "RFC 1122 3.2.1.3, RFC 1812 5.3.7, RFC 4291 2.5.2, 2.7");
pub(in crate::explain) static OUT_OF_PLACE: Rule = Rule::information(
    "address.out-of-place",
    "RFC 1112 4, RFC 3879 4, RFC 6666 2, RFC 3056 2, RFC 6052 3.1, RFC 3927 2.7, RFC 1122 3.2.1.3",
);
pub(in crate::explain) static TRANSLATED: Rule = Rule::information("address.translated", "RFC 3022 2.1, 2.2, RFC 2663 4.1");
pub(in crate::explain) static PRIVATE_OUTSIDE: Rule = Rule::warning("address.private-outside", "RFC 1918 3, RFC 2827");

/// The rules.
pub(in crate::explain) static RULES: &[&Rule] = &[
    &LOOPBACK,
    &PRIVATE,
    &LINK_LOCAL,
    &SHARED,
    &DOCUMENTATION,
    &UNIQUE_LOCAL,
    &UNSPECIFIED,
    &GLOBAL,
    &MULTICAST,
    &MULTICAST_MAPPING,
    &BROADCAST_LIMITED,
    &BROADCAST_DIRECTED,
    &IPV4_MAPPED,
    &NAT64,
    &SIX_TO_FOUR,
    &TEREDO,
    &MARTIAN,
    &OUT_OF_PLACE,
    &TRANSLATED,
    &PRIVATE_OUTSIDE,
];

/// Why an address cannot stand where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Misplaced {
    /// A group as a source: a group sends nothing.
    GroupAsSource,
    /// Everybody as a source.
    BroadcastAsSource,
    /// No address as a destination.
    UnspecifiedAsDestination,
    /// An address of 0.0.0.0/8, which names a host of a network that has no number yet.
    OfNoNetwork,
    /// A group of the host alone, in a frame on a cable.
    GroupOfTheHost,
}

/// Why an address has no meaning where it stands, though packets may be found that have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pointless {
    /// It is kept for later.
    Reserved,
    /// It is site-local, a kind that was given up.
    SiteLocal,
    /// What goes there is thrown away.
    Discarded,
    /// Source and destination are the same, in a frame on a cable.
    ToItself,
    /// It is good on its link alone, and the other end is elsewhere.
    BeyondTheLink,
    /// It is of 6to4, and the router that it names has no address of the internet.
    SixToFour(Ipv4Addr),
    /// It is of the prefix for translators that everybody knows, and holds an address that is not one of the internet.
    Translated(Ipv4Addr),
}

/// What a note on addresses states.
#[derive(Clone, Debug, PartialEq)]
pub enum AddressFacts {
    /// An address is of a kind that a registry's row tells of.
    Special {
        /// The rule that tells of such addresses.
        rule: &'static Rule,
        /// The address.
        address: IpAddr,
        /// The row.
        row: &'static Special,
    },
    /// An address is one host's in the world.
    Global {
        /// The address.
        address: IpAddr,
    },
    /// An address was made from another.
    Made {
        /// The rule that tells of such addresses.
        rule: &'static Rule,
        /// The address.
        address: Ipv6Addr,
        /// What stands in it.
        from: Embedded,
    },
    /// A packet is for a group.
    Group {
        /// The group.
        address: IpAddr,
        /// The link address of such groups.
        maps_to: [u8; 6],
        /// Whether the frame goes there; `None` where the link has no such addresses.
        fits: Option<bool>,
    },
    /// A packet for a group is in a frame to another group's link address.
    GroupMisdirected {
        /// The group.
        address: IpAddr,
        /// Its link address.
        maps_to: [u8; 6],
        /// Where the frame goes.
        found: [u8; 6],
    },
    /// A packet is for all hosts of the link.
    LimitedBroadcast,
    /// A packet is for all hosts of a subnet.
    DirectedBroadcast {
        /// The broadcast address.
        address: Ipv4Addr,
        /// Who sends.
        source: Ipv4Addr,
        /// The subnet, where it is known.
        network: Option<IpNet>,
    },
    /// The address that every host calls itself by stands in a frame on a cable.
    Loopback {
        /// The address.
        address: IpAddr,
        /// Who sent the frame.
        from: [u8; 6],
        /// For whom it is.
        to: [u8; 6],
    },
    /// An address stands where it cannot.
    Misplaced {
        /// The address.
        address: IpAddr,
        /// Why it cannot.
        why: Misplaced,
        /// The other end.
        other: IpAddr,
    },
    /// An address has no meaning where it stands.
    OutOfPlace {
        /// The address.
        address: IpAddr,
        /// Why it has none.
        why: Pointless,
        /// The other end.
        other: IpAddr,
    },
    /// A router puts another source into packets.
    Translated {
        /// Who sends them.
        host: SocketAddr,
        /// Who they say sends them.
        outside: SocketAddr,
        /// For whom they are.
        destination: SocketAddr,
    },
    /// A private source on a link of public addresses, to which nothing went back.
    PrivateOutside {
        /// The source.
        source: IpAddr,
        /// The row that makes it private.
        row: &'static Special,
        /// The public address that it sends to.
        destination: IpAddr,
        /// The public address of whoever passed it on.
        router: IpAddr,
        /// How many packets came so.
        packets: u64,
    },
}

/// The rule of addresses with a purpose that are told of as such.
pub(super) fn rule_of(purpose: Purpose) -> Option<&'static Rule> {
    match purpose {
        Purpose::Private => Some(&PRIVATE),
        Purpose::LinkLocal => Some(&LINK_LOCAL),
        Purpose::Shared => Some(&SHARED),
        Purpose::Documentation => Some(&DOCUMENTATION),
        Purpose::UniqueLocal => Some(&UNIQUE_LOCAL),
        Purpose::ThisHost | Purpose::Unspecified => Some(&UNSPECIFIED),
        Purpose::Ipv4Mapped => Some(&IPV4_MAPPED),
        Purpose::Translation | Purpose::LocalTranslation => Some(&NAT64),
        Purpose::SixToFour => Some(&SIX_TO_FOUR),
        Purpose::Teredo => Some(&TEREDO),
        Purpose::LimitedBroadcast => Some(&BROADCAST_LIMITED),
        Purpose::Loopback
        | Purpose::ThisNetwork
        | Purpose::ProtocolAssignments
        | Purpose::ServiceContinuity
        | Purpose::DummyIpv4
        | Purpose::PortControlAnycast
        | Purpose::RelayAnycast
        | Purpose::Nat64Discovery
        | Purpose::PrivateNameServers
        | Purpose::MulticastTunneling
        | Purpose::SixToFourRelay
        | Purpose::SixAFourFourRelay
        | Purpose::Benchmarking
        | Purpose::Reserved
        | Purpose::DiscardOnly
        | Purpose::DummyIpv6
        | Purpose::ServiceRegistrationAnycast
        | Purpose::OldHostIdentity
        | Purpose::HostIdentity
        | Purpose::DroneIdentity
        | Purpose::SegmentRouting => None,
    }
}

impl Stated for AddressFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Special { rule, .. } | Self::Made { rule, .. } => rule,
            Self::Global { .. } => &GLOBAL,
            Self::Group { .. } => &MULTICAST,
            Self::GroupMisdirected { .. } => &MULTICAST_MAPPING,
            Self::LimitedBroadcast => &BROADCAST_LIMITED,
            Self::DirectedBroadcast { .. } => &BROADCAST_DIRECTED,
            Self::Loopback { .. } => &LOOPBACK,
            Self::Misplaced { .. } => &MARTIAN,
            Self::OutOfPlace { .. } => &OUT_OF_PLACE,
            Self::Translated { .. } => &TRANSLATED,
            Self::PrivateOutside { .. } => &PRIVATE_OUTSIDE,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match *self {
            Self::Special { address, row, .. } => {
                tell("address", Fact::Address(address));
                tell("prefix", Fact::Prefix(row.prefix));
                tell("block", Fact::Word(row.name));
            }
            Self::Global { address } => tell("address", Fact::Address(address)),
            Self::Made { address, from, .. } => {
                tell("address", Fact::Address(address.into()));
                made_from(from, tell);
            }
            Self::Group { address, maps_to, fits } => {
                tell("group", Fact::Address(address));
                tell("link_address", Fact::Link(maps_to));
                if let Some(fits) = fits {
                    tell("fits", Fact::Flag(fits));
                }
            }
            Self::GroupMisdirected { address, maps_to, found } => {
                tell("group", Fact::Address(address));
                tell("link_address", Fact::Link(maps_to));
                tell("found", Fact::Link(found));
            }
            Self::LimitedBroadcast => tell("address", Fact::Address(Ipv4Addr::BROADCAST.into())),
            Self::DirectedBroadcast { address, source, network } => {
                tell("address", Fact::Address(address.into()));
                tell("source", Fact::Address(source.into()));
                if let Some(network) = network {
                    tell("network", Fact::Prefix(network));
                }
            }
            Self::Loopback { address, from, to } => {
                tell("address", Fact::Address(address));
                tell("from", Fact::Link(from));
                tell("to", Fact::Link(to));
            }
            Self::Misplaced { address, why, other } => {
                tell("address", Fact::Address(address));
                tell("other", Fact::Address(other));
                tell(
                    "why",
                    Fact::Word(match why {
                        Misplaced::GroupAsSource => "group-as-source",
                        Misplaced::BroadcastAsSource => "broadcast-as-source",
                        Misplaced::UnspecifiedAsDestination => "unspecified-as-destination",
                        Misplaced::OfNoNetwork => "of-no-network",
                        Misplaced::GroupOfTheHost => "group-of-the-host",
                    }),
                );
            }
            Self::OutOfPlace { address, why, other } => {
                tell("address", Fact::Address(address));
                tell("other", Fact::Address(other));
                let (word, ipv4) = match why {
                    Pointless::Reserved => ("reserved", None),
                    Pointless::SiteLocal => ("site-local", None),
                    Pointless::Discarded => ("discarded", None),
                    Pointless::ToItself => ("to-itself", None),
                    Pointless::BeyondTheLink => ("beyond-the-link", None),
                    Pointless::SixToFour(ipv4) => ("6to4", Some(ipv4)),
                    Pointless::Translated(ipv4) => ("nat64", Some(ipv4)),
                };
                tell("why", Fact::Word(word));
                if let Some(ipv4) = ipv4 {
                    tell("ipv4", Fact::Address(ipv4.into()));
                }
            }
            Self::Translated { host, outside, destination } => {
                tell("host", Fact::Address(host.ip()));
                tell("port", Fact::Number(host.port().into()));
                tell("outside", Fact::Address(outside.ip()));
                tell("outside_port", Fact::Number(outside.port().into()));
                tell("destination", Fact::Address(destination.ip()));
            }
            Self::PrivateOutside { source, row, destination, router, packets } => {
                tell("source", Fact::Address(source));
                tell("prefix", Fact::Prefix(row.prefix));
                tell("destination", Fact::Address(destination));
                tell("router", Fact::Address(router));
                tell("packets", Fact::Number(packets));
            }
        }
    }
}

fn made_from(from: Embedded, tell: &mut Tell<'_>) {
    match from {
        Embedded::Ipv4Mapped(address) | Embedded::Ipv4Compatible(address) | Embedded::Ipv4Translated(address) => {
            tell("ipv4", Fact::Address(address.into()));
        }
        Embedded::Translated { prefix, address, certain } => {
            tell("ipv4", Fact::Address(address.into()));
            tell("prefix", Fact::Prefix(prefix.into()));
            tell("certain", Fact::Flag(certain));
        }
        Embedded::SixToFour { router, subnet } => {
            tell("router", Fact::Address(router.into()));
            tell("subnet", Fact::Number(subnet.into()));
        }
        Embedded::Teredo { server, port, client, .. } => {
            tell("server", Fact::Address(server.into()));
            tell("client", Fact::Address(client.into()));
            tell("port", Fact::Number(port.into()));
        }
        Embedded::Isatap { address, .. } => tell("ipv4", Fact::Address(address.into())),
        Embedded::LinkAddress(link) => tell("link_address", Fact::Link(link)),
        Embedded::GroupPrefix(prefix) => tell("prefix", Fact::Prefix(prefix.into())),
        Embedded::RendezvousPoint(router) => tell("router", Fact::Address(router.into())),
    }
}
