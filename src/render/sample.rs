//! Frames for the tests of this room.

use crate::dissect::{Dissection, dissect};
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use crate::source::{Interface, Statistics};

/// A TCP SYN with all the usual options, from a real conversation.
pub(crate) const SYN: &str = "0200c0a801010200c0a8010b08004500003c3d4940004006303ac0a8010b0a820104e1440050e6f2b6e50000\
                              0000a002faf0bd750000020405b40402080a4066028a000000000103030a";

/// The bytes of hexadecimal digits.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).expect("digits"), 16).expect("digits")).collect()
}

/// A frame of these bytes, all of them captured.
pub(crate) fn frame(data: &[u8], link_type: LinkType) -> Frame<'_> {
    Frame {
        number: 5,
        timestamp: Some(Timestamp::from_nanoseconds(1_795_363_238_943_864_056)),
        interface: InterfaceId(0),
        link_type,
        length: u32::try_from(data.len()).expect("a short frame"),
        check_sequence_length: 0,
        data,
        annotations: Annotations::default(),
    }
}

/// The frame taken apart.
pub(crate) fn dissected(frame: &Frame<'_>) -> Dissection {
    let mut dissection = Dissection::default();
    dissect(frame, &mut dissection);
    dissection
}

/// One interface of a name.
pub(crate) fn interface(name: &[u8]) -> Vec<Interface> {
    vec![Interface {
        name: Some(name.to_vec()),
        link_type: LinkType::ETHERNET,
        snap_length: 0,
        options: Vec::new(),
        statistics: Statistics::default(),
    }]
}
