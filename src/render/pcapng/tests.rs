//! What is written is read again.

use super::*;
use crate::frame::{Annotations, Direction, InterfaceId, LinkType, Timestamp};
use crate::source::{self, Source, Statistics};
use proptest::collection::vec;
use proptest::prelude::*;
use std::io::Cursor;

fn interface(link_type: LinkType, snap_length: u32, options: &[(u16, &[u8])]) -> Interface {
    let options: Vec<(u16, Vec<u8>)> = options.iter().map(|(code, value)| (*code, value.to_vec())).collect();
    let name = options.iter().find(|(code, _)| *code == 2).map(|(_, name)| name.clone());
    Interface { name, link_type, snap_length, options, statistics: Statistics::default() }
}

fn frame(interface: u32, nanoseconds: Option<i64>, data: &[u8]) -> Frame<'_> {
    Frame {
        number: 1,
        timestamp: nanoseconds.map(Timestamp::from_nanoseconds),
        interface: InterfaceId(interface),
        link_type: LinkType::ETHERNET,
        length: data.len() as u32,
        check_sequence_length: 0,
        data,
        annotations: Annotations::default(),
    }
}

fn written(frames: &[Frame<'_>], interfaces: &[Interface], names: &[NameRecord], comments: &[&str]) -> Box<dyn Source> {
    let mut bytes = Vec::new();
    let mut writer = PcapngWriter::new(&mut bytes, &[]).unwrap();
    frames.iter().for_each(|frame| writer.write(frame, interfaces, names, comments).unwrap());
    writer.flush().unwrap();
    source::from_reader(Cursor::new(bytes), "written").unwrap()
}

#[test]
fn times_lengths_and_interfaces_come_back() {
    let interfaces = [
        interface(LinkType::RAW, 0, &[]),
        interface(LinkType::ETHERNET, 96, &[(2, b"eth1"), (8, &[0, 0xca, 0x9a, 0x3b, 0, 0, 0, 0]), (9, &[6]), (14, &[1; 8])]),
    ];
    let mut cut = frame(1, Some(1_700_000_000_123_456_789), b"frame");
    cut.length = 1_500;
    let mut source =
        written(&[cut, frame(0, Some(-5), b"early"), frame(0, Some(5), b"late"), frame(0, Some(5_000), b"round")], &interfaces, &[], &[]);
    assert!(source.advance().unwrap());
    let first = source.frame();
    assert_eq!(first.timestamp, cut.timestamp);
    assert_eq!((first.data, first.length, first.interface), (b"frame".as_slice(), 1_500, InterfaceId(0)));
    assert!(source.advance().unwrap());
    assert_eq!((source.frame().timestamp, source.frame().link_type), (Some(Timestamp::from_nanoseconds(-5)), LinkType::RAW));
    assert!(source.advance().unwrap());
    assert_eq!((source.frame().timestamp, source.frame().interface), (Some(Timestamp::from_nanoseconds(5)), InterfaceId(2)));
    assert!(source.advance().unwrap());
    assert_eq!((source.frame().timestamp, source.frame().interface), (Some(Timestamp::from_nanoseconds(5_000)), InterfaceId(3)));
    assert!(!source.advance().unwrap());
    let eth1 = source.interfaces()[0].clone();
    assert_eq!(eth1.options, [(2, b"eth1".to_vec()), (8, vec![0, 0xca, 0x9a, 0x3b, 0, 0, 0, 0]), (9, vec![9])]);
    assert_eq!((eth1.link_type, eth1.snap_length), (LinkType::ETHERNET, 96));
    let resolutions: Vec<_> = source.interfaces().iter().map(|interface| interface.options.iter().find(|(code, _)| *code == 9)).collect();
    assert_eq!(resolutions, [9, 9, 9, 6].map(|digits| Some((9, vec![digits]))).each_ref().map(Option::as_ref));
}

#[test]
fn options_of_a_big_endian_capture_mean_the_same() {
    let mut options = Vec::new();
    for (code, value) in [(1, b"word".as_slice()), (2, &[0, 0, 0, 0x21]), (4, &[0, 0, 0, 0, 0, 0, 0, 9]), (2988, &[0, 0, 0, 1, 7, 8, 9, 9])]
    {
        options.extend(u16::to_be_bytes(code));
        options.extend(u16::to_be_bytes(value.len() as u16));
        options.extend(value);
    }
    let mut given = frame(0, Some(0), b"x");
    given.annotations = Annotations { options: &options, big_endian: true };
    let mut source = written(&[given], &[interface(LinkType::ETHERNET, 0, &[])], &[], &["added"]);
    assert!(source.advance().unwrap());
    let read = source.frame().annotations;
    assert_eq!(read.direction(), Some(Direction::Inbound));
    let all: Vec<_> = read.options().collect();
    let wanted: [(u16, &[u8]); 5] =
        [(1, b"word"), (2, &[0x21, 0, 0, 0]), (4, &[9, 0, 0, 0, 0, 0, 0, 0]), (2988, &[1, 0, 0, 0, 7, 8, 9, 9]), (1, b"added")];
    assert_eq!(all, wanted);
}

#[test]
fn what_the_capture_says_of_itself_comes_back() {
    let said = [(1, b"why it was made".to_vec()), (3, b"Linux \xff".to_vec()), (2988, vec![0; 8])];
    let mut bytes = Vec::new();
    PcapngWriter::new(&mut bytes, &said).unwrap().flush().unwrap();
    let source = source::from_reader(Cursor::new(bytes), "written").unwrap();
    let program = concat!("wirelore ", env!("CARGO_PKG_VERSION")).as_bytes().to_vec();
    assert_eq!(source.section_options(), [(1, b"why it was made".to_vec()), (3, "Linux \u{fffd}".into()), (4, program)]);
}

#[test]
fn names_are_written_once() {
    let names = [("10.0.0.1", "router"), ("::1", "self")];
    let names = names.map(|(address, name)| NameRecord { address: address.parse().unwrap(), name: name.into() });
    let mut source = written(&[frame(0, Some(0), b"a"), frame(0, Some(1), b"b")], &[interface(LinkType::RAW, 0, &[])], &names, &[]);
    while source.advance().unwrap() {}
    assert_eq!(source.names(), names);
}

#[test]
fn a_frame_without_a_time_stays_without_where_it_can() {
    let interfaces = [interface(LinkType::ETHERNET, 4, &[]), interface(LinkType::ETHERNET, 0, &[])];
    let mut cut = frame(0, None, b"abcd");
    cut.length = 60;
    let mut source = written(&[cut, frame(0, None, b"abc"), frame(1, None, b"abc")], &interfaces, &[], &[]);
    let mut times = Vec::new();
    while let Some(frame) = source.next_frame().unwrap() {
        times.push((frame.timestamp.map(Timestamp::nanoseconds), frame.data.len(), frame.length));
    }
    assert_eq!(times, [(None, 4, 60), (None, 3, 3), (Some(0), 3, 3)]);
}

#[test]
fn a_check_sequence_is_told_in_the_flags_where_the_interface_does_not() {
    let silent = interface(LinkType::ETHERNET, 0, &[]);
    let mut given = frame(0, Some(0), b"x");
    given.check_sequence_length = 4;
    let mut source = written(&[given], &[silent], &[], &[]);
    assert_eq!(source.next_frame().unwrap().unwrap().check_sequence_length, 4);
    let telling = interface(LinkType::ETHERNET, 0, &[(13, &[4])]);
    let mut source = written(&[given], &[telling], &[], &[]);
    let frame = source.next_frame().unwrap().unwrap();
    assert_eq!((frame.check_sequence_length, frame.annotations.options.len()), (4, 0));
}

#[test]
fn an_interface_that_is_not_described_by_the_book_keeps_its_name() {
    let odd = interface(LinkType::ETHERNET, 7, &[(2, b"eth\xff"), (6, b"short")]);
    let mut source = written(&[frame(0, Some(3), b"x")], &[odd], &[], &[]);
    assert!(source.advance().unwrap());
    assert_eq!(source.frame().timestamp, Some(Timestamp::from_nanoseconds(3)));
    assert_eq!(source.interfaces()[0].name.as_deref(), Some("eth\u{fffd}".as_bytes()));
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_again(frames in vec((0..3_u32, any::<i64>(), 0..3_u32, vec(any::<u8>(), 0..30), 0..20_u32, any::<bool>()), 1..12)) {
        let interfaces = [(LinkType::ETHERNET, 6), (LinkType::RAW, 9), (LinkType::LINUX_SLL, 3)];
        let interfaces = interfaces.map(|(link_type, digits)| interface(link_type, 0, &[(9, &[digits])]));
        let given: Vec<_> = frames.iter().map(|(place, time, round, data, more, commented)| {
            let time = time - time % [1, 1_000, 1_000_000_000][*round as usize];
            let mut given = frame(*place, Some(time), data);
            given.link_type = interfaces[*place as usize].link_type;
            given.length += more;
            if *commented {
                given.annotations.options = &[1, 0, 3, 0, b'h', b'e', b'y', 0, 0, 0, 0, 0];
            }
            given
        }).collect();
        let mut source = written(&given, &interfaces, &[], &[]);
        for wanted in given {
            let read = source.next_frame().unwrap().unwrap();
            prop_assert_eq!((read.timestamp, read.link_type, read.length, read.data), (wanted.timestamp, wanted.link_type, wanted.length, wanted.data));
            prop_assert_eq!(read.annotations.options, wanted.annotations.options);
        }
        prop_assert!(source.next_frame().unwrap().is_none());
        prop_assert!(source.damage().is_empty());
    }
}

#[test]
fn a_plain_frame_becomes_the_block_that_any_other_way_makes_of_it() {
    let nanoseconds = interface(LinkType::ETHERNET, 0, &[(2, b"eth0"), (9, &[9])]);
    for (data, options) in [(b"".as_slice(), [].as_slice()), (b"abcde", &[2, 0, 4, 0, 1, 0, 0, 0]), (b"abcd", &[2, 0, 4, 0, 2, 0, 0, 0])] {
        let mut given = frame(0, Some(1_700_000_000_123_456_789), data);
        given.annotations.options = options;
        given.length += 7;
        let mut bytes = Vec::new();
        let mut writer = PcapngWriter::new(&mut bytes, &[]).unwrap();
        // The first frame goes the long way: its interface is not described yet.
        (0..2).for_each(|_| writer.write(&given, std::slice::from_ref(&nanoseconds), &[], &[]).unwrap());
        assert!(writer.plain(&given).is_some());
        let length = 32 + data.len().next_multiple_of(4) + if options.is_empty() { 0 } else { 12 };
        assert_eq!(bytes[bytes.len() - length..], bytes[bytes.len() - 2 * length..bytes.len() - length]);
        assert_eq!(whole(&bytes, bytes.len() - 1), (bytes.len() - length, 1));
        assert_eq!(whole(&bytes, bytes.len()), (bytes.len(), 2));
    }
}

#[test]
fn interfaces_are_described_and_counted_without_any_frame() {
    let interfaces =
        [interface(LinkType::ETHERNET, 0, &[(2, b"eth0"), (9, &[9])]), interface(LinkType::RAW, 0, &[(2, b"tun0"), (9, &[9])])];
    let mut bytes = Vec::new();
    let mut writer = PcapngWriter::new(&mut bytes, &[]).unwrap();
    writer.describe_all(&interfaces).unwrap();
    let (began, ended) = (Timestamp::from_nanoseconds(1_700_000_000_000_000_001), Timestamp::from_nanoseconds(1_700_000_000_000_000_002));
    let counted = Counted { began, ended, received: Some(9), accepted: 8, dropped: 3, delivered: 5 };
    writer.write_statistics(InterfaceId(1), &counted).unwrap();
    let block = &bytes[bytes.len() - 100..];
    assert_eq!((&block[..4], &block[8..12]), ([5, 0, 0, 0].as_slice(), [1, 0, 0, 0].as_slice()));
    let ticks = 1_700_000_000_000_000_002_u64;
    assert_eq!(block[12..20], [((ticks >> 32) as u32).to_le_bytes(), (ticks as u32).to_le_bytes()].concat());
    let mut source = source::from_reader(Cursor::new(bytes), "written").unwrap();
    assert!(!source.advance().unwrap());
    assert!(source.damage().is_empty());
    let read =
        Statistics { began: Some(began), ended: Some(ended), received: Some(9), dropped_by_interface: None, dropped_by_system: Some(3) };
    assert_eq!(source.interfaces()[1].statistics, read);
}
