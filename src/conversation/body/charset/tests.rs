//! Labels that are right, wrong, hidden and missing.

use super::*;

fn find(content_type: &str, body: &[u8]) -> (&'static str, Source) {
    let charset = Charset::find(Some(content_type.as_bytes()), body);
    (charset.name(), charset.source)
}

fn decode<'a>(content_type: &str, body: &'a [u8]) -> Text<'a> {
    Charset::find(Some(content_type.as_bytes()), body).decode(body, &[])
}

#[test]
fn a_mark_goes_before_the_header_and_the_header_before_the_document() {
    let page = b"<!-- <meta charset=koi8-r> --><META http-equiv=x content='text/html; charset=Shift_JIS'>";
    assert_eq!(find("text/html; Charset=\"iso-8859-2\"", page), ("ISO-8859-2", Source::Header));
    assert_eq!(find("text/html", page), ("Shift_JIS", Source::Meta));
    assert_eq!(find("text/html; charset=utf-16", b"\xfe\xff\0a"), ("UTF-16BE", Source::Bom));
    let marked = Charset::find(Some(b"text/html; charset=latin1"), b"\xef\xbb\xbfabc");
    assert_eq!((marked.name(), marked.source, marked.overruled.as_deref()), ("UTF-8", Source::Bom, Some(&b"latin1"[..])));
    assert_eq!(marked.decode(b"\xef\xbb\xbfabc", &[]).text, "abc");
}

#[test]
fn documents_name_their_own() {
    assert_eq!(find("application/xml", b"<?xml version='1.0' encoding='windows-1251'?><a/>"), ("windows-1251", Source::Meta));
    assert_eq!(find("text/css", b"@charset \"gbk\";"), ("GBK", Source::Meta));
    assert_eq!(find("text/plain", b"<meta charset=gbk>"), ("UTF-8", Source::Default));
    assert_eq!(find("text/html", b"<meta charset=utf-16>").0, "UTF-8");
    let far = [vec![b' '; 1024], b"<meta charset=gbk>".to_vec()].concat();
    assert_eq!(find("text/html", &far).1, Source::Default);
}

#[test]
fn where_nothing_is_said_there_is_a_default_or_a_guess() {
    assert_eq!(find("application/json", "{\"a\":\"\u{e9}\"}".as_bytes()), ("UTF-8", Source::Default));
    assert_eq!(find("application/json", b"{\0\"\0a\0"), ("UTF-16LE", Source::Detected));
    assert_eq!(find("text/plain", "na\u{ef}ve".as_bytes()), ("UTF-8", Source::Detected));
    let (russian, _, _) = encoding_rs::WINDOWS_1251.encode("Съешь же ещё этих мягких французских булок, да выпей чаю");
    assert_eq!(find("text/plain", &russian), ("windows-1251", Source::Detected));
}

#[test]
fn a_label_is_kept_in_its_own_words() {
    let charset = |kind: &str, body: &[u8]| Charset::find(Some(kind.as_bytes()), body);
    let latin = charset("text/html; charset=iso-8859-1", b"Z\xfcrich");
    assert_eq!((latin.name(), latin.other_label()), ("windows-1252", Some(&b"iso-8859-1"[..])));
    assert_eq!(charset("text/html; charset=utf-8", b"a").other_label(), None);
    assert_eq!(charset("text/html", b"<meta charset=latin1>").other_label(), Some(&b"latin1"[..]));
}

#[test]
fn a_label_that_nobody_knows_is_told() {
    let charset = Charset::find(Some(b"text/plain; charset=klingon"), b"abc");
    assert_eq!((charset.unknown_label.as_deref(), charset.source), (Some(&b"klingon"[..]), Source::Default));
}

#[test]
fn a_label_that_does_not_fit_is_told_with_the_likely_one() {
    assert_eq!(decode("text/html; charset=iso-8859-1", "Z\u{fc}rich".as_bytes()).likely, Some("UTF-8"));
    assert_eq!(decode("text/html; charset=iso-8859-1", b"Z\xfcrich").likely, None);
    assert_eq!(decode("text/html; charset=utf-16", b"plain text").likely, Some("UTF-8"));
    let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("日本語のテキストです。文字コードが間違っています。");
    assert_eq!(decode("text/html; charset=utf-8", &japanese).likely, Some("Shift_JIS"));
    assert_eq!(decode("text/html; charset=utf-8", b"a\0b\0c\0").likely, Some("UTF-16LE"));
    // The last character is cut in two: that alone makes no other charset likely.
    assert_eq!(decode("text/html; charset=utf-8", &"\u{e9}\u{e9}".as_bytes()[..3]).likely, None);
}

#[test]
fn utf_8_that_was_damaged_is_no_other_charset() {
    let damaged = decode("text/plain; charset=utf-8", b"Gr\xc3\xbc\xc3\x9fe\xff");
    assert_eq!((damaged.likely, damaged.undecoded_count), (None, 1));
    assert_eq!(decode("text/plain; charset=utf-8", b"Gr\xfc\xdfe").likely, Some("windows-1252"));
}

#[test]
fn capitals_where_small_letters_belong_tell_cyrillic_in_another_charset() {
    let (koi8, _, _) = encoding_rs::KOI8_R.encode("Привет мир это тест");
    assert_eq!(decode("text/plain; charset=windows-1251", &koi8).likely, Some("KOI8-R"));
    let (koi8, _, _) = encoding_rs::KOI8_U.encode("Привіт світ це їжа");
    assert_eq!(decode("text/plain; charset=windows-1251", &koi8).likely, Some("KOI8-U"));
    let (windows, _, _) = encoding_rs::WINDOWS_1251.encode("Привет мир это тест");
    assert_eq!(decode("text/plain; charset=koi8-r", &windows).likely, Some("windows-1251"));
    for right in ["Привет мир это тест", "ПРИВЕТ МИР ЭТО ТЕСТ", "iPHONE стоит дорого, а эТО не", "привет мир это тест"]
    {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(right);
        assert_eq!(decode("text/plain; charset=windows-1251", &bytes).likely, None, "{right}");
        let (bytes, _, _) = encoding_rs::KOI8_R.encode(right);
        assert_eq!(decode("text/plain; charset=koi8-r", &bytes).likely, None, "{right}");
    }
}

#[test]
fn bytes_that_are_no_characters_are_listed_with_their_place() {
    let text = decode("text/plain; charset=utf-8", b"a\xffb\xe2\x82c\xc3\xa9");
    assert_eq!(text.text, "a\u{fffd}b\u{fffd}c\u{e9}");
    assert_eq!(text.undecoded, [Undecoded { offset: 1, length: 1 }, Undecoded { offset: 3, length: 2 }]);
    let many = decode("text/plain; charset=utf-8", &[0xff; 100]);
    assert_eq!((many.undecoded.len(), many.undecoded_count, many.text.chars().count()), (16, 100, 100));
    let wide = decode("text/plain; charset=utf-16le", b"a\0\x00\xd8b\0");
    assert_eq!((wide.text.as_ref(), wide.undecoded[0].offset), ("a\u{fffd}b", 2));
}

#[test]
fn a_place_parts_what_was_not_together() {
    let charset = Charset::find(Some(b"text/plain; charset=utf-8"), b"");
    let text = charset.decode(b"ab\xc3\xa9cd", &[3, 3, 5]);
    // The halves of a character on both sides of a hole are no character.
    assert_eq!((text.text.as_ref(), text.marks.as_slice()), ("ab\u{fffd}\u{fffd}cd", &[5, 5, 9][..]));
}
