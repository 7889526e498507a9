//! Numbers computed from bytes: `tcp[13] & 2 != 0`, `len > 60 + 4`.

use super::{Parser, value};
use crate::dissect::registry::protocol_named;
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::{Arithmetic, Base, Node, Operator, Relation};
use crate::filter::lexer::{Sign, TokenKind};
use crate::filter::vocabulary::{CONSTANTS, Presence, look_up, protocol_word};
use crate::nearest::nearest;

/// What stands between two numbers, and how strongly it binds: as in C.
fn operator(sign: Sign) -> Option<(Operator, u8)> {
    const OPERATORS: &[(Sign, Operator, u8)] = &[
        (Sign::BitOr, Operator::Or, 1),
        (Sign::BitXor, Operator::Xor, 2),
        (Sign::BitAnd, Operator::And, 3),
        (Sign::ShiftLeft, Operator::ShiftLeft, 4),
        (Sign::ShiftRight, Operator::ShiftRight, 4),
        (Sign::Plus, Operator::Add, 5),
        (Sign::Minus, Operator::Subtract, 5),
        (Sign::Times, Operator::Multiply, 6),
        (Sign::Divide, Operator::Divide, 6),
        (Sign::Modulo, Operator::Modulo, 6),
    ];
    OPERATORS.iter().find(|(known, ..)| *known == sign).map(|(_, operator, strength)| (*operator, *strength))
}

impl Operator {
    /// Whether a number may stand behind it, whatever stands before it.
    fn check(self, right: u32) -> Result<(), &'static str> {
        match self {
            Self::Divide | Self::Modulo if right == 0 => Err("a division by zero has no result"),
            Self::ShiftLeft | Self::ShiftRight if right > 31 => Err("a number has 32 bits: it cannot be shifted by more than 31"),
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Modulo => Ok(()),
            Self::And | Self::Or | Self::Xor | Self::ShiftLeft | Self::ShiftRight => Ok(()),
        }
    }
}

/// The relation that a sign stands for.
pub(super) fn relation(sign: Sign) -> Option<Relation> {
    const RELATIONS: &[(Sign, Relation)] = &[
        (Sign::Equal, Relation::Equal),
        (Sign::NotEqual, Relation::NotEqual),
        (Sign::Less, Relation::Less),
        (Sign::LessOrEqual, Relation::LessOrEqual),
        (Sign::Greater, Relation::Greater),
        (Sign::GreaterOrEqual, Relation::GreaterOrEqual),
    ];
    RELATIONS.iter().find(|(known, _)| *known == sign).map(|(_, relation)| *relation)
}

impl Parser<'_> {
    /// Whether the next word begins a number that is computed.
    pub(super) fn begins_number(&self) -> bool {
        let Some(word) = self.word(0) else { return false };
        match self.sign(1) {
            Some(Sign::OpenBracket) => protocol_word(word).is_some() && !self.is_byte_slice(),
            Some(sign) if operator(sign).is_some() || relation(sign).is_some() => {
                word == "len" || value::number(word).is_some() || look_up(CONSTANTS, word).is_some()
            }
            Some(_) | None => word == "len",
        }
    }

    /// Whether the parenthesis that is next encloses a number and no question: an operator follows the one that closes it.
    pub(super) fn parenthesis_is_a_number(&self) -> bool {
        let mut open = 0_usize;
        for ahead in 0.. {
            match self.sign(ahead) {
                Some(Sign::Open) => open += 1,
                Some(Sign::Close) => {
                    open -= 1;
                    if open == 0 {
                        return self.sign(ahead + 1).is_some_and(|sign| operator(sign).is_some() || relation(sign).is_some());
                    }
                }
                Some(_) => {}
                None if self.token(ahead).is_none() => return false,
                None => {}
            }
        }
        false
    }

    /// Two numbers and what stands between them.
    pub(super) fn arithmetic_relation(&mut self) -> Result<Node, FilterError> {
        let left = self.arithmetic(0)?;
        let relation = self.sign(0).and_then(relation);
        let relation = relation.ok_or_else(|| self.expected("a comparison, such as `= 2` or `!= 0`,"))?;
        self.advance();
        let right = self.arithmetic(0)?;
        Ok(Node::Arithmetic(relation, Box::new(left), Box::new(right)))
    }

    /// A number whose operators bind more strongly than `weakest`.
    fn arithmetic(&mut self, weakest: u8) -> Result<Arithmetic, FilterError> {
        let mut left = self.operand()?;
        let mut levels = 0;
        while let Some((operator, strength)) = self.sign(0).and_then(operator) {
            if strength <= weakest {
                break;
            }
            // Every operator makes the tree one level deeper on its left.
            self.enter()?;
            levels += 1;
            self.advance();
            let place = self.span();
            let right = self.arithmetic(strength)?;
            if let Arithmetic::Constant(constant) = right {
                operator.check(constant).map_err(|wrong| self.error_at(place, FilterErrorKind::Arithmetic(wrong)))?;
            }
            left = if let (Arithmetic::Constant(a), Arithmetic::Constant(b)) = (&left, &right) {
                Arithmetic::Constant(operator.apply(*a, *b).unwrap_or_default())
            } else {
                Arithmetic::Binary(operator, Box::new(left), Box::new(right))
            };
        }
        for _ in 0..levels {
            self.leave();
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Arithmetic, FilterError> {
        match self.token(0).map(|token| token.kind) {
            Some(TokenKind::Sign(Sign::Minus)) => {
                self.enter()?;
                self.advance();
                let operand = self.operand()?;
                self.leave();
                Ok(match operand {
                    Arithmetic::Constant(number) => Arithmetic::Constant(number.wrapping_neg()),
                    other => Arithmetic::Negate(Box::new(other)),
                })
            }
            Some(TokenKind::Sign(Sign::Open)) => {
                let opened = self.at;
                self.enter()?;
                self.advance();
                let inner = self.arithmetic(0)?;
                self.close(Sign::Close, opened, "(")?;
                self.leave();
                Ok(inner)
            }
            Some(TokenKind::Word) => self.operand_word(),
            Some(TokenKind::Sign(_) | TokenKind::Escaped | TokenKind::Text | TokenKind::RawText) | None => {
                Err(self.expected("a number, or bytes such as `tcp[13]`,"))
            }
        }
    }

    fn operand_word(&mut self) -> Result<Arithmetic, FilterError> {
        let word = self.word(0).unwrap_or_default();
        if self.sign(1) == Some(Sign::OpenBracket) {
            return self.load(word);
        }
        if word == "len" {
            self.advance();
            return Ok(Arithmetic::Length);
        }
        if let Some(constant) = look_up(CONSTANTS, word) {
            self.advance();
            return Ok(Arithmetic::Constant(constant));
        }
        if value::number(word).is_some() {
            return Ok(Arithmetic::Constant(self.number_up_to("a number in a sum", u32::MAX)?));
        }
        let names = CONSTANTS.iter().map(|(name, _)| *name).chain(std::iter::once("len"));
        Err(self.expected("a number, or bytes such as `tcp[13]`,").did_you_mean(nearest(word, names)))
    }

    /// `proto[offset:size]`.
    fn load(&mut self, word: &str) -> Result<Arithmetic, FilterError> {
        let base = match protocol_word(word).map(|known| known.presence) {
            Some(Presence::Link) => Some(Base::Frame),
            Some(Presence::Layer(name)) => protocol_named(name).map(Base::Layer),
            Some(Presence::EtherType(number)) => Some(Base::EtherType(number)),
            Some(Presence::IpProtocol(family, number)) => Some(Base::Carried(family, number)),
            Some(Presence::ServiceAccessPoint(_) | Presence::Chain(_)) | None => None,
        };
        let Some(base) = base else {
            let reason = "its bytes have no fixed place; ask one of its fields";
            return Err(self.error(FilterErrorKind::Unsupported { word: plain(word), reason }));
        };
        self.advance();
        let opened = self.at;
        self.enter()?;
        self.advance();
        let offset = Box::new(self.arithmetic(0)?);
        let size = if self.eat(Sign::Colon) {
            let size = self.word(0).and_then(value::number).filter(|size| matches!(size, 1 | 2 | 4));
            let Some(size) = size else { return Err(self.expected("1, 2 or 4 (bytes)")) };
            self.advance();
            size as usize
        } else {
            1
        };
        self.close(Sign::CloseBracket, opened, "[")?;
        self.leave();
        Ok(Arithmetic::Load { base, offset, size })
    }
}
