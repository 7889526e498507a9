//! Notes on fragments, in words.

use crate::dissect::network::ip_protocol_name;
use crate::explain::FragmentFacts;
use crate::reassembly::fragments::{Conflict, DatagramKey, Defect, GivenUp, Incomplete};
use crate::render::number::{push_address, push_decimal, push_hex, push_hex_byte};
use crate::render::sentence::Sentence;
use std::ops::Range;

/// How many bytes of a version are shown.
const SHOWN: usize = 16;

/// Appends what a note on fragments says.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &FragmentFacts) {
    let out = sentence.out();
    match facts {
        FragmentFacts::Incomplete(incomplete) => push_incomplete(out, incomplete),
        FragmentFacts::CutShort { datagrams } => {
            said(out, "all fragments of ");
            push_count(out, *datagrams, " datagram", " datagrams");
            said(out, " came, but the capture cut some (snap length): nothing was lost on the way");
        }
        FragmentFacts::AtEdge { datagram, ends } => {
            said(
                out,
                if *ends { "the capture ends before the last fragments of " } else { "the capture begins after the first fragments of " },
            );
            push_datagram(out, datagram);
            said(out, ": whether they arrived is not known");
        }
        FragmentFacts::GivenUp { datagrams, late, crowded } => {
            push_count(out, *datagrams, " datagram", " datagrams");
            said(out, " that came in fragments never became whole");
            if *late > 0 {
                said(out, ", ");
                push_decimal(out, *late);
                said(out, " of them because they waited too long");
            }
            if *crowded > 0 {
                said(out, ", ");
                push_decimal(out, *crowded);
                said(out, " because too many fragments waited");
            }
        }
        FragmentFacts::Conflict(conflict) => push_conflict(out, conflict),
        FragmentFacts::Dropped { datagram, .. } => {
            said(out, "fragments of ");
            push_datagram(out, datagram);
            said(out, " overlap: IPv6 throws all of it away");
        }
        FragmentFacts::Overlaps { same, different, dropped } => {
            push_count(out, same + different, " fragment covers", " fragments cover");
            said(out, " bytes that came before, ");
            match (same, different) {
                (_, 0) => said(out, "with the same content"),
                (0, _) => said(out, "with other content"),
                (_, different) => push_count(out, *different, " of them with other content", " of them with other content"),
            }
            // IPv6 uses none of them.
            if different > dropped {
                said(out, if *dropped > 0 { "; of IPv4 what came first is used" } else { ": what came first is used" });
            }
            if *dropped > 0 {
                said(out, if different > dropped { ", and " } else { ": " });
                push_count(out, *dropped, " IPv6 datagram is", " IPv6 datagrams are");
                said(out, " thrown away");
            }
        }
        FragmentFacts::Refused { defect, fragments } => {
            push_count(out, *fragments, " fragment is", " fragments are");
            said(out, " not used: ");
            said(out, defect_words(*defect));
        }
    }
}

/// Why a fragment is not used, in words.
pub(in crate::render) fn defect_words(defect: Defect) -> &'static str {
    match defect {
        Defect::Empty => "no bytes",
        Defect::Odd => "more follow, and its length is no multiple of 8",
        Defect::TooLong => "the packet would be longer than 65535 bytes",
        Defect::Shrinks => "it is the last, and ends before bytes that came already",
        Defect::OtherEnd => "it is the last, and another last one ends elsewhere",
        Defect::BeyondEnd => "it reaches beyond the end that the last one told",
        Defect::LengthOpen => "its packet leaves its length open",
        Defect::TooMany => "its datagram has too many fragments already",
    }
}

fn push_incomplete(out: &mut Vec<u8>, incomplete: &Incomplete) {
    let Incomplete { key, total, reach, missing, more_missing, cut, why, .. } = incomplete;
    push_datagram(out, key);
    said(out, " lacks ");
    for (place, range) in missing.iter().enumerate() {
        let is_last = place + 1 == missing.len() && *more_missing == 0 && total.is_some();
        said(
            out,
            if place == 0 {
                "bytes "
            } else if is_last {
                " and "
            } else {
                ", "
            },
        );
        push_range(out, range);
    }
    if *more_missing > 0 {
        said(out, ", ");
        push_count(out, *more_missing as u64, " more range", " more ranges");
    }
    match total {
        Some(total) => {
            said(out, " of ");
            push_decimal(out, u64::from(*total));
        }
        None => {
            said(out, if missing.is_empty() { "all from byte " } else { " and all from byte " });
            push_decimal(out, u64::from(*reach));
            said(out, " on");
        }
    }
    said(out, " in this capture");
    if *cut > 0 {
        said(out, "; the capture cut ");
        push_count(out, *cut as u64, " of its fragments", " of its fragments");
    }
    match why {
        GivenUp::End => {}
        GivenUp::Time => said(out, "; given up because it waited too long"),
        GivenUp::Memory => said(out, "; given up because too many fragments waited"),
    }
}

fn push_conflict(out: &mut Vec<u8>, conflict: &Conflict) {
    said(out, "bytes ");
    push_range(out, &conflict.range);
    said(out, " of ");
    push_datagram(out, &conflict.key);
    said(out, " came in two versions");
    said(out, if conflict.key.source.is_ipv4() { ": the first is used" } else { "" });
}

/// Appends a version of some bytes, or its beginning.
pub(super) fn push_version(out: &mut Vec<u8>, bytes: &[u8]) {
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    if shown.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push(b'"');
        out.extend_from_slice(shown);
        out.push(b'"');
    } else {
        for (place, byte) in shown.iter().enumerate() {
            said(out, if place == 0 { "" } else { " " });
            push_hex_byte(out, *byte);
        }
    }
    if bytes.len() > SHOWN {
        said(out, " ..");
    }
}

/// Appends `the datagram 10.0.0.1 > 10.0.0.2, UDP, id 0x1234`.
fn push_datagram(out: &mut Vec<u8>, key: &DatagramKey) {
    said(out, "the datagram ");
    push_address(out, key.source);
    said(out, " > ");
    push_address(out, key.destination);
    if let Some(name) = ip_protocol_name(u64::from(key.protocol)).filter(|_| key.source.is_ipv4()) {
        said(out, ", ");
        said(out, name);
    }
    said(out, ", id 0x");
    push_hex(out, u64::from(key.identification), if key.source.is_ipv4() { 4 } else { 8 });
}

/// Appends `40-47`, or the one byte.
pub(super) fn push_range(out: &mut Vec<u8>, range: &Range<u32>) {
    push_decimal(out, u64::from(range.start));
    if range.end > range.start + 1 {
        out.push(b'-');
        push_decimal(out, u64::from(range.end) - 1);
    }
}

fn push_count(out: &mut Vec<u8>, count: u64, one: &str, many: &str) {
    push_decimal(out, count);
    said(out, if count == 1 { one } else { many });
}

fn said(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}
