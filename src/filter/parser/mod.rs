//! From the pieces of an expression to its tree: recursive descent, a file for each kind of question.

mod address;
mod arithmetic;
mod comparison;
mod cursor;
mod operand;
mod primitive;
mod qualifier;
mod value;

use super::error::{FilterError, FilterErrorKind, plain};
use super::expression::{Connective, Node, Primitive};
use super::lexer::{self, Sign, Token, TokenKind};
use super::subject::Subject;
use super::suggestion::nearest;
use super::{frame_field, services, vocabulary};
use crate::dissect::registry::{PROTOCOLS, protocol_named};
use qualifier::{Qualifiers, What};

/// How deep parentheses and operators may stand in one another.
pub(super) const DEPTH_LIMIT: usize = 200;

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
        let Parsed { node: first, mut carried } = self.term(carried, None)?;
        let mut rest = Vec::new();
        loop {
            let connective = match self.sign(0) {
                Some(Sign::And) => Connective::And,
                Some(Sign::Or) => Connective::Or,
                _ => break,
            };
            self.advance();
            let next = self.term(carried, Some(connective))?;
            carried = next.carried;
            rest.push((connective, next.node));
        }
        let node = if rest.is_empty() { first } else { Node::Chain(Box::new(first), rest) };
        Ok(Parsed { node, carried })
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
            Some(qualifiers) if service || !is_plain_word(word) => Ok(Parsed { node: self.value(qualifiers)?, carried }),
            Some(_) | None => Err(self.unknown_word()),
        }
    }

    /// The error that the next word is none of the language.
    fn unknown_word(&self) -> FilterError {
        let word = self.word(0).unwrap_or_default();
        if word.contains('.') && word.starts_with(|first: char| first.is_ascii_alphabetic()) && self.mac(word).is_none() {
            return self.unknown_field(word);
        }
        if let Some(reason) = vocabulary::look_up(vocabulary::REFUSED, word) {
            return self.error(FilterErrorKind::Unsupported { word: plain(word), reason });
        }
        if !is_plain_word(word) {
            let question = if self.mac(word).is_some() {
                format!("ether host {word}")
            } else if value::number(word).is_some() {
                format!("port {word}")
            } else {
                format!("host {word}")
            };
            return self.expected("what is asked of it").did_you_mean(Some(question));
        }
        let ports = services::SERVICES.iter().map(|(name, _)| *name).filter(|name| *name == word);
        if let Some(port) = ports.into_iter().next() {
            return self.error(FilterErrorKind::UnknownWord(plain(word))).did_you_mean(Some(format!("port {port}")));
        }
        self.error(FilterErrorKind::UnknownWord(plain(word))).did_you_mean(nearest(word, every_word()))
    }

    /// The error that the next word is no field.
    fn unknown_field(&self, word: &str) -> FilterError {
        let layers = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
        let names = layers.flat_map(|field| std::iter::once(field.id).chain(field.aliases.iter().copied()));
        let frame = frame_field::FRAME_FIELDS.iter().map(|field| field.id);
        self.error(FilterErrorKind::UnknownField(plain(word))).did_you_mean(nearest(word, names.chain(frame)))
    }

    /// The error that what is next cannot follow what stands before it.
    fn out_of_place(&self) -> FilterError {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| self.text(token.span.clone()));
        match self.token(0).map(|token| token.kind) {
            Some(TokenKind::Sign(sign @ (Sign::Close | Sign::CloseBracket | Sign::CloseBrace)))
                if self.depth == 0 || sign != Sign::Close =>
            {
                self.error(FilterErrorKind::Unopened(self.text(self.span()).to_owned()))
            }
            Some(TokenKind::Sign(Sign::Comma)) => self.expected("`and` or `or`").advice("values are joined by words: port 80 or 443"),
            Some(TokenKind::Sign(_) | TokenKind::Text | TokenKind::RawText) | None => {
                let error = self.expected("`and`, `or` or the end");
                let is_protocol = before.is_some_and(|word| protocol_named(word).is_some() || vocabulary::protocol_word(word).is_some());
                if is_protocol {
                    error.advice("a protocol has no value of its own: compare one of its fields, such as tcp.port")
                } else {
                    error
                }
            }
            Some(TokenKind::Word | TokenKind::Escaped) => self.word_out_of_place(before),
        }
    }

    fn word_out_of_place(&self, before: Option<&str>) -> FilterError {
        let word = self.name(0).unwrap_or_default();
        let known = Subject::field(word).is_some() || protocol_named(word).is_some() || every_word().any(|known| known == word);
        let after_ports =
            before.and_then(vocabulary::protocol_word).is_some_and(|known| matches!(known.realm, vocabulary::Realm::Ports(_)));
        if after_ports && (services::service(word).is_some() || value::number(word).is_some()) {
            return self.expected("`and`, `or` or the end").did_you_mean(Some(format!("port {word}")));
        }
        if known || !is_plain_word(word) {
            return self.error(FilterErrorKind::MissingConnective(plain(word)));
        }
        self.unknown_word()
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

#[cfg(test)]
mod tests;
