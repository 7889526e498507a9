//! Stream Control Transmission Protocol (RFC 9260): a header, and chunks of data and of control behind it.

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// SCTP.
pub static PROTOCOL: Protocol = Protocol {
    name: "sctp",
    label: "SCTP",
    title: "Stream Control Transmission Protocol",
    reference: "RFC 9260",
    claims: &[Selector::IpProtocol(132)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const CHUNKS: &[(u64, &str)] = &[
    (0, "data"),
    (1, "INIT"),
    (2, "INIT acknowledgement"),
    (3, "selective acknowledgement"),
    (4, "heartbeat"),
    (5, "heartbeat acknowledgement"),
    (6, "abort"),
    (7, "shutdown"),
    (8, "shutdown acknowledgement"),
    (9, "error"),
    (10, "cookie echo"),
    (11, "cookie acknowledgement"),
    (12, "congestion notification echo"),
    (13, "congestion window reduced"),
    (14, "shutdown complete"),
    (15, "authentication"),
    (16, "acknowledgement with separate reneging"),
    (64, "data, interleaved"),
    (128, "address change acknowledgement"),
    (130, "stream reset"),
    (132, "padding"),
    (192, "forward"),
    (193, "address change"),
    (194, "forward, interleaved"),
];
const DATA: u64 = 0;
const INIT: u64 = 1;
const INIT_ACKNOWLEDGEMENT: u64 = 2;
const ACKNOWLEDGEMENT: u64 = 3;
const SHUTDOWN: u64 = 7;
const HEADER_LENGTH: usize = 12;

fields! {
    SOURCE_PORT = Field::number("sctp.srcport", "Source port", "The port of the program that sent the packet.").aliases(&["sctp.port"]);
    DESTINATION_PORT = Field::number("sctp.dstport", "Destination port", "The port of the program that the packet is for.").aliases(&["sctp.port"]);
    VERIFICATION_TAG = Field::hexadecimal("sctp.verification_tag", "Verification tag", 8, "The number that the receiver chose for this association: packets with another are not its own.");
    CHECKSUM = Field::hexadecimal("sctp.checksum", "Checksum", 8, "Guards the whole packet: a CRC-32C.");
    CHUNK = Field::number("sctp.chunk_type", "Chunk", "What a part of the packet does.").names(CHUNKS).in_line();
    CHUNK_FLAGS = Field::hexadecimal("sctp.chunk_flags", "Flags", 2, "What else there is to say about the chunk, by its type.");
    CHUNK_LENGTH = Field::number("sctp.chunk_length", "Length", "How long the chunk is, with its header, without padding.").unit("bytes");
    CHUNK_VALUE = Field::bytes("sctp.chunk_value", "Value", "The chunk's bytes.");
    SEQUENCE = Field::number("sctp.data_tsn_raw", "Transmission sequence number", "Counts the chunks of data of this direction.");
    STREAM = Field::number("sctp.data_sid", "Stream", "Which of the association's streams the data belongs to: each is in order by itself.");
    STREAM_SEQUENCE = Field::number("sctp.data_ssn", "Stream sequence number", "Counts the messages of the stream.");
    PAYLOAD_PROTOCOL = Field::number("sctp.data_payload_proto_id", "Payload protocol", "What the data is, by a number of the application's choice.");
    BEGINS = Field::boolean("sctp.data_b_bit", "Begins a message", "The chunk holds the first part of a message.");
    ENDS = Field::boolean("sctp.data_e_bit", "Ends a message", "The chunk holds the last part of a message.");
    UNORDERED = Field::boolean("sctp.data_u_bit", "Unordered", "The message may overtake others of its stream.");
    INIT_TAG = Field::hexadecimal("sctp.init_initiate_tag", "Initiate tag", 8, "The verification tag that the other side has to use.");
    INIT_WINDOW = Field::number("sctp.init_credit", "Window", "How many bytes the sender can take.").unit("bytes");
    INIT_OUTBOUND = Field::number("sctp.init_nr_out_streams", "Outbound streams", "How many streams the sender would like to send on.");
    INIT_INBOUND = Field::number("sctp.init_nr_in_streams", "Inbound streams", "How many streams the sender can receive on.");
    INIT_SEQUENCE = Field::number("sctp.init_initial_tsn", "Initial sequence number", "The transmission sequence number that the sender begins with.");
    ANSWER_TAG = Field::hexadecimal("sctp.initack_initiate_tag", "Initiate tag", 8, "The verification tag that the other side has to use.");
    ANSWER_WINDOW = Field::number("sctp.initack_credit", "Window", "How many bytes the sender can take.").unit("bytes");
    ANSWER_OUTBOUND = Field::number("sctp.initack_nr_out_streams", "Outbound streams", "How many streams the sender will send on.");
    ANSWER_INBOUND = Field::number("sctp.initack_nr_in_streams", "Inbound streams", "How many streams the sender can receive on.");
    ANSWER_SEQUENCE = Field::number("sctp.initack_initial_tsn", "Initial sequence number", "The transmission sequence number that the sender begins with.");
    ACKNOWLEDGED = Field::number("sctp.sack_cumulative_tsn_ack_raw", "Acknowledged", "The last chunk of data before which none is missing.");
    ACKNOWLEDGED_WINDOW = Field::number("sctp.sack_a_rwnd", "Window", "How many more bytes the sender can take.").unit("bytes");
    GAP_COUNT = Field::number("sctp.sack_number_of_gap_blocks", "Blocks behind gaps", "How many runs of chunks arrived behind a missing one.");
    DUPLICATE_COUNT = Field::number("sctp.sack_number_of_duplicated_tsns", "Duplicates", "How many chunks arrived twice.");
    SHUTDOWN_ACKNOWLEDGED = Field::number("sctp.shutdown_cumulative_tsn_ack", "Acknowledged", "The last chunk of data before which none is missing.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[s0, s1, d0, d1, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    walk.set_transport(u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]), None, HEADER_LENGTH);
    Ok(Next::Nothing)
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&SOURCE_PORT, 0, 2)?;
    d.number(&DESTINATION_PORT, 2, 2)?;
    d.number(&VERIFICATION_TAG, 4, 4)?;
    d.number(&CHECKSUM, 8, 4)?;
    let end = d.view.wire_length();
    let mut at = HEADER_LENGTH;
    while at < end {
        let kind = d.peek(at, 1)?;
        let length = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        let chunk_end = (at + length).min(d.view.bytes().len());
        d.under(&CHUNK, at, length.max(4), Value::Number(kind), |d| {
            d.number(&CHUNK_FLAGS, at + 1, 1)?;
            d.number(&CHUNK_LENGTH, at + 2, 2)?;
            describe_chunk(d, kind, at, chunk_end)
        })?;
        // A length below the chunk's own header would never end.
        if length < 4 {
            break;
        }
        at += length.next_multiple_of(4);
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and places in a chunk that were compared with its end")]
fn describe_chunk(d: &mut Describe<'_, '_>, kind: u64, at: usize, end: usize) -> Option<()> {
    let value = at + 4;
    let described = match kind {
        DATA if end >= at + 16 => {
            for (field, mask) in [(&UNORDERED, 4), (&BEGINS, 2), (&ENDS, 1)] {
                d.flag(field, at + 1, 1, mask)?;
            }
            for (field, offset, length) in [(&SEQUENCE, 0, 4), (&STREAM, 4, 2), (&STREAM_SEQUENCE, 6, 2), (&PAYLOAD_PROTOCOL, 8, 4)] {
                d.number(field, value + offset, length)?;
            }
            16
        }
        INIT | INIT_ACKNOWLEDGEMENT if end >= at + 20 => {
            let fields = if kind == INIT {
                [&INIT_TAG, &INIT_WINDOW, &INIT_OUTBOUND, &INIT_INBOUND, &INIT_SEQUENCE]
            } else {
                [&ANSWER_TAG, &ANSWER_WINDOW, &ANSWER_OUTBOUND, &ANSWER_INBOUND, &ANSWER_SEQUENCE]
            };
            for (field, (offset, length)) in fields.into_iter().zip([(0, 4), (4, 4), (8, 2), (10, 2), (12, 4)]) {
                d.number(field, value + offset, length)?;
            }
            20
        }
        ACKNOWLEDGEMENT if end >= at + 16 => {
            let fields = [(&ACKNOWLEDGED, 0, 4), (&ACKNOWLEDGED_WINDOW, 4, 4), (&GAP_COUNT, 8, 2), (&DUPLICATE_COUNT, 10, 2)];
            for (field, offset, length) in fields {
                d.number(field, value + offset, length)?;
            }
            16
        }
        SHUTDOWN if end >= at + 8 => {
            d.number(&SHUTDOWN_ACKNOWLEDGED, value, 4)?;
            8
        }
        _ => 4,
    };
    if end > at + described {
        d.bytes(&CHUNK_VALUE, at + described, end - at - described)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    fn packet(chunks: &str) -> Dissected {
        let length = 32 + bytes(chunks).len();
        dissect(LinkType::IPV4, &format!("4500 {length:04x} 00000000 4084 0000 0a000001 0a000002 0b80 0b81 12345678 00000000 {chunks}"))
    }

    #[test]
    fn chunks_stand_one_behind_the_other_each_filled_up_to_4_bytes() {
        let got = packet("00 03 0013 0000000a 0001 0002 00000003 616263 00 03 00 0010 00000009 0000ffff 0000 0000");
        assert_eq!(got.protocols(), "ip:sctp");
        assert_eq!(got.values("sctp.chunk_type"), ["0", "3"]);
        assert_eq!([got.value("sctp.data_tsn_raw"), got.value("sctp.data_b_bit"), got.value("sctp.chunk_value")], ["10", "true", "616263"]);
        assert_eq!(got.value("sctp.sack_cumulative_tsn_ack_raw"), "9");
        let transport = got.dissection.transport().unwrap();
        assert_eq!((transport.source_port, transport.destination_port, transport.tcp), (2944, 2945, None));
    }

    #[test]
    fn a_chunk_too_short_for_its_header_is_the_last() {
        let got = packet("06 00 0000 01 00 0008 11223344");
        assert_eq!(got.values("sctp.chunk_type"), ["6"]);
        let got = packet("01 00 0014 11223344 00010000 000a 000b 00000064");
        assert_eq!([got.value("sctp.init_initiate_tag"), got.value("sctp.init_initial_tsn")], ["287454020", "100"]);
    }
}
