//! The charset of a body, and what its bytes say to that.

use super::{EncodingFacts, percent, twice};
use crate::conversation::body::charset::{Charset, Source, Text, charset_of_label, labels};
use crate::conversation::body::{KeptBody, Reading, sniff};
use crate::conversation::http1::{Ending, Framing, Message};
use crate::reassembly::End;
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
    let [header, document] = labels(content_type, &body.bytes);
    let (charset, text) = match body.read(content_type) {
        Reading::Text { charset, text } => (charset, text),
        Reading::Bytes(format) => {
            if let (Some(kind), Some(label)) = (content_type.filter(|kind| sniff::is_declared_text(kind)), header) {
                let zero = body.bytes.iter().position(|byte| *byte == 0).map(|place| place as u64).filter(|_| format.is_none());
                let (media_type, format) = (sniff::essence(kind).into(), format.map(|format| format.media_type));
                say(EncodingFacts::NoText { media_type, label: label.into(), format, zero });
            }
            return;
        }
    };
    let is_ascii = body.bytes.is_ascii();
    for (source, label) in [(Source::Header, header), (Source::Meta, document)] {
        let Some(label) = label.filter(|label| Encoding::for_label(label).is_none()) else { continue };
        say(EncodingFacts::Unknown { source, label: label.into(), read_as: charset.name() });
    }
    if let Some(mark) = MARKS.iter().find(|mark| body.bytes.starts_with(mark)).filter(|_| charset.source == Source::Bom) {
        say(EncodingFacts::Mark { charset: charset.name(), mark: (*mark).into() });
    }
    let label = charset.other_label().map(Into::into);
    if let Some(likely) = text.likely {
        let example = Encoding::for_label(likely.as_bytes()).and_then(|likely| misread(likely, &charset, &body.bytes));
        say(EncodingFacts::Mislabelled { said: charset.name(), label, source: charset.source, likely, example });
        return;
    }
    if let Some(facts) = damaged(message, body, &charset, &text) {
        say(facts);
    }
    let others = [(Source::Header, header), (Source::Meta, document)].into_iter().filter(|(source, _)| *source != charset.source);
    let mut others = others.filter_map(|(other, label)| Some((other, label?, charset_of_label(label?, other)?)));
    if matches!(charset.source, Source::Header | Source::Bom | Source::Meta)
        && let Some((other, other_label, _)) = others.find(|(_, label, name)| *name != charset.name() && !leaves_order(label, &charset))
    {
        let said = charset.label.clone().unwrap_or_else(|| charset.name().as_bytes().into());
        let (charset, source) = (charset.name(), charset.source);
        say(EncodingFacts::Disagree { charset, source, said, other, label: other_label.into(), is_ascii });
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

/// Whether a label says UTF-16 and leaves the order of its bytes to the mark.
fn leaves_order(label: &[u8], charset: &Charset) -> bool {
    charset.is_wide() && label.eq_ignore_ascii_case(b"utf-16")
}

/// Bytes that are no characters of the charset that somebody names; what the capture or a limit cut says nothing.
fn damaged(message: &Message, body: &KeptBody, charset: &Charset, text: &Text<'_>) -> Option<EncodingFacts> {
    if !matches!(charset.source, Source::Header | Source::Bom | Source::Meta) {
        return None;
    }
    let first = text.undecoded.first()?;
    let offset = usize::try_from(first.offset).ok()?;
    let bytes = body.bytes.get(offset..offset + usize::from(first.length))?;
    let is_cut = offset + bytes.len() == body.bytes.len() && charset.name() == "UTF-8" && sniff::is_utf8_so_far(bytes);
    let is_over = match message.body.ending {
        Ending::Framing => true,
        Ending::Stream(End::Finished) => message.body.framing == Framing::Close,
        Ending::Open | Ending::Stream(_) | Ending::Gap | Ending::Broken | Ending::Withheld => false,
    };
    (!is_cut || is_over && body.is_whole()).then(|| EncodingFacts::Damaged {
        charset: charset.name(),
        source: charset.source,
        bytes: bytes.into(),
        offset: first.offset,
        times: text.undecoded_count,
        is_cut,
    })
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
