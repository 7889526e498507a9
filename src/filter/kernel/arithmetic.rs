//! Relations of numbers that are computed from bytes.

use super::KernelLink;
use super::formula::{Bounds, Formula, Load, Place};
use super::primitive::{frame_length, related};
use super::ranges::Ranges;
use super::shape::{ARP, Carried, Header, Kind, Shape};
use super::sum::{Fetch, Related, Sum};
use crate::filter::expression::{Arithmetic, Base, Family, Operator, Relation};

/// Why a number is not computed.
enum Miss {
    /// The frame has no such header: the relation does not hold.
    Absent,
    /// A program cannot tell; the relation does not hold unless this does.
    Unknown(Formula),
}

/// As many bytes as no frame has: what is kept of it does not end before it does.
const WHOLE: u32 = 1 << 18;

const UNKNOWN: Miss = Miss::Unknown(Formula::Always(true));

/// What is known of the answer to a relation.
pub(super) fn ask(relation: Relation, left: &Arithmetic, right: &Arithmetic, shape: &Shape) -> Bounds {
    match (sum(left, shape), sum(right, shape)) {
        (Err(Miss::Absent), _) | (_, Err(Miss::Absent)) => Bounds::always(false),
        (Err(Miss::Unknown(first)), Err(Miss::Unknown(second))) => Bounds::at_most(Formula::all([first, second])),
        (Err(Miss::Unknown(may)), Ok(_)) | (Ok(_), Err(Miss::Unknown(may))) => Bounds::at_most(may),
        (Ok(left), Ok(right)) => compare(relation, left, right, shape),
    }
}

fn compare(relation: Relation, left: Sum, right: Sum, shape: &Shape) -> Bounds {
    if let Sum::Constant(number) = right {
        let wanted = related(relation, number.into(), number.into());
        match &left {
            Sum::Length(_) => return frame_length(shape, &wanted),
            Sum::Load(fetch) => {
                if let Some(bounds) = at_fixed_place(fetch, u32::MAX, &wanted, shape) {
                    return bounds;
                }
            }
            Sum::Binary(Operator::And, first, second) => {
                if let (Sum::Load(fetch), Sum::Constant(mask)) | (Sum::Constant(mask), Sum::Load(fetch)) = (&**first, &**second)
                    && let Some(bounds) = at_fixed_place(fetch, *mask, &wanted, shape)
                {
                    return bounds;
                }
            }
            Sum::Constant(_) | Sum::Negate(_) | Sum::Binary(..) => {}
        }
    }
    let relation = Related { relation, left, right };
    // Where the frame may be shorter than any header, computed offsets are not worth their checks.
    if shape.kind == Kind::Unknown || !relation.fits() || (shape.unseen() > 0 && shape.snap_length < WHOLE) {
        return Bounds::UNKNOWN;
    }
    Bounds::exactly(Formula::Related(Box::new(relation), true))
}

/// Whether bytes at a fixed place are among others; no where they are not there.
fn at_fixed_place(fetch: &Fetch, mask: u32, wanted: &Ranges, shape: &Shape) -> Option<Bounds> {
    let Sum::Constant(offset) = fetch.offset else { return None };
    let end = fetch.base.checked_add(offset)?.checked_add(fetch.size).filter(|end| *end < 1 << 24)?;
    if !shape.keeps(end + if fetch.behind { 60 } else { 0 }) {
        return Some(Bounds::UNKNOWN);
    }
    let (place, length) = match fetch.behind {
        true => (Place::Behind(fetch.base, offset), Place::LengthBehind(fetch.base)),
        false => (Place::At(fetch.base + offset), Place::Length),
    };
    let is_there = Formula::test(Load::whole(length, 4), &Ranges::of([(end.into(), 0x7fff_ffff)]));
    let load = Load::whole(place, fetch.size);
    if mask & load.mask == 0 {
        let answer = Formula::Always(wanted.contains(0));
        return Some(Bounds::exactly(Formula::all([is_there, answer])));
    }
    Some(Bounds::exactly(Formula::all([is_there, Formula::test(load.masked(mask), wanted)])))
}

fn sum(arithmetic: &Arithmetic, shape: &Shape) -> Result<Sum, Miss> {
    Ok(match arithmetic {
        Arithmetic::Constant(number) => Sum::Constant(*number),
        Arithmetic::Length if shape.knows_length() => Sum::Length(shape.unseen()),
        Arithmetic::Length => return Err(UNKNOWN),
        Arithmetic::Negate(inner) => Sum::Negate(Box::new(sum(inner, shape)?)),
        Arithmetic::Binary(operator, left, right) => {
            let (left, right) = match (sum(left, shape), sum(right, shape)) {
                (Err(Miss::Absent), _) | (_, Err(Miss::Absent)) => return Err(Miss::Absent),
                (left, right) => (left?, right?),
            };
            // A program shifts by the low bits of a number alone.
            if matches!(operator, Operator::ShiftLeft | Operator::ShiftRight) && !matches!(right, Sum::Constant(0..32)) {
                return Err(UNKNOWN);
            }
            Sum::Binary(*operator, Box::new(left), Box::new(right))
        }
        Arithmetic::Load { base, offset, size } => {
            let (start, behind) = start(*base, shape)?;
            let offset = sum(offset, shape)?;
            let size = u32::try_from(*size).map_err(|_| UNKNOWN)?;
            let limit = shape.snap_length.saturating_sub(shape.unseen());
            if limit < start + size {
                return Err(UNKNOWN);
            }
            let fetch = Fetch { base: start, behind, offset, size, limit };
            Sum::Load(Box::new(if matches!(base, Base::Frame) { unseen_bytes(fetch, shape)? } else { fetch }))
        }
    })
}

/// Where the offset of a load counts from, and whether from behind an IPv4 header that begins there.
fn start(base: Base, shape: &Shape) -> Result<(u32, bool), Miss> {
    let header = match base {
        Base::Frame => return Ok((0, false)),
        _ if shape.kind == Kind::Unknown => return Err(UNKNOWN),
        Base::Layer(protocol) => match shape.header(protocol) {
            Some(header) => header,
            None => return Err(absent_unless(shape.has(protocol).may)),
        },
        Base::EtherType(ARP) if shape.kind == Kind::Arp => Header::Network,
        Base::EtherType(number) => return Err(absent_unless(shape.ether_type().among(&Ranges::one(number)))),
        Base::Carried(family, number) => match shape.kind {
            Kind::Ip { is_ipv6, carried } if family == Family::Any || (family == Family::Ipv6) == is_ipv6 => {
                match number_of(carried, is_ipv6) {
                    Some(found) if found == number => Header::Carried,
                    Some(_) => return Err(Miss::Absent),
                    None => return Err(absent_unless(Formula::test(shape.protocol(), &Ranges::one(number)))),
                }
            }
            Kind::Ip { .. } | Kind::Arp | Kind::Other | Kind::Unknown => return Err(Miss::Absent),
        },
    };
    Ok(match header {
        Header::Link => (0, false),
        Header::Network => (shape.base(), false),
        Header::Carried => match shape.carried(0) {
            Place::Behind(base, offset) => (base + offset, true),
            Place::At(at) => (at, false),
            Place::Beside(_) | Place::Length | Place::LengthBehind(_) | Place::TotalBehind(_) => return Err(UNKNOWN),
        },
    })
}

fn absent_unless(may: Formula) -> Miss {
    if may == Formula::Always(false) { Miss::Absent } else { Miss::Unknown(may) }
}

/// The protocol number of what a packet carries, where the shape says it.
fn number_of(carried: Carried, is_ipv6: bool) -> Option<u8> {
    match carried {
        Carried::Tcp => Some(6),
        Carried::Udp => Some(17),
        Carried::Sctp => Some(132),
        Carried::Icmp => Some(if is_ipv6 { 58 } else { 1 }),
        Carried::Other => None,
    }
}

/// The same bytes, counted from the first that the program sees: a captured frame has a tag, or a header, that it does not.
fn unseen_bytes(fetch: Fetch, shape: &Shape) -> Result<Fetch, Miss> {
    if shape.unseen() == 0 {
        return Ok(fetch);
    }
    let (start, end) = match shape.link {
        KernelLink::Ethernet => (12, 16),
        KernelLink::Cooked if !shape.tag_beside => (0, shape.unseen()),
        KernelLink::Cooked | KernelLink::RawIp | KernelLink::Other => return Err(UNKNOWN),
    };
    match fetch.offset {
        Sum::Constant(offset) if offset.saturating_add(fetch.size) <= start => Ok(fetch),
        Sum::Constant(offset) if offset >= end => Ok(Fetch { offset: Sum::Constant(offset - (end - start)), ..fetch }),
        _ => Err(UNKNOWN),
    }
}
