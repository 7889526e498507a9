//! The routing header (RFC 8200 section 4.4) and its types: source route (RFC 2460), home address (RFC 6275), RPL (RFC 6554), segment
//! routing (RFC 8754), compact routing (RFC 9631).

use super::super::ip_protocol_name;
use super::{follow, length_in_eights, within_limit};
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};
use std::net::{IpAddr, Ipv6Addr};

/// The routing header.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipv6.routing",
    label: "routing",
    title: "IPv6 routing",
    reference: "RFC 8200 section 4.4",
    claims: &[Selector::NextHeader(43)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const SOURCE_ROUTE: u8 = 0;
const HOME: u8 = 2;
const RPL: u8 = 3;
const SEGMENTS: u8 = 4;
const COMPACT_16: u8 = 5;
const COMPACT_32: u8 = 6;
const TYPES: &[(u64, &str)] = &[
    (0, "source route (deprecated)"),
    (1, "Nimrod (deprecated)"),
    (2, "home address"),
    (3, "RPL source route"),
    (4, "segment routing"),
    (5, "compact routing, 16 bits"),
    (6, "compact routing, 32 bits"),
    (253, "experiment 1"),
    (254, "experiment 2"),
];
const SEGMENT_OPTIONS: &[(u64, &str)] = &[(0, "Pad1"), (4, "PadN"), (5, "HMAC")];

fields! {
    NEXT_HEADER = Field::number("ipv6.routing.nxt", "Next header", "What follows this header.").named_by(ip_protocol_name);
    LENGTH = Field::number("ipv6.routing.len", "Length", "How long this header is, in units of 8 bytes, the first 8 not counted.");
    LENGTH_IN_BYTES = Field::number("ipv6.routing.len_oct", "Length in bytes", "How long this header is; worked out from its length field.").unit("bytes");
    TYPE = Field::number("ipv6.routing.type", "Type", "What kind of route this is.").names(TYPES).in_line();
    SEGMENTS_LEFT = Field::number("ipv6.routing.segleft", "Segments left", "How many of the listed stops are still ahead.").in_line();
    SOURCE_RESERVED = Field::bytes("ipv6.routing.src.reserved", "Reserved", "Must be 0.");
    SOURCE_ADDRESS = Field::ipv6("ipv6.routing.src.addr", "Stop", "An address on the route.");
    HOME_RESERVED = Field::bytes("ipv6.routing.mipv6.reserved", "Reserved", "Must be 0.");
    HOME_ADDRESS = Field::ipv6("ipv6.routing.mipv6.home_address", "Home address", "The address that the mobile host has at home: the packet is for that one, wherever the host is.");
    RPL_INNER_ELISION = Field::number("ipv6.routing.rpl.cmprI", "Left out of each", "How many leading bytes of each address but the last are left out: they are those of the destination.").unit("bytes");
    RPL_LAST_ELISION = Field::number("ipv6.routing.rpl.cmprE", "Left out of the last", "How many leading bytes of the last address are left out.").unit("bytes");
    RPL_PADDING = Field::number("ipv6.routing.rpl.pad", "Padding", "How many bytes stand behind the last address.").unit("bytes");
    RPL_ADDRESS = Field::ipv6("ipv6.routing.rpl.full_address", "Stop", "An address on the route, with the bytes that were left out.");
    SEGMENT_LAST_ENTRY = Field::number("ipv6.routing.srh.last_entry", "Last entry", "The place of the list's last segment, counted from 0.");
    SEGMENT_FLAGS = Field::hexadecimal("ipv6.routing.srh.flags", "Flags", 2, "None is defined (RFC 8754); 0x20 marks a packet to be reported (RFC 9259).").bits(&[(0x20, "OAM")]);
    SEGMENT_TAG = Field::bytes("ipv6.routing.srh.tag", "Tag", "Marks packets that belong together.");
    SEGMENT_ADDRESS = Field::ipv6("ipv6.routing.srh.addr", "Segment", "A stop or an instruction on the route; the list begins with the last one.");
    SEGMENT_OPTION = Field::number("ipv6.routing.srh.tlv.type", "Option", "An option behind the list of segments.").names(SEGMENT_OPTIONS);
    SEGMENT_OPTION_LENGTH = Field::number("ipv6.routing.srh.tlv.length", "Length", "How long the option's data is.").unit("bytes");
    SEGMENT_OPTION_DATA = Field::bytes("ipv6.routing.srh.tlv.value", "Data", "The option's bytes.");
    COMPACT_16_SEGMENT = Field::number("ipv6.routing.crh16.sid", "Segment", "The number of a stop or an instruction on the route; the list begins with the last one.");
    COMPACT_32_SEGMENT = Field::number("ipv6.routing.crh32.sid", "Segment", "The number of a stop or an instruction on the route; the list begins with the last one.");
    UNKNOWN = Field::bytes("ipv6.routing.unknown_data", "Data", "What the type says.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, length, kind, left] = walk.header_bytes()?;
    let length = length_in_eights(length);
    if let (Some(data), Some(network)) = (walk.bytes().get(4..length), walk.network_mut())
        && let IpAddr::V6(destination) = network.destination
        && let Some(last) = last_stop(kind, left, data, destination)
    {
        network.final_destination = IpAddr::V6(last);
    }
    follow(walk, next, length)
}

/// Where the route ends, if it is not used up. `data` is what stands behind the segments left.
fn last_stop(kind: u8, left: u8, data: &[u8], destination: Ipv6Addr) -> Option<Ipv6Addr> {
    let addresses = data.get(4..)?;
    let listed = addresses.len() / 16;
    if left == 0 {
        return None;
    }
    let last = match kind {
        SOURCE_ROUTE if usize::from(left) <= listed => *addresses.last_chunk()?,
        HOME => *addresses.first_chunk()?,
        RPL => {
            let list = CompressedList::new(data)?;
            if usize::from(left) > list.count {
                return None;
            }
            list.address(list.count.saturating_sub(1), destination)?.0
        }
        SEGMENTS if left <= *data.first()? => *addresses.first_chunk()?,
        _ => return None,
    };
    Some(Ipv6Addr::from(last))
}

/// The addresses of an RPL source route, without the bytes that they share with the destination (RFC 6554 section 3).
struct CompressedList<'a> {
    bytes: &'a [u8],
    inner: usize,
    last: usize,
    count: usize,
}

impl<'a> CompressedList<'a> {
    /// `data` is what stands behind the segments left.
    #[expect(clippy::arithmetic_side_effects, reason = "an address has at least one byte of its own: at most 15 are left out")]
    fn new(data: &'a [u8]) -> Option<Self> {
        let &[elision, padding, _, _, ref bytes @ ..] = data else { return None };
        let (inner, last) = (16 - usize::from(elision >> 4), 16 - usize::from(elision & 15));
        let bytes = bytes.get(..bytes.len().checked_sub(usize::from(padding >> 4))?)?;
        let count = bytes.len().checked_sub(last)? / inner + 1;
        Some(Self { bytes, inner, last, count })
    }

    /// The address at a place, with its offset in the list and its length there.
    #[expect(clippy::arithmetic_side_effects, reason = "a place in a list of at most 2,048 addresses, of at most 16 bytes each")]
    fn address(&self, place: usize, destination: Ipv6Addr) -> Option<([u8; 16], usize, usize)> {
        let (start, length) = (place * self.inner, if place + 1 == self.count { self.last } else { self.inner });
        let own = self.bytes.get(start..start + length)?;
        let mut address = destination.octets();
        address.get_mut(16 - length..)?.copy_from_slice(own);
        Some((address, start, length))
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&NEXT_HEADER, 0, 1)?;
    let end = length_in_eights(u8::try_from(d.number(&LENGTH, 1, 1)?).ok()?);
    d.value(&LENGTH_IN_BYTES, 1, 1, Value::Number(end as u64));
    let kind = u8::try_from(d.number(&TYPE, 2, 1)?).ok()?;
    d.number(&SEGMENTS_LEFT, 3, 1)?;
    match kind {
        SOURCE_ROUTE => {
            d.bytes(&SOURCE_RESERVED, 4, 4)?;
            describe_addresses(d, &SOURCE_ADDRESS, 8, end)
        }
        HOME => {
            d.bytes(&HOME_RESERVED, 4, 4)?;
            describe_addresses(d, &HOME_ADDRESS, 8, end)
        }
        RPL => describe_rpl(d, end),
        SEGMENTS => describe_segments(d, end),
        COMPACT_16 => describe_numbers(d, &COMPACT_16_SEGMENT, 2, end),
        COMPACT_32 => describe_numbers(d, &COMPACT_32_SEGMENT, 4, end),
        _ => {
            d.bytes(&UNKNOWN, 4, end.saturating_sub(4))?;
            Some(())
        }
    }
}

fn describe_addresses(d: &mut Describe<'_, '_>, field: &'static Field, from: usize, end: usize) -> Option<()> {
    for at in (from..end).step_by(16).take_while(|at| at.saturating_add(16) <= end) {
        d.ipv6(field, at)?;
    }
    Some(())
}

fn describe_numbers(d: &mut Describe<'_, '_>, field: &'static Field, size: usize, end: usize) -> Option<()> {
    for at in (4..end).step_by(size) {
        d.number(field, at, size)?;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "a place in the list")]
fn describe_rpl(d: &mut Describe<'_, '_>, end: usize) -> Option<()> {
    d.bits(&RPL_INNER_ELISION, 4, 1, 0xf0)?;
    d.bits(&RPL_LAST_ELISION, 4, 1, 0x0f)?;
    d.bits(&RPL_PADDING, 5, 1, 0xf0)?;
    let Some(IpAddr::V6(destination)) = d.view.network().map(|network| network.destination) else { return Some(()) };
    let list = CompressedList::new(d.slice(4, end.saturating_sub(4))?)?;
    for place in 0..list.count {
        let (address, start, length) = list.address(place, destination)?;
        d.value(&RPL_ADDRESS, 8 + start, length, Value::Ipv6(address));
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 2,048 bytes, and lengths of 8 bits")]
fn describe_segments(d: &mut Describe<'_, '_>, end: usize) -> Option<()> {
    let last = usize::try_from(d.number(&SEGMENT_LAST_ENTRY, 4, 1)?).ok()?;
    d.number(&SEGMENT_FLAGS, 5, 1)?;
    d.bytes(&SEGMENT_TAG, 6, 2)?;
    let list_end = (8 + (last + 1) * 16).min(end);
    describe_addresses(d, &SEGMENT_ADDRESS, 8, list_end)?;
    let mut at = list_end;
    while at < end {
        let kind = d.peek(at, 1)?;
        if kind == 0 {
            d.number(&SEGMENT_OPTION, at, 1)?;
            at += 1;
            continue;
        }
        let length = usize::try_from(d.peek(at + 1, 1)?).ok()?;
        let room = length.min(end.saturating_sub(at + 2));
        d.under(&SEGMENT_OPTION, at, 2 + room, Value::Number(kind), |d| {
            d.number(&SEGMENT_OPTION_LENGTH, at + 1, 1)?;
            if room > 0 {
                d.bytes(&SEGMENT_OPTION_DATA, at + 2, room)?;
            }
            Some(())
        })?;
        at += 2 + length;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    /// A packet with a routing header; `rest` is what stands behind its next header and length.
    fn packet(length: usize, rest: &str, destination: &str) -> Dissected {
        let units = length / 8 - 1;
        dissect(
            LinkType::IPV6,
            &format!(
                "60000000 {:04x} 2b 04 22000000000002440212 3ffffeae22f7 {destination} 3a{units:02x} {rest} 8000 d3ab 00000000",
                length + 8
            ),
        )
    }

    fn final_destination(got: &Dissected) -> String {
        got.dissection.network().map(|network| network.final_destination.to_string()).unwrap_or_default()
    }

    const DESTINATION: &str = "22000000000002400002000000000004";

    #[test]
    fn a_source_route_that_is_not_used_up_tells_the_checksums_destination() {
        let got = packet(24, "0001 00000000 22000000000002100002000000000004", DESTINATION);
        assert_eq!(got.protocols(), "ipv6:ipv6.routing:icmpv6");
        assert_eq!(got.value("ipv6.routing.src.addr"), "2200::210:2:0:0:4");
        assert_eq!(final_destination(&got), "2200::210:2:0:0:4");
        assert_eq!(got.value("icmpv6.checksum.status"), "good");
        let used = packet(24, "0000 00000000 22000000000002100002000000000004", DESTINATION);
        assert_eq!(final_destination(&used), "2200::240:2:0:0:4");
    }

    #[test]
    fn more_segments_left_than_there_are_lead_nowhere() {
        let got = packet(24, "0002 00000000 22000000000002100002000000000004", DESTINATION);
        assert_eq!(final_destination(&got), "2200::240:2:0:0:4");
        assert_eq!(got.value("icmpv6.checksum.status"), "bad");
    }

    #[test]
    fn the_first_segment_listed_is_the_last_one() {
        let got =
            packet(48, "0401 01 00 abcd 22000000000002100002000000000004 aaaa0000000000000000000000000001 0406 000000000000", DESTINATION);
        assert_eq!(final_destination(&got), "2200::210:2:0:0:4");
        assert_eq!(got.values("ipv6.routing.srh.addr"), ["2200::210:2:0:0:4", "aaaa::1"]);
        assert_eq!([got.value("ipv6.routing.srh.tlv.type"), got.value("ipv6.routing.srh.tlv.value")], ["4", "000000000000"]);
        assert_eq!(got.value("icmpv6.checksum.status"), "good");
    }

    #[test]
    fn compressed_addresses_are_completed_from_the_destination() {
        // Twelve bytes left out of the inner, eight of the last; four of padding.
        let got = packet(24, "0302 c8 40 0000 000000aa 0210000200000004 00000000", "2200000000000000 0000000000000001");
        assert_eq!(got.values("ipv6.routing.rpl.full_address"), ["2200::aa", "2200::210:2:0:4"]);
        assert_eq!(final_destination(&got), "2200::210:2:0:4");
    }

    #[test]
    fn a_home_address_and_unknown_types() {
        let got = packet(24, "0201 00000000 22000000000002100002000000000004", DESTINATION);
        assert_eq!([got.value("ipv6.routing.mipv6.home_address"), final_destination(&got)], ["2200::210:2:0:0:4", "2200::210:2:0:0:4"]);
        let got = packet(8, "fd01 01020304", DESTINATION);
        assert_eq!([got.value("ipv6.routing.unknown_data"), final_destination(&got)], ["01020304", "2200::240:2:0:0:4"]);
    }
}
