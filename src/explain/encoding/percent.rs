//! Percent-encoding, in URLs and in forms.

use super::EncodingFacts;
use encoding_rs::WINDOWS_1252;

/// How many bytes of a part are told.
const TOLD: usize = 48;
/// How many bytes stand for one that was encoded twice: `%25C3`.
const TWICE: usize = 5;
/// How many bytes are looked at.
const LOOKED_AT: usize = 8 << 10;

/// Tells what percent-encoded text shows.
pub(super) fn observe(text: &[u8], say: &mut impl FnMut(EncodingFacts)) {
    let text = text.get(..LOOKED_AT).unwrap_or(text);
    if !text.contains(&b'%') {
        return;
    }
    let (mut percent, mut other, mut twice) = (None, None, None);
    for part in text.split(|byte| matches!(byte, b'/' | b'?' | b'&' | b'=')).filter(|part| part.contains(&b'%')) {
        let decoded = decoded(part);
        if twice.is_none() {
            twice = encoded_twice(part, &decoded);
        }
        let beyond = runs(part).find(|run| !run.is_ascii());
        match beyond {
            Some(run) => match str::from_utf8(&run) {
                Ok(characters) if percent.is_none() => percent = with_character(part, characters.chars().find(|one| !one.is_ascii())),
                Ok(_) => {}
                Err(_) if other.is_none() => {
                    let (likely, _) = WINDOWS_1252.decode_without_bom_handling(&run);
                    let likely = likely.chars().collect::<Box<str>>();
                    other = Some(EncodingFacts::PercentOther { bytes: run.into(), likely });
                }
                Err(_) => {}
            },
            None if percent.is_none() => {
                let first = runs(part).next().and_then(|run| run.first().copied());
                percent = with_character(part, first.map(char::from));
            }
            None => {}
        }
    }
    [percent, other, twice].into_iter().flatten().for_each(say);
}

fn with_character(part: &[u8], character: Option<char>) -> Option<EncodingFacts> {
    let character = character.filter(|character| !character.is_control())?;
    let bytes = character.encode_utf8(&mut [0; 4]).as_bytes().into();
    Some(EncodingFacts::Percent { encoded: part.get(..TOLD).unwrap_or(part).into(), character, bytes })
}

/// `%25` and two more digits: what was encoded already was encoded again.
fn encoded_twice(part: &[u8], once: &[u8]) -> Option<EncodingFacts> {
    let is_twice = |five: &[u8]| five.starts_with(b"%25") && five.iter().skip(3).all(u8::is_ascii_hexdigit);
    let place = part.windows(TWICE).position(is_twice)?;
    let rest = part.get(place..).unwrap_or_default();
    let count = rest.chunks(TWICE).take(TOLD / TWICE).take_while(|five| five.len() == TWICE && is_twice(five)).count();
    let plain = decoded(&decoded(rest.get(..count * TWICE)?));
    // A character of several bytes may be cut; what is no character says that nothing was encoded twice (`50%25de`).
    let whole = match str::from_utf8(&plain) {
        Ok(characters) => characters,
        Err(error) => str::from_utf8(plain.get(..error.valid_up_to())?).ok()?,
    };
    let whole = whole.split(char::is_control).next().unwrap_or_default();
    let twice = rest.get(..whole.len() * TWICE).filter(|twice| !twice.is_empty())?;
    (decoded(once) != once).then(|| EncodingFacts::PercentTwice {
        twice: twice.into(),
        once: decoded(twice).into(),
        plain: whole.as_bytes().into(),
    })
}

/// The bytes of each row of percent-encoded bytes.
fn runs(part: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut rest = part;
    std::iter::from_fn(move || {
        let start = rest.iter().position(|byte| *byte == b'%')?;
        rest = rest.get(start..)?;
        let mut run = Vec::new();
        while let Some(byte) = escaped(rest) {
            run.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        }
        if run.is_empty() {
            rest = rest.get(1..).unwrap_or_default();
        }
        Some(run)
    })
    .filter(|run| !run.is_empty())
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        match escaped(rest) {
            Some(byte) => {
                out.push(byte);
                rest = rest.get(3..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// The byte that `%` and two hexadecimal digits stand for.
fn escaped(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &[u8]) -> Vec<EncodingFacts> {
        let mut told = Vec::new();
        observe(text, &mut |facts| told.push(facts));
        told
    }

    #[test]
    fn a_character_of_two_bytes_is_taken_apart() {
        let [EncodingFacts::Percent { character: 'é', bytes, .. }] = &told(b"/search?q=caf%C3%A9&n=1")[..] else { panic!("one") };
        assert_eq!(**bytes, *b"\xc3\xa9");
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_told_as_what_they_may_be() {
        let facts = told(b"/search?q=K%F6ln");
        assert_eq!(facts, [EncodingFacts::PercentOther { bytes: Box::new([0xf6]), likely: "ö".into() }]);
    }

    #[test]
    fn twice_is_told_and_a_per_cent_sign_is_not() {
        assert!(told(b"/a?q=207%2520N").iter().any(|facts| matches!(facts, EncodingFacts::PercentTwice { .. })));
        let of_two_bytes = told(b"/a?x=caf%25C3%25A9&y=%250A");
        let twice = |twice: &[u8], once: &[u8], plain: &str| EncodingFacts::PercentTwice {
            twice: twice.into(),
            once: once.into(),
            plain: plain.as_bytes().into(),
        };
        assert!(of_two_bytes.contains(&twice(b"%25C3%25A9", b"%C3%A9", "é")), "{of_two_bytes:?}");
        let long = "%25D1%2588".repeat(9);
        let cut = told(format!("/a?x={long}").as_bytes());
        assert!(cut.contains(&twice("%25D1%2588".repeat(4).as_bytes(), "%D1%88".repeat(4).as_bytes(), "шшшш")), "{cut:?}");
        for once in [&b"/a?q=50%25de+descuento"[..], b"/a?q=50%25C3"] {
            assert!(!told(once).iter().any(|facts| matches!(facts, EncodingFacts::PercentTwice { .. })), "{once:?}");
        }
        for once in [&b"/a?q=100%25"[..], b"/a?q=100%25+of", b"/a?q=%20", b"/%zz%2"] {
            assert!(!told(once).iter().any(|facts| matches!(facts, EncodingFacts::PercentTwice { .. })), "{once:?}");
        }
    }
}
