//! Tags that switches put between a frame's addresses and its type, other than VLAN tags: port extension (Cisco's VN-Tag, 802.1BR), and
//! numbers for frames that are sent twice (HSR, 802.1CB).

use super::ethernet::{ETHER_TYPES, FIRST_ETHER_TYPE, type_or_length};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Declares a tag: all of them end with the type that they stand before.
macro_rules! tag {
    ($(#[$text:meta])* $static:ident, $name:literal, $label:literal, $title:literal, $reference:literal, $ether_type:literal, $length:literal, $describe:ident) => {
        $(#[$text])*
        pub static $static: Protocol = Protocol {
            name: $name,
            label: $label,
            title: $title,
            reference: $reference,
            claims: &[Selector::EtherType($ether_type)],
            dissect: dissect::<$length>,
            describe: $describe,
            verify: None,
            fields: &[FIELDS],
        };
    };
}

tag!(
    /// Which virtual port a frame comes from or goes to.
    VIRTUAL_PORT, "vntag", "VN-Tag", "Cisco virtual network tag", "Cisco FEX", 0x8926, 6, describe_virtual_port
);
tag!(
    /// The same by IEEE.
    EXTENSION, "etag", "E-Tag", "802.1BR extension tag", "IEEE 802.1BR-2012 section 7.5", 0x893f, 8, describe_extension
);
tag!(
    /// The number of a frame that goes both ways round a ring.
    RING, "hsr", "HSR", "High-availability seamless redundancy", "IEC 62439-3 section 5.7", 0x892f, 6, describe_ring
);
tag!(
    /// The number of a frame that is sent over several paths.
    REDUNDANCY, "ieee8021cb", "R-Tag", "802.1CB redundancy tag", "IEEE 802.1CB-2017 section 7.8", 0xf1c1, 6, describe_redundancy
);

fields! {
    PORT_DIRECTION = Field::boolean("vntag.dir", "To the port", "The frame is on its way to a virtual port; otherwise it comes from one.");
    PORT_POINTER = Field::boolean("vntag.ptr", "Pointer", "The destination is a list of ports.");
    PORT_DESTINATION = Field::number("vntag.dst", "Destination", "The virtual port that the frame is for.").in_line();
    PORT_LOOPED = Field::boolean("vntag.looped", "Looped", "The frame comes back to where it was sent from.");
    PORT_VERSION = Field::number("vntag.version", "Version", "Which version of the tag this is.");
    PORT_SOURCE = Field::number("vntag.src", "Source", "The virtual port that the frame comes from.").in_line();
    PORT_TYPE = Field::hexadecimal("vntag.etype", "Type", 4, "What the tag stands before.").names(ETHER_TYPES);
    PORT_LENGTH = Field::number("vntag.len", "Length", "How many bytes of 802.2 data follow.").unit("bytes");
    EXTENSION_PRIORITY = Field::number("etag.pcp", "Priority", "Which queue switches put the frame into.");
    EXTENSION_DROP = Field::boolean("etag.dei", "Drop eligible", "Under load this frame may be dropped before others.");
    EXTENSION_SOURCE = Field::number("etag.iecid_base", "Source", "The extended port that the frame comes from.").in_line();
    EXTENSION_GROUP = Field::number("etag.group", "Group", "Other than 0 where the frame is for several ports.");
    EXTENSION_DESTINATION = Field::number("etag.ecid_base", "Destination", "The extended port, or the group of them, that the frame is for.").in_line();
    EXTENSION_TYPE = Field::hexadecimal("etag.etype", "Type", 4, "What the tag stands before.").names(ETHER_TYPES);
    RING_PATH = Field::number("hsr.path", "Path", "Which way round the ring the frame went.");
    RING_SIZE = Field::number("hsr.lsdu_size", "Size", "How long the frame is from this tag on.").unit("bytes");
    RING_SEQUENCE = Field::number("hsr.sequence_nr", "Sequence number", "By which the receiver knows the second copy.").in_line();
    RING_TYPE = Field::hexadecimal("hsr.type", "Type", 4, "What the tag stands before.").names(ETHER_TYPES);
    REDUNDANCY_SEQUENCE = Field::number("ieee8021cb.seq", "Sequence number", "By which the receiver knows the other copies.").in_line();
    REDUNDANCY_TYPE = Field::hexadecimal("ieee8021cb.etype", "Type", 4, "What the tag stands before.").names(ETHER_TYPES);
}

fn dissect<const LENGTH: usize>(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let bytes = walk.need(LENGTH, "header")?;
    walk.header(LENGTH);
    let number = bytes.last_chunk().map_or(0, |number| u16::from_be_bytes(*number));
    Ok(type_or_length(walk, number))
}

/// Shows the type at `at`, unless it is a length.
fn describe_type(d: &mut Describe<'_, '_>, field: &'static Field, at: usize) -> Option<()> {
    if d.peek(at, 2)? >= u64::from(FIRST_ETHER_TYPE) {
        d.number(field, at, 2)?;
    }
    Some(())
}

fn describe_virtual_port(d: &mut Describe<'_, '_>) -> Option<()> {
    d.flag(&PORT_DIRECTION, 0, 4, 0x8000_0000)?;
    d.flag(&PORT_POINTER, 0, 4, 0x4000_0000)?;
    d.bits(&PORT_DESTINATION, 0, 4, 0x3fff_0000)?;
    d.flag(&PORT_LOOPED, 0, 4, 0x0000_8000)?;
    d.bits(&PORT_VERSION, 0, 4, 0x0000_3000)?;
    d.bits(&PORT_SOURCE, 0, 4, 0x0000_0fff)?;
    if d.peek(4, 2)? < u64::from(FIRST_ETHER_TYPE) {
        d.number(&PORT_LENGTH, 4, 2)?;
    }
    describe_type(d, &PORT_TYPE, 4)
}

fn describe_extension(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&EXTENSION_PRIORITY, 0, 2, 0xe000)?;
    d.flag(&EXTENSION_DROP, 0, 2, 0x1000)?;
    d.bits(&EXTENSION_SOURCE, 0, 2, 0x0fff)?;
    d.bits(&EXTENSION_GROUP, 2, 2, 0x3000)?;
    d.bits(&EXTENSION_DESTINATION, 2, 2, 0x0fff)?;
    describe_type(d, &EXTENSION_TYPE, 6)
}

fn describe_ring(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&RING_PATH, 0, 2, 0xf000)?;
    d.bits(&RING_SIZE, 0, 2, 0x0fff)?;
    d.number(&RING_SEQUENCE, 2, 2)?;
    describe_type(d, &RING_TYPE, 4)
}

fn describe_redundancy(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&REDUNDANCY_SEQUENCE, 2, 2)?;
    describe_type(d, &REDUNDANCY_TYPE, 4)
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn every_tag_stands_before_a_type() {
        for (tag, protocol, id, value) in [
            ("8926 8005 0007 0806", "vntag", "vntag.src", "7"),
            ("893f 2003 1004 0000 0806", "etag", "etag.ecid_base", "4"),
            ("892f 1034 0009 0806", "hsr", "hsr.sequence_nr", "9"),
            ("f1c1 0000 000a 0806", "ieee8021cb", "ieee8021cb.seq", "10"),
        ] {
            let frame = dissect(LinkType::ETHERNET, &format!("001562643341 00102a1b3c4d {tag} 0001"));
            assert_eq!((frame.protocols(), frame.value(id)), (format!("eth:{protocol}:arp"), value.into()));
            let tagged = dissect(LinkType::ETHERNET, &format!("001562643341 00102a1b3c4d {} 0003 424203", &tag[..tag.len() - 5]));
            assert_eq!(tagged.protocols(), format!("eth:{protocol}:llc"));
        }
    }
}
