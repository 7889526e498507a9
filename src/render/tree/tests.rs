use super::*;
use crate::frame::{Annotations, LinkType};
use crate::render::sample;
use crate::render::time::{Precision, TimeForm};
use proptest::prelude::*;

fn tree(options: TreeOptions, frame: &Frame<'_>, interfaces: &[Interface], finding: Option<&Finding>) -> String {
    let clock = Clock::new(TimeForm::DateAndTime, Precision::Nanoseconds);
    let mut out = Vec::new();
    Tree::new(clock, Palette::plain(), options).write_frame(
        &mut out,
        frame,
        &sample::dissected(frame),
        interfaces,
        &Names::default(),
        finding,
    );
    String::from_utf8(out).unwrap()
}

const PLAIN: TreeOptions = TreeOptions { meanings: false, bytes: false, width: 100 };
const MEANINGS: TreeOptions = TreeOptions { meanings: true, ..PLAIN };

#[test]
fn a_syn_in_whole() {
    let data = sample::bytes(sample::SYN);
    let frame = sample::frame(&data, LinkType::ETHERNET);
    let expected = "\
Frame 5: 74 bytes on the wire, 74 captured, 2026-11-22 16:00:38.943864056 UTC, interface h1-eth0
Ethernet, 02:00:c0:a8:01:0b > 02:00:c0:a8:01:01
    Destination  02:00:c0:a8:01:01
    Source       02:00:c0:a8:01:0b
    Type         0x0800 (IPv4)
Internet Protocol version 4, 192.168.1.11 > 10.130.1.4, 60 bytes
    Version                  4
    Header length            20 bytes
    Differentiated services  0 (default)
    Congestion notification  0 (not ECN-capable)
    Total length             60 bytes
    Identification           0x3d49
    Don't fragment           yes
    More fragments           no
    Fragment offset          0 bytes
    Time to live             64
    Protocol                 6 (TCP)
    Header checksum          0x303a, good
    Source                   192.168.1.11
    Destination              10.130.1.4
Transmission Control Protocol, 57668 > 80, SYN
    Source port             57668
    Destination port        80
    Sequence number         3874666213
    Acknowledgement number  0
    Header length           40 bytes
    Flags                   0x002 (SYN)
    Window                  64240
    Checksum                0xbd75, good
    Urgent pointer          0
    Payload length          0 bytes
    Option                  2 (Maximum segment size)
      Length                4 bytes
      Maximum segment size  1460 bytes
    Option                  4 (SACK permitted)
      Length                2 bytes
    Option                  8 (Timestamps)
      Length                10 bytes
      Timestamp value       1080427146
      Timestamp echo        0
    Option                  1 (No operation)
    Option                  3 (Window scale)
      Length                3 bytes
      Window shift          10
      Window multiplier     1024

";
    assert_eq!(tree(PLAIN, &frame, &sample::interface(b"h1-eth0"), None), expected);
}

#[test]
fn what_fields_mean_stands_under_them_once_a_layer() {
    let data = sample::bytes(sample::SYN);
    let tree = tree(MEANINGS, &sample::frame(&data, LinkType::ETHERNET), &[], None);
    assert!(tree.contains("Internet Protocol version 4, 192.168.1.11 > 10.130.1.4, 60 bytes [RFC 791]\n"), "{tree}");
    let value = "    Time to live             64\n";
    let meaning = "                               How many more routers may pass the packet on: each takes 1 off, and
                               the one that reaches 0 drops it.
";
    assert!(tree.contains(&[value, meaning].concat()), "{tree}");
    assert!(tree.contains("\n      Synchronize                yes\n"), "{tree}");
    assert_eq!(tree.matches("An option of the header.").count(), 1);
    assert!(tree.lines().all(|line| line.chars().count() <= 100), "{tree}");
}

#[test]
fn the_bytes_of_a_layer_stand_under_its_title() {
    let data = sample::bytes(sample::SYN);
    let tree = tree(TreeOptions { bytes: true, ..PLAIN }, &sample::frame(&data, LinkType::ETHERNET), &[], None);
    let expected = "\
Ethernet, 02:00:c0:a8:01:0b > 02:00:c0:a8:01:01
    0000  02 00 c0 a8 01 01 02 00  c0 a8 01 0b 08 00        ..............    Ethernet
    Destination  02:00:c0:a8:01:01
";
    assert!(tree.contains(expected), "{tree}");
}

#[test]
fn a_wrong_checksum_says_what_would_be_right_and_whether_that_is_a_fault() {
    let mut data = sample::bytes(sample::SYN);
    data[51] ^= 0xff;
    let frame = sample::frame(&data, LinkType::ETHERNET);
    let shown = tree(PLAIN, &frame, &[], None);
    assert!(shown.contains("0xbd8a, bad: 0xbd75 would be right; perhaps the network card fills it in after the capture\n"), "{shown}");
    let dissection = sample::dissected(&frame);
    let checksum = View::new(frame.data, &dissection, 2).and_then(|view| view.checksum()).unwrap();
    let shown = tree(PLAIN, &frame, &[], Some(&Finding { label: "TCP", checksum }));
    assert!(shown.contains("0xbd8a, bad: 0xbd75 would be right\n"), "{shown}");
}

#[test]
fn a_cut_frame_says_where_and_what_was_missing() {
    let data = sample::bytes(sample::SYN);
    let frame = Frame { length: 74, ..sample::frame(&data[..42], LinkType::ETHERNET) };
    let tree = tree(PLAIN, &frame, &[], None);
    assert!(tree.starts_with("Frame 5: 74 bytes on the wire, 42 captured, "), "{tree}");
    let last = tree.trim_end().lines().last();
    assert_eq!(last, Some("    cut here: the TCP header needs 20 bytes, and the capture kept 8"));
}

#[test]
fn names_and_comments_obey_nobody() {
    let comment = b"first\x1b[2J\r\nsecond\0";
    let options = [&[1, 0, 18, 0][..], comment, &[0; 2]].concat();
    let annotations = Annotations { options: &options, big_endian: false };
    let frame = Frame { annotations, timestamp: None, ..sample::frame(b"?", LinkType(9999)) };
    let expected = "\
Frame 5: 1 byte on the wire, 1 captured, without a time, interface e\\x07, link type 9999, which is not known
    Comment  first\\x1b[2J
             second\\x00
Data, 1 byte
    Length  1 byte
    Data    3f

";
    assert_eq!(tree(PLAIN, &frame, &sample::interface(b"e\x07"), None), expected);
}

proptest! {
    #[test]
    fn any_bytes_give_text_without_control_bytes_and_the_same_twice(
        data in proptest::collection::vec(any::<u8>(), 0..300),
        link_type in prop_oneof![Just(0), Just(1), Just(101), Just(113), Just(228), Just(276), any::<u16>()],
        change in proptest::collection::vec((0_usize..74, any::<u8>()), 0..8),
        cut in 0_usize..=74,
    ) {
        let mut damaged = sample::bytes(sample::SYN);
        for (place, byte) in change {
            damaged[place] = byte;
        }
        for (data, link_type) in [(&data[..], link_type), (&damaged[..cut], 1)] {
            let frame = sample::frame(data, LinkType(link_type));
            let options = TreeOptions { meanings: true, bytes: true, width: 80 };
            let shown = tree(options, &frame, &[], None);
            prop_assert!(!shown.chars().any(|character| character != '\n' && character.is_control()), "{shown:?}");
            prop_assert_eq!(&shown, &tree(options, &frame, &[], None));
        }
    }
}
