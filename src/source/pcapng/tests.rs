//! Whole small files, as they are read.

use super::super::from_reader;
use super::super::samples::{Seen, Writer, read_all};
use super::*;
use crate::frame::{Direction, Timestamp};
use std::io::Cursor;

const BOTH: [ByteOrder; 2] = [ByteOrder::Little, ByteOrder::Big];

fn open(writer: &Writer) -> Box<dyn Source> {
    from_reader(Cursor::new(writer.bytes.clone()), "test").unwrap()
}

fn read(writer: &Writer) -> (Vec<Seen>, Option<SourceError>) {
    read_all(open(writer).as_mut())
}

#[test]
fn interfaces_have_their_own_link_types_and_clocks() {
    for order in BOTH {
        let mut file = Writer::new(order);
        file.section()
            .interface(1, 0, |options| {
                options.option(2, b"eth0");
            })
            .interface(101, 96, |options| {
                options.option(9, &[9]);
            })
            .enhanced(1, 1_000_000_007, 100, b"raw", |_| {})
            .enhanced(0, 1_000_007, 5, b"ether", |_| {});
        let mut source = open(&file);
        assert!(source.advance().unwrap());
        assert_eq!(source.frame().link_type, LinkType::RAW);
        assert_eq!(source.interfaces()[0].name.as_deref(), Some(b"eth0".as_slice()));
        assert_eq!(source.interfaces()[1].snap_length, 96);
        let (frames, error) = read(&file);
        assert_eq!(frames[0], (1, Some(1_000_000_007), 1, 100, b"raw".to_vec()));
        assert_eq!(frames[1], (2, Some(1_000_007_000), 0, 5, b"ether".to_vec()));
        assert!(error.is_none() && source.damage().is_empty());
    }
}

#[test]
fn every_section_has_its_own_order_and_interfaces() {
    let mut file = Writer::new(ByteOrder::Big);
    file.section().interface(1, 0, |_| {}).enhanced(0, 1, 1, b"a", |_| {});
    file.order = ByteOrder::Little;
    file.section().interface(101, 0, |_| {}).enhanced(0, 2, 1, b"b", |_| {});
    let (frames, error) = read(&file);
    assert_eq!(frames, [(1, Some(1_000), 0, 1, b"a".to_vec()), (2, Some(2_000), 1, 1, b"b".to_vec())]);
    assert!(error.is_none());
}

#[test]
fn simple_packets_have_no_time_and_obey_the_snap_length() {
    let mut file = Writer::new(ByteOrder::Little);
    file.section().interface(1, 2, |_| {}).block(3, |body| {
        body.u32(9).raw(b"ab");
    });
    assert_eq!(read(&file).0, [(1, None, 0, 9, b"ab".to_vec())]);
}

#[test]
fn obsolete_packets_are_read() {
    for order in BOTH {
        let mut file = Writer::new(order);
        file.section().interface(1, 0, |_| {}).interface(1, 0, |_| {}).block(2, |body| {
            body.u16(1).u16(u16::MAX).u32(0).u32(3).u32(2).u32(4).raw(b"ab");
        });
        assert_eq!(read(&file).0, [(1, Some(3_000), 1, 4, b"ab".to_vec())]);
    }
}

#[test]
fn comments_and_flags_stay_with_their_frame() {
    for order in BOTH {
        let mut file = Writer::new(order);
        file.section().interface(1, 0, |_| {}).enhanced(0, 0, 3, b"abc", |options| {
            options.option(1, b"look").option(1, &[0xff]);
            options.u16(2).u16(4).u32(4 << 5 | 2).option(0, &[]);
        });
        let mut source = open(&file);
        assert!(source.advance().unwrap());
        let frame = source.frame();
        assert_eq!(frame.annotations.comments().collect::<Vec<_>>(), [b"look".as_slice(), &[0xff]]);
        assert_eq!(frame.annotations.direction(), Some(Direction::Outbound));
        assert_eq!(frame.check_sequence_length, 4);
    }
}

#[test]
fn names_are_kept_and_unknown_blocks_passed_over() {
    let mut file = Writer::new(ByteOrder::Big);
    file.section()
        .block(4, |body| {
            body.option(1, b"\x0a\0\0\x01router\0gateway\0").option(77, b"?").option(2, &[0; 16]);
            body.option(2, b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01self\0").option(0, &[]);
        })
        .block(10, |body| {
            body.raw(b"secrets");
        })
        .block(0x8000_0001, |_| {});
    let mut source = open(&file);
    assert!(!source.advance().unwrap());
    let names: Vec<_> = source.names().iter().map(|record| (record.address.to_string(), record.name.as_slice())).collect();
    assert_eq!(names, [("10.0.0.1".into(), b"router".as_slice()), ("10.0.0.1".into(), b"gateway"), ("::1".into(), b"self")]);
}

#[test]
fn a_frame_of_an_interface_never_described_is_shown_and_told_once() {
    let mut file = Writer::new(ByteOrder::Little);
    file.section().enhanced(3, 5, 1, b"a", |_| {}).enhanced(3, 5, 1, b"b", |_| {}).interface(1, 0, |_| {}).enhanced(0, 5, 1, b"c", |_| {});
    let mut source = open(&file);
    let (frames, error) = read_all(source.as_mut());
    let all: Vec<_> = frames.iter().map(|(number, time, interface, ..)| (*number, *time, *interface)).collect();
    assert_eq!(all, [(1, None, 0), (2, None, 0), (3, Some(5_000), 1)]);
    assert!(error.is_none());
    assert!(matches!(source.damage()[..], [SourceError::UndescribedInterface { frame: 1, interface: 3, .. }]));
}

#[test]
fn a_bad_body_in_a_sound_block_does_not_end_the_capture() {
    let mut file = Writer::new(ByteOrder::Little);
    file.section().interface(1, 0, |_| {});
    file.block(6, |body| {
        body.u32(0);
    });
    file.block(6, |body| {
        body.u32(0).u32(0).u32(0).u32(500).u32(600).raw(b"only");
    });
    file.enhanced(0, 1, 1, b"z", |_| {});
    let mut source = open(&file);
    let (frames, error) = read_all(source.as_mut());
    assert_eq!(frames[0], (1, Some(0), 0, 600, b"only".to_vec()));
    assert_eq!(frames[1], (2, Some(1_000), 0, 1, b"z".to_vec()));
    assert!(error.is_none());
    assert!(matches!(source.damage()[..], [SourceError::Short { .. }, SourceError::Overstated { captured: 500, held: 4, .. }]));
}

#[test]
fn a_block_that_is_not_aligned_ends_where_its_second_length_says() {
    for padded in [true, false] {
        let mut file = Writer::new(ByteOrder::Little);
        file.section().interface(1, 0, |_| {});
        let length = 12 + 20 + 1;
        file.u32(6).u32(length).u32(0).u32(0).u32(1).u32(1).u32(1).raw(if padded { b"x\0\0\0" } else { b"x" }).u32(length);
        file.enhanced(0, 2, 1, b"y", |_| {});
        let (frames, error) = read(&file);
        assert_eq!(frames, [(1, Some(1_000), 0, 1, b"x".to_vec()), (2, Some(2_000), 0, 1, b"y".to_vec())]);
        assert!(error.is_none());
    }
}

#[test]
fn two_lengths_that_differ_end_the_capture_only_where_no_block_follows() {
    let mut file = Writer::new(ByteOrder::Big);
    file.section().interface(1, 0, |_| {}).enhanced(0, 1, 1, b"x", |_| {});
    let length = file.bytes.len();
    file.bytes[length - 1] ^= 1;
    let mut followed = Writer { order: file.order, bytes: file.bytes.clone() };
    followed.enhanced(0, 2, 1, b"y", |_| {});
    let mut source = open(&followed);
    let (frames, error) = read_all(source.as_mut());
    assert_eq!((frames.len(), error.is_none()), (2, true));
    assert!(matches!(source.damage()[..], [SourceError::BlockTrailer { length: 36, trailer: 37, goes_on: true, .. }]));
    file.raw(b"no block at all");
    let (frames, error) = read(&file);
    assert_eq!(frames.len(), 0);
    assert!(error.unwrap().to_string().ends_with("says 36 bytes at its beginning and 37 at its end; no frame was before it"));
}

#[test]
fn options_that_do_not_fit_are_told() {
    let mut file = Writer::new(ByteOrder::Little);
    file.section().interface(1, 0, |options| {
        options.option(9, &[9]).u16(2).u16(50).raw(b"eth");
    });
    file.enhanced(0, 7, 1, b"x", |options| {
        options.option(1, b"kept").u16(1).u16(9).raw(b"lost");
    });
    let mut source = open(&file);
    let (frames, _) = read_all(source.as_mut());
    assert_eq!(frames, [(1, Some(7), 0, 1, b"x".to_vec())]);
    let told = source.damage();
    assert!(matches!(told[..], [SourceError::Options { part: Part::Block(0), .. }, SourceError::Options { part: Part::Frame(1), .. }]));
}

#[test]
fn more_options_than_are_kept_are_told() {
    for (count, told) in [(1_024, 0), (1_025, 1)] {
        let mut file = Writer::new(ByteOrder::Little);
        file.section().interface(1, 0, |options| (0..count).for_each(|_| _ = options.option(1, b"a comment")));
        file.enhanced(0, 7, 1, b"x", |_| {});
        let mut source = open(&file);
        assert_eq!(read_all(source.as_mut()).0.len(), 1, "the frames are read");
        assert_eq!(source.interfaces()[0].options.len(), 1_024);
        assert_eq!(source.damage().len(), told);
        assert!(source.damage().iter().all(|error| error.to_string().contains("more than 1024 options (at byte 28)")));
    }
    let mut file = Writer::new(ByteOrder::Big);
    file.block(0x0a0d_0d0a, |body| {
        body.u32(0x1a2b_3c4d).u16(1).u16(0).u32(u32::MAX).u32(u32::MAX);
        (0..1_025).for_each(|_| _ = body.option(1, b"a comment"));
    });
    let mut source = open(&file);
    assert_eq!(source.section_options().len(), 1_024);
    read_all(source.as_mut());
    assert!(matches!(source.damage()[..], [SourceError::ManyOptions { part: Part::Block(0), offset: 0, limit: 1_024, .. }]));
}

#[test]
fn more_interfaces_than_are_believed_end_the_capture_with_their_place() {
    let mut file = Writer::new(ByteOrder::Little);
    file.section();
    (0..65_536).for_each(|_| _ = file.interface(1, 0, |_| {}));
    let fits = file.bytes.len() as u64;
    file.enhanced(65_535, 7, 1, b"x", |_| {});
    let (frames, error) = read(&file);
    assert_eq!((frames.len(), error.is_none()), (1, true));
    let more = file.bytes.len() as u64;
    file.interface(1, 0, |_| {}).enhanced(0, 8, 1, b"y", |_| {});
    let (frames, error) = read(&file);
    assert!(fits < more && frames.len() == 1);
    assert!(matches!(error, Some(SourceError::TooMany { frame: 1, offset, limit: 65_536, .. }) if offset == more), "{error:?}");
}

/// The limit is of a block, whatever is in it.
#[test]
fn an_unbelievable_block_is_an_error_with_its_place() {
    for (length, read_on) in [(16_u32 << 20, true), ((16 << 20) + 4, false)] {
        let mut file = Writer::new(ByteOrder::Little);
        file.section().interface(1, 0, |_| {});
        let start = file.bytes.len() as u64;
        file.block(0x0bad, |body| _ = body.raw(&vec![0; length as usize - 12]));
        file.enhanced(0, 7, 1, b"x", |_| {});
        let (frames, error) = read(&file);
        assert_eq!((frames.len(), error.is_none()), (usize::from(read_on), read_on), "{error:?}");
        let told = |error| matches!(error, SourceError::TooLong { offset, limit, .. } if offset == start && limit == 16 << 20);
        assert!(error.is_none_or(told));
    }
}

#[test]
fn an_interface_that_cannot_be_read_keeps_its_number() {
    let mut file = Writer::new(ByteOrder::Little);
    file.section().block(1, |body| {
        body.u32(1);
    });
    file.interface(101, 0, |_| {}).enhanced(1, 3, 1, b"x", |_| {}).enhanced(0, 3, 1, b"y", |_| {});
    let mut source = open(&file);
    assert!(source.advance().unwrap());
    assert_eq!(source.frame().link_type, LinkType::RAW);
    assert!(source.advance().unwrap());
    assert_eq!((source.frame().timestamp, source.frame().link_type), (None, UNDESCRIBED));
    assert!(matches!(source.damage()[..], [SourceError::Short { .. }]));
}

#[test]
fn a_section_of_an_unknown_version_is_read_and_told() {
    let mut file = Writer::new(ByteOrder::Little);
    file.block(0x0a0d_0d0a, |body| {
        body.u32(0x1a2b_3c4d).u16(2).u16(1).u32(u32::MAX).u32(u32::MAX);
    });
    file.interface(1, 0, |_| {}).enhanced(0, 1, 1, b"x", |_| {});
    let mut source = open(&file);
    assert_eq!(read_all(source.as_mut()).0.len(), 1);
    assert!(matches!(source.damage()[..], [SourceError::Version { major: 2, minor: 1, .. }]));
}

#[test]
fn a_section_says_what_it_says_of_itself_before_the_first_frame() {
    let mut file = Writer::new(ByteOrder::Big);
    file.block(0x0a0d_0d0a, |body| {
        body.u32(0x1a2b_3c4d).u16(1).u16(0).u32(u32::MAX).u32(u32::MAX);
        body.option(1, b"a comment").option(4, b"dumpcap").option(0, &[]);
    });
    assert_eq!(open(&file).section_options(), [(1, b"a comment".to_vec()), (4, b"dumpcap".to_vec())]);
}

#[test]
fn what_was_counted_on_an_interface_is_read_in_both_byte_orders_and_stays_with_it_where_captures_are_merged() {
    for order in BOTH {
        let mut file = Writer::new(order);
        file.section().interface(1, 0, |_| {}).interface(1, 0, |_| {}).enhanced(1, 5, 1, b"a", |_| {});
        file.block(5, |body| {
            body.u32(1).u32(0).u32(0);
            for (code, count) in [(4, 9u64), (5, 2), (7, 3)] {
                let value = if order.is_big() { count.to_be_bytes() } else { count.to_le_bytes() };
                body.option(code, &value);
            }
            // Times are two halves, the upper one first in either order.
            for (code, time) in [(2, [1u32, 4]), (3, [1, 5])] {
                let halves = time.map(|half| if order.is_big() { half.to_be_bytes() } else { half.to_le_bytes() });
                body.option(code, halves.as_flattened());
            }
            body.option(0, &[]);
        });
        let moment = |ticks: i64| Some(Timestamp::from_nanoseconds((1 << 32 | ticks) * 1_000));
        let counted =
            Statistics { began: moment(4), ended: moment(5), received: Some(9), dropped_by_interface: Some(2), dropped_by_system: Some(3) };
        let mut source = crate::source::merge(vec![open(&file), open(&file)]);
        while source.advance().unwrap() {}
        let all: Vec<_> = source.interfaces().iter().map(|interface| interface.statistics).collect();
        assert_eq!(all, [Statistics::default(), counted, Statistics::default(), counted]);
    }
}
