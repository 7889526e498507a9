//! Transmission Control Protocol (RFC 9293).

use super::tcp_option;
use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Stop, Tcp, Value, View, Walk, checksum};

/// TCP.
pub static PROTOCOL: Protocol = Protocol {
    name: "tcp",
    label: "TCP",
    title: "Transmission Control Protocol",
    reference: "RFC 9293",
    claims: &[Selector::IpProtocol(6)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS, tcp_option::FIELDS],
};

/// The flag of a segment after which its sender says no more (RFC 9293, section 3.1, as all of these).
pub const FIN: u16 = 0x001;
/// The flag of a segment that begins a connection.
pub const SYN: u16 = 0x002;
/// The flag of a segment that ends a connection at once, or refuses one.
pub const RST: u16 = 0x004;
/// The flag of a segment whose bytes should be handed to the program at once.
pub const PSH: u16 = 0x008;
/// The flag of a segment whose acknowledgement number means something.
pub const ACK: u16 = 0x010;
/// The flag of a segment whose urgent pointer means something.
pub const URG: u16 = 0x020;

/// The flags, as `(mask, name)`, in the order in which people say them.
pub const FLAGS: &[(u64, &str)] = &[
    (SYN as u64, "SYN"),
    (FIN as u64, "FIN"),
    (RST as u64, "RST"),
    (PSH as u64, "PSH"),
    (URG as u64, "URG"),
    (ACK as u64, "ACK"),
    (0x040, "ECE"),
    (0x080, "CWR"),
    (0x100, "AE"),
];

fields! {
    SOURCE_PORT = Field::number("tcp.srcport", "Source port", "The port of the program that sent the segment.").aliases(&["tcp.port"]);
    DESTINATION_PORT = Field::number("tcp.dstport", "Destination port", "The port of the program that the segment is for.").aliases(&["tcp.port"]);
    SEQUENCE = Field::number("tcp.seq_raw", "Sequence number", "The place of the segment's first byte in what its sender says; begins at a random number.");
    ACKNOWLEDGEMENT = Field::number("tcp.ack_raw", "Acknowledgement number", "The next byte that the sender of this segment expects: everything before it has arrived.");
    HEADER_LENGTH = Field::number("tcp.hdr_len", "Header length", "How long this header is: 20 bytes, or more where it has options.").unit("bytes");
    ALL_FLAGS = Field::hexadecimal("tcp.flags", "Flags", 3, "What the segment does.").bits(FLAGS);
    RESERVED = Field::number("tcp.flags.res", "Reserved", "Must be 0.");
    ACCURATE_ECN = Field::boolean("tcp.flags.ae", "Accurate ECN", "Part of the count of congestion marks (RFC 9768).");
    WINDOW_REDUCED = Field::boolean("tcp.flags.cwr", "Congestion window reduced", "The sender has slowed down because of a congestion mark.");
    ECN_ECHO = Field::boolean("tcp.flags.ece", "ECN echo", "A congestion mark has arrived; in a SYN: congestion marks are understood.");
    URGENT = Field::boolean("tcp.flags.urg", "Urgent", "The urgent pointer means something.");
    ACKNOWLEDGES = Field::boolean("tcp.flags.ack", "Acknowledgement", "The acknowledgement number means something: set on every segment but the first.");
    PUSH = Field::boolean("tcp.flags.push", "Push", "The receiver should hand over to its program what it has: the sender has no more for now.");
    RESET = Field::boolean("tcp.flags.reset", "Reset", "The connection is over at once, or was refused.");
    SYNCHRONIZE = Field::boolean("tcp.flags.syn", "Synchronize", "A connection begins: the sequence number is the initial one.");
    FINISH = Field::boolean("tcp.flags.fin", "Finish", "The sender has said everything; it still listens.");
    WINDOW = Field::number("tcp.window_size_value", "Window", "How many more bytes the sender of this segment can take, before scaling.");
    CHECKSUM = Field::checksum("tcp.checksum", "Checksum", "Guards header, payload and the addresses of the packet.");
    CHECKSUM_STATUS = Field::status("tcp.checksum.status", "Checksum status", "Whether the segment adds up.");
    URGENT_POINTER = Field::number("tcp.urgent_pointer", "Urgent pointer", "Where the urgent bytes end, counted from the sequence number.");
    PAYLOAD_LENGTH = Field::number("tcp.len", "Payload length", "How many bytes of the stream the segment carries; worked out from the packet's length.").unit("bytes");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    // An ICMP error need not quote more of a segment than 8 bytes (RFC 792): ports and sequence number.
    if let (true, &[s0, s1, d0, d1, _, _, _, _, ref rest @ ..]) = (walk.quoted(), walk.bytes())
        && rest.len() < 12
    {
        walk.set_transport(u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]), None, 20);
    }
    let &[s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, offset, flags, w0, w1, ..] = walk.header_bytes::<20>()?;
    let header_length = usize::from(offset >> 4) * 4;
    let (source, destination) = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    let tcp = Tcp {
        sequence: u32::from_be_bytes([q0, q1, q2, q3]),
        acknowledgement: u32::from_be_bytes([a0, a1, a2, a3]),
        flags: u16::from_be_bytes([offset & 15, flags]),
        window: u16::from_be_bytes([w0, w1]),
    };
    walk.header(header_length.max(20));
    walk.set_transport(source, destination, Some(tcp), header_length.max(20));
    if header_length < 20 {
        return Err(walk.invalid("header length", 20, header_length));
    }
    walk.need(header_length, "options")?;
    Ok(Next::TcpPorts(source, destination))
}

fn verify(view: &View<'_>) -> Checksum {
    checksum::verify_with_pseudo_header(view, 6, view.wire_length(), 16)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&SOURCE_PORT, 0, 2)?;
    d.number(&DESTINATION_PORT, 2, 2)?;
    d.number(&SEQUENCE, 4, 4)?;
    d.number(&ACKNOWLEDGEMENT, 8, 4)?;
    let header_length = usize::try_from(d.peek(12, 1)? >> 4 << 2).ok()?;
    d.value(&HEADER_LENGTH, 12, 1, Value::Number(header_length as u64));
    let flags = d.peek(12, 2)? & 0xfff;
    d.open(&ALL_FLAGS, 12, 2, Value::Number(flags));
    if flags & 0xe00 != 0 {
        d.bits(&RESERVED, 12, 2, 0xe00)?;
    }
    for (field, mask) in [
        (&ACCURATE_ECN, 0x100),
        (&WINDOW_REDUCED, 0x080),
        (&ECN_ECHO, 0x040),
        (&URGENT, 0x020),
        (&ACKNOWLEDGES, 0x010),
        (&PUSH, 0x008),
        (&RESET, 0x004),
        (&SYNCHRONIZE, 0x002),
        (&FINISH, 0x001),
    ] {
        d.flag(field, 12, 2, mask)?;
    }
    d.close();
    d.number(&WINDOW, 14, 2)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 16)?;
    d.number(&URGENT_POINTER, 18, 2)?;
    if header_length >= 20 {
        let payload = d.view.wire_length().saturating_sub(header_length);
        d.value(&PAYLOAD_LENGTH, 0, 0, Value::Number(payload as u64));
    }
    tcp_option::describe(d, 20, header_length)
}

#[cfg(test)]
mod tests {
    use crate::dissect::{Dissection, dissect_bytes};
    use crate::frame::LinkType;

    #[test]
    fn options_that_the_capture_cut_off_are_no_payload() {
        // A SYN of 60 bytes, of which 40 are TCP's header, cut behind 54.
        let mut bytes = vec![0x45, 0, 0, 60, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        bytes.extend([0x9c, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0xa0, 2, 0xfa, 0xf0, 0, 0, 0, 0]);
        bytes.extend([2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0]);
        let mut dissection = Dissection::default();
        dissect_bytes(&bytes, 60, LinkType::IPV4, &mut dissection);
        let transport = dissection.transport().expect("a segment");
        assert_eq!((transport.payload_start, transport.payload_length), (54, 0));
    }
}
