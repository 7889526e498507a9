//! From the pieces of an expression to its tree: recursive descent, a file for each kind of question.

mod address;
mod arithmetic;
mod comparison;
mod cursor;
mod mistake;
mod operand;
mod primitive;
mod qualifier;
mod value;

use super::error::{FilterError, FilterErrorKind, plain};
use super::expression::{Connective, Node, Primitive, Tag};
use super::lexer::{self, Sign, Token, TokenKind};
use super::{services, vocabulary};
use crate::dissect::registry::{PROTOCOLS, protocol_named};
use qualifier::{Qualifiers, What};

/// What is missing where an expression, or a part of it, is empty.
const QUESTION: &str = "a question, such as `host 10.0.0.1` or `tcp.port == 80`,";

/// An expression on its way to a tree.
struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// A part of the tree, and the qualifiers that a value without any behind it takes over (`host a or b`).
struct Parsed {
    node: Node,
    carried: Option<Qualifiers>,
}

impl From<Node> for Parsed {
    fn from(node: Node) -> Self {
        Self { node, carried: None }
    }
}

/// The tree of an expression.
pub(super) fn parse(source: &str) -> Result<Node, FilterError> {
    let mut parser = Parser { source, tokens: lexer::tokens(source)?, at: 0, depth: 0 };
    if parser.tokens.is_empty() {
        return Ok(Node::Everything);
    }
    let parsed = parser.expression(None)?;
    if parser.token(0).is_some() { Err(parser.out_of_place()) } else { Ok(parsed.node) }
}

impl Parser<'_> {
    /// Questions joined by `and` and `or`, from left to right.
    fn expression(&mut self, carried: Option<Qualifiers>) -> Result<Parsed, FilterError> {
        let mut tags = Vec::new();
        let Parsed { node: first, mut carried } = self.joined(carried, None, &mut tags)?;
        let mut rest = Vec::new();
        loop {
            let connective = match self.sign(0) {
                Some(Sign::And) => Connective::And,
                Some(Sign::Or) => Connective::Or,
                Some(_) | None => break,
            };
            self.advance();
            let next = self.joined(carried, Some(connective), &mut tags)?;
            carried = next.carried;
            rest.push((connective, next.node));
        }
        let node = if rest.is_empty() { first } else { Node::Chain(Box::new(first), rest) };
        Ok(Parsed { node, carried })
    }

    /// A question among others. `vlan 100 and vlan 200` asks for the second tag behind the first, so each counts those of its kind before it.
    fn joined(
        &mut self,
        carried: Option<Qualifiers>,
        connective: Option<Connective>,
        tags: &mut Vec<&'static Tag>,
    ) -> Result<Parsed, FilterError> {
        if connective == Some(Connective::Or) {
            tags.clear();
        }
        let in_parentheses = self.sign(0) == Some(Sign::Open);
        let mut parsed = self.term(carried, connective)?;
        if let Node::Primitive(Primitive::Tag { tag, behind, .. }) = &mut parsed.node
            && !in_parentheses
        {
            *behind = tags.iter().filter(|before| *before == tag).count();
            tags.push(tag);
        }
        Ok(parsed)
    }

    /// One question, or its contrary.
    fn term(&mut self, carried: Option<Qualifiers>, connective: Option<Connective>) -> Result<Parsed, FilterError> {
        let mut negated = false;
        while self.eat(Sign::Not) {
            negated = !negated;
        }
        let Parsed { node, carried } = self.question(carried, connective)?;
        Ok(Parsed { node: if negated { Node::Not(Box::new(node)) } else { node }, carried })
    }

    fn question(&mut self, carried: Option<Qualifiers>, connective: Option<Connective>) -> Result<Parsed, FilterError> {
        let Some(token) = self.token(0) else { return Err(self.expected(QUESTION)) };
        match token.kind {
            TokenKind::Sign(Sign::Open) if !self.parenthesis_is_a_number() => self.parentheses(carried),
            TokenKind::Sign(Sign::Open | Sign::Minus) => self.arithmetic_relation().map(Parsed::from),
            TokenKind::Word if self.calls_a_function() => Err(self.unknown_function()),
            TokenKind::Word => self.word_question(carried, connective),
            TokenKind::Escaped => match carried {
                Some(qualifiers) => Ok(Parsed { node: self.value(qualifiers)?, carried }),
                None => Err(self.expected("a word such as `ip proto`").advice("a name behind a backslash is a value: ip proto \\tcp")),
            },
            TokenKind::Text | TokenKind::RawText => {
                Err(self.expected("a field").advice("text is compared with a field: frame contains \"password\""))
            }
            TokenKind::Sign(Sign::Close) if self.depth == 0 => Err(self.out_of_place()),
            TokenKind::Sign(_) => Err(self.expected(QUESTION)),
        }
    }

    fn parentheses(&mut self, carried: Option<Qualifiers>) -> Result<Parsed, FilterError> {
        let opened = self.at;
        self.enter()?;
        self.advance();
        let inner = self.expression(carried)?;
        self.close(Sign::Close, opened, "(")?;
        self.leave();
        Ok(inner)
    }

    /// A question that begins with a word.
    fn word_question(&mut self, carried: Option<Qualifiers>, connective: Option<Connective>) -> Result<Parsed, FilterError> {
        let word = self.word(0).unwrap_or_default();
        if self.begins_number() {
            return self.arithmetic_relation().map(Parsed::from);
        }
        if self.begins_comparison() {
            return self.comparison().map(Parsed::from);
        }
        if word == "frame" {
            self.advance();
            return Ok(Node::Everything.into());
        }
        if self.begins_primitive() {
            return self.primitive();
        }
        let service = services::service(word).is_some() && carried.is_some_and(|qualifiers| qualifiers.what == Some(What::Port));
        if let Some(protocol) = protocol_named(word) {
            // `port ssh or http`: tcpdump knows only ports there, Wireshark only protocols. After `and` a port would make no sense.
            if service && connective != Some(Connective::And) {
                let error = self.error(FilterErrorKind::Ambiguous(plain(word)));
                return Err(error.did_you_mean(Some(format!("port {word}"))));
            }
            self.advance();
            return Ok(Node::Primitive(Primitive::Layer(protocol)).into());
        }
        match carried {
            Some(qualifiers) if service || !(is_plain_word(word) || looks_like_field(word)) => {
                Ok(Parsed { node: self.value(qualifiers)?, carried })
            }
            Some(_) | None => Err(self.unknown_word()),
        }
    }
}

/// Every word of the language, and every protocol.
fn every_word() -> impl Iterator<Item = &'static str> {
    vocabulary::words().chain(PROTOCOLS.iter().map(|protocol| protocol.name))
}

/// Whether a word looks like one of a language, and not like a number or an address.
fn is_plain_word(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic()) && !word.contains([':', '.'])
}

/// Whether a word looks like a field of a protocol.
fn looks_like_field(word: &str) -> bool {
    word.split_once('.').is_some_and(|(protocol, _)| protocol == "frame" || protocol_named(protocol).is_some())
}

#[cfg(test)]
mod tests;
