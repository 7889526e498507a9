//! An expression: read, held against frames, made a program for the kernel; or what is wrong with it, in words.

use super::clean;
use wirelore::dissect::{Dissection, dissect};
use wirelore::filter::{Filter, KernelLink};
use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use wirelore::render::filter_error;

/// The longest expression that is tried: a regular expression may take memory by its length.
const LONGEST: usize = 400;
/// The most instructions that the kernel takes.
const INSTRUCTIONS: usize = 4096;

/// A DNS question over UDP, a SYN with options, an echo in a tunnel, a fragment, and ARP.
const FRAMES: [&[u8]; 5] = [
    b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0E\0\0\x39\0\x01\0\0\x40\x11\0\0\xc0\0\x02\x01\xc0\0\x02\x35\xc8\x01\0\x35\0\x25\0\0\
      \x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03com\0\0\x01\0\x01",
    b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x81\0\0\x05\x08\0E\0\0\x30\0\x02\x40\0\x40\x06\0\0\xc0\0\x02\x01\xc6\x33\x64\x02\xc8\x01\0\x50\
      \0\0\0\x01\0\0\0\0\x70\x02\xfa\xf0\0\0\0\0\x02\x04\x05\xb4\x01\x01\x04\x02",
    b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0E\0\0\x44\0\x03\0\0\x40\x29\0\0\xc0\0\x02\x01\xc0\0\x02\x02\x60\0\0\0\0\x08\x3a\x40\
      \x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02\x80\0\0\0\0\x01\0\x01",
    b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0E\0\0\x1c\0\x04\x20\0\x40\x11\0\0\xc0\0\x02\x01\xc0\0\x02\x02\0\x35\0\x35\x01\0\0\0",
    b"\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x02\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x02\xc0\0\x02\x01\0\0\0\0\0\0\xc0\0\x02\x02",
];

pub(super) fn run(bytes: &[u8]) {
    let Ok(expression) = std::str::from_utf8(bytes) else { return };
    if expression.len() > LONGEST {
        return;
    }
    match Filter::parse(expression) {
        Ok(filter) => ask(&filter),
        Err(error) => {
            assert!(expression.contains(error.word()), "{:?} does not stand in {expression:?}", error.word());
            clean::text("the error", error.to_string().as_bytes());
            let mut told = Vec::new();
            filter_error::push(&mut told, &error);
            clean::text("what is wrong with the expression", &told);
        }
    }
}

fn ask(filter: &Filter) {
    let mut dissection = Dissection::default();
    for (data, number) in FRAMES.into_iter().zip(1..) {
        for data in [data, &data[..data.len() - 9]] {
            let frame = Frame {
                number,
                timestamp: Some(Timestamp::from_parts(1_700_000_000, 5)),
                interface: InterfaceId(0),
                link_type: LinkType::ETHERNET,
                length: u32::try_from(data.len()).expect("small"),
                check_sequence_length: 0,
                data,
                annotations: Annotations::default(),
            };
            dissect(&frame, &mut dissection);
            assert_eq!(filter.matches(&frame, &dissection), filter.matches(&frame, &dissection));
        }
    }
    for link in [KernelLink::Ethernet, KernelLink::Cooked, KernelLink::RawIp, KernelLink::Other] {
        let program = filter.kernel_program(link, 65_535);
        let length = program.instructions.len();
        assert!((1..=INSTRUCTIONS).contains(&length), "{length} instructions");
    }
}
