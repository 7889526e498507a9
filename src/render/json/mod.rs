//! JSON lines: one object a frame, for programs. Keys are stable and none repeats in one object; bytes that are not text are base64 under a
//! key that ends in `_base64`; what is not known is left out.

mod base64;
mod exchange;
mod fragments;
mod keys;
mod members;
pub(in crate::render) mod object;
mod string;
mod summary;

use super::Seen;
use super::name::{self, Introductions};
use super::note;
use super::number::push_decimal;
use super::time::Calendar;
use crate::conversation::Names;
use crate::dissect::{Dissection, Layer, Stop, StopReason, View};
use crate::frame::{Direction, Frame};
use crate::reassembly::fragments::{Fragment, Outcome};
use crate::source::Interface;
pub use exchange::{ExchangeJson, ExchangeSummary, push_exchange_summary};
pub(super) use exchange::{push_headers, push_milliseconds, push_sum};
use members::Members;
pub(super) use string::{push_base64_string, push_string, push_text_member};
pub(in crate::render) use summary::push_limits;
pub use summary::{Totals, push_summary};

/// Writes frames as JSON lines. It is kept from frame to frame: what it learns about fields and dates is not worked out again.
#[derive(Debug, Default)]
pub struct Json {
    calendar: Calendar,
    members: Members,
    introductions: Introductions,
}

impl Json {
    /// Appends a frame as one line; it holds the names of its addresses that were not told of yet. `names` are those of the frames before.
    ///
    /// ```
    /// use wirelore::conversation::Names;
    /// use wirelore::dissect::{Dissection, dissect};
    /// use wirelore::frame::{Annotations, Frame, InterfaceId, LinkType};
    /// let frame = Frame {
    ///     number: 1,
    ///     timestamp: None,
    ///     interface: InterfaceId(0),
    ///     link_type: LinkType(147),
    ///     length: 5,
    ///     check_sequence_length: 0,
    ///     data: b"hello",
    ///     annotations: Annotations::default(),
    /// };
    /// let (mut dissection, mut out) = (Dissection::default(), Vec::new());
    /// dissect(&frame, &mut dissection);
    /// wirelore::render::json::Json::default().write_frame(&mut out, &frame, &dissection, &[], &Names::default());
    /// let expected = concat!(
    ///     r#"{"type":"frame","number":1,"length":5,"captured":5,"protocols":"data","layers":[{"protocol":"data","offset":0,"length":5,"#,
    ///     r#""fields":{"data.len":5,"data.data_base64":"aGVsbG8="}}],"notes":[]}"#,
    ///     "\n",
    /// );
    /// assert_eq!(String::from_utf8(out).as_deref(), Ok(expected));
    /// ```
    pub fn write_frame(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>, dissection: &Dissection, interfaces: &[Interface], names: &Names) {
        self.write(out, &Seen { frame, dissection, fragment: None, finding: None, conversation: None, notes: &[] }, interfaces, names);
    }

    /// The same for a frame that may be a fragment: `fragment` is its place in its datagram, `reassembled` the datagram that it completes.
    pub fn write(&mut self, out: &mut Vec<u8>, seen: &Seen<'_>, interfaces: &[Interface], names: &Names) {
        let Seen { frame, dissection, fragment, conversation, .. } = *seen;
        out.extend_from_slice(b"{\"type\":\"frame\",\"number\":");
        push_decimal(out, frame.number);
        if let Some(timestamp) = frame.timestamp {
            out.extend_from_slice(b",\"time\":\"");
            self.calendar.push_rfc3339(out, timestamp);
            out.push(b'"');
        }
        let interface = interfaces.get(frame.interface.0 as usize);
        if let Some(name) = interface.and_then(|interface| interface.name.as_deref()) {
            out.push(b',');
            push_text_member(out, "interface", name);
        }
        match frame.annotations.direction() {
            Some(Direction::Inbound) => out.extend_from_slice(b",\"direction\":\"inbound\""),
            Some(Direction::Outbound) => out.extend_from_slice(b",\"direction\":\"outbound\""),
            None => {}
        }
        out.extend_from_slice(b",\"length\":");
        push_decimal(out, u64::from(frame.length));
        out.extend_from_slice(b",\"captured\":");
        push_decimal(out, u64::from(frame.captured()));
        out.extend_from_slice(b",\"protocols\":\"");
        push_protocols(out, dissection);
        out.push(b'"');
        if let Some(conversation) = conversation {
            out.extend_from_slice(b",\"conversation\":");
            push_decimal(out, conversation);
        }
        self.push_layers(out, frame.data, dissection, 0, 0);
        if let Some(fragment) = fragment {
            self.push_fragment(out, frame.number, fragment);
        }
        push_comments(out, frame);
        self.introductions.meet(names, dissection);
        push_array(out, b",\"names\":[", &mut self.introductions.newcomers(names), name::push_json);
        out.extend_from_slice(b",\"notes\":");
        note::push_json_array(out, seen.notes, names);
        out.extend_from_slice(b"}\n");
    }

    fn push_fragment(&mut self, out: &mut Vec<u8>, frame: u64, fragment: &Fragment) {
        out.push(b',');
        fragments::push(out, frame, fragment);
        if let Some(whole) = fragment.whole.as_deref().filter(|_| fragment.outcome == Outcome::Completes) {
            fragments::push_opening(out, whole);
            self.push_layers(out, &whole.bytes, &whole.dissection, whole.first_layer(), whole.header_length);
            if let Some(inside) = &whole.inside {
                self.push_fragment(out, frame, inside);
            }
            out.push(b'}');
        }
    }

    /// Appends the layers from the one at `first` on, with their offsets counted from the byte at `base`, and where dissecting stopped.
    fn push_layers(&mut self, out: &mut Vec<u8>, data: &[u8], dissection: &Dissection, first: usize, base: usize) {
        out.extend_from_slice(b",\"layers\":[");
        for (index, layer) in dissection.layers.iter().enumerate().skip(first) {
            if index > first {
                out.push(b',');
            }
            self.push_layer(out, data, dissection, index, layer, base);
        }
        out.push(b']');
        if let Some(stop) = &dissection.stop {
            push_stop(out, stop, base);
        }
    }

    fn push_layer(&mut self, out: &mut Vec<u8>, data: &[u8], dissection: &Dissection, index: usize, layer: &Layer, base: usize) {
        out.extend_from_slice(b"{\"protocol\":\"");
        out.extend_from_slice(layer.protocol.name.as_bytes());
        out.extend_from_slice(b"\",\"offset\":");
        push_decimal(out, layer.start.saturating_sub(base) as u64);
        out.extend_from_slice(b",\"length\":");
        push_decimal(out, layer.length as u64);
        if layer.quoted {
            out.extend_from_slice(b",\"quoted\":true");
        }
        out.extend_from_slice(b",\"fields\":");
        let view = View::new(data, dissection, index);
        self.members.write(out, |members| {
            if let Some(view) = view {
                view.describe(members);
            }
        });
        out.push(b'}');
    }
}

/// Appends the names of a frame's layers, outermost first: `eth:ip:tcp`.
pub(super) fn push_protocols(out: &mut Vec<u8>, dissection: &Dissection) {
    for (index, layer) in dissection.layers.iter().enumerate() {
        if index > 0 {
            out.push(b':');
        }
        out.extend_from_slice(layer.protocol.name.as_bytes());
    }
}

fn push_stop(out: &mut Vec<u8>, stop: &Stop, base: usize) {
    out.extend_from_slice(b",\"stop\":{\"layer\":");
    push_string(out, stop.protocol);
    out.extend_from_slice(b",\"part\":");
    push_string(out, stop.part);
    out.extend_from_slice(b",\"reason\":\"");
    out.extend_from_slice(match stop.reason {
        StopReason::Cut => b"cut",
        StopReason::Short => b"short",
        StopReason::Invalid => b"invalid",
        StopReason::Nesting => b"nesting",
        StopReason::Beyond => b"beyond",
    });
    out.extend_from_slice(b"\",\"offset\":");
    push_decimal(out, stop.offset.saturating_sub(base) as u64);
    out.extend_from_slice(b",\"needed\":");
    push_decimal(out, stop.needed as u64);
    out.extend_from_slice(b",\"had\":");
    push_decimal(out, stop.had as u64);
    out.push(b'}');
}

fn push_comments(out: &mut Vec<u8>, frame: &Frame<'_>) {
    let mut texts = frame.annotations.comments().filter_map(|comment| str::from_utf8(comment).ok());
    push_array(out, b",\"comments\":[", &mut texts, push_string);
    let mut others = frame.annotations.comments().filter(|comment| str::from_utf8(comment).is_err());
    push_array(out, b",\"comments_base64\":[", &mut others, push_base64_string);
}

/// Appends a member that is an array, or nothing where it would be empty.
fn push_array<T>(out: &mut Vec<u8>, opening: &[u8], items: &mut dyn Iterator<Item = T>, push: fn(&mut Vec<u8>, T)) {
    let mut between = opening;
    for item in items {
        out.extend_from_slice(between);
        push(out, item);
        between = b",";
    }
    if between != opening {
        out.push(b']');
    }
}

#[cfg(test)]
mod tests;
