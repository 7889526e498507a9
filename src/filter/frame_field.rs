//! Fields of the frame itself: what the capture says about it, under the names that Wireshark gives them.

use super::subject::Class;
use crate::dissect::{Dissection, Value};
use crate::frame::{Frame, Timestamp};
use crate::limits::Limits;
use std::ops::ControlFlow;

/// Takes a value and says whether it wants the next one.
pub(super) type Visit<'v> = dyn FnMut(Value<'_>) -> ControlFlow<()> + 'v;

/// A field of the frame.
#[derive(Debug)]
pub(super) struct FrameField {
    /// Wireshark's name.
    pub(super) id: &'static str,
    /// What kind of thing it is.
    pub(super) class: Class,
    /// Gives its values.
    pub(super) read: fn(&Frame<'_>, &Dissection, &mut Visit<'_>) -> ControlFlow<()>,
}

/// All of them.
pub(super) static FRAME_FIELDS: &[FrameField] = &[
    FrameField { id: "frame.number", class: Class::Number, read: |frame, _, visit| visit(Value::Number(frame.number)) },
    FrameField { id: "frame.len", class: Class::Number, read: |frame, _, visit| visit(Value::Number(frame.length.into())) },
    FrameField { id: "frame.cap_len", class: Class::Number, read: |frame, _, visit| visit(Value::Number(frame.captured().into())) },
    FrameField { id: "frame.interface_id", class: Class::Number, read: |frame, _, visit| visit(Value::Number(frame.interface.0.into())) },
    FrameField { id: "frame.time_epoch", class: Class::Time, read: time },
    FrameField { id: "frame.time", class: Class::Time, read: time },
    FrameField { id: "frame.protocols", class: Class::Text, read: protocols },
    FrameField { id: "frame.comment", class: Class::Text, read: comments },
    FrameField { id: "pkt_comment", class: Class::Text, read: comments },
];

/// The field of a name.
pub(super) fn frame_field(name: &str) -> Option<&'static FrameField> {
    FRAME_FIELDS.iter().find(|field| field.id == name)
}

/// A time as a number in the order of time: times before 1970 are negative, and numbers are not.
pub(super) fn time_number(timestamp: Timestamp) -> u64 {
    timestamp.nanoseconds().cast_unsigned() ^ (1 << 63)
}

fn time(frame: &Frame<'_>, _: &Dissection, visit: &mut Visit<'_>) -> ControlFlow<()> {
    frame.timestamp.map_or(ControlFlow::Continue(()), |timestamp| visit(Value::Time(timestamp)))
}

/// The names of the layers with colons between them. They are put together on the stack: this is asked for every frame.
fn protocols(_: &Frame<'_>, dissection: &Dissection, visit: &mut Visit<'_>) -> ControlFlow<()> {
    let mut names = [0; Limits::LAYERS * 24];
    let mut end = 0;
    for (index, layer) in dissection.layers.iter().enumerate() {
        for part in [if index > 0 { ":" } else { "" }, layer.protocol.name] {
            let Some(room) = names.get_mut(end..end + part.len()) else { break };
            room.copy_from_slice(part.as_bytes());
            end += part.len();
        }
    }
    visit(Value::Text(names.get(..end).unwrap_or_default()))
}

fn comments(frame: &Frame<'_>, _: &Dissection, visit: &mut Visit<'_>) -> ControlFlow<()> {
    frame.annotations.comments().try_for_each(|comment| visit(Value::Text(comment)))
}
