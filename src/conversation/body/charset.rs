//! From the bytes of a body to characters: which charset, who says so, what does not decode, and whether the label fits.

use super::sniff;
use crate::limits::Limits;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Who names a charset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `Content-Type`.
    Header,
    /// A byte order mark.
    Bom,
    /// The document itself: `<meta>`, `<?xml encoding?>`, `@charset`.
    Meta,
    /// What the media type has where nothing is said; ASCII is the same in all of them.
    Default,
    /// A guess from the bytes.
    Detected,
}

impl Source {
    /// Its name, as JSON has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Bom => "bom",
            Self::Meta => "meta",
            Self::Default => "default",
            Self::Detected => "detected",
        }
    }
}

/// The charset that bytes are read by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charset {
    encoding: &'static Encoding,
    /// Who names it.
    pub source: Source,
    /// What the header or the document calls it, in their words: several labels are read as one charset (Encoding Standard, section 4.2).
    pub label: Option<Box<[u8]>>,
    /// What the header or the document says where no such charset is known.
    pub unknown_label: Option<Box<[u8]>>,
    /// What the header says where a byte order mark says otherwise.
    pub overruled: Option<Box<[u8]>>,
}

/// Bytes that are no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecoded {
    /// Where they stand in the body.
    pub offset: u64,
    /// How many they are: 1 to 4.
    pub length: u8,
}

/// A body as characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The characters; U+FFFD for bytes that are none. Those of the body itself, where they are UTF-8 already.
    pub text: Cow<'a, str>,
    /// Where in `text` the places stand that were asked for.
    pub marks: Vec<usize>,
    /// The first bytes that are no characters.
    pub undecoded: Vec<Undecoded>,
    /// How often there are such bytes.
    pub undecoded_count: u64,
    /// The charset that the bytes rather are in: the label does not fit them. A guess.
    pub likely: Option<&'static str>,
}

impl Charset {
    /// Finds the charset of a body of this `Content-Type`: a byte order mark goes before the header, the header before the document.
    #[must_use]
    pub fn find(content_type: Option<&[u8]>, body: &[u8]) -> Self {
        let label = content_type.and_then(label_of_header);
        let by_header = label.and_then(Encoding::for_label_no_replacement);
        let unknown_label = label.filter(|_| by_header.is_none()).map(Into::into);
        let found = |encoding, source| Self { encoding, source, label: None, unknown_label: None, overruled: None };
        let named = |encoding, source, label: &[u8]| Self { label: Some(label.into()), ..found(encoding, source) };
        if let Some((encoding, _)) = Encoding::for_bom(body) {
            let overruled = by_header.filter(|header| *header != encoding && !is_utf16(header, encoding)).and(label).map(Into::into);
            return Self { overruled, unknown_label, ..found(encoding, Source::Bom) };
        }
        if let (Some(encoding), Some(label)) = (by_header, label) {
            return named(encoding, Source::Header, label);
        }
        let kind = content_type.map(|value| sniff::essence(value).to_ascii_lowercase()).unwrap_or_default();
        let without_header = match label_of_document(&kind, body) {
            Some(label) => match Encoding::for_label_no_replacement(label) {
                // What was read byte by byte until here is not UTF-16 (HTML, section 13.2.3.2).
                Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => found(UTF_8, Source::Meta),
                Some(encoding) => named(encoding, Source::Meta, label),
                None => Self { unknown_label: Some(label.into()), ..guess(&kind, body) },
            },
            None => guess(&kind, body),
        };
        Self { unknown_label: unknown_label.or(without_header.unknown_label.clone()), ..without_header }
    }

    /// Whether a body's characters may be of two bytes each: its label, its mark or its zeros say so.
    pub(crate) fn may_be_wide(content_type: Option<&[u8]>, body: &[u8]) -> bool {
        let label = content_type.and_then(label_of_header).and_then(Encoding::for_label_no_replacement);
        let by_label = label.is_some_and(|label| label == UTF_16LE || label == UTF_16BE);
        by_label || Encoding::for_bom(body).is_some() || utf16_without_mark(body).is_some()
    }

    /// Its name in the Encoding Standard.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }

    /// What the header or the document calls it, where that is another name than its own in the Encoding Standard.
    #[must_use]
    pub fn other_label(&self) -> Option<&[u8]> {
        self.label.as_deref().filter(|label| !label.eq_ignore_ascii_case(self.name().as_bytes()))
    }

    /// Whether its characters are of two bytes each, or of four.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.encoding == UTF_16LE || self.encoding == UTF_16BE
    }

    /// The body as characters. Bytes on both sides of a `place` (an offset in the body, in order) were not next to each other.
    #[must_use]
    pub fn decode<'a>(&self, body: &'a [u8], places: &[u64]) -> Text<'a> {
        let mut text = Text { text: Cow::Borrowed(""), marks: Vec::new(), undecoded: Vec::new(), undecoded_count: 0, likely: None };
        let without_mark = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        match str::from_utf8(without_mark) {
            Ok(characters) if places.is_empty() && self.encoding == UTF_8 => text.text = Cow::Borrowed(characters),
            Ok(_) | Err(_) => self.decode_parts(body, places, &mut text),
        }
        if self.source != Source::Detected {
            text.likely = likely(self.encoding, body, &text).map(Encoding::name);
        }
        text
    }

    fn decode_parts(&self, body: &[u8], places: &[u64], text: &mut Text<'_>) {
        let mut characters = String::new();
        let mut start = 0;
        for place in places {
            let end = usize::try_from(*place).unwrap_or(usize::MAX).clamp(start, body.len());
            self.decode_part(body, start..end, &mut characters, text);
            text.marks.push(characters.len());
            start = end;
        }
        self.decode_part(body, start..body.len(), &mut characters, text);
        text.text = Cow::Owned(characters);
    }

    fn decode_part(&self, body: &[u8], range: std::ops::Range<usize>, characters: &mut String, text: &mut Text<'_>) {
        let start = range.start;
        let Some(mut rest) = body.get(range) else { return };
        let mut decoder =
            if start == 0 { self.encoding.new_decoder_with_bom_removal() } else { self.encoding.new_decoder_without_bom_handling() };
        let mut at = start;
        loop {
            let needed = decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len());
            characters.reserve(needed.min(rest.len().saturating_add(64)));
            let (result, read) = decoder.decode_to_string_without_replacement(rest, characters, true);
            at = at.saturating_add(read);
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => characters.reserve(needed.max(64)),
                DecoderResult::Malformed(length, after) => {
                    let offset = at.saturating_sub(usize::from(length).saturating_add(usize::from(after))) as u64;
                    text.undecoded_count = text.undecoded_count.saturating_add(1);
                    if text.undecoded.len() < Limits::UNDECODED_LISTED {
                        text.undecoded.push(Undecoded { offset, length });
                    }
                    characters.push('\u{fffd}');
                }
            }
        }
    }
}

/// What the header and the document call the charset, each as it is written, whichever of them counts.
#[must_use]
pub fn labels<'a>(content_type: Option<&'a [u8]>, body: &'a [u8]) -> [Option<&'a [u8]>; 2] {
    let kind = content_type.map(|value| sniff::essence(value).to_ascii_lowercase()).unwrap_or_default();
    [content_type.and_then(label_of_header), label_of_document(&kind, body)]
}

/// The name in the Encoding Standard of the charset that a label means; `None` where it has none of that label.
#[must_use]
pub fn charset_of_label(label: &[u8], source: Source) -> Option<&'static str> {
    let encoding = Encoding::for_label(label)?;
    // What was read byte by byte until the label is not UTF-16.
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    Some(if source == Source::Meta && is_wide { UTF_8.name() } else { encoding.name() })
}

/// Whether both are the same: the label `utf-16` leaves the byte order to the mark.
fn is_utf16(one: &'static Encoding, other: &'static Encoding) -> bool {
    one == UTF_16LE && other == UTF_16BE
}

/// The charset that a `Content-Type` names.
fn label_of_header(value: &[u8]) -> Option<&[u8]> {
    let parameters = value.split(|byte| *byte == b';').skip(1);
    parameters.map(<[u8]>::trim_ascii).find_map(|parameter| {
        let equals = parameter.iter().position(|byte| *byte == b'=')?;
        let (name, value) = parameter.split_at_checked(equals)?;
        let value = value.get(1..)?.trim_ascii();
        let quote = |byte: &u8| *byte == b'"' || *byte == b'\'';
        let value = value.split(quote).find(|part| !part.is_empty()).unwrap_or_default().trim_ascii();
        (name.trim_ascii().eq_ignore_ascii_case(b"charset") && !value.is_empty()).then_some(value)
    })
}

/// The charset that a document names itself.
fn label_of_document<'a>(kind: &[u8], body: &'a [u8]) -> Option<&'a [u8]> {
    let head = body.get(..Limits::CHARSET_DECLARED_WITHIN).unwrap_or(body);
    if kind == b"text/css" {
        let quoted = head.strip_prefix(b"@charset \"")?;
        return quoted.split(|byte| *byte == b'"').next();
    }
    let xml = kind.ends_with(b"xml");
    if let Some(declaration) = head.strip_prefix(b"<?xml") {
        let declaration = declaration.split(|byte| *byte == b'>').next().unwrap_or_default();
        if let Some(label) = value_behind(declaration, b"encoding") {
            return Some(label);
        }
    }
    let html = kind.is_empty() || kind == b"text/html" || kind == b"application/xhtml+xml";
    (html || xml).then(|| label_of_meta(head)).flatten()
}

/// The charset of the first `<meta>` that names one, comments passed over.
fn label_of_meta(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = rest.get(at..)?;
        if rest.starts_with(b"<!--") {
            let end = rest.windows(3).position(|window| window == b"-->")?;
            rest = rest.get(end.saturating_add(3)..)?;
            continue;
        }
        let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        let (tag, behind) = rest.split_at_checked(end.max(1))?;
        if tag.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"<meta"))
            && let Some(label) = value_behind(tag, b"charset")
        {
            return Some(label);
        }
        rest = behind;
    }
    None
}

/// What stands behind `name =`, with or without quotes.
fn value_behind<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let places = text.windows(name.len()).enumerate().filter(|(_, window)| window.eq_ignore_ascii_case(name));
    places.map(|(at, _)| at.saturating_add(name.len())).find_map(|behind| {
        let value = text.get(behind..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let end = value.iter().position(|byte| matches!(byte, b'"' | b'\'' | b';' | b'>' | b'/') || byte.is_ascii_whitespace());
        value.get(..end.unwrap_or(value.len())).filter(|label| !label.is_empty())
    })
}

/// The charset where nobody names one.
fn guess(kind: &[u8], body: &[u8]) -> Charset {
    let found = |encoding, source| Charset { encoding, source, label: None, unknown_label: None, overruled: None };
    if let Some(encoding) = utf16_without_mark(body) {
        return found(encoding, Source::Detected);
    }
    // RFC 8259 section 8.1, XML 1.0 section 4.3.3, the URL Standard, the HTML Standard section 9.2.
    let fixed =
        kind.ends_with(b"json") || kind.ends_with(b"xml") || kind == b"application/x-www-form-urlencoded" || kind == b"text/event-stream";
    if fixed || body.is_ascii() {
        return found(UTF_8, Source::Default);
    }
    found(detect(body), Source::Detected)
}

/// The likely charset of bytes.
fn detect(body: &[u8]) -> &'static Encoding {
    if sniff::is_utf8_so_far(body) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(body.get(..Limits::CHARSET_GUESSED_FROM).unwrap_or(body), body.len() <= Limits::CHARSET_GUESSED_FROM);
    let found = detector.guess(None, Utf8Detection::Allow);
    // The two differ in eight letters that Ukrainian has and Russian has not: text without them is in both, and the older one is meant.
    let is_older = found == KOI8_U && KOI8_R.decode_without_bom_handling(body).0 == KOI8_U.decode_without_bom_handling(body).0;
    if is_older { KOI8_R } else { found }
}

/// UTF-16 of text that is mostly ASCII: every other byte is zero.
fn utf16_without_mark(body: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = body.get(..512).unwrap_or(body).as_chunks::<2>();
    let most = |count: usize| pairs.len() >= 2 && count.saturating_mul(10) >= pairs.len().saturating_mul(8);
    let little = pairs.iter().filter(|[low, high]| *high == 0 && *low != 0).count();
    let big = pairs.iter().filter(|[high, low]| *high == 0 && *low != 0).count();
    if most(little) { Some(UTF_16LE) } else { most(big).then_some(UTF_16BE) }
}

/// Which charset the bytes rather are in than in the one they are said to be in.
fn likely(said: &'static Encoding, body: &[u8], text: &Text<'_>) -> Option<&'static Encoding> {
    let undecoded = text.undecoded_count;
    let wide = said == UTF_16LE || said == UTF_16BE;
    if !wide && let Some(encoding) = utf16_without_mark(body) {
        return Some(encoding);
    }
    if said == UTF_8 {
        // A character that a hole or the end cuts in two is no sign of a wrong label.
        if undecoded == 0 || sniff::is_utf8_so_far(body) {
            return None;
        }
        // Bytes of another charset seldom form characters of UTF-8: where most do, it is UTF-8 that was damaged.
        let decoded = text.text.chars().filter(|character| !character.is_ascii() && *character != '\u{fffd}').count() as u64;
        return Some(detect(body)).filter(|encoding| *encoding != UTF_8 && decoded < undecoded);
    }
    if wide {
        return (!body.is_empty() && utf16_without_mark(body).is_none() && !body.contains(&0) && sniff::looks_like_text(body))
            .then_some(UTF_8);
    }
    if !body.is_ascii() && sniff::is_utf8_so_far(body) && !said.name().starts_with("ISO-2022") {
        // Two characters of UTF-8 are no accident in a charset of one byte a character; elsewhere it takes more.
        let needed = if said.is_single_byte() { 1 } else { 3 };
        let beyond_ascii = body.iter().filter(|byte| **byte >= 0xc0).take(needed).count();
        return (beyond_ascii >= needed).then_some(UTF_8);
    }
    if undecoded > 0 {
        return Some(detect(body)).filter(|encoding| *encoding != said);
    }
    let is_swapped = said.is_single_byte() && Cases::of(&text.text).are_swapped();
    is_swapped.then(|| detect(body)).filter(|encoding| {
        let (meant, _) = encoding.decode_without_bom_handling(body.get(..Limits::CHARSET_GUESSED_FROM).unwrap_or(body));
        *encoding != said && encoding.is_single_byte() && Cases::of(&meant).are_usual()
    })
}

/// How words beyond ASCII are written: charsets of Cyrillic have small letters where others have capitals.
#[derive(Default)]
struct Cases {
    letters: usize,
    /// A capital, and small letters behind it.
    capitalized: usize,
    /// A small letter, and capitals behind it.
    swapped: usize,
    small: usize,
    capitals: usize,
}

impl Cases {
    /// Of fewer letters nothing is said.
    const ENOUGH: usize = 12;

    fn of(text: &str) -> Self {
        let mut cases = Self::default();
        let mut looked_at = 0_usize;
        let words = text.split(|character: char| character.is_ascii() || !character.is_alphabetic());
        for word in words.take_while(|word| {
            looked_at = looked_at.saturating_add(word.len()).saturating_add(1);
            looked_at <= Limits::CHARSET_GUESSED_FROM
        }) {
            let mut letters = word.chars();
            let Some(first) = letters.next() else { continue };
            let (rest_small, rest_capitals) = (letters.clone().all(char::is_lowercase), letters.clone().all(char::is_uppercase));
            let count = word.chars().count();
            cases.letters = cases.letters.saturating_add(count);
            if count < 3 {
                continue;
            }
            cases.capitalized = cases.capitalized.saturating_add(usize::from(first.is_uppercase() && rest_small));
            cases.swapped = cases.swapped.saturating_add(usize::from(first.is_lowercase() && rest_capitals));
            cases.small = cases.small.saturating_add(usize::from(first.is_lowercase() && rest_small));
            cases.capitals = cases.capitals.saturating_add(usize::from(first.is_uppercase() && rest_capitals));
        }
        cases
    }

    fn are_swapped(&self) -> bool {
        self.letters >= Self::ENOUGH && self.swapped > 0 && self.capitalized.saturating_add(self.small) == 0
    }

    fn are_usual(&self) -> bool {
        self.letters >= Self::ENOUGH && self.capitalized > 0 && self.swapped.saturating_add(self.capitals) == 0
    }
}

#[cfg(test)]
mod tests;
