//! Holding a frame against the tree of an expression. Nothing is allocated here: it is done for every frame.

mod arithmetic;
mod comparison;
mod headers;
mod primitive;
mod values;

pub(super) use values::{mac_number, status_number};

use super::expression::{Connective, Node};
use crate::dissect::Dissection;
use crate::frame::Frame;

/// A frame and its layers.
#[derive(Clone, Copy)]
pub(super) struct Packet<'p> {
    pub(super) frame: &'p Frame<'p>,
    pub(super) dissection: &'p Dissection,
}

/// Whether the answer is yes.
pub(super) fn matches(node: &Node, packet: Packet<'_>) -> bool {
    match node {
        Node::Everything => true,
        Node::Not(inner) => !matches(inner, packet),
        Node::Chain(first, rest) => rest.iter().fold(matches(first, packet), |answer, (connective, next)| match connective {
            Connective::And => answer && matches(next, packet),
            Connective::Or => answer || matches(next, packet),
        }),
        Node::Primitive(primitive) => primitive::matches(primitive, packet),
        Node::Arithmetic(relation, left, right) => arithmetic::matches(*relation, left, right, packet),
        Node::Present(subject) => comparison::is_present(subject, packet),
        Node::Comparison(comparison) => comparison::matches(comparison, packet),
    }
}
