//! One layer's bytes behind whatever says that it comes: each dissector, by link type and by inner entry.
//!
//! An input is what the number is of, the number (two bytes), how much of the end was not captured, and the bytes behind it.

use super::operations::Operations;
use super::{clean, inside};
use wirelore::conversation::Names;
use wirelore::dissect::{Dissection, dissect};
use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use wirelore::render::json::Json;
use wirelore::render::line::LineForm;
use wirelore::render::style::Palette;
use wirelore::render::time::{Clock, Precision, TimeForm};
use wirelore::render::tree::{Tree, TreeOptions};

pub(super) fn run(bytes: &[u8]) {
    let mut input = Operations(bytes);
    let (kind, number, lost) = (input.byte(), input.short(), u32::from(input.byte()));
    let (link_type, data) = framed(kind, number, input.rest());
    let frame = Frame {
        number: 1,
        timestamp: Some(Timestamp::from_parts(1_700_000_000, 5)),
        interface: InterfaceId(0),
        link_type,
        length: u32::try_from(data.len()).expect("inputs are small") + lost,
        check_sequence_length: 0,
        data: &data,
        annotations: Annotations::default(),
    };
    let mut dissection = Dissection::default();
    dissect(&frame, &mut dissection);
    inside::check(&data, &dissection);
    let written = write(&frame, &dissection);
    clean::text("the line form", &written[0]);
    clean::text("the tree", &written[1]);
    clean::json_lines("--json", &written[2]);
    let mut again = Dissection::default();
    dissect(&frame, &mut again);
    assert!(written == write(&frame, &again), "the same frame gives another output");
}

/// The bytes, with before them what leads to whoever claims the number; and the link type of the whole.
fn framed(kind: u8, number: u16, payload: &[u8]) -> (LinkType, Vec<u8>) {
    let [high, low] = number.to_be_bytes();
    let before = |header: &[u8]| [header, payload].concat();
    let length = |more: usize| u16::try_from(payload.len() + more).unwrap_or(u16::MAX).to_be_bytes();
    let ipv4 = |protocol: u8, header: &[u8]| {
        let [total_high, total_low] = length(20 + header.len());
        let fixed = [0x45, 0, total_high, total_low, 0, 7, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2];
        (LinkType::IPV4, [&fixed, header, payload].concat())
    };
    match kind % 8 {
        0 => (LinkType(number), payload.to_vec()),
        1 => (LinkType::ETHERNET, before(&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, high, low])),
        2 => ipv4(low, &[]),
        3 => {
            let [length_high, length_low] = length(0);
            (LinkType::IPV6, before(&[&[0x60, 0, 0, 0, length_high, length_low, low, 64][..], &[0x20; 32]].concat()))
        }
        4 => {
            let [length_high, length_low] = length(8);
            ipv4(17, &[200, 1, high, low, length_high, length_low, 0, 0])
        }
        5 => ipv4(6, &[200, 1, high, low, 0, 0, 1, 0, 0, 0, 2, 0, 0x50, 0x18, 1, 0, 0, 0, 0, 0]),
        6 => {
            let [length_high, length_low] = length(3).map(|byte| byte & 5);
            (LinkType::ETHERNET, before(&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, length_high, length_low, low, low, 3]))
        }
        _ => (LinkType(9), before(&[0xff, 3, high, low])),
    }
}

fn write(frame: &Frame<'_>, dissection: &Dissection) -> [Vec<u8>; 3] {
    let clock = || Clock::new(TimeForm::DateAndTime, Precision::Nanoseconds);
    let (names, mut written) = (Names::default(), [const { Vec::new() }; 3]);
    let [line, tree, json] = &mut written;
    LineForm::new(clock(), Palette::plain(), true).write_frame(line, frame, dissection, &names, None);
    let options = TreeOptions { meanings: true, bytes: true, width: 100 };
    Tree::new(clock(), Palette::plain(), options).write_frame(tree, frame, dissection, &[], &names, None);
    Json::default().write_frame(json, frame, dissection, &[], &names);
    written
}
