//! Base64 (RFC 4648 section 4): how JSON carries bytes that are not text.

static ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The two letters of each twelve bits: whole payloads are written with it, and half as many look-ups count there.
static PAIRS: [[u8; 2]; 4096] = {
    let mut pairs = [[0; 2]; 4096];
    let mut bits = 0;
    while bits < 4096 {
        pairs[bits] = [ALPHABET[bits >> 6], ALPHABET[bits & 63]];
        bits += 1;
    }
    pairs
};

/// Appends bytes as base64, padded.
pub(super) fn push_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    let (triples, rest) = bytes.as_chunks::<3>();
    let start = out.len();
    out.resize(start + triples.len() * 4, 0);
    let (quads, _) = out[start..].as_chunks_mut::<4>();
    for (letters, triple) in quads.iter_mut().zip(triples) {
        *letters = quad(*triple);
    }
    match *rest {
        [a, b] => {
            let [first, second, third, _] = quad([a, b, 0]);
            out.extend_from_slice(&[first, second, third, b'=']);
        }
        [a] => {
            let [first, second, ..] = quad([a, 0, 0]);
            out.extend_from_slice(&[first, second, b'=', b'=']);
        }
        _ => {}
    }
}

fn quad([a, b, c]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from_be_bytes([0, a, b, c]) as usize;
    let [[first, second], [third, fourth]] = [PAIRS[bits >> 12 & 0xfff], PAIRS[bits & 0xfff]];
    [first, second, third, fourth]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")]
        {
            let mut out = Vec::new();
            push_base64(&mut out, plain.as_bytes());
            assert_eq!(out, encoded.as_bytes());
        }
        let mut out = Vec::new();
        push_base64(&mut out, &[0xfb, 0xef, 0xff]);
        assert_eq!(out, b"++//");
    }
}
