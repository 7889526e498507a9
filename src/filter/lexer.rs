//! Words, strings and signs of an expression, with their places in it.

use super::error::{FilterError, FilterErrorKind, plain};
use std::ops::Range;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Where it stands, in bytes.
    pub(super) span: Range<usize>,
}

/// What a piece of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word, a number, an address.
    Word,
    /// A word behind a backslash: a name that is no keyword (`\tcp`).
    Escaped,
    /// A string in double quotes.
    Text,
    /// A string in double quotes behind `r`: backslashes are backslashes.
    RawText,
    /// A sign.
    Sign(Sign),
}

/// The signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Colon,
    Comma,
    Range,
    Hash,
    Not,
    And,
    Or,
    Equal,
    NotEqual,
    AllEqual,
    AnyNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
}

/// How signs are written; the longer ones before those they begin with.
const SIGNS: &[(&str, Sign)] = &[
    ("===", Sign::AllEqual),
    ("!==", Sign::AnyNotEqual),
    ("==", Sign::Equal),
    ("!=", Sign::NotEqual),
    ("<=", Sign::LessOrEqual),
    (">=", Sign::GreaterOrEqual),
    ("<<", Sign::ShiftLeft),
    (">>", Sign::ShiftRight),
    ("&&", Sign::And),
    ("||", Sign::Or),
    ("..", Sign::Range),
    ("(", Sign::Open),
    (")", Sign::Close),
    ("[", Sign::OpenBracket),
    ("]", Sign::CloseBracket),
    ("{", Sign::OpenBrace),
    ("}", Sign::CloseBrace),
    (",", Sign::Comma),
    ("#", Sign::Hash),
    ("!", Sign::Not),
    ("=", Sign::Equal),
    ("<", Sign::Less),
    (">", Sign::Greater),
    ("~", Sign::Matches),
    ("&", Sign::BitAnd),
    ("|", Sign::BitOr),
    ("^", Sign::BitXor),
    ("+", Sign::Plus),
    ("-", Sign::Minus),
    ("*", Sign::Times),
    ("/", Sign::Divide),
    ("%", Sign::Modulo),
];

/// Takes an expression apart.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, FilterError> {
    let mut lexer = Lexer { source, at: 0, brackets: 0, tokens: Vec::new() };
    while let Some(character) = lexer.rest().chars().next() {
        if character.is_whitespace() {
            lexer.at += character.len_utf8();
        } else {
            lexer.token(character)?;
        }
    }
    Ok(lexer.tokens)
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    /// How many square brackets are open: in them a colon stands between two numbers, outside it is part of an address.
    brackets: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token { kind, span: self.at..self.at + length });
        self.at += length;
    }

    fn token(&mut self, first: char) -> Result<(), FilterError> {
        let rest = self.rest();
        if first == '"' {
            return self.string(1, TokenKind::Text);
        }
        if rest.starts_with("r\"") {
            return self.string(2, TokenKind::RawText);
        }
        if first == '\\' {
            let length = self.word_length(self.at + 1);
            if length > 0 {
                self.push(TokenKind::Escaped, length + 1);
                return Ok(());
            }
        }
        let length = self.word_length(self.at);
        if length > 0 {
            let kind = match self.source.get(self.at..self.at + length) {
                Some("and") => TokenKind::Sign(Sign::And),
                Some("or") => TokenKind::Sign(Sign::Or),
                Some("not") => TokenKind::Sign(Sign::Not),
                _ => TokenKind::Word,
            };
            self.push(kind, length);
            return Ok(());
        }
        if first == ':' {
            self.push(TokenKind::Sign(Sign::Colon), 1);
            return Ok(());
        }
        if let Some((text, sign)) = SIGNS.iter().find(|(text, _)| rest.starts_with(text)) {
            if *sign == Sign::OpenBracket {
                self.brackets += 1;
            } else if *sign == Sign::CloseBracket {
                self.brackets = self.brackets.saturating_sub(1);
            }
            self.push(TokenKind::Sign(*sign), text.len());
            return Ok(());
        }
        let kind = FilterErrorKind::UnknownCharacter(plain(&first.to_string()));
        let error = FilterError::new(self.source, self.at..self.at + first.len_utf8(), kind);
        Err(match first {
            '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => error.advice("text stands in straight double quotes: \"GET\""),
            '\\' => error.advice("a backslash stands before a protocol's name: ip proto \\tcp"),
            _ => error,
        })
    }

    /// How long the word that begins at `start` is; 0 where none begins there.
    fn word_length(&self, start: usize) -> usize {
        let rest = self.source.get(start..).unwrap_or_default();
        let in_number = self.brackets > 0 && rest.starts_with(|first: char| first.is_ascii_digit());
        let mut end = 0;
        for (at, character) in rest.char_indices() {
            let belongs = match character {
                '_' => true,
                ':' => self.brackets == 0,
                '-' => at > 0 && !in_number,
                '.' => !rest.get(at..).unwrap_or_default().starts_with(".."),
                other => other.is_alphanumeric(),
            };
            if !belongs {
                break;
            }
            end = at + character.len_utf8();
        }
        end
    }

    fn string(&mut self, opening: usize, kind: TokenKind) -> Result<(), FilterError> {
        let mut escaped = false;
        for (at, character) in self.rest().char_indices().skip(opening) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    self.push(kind, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(FilterError::new(self.source, self.at..self.source.len(), FilterErrorKind::Unclosed("\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source).unwrap().into_iter().map(|token| &source[token.span]).collect()
    }

    #[test]
    fn addresses_are_words_and_colons_in_brackets_are_not() {
        assert_eq!(words("host 2001:db8::1 or ::1"), ["host", "2001:db8::1", "or", "::1"]);
        assert_eq!(words("tcp[ip[0:1]:2]=0x0:1"), ["tcp", "[", "ip", "[", "0", ":", "1", "]", ":", "2", "]", "=", "0x0:1"]);
        assert_eq!(words("eth.src[0-2]==00:11-22"), ["eth.src", "[", "0", "-", "2", "]", "==", "00:11-22"]);
    }

    #[test]
    fn signs_are_as_long_as_they_can_be() {
        assert_eq!(words("a!==b===c!=d<<2&&!e..f"), ["a", "!==", "b", "===", "c", "!=", "d", "<<", "2", "&&", "!", "e", "..", "f"]);
        assert_eq!(words("80..90"), ["80", "..", "90"]);
    }

    #[test]
    fn strings_end_at_the_first_quote_that_is_not_escaped() {
        assert_eq!(words(r#"x "a\"b\\" r"\d" y"#), ["x", r#""a\"b\\""#, r#"r"\d""#, "y"]);
        assert_eq!(*tokens("x \"a\\\"").unwrap_err().kind, FilterErrorKind::Unclosed("\""));
    }

    #[test]
    fn curly_quotes_are_explained() {
        let error = tokens("http.host == \u{201c}a\u{201d}").unwrap_err();
        assert_eq!(error.word(), "\u{201c}");
        assert!(error.hint.is_some());
    }
}
