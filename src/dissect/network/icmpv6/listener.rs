//! Multicast listener discovery: who wants to hear which groups (version 1: RFC 2710; version 2: RFC 9777).

use crate::dissect::{Describe, Field, Value};

const RECORD_TYPES: &[(u64, &str)] = &[
    (1, "hears only these sources"),
    (2, "hears all but these sources"),
    (3, "changes to only these sources"),
    (4, "changes to all but these sources"),
    (5, "allows new sources"),
    (6, "blocks old sources"),
];
/// How long a query of version 1 is; version 2 has more behind it.
const VERSION_1_LENGTH: usize = 24;

fields! {
    MAXIMUM_DELAY = Field::number("icmpv6.mld.maximum_response_delay", "Maximum response delay", "How long listeners may wait before they answer.").unit("milliseconds");
    MAXIMUM_CODE = Field::number("icmpv6.mld.maximum_response_code", "Maximum response code", "How long listeners may wait before they answer, as the packet writes it: milliseconds up to 32767, from 32768 on 3 bits of exponent and 12 of mantissa.");
    ADDRESS = Field::ipv6("icmpv6.mld.multicast_address", "Group", "The group that the message is about; :: asks for all groups.").in_line();
    SUPPRESS = Field::boolean("icmpv6.mld.flag.s", "Suppress router-side processing", "Other routers should not start their timers.");
    ROBUSTNESS = Field::number("icmpv6.mld.flag.qrv", "Robustness", "How many lost packets in a row the querier reckons with.");
    INTERVAL = Field::number("icmpv6.mld.qqi", "Query interval code", "How often the querier asks: seconds up to 127, from 128 on 3 bits of exponent and 4 of mantissa.");
    SOURCE_COUNT = Field::number("icmpv6.mld.nb_sources", "Sources", "How many sources are asked about.");
    SOURCE = Field::ipv6("icmpv6.mld.source_address", "Source", "A sender of the group that is asked about.");
    RECORD_COUNT = Field::number("icmpv6.mldr.nb_mcast_records", "Records", "How many groups the report tells about.");
    RECORD = Field::group("icmpv6.mldr.mar", "Record", "What the sender wants to hear of one group.");
    RECORD_TYPE = Field::number("icmpv6.mldr.mar.record_type", "Type", "Whether the sources below are wanted or not; all but none of them is to join the group, only none of them is to leave it.").names(RECORD_TYPES);
    AUXILIARY_LENGTH = Field::number("icmpv6.mldr.mar.aux_data_len", "Auxiliary data length", "How long what follows the sources is, in units of 4 bytes.");
    RECORD_SOURCE_COUNT = Field::number("icmpv6.mldr.mar.nb_sources", "Sources", "How many sources the record names.");
    RECORD_ADDRESS = Field::ipv6("icmpv6.mldr.mar.multicast_address", "Group", "The group that the record is about.").in_line();
    RECORD_SOURCE = Field::ipv6("icmpv6.mldr.mar.source_address", "Source", "A sender of the group.");
    AUXILIARY = Field::bytes("icmpv6.mldr.mar.auxiliary_data", "Auxiliary data", "No use of it is defined.");
}

pub(super) fn describe_query(d: &mut Describe<'_, '_>) -> Option<()> {
    let is_version_1 = d.view.wire_length() < VERSION_1_LENGTH + 4;
    d.number(if is_version_1 { &MAXIMUM_DELAY } else { &MAXIMUM_CODE }, 4, 2)?;
    d.ipv6(&ADDRESS, 8)?;
    if is_version_1 {
        return Some(());
    }
    d.flag(&SUPPRESS, 24, 1, 0x08)?;
    d.bits(&ROBUSTNESS, 24, 1, 0x07)?;
    d.number(&INTERVAL, 25, 1)?;
    let count = usize::try_from(d.number(&SOURCE_COUNT, 26, 2)?).ok()?;
    for place in 0..count {
        d.ipv6(&SOURCE, place.saturating_mul(16).saturating_add(28))?;
    }
    Some(())
}

/// A report or a goodbye of version 1.
pub(super) fn describe_address(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&MAXIMUM_DELAY, 4, 2)?;
    d.ipv6(&ADDRESS, 8)?;
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
pub(super) fn describe_report(d: &mut Describe<'_, '_>) -> Option<()> {
    let count = d.number(&RECORD_COUNT, 6, 2)?;
    let mut at = 8;
    for _ in 0..count {
        let auxiliary = usize::try_from(d.peek(at + 1, 1)?).ok()? * 4;
        let sources = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        let length = 20 + sources * 16 + auxiliary;
        let room = length.min(d.view.bytes().len().saturating_sub(at));
        d.under(&RECORD, at, room, Value::Present, |d| {
            d.number(&RECORD_TYPE, at, 1)?;
            d.number(&AUXILIARY_LENGTH, at + 1, 1)?;
            d.number(&RECORD_SOURCE_COUNT, at + 2, 2)?;
            d.ipv6(&RECORD_ADDRESS, at + 4)?;
            for place in 0..sources {
                d.ipv6(&RECORD_SOURCE, at + 20 + place * 16)?;
            }
            if auxiliary > 0 {
                d.bytes(&AUXILIARY, at + 20 + sources * 16, auxiliary)?;
            }
            Some(())
        })?;
        at += length;
    }
    Some(())
}
