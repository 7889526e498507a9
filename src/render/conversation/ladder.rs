//! One conversation in detail: what is known of it, and its ladder: both ends as columns, time down the side, each frame an arrow.

use super::super::note;
use super::super::number::push_decimal;
use super::super::style::{Palette, Role};
use super::super::time::{Clock, Precision, TimeForm};
use super::cell::{push_count, push_duration, push_grouped};
use super::words::{push_application, push_end, push_incidents, push_kind, push_state, remark};
use super::{Overview, both};
use super::{lookup, tls};
use crate::conversation::application::Evidence;
use crate::conversation::{Conversation, Count, Kind, Names, Packet, Segment, Side};
use crate::dissect::{Layer, View};
use crate::frame::Timestamp;
use crate::reassembly::fragments::Fragment;
use crate::render::line::{push_flags, push_place, push_words};
use crate::render::name::push_introduction;

/// A frame of a conversation.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Its number.
    pub frame: u64,
    /// When it was captured.
    pub time: Option<Timestamp>,
    /// Who sent it.
    pub from: Side,
    /// What it is as a segment of TCP.
    pub segment: Option<Segment>,
    /// What it carries, in words that are fit for a terminal.
    pub words: Box<[u8]>,
}

impl Rung {
    /// The rung of a frame.
    #[must_use]
    pub fn new(packet: &Packet<'_>, names: &Names, from: Side, segment: Option<Segment>) -> Self {
        let mut words = Vec::new();
        let whole = packet.fragment.and_then(Fragment::completed);
        let (bytes, dissection) = whole.map_or((packet.frame.data, packet.dissection), |whole| (whole.bytes.as_slice(), &whole.dissection));
        let behind = dissection.transport().map_or(0, |transport| transport.layer + 1);
        let says = |layer: &Layer| !layer.quoted && layer.protocol.name != "data";
        let first = dissection.layers.iter().enumerate().skip(behind).find(|(_, layer)| says(layer)).map(|(index, _)| index);
        let index = if dissection.transport().is_some() { first } else { dissection.layers.iter().rposition(says) };
        if let Some(view) = index.and_then(|index| View::new(bytes, dissection, index)) {
            words.extend_from_slice(view.layer().protocol.label.as_bytes());
            words.push(b' ');
            push_words(&mut words, view, names);
        }
        words.truncate(WORDS_SHOWN);
        // A character that was cut in two is none.
        while std::str::from_utf8(&words).is_err() && words.pop().is_some() {}
        if let Some(fragment) = packet.fragment {
            words.extend_from_slice(b" [");
            push_place(&mut words, fragment, packet.frame.number);
            words.push(b']');
        }
        Self { frame: packet.frame.number, time: packet.frame.timestamp, from, segment, words: words.into() }
    }
}

/// How many bytes of words a rung keeps.
const WORDS_SHOWN: usize = 160;
/// How wide the ladder is between its two sides.
const WIDTH: usize = 44;

/// Appends a conversation with its ladder, and how many of its frames that does not show.
pub fn push_detail<'r>(
    out: &mut Vec<u8>,
    overview: &Overview<'_>,
    names: &Names,
    palette: &Palette,
    rungs: impl ExactSizeIterator<Item = &'r Rung>,
) {
    let conversation = overview.conversation;
    let left_out = conversation.frames().saturating_sub(rungs.len() as u64);
    push_title(out, overview, names, palette);
    push_times(out, conversation, palette);
    push_counts(out, conversation, palette);
    if let Some(tls) = overview.tls {
        tls::push_detail(out, tls);
    }
    for lookup in &overview.lookups {
        out.extend_from_slice(b"  looked up ");
        lookup::push(out, lookup);
        out.push(b'\n');
    }
    out.push(b'\n');
    push_heads(out, conversation, names, palette);
    let mut clock = Clock::new(TimeForm::SinceFirst, Precision::Microseconds);
    clock.push(&mut Vec::new(), conversation.first());
    for rung in rungs {
        push_rung(out, rung, &mut clock, palette);
    }
    if left_out > 0 {
        palette.paint(out, Role::Dim, |out| {
            out.extend_from_slice(b"  .. and ");
            push_count(out, left_out, "more frame");
        });
        out.push(b'\n');
    }
    for note in &overview.notes {
        out.extend_from_slice(b"  ");
        note::push_line(out, note, names, palette);
    }
    out.push(b'\n');
}

fn push_title(out: &mut Vec<u8>, overview: &Overview<'_>, names: &Names, palette: &Palette) {
    let conversation = overview.conversation;
    out.extend_from_slice(b"conversation ");
    push_decimal(out, conversation.id);
    out.extend_from_slice(b": ");
    let [one, other] = &conversation.ends;
    push_end(out, names, conversation.kind, one);
    out.extend_from_slice(b" > ");
    push_end(out, names, conversation.kind, other);
    out.extend_from_slice(b", ");
    palette.paint(out, Role::Transport, |out| push_kind(out, conversation.kind));
    if let Some((_, evidence)) = overview.application {
        out.extend_from_slice(b", ");
        palette.paint(out, Role::Application, |out| push_application(out, overview.application));
        if evidence == Evidence::Port {
            out.extend_from_slice(b" by its port");
        }
    }
    if let Some(state) = conversation.state() {
        out.extend_from_slice(b", ");
        push_state(out, state);
    }
    out.push(b'\n');
    let named = conversation.ends.iter().filter_map(|end| names.called(end.address));
    for called in named {
        out.extend_from_slice(b"  ");
        palette.paint(out, Role::Dim, |out| push_introduction(out, called));
        out.push(b'\n');
    }
    let mut incidents = Vec::new();
    if push_incidents(&mut incidents, conversation, ", ") {
        out.extend_from_slice(b"  ");
        palette.paint(out, Role::Warning, |out| out.extend_from_slice(incidents.get(2..).unwrap_or_default()));
        out.push(b'\n');
    }
}

fn push_times(out: &mut Vec<u8>, conversation: &Conversation, palette: &Palette) {
    out.extend_from_slice(b"  ");
    palette.paint(out, Role::Time, |out| {
        Clock::new(TimeForm::DateAndTime, Precision::Microseconds).push(out, conversation.first());
    });
    if let Some(duration) = conversation.duration().filter(|_| conversation.frames() > 1) {
        out.extend_from_slice(b", for ");
        push_duration(out, duration);
    }
    if !conversation.beginning_was_seen() {
        out.extend_from_slice(b"; it began before the capture, and who began it is inferred");
    }
    if let Some(time) = conversation.handshake() {
        out.extend_from_slice(b"; handshake ");
        push_duration(out, i64::from(time) * 1000);
        if let Some(answer) = conversation.syn_to_syn_ack() {
            out.extend_from_slice(b" (SYN-ACK after ");
            push_duration(out, i64::from(answer) * 1000);
            out.push(b')');
        }
    }
    out.push(b'\n');
}

fn push_counts(out: &mut Vec<u8>, conversation: &Conversation, palette: &Palette) {
    const NAME: usize = 22;
    const NUMBER: usize = 26;
    let mut row = |name: &str, cells: [Vec<u8>; 2]| {
        out.extend_from_slice(b"  ");
        palette.paint(out, Role::Dim, |out| out.extend_from_slice(name.as_bytes()));
        out.extend(std::iter::repeat_n(b' ', NAME.saturating_sub(name.len())));
        for cell in cells {
            out.extend(std::iter::repeat_n(b' ', NUMBER.saturating_sub(cell.len())));
            out.extend_from_slice(&cell);
        }
        out.push(b'\n');
    };
    let number = |number: u64| {
        let mut cell = Vec::new();
        push_grouped(&mut cell, number);
        cell
    };
    row("", [b"originator >".to_vec(), b"< responder".to_vec()]);
    let sent = both(|side| &conversation.sent[side.index()]);
    row("frames", sent.map(|sent| number(sent.frames.into())));
    row("bytes on the wire", sent.map(|sent| number(sent.bytes)));
    if matches!(conversation.kind, Kind::Tcp | Kind::Udp) {
        row("bytes of payload", sent.map(|sent| number(sent.payload)));
    }
    if sent.iter().any(|sent| sent.round_trip[1] > 0) {
        row("round trip", sent.map(|sent| round_trip(sent.round_trip)));
    }
    let incidents = conversation.incidents();
    let times = |counts: [Count; 2]| counts.map(|count| u64::from(count.times));
    for (name, counts) in [
        ("sent again", sent.map(|sent| u64::from(sent.retransmitted))),
        ("gaps", times(incidents.gaps)),
        ("bytes missing", incidents.gaps.map(|count| count.bytes)),
        ("gaps for lack of room", incidents.limited.map(u64::from)),
        ("bytes in conflict", incidents.conflicts.map(|count| count.bytes)),
        ("bytes not compared", incidents.forgotten.map(|count| count.bytes)),
        ("out of order", incidents.out_of_order.map(u64::from)),
        ("duplicate ACKs", incidents.duplicate_acknowledgements.map(u64::from)),
        ("zero windows", incidents.zero_windows.map(u64::from)),
        ("keep-alives", incidents.keep_alives.map(u64::from)),
        ("urgent segments", incidents.urgent.map(u64::from)),
        ("resets not taken", incidents.stray_resets.map(u64::from)),
        ("captured twice", incidents.copies.map(u64::from)),
        ("bytes behind the end", incidents.beyond.map(|count| count.bytes)),
    ] {
        if counts != [0, 0] {
            row(name, counts.map(number));
        }
    }
}

fn round_trip([shortest, longest]: [u32; 2]) -> Vec<u8> {
    let mut cell = Vec::new();
    if longest == 0 {
        cell.push(b'-');
        return cell;
    }
    push_duration(&mut cell, i64::from(shortest) * 1000);
    if longest > shortest {
        let mut upper = Vec::new();
        push_duration(&mut upper, i64::from(longest) * 1000);
        cell.extend_from_slice(b" to ");
        cell.extend_from_slice(&upper);
    }
    cell
}

fn push_heads(out: &mut Vec<u8>, conversation: &Conversation, names: &Names, palette: &Palette) {
    let mut ends = both(|_| Vec::new());
    for (end, text) in conversation.ends.iter().zip(&mut ends) {
        push_end(text, names, conversation.kind, end);
    }
    let [one, other] = ends;
    palette.paint(out, Role::Dim, |out| out.extend_from_slice(b"    frame  since the first"));
    out.extend_from_slice(b"  ");
    out.extend_from_slice(&one);
    let between = (WIDTH + 4).saturating_sub(one.len() + other.len()).max(2);
    out.extend(std::iter::repeat_n(b' ', between));
    out.extend_from_slice(&other);
    out.push(b'\n');
}

fn push_rung(out: &mut Vec<u8>, rung: &Rung, clock: &mut Clock, palette: &Palette) {
    super::super::number::push_right(out, rung.frame, 9);
    out.extend_from_slice(b" ");
    palette.paint(out, Role::Time, |out| clock.push(out, rung.time));
    out.extend_from_slice(b"  ");
    let mut label = Vec::new();
    if let Some(segment) = &rung.segment {
        push_flags(&mut label, segment.flags);
        if segment.length > 0 {
            label.extend_from_slice(b", ");
            push_count(&mut label, segment.length.into(), "byte");
        }
    }
    let room = WIDTH.saturating_sub(label.len() + 3);
    out.extend_from_slice(b"| ");
    palette.paint(out, Role::Transport, |out| match rung.from {
        Side::Originator => {
            out.extend_from_slice(&label);
            out.extend_from_slice(if label.is_empty() { b"-" } else { b" " });
            out.extend(std::iter::repeat_n(b'-', room));
            out.extend_from_slice(b">");
        }
        Side::Responder => {
            out.extend_from_slice(b"<");
            out.extend(std::iter::repeat_n(b'-', room));
            out.extend_from_slice(if label.is_empty() { b"-" } else { b" " });
            out.extend_from_slice(&label);
        }
    });
    out.extend_from_slice(b" |");
    let mut place = Vec::new();
    if let Some(segment) = &rung.segment {
        push_offsets(&mut place, segment);
    }
    if !place.is_empty() {
        palette.paint(out, Role::Dim, |out| out.extend_from_slice(&place));
    }
    if !rung.words.is_empty() {
        out.extend_from_slice(if place.is_empty() { b" " } else { b": " });
        palette.paint(out, Role::Application, |out| out.extend_from_slice(&rung.words));
    }
    if let Some(found) = rung.segment.as_ref().and_then(|segment| segment.remark) {
        out.extend_from_slice(b" [");
        palette.paint(out, Role::Warning, |out| out.extend_from_slice(remark(found).as_bytes()));
        out.push(b']');
    }
    out.push(b'\n');
}

/// Where a segment stands in its stream: what it says, or what it acknowledges.
fn push_offsets(out: &mut Vec<u8>, segment: &Segment) {
    match (segment.sequence, segment.acknowledgement, segment.length) {
        (Some(sequence), _, length @ 1..) => {
            out.extend_from_slice(if length > 1 { b" bytes " } else { b" byte " });
            push_decimal(out, sequence);
            if length > 1 {
                out.push(b'-');
                push_decimal(out, sequence + u64::from(length) - 1);
            }
        }
        (_, Some(acknowledgement), 0) => {
            out.extend_from_slice(b" ack ");
            push_decimal(out, acknowledgement);
        }
        _ => {}
    }
}
