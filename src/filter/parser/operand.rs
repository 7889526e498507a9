//! What a field is held against, read as what the field is: a number, an address with a prefix, text, bytes, a set of these.

use super::address::mac;
use super::{Parser, value};
use crate::dissect::Status;
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::expression::{Relation, Test};
use crate::filter::lexer::{Sign, TokenKind};
use crate::filter::number_range::NumberRange;
use crate::filter::subject::{Class, Subject};
use crate::filter::{evaluate, moment, text};
use crate::limits::Limits;
use crate::nearest::nearest;
use regex::bytes::RegexBuilder;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The field that a value is read for.
pub(super) struct Target<'t> {
    /// Its name, as it was typed.
    pub(super) name: &'t str,
    /// What kind of thing the value must be.
    pub(super) class: Class,
    /// The field.
    pub(super) subject: &'t Subject,
}

impl Parser<'_> {
    /// The test behind `==`, `<` and their like.
    pub(super) fn relation_test(&mut self, target: &Target<'_>, relation: Relation) -> Result<Test, FilterError> {
        if let Some(other) = self.word(0).and_then(Subject::field) {
            if other.class() != target.class {
                return Err(self.wrong_value(target));
            }
            self.advance();
            return Ok(Test::Field(relation, other));
        }
        Ok(match target.class {
            Class::Text | Class::Bytes => Test::Bytes(relation, self.bytes_operand(target)?),
            Class::Number | Class::Time | Class::Boolean | Class::Status | Class::Mac | Class::Ipv4 | Class::Ipv6 | Class::Heading => {
                Test::Number(relation, self.number_operand(target)?)
            }
        })
    }

    /// The test behind `in`: values and ranges in braces, or one of them without.
    pub(super) fn set(&mut self, target: &Target<'_>) -> Result<Test, FilterError> {
        let opened = self.at;
        let braces = self.eat(Sign::OpenBrace);
        let as_bytes = matches!(target.class, Class::Text | Class::Bytes);
        if matches!(self.sign(0), Some(Sign::Open | Sign::OpenBracket)) {
            return Err(self.expected("a value").advice("several values stand in braces: tcp.port in {80, 443}"));
        }
        let (mut ranges, mut strings) = (Vec::new(), Vec::new());
        loop {
            if as_bytes {
                strings.push(self.bytes_operand(target)?);
            } else {
                ranges.push(self.range(target)?);
            }
            if !braces {
                break;
            }
            self.eat(Sign::Comma);
            if self.eat(Sign::CloseBrace) {
                break;
            }
            if self.token(0).is_none() {
                self.close(Sign::CloseBrace, opened, "{")?;
            }
        }
        Ok(if as_bytes { Test::ByteSet(strings) } else { Test::NumberSet(ranges) })
    }

    fn range(&mut self, target: &Target<'_>) -> Result<NumberRange, FilterError> {
        let first = self.at;
        let low = self.number_operand(target)?;
        if !self.eat(Sign::Range) {
            return Ok(low);
        }
        let high = self.number_operand(target)?;
        if low.low > high.high {
            let span = self.span_from(first);
            let found = plain(self.text(span.clone()));
            let kind = FilterErrorKind::WrongValue { subject: "this".to_owned(), class: "a range from low to high", found };
            return Err(self.error_at(span, kind));
        }
        Ok(NumberRange { low: low.low, high: high.high })
    }

    /// A value with an order: a number, a time, an address. A prefix is all its addresses.
    fn number_operand(&mut self, target: &Target<'_>) -> Result<NumberRange, FilterError> {
        let kind = self.token(0).map(|token| token.kind);
        let word = match kind {
            Some(TokenKind::Word) => self.word(0).unwrap_or_default(),
            // Names of numbers hold spaces, so they may be quoted.
            Some(TokenKind::Text | TokenKind::RawText) => text::inner(self.text(self.span())),
            Some(TokenKind::Sign(_) | TokenKind::Escaped) | None => return Err(self.expected("a value")),
        };
        let quoted = kind != Some(TokenKind::Word);
        let number = match target.class {
            Class::Ipv4 if !quoted => return self.ipv4_operand(word, target),
            Class::Ipv6 if !quoted => return self.ipv6_operand(word, target),
            Class::Number if quoted => target.subject.number_named(word).map(u128::from),
            Class::Number => value::number(word).or_else(|| target.subject.number_named(word)).map(u128::from),
            Class::Boolean => match word {
                "true" | "True" | "TRUE" => Some(1),
                "false" | "False" | "FALSE" => Some(0),
                _ => value::number(word).map(|number| u128::from(number != 0)),
            },
            Class::Status => status(word).map(evaluate::status_number).or_else(|| value::number(word).map(u128::from)),
            Class::Time => moment::parse(word).map(u128::from),
            Class::Mac if !quoted => mac(word).map(evaluate::mac_number),
            Class::Mac | Class::Ipv4 | Class::Ipv6 | Class::Text | Class::Bytes | Class::Heading => None,
        };
        let number = number.ok_or_else(|| self.wrong_value(target))?;
        self.advance();
        Ok(NumberRange::one(number))
    }

    fn ipv4_operand(&mut self, word: &str, target: &Target<'_>) -> Result<NumberRange, FilterError> {
        let address: Ipv4Addr = word.parse().map_err(|_| self.wrong_value(target))?;
        self.advance();
        let host = if self.sign(0) == Some(Sign::Divide) { u32::MAX.checked_shr(self.prefix_length(32)?).unwrap_or(0) } else { 0 };
        let address = address.to_bits();
        Ok(NumberRange { low: u128::from(address & !host), high: u128::from(address | host) })
    }

    fn ipv6_operand(&mut self, word: &str, target: &Target<'_>) -> Result<NumberRange, FilterError> {
        let address: Ipv6Addr = word.parse().map_err(|_| self.wrong_value(target))?;
        self.advance();
        let host = if self.sign(0) == Some(Sign::Divide) { u128::MAX.checked_shr(self.prefix_length(128)?).unwrap_or(0) } else { 0 };
        let address = address.to_bits();
        Ok(NumberRange { low: address & !host, high: address | host })
    }

    /// Text or bytes.
    pub(super) fn bytes_operand(&mut self, target: &Target<'_>) -> Result<Vec<u8>, FilterError> {
        let Some(token) = self.token(0) else { return Err(self.expected("a value")) };
        let (kind, written) = (token.kind, self.text(token.span.clone()));
        let bytes = match kind {
            TokenKind::Text => text::unescape(text::inner(written)).map_err(|place| {
                let start = self.span().start + 1;
                let span = start + place.start..start + place.end;
                let escape = plain(self.text(span.clone()));
                self.error_at(span, FilterErrorKind::Escape(escape))
                    .advice("a backslash is written twice, or the string with an r before it: r\"\\d\"")
            })?,
            TokenKind::RawText => text::inner(written).as_bytes().to_vec(),
            TokenKind::Word if target.class == Class::Text => written.as_bytes().to_vec(),
            TokenKind::Word => text::hexadecimal(written)
                .ok_or_else(|| self.wrong_value(target).advice("bytes are written as 47:45:54, text in double quotes"))?,
            TokenKind::Escaped | TokenKind::Sign(_) => return Err(self.expected("a value")),
        };
        self.advance();
        Ok(bytes)
    }

    /// The pattern behind `matches`. It ignores case, as Wireshark's do, and is asked of bytes: packets are not UTF-8.
    pub(super) fn regular_expression(&mut self) -> Result<Test, FilterError> {
        const WANTED: &str = "a regular expression in double quotes";
        let Some(token) = self.token(0) else { return Err(self.expected(WANTED)) };
        let written = self.text(token.span.clone());
        let pattern = match token.kind {
            // Wireshark undoes escapes before it reads the pattern, so that people write `\\.`; `\.` can only mean the same.
            TokenKind::Text => text::inner(written).replace("\\\\", "\\"),
            TokenKind::RawText => text::inner(written).to_owned(),
            TokenKind::Word | TokenKind::Escaped | TokenKind::Sign(_) => return Err(self.expected(WANTED)),
        };
        let built = RegexBuilder::new(&pattern).case_insensitive(true).unicode(false).size_limit(Limits::FILTER_REGULAR_EXPRESSION).build();
        let regex = built.map_err(|error| {
            let message = error.to_string();
            let reason = message.lines().last().unwrap_or_default();
            self.error(FilterErrorKind::RegularExpression(plain(reason.trim_start_matches("error: "))))
        })?;
        self.advance();
        Ok(Test::Matches(regex))
    }

    /// The error that the next value is none for its field.
    fn wrong_value(&self, target: &Target<'_>) -> FilterError {
        let found = plain(self.text(self.span()));
        let error =
            self.error(FilterErrorKind::WrongValue { subject: format!("`{}`", plain(target.name)), class: target.class.article(), found });
        let word = self.word(0).unwrap_or_default();
        match target.class {
            Class::Ipv4 if word.parse::<Ipv6Addr>().is_ok() => error.advice("IPv6 addresses are ipv6.src, ipv6.dst and ipv6.addr"),
            Class::Ipv6 if word.parse::<Ipv4Addr>().is_ok() => error.advice("IPv4 addresses are ip.src, ip.dst and ip.addr"),
            Class::Ipv4 | Class::Ipv6 if super::is_plain_word(word) || word.contains(char::is_alphabetic) => {
                error.advice("filters look no names up: give the address")
            }
            Class::Mac => error.advice("all six bytes are needed; a part of an address is a slice: eth.src[0:3] == 00:11:22"),
            Class::Number => {
                let Subject::Fields { parts, .. } = target.subject else { return error };
                let listed = parts.iter().flat_map(|part| part.field.names.iter().map(|(_, name)| *name));
                let asked = parts.iter().flat_map(|part| (0..=0xff).filter_map(|number| part.field.name_of(number)));
                error.did_you_mean(nearest(word, listed.chain(asked)))
            }
            Class::Time => error.advice("times are 1700000000.25 or \"2026-11-22T13:15:32Z\""),
            Class::Boolean | Class::Status | Class::Ipv4 | Class::Ipv6 | Class::Text | Class::Bytes | Class::Heading => error,
        }
    }
}

fn status(word: &str) -> Option<Status> {
    const NAMES: &[(&str, Status)] = &[
        ("good", Status::Good),
        ("bad", Status::Bad),
        ("unverified", Status::Unverified),
        ("not present", Status::NotPresent),
        ("illegal", Status::Illegal),
    ];
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, status)| *status)
}
