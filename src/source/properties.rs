//! What holds for every capture, whole, cut, in pieces or damaged.

use super::bytes::ByteOrder;
use super::samples::{Seen, Writer, read_all};
use super::{SourceError, from_reader};
use proptest::collection::vec;
use proptest::prelude::*;
use std::io::{self, Cursor, Read};

/// Bytes that come in small pieces, with interruptions between them.
struct Pieces {
    bytes: Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Pieces {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        if self.turn.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = self.sizes[self.turn % self.sizes.len()].min(room.len());
        self.bytes.read(&mut room[..size])
    }
}

/// A whole capture of either kind, and where each of its frames ends.
fn capture() -> impl Strategy<Value = (Vec<u8>, Vec<usize>)> {
    let frames = vec((any::<u32>(), vec(any::<u8>(), 0..40), any::<bool>()), 0..8);
    (any::<bool>(), any::<bool>(), frames).prop_map(|(big, modern, frames)| {
        let mut file = Writer::new(if big { ByteOrder::Big } else { ByteOrder::Little });
        let mut ends = Vec::new();
        if modern {
            file.section().interface(1, 0, |_| {});
        } else {
            file.pcap(0xa1b2_c3d4, 1);
        }
        for (time, data, commented) in frames {
            if modern {
                file.enhanced(0, time.into(), data.len() as u32, &data, |options| {
                    if commented {
                        options.option(1, b"comment");
                    }
                });
            } else {
                file.record(time, 0, data.len() as u32, &data);
            }
            ends.push(file.bytes.len());
        }
        (file.bytes, ends)
    })
}

fn read(reader: impl Read + Send + 'static) -> (Vec<Seen>, Option<SourceError>) {
    match from_reader(reader, "test") {
        Ok(mut source) => {
            let read = read_all(source.as_mut());
            assert!(!source.advance().unwrap(), "there is nothing behind the end");
            read
        }
        Err(error) => (Vec::new(), Some(error)),
    }
}

/// Reads whatever it is to its end, looking at everything that a frame lends.
fn exhaust(bytes: Vec<u8>) {
    let Ok(mut source) = from_reader(Cursor::new(bytes), "test") else { return };
    let mut number = 0;
    while let Ok(Some(frame)) = source.next_frame() {
        number += 1;
        assert_eq!(frame.number, number);
        assert!(frame.data.len() <= frame.length as usize);
        frame.annotations.options().for_each(drop);
        assert!((frame.interface.0 as usize) < source.interfaces().len());
    }
    source.damage().iter().for_each(|damage| assert!(!damage.to_string().contains('\n')));
}

proptest! {
    #[test]
    fn a_capture_that_is_cut_gives_the_frames_before_the_cut_and_one_error((bytes, ends) in capture(), cut in any::<prop::sample::Index>()) {
        let (whole, error) = read(Cursor::new(bytes.clone()));
        prop_assert!(error.is_none());
        prop_assert_eq!(whole.len(), ends.len());
        let cut = cut.index(bytes.len());
        let (frames, error) = read(Cursor::new(bytes[..cut].to_vec()));
        let before = ends.iter().filter(|end| **end <= cut).count();
        prop_assert_eq!(&frames[..], &whole[..before]);
        let header = if bytes.starts_with(&super::pcapng::MAGIC) { 28 } else { 24 };
        let clean = cut == header || header + 20 == cut && header == 28 || ends.contains(&cut);
        prop_assert_eq!(error.is_none(), clean, "cut at {}: {:?}", cut, error);
    }

    #[test]
    fn pieces_give_what_the_whole_gives((bytes, _) in capture(), sizes in vec(1_usize..50, 1..5), compressed in 0..3) {
        let (whole, _) = read(Cursor::new(bytes.clone()));
        let bytes = match compressed {
            0 => bytes,
            1 => ruzstd::encoding::compress_to_vec(bytes.as_slice(), ruzstd::encoding::CompressionLevel::Fastest),
            _ => {
                let mut encoder = flate2::read::GzEncoder::new(bytes.as_slice(), flate2::Compression::fast());
                let mut compressed = Vec::new();
                encoder.read_to_end(&mut compressed).unwrap();
                compressed
            }
        };
        let (pieces, error) = read(Pieces { bytes: Cursor::new(bytes), sizes, turn: 0 });
        prop_assert!(error.is_none());
        prop_assert_eq!(pieces, whole);
    }

    #[test]
    fn no_bytes_are_too_strange(magic in 0..8_usize, bytes in vec(any::<u8>(), 0..400)) {
        let magics: [&[u8]; 8] = [
            &[], &[0xd4, 0xc3, 0xb2, 0xa1], &[0xa1, 0xb2, 0x3c, 0x4d], &[0x34, 0xcd, 0xb2, 0xa1],
            &[10, 13, 13, 10, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0],
            &[0x1f, 0x8b, 8, 0], &[0x28, 0xb5, 0x2f, 0xfd], &[10, 13, 13, 10],
        ];
        exhaust([magics[magic], &bytes].concat());
    }

    #[test]
    fn no_damage_is_too_strange((mut bytes, _) in capture(), places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        exhaust(bytes);
    }
}

/// Bytes that have come so far. Whoever asks for more would wait.
struct SoFar(Cursor<Vec<u8>>);

impl Read for SoFar {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self.0.read(room) {
            Ok(0) => panic!("nobody may wait for what was not asked for"),
            read => read,
        }
    }
}

#[test]
fn a_frame_that_has_come_is_given_without_waiting_for_what_follows() {
    let mut pcap = Writer::new(ByteOrder::Little);
    pcap.pcap(0xa1b2_c3d4, 1).record(1, 0, 3, b"abc").record(1, 0, 3, b"def");
    let mut pcapng = Writer::new(ByteOrder::Big);
    pcapng.section().interface(1, 0, |_| {}).enhanced(0, 1, 3, b"abc", |_| {}).enhanced(0, 1, 3, b"def", |_| {});
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut encoder, &pcap.bytes).unwrap();
    io::Write::flush(&mut encoder).unwrap();
    for bytes in [pcap.bytes, pcapng.bytes, encoder.get_ref().clone()] {
        let mut source = from_reader(SoFar(Cursor::new(bytes)), "test").unwrap();
        assert!(source.advance().unwrap());
        assert_eq!(source.frame().data, b"abc");
        assert!(source.has_more_at_hand());
        assert!(source.advance().unwrap());
        assert!(!source.has_more_at_hand());
    }
}
