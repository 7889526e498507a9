//! The charset of a body, and what its bytes say to that.

use super::{EncodingFacts, percent, twice};
use crate::conversation::body::charset::{Charset, Source};
use crate::conversation::body::{KeptBody, Reading, sniff};
use crate::conversation::http1::Message;
use encoding_rs::Encoding;

/// The marks that texts begin with.
const MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
/// How many characters of bytes are shown as a label reads them.
const BY_LABEL: usize = 4;

/// Tells what a text shows.
pub(super) fn observe(message: &Message, body: &KeptBody, say: &mut impl FnMut(EncodingFacts)) {
    if body.bytes.is_empty() || !body.breaks.is_empty() || body.codings.unknown.is_some() || !body.decoded.mislabelled.is_empty() {
        return;
    }
    let content_type = message.head.get("content-type");
    if content_type.is_some_and(|kind| sniff::essence(kind).eq_ignore_ascii_case(b"application/x-www-form-urlencoded")) {
        percent::observe(&body.bytes, say);
        return;
    }
    let Reading::Text { charset, text } = body.read(content_type) else { return };
    let is_ascii = body.bytes.is_ascii();
    if let Some(mark) = MARKS.iter().find(|mark| body.bytes.starts_with(mark)).filter(|_| charset.source == Source::Bom) {
        say(EncodingFacts::Mark { charset: charset.name(), mark: (*mark).into() });
    }
    let label = charset.other_label().map(Into::into);
    if let Some(likely) = text.likely {
        let example = Encoding::for_label(likely.as_bytes()).and_then(|likely| misread(likely, &charset, &body.bytes));
        say(EncodingFacts::Mislabelled { said: charset.name(), label, source: charset.source, likely, example });
        return;
    }
    if charset.source == Source::Default && is_ascii {
        return;
    }
    let example = text.text.chars().find(|character| !character.is_ascii() && *character != '\u{fffd}');
    let example = example.and_then(|character| Some((character, bytes_of(character, &charset)?)));
    match twice::find(&text.text) {
        Some(facts) => say(facts),
        None => say(EncodingFacts::Charset { charset: charset.name(), label, source: charset.source, example }),
    }
}

/// The bytes of a character in a charset.
fn bytes_of(character: char, charset: &Charset) -> Option<Box<[u8]>> {
    let mut buffer = [0; 4];
    match charset.name() {
        "UTF-16LE" => Some(character.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        "UTF-16BE" => Some(character.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        name => {
            let (bytes, _, failed) = Encoding::for_label(name.as_bytes())?.encode(character.encode_utf8(&mut buffer));
            (!failed).then(|| bytes.as_ref().into())
        }
    }
}

/// The first character beyond ASCII in the charset that bytes are in, its bytes, and what the label makes of them.
fn misread(likely: &'static Encoding, said: &Charset, body: &[u8]) -> Option<(char, Box<[u8]>, Box<str>)> {
    let (meant, _) = likely.decode_without_bom_handling(body);
    let character = meant.chars().find(|character| !character.is_ascii() && *character != '\u{fffd}')?;
    let mut buffer = [0; 4];
    let (bytes, _, failed) = likely.encode(character.encode_utf8(&mut buffer));
    let said =
        Encoding::for_label(said.name().as_bytes()).filter(|_| !failed && body.windows(bytes.len()).any(|window| *window == *bytes))?;
    let (read, _) = said.decode_without_bom_handling(&bytes);
    let read: Vec<char> = read.chars().take(BY_LABEL).collect();
    Some((character, bytes.as_ref().into(), read.iter().collect::<Box<str>>()))
}
