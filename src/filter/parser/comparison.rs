//! Fields held against values: `tcp.port == 80`, `ip.src in 10.0.0.0/8`, `http.host matches "\.org$"`, or a field by itself.

use super::arithmetic::relation;
use super::operand::Target;
use super::{Parser, value};
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::{Comparison, Node, Part, Quantifier, Relation, Slice, SliceEnd, Test};
use crate::filter::lexer::{Sign, TokenKind};
use crate::filter::subject::{Class, Subject};
use crate::filter::vocabulary;

/// What stands behind a field.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Relation(Relation, Quantifier),
    Contains,
    Matches,
    In { negated: bool },
}

impl Parser<'_> {
    /// Whether the next word begins a comparison, or is a field by itself.
    pub(super) fn begins_comparison(&self) -> bool {
        let Some(word) = self.word(0) else { return false };
        if Subject::field(word).is_some() {
            return true;
        }
        if matches!(word, "any" | "all") && self.word(1).is_some_and(|next| Subject::field(next).is_some()) {
            return true;
        }
        let goes_on = match self.sign(1) {
            Some(Sign::OpenBracket) => vocabulary::protocol_word(word).is_none() || self.is_byte_slice(),
            Some(Sign::Matches | Sign::Hash) => true,
            Some(_) => false,
            None => matches!(self.word(1), Some("contains" | "matches")),
        };
        goes_on && Subject::bytes(word).is_some()
    }

    /// Whether a word with brackets behind it is compared with bytes or text (`tcp[0:2] == 00:50`), and not with a number as tcpdump does.
    pub(super) fn is_byte_slice(&self) -> bool {
        let inside = |ahead| match self.sign(ahead) {
            Some(sign) => matches!(sign, Sign::Minus | Sign::Colon),
            None => self.word(ahead).is_some_and(|word| value::number(word).is_some()),
        };
        let close = (2..7).find(|ahead| !inside(*ahead)).unwrap_or(7);
        if self.sign(close) != Some(Sign::CloseBracket) {
            return false;
        }
        match self.operation_at(close + 1) {
            Some((Operation::Contains | Operation::Matches, _)) => true,
            Some((Operation::Relation(..), length)) => match self.token(close + 1 + length).map(|token| token.kind) {
                Some(TokenKind::Text | TokenKind::RawText) => true,
                Some(TokenKind::Word) => self.word(close + 1 + length).is_some_and(|word| word.contains(':')),
                Some(TokenKind::Escaped | TokenKind::Sign(_)) | None => false,
            },
            Some((Operation::In { .. }, _)) | None => false,
        }
    }

    /// What stands behind a field, and how many pieces it takes.
    fn operation_at(&self, ahead: usize) -> Option<(Operation, usize)> {
        let operation = match (self.sign(ahead), self.word(ahead)) {
            (Some(Sign::AllEqual), _) | (_, Some("all_eq")) => Operation::Relation(Relation::Equal, Quantifier::All),
            (Some(Sign::AnyNotEqual), _) | (_, Some("any_ne")) => Operation::Relation(Relation::NotEqual, Quantifier::Any),
            (Some(Sign::NotEqual), _) | (_, Some("ne" | "all_ne")) => Operation::Relation(Relation::NotEqual, Quantifier::All),
            (Some(Sign::Matches), _) | (_, Some("matches")) => Operation::Matches,
            (Some(Sign::Not), _) if self.word(ahead + 1) == Some("in") => return Some((Operation::In { negated: true }, 2)),
            (Some(sign), _) => Operation::Relation(relation(sign)?, Quantifier::Any),
            (_, Some("eq" | "any_eq")) => Operation::Relation(Relation::Equal, Quantifier::Any),
            (_, Some("gt")) => Operation::Relation(Relation::Greater, Quantifier::Any),
            (_, Some("lt")) => Operation::Relation(Relation::Less, Quantifier::Any),
            (_, Some("ge")) => Operation::Relation(Relation::GreaterOrEqual, Quantifier::Any),
            (_, Some("le")) => Operation::Relation(Relation::LessOrEqual, Quantifier::Any),
            (_, Some("contains")) => Operation::Contains,
            (_, Some("in")) => Operation::In { negated: false },
            (None, _) => return None,
        };
        Some((operation, 1))
    }

    /// A comparison, or a field by itself.
    pub(super) fn comparison(&mut self) -> Result<Node, FilterError> {
        let asked = match self.word(0) {
            Some("any") => Some(Quantifier::Any),
            Some("all") => Some(Quantifier::All),
            Some(_) | None => None,
        };
        if asked.is_some() {
            self.advance();
        }
        let name = self.word(0).unwrap_or_default();
        let Some(mut subject) = Subject::field(name).or_else(|| Subject::bytes(name)) else { return Err(self.unknown_word()) };
        self.advance();
        self.layer_number(&mut subject)?;
        let mut target = Target { name, class: subject.class(), subject: &subject };
        let part = self.part(&target)?;
        if matches!(part, Part::Slice(_)) {
            target.class = Class::Bytes;
        }
        let Some((operation, length)) = self.operation_at(0) else {
            return match part {
                Part::Whole if asked.is_none() => Ok(Node::Present(subject)),
                Part::Masked(_) if asked.is_none() => Ok(compare(subject, part, Quantifier::Any, Test::NotZero)),
                Part::Whole | Part::Masked(_) | Part::Slice(_) => Err(self.expected("a comparison, such as `== 1`,")),
            };
        };
        self.check_operation(&target, operation)?;
        for _ in 0..length {
            self.advance();
        }
        let (test, quantifier) = match operation {
            Operation::Relation(relation, quantifier) => (self.relation_test(&target, relation)?, asked.unwrap_or(quantifier)),
            Operation::Contains => (Test::Contains(self.bytes_operand(&target)?), asked.unwrap_or(Quantifier::Any)),
            Operation::Matches => (self.regular_expression()?, asked.unwrap_or(Quantifier::Any)),
            Operation::In { .. } => (self.set(&target)?, asked.unwrap_or(Quantifier::Any)),
        };
        let node = compare(subject, part, quantifier, test);
        // `not in` is the contrary as a whole: a frame without the field passes, as in Wireshark.
        Ok(if matches!(operation, Operation::In { negated: true }) { Node::Not(Box::new(node)) } else { node })
    }

    /// `#2` behind a field: only the second layer of its protocol is asked.
    fn layer_number(&mut self, subject: &mut Subject) -> Result<(), FilterError> {
        if !self.eat(Sign::Hash) {
            return Ok(());
        }
        let number = self.number_up_to("the number of a layer", 255)?;
        match subject {
            Subject::Fields { layer, .. } | Subject::Layers { layer, .. } if number > 0 => *layer = Some(number as usize),
            Subject::Fields { .. } | Subject::Layers { .. } => {
                self.at -= 1;
                return Err(self.expected("a number from 1, the outermost layer,"));
            }
            Subject::FrameBytes | Subject::Frame(_) => {
                self.at -= 2;
                return Err(self.expected("a comparison").advice("there is only one frame"));
            }
        }
        Ok(())
    }

    fn part(&mut self, target: &Target<'_>) -> Result<Part, FilterError> {
        match self.sign(0) {
            Some(Sign::OpenBracket) if !target.class.has_bytes() => Err(self.wrong_operator(target, "[ ]")),
            Some(Sign::OpenBracket) => self.slice(),
            Some(Sign::BitAnd) if !matches!(target.class, Class::Number) => Err(self.wrong_operator(target, "&")),
            Some(Sign::BitAnd) => {
                self.advance();
                let mask = self.word(0).and_then(value::number).ok_or_else(|| self.expected("a number, such as 0x12,"))?;
                self.advance();
                Ok(Part::Masked(mask))
            }
            Some(_) | None => Ok(Part::Whole),
        }
    }

    /// `[start:length]`, `[first-last]`, `[one]`, `[:length]`, `[start:]`.
    fn slice(&mut self) -> Result<Part, FilterError> {
        let opened = self.at;
        self.advance();
        let start = if self.sign(0) == Some(Sign::Colon) { 0 } else { self.slice_offset()? };
        let end = if self.eat(Sign::Colon) {
            if self.sign(0) == Some(Sign::CloseBracket) {
                SliceEnd::Open
            } else {
                SliceEnd::Length(u64::from(self.number_up_to("the length of a slice", u32::MAX)?))
            }
        } else if self.eat(Sign::Minus) {
            SliceEnd::Last(self.slice_offset()?)
        } else {
            SliceEnd::Length(1)
        };
        self.close(Sign::CloseBracket, opened, "[")?;
        Ok(Part::Slice(Slice { start, end }))
    }

    fn slice_offset(&mut self) -> Result<i64, FilterError> {
        let negative = self.eat(Sign::Minus);
        let offset = i64::from(self.number_up_to("an offset", u32::MAX)?);
        Ok(if negative { -offset } else { offset })
    }

    /// Whether an operation makes sense for a field.
    fn check_operation(&self, target: &Target<'_>, operation: Operation) -> Result<(), FilterError> {
        let (fits, operator) = match operation {
            Operation::Relation(relation @ (Relation::Equal | Relation::NotEqual), _) => (true, relation.sign()),
            Operation::Relation(relation, _) => (!matches!(target.class, Class::Boolean | Class::Status), relation.sign()),
            Operation::Contains => (matches!(target.class, Class::Text | Class::Bytes | Class::Mac), "contains"),
            Operation::Matches => (matches!(target.class, Class::Text | Class::Bytes), "matches"),
            Operation::In { .. } => (true, "in"),
        };
        let fits = fits && target.class != Class::Heading;
        if fits { Ok(()) } else { Err(self.wrong_operator(target, operator)) }
    }

    fn wrong_operator(&self, target: &Target<'_>, operator: &'static str) -> FilterError {
        let (class, such) = (target.class.article(), target.class.plural());
        self.error(FilterErrorKind::WrongOperator { subject: format!("`{}`", plain(target.name)), class, operator, such })
    }
}

fn compare(subject: Subject, part: Part, quantifier: Quantifier, test: Test) -> Node {
    Node::Comparison(Box::new(Comparison { subject, part, quantifier, test }))
}
