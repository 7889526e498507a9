//! Why dissecting stopped, in words.

use super::number::push_decimal;
use crate::dissect::registry::protocol_named;
use crate::dissect::{Stop, StopReason};

/// Appends the reason as the end of a line has room for it: `cut: tcp header needs 20 bytes, 8 were captured`.
pub fn push_short(out: &mut Vec<u8>, stop: &Stop) {
    let said = |out: &mut Vec<u8>, text: &str| out.extend_from_slice(text.as_bytes());
    match stop.reason {
        StopReason::Cut | StopReason::Short => {
            said(out, if stop.reason == StopReason::Cut { "cut: " } else { "too short: " });
            said(out, stop.protocol);
            said(out, " ");
            said(out, stop.part);
            said(out, " needs ");
            push_decimal(out, stop.needed as u64);
            said(out, " bytes, ");
            push_decimal(out, stop.had as u64);
            said(out, if stop.reason == StopReason::Cut { " were captured" } else { " are there" });
        }
        StopReason::Invalid => {
            said(out, "invalid: ");
            said(out, stop.protocol);
            said(out, " ");
            said(out, stop.part);
            said(out, " says ");
            push_decimal(out, stop.had as u64);
            said(out, if stop.had < stop.needed { ", must be at least " } else { ", must be " });
            push_decimal(out, stop.needed as u64);
        }
        StopReason::Beyond => {
            said(out, stop.protocol);
            said(out, " says ");
            push_decimal(out, stop.needed as u64);
            said(out, " bytes, ");
            push_decimal(out, stop.had as u64);
            said(out, " are there");
        }
        StopReason::Nesting => {
            said(out, "limit: more than ");
            push_decimal(out, stop.needed as u64);
            said(out, " ");
            said(out, stop.protocol);
            said(out, " ");
            said(out, stop.part);
            said(out, ", what is inside was not decoded");
        }
    }
}

/// Appends the reason as a sentence: `cut here: the TCP header needs 20 bytes, and the capture kept 8`.
pub fn push_long(out: &mut Vec<u8>, stop: &Stop) {
    let said = |out: &mut Vec<u8>, text: &str| out.extend_from_slice(text.as_bytes());
    let label = protocol_named(stop.protocol).map_or(stop.protocol, |protocol| protocol.label);
    let counted = |out: &mut Vec<u8>, count: usize| {
        push_decimal(out, count as u64);
        said(out, if count == 1 { " byte" } else { " bytes" });
    };
    let subject = |out: &mut Vec<u8>| {
        said(out, label);
        said(out, " ");
        said(out, stop.part);
    };
    let needs = if stop.part.ends_with('s') { " need " } else { " needs " };
    match stop.reason {
        StopReason::Cut => {
            said(out, "cut here: the ");
            subject(out);
            said(out, needs);
            counted(out, stop.needed);
            said(out, ", and the capture kept ");
            push_decimal(out, stop.had as u64);
        }
        StopReason::Short => {
            said(out, "too short: the ");
            subject(out);
            said(out, needs);
            counted(out, stop.needed);
            said(out, ", and what it stands in has ");
            push_decimal(out, stop.had as u64);
        }
        StopReason::Invalid => {
            said(out, "not read further: the ");
            subject(out);
            said(out, " says ");
            push_decimal(out, stop.had as u64);
            said(out, if stop.had < stop.needed { ", and must say at least " } else { ", and must say " });
            push_decimal(out, stop.needed as u64);
        }
        StopReason::Beyond => {
            said(out, "the ");
            subject(out);
            said(out, " says ");
            counted(out, stop.needed);
            said(out, ", and what it stands in has ");
            push_decimal(out, stop.had as u64);
        }
        StopReason::Nesting => {
            said(out, "not read further: more than ");
            push_decimal(out, stop.needed as u64);
            said(out, " ");
            said(out, stop.part);
            said(out, " in one another");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_reads_as_a_sentence() {
        let said = |reason, part, needed, had| {
            let mut out = Vec::new();
            push_long(&mut out, &Stop { protocol: "ip", part, offset: 14, needed, had, reason });
            String::from_utf8(out).unwrap()
        };
        assert_eq!(said(StopReason::Cut, "header", 20, 8), "cut here: the IPv4 header needs 20 bytes, and the capture kept 8");
        assert_eq!(said(StopReason::Short, "options", 24, 20), "too short: the IPv4 options need 24 bytes, and what it stands in has 20");
        assert_eq!(
            said(StopReason::Invalid, "header length", 20, 16),
            "not read further: the IPv4 header length says 16, and must say at least 20"
        );
        assert_eq!(said(StopReason::Invalid, "version", 4, 6), "not read further: the IPv4 version says 6, and must say 4");
        assert_eq!(said(StopReason::Nesting, "tunnels", 16, 17), "not read further: more than 16 tunnels in one another");
    }
}
