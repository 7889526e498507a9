//! Internet Group Management Protocol: who wants to hear which groups (version 0: RFC 988; 1: RFC 1112; 2: RFC 2236; 3: RFC 9776).

use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Stop, Value, View, Walk, checksum};

/// IGMP.
pub static PROTOCOL: Protocol = Protocol {
    name: "igmp",
    label: "IGMP",
    title: "Internet Group Management Protocol",
    reference: "RFC 9776",
    claims: &[Selector::IpProtocol(2)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const QUERY: u8 = 0x11;
const REPORT_1: u8 = 0x12;
const REPORT_2: u8 = 0x16;
const LEAVE: u8 = 0x17;
const REPORT_3: u8 = 0x22;
const TYPES: &[(u64, &str)] = &[
    (0x01, "create group request"),
    (0x02, "create group reply"),
    (0x03, "join group request"),
    (0x04, "join group reply"),
    (0x05, "leave group request"),
    (0x06, "leave group reply"),
    (0x07, "confirm group request"),
    (0x08, "confirm group reply"),
    (0x11, "membership query"),
    (0x12, "membership report, version 1"),
    (0x13, "multicast routing (DVMRP)"),
    (0x14, "multicast routing (PIM version 1)"),
    (0x15, "trace message"),
    (0x16, "membership report"),
    (0x17, "leave group"),
    (0x1e, "multicast traceroute response"),
    (0x1f, "multicast traceroute"),
    (0x22, "membership report, version 3"),
    (0x23, "mobility"),
    (0x30, "multicast router advertisement"),
    (0x31, "multicast router solicitation"),
    (0x32, "multicast router termination"),
];
const RECORD_TYPES: &[(u64, &str)] = &[
    (1, "hears only these sources"),
    (2, "hears all but these sources"),
    (3, "changes to only these sources"),
    (4, "changes to all but these sources"),
    (5, "allows new sources"),
    (6, "blocks old sources"),
];
const HEADER_LENGTH: usize = 8;
/// The least of a query of version 3 (RFC 9776 section 7.1).
const QUERY_3_LENGTH: usize = 12;

fields! {
    VERSION = Field::number("igmp.version", "Version", "Which version of the protocol the message belongs to; worked out from its type and length.");
    TYPE = Field::hexadecimal("igmp.type", "Type", 2, "Whether a router asks or a host answers.").names(TYPES).in_line();
    MAXIMUM_RESPONSE = Field::number("igmp.max_resp", "Maximum response time", "How long hosts may wait before they answer.").unit("tenths of a second");
    CHECKSUM = Field::checksum("igmp.checksum", "Checksum", "Guards the whole message.");
    CHECKSUM_STATUS = Field::status("igmp.checksum.status", "Checksum status", "Whether the message adds up.");
    GROUP = Field::ipv4("igmp.maddr", "Group", "The group that the message is about; 0.0.0.0 asks for all groups.").in_line();
    SUPPRESS = Field::boolean("igmp.s", "Suppress router-side processing", "Other routers should not start their timers.");
    ROBUSTNESS = Field::number("igmp.qrv", "Robustness", "How many lost packets in a row the querier reckons with.");
    INTERVAL = Field::number("igmp.qqic", "Query interval", "How often the querier asks.").unit("seconds");
    SOURCE_COUNT = Field::number("igmp.num_src", "Sources", "How many sources are named.");
    SOURCE = Field::ipv4("igmp.saddr", "Source", "A sender of the group.");
    RECORD_COUNT = Field::number("igmp.num_grp_recs", "Records", "How many groups the report tells about.");
    RECORD = Field::number("igmp.record_type", "Record", "What the sender wants to hear of one group: all but none is to join it, only none is to leave it.").names(RECORD_TYPES);
    AUXILIARY_LENGTH = Field::number("igmp.aux_data_len", "Auxiliary data length", "How long what follows the sources is, in units of 4 bytes.");
    AUXILIARY = Field::bytes("igmp.aux_data", "Auxiliary data", "No use of it is defined.");
    DATA = Field::bytes("igmp.data", "Data", "What the message says.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.need(HEADER_LENGTH, "header")?;
    Ok(Next::Nothing)
}

fn verify(view: &View<'_>) -> Checksum {
    checksum::verify_alone(view, 2)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let kind = u8::try_from(d.peek(0, 1)?).ok()?;
    let length = d.view.wire_length();
    let version = match (kind, d.peek(1, 1)?) {
        (1..=8, _) => Some(0),
        (QUERY, _) if length >= QUERY_3_LENGTH => Some(3),
        (QUERY, 0) | (REPORT_1, _) => Some(1),
        (QUERY | REPORT_2 | LEAVE, _) => Some(2),
        (REPORT_3, _) => Some(3),
        _ => None,
    };
    if let Some(version) = version {
        d.value(&VERSION, 0, 0, Value::Number(version));
    }
    d.number(&TYPE, 0, 1)?;
    if let (QUERY | REPORT_2 | LEAVE, Some(version)) = (kind, version) {
        let code = d.peek(1, 1)?;
        d.value(&MAXIMUM_RESPONSE, 1, 1, Value::Number(if version == 3 { floating(code) } else { code }));
    }
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 2)?;
    match kind {
        QUERY | REPORT_1 | REPORT_2 | LEAVE => {
            d.ipv4(&GROUP, 4)?;
            if version == Some(3) { describe_query(d) } else { Some(()) }
        }
        REPORT_3 => describe_report(d),
        _ => {
            d.bytes(&DATA, 4, d.view.bytes().len().saturating_sub(4))?;
            Some(())
        }
    }
}

/// A number of which large ones are written with 3 bits of exponent and 4 of mantissa (RFC 9776 section 4.1.1).
#[expect(clippy::arithmetic_side_effects, reason = "a shift of at most 10")]
fn floating(code: u64) -> u64 {
    if code < 128 { code } else { ((code & 0x0f) | 0x10) << (((code >> 4) & 7) + 3) }
}

fn describe_query(d: &mut Describe<'_, '_>) -> Option<()> {
    d.flag(&SUPPRESS, 8, 1, 0x08)?;
    d.bits(&ROBUSTNESS, 8, 1, 0x07)?;
    let interval = d.peek(9, 1)?;
    d.value(&INTERVAL, 9, 1, Value::Number(floating(interval)));
    let count = usize::try_from(d.number(&SOURCE_COUNT, 10, 2)?).ok()?;
    describe_sources(d, QUERY_3_LENGTH, count)
}

fn describe_sources(d: &mut Describe<'_, '_>, from: usize, count: usize) -> Option<()> {
    for place in 0..count {
        d.ipv4(&SOURCE, place.saturating_mul(4).saturating_add(from))?;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_report(d: &mut Describe<'_, '_>) -> Option<()> {
    let count = d.number(&RECORD_COUNT, 6, 2)?;
    let mut at = HEADER_LENGTH;
    for _ in 0..count {
        let kind = d.peek(at, 1)?;
        let auxiliary = usize::try_from(d.peek(at + 1, 1)?).ok()? * 4;
        let sources = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        let length = 8 + sources * 4 + auxiliary;
        d.under(&RECORD, at, length, Value::Number(kind), |d| {
            d.number(&AUXILIARY_LENGTH, at + 1, 1)?;
            d.number(&SOURCE_COUNT, at + 2, 2)?;
            d.ipv4(&GROUP, at + 4)?;
            describe_sources(d, at + 8, sources)?;
            if auxiliary > 0 {
                d.bytes(&AUXILIARY, at + 8 + sources * 4, auxiliary)?;
            }
            Some(())
        })?;
        at += length;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    /// An IPv4 packet with a router alert and an IGMP message.
    fn packet(message: &str) -> Dissected {
        let length = 24 + bytes(message).len();
        dissect(LinkType::IPV4, &format!("46c0 {length:04x} 00000000 0102 0000 c0a80101 e0000001 94040000 {message}"))
    }

    #[test]
    fn the_version_shows_in_type_and_length() {
        for (message, version, response) in [
            ("1100 eeff 00000000", "1", "0"),
            ("1164 ee9b 00000000", "2", "100"),
            ("1118 ec1e 00000000 027d 0000", "3", "24"),
            ("1600 0904 e0000002", "2", "0"),
            ("1700 0804 e0000002", "2", "0"),
        ] {
            let got = packet(message);
            assert_eq!(got.protocols(), "ip:igmp");
            assert_eq!([got.value("igmp.version"), got.value("igmp.max_resp")], [version, response], "{message}");
        }
        assert_eq!(packet("1164 ee9b 00000000").value("igmp.checksum.status"), "good");
        assert_eq!(packet("1164 ee9c 00000000").value("igmp.checksum.status"), "bad");
    }

    #[test]
    fn a_report_of_version_3_has_records_with_sources() {
        let got = packet("2200 0000 0000 0002 0400 0000 e0000016 0101 0001 e0000102 0a000001 aabbccdd");
        assert_eq!(got.values("igmp.record_type"), ["4", "1"]);
        assert_eq!(got.values("igmp.maddr"), ["224.0.0.22", "224.0.1.2"]);
        assert_eq!([got.value("igmp.saddr"), got.value("igmp.aux_data")], ["10.0.0.1", "aabbccdd"]);
    }

    #[test]
    fn large_times_have_an_exponent() {
        let got = packet("118b 0000 e0000102 0285 0001 0a000001");
        assert_eq!([got.value("igmp.max_resp"), got.value("igmp.qqic"), got.value("igmp.saddr")], ["216", "168", "10.0.0.1"]);
    }

    #[test]
    fn counts_that_lie_end_with_the_message() {
        let got = packet("2200 0000 0000 ffff 04ff ffff e0000016");
        assert_eq!(got.values("igmp.maddr"), ["224.0.0.22"]);
        assert_eq!(packet("1164 ee9b").dissection.stop.map(|stop| stop.reason), Some(StopReason::Short));
    }
}
