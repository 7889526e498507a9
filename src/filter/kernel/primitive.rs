//! tcpdump's words, asked of the bytes that a program sees.

use super::KernelLink;
use super::formula::{Bounds, Formula, Load, Operand, Place};
use super::ranges::Ranges;
use super::shape::{Carried, Kind, PACKET_TYPE, Shape, TAGS};
use crate::filter::evaluate::mac_number;
use crate::filter::expression::{AddressRange, AddressScope, Family, PortProtocol, Primitive, Relation, Side, Tag};
use crate::frame::Direction;

/// The EtherType of an Ethernet frame in another packet: the outermost header of every frame goes by it too.
const BRIDGED: u16 = 0x6558;
/// `PACKET_OUTGOING` (linux/if_packet.h).
const OUTGOING: u128 = 4;

/// What is known of the answer to a word.
pub(super) fn ask(primitive: &Primitive, shape: &Shape) -> Bounds {
    match *primitive {
        Primitive::Length(relation, length) => frame_length(shape, &related(relation, length.into(), length.into())),
        Primitive::Direction(direction) => {
            let outgoing = Ranges::one(OUTGOING);
            let wanted = if direction == Direction::Outbound { outgoing } else { outgoing.complement(u128::from(u32::MAX)) };
            Bounds::at_most(Formula::test(Load::whole(PACKET_TYPE, 4), &wanted))
        }
        _ if shape.kind == Kind::Unknown => Bounds::UNKNOWN,
        Primitive::Layer(protocol) => shape.has(protocol),
        Primitive::Address { scope, side, range } => address(scope, side, range, shape),
        Primitive::LinkAddress { side, address } => {
            let wanted = Ranges::one(mac_number(address));
            on_link(shape, || sides(side, Formula::test(link_bytes(6, 6), &wanted), Formula::test(link_bytes(0, 6), &wanted)))
        }
        Primitive::LinkBroadcast => on_link(shape, to_everybody),
        Primitive::LinkMulticast => on_link(shape, || bit_set(Load::whole(Place::At(0), 1), 1)),
        Primitive::Port { protocol, side, low, high } => port(protocol, side, low, high, shape),
        Primitive::EtherType(BRIDGED) => Bounds::UNKNOWN,
        Primitive::EtherType(number) => ether_type(number, shape),
        Primitive::ServiceAccessPoint(_) => Bounds::always(false),
        Primitive::IpProtocol(family, number) | Primitive::ProtocolChain(family, number) => match shape.kind {
            Kind::Ip { is_ipv6, .. } if includes(family, is_ipv6) => Bounds::exactly(Formula::test(shape.protocol(), &Ranges::one(number))),
            Kind::Ip { .. } | Kind::Arp | Kind::Other | Kind::Unknown => Bounds::always(false),
        },
        Primitive::Ipv4Broadcast => match shape.kind {
            Kind::Ip { is_ipv6: false, .. } => {
                let to_all = Ranges::of([(0, 0), (u128::from(u32::MAX), u128::from(u32::MAX))]);
                let packet = Formula::test(shape.at_network(16, 4), &to_all);
                let frame = if shape.link == KernelLink::Ethernet { to_everybody() } else { Formula::Always(false) };
                Bounds::exactly(Formula::any([packet, frame]))
            }
            Kind::Ip { .. } | Kind::Arp | Kind::Other | Kind::Unknown => Bounds::always(false),
        },
        Primitive::Ipv4Multicast => match shape.kind {
            Kind::Ip { is_ipv6: false, .. } => Bounds::exactly(Formula::test(shape.at_network(16, 1), &Ranges::of([(224, 255)]))),
            Kind::Ip { .. } | Kind::Arp | Kind::Other | Kind::Unknown => Bounds::always(false),
        },
        Primitive::Ipv6Multicast => match shape.kind {
            Kind::Ip { is_ipv6: true, .. } => Bounds::exactly(Formula::test(shape.at_network(24, 1), &Ranges::one(255_u8))),
            Kind::Ip { .. } | Kind::Arp | Kind::Other | Kind::Unknown => Bounds::always(false),
        },
        Primitive::Tag { tag, wanted, behind } => is_tagged(tag, wanted, behind, shape),
    }
}

/// The numbers that stand in a relation to all of a range.
pub(super) fn related(relation: Relation, low: u128, high: u128) -> Ranges {
    let (below, above) = (low.checked_sub(1).map(|end| (0, end)), high.checked_add(1).map(|start| (start, u128::MAX)));
    match relation {
        Relation::Equal => Ranges::of([(low, high)]),
        Relation::NotEqual => Ranges::of(below.into_iter().chain(above)),
        Relation::Less => Ranges::of(below),
        Relation::LessOrEqual => Ranges::of([(0, high)]),
        Relation::Greater => Ranges::of(above),
        Relation::GreaterOrEqual => Ranges::of([(low, u128::MAX)]),
    }
}

/// Whether the frame's length is among these.
pub(super) fn frame_length(shape: &Shape, wanted: &Ranges) -> Bounds {
    if !shape.knows_length() {
        return Bounds::UNKNOWN;
    }
    let unseen = u128::from(shape.unseen());
    let seen = wanted.iter().filter(|(_, high)| *high >= unseen).map(|(low, high)| (low.saturating_sub(unseen), high - unseen));
    // A greatest number stays the greatest: a frame is never that long.
    Bounds::exactly(Formula::test(Load::whole(Place::Length, 4), &Ranges::of(seen)))
}

/// Whether some bits of a number are not all 0.
pub(super) fn bit_set(load: Load, mask: u32) -> Formula {
    Formula::test(load.masked(mask), &Ranges::of([(1, u128::MAX)]))
}

/// Bytes of the Ethernet header.
pub(super) fn link_bytes(offset: u32, length: u32) -> Operand {
    Operand::bytes(|at| Place::At(offset + at), length)
}

fn to_everybody() -> Formula {
    Formula::test(link_bytes(0, 6), &Ranges::one(0xffff_ffff_ffff_u64))
}

fn on_link(shape: &Shape, formula: impl FnOnce() -> Formula) -> Bounds {
    if shape.link == KernelLink::Ethernet { Bounds::exactly(formula()) } else { Bounds::always(false) }
}

fn sides(side: Side, source: Formula, destination: Formula) -> Formula {
    match side {
        Side::Source => source,
        Side::Destination => destination,
        Side::Either => Formula::any([source, destination]),
        Side::Both => Formula::all([source, destination]),
    }
}

fn includes(family: Family, is_ipv6: bool) -> bool {
    match family {
        Family::Any => true,
        Family::Ipv4 => !is_ipv6,
        Family::Ipv6 => is_ipv6,
    }
}

fn address(scope: AddressScope, side: Side, range: AddressRange, shape: &Shape) -> Bounds {
    let places = match (shape.kind, range, scope) {
        (Kind::Ip { is_ipv6: false, .. }, AddressRange::Ipv4 { .. }, AddressScope::Any | AddressScope::Packets) => (12, 16),
        (Kind::Ip { is_ipv6: true, .. }, AddressRange::Ipv6 { .. }, AddressScope::Any | AddressScope::Packets) => (8, 24),
        (Kind::Arp, AddressRange::Ipv4 { .. }, AddressScope::Any | AddressScope::Arp) => (14, 24),
        (Kind::Ip { .. } | Kind::Arp | Kind::Other | Kind::Unknown, ..) => return Bounds::always(false),
    };
    let [source, destination] = [places.0, places.1].map(|at| match range {
        AddressRange::Ipv4 { address, mask } => {
            // A mask may have holes: then the address is no range.
            let holes = mask.leading_ones() + mask.trailing_zeros() != 32 && mask != 0;
            let Operand(loads) = shape.at_network(at, 4);
            let masked = loads.into_iter().map(|load| if holes { load.masked(mask) } else { load }).collect();
            let last = if holes { address } else { address | !mask };
            Formula::test(Operand(masked), &Ranges::of([(u128::from(address), u128::from(last))]))
        }
        AddressRange::Ipv6 { address, mask } => Formula::test(shape.at_network(at, 16), &Ranges::of([(address, address | !mask)])),
    });
    Bounds::exactly(sides(side, source, destination))
}

fn port(protocol: PortProtocol, side: Side, low: u16, high: u16, shape: &Shape) -> Bounds {
    let Kind::Ip { carried, .. } = shape.kind else { return Bounds::always(false) };
    let is_asked = |carried| match carried {
        Carried::Tcp => matches!(protocol, PortProtocol::Tcp | PortProtocol::Any),
        Carried::Udp => matches!(protocol, PortProtocol::Udp | PortProtocol::Any),
        Carried::Sctp => matches!(protocol, PortProtocol::Sctp | PortProtocol::Any),
        Carried::Icmp | Carried::Other => false,
    };
    if carried == Carried::Other {
        let numbers = [(Carried::Tcp, 6), (Carried::Udp, 17), (Carried::Sctp, 132)];
        let asked = Ranges::of(numbers.iter().filter(|(carried, _)| is_asked(*carried)).map(|(_, number)| (*number, *number)));
        return Bounds::at_most(Formula::test(shape.protocol(), &asked));
    }
    if !is_asked(carried) {
        return Bounds::always(false);
    }
    let range = Ranges::of([(u128::from(low), u128::from(high))]);
    let [source, destination] = [0, 2].map(|at| Formula::test(shape.at_carried(at, 2), &range));
    Bounds::exactly(sides(side, source, destination))
}

fn ether_type(number: u16, shape: &Shape) -> Bounds {
    let wanted = Ranges::one(number);
    let last = Bounds::exactly(shape.ether_type().among(&wanted));
    if shape.link == KernelLink::Cooked && shape.tag_beside && TAGS.contains(&number) {
        return Bounds::UNKNOWN;
    }
    let tags = shape.tags().into_iter().map(|(kind, _)| Bounds::exactly(Formula::test(kind, &wanted)));
    Bounds::any(tags.chain(std::iter::once(last)))
}

fn is_tagged(tag: &Tag, wanted: Option<u32>, behind: usize, shape: &Shape) -> Bounds {
    if !tag.protocols.contains(&"vlan") {
        return Bounds::always(false);
    }
    if shape.link == KernelLink::Cooked && shape.tag_beside {
        return Bounds::UNKNOWN;
    }
    Bounds::any(shape.tags().into_iter().skip(behind).map(|(_, number)| match wanted {
        None => Bounds::always(true),
        Some(wanted) => Bounds::exactly(Formula::test(number.masked(tag.mask), &Ranges::one(wanted))),
    }))
}
