//! Going through the pieces of an expression, and errors at the piece that is looked at.

use super::Parser;
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::lexer::{Sign, Token, TokenKind};
use crate::limits::Limits;
use std::ops::Range;

impl<'s> Parser<'s> {
    /// The piece `ahead` pieces behind the next one.
    pub(super) fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    /// That piece's sign, where it is one.
    pub(super) fn sign(&self, ahead: usize) -> Option<Sign> {
        match self.token(ahead)?.kind {
            TokenKind::Sign(sign) => Some(sign),
            TokenKind::Word | TokenKind::Escaped | TokenKind::Text | TokenKind::RawText => None,
        }
    }

    /// That piece's word, where it is one and not escaped.
    pub(super) fn word(&self, ahead: usize) -> Option<&'s str> {
        let token = self.token(ahead)?;
        (token.kind == TokenKind::Word).then(|| self.text(token.span.clone()))
    }

    /// The word of a piece, escaped or not.
    pub(super) fn name(&self, ahead: usize) -> Option<&'s str> {
        let token = self.token(ahead)?;
        match token.kind {
            TokenKind::Word => Some(self.text(token.span.clone())),
            TokenKind::Escaped => Some(self.text(token.span.start + 1..token.span.end)),
            TokenKind::Text | TokenKind::RawText | TokenKind::Sign(_) => None,
        }
    }

    /// What stands at a place of the expression.
    pub(super) fn text(&self, span: Range<usize>) -> &'s str {
        self.source.get(span).unwrap_or_default()
    }

    /// Where the next piece stands; empty at the end.
    pub(super) fn span(&self) -> Range<usize> {
        let end = self.source.trim_end().len();
        self.token(0).map_or(end..end, |token| token.span.clone())
    }

    /// Where the pieces from number `first` to the last one taken stand.
    pub(super) fn span_from(&self, first: usize) -> Range<usize> {
        let start = self.tokens.get(first).map_or(0, |token| token.span.start);
        let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.span.end);
        start..end.max(start)
    }

    /// Goes on to the next piece.
    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Goes past a sign, where it is next.
    pub(super) fn eat(&mut self, sign: Sign) -> bool {
        let is_next = self.sign(0) == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// Goes past a word, where it is next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let is_next = self.word(0) == Some(word);
        self.at += usize::from(is_next);
        is_next
    }

    /// An error at a place.
    pub(super) fn error_at(&self, span: Range<usize>, kind: FilterErrorKind) -> FilterError {
        FilterError::new(self.source, span, kind)
    }

    /// An error at the next piece.
    pub(super) fn error(&self, kind: FilterErrorKind) -> FilterError {
        self.error_at(self.span(), kind)
    }

    /// The error that something else should stand here.
    pub(super) fn expected(&self, expected: &'static str) -> FilterError {
        match self.token(0) {
            None => self.error(FilterErrorKind::Incomplete(expected)),
            Some(token) => {
                let found = plain(self.text(token.span.clone()));
                self.error(FilterErrorKind::Unexpected { expected, found })
            }
        }
    }

    /// Goes past the sign that closes what was opened at piece number `opened`.
    pub(super) fn close(&mut self, sign: Sign, opened: usize, opening: &'static str) -> Result<(), FilterError> {
        if self.eat(sign) {
            return Ok(());
        }
        if sign == Sign::Close && self.token(0).is_some() {
            return Err(self.out_of_place());
        }
        let span = self.tokens.get(opened).map_or(0..0, |token| token.span.clone());
        Err(self.error_at(span, FilterErrorKind::Unclosed(opening)))
    }

    /// Enters a level of what may stand in itself.
    pub(super) fn enter(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth > Limits::FILTER_DEPTH {
            return Err(self.error(FilterErrorKind::TooDeep(Limits::FILTER_DEPTH)));
        }
        Ok(())
    }

    /// Leaves it.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}
