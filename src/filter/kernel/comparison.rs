//! Fields held against numbers, where their place is known.

use super::formula::{Bounds, Formula, Load, Operand};
use super::primitive::{frame_length, link_bytes, related};
use super::ranges::Ranges;
use super::shape::announces;
use super::shape::{Formulas, Header, Kind, Shape, is_tag};
use crate::dissect::Kind as FieldKind;
use crate::filter::expression::{Comparison, Part, Quantifier, Test};
use crate::filter::subject::{FieldPart, Place, Subject};

/// Fields that stand at a place whenever the whole header is there, beside those that the evaluation reads itself.
const PLACES: &[(&str, Place)] = &[
    ("ip.dsfield.dscp", place(1, 1, 0xfc)),
    ("ip.dsfield.ecn", place(1, 1, 0x03)),
    ("ip.flags.df", place(6, 1, 0x40)),
    ("ip.flags.mf", place(6, 1, 0x20)),
    ("ipv6.plen", place(4, 2, 0xffff)),
    ("tcp.flags.ae", place(12, 2, 0x100)),
    ("tcp.flags.cwr", place(13, 1, 0x80)),
    ("tcp.flags.ece", place(13, 1, 0x40)),
    ("tcp.flags.urg", place(13, 1, 0x20)),
    ("icmp.type", place(0, 1, 0xff)),
    ("icmp.code", place(1, 1, 0xff)),
    ("icmpv6.type", place(0, 1, 0xff)),
    ("icmpv6.code", place(1, 1, 0xff)),
    ("arp.opcode", place(6, 2, 0xffff)),
    ("arp.src.hw_mac", place(8, 6, u64::MAX)),
    ("arp.src.proto_ipv4", place(14, 4, 0xffff_ffff)),
    ("arp.dst.hw_mac", place(18, 6, u64::MAX)),
    ("arp.dst.proto_ipv4", place(24, 4, 0xffff_ffff)),
];

const fn place(offset: usize, length: usize, mask: u64) -> Place {
    Place { offset, length, mask }
}

/// A value that a field may have in a frame.
struct Value {
    /// When it is there.
    there: Bounds,
    /// What it is, where a program can tell.
    number: Option<Number>,
}

enum Number {
    Known(u128),
    /// A number, how far its bits are to be moved right, and whether it only says yes or no.
    Read(Operand, u32, bool),
}

impl Number {
    /// The part that is compared, where it is a number too.
    fn part(self, part: Part) -> Option<Self> {
        match (part, self) {
            (Part::Whole, number) => Some(number),
            (Part::Masked(mask), Self::Known(number)) => Some(Self::Known(number & u128::from(mask))),
            (Part::Masked(mask), Self::Read(operand, shift, false)) => match *operand.0.as_slice() {
                [load] => Some(Self::Read(load.masked((mask << shift) as u32).into(), shift, false)),
                _ => None,
            },
            (Part::Masked(_) | Part::Slice(_), _) => None,
        }
    }

    /// Whether it is among others.
    fn among(&self, wanted: &Ranges) -> Formula {
        match self {
            Self::Known(number) => Formula::Always(wanted.contains(*number)),
            Self::Read(operand, _, true) => {
                let set = Formula::test(operand.clone(), &Ranges::of([(1, u128::MAX)]));
                let yes = if wanted.contains(1) { set.clone() } else { Formula::Always(false) };
                let no = if wanted.contains(0) { set.negated() } else { Formula::Always(false) };
                Formula::any([yes, no])
            }
            Self::Read(operand, shift, false) => {
                let most = operand.most() >> shift;
                let moved = wanted.up_to(most);
                let moved = moved.iter().map(|(low, high)| (low << shift, (high << shift) | ((1 << shift) - 1)));
                Formula::test(operand.clone(), &Ranges::of(moved))
            }
        }
    }
}

/// What is known of the presence of a subject.
pub(super) fn present(subject: &Subject, shape: &Shape) -> Bounds {
    match subject {
        Subject::FrameBytes => Bounds::always(true),
        Subject::Frame(_) => Bounds::UNKNOWN,
        Subject::Fields { .. } | Subject::Layers { .. } => Bounds::any(values(subject, shape).into_iter().map(|value| value.there)),
    }
}

/// What is known of the answer to a comparison.
pub(super) fn ask(comparison: &Comparison, shape: &Shape) -> Bounds {
    let wanted = wanted(comparison);
    if let (Subject::Frame(field), Some(wanted)) = (&comparison.subject, &wanted)
        && field.id == "frame.len"
        && comparison.part == Part::Whole
    {
        return frame_length(shape, wanted);
    }
    if matches!(comparison.subject, Subject::Frame(_) | Subject::FrameBytes) {
        return Bounds::UNKNOWN;
    }
    let answers = values(&comparison.subject, shape).into_iter().map(|Value { there, number }| {
        let part = number.and_then(|number| number.part(comparison.part));
        let passes = match part.zip(wanted.as_ref()) {
            Some((number, wanted)) => Bounds::exactly(number.among(wanted)),
            None => Bounds::UNKNOWN,
        };
        (there, passes)
    });
    match comparison.quantifier {
        Quantifier::Any => Bounds::any(answers.map(|(there, passes)| Bounds::all([there, passes]))),
        Quantifier::All => {
            let (there, passes): (Vec<_>, Vec<_>) = answers.unzip();
            let each = there.iter().cloned().zip(passes).map(|(there, passes)| Bounds::any([there.negated(), passes]));
            let each = Bounds::all(each);
            Bounds::all([Bounds::any(there), each])
        }
    }
}

/// The numbers that pass; `None` where the test is of another kind.
fn wanted(comparison: &Comparison) -> Option<Ranges> {
    match &comparison.test {
        Test::Number(relation, range) => Some(related(*relation, range.low, range.high)),
        Test::NumberSet(ranges) => Some(Ranges::of(ranges.iter().map(|range| (range.low, range.high)))),
        Test::NotZero => Some(Ranges::of([(1, u128::MAX)])),
        Test::Bytes(..) | Test::Field(..) | Test::ByteSet(_) | Test::Contains(_) | Test::Matches(_) => None,
    }
}

/// The values that a subject may have, outermost first.
fn values(subject: &Subject, shape: &Shape) -> Vec<Value> {
    match subject {
        Subject::Frame(_) | Subject::FrameBytes => vec![Value { there: Bounds::UNKNOWN, number: None }],
        Subject::Layers { protocol, .. } => {
            let there = Bounds::any([shape.has(protocol), Bounds::at_most(shape.quotes())]);
            // The number of a layer leaves open whether there is one.
            vec![Value { there: Bounds::at_most(there.may), number: None }]
        }
        Subject::Fields { parts, layer } => parts.iter().flat_map(|part| part_values(part, *layer, shape)).collect(),
    }
}

/// The values of one of the fields that go by a name.
fn part_values(part: &FieldPart, layer: Option<usize>, shape: &Shape) -> Vec<Value> {
    let there = shape.has(part.protocol);
    if shape.kind == Kind::Unknown {
        return vec![Value { there: Bounds::UNKNOWN, number: None }];
    }
    if layer.is_some_and(|layer| layer != 1) || (layer.is_some() && is_tag(part.protocol)) {
        let may = Formula::any([there.may, shape.quotes()]);
        return vec![Value { there: Bounds::at_most(may), number: None }];
    }
    if is_tag(part.protocol) && !shape.tags().is_empty() {
        return tag_values(part, shape);
    }
    let Some(header) = shape.header(part.protocol) else {
        let may = Formula::any([there.may, shape.quotes()]);
        return vec![Value { there: Bounds::at_most(may), number: None }];
    };
    let own = match number(part, header, shape) {
        Some(number) => Value { there: Bounds::always(true), number: Some(number) },
        None => Value { there: Bounds::UNKNOWN, number: None },
    };
    // What an error quotes stands behind the packet's own headers: it is not the first layer of its kind, but where it is another kind.
    let quoted = Value { there: Bounds::at_most(shape.quotes()), number: None };
    if layer.is_some() { vec![own] } else { vec![own, quoted] }
}

/// The number of a field whose header is there.
fn number(part: &FieldPart, header: Header, shape: &Shape) -> Option<Number> {
    if part.field.id == "eth.type" {
        let outermost = shape.tags().first().map(|(kind, _)| *kind);
        return Some(match (outermost, shape.ether_type()) {
            (Some(kind), _) | (None, Formulas::Read(kind)) => Number::Read(kind.into(), 0, false),
            (None, Formulas::Known(number)) => Number::Known(number.into()),
        });
    }
    let listed = || PLACES.iter().find(|(id, _)| *id == part.field.id).map(|(_, place)| *place);
    let place = part.place.or_else(listed)?;
    let (offset, length) = (u32::try_from(place.offset).ok()?, u32::try_from(place.length).ok()?);
    let operand = match header {
        Header::Link => link_bytes(offset, length),
        Header::Network => shape.at_network(offset, length),
        Header::Carried => shape.at_carried(offset, length),
    };
    Some(read(operand, place.mask, part))
}

/// A number of the right kind: some bits of an operand.
fn read(operand: Operand, mask: u64, part: &FieldPart) -> Number {
    let is_boolean = part.field.kind == FieldKind::Boolean;
    match operand.0.as_slice() {
        [load] if mask != u64::MAX => {
            // What the evaluation reads at its places it does not move.
            let shift = if part.place.is_some() { 0 } else { mask.trailing_zeros() };
            Number::Read(load.masked(mask as u32).into(), shift, is_boolean)
        }
        _ => Number::Read(operand, 0, is_boolean),
    }
}

/// The values of a field of VLAN tags.
fn tag_values(part: &FieldPart, shape: &Shape) -> Vec<Value> {
    let mask = match part.field.id {
        "vlan.id" | "ieee8021ad.id" => Some(0x0fff),
        "vlan.dei" | "ieee8021ad.dei" => Some(0x1000),
        "vlan.priority" | "ieee8021ad.priority" => Some(0xe000),
        _ => None,
    };
    let tags = shape.tags().into_iter();
    tags.map(|(kind, number): (Load, Load)| {
        let there = Bounds::exactly(announces(part.protocol, kind));
        match mask {
            Some(mask) => Value { there, number: Some(read(number.into(), mask, part)) },
            None => Value { there: Bounds::at_most(there.may), number: None },
        }
    })
    .collect()
}
