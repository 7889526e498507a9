//! Why dissecting stopped, in words.

use super::number::push_decimal;
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
            said(out, ", must be at least ");
            push_decimal(out, stop.needed as u64);
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
