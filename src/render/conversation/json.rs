//! Conversations as JSON, one object a line.

use super::super::json::{push_limits, push_string};
use super::super::name::push_json_members;
use super::super::note;
use super::super::number::{push_address, push_decimal};
use super::super::time::Calendar;
use super::words::{push_kind, side, state_by, state_key};
use super::{Overview, both};
use super::{lookup, tls};
use crate::conversation::application::Evidence;
use crate::conversation::{Count, Endpoint, Kind, Names, PutAway};
use crate::render::number::push_padded;

/// Appends a conversation.
pub fn push_json(out: &mut Vec<u8>, overview: &Overview<'_>, names: &Names) {
    let conversation = overview.conversation;
    out.extend_from_slice(b"{\"type\":\"conversation\",\"id\":");
    push_decimal(out, conversation.id);
    out.extend_from_slice(b",\"protocol\":");
    let mut kind = Vec::new();
    push_kind(&mut kind, conversation.kind);
    push_string(out, &String::from_utf8_lossy(&kind).to_lowercase());
    for (name, end) in ["originator", "responder"].into_iter().zip(&conversation.ends) {
        out.push(b',');
        push_string(out, name);
        out.push(b':');
        push_end(out, conversation.kind, end, names);
    }
    out.extend_from_slice(b",\"beginning_seen\":");
    out.extend_from_slice(if conversation.beginning_was_seen() { b"true" } else { b"false" });
    if let Some((application, evidence)) = overview.application {
        out.extend_from_slice(b",\"application\":");
        push_string(out, application.name());
        out.extend_from_slice(match evidence {
            Evidence::Content => b",\"application_from\":\"content\"".as_slice(),
            Evidence::Port => b",\"application_from\":\"port\"",
        });
    }
    let mut calendar = Calendar::default();
    for (name, time) in [("first", conversation.first()), ("last", conversation.last())] {
        if let Some(time) = time {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":\"");
            calendar.push_rfc3339(out, time);
            out.push(b'"');
        }
    }
    out.extend_from_slice(b",\"first_frame\":");
    push_decimal(out, conversation.first_frame);
    if let Some(state) = conversation.state() {
        out.extend_from_slice(b",\"state\":");
        push_string(out, state_key(state));
        if let Some(by) = state_by(state) {
            out.extend_from_slice(b",\"by\":");
            push_string(out, side(by));
        }
    }
    let sent = both(|side| &conversation.sent[side.index()]);
    push_pair(out, "frames", sent.map(|sent| u64::from(sent.frames)));
    push_pair(out, "bytes", sent.map(|sent| sent.bytes));
    if matches!(conversation.kind, Kind::Tcp | Kind::Udp) {
        push_pair(out, "payload", sent.map(|sent| sent.payload));
    }
    let incidents = conversation.incidents();
    if conversation.kind == Kind::Tcp {
        push_pair(out, "retransmitted", sent.map(|sent| u64::from(sent.retransmitted)));
        push_pair(out, "gaps", incidents.gaps.map(|count| count.times.into()));
        push_pair(out, "gap_bytes", incidents.gaps.map(|count| count.bytes));
        push_pair(out, "overlaps", incidents.overlaps.map(|count| count.times.into()));
        push_pair(out, "conflicts", incidents.conflicts.map(|count| count.times.into()));
        for (name, counts) in [("forgotten", incidents.forgotten), ("beyond", incidents.beyond)] {
            if counts != [Count::default(); 2] {
                push_pair(out, name, counts.map(|count| count.bytes));
            }
        }
        for (name, counts) in [
            ("out_of_order", incidents.out_of_order),
            ("duplicate_acks", incidents.duplicate_acknowledgements),
            ("zero_windows", incidents.zero_windows),
            ("keep_alives", incidents.keep_alives),
            ("urgent", incidents.urgent),
            ("stray_resets", incidents.stray_resets),
            ("copies", incidents.copies),
            ("limited", incidents.limited),
        ] {
            if counts != [0, 0] {
                push_pair(out, name, counts.map(u64::from));
            }
        }
        if let Some(time) = conversation.handshake() {
            push_milliseconds(out, "rtt_ms", time);
        }
        if let Some(time) = conversation.syn_to_syn_ack() {
            push_milliseconds(out, "syn_ack_ms", time);
        }
    }
    if let Some(summary) = overview.tls {
        out.extend_from_slice(b",\"tls\":");
        tls::push_json(out, summary);
    }
    for (place, lookup) in overview.lookups.iter().enumerate() {
        out.extend_from_slice(if place == 0 { b",\"lookups\":[" } else { b"," });
        lookup::push_json(out, lookup);
    }
    out.extend_from_slice(if overview.lookups.is_empty() { b"" } else { b"]" });
    out.extend_from_slice(b",\"notes\":");
    note::push_json_array(out, overview.notes.iter().copied(), names);
    out.extend_from_slice(b"}\n");
}

/// Appends the last line: what all of it came to, and what else the limits cut off.
pub fn push_summary(out: &mut Vec<u8>, frames: u64, conversations: u64, shown: u64, put_away: PutAway, limits: &[(&str, u64)]) {
    out.extend_from_slice(b"{\"type\":\"summary\"");
    let counts = [
        ("frames", frames),
        ("conversations", conversations),
        ("shown", shown),
        ("put_away", put_away.conversations),
        ("put_away_unanswered", put_away.unanswered),
    ];
    for (name, count) in counts {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        push_decimal(out, count);
    }
    push_limits(out, limits);
    out.extend_from_slice(b"}\n");
}

fn push_end(out: &mut Vec<u8>, kind: Kind, end: &Endpoint, names: &Names) {
    out.extend_from_slice(b"{\"address\":\"");
    push_address(out, end.address);
    out.push(b'"');
    match kind {
        Kind::Tcp | Kind::Udp => {
            out.extend_from_slice(b",\"port\":");
            push_decimal(out, end.port.into());
        }
        Kind::Echo => {
            out.extend_from_slice(b",\"identifier\":");
            push_decimal(out, end.port.into());
        }
        Kind::Other(_) => {}
    }
    if let Some(called) = names.called(end.address) {
        out.push(b',');
        push_json_members(out, called.evidence);
    }
    out.push(b'}');
}

fn push_pair(out: &mut Vec<u8>, name: &str, [one, other]: [u64; 2]) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":[");
    push_decimal(out, one);
    out.push(b',');
    push_decimal(out, other);
    out.push(b']');
}

fn push_milliseconds(out: &mut Vec<u8>, name: &str, microseconds: u32) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    push_thousandths(out, microseconds.into());
}

/// Appends a thousandth of a number, as JSON has numbers.
pub(super) fn push_thousandths(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    push_decimal(out, number.unsigned_abs() / 1000);
    out.push(b'.');
    push_padded(out, number.unsigned_abs() % 1000, 3);
}
