//! What can be wrong with an expression: data, with the place of the word that is wrong. Drawing it with a caret is render's part.

use crate::limits::Limits;
use std::ops::Range;

/// An expression that is none, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct FilterError {
    /// The expression, as it was typed.
    pub expression: String,
    /// Where in it, in bytes, the mistake stands; empty at its end where something is missing there. Both ends stand between characters.
    pub span: Range<usize>,
    /// What is wrong.
    pub kind: Box<FilterErrorKind>,
    /// What to write instead, or what to know.
    pub hint: Option<Hint>,
}

/// What helps on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// What was probably meant in place of the word.
    DidYouMean(String),
    /// A sentence of advice.
    Advice(&'static str),
}

/// What is wrong with an expression. Words of the expression in it are cut to a length and hold no control characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterErrorKind {
    /// A word that nothing goes by.
    #[error("I know no word `{0}`")]
    UnknownWord(String),
    /// A word with a dot in it that no field goes by.
    #[error("I know no field `{0}`")]
    UnknownField(String),
    /// A character that no expression has outside quotes.
    #[error("`{0}` means nothing in a filter")]
    UnknownCharacter(String),
    /// Something else should stand here.
    #[error("{expected} should stand here, not `{found}`")]
    Unexpected {
        /// What should.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// Two questions stand side by side.
    #[error("`{0}` begins another question: is an `and` missing before it?")]
    MissingConnective(String),
    /// The expression ends too early.
    #[error("the filter ends where {0} should stand")]
    Incomplete(&'static str),
    /// An opening sign or quote without its closing one.
    #[error("this `{0}` is never closed")]
    Unclosed(&'static str),
    /// A closing sign without its opening one.
    #[error("this `{0}` closes nothing")]
    Unopened(String),
    /// A value of the wrong kind for its field or word.
    #[error("{subject} is {class}; `{found}` is none")]
    WrongValue {
        /// The field or word, in backquotes.
        subject: String,
        /// What kind of thing it is, with an article.
        class: &'static str,
        /// What was given.
        found: String,
    },
    /// An operator that makes no sense for its field.
    #[error("{subject} is {class}, and `{operator}` does not apply to {such}")]
    WrongOperator {
        /// The field, in backquotes.
        subject: String,
        /// What kind of thing it is, with an article.
        class: &'static str,
        /// The operator.
        operator: &'static str,
        /// The kind in the plural.
        such: &'static str,
    },
    /// A number that is too large for what it counts.
    #[error("{found} is too large: {what} is at most {most}")]
    TooLarge {
        /// What was given.
        found: String,
        /// What it counts.
        what: &'static str,
        /// The largest number allowed.
        most: u64,
    },
    /// Bits are set behind the prefix of a network.
    #[error("`{0}` has bits set behind its prefix, so no address can match it")]
    HostBits(String),
    /// A name where an address must stand.
    #[error("`{0}` is a name, and filters look no names up")]
    NameLookUp(String),
    /// Words that make no sense together.
    #[error("`{first}` and `{second}` do not go together")]
    Conflict {
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// A word with two meanings in this place.
    #[error("`{0}` may be the port or the protocol here")]
    Ambiguous(String),
    /// A word of tcpdump's that cannot be answered here.
    #[error("`{word}` cannot be asked here: {reason}")]
    Unsupported {
        /// The word.
        word: String,
        /// Why.
        reason: &'static str,
    },
    /// A regular expression that is none.
    #[error("this is no regular expression: {0}")]
    RegularExpression(String),
    /// An escape sequence that is none.
    #[error("`{0}` is no escape sequence")]
    Escape(String),
    /// A division by zero, or a shift by more bits than there are.
    #[error("{0}")]
    Arithmetic(&'static str),
    /// Parentheses, or sums, in one another beyond the limit.
    #[error("more than {0} levels of parentheses or operators in one another")]
    TooDeep(usize),
}

impl FilterError {
    /// A mistake at `span` of `expression`.
    pub(super) fn new(expression: &str, span: Range<usize>, kind: FilterErrorKind) -> Self {
        Self { expression: expression.to_owned(), span, kind: Box::new(kind), hint: None }
    }

    /// With what was probably meant, where there is something.
    #[must_use]
    pub(super) fn did_you_mean(mut self, suggestion: Option<impl Into<String>>) -> Self {
        if let Some(suggestion) = suggestion {
            self.hint = Some(Hint::DidYouMean(plain(&suggestion.into())));
        }
        self
    }

    /// With a sentence of advice.
    #[must_use]
    pub(super) fn advice(mut self, advice: &'static str) -> Self {
        self.hint = Some(Hint::Advice(advice));
        self
    }

    /// The word that is wrong, as it stands in the expression; empty where something is missing.
    #[must_use]
    pub fn word(&self) -> &str {
        self.expression.get(self.span.clone()).unwrap_or_default()
    }
}

/// A word for a message: without characters that a terminal would obey, and not longer than a message may be.
pub(super) fn plain(word: &str) -> String {
    let mut characters = word.chars();
    let mut kept = String::new();
    for character in characters.by_ref().take(Limits::FILTER_WORD) {
        // Debug's escapes cover controls and everything without a shape of its own, bidirectional controls among them.
        match character {
            '\'' | '"' | '\\' => kept.push(character),
            _ => kept.extend(character.escape_debug()),
        }
    }
    if characters.next().is_some() {
        kept.push_str("..");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_messages_are_cut_and_obey_nothing() {
        assert_eq!(plain("a\u{1b}[31m\u{202e}\"b"), "a\\u{1b}[31m\\u{202e}\"b");
        let long = plain(&"x".repeat(1000));
        assert_eq!(long.len(), Limits::FILTER_WORD + 2);
    }
}
