//! Streams as they come, whole, cut and damaged.

use super::*;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::{Cursor, Write};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// What comes out, and what went wrong at last.
fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
    let magic = *compressed.first_chunk().unwrap();
    let mut decoder = Compression::from_magic(magic).unwrap().decoder(Cursor::new(compressed.to_vec()));
    let mut bytes = Vec::new();
    let error = decoder.read_to_end(&mut bytes).err();
    (bytes, error.map(|error| error.to_string()))
}

/// Bytes that compress a little.
fn sample() -> Vec<u8> {
    let mut state = 1_u32;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 27) as u8
    })
    .take(300_000)
    .collect()
}

#[test]
fn members_and_frames_follow_each_other() {
    for compress in [gzip, zstd] {
        let stream = [compress(b"one "), compress(b""), compress(b"two"), vec![0; 512]].concat();
        assert_eq!(decode(&stream), (b"one two".to_vec(), None));
    }
}

#[test]
fn frames_to_skip_are_skipped() {
    let skipped = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let stream = [&skipped, zstd(b"one").as_slice(), &skipped].concat();
    assert_eq!(decode(&stream), (b"one".to_vec(), None));
    let (_, error) = decode(&skipped[..10]);
    assert_eq!(error.unwrap(), "the zstd data ends too early");
}

#[test]
fn what_is_cut_gives_what_it_had() {
    let whole = sample();
    for (compress, name) in [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (zstd, "zstd")] {
        let compressed = compress(&whole);
        for keep in [5, 50, compressed.len() / 2, compressed.len() - 1] {
            let (bytes, error) = decode(&compressed[..keep]);
            assert!(whole.starts_with(&bytes));
            assert!(keep < compressed.len() / 2 || bytes.len() > whole.len() / 4, "{name} {keep}: only {}", bytes.len());
            assert_eq!(error.unwrap(), format!("the {name} data ends too early"));
        }
    }
}

#[test]
fn what_is_damaged_says_so() {
    let whole = sample();
    for (compress, name) in [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (zstd, "zstd")] {
        let mut compressed = compress(&whole);
        let middle = compressed.len() / 2;
        compressed[middle] ^= 0xff;
        let (_, error) = decode(&compressed);
        assert!(error.unwrap().starts_with(&format!("the {name} data is damaged")));
        let followed = [compress(b"one"), b"two".to_vec()].concat();
        let (bytes, error) = decode(&followed);
        assert_eq!(bytes, b"one");
        assert!(error.is_some());
    }
}

#[test]
fn damage_at_the_very_end_is_not_taken_for_a_cut() {
    let mut compressed = zstd(&sample());
    let end = compressed.len() - 4;
    compressed[end - 3] ^= 0xff;
    assert!(decode(&compressed).1.unwrap().starts_with("the zstd data is damaged"));
}

#[test]
fn everything_before_the_damage_comes_out() {
    // A stored block of six bytes, then a block of the kind that is reserved.
    let stream = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0, 6, 0, 0xf9, 0xff], b"before", &[7, 0, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(decode(&stream), (b"before".to_vec(), Some("the gzip data is damaged".into())));
}

#[test]
fn a_member_may_say_much_of_itself() {
    let plain = gzip(b"named");
    let mut stream = vec![0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, b'x', b'x'];
    stream.extend(b"name\0comment\0hh");
    stream.extend(&plain[10..]);
    assert_eq!(decode(&stream), (b"named".to_vec(), None));
}

#[test]
fn a_window_too_long_is_refused_with_a_way_out() {
    // No single segment; the window descriptor says 16 MiB.
    let (_, error) = decode(&[0x28, 0xb5, 0x2f, 0xfd, 0, 14 << 3, 1, 0, 0]);
    assert!(error.unwrap().contains("unpack it first, `zstd -dc --long=31 FILE"));
}
