//! Numbers computed from a packet's bytes: unsigned, 32 bits, wrapping, as libpcap computes them.

use super::Packet;
use crate::filter::expression::{Arithmetic, Base, Operator, Relation};

/// Whether two numbers stand in a relation; no where one of them cannot be computed (a header that is not there, bytes that were not kept).
pub(super) fn matches(relation: Relation, left: &Arithmetic, right: &Arithmetic, packet: Packet<'_>) -> bool {
    compute(left, packet).zip(compute(right, packet)).is_some_and(|(left, right)| relation.holds(&left, &right))
}

fn compute(arithmetic: &Arithmetic, packet: Packet<'_>) -> Option<u32> {
    match arithmetic {
        Arithmetic::Constant(number) => Some(*number),
        Arithmetic::Length => Some(packet.frame.length),
        Arithmetic::Load { base, offset, size } => {
            let at = start(*base, packet)?.checked_add(usize::try_from(compute(offset, packet)?).ok()?)?;
            let data = if matches!(base, Base::Frame) { packet.frame.data } else { packet.data };
            let bytes = data.get(at..at.checked_add(*size)?)?;
            Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
        }
        Arithmetic::Negate(inner) => compute(inner, packet).map(u32::wrapping_neg),
        Arithmetic::Binary(operator, left, right) => operator.apply(compute(left, packet)?, compute(right, packet)?),
    }
}

/// Where a header begins.
fn start(base: Base, packet: Packet<'_>) -> Option<usize> {
    match base {
        Base::Frame => Some(0),
        Base::Layer(protocol) => packet.layers_of(protocol).next().map(|layer| layer.start),
        Base::EtherType(number) => packet.announced(number).next().map(|layer| layer.start),
        Base::Carried(family, number) => {
            let mut networks = packet.networks(family).filter(|(_, network)| network.protocol == number);
            networks.find_map(|(index, network)| packet.carried(index, network))
        }
    }
}

impl Operator {
    /// The result; `None` for a division by zero.
    pub(in crate::filter) fn apply(self, left: u32, right: u32) -> Option<u32> {
        match self {
            Self::Add => Some(left.wrapping_add(right)),
            Self::Subtract => Some(left.wrapping_sub(right)),
            Self::Multiply => Some(left.wrapping_mul(right)),
            Self::Divide => left.checked_div(right),
            Self::Modulo => left.checked_rem(right),
            Self::And => Some(left & right),
            Self::Or => Some(left | right),
            Self::Xor => Some(left ^ right),
            Self::ShiftLeft => Some(left.checked_shl(right).unwrap_or(0)),
            Self::ShiftRight => Some(left.checked_shr(right).unwrap_or(0)),
        }
    }
}
