//! States, incidents and ends in words.

use super::super::name::push_endpoint;
use super::both;
use super::cell::{push_count, push_grouped};
use crate::conversation::application::{Application, Evidence};
use crate::conversation::names::Called;
use crate::conversation::{Conversation, Count, Endpoint, Kind, Names, Remark, Side, State};
use crate::dissect::network::ip_protocol_name;
use crate::render::number::push_decimal;

/// Appends what a conversation is made of: `TCP`, `echo`, `GRE`.
pub(in crate::render) fn push_kind(out: &mut Vec<u8>, kind: Kind) {
    match kind {
        Kind::Tcp => out.extend_from_slice(b"TCP"),
        Kind::Udp => out.extend_from_slice(b"UDP"),
        Kind::Echo => out.extend_from_slice(b"echo"),
        Kind::Other(number) => match ip_protocol_name(number.into()) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                out.extend_from_slice(b"IP ");
                push_decimal(out, number.into());
            }
        },
    }
}

/// Appends an end: a name or address, with its port where it has one. It is called as is meant in what `names` were turned to.
pub(in crate::render) fn push_end(out: &mut Vec<u8>, names: &Names, kind: Kind, end: &Endpoint) {
    push_end_called(out, names.called(end.address), kind, end);
}

/// The same of an end that is called so.
pub(in crate::render) fn push_end_called(out: &mut Vec<u8>, called: Option<Called<'_>>, kind: Kind, end: &Endpoint) {
    let port = match kind {
        Kind::Tcp | Kind::Udp => Some(end.port),
        Kind::Other(_) => Some(end.port).filter(|port| *port != 0),
        Kind::Echo => None,
    };
    push_endpoint(out, called, end.address, port);
}

/// Appends what a conversation is held in: `http`; `ssh?` where only a port tells.
pub(super) fn push_application(out: &mut Vec<u8>, application: Option<(Application, Evidence)>) {
    match application {
        None => out.push(b'-'),
        Some((application, evidence)) => {
            out.extend_from_slice(application.name().as_bytes());
            out.extend_from_slice(match evidence {
                Evidence::Content => b"",
                Evidence::Port => b"?",
            });
        }
    }
}

/// The word for a side.
pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Originator => "originator",
        Side::Responder => "responder",
    }
}

/// The word for a state, as JSON has it.
pub(super) fn state_key(state: State) -> &'static str {
    match state {
        State::Unanswered => "unanswered",
        State::Refused => "refused",
        State::HalfOpen => "half-open",
        State::Open => "open",
        State::HalfClosed(_) => "half-closed",
        State::Closed(_) => "closed",
        State::Reset(_) => "reset",
    }
}

/// Who brought a conversation to where it stands.
pub(super) fn state_by(state: State) -> Option<Side> {
    match state {
        State::Unanswered | State::HalfOpen | State::Open => None,
        State::Refused => Some(Side::Responder),
        State::HalfClosed(side) | State::Closed(side) | State::Reset(side) => Some(side),
    }
}

/// Appends a state in a few words: `closed by the originator`.
pub(super) fn push_state(out: &mut Vec<u8>, state: State) {
    out.extend_from_slice(match state {
        State::Unanswered => b"no answer",
        State::Refused => b"refused",
        State::HalfOpen => b"half open",
        State::Open => b"open",
        State::HalfClosed(_) => b"half closed",
        State::Closed(_) => b"closed",
        State::Reset(_) => b"reset",
    });
    if let (State::HalfClosed(by) | State::Closed(by) | State::Reset(by), Some(_)) = (state, state_by(state)) {
        out.extend_from_slice(b" by ");
        out.extend_from_slice(side(by).as_bytes());
    }
}

/// Appends what went wrong, most serious first, each in a few words behind `between`. Gives whether there was something.
pub(super) fn push_incidents(out: &mut Vec<u8>, conversation: &Conversation, between: &str) -> bool {
    let before = out.len();
    let incidents = conversation.incidents();
    let mut item = |write: &dyn Fn(&mut Vec<u8>)| {
        out.extend_from_slice(between.as_bytes());
        write(out);
    };
    let silent = Side::BOTH.into_iter().find(|side| conversation.sent[side.index()].frames == 0);
    if let (Some(State::Open), Some(silent)) = (conversation.state(), silent) {
        item(&|out| {
            out.extend_from_slice(b"no frame of the ");
            out.extend_from_slice(side(silent).as_bytes());
            out.extend_from_slice(b" seen");
        });
    }
    let bytes = |of: [Count; 2]| Count { times: of[0].times.saturating_add(of[1].times), bytes: of[0].bytes + of[1].bytes };
    let sum = |of: [u32; 2]| u64::from(of[0]) + u64::from(of[1]);
    let conflicts = bytes(incidents.conflicts);
    if conflicts.times > 0 {
        item(&|out| {
            push_count(out, conflicts.bytes, "byte");
            out.extend_from_slice(b" in conflict");
        });
    }
    let gaps = bytes(incidents.gaps);
    if gaps.times > 0 {
        item(&|out| {
            push_count(out, gaps.bytes, "byte");
            out.extend_from_slice(b" missing in ");
            push_count(out, gaps.times.into(), "gap");
            let limited = sum(incidents.limited);
            if limited > 0 {
                out.extend_from_slice(b" (");
                push_grouped(out, limited);
                out.extend_from_slice(b" for lack of room)");
            }
        });
    }
    let sent_again = sum(both(|side| conversation.sent[side.index()].retransmitted));
    let counted: [(u64, &str); 8] = [
        (sent_again, "sent again"),
        (sum(incidents.zero_windows), "zero window"),
        (sum(incidents.duplicate_acknowledgements), "duplicate ACK"),
        (sum(incidents.out_of_order), "out of order"),
        (sum(incidents.stray_resets), "stray reset"),
        (sum(incidents.keep_alives), "keep-alive"),
        (sum(incidents.urgent), "urgent"),
        (sum(incidents.copies), "captured twice"),
    ];
    for (count, what) in counted.into_iter().filter(|(count, _)| *count > 0) {
        item(&|out| match what {
            "zero window" | "duplicate ACK" | "stray reset" | "keep-alive" => push_count(out, count, what),
            _ => {
                push_grouped(out, count);
                out.push(b' ');
                out.extend_from_slice(what.as_bytes());
            }
        });
    }
    let beyond = bytes(incidents.beyond);
    if beyond.times > 0 {
        item(&|out| {
            push_count(out, beyond.bytes, "byte");
            out.extend_from_slice(b" behind the end");
        });
    }
    out.len() > before
}

/// The words for what is remarkable about a segment.
pub(super) fn remark(remark: Remark) -> &'static str {
    match remark {
        Remark::Copy => "captured once more",
        Remark::Retransmission => "sent again",
        Remark::Conflict => "sent again with other bytes",
        Remark::OutOfOrder => "out of order",
        Remark::Late => "fills a hole: late, or sent again",
        Remark::Ahead => "bytes before it are missing so far",
        Remark::KeepAlive => "keep-alive",
        Remark::DuplicateAcknowledgement => "duplicate ACK",
        Remark::ZeroWindow => "zero window",
        Remark::StrayReset => "a reset that is not taken",
        Remark::PortsReused => "ports used again",
    }
}
