//! Notes on characters: which charset, who names it, and what does not fit, in words.

use crate::conversation::body::charset::Source;
use crate::explain::EncodingFacts;
use crate::render::sentence::{Counted, Grouped, Sentence, Shown};
use std::fmt;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &EncodingFacts) {
    match facts {
        EncodingFacts::Charset { charset, label, source, example } => {
            match label {
                Some(label) => write!(sentence, "the text is in {}", Shown(label)),
                None => write!(sentence, "the text is in {charset}"),
            }
            sentence.say(match source {
                Source::Header => ", as Content-Type says",
                Source::Bom => ", as its byte order mark says",
                Source::Meta => ", as the document itself says",
                Source::Default => ", which is what this kind has where nothing is said",
                Source::Detected => ": nobody says so, its bytes look like it",
            });
            if label.is_some() {
                write!(sentence, ", and read as {charset} (WHATWG)");
            }
            if let Some((character, bytes)) = example {
                write!(sentence, "; {} is {}", Character(*character), Bytes(bytes));
            }
        }
        EncodingFacts::Mark { charset, mark } => {
            write!(sentence, "the text begins with a byte order mark, {}, which is U+FEFF in {charset}", Bytes(mark));
        }
        EncodingFacts::Mislabelled { said, label, source, likely, example } => {
            let who = who(*source);
            match label {
                Some(label) => write!(sentence, "{who} says {}, but the bytes are rather {likely}", Shown(label)),
                None => write!(sentence, "{who} says {said}, but the bytes are rather {likely}"),
            }
            if let Some((character, bytes, read)) = example {
                write!(sentence, ": {} is {} there", Bytes(bytes), Character(*character));
                if !read.contains('\u{fffd}') {
                    write!(sentence, ", {} in {said}", Quoted(read));
                    if label.is_some() {
                        sentence.say(", as which the label is read");
                    }
                }
            }
        }
        EncodingFacts::Disagree { charset, source, said, other, label, is_ascii } => {
            let said = if *source == Source::Bom { charset.as_bytes() } else { said };
            write!(sentence, "{} says {}, {} {}", who(*source), Shown(said), who(*other), Shown(label));
            write!(sentence, ": {} counts", who(*source));
            if *is_ascii {
                sentence.say("; here it is all the same, for all is ASCII");
            }
        }
        EncodingFacts::Unknown { source, label, read_as } => {
            write!(sentence, "{} names a charset that there is not, {}: the text is read as {read_as}", who(*source), Shown(label));
        }
        EncodingFacts::Damaged { charset, source, bytes, offset, times, is_cut } => {
            let by = match source {
                Source::Header => "as Content-Type says",
                Source::Meta => "as the document says",
                Source::Bom | Source::Default | Source::Detected => "as its mark says",
            };
            write!(sentence, "the text is in {charset}, {by}, but ");
            if *is_cut {
                write!(sentence, "its end, {}, is only the beginning of a character", Bytes(bytes));
                if *times > 1 {
                    write!(sentence, ", and {} more are none", Grouped(*times - 1));
                }
            } else {
                write!(sentence, "{} at byte {} is no character of it", Bytes(bytes), Grouped(*offset));
                if *times > 1 {
                    write!(sentence, ", nor are {} more", Grouped(*times - 1));
                }
            }
        }
        EncodingFacts::NoText { media_type, label, format, zero } => {
            write!(sentence, "Content-Type says {} in {}, but the body is no text", Shown(media_type), Shown(label));
            match (format, zero) {
                (Some(format), _) => write!(sentence, ": it begins as {format} does"),
                (None, Some(offset)) => write!(sentence, ": byte {} of it is 00", Grouped(*offset)),
                (None, None) => {}
            }
        }
        EncodingFacts::Percent { encoded, character, bytes } => {
            write!(sentence, "{} is percent-encoded: ", Shown(encoded));
            bytes.iter().for_each(|byte| write!(sentence, "%{byte:02X}"));
            sentence.say(if bytes.len() == 1 { " is the byte " } else { " are the bytes " });
            write!(sentence, "{}, in UTF-8 {}", Bytes(bytes), Character(*character));
        }
        EncodingFacts::PercentOther { bytes, likely } => {
            bytes.iter().take(12).for_each(|byte| write!(sentence, "%{byte:02X}"));
            write!(sentence, " is no UTF-8; in windows-1252 it is {}", Quoted(likely));
        }
        EncodingFacts::PercentTwice { twice, once, plain } => {
            write!(sentence, "{} was percent-encoded twice: decoded once it is {}, ", Shown(twice), Shown(once));
            match **plain {
                [b' '] => sentence.say("and only then a space"),
                _ => write!(sentence, "and only then {}", Shown(plain)),
            }
        }
        EncodingFacts::Twice { shown, meant, bytes, times } => {
            write!(sentence, "the text was decoded twice: it has {} where {} was meant", Quoted(shown), Character(*meant));
            write!(sentence, " ({}), {}", Bytes(bytes), Counted(*times, "time"));
        }
    }
}

/// Who names a charset.
fn who(source: Source) -> &'static str {
    match source {
        Source::Header => "Content-Type",
        Source::Meta => "the document",
        Source::Bom => "the byte order mark",
        Source::Default | Source::Detected => "its kind",
    }
}

/// A character with its number: `é = U+00E9`.
struct Character(char);

impl fmt::Display for Character {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == ' ' {
            return formatter.write_str("a space = U+0020");
        }
        let mut buffer = [0; 4];
        let (shown, number) = (Shown(self.0.encode_utf8(&mut buffer).as_bytes()), u32::from(self.0));
        // A comma or a stop would be read as the sentence's own.
        if self.0.is_ascii_punctuation() {
            write!(formatter, "\"{shown}\" = U+{number:04X}")
        } else {
            write!(formatter, "{shown} = U+{number:04X}")
        }
    }
}

/// Bytes in hexadecimal: `c3 a9`.
struct Bytes<'a>(&'a [u8]);

impl fmt::Display for Bytes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            write!(formatter, "{}{byte:02x}", if place == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// Characters in quotes.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", Shown(self.0.as_bytes()))
    }
}
