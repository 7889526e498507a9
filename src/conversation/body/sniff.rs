//! Whether bytes are text, and of which kind they are where their first bytes tell (the magic numbers of the formats' own standards).

use crate::limits::Limits;

/// A format that its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Its media type.
    pub media_type: &'static str,
    /// The ending that files of it have.
    pub ending: &'static str,
}

/// Formats that are no text, by what stands at their beginning.
const BEGINNINGS: [(&[u8], &str, &str); 21] = [
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\0\0\x01\0", "image/vnd.microsoft.icon", "ico"),
    (b"II*\0", "image/tiff", "tif"),
    (b"MM\0*", "image/tiff", "tif"),
    (b"%PDF-", "application/pdf", "pdf"),
    (b"PK\x03\x04", "application/zip", "zip"),
    (b"\x1f\x8b\x08", "application/gzip", "gz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd", "zst"),
    (b"BZh", "application/x-bzip2", "bz2"),
    (b"\xfd7zXZ\0", "application/x-xz", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "7z"),
    (b"Rar!\x1a\x07", "application/vnd.rar", "rar"),
    (b"\x7fELF", "application/x-elf", "elf"),
    (b"\0asm", "application/wasm", "wasm"),
    (b"wOFF", "font/woff", "woff"),
    (b"wOF2", "font/woff2", "woff2"),
    (b"OggS", "application/ogg", "ogg"),
    (b"ID3", "audio/mpeg", "mp3"),
];

/// The format that the first bytes tell, where they tell one that is no text.
#[must_use]
pub fn format(bytes: &[u8]) -> Option<Format> {
    let told = |media_type, ending| Some(Format { media_type, ending });
    if let Some((_, media_type, ending)) = BEGINNINGS.iter().find(|(beginning, ..)| bytes.starts_with(beginning)) {
        return told(media_type, ending);
    }
    match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => told("image/webp", "webp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => told("audio/wav", "wav"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => told("video/mp4", "mp4"),
        [b'M', b'Z', rest @ ..] if rest.contains(&0) => told("application/vnd.microsoft.portable-executable", "exe"),
        _ => None,
    }
}

/// The essence of a media type (`text/html` of `Text/HTML; charset=x`), as it was written.
#[must_use]
pub fn essence(content_type: &[u8]) -> &[u8] {
    content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii()
}

/// Whether a media type says that it is text, in a form that people read or programs parse.
#[must_use]
pub fn is_declared_text(content_type: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 9] =
        [b"json", b"+xml", b"/xml", b"javascript", b"ecmascript", b"x-www-form-urlencoded", b"graphql", b"x-ndjson", b"xml-dtd"];
    let essence = essence(content_type).to_ascii_lowercase();
    essence.starts_with(b"text/") || ENDINGS.iter().any(|ending| essence.ends_with(ending))
}

/// Whether no byte is among those that text never has (the binary data bytes of the MIME Sniffing Standard, section 3), and what is beyond
/// ASCII is UTF-8.
#[must_use]
pub fn looks_like_text(bytes: &[u8]) -> bool {
    let some = bytes.get(..Limits::CONTENT_LOOKED_AT).unwrap_or(bytes);
    format(bytes).is_none() && !some.iter().any(|byte| is_binary(*byte)) && is_utf8_so_far(some)
}

/// Whether bytes are UTF-8, where the last character may be cut.
#[must_use]
pub fn is_utf8_so_far(bytes: &[u8]) -> bool {
    match str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// Whether a body is text: by what it is called, unless its bytes say that it cannot be. `wide` says that its characters may be of two
/// bytes each (UTF-16), so that a zero is no sign.
#[must_use]
pub fn is_text(content_type: Option<&[u8]>, bytes: &[u8], wide: bool) -> bool {
    let some = bytes.get(..Limits::CONTENT_LOOKED_AT).unwrap_or(bytes);
    let declared = content_type.is_some_and(is_declared_text);
    if wide {
        return declared || format(bytes).is_none();
    }
    if declared { format(bytes).is_none() && !some.contains(&0) } else { looks_like_text(bytes) }
}

fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_its_first_bytes() {
        assert_eq!(format(b"\x89PNG\r\n\x1a\n\0").map(|format| format.ending), Some("png"));
        assert_eq!(format(b"RIFF\0\0\0\0WEBPVP8 ").map(|format| format.media_type), Some("image/webp"));
        assert_eq!(format(b"GIF98a"), None);
        assert_eq!(format(b""), None);
    }

    #[test]
    fn what_is_called_text_is_text_unless_it_cannot_be() {
        assert!(is_text(Some(b"text/plain"), b"caf\xe9 \x01", false));
        assert!(is_text(Some(b"Application/Problem+JSON; charset=utf-8"), b"{}", false));
        assert!(!is_text(Some(b"text/html"), b"GIF89a\x01", false));
        assert!(!is_text(Some(b"text/html"), b"<a>\0\0\0", false));
        assert!(is_text(Some(b"text/html"), b"<\0a\0", true));
    }

    #[test]
    fn what_is_not_called_text_is_what_its_bytes_are() {
        assert!(is_text(Some(b"image/png"), b"<html>not found</html>", false));
        assert!(is_text(None, "h\u{e9}llo".as_bytes(), false));
        assert!(!is_text(None, b"h\xe9llo", false));
        assert!(!is_text(Some(b"application/octet-stream"), b"\x01\x02", false));
    }
}
