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
mod lexer;
mod moment;
mod number_range;
mod parser;
mod services;
mod subject;
mod text;
mod vocabulary;

pub use error::{FilterError, FilterErrorKind, Hint};

use crate::dissect::Dissection;
use crate::frame::Frame;
use expression::Node;

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

    /// Whether a frame passes. `dissection` is what [`crate::dissect::dissect`] made of it.
    #[must_use]
    pub fn matches(&self, frame: &Frame<'_>, dissection: &Dissection) -> bool {
        evaluate::matches(&self.node, evaluate::Packet { frame, dissection })
    }
}

#[cfg(test)]
mod tests;
