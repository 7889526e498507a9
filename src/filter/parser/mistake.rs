//! What is said of words that cannot stand where they do, and what was probably meant.

use super::{Parser, every_word, is_plain_word, value};
use crate::dissect::registry::{PROTOCOLS, protocol_named};
use crate::filter::error::{FilterError, FilterErrorKind, plain};
use crate::filter::lexer::{Sign, TokenKind};
use crate::filter::subject::{Class, Subject};
use crate::filter::vocabulary::{self, Realm};
use crate::filter::{frame_field, services};
use crate::nearest::nearest;

const END: &str = "`and`, `or` or the end";
/// Functions of Wireshark's display filters.
const FUNCTIONS: &[&str] = &["upper", "lower", "len", "count", "string", "vals", "dec", "hex", "float", "double", "min", "max", "abs"];
/// How many pieces before a value its field may stand.
const COMPARISON_LENGTH: usize = 8;

impl<'s> Parser<'s> {
    /// The word so many pieces before the next one.
    fn word_before(&self, back: usize) -> Option<&'s str> {
        let token = self.tokens.get(self.at.checked_sub(back)?)?;
        (token.kind == TokenKind::Word).then(|| self.text(token.span.clone()))
    }

    /// The field of the comparison that ends before the next piece, where one does.
    fn field_before(&self) -> Option<&'s str> {
        let is_joint = |back: usize| {
            let token = self.at.checked_sub(back).and_then(|at| self.tokens.get(at));
            token.is_none_or(|token| matches!(token.kind, TokenKind::Sign(Sign::And | Sign::Or | Sign::Not | Sign::Open | Sign::Close)))
        };
        let first = if is_joint(1) { 2 } else { 1 };
        (first..COMPARISON_LENGTH)
            .take_while(|back| !is_joint(*back))
            .filter_map(|back| self.word_before(back))
            .find(|word| Subject::field(word).is_some())
    }

    /// The error that the next word is none of the language.
    pub(super) fn unknown_word(&self) -> FilterError {
        let word = self.word(0).unwrap_or_default();
        if word.starts_with("_ws.") {
            return self
                .error(FilterErrorKind::UnknownField(plain(word)))
                .advice("Wireshark's own columns are no fields: ask for a field of the packet, such as http.request.uri");
        }
        if word.contains('.') && word.starts_with(|first: char| first.is_ascii_alphabetic()) && self.mac(word).is_none() {
            return self.unknown_field(word);
        }
        if !is_plain_word(word) {
            return self.bare_value(word);
        }
        let error = self.error(FilterErrorKind::UnknownWord(plain(word)));
        if let Some(meant) = vocabulary::look_up(vocabulary::SYNONYMS, word) {
            return error.did_you_mean(Some(meant));
        }
        if services::service(word).is_some() {
            return error.did_you_mean(Some(format!("port {word}")));
        }
        if let Some(reason) = vocabulary::look_up(vocabulary::REFUSED, word) {
            return self.error(FilterErrorKind::Unsupported { word: plain(word), reason });
        }
        let synonyms = vocabulary::SYNONYMS.iter().map(|(word, _)| *word);
        let meant = nearest(word, every_word().chain(synonyms));
        error.did_you_mean(meant.map(|meant| vocabulary::look_up(vocabulary::SYNONYMS, meant).unwrap_or(meant)))
    }

    /// Whether a function of Wireshark's is called next.
    pub(super) fn calls_a_function(&self) -> bool {
        self.sign(1) == Some(Sign::Open) && self.word(0).is_some_and(|word| FUNCTIONS.contains(&word))
    }

    /// The error that there are no functions.
    pub(super) fn unknown_function(&self) -> FilterError {
        let word = plain(self.word(0).unwrap_or_default());
        self.error(FilterErrorKind::Unsupported { word, reason: "filters have no functions" })
    }

    /// The error that a value stands there with nothing that says what it is a value of.
    fn bare_value(&self, word: &str) -> FilterError {
        let tag = self.word_before(3).filter(|_| self.word_before(2).is_some_and(|number| value::number(number).is_some()));
        let question = if let Some(field) = self.field_before() {
            format!("{field} == {word}")
        } else if let Some(tag) = tag.filter(|tag| vocabulary::tag(tag).is_some()) {
            format!("{tag} {word}")
        } else if self.mac(word).is_some() {
            format!("ether host {word}")
        } else if value::number(word).is_some() {
            format!("port {word}")
        } else {
            format!("host {word}")
        };
        self.expected("what is asked of it").did_you_mean(Some(question))
    }

    /// The error that the next word is no field.
    fn unknown_field(&self, word: &str) -> FilterError {
        let layers = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
        let names = layers.flat_map(|field| std::iter::once(field.id).chain(field.aliases.iter().copied()));
        let frame = frame_field::FRAME_FIELDS.iter().map(|field| field.id);
        self.error(FilterErrorKind::UnknownField(plain(word))).did_you_mean(nearest(word, names.chain(frame)))
    }

    /// The error that what is next cannot follow what stands before it.
    pub(super) fn out_of_place(&self) -> FilterError {
        match self.token(0).map(|token| token.kind) {
            Some(TokenKind::Sign(sign @ (Sign::Close | Sign::CloseBracket | Sign::CloseBrace)))
                if self.depth == 0 || sign != Sign::Close =>
            {
                self.error(FilterErrorKind::Unopened(self.text(self.span()).to_owned()))
            }
            Some(TokenKind::Sign(Sign::Comma)) => self.expected(END).advice(if self.field_before().is_some() {
                "several values stand in braces: tcp.port in {80, 443}"
            } else {
                "values are joined by words: port 80 or 443"
            }),
            Some(TokenKind::Sign(Sign::Minus)) if self.word_before(2) == Some("port") => {
                self.expected(END).advice("a range is one word: portrange 80-90")
            }
            Some(TokenKind::Sign(_)) if self.field_before().and_then(Subject::field).is_some_and(|field| field.class() == Class::Text) => {
                self.expected(END).advice("text with signs in it stands in double quotes")
            }
            Some(TokenKind::Sign(_) | TokenKind::Text | TokenKind::RawText) | None => {
                let error = self.expected(END);
                let before = self.word_before(1);
                if before.is_some_and(|word| protocol_named(word).is_some() || vocabulary::protocol_word(word).is_some()) {
                    error.advice("a protocol has no value of its own: compare one of its fields, such as tcp.port")
                } else {
                    error
                }
            }
            Some(TokenKind::Word | TokenKind::Escaped) => self.word_out_of_place(),
        }
    }

    fn word_out_of_place(&self) -> FilterError {
        let word = self.name(0).unwrap_or_default();
        if let Some(before) = self.word_before(1) {
            let missing = match vocabulary::protocol_word(before).map(|known| known.realm) {
                Some(Realm::Ports(_)) if services::service(word).is_some() || value::number(word).is_some() => Some("port"),
                Some(Realm::Ipv4 | Realm::Ipv6 | Realm::Arp | Realm::Rarp | Realm::Link) if !is_plain_word(word) => Some("host"),
                Some(_) | None => None,
            };
            if let Some(missing) = missing {
                return self.expected(END).did_you_mean(Some(format!("{missing} {word}")));
            }
            let field = format!("{before}.{word}");
            if Subject::field(&field).is_some() {
                return self.expected(END).did_you_mean(Some(field));
            }
        }
        let known = Subject::field(word).is_some() || protocol_named(word).is_some() || every_word().any(|known| known == word);
        if known || !is_plain_word(word) {
            return self.error(FilterErrorKind::MissingConnective(plain(word)));
        }
        let operators = if self.field_before().is_some() { vocabulary::OPERATORS } else { &[] };
        match nearest(word, vocabulary::CONNECTIVES.iter().chain(operators).copied()) {
            Some(meant) => self.error(FilterErrorKind::UnknownWord(plain(word))).did_you_mean(Some(meant)),
            None => self.unknown_word(),
        }
    }
}
