//! What was changed on the way, in words: a line with `-` and one with `+` for each field.

use super::{Compared, SIGNS, Telling, excerpt, push_frames, push_heading, role, value, way};
use crate::diff::{Cause, Change, PacketField, Toward, Value};
use crate::render::sentence::{Counted, Grouped, Sentence};
use crate::render::style::Role;

/// How wide what a side holds may be for the other to be brought below it.
const WIDE: usize = 40;

/// Appends the changes of some causes.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, of: impl Fn(Cause) -> bool) {
    for cause in Cause::ALL.into_iter().filter(|cause| of(*cause)) {
        let counts = |change: &&Change| change.cause == cause && compared.selection.counts_field(change.field, cause);
        let changes: Vec<&Change> = compared.hop.changes.iter().filter(counts).collect();
        if changes.is_empty() {
            continue;
        }
        push_heading(out, telling, Role::Warning, |out| out.extend_from_slice(heading(cause).as_bytes()));
        changes.iter().take(telling.most()).for_each(|change| push_change(out, compared, telling, change));
        if changes.len() > telling.most() {
            let more = Grouped((changes.len() - telling.most()) as u64);
            writeln!(Sentence::new(out, compared.names[0]), "  .. and {more} more (-v shows all)");
        }
    }
}

const fn heading(cause: Cause) -> &'static str {
    match cause {
        Cause::Unexplained => "unexplained: nothing that is known does this",
        Cause::Loss => "lost in part",
        Cause::Duplicate => "doubled",
        Cause::Router => "changed by routers",
        Cause::Nat => "translated (nat)",
        Cause::Middlebox => "changed by something between (middlebox)",
        Cause::Relay => "sent on over another connection (relay)",
        Cause::Offload => "cut, joined or checked by a network card (offload)",
        Cause::Fragmentation => "cut to fit a link (fragmentation)",
        Cause::Time => "time",
        Cause::Capture => "of the captures alone",
        Cause::Application => "said by the programs",
    }
}

fn push_change(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>, change: &Change) {
    let mut sentence = Sentence::new(out, compared.names[0]);
    write!(sentence, "  {}, {}, ", value::label(change.field), way(change.toward));
    match (change.field, change.packets) {
        (PacketField::Segmentation, 1) => sentence.say("one stretch"),
        (PacketField::Segmentation, stretches) => write!(sentence, "{} stretches", Grouped(stretches)),
        (_, connections) if matches!(change.values[0], Value::Carried { .. }) => {
            write!(sentence, "{} sent on otherwise", Counted(connections, "connection"));
        }
        (_, packets) => write!(sentence, "{}", Counted(packets, "packet")),
    }
    if !change.is_uniform {
        sentence.say("; not the same in all, in the first");
    }
    sentence.say("\n");
    let texts = [0, 1].map(|side| text(compared, change, side));
    // What is long needs no columns.
    let width = texts.iter().map(Vec::len).max().filter(|width| *width <= WIDE).unwrap_or_default();
    for (side, text) in texts.iter().enumerate() {
        telling.palette.paint(out, role(side), |out| {
            out.extend_from_slice(SIGNS[side].as_bytes());
            out.push(b' ');
            out.extend_from_slice(text);
        });
        out.resize(out.len() + width.saturating_sub(text.len()) + 3, b' ');
        // Of a stretch the first of its segments is named.
        let begins = change.field == PacketField::Segmentation && change.values[side] != Value::Number(1);
        telling.palette.paint(out, Role::Dim, |out| {
            out.extend_from_slice(if begins { b"beginning with " } else { b"" });
            push_frames(out, compared.names[side], &change.frames[side], change.packets);
        });
        out.push(b'\n');
    }
}

/// What a side of a change holds, in words.
pub(super) fn text(compared: &Compared<'_>, change: &Change, side: usize) -> Vec<u8> {
    let mut text = Vec::new();
    value::push(&mut text, compared.names[side], change.field, change.values[side], change.values[1 - side]);
    let frames = [change.frames[0].first().copied(), change.frames[1].first().copied()];
    if let (PacketField::Payload, [Some(left), Some(right)]) = (change.field, frames)
        && let Some(found) = compared.excerpts.get(&[left, right])
    {
        excerpt::push(&mut text, compared, found, side);
    } else if let ([Value::Bytes { length, .. }, Value::Bytes { length: other, .. }], 1) = (change.values, side)
        && length == other
    {
        text.extend_from_slice(b", others");
    }
    if change.field == PacketField::Segmentation && change.packets > 1 && change.is_uniform {
        text.extend_from_slice(b" each");
    }
    if let Some(expected) = expected_hop_limit(compared, change, side) {
        write!(Sentence::new(&mut text, compared.names[side]), ", where {expected} was expected");
    }
    text
}

/// What is left of a time to live where it arrives, if routers alone take from it: those of this way, or of the way back.
fn expected_hop_limit(compared: &Compared<'_>, change: &Change, side: usize) -> Option<u64> {
    let arrives = match change.toward {
        Toward::Left => 0,
        Toward::Right => 1,
        Toward::Unknown => return None,
    };
    let Value::Number(sent) = change.values[1 - arrives] else { return None };
    let routers = &compared.hop.routers;
    let passed = routers.iter().find(|one| one.toward == change.toward).or(routers.first())?.routers;
    let is_told = change.field == PacketField::HopLimit && side == arrives;
    sent.checked_sub(passed.into()).filter(|_| is_told)
}
