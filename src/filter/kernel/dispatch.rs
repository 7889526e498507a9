//! Finding out what a frame is, and asking it what is left of the expression for frames of that shape.

use super::KernelLink;
use super::formula::{Formula, Load, Place};
use super::graph::{DROP, Graph, KEEP, Step};
use super::question;
use super::shape::{
    ARP, Carried, ENDING_ETHER_TYPES, ENDING_PROTOCOLS, HARDWARE_TYPE, IPV4, IPV6, Kind, PROTOCOL, Shape, TAG_PRESENT, TAGS, may_carry,
};
use super::weaken::{Detail, weaken};
use crate::dissect::Selector;
use crate::dissect::registry::PROTOCOLS;
use crate::filter::expression::Node;

/// The least length of a frame that is looked into: every IPv4 packet's header.
const LEAST: u32 = 20;
/// Kinds of interface whose protocol numbers mean something else (`ARPHRD_` of linux/if_arp.h): frame relay, 802.11, netlink.
const OTHER_HARDWARE: [u32; 5] = [770, 801, 802, 803, 824];
/// The greatest length that counts as one: what is greater is less than nothing.
const LONGEST: u32 = 0x7fff_ffff;

/// A program on its way.
pub(super) struct Dispatch<'n> {
    pub(super) node: &'n Node,
    pub(super) detail: Detail,
    pub(super) graph: Graph,
    /// Whether every shape so far leaves nothing open.
    pub(super) exact: bool,
}

impl Dispatch<'_> {
    /// The first decision about a frame.
    pub(super) fn root(&mut self, link: KernelLink, snap_length: u32) -> Step {
        let shape = Shape { link, snap_length, tag_beside: false, tag_inside: false, kind: Kind::Unknown };
        let tagged = Shape { tag_beside: true, ..shape };
        match link {
            KernelLink::Ethernet => {
                let steps = [shape, tagged].map(|shape| self.ethernet(&shape));
                self.by_tag(steps)
            }
            KernelLink::Cooked => {
                let steps = [shape, tagged].map(|shape| self.cooked(&shape));
                self.by_tag(steps)
            }
            KernelLink::RawIp => self.raw(&shape),
            KernelLink::Other => {
                self.exact = false;
                KEEP
            }
        }
    }

    fn by_tag(&mut self, [plain, tagged]: [Step; 2]) -> Step {
        self.graph.cases(Load::whole(TAG_PRESENT, 4), tagged, &[(0, 0, plain)])
    }

    /// What is left of the expression for frames of a shape.
    fn ask(&mut self, shape: &Shape, kind: Kind) -> Step {
        let header = match kind {
            Kind::Unknown => None,
            Kind::Other => Some(0),
            Kind::Arp => Some(28),
            Kind::Ip { is_ipv6, carried } => Some(header_length(is_ipv6, carried)),
        };
        let is_kept = header.is_some_and(|header| shape.keeps(shape.base() + header));
        let shape = Shape { kind: if is_kept { kind } else { Kind::Unknown }, ..*shape };
        let bounds = question::ask(self.node, &shape);
        self.exact &= bounds.is_exact();
        // What is not known may be a fragment, and whether its datagram passes is known only when all its fragments are there: either every
        // frame answers for itself, or all of them pass.
        let formula = if shape.kind == Kind::Unknown && !bounds.is_exact() { Formula::Always(true) } else { bounds.may };
        let weaker = weaken(&formula, self.detail);
        self.exact &= weaker == formula;
        self.graph.formula(&weaker, KEEP, DROP)
    }

    fn ethernet(&mut self, shape: &Shape) -> Step {
        let unknown = self.ask(shape, Kind::Unknown);
        let other = self.ask(shape, Kind::Other);
        // ISL says with a destination and these bytes that it is no Ethernet: with a tag before them they could not be where it has them.
        let switch = if shape.tag_inside { other } else { self.graph.cases(at(14, 2), other, &[(0xaaaa, 0xaaaa, unknown)]) };
        let mut cases = self.network_cases(shape, unknown);
        cases.push((0, 0x05ff, unknown));
        if !shape.tag_inside && self.detail.tags_inside {
            let tagged = self.ethernet(&Shape { tag_inside: true, ..*shape });
            cases.extend(TAGS.map(|tag| (tag.into(), tag.into(), tagged)));
        }
        cases.extend(self.claimed(unknown, |claim| match claim {
            Selector::EtherType(number) if !ENDING_ETHER_TYPES.contains(number) => Some(u32::from(*number)),
            _ => None,
        }));
        let by_type = self.graph.cases(at(shape.base() - 2, 2), switch, &cases);
        self.at_least(shape.base() + LEAST, by_type, unknown)
    }

    fn cooked(&mut self, shape: &Shape) -> Step {
        let unknown = self.ask(shape, Kind::Unknown);
        let other = self.ask(shape, Kind::Other);
        let mut cases = self.network_cases(shape, unknown);
        cases.push((0, 0x05ff, unknown));
        cases.extend(self.claimed(unknown, |claim| match claim {
            Selector::EtherType(number) if !ENDING_ETHER_TYPES.contains(number) => Some(u32::from(*number)),
            _ => None,
        }));
        let by_type = self.graph.cases(Load::whole(PROTOCOL, 2), other, &cases);
        let by_hardware = self.graph.cases(Load::whole(HARDWARE_TYPE, 2), by_type, &OTHER_HARDWARE.map(|kind| (kind, kind, unknown)));
        self.at_least(LEAST, by_hardware, unknown)
    }

    fn raw(&mut self, shape: &Shape) -> Step {
        let unknown = self.ask(shape, Kind::Unknown);
        let (ipv4, ipv6) = (self.ipv4(shape, unknown), self.ipv6(shape, unknown));
        let by_version = self.graph.cases(at(0, 1), unknown, &[(0x45, 0x4f, ipv4), (0x60, 0x6f, ipv6)]);
        self.at_least(LEAST, by_version, unknown)
    }

    /// The EtherTypes of what can be looked into.
    fn network_cases(&mut self, shape: &Shape, unknown: Step) -> Vec<(u32, u32, Step)> {
        let steps = [(IPV4, self.ipv4(shape, unknown)), (IPV6, self.ipv6(shape, unknown)), (ARP, self.arp(shape, unknown))];
        steps.map(|(number, step)| (number.into(), number.into(), step)).to_vec()
    }

    /// The numbers by which protocols go that are not looked into.
    fn claimed(&self, unknown: Step, number: impl Fn(&Selector) -> Option<u32>) -> Vec<(u32, u32, Step)> {
        let claims = PROTOCOLS.iter().flat_map(|protocol| protocol.claims);
        claims.filter_map(number).map(|number| (number, number, unknown)).collect()
    }

    fn arp(&mut self, shape: &Shape, unknown: Step) -> Step {
        let base = shape.base();
        let arp = self.ask(shape, Kind::Arp);
        let lengths = self.graph.cases(at(base + 4, 2), unknown, &[(0x0604, 0x0604, arp)]);
        let kinds = self.graph.cases(at(base, 4), unknown, &[(0x0001_0800, 0x0001_0800, lengths)]);
        self.at_least(base + 28, kinds, unknown)
    }

    fn ipv4(&mut self, shape: &Shape, unknown: Step) -> Step {
        let base = shape.base();
        let by_protocol = self.by_protocol(shape, false, unknown);
        let fragment = at(base + 6, 2).masked(0x3fff);
        let whole = self.graph.cases(fragment, unknown, &[(0, 0, by_protocol)]);
        self.graph.cases(at(base, 1), unknown, &[(0x45, 0x4f, whole)])
    }

    fn ipv6(&mut self, shape: &Shape, unknown: Step) -> Step {
        let base = shape.base();
        let by_protocol = self.by_protocol(shape, true, unknown);
        let version = self.graph.cases(at(base, 1), unknown, &[(0x60, 0x6f, by_protocol)]);
        self.at_least(base + 40, version, unknown)
    }

    fn by_protocol(&mut self, shape: &Shape, is_ipv6: bool, unknown: Step) -> Step {
        let other = self.ask(shape, Kind::Ip { is_ipv6, carried: Carried::Other });
        let icmp = if is_ipv6 { 58 } else { 1 };
        let mut cases = Vec::new();
        for (number, carried) in [(6, Carried::Tcp), (17, Carried::Udp), (icmp, Carried::Icmp), (132, Carried::Sctp)] {
            let kind = Kind::Ip { is_ipv6, carried };
            let asked = self.ask(shape, kind);
            let carrying = self.by_port(&Shape { kind, ..*shape }, carried, asked, unknown);
            cases.push((number, number, self.with_header(shape, is_ipv6, carried, carrying, other)));
        }
        cases.extend(self.claimed(unknown, |claim| match claim {
            Selector::IpProtocol(number) if !ENDING_PROTOCOLS.contains(number) => Some(u32::from(*number)),
            Selector::NextHeader(number) if is_ipv6 => Some(u32::from(*number)),
            _ => None,
        }));
        self.graph.cases(at(shape.base() + if is_ipv6 { 6 } else { 9 }, 1), other, &cases)
    }

    /// Whether a packet has the whole header of what it carries: by its own length, unless it leaves that open, and by the frame's.
    fn with_header(&mut self, shape: &Shape, is_ipv6: bool, carried: Carried, yes: Step, no: Step) -> Step {
        let (base, length) = (shape.base(), least(carried));
        if is_ipv6 {
            let in_frame = self.at_least(base + 40 + length, yes, no);
            return self.graph.cases(at(base + 4, 2), no, &[(0, 0, in_frame), (length, 0xffff, in_frame)]);
        }
        let behind = Load::whole(Place::LengthBehind(base), 4);
        let in_frame = self.graph.cases(behind, no, &[(base + length, LONGEST, yes)]);
        let total = Load::whole(Place::TotalBehind(base), 4);
        let in_packet = self.graph.cases(total, no, &[(length, LONGEST, in_frame)]);
        self.graph.cases(at(base + 2, 2), in_packet, &[(0, 0, in_frame)])
    }

    /// Whether ports say that a packet may be inside.
    fn by_port(&mut self, shape: &Shape, carried: Carried, asked: Step, unknown: Step) -> Step {
        let is_udp = match carried {
            Carried::Tcp => false,
            Carried::Udp => true,
            Carried::Sctp | Carried::Icmp | Carried::Other => return asked,
        };
        let mut cases = Vec::new();
        for claim in PROTOCOLS.iter().filter(|protocol| may_carry(protocol)).flat_map(|protocol| protocol.claims) {
            match claim {
                Selector::TcpPort(port) if !is_udp => cases.push((u32::from(*port), u32::from(*port), unknown)),
                Selector::UdpPort(port) if is_udp => cases.push((u32::from(*port), u32::from(*port), unknown)),
                Selector::TcpContent(_) if !is_udp => return unknown,
                Selector::UdpContent(_) if is_udp => return unknown,
                _ => {}
            }
        }
        [0, 2].into_iter().fold(asked, |next, offset| self.graph.cases(Load::whole(shape.carried(offset), 2), next, &cases))
    }

    /// Whether the frame has so many bytes.
    fn at_least(&mut self, length: u32, yes: Step, no: Step) -> Step {
        self.graph.cases(Load::whole(Place::Length, 4), no, &[(length, u32::MAX, yes)])
    }
}

fn at(offset: u32, size: u32) -> Load {
    Load::whole(Place::At(offset), size)
}

/// The fixed header of what a packet carries, as far as the program needs it.
fn least(carried: Carried) -> u32 {
    match carried {
        Carried::Tcp => 20,
        Carried::Sctp => 12,
        Carried::Udp | Carried::Icmp => 8,
        Carried::Other => 0,
    }
}

/// How long a packet's headers can be.
fn header_length(is_ipv6: bool, carried: Carried) -> u32 {
    let own = match (is_ipv6, carried) {
        (true, _) => 40,
        (false, Carried::Other) => 20,
        (false, Carried::Tcp | Carried::Udp | Carried::Sctp | Carried::Icmp) => 60,
    };
    own + least(carried)
}
