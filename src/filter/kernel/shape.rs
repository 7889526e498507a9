//! What a program has found a frame to be: then it knows where the fields stand, and that nothing else is in it.

use super::KernelLink;
use super::formula::{Bounds, Formula, Load, Operand, Place};
use super::ranges::Ranges;
use crate::dissect::registry::registry;
use crate::dissect::{Protocol, Selector, link, network, transport};

/// `SKF_AD_OFF` and what is counted from it (linux/filter.h).
const BESIDE: u32 = 0xffff_f000;
pub(super) const PROTOCOL: Place = Place::Beside(BESIDE);
pub(super) const PACKET_TYPE: Place = Place::Beside(BESIDE + 4);
pub(super) const HARDWARE_TYPE: Place = Place::Beside(BESIDE + 28);
pub(super) const TAG: Place = Place::Beside(BESIDE + 44);
pub(super) const TAG_PRESENT: Place = Place::Beside(BESIDE + 48);
pub(super) const TAG_TYPE: Place = Place::Beside(BESIDE + 60);

pub(super) const IPV4: u16 = 0x0800;
pub(super) const IPV6: u16 = 0x86dd;
pub(super) const ARP: u16 = 0x0806;
/// What stands before a VLAN tag: 802.1Q, 802.1ad, and what older switches write.
pub(super) const TAGS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
/// EtherTypes and protocols of IP that wirelore decodes and that never carry a packet.
pub(super) const ENDING_ETHER_TYPES: [u16; 2] = [0x8863, 0x88cc];
pub(super) const ENDING_PROTOCOLS: [u8; 5] = [2, 50, 88, 89, 112];
/// Protocols behind TCP and UDP that never carry a packet.
const ENDING: &[&str] = &[
    "dhcp", "dhcpv6", "dns", "ftp", "http", "imap", "llmnr", "mdns", "nbns", "ntp", "pop", "quic", "smtp", "ssdp", "syslog", "tftp", "tls",
];
/// How long the header is that Linux's cooked captures have in place of one (LINKTYPE_LINUX_SLL2).
const COOKED_HEADER: u32 = 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not known: tunnels, fragments, extension headers, what is damaged.
    Unknown,
    /// A payload that is no packet.
    Other,
    /// A message of ARP about IPv4 on Ethernet.
    Arp,
    /// A packet that is no fragment and carries none.
    Ip { is_ipv6: bool, carried: Carried },
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// One of these, with the whole of its fixed header.
    Tcp,
    Udp,
    Sctp,
    Icmp,
    /// Anything else, or one of these with less.
    Other,
}

/// What a frame is, on which link, behind which tags.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) link: KernelLink,
    /// How many bytes of it are kept.
    pub(super) snap_length: u32,
    /// Whether the kernel has taken a VLAN tag off.
    pub(super) tag_beside: bool,
    /// Whether one stands in its bytes.
    pub(super) tag_inside: bool,
    pub(super) kind: Kind,
}

impl Shape {
    /// Where the network layer begins.
    pub(super) fn base(&self) -> u32 {
        match self.link {
            KernelLink::Ethernet => 14 + 4 * u32::from(self.tag_inside),
            KernelLink::Cooked | KernelLink::RawIp | KernelLink::Other => 0,
        }
    }

    /// How many bytes the captured frame has that the program does not see.
    pub(super) fn unseen(&self) -> u32 {
        let header = if self.link == KernelLink::Cooked { COOKED_HEADER } else { 0 };
        header + 4 * u32::from(self.tag_beside)
    }

    /// Whether the captured frame is as long as the program thinks. A cooked header may say of a tag what it likes.
    pub(super) fn knows_length(&self) -> bool {
        !(self.link == KernelLink::Cooked && self.tag_beside)
    }

    /// Whether so many of the program's bytes are kept.
    pub(super) fn keeps(&self, length: u32) -> bool {
        length.saturating_add(self.unseen()) <= self.snap_length
    }

    /// The tags that stand before the network layer: of which kind each is, and its number. None where that is not known.
    pub(super) fn tags(&self) -> Vec<(Load, Load)> {
        let mut tags = Vec::new();
        if self.link == KernelLink::Ethernet {
            tags.extend(self.tag_beside.then(|| (Load::whole(TAG_TYPE, 2), Load::whole(TAG, 2))));
            tags.extend(self.tag_inside.then(|| (Load::whole(Place::At(12), 2), Load::whole(Place::At(14), 2))));
        }
        tags
    }

    /// Bytes of the network layer's header.
    pub(super) fn at_network(&self, offset: u32, length: u32) -> Operand {
        Operand::bytes(|at| Place::At(self.base() + offset + at), length)
    }

    /// Bytes of what a packet carries.
    pub(super) fn at_carried(&self, offset: u32, length: u32) -> Operand {
        Operand::bytes(|at| self.carried(offset + at), length)
    }

    /// A place in what a packet carries.
    pub(super) fn carried(&self, offset: u32) -> Place {
        match self.kind {
            Kind::Ip { is_ipv6: true, .. } => Place::At(self.base() + 40 + offset),
            Kind::Ip { is_ipv6: false, .. } | Kind::Arp | Kind::Other | Kind::Unknown => Place::Behind(self.base(), offset),
        }
    }

    /// The number of the packet's protocol.
    pub(super) fn protocol(&self) -> Operand {
        let is_ipv6 = matches!(self.kind, Kind::Ip { is_ipv6: true, .. });
        self.at_network(if is_ipv6 { 6 } else { 9 }, 1)
    }

    /// The EtherType of what is behind all tags.
    pub(super) fn ether_type(&self) -> Formulas {
        match self.kind {
            Kind::Ip { is_ipv6: false, .. } => Formulas::Known(IPV4),
            Kind::Ip { is_ipv6: true, .. } => Formulas::Known(IPV6),
            Kind::Arp => Formulas::Known(ARP),
            Kind::Other | Kind::Unknown => Formulas::Read(match self.link {
                KernelLink::Ethernet => Load::whole(Place::At(self.base() - 2), 2),
                KernelLink::Cooked | KernelLink::RawIp | KernelLink::Other => Load::whole(PROTOCOL, 2),
            }),
        }
    }

    /// Whether an error of ICMP may quote a packet.
    pub(super) fn quotes(&self) -> Formula {
        let kinds: &[u8] = match self.kind {
            Kind::Ip { is_ipv6: false, carried: Carried::Icmp } => &[3, 4, 5, 11, 12],
            Kind::Ip { is_ipv6: true, carried: Carried::Icmp } => &[1, 2, 3, 4, 137],
            Kind::Unknown => return Formula::Always(true),
            Kind::Ip { .. } | Kind::Arp | Kind::Other => return Formula::Always(false),
        };
        Formula::test(self.at_carried(0, 1), &Ranges::of(kinds.iter().map(|kind| (u128::from(*kind), u128::from(*kind)))))
    }

    /// Where the header of a protocol begins that the shape says is there.
    pub(super) fn header(&self, protocol: &Protocol) -> Option<Header> {
        let is = |other: &Protocol| protocol.is(other);
        Some(match self.kind {
            Kind::Unknown => return None,
            _ if is(&link::ethernet::PROTOCOL) => return (self.link == KernelLink::Ethernet).then_some(Header::Link),
            Kind::Arp if is(&network::arp::PROTOCOL) => Header::Network,
            Kind::Ip { is_ipv6: false, .. } if is(&network::ipv4::PROTOCOL) => Header::Network,
            Kind::Ip { is_ipv6: true, .. } if is(&network::ipv6::PROTOCOL) => Header::Network,
            Kind::Ip { carried: Carried::Tcp, .. } if is(&transport::tcp::PROTOCOL) => Header::Carried,
            Kind::Ip { carried: Carried::Udp, .. } if is(&transport::udp::PROTOCOL) => Header::Carried,
            Kind::Ip { carried: Carried::Sctp, .. } if is(&transport::sctp::PROTOCOL) => Header::Carried,
            Kind::Ip { is_ipv6: false, carried: Carried::Icmp } if is(&network::icmp::PROTOCOL) => Header::Carried,
            Kind::Ip { is_ipv6: true, carried: Carried::Icmp } if is(&network::icmpv6::PROTOCOL) => Header::Carried,
            Kind::Ip { .. } | Kind::Arp | Kind::Other => return None,
        })
    }

    /// Whether a protocol has a layer in the frame that is under way.
    pub(super) fn has(&self, protocol: &Protocol) -> Bounds {
        if self.kind == Kind::Unknown || protocol.is(registry().payload()) {
            return Bounds::UNKNOWN;
        }
        if is_tag(protocol) && self.link == KernelLink::Cooked && self.tag_beside {
            return Bounds::UNKNOWN;
        }
        if is_tag(protocol) {
            return Bounds::any(self.tags().into_iter().map(|(kind, _)| Bounds::exactly(announces(protocol, kind))));
        }
        if matches!(protocol.name, "sll2" | "sll" | "raw") {
            return Bounds::UNKNOWN;
        }
        if self.header(protocol).is_some() {
            return Bounds::always(true);
        }
        let claims = protocol.claims.iter();
        match self.kind {
            Kind::Other => Bounds::at_most(announces_other(protocol, &self.ether_type())),
            Kind::Ip { carried: Carried::Other, .. } => {
                let numbers = claims.filter_map(|claim| match claim {
                    Selector::IpProtocol(number) | Selector::NextHeader(number) => Some(u128::from(*number)),
                    _ => None,
                });
                Bounds::at_most(Formula::test(self.protocol(), &Ranges::of(numbers.map(|number| (number, number)))))
            }
            Kind::Ip { carried: Carried::Tcp, .. } => self.by_port(protocol, false),
            Kind::Ip { carried: Carried::Udp, .. } => self.by_port(protocol, true),
            Kind::Ip { carried: Carried::Sctp | Carried::Icmp, .. } | Kind::Arp | Kind::Unknown => Bounds::always(false),
        }
    }

    /// Whether a protocol may be behind TCP or UDP: by its ports, unless it is told by its bytes.
    fn by_port(&self, protocol: &Protocol, is_udp: bool) -> Bounds {
        let mut ports = Vec::new();
        for claim in protocol.claims {
            match claim {
                Selector::TcpPort(port) if !is_udp => ports.push((u128::from(*port), u128::from(*port))),
                Selector::UdpPort(port) if is_udp => ports.push((u128::from(*port), u128::from(*port))),
                Selector::TcpContent(_) if !is_udp => return Bounds::UNKNOWN,
                Selector::UdpContent(_) if is_udp => return Bounds::UNKNOWN,
                _ => {}
            }
        }
        let ports = Ranges::of(ports);
        Bounds::at_most(Formula::any([0, 2].map(|offset| Formula::test(self.at_carried(offset, 2), &ports))))
    }
}

/// An EtherType that a program knows, or reads.
pub(super) enum Formulas {
    Known(u16),
    Read(Load),
}

impl Formulas {
    /// Whether it is among others.
    pub(super) fn among(&self, ranges: &Ranges) -> Formula {
        match self {
            Self::Known(number) => Formula::Always(ranges.contains(u128::from(*number))),
            Self::Read(load) => Formula::test(*load, ranges),
        }
    }
}

/// Where a header begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    Link,
    Network,
    Carried,
}

/// Whether a protocol is a VLAN tag.
pub(super) fn is_tag(protocol: &Protocol) -> bool {
    protocol.is(&link::vlan::PROTOCOL) || protocol.is(&link::vlan::SERVICE_TAG)
}

/// Whether a type announces a protocol.
pub(super) fn announces(protocol: &Protocol, kind: Load) -> Formula {
    announces_other(protocol, &Formulas::Read(kind))
}

fn announces_other(protocol: &Protocol, kind: &Formulas) -> Formula {
    let numbers = protocol.claims.iter().filter_map(|claim| match claim {
        Selector::EtherType(number) => Some((u128::from(*number), u128::from(*number))),
        _ => None,
    });
    kind.among(&Ranges::of(numbers))
}

/// Whether a protocol behind TCP or UDP may carry a packet.
pub(super) fn may_carry(protocol: &Protocol) -> bool {
    !ENDING.contains(&protocol.name)
}
