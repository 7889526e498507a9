//! What is known of the answer to an expression, for frames of one shape.

use super::formula::Bounds;
use super::shape::Shape;
use super::{arithmetic, comparison, primitive};
use crate::filter::expression::{Connective, Node};
use crate::filter::subject::Subject;

/// What a shape tells of the answer.
pub(super) fn ask(node: &Node, shape: &Shape) -> Bounds {
    match node {
        Node::Everything => Bounds::always(true),
        Node::Not(inner) => ask(inner, shape).negated(),
        Node::Chain(first, rest) => chain(first, rest, shape),
        Node::Primitive(primitive) => primitive::ask(primitive, shape),
        Node::Arithmetic(relation, left, right) => arithmetic::ask(*relation, left, right, shape),
        Node::Present(subject) => comparison::present(subject, shape),
        Node::Comparison(comparison) => comparison::ask(comparison, shape),
    }
}

/// Questions that one connective joins are answered together: an expression may have thousands.
fn chain(first: &Node, rest: &[(Connective, Node)], shape: &Shape) -> Bounds {
    let mut joined = ask(first, shape);
    for run in rest.chunk_by(|(left, _), (right, _)| left == right) {
        let connective = run.first().map_or(Connective::And, |(connective, _)| *connective);
        let list = std::iter::once(joined).chain(run.iter().map(|(_, node)| ask(node, shape)));
        joined = match connective {
            Connective::And => Bounds::all(list),
            Connective::Or => Bounds::any(list),
        };
    }
    joined
}

/// Whether the answer depends on how many frames were captured before: then none may be left out.
pub(super) fn counts_frames(node: &Node) -> bool {
    let counts = |subject: &Subject| matches!(subject, Subject::Frame(field) if field.id == "frame.number");
    match node {
        Node::Everything | Node::Primitive(_) | Node::Arithmetic(..) => false,
        Node::Not(inner) => counts_frames(inner),
        Node::Chain(first, rest) => counts_frames(first) || rest.iter().any(|(_, node)| counts_frames(node)),
        Node::Present(_) => false,
        Node::Comparison(comparison) => {
            let other = match &comparison.test {
                crate::filter::expression::Test::Field(_, other) => counts(other),
                _ => false,
            };
            counts(&comparison.subject) || other
        }
    }
}
