//! Base64 (RFC 4648 section 4), read: how names and passwords travel in mail protocols.

/// The bytes of base64 with or without its padding; `None` where it is none.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let letters = text.get(..text.len() - padding)?;
    if padding > 2 || letters.len() % 4 == 1 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    for quad in letters.chunks(4) {
        let mut bits = 0_u32;
        for letter in quad {
            bits = bits << 6 | u32::from(value(*letter)?);
        }
        let [_, a, b, c] = (bits << (6 * (4 - quad.len()))).to_be_bytes();
        bytes.extend_from_slice([a, b, c].get(..quad.len() - 1)?);
    }
    Some(bytes)
}

fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(decode(encoded.as_bytes()).as_deref(), Some(plain.as_bytes()));
            assert_eq!(decode(encoded.trim_end_matches('=').as_bytes()).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(decode(b"++//"), Some(vec![0xfb, 0xef, 0xff]));
    }

    #[test]
    fn what_is_none_is_not_read() {
        for text in ["Zg=", "Z", "Zm9v=", "====", "Zm 9v", "=Zm9", "*"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
