//! Filters: one language of tcpdump's words and Wireshark's fields, asked of the decoded packet.
//!
//! ```text
//! lexer -> parser -> expression -> evaluate
//! ```
//!
//! The parser turns the text into a tree once; every frame is then held against the tree, without allocating. tcpdump's words are answered
//! from the layers and summaries that dissecting found, and so are the most common fields; another field makes its layer describe itself.
//! wirelore-filter(7) is the language's manual.

mod error;
mod evaluate;
mod expression;
mod frame_field;
mod kernel;
mod lexer;
mod moment;
mod number_range;
mod parser;
mod services;
mod subject;
mod text;
mod vocabulary;

pub use error::{FilterError, FilterErrorKind, Hint};
pub use kernel::{KernelLink, KernelProgram};

use crate::dissect::Dissection;
use crate::frame::Frame;
use expression::Node;

/// A datagram that came in fragments and was put together.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// Its bytes, with a header before them.
    pub bytes: &'a [u8],
    /// Their layers.
    pub dissection: &'a Dissection,
    /// The index of the first layer behind that header.
    pub first_layer: usize,
}

/// What a fragment has from its datagram.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inherited<'a> {
    /// The datagram, where it became whole; and where that one is a fragment too, the next, and so on.
    pub wholes: &'a [Whole<'a>],
    /// Where it did not: the IP protocol and the two ports (source, destination) of the first fragment.
    pub ports: Option<(u8, u16, u16)>,
}

/// A question that every frame answers with yes or no.
///
/// ```
/// use wirelore::filter::Filter;
/// assert!(Filter::parse("tcp port 80 and (ip.src in 10.0.0.0/8 or tcp.flags.syn == 1)").is_ok());
/// let error = Filter::parse("prot 80 and host 10.0.0.1").unwrap_err();
/// assert_eq!((error.word(), error.to_string().as_str()), ("prot", "I know no word `prot`"));
/// ```
#[derive(Clone, Debug)]
pub struct Filter {
    node: Node,
}

impl Filter {
    /// Reads an expression; an empty one passes every frame.
    ///
    /// # Errors
    /// What is wrong with it, where, and what was probably meant.
    pub fn parse(expression: &str) -> Result<Self, FilterError> {
        parser::parse(expression).map(|node| Self { node })
    }

    /// The empty one, which passes every frame.
    #[must_use]
    pub fn everything() -> Self {
        Self { node: Node::Everything }
    }

    /// Whether it is the empty one, which passes every frame.
    #[must_use]
    pub fn passes_everything(&self) -> bool {
        matches!(self.node, Node::Everything)
    }

    /// Whether a frame passes. `dissection` is what [`crate::dissect::dissect`] made of it.
    #[must_use]
    pub fn matches(&self, frame: &Frame<'_>, dissection: &Dissection) -> bool {
        self.matches_fragment(frame, dissection, Inherited::default())
    }

    /// Whether a frame passes that is a fragment: it answers for itself and for the datagram, as far as that is known.
    #[must_use]
    pub fn matches_fragment(&self, frame: &Frame<'_>, dissection: &Dissection, inherited: Inherited<'_>) -> bool {
        let packet = evaluate::Packet { frame, data: frame.data, dissection, first_layer: 0 };
        evaluate::matches(&self.node, &evaluate::Asked { packet, inherited })
    }
}

#[cfg(test)]
mod tests;
