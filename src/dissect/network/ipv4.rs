//! Internet Protocol, version 4 (RFC 791).

use super::ip_protocol_name;
use crate::dissect::{
    Checksum, Describe, Field, FragmentPart, Network, Next, Protocol, Selector, Status, Stop, Value, View, Walk, checksum,
};
use std::net::{IpAddr, Ipv4Addr};

/// IPv4.
pub static PROTOCOL: Protocol = Protocol {
    name: "ip",
    label: "IPv4",
    title: "Internet Protocol version 4",
    reference: "RFC 791",
    claims: &[
        Selector::LinkType(228),
        Selector::EtherType(0x0800),
        Selector::LinkServiceAccessPoint(0x06),
        Selector::PppProtocol(0x0021),
        Selector::IpProtocol(4),
    ],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const OPTION_NAMES: &[(u64, &str)] = &[
    (0, "End of options"),
    (1, "No operation"),
    (7, "Record route"),
    (25, "Quick-Start"),
    (68, "Timestamp"),
    (82, "Traceroute"),
    (130, "Security"),
    (131, "Loose source route"),
    (133, "Extended security"),
    (134, "Commercial security"),
    (136, "Stream identifier"),
    (137, "Strict source route"),
    (148, "Router alert"),
];
/// What a timestamp option holds (RFC 791 section 3.1).
const TIMESTAMP_FLAGS: &[(u64, &str)] = &[(0, "times only"), (1, "addresses and times"), (3, "times of the addresses given")];
/// Names of the differentiated services code points (RFC 2474, 2597, 3246, 5865, 8622).
pub const DSCP_NAMES: &[(u64, &str)] = &[
    (0, "default"),
    (1, "lower effort"),
    (8, "CS1"),
    (10, "AF11"),
    (12, "AF12"),
    (14, "AF13"),
    (16, "CS2"),
    (18, "AF21"),
    (20, "AF22"),
    (22, "AF23"),
    (24, "CS3"),
    (26, "AF31"),
    (28, "AF32"),
    (30, "AF33"),
    (32, "CS4"),
    (34, "AF41"),
    (36, "AF42"),
    (38, "AF43"),
    (40, "CS5"),
    (44, "voice admit"),
    (46, "expedited forwarding"),
    (48, "CS6"),
    (56, "CS7"),
];
/// Names of the congestion bits (RFC 3168 section 5).
pub const ECN_NAMES: &[(u64, &str)] =
    &[(0, "not ECN-capable"), (1, "ECN-capable (1)"), (2, "ECN-capable (0)"), (3, "congestion experienced")];

fields! {
    VERSION = Field::number("ip.version", "Version", "Which version of the Internet Protocol this is: 4.");
    HEADER_LENGTH = Field::number("ip.hdr_len", "Header length", "How long this header is: 20 bytes, or more where it has options.").unit("bytes");
    DSCP = Field::number("ip.dsfield.dscp", "Differentiated services", "How routers should treat the packet among others: a code point, 0 for nothing special.").names(DSCP_NAMES);
    ECN = Field::number("ip.dsfield.ecn", "Congestion notification", "Whether both ends understand congestion marks, and whether a router set one instead of dropping the packet.").names(ECN_NAMES);
    TOTAL_LENGTH = Field::number("ip.len", "Total length", "Header and payload together; what stands behind it in the frame is padding.").unit("bytes");
    LENGTH_LEFT_OPEN = Field::boolean("ip.len.left_open", "Length left open", "The total length in the header is 0: the network card writes it when it cuts these bytes into packets. The length shown is that of the bytes.");
    IDENTIFICATION = Field::hexadecimal("ip.id", "Identification", 4, "All fragments of one packet share it, so that the receiver can put them together.");
    RESERVED = Field::boolean("ip.flags.rb", "Reserved bit", "Must be 0.");
    DONT_FRAGMENT = Field::boolean("ip.flags.df", "Don't fragment", "Set by the sender: a router for whose next link the packet is too large must drop it and say so (ICMP type 3 code 4).");
    MORE_FRAGMENTS = Field::boolean("ip.flags.mf", "More fragments", "Set on every fragment of a packet but the last.");
    FRAGMENT_OFFSET = Field::number("ip.frag_offset", "Fragment offset", "Where this fragment's payload stands in the payload of the whole packet.").unit("bytes");
    TIME_TO_LIVE = Field::number("ip.ttl", "Time to live", "How many more routers may pass the packet on: each takes 1 off, and the one that reaches 0 drops it.");
    PROTOCOL_NUMBER = Field::number("ip.proto", "Protocol", "What the packet carries.").named_by(ip_protocol_name);
    CHECKSUM = Field::checksum("ip.checksum", "Header checksum", "Guards the header alone; every router computes it anew, because the time to live has changed.");
    CHECKSUM_STATUS = Field::status("ip.checksum.status", "Header checksum status", "Whether the header adds up.");
    SOURCE = Field::ipv4("ip.src", "Source", "The address of the host that sent the packet, or that a translator put there.").aliases(&["ip.addr"]);
    DESTINATION = Field::ipv4("ip.dst", "Destination", "The address of the host that the packet is for.").aliases(&["ip.addr"]);
    OPTION = Field::number("ip.opt.type", "Option", "An option of the header.").names(OPTION_NAMES);
    OPTION_LENGTH = Field::number("ip.opt.len", "Length", "How long the option is, with its type and this byte.").unit("bytes");
    OPTION_POINTER = Field::number("ip.opt.ptr", "Pointer", "Which byte of the option is the next to be used; greater than its length when the route is used up.");
    OPTION_ROUTE = Field::ipv4("ip.opt.addr", "Route address", "A router on the route: to be visited, or visited already.");
    OPTION_OVERFLOW = Field::number("ip.opt.overflow", "Overflow", "How many routers found no more room for their time.");
    OPTION_FLAG = Field::number("ip.opt.flag", "Flag", "Whether times stand alone, or each behind the address of the router whose it is.").names(TIMESTAMP_FLAGS);
    OPTION_TIME_ADDRESS = Field::ipv4("ip.opt.time_stamp_addr", "Router", "The router that writes its time, or shall.");
    OPTION_TIME = Field::number("ip.opt.time_stamp", "Time", "When the packet passed the router: the time since midnight, universal time, unless the highest bit is set.").unit("milliseconds");
    OPTION_ROUTER_ALERT = Field::number("ip.opt.ra", "Router alert", "0: routers that pass the packet on should look into it.");
    OPTION_DATA = Field::bytes("ip.opt.data", "Data", "The option's bytes.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    if walk.bytes().first().is_some_and(|first| first >> 4 == 6) {
        return Ok(Next::Instead(&super::ipv6::PROTOCOL));
    }
    let header = walk.header_bytes::<20>()?;
    let &[
        first,
        _,
        length_high,
        length_low,
        id_high,
        id_low,
        flags_high,
        flags_low,
        hop_limit,
        protocol,
        _,
        _,
        source @ ..,
        d0,
        d1,
        d2,
        d3,
    ] = header;
    if first >> 4 != 4 {
        return Err(walk.invalid("version", 4, usize::from(first >> 4)));
    }
    let source = IpAddr::V4(Ipv4Addr::from(source));
    let destination = IpAddr::V4(Ipv4Addr::new(d0, d1, d2, d3));
    let flags = u16::from_be_bytes([flags_high, flags_low]);
    let part = FragmentPart {
        identification: u32::from(u16::from_be_bytes([id_high, id_low])),
        offset: u32::from(flags & 0x1fff) * 8,
        more: flags & 0x2000 != 0,
    };
    let fragment = (part.offset != 0 || part.more).then_some(part);
    let header_length = usize::from(first & 15) * 4;
    let final_destination = walk.bytes().get(20..header_length).and_then(route_end).map_or(destination, IpAddr::V4);
    walk.set_network(Network {
        layer: 0,
        source,
        destination,
        final_destination,
        home_source: source,
        protocol,
        hop_limit,
        fragment,
        quoted: false,
    })?;
    if header_length < 20 {
        return Err(walk.invalid("header length", 20, header_length));
    }
    let total_length = usize::from(u16::from_be_bytes([length_high, length_low]));
    // 0 is what segmentation offload leaves for the network card to fill in: then the frame tells the length.
    if total_length != 0 {
        if total_length < header_length {
            return Err(walk.invalid("total length", header_length, total_length));
        }
        walk.limit(total_length);
    }
    walk.need(header_length, "options")?;
    walk.header(header_length);
    Ok(if part.offset == 0 { Next::Claimed(Selector::IpProtocol(protocol)) } else { Next::Payload })
}

/// The last address of a source route that is not used up (RFC 791 section 3.1).
fn route_end(options: &[u8]) -> Option<Ipv4Addr> {
    let mut rest = options;
    loop {
        match *rest {
            [] | [0, ..] => return None,
            [1, ..] => rest = rest.get(1..)?,
            [kind, length, ..] => {
                let option = rest.get(..usize::from(length))?;
                if matches!(kind, 131 | 137) && *option.get(2)? <= length.saturating_sub(3) {
                    return Some(Ipv4Addr::from(*option.last_chunk::<4>()?));
                }
                rest = rest.get(usize::from(length.max(2))..)?;
            }
            [_] => return None,
        }
    }
}

fn verify(view: &View<'_>) -> Checksum {
    let bytes = view.bytes();
    let length = bytes.first().map_or(0, |first| usize::from(first & 15) * 4);
    match bytes.get(..length) {
        Some(header) if length >= 20 => checksum::verify(0, header, 10),
        _ => Checksum::without(Status::Unverified, 0),
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 60 bytes, and lengths of 8 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 1, 0xf0)?;
    let header_length = usize::try_from(d.peek(0, 1)? & 15).ok()? * 4;
    d.value(&HEADER_LENGTH, 0, 1, Value::Number(header_length as u64));
    d.bits(&DSCP, 1, 1, 0xfc)?;
    d.bits(&ECN, 1, 1, 0x03)?;
    if d.peek(2, 2)? == 0 {
        d.value(&TOTAL_LENGTH, 2, 2, Value::Number(d.view.wire_length() as u64));
        d.value(&LENGTH_LEFT_OPEN, 2, 2, Value::Boolean(true));
    } else {
        d.number(&TOTAL_LENGTH, 2, 2)?;
    }
    d.number(&IDENTIFICATION, 4, 2)?;
    if d.peek(6, 1)? & 0x80 != 0 {
        d.flag(&RESERVED, 6, 1, 0x80)?;
    }
    d.flag(&DONT_FRAGMENT, 6, 1, 0x40)?;
    d.flag(&MORE_FRAGMENTS, 6, 1, 0x20)?;
    let offset = (d.peek(6, 2)? & 0x1fff) * 8;
    d.value(&FRAGMENT_OFFSET, 6, 2, Value::Number(offset));
    d.number(&TIME_TO_LIVE, 8, 1)?;
    d.number(&PROTOCOL_NUMBER, 9, 1)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 10)?;
    d.ipv4(&SOURCE, 12)?;
    d.ipv4(&DESTINATION, 16)?;
    let mut at = 20;
    while at < header_length {
        let kind = d.peek(at, 1)?;
        if kind <= 1 {
            d.number(&OPTION, at, 1)?;
            if kind == 0 {
                break;
            }
            at += 1;
            continue;
        }
        let length = usize::try_from(d.peek(at + 1, 1)?).ok()?;
        d.open(&OPTION, at, length.max(2), Value::Number(kind));
        let whole = describe_option(d, kind, at, length.min(header_length - at));
        d.close();
        whole?;
        at += length.max(2);
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 60 bytes; the match says how long the option is")]
fn describe_option(d: &mut Describe<'_, '_>, kind: u64, at: usize, length: usize) -> Option<()> {
    d.number(&OPTION_LENGTH, at + 1, 1)?;
    match kind {
        7 | 131 | 137 if length >= 3 => {
            d.number(&OPTION_POINTER, at + 2, 1)?;
            for address in (at + 3..at + length).step_by(4).take_while(|address| address + 4 <= at + length) {
                d.ipv4(&OPTION_ROUTE, address)?;
            }
        }
        68 if length >= 4 => {
            d.number(&OPTION_POINTER, at + 2, 1)?;
            d.bits(&OPTION_OVERFLOW, at + 3, 1, 0xf0)?;
            let with_addresses = d.bits(&OPTION_FLAG, at + 3, 1, 0x0f)? != 0;
            let size = if with_addresses { 8 } else { 4 };
            for entry in (at + 4..at + length).step_by(size).take_while(|entry| entry + size <= at + length) {
                if with_addresses {
                    d.ipv4(&OPTION_TIME_ADDRESS, entry)?;
                }
                d.number(&OPTION_TIME, entry + size - 4, 4)?;
            }
        }
        148 if length == 4 => {
            d.number(&OPTION_ROUTER_ALERT, at + 2, 2)?;
        }
        _ if length > 2 => {
            d.bytes(&OPTION_DATA, at + 2, length - 2)?;
        }
        _ => {}
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_timestamp_option_gives_routers_and_their_times() {
        let packet = "48000020 00000000 40fd0000 0a000001 0a000002 440c0d21 0a000009 00000539";
        let frame = dissect(LinkType::IPV4, packet);
        for (id, value) in [
            ("ip.opt.ptr", "13"),
            ("ip.opt.overflow", "2"),
            ("ip.opt.flag", "1"),
            ("ip.opt.time_stamp_addr", "10.0.0.9"),
            ("ip.opt.time_stamp", "1337"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
        let alone = dissect(LinkType::IPV4, "48000020 00000000 40fd0000 0a000001 0a000002 440c0d00 00000001 00000002");
        assert_eq!(alone.values("ip.opt.time_stamp"), ["1", "2"]);
    }
}
