//! Text that was decoded twice: UTF-8 that was read as windows-1252, and encoded as UTF-8 again.

use super::EncodingFacts;
use encoding_rs::WINDOWS_1252;

/// How many characters one of UTF-8 becomes at most.
const SEQUENCE_BYTES: usize = 4;

/// What is left of a mark of typography (U+2000 to U+203F) where its last byte is none of windows-1252: 81, 8D, 8F, 90 and 9D, the closing
/// quotation mark's.
const TORN: &str = "\u{e2}\u{20ac}";

/// What of a text was decoded twice.
pub(super) fn find(text: &str) -> Option<EncodingFacts> {
    if text.is_ascii() {
        return None;
    }
    let (mut found, mut times) = (None, 0);
    let mut rest = text;
    while let Some(place) = rest.find(|character: char| !character.is_ascii()) {
        rest = rest.get(place..).unwrap_or_default();
        match meant(rest) {
            Some((length, meant)) => {
                let (shown, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                if is_letter_or_sign(meant) {
                    times += 1;
                    found.get_or_insert((shown, meant));
                }
                rest = after;
            }
            // The mark whose last byte windows-1252 has no character for was dropped: it is one such mark more, though not which.
            None if rest.starts_with(TORN) => rest = rest.get(TORN.len()..).unwrap_or_default(),
            // What stands beside letters that are right is a quotation of such a text, and this one was decoded once.
            None if rest.starts_with(is_letter_or_sign) => return None,
            None => {
                let mut characters = rest.chars();
                characters.next();
                rest = characters.as_str();
            }
        }
    }
    let (shown, meant) = found?;
    let bytes = meant.encode_utf8(&mut [0; 4]).as_bytes().into();
    Some(EncodingFacts::Twice { shown: shown.into(), meant, bytes, times })
}

/// The character whose bytes a text's first characters are, and their length in it.
fn meant(text: &str) -> Option<(usize, char)> {
    let mut bytes = Vec::with_capacity(SEQUENCE_BYTES);
    let mut length = 0;
    for character in text.chars().take(SEQUENCE_BYTES) {
        bytes.push(byte_of(character)?);
        length += character.len_utf8();
        if let Ok(whole) = str::from_utf8(&bytes) {
            return whole.chars().next().filter(|_| bytes.len() > 1).map(|meant| (length, meant));
        }
    }
    None
}

/// The byte that a character is in windows-1252; a control character of Latin-1 is itself.
fn byte_of(character: char) -> Option<u8> {
    if matches!(character, '\u{80}'..='\u{9f}') {
        return u8::try_from(u32::from(character)).ok();
    }
    let mut buffer = [0; 4];
    let (bytes, _, failed) = WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
    bytes.first().copied().filter(|_| !failed)
}

/// Characters that such texts are full of: letters of Europe, and the marks of typography. Others may stand side by side by chance.
fn is_letter_or_sign(character: char) -> bool {
    matches!(character, '\u{c0}'..='\u{17f}' | '\u{2013}'..='\u{2026}' | '\u{20ac}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decoded_twice_is_found_and_what_only_looks_like_it_is_not() {
        let Some(EncodingFacts::Twice { shown, meant: 'ü', times: 2, .. }) = find("GrÃ¼ÃŸe") else { panic!("found") };
        assert_eq!(&*shown, "Ã¼");
        assert!(matches!(find("GrÃ¼ÃŸe, 20 Â°C"), Some(EncodingFacts::Twice { times: 2, .. })));
        assert!(matches!(find("donâ€™t"), Some(EncodingFacts::Twice { meant: '\u{2019}', .. })));
        // Of a closing quotation mark two of three bytes are left; alone that proves nothing.
        assert!(matches!(
            find("\u{e2}\u{20ac}\u{153}Gr\u{c3}\u{bc}\u{c3}\u{178}e\u{e2}\u{20ac} \u{e2}\u{20ac}\u{201d} 5"),
            Some(EncodingFacts::Twice { times: 4, .. })
        ));
        assert_eq!(find("a \u{e2}\u{20ac} b"), None);
        for quoted in ["Ã¼ statt ü", "für: Ã¼", "«Ã¼» für ü"] {
            assert_eq!(find(quoted), None, "{quoted}");
        }
        for right in
            ["São Paulo, amanhã: maçã e pão. AMANHÃ, MAÇÃ\n", "Grüße", "naïve", "Â", "École Ãà", "café — «é»", "Ã© ".get(..2).unwrap()]
        {
            assert_eq!(find(right), None, "{right}");
        }
    }
}
