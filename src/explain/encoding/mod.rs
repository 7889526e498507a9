//! Lessons on characters: which charset, who names it, and what does not fit.

mod percent;
mod text;
mod twice;

use super::{Fact, Note, Rule, Stated, Tell};
use crate::conversation::body::Bodies;
use crate::conversation::body::charset::Source;
use crate::conversation::http1::Exchange;

/// The charset, and who names it.
static CHARSET: Rule = Rule::information("encoding.charset", "RFC 9110 8.3.2, RFC 3629 3");
/// A byte order mark.
static MARK: Rule = Rule::lesson("encoding.byte-order-mark", "RFC 3629 6, RFC 2781 3.2, WHATWG Encoding 6");
/// The bytes are in another charset than the label says.
static MISLABELLED: Rule = Rule::warning("encoding.wrong-label", "RFC 9110 8.3.2, RFC 3629 4");
/// Two that name the charset name different ones.
static DISAGREEMENT: Rule = Rule::information("encoding.labels-disagree", "RFC 9110 8.3.2, WHATWG Encoding 6, WHATWG HTML 13.2.3.2");
/// A label that no charset has.
static UNKNOWN: Rule = Rule::information("encoding.unknown-label", "RFC 9110 8.3.2, WHATWG Encoding 4.2");
/// Some bytes are no characters of the charset that is named.
static DAMAGED: Rule = Rule::warning("encoding.no-character", "RFC 3629 3, 4, WHATWG Encoding 4.1");
/// What is called text is none.
static NO_TEXT: Rule = Rule::information("encoding.no-text", "RFC 9110 8.3, WHATWG MIME Sniffing 3");
/// Percent-encoding, taken apart.
static PERCENT: Rule = Rule::lesson("encoding.percent", "RFC 3986 2.1, 2.5, WHATWG URL 5");
/// Percent-encoded bytes that are no UTF-8.
static PERCENT_OTHER: Rule = Rule::information("encoding.percent-not-utf8", "RFC 3986 2.5");
/// Percent-encoded twice.
static PERCENT_TWICE: Rule = Rule::information("encoding.percent-twice", "RFC 3986 2.4");
/// Text that was encoded as UTF-8 twice.
static TWICE: Rule = Rule::warning("encoding.decoded-twice", "RFC 3629 3");

/// The rules.
pub(super) static RULES: &[&Rule] =
    &[&CHARSET, &MARK, &MISLABELLED, &DISAGREEMENT, &UNKNOWN, &DAMAGED, &NO_TEXT, &PERCENT, &PERCENT_OTHER, &PERCENT_TWICE, &TWICE];

/// What a note on characters states.
#[derive(Clone, Debug, PartialEq)]
pub enum EncodingFacts {
    /// The charset of a text, and who names it.
    Charset {
        /// Its name.
        charset: &'static str,
        /// What the header or the document calls it, where that is another name.
        label: Option<Box<[u8]>>,
        /// Who names it.
        source: Source,
        /// The first character beyond ASCII, and its bytes.
        example: Option<(char, Box<[u8]>)>,
    },
    /// A text begins with a byte order mark.
    Mark {
        /// The charset that it shows.
        charset: &'static str,
        /// Its bytes.
        mark: Box<[u8]>,
    },
    /// The bytes are in another charset than the label says.
    Mislabelled {
        /// What the label is read as.
        said: &'static str,
        /// The label itself, where that is another name.
        label: Option<Box<[u8]>>,
        /// Who says so.
        source: Source,
        /// What the bytes are in, as far as that can be guessed.
        likely: &'static str,
        /// The first character beyond ASCII as it is meant, its bytes, and what they are by the label.
        example: Option<(char, Box<[u8]>, Box<str>)>,
    },
    /// Two that name the charset name different ones.
    Disagree {
        /// The one that counts.
        charset: &'static str,
        /// Who names it.
        source: Source,
        /// What that says, as it is written.
        said: Box<[u8]>,
        /// Who names another one.
        other: Source,
        /// What that says, as it is written.
        label: Box<[u8]>,
        /// Whether every byte is one of ASCII, which nearly all charsets have.
        is_ascii: bool,
    },
    /// A label that no charset has.
    Unknown {
        /// Who says it.
        source: Source,
        /// What it says.
        label: Box<[u8]>,
        /// The charset that the text is read in.
        read_as: &'static str,
    },
    /// Some bytes are no characters of the charset that is named.
    Damaged {
        /// The charset.
        charset: &'static str,
        /// Who names it.
        source: Source,
        /// The first such bytes.
        bytes: Box<[u8]>,
        /// Where they stand in the body, from 0.
        offset: u64,
        /// How often there are such bytes.
        times: u64,
        /// Whether they are the beginning of a character, and the text ends there.
        is_cut: bool,
    },
    /// What is called text is none.
    NoText {
        /// What the header says that it is.
        media_type: Box<[u8]>,
        /// The charset that the header names.
        label: Box<[u8]>,
        /// What the first bytes rather are, where they tell.
        format: Option<&'static str>,
        /// Where the first byte is that no text has, where they do not.
        zero: Option<u64>,
    },
    /// Percent-encoding in a URL or a form.
    Percent {
        /// A part as it was sent.
        encoded: Box<[u8]>,
        /// A character of it.
        character: char,
        /// Its bytes.
        bytes: Box<[u8]>,
    },
    /// Percent-encoded bytes that are no UTF-8.
    PercentOther {
        /// The bytes.
        bytes: Box<[u8]>,
        /// What they are in windows-1252.
        likely: Box<str>,
    },
    /// Something was percent-encoded twice.
    PercentTwice {
        /// As it was sent.
        twice: Box<[u8]>,
        /// As it is once it was decoded.
        once: Box<[u8]>,
        /// And once more.
        plain: Box<[u8]>,
    },
    /// UTF-8 was read in a charset of one byte a character, and what came out was encoded as UTF-8 again.
    Twice {
        /// What stands there.
        shown: Box<str>,
        /// What was meant.
        meant: char,
        /// The bytes of what was meant.
        bytes: Box<[u8]>,
        /// How often it happens in the text.
        times: u64,
    },
}

impl Stated for EncodingFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Charset { .. } => &CHARSET,
            Self::Mark { .. } => &MARK,
            Self::Mislabelled { .. } => &MISLABELLED,
            Self::Disagree { .. } => &DISAGREEMENT,
            Self::Unknown { .. } => &UNKNOWN,
            Self::Damaged { .. } => &DAMAGED,
            Self::NoText { .. } => &NO_TEXT,
            Self::Percent { .. } => &PERCENT,
            Self::PercentOther { .. } => &PERCENT_OTHER,
            Self::PercentTwice { .. } => &PERCENT_TWICE,
            Self::Twice { .. } => &TWICE,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Charset { charset, label, source, example } => {
                tell("charset", Fact::Word(charset));
                tell_label(tell, label.as_deref());
                tell("charset_from", Fact::Word(source.name()));
                if let Some((character, bytes)) = example {
                    tell_character(tell, *character, bytes);
                }
            }
            Self::Mark { charset, mark } => {
                tell("charset", Fact::Word(charset));
                tell("mark_base64", Fact::Bytes(mark));
            }
            Self::Mislabelled { said, label, source, likely, example } => {
                tell("charset", Fact::Word(said));
                tell_label(tell, label.as_deref());
                tell("charset_from", Fact::Word(source.name()));
                tell("likely_charset", Fact::Word(likely));
                if let Some((character, bytes, read)) = example {
                    tell_character(tell, *character, bytes);
                    tell("by_label", Fact::Word(read));
                }
            }
            Self::Disagree { charset, source, said, other, label, is_ascii } => {
                tell("charset", Fact::Word(charset));
                tell("charset_from", Fact::Word(source.name()));
                tell("label", Fact::Text(said));
                tell("other_from", Fact::Word(other.name()));
                tell("other_label", Fact::Text(label));
                tell("ascii", Fact::Flag(*is_ascii));
            }
            Self::Unknown { source, label, read_as } => {
                tell("label", Fact::Text(label));
                tell("label_from", Fact::Word(source.name()));
                tell("charset", Fact::Word(read_as));
            }
            Self::Damaged { charset, source, bytes, offset, times, is_cut } => {
                tell("charset", Fact::Word(charset));
                tell("charset_from", Fact::Word(source.name()));
                tell("bytes_base64", Fact::Bytes(bytes));
                tell("offset", Fact::Number(*offset));
                tell("times", Fact::Number(*times));
                tell("cut", Fact::Flag(*is_cut));
            }
            Self::NoText { media_type, label, format, zero } => {
                tell("media_type", Fact::Text(media_type));
                tell("label", Fact::Text(label));
                if let Some(format) = format {
                    tell("format", Fact::Word(format));
                }
                if let Some(offset) = zero {
                    tell("offset", Fact::Number(*offset));
                }
            }
            Self::Percent { encoded, character, bytes } => {
                tell("encoded", Fact::Text(encoded));
                tell_character(tell, *character, bytes);
            }
            Self::PercentOther { bytes, likely } => {
                tell("bytes_base64", Fact::Bytes(bytes));
                tell("likely", Fact::Word(likely));
            }
            Self::PercentTwice { twice, once, plain } => {
                tell("twice", Fact::Text(twice));
                tell("once", Fact::Text(once));
                tell("plain", Fact::Text(plain));
            }
            Self::Twice { shown, meant, bytes, times } => {
                tell("shown", Fact::Word(shown));
                tell_character(tell, *meant, bytes);
                tell("times", Fact::Number(*times));
            }
        }
    }
}

fn tell_label(tell: &mut Tell<'_>, label: Option<&[u8]>) {
    if let Some(label) = label {
        tell("label", Fact::Text(label));
    }
}

fn tell_character(tell: &mut Tell<'_>, character: char, bytes: &[u8]) {
    tell("character", Fact::Word(character.encode_utf8(&mut [0; 4])));
    tell("code_point", Fact::Number(u32::from(character).into()));
    tell("character_base64", Fact::Bytes(bytes));
}

/// Tells what the texts of an exchange show.
pub(super) fn observe(exchange: &Exchange, bodies: &Bodies, mut say: impl FnMut(Note)) {
    if let Some(request) = &exchange.request {
        let frames = [request.first.frame];
        percent::observe(request.target(), &mut |facts| say(note(facts, &frames)));
        if let Some(body) = &bodies.request {
            text::observe(request, body, &mut |facts| say(note(facts, &frames)));
        }
    }
    if let (Some(response), Some(body)) = (&exchange.response, &bodies.response) {
        let frames = [response.first.frame];
        text::observe(response, body, &mut |facts| say(note(facts, &frames)));
    }
}

fn note(facts: EncodingFacts, frames: &[u64]) -> Note {
    match facts {
        EncodingFacts::Mislabelled { .. }
        | EncodingFacts::PercentOther { .. }
        | EncodingFacts::PercentTwice { .. }
        | EncodingFacts::Twice { .. } => Note::inferred(facts, frames),
        EncodingFacts::Charset { .. }
        | EncodingFacts::Mark { .. }
        | EncodingFacts::Disagree { .. }
        | EncodingFacts::Unknown { .. }
        | EncodingFacts::Damaged { .. }
        | EncodingFacts::NoText { .. }
        | EncodingFacts::Percent { .. } => Note::seen(facts, frames),
    }
}
