//! Bodies as they come: whole, in layers, cut, damaged, mislabelled, and bombs.

use super::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn raw(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// Brotli that is not compressed: a header, meta-blocks of up to 64 KiB as they are, and an empty last one (RFC 7932 section 9.2).
fn brotli(bytes: &[u8]) -> Vec<u8> {
    brotli_in(&[(0, 1)], bytes) // A window of 64 KiB.
}

/// The same, with a window of its own: numbers and how many bits each has.
fn brotli_in(window: &[(u32, u32)], bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    window.iter().for_each(|(value, count)| bits.push(*value, *count));
    for chunk in bytes.chunks(1 << 16) {
        bits.push(0, 1); // Not the last.
        bits.push(0, 2); // Four nibbles of length.
        bits.push(u32::try_from(chunk.len()).unwrap() - 1, 16);
        bits.push(1, 1); // As they are.
        bits.align();
        bits.bytes.extend_from_slice(chunk);
    }
    bits.push(3, 2); // The last, and empty.
    bits.align();
    bits.bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn align(&mut self) {
        let missing = (8 - self.count % 8) % 8;
        self.push(0, missing);
    }
}

type Encode = fn(&[u8]) -> Vec<u8>;

const CODINGS: [(Coding, Encode); 5] =
    [(Coding::Gzip, gzip), (Coding::Deflate, zlib), (Coding::Deflate, raw), (Coding::Brotli, brotli), (Coding::Zstd, zstd)];

/// What comes out where the body comes in pieces of this length.
fn decode_in(codings: &[Coding], coded: &[u8], piece: usize, limits: &Limits) -> (Vec<u8>, Decoded) {
    let mut decoder = Decoder::new(codings, limits);
    let mut body = Vec::new();
    for piece in coded.chunks(piece.max(1)) {
        decoder.push(piece, &mut |bytes| body.extend_from_slice(bytes));
    }
    let decoded = decoder.finish(&mut |bytes| body.extend_from_slice(bytes));
    assert_eq!(decoded.length, body.len() as u64);
    assert_eq!(decoded.coded_length, coded.len() as u64);
    (body, decoded)
}

fn decode(codings: &[Coding], coded: &[u8]) -> (Vec<u8>, Decoded) {
    decode_in(codings, coded, usize::MAX, &Limits::default())
}

/// Bytes that compress a little.
fn sample(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 27) as u8
    })
    .take(length)
    .collect()
}

#[test]
fn every_coding_in_pieces_of_any_length() {
    for (coding, encode) in CODINGS {
        for body in [b"".to_vec(), b"a".to_vec(), b"It is what it is, it is.".to_vec(), sample(300_000)] {
            let coded = encode(&body);
            for piece in [1, 2, 7, 1000, usize::MAX] {
                if piece == 1 && body.len() > 1000 {
                    continue;
                }
                let (found, decoded) = decode_in(&[coding], &coded, piece, &Limits::default());
                assert!(found == body, "{coding:?} {piece}: {decoded:?}");
                assert_eq!((decoded.stop, decoded.mislabelled), (None, vec![]), "{coding:?} {piece} {}", body.len());
            }
        }
    }
}

#[test]
fn compressed_brotli_with_its_dictionary() {
    let text = b"time and the other people with the world, <a href=\"https://www.example.com/\">";
    let coded = [
        0x1f, 0x4c, 0x00, 0xe0, 0x15, 0xa1, 0xd2, 0xdb, 0x85, 0xc7, 0x27, 0x8c, 0xc7, 0xd8, 0xd8, 0x5f, 0x49, 0x71, 0x0f, 0x63, 0x0b, 0x48,
        0xb7, 0x5e, 0x30, 0x1b, 0xac, 0xa9, 0x3b, 0x72, 0xba, 0x17, 0x8f, 0xd7, 0x89, 0x10, 0x04, 0x76, 0x1d,
    ];
    for piece in [1, usize::MAX] {
        let (body, decoded) = decode_in(&[Coding::Brotli], &coded, piece, &Limits::default());
        assert_eq!((body.as_slice(), decoded.stop, decoded.mislabelled), (&text[..], None, vec![]));
    }
}

#[test]
fn nothing_is_nothing_whatever_its_label() {
    for (coding, _) in CODINGS {
        assert_eq!(decode(&[coding], b""), (vec![], Decoded::default()));
    }
}

#[test]
fn layers_are_taken_off_in_order() {
    let body = sample(100_000);
    let coded = zstd(&brotli(&raw(&gzip(&body))));
    for piece in [1, 999, usize::MAX] {
        let (found, decoded) = decode_in(&[Coding::Zstd, Coding::Brotli, Coding::Deflate, Coding::Gzip], &coded, piece, &Limits::default());
        assert!(found == body);
        assert_eq!((decoded.stop, decoded.mislabelled), (None, vec![]));
    }
}

#[test]
fn members_and_frames_follow_each_other() {
    let skipped = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let streams = [
        (Coding::Gzip, [gzip(b"one "), gzip(b""), gzip(b"two"), vec![0; 9]].concat()),
        (Coding::Zstd, [&skipped[..], &zstd(b"one "), &skipped, &zstd(b"two")].concat()),
    ];
    for (coding, stream) in streams {
        for piece in [1, usize::MAX] {
            let (body, decoded) = decode_in(&[coding], &stream, piece, &Limits::default());
            assert_eq!((body.as_slice(), decoded.stop), (&b"one two"[..], None));
        }
    }
}

#[test]
fn what_is_cut_gives_what_it_had() {
    let whole = sample(300_000);
    for (coding, encode) in CODINGS {
        let coded = encode(&whole);
        for keep in [coded.len() / 2, coded.len() - 1] {
            let (body, decoded) = decode(&[coding], &coded[..keep]);
            assert!(whole.starts_with(&body) && body.len() > whole.len() / 4, "{coding:?} {keep}: only {}", body.len());
            let stop = decoded.stop.unwrap();
            assert_eq!((stop.why, stop.decoded, stop.layer), (Why::Cut, body.len() as u64, 0), "{coding:?} {keep}");
        }
    }
}

#[test]
fn a_gap_ends_what_is_coded_and_not_what_is_plain() {
    let whole = sample(300_000);
    for (coding, encode) in CODINGS {
        let coded = encode(&whole);
        let (mut decoder, mut body) = (Decoder::new(&[coding], &Limits::default()), Vec::new());
        decoder.push(&coded[..coded.len() / 2], &mut |bytes| body.extend_from_slice(bytes));
        decoder.gap(&mut |bytes| body.extend_from_slice(bytes));
        decoder.push(&coded[coded.len() / 2 + 10..], &mut |bytes| body.extend_from_slice(bytes));
        let decoded = decoder.finish(&mut |bytes| body.extend_from_slice(bytes));
        assert!(whole.starts_with(&body) && body.len() > 50_000);
        assert_eq!(decoded.stop.map(|stop| stop.why), Some(Why::Gap));
    }
    let (mut decoder, mut body) = (Decoder::new(&[], &Limits::default()), Vec::new());
    let mut keep = |bytes: &[u8]| body.extend_from_slice(bytes);
    decoder.push(b"one", &mut keep);
    decoder.gap(&mut keep);
    decoder.push(b"two", &mut keep);
    assert_eq!((decoder.finish(&mut keep).stop, body.as_slice()), (None, &b"onetwo"[..]));
}

#[test]
fn what_is_damaged_says_where() {
    let whole = sample(300_000);
    for (coding, encode) in [(Coding::Gzip, gzip as Encode), (Coding::Deflate, zlib), (Coding::Zstd, zstd)] {
        let mut coded = encode(&whole);
        let middle = coded.len() / 2;
        coded[middle] ^= 0xff;
        let (body, decoded) = decode(&[coding], &coded);
        let stop = decoded.stop.unwrap();
        assert!(matches!(stop.why, Why::Damaged | Why::Checksum), "{coding:?} {stop:?}");
        assert_eq!((stop.decoded, stop.coding), (body.len() as u64, coding));
    }
    // A stored block of six bytes, then a block of the kind that is reserved.
    let coded = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0, 6, 0, 0xf9, 0xff], b"before", &[7, 0, 0, 0]].concat();
    let (body, decoded) = decode(&[Coding::Gzip], &coded);
    assert_eq!((body.as_slice(), decoded.stop.map(|stop| stop.why)), (&b"before"[..], Some(Why::Damaged)));
}

#[test]
fn what_follows_is_told() {
    for (coding, encode) in CODINGS {
        let (body, decoded) = decode(&[coding], &[encode(b"It is what it is, it is."), b"junk".to_vec()].concat());
        assert_eq!(body, b"It is what it is, it is.", "{coding:?}");
        assert_eq!(decoded.stop.map(|stop| stop.why), Some(Why::Followed), "{coding:?}");
    }
}

#[test]
fn a_label_that_is_wrong_gives_the_plain_bytes() {
    for text in [&b"x^2 + y^2"[..], b"<html>", b"{\"a\":1}", b"OK", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"] {
        for coding in [Coding::Gzip, Coding::Zstd] {
            let (body, decoded) = decode_in(&[coding], text, 1, &Limits::default());
            assert_eq!((body.as_slice(), decoded.stop), (text, None));
            assert_eq!(decoded.mislabelled, [Mislabelled { label: coding, found: None }]);
        }
    }
    for text in [&b"<html>hello</html>"[..], b"{\"a\":1}", b"OK", b"Hello, world. It is what it is."] {
        for coding in [Coding::Deflate, Coding::Brotli] {
            for piece in [1, usize::MAX] {
                let (body, decoded) = decode_in(&[coding], text, piece, &Limits::default());
                assert_eq!((body.as_slice(), decoded.stop), (text, None), "{coding:?} {decoded:?}");
                assert_eq!(decoded.mislabelled, [Mislabelled { label: coding, found: None }]);
            }
        }
    }
}

#[test]
fn one_coding_under_the_name_of_another_is_known() {
    let body = sample(5000);
    for (label, _) in CODINGS {
        for (found, encode) in [(Coding::Gzip, gzip as Encode), (Coding::Zstd, zstd), (Coding::Deflate, zlib)] {
            if label == found {
                continue;
            }
            let (decoded_body, decoded) = decode_in(&[label], &encode(&body), 100, &Limits::default());
            assert!(decoded_body == body, "{label:?} {found:?}: {decoded:?}");
            assert_eq!(decoded.mislabelled, [Mislabelled { label, found: Some(found) }]);
            assert_eq!(decoded.stop, None);
        }
    }
}

#[test]
fn twice_named_and_once_coded() {
    let (body, decoded) = decode(&[Coding::Gzip, Coding::Gzip], &gzip(b"just once"));
    assert_eq!(body, b"just once");
    assert_eq!(decoded.mislabelled, [Mislabelled { label: Coding::Gzip, found: None }]);
}

#[test]
fn the_limits_of_bytes_and_of_ratio() {
    let limits = Limits { decoded_bytes: 100_000, ..Limits::default() };
    let zeros = vec![0; 3 << 20];
    for (coding, encode) in CODINGS {
        let (body, decoded) = decode_in(&[coding], &encode(&sample(300_000)), usize::MAX, &limits);
        let stop = decoded.stop.unwrap();
        assert_eq!((body.len(), stop.why, stop.decoded, stop.coding), (100_000, Why::Bytes, 100_000, coding));
        if coding != Coding::Brotli {
            let limits = Limits { decoding_ratio: 10, ..Limits::default() };
            let (body, decoded) = decode_in(&[coding], &encode(&zeros), 100, &limits);
            assert_eq!((body.len(), decoded.stop.unwrap().why), (1 << 20, Why::Ratio), "{coding:?}");
        }
    }
    // Layers: the limit holds for what is between them too.
    let coded = gzip(&gzip(&zeros));
    let (_, decoded) = decode_in(&[Coding::Gzip; 2], &coded, usize::MAX, &Limits { decoding_ratio: 2, ..Limits::default() });
    assert_eq!(decoded.stop.unwrap().why, Why::Ratio);
}

#[test]
fn a_window_too_long_is_refused() {
    // No single segment; the window descriptor says 16 MiB.
    let (_, decoded) = decode(&[Coding::Zstd], &[0x28, 0xb5, 0x2f, 0xfd, 0, 14 << 3, 1, 0, 0]);
    assert_eq!(decoded.stop.unwrap().why, Why::Window);
    // The longest of RFC 7932 is 16 MiB; what goes beyond is an extension (here 1 GiB), which it does not have.
    let (body, decoded) = decode(&[Coding::Brotli], &brotli_in(&[(1, 1), (7, 3)], b"in a window of 16 MiB"));
    assert_eq!((body.as_slice(), decoded.stop), (&b"in a window of 16 MiB"[..], None));
    let (body, decoded) = decode(&[Coding::Brotli], &brotli_in(&[(1, 1), (0, 3), (1, 3), (0, 1), (30, 6)], b"in a window of 1 GiB"));
    assert_eq!((body.len(), decoded.stop.unwrap().why), (0, Why::Damaged));
}

proptest! {
    #[test]
    fn any_bytes_under_any_labels_end(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        labels in proptest::collection::vec(0_usize..4, 0..4),
        head in 0_usize..6,
        piece in 1_usize..50,
    ) {
        let heads: [&[u8]; 6] = [b"", &[0x1f, 0x8b, 8], &[0x28, 0xb5, 0x2f, 0xfd], &[0x78, 0x9c], &[0x1b], &[0x50, 0x2a, 0x4d, 0x18]];
        let all = [Coding::Gzip, Coding::Deflate, Coding::Brotli, Coding::Zstd];
        let codings: Vec<Coding> = labels.iter().map(|label| all[*label]).collect();
        let bytes = [heads[head], &bytes].concat();
        let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
        let (in_pieces, _) = decode_in(&codings, &bytes, piece, &limits);
        prop_assert!(in_pieces.len() <= 1 << 20);
    }

    #[test]
    fn how_the_bytes_come_changes_nothing(
        body in proptest::collection::vec(any::<u8>(), 0..3000), coding in 0_usize..5, piece in 1_usize..200,
        change in proptest::option::of((any::<proptest::sample::Index>(), any::<u8>())),
    ) {
        let (coding, encode) = CODINGS[coding];
        let mut coded = encode(&body);
        if let Some((place, byte)) = change && !coded.is_empty() {
            let place = place.index(coded.len());
            coded[place] = byte;
        }
        let (whole, of_whole) = decode(&[coding], &coded);
        let (in_pieces, of_pieces) = decode_in(&[coding], &coded, piece, &Limits::default());
        prop_assert_eq!(of_whole.stop.map(|stop| stop.why), of_pieces.stop.map(|stop| stop.why));
        prop_assert!(change.is_none() <= (whole == body));
        prop_assert!(whole == in_pieces);
    }
}
