//! Holding a frame against the tree of an expression. Nothing is allocated here: it is done for every frame.

mod arithmetic;
mod comparison;
mod headers;
mod primitive;
mod values;

pub(super) use values::{mac_number, status_number};

use super::expression::{Connective, Node};
use super::{Inherited, Whole};
use crate::dissect::Dissection;
use crate::frame::Frame;

/// Bytes and their layers: a frame's, or those of a datagram that it is a fragment of.
#[derive(Clone, Copy)]
pub(super) struct Packet<'p> {
    pub(super) frame: &'p Frame<'p>,
    /// The bytes that the layers stand in.
    pub(super) data: &'p [u8],
    pub(super) dissection: &'p Dissection,
    /// The index of the first layer that is asked: the header of a datagram that was put together is nobody's.
    pub(super) first_layer: usize,
}

/// A frame, with what it is a fragment of.
#[derive(Clone, Copy)]
pub(super) struct Asked<'p> {
    pub(super) packet: Packet<'p>,
    pub(super) inherited: Inherited<'p>,
}

impl<'p> Asked<'p> {
    /// Whether the frame answers with yes, or a datagram that it is a fragment of.
    fn any(&self, question: impl Fn(Packet<'p>) -> bool) -> bool {
        let frame = self.packet.frame;
        let packet = |whole: &Whole<'p>| Packet { frame, data: whole.bytes, dissection: whole.dissection, first_layer: whole.first_layer };
        question(self.packet) || self.inherited.wholes.iter().any(|whole| question(packet(whole)))
    }
}

/// Whether the answer is yes.
pub(super) fn matches(node: &Node, asked: &Asked<'_>) -> bool {
    match node {
        Node::Everything => true,
        Node::Not(inner) => !matches(inner, asked),
        Node::Chain(first, rest) => rest.iter().fold(matches(first, asked), |answer, (connective, next)| match connective {
            Connective::And => answer && matches(next, asked),
            Connective::Or => answer || matches(next, asked),
        }),
        Node::Primitive(primitive) => {
            asked.any(|packet| primitive::matches(primitive, packet))
                || asked.inherited.ports.is_some_and(|ports| primitive::has_port(primitive, ports))
        }
        Node::Arithmetic(relation, left, right) => asked.any(|packet| arithmetic::matches(*relation, left, right, packet)),
        Node::Present(subject) => asked.any(|packet| comparison::is_present(subject, packet)),
        Node::Comparison(comparison) => asked.any(|packet| comparison::matches(comparison, packet)),
    }
}
