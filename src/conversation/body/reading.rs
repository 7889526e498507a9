//! A kept body as what it is: characters, or bytes.

use super::charset::{Charset, Text};
use super::sniff::{self, Format};
use super::{Break, KeptBody};

/// What a body is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<'a> {
    /// Characters; [`Text::marks`] are the places of the body's [`Break`]s.
    Text {
        /// Their charset, and who names it.
        charset: Charset,
        /// The characters.
        text: Text<'a>,
    },
    /// Bytes, of a format that their beginning may tell.
    Bytes(Option<Format>),
}

impl KeptBody {
    /// Reads it as its `Content-Type` and its bytes say.
    #[must_use]
    pub fn read(&self, content_type: Option<&[u8]>) -> Reading<'_> {
        let still_coded = self.codings.unknown.is_some() || self.codings.too_many;
        // Before a charset is sought, which takes long in what is no text.
        if !still_coded && !Charset::may_be_wide(content_type, &self.bytes) && !sniff::is_text(content_type, &self.bytes, false) {
            return Reading::Bytes(sniff::format(&self.bytes));
        }
        let charset = Charset::find(content_type, &self.bytes);
        let is_text =
            if still_coded { sniff::looks_like_text(&self.bytes) } else { sniff::is_text(content_type, &self.bytes, charset.is_wide()) };
        if !is_text {
            return Reading::Bytes(sniff::format(&self.bytes));
        }
        let places: Vec<u64> = self.breaks.iter().map(|Break { at, .. }| *at).collect();
        let text = charset.decode(&self.bytes, &places);
        Reading::Text { charset, text }
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::Codings;
    use super::*;

    fn body(bytes: &[u8]) -> KeptBody {
        KeptBody { bytes: bytes.to_vec(), ..KeptBody::default() }
    }

    #[test]
    fn characters_where_it_is_text_and_bytes_where_it_is_not() {
        let latin = body(b"caf\xe9");
        let Reading::Text { charset, text } = latin.read(Some(b"text/plain; charset=latin1")) else { panic!("text") };
        assert_eq!((charset.name(), text.text.as_ref()), ("windows-1252", "caf\u{e9}"));
        let image = body(b"GIF89a\0");
        let Reading::Bytes(format) = image.read(Some(b"text/html")) else { panic!("bytes") };
        assert_eq!(format.map(|format| format.ending), Some("gif"));
        let wide = body(b"\xff\xfea\0b\0");
        assert!(matches!(wide.read(None), Reading::Text { text, .. } if text.text == "ab"));
    }

    #[test]
    fn what_is_still_coded_is_no_text_for_its_label() {
        let coded = KeptBody { codings: Codings::parse([&b"compress"[..]].into_iter(), 4), ..body(b"\x1f\x9d\x90abc\xff") };
        assert_eq!(coded.read(Some(b"text/html")), Reading::Bytes(None));
    }
}
